"""A text -> its plain form, in which patterns are looked for; every offset stays the article's."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache

from hkresearch.core.words import SPACED_WORD, UNSPACED, UNSPACED_CHARACTER

PlainWord = tuple[int, int, str]  # start, end, lower-case word

# One character becomes one character, so that offsets do not change.
PLAIN_CHARACTERS = str.maketrans(
    dict.fromkeys('“”„"«»「」『』‟〝〞《》\u00a0\u2009\u202f\u3000\t\n\r', " ")
    | dict.fromkeys("’‘ʼ`´", "'")
    | dict.fromkeys("‐‑", "-")
)
ABBREVIATION_DOT = "\u2024"  # stands for a full stop that ends no clause
# The full stops of "U.S." and "Inc."; each begins with the stop, so that the search is quick.
ABBREVIATION = re.compile(
    r"\.(?:(?<=\b[A-Z]\.)(?P<inner>(?=[A-Z]\b))"
    r"|(?<=\b[A-Z]\.[A-Z]\.)|(?<=\b(?:Inc|Ltd)\.)|(?<=\bCorp\.))"
)


# A comma between Han characters is theirs, whatever its width.
NARROW_COMMA = re.compile(rf"(?<=[{UNSPACED}]),(?=[{UNSPACED}])")


@dataclass(frozen=True, slots=True, eq=False)  # one for each text: compared as an object
class Plain:
    """A text with quotation marks blanked, in its own case and in lower case, and its words.

    `words` are those of scripts with spaces.
    """

    cased: str
    lower: str
    words: tuple[PlainWord, ...]
    has_han: bool  # Han or kana

    def list_words(self, start: int, end: int) -> tuple[PlainWord, ...]:
        """Return the words that begin in [start, end)."""
        first = bisect_left(self.words, (start,))
        return self.words[first : bisect_left(self.words, (end,), first)]


@lru_cache(maxsize=4)
def read_plain(text: str) -> Plain:
    """Return the plain form of `text`, which has the same length."""
    cased = text.translate(PLAIN_CHARACTERS)
    has_han = UNSPACED_CHARACTER.search(text) is not None
    if has_han and "," in cased:
        cased = NARROW_COMMA.sub("，", cased)
    if "." in cased:
        cased = ABBREVIATION.sub(_replace_dot, cased)
    lower = cased.lower()
    if len(lower) != len(cased):  # a few capitals grow when lower-cased
        lower = "".join(map(_lower_character, cased))
    found = SPACED_WORD.finditer(lower)
    words = tuple([(*match.span(), match[0]) for match in found])
    return Plain(cased, lower, words, has_han)


def _replace_dot(match: re.Match[str]) -> str:
    return " " if match["inner"] is None else ABBREVIATION_DOT


def _lower_character(character: str) -> str:
    lower = character.lower()
    return lower if len(lower) == 1 else character
