"""One position and its sentence -> its object, scope, condition, dates and credited outlet."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from hkresearch.codebook.book import Codebook
from hkresearch.core.article import Article
from hkresearch.structure.positions.conditions import find_condition
from hkresearch.structure.positions.found import AttributeRow, FoundPosition, TextSpan
from hkresearch.structure.positions.matches import WITHHOLDING_CODES
from hkresearch.structure.positions.timing import TimingContext, read_timing
from hkresearch.structure.positions.word_classes import compile_with_classes, read_position_words
from hkresearch.structure.text.entity_names import Mention
from hkresearch.structure.text.sentences import Sentence

_LEADING_SIGNS = re.compile(r"\W*")
_CREDIT_REACH = 24  # characters before an outlet in which "according to" credits it


@dataclass(frozen=True, slots=True)
class AttributePatterns:
    """How an object goes on behind its noun, and what credits an outlet beside its name."""

    object_goes_on: re.Pattern[str]  # "requests" ... "from the authorities for data"
    credit_before: re.Pattern[str]
    credit_behind: re.Pattern[str]


@lru_cache(maxsize=8)
def read_attribute_patterns(codebook: Codebook) -> AttributePatterns:
    """Return the expressions, made of the codebook's word classes."""
    classes = read_position_words(codebook, "en")
    return AttributePatterns(
        object_goes_on=compile_with_classes(
            r"(?:\s+(?:%(object_goes_on)s)\b(?:\s+(?!(?:%(object_ends)s)\b)[\w'-]+){1,6}){1,2}",
            classes,
        ),
        credit_before=compile_with_classes(r"\b(?:%(credit_before)s)\s+(?:the )?$", classes),
        credit_behind=compile_with_classes(r" (?:%(credit_behind)s)\b", classes),
    )


def read_position_attributes(
    article: Article,
    position: FoundPosition,
    end: int,
    context: TimingContext,
    mentions: Sequence[Mention],
    read_scope: Callable[[TextSpan, Sentence], str],
) -> list[AttributeRow]:
    """Return the rows of one position; the first row of a variable counts.

    `end` is where the last word of its sentence ends; `read_scope` says which requests the words of
    a span of its sentence name.
    """
    text, lower, sentence = article.text, context.plain.lower, position.sentence
    codebook = context.codebook
    rows: list[AttributeRow] = []
    condition = find_condition(text, lower, position, end, codebook)
    until = sentence.end
    if condition:
        words = _tidy(text[condition.start : condition.end])
        rows.append(AttributeRow("condition", words, condition.start, condition.end))
        if not condition.is_fronted:
            until = condition.start
    rows += _read_object(text, lower, position, min(until, end), codebook, read_scope)
    first = bisect_left(mentions, sentence.start, key=lambda mention: mention.start)
    last = bisect_left(mentions, sentence.end, first, key=lambda mention: mention.start)
    own = mentions[first:last]
    companies = [mention for mention in own if _get_kind(mention, codebook) == "company"]
    rows += read_timing(article, position, context, companies, until)
    rows += [
        AttributeRow("via", mention.entity, mention.start, mention.end)
        for mention in own
        if _is_credited(mention, lower, codebook)
    ]
    return rows


def _read_object(
    text: str,
    lower: str,
    position: FoundPosition,
    limit: int,
    codebook: Codebook,
    read_scope: Callable[[TextSpan, Sentence], str],
) -> list[AttributeRow]:
    """Return what the position is about, and which requests that are."""
    if position.object.end <= position.object.start:
        return []
    start = _skip_signs(lower, position.object.start)
    end = _extend_object(lower, position.object.end, limit, codebook)
    if start >= end:
        return []
    rows = [AttributeRow("object", _tidy(text[start:end]), start, end)]
    if position.code in WITHHOLDING_CODES:
        scope = read_scope(TextSpan(start, end), position.sentence)
        rows.append(AttributeRow("scope", scope, start, end))
    return rows


def _tidy(words: str) -> str:
    return " ".join(words.split()).strip(" ,.“”\"'")


def _skip_signs(lower: str, start: int) -> int:
    signs = _LEADING_SIGNS.match(lower, start)
    return max(start, signs.end()) if signs else start


def _extend_object(lower: str, end: int, limit: int, codebook: Codebook) -> int:
    """Return where "requests" goes on to ("... from the authorities for data")."""
    patterns = read_attribute_patterns(codebook)
    more = patterns.object_goes_on.match(lower, end, max(limit, end))
    return more.end() if more else end


def _get_kind(mention: Mention, codebook: Codebook) -> str:
    return str(codebook.entities.get(mention.entity, {}).get("kind", ""))


def _is_credited(mention: Mention, lower: str, codebook: Codebook) -> bool:
    if _get_kind(mention, codebook) != "outlet":
        return False
    patterns = read_attribute_patterns(codebook)
    before = lower[max(0, mention.start - _CREDIT_REACH) : mention.start]
    if patterns.credit_before.search(before):
        return True
    return patterns.credit_behind.match(lower, mention.end) is not None
