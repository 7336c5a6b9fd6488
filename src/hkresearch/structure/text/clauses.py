"""One English sentence -> its clauses: what opens each, whose it is, and who can act in it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from hkresearch.codebook.plain_text import Plain
from hkresearch.structure.text.clause_agents import (
    UNNAMED,
    Words,
    find_agents,
    find_left_end,
    is_verb,
)
from hkresearch.structure.text.clause_words import ClauseWords
from hkresearch.structure.text.mention_lists import Group

SPACED_DASH = re.compile(r"\s[-–—]+\s|[–—]")


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause, from the word that opens it to where the next clause opens; offsets as in the text layer.

    `kind` is main, adverbial, relative, content (what is said, denied, feared), insertion (between commas, dashes or
    brackets) or resumed (what goes on behind an insertion); `parent` is the index of the clause that it belongs to.
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
    words: Words,
    groups: Sequence[Group],
    verbs: Collection[int],
    grammar: ClauseWords,
) -> list[Clause]:
    """Return the clauses of the sentence [start, end) in order; they tile it.

    `verbs` are the offsets of words that are known to be verbs, such as where a pattern of the codebook matches.
    """
    agents = find_agents(plain, words, groups, verbs, grammar)
    indexes = {at: index for index, (at, _, _) in enumerate(words)}
    acting = {
        words[find_left_end(plain, words, indexes[agent.start], grammar)][0]: agent.end
        for agent in agents
        if agent.start in indexes
    }
    covered = [(group.start, group.end) for group in groups]
    begun = [Clause(start, end, "main", "", -1, ())]
    stop = start
    for index, (at, next_stop, word) in enumerate(words):
        is_plain = at - stop <= 1 and index and at not in acting and word not in grammar.openers
        stop = next_stop
        if is_plain or any(first < at < last for first, last in covered):
            continue
        opened = _open_clause(plain, words, index, begun, acting, verbs, grammar)
        if opened:
            kind, parent = opened
            begun.append(Clause(at, end, kind, words[index][2], parent, ()))
    ends = [clause.start for clause in begun[1:]] + [end]
    clauses = []
    for clause, stop in zip(begun, ends):
        own = [agent for agent in agents if clause.start <= agent.start < stop]
        if _has_unnamed_antecedent(
            plain, words, indexes.get(clause.start, 0), clause, groups, grammar
        ):
            own.insert(0, Group(clause.start, clause.start, (), True, UNNAMED))
        clauses.append(replace(clause, end=stop, agents=tuple(own)))
    return clauses


def _has_unnamed_antecedent(
    plain: Plain, words: Words, index: int, clause: Clause, groups: Sequence[Group], grammar: ClauseWords
) -> bool:  # fmt: skip
    """Return whether a relative clause tells of somebody who is not named ("a user who has")."""
    if clause.kind != "relative" or clause.opener not in ("who", "that", "which") or not index:
        return False
    before = words[index - 1]
    if any(g.end <= clause.start and clause.start - g.end <= 2 for g in groups):
        return False
    gap = plain.lower[before[1] : clause.start]
    return gap == " " and (clause.opener == "who" or before[2] in grammar.sets.get("agents", ()))


def _open_clause(
    plain: Plain, words: Words, index: int, begun: Sequence[Clause],
    acting: Mapping[int, int], verbs: Collection[int], grammar: ClauseWords,
) -> tuple[str, int] | None:  # fmt: skip
    """Return (kind, parent) of the clause that the word opens; None where the clause goes on."""
    current, here = begun[-1], len(begun) - 1
    at, _, word = words[index]
    before = words[index - 1][2] if index else ""
    after = words[index + 1] if index + 1 < len(words) else (-1, -1, "")
    gap = plain.lower[words[index - 1][1] if index else current.start : at]
    sets = grammar.sets
    if by_mark := _open_by_mark(gap, index, current, here, begun):
        return by_mark
    begins = is_verb(words, index, verbs, grammar)
    if "," in gap and current.kind in ("insertion", "relative") and begins:
        return "resumed", current.parent
    if word in sets.get("relatives", ()):
        return ("content" if before in grammar.reporting else "relative"), here
    if word in sets.get("complementizers", ()):
        return _read_that(word, before, index, words, verbs, sets, grammar), here
    if _is_subordinator(word, before, after, acting, sets):
        return "adverbial", here
    if "," in gap and word in sets.get("insertions", ()):
        return "insertion", here
    starts = at in acting or word in sets["pronouns"] and is_verb(words, index + 1, verbs, grammar)
    if word in sets.get("coordinators", ()) and (
        after[0] in acting or after[2] in sets["pronouns"]
    ):
        return "main", current.parent
    if not starts or at <= current.start or index == 0:
        return None
    if "," in gap and current.kind in ("adverbial", "relative", "insertion"):
        return "main", -1
    if "," in gap and at in acting and _is_new_predicate(words, acting[at], verbs, grammar):
        return "main", -1
    weak = ("denial", "claims", "fear")
    if gap == " " and (before in grammar.reporting or any(before in sets.get(n, ()) for n in weak)):
        return "content", here
    return (
        ("content", here)
        if gap == " " and word in sets["pronouns"] and before in sets["agents"]
        else None
    )


def _is_new_predicate(words: Words, end: int, verbs: Collection[int], grammar: ClauseWords) -> bool:
    """Return whether a verb other than one of saying follows the subject that ends at `end`."""
    behind = bisect_left(words, (end,))
    if behind >= len(words) or words[behind][2] in grammar.reporting:
        return False
    return is_verb(words, behind, verbs, grammar)


def _open_by_mark(
    gap: str, index: int, current: Clause, here: int, begun: Sequence[Clause]
) -> tuple[str, int] | None:
    """Return (kind, parent) where a bracket, a dash, a semicolon or a colon opens a clause."""
    if gap == " " or not index:
        return None
    if "(" in gap:
        return "insertion", here
    if ")" in gap:
        inner = next((n for n in range(here, 0, -1) if begun[n].kind == "insertion"), 0)
        return "resumed", begun[inner].parent if inner else here
    if SPACED_DASH.search(gap):
        inner = next((n for n in range(here, 0, -1) if begun[n].opener == "" and n), 0)
        if any(clause.kind == "insertion" for clause in begun):
            inner = next(n for n in range(here, -1, -1) if begun[n].kind == "insertion")
            return "resumed", begun[inner].parent
        return "insertion", here
    return ("main", -1) if ";" in gap or ":" in gap else None


def _read_that(
    word: str, before: str, index: int, words: Words, verbs: Collection[int], sets, grammar
) -> str:
    """Return whether "that" opens what is said, or tells which one is meant."""
    if word != "that" or before in grammar.reporting or before in sets.get("claims", ()):
        return "content"
    is_restrictive = before in sets.get("agents", ()) or is_verb(words, index + 1, verbs, grammar)
    return "relative" if is_restrictive and before not in sets.get("fear", ()) else "content"


def _is_subordinator(word: str, before: str, after: tuple, acting: Collection[int], sets) -> bool:
    if word in sets.get("absolutes", ()) and word not in sets.get("subordinators", ()):
        return after[0] in acting
    if before in sets.get("before_before", ()):
        return False
    if word == "as":
        return before not in sets.get("as_before", ()) and after[2] not in sets.get("as_after", ())
    return word in sets.get("subordinators", ())
