"""The text of a register, articles.csv -> its checked rows."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path

from hkresearch.core.article import HkresearchError
from hkresearch.core.csv_checks import describe_missing, is_iso_date
from hkresearch.core.files import is_plain_name
from hkresearch.pages.reader import REGISTER_COLUMNS

RegisterRow = dict[str, str]
REQUIRED_COLUMNS = REGISTER_COLUMNS[:3]
_ARTICLE_ID = re.compile(r"[^\s/\\\x00-\x1f]+")
_SHA256 = re.compile(r"[0-9a-f]{64}")


def parse_register(path: Path, text: str) -> list[RegisterRow]:
    """Return the rows of a register; raises HkresearchError that names every fault of it.

    `path` is named in messages only. Columns that the register does not know are dropped.
    """
    names, lines = _read_csv(path, text)
    missing = [name for name in REQUIRED_COLUMNS if name not in names]
    if missing:
        described = describe_missing(missing, REGISTER_COLUMNS, names)
        raise HkresearchError(f"{path}, line 1: {described}")
    faults: list[str] = []
    rows: list[RegisterRow] = []
    known_lines: dict[tuple[str, str], int] = {}
    for line, cells in lines:
        if None in cells or None in cells.values():
            faults.append(f"line {line}: {len(names)} values expected, one per column")
            continue
        row = {name: (cells.get(name) or "").strip() for name in REGISTER_COLUMNS}
        row_faults = [*_find_row_faults(row), *_find_repeated_names(row, line, known_lines)]
        faults += [f"line {line}: {fault}" for fault in row_faults]
        rows.append(row)
    if faults:
        listed = "\n".join(f"  {fault}" for fault in faults)
        raise HkresearchError(f"{path}: {len(faults)} fault(s):\n{listed}")
    return rows


def _read_csv(path: Path, text: str) -> tuple[list[str], list[tuple[int, dict[str, str]]]]:
    """Return the column names, and (line, cells by column name) of each row."""
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        lines = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise HkresearchError(f"{path}, line {reader.line_num}: not valid CSV ({error}).") from None
    return list(reader.fieldnames or ()), lines


def _find_row_faults(row: RegisterRow) -> list[str]:
    faults = []
    if not _ARTICLE_ID.fullmatch(row["article_id"]):
        faults.append(f"article_id {row['article_id']!r} must be a name without spaces or slashes")
    if not is_plain_name(row["file"]):
        faults.append(f"file {row['file']!r} must be a plain file name inside the raw folder")
    if not _SHA256.fullmatch(row["sha256"]):
        faults.append(f"sha256 {row['sha256']!r} must be 64 hexadecimal digits")
    for name in ("date_published", "date_accessed"):
        if row[name] and not is_iso_date(row[name]):
            expected = "must be an ISO 8601 date such as 2020-07-06, 2020-07 or empty"
            faults.append(f"{name} {row[name]!r} {expected}")
    return faults


def _find_repeated_names(
    row: RegisterRow, line: int, known_lines: dict[tuple[str, str], int]
) -> Iterable[str]:
    """Yield a fault for each name that an earlier line has too; this row's are noted."""
    for name in ("article_id", "file"):
        key = (name, fold_name(row[name]))
        if key in known_lines:
            yield f"{name} {row[name]!r} stands on line {known_lines[key]} already"
        known_lines[key] = line


def fold_name(name: str) -> str:
    """Return a form that is equal for names which some file system takes for the same."""
    return unicodedata.normalize("NFC", name).casefold()


def list_unique_keys(row: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return (column, value) of what no other page of a register may share with this one."""
    return [
        ("sha256", row["sha256"]),
        ("file", fold_name(row["file"])),
        ("article_id", fold_name(row["article_id"])),
    ]
