"""The matches of a sentence -> those that state something of the topic's requests."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hkresearch.codebook.patterns import PatternMatch
from hkresearch.codebook.plain_text import Plain, PlainWord
from hkresearch.structure.positions.grammar import Grammar
from hkresearch.structure.text.sentences import Sentence

_QUESTION = re.compile(r"[^;:；：]*[?？]\W*\Z")
_LIFTED_REACH = 60  # characters before a match in which "reversed its decision to" stands
_OTHER_OBJECT = re.compile(r"(?:\s+(?!and\b|but\b)[\w'-]+){0,3}\s+")


def drop_exceptions(
    matches: Sequence[PatternMatch],
    grammar: Grammar,
    plain: Plain,
    sentence: Sentence,
    words: Sequence[PlainWord],
) -> list[PatternMatch]:
    """Return the matches without those of a question, and those about requests of another kind.

    What says that they are of another kind stands in a match, or right behind it.
    """
    start, end = sentence.start, sentence.end
    question = _find_question(plain.cased, start, end)
    asked = question.start() if question else end
    stated = [match for match in matches if match.start < asked]
    others = grammar.exceptions.find(plain, start, end, words) if stated else []
    allowed = grammar.allowed.find(plain, start, end, words) if others else []
    others = [
        other
        for other in others
        if not any(other.start <= data.start and data.end <= other.end for data in allowed)
    ]
    return [
        match
        for match in stated
        if not any(_is_about(plain.lower, match, other) for other in others)
        and not _is_undone(plain.lower, match, grammar)
    ]


def _is_undone(lower: str, match: PatternMatch, grammar: Grammar) -> bool:
    """Return whether words inside a match, or right before it, say that it is not so."""
    code = match.pattern.code
    if code in grammar.turned:
        return grammar.undone.search(lower, match.first_end, match.end) is not None
    if code in grammar.ending:
        ended = grammar.ended.search(lower, match.first_end, match.end)
        if ended and ended.group() not in match.pattern.text:
            return True  # "never stopped answering", "ended its refusal to answer"
    return (
        grammar.lifted.search(lower, max(0, match.start - _LIFTED_REACH), match.start) is not None
    )


def _find_question(text: str, start: int, end: int) -> re.Match[str] | None:
    """Return the question that ends the sentence."""
    if text.find("?", start, end) < 0 and text.find("？", start, end) < 0:
        return None  # the search below is slow
    return _QUESTION.search(text, start, end)


def _is_about(lower: str, match: PatternMatch, other: PatternMatch) -> bool:
    """Return whether a match is about what the words of an exception name."""
    if match.start < other.end and other.start < match.end:
        return True
    if other.start < match.end:
        return False
    return _OTHER_OBJECT.fullmatch(lower, match.end, other.start) is not None
