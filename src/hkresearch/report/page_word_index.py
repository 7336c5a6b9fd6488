"""Pages and texts -> which words of the pages are also in the texts: those within a run of RUN words that both have."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

RUN = 6  # words in a row, or Han characters, that are somebody's words; fewer are anybody's
WORD = re.compile(r"[\u2e80-\U0003ffff]|[^\W_\u2e80-\U0003ffff]+")
ALL = (1 << RUN) - 1  # words of a run, a bit each
END = 0  # stands for the end of a page or text where words are numbered
CHUNK = 1 << 22  # words that are worked on at a time
# Odd numbers drawn once: two runs of RUN words have the same sum of products as good as never.
FACTORS = (
    0x55E12A2CB380092B, 0xC839A890D9E59FE3, 0x9A852E11FDC63925, 0x7A6F5D43062B4015, 0x08B858C0D500815D, 0x509EFBCD0E830645,
)  # fmt: skip

Span = tuple[int, int]


def find_words(text: str) -> list[Span]:
    """Return where each word, and each Han character, of `text` begins and ends."""
    return [found.span() for found in WORD.finditer(text)]


class PageIndex:
    """The words of all pages, numbered on from page to page, and where each run of RUN words stands.

    `starts` says where each word begins in its page, in characters; a page's last entry is the end of its text.
    `runs` holds the runs of all pages, sorted, and `places` at which word each begins.
    """

    def __init__(self, texts: Iterable[str]):
        self.vocabulary: dict[str, int] = {}
        numbers, starts, first_words = array("I"), array("I"), array("q", [0])
        for text in texts:
            spans = find_words(text)
            numbers.extend(_number_words(text, spans, self.vocabulary))
            numbers.append(END)
            starts.extend(start for start, _ in spans)
            starts.append(len(text))
            first_words.append(len(numbers))
        self.starts, self.first_words = _view(starts), _view(first_words)
        self.runs, self.places = _sort_runs(_hash_runs(numbers))

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
        begin, end = (np.searchsorted(self.runs, wanted, side) for side in ("left", "right"))
        wanted, begin, sizes = wanted[begin < end], begin[begin < end], (end - begin)[begin < end]
        which = np.full(len(runs), -1)
        if len(wanted):
            near = np.minimum(np.searchsorted(wanted, runs), len(wanted) - 1)
            which = np.where(wanted[near] == runs, near, -1)
        places = self.places[_count_on(begin, sizes)]
        pages = (np.searchsorted(self.first_words, places, "right") - 1).astype(np.uint32)
        found = np.zeros(len(runs), bool)
        for n in range(RUN):
            found[np.flatnonzero(which >= 0) + n] = True
        return Matches(self, words, _view(first_words), runs, which, found, sizes, places, pages)

    def count_chars(self, marked: np.ndarray) -> np.ndarray:
        """Return how many characters of each page the words have that are `marked`, each with what follows it."""
        counts = np.zeros(len(self.first_words) - 1, np.int64)
        for first in range(0, len(marked), CHUNK):
            at = np.flatnonzero(marked[first : first + CHUNK]) + first
            sums = np.concatenate(
                [[0], np.cumsum(self.starts[at + 1] - self.starts[at], dtype=np.int64)]
            )
            counts += np.diff(sums[np.searchsorted(at, self.first_words)])
        return counts

    def count_beside(self, marked: np.ndarray, page: int, start: int, end: int) -> int:
        """Return how many of the characters `start`:`end` of `page` belong to no word that is `marked`."""
        here = slice(self.first_words[page], self.first_words[page + 1])
        starts = self.starts[here].astype(np.int64)
        first, last = (
            max(0, int(np.searchsorted(starts, start, "right")) - 1),
            int(np.searchsorted(starts, end)),
        )
        ends = np.minimum(starts[first + 1 : last + 1], end)
        shown = np.maximum(0, ends - np.maximum(starts[first:last], start)[: len(ends)])
        return end - start - int(shown[marked[here][first:last][: len(ends)]].sum())


def _number_words(
    text: str, spans: list[Span], known: dict[str, int], others: dict[str, int] | None = None
) -> list[int]:
    """Return a number for each word; a word that is not `known` becomes so, or one of the `others` where these are."""
    words = [text[start:end].casefold() for start, end in spans]
    if others is None:
        return [known.setdefault(word, len(known) + 1) for word in words]
    return [
        known.get(word) or others.setdefault(word, len(known) + len(others) + 1) for word in words
    ]


def _view(numbers: array) -> np.ndarray:
    """Return `numbers` as numpy sees them, without a copy."""
    dtype = {"I": np.uint32, "q": np.int64}[numbers.typecode]
    return np.frombuffer(numbers, dtype) if numbers else np.zeros(0, dtype)


def _hash_runs(numbers: array) -> np.ndarray:
    """Return a hash of the run that begins at each word, 0 where the text ends before it does."""
    words, runs = _view(numbers), np.zeros(len(numbers), np.uint64)
    for first in range(0, len(words) - RUN + 1, CHUNK):
        here = words[first : first + CHUNK + RUN - 1]
        sums, is_run = np.zeros(len(here) - RUN + 1, np.uint64), np.ones(len(here) - RUN + 1, bool)
        for n, factor in enumerate(FACTORS):
            there = here[n : n + len(sums)]
            sums += there * np.uint64(factor)
            is_run &= there != END
        runs[first : first + len(sums)] = np.where(is_run, sums, 0)
    return runs


def _sort_runs(runs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the runs, those that are none left out, sorted, and where each stands; some are sorted at a time."""
    kept = int(np.count_nonzero(runs))
    ordered, places, done = np.empty(kept, np.uint64), np.empty(kept, np.uint32), 0
    n_bits = (
        kept // CHUNK
    ).bit_length()  # the highest bits of a hash, by which runs are taken together
    for high in range(1 << n_bits):
        chosen = (runs >> np.uint64(64 - n_bits) == high) & (runs != 0) if n_bits else runs != 0
        at = np.flatnonzero(chosen)
        at = at[np.argsort(runs[at])]
        ordered[done : done + len(at)], places[done : done + len(at)] = runs[at], at
        done += len(at)
    return ordered, places


def _count_on(first: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Return first[0], first[0] + 1, ... (sizes[0] of them), first[1], ..."""
    return np.repeat(first - (np.cumsum(sizes) - sizes), sizes) + np.arange(sizes.sum())


@dataclass(frozen=True, slots=True)
class Matches:
    """Where the pages of `index` have the words of some texts.

    `words` holds, per text, where its words begin and end; `first_words` where they begin when counted on from text to
    text, as in `runs`, in `which`: the number of the run that begins there, -1 for one that no page has, and in `found`:
    whether any page has the word, within a run of both. `sizes` says how often the pages have each run; `places` and
    `pages` where, run by run.
    """

    index: PageIndex
    words: list[list[Span]]
    first_words: np.ndarray
    runs: np.ndarray
    which: np.ndarray
    found: np.ndarray
    sizes: np.ndarray
    places: np.ndarray
    pages: np.ndarray

    def mark_texts(
        self, texts: Iterable[int], begin: Iterable[int], end: Iterable[int]
    ) -> np.ndarray:
        """Return for each word of the texts whether it is among the words `begin`:`end` of one of `texts`."""
        marked = np.zeros(len(self.runs), bool)
        for first, a, b in zip(self.first_words[texts], begin, end, strict=True):
            marked[first + a : first + b] = True
        return marked

    def mark_pages(self, marked: np.ndarray) -> np.ndarray:
        """Return for each word of the pages whether it is one of the `marked` words of the texts, in a run of both."""
        at = np.flatnonzero(self.which >= 0)
        bits = np.zeros(len(at), np.uint8)
        for n in range(RUN):
            bits |= marked[at + n].astype(np.uint8) << n
        masks = np.zeros(len(self.sizes), np.uint8)
        np.bitwise_or.at(masks, self.which[at], bits)
        begun, masks = np.zeros(len(self.index.starts), bool), np.repeat(masks, self.sizes)
        begun[self.places[masks == ALL]] = True  # as nearly all are that are marked at all
        shown = begun.copy()
        for n in range(1, RUN):
            shown[n:] |= begun[:-n]
        at = np.flatnonzero((masks != 0) & (masks != ALL))
        for n in range(RUN):
            shown[self.places[at[masks[at] >> n & 1 != 0]] + np.int64(n)] = True
        return shown

    def mark_missed(self, shown: np.ndarray) -> np.ndarray:
        """Return for each word of the texts whether, in a run of both, it is a word of a page that is not `shown`."""
        missed, at = np.zeros(len(self.runs), bool), np.flatnonzero(self.which >= 0)
        for n in range(RUN if len(at) else 0):
            is_missed = np.logical_or.reduceat(
                ~shown[self.places + np.int64(n)], np.cumsum(self.sizes) - self.sizes
            )
            missed[at[is_missed[self.which[at]]] + n] = True
        return missed

    def find_highest(self, values: np.ndarray) -> np.ndarray:
        """Return for each word of the texts the highest of the `values` of the pages that have the run beginning there."""
        if not len(self.sizes):
            return np.zeros(len(self.runs), values.dtype)
        highest = np.maximum.reduceat(values[self.pages], np.cumsum(self.sizes) - self.sizes)
        return np.where(self.which >= 0, highest[self.which], 0)
