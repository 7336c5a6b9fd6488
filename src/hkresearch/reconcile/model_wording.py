"""Wordings of one statement -> the one that stands for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from hkresearch.reconcile.interrupted_quotations import Halves
from hkresearch.reconcile.statements import Quote
from hkresearch.reconcile.word_forms import compare_wording

_MOST_WORDINGS = 24  # that are compared
_UNDATED = "~"  # sorts after every date


def choose_model_wording(quotes: Sequence[Quote], halves: Sequence[Halves]) -> str:
    """Return the direct wording that most pages carry, whole or in part.

    Of several the most frequent one, then the earliest. `halves` are quotations cut in two.
    """
    direct = [quote for quote in quotes if quote.is_direct] or list(quotes)
    pages = _list_pages(direct, halves)
    texts = _preselect(pages)
    support = {text: _count_support(text, texts, pages) for text in texts}
    dates = _date_wordings(direct)
    return min(
        texts,
        key=lambda text: (
            -support[text],
            -len(pages[text]),
            dates.get(text, _UNDATED),
            -len(text),
            text,
        ),
    )


def _list_pages(direct: Iterable[Quote], halves: Iterable[Halves]) -> dict[str, set[str]]:
    """Return wording -> the pages that have it, two halves of a quotation as one wording."""
    pages: dict[str, set[str]] = defaultdict(set)
    for quote in direct:
        pages[quote.exact].add(quote.article_id)
    for one, two in halves:
        if one.is_direct and two.is_direct:
            pages[f"{one.exact} … {two.exact}"] = {one.article_id}
    return pages


def _preselect(pages: Mapping[str, Collection[str]]) -> list[str]:
    """Return the wordings that most pages carry, and the longest ones."""
    frequent = sorted(pages, key=lambda text: (-len(pages[text]), -len(text), text))
    longest = sorted(pages, key=lambda text: (-len(text), text))
    return sorted({*frequent[:_MOST_WORDINGS], *longest[:_MOST_WORDINGS]})


def _count_support(text: str, texts: Iterable[str], pages: Mapping[str, set[str]]) -> int:
    """Return how many pages carry `text`, whole or in part."""
    parts = [other for other in texts if compare_wording(other, text) in ("verbatim", "fragment")]
    return len(set().union(*(pages[part] for part in parts)))


def _date_wordings(direct: Iterable[Quote]) -> dict[str, str]:
    dates: dict[str, str] = {}
    for quote in direct:
        date = quote.published or _UNDATED
        dates[quote.exact] = min(date, dates.get(quote.exact, _UNDATED))
    return dates
