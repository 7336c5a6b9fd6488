"""The name of a person -> the organisation that stood with it when the text introduced it."""

from __future__ import annotations

import re

from hkresearch.structure.quotations.mention_index import (
    INTRODUCTION_REACH,
    SPEAKING_KINDS,
    MentionIndex,
)
from hkresearch.structure.quotations.quotation import QuotedSpan
from hkresearch.structure.quotations.speaker_words import SpeakerWords
from hkresearch.structure.text.entity_names import Mention

_FULL_NAME_REACH = 160  # characters before a full name in which its organisation stands
_APPOSITION_REACH = 60  # characters behind it
_BREAK = re.compile(r"[\"“”«»;:]|[.!?] ")  # a name before it stands in another sentence
_OF = re.compile(r"(?:,? (?:[\w'’-]+ ){0,6}| )(?:of|at|for|from) (?:the )?")
_MOST_PLACES = 5  # of a name in which its introduction is looked for
_SURNAME = re.compile(r"(?:Mr|Ms|Mrs|Dr)?\.? ?([A-Z][\w’'-]+)")
_FULL_NAME = re.compile(r"(?:Mr|Ms|Mrs|Dr)?\.? ?(?:[A-Z][\w.’'-]+ ){1,2}([A-Z][\w’'-]+)")


class EmployerReader:
    """For whom the persons of one page work."""

    def __init__(self, text: str, index: MentionIndex, words: SpeakerWords) -> None:
        self.text, self.index, self.words = text, index, words
        self.by_role: dict[str, list[Mention]] = {}

    def find_employers(self, speaker: QuotedSpan) -> list[Mention]:
        """Return the organisation of a person named alone; none where the text does not say it."""
        said = self.text[slice(*speaker)].partition(",")[0]
        if name := _SURNAME.fullmatch(said):
            return self._find_introduced(name.group(1), speaker[0])
        if name := _FULL_NAME.fullmatch(said):
            by_role = self._find_by_role(name.group(1))
            return by_role or self._find_behind(speaker[0] + len(said))
        return []

    def is_person(self, said: str) -> bool:
        """Return whether a speaker is named as persons are."""
        return bool(_SURNAME.fullmatch(said) or _FULL_NAME.fullmatch(said))

    def _find_introduced(self, surname: str, before: int) -> list[Mention]:
        """Return the organisation beside the first full name that ends with the surname."""
        text, index = self.text, self.index
        first = index.find_introduction(text, surname)
        if first is None or first.end() > before:
            return self._find_by_role(surname)
        if whole := index.find_inside(*first.span(), SPEAKING_KINDS):
            return whole[:1]
        if by_role := self._find_by_role(surname):
            return by_role
        return self._find_before(first.start()) or self._find_behind(first.end())

    def _find_before(self, name_start: int) -> list[Mention]:
        """Return X of `X's Ann Lee`, `X's new head, Ann Lee` and `its head, Ann Lee`."""
        text, index = self.text, self.index
        low = max(0, name_start - _FULL_NAME_REACH)
        start = max(text.rfind("\n", low, name_start) + 1, low)
        if self.words.marks.own_company.search(text, start, name_start):
            return index.find_last(name_start, SPEAKING_KINDS, INTRODUCTION_REACH)
        named = index.find_last(name_start, SPEAKING_KINDS, name_start - start)
        between = text[named[0].end : name_start] if named else ""
        if _BREAK.search(between):
            return []
        is_staff = not self.words.staff.isdisjoint(between.casefold().replace(",", " ").split())
        return named if is_staff or between in ("'s ", "’s ") else []

    def _find_behind(self, name_end: int) -> list[Mention]:
        """Return X of `Ann Lee of X` and `Ann Lee, who runs security at X`."""
        stop = min(len(self.text), name_end + _APPOSITION_REACH)
        for mention in self.index.find_inside(name_end, stop, SPEAKING_KINDS)[:1]:
            owns = self.words.marks.owns_staff.match(self.text, mention.end)
            is_apposed = self.text[name_end : mention.start] in (", ", ", the ")
            between = self.text[name_end : mention.start]
            words = between.casefold().replace(",", " ").split()
            is_staff = not self._are_outside(words) and bool(_OF.fullmatch(between))
            if is_staff or (owns and is_apposed):
                return [mention]
        return []

    def _are_outside(self, words: list[str]) -> bool:
        """Whether words of a person tell of no office: "an activist who used to work for"."""
        return not (self.words.outsiders | self.words.former).isdisjoint(words)

    def _find_by_role(self, surname: str) -> list[Mention]:
        """Return X of `Ann Lee, a spokeswoman for X` and `X's chief executive, Ann Lee`."""
        if surname not in self.by_role:
            self.by_role[surname] = self._read_roles(surname)
        return self.by_role[surname]

    def _read_roles(self, surname: str) -> list[Mention]:
        text = self.text
        places = re.finditer(rf"\b{re.escape(surname)}\b", text)
        for _, place in zip(range(_MOST_PLACES), places, strict=False):
            role = self.words.marks.role_behind.match(text, place.end())
            if role and (named := self._find_at(role.end())):
                return named
            line = text.rfind("\n", 0, place.start()) + 1
            low = max(line, place.start() - _FULL_NAME_REACH)
            before = self.words.marks.role_before.search(text, low, place.start())
            if before and (named := self._find_ending(before.start())):
                return named
        return []

    def _find_at(self, position: int) -> list[Mention]:
        found = self.index.find_inside(position, position + 1, SPEAKING_KINDS)
        return [m for m in found if m.start == position and m.kind == "name"]

    def _find_ending(self, position: int) -> list[Mention]:
        found = self.index.find_inside(position - 1, position, SPEAKING_KINDS)
        return [m for m in found if m.end == position and m.kind == "name"]
