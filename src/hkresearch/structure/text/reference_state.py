"""The sentences read so far -> whom a pronoun or a description in the next one may stand for."""

from __future__ import annotations

from collections.abc import Sequence

from hkresearch.structure.text.mention_lists import Group

ACTORS = ("company", "government")


class ReferenceState:
    """What earlier sentences made salient: the last subjects, and the order in which entities were last named."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.focus: tuple[str, ...] = ()
        self.companies: tuple[str, ...] = ()
        self.plural: tuple[str, ...] = ()
        self.recent: list[str] = []

    def close_sentence(self, groups: Sequence[Group]) -> None:
        for group in groups:
            for entity in group.entities:
                if entity in self.recent:
                    self.recent.remove(entity)
                self.recent.append(entity)
        actors = [g for g in groups if g.kind in ACTORS and g.can_act] or [
            g for g in groups if g.kind == "company"
        ]
        if actors or groups:
            self.focus = (actors or groups)[0].entities
        companies = [g for g in actors if g.kind == "company"]
        named = [g for g in groups if g.kind == "company"]
        if companies := companies or (
            named if len(named) == 1 and len(named[0].entities) == 1 else []
        ):
            # The subject of the sentence; a later subject of a later clause takes over only when it is a name of its own.
            self.companies = companies[0].entities
            if len(companies[0].entities) > 1 and companies[0].can_act:
                self.plural = companies[0].entities
        together = tuple(
            dict.fromkeys(
                e for g in groups if g.kind == "company" and g.can_act for e in g.entities
            )
        )
        if len(self.plural) < 2 and len(together) > 1:
            self.plural = together


def pick_one(entities: tuple[str, ...], owners: dict) -> tuple[str, ...]:
    """Return the one organisation that a singular stands for: the owner of the others, else the last named."""
    if len(entities) > 1 and all(owners.get(e) == entities[0] for e in entities[1:]):
        return entities[:1]
    return entities[-1:]
