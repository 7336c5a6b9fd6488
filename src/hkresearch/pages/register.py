"""Bytes of saved pages and their register -> Articles, each with one text layer."""

from __future__ import annotations

import csv
import io
import os
import re
import unicodedata
from collections.abc import Mapping
from importlib import resources
from pathlib import Path

from hkresearch.core.article import Article, HkresearchError
from hkresearch.core.csv_checks import describe_missing, is_iso_date
from hkresearch.core.files import hash_bytes, is_plain_name
from hkresearch.pages.decode import decode_page
from hkresearch.pages.reader import COLUMNS, REGISTER, read_bytes, read_page

NAME_MARKS = re.compile(
    r"[\s\x00-,/:-@\[-^`{-\x7f]+"
)  # all of ASCII but letters, digits, hyphen, dot and underscore


def read_articles(raw: str | os.PathLike) -> list[Article]:
    """Return the registered pages of the folder `raw` in the register's order; a changed or unreadable page raises.

    `raw` is looked for upward from the working directory, so that a notebook finds the project's. Raises
    HkresearchError naming every failing page: use `read_folder` to get the readable ones all the same.
    """
    bases = [] if Path(raw).is_absolute() else [Path(), *Path.cwd().parents]
    raw = next((base / raw for base in bases if (base / raw / REGISTER).is_file()), raw)
    articles, refused = read_folder(raw)
    if refused:
        lines = "\n".join(f"  {file}: {reason}" for file, reason in refused)
        raise HkresearchError(f"{raw}: {len(refused)} registered page(s) cannot be read:\n{lines}")
    return articles


def read_folder(raw: str | os.PathLike) -> tuple[list[Article], list[tuple[str, str]]]:
    """Return (articles, refused) of the folder `raw`; `refused` holds (file, reason) and never stops the others.

    Raises HkresearchError when the register itself is unusable, or when bytes changed since they were registered.
    """
    raw = Path(raw)
    articles, refused, changed = [], [], []
    for row in read_register(raw):
        try:
            data = read_bytes(raw, row["file"])
            if (found := hash_bytes(data)) != row["sha256"]:
                changed.append((row["file"], row["sha256"], found))
                continue
            articles.append(read_page(data, row["file"], row))
        except HkresearchError as error:
            refused.append((row["file"], str(error)))
    refuse_changed(raw, changed)
    return articles, refused


def refuse_changed(raw: Path | str, changed: list[tuple[str, str, str]]) -> None:
    """Raise HkresearchError when there is any (file, hash registered, hash found) in `changed`, naming them all."""
    if changed:
        lines = "\n".join(
            f"  {str(raw).rstrip('/')}/{file}\n    registered sha256 {old}\n    found sha256      {new}"
            for file, old, new in changed
        )
        raise HkresearchError(
            f"{len(changed)} page(s) changed since they were registered:\n{lines}\n"
            "Put the original bytes back, or, if the new page is meant, remove its row from "
            f"its {REGISTER} and type: hkresearch add --raw {raw} FILE"
        )


def read_register(raw: str | os.PathLike) -> list[dict[str, str]]:
    """Return the rows of `raw`/articles.csv as dictionaries of strings; every fault of the register is named at once."""
    raw = Path(raw)
    path = raw / REGISTER
    if not raw.is_dir():
        raise HkresearchError(
            f"{raw}: there is no such folder. To start one, type: hkresearch add --raw {raw} FILE..."
        )
    if not path.is_file():
        raise HkresearchError(
            f"{raw}: no register ({REGISTER}). To register its pages, type: hkresearch add --raw {raw} {raw}/*"
        )
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise HkresearchError(
            f"{path}: cannot be read as UTF-8 ({error}). Save it as CSV in UTF-8."
        ) from None
    return _check_rows(path, text)


def _check_rows(path: Path, text: str) -> list[dict[str, str]]:
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        lines = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise HkresearchError(f"{path}, line {reader.line_num}: not valid CSV ({error}).") from None
    missing = [name for name in COLUMNS[:3] if name not in (reader.fieldnames or ())]
    if missing:
        raise HkresearchError(
            f"{path}, line 1: {describe_missing(missing, COLUMNS, reader.fieldnames or ())}"
        )
    faults, rows, seen = [], [], {}
    for line, row in lines:
        if None in row or None in row.values():
            faults.append(f"line {line}: {len(reader.fieldnames)} values expected, one per column")
            continue
        row = {name: (row.get(name) or "").strip() for name in COLUMNS}
        faults += [f"line {line}: {fault}" for fault in _find_row_faults(row)]
        for name in ("article_id", "file"):
            key = (name, _fold_name(row[name]))
            if key in seen:
                faults.append(
                    f"line {line}: {name} {row[name]!r} stands on line {seen[key]} already"
                )
            seen[key] = line
        rows.append(row)
    if faults:
        raise HkresearchError(
            f"{path}: {len(faults)} fault(s):\n" + "\n".join(f"  {fault}" for fault in faults)
        )
    return rows


def _fold_name(name: str) -> str:
    """Return what is the same for two names that some file system takes for one."""
    return unicodedata.normalize("NFC", name).casefold()


def _find_row_faults(row: dict[str, str]) -> list[str]:
    faults = []
    if not re.fullmatch(r"[^\s/\\\x00-\x1f]+", row["article_id"]):
        faults.append(f"article_id {row['article_id']!r} must be a name without spaces or slashes")
    if not is_plain_name(row["file"]):
        faults.append(f"file {row['file']!r} must be a plain file name inside the raw folder")
    if not re.fullmatch(r"[0-9a-f]{64}", row["sha256"]):
        faults.append(f"sha256 {row['sha256']!r} must be 64 hexadecimal digits")
    for name in ("date_published", "date_accessed"):
        if row[name] and not is_iso_date(row[name]):
            faults.append(
                f"{name} {row[name]!r} must be an ISO 8601 date such as 2020-07-06, 2020-07 or empty"
            )
    return faults


def register_files(
    raw: str | os.PathLike,
    files: list[str | os.PathLike],
    stated: Mapping[Path, Mapping[str, str]] | None = None,
) -> tuple[list[str], list[tuple[str, str]]]:
    """Copy `files` into the folder `raw` and open their rows in its register; return (added lines, refused).

    A page that `known-sources.csv` recognises by its hash gets its row filled in, others get what is `stated` of their
    file, and the address that an HTML page's head gives. Nothing already there is replaced.
    """
    raw = Path(raw)
    raw.mkdir(parents=True, exist_ok=True)
    rows = read_register(raw) if (raw / REGISTER).exists() else []
    known = {row["sha256"]: row for row in read_known_sources()}
    taken = {key: row for row in rows for key in _list_keys(row)}
    added, refused = [], []
    for file in map(Path, files):
        if file.name == REGISTER:
            continue
        try:
            row, said = _open_row(raw, file, taken, known, (stated or {}).get(file, {}))
            rows.append(row)
            taken |= dict.fromkeys(_list_keys(row), row)
            added.append(
                f"{row['file']}: {'recognised, ' + row['publisher'] if row['sha256'] in known else said}"
            )
        except HkresearchError as error:
            refused.append((str(file), str(error)))
    if added:
        write_register(raw, rows)
    return added, refused


def _list_keys(row: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return what no other page of the register may have."""
    return [
        ("sha256", row["sha256"]),
        *((name, _fold_name(row[name])) for name in ("file", "article_id")),
    ]


def _open_row(
    raw: Path,
    file: Path,
    taken: Mapping[tuple[str, str], Mapping[str, str]],
    known: Mapping[str, Mapping[str, str]],
    stated: Mapping[str, str],
) -> tuple[dict[str, str], str]:
    """Copy one page and return (its row, what there is to say of it)."""
    from hkresearch.pages.html_metadata import find_address

    if not file.exists():
        raise HkresearchError("there is no such file")
    data = read_bytes(file.parent, file.name)
    name = clean_name(file)
    page = read_page(data, name)
    digest = hash_bytes(data)
    keys = _list_keys({"sha256": digest, "file": name, "article_id": Path(name).stem})
    if same := taken.get(keys[0]):
        raise HkresearchError(f"the same bytes are registered already, as {same['file']}")
    if other := taken.get(keys[1]) or taken.get(keys[2]):
        raise HkresearchError(
            f"another page is registered under this name ({other['file']}); rename the new one"
        )
    target = raw / name
    if target.exists() and target.read_bytes() != data:
        raise HkresearchError(f"{target} exists already with other bytes; rename the new one")
    if not target.exists():
        target.write_bytes(data)
    row = dict.fromkeys(COLUMNS, "") | dict(known.get(digest) or stated)
    address = (
        "" if row["url"] or page.media_type != "text/html" else find_address(decode_page(data)[0])
    )
    said = ", ".join(
        filter(None, ("added", address and f"with the address that it gives, {address}", page.note))
    )
    return row | {
        "article_id": Path(name).stem,
        "file": name,
        "sha256": digest,
        "url": row["url"] or address,
    }, said


def clean_name(file: Path) -> str:
    """Return the name under which `file` is registered: browsers save pages under titles, with spaces and marks in them.

    Letters of any script and their accents stay; spaces, and marks that a shell or an address would obey, become hyphens.
    """
    if not file.name.isprintable() and any("\ud800" <= c <= "\udfff" for c in file.name):
        raise HkresearchError("its name is not written in UTF-8; rename it")
    stem, suffix = (NAME_MARKS.sub("-", part) for part in (file.stem, file.suffix.lower()))
    stem = stem.strip("-.")
    if not stem:
        raise HkresearchError("its name has no letter or digit; rename it")
    return stem + suffix


def read_known_sources() -> list[dict[str, str]]:
    """Return the rows of known-sources.csv: pages recognised by hash, without their text."""
    path = resources.files(__package__) / "known-sources.csv"
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))


def write_register(raw: str | os.PathLike, rows: list[dict[str, str]]) -> None:
    """Write `rows` to `raw`/articles.csv beside the old register, then put it in the old one's place."""
    path = Path(raw) / REGISTER
    beside = path.with_suffix(".csv.new")
    with beside.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    os.replace(beside, path)
