"""Pages and texts -> which words of the pages the texts have, in runs of RUN words."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hkresearch.core.words import PLAIN_WORD

RUN = 6  # words in a row, or Han characters, that are somebody's words; fewer are anybody's
ALL_OF_RUN = (1 << RUN) - 1  # words of a run, a bit each
END = 0  # stands for the end of a page or text where words are numbered
WORDS_AT_ONCE = 1 << 22
HASH_BITS = 64
# Odd numbers drawn once: two runs of RUN words have the same sum of products as good as never.
FACTORS = (
    0x55E12A2CB380092B, 0xC839A890D9E59FE3, 0x9A852E11FDC63925, 0x7A6F5D43062B4015,
    0x08B858C0D500815D, 0x509EFBCD0E830645,
)  # fmt: skip

Span = tuple[int, int]
Numbers = np.ndarray[Any, np.dtype[Any]]


def locate_words(text: str) -> list[Span]:
    """Return where each word, and each Han character, of `text` begins and ends."""
    return [found.span() for found in PLAIN_WORD.finditer(text)]


class PageIndex:
    """The words of all pages, numbered from page to page, and where each run stands.

    Attributes
    ----------
    vocabulary : dict
        Word in lower case -> its number.
    starts : array
        Where each word begins in its page, in characters; last of each page, where its text ends.
    first_words : array
        At which entry of `starts` each page begins, and the end of the last one.
    runs, places : array
        The hashes of the runs of all pages, sorted, and at which word each begins.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self.vocabulary: dict[str, int] = {}
        numbers, starts, first_words = array("I"), array("I"), array("q", [0])
        for text in texts:
            spans = locate_words(text)
            numbers.extend(self._learn_words(text, spans))
            numbers.append(END)
            starts.extend(start for start, _ in spans)
            starts.append(len(text))
            first_words.append(len(numbers))
        self.starts = _view_array(starts)
        self.first_words = _view_array(first_words)
        self.runs, self.places = _sort_runs(_hash_runs(_view_array(numbers)))

    def _learn_words(self, text: str, spans: Iterable[Span]) -> list[int]:
        """Return the number of each word; a new one gets the next."""
        known = self.vocabulary
        words = [text[start:end].casefold() for start, end in spans]
        return [known.setdefault(word, len(known) + 1) for word in words]

    def find(self, texts: Sequence[str]) -> Matches:
        """Return where the pages have the words of each of `texts`."""
        words = [locate_words(text) for text in texts]
        numbers, first_words = self._number_texts(texts, words)
        runs = _hash_runs(numbers)
        wanted = np.unique(runs[runs != 0])
        begin = np.searchsorted(self.runs, wanted, "left")
        end = np.searchsorted(self.runs, wanted, "right")
        is_known = begin < end
        wanted, begin, sizes = wanted[is_known], begin[is_known], (end - begin)[is_known]
        which = _look_up(runs, wanted)
        places = self.places[_count_on(begin, sizes)]
        pages = (np.searchsorted(self.first_words, places, "right") - 1).astype(np.uint32)
        found = np.zeros(len(runs), bool)
        for offset in range(RUN):
            found[np.flatnonzero(which >= 0) + offset] = True
        return Matches(self, words, first_words, runs, which, found, sizes, places, pages)

    def _number_texts(
        self, texts: Sequence[str], words: Sequence[Sequence[Span]]
    ) -> tuple[Numbers, Numbers]:
        """Return the number of each word of the texts, END after each, and where each text begins.

        A word that no page has gets a number that no page's word has.
        """
        known = self.vocabulary
        others: dict[str, int] = {}
        numbers, first_words = array("I"), array("q", [0])
        for text, spans in zip(texts, words, strict=True):
            for start, end in spans:
                word = text[start:end].casefold()
                number = known.get(word)
                if number is None:
                    number = others.setdefault(word, len(known) + len(others) + 1)
                numbers.append(number)
            numbers.append(END)
            first_words.append(len(numbers))
        return _view_array(numbers), _view_array(first_words)

    def count_chars(self, marked: Numbers) -> Numbers:
        """Return the characters of each page's `marked` words, each with what follows it."""
        counts = np.zeros(len(self.first_words) - 1, np.int64)
        for first in range(0, len(marked), WORDS_AT_ONCE):
            at = np.flatnonzero(marked[first : first + WORDS_AT_ONCE]) + first
            sizes = self.starts[at + 1] - self.starts[at]
            sums = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])
            counts += np.diff(sums[np.searchsorted(at, self.first_words)])
        return counts

    def count_beside(self, marked: Numbers, page: int, start: int, end: int) -> int:
        """Return how many characters `start`:`end` of a page belong to no `marked` word."""
        here = slice(self.first_words[page], self.first_words[page + 1])
        starts = self.starts[here].astype(np.int64)
        first = max(0, int(np.searchsorted(starts, start, "right")) - 1)
        last = int(np.searchsorted(starts, end))
        word_ends = np.minimum(starts[first + 1 : last + 1], end)
        n_words = len(word_ends)
        word_starts = np.maximum(starts[first:last], start)[:n_words]
        sizes = np.maximum(0, word_ends - word_starts)
        is_marked = marked[here][first:last][:n_words]
        return end - start - int(sizes[is_marked].sum())


@dataclass(frozen=True, slots=True)
class Matches:
    """Where the pages of `index` have the words of some texts.

    Attributes
    ----------
    words : list of lists of spans
        Per text, where its words begin and end, in characters.
    first_words : array
        Where each text begins in `runs`, `which` and `found`.
    runs : array
        The hash of the run that begins at each word, 0 where the text ends before it does.
    which : array
        The number of the run that begins there, -1 for one that no page has.
    found : array of bool
        Whether any page has the word, within a run of both.
    sizes : array
        How often the pages have each run.
    places, pages : array
        Run by run, at which words of the index, and on which pages.
    """

    index: PageIndex
    words: list[list[Span]]
    first_words: Numbers
    runs: Numbers
    which: Numbers
    found: Numbers
    sizes: Numbers
    places: Numbers
    pages: Numbers

    def mark_texts(self, texts: Numbers, begins: Numbers, ends: Numbers) -> Numbers:
        """Return which words of the texts are among the words begin:end of one of `texts`."""
        marked = np.zeros(len(self.runs), bool)
        for first, begin, end in zip(self.first_words[texts], begins, ends, strict=True):
            marked[first + begin : first + end] = True
        return marked

    def mark_pages(self, marked: Numbers) -> Numbers:
        """Return which words of the pages are `marked` words of the texts, in a run of both."""
        masks = np.repeat(self._mask_runs(marked), self.sizes)
        is_begun = np.zeros(len(self.index.starts), bool)
        is_begun[self.places[masks == ALL_OF_RUN]] = True  # as nearly all are, if marked at all
        shown = is_begun.copy()
        for offset in range(1, RUN):
            shown[offset:] |= is_begun[:-offset]
        partly = np.flatnonzero((masks != 0) & (masks != ALL_OF_RUN))
        for offset in range(RUN):
            has_word = masks[partly] >> offset & 1 != 0
            shown[self.places[partly[has_word]] + np.int64(offset)] = True
        return shown

    def _mask_runs(self, marked: Numbers) -> Numbers:
        """Return for each run which of its words are `marked` in any text, a bit a word."""
        at = np.flatnonzero(self.which >= 0)
        bits = np.zeros(len(at), np.uint8)
        for offset in range(RUN):
            bits |= marked[at + offset].astype(np.uint8) << offset
        masks = np.zeros(len(self.sizes), np.uint8)
        np.bitwise_or.at(masks, self.which[at], bits)
        return masks

    def mark_missed(self, shown: Numbers) -> Numbers:
        """Return which words of the texts are, in a run of both, page words not `shown`."""
        missed = np.zeros(len(self.runs), bool)
        at = np.flatnonzero(self.which >= 0)
        if not len(at):
            return missed
        for offset in range(RUN):
            is_hidden = ~shown[self.places + np.int64(offset)]
            is_missed = np.logical_or.reduceat(is_hidden, self._find_first_places())
            missed[at[is_missed[self.which[at]]] + offset] = True
        return missed

    def find_highest(self, values: Numbers) -> Numbers:
        """Return, for the run that begins at each word, the highest of its pages' `values`."""
        if not len(self.sizes):
            return np.zeros(len(self.runs), values.dtype)
        highest = np.maximum.reduceat(values[self.pages], self._find_first_places())
        return np.where(self.which >= 0, highest[self.which], 0)

    def _find_first_places(self) -> Numbers:
        """Return where each run begins in `places` and `pages`."""
        return np.asarray(np.cumsum(self.sizes) - self.sizes)


# ----------------------------------------------------------------------------------- runs of words


def _view_array(numbers: array[int]) -> Numbers:
    """Return `numbers` as numpy sees them, without a copy."""
    dtype = np.uint32 if numbers.typecode == "I" else np.int64
    return np.frombuffer(numbers, dtype) if numbers else np.zeros(0, dtype)


def _hash_runs(words: Numbers) -> Numbers:
    """Return a hash of the run that begins at each word, 0 where the text ends before it does."""
    runs = np.zeros(len(words), np.uint64)
    for first in range(0, len(words) - RUN + 1, WORDS_AT_ONCE):
        here = words[first : first + WORDS_AT_ONCE + RUN - 1]
        n_runs = len(here) - RUN + 1
        sums, is_run = np.zeros(n_runs, np.uint64), np.ones(n_runs, bool)
        for offset, factor in enumerate(FACTORS):
            there = here[offset : offset + n_runs]
            sums += there * np.uint64(factor)
            is_run &= there != END
        runs[first : first + n_runs] = np.where(is_run, sums, 0)
    return runs


def _sort_runs(runs: Numbers) -> tuple[Numbers, Numbers]:
    """Return the runs, those that are none left out, sorted, and where each stands.

    Some are sorted at a time.
    """
    n_runs = int(np.count_nonzero(runs))
    ordered, places = np.empty(n_runs, np.uint64), np.empty(n_runs, np.uint32)
    n_bits = (n_runs // WORDS_AT_ONCE).bit_length()  # of a hash, by which runs are taken together
    n_done = 0
    for high in range(1 << n_bits):
        is_chosen = runs != 0
        if n_bits:
            is_chosen &= runs >> np.uint64(HASH_BITS - n_bits) == high
        at = np.flatnonzero(is_chosen)
        at = at[np.argsort(runs[at])]
        ordered[n_done : n_done + len(at)] = runs[at]
        places[n_done : n_done + len(at)] = at
        n_done += len(at)
    return ordered, places


def _look_up(runs: Numbers, wanted: Numbers) -> Numbers:
    """Return for each of `runs` its place in `wanted`, which is sorted, or -1."""
    if not len(wanted):
        return np.full(len(runs), -1)
    near = np.minimum(np.searchsorted(wanted, runs), len(wanted) - 1)
    return np.where(wanted[near] == runs, near, -1)


def _count_on(first: Numbers, sizes: Numbers) -> Numbers:
    """Return first[0], first[0] + 1, ... (sizes[0] of them), first[1], ..."""
    return np.repeat(first - (np.cumsum(sizes) - sizes), sizes) + np.arange(sizes.sum())
