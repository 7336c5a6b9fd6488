"""The mentions of one article -> which stand in a span, in a list, or last before a position."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence

from hkresearch.codebook.book import Codebook
from hkresearch.structure.text.entity_names import Mention

SPEAKING_KINDS = ("company", "government", "organisation", "organization", "party")
INTRODUCTION_REACH = 400  # characters back to the organisation of a person who is introduced
_MOST_SURNAMES = 1000  # of one page that are looked up
_BETWEEN = re.compile(r"(?: ?\([^()]{1,20}\))?[,、和及與与 ]{0,3}(?:and |as well as )?")
_SHORT_OUTLET = re.compile(r"[Tt]he ([A-Z][a-z]+)")  # "the Post" is whichever Post was named


class MentionIndex:
    """The mentions of one article in order, with the kind of each entity, found by position."""

    def __init__(self, mentions: Sequence[Mention], codebook: Codebook):
        self.mentions = sorted(mentions, key=lambda m: (m.start, m.end, m.entity))
        self.starts = [mention.start for mention in self.mentions]
        self.entities = codebook.entities
        self.introductions: dict[str, re.Match[str] | None] = {}
        self.longest = max((m.end - m.start for m in self.mentions), default=0)

    def find_introduction(self, text: str, surname: str) -> re.Match[str] | None:
        """Return the first full name that ends with the surname."""
        if surname not in self.introductions:
            pattern = re.compile(rf"\b[A-Z][\w.’'-]{{1,30}} {re.escape(surname)}\b")
            is_full = len(self.introductions) >= _MOST_SURNAMES
            self.introductions[surname] = None if is_full else pattern.search(text)
        return self.introductions[surname]

    def find_kind(self, entity: str) -> str:
        """Return the kind of an entity, empty where the book does not say."""
        kind: str = self.entities.get(entity, {}).get("kind", "")
        return kind

    def list_actors(self) -> list[tuple[int, int]]:
        """Return the spans of the organisations that stand by name, sorted."""
        return [
            (mention.start, mention.end)
            for mention in self.mentions
            if mention.kind == "name" and self.find_kind(mention.entity) in SPEAKING_KINDS
        ]

    def find_inside(self, start: int, end: int, kinds: Collection[str]) -> list[Mention]:
        """Return the mentions of these kinds that overlap [start, end), in order."""
        found = []
        for k in range(bisect_left(self.starts, start - self.longest), len(self.mentions)):
            mention = self.mentions[k]
            if mention.start >= end:
                break
            if mention.end > start and self.find_kind(mention.entity) in kinds:
                found.append(mention)
        return found

    def find_list(self, text: str, before: int) -> list[Mention]:
        """Return the actors of the list that ends before a position: `Alpha and Beta, which`."""
        found: list[Mention] = []
        edge = before
        for k in range(bisect_left(self.starts, before) - 1, -1, -1):
            mention = self.mentions[k]
            if mention.end > edge or not _BETWEEN.fullmatch(text, mention.end, edge):
                break
            if self.find_kind(mention.entity) in SPEAKING_KINDS:
                found.insert(0, mention)
                edge = mention.start
        return found

    def find_last(self, before: int, kinds: Collection[str], reach: int) -> list[Mention]:
        """Return the last mentions of these kinds before a position, all of the same word."""
        for mention in self._list_back(before, reach):
            if self.find_kind(mention.entity) in kinds:
                inside = self.find_inside(mention.start, mention.end, kinds)
                return [other for other in inside if other.start == mention.start]
        return []

    def find_body(
        self, text: str, before: int, words: Collection[str], reach: int
    ) -> Mention | None:
        """Return the last public body before a position whose name has one of the words."""
        for mention in self._list_back(before, reach):
            if self.find_kind(mention.entity) == "government":
                named = re.findall(r"[a-z]+", text[mention.start : mention.end].lower())
                if any(word in words for word in named):
                    return mention
        return None

    def _list_back(self, before: int, reach: int) -> Iterator[Mention]:
        """Yield the mentions that end before a position, the last first."""
        for k in range(bisect_left(self.starts, before) - 1, -1, -1):
            mention = self.mentions[k]
            if mention.start < before - reach:
                break
            if mention.end <= before:
                yield mention

    def find_outlet(self, text: str, mention: Mention) -> str:
        """Return the outlet that a mention names, empty for "the Post" without a full name."""
        short = _SHORT_OUTLET.fullmatch(text, mention.start, mention.end)
        if short is None:
            return mention.entity
        full = re.compile(rf"(?:[A-Z][\w.]* ){{1,4}}{short.group(1)}\b")
        bare = "The " + short.group(1)
        named = [
            match
            for match in full.finditer(text, 0, mention.start)
            if not match.group().startswith(bare)
        ]
        if not named:
            return ""
        start, end = named[-1].span()
        inside = self.find_inside(start, end, ("outlet",))
        covering = [m for m in inside if m.end == end and m.start <= start + 4]
        return covering[0].entity if covering else ""
