"""Annotations -> the few rows that are asked for, or the parts page by page, without a copy of the pages' text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np
import pandas as pd


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


def iterate_parts(annotations: pd.DataFrame, codes: Iterable[str]) -> Iterator[tuple[str, list[Any]]]:
    """Yield article_id and its parts labelled with one of `codes`, in page order: one page is in memory at a time."""
    chosen = ((annotations["variable"] == "part") & annotations["code"].isin(list(codes))).to_numpy(dtype=bool)
    keys = {name: annotations[name][chosen].to_list() for name in ("article_id", "start", "end", "code")}
    places = np.flatnonzero(chosen).tolist()
    order = sorted(range(len(places)), key=lambda i: (keys["article_id"][i], keys["start"][i], keys["end"][i]))
    read = annotations["exact"].array.__getitem__
    rows = (Part(*(keys[name][i] for name in keys), read(places[i])) for i in order)
    for article_id, group in groupby(rows, key=attrgetter("article_id")):
        yield article_id, list(group)
