"""A passage -> its words, compared with another's: the same, a part of it, altered, or another language."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from sys import intern

from hkresearch.core.words import HANGUL, UNSPACED, count_han

# One Han, kana or hangul character is a word; elsewhere letters and digits, with the marks that stand inside a number.
_WORD = re.compile(
    rf"[{UNSPACED}{HANGUL}]"
    r"|\d+(?:[.,:]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*"
)
_SURFACE_WORD = re.compile(_WORD.pattern.replace(r"(?:'[^\W\d_]+)*", r"(?:['-][^\W\d_]+)*"))
_APOSTROPHES = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "＇": "'", "‐": "-", "‑": "-", "–": "-", "—": " ", "…": " "}
)
_CONTRACTIONS = {
    "n't": "not",
    "'ll": "will",
    "'ve": "have",
    "'re": "are",
    "'m": "am",
    "'d": "would",
}
_IRREGULAR = {
    "won't": ("will", "not"),
    "can't": ("can", "not"),
    "shan't": ("shall", "not"),
    "cannot": ("can", "not"),
}
REMEMBERED = 20_000  # wordings: the same ones are compared again and again
_SUFFIXES = ("ing", "ed", "es", "s", "e")


@lru_cache(REMEMBERED)
def list_words(text: str) -> tuple[str, ...]:
    """Return the words of `text` as statements are joined by: case, hyphens, marks and contractions do not count."""
    plain = unicodedata.normalize("NFKC", text).translate(_APOSTROPHES).casefold()
    words: list[str] = []
    for word in _WORD.findall(plain):
        words += map(
            intern, _expand(word)
        )  # the same word is in memory once, however many pages have it
    return tuple(words)


def _expand(word: str) -> tuple[str, ...]:
    if "'" not in word:
        return _IRREGULAR.get(word, (word,))
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    for ending, full in _CONTRACTIONS.items():
        if word.endswith(ending) and len(word) > len(ending):
            return (word[: -len(ending)], full)
    return (word,)


@lru_cache(REMEMBERED)
def list_surface_words(text: str) -> tuple[str, ...]:
    """Return the words of `text` as printed: case, hyphens and contractions kept, only kinds of marks made alike."""
    return tuple(_SURFACE_WORD.findall(unicodedata.normalize("NFKC", text).translate(_APOSTROPHES)))


def find_words(part: tuple[str, ...], whole: tuple[str, ...]) -> int:
    """Return where the run `part` begins in `whole`, in words, or -1."""
    n = len(part)
    if not n or n > len(whole):
        return -1
    first = part[0]
    for i in range(len(whole) - n + 1):
        if whole[i] == first and whole[i : i + n] == part:
            return i
    return -1


def stem_word(word: str) -> str:
    """Return `word` without its inflection, roughly: enough to see that pause, paused and pausing are one verb."""
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 4:
            return word[: -len(suffix)]
    return word


def is_han(text: str) -> bool:
    """Return whether `text` is mainly written in Han characters."""
    n_han = count_han(text)
    return bool(n_han) and n_han * 2 > sum(map(str.isalpha, text))


def compare_wording(exact: str, reference: str) -> str:
    """Return how `exact` stands to `reference`: verbatim, fragment, translated or altered (whatever else differs)."""
    if is_han(exact) != is_han(reference):
        return "translated"
    words, whole = list_surface_words(exact), list_surface_words(reference)
    if words == whole:
        return "verbatim"
    return "fragment" if find_words(words, whole) >= 0 else "altered"
