"""Passages, texts and pages -> how much of each passage and text is shown, such that no page is over its budget."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hkresearch.report.page_word_index import RUN, Matches, Span
from hkresearch.report.quotable_pages import WINDOWS

if TYPE_CHECKING:
    from hkresearch.report.quotable_pages import Page, Pages

ANSWER = 90  # characters that an answer may always quote in a row
OWN_WORDS = 3  # times as much room for words in quotation marks
GAP = "[…]"
SHORTEST_ENDS = (
    24  # a narrower window shows the beginning of a passage alone: two stumps say less than one
)
# How a table of wordings shows what was left out and put in; and where a label's own name ends and the words begin.
MARKS = re.compile(r"\[-|-\]|\{\+|\+\}|\[…\]|“")
NAME = 3  # words before an opening mark that only say whose words follow
LETTER = re.compile(r"[^\W_]")
APOSTROPHES = ("'", "’")
LOOSE = " ,;:–—-“”‘’\"'"  # that ends nothing and begins nothing beside a gap


@dataclass(slots=True)
class _Quote:
    """A run of page words, `first` to `last`, in a text (number `of` of the matches) that is to be shown."""

    text: str
    start: int
    end: int
    of: int
    first: int
    last: int
    is_own: bool = False
    before: str = ""
    after: str = ""
    is_drawn: bool = False  # in a chart, which is as it is
    floor: int = 0  # the least window, for the words that the answer itself quotes
    home: tuple[int, int] | None = None  # of a passage: its page, and where it begins there


def limit_quotes(
    notes: Iterable[Mapping[str, Any]],
    texts: Iterable[str],
    pages: Pages,
    drawn: Iterable[str] = (),
    answers: Iterable[str] = (),
    share: float = 1.0,
) -> tuple[dict[str, dict[str, Any]], dict[str, str]]:
    """Return before, exact, tail and after of each passage, by id, and each text, with no page over `share` of its budget.

    A passage whose middle is left out has its first words as `exact` and its last as `tail`. Texts in charts and
    headlines (`drawn`) count and stay as they are; `answers` always quote a few words.
    """
    notes, texts, drawn = list(notes), list(texts), sorted(drawn)
    said = {
        text: n
        for n, text in enumerate(
            dict.fromkeys([*(note["exact"] for note in notes), *texts, *drawn])
        )
    }
    matches = pages.index.find(list(said))
    numbers = {id: n for n, id in enumerate(pages)}
    bodies = dict(pages.read_texts({note["article_id"] for note in notes}))
    passages = [
        _read_passage(note, said, matches, numbers[note["article_id"]], bodies) for note in notes
    ]
    is_own = _mark_own(passages, matches)
    runs = {text: _find_quotes(text, said[text], matches, is_own) for text in texts}
    in_texts = [quote for found in runs.values() for quote in found]
    _raise_floors(in_texts, {said[text] for text in answers if text in runs}, matches)
    in_charts = [
        quote for text in drawn for quote in _find_quotes(text, said[text], matches, is_own)
    ]
    for quote in in_charts:
        quote.is_drawn = True
    quotes = [*passages, *in_texts, *in_charts]
    windows = dict(
        zip(
            map(id, quotes),
            _settle_windows(quotes, list(pages.values()), matches, share),
            strict=True,
        )
    )
    shown = {
        note["id"]: _show_passage(quote, windows[id(quote)])
        for note, quote in zip(notes, passages, strict=True)
    }
    return shown, {text: _show_text(text, found, windows) for text, found in runs.items() if found}


# --------------------------------------------------------------------------------------------------- whose words


def _read_passage(
    note: Mapping[str, Any],
    said: Mapping[str, int],
    matches: Matches,
    page: int,
    bodies: Mapping[str, str],
) -> _Quote:
    before, after, text = note["before"], note["after"], bodies[note["article_id"]]
    if _is_inside_word(text, note["start"] - len(before)):
        before = before[_skip_word(before) :]
    if _is_inside_word(text, note["end"] + len(after)):
        after = after[: len(after) - _skip_word(after[::-1])]
    exact, of = note["exact"], said[note["exact"]]
    return _Quote(
        exact, 0, len(exact), of, 0, len(matches.words[of]), is_own=bool(note.get("is_own")), before=before, after=after,
        home=(page, note["start"]),
    )  # fmt: skip


def _skip_word(text: str) -> int:
    """Return where the first white space of `text` ends, or where `text` does."""
    found = re.search(r"\s+", text)
    return found.end() if found else len(text)


def _mark_own(passages: Iterable[_Quote], matches: Matches) -> np.ndarray:
    """Return for each word of the texts how many runs before it are also in a passage of somebody's own words."""
    of = sorted({quote.of for quote in passages if quote.is_own})
    own = [matches.runs[matches.first_words[n] : matches.first_words[n + 1]] for n in of]
    is_own = np.isin(matches.runs, np.concatenate([np.zeros(0, np.uint64), *own])) & (
        matches.runs != 0
    )
    return np.concatenate([[0], np.cumsum(is_own)])


def _find_quotes(text: str, of: int, matches: Matches, n_own: np.ndarray) -> list[_Quote]:
    """Return the runs of page words in `text`, in order; a mark of what was left out or put in ends a run, and so does “."""
    words, found = (
        matches.words[of],
        matches.found[matches.first_words[of] : matches.first_words[of + 1]],
    )
    breaks = [found.start() for found in MARKS.finditer(text)]
    groups: list[list[int]] = []
    for n in np.flatnonzero(found).tolist():
        joined = (
            groups
            and groups[-1][-1] == n - 1
            and not any(words[n - 1][1] <= b < words[n][0] for b in breaks)
        )
        if joined:
            groups[-1].append(n)
        else:
            groups.append([n])
    groups = [g for g in groups if len(g) > NAME or "“" not in text[words[g[-1]][1] :][:3]]
    quotes = [_Quote(text, words[g[0]][0], words[g[-1]][1], of, g[0], g[-1] + 1) for g in groups]
    for quote in quotes:
        first, last = (
            matches.first_words[of] + quote.first,
            matches.first_words[of] + quote.last - RUN + 1,
        )
        quote.is_own = bool(last > first and n_own[last] > n_own[first])
    return quotes


def _raise_floors(quotes: Sequence[_Quote], answers: set[int], matches: Matches) -> None:
    """Let what an answer quotes stand as well wherever it is said again."""
    answered = [quote for quote in quotes if quote.of in answers]
    if not answered:
        return
    of, first, last = _list_ranges(answered)
    shown = matches.mark_pages(matches.mark_texts(of, first, last))
    n_missed = np.concatenate([[0], np.cumsum(matches.mark_missed(shown))])
    of, first, last = _list_ranges(quotes)
    begin = matches.first_words[of]
    for n in np.flatnonzero(n_missed[begin + first] == n_missed[begin + last]):
        quotes[n].floor = ANSWER


def _list_ranges(quotes: Sequence[_Quote]) -> np.ndarray:
    """Return three rows: the text of each quote, its first word there, and where its words end."""
    return np.array([(q.of, q.first, q.last) for q in quotes], np.int64).reshape(-1, 3).T


# --------------------------------------------------------------------------------------------------- the windows


def _settle_windows(
    quotes: Sequence[_Quote], pages: Sequence[Page], matches: Matches, share: float
) -> list[int]:
    """Return each quote's window: a page over its budget gets the next narrower one, until none is."""
    is_own = np.array([OWN_WORDS if quote.is_own else 1 for quote in quotes], np.int64)
    floors = np.array([WINDOWS[0] if quote.is_drawn else quote.floor for quote in quotes], np.int64)
    budgets = np.array([int(page.budget * share) for page in pages], np.int64)
    levels = np.array([page.level for page in pages], np.int64)
    widths, windows = np.array(WINDOWS, np.int64), np.full(len(quotes), -1)
    kept: list[list[Span]] = [[]] * len(quotes)
    while True:
        before, windows = (
            windows,
            np.maximum(widths[_find_levels(quotes, matches, levels)] * is_own, floors),
        )
        for n in np.flatnonzero(before != windows):
            kept[n] = _cut(quotes[n], int(windows[n]))
        is_over = (_count_shown(quotes, kept, matches) > budgets) & (levels < len(WINDOWS) - 1)
        if not is_over.any():
            return windows.tolist()
        levels += is_over


def _find_levels(quotes: Sequence[_Quote], matches: Matches, levels: np.ndarray) -> np.ndarray:
    """Return for each quote the highest of the `levels` of the pages that have any of its words."""
    of, first, last = _list_ranges(quotes)
    begin = matches.first_words[of]
    runs = np.stack(
        [np.maximum(begin, begin + first - RUN + 1), begin + last]
    )  # those with a word of the quote
    highest = (
        np.maximum.reduceat(np.append(matches.find_highest(levels), 0), runs.T.ravel())[::2]
        if quotes
        else of
    )
    homes = np.array([quote.home[0] if quote.home else -1 for quote in quotes], np.int64)
    return np.maximum(
        np.where(runs[0] < runs[1], highest, 0), np.where(homes < 0, 0, np.append(levels, 0)[homes])
    )


def _count_shown(
    quotes: Sequence[_Quote], kept: Sequence[list[Span]], matches: Matches
) -> np.ndarray:
    """Return how many characters of each page are shown."""
    said, near = [], defaultdict(list)
    for quote, spans in zip(quotes, kept, strict=True):
        words = matches.words[quote.of]
        for first, last in spans:
            begin = max(quote.first, bisect_left(words, (first, 0)))
            end = min(quote.last, bisect_right(words, last, key=lambda word: word[1]))
            if begin < end:
                said.append((quote.of, begin, end))
            if quote.home:
                page, offset = quote.home
                near[page].append((offset + first, offset + last))
    of, begin, end = np.array(said, np.int64).reshape(-1, 3).T
    shown = matches.mark_pages(matches.mark_texts(of, begin, end))
    counts = matches.index.count_chars(shown)
    for page, spans in near.items():
        counts[page] += sum(
            matches.index.count_beside(shown, page, start, end) for start, end in _join_spans(spans)
        )
    return counts


def _join_spans(spans: Iterable[Span]) -> list[Span]:
    """Return the same stretches, those that meet as one."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _cut(quote: _Quote, window: int) -> list[Span]:
    """Return the parts of a quote's text that a window lets through: all of it, or its beginning and its end."""
    start, end, text = quote.start, quote.end, quote.text
    if not window:
        return []
    if end - start <= window + len(GAP):
        room = max(0, window - (end - start)) // 2
        return [(start - _fit_end(quote.before, room), end + _fit_start(quote.after, room))]
    tail = window * 2 // 5 if window > SHORTEST_ENDS else 0
    head = start + len(
        text[start : start + _fit_start(text[start:end], window - tail)].rstrip(LOOSE)
    )
    rest = text[head:end]
    last = end - len(rest[len(rest) - _fit_end(rest, tail) :].lstrip(LOOSE))
    return [span for span in ((start, head), (last, end)) if span[0] < span[1]]


def _fit_start(text: str, room: int) -> int:
    """Return how many characters of the beginning of `text` fit into `room` without half a word."""
    if len(text) <= room:
        return len(text)
    n = max(0, room)
    while 0 < n and _is_inside_word(text, n):
        n -= 1
    return len(text[:n].rstrip())


def _fit_end(text: str, room: int) -> int:
    if len(text) <= room:
        return len(text)
    n = max(0, room)
    while 0 < n < len(text) and _is_inside_word(text, len(text) - n):
        n -= 1
    return len(text[len(text) - n :].lstrip()) if n else 0


def _is_inside_word(text: str, at: int) -> bool:
    pair = text[at - 1 : at + 1] if at > 0 else ""
    if pair[:1] in APOSTROPHES and pair:  # as in it's: the letters on both sides are one word
        pair = text[at - 2 : at - 1] + pair[1:]
    elif pair[1:] in APOSTROPHES and pair[1:]:
        pair = pair[:1] + text[at + 1 : at + 2]
    return len(pair) == 2 and all(LETTER.match(c) and c < "\u2e80" for c in pair)


def _show_passage(quote: _Quote, window: int) -> dict[str, Any]:
    kept = _cut(quote, window)
    text, whole = quote.before + quote.text + quote.after, len(quote.before)
    if kept and len(kept) == 1 and kept[0][0] <= 0 and kept[0][1] >= quote.end:
        first, last = kept[0]
        return {
            "before": text[whole + first : whole], "exact": quote.text, "tail": "", "is_whole": True,
            "after": text[whole + quote.end : whole + last],
        }  # fmt: skip
    head, tail = _split_ends(quote, kept)
    return {"before": "", "exact": head, "tail": tail, "is_whole": False, "after": ""}


def _split_ends(quote: _Quote, kept: list[Span]) -> tuple[str, str]:
    """Return what is kept of the beginning of a quote and of its end, each empty where nothing is."""
    head = next((quote.text[a:b] for a, b in kept if a == quote.start), "")
    return head, next((quote.text[a:b] for a, b in kept if a > quote.start), "")


def _show_text(text: str, quotes: list[_Quote], windows: Mapping[int, int]) -> str:
    pieces, at = [], 0
    for quote in quotes:
        kept = _cut(quote, windows[id(quote)])
        pieces.append(text[at : quote.start])
        if kept == [(quote.start, quote.end)]:
            pieces.append(text[quote.start : quote.end])
        else:
            head, tail = _split_ends(quote, kept)
            pieces.append(" ".join(filter(None, (head, GAP, tail))))
        at = quote.end
    return "".join([*pieces, text[at:]])
