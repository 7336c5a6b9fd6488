"""A position's clause -> the words that limit it ("until it has read the law")."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from hkresearch.codebook.book import Codebook
from hkresearch.structure.text.clause_words import join_classes

QUOTE_END = re.compile(
    r"[,.]?[”\"»」](?=[\s,]*(?:,|a |an |the |he |she |it |\w+ sa|\d|$))|[,.][”\"]"
)
FRONTED_REACH = 60  # characters between a condition in front and the verb that it limits
# "Until last week", "until now": a time that is over limits nothing that holds.
OVER = r"(?!\s+(?:now|then|recently|last|early|late|today|this|(?:19|20)\d\d)\b)"


@dataclass(frozen=True, slots=True)
class Condition:
    """The words at [start, end) that limit a position; `is_fronted` when they stand before its verb."""

    start: int
    end: int
    is_fronted: bool


@dataclass(frozen=True, slots=True)
class ConditionPatterns:
    """The expressions of conditions behind a verb and in front of its clause."""

    behind: re.Pattern
    fronted: re.Pattern


@lru_cache(maxsize=8)
def read_condition_patterns(codebook: Codebook) -> ConditionPatterns:
    """Return the expressions of the word classes `condition*` of [clauses.en] and [clauses.zh]."""
    clauses = codebook.news.get("clauses", {})
    english, chinese = clauses.get("en", {}), clauses.get("zh", {})
    meanwhile = (
        rf"(?:while|whilst) (?:it|they|we)\b|(?:{join_classes(english, 'condition_whiles')})"
        rf" (?:{join_classes(english, 'condition_owners')})(?: [\w'-]+){{0,4}}?"
        rf" (?:{join_classes(english, 'condition_reviews')})\b"
    )
    opener = rf"(?:{join_classes(english, 'conditions')})\b{OVER}|{meanwhile}"
    han = join_classes(chinese, "conditions")
    ends = join_classes(chinese, "condition_endings")
    return ConditionPatterns(
        re.compile(rf"\b(?:{opener})[^.;]*|(?:{han})[^。；，]{{2,}}"),
        re.compile(
            rf"(?:\W*|[^.;]*\b(?:that|said) )(?P<en>\b(?:{opener})[^,.;]*),"
            rf"|[^。；]*?(?P<zh>(?:{han}|在)?[^，。；]{{3,30}}(?:{ends}))[，,]"
        ),
    )


def find_condition(text: str, lower: str, f, end: int, codebook: Codebook) -> Condition | None:
    """Return what limits the position `f`, whose sentence's last word ends at `end`; None when nothing does."""
    patterns = read_condition_patterns(codebook)
    if found := patterns.behind.search(lower, f.hit[0], f.sentence.end):
        start, stop = found.start(), min(found.end(), max(end, found.start() + 1))
        if mark := QUOTE_END.search(text[start:stop]):
            stop = start + mark.start()
        return Condition(start, stop, False)
    if found := patterns.fronted.match(lower, f.sentence.start, f.hit[0]):
        group = "en" if found["en"] else "zh"
        if len(lower[found.end() : f.hit[0]]) <= FRONTED_REACH:
            return Condition(found.start(group), found.end(group), True)
    return None
