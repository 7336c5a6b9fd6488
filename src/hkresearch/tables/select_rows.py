"""Annotations -> the rows that are asked for, without a copy of the pages' text."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from hkresearch.tables.parquet_store import StoredTable
from hkresearch.tables.text_columns import is_among

ROWS_AT_A_TIME = 20_000  # rows that are Python objects at one time
_PART_ROW_COLUMNS = ["article_id", "start", "end", "code", "exact"]
_LAST_ID = "\U0010ffff"  # sorts after the id of every page


def choose_rows(frame: pd.DataFrame, mask: Any) -> pd.DataFrame:
    """Return the rows of `frame` where `mask` holds; a large frame is filtered column by column.

    Indexing a large frame whole would first join the chunks of every column, with the text of all
    pages.
    """
    if len(frame) <= ROWS_AT_A_TIME:
        return frame[mask]
    columns = {name: frame[name][mask] for name in frame.columns}
    return pd.DataFrame(columns, index=frame.index[mask])


def choose_where(
    table: pd.DataFrame | StoredTable, columns: Sequence[str], column: str, values: Iterable[str]
) -> pd.DataFrame:
    """Return `columns` of the rows of `table` whose `column` holds one of `values`."""
    if isinstance(table, pd.DataFrame):
        return choose_rows(_choose_columns(table, columns), is_among(table[column], values))
    return table.choose(columns, column, values)


def _choose_columns(frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Return `frame[columns]`, for which pandas would first make an index of the names."""
    return frame.iloc[:, [frame.columns.get_loc(name) for name in columns]]


def choose_subject(
    frame: pd.DataFrame, columns: Sequence[str], column: str, subject: str
) -> pd.DataFrame:
    """Return `columns` of the rows whose `column` is `subject`, or has it among ids joined by ";".

    Every row is chosen when `subject` is "".
    """
    if not subject:
        return _choose_columns(frame, columns)
    with_subject = [ids for ids in frame[column].unique() if subject in ids.split(";")]
    return choose_where(frame, columns, column, with_subject)


def iterate_rows(
    frame: pd.DataFrame, columns: Sequence[str], order: npt.NDArray[Any] | None = None
) -> Iterator[Any]:
    """Yield `columns` of the rows of `frame` as named tuples.

    `order` are the places of the rows to yield; without it all are, as they stand. At most
    ROWS_AT_A_TIME are Python objects at once.
    """
    count = len(frame) if order is None else len(order)
    if not count:
        return
    make_row = _make_row_type(tuple(columns))
    cells = [frame[name] for name in columns]
    for start in range(0, count, ROWS_AT_A_TIME):
        end = start + ROWS_AT_A_TIME
        if order is None:
            rows = [column.iloc[start:end].to_list() for column in cells]
        else:  # out of the stretch that holds them, which may be a small one
            places = order[start:end]
            first, last = places.min(), places.max()
            stretches = [column.iloc[first : last + 1] for column in cells]
            rows = [stretch.iloc[places - first].to_list() for stretch in stretches]
        yield from map(make_row, zip(*rows, strict=True))


@cache
def _make_row_type(columns: tuple[str, ...]) -> Callable[[Iterable[Any]], Any]:
    return NamedTuple("Row", [(name, Any) for name in columns])._make


def iterate_pages(frame: pd.DataFrame, columns: Sequence[str]) -> Iterator[tuple[str, list[Any]]]:
    """Yield article_id and `columns` of its rows, in their order, pages sorted by id."""
    order = frame["article_id"].array.argsort(kind="stable")
    rows = iterate_rows(frame, ["article_id", *columns], order)
    for article_id, group in groupby(rows, key=attrgetter("article_id")):
        yield article_id, list(group)


def join_pages(
    first: Iterable[tuple[Any, ...]], other: Iterable[tuple[str, list[Any]]]
) -> Iterator[tuple[Any, ...]]:
    """Yield each item of `first`, which begins with a page's id, and that page's rows in `other`.

    Both are sorted by the page's id.
    """
    remaining = iter(other)
    page, rows = next(remaining, ("", []))
    for item in first:
        while page < item[0]:
            page, rows = next(remaining, (_LAST_ID, []))
        yield (*item, rows if page == item[0] else [])


def iterate_parts(
    annotations: pd.DataFrame | StoredTable, codes: Iterable[str]
) -> Iterator[tuple[str, list[Any]]]:
    """Yield article_id and its parts labelled with one of `codes`, in page order.

    One page is in memory at a time.
    """
    if isinstance(annotations, StoredTable):
        for pages in annotations.read_pages([*_PART_ROW_COLUMNS, "variable"]):
            yield from iterate_parts(pages, codes)
        return
    is_part = annotations["variable"] == "part"
    is_chosen = (is_part & annotations["code"].isin(list(codes))).to_numpy(dtype=bool)
    order = _order_rows(annotations, ["article_id", "start", "end"], is_chosen)
    rows = iterate_rows(annotations, _PART_ROW_COLUMNS, order)
    for article_id, group in groupby(rows, key=attrgetter("article_id")):
        yield article_id, list(group)


def _order_rows(
    frame: pd.DataFrame, columns: Sequence[str], is_chosen: npt.NDArray[np.bool_]
) -> npt.NDArray[Any]:
    """Return the places of the chosen rows, in the order of `columns`."""
    places = np.flatnonzero(is_chosen)
    if len(places) < 2:
        return places
    keys = choose_rows(_choose_columns(frame, columns).reset_index(drop=True), is_chosen)
    return np.asarray(keys.sort_values(list(columns), kind="stable").index)


def read_page_texts(
    annotations: pd.DataFrame, ids: Collection[str] | None = None
) -> Iterator[tuple[str, str]]:
    """Yield the id and the text layer of each page, or of those in `ids`, sorted by id.

    A page's parts tile its text.
    """
    is_chosen = is_among(annotations["variable"], ["part"])
    if ids is not None:
        is_chosen &= is_among(annotations["article_id"], ids)
    order = _order_rows(annotations, ["article_id", "start"], is_chosen)
    rows = iterate_rows(annotations, ["article_id", "exact"], order)
    for article_id, parts in groupby(rows, key=attrgetter("article_id")):
        yield article_id, "".join(part.exact for part in parts)
