"""One English sentence -> its clauses: what opens each, whose it is, and who can act in it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from hkresearch.codebook.plain_text import Plain, PlainWord
from hkresearch.structure.text.clause_agents import UNNAMED, SentenceGrammar, find_agents
from hkresearch.structure.text.clause_words import ClauseWords
from hkresearch.structure.text.mention_lists import Group

_SPACED_DASH = re.compile(r"\s[-–—]+\s|[–—]")
_ASIDES = ("insertion", "relative")  # what goes on behind them is resumed
_LONGEST_SUBJECT = 3  # words of "whose chief executive"
_LONGEST_TIME = 4  # words of "on Monday this week"
_INSERTION_MARKS = (",", "(", "-", "–", "—")
_WEAK_CLASSES = ("denial", "claims", "fear")  # a clause right behind them is their content


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause, from the word that opens it to where the next clause opens.

    `kind` is main, adverbial, relative, content (what is said, denied, feared), insertion (between
    commas, dashes or brackets) or resumed (what goes on behind an insertion); `parent` is the index
    of the clause that it belongs to, -1 for none.
    """

    start: int
    end: int
    kind: str
    opener: str
    parent: int
    agents: tuple[Group, ...]  # who can be the subject of a verb in it, in order


def read_clauses(
    plain: Plain,
    start: int,
    end: int,
    words: Sequence[PlainWord],
    groups: Sequence[Group],
    verbs: Collection[int],
    grammar: ClauseWords,
) -> list[Clause]:
    """Return the clauses of the sentence [start, end) in order; they tile it.

    `verbs` are the offsets of words that are known to be verbs, such as where a pattern of the
    codebook matches.
    """
    sentence = SentenceGrammar(plain, words, groups, verbs, grammar)
    agents = find_agents(sentence)
    indexes = {word[0]: index for index, word in enumerate(words)}
    acting = {
        words[sentence.find_left_end(indexes[agent.start])][0]: agent.end
        for agent in agents
        if agent.start in indexes
    }
    begun = _open_clauses(sentence, start, end, acting)
    stops = [clause.start for clause in begun[1:]] + [end]
    clauses = []
    for clause, stop in zip(begun, stops, strict=True):
        own = [agent for agent in agents if clause.start <= agent.start < stop]
        if _has_unnamed_antecedent(sentence, indexes.get(clause.start, 0), clause):
            own.insert(0, Group(clause.start, clause.start, (), True, UNNAMED))
        clauses.append(replace(clause, end=stop, agents=tuple(own)))
    return clauses


def _open_clauses(
    sentence: SentenceGrammar, start: int, end: int, acting: Mapping[int, int]
) -> list[Clause]:
    """Return the clauses that begin in the sentence; each still runs to its end."""
    covered = [(group.start, group.end) for group in sentence.groups]
    begun = [Clause(start, end, "main", "", -1, ())]
    stop = start
    for index, (at, next_stop, word) in enumerate(sentence.words):
        is_plain = (
            at - stop <= 1 and index and at not in acting and word not in sentence.grammar.openers
        )
        stop = next_stop
        if is_plain or any(first < at < last for first, last in covered):
            continue
        if opened := _open_clause(sentence, index, begun, acting):
            kind, parent = opened
            begun.append(Clause(at, end, kind, word, parent, ()))
    return begun


def _has_unnamed_antecedent(sentence: SentenceGrammar, index: int, clause: Clause) -> bool:
    """Return whether a relative clause tells of somebody who is not named ("a user who has")."""
    if clause.kind != "relative" or clause.opener not in ("who", "that", "which") or not index:
        return False
    if any(g.end <= clause.start and clause.start - g.end <= 2 for g in sentence.groups):
        return False
    before = sentence.words[index - 1][2]
    is_agent = sentence.is_in(before, "agents")
    if sentence.gap_before(index) == ", ":
        return is_agent and before.endswith("s")  # "other companies, which have"
    return (is_agent or clause.opener == "who") and sentence.gap_before(index) == " "


def _open_clause(
    sentence: SentenceGrammar, index: int, begun: Sequence[Clause], acting: Mapping[int, int]
) -> tuple[str, int] | None:
    """Return (kind, parent) of the clause that the word opens; None where the clause goes on."""
    current, here = begun[-1], len(begun) - 1
    word = sentence.words[index][2]
    before = sentence.words[index - 1][2] if index else ""
    if index:
        gap = sentence.gap_before(index)
    else:
        gap = sentence.plain.lower[current.start : sentence.words[0][0]]
    if by_mark := _open_by_mark(gap, index, begun):
        return by_mark
    has_comma = "," in gap
    is_verb = sentence.is_verb(index) or _is_dated_verb(sentence, index)
    if has_comma and is_verb and (closed := _find_closed(sentence, index, begun)):
        return "resumed", closed.parent
    is_inner = current.kind == "adverbial" and begun[current.parent].kind in _ASIDES
    if has_comma and is_inner and sentence.is_in(word, "auxiliaries"):
        return "resumed", begun[current.parent].parent
    if sentence.is_in(word, "relatives"):
        return ("content" if before in sentence.grammar.reporting else "relative"), here
    if sentence.is_in(word, "complementizers"):
        return _read_that(sentence, index, before), here
    if _is_subordinator(sentence, index, before, acting):
        return "adverbial", here
    if has_comma and sentence.is_in(word, "insertions"):
        return "insertion", here
    return _open_by_subject(sentence, index, gap, begun, acting)


def _find_closed(sentence: SentenceGrammar, index: int, begun: Sequence[Clause]) -> Clause | None:
    """Return the insertion or relative clause that a comma closes before the verb at `index`.

    What stands in it without a comma of its own ("which was founded by a man who") is closed too.
    """
    clause = begun[-1]
    if clause.kind not in _ASIDES or _is_without_verb(sentence, index, clause):
        return None
    while clause.parent >= 0 and begun[clause.parent].kind in _ASIDES:
        before = sentence.plain.lower[begun[clause.parent].start : clause.start].rstrip(" ")
        if before.endswith(_INSERTION_MARKS):
            break
        clause = begun[clause.parent]
    return clause


def _is_without_verb(sentence: SentenceGrammar, index: int, clause: Clause) -> bool:
    """Return whether the verb at `index` is the clause's own ("whose founder, a teacher, was")."""
    subject, *_ = sentence.plain.lower[clause.start : sentence.words[index][0]].split(",")
    if clause.opener != "whose" or len(subject.split()) > _LONGEST_SUBJECT:
        return False
    inside = (n for n in range(index) if sentence.words[n][0] > clause.start)
    return not any(sentence.is_verb(n) for n in inside)


def _open_by_subject(
    sentence: SentenceGrammar,
    index: int,
    gap: str,
    begun: Sequence[Clause],
    acting: Mapping[int, int],
) -> tuple[str, int] | None:
    """Return (kind, parent) of the clause that a subject opens, or a conjunction before one."""
    words, current, here = sentence.words, begun[-1], len(begun) - 1
    at, _, word = words[index]
    if sentence.is_in(word, "coordinators") and index + 1 < len(words):
        following = words[index + 1]
        if following[0] in acting or sentence.is_in(following[2], "pronouns"):
            return "main", current.parent
    is_pronoun = sentence.is_in(word, "pronouns")
    starts = at in acting or is_pronoun and sentence.is_verb(index + 1)
    if not starts or at <= current.start or index == 0:
        return None
    if "," in gap and current.kind in ("adverbial", "relative", "insertion"):
        return "main", -1
    if "," in gap and at in acting and _is_new_predicate(sentence, acting[at]):
        return "main", -1
    if gap != " ":
        return None
    before = words[index - 1][2]
    if before in sentence.grammar.reporting or sentence.is_in(before, *_WEAK_CLASSES):
        return "content", here
    return ("content", here) if is_pronoun and sentence.is_in(before, "agents") else None


def _is_dated_verb(sentence: SentenceGrammar, index: int) -> bool:
    """Return whether words of time stand before a verb ("on Tuesday joined")."""
    behind = index
    for _, _, word in sentence.words[index : index + _LONGEST_TIME]:
        if not sentence.is_in(word, "times"):
            break
        behind += 1
    return index < behind < len(sentence.words) and sentence.is_verb(behind)


def _is_new_predicate(sentence: SentenceGrammar, end: int) -> bool:
    """Return whether a verb other than one of saying follows the subject that ends at `end`."""
    behind = bisect_left(sentence.words, (end,))
    if behind >= len(sentence.words):
        return False
    is_reporting = sentence.words[behind][2] in sentence.grammar.reporting
    return not is_reporting and sentence.is_verb(behind)


def _open_by_mark(gap: str, index: int, begun: Sequence[Clause]) -> tuple[str, int] | None:
    """Return (kind, parent) where a bracket, a dash, a semicolon or a colon opens a clause."""
    if gap == " " or not index:
        return None
    here = len(begun) - 1
    insertions = [n for n, clause in enumerate(begun) if clause.kind == "insertion"]
    if "(" in gap:
        return "insertion", here
    if ")" in gap:
        return "resumed", begun[insertions[-1]].parent if insertions else here
    if _SPACED_DASH.search(gap):
        return ("resumed", begun[insertions[-1]].parent) if insertions else ("insertion", here)
    return ("main", -1) if ";" in gap or ":" in gap else None


def _read_that(sentence: SentenceGrammar, index: int, before: str) -> str:
    """Return whether "that" opens what is said, or tells which one is meant."""
    is_that = sentence.words[index][2] == "that"
    if not is_that or before in sentence.grammar.reporting or sentence.is_in(before, "claims"):
        return "content"
    is_restrictive = sentence.is_in(before, "agents") or sentence.is_verb(index + 1)
    return "relative" if is_restrictive and not sentence.is_in(before, "fear") else "content"


def _is_subordinator(
    sentence: SentenceGrammar, index: int, before: str, acting: Collection[int]
) -> bool:
    word = sentence.words[index][2]
    following = sentence.words[index + 1] if index + 1 < len(sentence.words) else (-1, -1, "")
    if sentence.is_in(word, "absolutes") and not sentence.is_in(word, "subordinators"):
        return following[0] in acting
    if sentence.is_in(before, "before_before"):
        return False
    if word == "once" and sentence.is_in(before, "agents") and sentence.gap_before(index) == " ":
        return False  # "whose founder once worked": an adverb
    if word == "as":
        return not (sentence.is_in(before, "as_before") or sentence.is_in(following[2], "as_after"))
    return sentence.is_in(word, "subordinators")
