"""A line -> whether it is a menu: items side by side, names of sections, or subjects."""

from __future__ import annotations

import re

from hkresearch.clean.boilerplate_cues import Telltales
from hkresearch.core.words import has_han

_ITEM_BREAK = re.compile(r"\s{2,}|\t|\s[|·•]\s|　")
_FEWEST_ITEMS = 3
_ITEM_WORDS = 4
_HAN_ITEMS, _HAN_ITEM_LENGTH = 4, 4
_AROUND = " |·•[]()"


def is_menu(line: str, telltales: Telltales) -> bool:
    """Return whether a line sets short items side by side or holds names of sections only."""
    items = [item for item in _ITEM_BREAK.split(line.strip(_AROUND)) if item.strip(_AROUND)]
    if len(items) >= _FEWEST_ITEMS and all(len(item.split()) <= _ITEM_WORDS for item in items):
        return True
    words = [word for word in re.split(r"[\s|,&/·•]+", line.strip(_AROUND)) if word]
    if has_han(line):
        is_short = all(len(word) <= _HAN_ITEM_LENGTH for word in words)
        return len(words) >= _HAN_ITEMS and is_short
    return len(words) > 1 and all(word.casefold() in telltales.sections for word in words)
