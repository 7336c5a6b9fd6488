"""The positions found on a page, before they are written as annotations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hkresearch.codebook.patterns import Pattern
from hkresearch.structure.text.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Found:
    """One position of a list of organisations, before it is written as annotations."""

    start: int
    end: int
    hit: tuple[int, int]
    object: tuple[int, int]  # empty when it lies in an earlier sentence
    entities: tuple[str, ...]
    code: str
    modality: str
    sentence: Sentence
    is_lasting: bool = False  # a stop for good, whatever was said before
    is_own: bool = False  # said of itself: "we"


def choose_matches(hits: Sequence[tuple[int, int, Pattern, int]]) -> list[tuple]:
    """Return the matches that do not overlap, the leftmost and longest first."""
    chosen: list[tuple] = []
    reached = -1
    for hit in hits:
        if hit[0] >= reached:
            chosen.append(hit)
            reached = hit[1]
        elif hit[2].code == chosen[-1][2].code:
            # what the same code covers from a later word on states nothing else
            reached = max(reached, hit[1])
    return chosen


def settle_stops(found: Sequence[Found]) -> list[Found]:
    """Return the positions with "stopped" read as "paused" for whom the page elsewhere says that they paused."""
    paused = {entity for f in found if f.code == "pause" for entity in f.entities}
    settled = []
    for f in found:
        if f.code != "stop" or f.is_lasting:
            settled.append(f)
            continue
        for code, entities in (
            ("pause", [e for e in f.entities if e in paused]),
            ("stop", [e for e in f.entities if e not in paused]),
        ):
            if entities:
                settled.append(replace(f, code=code, entities=tuple(entities)))
    return settled
