"""A position's clause -> the words that limit it ("until it has read the law")."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from hkresearch.codebook.book import Codebook
from hkresearch.structure.positions.found import FoundPosition
from hkresearch.structure.text.word_alternatives import join_classes

_QUOTE_END = re.compile(
    r"[,.]?[”\"»」](?=[\s,]*(?:,|a |an |the |he |she |it |\w+ sa|\d|$))|[,.][”\"]"
)
_FRONTED_REACH = 60  # characters between a condition in front and the verb that it limits
# "Until last week", "until now": a time that is over limits nothing that holds.
_OVER = r"(?!\s+(?:now|then|recently|last|early|late|today|this|(?:19|20)\d\d)\b)"


@dataclass(frozen=True, slots=True)
class Condition:
    """The words at [start, end) that limit a position; `is_fronted` if before its verb."""

    start: int
    end: int
    is_fronted: bool


@dataclass(frozen=True, slots=True)
class ConditionPatterns:
    """The expressions of conditions behind a verb and in front of its clause."""

    behind: re.Pattern[str]
    fronted: re.Pattern[str]


@lru_cache(maxsize=8)
def read_condition_patterns(codebook: Codebook) -> ConditionPatterns:
    """Return the expressions of the word classes `condition*` of [clauses.en] and [clauses.zh]."""
    clauses = codebook.news.get("clauses", {})
    english, chinese = clauses.get("en", {}), clauses.get("zh", {})
    whiles = join_classes(english, "condition_whiles")
    owners = join_classes(english, "condition_owners")
    reviews = join_classes(english, "condition_reviews")
    meanwhile = (
        r"(?:while|whilst) (?:it|they|we)\b"
        rf"|(?:{whiles}) (?:{owners})(?: [\w'-]+){{0,4}}? (?:{reviews})\b"
    )
    opener = rf"(?:{join_classes(english, 'conditions')})\b{_OVER}|{meanwhile}"
    han = join_classes(chinese, "conditions")
    ends = join_classes(chinese, "condition_endings")
    return ConditionPatterns(
        re.compile(rf"\b(?:{opener})[^.;]*|(?:{han})[^。；，]{{2,}}"),
        re.compile(
            rf"(?:\W*|[^.;]*\b(?:that|said) )(?P<en>\b(?:{opener})[^,.;]*),"
            rf"|[^。；]*?(?P<zh>(?:{han}|在)?[^，。；]{{3,30}}(?:{ends}))[，,]"
        ),
    )


def find_condition(
    text: str, lower: str, position: FoundPosition, end: int, codebook: Codebook
) -> Condition | None:
    """Return what limits the position; None if nothing. Its sentence's last word ends at `end`."""
    patterns = read_condition_patterns(codebook)
    verb_start = position.match.start
    if found := patterns.behind.search(lower, verb_start, position.sentence.end):
        start = found.start()
        stop = min(found.end(), max(end, start + 1))
        if mark := _QUOTE_END.search(text[start:stop]):
            stop = start + mark.start()
        return Condition(start, stop, False)
    if found := patterns.fronted.match(lower, position.sentence.start, verb_start):
        group = "en" if found["en"] else "zh"
        if verb_start - found.end() <= _FRONTED_REACH:
            return Condition(found.start(group), found.end(group), True)
    return None
