"""A raw folder -> the rows of its register, articles.csv, and its pages as Articles."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from hkresearch.core.article import Article, HkresearchError
from hkresearch.core.files import hash_bytes, write_atomically
from hkresearch.pages.new_pages import add_page, read_known_sources
from hkresearch.pages.reader import REGISTER, REGISTER_COLUMNS, read_bytes, read_page
from hkresearch.pages.register_rows import RegisterRow, list_unique_keys, parse_register

Refusals = list[tuple[str, str]]  # (file, reason) of pages that were left out


def read_articles(raw: str | os.PathLike[str]) -> list[Article]:
    """Return the registered pages of the folder `raw`, in the register's order.

    `raw` is looked for upward from the working directory, so that a notebook finds the project's.
    To get the readable pages where others are not, use `read_folder`.

    Raises
    ------
    HkresearchError
        Naming every page that is unreadable or has changed since it was registered.
    """
    folder = _find_raw_folder(Path(raw))
    articles, refused = read_folder(folder)
    if refused:
        listed = "\n".join(f"  {file}: {reason}" for file, reason in refused)
        raise HkresearchError(
            f"{folder}: {len(refused)} registered page(s) cannot be read:\n{listed}"
        )
    return articles


def _find_raw_folder(raw: Path) -> Path:
    """Return `raw` in the working directory or the nearest folder above that has it registered."""
    if not raw.is_absolute():
        for base in (Path(), *Path.cwd().parents):
            if (base / raw / REGISTER).is_file():
                return base / raw
    return raw


def read_folder(raw: str | os.PathLike[str]) -> tuple[list[Article], Refusals]:
    """Return the articles of the folder `raw`, and (file, reason) of those that cannot be read.

    Raises
    ------
    HkresearchError
        When the register is unusable, or when pages changed since they were registered.
    """
    raw = Path(raw)
    articles: list[Article] = []
    refused: Refusals = []
    changed: list[tuple[str, str, str]] = []
    for row in read_register(raw):
        try:
            data = read_bytes(raw, row["file"])
            found = hash_bytes(data)
            if found == row["sha256"]:
                articles.append(read_page(data, row["file"], row))
            else:
                changed.append((row["file"], row["sha256"], found))
        except HkresearchError as error:
            refused.append((row["file"], str(error)))
    refuse_changed(raw, changed)
    return articles, refused


def refuse_changed(raw: Path | str, changed: Sequence[tuple[str, str, str]]) -> None:
    """Raise HkresearchError if any page changed; it names every (file, registered, found) hash."""
    if not changed:
        return
    folder = str(raw).rstrip("/")
    listed = "\n".join(
        f"  {folder}/{file}\n    registered sha256 {registered}\n    found sha256      {found}"
        for file, registered, found in changed
    )
    raise HkresearchError(
        f"{len(changed)} page(s) changed since they were registered:\n{listed}\n"
        "Put the original bytes back, or, if the new page is meant, remove its row from "
        f"its {REGISTER} and type: hkresearch add --raw {raw} FILE"
    )


def read_register(raw: str | os.PathLike[str]) -> list[RegisterRow]:
    """Return the rows of `raw`/articles.csv; every column is there, empty where not known.

    Raises
    ------
    HkresearchError
        Naming every fault of the register at once.
    """
    raw = Path(raw)
    path = raw / REGISTER
    if not raw.is_dir():
        advice = f"To start one, type: hkresearch add --raw {raw} FILE..."
        raise HkresearchError(f"{raw}: there is no such folder. {advice}")
    if not path.is_file():
        advice = f"To register its pages, type: hkresearch add --raw {raw} {raw}/*"
        raise HkresearchError(f"{raw}: no register ({REGISTER}). {advice}")
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise HkresearchError(
            f"{path}: cannot be read as UTF-8 ({error}). Save it as CSV in UTF-8."
        ) from None
    return parse_register(path, text)


def register_files(
    raw: str | os.PathLike[str],
    files: Iterable[str | os.PathLike[str]],
    stated: Mapping[Path, Mapping[str, str]] | None = None,
) -> tuple[list[str], Refusals]:
    """Copy `files` into the folder `raw` and add their rows to its register.

    A page that known-sources.csv recognises by its hash gets that row; others get what is `stated`
    of their file, by column, and the address that an HTML page's head gives. Nothing that is
    already there is replaced.

    Returns
    -------
    One line for each page added, and (file, reason) for each one refused.
    """
    raw = Path(raw)
    raw.mkdir(parents=True, exist_ok=True)
    rows = read_register(raw) if (raw / REGISTER).exists() else []
    known = {row["sha256"]: row for row in read_known_sources()}
    taken = {key: row for row in rows for key in list_unique_keys(row)}
    added: list[str] = []
    refused: Refusals = []
    for file in map(Path, files):
        if file.name == REGISTER:
            continue
        try:
            row, note = add_page(raw, file, taken, known, (stated or {}).get(file, {}))
        except HkresearchError as error:
            refused.append((str(file), str(error)))
            continue
        rows.append(row)
        taken |= dict.fromkeys(list_unique_keys(row), row)
        added.append(f"{row['file']}: {note}")
    if added:
        write_register(raw, rows)
    return added, refused


def write_register(raw: str | os.PathLike[str], rows: Iterable[Mapping[str, str]]) -> None:
    """Write `rows` to `raw`/articles.csv; a reader finds the old register or the new one."""
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, REGISTER_COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write_atomically(Path(raw) / REGISTER, stream.getvalue().encode("utf-8"))
