"""A match and its subject -> the code that it has when what it says is turned round, feared or denied."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from hkresearch.structure.positions.matches import Match, SentenceReading, Subject
from hkresearch.structure.text.clause_actors import find_unreal

DENIED_BEHIND = re.compile(
    r"[^.;]{0,60}?,\s(?:which|something(?: that)?|an? (?:claim|charge|report|suggestion|accusation|allegation)(?: that)?)"
    r" (?:[\w'-]+ ){0,4}(?:den|reject|dismiss|disput|refut|contest)\w*"
)
WITH = re.compile(r"\b(?:with|under|on|at|for|by|in|there (?:is|was)) \Z")
NEAR_HEAD = 16  # characters behind the verb in which "known to" makes it unreal
BEFORE_PASSIVE = 30  # characters before a match in which "none of the" turns it round


def read_polarity(
    match: Match, subject: Subject, reading: SentenceReading, codes: Mapping[str, Any]
) -> str:
    """Return the code of what the match says, its `negated` code where nothing was done; nothing where it is unreal."""
    opposite = codes.get(match.code, {}).get("negated")
    if match.language == "zh" and not opposite:
        opposite = None
    if match.language == "zh":
        if _is_unreal_in_chinese(match, reading, subject, opposite is not None):
            return ""
        is_none = bool(reading.chinese_words.negation.search(_find_part(match, reading, subject)))
    elif _is_unreal(match, reading):
        return ""
    else:
        is_none = opposite is not None and _is_none(match, reading, bool(opposite))
    return opposite if opposite is not None and is_none else match.code


def _is_unreal(match: Match, reading: SentenceReading) -> bool:
    lower, words = reading.plain.lower, reading.clause_words
    if find_unreal(reading.clauses, match.start, lower, words):
        return True
    head = min(match.end, match.head_end + NEAR_HEAD)
    if words.unreal.match(lower, match.start, reading.sentence.end):
        return True  # "denied having given" refuses nothing
    if words.unreal.search(lower, match.start, head):
        return True  # "is not known to have given"
    return bool(DENIED_BEHIND.match(lower, match.end, reading.sentence.end))


def _is_none(match: Match, reading: SentenceReading, is_turned: bool) -> bool:
    """Return whether the match says of no request, or of no data, that it was done."""
    lower = reading.plain.lower
    begin, end = max(reading.sentence.start, match.start - BEFORE_PASSIVE), match.end
    if not is_turned:
        begin, end = match.head_end, min(match.end, match.head_end + NEAR_HEAD)
    for found in reading.clause_words.none.finditer(lower, begin, match.end):
        if found.start() >= end:
            break
        is_bare = found.group() == "no" and WITH.search(lower[begin : found.start()])
        is_near = found.start() >= match.start or not re.search(
            r"[,;:]", lower[found.end() : match.start]
        )
        if is_near and not is_bare:
            return True
    return False


def _is_unreal_in_chinese(
    match: Match, reading: SentenceReading, subject: Subject, is_positive: bool
) -> bool:
    """Return whether a Chinese sentence denies, fears or calls untrue what the match says."""
    words, lower = reading.chinese_words, reading.plain.lower
    near = subject.tail[-40:] + lower[match.start : match.end]
    if words.fear.search(near) or words.unknown.search(lower, match.end, reading.sentence.end):
        return True
    return is_positive and bool(words.denial.search(near))


def _find_part(match: Match, reading: SentenceReading, subject: Subject) -> str:
    """Return the words of the match and those before it in its part of the sentence."""
    before = re.split("[，,；;：:]", subject.tail)[-1]
    return before + reading.plain.lower[match.start : match.end]
