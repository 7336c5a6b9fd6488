"""A text layer -> one row of numbers per line: shape, place, words; all counted on arrays."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from hkresearch.clean.character_classes import CharacterClass, read_character_tables

_N_WORDS = 12  # words of a line that are looked up: the first nine and the last three
_STEM = 4  # letters
CORE = (0, 1, 2, 5, 6, 11, 12, 24, 25, 37, 38, 48, 49)  # columns that neighbours show each other
_LONG_LINE = 15  # words; lines at least this long say what the page is about
# Classes that are counted in a line, and those looked for at its end and at its beginning.
_SIGN_CLASSES = (
    CharacterClass.DIGIT, CharacterClass.STOP, CharacterClass.COMMA, CharacterClass.COLON,
    CharacterClass.QUOTE, CharacterClass.BRACKET, CharacterClass.BAR, CharacterClass.DASH,
    CharacterClass.PUNCTUATION, CharacterClass.SYMBOL, CharacterClass.OTHER,
)  # fmt: skip
_LAST_CLASSES = (
    CharacterClass.STOP, CharacterClass.QUOTE, CharacterClass.COMMA, CharacterClass.COLON,
    CharacterClass.DIGIT, CharacterClass.BRACKET, CharacterClass.UPPER, CharacterClass.SYMBOL,
)  # fmt: skip
_FIRST_CLASSES = (
    CharacterClass.UPPER, CharacterClass.LOWER, CharacterClass.DIGIT, CharacterClass.QUOTE,
    CharacterClass.BAR, CharacterClass.DASH, CharacterClass.SYMBOL,
)  # fmt: skip


class LineTable(NamedTuple):
    """The lines of a text layer that are not white space, as arrays with one row per line."""

    start: np.ndarray
    end: np.ndarray
    shape: np.ndarray  # float32, one column per feature of `_count_shape`
    words: np.ndarray  # uint64 hashes, _N_WORDS columns, 0 where there is none
    stems: np.ndarray  # the same for the first _STEM letters of each of these words
    fingerprint: np.ndarray  # uint64; equal for lines of the same words, whatever their digits
    n_words: np.ndarray


class _Words(NamedTuple):
    """Every word of a text in order, and how many of them are in which line."""

    begin: np.ndarray
    hashes: np.ndarray
    stems: np.ndarray
    length: np.ndarray
    line_of: np.ndarray
    n_words: np.ndarray  # per line
    first: np.ndarray  # per line, the number of its first word


def tabulate_lines(text: str, brief: bool = False) -> LineTable:
    """Return the table of the lines of `text`; equal lines get equal rows. `brief`: no stems."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    if codes.size and codes.max() > 65535:
        codes = np.where(codes > 65535, np.uint32(0xFFFD), codes)
    table, lower, randoms = read_character_tables()
    classes = table[codes]
    bounds = _find_bounds(codes, classes)
    start, end = bounds.start, bounds.end
    if not len(start):
        empty = np.zeros(0, np.int64)
        shape, no_words = np.zeros((0, N_SHAPE), np.float32), np.zeros((0, _N_WORDS), np.uint64)
        return LineTable(empty, empty, shape, no_words, no_words, empty.astype(np.uint64), empty)
    words = _number_words(start, *_hash_words(codes, classes, lower, randoms))
    hashes = words.hashes[None] if brief else np.stack((words.hashes, words.stems))
    picked, *picked_stems = _pick_words(hashes, words.first, words.n_words)
    fingerprint = _fingerprint_lines(words)
    shape = _count_shape(_count_classes(classes, start), classes, bounds, words, fingerprint)
    stems = picked_stems[0] if picked_stems else picked[:, :0]
    return LineTable(start, end, shape, picked, stems, fingerprint, words.n_words)


def _count_classes(classes: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Return how many characters of each class stand between each line's start and the next's."""
    n = len(start)
    size = np.diff(np.append(start, len(classes)))
    slots = np.repeat(np.arange(0, n * len(CharacterClass), len(CharacterClass)), size)
    slots += classes[start[0] :]
    counts = np.bincount(slots, minlength=n * len(CharacterClass)).reshape(n, len(CharacterClass))
    return counts.astype(np.float32)


def _number_words(
    start: np.ndarray, begin: np.ndarray, hashes: np.ndarray, stems: np.ndarray, length: np.ndarray
) -> _Words:
    n_words = np.diff(np.searchsorted(begin, start), append=len(begin))
    line_of = np.repeat(np.arange(len(start)), n_words)
    first = np.concatenate(([0], np.cumsum(n_words)[:-1]))
    return _Words(begin, hashes, stems, length, line_of, n_words, first)


def _fingerprint_lines(words: _Words) -> np.ndarray:
    """Return for each line the sum of its words' hashes, each times an odd number by its place."""
    fingerprint = np.zeros(len(words.n_words), np.uint64)
    if not len(words.hashes):
        return fingerprint
    number = np.arange(len(words.hashes), dtype=np.uint64)
    weight = number - words.first[words.line_of].astype(np.uint64) + np.uint64(1)
    weight += weight
    weight += np.uint64(1)
    weight *= words.hashes
    worded = words.n_words > 0
    fingerprint[worded] = np.add.reduceat(weight, words.first[worded])
    return fingerprint


class _Bounds(NamedTuple):
    """Start and end of each line without white space, its indent, and the empty lines before."""

    start: np.ndarray
    end: np.ndarray
    indent: np.ndarray
    gap: np.ndarray


def _find_bounds(codes: np.ndarray, classes: np.ndarray) -> _Bounds:
    """Return where the lines stand."""
    solid = np.flatnonzero(classes != CharacterClass.SPACE)
    if not len(solid):
        empty = np.zeros(0, np.int64)
        return _Bounds(empty, empty, empty, empty)
    breaks = np.flatnonzero(codes == 10)
    bounds = np.searchsorted(solid, breaks)  # how many characters stand before each break
    bounds = np.concatenate(([0], bounds, [len(solid)]))
    number = np.flatnonzero(bounds[1:] > bounds[:-1])
    start = solid[bounds[number]]
    end = solid[bounds[number + 1] - 1] + 1
    begin = np.concatenate(([0], breaks + 1))[number]
    return _Bounds(start, end, start - begin, np.diff(number, prepend=-1) - 1)


def _hash_words(
    codes: np.ndarray, classes: np.ndarray, lower: np.ndarray, randoms: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return (place, hash, hash of the stem, length) of every word.

    An ideograph is a word; case and the value of digits do not count.
    """
    ideograph = classes == CharacterClass.IDEOGRAPH
    wordy = (classes >= CharacterClass.LOWER) & (classes <= CharacterClass.DIGIT)
    begins = wordy.copy()
    begins[1:] &= ~wordy[:-1] | ideograph[1:] | ideograph[:-1]
    begin = np.flatnonzero(begins)
    if not len(begin):
        return begin, np.zeros(0, np.uint64), np.zeros(0, np.uint64), begin
    solid = np.flatnonzero(wordy)
    place = np.flatnonzero(begins[solid])
    length = np.diff(np.append(place, len(solid)))
    offset = np.arange(len(solid)) - np.repeat(place, length)
    slot = offset * 7919
    slot += lower[codes[solid]]
    slot &= 0xFFFF
    mixed = randoms[slot]
    stems = np.add.reduceat(mixed * (offset < _STEM), place) ^ np.uint64(1)
    return begin, np.add.reduceat(mixed, place), stems, length


def _pick_words(hashes: np.ndarray, first_word: np.ndarray, n_words: np.ndarray) -> np.ndarray:
    """Return the hashes of the first nine and last three words of each line, 0 for none."""
    column = np.arange(_N_WORDS)
    index = np.where(column < 9, column[None, :], n_words[:, None] - (_N_WORDS - column[None, :]))
    known = (column[None, :] < n_words[:, None]) & ((column < 9) | (n_words[:, None] > column))
    if not hashes.size:
        return np.zeros((len(hashes), len(n_words), _N_WORDS), np.uint64)
    return np.where(known, hashes[:, np.where(known, first_word[:, None] + index, 0)], np.uint64(0))


def _measure_overlap(
    hashes: np.ndarray, length: np.ndarray, line_of: np.ndarray, n_words: np.ndarray
) -> np.ndarray:
    """Return the share of each line's longer words that other long lines use, and how often."""
    n = len(n_words)
    content = length >= 4
    bucket = (hashes >> np.uint64(48)).astype(np.int64)
    long = n_words[line_of] >= _LONG_LINE
    used = np.bincount(bucket[long & content], minlength=65536)
    others = np.maximum(used[bucket] - long, 0) * content
    n_content = np.maximum(np.bincount(line_of, content, minlength=n)[:n], 1)
    share = np.bincount(line_of, others > 0, minlength=n)[:n] / n_content
    often = np.bincount(line_of, np.log1p(others), minlength=n)[:n] / n_content
    return np.stack((share, often), 1)


def _count_shape(
    counts: np.ndarray,
    classes: np.ndarray,
    bounds: _Bounds,
    words: _Words,
    fingerprint: np.ndarray,
) -> np.ndarray:
    """Return the features of each line that need no dictionary."""
    size = np.maximum(bounds.end - bounds.start, 1)
    counts[:, CharacterClass.SPACE] = size - counts[:, 1:].sum(1)
    columns = [
        *_measure_letters(counts, classes, size, words),
        *_measure_places(bounds, words.n_words, fingerprint),
        *_measure_words(counts, size, words),
        *_measure_edges(classes, bounds),
    ]
    return np.stack([np.asarray(column, np.float32) for column in columns], 1)


def _measure_letters(
    counts: np.ndarray, classes: np.ndarray, size: np.ndarray, words: _Words
) -> list[np.ndarray]:
    n_words = words.n_words
    at_least_one = np.maximum(n_words, 1)
    cased = counts[:, CharacterClass.LOWER] + counts[:, CharacterClass.UPPER]
    is_upper = classes[words.begin] == CharacterClass.UPPER
    n_upper = np.bincount(words.line_of[is_upper], minlength=len(n_words))[: len(n_words)]
    return [
        np.log1p(size) / 3, np.log1p(n_words) / 3, np.minimum(n_words / 50, 2),
        n_words <= 1, n_words <= 4,
        counts[:, CharacterClass.UPPER] / np.maximum(cased, 1), n_upper / at_least_one,
        (cased + counts[:, CharacterClass.LETTER]) / size / 2,
        counts[:, CharacterClass.IDEOGRAPH] / size, counts[:, CharacterClass.LETTER] / size,
        *(np.minimum(counts[:, sign] / at_least_one * 2, 3) for sign in _SIGN_CLASSES),
        np.log1p(counts[:, CharacterClass.STOP]) / 2, np.log1p(counts[:, CharacterClass.COMMA]) / 2,
        np.log1p(counts[:, CharacterClass.QUOTE]) / 2,
    ]  # fmt: skip


def _measure_places(
    bounds: _Bounds, n_words: np.ndarray, fingerprint: np.ndarray
) -> list[np.ndarray]:
    n, gap = len(n_words), bounds.gap
    place = np.arange(n)
    total = n_words.sum() + 1
    seen = np.cumsum(n_words) - n_words
    long = n_words >= _LONG_LINE
    _, same, times = np.unique(fingerprint, return_inverse=True, return_counts=True)
    after = np.append(gap[1:], 1)
    return [
        np.minimum(bounds.indent, 8) / 4, np.minimum(gap, 4) / 2, np.minimum(after, 4) / 2,
        place / n, np.log1p(place) / 3, np.log1p(n - place) / 3, np.full(n, np.log1p(n) / 4),
        seen / total, np.full(n, np.log1p(total) / 5), np.full(n, long.mean()),
        np.full(n, (n_words * long).sum() / total), np.full(n, (gap > 0).mean()),
        n_words / (n_words.max() + 1), np.log1p(times[same] - 1),
    ]  # fmt: skip


def _measure_words(counts: np.ndarray, size: np.ndarray, words: _Words) -> list[np.ndarray]:
    n_words = words.n_words
    overlap = _measure_overlap(words.hashes, words.length, words.line_of, n_words)
    solid = (n_words > 0) * (size - counts[:, CharacterClass.SPACE])
    return [overlap[:, 0], overlap[:, 1] / 2, solid / np.maximum(n_words, 1) / 8]


def _measure_edges(classes: np.ndarray, bounds: _Bounds) -> list[np.ndarray]:
    first, last = classes[bounds.start], classes[bounds.end - 1]
    before_last = classes[np.maximum(bounds.end - 2, 0)]
    return [
        *(last == kind for kind in _LAST_CLASSES),
        (before_last == CharacterClass.STOP) & (last == CharacterClass.QUOTE),
        *(first == kind for kind in _FIRST_CLASSES),
    ]


N_SHAPE = 57
