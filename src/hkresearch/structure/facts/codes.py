"""A sentence that a pattern of a fact variable matches -> its codes, or the day beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from hkresearch.codebook.book import Codebook
from hkresearch.codebook.patterns import PatternMatch, PatternSet
from hkresearch.codebook.plain_text import Plain, PlainWord
from hkresearch.core.article import Article
from hkresearch.structure.facts.links import CodedFact
from hkresearch.structure.facts.rules import FactRule
from hkresearch.structure.text.dates import find_dates
from hkresearch.structure.text.entity_names import Mention, read_lexicon
from hkresearch.structure.text.mentions import find_side
from hkresearch.structure.text.sentences import Sentence

_NEAR_DATE = 90  # characters between what happened and its date
_FACT_BREAK = re.compile(
    r"[;；。]|,\s*(?:and|but|while|which|who|whose)\b|，(?:而|但|並|并|其)|\b(?:while|whose|but)\b"
)
_AFTER_DATE = re.compile(r"\W*(?:and|which|who)\b")  # a date before these closes its own clause
_FULL_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_HEAD_OF = re.compile(r"\W*(?:of|under|to)\W*(?:the\W*)?")


class CodeReader:
    """The coded patterns and the dates of one sentence."""

    def __init__(
        self,
        article: Article,
        plain: Plain,
        sentence: Sentence,
        own: Sequence[Mention],
        words: Sequence[PlainWord],
        codebook: Codebook,
    ) -> None:
        self.article, self.plain, self.codebook = article, plain, codebook
        self.span = (sentence.start, sentence.end)
        self.own, self.words = own, words
        self.lexicon = read_lexicon(codebook)
        self.kinds = [self.lexicon.kinds[m.entity] for m in own]

    def list_possible(self, gates: Sequence[PatternSet]) -> set[str]:
        """Return the variables of which a coded pattern can match."""
        possible: set[str] = set()
        for gate in gates:
            possible |= gate.list_possible_codes(self.plain, *self.span, self.words)
        return possible

    def is_near(self, rule: FactRule) -> bool:
        """Return whether what must stand in the sentence does."""
        return self._has_any(rule.near)

    def _has_any(self, sets: Sequence[PatternSet]) -> bool:
        """Return whether one of the patterns is in the sentence, or there is none to ask for."""
        if not sets:
            return True
        return any(one.is_in(self.plain, *self.span, self.words) for one in sets)

    def find(self, rule: FactRule, companies: tuple[str, ...]) -> Iterator[CodedFact]:
        """Yield what each pattern that matches says, or the dates beside it."""
        for patterns in rule.codes:
            hits = patterns.find(self.plain, *self.span, self.words)
            if not hits:
                continue
            codes = {hit.pattern.code for hit in hits}
            if rule.dated:
                yield from self._find_dated(hits)
            elif self._is_told(rule, codes):
                start, end = min(hit.start for hit in hits), max(hit.end for hit in hits)
                for code in sorted(codes):
                    for subject in _list_subjects(rule, companies):
                        yield CodedFact(subject, code or rule.variable, start, end)

    def _is_told(self, rule: FactRule, codes: set[str]) -> bool:
        """Return whether the sentence tells of the topic.

        One offence alone is a word of the story, several are a law's list.
        """
        if not self._has_any(rule.context):
            return False
        if rule.subject and self.lexicon.kinds.get(rule.subject) == "law" and len(codes) < 2:
            return False
        is_law = "law" in self.kinds or "role" in self.kinds
        if is_law or rule.subject == "company":
            return True
        return not any(find_side(self.codebook, m.entity) == "foreign" for m in self.own)

    def _find_dated(self, hits: Sequence[PatternMatch]) -> Iterator[CodedFact]:
        """Yield the nearest day in the clause of each match, for the law that is named nearest."""
        if "law" not in self.kinds:
            return
        dates = find_dates(self.article, *self.span, self.codebook)
        days = [found for found in dates if _FULL_DAY.fullmatch(found.iso)]
        named = zip(self.own, self.kinds, strict=True)
        companies = [mention.start for mention, kind in named if kind == "company"]
        for hit in hits:
            first, last = hit.start, hit.end
            near = [
                (_measure_gap(first, last, day.start, day.end), day)
                for day in days
                if _is_one_clause(self.plain.lower, (first, last), day[:2], companies)
            ]
            if near and min(near)[0] <= _NEAR_DATE:
                day = min(near)[1]
                start, end = min(day.start, first), max(day.end, last)
                yield CodedFact(self._find_law(first, last), day.iso, start, end)

    def _find_law(self, first: int, last: int) -> str:
        """Return the law named nearest to [first, last), its rules where they stand with it."""
        laws = [m for m, kind in zip(self.own, self.kinds, strict=True) if kind == "law"]
        law = min(laws, key=lambda m: (_measure_gap(first, last, m.start, m.end), m.start))
        heads = [m for m in laws if _HEAD_OF.fullmatch(self.plain.lower[m.end : law.start])]
        return (heads[0] if heads else law).entity


def _measure_gap(first: int, last: int, start: int, end: int) -> int:
    """Return how many characters stand between two spans."""
    return max(start - last, first - end, 0)


def _list_subjects(rule: FactRule, companies: tuple[str, ...]) -> tuple[str, ...]:
    if rule.subject and rule.subject != "company":
        return (rule.subject,)
    return companies if rule.subject else companies[:1]


def _is_one_clause(
    lower: str, hit: tuple[int, int], day: tuple[int, int], others: Sequence[int]
) -> bool:
    """Return whether no clause ends between what happened and its day.

    It ends where one of the `others`, organisations, begins to act.
    """
    start, end = (day[1], hit[0]) if day[0] < hit[0] else (hit[1], day[0])
    if day[0] < hit[0] and _AFTER_DATE.match(lower, start, max(start, end)):
        return False
    if _FACT_BREAK.search(lower, start, max(start, end)):
        return False
    return not any(start <= other < end for other in others)
