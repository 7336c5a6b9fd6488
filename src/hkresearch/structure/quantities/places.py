"""A figure among the mentions of its sentence -> whether it is the topic's place's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from hkresearch.codebook.book import Codebook
from hkresearch.codebook.plain_text import Plain
from hkresearch.structure.quantities.figures import Figure
from hkresearch.structure.text.entity_names import Mention
from hkresearch.structure.text.mentions import find_side
from hkresearch.structure.text.word_alternatives import NEVER, join_classes

_PLACE_KINDS = ("place", "government")
_SENTENCE_MARK = re.compile(r"[;.]")
_FARTHEST_PLACE, _MOST_WORDS = 40, 6  # between a figure and the place that "follows" it
_NEAREST_LEAD = 4  # characters between a place that "leads" and its figure
_HAN_BESIDE = 4


@dataclass(frozen=True, slots=True)
class PlaceWords:
    """Expressions of what says where a figure comes from."""

    worldwide: re.Pattern[str]
    origin: re.Pattern[str]  # "requests from", right before a place
    seat: re.Pattern[str]  # "-based", right behind a place
    clause_end: re.Pattern[str]  # behind it figures of another place may follow
    part_end: re.Pattern[str]  # behind it another addressee may begin: ", and those who"
    addressed: re.Pattern[str]  # "a fine for", right before an addressee
    others: frozenset[str]  # those whom no law on requests addresses


@lru_cache(maxsize=8)
def read_place_words(codebook: Codebook) -> PlaceWords:
    """Return the words of places of news.toml."""
    table, worldwide = codebook.news["figures"], codebook.news.get("worldwide", {})
    phrases = [re.escape(phrase) for phrase in worldwide.get("zh", ())]
    phrases += [rf"\b{re.escape(phrase)}\b" for phrase in worldwide.get("en", ())]
    origins, han_origins = join_classes(table, "origins"), join_classes(table, "han_origins")
    openers = join_classes(table, "clause_openers")
    return PlaceWords(
        worldwide=re.compile("|".join(phrases) or NEVER),
        origin=re.compile(rf"(?:\b(?:{origins})(?: the)?(?: \w+)?|{han_origins}) ?$"),
        seat=re.compile(rf"[\s-]*(?:{join_classes(table, 'seats')})\b"),
        part_end=re.compile(rf"，|,? and (?={join_classes(table, 'part_openers')}\b)"),
        addressed=re.compile(rf"\b(?:{join_classes(table, 'addressing')})(?: the| an?| any)?\W*$"),
        others=frozenset(table["others"].split()),
        clause_end=re.compile(rf"[;；]|,\s*(?:{openers})\b|，而"),
    )


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
        self.figures, self.words = figures, read_place_words(codebook)
        sides = ((m, _find_place_side(m, plain.lower, self.words, codebook)) for m in own)
        self.sides = [(mention, side) for mention, side in sides if side]
        ends = self.words.clause_end.finditer(plain.lower, *span)
        self.edges = [span[0], *(match.end() for match in ends), span[1]]

    def is_here(self, number: int) -> bool:
        """Return whether figure `number` of the sentence belongs to the topic's place.

        The place behind it decides, then the one before it, then what holds for the figure before;
        a figure of all places together belongs to none.
        """
        for earlier in range(number, -1, -1):
            side = self._read_side(earlier)
            if side:
                return side == "here"
            if not self._is_one_clause(earlier - 1, number):
                break
        sides = {side for _, side in self.sides}
        return sides == {"here"} or not sides and self.mainly_here

    def has_place(self, number: int, where: str) -> bool:
        """Return whether the topic's place "follows" right behind the figure, or "leads" it."""
        figure = self.figures[number]
        places = [mention for mention, side in self.sides if side == "here"]
        if where == "leads":
            return any(0 <= figure.start - place.end <= _NEAREST_LEAD for place in places)
        return any(self._follows(figure, place) for place in places)

    def _follows(self, figure: Figure, place: Mention) -> bool:
        between = self.plain.lower[figure.end : place.start]
        is_near = 0 < len(between) <= _FARTHEST_PLACE and len(between.split()) <= _MOST_WORDS
        if not is_near or _SENTENCE_MARK.search(between):
            return False
        return self.words.origin.search(between) is not None

    def _is_one_clause(self, first: int, last: int) -> bool:
        if first < 0:
            return False
        start, stop = self.figures[first].start, self.figures[last].start
        return not any(start < edge <= stop for edge in self.edges)

    def _read_side(self, number: int) -> str:
        return (
            self._read_behind(number) or self._read_before(number) or self._read_han_behind(number)
        )

    def _read_behind(self, number: int) -> str:
        start, lower = self.figures[number].end, self.plain.lower
        stop = next((edge for edge in self.edges if edge > start), self.span[1])
        if number + 1 < len(self.figures):
            stop = min(stop, self.figures[number + 1].start)
        for mention, side in self.sides:
            if start <= mention.start < stop:
                if self.words.origin.search(lower, start, mention.start):
                    return side
        return "all" if self.words.worldwide.search(lower, start, stop) else ""

    def _read_han_behind(self, number: int) -> str:
        """Return the side of the place right behind a Chinese figure: `33項香港警方的要求`."""
        start = self.figures[number].end
        inside = [side for m, side in self.sides if start <= m.start <= start + _HAN_BESIDE]
        return inside[0] if inside and self.plain.has_han else ""

    def _read_before(self, number: int) -> str:
        stop, lower = self.figures[number].start, self.plain.lower
        start = max((edge for edge in self.edges if edge <= stop), default=self.span[0])
        if number:
            start = max(start, self.figures[number - 1].end)
        last = [(m.end, side) for m, side in self.sides if start <= m.start < stop]
        worldwide = self.words.worldwide.finditer(lower, start, stop)
        last += [(match.end(), "all") for match in worldwide]
        return max(last, default=(0, ""))[1]


def _find_place_side(mention: Mention, lower: str, words: PlaceWords, codebook: Codebook) -> str:
    """Return "here", "elsewhere", or "" for what is no place or only somebody's seat."""
    side = find_side(codebook, mention.entity)
    if side == "here":
        return side
    kind = codebook.entities.get(mention.entity, {}).get("kind", "")
    if kind not in _PLACE_KINDS or words.seat.match(lower, mention.end):
        return ""
    return "elsewhere"
