"""Coded pages, one after another -> the frames articles, annotations and passages, packed as they come."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from .coding import PageRows
from .schema import make_frame

BATCH = 20_000  # rows that wait as Python objects, some kilobytes each, before they are packed


class _Spool:
    """The rows of one table; all but the last few are packed into columns."""

    def __init__(self, table: str):
        self.table, self.packed, self.waiting = table, [], []

    def add(self, rows: Iterable[Any]) -> None:
        self.waiting += rows
        if len(self.waiting) >= BATCH:
            self.pack()

    def pack(self) -> None:
        self.packed.append(make_frame(self.table, self.waiting))
        self.waiting = []

    def unroll(self) -> pd.DataFrame:
        self.pack()
        full = [frame for frame in self.packed if len(frame)] or self.packed[:1]
        return pd.concat(full, ignore_index=True) if len(full) > 1 else full[0]


def gather_frames(pages: Iterable[PageRows], refused: Iterable[tuple[str, str]]) -> dict[str, pd.DataFrame]:
    """Return what coded pages give to tables, in their order; `refused` is read when the pages are done."""
    articles, annotations, passages = _Spool("articles"), _Spool("annotations"), _Spool("passages")
    for article, marks, contexts in pages:
        articles.add([article])
        annotations.add(marks)
        passages.add(contexts)
    return {
        "articles": articles.unroll(),
        "annotations": annotations.unroll(),
        "passages": passages.unroll(),
        "refused": make_frame("refused", sorted(set(refused))),
    }
