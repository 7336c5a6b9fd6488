"""The mentions of one sentence and the links of a fact variable -> pairs that a link joins."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from hkresearch.codebook.book import Codebook
from hkresearch.codebook.plain_text import Plain
from hkresearch.structure.facts.link_words import LinkWords, read_link_words
from hkresearch.structure.facts.rules import FactRule, Link
from hkresearch.structure.text.entity_names import Lexicon, Mention
from hkresearch.structure.text.mention_lists import Group, group_mentions

_FARTHEST_LINK = 80  # characters between two mentions that a link joins
_LEAD, _TAIL = 40, 50  # characters before and behind a pair that a link may ask for
_LONGEST_BESIDE = 3  # characters of what makes a Chinese name somebody's object
_FARTHEST_LISTED = 12  # characters between two places of a list
_MOST_WORDS = 5  # between a subject and its code, where others may be spoken of
_LETTERS = re.compile(r"[a-z]+")


class CodedFact(NamedTuple):
    """A subject, what is said of it, and the passage that says it."""

    subject: str
    code: str
    start: int
    end: int


class _Unit(NamedTuple):
    """A mention, or the mentions of a list, as one side of a link."""

    start: int
    end: int
    entities: tuple[str, ...]
    can_act: bool


class LinkReader:
    """The links of one sentence."""

    def __init__(
        self,
        plain: Plain,
        span: tuple[int, int],
        own: Sequence[Mention],
        lexicon: Lexicon,
        codebook: Codebook,
    ) -> None:
        self.lower, self.span = plain.lower, span
        self.own, self.kinds = own, lexicon.kinds
        self.words: LinkWords = read_link_words(codebook)
        self.others = lexicon.english.get("plural_nouns", frozenset())
        self.companies = [m for m in own if self.kinds[m.entity] == "company"]
        governments = [m for m in own if self.kinds[m.entity] == "government"]
        tables = ((m.entity, codebook.entities[m.entity]) for m in governments)
        self.places = {id: table["part_of"] for id, table in tables if "part_of" in table}
        groups = group_mentions(plain, own, lexicon, span[0])
        self.lists = [self._make_list(group) for group in groups if group.kind == "company"]

    def _make_list(self, group: Group) -> _Unit:
        """Return the companies of a list without those that only own the next one."""
        members = [m for m in self.companies if group.start <= m.start < group.end]
        starts = {member.start for member in members}
        kept = [member for member in members if not self._owns_next(member, starts)] or members
        entities = tuple(dict.fromkeys(member.entity for member in kept))
        low = max(self.span[0], group.start - _LONGEST_BESIDE)
        is_beside = self.words.han_owner.match(self.lower, group.end) or (
            self.words.han_beside.search(self.lower, low, group.start)
        )
        return _Unit(kept[0].start, group.end, entities, group.can_act and not is_beside)

    def _owns_next(self, member: Mention, starts: set[int]) -> bool:
        owning = self.words.owning.match(self.lower, member.end)
        return owning is not None and owning.end() in starts

    def find(self, rule: FactRule) -> Iterator[CodedFact]:
        """Yield each pair of a subject and a code that a link of the rule joins."""
        subjects, codes = (self._list_units(kind, rule.kinds) for kind in rule.kinds)
        if rule.kinds[0] == rule.kinds[1]:
            subjects = [*subjects, *(unit for unit in self.lists if len(unit.entities) > 1)]
        for subject in subjects:
            for code in codes:
                first, second = sorted((subject, code), key=lambda unit: unit.start)
                if not 0 <= second.start - first.end <= _FARTHEST_LINK:
                    continue
                if set(subject.entities) & set(code.entities):
                    continue
                if (end := self._find_end(rule, subject, code)) is not None:
                    for entity in subject.entities:
                        for value in (code.entities[0], *self._list_more(code)):
                            yield CodedFact(entity, value, first.start, end)
                    break

    def _list_units(self, kind: str, kinds: tuple[str, str]) -> list[_Unit]:
        """Return the sides of a kind: lists of companies as one, else single mentions.

        Companies are single where both sides are companies. What a place's government does is done
        there.
        """
        if kind == "company" and kinds[0] != kinds[1]:
            return self.lists
        units = [
            _Unit(m.start, m.end, (m.entity,), True)
            for m in self.own
            if self.kinds[m.entity] == kind
        ]
        if kind == "place":
            units += [
                _Unit(m.start, m.end, (self.places[m.entity],), False)
                for m in self.own
                if m.entity in self.places
            ]
        return units

    def _list_more(self, code: _Unit) -> list[str]:
        """Return the further places of a list that begins with `code`."""
        found, edge = [], code.end
        for mention in self.own:
            if mention.start < edge or self.kinds[mention.entity] != self.kinds[code.entities[0]]:
                continue
            if self.kinds[mention.entity] != "place" or mention.start - edge > _FARTHEST_LISTED:
                break
            if not self.words.listed_place.fullmatch(self.lower, edge, mention.start):
                break
            found.append(mention.entity)
            edge = mention.end
        return found

    def _find_end(self, rule: FactRule, subject: _Unit, code: _Unit) -> int | None:
        """Return where the words of the first link that joins the two end; None without one."""
        is_subject_first = subject.start < code.start
        if is_subject_first and not code.can_act:
            return None
        first, second = (subject, code) if is_subject_first else (code, subject)
        between = self.lower[first.end : second.start]
        is_owner_link = rule.kinds[0] == rule.kinds[1]
        for link in rule.links:
            if link.subject_first != is_subject_first or not link.between.fullmatch(between):
                continue
            if self._has_other(first, second, is_owner_link):
                return None
            end = self._match_link(link, first, second, between)
            if end is None or not self._may_join(link, subject, is_owner_link):
                continue
            if not self._is_doubted(first.start, end):
                return end
        return None

    def _may_join(self, link: Link, subject: _Unit, is_owner_link: bool) -> bool:
        """Return whether the subject itself is spoken of: not its users, not its owner aside.

        Of a list of companies one that owns them is told only of all of them together.
        """
        if is_owner_link:
            is_list = link.subject_first and len(subject.entities) > 1
            return not is_list or self.words.together.match(self.lower, subject.end) is not None
        if self.words.part.match(self.lower, subject.end):
            return False
        return subject.can_act or not link.subject_first or link.is_possessive

    def _match_link(self, link: Link, first: _Unit, second: _Unit, between: str) -> int | None:
        """Return where the words around the pair end, when they are those of the link too."""
        lower = self.lower
        if link.subject_first:
            if self._has_other_subject(between):
                return None
        elif self._has_verb(between):
            return None
        low = max(self.span[0], first.start - _LEAD)
        if link.before and not link.before.search(lower, low, first.start):
            return None
        if link.after is None:
            return second.end
        behind = link.after.match(lower, second.end, min(self.span[1], second.end + _TAIL))
        return behind.end() if behind else None

    def _has_other_subject(self, between: str) -> bool:
        """Return whether the words between begin another clause, or speak of others."""
        if self.words.new_clause.search(between):
            return True
        words = set(_LETTERS.findall(between))
        return len(words) > _MOST_WORDS and not words.isdisjoint(self.others)

    def _has_verb(self, between: str) -> bool:
        """Return whether another story is told between: `the Alpha-based group accused Beta`."""
        if self.words.based.match(between):
            return True
        participles = (word for word in _LETTERS.findall(between) if word.endswith("ed"))
        return any(word not in self.words.adjectives for word in participles)

    def _has_other(self, first: _Unit, second: _Unit, is_owner_link: bool) -> bool:
        """Return whether another company stands between the two.

        As somebody's owner aside it may, but not where owners count.
        """
        known = {*first.entities, *second.entities}
        units = self.lists
        if is_owner_link:
            units = [_Unit(m.start, m.end, (m.entity,), True) for m in self.companies]
        between = (unit for unit in units if first.end <= unit.start < second.start)
        return any(unit.can_act and not known.intersection(unit.entities) for unit in between)

    def _is_doubted(self, start: int, end: int) -> bool:
        """Return whether a word of the clause denies the link or leaves it open."""
        if self.words.doubt_before.search(self.lower, self.span[0], start):
            return True
        if self.words.doubt_behind.search(self.lower, end, self.span[1]):
            return True
        begins = [m.end() for m in self.words.clause_mark.finditer(self.lower, self.span[0], start)]
        clause = begins[-1] if begins else self.span[0]
        return self.words.doubt.search(self.lower, clause, end) is not None
