"""Annotations -> the few rows that are asked for, or the parts page by page, without a copy of the pages' text."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ..packed import is_among

CHUNK = 20_000  # rows


class Part(NamedTuple):
    """One labelled part of a page."""

    article_id: str
    start: int
    end: int
    code: str
    exact: str


def choose_rows(frame: pd.DataFrame, mask: Any) -> pd.DataFrame:
    """Return the rows of `frame` where `mask` holds, filtered column by column.

    Indexing the whole frame would first join the chunks of every column, with the text of all pages.
    """
    return pd.DataFrame({name: frame[name][mask] for name in frame.columns}, index=frame.index[mask])


def choose_where(table: Any, columns: Sequence[str], column: str, values: Iterable[str]) -> pd.DataFrame:
    """Return `columns` of the rows of `table`, a frame or stored, whose `column` holds one of `values`."""
    if isinstance(table, pd.DataFrame):
        return choose_rows(table[list(columns)], is_among(table[column], values))
    return table.choose(columns, column, values)


def iterate_rows(frame: pd.DataFrame, columns: Sequence[str], order: Any = None) -> Iterator[Any]:
    """Yield `columns` of the rows of `frame`, in `order` if given; few of them are Python objects at a time."""
    narrow = frame[list(columns)]
    for start in range(0, len(frame) if order is None else len(order), CHUNK):
        rows = narrow.iloc[start : start + CHUNK] if order is None else _take_rows(narrow, order[start : start + CHUNK])
        yield from rows.itertuples(index=False)


def _take_rows(frame: pd.DataFrame, places: np.ndarray) -> pd.DataFrame:
    """Return the rows at `places`; taking joins all chunks of a column, so only those that the places span are asked."""
    first = places.min()
    return frame.iloc[first : places.max() + 1].iloc[places - first]


def iterate_pages(frame: pd.DataFrame, columns: Sequence[str]) -> Iterator[tuple[str, list[Any]]]:
    """Yield article_id and `columns` of its rows, in their order, pages sorted by id."""
    rows = iterate_rows(frame, ["article_id", *columns], frame["article_id"].array.argsort(kind="stable"))
    for article_id, group in groupby(rows, key=attrgetter("article_id")):
        yield article_id, list(group)


def join_pages(first: Iterable[tuple], other: Iterable[tuple[str, list[Any]]]) -> Iterator[tuple]:
    """Yield each item of `first`, which begins with a page's id, and that page's rows in `other`; both are sorted."""
    other = iter(other)
    page, rows = next(other, ("", []))
    for item in first:
        while page < item[0]:
            page, rows = next(other, ("\U0010ffff", []))
        yield (*item, rows if page == item[0] else [])


def iterate_parts(annotations: Any, codes: Iterable[str]) -> Iterator[tuple[str, list[Any]]]:
    """Yield article_id and its parts labelled with one of `codes`, in page order: one page is in memory at a time."""
    if not isinstance(annotations, pd.DataFrame):
        for pages in annotations.read_pages([*Part._fields, "variable"]):
            yield from iterate_parts(pages, codes)
        return
    chosen = ((annotations["variable"] == "part") & annotations["code"].isin(list(codes))).to_numpy(dtype=bool)
    keys = {name: annotations[name][chosen].to_list() for name in ("article_id", "start", "end", "code")}
    places = np.flatnonzero(chosen).tolist()
    order = sorted(range(len(places)), key=lambda i: (keys["article_id"][i], keys["start"][i], keys["end"][i]))
    read = annotations["exact"].array.__getitem__
    rows = (Part(*(keys[name][i] for name in keys), read(places[i])) for i in order)
    for article_id, group in groupby(rows, key=attrgetter("article_id")):
        yield article_id, list(group)


def read_texts(annotations: pd.DataFrame, ids: Collection[str] | None = None) -> Iterator[tuple[str, str]]:
    """Yield the id and the text layer of each page, or of those in `ids`, sorted by id: its parts, which tile it."""
    chosen = is_among(annotations["variable"], ["part"])
    if ids is not None:
        chosen &= is_among(annotations["article_id"], ids)
    places = np.flatnonzero(chosen)
    pages = annotations["article_id"].iloc[places].astype("category").cat.codes
    order = places[np.lexsort((annotations["start"].iloc[places].to_numpy(np.int64), pages))]
    rows = iterate_rows(annotations, ["article_id", "exact"], order)
    for article_id, parts in groupby(rows, key=attrgetter("article_id")):
        yield article_id, "".join(part.exact for part in parts)
