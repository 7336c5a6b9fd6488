"""A match and the clauses of its sentence -> which organisations do it."""

from __future__ import annotations

import re

from hkresearch.structure.positions.chinese_actors import find_chinese_subject
from hkresearch.structure.positions.joint_actors import widen_subject
from hkresearch.structure.positions.matches import SAME, Match, SentenceReading, Subject
from hkresearch.structure.text.clause_actors import find_actor
from hkresearch.structure.text.clause_agents import UNNAMED
from hkresearch.structure.text.mention_lists import Group

AGENT = re.compile(r"(?:[\w-]+ ){0,10}?by (?:the |both )?(?:[\w-]+ ){0,3}?")
BY = re.compile(r"\bby (?:[\w-]+ ){0,3}$")
BY_INSIDE = re.compile(r" by (?:the |both )?(?:[\w-]+ ){0,2}")
INVERTED = re.compile(
    r"(?:[\w-]+ ){1,5}(?:would|will|did|do|does|has|have|had|is|are|was|were|could|can) (?:the )?"
)
NEW_CLAUSE = re.compile(r"\b(?:as|while|after|when|that|but|who|which)\b")
LISTED_BEHIND = re.compile(
    r"(?:\b(?:by|include|includes|including|are|is|were|such as|from|at|said|says|according to)|:|,)"
    r"\s*(?:the |a |an |both )?(?:[\w-]+ ){0,2}$"
)
ENUMERATED = re.compile(
    r"\b(?:include|includes|including|included|are|is|were|such as|among them)(?::| both| the| now)*\s+$"
)
CONTRAST = re.compile(r"(?:,\s|\A\W*)(?:while|whereas|as)\s(?:the\s)?\Z")
LEAD_LENGTH = 40  # characters before the subject in which words that undo the statement stand
AGENT_REACH = 60  # characters behind a match in which "by X" names who does it
THOSE_OF = re.compile(r" those (?:of|by|from|at)\Z")
WHICH = re.compile(r",? (?:which|who) (?:[\w'-]+ ){0,5}")
ADDRESSED = re.compile(r"\w+ (?:made |sent )?(?:to|for) (?:the )?")
WORD_BEHIND = re.compile(r"\W*(?:further |also |later )?(\w+)")
OPENING = re.compile(r"\W*(?:by|in|after|before|while|when|having|for|despite)\s+(?:\w+ly\s+)?")


def find_subject(match: Match, reading: SentenceReading) -> Subject | None:
    """Return who does what the match says; None where nobody of the codebook does, or it is not sure who."""
    if match.language == "zh":
        return find_chinese_subject(match, reading)
    if subject := _find_agent(match, reading) or _find_addressed(match, reading):
        return subject
    lower = reading.plain.lower
    actor = find_actor(reading.clauses, match.start, reading.groups, lower)
    if actor is None:
        return _find_behind(match, reading)
    if actor.kind == "law":
        companies = [
            g for g in reading.list_companies(reading.sentence.start, match.start) if g.can_act
        ]
        if not companies:
            return None
        return Subject(
            companies[-1].entities, companies[-1].start, "", lower[companies[-1].end : match.start]
        )
    if actor.kind == UNNAMED and actor.start == actor.end:
        return _find_enumerated(match, reading)
    return _make_subject(actor, match, reading) if actor.kind == "company" else None


def _find_enumerated(match: Match, reading: SentenceReading) -> Subject | None:
    """Return who is named as one of those who do it ("the companies that have paused are X and Y")."""
    after = reading.list_companies(match.end, reading.sentence.end)
    if after and ENUMERATED.search(reading.plain.lower[match.end : after[0].start]):
        return Subject(after[0].entities, match.start, "", "")
    return None


def _make_subject(actor: Group, match: Match, reading: SentenceReading) -> Subject:
    lower = reading.plain.lower
    tail = lower[actor.end : match.start]
    if WHICH.fullmatch(tail):
        return Subject(actor.entities, actor.start, "", tail)  # "to X, which has paused": X has
    lead = lower[max(reading.sentence.start, actor.start - LEAD_LENGTH) : actor.start]
    if lower[actor.start : actor.end] not in reading.clause_words.sets["pronouns"]:
        lead = CONTRAST.sub("", lead)  # ", while X is reviewing the law": no time of something else
    return Subject(widen_subject(lower, reading.groups, actor), actor.start, lead, tail)


def _find_agent(match: Match, reading: SentenceReading) -> Subject | None:
    """Return the agent of a passive or of a noun ("are answered by X", "the suspension by X of")."""
    lower, sentence = reading.plain.lower, reading.sentence
    for group in reading.list_companies(match.start, match.end):
        if BY_INSIDE.fullmatch(lower, match.head_end, group.start):
            return Subject(group.entities, match.start, "", "")
        if INVERTED.fullmatch(lower, match.start, group.start):
            return Subject(group.entities, match.start, "", "")  # "under no circumstances would X"
    if match.code == SAME or not (agent := AGENT.match(lower, match.end + 1, sentence.end)):
        return None
    before = lower[max(sentence.start, match.start - LEAD_LENGTH) : match.start]
    behind = reading.list_companies(match.end, sentence.end)
    for group in behind:
        if group.start == agent.end():
            return Subject(group.entities, match.start, "", before)
    for group in behind:
        if group.start <= match.end + AGENT_REACH and BY.search(lower[match.end : group.start]):
            return Subject(group.entities, match.start, "", before)
    return None


def _find_addressed(match: Match, reading: SentenceReading) -> Subject | None:
    """Return whom the requests are made to ("Requests to X are on hold"), where nobody stands before them."""
    inside = reading.list_companies(match.start, match.end)
    if not inside or any(g.end <= match.start for g in reading.groups):
        return None
    if ADDRESSED.fullmatch(reading.plain.lower, match.start, inside[0].start):
        return Subject(inside[0].entities, match.start, "", "")
    return None


def _find_behind(match: Match, reading: SentenceReading) -> Subject | None:
    """Return who is named behind what they do ("..., X said"; "those that paused are X and Y")."""
    lower, sentence = reading.plain.lower, reading.sentence
    after = reading.list_companies(match.end, sentence.end)
    if not after:
        return None
    first, opening = after[0], lower[sentence.start : match.start]
    if OPENING.fullmatch(opening) and lower[first.start - 2] == ",":
        return Subject(first.entities, match.start, "", opening)
    if first.start == match.end + 1 and THOSE_OF.search(lower, match.start, match.end):
        return Subject(first.entities, match.start, "", "")
    between = lower[match.end : first.start]
    if not NEW_CLAUSE.search(between) and LISTED_BEHIND.search(between):
        return Subject(first.entities, match.start, "", opening)
    if match.code == SAME:
        return None
    for group in after:
        word = WORD_BEHIND.match(lower, group.end)
        if word and word[1] in reading.clause_words.reporting:
            return Subject(group.entities, match.start, "", opening)
    return None
