"""Pages and texts -> where the pages have the words of the texts: every run of RUN words or more that both have."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

RUN = 6  # words in a row, or Han characters, that are somebody's words; fewer are anybody's
WORD = re.compile(r"[\u2e80-\U0003ffff]|[^\W_\u2e80-\U0003ffff]+")
END = 0  # stands for the end of a page or text where words are numbered
CHUNK = 1 << 22  # words, or pairs of places, that are worked on at a time
# Odd numbers drawn once: two runs of RUN words have the same sum of products as good as never.
FACTORS = (
    0x55E12A2CB380092B, 0xC839A890D9E59FE3, 0x9A852E11FDC63925, 0x7A6F5D43062B4015, 0x08B858C0D500815D, 0x509EFBCD0E830645,
)  # fmt: skip

Span = tuple[int, int]


def find_words(text: str) -> list[Span]:
    """Return where each word, and each Han character, of `text` begins and ends."""
    return [found.span() for found in WORD.finditer(text)]


class PageIndex:
    """The words of all pages, numbered on from page to page, and the run of RUN words that begins at each.

    `starts` says where each word begins, in characters counted on likewise; a page's last entry is the end of its text.
    """

    def __init__(self, texts: Iterable[str]):
        self.vocabulary: dict[str, int] = {}
        numbers, starts, first_chars = array("I"), array("q"), array("q", [0])
        for text in texts:
            spans = find_words(text)
            numbers.extend(_number_words(text, spans, self.vocabulary))
            numbers.append(END)
            starts.extend(first_chars[-1] + start for start, _ in spans)
            starts.append(first_chars[-1] + len(text))
            first_chars.append(starts[-1])
        self.starts = np.frombuffer(starts, np.int64) if starts else np.zeros(0, np.int64)
        self.first_chars = np.frombuffer(first_chars, np.int64)
        self.first_words = np.concatenate([[0], np.flatnonzero(np.frombuffer(numbers, np.uint32) == END) + 1])
        self.runs = _hash_runs(numbers)

    def find(self, texts: Sequence[str]) -> Matches:
        """Return where the pages have the words of each of `texts`."""
        numbers, first_words, words, others = array("I"), array("q", [0]), [], {}
        for text in texts:
            words.append(find_words(text))
            numbers.extend(_number_words(text, words[-1], self.vocabulary, others))
            numbers.append(END)
            first_words.append(len(numbers))
        runs = _hash_runs(numbers)
        wanted = np.unique(runs[runs != 0])
        which, places = self._find_runs(wanted)
        spans = _join_runs(np.searchsorted(wanted, runs), runs != 0, which, places, len(wanted))
        bounds = np.searchsorted(spans[0], np.frombuffer(first_words, np.int64))
        return Matches(self, words, np.frombuffer(first_words, np.int64), runs, bounds, *spans)

    def _find_runs(self, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return which of the sorted runs `wanted` stand in the pages, and where, in their order."""
        found, at = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        for first in range(0, len(self.runs) if len(wanted) else 0, CHUNK):
            runs = self.runs[first : first + CHUNK]
            near = np.minimum(np.searchsorted(wanted, runs), len(wanted) - 1)
            hits = np.flatnonzero(wanted[near] == runs)
            found.append(near[hits])
            at.append(hits + first)
        which, places = np.concatenate(found), np.concatenate(at)
        order = np.argsort(which, kind="stable")
        return which[order], places[order]


def _number_words(text: str, spans: list[Span], known: dict[str, int], others: dict[str, int] | None = None) -> list[int]:
    """Return a number for each word; a word that is not `known` becomes so, or one of the `others` where these are."""
    words = [text[start:end].casefold() for start, end in spans]
    if others is None:
        return [known.setdefault(word, len(known) + 1) for word in words]
    return [known.get(word) or others.setdefault(word, len(known) + len(others) + 1) for word in words]


def _hash_runs(numbers: array) -> np.ndarray:
    """Return a hash of the run that begins at each word, 0 where the text ends before it does."""
    words = np.concatenate([np.frombuffer(numbers, np.uint32), np.zeros(RUN - 1, np.uint32)])
    runs, is_run = np.zeros(len(numbers), np.uint64), np.ones(len(numbers), bool)
    for n, factor in enumerate(FACTORS):
        there = words[n : n + len(numbers)]
        runs += there * np.uint64(factor)
        is_run &= there != END
    runs[~is_run] = 0
    return runs


def _join_runs(
    run: np.ndarray, is_run: np.ndarray, which: np.ndarray, places: np.ndarray, n: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return (first word in the texts, first word in the pages, words) of all that texts and pages have in common."""
    bounds = np.searchsorted(which, np.arange(n + 1))
    words = np.flatnonzero(is_run)
    sizes = (bounds[1:] - bounds[:-1])[run[words]]
    words, sizes = words[sizes > 0], sizes[sizes > 0]
    pieces = [(np.zeros(0, np.int64),) * 3]
    ends = np.cumsum(sizes)
    begin = 0
    while begin < len(words):
        end = max(begin + 1, int(np.searchsorted(ends, ends[begin] - sizes[begin] + CHUNK, "right")))
        while end < len(words) and words[end] == words[end - 1] + 1:  # never within what may be one span
            end += 1
        here, n_here = words[begin:end], sizes[begin:end]
        pieces.append(_join_pairs(np.repeat(here, n_here), places[_count_on(bounds[run[here]], n_here)]))
        begin = end
    return tuple(np.concatenate(column) for column in zip(*pieces, strict=True))


def _join_pairs(words: np.ndarray, places: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    order = np.lexsort((words, places - words))
    words, places = words[order], places[order]
    apart = places - words
    is_first = np.ones(len(words), bool)
    is_first[1:] = (apart[1:] != apart[:-1]) | (words[1:] != words[:-1] + 1)
    first = np.flatnonzero(is_first)
    n_words = np.diff(np.append(first, len(words))) + RUN - 1
    order = np.argsort(words[first], kind="stable")
    return words[first][order], places[first][order], n_words[order]


def _count_on(first: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Return first[0], first[0] + 1, ... (sizes[0] of them), first[1], ..."""
    return np.repeat(first - (np.cumsum(sizes) - sizes), sizes) + np.arange(sizes.sum())


@dataclass(frozen=True, slots=True)
class Matches:
    """Where the pages of `index` have the words of some texts, as spans: (first word, first place, words) each.

    `words` holds, per text, where its words begin and end; `first_words` where they begin when counted on from text to
    text, as in `runs` and `first`; `bounds` where each text's spans begin.
    """

    index: PageIndex
    words: list[list[Span]]
    first_words: np.ndarray
    runs: np.ndarray
    bounds: np.ndarray
    first: np.ndarray
    places: np.ndarray
    n_words: np.ndarray

    def list_covered(self, text: int) -> list[int]:
        """Return the words of the text number `text` that any page has, within a run that both have."""
        here = slice(self.bounds[text], self.bounds[text + 1])
        steps = np.zeros(len(self.words[text]) + 1, np.int64)
        np.add.at(steps, self.first[here] - self.first_words[text], 1)
        np.add.at(steps, self.first[here] - self.first_words[text] + self.n_words[here], -1)
        return np.flatnonzero(np.cumsum(steps[:-1])).tolist()

    def place(self, texts: np.ndarray, begin: np.ndarray, end: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return (which, first, last) for all places where pages have of the words `begin`:`end` of `texts`.

        `which` counts in these; first:last are words of the pages.
        """
        sizes = self.bounds[texts + 1] - self.bounds[texts]
        span = _count_on(self.bounds[texts], sizes)
        which = np.repeat(np.arange(len(texts)), sizes)
        word = self.first[span] - self.first_words[texts][which]
        first, last = np.maximum(word, begin[which]), np.minimum(word + self.n_words[span], end[which])
        kept = first < last
        moved = (self.places[span] - word)[kept]
        return which[kept], moved + first[kept], moved + last[kept]

    def find_pages(self, places: np.ndarray) -> np.ndarray:
        """Return the number of the page of each of `places`."""
        return np.searchsorted(self.index.first_words, places, "right") - 1

    def count_shown(self, texts: np.ndarray, begin: np.ndarray, end: np.ndarray, others: np.ndarray) -> np.ndarray:
        """Return how many characters of each page are said by words `begin`:`end` of `texts`, or lie in `others`.

        `others` holds, a row each, the first and the last of characters counted on from page to page.
        """
        _, first, last = self.place(texts, begin, end)
        starts = np.concatenate([self.index.starts[first], others[:, 0]])
        ends = np.concatenate([self.index.starts[last], others[:, 1]])
        order = np.argsort(starts)
        starts, ends = starts[order], np.maximum.accumulate(ends[order])
        ends_before = np.concatenate([[0], ends[:-1]])
        pages = np.searchsorted(self.index.first_chars, starts, "right") - 1
        new = np.maximum(0, ends - np.maximum(starts, ends_before))
        return np.bincount(pages, new, len(self.index.first_chars))[: len(self.index.first_chars) - 1]
