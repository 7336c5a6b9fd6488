"""A match and the clauses of its sentence -> which organisations do it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from hkresearch.codebook.book import Codebook
from hkresearch.structure.positions.chinese_actors import find_chinese_subject
from hkresearch.structure.positions.joint_actors import widen_subject
from hkresearch.structure.positions.matches import SAME, ParsedSentence, PositionMatch, Subject
from hkresearch.structure.positions.word_classes import compile_with_classes, read_position_words
from hkresearch.structure.text.clause_actors import find_actor
from hkresearch.structure.text.clause_agents import UNNAMED
from hkresearch.structure.text.mention_lists import Group

_LEAD_LENGTH = 40  # characters before the subject in which words that undo the statement stand
_AGENT_REACH = 60  # characters behind a match in which "by X" names who does it
_AGENT = re.compile(r"(?:[\w-]+ ){0,10}?by (?:the |both )?(?:[\w-]+ ){0,3}?")
_BY = re.compile(r"\bby (?:[\w-]+ ){0,3}$")
_BY_INSIDE = re.compile(r" by (?:the |both )?(?:[\w-]+ ){0,2}")
_CLAUSE_OPENER = re.compile(r"\b(?:as|while|after|when|that|but|who|which)\b")
_CONTRAST = re.compile(r"(?:,\s|\A\W*)(?:while|whereas|as)\s(?:the\s)?\Z")
_THOSE_OF = re.compile(r" those (?:of|by|from|at)\Z")
_WHICH = re.compile(r",? (?:which|who) (?:[\w'-]+ ){0,5}")
_ADDRESSED = re.compile(
    r"\w+ (?:for (?:[\w-]+ ){1,3}?)?(?:(?:that|which) (?:[\w'-]+ ){1,7}?)?"
    r"(?:made |sent |put )?(?:to|for) (?:the )?"
)
_RECEIVED_BEFORE = re.compile(r"\w+ (?:for (?:[\w-]+ ){1,3}?)?(?:(?:that|which) )?(?:the )?")
_RECEIVED_BEHIND = re.compile(r" (?:received|got|had|was sent)\b")
_PERFECT = re.compile(
    r"\b(?:has|have|had|will|would|to)(?: (?:also|now|not|all|already|\w+ly))* \Z"
)
_PROGRESSIVE = re.compile(
    r"\b(?:is|are|was|were|been|be)(?: (?:also|now|not|all|already|\w+ly))* \Z"
)
_AWAY = re.compile(r"\b(?:from|off|out of|its|their|in|on)\b")
_AUXILIARY_REACH = 30  # characters before a verb in which its auxiliary stands
_WORD_BEHIND = re.compile(r"\W*(?:further |also |later )?(\w+)")


@dataclass(frozen=True, slots=True)
class ActorPatterns:
    """What names who acts behind a match, or opens the sentence before them."""

    inverted: re.Pattern[str]  # "under no circumstances would X"
    listed_behind: re.Pattern[str]
    enumerated: re.Pattern[str]
    joins: re.Pattern[str]  # "joined other firms", before "that have"
    before_joins: re.Pattern[str]
    opening: re.Pattern[str]  # "By suspending ..., X"
    told: re.Pattern[str]  # "X told reporters that": who is told does nothing
    placed: re.Pattern[str]  # "At X, requests are on hold"


@lru_cache(maxsize=8)
def read_actor_patterns(codebook: Codebook) -> ActorPatterns:
    """Return the expressions, made of the codebook's word classes."""
    classes = read_position_words(codebook, "en")
    return ActorPatterns(
        inverted=compile_with_classes(r"(?:[\w-]+ ){1,5}(?:%(inverting)s) (?:the )?", classes),
        listed_behind=compile_with_classes(
            r"(?:\b(?:%(listing)s)|:|,)\s*(?:the |a |an |both )?(?:[\w-]+ ){0,2}$", classes
        ),
        enumerated=compile_with_classes(
            r"\b(?:%(enumerating)s)(?::| both| the| now)*\s+$", classes
        ),
        joins=compile_with_classes(r"\b(?:%(joins)s)\b(?: [\w'-]+){1,6},? \Z", classes),
        before_joins=compile_with_classes(
            r"(?:\W+(?:%(before_join)s|%(times)s|\w+ly))*\W+", classes
        ),
        opening=compile_with_classes(r"\W*(?:%(fronting)s)\s+(?:\w+ly\s+)?", classes),
        told=compile_with_classes(r"\b(?:%(telling)s) (?:[\w'-]+ ){0,3}\Z", classes),
        placed=compile_with_classes(r"\W*(?:%(placing)s) (?:the )?\Z", classes),
    )


def find_acting_organisations(match: PositionMatch, parsed: ParsedSentence) -> Subject | None:
    """Return who does what the match says.

    None where nobody of the codebook does, or where it is not sure who.
    """
    if match.language == "zh":
        return find_chinese_subject(match, parsed)
    if subject := _find_agent(match, parsed) or _find_addressed(match, parsed):
        return subject
    lower, grammar = parsed.plain.lower, parsed.clause_words
    patterns = read_actor_patterns(parsed.codebook)
    actor = find_actor(parsed.clauses, match.start, parsed.groups, lower, grammar)
    if actor and actor.kind != "company":
        told = patterns.told.search(lower[: actor.start], parsed.sentence.start)
        if told:
            actor = find_actor(parsed.clauses, told.start(), parsed.groups, lower, grammar)
    if actor is None:
        return _find_placed(match, parsed) or _find_behind(match, parsed)
    if actor.kind == "law":
        return _find_before_law(match, parsed)
    if actor.kind == UNNAMED and actor.start == actor.end:
        joining = _find_joining(actor, match, parsed)
        return joining or _find_enumerated(match, parsed)
    return _make_subject(actor, match, parsed) if actor.kind == "company" else None


def _find_placed(match: PositionMatch, parsed: ParsedSentence) -> Subject | None:
    """Return where it is done ("At X, requests are on hold")."""
    lower, start = parsed.plain.lower, parsed.sentence.start
    before = parsed.list_companies(start, match.start)
    if len(before) != 1 or not lower[before[0].end : match.start].startswith(","):
        return None
    if not read_actor_patterns(parsed.codebook).placed.fullmatch(lower, start, before[0].start):
        return None
    return Subject(before[0].entities, before[0].start, "", lower[before[0].end : match.start])


def _find_before_law(match: PositionMatch, parsed: ParsedSentence) -> Subject | None:
    """Return the organisation before a law, which itself does nothing."""
    before = parsed.list_companies(parsed.sentence.start, match.start)
    companies = [group for group in before if group.can_act]
    if not companies:
        return None
    nearest = companies[-1]
    tail = parsed.plain.lower[nearest.end : match.start]
    return Subject(nearest.entities, nearest.start, "", tail)


def _find_joining(actor: Group, match: PositionMatch, parsed: ParsedSentence) -> Subject | None:
    """Return who joins those who do it ("X has joined other firms that have paused")."""
    lower, start = parsed.plain.lower, parsed.sentence.start
    joins = read_actor_patterns(parsed.codebook).joins.search(lower, start, actor.start)
    if joins is None:
        return None
    clauses, words = parsed.clauses, parsed.clause_words
    joining = find_actor(clauses, joins.start(), parsed.groups, lower, words)
    if joining is None or joining.kind != "company":
        return None
    patterns = read_actor_patterns(parsed.codebook)
    if not patterns.before_joins.fullmatch(lower, joining.end, joins.start()):
        return None  # "made no move to join"
    lead = lower[max(start, joining.start - _LEAD_LENGTH) : joining.start]
    tail = lower[joining.end : joins.start()]
    return Subject(
        joining.entities, joining.start, lead, f"{tail} {lower[actor.end : match.start]}"
    )


def _find_enumerated(match: PositionMatch, parsed: ParsedSentence) -> Subject | None:
    """Return who is named as one of those ("the companies that have paused are X and Y")."""
    after = parsed.list_companies(match.end, parsed.sentence.end)
    if not after:
        return None
    between = parsed.plain.lower[match.end : after[0].start]
    if read_actor_patterns(parsed.codebook).enumerated.search(between):
        return Subject(after[0].entities, match.start, "", "")
    return None


def _make_subject(actor: Group, match: PositionMatch, parsed: ParsedSentence) -> Subject:
    lower = parsed.plain.lower
    tail = lower[actor.end : match.start]
    if _WHICH.fullmatch(tail):
        return Subject(actor.entities, actor.start, "", tail)  # "to X, which has paused": X has
    lead = lower[max(parsed.sentence.start, actor.start - _LEAD_LENGTH) : actor.start]
    if lower[actor.start : actor.end] not in parsed.clause_words.sets["pronouns"]:
        lead = _CONTRAST.sub(
            "", lead
        )  # ", while X is reviewing the law": no time of something else
    entities = widen_subject(lower, parsed.groups, actor, parsed.codebook)
    return Subject(entities, actor.start, lead, tail)


def _find_agent(match: PositionMatch, parsed: ParsedSentence) -> Subject | None:
    """Return the agent of a passive or of a noun ("answered by X", "the suspension by X of")."""
    lower, sentence = parsed.plain.lower, parsed.sentence
    inverted = read_actor_patterns(parsed.codebook).inverted
    for group in parsed.list_companies(match.start, match.end):
        is_agent = _BY_INSIDE.fullmatch(lower, match.head_end, group.start)
        if is_agent or inverted.fullmatch(lower, match.start, group.start):
            return Subject(group.entities, match.start, "", "")
    agent = _AGENT.match(lower, match.end + 1, sentence.end)
    if subject := _find_object(match, parsed):
        return subject
    if match.code == SAME or not agent or _is_active(match, parsed):
        return None
    before = lower[max(sentence.start, match.start - _LEAD_LENGTH) : match.start]
    behind = parsed.list_companies(match.end, sentence.end)
    for group in behind:
        if group.start == agent.end():
            return Subject(group.entities, match.start, "", before)
    for group in behind:
        is_near = group.start <= match.end + _AGENT_REACH
        if is_near and _BY.search(lower[match.end : group.start]):
            return Subject(group.entities, match.start, "", before)
    return None


def _find_object(match: PositionMatch, parsed: ParsedSentence) -> Subject | None:
    """Return whose service is stopped, where the codebook says that they do it."""
    lower = parsed.plain.lower
    inside = parsed.list_companies(match.head_end, match.end)
    if not inside or not parsed.is_object_acting(match):
        return None
    if _AWAY.search(lower, match.start, inside[-1].start):
        return None  # "pulls its app from X's store"
    before = lower[parsed.sentence.start : match.start]
    return Subject(inside[-1].entities, match.start, "", before)


def _is_active(match: PositionMatch, parsed: ParsedSentence) -> bool:
    """Return whether the verb of the match is in the active voice, and has no agent behind it."""
    lower, sentence = parsed.plain.lower, parsed.sentence
    before = lower[max(sentence.start, match.start - _AUXILIARY_REACH) : match.start]
    if _PERFECT.search(before):
        return True
    head = lower[match.start : match.head_end].split(" ")[0]
    return head.endswith("ing") and _PROGRESSIVE.search(before) is not None


def _find_addressed(match: PositionMatch, parsed: ParsedSentence) -> Subject | None:
    """Return whom the requests are made to ("Requests to X are on hold").

    Only where nobody stands before them.
    """
    inside = parsed.list_companies(match.start, match.end)
    if not inside or any(group.end <= match.start for group in parsed.groups):
        return None
    lower, first = parsed.plain.lower, inside[0]
    is_addressed = _ADDRESSED.fullmatch(lower, match.start, first.start)
    if not is_addressed and _RECEIVED_BEHIND.match(lower, first.end):
        is_addressed = _RECEIVED_BEFORE.fullmatch(lower, match.start, first.start)
    return Subject(first.entities, match.start, "", "") if is_addressed else None


def _find_behind(match: PositionMatch, parsed: ParsedSentence) -> Subject | None:
    """Return who is named behind what they do ("..., X said"; "those that paused are X and Y")."""
    lower, sentence = parsed.plain.lower, parsed.sentence
    patterns = read_actor_patterns(parsed.codebook)
    after = parsed.list_companies(match.end, sentence.end)
    if not after:
        return None
    first, opening = after[0], lower[sentence.start : match.start]
    if patterns.opening.fullmatch(opening) and lower[first.start - 2] == ",":
        return Subject(first.entities, match.start, "", opening)
    is_next = first.start == match.end + 1
    if is_next and _THOSE_OF.search(lower, match.start, match.end):
        return Subject(first.entities, match.start, "", "")
    between = lower[match.end : first.start]
    if not _CLAUSE_OPENER.search(between) and patterns.listed_behind.search(between):
        return Subject(first.entities, match.start, "", opening)
    if match.code == SAME:
        return None
    for group in after:
        word = _WORD_BEHIND.match(lower, group.end)
        if word and word[1] in parsed.clause_words.reporting:
            return Subject(group.entities, match.start, "", opening)
    return None
