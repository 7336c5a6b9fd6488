"""The words round a verb -> whether the action is stated, expected, considered, or no position."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from hkresearch.codebook.book import Codebook
from hkresearch.structure.positions.matches import Subject
from hkresearch.structure.positions.word_classes import compile_with_classes, read_position_words

_CLAUSE_END = re.compile(r"[,;]| (?:said|says|that|and|but|which|who) ")
_HAN_PART_END = re.compile(r"[。；！？，,」]")
_HAN_CLAUSE_END = re.compile('[,，、;；:：「“"]')
_NEITHER = ("neither", "nor", "nor would", "nor will", "nor did", "nor does", "nor has", "nor have")
_WORD = re.compile(r"[\w'-]+")
_NEAR_WORDS, _LEAD_WORDS = 7, 2  # words before a verb, and before a subject, that count
_NEAR_HAN, _LEAD_HAN = 12, 4  # the same in Chinese characters
_SUBORDINATE_HAN = 6  # characters before a Chinese verb in which "until" stands
# "Has given none since": a statement about a time, not about ever.
_SINCE_THEN = re.compile(r"[^.;]{0,120}\bsince\b")
_THREAT = re.compile(r"[^.;]{0,60}\b(?:if|unless|should)\b")
_MEANWHILE = re.compile(r"\b(?:while|as|pending|until)\b")
# Words that subordinate, but do so right before a subject without making it so.
_HARMLESS_BEFORE_SUBJECT = ("the", "by", "to", "for")
PRACTICES = ("comply", "continue", "review", "never_complied")  # nobody weighs what was done


@dataclass(frozen=True, slots=True)
class ModalityPatterns:
    """What leaves a statement open, before its subject or behind its verb."""

    unsaid: re.Pattern[str]  # "has not said whether"
    unknown: re.Pattern[str]  # "... is unclear"
    pending: re.Pattern[str]
    threat_han: re.Pattern[str]
    waiting_han: re.Pattern[str]
    no_waiting_han: re.Pattern[str]


@lru_cache(maxsize=8)
def read_modality_patterns(codebook: Codebook) -> ModalityPatterns:
    """Return the expressions, made of the codebook's word classes."""
    english, chinese = (read_position_words(codebook, language) for language in ("en", "zh"))
    return ModalityPatterns(
        unsaid=compile_with_classes(
            r"(?:\bnot|n't|%(withheld_word)s"
            r"|\b(?:%(nobody)s)(?: of [\w ]{1,20})? (?:has|have|had)) "
            r"(?:yet )?(?:%(saying)s) (?:that |whether |if )?$",
            english,
        ),
        unknown=compile_with_classes(
            r"(?:(?!\b(?:as|while|because|since|if|until|unless|that|whether)\b)[^.;]){0,60}"
            r"\b(?:is|are|was|remains?) (?:still )?(?:%(open_questions)s)\b",
            english,
        ),
        pending=compile_with_classes(r"\b(?:%(waiting)s)\b", english),
        threat_han=compile_with_classes("%(threats)s", chinese),
        no_waiting_han=compile_with_classes("%(no_waiting)s", chinese),
        waiting_han=compile_with_classes("(?:%(before_waiting)s)*(?:%(waiting)s)", chinese),
    )


def read_modality(
    subject: Subject,
    after: str,
    words: Mapping[str, re.Pattern[str]],
    code: str,
    language: str,
    speaks: bool,
    codebook: Codebook,
) -> str:
    """Return stated, expected or considered; nothing when the words leave no position.

    `after` are the words behind the match. `speaks`: the organisation says it of itself ("as we
    conduct our review"), so a clause with "as" counts too.
    """
    patterns = read_modality_patterns(codebook)
    lead, near = _read_english(subject) if language == "en" else _read_chinese(subject)
    if _is_unsaid(subject, lead, after, words, language, patterns):
        return ""
    if code == "exit" and _is_threat(subject, after, language, patterns):
        return "considered"
    undecided = words["considered"].search(near)
    weighed = "considered" if code not in PRACTICES else ""
    if undecided and near.startswith(" whether to", undecided.end()):
        return weighed
    if lead.endswith(_NEITHER) or lead == "had" or words["hypothetical"].search(f"{lead} {near}"):
        return ""
    if code == "review" and language == "zh" and _is_awaited(subject, words, patterns):
        return ""
    if code == "review" and language == "en" and _is_aside(subject, near, words, speaks, patterns):
        return ""
    is_limited = code == "never_complied" and _SINCE_THEN.match(after)
    if is_limited or code != "no_change" and words["negation"].search(near):
        return ""
    if words["expected"].search(f"{lead} {near}"):
        return "expected"
    return weighed if undecided else "stated"


def _is_unsaid(
    subject: Subject,
    lead: str,
    after: str,
    words: Mapping[str, re.Pattern[str]],
    language: str,
    patterns: ModalityPatterns,
) -> bool:
    """Return whether somebody only asks for it, or nobody says whether it is so."""
    if "asked" in words and words["asked"].search(lead):
        return True
    if language != "en":
        return False
    return bool(patterns.unsaid.search(subject.lead) or patterns.unknown.match(after))


def _read_english(subject: Subject) -> tuple[str, str]:
    """Return the last words before the subject, and those right before the verb."""
    clause = _CLAUSE_END.split(subject.tail)[-1]
    near = " ".join(_WORD.findall(clause)[-_NEAR_WORDS:])
    return " ".join(_WORD.findall(subject.lead)[-_LEAD_WORDS:]), near


def _read_chinese(subject: Subject) -> tuple[str, str]:
    """Return the same of a Chinese sentence."""
    near = _HAN_PART_END.split(subject.tail)[-1]
    return _HAN_PART_END.split(subject.lead)[-1][-_LEAD_HAN:], near[-_NEAR_HAN:]


def _is_threat(subject: Subject, after: str, language: str, patterns: ModalityPatterns) -> bool:
    """Return whether somebody says what they would do if ("would leave if")."""
    if language == "en":
        return _THREAT.match(after) is not None
    return patterns.threat_han.search(subject.tail) is not None


def _is_awaited(
    subject: Subject, words: Mapping[str, re.Pattern[str]], patterns: ModalityPatterns
) -> bool:
    """Return whether a Chinese sentence only waits for the review, or does something for it."""
    clause = _HAN_CLAUSE_END.split(subject.tail)[-1]
    near = patterns.no_waiting_han.sub("", subject.tail)[-_SUBORDINATE_HAN:]
    if words["subordinate"].search(near):
        return True
    return patterns.waiting_han.match(clause.strip()) is not None


def _is_aside(
    subject: Subject,
    near: str,
    words: Mapping[str, re.Pattern[str]],
    speaks: bool,
    patterns: ModalityPatterns,
) -> bool:
    """Return whether the review only dates or explains what else is done ("while it reviews")."""
    if patterns.pending.search(near):
        return True
    if speaks:
        return False
    subordinate = words["subordinate"]
    prior = " ".join(_WORD.findall(subject.lead.split(",")[-1])[-1:])
    if subordinate.fullmatch(prior) and prior not in _HARMLESS_BEFORE_SUBJECT:
        return True
    final = near.split()[-1] if near.split() else ""
    is_purpose = final == "to" and words["purpose_verbs"].search(near)
    if subordinate.fullmatch(final) and not is_purpose:
        return True
    return _MEANWHILE.search(near) is not None
