"""Text -> its words, in scripts with and without spaces; the ranges of scripts stand here alone."""

from __future__ import annotations

import re

# Ranges of characters, for use inside the brackets of a regular expression.
HAN = r"\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
KANA = r"\u3040-\u30ff"
HANGUL = r"\uac00-\ud7af"
UNSPACED = KANA + HAN  # scripts written without spaces: every character counts as a word
EAST_ASIAN = r"\u2e80-\U0003ffff"  # with Hangul, punctuation and full-width letters

HAN_CHARACTER = re.compile(rf"[{HAN}]")
UNSPACED_CHARACTER = re.compile(rf"[{UNSPACED}]")
EAST_ASIAN_CHARACTER = re.compile(rf"[{EAST_ASIAN}]")
SPACED_WORD = re.compile(rf"[^\W_{UNSPACED}]+")  # letters and digits of scripts with spaces
PLAIN_WORD = re.compile(rf"[{EAST_ASIAN}]|[^\W_{EAST_ASIAN}]+")
DIFF_TOKEN = re.compile(rf"[{UNSPACED}]|[^\W{UNSPACED}]+|[^\w\s]")  # for `diff_words`
WORD_OR_SIGN = re.compile(
    rf"[{UNSPACED}]"
    rf"|\d+(?:[.,:]\d+)*(?![^\W\d{UNSPACED}])"
    r"|['\u2019][sS]\b"  # a possessive is no part of the name
    rf"|[^\W_{UNSPACED}]+"
    rf"(?:(?!['\u2019][sS]\b)[-'\u2019\u2010\u2011&.](?=[^\W_{UNSPACED}])[^\W_{UNSPACED}]+)*"
    r"|\S"
)


def has_han(text: str) -> bool:
    """Return whether any character of `text` is a Han character."""
    return not text.isascii() and HAN_CHARACTER.search(text) is not None


def count_han(text: str) -> int:
    """Return how many characters of `text` are Han characters."""
    return 0 if text.isascii() else len(HAN_CHARACTER.findall(text))
