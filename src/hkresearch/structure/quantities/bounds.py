"""The words around a figure -> whether it is exact, or a bound that the real number lies beyond."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from hkresearch.codebook.book import Codebook
from hkresearch.codebook.plain_text import Plain
from hkresearch.structure.quantities.figures import Figure
from hkresearch.structure.text.word_alternatives import join_classes

_NEAR = 24  # characters before a figure in which such words stand
_BOUNDS = ("more", "fewer", "about")


@dataclass(frozen=True, slots=True)
class BoundWords:
    """Bound -> what makes a figure one, right before it and right behind it."""

    before: dict[str, re.Pattern[str]]
    behind: dict[str, re.Pattern[str]]


@lru_cache(maxsize=8)
def read_bound_words(codebook: Codebook) -> BoundWords:
    """Return the words of news.toml's [reconcile.bounds], compiled."""
    table = codebook.news["reconcile"]["bounds"]
    unsure = codebook.news["figures"]["unsure_bounds"]
    before, behind = {}, {}
    for bound in _BOUNDS:
        sure = {"en": [word for word in table[bound]["en"] if word not in unsure]}
        english, chinese = join_classes(sure, "en"), join_classes(table[bound], "zh")
        before[bound] = re.compile(rf"(?:\b(?:{english})(?: the| a total of)? ?|(?:{chinese})\s*)$")
        if after := table.get(f"{bound}_after"):
            english, chinese = join_classes(after, "en"), join_classes(after, "zh")
            behind[bound] = re.compile(rf"\s*(?:(?:{english})(?!\w)|{chinese})")
    return BoundWords(before, behind)


def read_bound(figure: Figure, plain: Plain, span: tuple[int, int], words: BoundWords) -> str:
    """Return "more", "fewer" or "about" for a figure that is no exact number, else ""."""
    low = max(span[0], figure.start - _NEAR)
    for bound, pattern in words.before.items():
        if pattern.search(plain.lower, low, figure.start):
            return bound
    for bound, pattern in words.behind.items():
        if pattern.match(plain.lower, figure.number_end, span[1]):
            return bound
    return ""
