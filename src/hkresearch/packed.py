"""Rows, some at a time -> a frame that holds a text once, however many rows have it."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

UNIQUE = ("annotation_id", "quotation_id", "position_id", "quantity_id")  # texts of which every row has its own
TYPES = {pa.int64(): pd.Int64Dtype()}


class _Shared:
    """A column of texts: each once, and for each row which one it is."""

    def __init__(self) -> None:
        self.number: dict[str, int] = {}
        self.rows = array("i")

    def add(self, values: Iterable[str | None]) -> None:
        number = self.number
        self.rows.extend([number.setdefault(value or "", len(number)) for value in values])

    def build(self) -> pd.Categorical:
        """Return the column; its texts are sorted, so that sorting by their places sorts by them."""
        texts = sorted(self.number)
        ranks = np.empty(len(texts), dtype=np.int32)
        ranks[[self.number[text] for text in texts]] = np.arange(len(texts))
        rows = np.frombuffer(self.rows, dtype=np.int32) if self.rows else np.empty(0, np.int32)
        return pd.Categorical.from_codes(ranks[rows], categories=pd.Index(texts, dtype=object))


class _Own:
    """A column of numbers, or of texts that no two rows share."""

    def __init__(self, kind: pa.DataType) -> None:
        self.pieces = [pa.array([], kind)]

    def add(self, values: Iterable[Any]) -> None:
        self.pieces.append(pa.array(list(values), self.pieces[0].type))

    def build(self) -> pd.Series:
        return pa.chunked_array(self.pieces).combine_chunks().to_pandas(types_mapper=TYPES.get)


class PackedRows:
    """Rows as they come; `kinds` are their columns and types: "string" or "integer"."""

    def __init__(self, kinds: Sequence[tuple[str, str]]) -> None:
        self.columns = {
            name: _Own(pa.int64()) if kind == "integer" else _Own(pa.string()) if name in UNIQUE else _Shared()
            for name, kind in kinds
        }

    def add(self, rows: Sequence[tuple]) -> None:
        """Append `rows`; an unknown text is empty, an unknown number None."""
        for column, values in zip(self.columns.values(), zip(*rows, strict=True), strict=bool(rows)):
            column.add(values)

    def build(self) -> pd.DataFrame:
        """Return the frame of all rows."""
        return pd.DataFrame({name: column.build() for name, column in self.columns.items()})


def look_up(ids: Iterable[str], keys: pd.Series, values: pd.Series) -> pd.Categorical:
    """Return for each of `ids` what stands in `values` beside it in `keys`, "" where `keys` has it not."""
    values = values.astype("category").array
    found = pc.index_in(_flatten(ids), value_set=_flatten(keys)).fill_null(-1).to_numpy(zero_copy_only=False)
    codes = np.append(values.codes.astype(np.int32), -1)[found]
    if "" in values.categories:
        return pd.Categorical.from_codes(np.where(codes < 0, values.categories.get_loc(""), codes), dtype=values.dtype)
    return pd.Categorical.from_codes(codes + 1, categories=pd.Index(["", *values.categories], dtype=object))


def _flatten(ids: Iterable[str]) -> pa.Array:
    packed = pa.array(ids if isinstance(ids, pd.Series) else list(ids), pa.string())
    return packed.combine_chunks() if isinstance(packed, pa.ChunkedArray) else packed
