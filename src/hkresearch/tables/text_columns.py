"""Rows, some at a time -> a frame that holds a text once, however many rows have it."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

UNIQUE = (
    "annotation_id",
    "quotation_id",
    "position_id",
    "quantity_id",
)  # texts of which every row has its own
BATCH = 20_000  # rows that wait as Python objects
TYPES = {pa.int64(): pd.Int64Dtype(), pa.large_string(): pd.StringDtype(na_value=np.nan)}


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
        self.pieces = [pa.array([], kind)]  # large strings, as pandas has them: no copy

    def add(self, values: Iterable[Any]) -> None:
        self.pieces.append(pa.array(list(values), self.pieces[0].type))

    def build(self) -> pd.Series:
        return pa.chunked_array(self.pieces).to_pandas(types_mapper=TYPES.get)


class PackedRows:
    """Rows as they come; `kinds` are their columns and types: "string" or "integer"."""

    def __init__(self, kinds: Sequence[tuple[str, str]]) -> None:
        self.columns = {
            name: _Own(pa.int64())
            if kind == "integer"
            else _Own(pa.large_string())
            if name in UNIQUE
            else _Shared()
            for name, kind in kinds
        }
        self.waiting: list[tuple] = []

    def add(self, rows: Iterable[tuple]) -> None:
        """Append `rows`; an unknown text is empty, an unknown number None."""
        self.waiting += rows
        if len(self.waiting) >= BATCH:
            self._pack()

    def _pack(self) -> None:
        for column, values in zip(
            self.columns.values(), zip(*self.waiting, strict=True), strict=bool(self.waiting)
        ):
            column.add(values)
        self.waiting = []

    def build(self) -> pd.DataFrame:
        """Return the frame of all rows, which are let go."""
        self._pack()
        return pd.DataFrame({name: self.columns.pop(name).build() for name in list(self.columns)})


def look_up(ids: Iterable[str], keys: pd.Series, values: pd.Series) -> pd.Categorical:
    """Return for each of `ids` what stands in `values` beside it in `keys`, "" where `keys` has it not."""
    values = values.astype("category").array
    codes = np.append(values.codes.astype(np.int32), -1)[find_places(ids, keys)]
    if "" in values.categories:
        return pd.Categorical.from_codes(
            np.where(codes < 0, values.categories.get_loc(""), codes), dtype=values.dtype
        )
    return pd.Categorical.from_codes(
        codes + 1, categories=pd.Index(["", *values.categories], dtype=object)
    )


def replace_texts(texts: pd.Series, known: Mapping[str, str], others: pd.Series | str) -> pd.Series:
    """Return what `known` has for each of `texts`, and for one that it has not, `others`: a column, or one text."""
    packed = _pack(texts)
    places = pc.index_in(packed, value_set=pa.array(list(known), pa.large_string()))
    found = pa.array(list(known.values()), pa.large_string()).take(places)
    return pd.Series(
        pc.coalesce(found, others if isinstance(others, str) else _pack(others)), texts.index
    ).astype("str")


def list_phrases(texts: pd.Series) -> list[str]:
    """Return the texts of several words, each once; those of letters and digits alone, as keys are, are one word."""
    packed = _pack(texts)
    return (
        packed.filter(pc.invert(pc.match_substring_regex(packed, "^[0-9A-Za-z]*$")))
        .unique()
        .drop_null()
        .to_pylist()
    )


def find_places(ids: Iterable[str], keys: pd.Series) -> np.ndarray:
    """Return for each of `ids` where it stands in `keys`, -1 where it does not."""
    return (
        pc.index_in(_flatten(ids), value_set=_flatten(keys))
        .fill_null(-1)
        .to_numpy(zero_copy_only=False)
    )


def map_texts(column: pd.Series, function: Callable[[str], Any]) -> np.ndarray:
    """Return `function` of each text of `column`, worked out once for each that differs: equal results are one object.

    A text that is missing is an empty one.
    """
    places, found = pd.factorize(column)
    texts = [*found.tolist(), *([""] if -1 in places else ())]  # the last, which -1 is the place of
    return np.fromiter(map(function, texts), dtype=object, count=len(texts))[places]


def is_among(ids: pd.Series, values: Iterable[str]) -> np.ndarray:
    """Return for each of `ids` whether it is one of `values`; neither becomes Python objects, as `isin` makes them."""
    return pc.is_in(_pack(ids), value_set=_flatten(values)).to_numpy(zero_copy_only=False)


def _pack(ids: Iterable[str]) -> pa.Array | pa.ChunkedArray:
    return pa.array(ids if isinstance(ids, pd.Series) else list(ids)).cast(pa.large_string())


def _flatten(ids: Iterable[str]) -> pa.Array:
    packed = _pack(ids)
    return packed.combine_chunks() if isinstance(packed, pa.ChunkedArray) else packed
