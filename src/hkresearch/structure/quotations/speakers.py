"""A speaker's words and the mentions of an article -> the organisation that speaks, and the outlet that is credited."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hkresearch.codebook.book import Codebook

ACTORS = ("company", "government", "organisation", "organization", "party")
MOST_SURNAMES = 1000  # of one page that are looked up
REACH = 400  # characters back to the organisation that a bare "spokesperson" speaks for
CREDIT_REACH = (
    120  # characters after the cue in which "told the BBC" or "in an interview with CNN" stands
)
# What stands after one of these is said about the speaker, and does not speak.
ASIDE = re.compile(
    r",? (?:which|who|whose|owned by|part of|a (?:unit|subsidiary) of)\b|[,，](?=[^,，]{0,40}[’']s )"
)
AS_SAYING = re.compile(r"\b(?:quoted|cited)\b.* as \w+ing$")
BETWEEN = re.compile(r"(?: ?\([^()]{1,20}\))?[,、和及與与 ]{0,3}(?:and |as well as )?")
OWNERS = ("its", "their", "his", "her", "其")
POSSESSIVE = re.compile(r"\b[Ii]ts |\b[Tt]he (?:company|firm)[’']s ")
HAN = re.compile(
    "[\u3400-\u9fff]"
)  # before a reference: another organisation's name that the book does not hold
OWNER_MARK = re.compile(r"[’']s?\s|的|旗下")


@dataclass(frozen=True, slots=True)
class SpeakerWords:
    """The word lists of the codebook that tell a role from a name, and an outlet from a person."""

    roles: frozenset[str]
    relatives: frozenset[str]
    han_roles: tuple[str, ...]
    outlet: re.Pattern
    outlet_reference: re.Pattern


def read_speaker_words(codebook: Codebook) -> SpeakerWords:
    """Return the codebook's words for roles and outlets, compiled."""
    english, chinese = (codebook.news["quotations"].get(language, {}) for language in ("en", "zh"))
    last, references = (
        "|".join(english.get(name, "").split()) for name in ("outlet_words", "outlet_references")
    )
    return SpeakerWords(
        roles=frozenset(english.get("roles", "").split()),
        relatives=frozenset([*english.get("words", {}).get("relatives", "").split(), "that"]),
        han_roles=tuple(chinese.get("roles", "").split()),
        outlet=re.compile(
            rf"\b(?:to|with|told|tell|by|in|on) ((?:[Tt]he )?(?:[A-Z][\w.&-]* ){{0,4}}(?:{last}))\b"
        ),
        outlet_reference=re.compile(rf"\b(?:in|to) (the (?:same |earlier )?(?:{references}))\b"),
    )


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
        """Return the mentions of these kinds that overlap [start, end), a person standing for who employs them."""
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


def find_organisations(
    text: str, speaker: tuple[int, int], start: int, index: MentionIndex, words: SpeakerWords
) -> list[Any]:
    """Return the mentions that say for which organisations `speaker` speaks; none where the text does not say it.

    `start` is where the quotation begins: a bare "spokesperson" speaks for the organisation named last before it.
    """
    head_end = speaker[1]
    if aside := ASIDE.search(text, *speaker):
        head_end = aside.start()
    inside = index.find_inside(speaker[0], head_end, ACTORS)
    kept = [
        m
        for k, m in enumerate(inside)
        if not (inside[k + 1 :] and _is_owner(text, m, inside[k + 1 :]))
    ]
    kept = [m for m in kept if m.kind != "reference" or not HAN.search(text, speaker[0], m.start)]
    if kept:
        return list({m.entity: m for m in reversed(kept)}.values())[::-1]
    said = text[slice(*speaker)].casefold()
    if said in words.relatives:
        return index.find_list(text, speaker[0])
    if not words.roles.isdisjoint(said.split()) or any(word in said for word in words.han_roles):
        return index.find_last(min(start, speaker[0]), ACTORS)
    if name := re.fullmatch(r"(?:Mr|Ms|Mrs|Dr)?\.? ?([A-Z][\w’'-]+)", text[slice(*speaker)]):
        return _find_employer(text, name.group(1), speaker[0], index)
    return index.find_inside(*speaker, ("outlet",))


def _is_owner(text: str, mention: Any, later: Sequence[Any]) -> bool:
    """Whether the mention only says whose the next one is: `Alpha's Beta`, `its parent Alpha`."""
    following = next(
        (m for m in later if m.start >= mention.end and m.entity != mention.entity), None
    )
    if following is None:
        return False
    between = text[mention.end : following.start]
    return bool(OWNER_MARK.match(between)) or text[mention.start : mention.end].casefold() in OWNERS


def _find_employer(text: str, surname: str, before: int, index: MentionIndex) -> list[Any]:
    """A surname alone: the organisation that stood with the full name when the text introduced it."""
    first = index.find_introduction(text, surname)
    if first is None or first.end() > before:
        return []
    start = max(
        text.rfind("\n", max(0, first.start() - 160), first.start()) + 1, first.start() - 160, 0
    )
    if POSSESSIVE.search(text, start, first.start()):
        start = first.start() - REACH
    return (
        index.find_last(first.start(), ACTORS, first.start() - start)
        or index.find_inside(first.end(), min(len(text), first.end() + 60), ACTORS)[:1]
    )


def find_credit(
    text: str,
    quotation: Any,
    index: MentionIndex,
    words: SpeakerWords,
    last: tuple[int, int, str] | None,
):
    """Return (start, end, entity or words) of the outlet that is credited with the quotation; None where none is.

    `last` is the credit of the quotation before, for `in the report`.
    """
    cue, speaker = quotation.cue, quotation.speaker
    if cue is None:
        return None
    line_end = text.find("\n", cue[1], cue[1] + CREDIT_REACH)
    stop = min(cue[1] + CREDIT_REACH, line_end if line_end >= 0 else len(text))
    stop = min([stop] + [start for start, _ in quotation.contents if start >= cue[1]])
    begin = cue[0]
    if AS_SAYING.search(text, *cue):  # the outlet that quotes stands before
        begin = max(
            text.rfind("\n", max(0, begin - CREDIT_REACH), begin) + 1, begin - CREDIT_REACH // 2, 0
        )
    spans = [(begin, stop)]
    if speaker and speaker[0] >= cue[0]:
        spans.append(speaker)
    if (
        speaker and 0 < cue[0] - speaker[1] <= CREDIT_REACH
    ):  # Chinese: the outlet stands before the verb
        spans.append((speaker[1], cue[0]))
    for start, end in spans:
        for mention in index.find_inside(start, end, ("outlet",)):
            if mention.start >= start:
                return mention.start, mention.end, mention.entity
    for start, end in spans:
        if name := words.outlet.search(text, start, end):
            return name.start(1), name.end(1), name.group(1)
        if last and (name := words.outlet_reference.search(text, start, end)):
            return name.start(1), name.end(1), last[2]
    return None
