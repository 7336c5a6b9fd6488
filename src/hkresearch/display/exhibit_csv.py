"""Rows of a view or a table -> CSV that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hkresearch.core.safe_text import FORMULA_STARTS, neutralise_cell
from hkresearch.display.exhibit_evidence import read_ids
from hkresearch.display.values import is_missing, write_value

if TYPE_CHECKING:
    from pandas import DataFrame, Series

EVIDENCE_COLUMN = "evidence"
ROWS_AT_ONCE = 20_000  # of a table that are in memory once more while it is written
FIRST_CHARACTERS = frozenset(FORMULA_STARTS)


def write_records_csv(
    names: Sequence[str],
    records: Sequence[Mapping[Hashable, Any]],
    most_listed: int | None = None,
) -> str:
    """Return the rows as CSV, of lists of passages the first `most_listed`.

    A cell that a spreadsheet could take for a formula gets a leading apostrophe.
    """
    rows = [
        [_write_csv_value(record[name], name, most_listed) for name in names] for record in records
    ]
    return _write_rows([names, *rows])


def write_frame_csv(frame: DataFrame) -> Iterator[str]:
    """Yield the rows of `frame` as `write_records_csv` writes them, some at a time."""
    names = [str(name) for name in frame.columns]
    yield _write_rows([names])
    for start in range(0, len(frame), ROWS_AT_ONCE):
        piece = frame.iloc[start : start + ROWS_AT_ONCE]
        columns = [_list_csv_values(piece.iloc[:, n], name) for n, name in enumerate(names)]
        yield _write_rows(zip(*columns, strict=True))


def _write_rows(rows: Iterable[Iterable[str]]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    for row in rows:
        writer.writerow(
            [neutralise_cell(text) if text[:1] in FIRST_CHARACTERS else text for text in row]
        )
    return stream.getvalue()


def _list_csv_values(column: Series, name: str) -> list[str]:
    values = column.to_list()
    is_text = column.dtype == "str" and not name.endswith(EVIDENCE_COLUMN) and not column.hasnans
    return values if is_text else [_write_csv_value(value, name, None) for value in values]


def _write_csv_value(value: Any, name: str, most_listed: int | None) -> str:
    if name.endswith(EVIDENCE_COLUMN):
        return ";".join(read_ids(value)[:most_listed])
    if isinstance(value, (int, float)) and not is_missing(value):
        return str(value)
    return write_value(value)
