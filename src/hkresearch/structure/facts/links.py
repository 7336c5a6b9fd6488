"""The mentions of one sentence and the links of a fact variable -> pairs of a subject and what is said of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from hkresearch.codebook.book import Codebook
from hkresearch.codebook.plain_text import Plain
from hkresearch.structure.facts.rules import FactRule, Link
from hkresearch.structure.text.entity_names import Lexicon, Mention
from hkresearch.structure.text.mention_lists import group_mentions

_FARTHEST_LINK = 80  # characters between two mentions that a link joins
_LEAD_OF_LINK, _TAIL_OF_LINK = 40, 50  # characters before and behind a pair that a link may ask for
_CLAUSE_BEGIN = re.compile(r"[,;:—–，；：。]")
_OWNING = re.compile(r"(?:'s?|-owned|旗下的?|的)\s*")
_LISTED_PLACE = re.compile(r"(?:\s*,)?\s*(?:\band\b|\bor\b|、|和|及|與|,)?\s*(?:in )?(?:the )?")
_HAN_OWNER = re.compile(r"旗下|母公司|的母公司")
_HAN_BESIDE = re.compile(r"[屬属由被向對对與与]於?$|隸屬於?$|隶属于?$")
_TOGETHER = re.compile(r"[\s,]*(?:which )?(?:both|all|are|were)\b")
_NEW_CLAUSE = re.compile(
    r"\b(?:that|because|when|while|where|said|says|claims|since|after|before|so|its|their)\b(?! headquarters| seat)"
)
_BASED = re.compile(
    r"\W*(?:based|headquartered)\b.*\b(?:of|for|from|by|at|to|with|who|which|that)\b"
)
_COMMON_PARTICIPLES = frozenset(
    "based headquartered owned blocked banned encrypted censored".split()
)
Found = tuple[str, str, int, int]


@dataclass(frozen=True, slots=True)
class _Unit:
    """A mention, or the mentions of a list, as one side of a link."""

    start: int
    end: int
    entities: tuple[str, ...]
    can_act: bool


@dataclass(frozen=True, slots=True)
class _LinkWords:
    """Words that undo a link, and words behind a name that speak of something else than what it names."""

    doubt: re.Pattern[str]
    doubt_before: re.Pattern[str]
    doubt_behind: re.Pattern[str]
    part: re.Pattern[str]


@lru_cache(maxsize=8)
def _read_link_words(codebook: Codebook) -> _LinkWords:
    """Return the words of news.toml's [facts], compiled."""
    table = codebook.news.get("facts", {})

    def join(key: str, behind: str) -> str:
        english = "|".join(re.escape(word) for word in table.get(key, {}).get("en", ()))
        chinese = "|".join(re.escape(word) for word in table.get(key, {}).get("zh", ()))
        return f"{behind}(?:{english})\\b|{chinese}" if english and chinese else "(?!)"

    return _LinkWords(
        re.compile(join("doubt", r"(?:\b|(?=n't))")),
        re.compile(join("doubt_before", r"\b")),
        re.compile(rf"\b(?:is|are|was|were|as) {join('doubt_behind', '')}"),
        re.compile(rf"(?:'s?|的)?\s?(?:{join('parts', '')})"),
    )


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
        self.plain, self.lower, self.span = plain, plain.lower, span
        self.own, self.kinds = own, lexicon.kinds
        self.words = _read_link_words(codebook)
        self.others = lexicon.references.get("en", {}).get("plural_nouns", frozenset())
        self.places = {
            m.entity: codebook.entities[m.entity]["part_of"]
            for m in own
            if self.kinds[m.entity] == "government" and "part_of" in codebook.entities[m.entity]
        }
        self.companies = [m for m in own if self.kinds[m.entity] == "company"]
        groups = group_mentions(plain, own, lexicon, span[0])
        self.lists = [self._make_list(g) for g in groups if g.kind == "company"]

    def _make_list(self, group) -> _Unit:
        """Return the companies of a list without those that only own the next one."""
        members = [m for m in self.companies if group.start <= m.start < group.end]
        starts = {m.start for m in members}
        kept = [
            m
            for m in members
            if not ((owning := _OWNING.match(self.lower, m.end)) and owning.end() in starts)
        ]
        kept = kept or members
        entities = tuple(dict.fromkeys(m.entity for m in kept))
        beside = _HAN_OWNER.match(self.lower, group.end) or _HAN_BESIDE.search(
            self.lower, max(self.span[0], group.start - 3), group.start
        )
        return _Unit(kept[0].start, group.end, entities, group.can_act and not beside)

    def find(self, rule: FactRule) -> Iterator[Found]:
        """Yield (subject, code, start, end) of each pair that a link of the rule joins."""
        subjects, codes = (self._list_units(kind, rule.kinds) for kind in rule.kinds)
        if rule.kinds[0] == rule.kinds[1]:
            subjects = [*subjects, *(unit for unit in self.lists if len(unit.entities) > 1)]
        for subject in subjects:
            for code in codes:
                first, second = sorted((subject, code), key=lambda unit: unit.start)
                if second.start < first.end or second.start - first.end > _FARTHEST_LINK:
                    continue
                if set(subject.entities) & set(code.entities):
                    continue
                if (end := self._find_end(rule, subject, code)) is not None:
                    for entity in subject.entities:
                        for value in (code.entities[0], *self._list_more(code)):
                            yield entity, value, first.start, end
                    break

    def _list_units(self, kind: str, kinds: tuple[str, str]) -> list[_Unit]:
        """Return lists of companies as one; single mentions where both sides are companies, and for places."""
        if kind == "company" and kinds[0] != kinds[1]:
            return self.lists
        units = [
            _Unit(m.start, m.end, (m.entity,), True)
            for m in self.own
            if self.kinds[m.entity] == kind
        ]
        if kind == "place":  # what a place's government does is done there
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
            if self.kinds[mention.entity] != "place" or mention.start - edge > 12:
                break
            if not _LISTED_PLACE.fullmatch(self.lower, edge, mention.start):
                break
            found.append(mention.entity)
            edge = mention.end
        return found

    def _find_end(self, rule: FactRule, subject: _Unit, code: _Unit) -> int | None:
        """Return where the words of the first link that joins the two end; None where none does."""
        is_owner_link = rule.kinds[0] == rule.kinds[1]
        is_subject_first = subject.start < code.start
        if is_subject_first and not code.can_act:
            return None
        first, second = (subject, code) if is_subject_first else (code, subject)
        between = self.lower[first.end : second.start]
        for link in rule.links:
            if link.subject_first != is_subject_first or not link.between.fullmatch(between):
                continue
            if self._has_other(first, second, is_owner_link):
                return None
            end = self._match_link(link, first, second, between)
            if end is None or not is_owner_link and not self._acts(link, subject):
                continue
            if is_owner_link and is_subject_first and len(subject.entities) > 1:
                if not _TOGETHER.match(self.lower, subject.end):
                    continue
            if not self._is_doubted(first.start, end):
                return end
        return None

    def _acts(self, link: Link, subject: _Unit) -> bool:
        """Whether the subject itself is spoken of, not its owner aside nor its users."""
        if self.words.part.match(self.lower, subject.end):
            return False
        return subject.can_act or not link.subject_first or link.is_possessive

    def _match_link(self, link: Link, first: _Unit, second: _Unit, between: str) -> int | None:
        """Return where the words around the pair end, when they are those of the link too."""
        lower = self.lower
        if not link.subject_first and _has_verb(between):
            return None
        if link.subject_first and self._has_other_subject(between):
            return None
        low = max(self.span[0], first.start - _LEAD_OF_LINK)
        if link.before and not link.before.search(lower, low, first.start):
            return None
        if link.after is None:
            return second.end
        stop = min(self.span[1], second.end + _TAIL_OF_LINK)
        behind = link.after.match(lower, second.end, stop)
        return behind.end() if behind else None

    def _has_other_subject(self, between: str) -> bool:
        """Whether the words between begin another clause, or speak of others than the subject."""
        words = set(re.findall(r"[a-z]+", between))
        return (
            bool(_NEW_CLAUSE.search(between))
            or len(words) > 5
            and not words.isdisjoint(self.others)
        )

    def _has_other(self, first: _Unit, second: _Unit, is_owner_link: bool) -> bool:
        """Whether another company stands between the two; as somebody's owner aside it may, but not where owners count."""
        known = {*first.entities, *second.entities}
        units = self.lists
        if is_owner_link:
            units = [_Unit(m.start, m.end, (m.entity,), True) for m in self.companies]
        return any(
            first.end <= unit.start < second.start
            and unit.can_act
            and not known.intersection(unit.entities)
            for unit in units
        )

    def _is_doubted(self, start: int, end: int) -> bool:
        """Whether a word of the clause denies the link or leaves it open."""
        begins = [m.end() for m in _CLAUSE_BEGIN.finditer(self.lower, self.span[0], start)]
        if self.words.doubt_before.search(self.lower, self.span[0], start):
            return True
        if self.words.doubt_behind.search(self.lower, end, self.span[1]):
            return True
        return bool(
            self.words.doubt.search(self.lower, begins[-1] if begins else self.span[0], end)
        )


def _has_verb(between: str) -> bool:
    """Whether a participle that tells another story stands between: `the Alpha-based group accused Beta`."""
    return bool(_BASED.match(between)) or any(
        word.endswith("ed") and word not in _COMMON_PARTICIPLES
        for word in re.findall(r"[a-z]+", between)
    )
