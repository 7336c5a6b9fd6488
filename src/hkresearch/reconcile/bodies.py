"""Annotations -> the parts of each page, one page at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import attrgetter
from typing import Any

import pandas as pd

CHUNK = 4_000  # rows


def iterate_parts(annotations: pd.DataFrame, codes: Iterable[str]) -> Iterator[tuple[str, list[Any]]]:
    """Yield article_id and its parts labelled with one of `codes`, in page order: one page is in memory at a time."""
    chosen = (annotations["variable"] == "part") & annotations["code"].isin(list(codes))
    keys = annotations[["article_id", "start"]][chosen]
    order = keys.sort_values(["article_id", "start"], kind="stable").index
    columns = annotations[["article_id", "start", "end", "code", "exact"]]
    rows = (
        row
        for first in range(0, len(order), CHUNK)
        for row in columns.loc[order[first : first + CHUNK]].itertuples(index=False)
    )
    for article_id, group in groupby(rows, key=attrgetter("article_id")):
        yield article_id, list(group)
