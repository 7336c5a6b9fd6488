"""A figure among the mentions of its sentence -> whether it is the topic's place's, and whether that stands beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from hkresearch.codebook.book import Codebook
from hkresearch.codebook.plain_text import Plain
from hkresearch.structure.quantities.figures import Figure
from hkresearch.structure.text.entity_names import Mention
from hkresearch.structure.text.mentions import find_side

CLAUSE_ENDS = re.compile(r"[;；]|,\s*(?:while|whereas|but)\b|，而")
# What a place behind a figure stands after when it says where the figure comes from.
_ORIGIN = re.compile(
    r"(?:\b(?:from|by|of|in|that|which|with|to)(?: the)?(?: \w+)?|來自|来自|由) ?$"
)
_SEAT = re.compile(r"[\s-]*(?:based|headquartered)\b")
_ADJACENT = 14  # characters between a figure's words and the place that must stand right there
_PLACES = ("place", "government")


class PlaceReader:
    """Where the figures of one sentence come from."""

    def __init__(
        self,
        plain: Plain,
        span: tuple[int, int],
        figures: Sequence[Figure],
        own: Sequence[Mention],
        mainly_here: bool,
        codebook: Codebook,
    ) -> None:
        self.plain, self.span, self.mainly_here = plain, span, mainly_here
        self.figures = figures
        self.worldwide = _read_worldwide(codebook)
        sides = ((m, _find_place_side(m, plain.lower, codebook)) for m in own)
        self.sides = [(m, side) for m, side in sides if side]
        ends = CLAUSE_ENDS.finditer(plain.lower, *span)
        self.edges = [span[0], *(m.end() for m in ends), span[1]]

    def is_here(self, number: int) -> bool:
        """Return whether figure `number` of the sentence belongs to the topic's place.

        The place behind it decides, then the one before it, then what holds for the figure before; a figure of all
        places together belongs to none.
        """
        for k in range(number, -1, -1):
            side = self._read_behind(k) or self._read_before(k) or self._read_han_behind(k)
            if side:
                return side == "here"
            if not self._is_one_clause(k - 1, number):
                break
        sides = {side for _, side in self.sides}
        return sides == {"here"} or not sides and self.mainly_here

    def has_place(self, number: int, where: str) -> bool:
        """Return whether the topic's place stands right behind ("follows") or right before ("leads") the figure."""
        figure, lower = self.figures[number], self.plain.lower
        for mention, side in self.sides:
            if side != "here":
                continue
            if where == "leads" and 0 <= figure.start - mention.end <= 4:
                return True
            between = lower[figure.end : mention.start]
            if where == "follows" and 0 < len(between) and len(between.split()) <= 6:
                if (
                    len(between) <= 40
                    and _ORIGIN.search(between)
                    and not re.search(r"[;.]", between)
                ):
                    return True
        return False

    def _is_one_clause(self, first: int, last: int) -> bool:
        if first < 0:
            return False
        a, b = self.figures[first].start, self.figures[last].start
        return not any(a < edge <= b for edge in self.edges)

    def _read_behind(self, number: int) -> str:
        start = self.figures[number].end
        stop = next((edge for edge in self.edges if edge > start), self.span[1])
        if number + 1 < len(self.figures):
            stop = min(stop, self.figures[number + 1].start)
        for mention, side in self.sides:
            if start <= mention.start < stop and _ORIGIN.search(
                self.plain.lower, start, mention.start
            ):
                return side
        return "all" if self.worldwide.search(self.plain.lower, start, stop) else ""

    def _read_han_behind(self, number: int) -> str:
        """Return the side of the place right behind a Chinese figure: `33項香港警方索取資料的要求`."""
        start = self.figures[number].end
        inside = [side for m, side in self.sides if start <= m.start <= start + 4]
        return inside[0] if inside and self.plain.has_han else ""

    def _read_before(self, number: int) -> str:
        stop = self.figures[number].start
        start = max((edge for edge in self.edges if edge <= stop), default=self.span[0])
        if number:
            start = max(start, self.figures[number - 1].end)
        last = [(m.end, side) for m, side in self.sides if start <= m.start < stop]
        everywhere = [m.end() for m in self.worldwide.finditer(self.plain.lower, start, stop)]
        return max([*last, *((end, "all") for end in everywhere)], default=(0, ""))[1]


def _find_place_side(mention: Mention, lower: str, codebook: Codebook) -> str:
    """Return "here", "elsewhere", or "" for what is no place or only somebody's seat."""
    side = find_side(codebook, mention.entity)
    if side == "here":
        return side
    kind = codebook.entities.get(mention.entity, {}).get("kind", "")
    if kind not in _PLACES or _SEAT.match(lower, mention.end):
        return ""
    return "elsewhere"


@lru_cache(maxsize=8)
def _read_worldwide(codebook: Codebook) -> re.Pattern[str]:
    """Return the words of news.toml for all places together."""
    table = codebook.news.get("worldwide", {})
    phrases = [re.escape(p) for p in table.get("zh", ())]
    phrases += [rf"\b{re.escape(p)}\b" for p in table.get("en", ())]
    return re.compile("|".join(phrases) or "(?!)")
