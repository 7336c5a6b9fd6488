"""A table as its rows come -> one Parquet file, written and read piece by piece: it is never in memory whole."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from hkresearch.tables.schema import conform_frame, list_fields

ROW_GROUP = 1 << 17  # rows of a table that are in memory once more while it is written
BATCH = 1 << 15  # rows of a stored table that are read at a time
TYPES = {"string": pa.string(), "integer": pa.int64()}


def make_schema(table: str) -> pa.Schema:
    """Return the columns of `table` and their types, as Arrow has them."""
    return pa.schema([(item["name"], TYPES[item["type"]]) for item in list_fields(table)])


class TableWriter:
    """Writes the rows of one table; how they were cut when they came does not show in the file."""

    def __init__(self, table: str, where: Any):
        self.table, self.n_rows, self._waiting = table, 0, []
        self.schema = make_schema(table)
        self._writer = pq.ParquetWriter(where, self.schema, compression="zstd", version="2.6")

    def add(self, rows: pd.DataFrame | pa.Table) -> None:
        """Append `rows`, a frame or an Arrow table with the columns of this table."""
        for start in range(0, len(rows), ROW_GROUP):
            is_frame = isinstance(rows, pd.DataFrame)
            piece = (
                rows.iloc[start : start + ROW_GROUP] if is_frame else rows.slice(start, ROW_GROUP)
            )
            self._waiting.append(self._pack(piece))
            self.n_rows += len(piece)
            if sum(map(len, self._waiting)) >= ROW_GROUP:
                waiting = pa.concat_tables(self._waiting)
                self._write(waiting.slice(0, ROW_GROUP))
                self._waiting = [waiting.slice(ROW_GROUP)]

    def _pack(self, rows: pd.DataFrame | pa.Table) -> pa.Table:
        if isinstance(rows, pa.Table):
            return rows.select(self.schema.names).cast(self.schema)
        columns = [
            _pack_column(rows[name], self.schema.field(name).type) for name in self.schema.names
        ]
        return pa.Table.from_arrays(columns, schema=self.schema)

    def _write(self, rows: pa.Table) -> None:
        columns = [
            _join_chunks(column) for column in rows.columns
        ]  # where the pieces were cut must not show
        self._writer.write_table(
            pa.Table.from_arrays(columns, schema=self.schema), row_group_size=ROW_GROUP
        )

    def close(self) -> None:
        """Write what waits; a table without rows has one empty group."""
        rest = pa.concat_tables(self._waiting) if self._waiting else self.schema.empty_table()
        if len(rest) or not self.n_rows:
            self._write(rest)
        self._writer.close()


def write_table(table: str, pieces: Iterable[pd.DataFrame | pa.Table], where: Any) -> None:
    """Write the rows of `table`, which come in `pieces`, to `where`."""
    writer = TableWriter(table, where)
    for rows in pieces:
        writer.add(rows)
    writer.close()


def _pack_column(column: pd.Series, kind: pa.DataType) -> pa.Array:
    packed = pa.array(column, from_pandas=True)
    return (_join_chunks(packed) if isinstance(packed, pa.ChunkedArray) else packed).cast(kind)


def _join_chunks(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks) if column.num_chunks else (
        pa.array([], column.type))  # fmt: skip


@dataclass(frozen=True, eq=False)
class StoredTable:
    """Annotations or passages on disk, in the order of pages, as they are after a person's decisions.

    `gone` holds the ids of the rows left out, `recoded` id -> the code and the coder that stand in place of its own.
    """

    table: str
    where: Path | pa.Buffer
    gone: frozenset[str] = frozenset()
    recoded: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def schema(self) -> pa.Schema:
        """The columns of the file and their types."""
        return make_schema(self.table)

    def drop(self, ids: Iterable[str]) -> StoredTable:
        """Return this table without the annotations `ids`."""
        return replace(self, gone=self.gone | frozenset(ids))

    def recode(self, ids: Iterable[str], code: str, coder: str) -> StoredTable:
        """Return this table with `code` and `coder` in the annotations `ids`."""
        return replace(self, recoded={**self.recoded, **dict.fromkeys(ids, (code, coder))})

    def read(self, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
        """Yield the rows, some at a time, with `columns` or all."""
        wanted = columns and [
            *columns,
            *({"annotation_id"} - {*columns} if self.gone or self.recoded else ()),
        ]
        source = self.where if isinstance(self.where, Path) else pa.BufferReader(self.where)
        with pq.ParquetFile(source) as file:
            for batch in file.iter_batches(BATCH, columns=wanted):
                rows = self._decide(pa.Table.from_batches([batch]))
                yield rows.select(columns) if columns else rows

    def _decide(self, rows: pa.Table) -> pa.Table:
        if self.gone:
            rows = rows.filter(
                pc.invert(pc.is_in(rows["annotation_id"], pa.array(sorted(self.gone), pa.string())))
            )
        if self.recoded:
            found = [self.recoded.get(id) for id in rows["annotation_id"].to_pylist()]
            for i, name in enumerate(("code", "coder")):
                if any(found) and name in rows.column_names:
                    new = pa.array([pair and pair[i] for pair in found], pa.string())
                    column = rows.column_names.index(name)
                    rows = rows.set_column(column, name, pc.coalesce(new, rows[name]))
        return rows

    def choose(self, columns: Sequence[str], column: str, values: Iterable[str]) -> pd.DataFrame:
        """Return `columns` of the rows whose `column` holds one of `values`."""
        read = [*columns, *({column} - {*columns})]
        batches = (batch for rows in self.read(read) for batch in rows.to_batches())
        scanner = ds.Scanner.from_batches(
            batches, schema=pa.schema([self.schema.field(name) for name in read]), columns=list(columns),
            filter=pc.field(column).isin(pa.array(list(values), pa.string())), use_threads=False, batch_readahead=1,
        )  # fmt: skip
        return scanner.to_table().to_pandas()

    def read_pages(self, columns: Sequence[str] | None = None) -> Iterator[pd.DataFrame]:
        """Yield the rows of whole pages, as many as fit a batch."""
        rest: list[pa.Table] = []
        for rows in filter(len, self.read(columns)):
            pages = rows["article_id"].to_numpy()
            cut = (
                int(max((pages != pages[-1]).nonzero()[0], default=-1)) + 1
            )  # where the last page begins
            if cut or rest and rest[-1]["article_id"][-1].as_py() != pages[-1]:
                yield pa.concat_tables([*rest, rows.slice(0, cut)]).to_pandas()
                rest = []
            rest.append(rows.slice(cut))
        if rest:
            yield pa.concat_tables(rest).to_pandas()

    def __len__(self) -> int:
        return sum(map(len, self.read(["annotation_id"])))

    def write(self, path: Path) -> None:
        """Write the table to `path`."""
        if isinstance(self.where, Path) and not self.gone and not self.recoded:
            shutil.copyfile(self.where, path)  # it was written as it has to be
            return
        write_table(self.table, self.read(), path)

    def to_frame(self) -> pd.DataFrame:
        """Return the whole table as a frame."""
        return conform_frame(
            self.table, pa.concat_tables([self.schema.empty_table(), *self.read()]).to_pandas()
        )
