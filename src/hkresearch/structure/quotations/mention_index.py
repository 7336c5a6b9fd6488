"""The mentions of one article -> which stand in a span, in a list, or last before a position."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

from hkresearch.codebook.book import Codebook

ACTORS = ("company", "government", "organisation", "organization", "party")
MOST_SURNAMES = 1000  # of one page that are looked up
REACH = 400  # characters back to the organisation that a bare "spokesperson" speaks for
BETWEEN = re.compile(r"(?: ?\([^()]{1,20}\))?[,、和及與与 ]{0,3}(?:and |as well as )?")
SHORT_OUTLET = re.compile(r"[Tt]he ([A-Z][a-z]+)")  # "the Post" is whichever Post was named


class MentionIndex:
    """The mentions of one article in order, with the kind of each entity, found by position."""

    def __init__(self, mentions: Sequence[Any], codebook: Codebook):
        self.mentions = sorted(mentions, key=lambda m: (m.start, m.end, m.entity))
        self.starts = [m.start for m in self.mentions]
        self.entities = codebook.entities
        self.introductions: dict[str, re.Match | None] = {}
        self.longest = max((m.end - m.start for m in self.mentions), default=0)

    def find_introduction(self, text: str, surname: str) -> re.Match | None:
        """Return the first full name that ends with the surname."""
        if surname not in self.introductions:
            pattern = re.compile(rf"\b[A-Z][\w.’'-]{{1,30}} {re.escape(surname)}\b")
            self.introductions[surname] = (
                pattern.search(text) if len(self.introductions) < MOST_SURNAMES else None
            )
        return self.introductions[surname]

    def find_kind(self, entity: str) -> str:
        """Return the kind of an entity, empty where the book does not say."""
        return self.entities.get(entity, {}).get("kind", "")

    def list_actors(self) -> list[tuple[int, int]]:
        """Return the spans of the organisations that stand by name, sorted."""
        return [
            (m.start, m.end)
            for m in self.mentions
            if m.kind == "name" and self.find_kind(m.entity) in ACTORS
        ]

    def find_inside(self, start: int, end: int, kinds: Sequence[str]) -> list[Any]:
        """Return the mentions of these kinds that overlap [start, end), in order."""
        found = []
        for i in range(bisect_left(self.starts, start - self.longest), len(self.mentions)):
            mention = self.mentions[i]
            if mention.start >= end:
                break
            if mention.end > start and self.find_kind(mention.entity) in kinds:
                found.append(mention)
        return found

    def find_list(self, text: str, before: int) -> list[Any]:
        """Return the actors of the list that ends right before a position: `Alpha, Beta and Gamma, which ...`."""
        found, edge = [], before
        for i in range(bisect_left(self.starts, before) - 1, -1, -1):
            mention = self.mentions[i]
            if mention.end > edge or not BETWEEN.fullmatch(text, mention.end, edge):
                break
            if self.find_kind(mention.entity) in ACTORS:
                found.insert(0, mention)
                edge = mention.start
        return found

    def find_last(self, before: int, kinds: Sequence[str], reach: int = REACH) -> list[Any]:
        """Return the last mentions of these kinds that end before a position: several where one word names several."""
        for i in range(bisect_left(self.starts, before) - 1, -1, -1):
            mention = self.mentions[i]
            if mention.start < before - reach:
                break
            if mention.end <= before and self.find_kind(mention.entity) in kinds:
                return [
                    m
                    for m in self.find_inside(mention.start, mention.end, kinds)
                    if m.start == mention.start
                ]
        return []

    def find_body(self, text: str, before: int, words: frozenset[str], reach: int) -> Any | None:
        """Return the last public body before a position whose name has one of the words; None where there is none."""
        for i in range(bisect_left(self.starts, before) - 1, -1, -1):
            mention = self.mentions[i]
            if mention.start < before - reach:
                break
            if mention.end <= before and self.find_kind(mention.entity) == "government":
                named = re.findall(r"[a-z]+", text[mention.start : mention.end].lower())
                if not words.isdisjoint(named):
                    return mention
        return None

    def find_outlet(self, text: str, mention: Any) -> str:
        """Return the outlet that a mention names: "the Post" is the one named before that ends so, "" if none does."""
        short = SHORT_OUTLET.fullmatch(text, mention.start, mention.end)
        if short is None:
            return mention.entity
        full = re.compile(rf"(?:[A-Z][\w.]* ){{1,4}}{short.group(1)}\b")
        named = [
            m
            for m in full.finditer(text, 0, mention.start)
            if not m.group().startswith("The " + short.group(1))
        ]
        if not named:
            return ""
        inside = self.find_inside(named[-1].start(), named[-1].end(), ("outlet",))
        covering = [
            m for m in inside if m.end == named[-1].end() and m.start <= named[-1].start() + 4
        ]
        return covering[0].entity if covering else ""
