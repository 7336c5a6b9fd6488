"""A text layer -> one row of numbers per line: shape, place, words; all counted on arrays."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import NamedTuple

import numpy as np

# Classes of characters, as columns of the counts of a line.
(
    SPACE,
    LOWER,
    UPPER,
    LETTER,
    IDEOGRAPH,
    DIGIT,
    STOP,
    COMMA,
    COLON,
    QUOTE,
    BRACKET,
    BAR,
    DASH,
    PUNCTUATION,
    SYMBOL,
    OTHER,
) = range(16)
N_CLASSES = 16
N_WORDS = 12  # words of a line that are looked up: the first nine and the last three
STEM = 4  # letters
CORE = (
    0,
    1,
    2,
    5,
    6,
    11,
    12,
    24,
    25,
    37,
    38,
    48,
    49,
)  # columns of the shape that neighbours show each other
LONG_LINE = 15  # words; lines at least this long say what the page is about
_SIGNS = {
    STOP: ".!?…。！？．",
    COMMA: ",，、;；",
    COLON: ":：",
    QUOTE: "\"'“”‘’«»„「」『』‹›",
    BRACKET: "()[]{}（）【】《》〈〉",
    BAR: "|/\\>•·▪►▶→←▼▲■●★‣∙ǀ",
    DASH: "-–—―‐‑",
}


# Classes that are counted in a line, and those looked for at its end and at its beginning.
SIGN_CLASSES = (
    DIGIT, STOP, COMMA, COLON, QUOTE, BRACKET, BAR, DASH, PUNCTUATION, SYMBOL, OTHER,
)  # fmt: skip
LAST_CLASSES = (STOP, QUOTE, COMMA, COLON, DIGIT, BRACKET, UPPER, SYMBOL)
FIRST_CLASSES = (UPPER, LOWER, DIGIT, QUOTE, BAR, DASH, SYMBOL)


class LineTable(NamedTuple):
    """The lines of a text layer that are not white space, as arrays with one row per line."""

    start: np.ndarray
    end: np.ndarray
    shape: np.ndarray  # float32, one column per feature of `count_shape`
    words: np.ndarray  # uint64 hashes, N_WORDS columns, 0 where there is none
    stems: np.ndarray  # the same for the first STEM letters of each of these words
    fingerprint: np.ndarray  # uint64; equal for lines of the same words, whatever their digits
    n_words: np.ndarray


@lru_cache(maxsize=1)
def read_character_tables() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return (class, lower-case code, random number) of each character of the basic plane."""
    classes = np.full(65536, OTHER, np.uint8)
    lower = np.arange(65536, dtype=np.uint16)
    by_category = {
        "Ll": LOWER,
        "Lu": UPPER,
        "Lt": UPPER,
        "Nd": DIGIT,
        "Mn": LETTER,
        "Mc": LETTER,
        "Nl": LETTER,
        "No": SYMBOL,
    }
    for code in range(65536):
        sign = chr(code)
        category = unicodedata.category(sign)
        if sign.isspace():
            classes[code] = SPACE
        elif 0x3040 <= code <= 0x30FF or 0x3400 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF:
            classes[code] = IDEOGRAPH
        elif category in by_category:
            classes[code] = by_category[category]
        elif category[0] in "LPS":
            classes[code] = {"L": LETTER, "P": PUNCTUATION, "S": SYMBOL}[category[0]]
        if category == "Lu" and len(low := sign.lower()) == 1:
            lower[code] = ord(low)
        elif category == "Nd":
            lower[code] = ord("0")
    for kind, signs in _SIGNS.items():
        classes[[ord(sign) for sign in signs]] = kind
    state = np.arange(1, 65537, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        state = (state ^ (state >> np.uint64(shift))) * np.uint64(factor)
    return classes, lower, state ^ (state >> np.uint64(31))


def tabulate_lines(text: str, brief: bool = False) -> LineTable:
    """Return the table of the lines of `text`; equal lines get equal rows. `brief`: no stems."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    if codes.size and codes.max() > 65535:
        codes = np.where(codes > 65535, np.uint32(0xFFFD), codes)
    table, lower, randoms = read_character_tables()
    classes = table[codes]
    start, end, indent, gap = find_bounds(codes, classes)
    if not len(start):
        empty = np.zeros(0, np.int64)
        shape, words = np.zeros((0, N_SHAPE), np.float32), np.zeros((0, N_WORDS), np.uint64)
        return LineTable(empty, empty, shape, words, words, empty.astype(np.uint64), empty)
    n = len(start)
    size = np.diff(np.append(start, len(codes)))
    slots = np.repeat(np.arange(0, n * N_CLASSES, N_CLASSES), size)
    slots += classes[start[0] :]
    counts = np.bincount(slots, minlength=n * N_CLASSES).reshape(n, N_CLASSES).astype(np.float32)
    begin, hashes, stems, length = hash_words(codes, classes, lower, randoms)
    n_words = np.diff(np.searchsorted(begin, start), append=len(begin))
    line_of = np.repeat(np.arange(n), n_words)
    first_word = np.concatenate(([0], np.cumsum(n_words)[:-1]))
    words, *near_words = pick_words(
        hashes[None] if brief else np.stack((hashes, stems)), first_word, n_words
    )
    weight = (
        np.arange(len(hashes), dtype=np.uint64)
        - first_word[line_of].astype(np.uint64)
        + np.uint64(1)
    )
    fingerprint = np.zeros(n, np.uint64)
    if len(hashes):
        weight += weight
        weight += np.uint64(1)
        weight *= hashes
        worded = n_words > 0
        fingerprint[worded] = np.add.reduceat(weight, first_word[worded])
    upper_start = np.bincount(line_of[classes[begin] == UPPER], minlength=n)[:n]
    overlap = measure_overlap(hashes, length, line_of, n_words)
    shape = count_shape(
        counts, classes, start, end, indent, gap, n_words, upper_start, overlap, fingerprint
    )
    return LineTable(
        start,
        end,
        shape,
        words,
        near_words[0] if near_words else words[:, :0],
        fingerprint,
        n_words,
    )


def find_bounds(
    codes: np.ndarray, classes: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return start and end of each line without white space, its indent, and empty lines before."""
    solid = np.flatnonzero(classes != SPACE)
    if not len(solid):
        return (np.zeros(0, np.int64),) * 4
    breaks = np.flatnonzero(codes == 10)
    bounds = np.searchsorted(solid, breaks)  # how many characters stand before each break
    bounds = np.concatenate(([0], bounds, [len(solid)]))
    number = np.flatnonzero(bounds[1:] > bounds[:-1])
    start = solid[bounds[number]]
    end = solid[bounds[number + 1] - 1] + 1
    begin = np.concatenate(([0], breaks + 1))[number]
    return start, end, start - begin, np.diff(number, prepend=-1) - 1


def hash_words(
    codes: np.ndarray, classes: np.ndarray, lower: np.ndarray, randoms: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return (place, hash, hash of the stem, length) of every word.

    An ideograph is a word; case and the value of digits do not count.
    """
    ideograph = classes == IDEOGRAPH
    wordy = (classes >= LOWER) & (classes <= DIGIT)
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
    stems = np.add.reduceat(mixed * (offset < STEM), place) ^ np.uint64(1)
    return begin, np.add.reduceat(mixed, place), stems, length


def pick_words(hashes: np.ndarray, first_word: np.ndarray, n_words: np.ndarray) -> np.ndarray:
    """Return the hashes of the first nine and last three words of each line, 0 for none."""
    column = np.arange(N_WORDS)
    index = np.where(column < 9, column[None, :], n_words[:, None] - (N_WORDS - column[None, :]))
    known = (column[None, :] < n_words[:, None]) & ((column < 9) | (n_words[:, None] > column))
    if not hashes.size:
        return np.zeros((len(hashes), len(n_words), N_WORDS), np.uint64)
    return np.where(known, hashes[:, np.where(known, first_word[:, None] + index, 0)], np.uint64(0))


def measure_overlap(
    hashes: np.ndarray, length: np.ndarray, line_of: np.ndarray, n_words: np.ndarray
) -> np.ndarray:
    """Return the share of each line's longer words that other long lines use, and how often."""
    n = len(n_words)
    content = length >= 4
    bucket = (hashes >> np.uint64(48)).astype(np.int64)
    long = n_words[line_of] >= LONG_LINE
    used = np.bincount(bucket[long & content], minlength=65536)
    others = np.maximum(used[bucket] - long, 0) * content
    n_content = np.maximum(np.bincount(line_of, content, minlength=n)[:n], 1)
    share = np.bincount(line_of, others > 0, minlength=n)[:n] / n_content
    often = np.bincount(line_of, np.log1p(others), minlength=n)[:n] / n_content
    return np.stack((share, often), 1)


def count_shape(
    counts: np.ndarray,
    classes: np.ndarray,
    start: np.ndarray,
    end: np.ndarray,
    indent: np.ndarray,
    gap: np.ndarray,
    n_words: np.ndarray,
    upper_start: np.ndarray,
    overlap: np.ndarray,
    fingerprint: np.ndarray,
) -> np.ndarray:
    """Return the features of each line that need no dictionary."""
    n = len(start)
    size = np.maximum(end - start, 1)
    counts[:, SPACE] = size - counts[:, 1:].sum(1)
    words = np.maximum(n_words, 1)
    letters = np.maximum(counts[:, LOWER] + counts[:, UPPER], 1)
    place = np.arange(n)
    total = n_words.sum() + 1
    seen = np.cumsum(n_words) - n_words
    _, same, times = np.unique(fingerprint, return_inverse=True, return_counts=True)
    after = np.append(gap[1:], 1)
    long = n_words >= LONG_LINE
    near_end = classes[np.maximum(end - 2, 0)]
    columns = [
        np.log1p(size) / 3, np.log1p(n_words) / 3, np.minimum(n_words / 50, 2),
        n_words <= 1, n_words <= 4, counts[:, UPPER] / letters, upper_start / words,
        (counts[:, LOWER] + counts[:, UPPER] + counts[:, LETTER]) / size / 2,
        counts[:, IDEOGRAPH] / size, counts[:, LETTER] / size,
        *(np.minimum(counts[:, sign] / words * 2, 3) for sign in SIGN_CLASSES),
        np.log1p(counts[:, STOP]) / 2, np.log1p(counts[:, COMMA]) / 2,
        np.log1p(counts[:, QUOTE]) / 2,
        np.minimum(indent, 8) / 4, np.minimum(gap, 4) / 2, np.minimum(after, 4) / 2,
        place / n, np.log1p(place) / 3, np.log1p(n - place) / 3, np.full(n, np.log1p(n) / 4),
        seen / total, np.full(n, np.log1p(total) / 5), np.full(n, long.mean()),
        np.full(n, (n_words * long).sum() / total), np.full(n, (gap > 0).mean()),
        n_words / (n_words.max() + 1), np.log1p(times[same] - 1), overlap[:, 0], overlap[:, 1] / 2,
        (n_words > 0) * (size - counts[:, SPACE]) / words / 8,
        *((classes[end - 1] == kind) for kind in LAST_CLASSES),
        (near_end == STOP) & (classes[end - 1] == QUOTE),
        *((classes[start] == kind) for kind in FIRST_CLASSES),
    ]  # fmt: skip
    return np.stack([np.asarray(column, np.float32) for column in columns], 1)


N_SHAPE = 57
