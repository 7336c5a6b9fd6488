"""A CSV file that several people add to, and one row -> the same file with or without that row.

Only the row in question changes: all other lines keep their bytes. Files are written under a lock
on their folder and flushed to the disk; two kernels lose no row, and a killed one leaves the old
file.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from hkresearch.core.article import HkresearchError
from hkresearch.core.csv_checks import describe_missing
from hkresearch.core.files import lock_folder, write_atomically
from hkresearch.tables.coding_files import write_line

LONGEST_WAIT = 10.0  # seconds; a write takes a few milliseconds
UTF8_MARK = "\ufeff"

LedgerRow = Mapping[str, str]
FilePath = str | os.PathLike[str]
Objection = Callable[[LedgerRow], str]  # why a row of the file forbids another one, or ""
ChangeOutcome = TypeVar("ChangeOutcome")


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A file taken apart.

    `mark` is the mark of its encoding, `heading` the text of its first record; `records` are (text,
    cells) of the others.
    """

    mark: str
    names: list[str]
    heading: str
    records: list[tuple[str, LedgerRow]]

    def list_texts(self) -> list[str]:
        return [text for text, _ in self.records]

    def write_row(self, row: LedgerRow) -> str:
        """Return the text of a row, its cells in the order of this file's columns."""
        return _write_record([row.get(name, "") for name in self.names], self.heading)


# -> the texts of all records, the outcome.
LedgerChange = Callable[[_Sheet], tuple[list[str], ChangeOutcome]]


def read_ledger(path: FilePath, columns: Sequence[str]) -> list[LedgerRow]:
    """Return the rows of the file at `path` as dictionaries of strings.

    A file that is not there has none.
    """
    return [row for _, row in _read_sheet(Path(path), columns).records]


def object_to_nothing(row: LedgerRow) -> str:
    """Return no objection, whatever row stands in the file."""
    return ""


def enter_row(
    path: FilePath,
    columns: Sequence[str],
    row: LedgerRow,
    same: Sequence[str],
    objection: Objection = object_to_nothing,
) -> list[LedgerRow]:
    """Write `row` as the last of the file and return the rows whose place it took.

    Parameters
    ----------
    path : path
        A file that is not there is started.
    columns : sequence of str
        The heading of a new file; another one must have them.
    row : mapping
        The cells.
    same : sequence of str
        Rows that equal `row` in these columns are replaced.
    objection : callable
        Returns a message for a row of the file that forbids this one: it is raised, and nothing is
        written.
    """

    def change(sheet: _Sheet) -> tuple[list[str], list[LedgerRow]]:
        texts, replaced = [], []
        for text, old in sheet.records:
            if message := objection(old):
                raise HkresearchError(message)
            if all(old.get(name, "") == row[name] for name in same):
                replaced.append(old)
            else:
                texts.append(text)
        return [*texts, sheet.write_row(row)], replaced

    return _rewrite(Path(path), columns, change)


def add_rows(
    path: FilePath, columns: Sequence[str], rows: Iterable[LedgerRow], same: Sequence[str]
) -> int:
    """Add those of `rows` that equal no row before them in the columns `same`.

    Return how many that are.
    """

    def make_key(row: LedgerRow) -> tuple[str, ...]:
        return tuple(" ".join(row.get(name, "").split()) for name in same)

    def change(sheet: _Sheet) -> tuple[list[str], int]:
        known = {make_key(old) for _, old in sheet.records}
        new: list[str] = []
        for row in rows:
            key = make_key(row)
            if key not in known:
                known.add(key)
                new.append(sheet.write_row(row))
        return [*sheet.list_texts(), *new], len(new)

    return _rewrite(Path(path), columns, change)


def withdraw_row(
    path: FilePath, columns: Sequence[str], row: LedgerRow, restore: Sequence[LedgerRow] = ()
) -> bool:
    """Take the last row that equals `row` in every column out of the file, put `restore` back.

    Return whether it was there.
    """

    def change(sheet: _Sheet) -> tuple[list[str], bool]:
        texts = sheet.list_texts()
        wanted = [row.get(name, "") for name in columns]
        found = [
            place
            for place, (_, old) in enumerate(sheet.records)
            if [old.get(name, "") for name in columns] == wanted
        ]
        if not found:
            return texts, False
        del texts[found[-1]]
        return [*texts, *map(sheet.write_row, restore)], True

    return _rewrite(Path(path), columns, change)


# ------------------------------------------------------------------------------------------ files


def _rewrite(
    path: Path, columns: Sequence[str], change: LedgerChange[ChangeOutcome]
) -> ChangeOutcome:
    path = Path(os.path.realpath(path))  # a link stays a link
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with lock_folder(path.parent, longest_wait=LONGEST_WAIT):
            sheet = _read_sheet(path, columns)
            texts, outcome = change(sheet)
            if texts != sheet.list_texts():
                content = sheet.mark + sheet.heading + "".join(texts)
                write_atomically(path, _encode(path, content), is_synced=True)
    except TimeoutError:
        raise HkresearchError(
            f"{path.parent}: another program has held this folder for {LONGEST_WAIT:.0f} seconds; "
            "nothing was written. Stop that program and decide again."
        ) from None
    return outcome


def _read_sheet(path: Path, columns: Sequence[str]) -> _Sheet:
    try:
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return _Sheet("", list(columns), _write_record(columns, "\n"), [])
    except (OSError, UnicodeDecodeError) as error:
        raise HkresearchError(f"{path}: cannot be read as CSV in UTF-8 ({error}).") from None
    mark = UTF8_MARK if text.startswith(UTF8_MARK) else ""
    records = _split_records(path, text.removeprefix(UTF8_MARK))
    if not records:
        return _Sheet(mark, list(columns), _write_record(columns, "\n"), [])
    (heading, names), *rest = records
    if missing := [name for name in columns if name not in names]:
        raise HkresearchError(f"{path}, line 1: {describe_missing(missing, columns, names)}")
    rows: list[tuple[str, LedgerRow]] = [
        (text, dict(zip(names, cells, strict=False))) for text, cells in rest
    ]
    return _Sheet(mark, names, heading, rows)


def _split_records(path: Path, text: str) -> list[tuple[str, list[str]]]:
    """Return (text, cells) of each record, all ended as the first line is."""
    lines = io.StringIO(text, newline="").readlines()
    if lines and not lines[-1].endswith(("\n", "\r")):
        lines[-1] += "\r\n" if lines[0].endswith("\r\n") else "\n"
    reader = csv.reader(lines, strict=True)
    records = []
    n_read = 0
    try:
        for cells in reader:
            records.append(("".join(lines[n_read : reader.line_num]), cells))
            n_read = reader.line_num
    except csv.Error as error:
        raise HkresearchError(f"{path}, line {reader.line_num}: not valid CSV ({error}).") from None
    return records


def _write_record(cells: Sequence[str], like: str) -> str:
    """Return a record that ends its line as the record `like` does."""
    end = "\r\n" if like.endswith("\r\n") else "\n"
    return write_line(cells).removesuffix("\n") + end


def _encode(path: Path, text: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        unwritable = error.object[error.start : error.end]
        raise HkresearchError(f"{path}: {unwritable!r} cannot be written in UTF-8.") from None
