"""Passages, texts and pages -> how much of each text is shown within the pages' budgets."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from hkresearch.report.page_word_index import RUN, Matches, Span
from hkresearch.report.quotable_pages import WINDOWS
from hkresearch.report.quotes import (
    GAP,
    QuotedRun,
    count_own_runs,
    cut_quote,
    find_quotes,
    list_ranges,
    read_passage,
    split_ends,
)

if TYPE_CHECKING:
    from hkresearch.report.quotable_pages import QuotablePage, QuotablePages

ANSWER_WINDOW = 90  # characters that an answer may always quote in a row
OWN_WORDS_FACTOR = 3  # times as much room for words in quotation marks


def limit_quotes(
    notes: Iterable[Mapping[str, Any]],
    texts: Iterable[str],
    pages: QuotablePages,
    drawn: Iterable[str] = (),
    answers: Iterable[str] = (),
    share: float = 1.0,
) -> tuple[dict[str, dict[str, Any]], dict[str, str]]:
    """Return what is shown of each passage, by id, and of each text, with no page over its budget.

    Of a passage that is `before`, `exact`, `tail`, `after` and `is_whole`; one whose middle is left
    out has its first words as `exact` and its last as `tail`. Texts in charts and headlines
    (`drawn`) count and stay as they are; `answers` always quote a few words. Of each budget the
    part `share` is used.
    """
    notes, texts, drawn = list(notes), list(texts), sorted(drawn)
    all_texts = list(dict.fromkeys([*(note["exact"] for note in notes), *texts, *drawn]))
    numbers = {text: number for number, text in enumerate(all_texts)}
    matches = pages.index.find(all_texts)
    passages = _read_passages(notes, numbers, matches, pages)
    n_own = count_own_runs(passages, matches)
    in_texts = {text: find_quotes(text, numbers[text], matches, n_own) for text in texts}
    listed = [quote for quotes in in_texts.values() for quote in quotes]
    _raise_floors(listed, {numbers[text] for text in answers if text in in_texts}, matches)
    fixed: list[QuotedRun] = []
    for text in drawn:
        fixed += find_quotes(text, numbers[text], matches, n_own)
    for quote in fixed:
        quote.is_drawn = True
    windows = _settle_windows([*passages, *listed, *fixed], list(pages.values()), matches, share)
    shown = {}
    for note, quote in zip(notes, passages, strict=True):
        shown[note["id"]] = _show_passage(quote, windows[id(quote)])
    limited = {text: _show_text(text, found, windows) for text, found in in_texts.items() if found}
    return shown, limited


def _read_passages(
    notes: Sequence[Mapping[str, Any]],
    numbers: Mapping[str, int],
    matches: Matches,
    pages: QuotablePages,
) -> list[QuotedRun]:
    page_numbers = {id: number for number, id in enumerate(pages)}
    bodies = dict(pages.read_texts({note["article_id"] for note in notes}))
    quotes = []
    for note in notes:
        page = note["article_id"]
        quotes.append(read_passage(note, numbers, matches, page_numbers[page], bodies[page]))
    return quotes


def _raise_floors(quotes: Sequence[QuotedRun], answers: set[int], matches: Matches) -> None:
    """Let what an answer quotes stand as well wherever it is said again."""
    answered = [quote for quote in quotes if quote.text_number in answers]
    if not answered:
        return
    shown = matches.mark_pages(matches.mark_texts(*list_ranges(answered)))
    n_missed = np.concatenate([[0], np.cumsum(matches.mark_missed(shown))])
    text_numbers, first, last = list_ranges(quotes)
    text_starts = matches.first_words[text_numbers]
    is_shown = n_missed[text_starts + first] == n_missed[text_starts + last]
    for number in np.flatnonzero(is_shown).tolist():
        quotes[number].floor = ANSWER_WINDOW


# ----------------------------------------------------------------------------------------- windows


def _settle_windows(
    quotes: Sequence[QuotedRun], pages: Sequence[QuotablePage], matches: Matches, share: float
) -> dict[int, int]:
    """Return the window of each quote, by its identity.

    A page over its budget gets the next narrower window, until none is.
    """
    factors = np.array([OWN_WORDS_FACTOR if quote.is_own else 1 for quote in quotes], np.int64)
    floors = np.array([WINDOWS[0] if quote.is_drawn else quote.floor for quote in quotes], np.int64)
    budgets = np.array([int(page.budget * share) for page in pages], np.int64)
    levels = np.array([page.level for page in pages], np.int64)
    widths = np.array(WINDOWS, np.int64)
    windows = np.full(len(quotes), -1)
    parts: list[list[Span]] = [[]] * len(quotes)
    while True:
        before = windows
        windows = np.maximum(widths[_find_levels(quotes, matches, levels)] * factors, floors)
        for number in np.flatnonzero(before != windows).tolist():
            parts[number] = cut_quote(quotes[number], int(windows[number]))
        is_over = _count_shown(quotes, parts, matches) > budgets
        can_narrow = is_over & (levels < len(WINDOWS) - 1)
        if not can_narrow.any():
            return {id(quotes[n]): int(window) for n, window in enumerate(windows)}
        levels += can_narrow


def _find_levels(quotes: Sequence[QuotedRun], matches: Matches, levels: np.ndarray) -> np.ndarray:
    """Return for each quote the highest of the `levels` of the pages that have any of its words."""
    if not quotes:
        return np.zeros(0, np.int64)
    text_numbers, first, last = list_ranges(quotes)
    text_starts = matches.first_words[text_numbers]
    # The runs with a word of the quote.
    begin = np.maximum(text_starts, text_starts + first - RUN + 1)
    end = text_starts + last
    bounds = np.stack([begin, end]).T.ravel()
    of_runs = np.append(matches.find_highest(levels), 0)
    highest = np.maximum.reduceat(of_runs, bounds)[::2]
    homes = np.array([quote.home[0] if quote.home else -1 for quote in quotes], np.int64)
    of_homes = np.where(homes < 0, 0, np.append(levels, 0)[homes])
    return np.maximum(np.where(begin < end, highest, 0), of_homes)


def _count_shown(
    quotes: Sequence[QuotedRun], parts: Sequence[Sequence[Span]], matches: Matches
) -> np.ndarray:
    """Return how many characters of each page are shown."""
    ranges = []
    near: dict[int, list[Span]] = defaultdict(list)
    for quote, spans in zip(quotes, parts, strict=True):
        for span in spans:
            begin, end = _find_words_within(quote, span, matches)
            if begin < end:
                ranges.append((quote.text_number, begin, end))
            if quote.home:
                page, offset = quote.home
                near[page].append((offset + span[0], offset + span[1]))
    text_numbers, begins, ends = np.array(ranges, np.int64).reshape(-1, 3).T
    shown = matches.mark_pages(matches.mark_texts(text_numbers, begins, ends))
    counts = matches.index.count_chars(shown)
    for page, page_spans in near.items():
        for start, end in _join_spans(page_spans):
            counts[page] += matches.index.count_beside(shown, page, start, end)
    return counts


def _find_words_within(quote: QuotedRun, span: Span, matches: Matches) -> Span:
    """Return which words of the quote's text lie in a part of it, as (first, last + 1)."""
    words = matches.words[quote.text_number]
    start, end = span
    begin = bisect_left(words, (start, 0))
    until = bisect_right(words, end, key=lambda word: word[1])
    return max(quote.first, begin), min(quote.last, until)


def _join_spans(spans: Iterable[Span]) -> list[Span]:
    """Return the same stretches, those that meet as one."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


# ----------------------------------------------------------------------------------- what is shown


def _show_passage(quote: QuotedRun, window: int) -> dict[str, Any]:
    parts = cut_quote(quote, window)
    if len(parts) == 1:
        first, last = parts[0]
        if first <= 0 and last >= quote.end:
            return {
                "before": quote.before[len(quote.before) + first :],
                "exact": quote.text,
                "tail": "",
                "is_whole": True,
                "after": quote.after[: last - quote.end],
            }
    head, tail = split_ends(quote, parts)
    return {"before": "", "exact": head, "tail": tail, "is_whole": False, "after": ""}


def _show_text(text: str, quotes: Iterable[QuotedRun], windows: Mapping[int, int]) -> str:
    """Return the text with its quotes cut; `windows` are by the identity of the quote."""
    pieces = []
    end = 0
    for quote in quotes:
        parts = cut_quote(quote, windows[id(quote)])
        pieces.append(text[end : quote.start])
        if parts == [(quote.start, quote.end)]:
            pieces.append(text[quote.start : quote.end])
        else:
            head, tail = split_ends(quote, parts)
            pieces.append(" ".join(filter(None, (head, GAP, tail))))
        end = quote.end
    return "".join([*pieces, text[end:]])
