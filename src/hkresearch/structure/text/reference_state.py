"""The sentences read so far -> whom a pronoun or a description in the next one may stand for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hkresearch.structure.text.entity_names import Mention
from hkresearch.structure.text.mention_lists import Group

NOBODY = Group(0, 0, (), False, "")
_AND_OTHERS = "等"  # behind names: not they alone
_ACTORS = ("company", "government")


class ReferenceState:
    """What earlier sentences made salient; `names` are the names of the whole text.

    `focus` is the last sentence's subject, `companies` the last one that is a company, `plural` the
    last that are several; `named` are all of the last sentence that names any, `recent` are the
    entities named, the last one last; `voice` is who says "we" on a page of its own, `spoken_for`
    those whose spokesman spoke last.
    """

    def __init__(self, text: str, names: Sequence[Mention]) -> None:
        self.text, self.names = text, names
        self.focus = NOBODY
        self.companies = NOBODY
        self.plural: tuple[str, ...] = ()
        self.named: tuple[str, ...] = ()
        self.voice: tuple[str, ...] = ()
        self.spoken_for: tuple[str, ...] = ()
        self.recent: list[str] = []

    def close_background(self, groups: Sequence[Group]) -> None:
        """Remember whom a sentence named that only tells what went before.

        Who was spoken of still is where several stand in it; behind one it is not sure.
        """
        focus, companies = self.focus, self.companies
        self.close_sentence(groups)
        if not companies.entities or self.companies.entities == companies.entities:
            return
        is_several = len(self.named) > 1 or any(
            self.text.startswith(_AND_OTHERS, group.end) for group in groups
        )
        self.focus, self.companies = (focus, companies) if is_several else (NOBODY, NOBODY)

    def close_sentence(self, groups: Sequence[Group]) -> None:
        """Remember whom the sentence with these groups named; the main subject comes first."""
        self._move_to_end(entity for group in groups for entity in group.entities)
        named = [group for group in groups if group.kind == "company"]
        if named:
            self.named = tuple(dict.fromkeys(e for group in named for e in group.entities))
        acting = [group for group in groups if group.kind in _ACTORS and group.can_act]
        actors = acting or named
        if actors or groups:
            self.focus = (actors or groups)[0]
        companies = [group for group in actors if group.kind == "company"]
        is_only_one = len(named) == 1 and len(named[0].entities) == 1
        if companies := companies or (named if is_only_one else []):
            # A later subject takes over only when it is a name of its own.
            self.companies = companies[0]
            if len(companies[0].entities) > 1 and companies[0].can_act:
                self.plural = companies[0].entities
        acting_companies = [entity for g in named if g.can_act for entity in g.entities]
        together = tuple(dict.fromkeys(acting_companies))
        if len(self.plural) < 2 and len(together) > 1:
            self.plural = together

    def _move_to_end(self, entities: Iterable[str]) -> None:
        for entity in entities:
            if entity in self.recent:
                self.recent.remove(entity)
            self.recent.append(entity)
