"""Named word classes of news.toml -> alternatives for a regular expression."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

NEVER = "(?!)"  # the expression that matches nothing


def join_classes(table: Mapping[str, Any], *names: str) -> str:
    """Return the alternatives of the named classes, the longest first.

    A phrase is matched as a whole, with any white space between its words; `word*` is the word
    with any ending. Where there are no words, the expression matches nothing. A class that is
    not there is a KeyError.
    """
    phrases: set[str] = set()
    for name in names:
        words = table[name]
        phrases |= set(words.split() if isinstance(words, str) else words)
    longest_first = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    return "|".join(map(_write_phrase, longest_first)) or NEVER


def _write_phrase(phrase: str) -> str:
    words = [
        re.escape(word[:-1]) + r"\w*" if word.endswith("*") else re.escape(word)
        for word in phrase.split()
    ]
    return r"\s+".join(words)
