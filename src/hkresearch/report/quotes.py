"""Passages and texts -> the runs of page words in them, and what a window lets through."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hkresearch.display.fonts import FIRST_HAN
from hkresearch.report.page_word_index import RUN, Matches, Span

GAP = "[…]"
SHORTEST_ENDS = 24  # a narrower window shows only the beginning: two stumps say less than one
# What was left out and put in of a wording; and where a label's own name ends and the words begin.
BREAKS = re.compile(r"\[-|-\]|\{\+|\+\}|\[…\]|“")
OPENING_MARK = "“"
LONGEST_LABEL = 3  # words before an opening mark that only say whose words follow
LETTER_OR_DIGIT = re.compile(r"[^\W_]")
INNER_APOSTROPHES = ("'", "’")
LOOSE_ENDS = " ,;:–—-“”‘’\"'"  # that end nothing and begin nothing beside a gap


@dataclass(slots=True)
class QuotedRun:
    """A run of page words in a text that is to be shown.

    Attributes
    ----------
    text, start, end
        The text and where the run stands in it, in characters.
    text_number, first, last
        The text's number in the Matches, and which of its words the run has.
    is_own : bool
        Whether it is somebody's own words.
    before, after : str
        Of a passage, its context.
    is_drawn : bool
        Whether it stands in a chart, which stays as it is.
    floor : int
        The least window, in characters, for the words that the answer itself quotes.
    home : (int, int), optional
        Of a passage, the number of its page, and where it begins there.
    """

    text: str
    start: int
    end: int
    text_number: int
    first: int
    last: int
    is_own: bool = False
    before: str = ""
    after: str = ""
    is_drawn: bool = False
    floor: int = 0
    home: tuple[int, int] | None = None


def read_passage(
    note: Mapping[str, Any],
    numbers: Mapping[str, int],
    matches: Matches,
    page: int,
    body: str,
) -> QuotedRun:
    """Return the QuotedRun of a passage, its context without half a word at either end.

    Parameters
    ----------
    note : mapping
        The passage.
    numbers : mapping
        Text -> its number in `matches`.
    page : int
        The number of its page.
    body : str
        The text layer of its page.
    """
    before, exact, after = note["before"], note["exact"], note["after"]
    if is_inside_word(body, note["start"] - len(before)):
        before = before[_skip_word(before) :]
    if is_inside_word(body, note["end"] + len(after)):
        after = after[: len(after) - _skip_word(after[::-1])]
    number = numbers[exact]
    return QuotedRun(
        text=exact,
        start=0,
        end=len(exact),
        text_number=number,
        first=0,
        last=len(matches.words[number]),
        is_own=bool(note.get("is_own")),
        before=before,
        after=after,
        home=(page, note["start"]),
    )


def _skip_word(text: str) -> int:
    """Return where the first white space of `text` ends, or where `text` does."""
    found = re.search(r"\s+", text)
    return found.end() if found else len(text)


def count_own_runs(passages: Iterable[QuotedRun], matches: Matches) -> np.ndarray:
    """Return for each word how many runs before it are in somebody's own words."""
    numbers = sorted({quote.text_number for quote in passages if quote.is_own})
    runs = [np.zeros(0, np.uint64)]
    for number in numbers:
        runs.append(matches.runs[matches.first_words[number] : matches.first_words[number + 1]])
    is_own = np.isin(matches.runs, np.concatenate(runs)) & (matches.runs != 0)
    return np.concatenate([[0], np.cumsum(is_own)])


def find_quotes(text: str, number: int, matches: Matches, n_own: np.ndarray) -> list[QuotedRun]:
    """Return the runs of page words in `text`, in order.

    A mark of what was left out or put in ends a run, and so does an opening quotation mark.

    Parameters
    ----------
    number : int
        Of the text, in `matches`.
    n_own : array
        As `count_own_runs` returns it.
    """
    words = matches.words[number]
    quotes = []
    for run in _list_runs(text, number, matches):
        first, last = run[0], run[-1]
        start, end = words[first][0], words[last][1]
        if len(run) <= LONGEST_LABEL and OPENING_MARK in text[end : end + 3]:
            continue
        quote = QuotedRun(text, start, end, number, first, last + 1)
        quote.is_own = _has_own_run(quote, matches, n_own)
        quotes.append(quote)
    return quotes


def _list_runs(text: str, number: int, matches: Matches) -> list[list[int]]:
    """Return the page words of `text` as runs of neighbours without a break."""
    words = matches.words[number]
    found = matches.found[matches.first_words[number] : matches.first_words[number + 1]]
    breaks = [mark.start() for mark in BREAKS.finditer(text)]
    runs: list[list[int]] = []
    for word in np.flatnonzero(found).tolist():
        if runs and runs[-1][-1] == word - 1:
            gap_start, gap_end = words[word - 1][1], words[word][0]
            if not any(gap_start <= place < gap_end for place in breaks):
                runs[-1].append(word)
                continue
        runs.append([word])
    return runs


def _has_own_run(quote: QuotedRun, matches: Matches, n_own: np.ndarray) -> bool:
    text_start = matches.first_words[quote.text_number]
    first = text_start + quote.first
    last = text_start + quote.last - RUN + 1
    return bool(last > first and n_own[last] > n_own[first])


def list_ranges(quotes: Sequence[QuotedRun]) -> np.ndarray:
    """Return three rows: the text of each quote, its first word there, and where its words end."""
    ranges = [(quote.text_number, quote.first, quote.last) for quote in quotes]
    return np.array(ranges, np.int64).reshape(-1, 3).T


# ----------------------------------------------------------------------------------------- cutting


def cut_quote(quote: QuotedRun, window: int) -> list[Span]:
    """Return what a window lets through: all of a quote, or its beginning and its end.

    Where there is room left, the part reaches into the context: before 0, after the end.
    """
    if not window:
        return []
    start, end, text = quote.start, quote.end, quote.text
    if end - start <= window + len(GAP):
        room = max(0, window - (end - start)) // 2
        return [(start - _fit_end(quote.before, room), end + _fit_start(quote.after, room))]
    tail = window * 2 // 5 if window > SHORTEST_ENDS else 0
    n_first = _fit_start(text[start:end], window - tail)
    head = start + len(text[start : start + n_first].rstrip(LOOSE_ENDS))
    rest = text[head:end]
    n_last = _fit_end(rest, tail)
    last = end - len(rest[len(rest) - n_last :].lstrip(LOOSE_ENDS))
    return [(first, until) for first, until in ((start, head), (last, end)) if first < until]


def split_ends(quote: QuotedRun, parts: Iterable[Span]) -> tuple[str, str]:
    """Return what is shown of the beginning and of the end of a quote, each perhaps empty."""
    head, tail = "", ""
    for start, end in parts:
        if start == quote.start:
            head = quote.text[start:end]
        elif start > quote.start and not tail:
            tail = quote.text[start:end]
    return head, tail


def _fit_start(text: str, room: int) -> int:
    """Return how many characters of the beginning of `text` fit into `room` without half a word."""
    if len(text) <= room:
        return len(text)
    end = max(0, room)
    while 0 < end and is_inside_word(text, end):
        end -= 1
    return len(text[:end].rstrip())


def _fit_end(text: str, room: int) -> int:
    """Return how many characters of the end of `text` fit into `room` without half a word."""
    if len(text) <= room:
        return len(text)
    size = max(0, room)
    while 0 < size < len(text) and is_inside_word(text, len(text) - size):
        size -= 1
    return len(text[len(text) - size :].lstrip()) if size else 0


def is_inside_word(text: str, place: int) -> bool:
    """Return whether `place` lies within a word of `text`.

    Han characters are words of their own.
    """
    if place <= 0 or place >= len(text):
        return False
    left, right = text[place - 1], text[place]
    if left in INNER_APOSTROPHES:  # as in it's: the letters on both sides are one word
        left = text[place - 2] if place >= 2 else ""
    elif right in INNER_APOSTROPHES:
        right = text[place + 1 : place + 2]
    return _is_spaced_letter(left) and _is_spaced_letter(right)


def _is_spaced_letter(character: str) -> bool:
    return bool(LETTER_OR_DIGIT.match(character)) and character < FIRST_HAN
