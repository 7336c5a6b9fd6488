"""A match and its subject -> the code it has when what it says is negated, feared or denied."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from hkresearch.codebook.book import Codebook
from hkresearch.structure.positions.matches import SAME, ParsedSentence, PositionMatch, Subject
from hkresearch.structure.positions.word_classes import compile_with_classes, read_position_words
from hkresearch.structure.text.clause_actors import find_actor, find_unreal

_NEAR_HAN = 10  # characters before a Chinese verb in which "will not" stands
_EVER = re.compile(r"\bever\b")
_NEAR_HEAD = 16  # characters behind the verb in which "known to" makes it unreal
_BEFORE_PASSIVE = 30  # characters before a match in which "none of the" turns it round
_TAIL_LENGTH = 40  # characters between a Chinese subject and a verb in which denials stand


@dataclass(frozen=True, slots=True)
class PolarityPatterns:
    """What denies a statement behind it, and what a bare "no" belongs to."""

    denied_behind: re.Pattern[str]
    denial: re.Pattern[str]
    undone_han: re.Pattern[str]  # "will not", before what else would be done
    bare_no: re.Pattern[str]  # "with no ..."


@lru_cache(maxsize=8)
def read_polarity_patterns(codebook: Codebook) -> PolarityPatterns:
    """Return the expressions, made of the codebook's word classes."""
    classes = read_position_words(codebook, "en")
    return PolarityPatterns(
        denied_behind=compile_with_classes(
            r"[^.;]{0,60}?,\s(?:which|something(?: that)?|an? (?:%(claims)s)(?: that)?)"
            r" (?:[\w'-]+ ){0,4}(?:%(denial)s)",
            classes,
        ),
        denial=compile_with_classes(r"\b(?:%(denial)s)\b", classes),
        undone_han=compile_with_classes(
            "(?:%(undoing)s)(?:%(undoing_fillers)s)*\\Z", read_position_words(codebook, "zh")
        ),
        bare_no=compile_with_classes(r"\b(?:%(before_bare_no)s) \Z", classes),
    )


def read_polarity(
    match: PositionMatch, subject: Subject, parsed: ParsedSentence, codes: Mapping[str, Any]
) -> str:
    """Return the code of what the match says, its `negated` code where nothing was done.

    Nothing where it is unreal.
    """
    opposite = codes.get(match.code, {}).get("negated")
    if match.language == "zh":
        if opposite == "" and _is_undone_in_chinese(match, subject, parsed.codebook):
            return ""  # "will not suspend"
        opposite = opposite or None
        if _is_unreal_in_chinese(match, parsed, subject, opposite is not None):
            return ""
        part = _find_part(match, parsed, subject)
        is_none = parsed.chinese_words.negation.search(part) is not None
        if is_none and match.code == SAME:
            return ""  # "did not follow"
    else:
        if _is_unreal(match, parsed):
            return opposite if opposite and _denies_ever(match, subject, parsed) else ""
        is_none = opposite is not None and _is_none(match, subject, parsed, bool(opposite))
    return opposite if opposite is not None and is_none else match.code


def remove_denials(words: str, codebook: Codebook) -> str:
    """Return the words without those that deny, once they have been read."""
    return read_polarity_patterns(codebook).denial.sub("", words)


def _is_unreal(match: PositionMatch, parsed: ParsedSentence) -> bool:
    lower, words = parsed.plain.lower, parsed.clause_words
    if find_unreal(parsed.clauses, match.start, lower, words):
        return True
    if words.unreal.search(lower, match.start, min(match.end, match.head_end + _NEAR_HEAD)):
        return True  # "is not known to have given"
    patterns = read_polarity_patterns(parsed.codebook)
    return patterns.denied_behind.match(lower, match.end, parsed.sentence.end) is not None


def _denies_ever(match: PositionMatch, subject: Subject, parsed: ParsedSentence) -> bool:
    """Return whether those who are said to have done it deny that they ever did."""
    lower, start = parsed.plain.lower, parsed.sentence.start
    patterns = read_polarity_patterns(parsed.codebook)
    denials = list(patterns.denial.finditer(lower, start, match.start))
    if not denials or not _EVER.search(lower, denials[-1].end(), match.head_end):
        return False
    words = parsed.clause_words
    denier = find_actor(parsed.clauses, denials[-1].start(), parsed.groups, lower, words)
    return denier is not None and set(subject.entities) <= set(denier.entities)


def _is_none(
    match: PositionMatch, subject: Subject, parsed: ParsedSentence, is_turned: bool
) -> bool:
    """Return whether the match says of no request, or of no data, that it was done."""
    lower, patterns = parsed.plain.lower, read_polarity_patterns(parsed.codebook)
    if is_turned:
        begin, end = max(parsed.sentence.start, match.start - _BEFORE_PASSIVE), match.end
    else:
        begin, end = match.head_end, min(match.end, match.head_end + _NEAR_HEAD)
    for found in parsed.clause_words.none.finditer(lower, begin, match.end):
        if found.start() >= end:
            break
        if found.end() <= subject.start < match.start:
            continue  # "no company except X has"
        before = lower[begin : found.start()]
        if found.group() == "no" and patterns.bare_no.search(before):
            continue
        between = lower[found.end() : match.start]
        if found.start() >= match.start or not re.search(r"[,;:]", between):
            return True
    return False


def _is_unreal_in_chinese(
    match: PositionMatch, parsed: ParsedSentence, subject: Subject, is_positive: bool
) -> bool:
    """Return whether a Chinese sentence denies, fears or calls untrue what the match says."""
    words, lower = parsed.chinese_words, parsed.plain.lower
    near = subject.tail[-_TAIL_LENGTH:] + lower[match.start : match.end]
    part_before = re.split("[，,；;。：:「」]", subject.lead)[-1]
    if words.unsure.search(part_before + near) or words.unknown.search(
        lower, match.end, parsed.sentence.end
    ):
        return True
    return is_positive and words.denial.search(near) is not None


def _is_undone_in_chinese(match: PositionMatch, subject: Subject, codebook: Codebook) -> bool:
    """Return whether a Chinese sentence says right before the match that it is not done."""
    before = re.split("[，,；;：:。]", subject.tail)[-1][-_NEAR_HAN:]
    return read_polarity_patterns(codebook).undone_han.search(before) is not None


def _find_part(match: PositionMatch, parsed: ParsedSentence, subject: Subject) -> str:
    """Return the words of the match and those before it in its part of the sentence."""
    before = re.split("[，,；;：:]", subject.tail)[-1]
    return before + parsed.plain.lower[match.start : match.end]
