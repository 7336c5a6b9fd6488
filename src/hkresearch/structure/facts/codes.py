"""A sentence that a pattern of a fact variable matches -> its codes, or the day in the same clause."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from hkresearch.codebook.book import Codebook
from hkresearch.codebook.patterns import PatternSet
from hkresearch.codebook.plain_text import Plain, PlainWord
from hkresearch.core.article import Article
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


def agrees(
    sets: Sequence[PatternSet], plain: Plain, span: tuple[int, int], words: Sequence[PlainWord]
) -> bool:
    """Return whether one of the patterns is in the sentence, or there is none to ask for."""
    filled = [s for s in sets if s.patterns]
    return not filled or any(s.is_in(plain, *span, words) for s in filled)


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

    def find(
        self, rule: FactRule, companies: tuple[str, ...]
    ) -> Iterator[tuple[str, str, int, int]]:
        """Yield (subject, code, start, end) of each pattern that matches, or of the dates beside it."""
        for patterns in rule.codes:
            if not patterns.patterns or (patterns.language == "zh" and not self.plain.has_han):
                continue
            hits = patterns.find(self.plain, *self.span, self.words)
            if not hits:
                continue
            if rule.dated:
                yield from self._find_dated(hits) if "law" in self.kinds else ()
            elif self._is_told(rule, {h[2].code for h in hits}):
                start, end = min(h[0] for h in hits), max(h[1] for h in hits)
                for code in sorted({h[2].code for h in hits}):
                    for subject in _list_subjects(rule, companies):
                        yield subject, code or rule.variable, start, end

    def _is_told(self, rule: FactRule, codes: set[str]) -> bool:
        """Whether the sentence tells of the topic: one offence alone is a word of the story, several are a law's list."""
        if not agrees(rule.context, self.plain, self.span, self.words):
            return False
        if rule.subject and self.lexicon.kinds.get(rule.subject) == "law" and len(codes) < 2:
            return False
        is_foreign = any(find_side(self.codebook, m.entity) == "foreign" for m in self.own)
        is_law = "law" in self.kinds or "role" in self.kinds
        return not is_foreign or rule.subject == "company" or is_law

    def _find_dated(self, hits: Sequence[tuple]) -> Iterator[tuple[str, str, int, int]]:
        """Yield the nearest day in the same clause of each match, for the law that the page names nearest to it."""
        dates = find_dates(self.article, *self.span, self.codebook)
        days = [d for d in dates if _FULL_DAY.fullmatch(d[2])]
        if not days:
            return
        others = [
            m.start for m, kind in zip(self.own, self.kinds, strict=True) if kind == "company"
        ]
        for first, last, *_ in hits:
            near = [
                (max(start - last, first - end, 0), start, end, iso)
                for start, end, iso in days
                if _is_one_clause(self.plain.lower, (first, last), (start, end), others)
            ]
            if near and min(near)[0] <= _NEAR_DATE:
                _, start, end, iso = min(near)
                yield self._find_law(first, last), iso, min(start, first), max(end, last)

    def _find_law(self, first: int, last: int) -> str:
        """Return the law named nearest to [first, last), its rules where they are named with it."""
        laws = [m for m, kind in zip(self.own, self.kinds, strict=True) if kind == "law"]
        law = min(laws, key=lambda m: (max(m.start - last, first - m.end, 0), m.start))
        heads = [m for m in laws if _HEAD_OF.fullmatch(self.plain.lower[m.end : law.start])]
        return (heads[0] if heads else law).entity


def _list_subjects(rule: FactRule, companies: tuple[str, ...]) -> tuple[str, ...]:
    if rule.subject and rule.subject != "company":
        return (rule.subject,)
    return companies if rule.subject else companies[:1]


def _is_one_clause(
    lower: str, hit: tuple[int, int], day: tuple[int, int], others: Sequence[int]
) -> bool:
    """Return whether no clause ends between what happened and its day, and no organisation begins to act there."""
    a, b = (day[1], hit[0]) if day[0] < hit[0] else (hit[1], day[0])
    if day[0] < hit[0] and _AFTER_DATE.match(lower, a, max(a, b)):
        return False
    return not (_FACT_BREAK.search(lower, a, max(a, b)) or any(a <= start < b for start in others))
