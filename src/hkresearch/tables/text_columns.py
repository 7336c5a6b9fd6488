"""Rows of texts and numbers -> columns that hold each text once; and work on columns of texts.

Nothing here turns a column of a large table into Python strings.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

# Texts of which every row has its own.
_UNIQUE_COLUMNS = ("annotation_id", "quotation_id", "position_id", "quantity_id")
_UNPACKED_ROWS = 20_000  # rows that wait as Python objects
TEXT = pa.large_string()  # as pandas has texts: no copy
PANDAS_TYPES = {pa.int64(): pd.Int64Dtype(), TEXT: pd.StringDtype(na_value=np.nan)}


class PackedRows:
    """Rows of a table as they come, packed into columns.

    Parameters
    ----------
    kinds : sequence of (name, type)
        The columns; a type is "string" or "integer".
    """

    def __init__(self, kinds: Sequence[tuple[str, str]]) -> None:
        self._columns = {name: _make_column(name, kind) for name, kind in kinds}
        self._waiting: list[tuple[Any, ...]] = []

    def add(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Append `rows`; an unknown text becomes "", an unknown number NA."""
        self._waiting += rows
        if len(self._waiting) >= _UNPACKED_ROWS:
            self._pack()

    def _pack(self) -> None:
        if not self._waiting:
            return
        values_by_column = zip(*self._waiting, strict=True)
        for column, values in zip(self._columns.values(), values_by_column, strict=True):
            column.add(values)
        self._waiting = []

    def build(self) -> pd.DataFrame:
        """Return the frame of all rows, which are released."""
        self._pack()
        names = list(self._columns)
        return pd.DataFrame({name: self._columns.pop(name).build() for name in names})


class _SharedTexts:
    """A column of texts: each once, and for each row which one it is.

    Dictionary columns of Arrow hold a text once per piece: they need two thirds more memory.
    """

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}
        self._rows = array("i")

    def add(self, values: Iterable[str | None]) -> None:
        codes = self._codes
        self._rows.extend([codes.setdefault(value or "", len(codes)) for value in values])

    def build(self) -> pd.Categorical:
        """Return the column; its texts are sorted, so that their codes sort as they do."""
        texts = sorted(self._codes)
        ranks = np.empty(len(texts), dtype=np.int32)
        ranks[[self._codes[text] for text in texts]] = np.arange(len(texts))
        rows = np.array(self._rows, dtype=np.int32)
        return pd.Categorical.from_codes(ranks[rows], categories=pd.Index(texts, dtype=object))


class _OwnValues:
    """A column of numbers, or of texts that no two rows share."""

    def __init__(self, kind: pa.DataType) -> None:
        self._pieces = [pa.array([], kind)]

    def add(self, values: Iterable[Any]) -> None:
        self._pieces.append(pa.array(list(values), self._pieces[0].type))

    def build(self) -> pd.Series:
        return pa.chunked_array(self._pieces).to_pandas(types_mapper=PANDAS_TYPES.get)


def _make_column(name: str, kind: str) -> _SharedTexts | _OwnValues:
    if kind == "integer":
        return _OwnValues(pa.int64())
    return _OwnValues(TEXT) if name in _UNIQUE_COLUMNS else _SharedTexts()


def look_up(ids: Iterable[str], keys: pd.Series, values: pd.Series) -> pd.Categorical:
    """Return what stands in `values` beside each of `ids` in `keys`, "" if it is not there."""
    values = values.astype("category").array
    codes = np.append(values.codes.astype(np.int32), -1)[find_places(ids, keys)]
    if "" in values.categories:
        empty = values.categories.get_loc("")
        return pd.Categorical.from_codes(np.where(codes < 0, empty, codes), dtype=values.dtype)
    categories = pd.Index(["", *values.categories], dtype=object)
    return pd.Categorical.from_codes(codes + 1, categories=categories)


def replace_texts(texts: pd.Series, known: Mapping[str, str], others: pd.Series | str) -> pd.Series:
    """Return what `known` has for each of `texts`, else `others`: a column, or one text."""
    packed = _pack_texts(texts)
    places = pc.index_in(packed, value_set=pa.array(list(known), TEXT))
    found = pa.array(list(known.values()), TEXT).take(places)
    filling = others if isinstance(others, str) else _pack_texts(others)
    return pd.Series(pc.coalesce(found, filling), texts.index).astype("str")


def list_phrases(texts: pd.Series) -> list[str]:
    """Return the texts that are more than one word of letters and digits, each once."""
    packed = _pack_texts(texts)
    is_one_word = pc.match_substring_regex(packed, "^[0-9A-Za-z]*$")
    phrases: list[str] = packed.filter(pc.invert(is_one_word)).unique().drop_null().to_pylist()
    return phrases


def find_places(ids: Iterable[str], keys: pd.Series) -> npt.NDArray[Any]:
    """Return for each of `ids` its place in `keys`, -1 if it is not there."""
    places = pc.index_in(_flatten(ids), value_set=_flatten(keys)).fill_null(-1)
    return np.asarray(places)


def map_texts(column: pd.Series, function: Callable[[str], Any]) -> npt.NDArray[Any]:
    """Return `function` of each text, computed once per different text; a missing one is ""."""
    places, found = pd.factorize(column)
    texts = found.tolist()
    if -1 in places:  # a missing text: -1 is the place of the last
        texts.append("")
    results = np.fromiter(map(function, texts), dtype=object, count=len(texts))
    chosen: npt.NDArray[Any] = results[places]
    return chosen


def is_among(ids: pd.Series, values: Iterable[str]) -> npt.NDArray[np.bool_]:
    """Return for each of `ids` whether it is one of `values`, as `isin` does.

    Unlike `isin` it makes no Python strings.
    """
    return np.asarray(pc.is_in(_pack_texts(ids), value_set=_flatten(values)))


def _pack_texts(ids: Iterable[str]) -> pa.Array | pa.ChunkedArray:
    return pa.array(ids if isinstance(ids, pd.Series) else list(ids)).cast(TEXT)


def _flatten(ids: Iterable[str]) -> pa.Array:
    packed = _pack_texts(ids)
    return packed.combine_chunks() if isinstance(packed, pa.ChunkedArray) else packed
