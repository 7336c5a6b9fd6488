"""The words of one English sentence -> which of them are reporting verbs, and in which form."""

from __future__ import annotations

from hkresearch.structure.quotations.reporting_lexicon import INFINITIVE, Cue
from hkresearch.structure.quotations.tokens import Clause

BE = frozenset("is are was were be been being am isn't aren't wasn't weren't 's".split())
HAVE = frozenset(
    "has have had having hasn't haven't hadn't they've we've i've you've i'd he'd she'd".split()
)
PRONOMINAL = frozenset("all some many most both each few others several".split())
PLURAL_SUBJECTS = frozenset("they we i you who which that they've we've i've you've".split())


def settle_tags(clause: Clause) -> None:
    """Decide which words that look like reporting verbs are verbs here, from left to right."""
    tags, words = clause.tags, clause.words
    for i in range(clause.low, clause.high):
        if tags[i] == "K":
            cue = clause.lexicon.cues[words[i]]
            form = _find_form(clause, i, cue)
            if form is None:
                tags[i] = (
                    "G"
                    if "ing" in cue.forms
                    else "E"
                    if cue.forms & {"past", "participle"}
                    else "N"
                )
            else:
                clause.forms[i] = form
                if (quoted := find_quoted(clause, i)) is not None:
                    tags[quoted] = "E"  # `quoted as saying` is one cue
        elif words[i] in ("all", "both") and i > clause.low and tags[i - 1] == "A":
            tags[i] = "L"
        elif tags[i] == "." and i > clause.low and tags[i - 1] in "XN":
            tags[i] = "X"


def follows_quote(clause: Clause, head: int) -> bool:
    """Whether a closed speech stands right before token `head`: `"...," she said`."""
    at = head - 1
    if at > clause.low and clause.tags[at] == ",":
        return clause.tags[at - 1] == "Q"
    return at >= clause.low and clause.tags[at] == "Q" and clause.line.is_stopped(at)


def _find_form(clause: Clause, i: int, cue: Cue) -> str | None:
    """Return base, s, past, progressive, participle (-ing) or infinitive; None where the word is no active verb."""
    words, tags = clause.words, clause.tags
    before = _skip_back(clause, i - 1)
    tag = tags[before] if before >= clause.low else ""
    word = words[before] if before >= clause.low else ""
    near = tags[i - 1] if i > clause.low else ""
    is_determined = near == "D" and (words[i - 1] not in PRONOMINAL or cue.is_ambiguous)
    if is_determined or near == "'" or (near == "P" and "ing" not in cue.forms):
        return None
    if "ing" in cue.forms:
        return (
            "progressive"
            if word in BE or word == "'s" or word.endswith(("'m", "'re", "'s"))
            else "participle"
        )
    if (
        cue.is_ambiguous
        and not _has_strong_complement(clause, i, cue)
        and not _closes_quote(clause, i)
    ):
        return None
    if tag == "A":
        if word in BE:
            return None
        if "base" in cue.forms and word not in HAVE:
            return "base"
        return "past" if word in HAVE and cue.forms & {"past", "participle"} else None
    if word == "'s" and "past" in cue.forms:
        return None
    if tag == "t":
        return "infinitive"
    if "past" in cue.forms:
        if words[i + 1 : i + 2] == ["by"] and not _is_channel(clause, i + 2):
            return None
        return (
            "past" if _may_be_subject(clause, before) or tag in (",", "Q", "C", "-", ")") else None
        )
    if "s" in cue.forms:
        return "s" if _may_be_subject(clause, before) or tag in (",", "Q", "C", "-", ")") else None
    if "base" in cue.forms:
        is_joined = tag == "X" and words[before - 1 : before] == ["and"]
        is_plural = (
            word in PLURAL_SUBJECTS | PRONOMINAL
            or word == "people"
            or (tag in "NX" and word.endswith("s"))
        )
        plural = is_plural or is_joined or tag == "W" or clause.tags[i + 1 : i + 2] == ["T"]
        return "base" if plural or word.endswith(("'ll", "'d")) or near == "C" else None
    return None


def _is_channel(clause: Clause, at: int) -> bool:
    """Whether a way of saying stands there, without the words before it: `said by e-mail that ...`."""
    while at < clause.high and clause.tags[at] in "D":
        at += 1
    return at < clause.high and clause.words[at] in clause.lexicon.channels


def _closes_quote(clause: Clause, i: int) -> bool:
    """Whether the verb ends a clause that a marked segment began: `"...," the letter reads.`"""
    if i + 1 < clause.high and clause.tags[i + 1] not in ".,":
        return False
    return any(
        clause.tags[j] == "Q" and not clause.line.is_brief(j)
        for j in range(max(clause.low, i - 6), i)
    )


def _has_strong_complement(clause: Clause, i: int, cue: Cue) -> bool:
    if i + 1 >= clause.high:
        return False
    tag, word = clause.tags[i + 1], clause.words[i + 1]
    before = clause.tags[i - 1] if i > clause.low else ""
    if tag == "t":
        return bool(cue.frames & INFINITIVE)
    if word in cue.prepositions:
        return before in "RAXt" if before else False
    return tag in "TDRQXWO:" or (tag in "NG0S" and before in "RAWt")


def _may_be_subject(clause: Clause, at: int) -> bool:
    return at >= clause.low and clause.tags[at] in "XNR0DWT)Q'EGO"


def _skip_back(clause: Clause, at: int) -> int:
    while at >= clause.low and (clause.tags[at] in "LM" or clause.words[at] in ("all", "both")):
        at -= 1
    return at


def find_quoted(clause: Clause, i: int) -> int | None:
    """Return the token of `quoted` in `was quoted in the report as saying` and `quoted her as saying`."""
    if i - 2 < clause.low or clause.words[i - 1] != "as":
        return None
    reach = range(i - 2, max(clause.low, i - 12) - 1, -1)
    return next((j for j in reach if clause.words[j] in ("quoted", "cited")), None)


def find_group_start(clause: Clause, i: int) -> int:
    """Return where the verb group begins: auxiliaries and adverbs before the verb belong to it."""
    start = i
    at = i - 1
    while at >= clause.low:
        if clause.tags[at] in "ALM":
            start = at
            at -= 1
        elif (
            at > clause.low + 1
            and clause.tags[at - 1 : at + 1] == ["P", "0"]
            and clause.tags[at - 2] in "W,"
        ):
            start, at = at - 1, at - 2  # who in 2010 said
        else:
            break
    return start
