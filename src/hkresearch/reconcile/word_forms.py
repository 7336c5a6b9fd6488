"""A passage -> its words, and how they stand to those of another passage."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from sys import intern

from hkresearch.core.words import HANGUL, UNSPACED, count_han

# One Han, kana or hangul character is a word; elsewhere letters and digits, with the marks that
# stand inside a number.
_WORD = re.compile(rf"[{UNSPACED}{HANGUL}]|\d+(?:[.,:]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*")
_SURFACE_WORD = re.compile(_WORD.pattern.replace(r"(?:'[^\W\d_]+)*", r"(?:['-][^\W\d_]+)*"))
_PLAIN_MARKS = str.maketrans(
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
_SUFFIXES = ("ing", "ed", "es", "s", "e")
_SHORTEST_STEM = 4  # letters
REMEMBERED = 20_000  # wordings: the same ones are compared again and again

PhraseWords = tuple[str, ...]


@lru_cache(REMEMBERED)
def list_words(text: str) -> tuple[str, ...]:
    """Return the words of `text` without regard to case, hyphens, marks and contractions."""
    plain = unicodedata.normalize("NFKC", text).translate(_PLAIN_MARKS).casefold()
    words: list[str] = []
    for word in _WORD.findall(plain):
        # the same word is in memory once, however many pages have it
        words += map(intern, _expand(word))
    return tuple(words)


def _expand(word: str) -> tuple[str, ...]:
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if "'" in word:
        for ending, full in _CONTRACTIONS.items():
            if word.endswith(ending) and len(word) > len(ending):
                return (word[: -len(ending)], full)
    return (word,)


@lru_cache(REMEMBERED)
def list_surface_words(text: str) -> tuple[str, ...]:
    """Return the words of `text` as printed: only kinds of marks are made alike."""
    return tuple(_SURFACE_WORD.findall(unicodedata.normalize("NFKC", text).translate(_PLAIN_MARKS)))


def find_words(part: tuple[str, ...], whole: tuple[str, ...]) -> int:
    """Return where the run `part` begins in `whole`, in words, or -1."""
    length = len(part)
    if not length or length > len(whole):
        return -1
    first = part[0]
    for i in range(len(whole) - length + 1):
        if whole[i] == first and whole[i : i + length] == part:
            return i
    return -1


def read_phrases(words: Mapping[str, Iterable[str]]) -> list[PhraseWords]:
    """Return the words of each phrase of a word list of the codebook: language -> phrases."""
    return [list_words(phrase) for language in sorted(words) for phrase in words[language]]


def has_phrase(text: str, phrases: Iterable[PhraseWords]) -> bool:
    """Return whether one of `phrases` stands in `text`."""
    words = list_words(text)
    return any(find_words(phrase, words) >= 0 for phrase in phrases)


def stem_word(word: str) -> str:
    """Return `word` without its inflection, roughly: pause, paused and pausing are one verb."""
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _SHORTEST_STEM:
            return word[: -len(suffix)]
    return word


def is_han(text: str) -> bool:
    """Return whether `text` is mainly written in Han characters."""
    n_han = count_han(text)
    return bool(n_han) and n_han * 2 > sum(map(str.isalpha, text))


def compare_wording(exact: str, reference: str) -> str:
    """Return how `exact` stands to `reference`: verbatim, fragment, translated or altered."""
    if is_han(exact) != is_han(reference):
        return "translated"
    words, whole = list_surface_words(exact), list_surface_words(reference)
    if words == whole:
        return "verbatim"
    return "fragment" if find_words(words, whole) >= 0 else "altered"
