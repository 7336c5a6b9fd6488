"""Annotations -> the few rows that are asked for, or the parts page by page, without a copy of the pages' text."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

import numpy as np
import pandas as pd

from hkresearch.tables.text_columns import is_among

CHUNK = 20_000  # rows
PART = ["article_id", "start", "end", "code", "exact"]


def choose_rows(frame: pd.DataFrame, mask: Any) -> pd.DataFrame:
    """Return the rows of `frame` where `mask` holds, filtered column by column.

    Indexing the whole frame would first join the chunks of every column, with the text of all pages.
    """
    return pd.DataFrame(
        {name: frame[name][mask] for name in frame.columns}, index=frame.index[mask]
    )


def choose_where(
    table: Any, columns: Sequence[str], column: str, values: Iterable[str]
) -> pd.DataFrame:
    """Return `columns` of the rows of `table`, a frame or stored, whose `column` holds one of `values`."""
    if isinstance(table, pd.DataFrame):
        return choose_rows(table[list(columns)], is_among(table[column], values))
    return table.choose(columns, column, values)


def choose_subject(
    frame: pd.DataFrame, columns: Sequence[str], column: str, subject: str
) -> pd.DataFrame:
    """Return `columns` of the rows whose `column` is `subject` or has it among ids joined by ";"; "" takes every row."""
    if not subject:
        return frame[list(columns)]
    return choose_where(
        frame, columns, column, [ids for ids in frame[column].unique() if subject in ids.split(";")]
    )


def iterate_rows(frame: pd.DataFrame, columns: Sequence[str], order: Any = None) -> Iterator[Any]:
    """Yield `columns` of the rows of `frame`, in `order` if given; few of them are Python objects at a time."""
    narrow, make = frame[list(columns)], namedtuple("Row", columns)._make
    for start in range(0, len(frame) if order is None else len(order), CHUNK):
        if order is None:
            rows = narrow.iloc[start : start + CHUNK]
        else:  # out of the stretch that holds them, which may be a small one
            places = order[start : start + CHUNK]
            first = places.min()
            rows = narrow.iloc[first : places.max() + 1].iloc[places - first]
        yield from map(make, zip(*(rows[name].to_list() for name in columns), strict=True))


def iterate_pages(frame: pd.DataFrame, columns: Sequence[str]) -> Iterator[tuple[str, list[Any]]]:
    """Yield article_id and `columns` of its rows, in their order, pages sorted by id."""
    rows = iterate_rows(
        frame, ["article_id", *columns], frame["article_id"].array.argsort(kind="stable")
    )
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
        for pages in annotations.read_pages([*PART, "variable"]):
            yield from iterate_parts(pages, codes)
        return
    chosen = ((annotations["variable"] == "part") & annotations["code"].isin(list(codes))).to_numpy(
        dtype=bool
    )
    rows = iterate_rows(annotations, PART, _order_rows(annotations, PART[:3], chosen))
    for article_id, group in groupby(rows, key=attrgetter("article_id")):
        yield article_id, list(group)


def _order_rows(frame: pd.DataFrame, columns: Sequence[str], chosen: np.ndarray) -> np.ndarray:
    """Return the places of the rows that are `chosen`, in the order of `columns`."""
    keys = choose_rows(frame[list(columns)].reset_index(drop=True), chosen)
    return keys.sort_values(list(columns), kind="stable").index.to_numpy()


def read_texts(
    annotations: pd.DataFrame, ids: Collection[str] | None = None
) -> Iterator[tuple[str, str]]:
    """Yield the id and the text layer of each page, or of those in `ids`, sorted by id: its parts, which tile it."""
    chosen = is_among(annotations["variable"], ["part"])
    if ids is not None:
        chosen &= is_among(annotations["article_id"], ids)
    order = _order_rows(annotations, ["article_id", "start"], chosen)
    rows = iterate_rows(annotations, ["article_id", "exact"], order)
    for article_id, parts in groupby(rows, key=attrgetter("article_id")):
        yield article_id, "".join(part.exact for part in parts)
