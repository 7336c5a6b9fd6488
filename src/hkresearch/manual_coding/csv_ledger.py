"""A CSV file that several people add to, and one row -> the same file with that row in it, or out of it again, at once.

Only the row in question changes: all other lines keep their bytes. A change is written beside the file, flushed to the
disk and put in its place, under a lock on the folder; two kernels lose no row, and a killed one leaves the old file.
"""

from __future__ import annotations

import csv
import io
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from hkresearch.core.article import HkresearchError
from hkresearch.core.csv_checks import describe_missing
from hkresearch.tables.human_codings import write_line

LONGEST_WAIT = 10.0  # seconds; a write takes a few milliseconds
Row = Mapping[str, str]
Bar = Callable[[Row], str]  # why a row that stands in the file forbids another, or ""


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A file taken apart: a mark of its encoding, its heading, and (text of the record, its cells) one by one."""

    mark: str
    names: list[str]
    heading: str
    records: list[tuple[str, Row]]


def read_ledger(path: str | os.PathLike, columns: Sequence[str]) -> list[Row]:
    """Return the rows of the file at `path` as dictionaries of strings; a file that is not there has none."""
    return [row for _, row in _read_sheet(Path(path), columns).records]


def enter_row(
    path: str | os.PathLike,
    columns: Sequence[str],
    row: Row,
    same: Sequence[str],
    bar: Bar = lambda old: "",
) -> list[Row]:
    """Write `row` into the file, last, in the place of those that equal it in the columns `same`; return those.

    Starts the file with `columns` as its heading where there is none. Where `bar` gives a message for a row that stands
    in the file already, that is raised and nothing is written.
    """

    def change(sheet: _Sheet) -> tuple[list[str], list[Row]]:
        if barred := next(filter(None, (bar(old) for _, old in sheet.records)), ""):
            raise HkresearchError(barred)
        kept, replaced = _part(
            sheet, lambda old: all(old.get(name, "") == row[name] for name in same)
        )
        return [
            *kept,
            _write_record([row.get(name, "") for name in sheet.names], sheet.heading),
        ], replaced

    return _rewrite(Path(path), columns, change)


def add_rows(
    path: str | os.PathLike, columns: Sequence[str], rows: Iterable[Row], same: Sequence[str]
) -> int:
    """Write those of `rows` into the file, last, that equal none before them in the columns `same`; return how many."""

    def name(row: Row) -> tuple[str, ...]:
        return tuple(" ".join(row.get(column, "").split()) for column in same)

    def change(sheet: _Sheet) -> tuple[list[str], int]:
        known, new = {name(old) for _, old in sheet.records}, {}
        for row in rows:
            if name(row) not in known:
                new.setdefault(
                    name(row), _write_record([row.get(c, "") for c in sheet.names], sheet.heading)
                )
        return [*(text for text, _ in sheet.records), *new.values()], len(new)

    return _rewrite(Path(path), columns, change)


def withdraw_row(
    path: str | os.PathLike, columns: Sequence[str], row: Row, restore: Sequence[Row] = ()
) -> bool:
    """Take the last row that equals `row` in every column out of the file, put `restore` back; False if it is gone."""

    def change(sheet: _Sheet) -> tuple[list[str], bool]:
        texts = [text for text, _ in sheet.records]
        rows = [[old.get(name, "") for name in columns] for _, old in sheet.records]
        found = [n for n, old in enumerate(rows) if old == [row.get(name, "") for name in columns]]
        if not found:
            return texts, False
        del texts[found[-1]]
        return [
            *texts,
            *(_write_record([r.get(c, "") for c in sheet.names], sheet.heading) for r in restore),
        ], True

    return _rewrite(Path(path), columns, change)


def _part(sheet: _Sheet, is_out: Callable[[Row], bool]) -> tuple[list[str], list[Row]]:
    return [text for text, old in sheet.records if not is_out(old)], [
        old for _, old in sheet.records if is_out(old)
    ]


def _rewrite(path: Path, columns: Sequence[str], change: Callable):
    path = Path(os.path.realpath(path))  # a link stays a link
    path.parent.mkdir(parents=True, exist_ok=True)
    with _hold(path.parent):
        sheet = _read_sheet(path, columns)
        texts, outcome = change(sheet)
        if texts != [text for text, _ in sheet.records]:
            _replace_file(path, sheet.mark + sheet.heading + "".join(texts))
        return outcome


def _read_sheet(path: Path, columns: Sequence[str]) -> _Sheet:
    try:
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return _Sheet("", list(columns), _write_record(columns, "\n"), [])
    except (OSError, UnicodeDecodeError) as error:
        raise HkresearchError(f"{path}: cannot be read as CSV in UTF-8 ({error}).") from None
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    lines = io.StringIO(text.removeprefix("\ufeff"), newline="").readlines()
    if lines and not lines[-1].endswith(("\n", "\r")):
        lines[-1] += "\r\n" if lines[0].endswith("\r\n") else "\n"
    reader, cut, records = csv.reader(lines, strict=True), 0, []
    try:
        for cells in reader:
            records.append(("".join(lines[cut : reader.line_num]), cells))
            cut = reader.line_num
    except csv.Error as error:
        raise HkresearchError(f"{path}, line {reader.line_num}: not valid CSV ({error}).") from None
    if not records:
        return _Sheet(mark, list(columns), _write_record(columns, "\n"), [])
    (heading, names), *rest = records
    if missing := [name for name in columns if name not in names]:
        raise HkresearchError(f"{path}, line 1: {describe_missing(missing, columns, names)}")
    return _Sheet(mark, names, heading, [(text, dict(zip(names, cells))) for text, cells in rest])


def _write_record(cells: Sequence[str], like: str) -> str:
    return write_line(cells).removesuffix("\n") + ("\r\n" if like.endswith("\r\n") else "\n")


def _replace_file(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.new")  # one at a time: the folder is held
    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise HkresearchError(
            f"{path}: {error.object[error.start : error.end]!r} cannot be written in UTF-8."
        ) from None
    with open(beside, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    with suppress(OSError):
        os.chmod(beside, path.stat().st_mode & 0o777)
    os.replace(beside, path)
    with suppress(OSError), _open_folder(path.parent) as folder:  # the new name is on the disk too
        os.fsync(folder)


@contextmanager
def _open_folder(folder: Path) -> Iterator[int]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def _hold(folder: Path) -> Iterator[None]:
    """Hold `folder` for one writer at a time; the system lets go of it when a kernel is killed."""
    try:
        import fcntl
    except ImportError:  # not a Unix: one kernel at a time
        yield
        return
    with _open_folder(folder) as descriptor:
        last = time.monotonic() + LONGEST_WAIT
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > last:
                    raise HkresearchError(
                        f"{folder}: another program has held this folder for {LONGEST_WAIT:.0f} seconds; nothing was "
                        "written. Stop that program and decide again."
                    ) from None
                time.sleep(0.01)
        yield
