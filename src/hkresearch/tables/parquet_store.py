"""The rows of a table as they come -> one Parquet file, written and read piece by piece."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hkresearch.tables.schema import conform_frame, list_fields

ROW_GROUP = 1 << 17  # rows of a table that are in memory once more while it is written
READ_ROWS = 1 << 15  # rows of a stored table that are read at a time
UNPACKED_BYTES = 1 << 18  # a stored table that is smaller is unpacked once
_ARROW_TYPES = {"string": pa.string(), "integer": pa.int64()}

_TableRows: TypeAlias = pd.DataFrame | pa.Table


def _make_schema(table: str) -> pa.Schema:
    """Return the columns of `table` and their Arrow types."""
    return pa.schema([(item["name"], _ARROW_TYPES[item["type"]]) for item in list_fields(table)])


class TableWriter:
    """Writes the rows of one table; the file does not depend on the pieces in which they come.

    Parameters
    ----------
    table : str
        The name of the table.
    where : path or Arrow output stream
        Where the Parquet file goes.
    """

    def __init__(self, table: str, where: Any) -> None:
        self.n_rows = 0
        self.schema = _make_schema(table)
        self._waiting: list[pa.Table] = []
        self._writer = pq.ParquetWriter(where, self.schema, compression="zstd", version="2.6")

    def add(self, rows: _TableRows) -> None:
        """Append `rows`, which have the columns of this table."""
        for start in range(0, len(rows), ROW_GROUP):
            piece = self._pack(_slice_rows(rows, start, ROW_GROUP))
            self._waiting.append(piece)
            self.n_rows += len(piece)
            if sum(map(len, self._waiting)) >= ROW_GROUP:
                waiting = pa.concat_tables(self._waiting)
                self._write(waiting.slice(0, ROW_GROUP))
                self._waiting = [waiting.slice(ROW_GROUP)]

    def _pack(self, rows: _TableRows) -> pa.Table:
        if isinstance(rows, pa.Table):
            return rows.select(self.schema.names).cast(self.schema)
        columns = [_pack_column(rows[item.name], item.type) for item in self.schema]
        return pa.Table.from_arrays(columns, schema=self.schema)

    def _write(self, rows: pa.Table) -> None:
        columns = [_join_chunks(column) for column in rows.columns]
        table = pa.Table.from_arrays(columns, schema=self.schema)
        self._writer.write_table(table, row_group_size=ROW_GROUP)

    def close(self) -> None:
        """Write the rows that wait; a table without rows has one empty group."""
        rest = pa.concat_tables(self._waiting) if self._waiting else self.schema.empty_table()
        if len(rest) or not self.n_rows:
            self._write(rest)
        self._writer.close()


def write_parquet(table: str, pieces: Iterable[_TableRows], where: Any) -> None:
    """Write the rows of `table`, which come in `pieces`, to `where`."""
    writer = TableWriter(table, where)
    for rows in pieces:
        writer.add(rows)
    writer.close()


def _slice_rows(rows: _TableRows, start: int, count: int) -> _TableRows:
    if isinstance(rows, pd.DataFrame):
        return rows.iloc[start : start + count]
    return rows.slice(start, count)


def _pack_column(column: pd.Series, kind: pa.DataType) -> pa.Array:
    packed = pa.array(column, from_pandas=True)
    if isinstance(packed, pa.ChunkedArray):
        packed = _join_chunks(packed)
    return packed.cast(kind)


def _join_chunks(column: pa.ChunkedArray) -> pa.Array:
    """Return a column in one piece: where it was cut would show in the file."""
    if not column.num_chunks:
        return pa.array([], column.type)
    return column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks)


@dataclass(frozen=True, eq=False)
class StoredTable:
    """Annotations or passages on disk, in page order, as a person's decisions leave them.

    `dropped` holds the ids of rows that are left out; `recoded` maps an id to the code and the
    coder that replace its own.
    """

    table: str
    where: Path | pa.Buffer
    dropped: frozenset[str] = frozenset()
    recoded: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def schema(self) -> pa.Schema:
        """The columns of the file and their types."""
        return _make_schema(self.table)

    def drop(self, ids: Iterable[str]) -> StoredTable:
        """Return this table without the annotations `ids`."""
        return replace(self, dropped=self.dropped | frozenset(ids))

    def recode(self, ids: Iterable[str], code: str, coder: str) -> StoredTable:
        """Return this table with `code` and `coder` in the annotations `ids`."""
        return replace(self, recoded={**self.recoded, **dict.fromkeys(ids, (code, coder))})

    def read(self, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
        """Yield the rows, READ_ROWS at a time, with `columns` or all."""
        read_columns = self.schema.names
        if columns:
            is_decided = bool(self.dropped or self.recoded)
            key = {"annotation_id"} - {*columns} if is_decided else set()
            read_columns = [*columns, *key]
        for piece in self._read_file(read_columns):
            rows = self._apply_decisions(piece)
            yield rows.select(columns) if columns else rows

    def _read_file(self, columns: Sequence[str]) -> Iterator[pa.Table]:
        if isinstance(self.where, pa.Buffer) and self.where.size <= UNPACKED_BYTES:
            yield self._unpacked.select(columns)
            return
        source = self.where if isinstance(self.where, Path) else pa.BufferReader(self.where)
        with pq.ParquetFile(source) as file:
            for batch in file.iter_batches(READ_ROWS, columns=list(columns)):
                yield pa.Table.from_batches([batch])

    @cached_property
    def _unpacked(self) -> pa.Table:
        with pq.ParquetFile(pa.BufferReader(self.where)) as file:
            return file.read(use_threads=False)

    def _apply_decisions(self, rows: pa.Table) -> pa.Table:
        if self.dropped:
            dropped = pa.array(sorted(self.dropped), pa.string())
            rows = rows.filter(pc.invert(pc.is_in(rows["annotation_id"], dropped)))
        if not self.recoded:
            return rows
        decided = [self.recoded.get(id) for id in rows["annotation_id"].to_pylist()]
        if not any(decided):
            return rows
        for place, name in enumerate(("code", "coder")):
            if name in rows.column_names:
                values = [pair[place] if pair else None for pair in decided]
                replaced = pc.coalesce(pa.array(values, pa.string()), rows[name])
                rows = rows.set_column(rows.column_names.index(name), name, replaced)
        return rows

    def choose(self, columns: Sequence[str], column: str, values: Iterable[str]) -> pd.DataFrame:
        """Return `columns` of the rows whose `column` holds one of `values`."""
        read_columns = [*columns, *({column} - {*columns})]
        among = pa.array(list(values), pa.string())
        chosen = [self.schema.empty_table().select(columns)]
        for rows in self.read(read_columns):
            is_chosen = pc.is_in(rows[column], among)
            chosen.append(rows.select(columns).filter(is_chosen))
        return pa.concat_tables(chosen).to_pandas()

    def read_pages(self, columns: Sequence[str] | None = None) -> Iterator[pd.DataFrame]:
        """Yield the rows of whole pages, about READ_ROWS at a time.

        `columns` must have article_id.
        """
        rest: list[pa.Table] = []
        for rows in filter(len, self.read(columns)):
            pages = rows["article_id"].to_numpy()
            of_other_pages = (pages != pages[-1]).nonzero()[0]
            last_page = int(of_other_pages[-1]) + 1 if len(of_other_pages) else 0
            is_new_page = bool(rest) and rest[-1]["article_id"][-1].as_py() != pages[-1]
            if last_page or is_new_page:
                yield pa.concat_tables([*rest, rows.slice(0, last_page)]).to_pandas()
                rest = []
            rest.append(rows.slice(last_page))
        if rest:
            yield pa.concat_tables(rest).to_pandas()

    def __len__(self) -> int:
        return sum(map(len, self.read(["annotation_id"])))

    def write(self, path: Path) -> None:
        """Write the table to `path`."""
        if isinstance(self.where, Path) and not self.dropped and not self.recoded:
            shutil.copyfile(self.where, path)
        else:
            write_parquet(self.table, self.read(), path)

    def to_frame(self) -> pd.DataFrame:
        """Return the whole table as a frame."""
        rows = pa.concat_tables([self.schema.empty_table(), *self.read()])
        return conform_frame(self.table, rows.to_pandas())
