"""Quotations and the positions around them -> the quotations that joining compares."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from hkresearch.reconcile.statements import Quote
from hkresearch.reconcile.word_forms import list_words
from hkresearch.tables.select_rows import choose_where, iterate_pages, join_pages

_QUOTATION = ["quotation_id", "start", "end", "exact", "kind", "speaker", "organisation"]


def list_quotes(
    frames: Mapping[str, Any], book: Mapping[str, Any]
) -> tuple[list[Quote], dict[str, str]]:
    """Return the quotations to join, and the frames: id -> the id of the quotation inside.

    A mixed quotation around direct ones is the frame of the longest of them.
    """
    after = _list_after(frames, book["context_characters"])
    articles = frames["articles"]
    published = dict(zip(articles["article_id"], articles["date_published"], strict=True))
    positions = iterate_pages(frames["positions"], ["start", "end", "organisation", "position"])
    quotations = iterate_pages(frames["quotations"], _QUOTATION)
    quotes: list[Quote] = []
    inner: dict[str, str] = {}
    known: dict[Any, Any] = {}  # the same organisations, codes and words are in memory once
    for article_id, rows, places in join_pages(quotations, positions):
        codes = _SpanIndex(
            (row.start, row.end, (row.organisation, "position", row.position)) for row in places
        )
        inside = _SpanIndex((row.start, row.end, row) for row in rows if row.kind == "direct")
        for row in rows:
            held = _find_held(row, inside) if row.kind != "direct" else None
            if held is not None:
                inner[row.quotation_id] = held.quotation_id
                continue
            coded = frozenset(codes.find(row.start, row.end))
            quotes.append(_make_quote(row, article_id, coded, after, published, known))
    return quotes, inner


def _make_quote(
    row: Any,
    article_id: str,
    coded: frozenset[tuple[str, str, str]],
    after: Mapping[str, str],
    published: Mapping[str, str],
    known: dict[Any, Any],
) -> Quote:
    """Return the quotation of `row`; what equals a value of `known` is taken from there."""
    organisations = frozenset(filter(None, row.organisation.split(";")))
    words = list_words(row.exact)
    return Quote(
        row.quotation_id,
        article_id,
        int(row.start),
        int(row.end),
        row.exact,
        row.kind == "direct",
        known.setdefault(organisations, organisations),
        known.setdefault(words, words),
        after.get(row.quotation_id, ""),
        known.setdefault(coded, coded),
        row.speaker,
        published.get(article_id, ""),
    )


def _find_held(row: Any, inside: _SpanIndex) -> Any:
    """Return the longest direct quotation inside `row`, or None."""
    near = inside.find(row.start, row.end)
    held = [other for other in near if row.start <= other.start and other.end <= row.end]
    return max(held, key=lambda other: (other.end - other.start, -other.start), default=None)


def _list_after(frames: Mapping[str, Any], width: int) -> dict[str, str]:
    """Return what follows a quotation, where another one is within `width` characters."""
    rows = frames["quotations"]
    pages = pd.factorize(rows["article_id"])[0].astype(np.int64) << 32
    starts = np.sort(pages + rows["start"].to_numpy(dtype=np.int64))
    ends = pages + rows["end"].to_numpy(dtype=np.int64)
    is_near = np.searchsorted(starts, ends, "right") < np.searchsorted(
        starts, ends + width, "right"
    )
    ids = rows["quotation_id"][is_near]
    passages = choose_where(frames["passages"], ["annotation_id", "after"], "annotation_id", ids)
    return dict(zip(passages["annotation_id"], passages["after"], strict=True))


class _SpanIndex:
    """Answers what overlaps a span of one page."""

    def __init__(self, spans: Iterable[tuple[int, int, Any]]) -> None:
        self.rows = sorted(spans, key=lambda row: row[:2])
        self.longest = max((end - start for start, end, _ in self.rows), default=0)

    def find(self, start: int, end: int) -> list[Any]:
        first = bisect_left(self.rows, start - self.longest, key=lambda row: row[0])
        last = bisect_right(self.rows, end, key=lambda row: row[0])
        return [value for s, e, value in self.rows[first:last] if s < end and e > start]
