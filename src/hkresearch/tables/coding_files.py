"""A coder's CSV file -> its rows as text, and rows -> a coder's file.

One file per coder, `codings/<coder>.csv` beside the register, in UTF-8, one row per coding:

| column | holds |
|---|---|
| article_id | the page |
| start, end | half-open span of code points in the page's text layer |
| exact | the characters of that span; may be empty in a row `read` |
| subject | the page's id, an entity's, or for an attribute that of its annotation |
| variable | of the codebook, or one of the package's own: part, quotation, position, ... |
| code | a code of that variable, a number or a date; `none`: looked at, and nothing to code |
| coder | the person's name; no slash, which marks the automatic coders ("positions/1") |
| date | ISO 8601, as precise as known; may be empty |
| reason | may be empty |

A row with variable `read` says which span its coder has read in full, looking for the variable
named as its code (or for `all`). What a coder read and did not code is a `none`; what nobody read
is missing, and counts against no one. Further columns are ignored. A coding changes no automatic
result: for that there is decisions.csv.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from hkresearch.core.article import Article, HkresearchError
from hkresearch.core.csv_checks import describe_missing
from hkresearch.core.files import write_atomically
from hkresearch.pages.reader import read_page

CODINGS = "codings"
CODING_COLUMNS = (
    "article_id", "start", "end", "exact", "subject", "variable", "code", "coder", "date", "reason",
)  # fmt: skip


def list_coding_files(raw: str | os.PathLike[str]) -> list[Path]:
    """Return the coders' files of the folder `raw`, sorted by name."""
    return sorted(path for path in (Path(raw) / CODINGS).glob("*.csv") if path.is_file())


def read_rows(path: str | os.PathLike[str]) -> list[tuple[int, dict[str, str]]]:
    """Return (line, row) of one coder's file, without looking at any page.

    Values are text; only `exact` keeps its spaces. Raises HkresearchError naming the line if the
    file cannot be read or lacks columns.
    """
    path = Path(path)
    rows, line = [], 1
    try:
        text = path.read_bytes().decode("utf-8-sig")
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        columns = reader.fieldnames or ()
        if missing := [name for name in CODING_COLUMNS if name not in columns]:
            fault = describe_missing(missing, CODING_COLUMNS, columns)
            raise HkresearchError(f"{path}, line 1: {fault}")
        line = reader.line_num
        for row in reader:
            first_line, line = line + 1, reader.line_num
            rows.append((first_line, _clean_row(row)))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise HkresearchError(
            f"{path}, line {line}: cannot be read as CSV in UTF-8 ({error})."
        ) from None
    return rows


def _clean_row(row: Mapping[str, str | None]) -> dict[str, str]:
    cells = {name: row.get(name) or "" for name in CODING_COLUMNS}
    return {
        name: value if name == "exact" else " ".join(value.split()) for name, value in cells.items()
    }


def read_coded_pages(
    files: Iterable[Path],
    rows: Iterable[Mapping[str, str]],
    refused: list[tuple[str, str]],
    read: Callable[[str], bytes],
) -> dict[str, Article]:
    """Return id -> page of the pages that coders' files speak of; no other page is read.

    Parameters
    ----------
    files : iterable of Path
        The coders' files.
    rows : iterable of mapping
        The rows of the register.
    refused : list of (file, reason)
        What cannot be read is appended to it.
    read : callable
        Gives the bytes of a file by its name.
    """
    coded = {row["article_id"] for path in files for _, row in read_rows(path)}
    pages = {}
    for row in rows:
        if row["article_id"] not in coded:
            continue
        try:
            pages[row["article_id"]] = read_page(read(row["file"]), row["file"], dict(row))
        except HkresearchError as error:
            refused.append((row["file"], str(error)))
    return pages


def write_rows(path: str | os.PathLike[str], rows: Iterable[Mapping[str, Any]]) -> None:
    """Write `rows` as a coder's file, whole or not at all."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [write_line(CODING_COLUMNS)]
    lines += [write_line([row.get(name, "") for name in CODING_COLUMNS]) for row in rows]
    write_atomically(path, "".join(lines).encode("utf-8"))


def write_line(cells: Iterable[Any]) -> str:
    """Return one line of CSV, quoted so that every reader gives the cells back."""
    stream = io.StringIO()
    # With this line end the writer quotes a carriage return in a cell too.
    csv.writer(stream, lineterminator="\r\n").writerow(cells)
    return stream.getvalue().removesuffix("\r\n") + "\n"
