"""The basic plane of Unicode -> the class, the lower case and a random number of each character."""

from __future__ import annotations

import unicodedata
from enum import IntEnum
from functools import lru_cache

import numpy as np


class CharacterClass(IntEnum):
    """A class of characters, and its column in the counts of a line."""

    SPACE = 0
    LOWER = 1
    UPPER = 2
    LETTER = 3
    IDEOGRAPH = 4
    DIGIT = 5
    STOP = 6
    COMMA = 7
    COLON = 8
    QUOTE = 9
    BRACKET = 10
    BAR = 11
    DASH = 12
    PUNCTUATION = 13
    SYMBOL = 14
    OTHER = 15


_SIGNS = {
    CharacterClass.STOP: ".!?…。！？．",
    CharacterClass.COMMA: ",，、;；",
    CharacterClass.COLON: ":：",
    CharacterClass.QUOTE: "\"'“”‘’«»„「」『』‹›",
    CharacterClass.BRACKET: "()[]{}（）【】《》〈〉",
    CharacterClass.BAR: "|/\\>•·▪►▶→←▼▲■●★‣∙ǀ",
    CharacterClass.DASH: "-–—―‐‑",
}


@lru_cache(maxsize=1)
def read_character_tables() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return (class, lower-case code, random number) of each character of the basic plane."""
    classes = np.full(65536, CharacterClass.OTHER, np.uint8)
    lower = np.arange(65536, dtype=np.uint16)
    by_category = {
        "Ll": CharacterClass.LOWER,
        "Lu": CharacterClass.UPPER,
        "Lt": CharacterClass.UPPER,
        "Nd": CharacterClass.DIGIT,
        "Mn": CharacterClass.LETTER,
        "Mc": CharacterClass.LETTER,
        "Nl": CharacterClass.LETTER,
        "No": CharacterClass.SYMBOL,
    }
    for code in range(65536):
        sign = chr(code)
        category = unicodedata.category(sign)
        if sign.isspace():
            classes[code] = CharacterClass.SPACE
        elif 0x3040 <= code <= 0x30FF or 0x3400 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF:
            classes[code] = CharacterClass.IDEOGRAPH
        elif category in by_category:
            classes[code] = by_category[category]
        elif category[0] in "LPS":
            classes[code] = {
                "L": CharacterClass.LETTER,
                "P": CharacterClass.PUNCTUATION,
                "S": CharacterClass.SYMBOL,
            }[category[0]]
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
