"""The positions found on a page, before they are written as annotations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from hkresearch.codebook.patterns import PatternMatch
from hkresearch.structure.text.sentences import Sentence


class TextSpan(NamedTuple):
    """Half-open offsets of the text."""

    start: int
    end: int


class AttributeRow(NamedTuple):
    """One attribute of a position with its words; without `whom` all its organisations have it."""

    variable: str
    code: str
    start: int
    end: int
    whom: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundPosition:
    """One position of a list of organisations, before it is written as annotations."""

    start: int
    end: int
    match: TextSpan
    object: TextSpan  # empty when it lies in an earlier sentence
    entities: tuple[str, ...]
    code: str
    modality: str
    sentence: Sentence
    is_lasting: bool = False  # a stop for good, whatever was said before
    is_own: bool = False  # said of itself: "we"
    is_copied: bool = False  # "followed suit": the code is that of others


def choose_matches(matches: Sequence[PatternMatch]) -> list[PatternMatch]:
    """Return the matches that do not overlap, the leftmost and longest first."""
    chosen: list[PatternMatch] = []
    reached = -1
    for match in matches:
        if match.start >= reached:
            chosen.append(match)
            reached = match.end
        elif match.pattern.code == chosen[-1].pattern.code:
            # what the same code covers from a later word on states nothing else
            reached = max(reached, match.end)
    return chosen


def drop_copies(found: Sequence[FoundPosition]) -> list[FoundPosition]:
    """Return the positions without "followed suit" where its sentence says what else was done."""
    own = {
        (position.sentence.start, entity)
        for position in found
        if not position.is_copied
        for entity in position.entities
    }
    kept = []
    for position in found:
        entities = tuple(
            entity
            for entity in position.entities
            if not position.is_copied or (position.sentence.start, entity) not in own
        )
        if entities:
            kept.append(replace(position, entities=entities))
    return kept


def settle_stops(found: Sequence[FoundPosition]) -> list[FoundPosition]:
    """Return the positions with "stopped" read as "paused" for whom the page says they paused."""
    paused = {
        entity for position in found if position.code == "pause" for entity in position.entities
    }
    settled: list[FoundPosition] = []
    for position in found:
        if position.code != "stop" or position.is_lasting:
            settled.append(position)
            continue
        pausing = tuple(entity for entity in position.entities if entity in paused)
        stopping = tuple(entity for entity in position.entities if entity not in paused)
        if pausing:
            settled.append(replace(position, code="pause", entities=pausing))
        if stopping:
            settled.append(replace(position, entities=stopping))
    return settled
