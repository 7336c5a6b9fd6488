"""The words of a speaker -> the government or the police for which an office-holder speaks."""

from __future__ import annotations

import re
from collections.abc import Collection

from hkresearch.codebook.book import Codebook
from hkresearch.structure.quotations.mention_index import MentionIndex
from hkresearch.structure.quotations.quotation import QuotedSpan
from hkresearch.structure.quotations.speaker_words import SpeakerWords
from hkresearch.structure.text.entity_names import Mention
from hkresearch.structure.text.mentions import is_mainly_here

_BODY_REACH = 700  # characters back to the body that "the bureau" or "a police spokesman" means
_PLACE_REACH = 30  # characters from a place to the body that sits there: "In Beijing, the ministry"
_PLACE_BEFORE = re.compile(r"[Ii]n $")
_LOCATED = re.compile(r" (?:in|of|for) (?:the )?$")
_SEATED = re.compile(r"-(?:based|born|owned)")
_TIME_OF_DAY = re.compile(r"[\d.:\s]+")
_GOVERNMENT = "government"
_POLICE = "police"
_HAN_GOVERNMENT = "政府"


class PublicBodyReader:
    """The governments and their bodies that the speakers of one page speak for."""

    def __init__(
        self, text: str, index: MentionIndex, words: SpeakerWords, codebook: Codebook
    ) -> None:
        self.text, self.index, self.words, self.codebook = text, index, words, codebook

    def find_bodies(
        self, speaker: QuotedSpan, spoken: Collection[str], before: int
    ) -> list[Mention]:
        """Return the body of an office-holder or a body's common name; none where it is unknown.

        `spoken` are the words of the speaker, `before` where the quotation begins.
        """
        said = self.text[slice(*speaker)]
        if by_place := self._find_by_place(speaker, spoken):
            return by_place
        if by_office := self._find_office_holder(said, spoken, before):
            return by_office
        for word in sorted(spoken):
            if same := self.words.bodies.get(word):
                return self._find_called(speaker, word, same, before)
        if _HAN_GOVERNMENT in said and _HAN_GOVERNMENT in self.text[:before]:
            return self._find_han_government(before)
        return []

    def _find_by_place(self, speaker: QuotedSpan, spoken: Collection[str]) -> list[Mention]:
        """Return the government of `a US official`, `officials in Beijing`, and of `Beijing`."""
        start, end = speaker
        clock = _TIME_OF_DAY.match(self.text, start, end)
        name_start = clock.end() if clock else start
        places = self.index.find_inside(start, end, ("place",))
        has_office = not self.words.executives.isdisjoint(spoken)
        for place in places:
            if place.kind != "name" or _SEATED.match(self.text, place.end):
                continue
            is_whole = place.start == name_start and place.end == end
            lead = self.text[start : place.start]
            is_lead = not lead.strip() or not self._has_office(lead) or _LOCATED.search(lead)
            if is_whole or (has_office and is_lead):
                return self._list_governments(place, spoken)
        return self._find_by_place_before(speaker, spoken) if has_office and not places else []

    def _find_office_holder(self, said: str, spoken: Collection[str], before: int) -> list[Mention]:
        """Return the government of "the official" behind `a US official`."""
        head = said.casefold().split()[-1]
        if not said.startswith(("the ", "The ")) or head not in self.words.executives:
            return []
        called = re.compile(rf" (?:[a-z]+ )?{re.escape(head)}s?\b")
        for place in reversed(
            self.index.find_inside(max(0, before - _BODY_REACH), before, ("place",))
        ):
            if called.match(self.text, place.end):
                return self._list_governments(place, spoken)
        return []

    def _has_office(self, lead: str) -> bool:
        return not self.words.executives.isdisjoint(lead.casefold().split())

    def _find_by_place_before(self, speaker: QuotedSpan, spoken: Collection[str]) -> list[Mention]:
        """Return the government of `In Beijing, the ministry's spokesman`."""
        for place in self.index.find_last(speaker[0], ("place",), _PLACE_REACH):
            between = self.text[place.end : speaker[0]].strip()
            if between == "," and _PLACE_BEFORE.search(self.text[: place.start]):
                return self._list_governments(place, spoken)
        return []

    def _list_governments(self, place: Mention, spoken: Collection[str]) -> list[Mention]:
        """Return the government of a place, or the police where the words speak of them."""
        kind = self.words.bodies.get(_POLICE, frozenset())
        word = _POLICE if not kind.isdisjoint(spoken) else _GOVERNMENT
        for entity, table in self.codebook.entities.items():
            if table.get("part_of") == place.entity and word in self._list_name_words(entity):
                return [Mention(place.start, place.end, entity, "name")]
        return []

    def _list_name_words(self, entity: str) -> set[str]:
        names = self.codebook.entities[entity].get("names", {}).get("en", ())
        return {word for name in names for word in name.casefold().split()}

    def _find_called(
        self, speaker: QuotedSpan, word: str, same: Collection[str], before: int
    ) -> list[Mention]:
        """Return the last body that is called so: "the agency", "a police spokesman"."""
        if found := self.index.find_body(self.text, before, same, _BODY_REACH):
            return [found]
        if word == _GOVERNMENT:
            return self._find_last_government(speaker[0])
        if _POLICE in same and is_mainly_here(self.codebook, self.index.mentions):
            place = self.codebook.topic.get("gate", {}).get("place", "")
            return self._list_governments(Mention(*speaker, place, "name"), (_POLICE,))
        return []

    def _find_last_government(self, before: int) -> list[Mention]:
        """Return the only government named before on the same line; else none."""
        line_start = self.text.rfind("\n", 0, before) + 1
        named = self.index.find_inside(line_start, before, ("government",))
        named = [m for m in named if _GOVERNMENT in self._list_name_words(m.entity)]
        return named[-1:] if len({mention.entity for mention in named}) == 1 else []

    def _find_han_government(self, before: int) -> list[Mention]:
        for mention in reversed(self.index.find_inside(0, before, ("government",))):
            if mention.start < before - _BODY_REACH:
                break
            if _HAN_GOVERNMENT in self.text[mention.start : mention.end]:
                return [mention]
        return []
