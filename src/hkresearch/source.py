"""Bytes of saved pages and their register -> Articles, each with one text layer."""

from __future__ import annotations

import codecs
import csv
import io
import os
import re
import stat
import unicodedata
from collections.abc import Mapping
from importlib import resources
from pathlib import Path

from hkresearch.core.article import Article, HkresearchError
from hkresearch.core.csv_checks import describe_missing, is_date
from hkresearch.core.files import hash_bytes, is_plain_name
from hkresearch.mojibake import repair_text

REGISTER = "articles.csv"
COLUMNS = (
    "article_id", "file", "sha256", "headline", "author", "publisher", "date_published", "date_accessed",
    "in_language", "url", "is_based_on", "license", "note",
)  # fmt: skip
LARGEST_PAGE = 20 * 1024 * 1024  # bytes; the largest page of three public news benchmarks has 4 MB
# What one page may hold, so that it ends in 10 s and 1 GiB whatever it is; the most in those benchmarks stands behind.
LONGEST_TEXT = 500_000  # characters of the text layer; 76,000
MOST_LINES = 20_000  # 1,600
MOST_TAGS = 500_000  # 10,100
FEW_DAMAGED = (
    0.02  # of the characters beyond ASCII, and one in any page: more make other words of a page
)
NAME_MARKS = re.compile(
    r"[\s\x00-,/:-@\[-^`{-\x7f]+"
)  # all of ASCII but letters, digits, hyphen, dot and underscore
MAGIC = {
    b"%PDF": "a PDF document", b"PK\x03\x04": "a ZIP archive (or an Office document)", b"\x1f\x8b": "a gzip archive",
    b"\x89PNG": "a PNG picture", b"\xff\xd8\xff": "a JPEG picture", b"GIF8": "a GIF picture", b"\x7fELF": "a program",
    b"Rar!": "a RAR archive", b"BZh": "a bzip2 archive", b"\xfd7zXZ": "an xz archive", b"bplist": "a web archive plist",
}  # fmt: skip
NEED_AN_END = (
    "div",
    "article",
    "main",
    "section",
    "aside",
    "header",
    "footer",
    "figure",
    "table",
    "ul",
    "script",
    "style",
)
CHARSET = re.compile(rb"charset\s*=\s*[\"']?([A-Za-z0-9_-]+)", re.I)
# What pages are written in; Python's other codecs are none (escapes), take squared time, or make lone surrogates.
LEGACY = re.compile(
    r"utf-(8|16(-[lb]e)?)\Z|cp\d+\Z|iso8859-\d+\Z|koi8-|mac-|big5|gb|euc_|shift_jis|iso2022_jp|tis-620|johab|hz"
)
LEGACY_NAMES = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso-8859-1": "windows-1252",
    "ascii": "windows-1252",
}


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
        if row[name] and not is_date(row[name]):
            faults.append(
                f"{name} {row[name]!r} must be an ISO 8601 date such as 2020-07-06, 2020-07 or empty"
            )
    return faults


def read_bytes(raw: Path, file: str) -> bytes:
    """Return the bytes of `raw`/`file`, refusing links that leave `raw`, devices, and files over LARGEST_PAGE."""
    path = raw / file
    try:
        if path.resolve(strict=True).parent != raw.resolve():
            raise HkresearchError(
                "is a link to a place outside the raw folder; copy the page itself into it"
            )
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise HkresearchError("is not a regular file")
        if status.st_size > LARGEST_PAGE:
            raise HkresearchError(
                f"has {status.st_size:,} bytes; the largest page read is {LARGEST_PAGE:,} bytes"
            )
        with path.open("rb") as stream:
            data = stream.read(LARGEST_PAGE + 1)
    except FileNotFoundError:
        raise HkresearchError("is registered but missing; put it back or remove its row") from None
    except OSError as error:
        raise HkresearchError(f"cannot be read: {error.strerror}") from None
    except RuntimeError:  # so says Python before 3.13 of a link that leads to itself
        raise HkresearchError("cannot be read: Too many levels of symbolic links") from None
    if len(data) > LARGEST_PAGE:
        raise HkresearchError(f"grew past {LARGEST_PAGE:,} bytes while it was read")
    return data


def read_page(data: bytes, file: str, row: dict[str, str] | None = None) -> Article:
    """Return the Article in `data`, the bytes of a saved page named `file`, with the register's `row` if it has one.

    Raises HkresearchError with the reason when the page is empty, binary, undecodable, cut off, or larger than any page.
    """
    row = row or {}
    text, decoded = decode_page(data)
    text, n_repaired = repair_text(text)
    is_html = _looks_like_html(text, file)
    layout = None
    if is_html:
        _refuse_truncated(text)
        _refuse_more("tags", text.count("<"), MOST_TAGS)
        from hkresearch.markup import flatten_html

        text, layout = flatten_html(text)
    if not text.strip():
        raise HkresearchError("has no text")
    _refuse_more("characters of text", len(text), LONGEST_TEXT)
    _refuse_more("lines", len(text.splitlines()), MOST_LINES)
    return Article(
        id=row.get("article_id") or Path(file).stem,
        text=text,
        sha256=hash_bytes(data),
        text_sha256=hash_bytes(text.encode("utf-8")),
        media_type="text/html" if is_html else "text/plain",
        file=file,
        layout=layout,
        **{name: row.get(name, "") for name in COLUMNS[3:-1]},
        note=" ".join(filter(None, (row.get("note", ""), decoded, _describe_repairs(n_repaired)))),
    )


def _refuse_more(what: str, found: int, most: int) -> None:
    if found > most:
        raise HkresearchError(f"has {found:,} {what}; the most read of one page is {most:,}")


def _describe_repairs(n_repaired: int) -> str:
    """Return what was done to the decoding, so that no repair goes unsaid."""
    if not n_repaired:
        return ""
    lines = "1 line was" if n_repaired == 1 else f"{n_repaired:,} lines were"
    return f"Decoding repaired: {lines} UTF-8 that had been read as Windows-1252 and saved so."


def decode_page(data: bytes) -> tuple[str, str]:
    """Return (the characters of `data`, what a reader must know of how they were read; mostly nothing).

    A byte-order mark comes first, then UTF-8, then the encoding that the page declares, then chardet's best guess. The
    result never holds a lone surrogate. Raises HkresearchError with the reason when there is none.
    """
    if not data.strip():
        raise HkresearchError("is empty")
    for magic, kind in MAGIC.items():
        if data.startswith(magic):
            raise HkresearchError(f"is {kind}, not a page; save the page as HTML or as plain text")
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if data.startswith(mark):
            return _decode_strictly(data[3:] if encoding == "utf-8" else data, encoding), ""
    if b"\x00" in data:
        raise HkresearchError(
            "is binary (it holds NUL bytes); save the page as HTML or as plain text"
        )
    try:
        return data.decode("utf-8"), ""
    except UnicodeDecodeError as error:
        text, note = _decode_damaged(data, error) or _decode_legacy(data)
    if sum(unicodedata.category(c) == "Cc" and c not in "\t\n\r\f" for c in text) > len(text) / 100:
        raise HkresearchError("is binary; save the page as HTML or as plain text")
    return text, note


def _decode_damaged(data: bytes, error: UnicodeDecodeError) -> tuple[str, str] | None:
    """Return UTF-8 with a sign in place of each of a few damaged characters, and how many; None for another encoding.

    Raises HkresearchError for UTF-8 that was cut, or of which more is damaged: as another encoding all its letters
    would come out wrong.
    """
    if error.reason == "unexpected end of data":
        raise HkresearchError(
            f"is cut off inside a character at byte {error.start:,}; save the page again"
        ) from None
    text = data.decode("utf-8", "replace")
    n_wrong = text.count("\ufffd") - data.count("\ufffd".encode())
    n_whole = sum(not c.isascii() for c in text) - n_wrong
    declared = CHARSET.search(data[:4096])
    is_declared = declared is not None and declared[1].lower() in (b"utf-8", b"utf8")
    if not (is_declared or n_whole > n_wrong or n_whole == n_wrong == 1):
        return None
    if n_wrong > max(1, n_whole * FEW_DAMAGED):
        raise HkresearchError(
            f"is UTF-8 with {n_wrong:,} damaged character(s), the first at byte {error.start:,}; save the page again"
        ) from None
    return (
        text,
        f"Damaged UTF-8: {n_wrong:,} character(s) cannot be read and stand as \ufffd, the first at byte {error.start:,}.",
    )


def _decode_legacy(data: bytes) -> tuple[str, str]:
    """Return `data` in the encoding it declares, if that fits strictly, else in chardet's first guess that does, and say so."""
    import chardet

    declared = CHARSET.search(data[:4096])
    guesses = [(declared[1].decode("ascii"), "")] if declared else []
    guesses += [(guess["encoding"] or "", "Read as {}: a guess, for the page is not UTF-8 and names no encoding that fits.")
                for guess in chardet.detect_all(data[:200_000])]  # fmt: skip
    for guess, note in guesses:
        try:
            name = codecs.lookup(LEGACY_NAMES.get(guess.lower(), guess)).name
            if LEGACY.match(name):
                return data.decode(name), note.format(name)
        except (UnicodeError, LookupError):
            continue
    raise HkresearchError("is in no known character encoding; save the page as UTF-8")


def _decode_strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise HkresearchError(
            f"is not valid {encoding} ({error}); save the page as UTF-8"
        ) from None


def _looks_like_html(text: str, file: str) -> bool:
    head = text[:2048].lstrip("\ufeff \t\r\n").lower()
    return file.lower().endswith((".html", ".htm", ".xhtml")) or head.startswith(
        ("<!doctype html", "<html")
    )


def _refuse_truncated(markup: str) -> None:
    lowered = markup[-4096:].lower()
    if "<" in lowered and lowered.rfind("<") > lowered.rfind(">"):
        raise HkresearchError("is cut off inside a tag; save the page again")
    whole = markup.rstrip().lower()
    if "<body" not in whole or "</body" in whole or "</html" in whole:
        return
    if not whole.endswith(">") or any(
        whole.count(f"<{name}") > whole.count(f"</{name}") for name in NEED_AN_END
    ):
        raise HkresearchError("is cut off: its body has no end; save the page again")


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
    from hkresearch.page_head import find_address

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
