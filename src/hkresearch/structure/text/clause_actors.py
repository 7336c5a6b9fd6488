"""The clauses of a sentence and a place in it -> who acts there, and whether it is real."""

from __future__ import annotations

from collections.abc import Sequence

from hkresearch.structure.text.clause_agents import UNNAMED
from hkresearch.structure.text.clause_words import ClauseWords
from hkresearch.structure.text.clauses import Clause
from hkresearch.structure.text.mention_lists import Group


def find_actor(
    clauses: Sequence[Clause],
    position: int,
    groups: Sequence[Group],
    lower: str,
    grammar: ClauseWords,
) -> Group | None:
    """Return who acts at `position`, None if nobody does.

    That is the subject of its clause, else of the one that it belongs to.
    """
    index, seen = _find_clause(clauses, position), set()
    while index >= 0 and index not in seen:
        seen.add(index)
        clause = clauses[index]
        own = [agent for agent in clause.agents if agent.end <= position]
        if own and not _is_own_name(clause, own[-1], lower, grammar):
            return own[-1]
        if clause.kind == "resumed" and (listed := _find_listed(clauses, index, groups, grammar)):
            return listed
        if clause.kind == "relative" and (antecedent := _find_antecedent(clause, groups, lower)):
            return antecedent
        if clause.kind == "adverbial" and not any(outer.agents for outer in clauses[:index]):
            behind = next((c for c in clauses[index + 1 :] if c.kind == "main"), None)
            return behind.agents[0] if behind and behind.agents else None
        position, index = clause.start, clause.parent if clause.parent >= 0 else index - 1
    return None


def _find_clause(clauses: Sequence[Clause], position: int) -> int:
    """Return the index of the clause in which `position` lies."""
    begun = [index for index, clause in enumerate(clauses) if clause.start <= position]
    return max(begun, default=0)


def _is_own_name(clause: Clause, agent: Group, lower: str, grammar: ClauseWords) -> bool:
    """Return whether a speaker names itself: "X said that the agency had"."""
    if clause.kind != "content":
        return False
    start = max(clause.start, agent.start - len("the "))
    return grammar.own_name.fullmatch(lower, start, agent.end) is not None


def _find_antecedent(clause: Clause, groups: Sequence[Group], lower: str) -> Group | None:
    """Return the named one right before a relative clause."""
    near = [
        group
        for group in groups
        if group.end <= clause.start and lower[group.end : clause.start].strip(" ,(—–-") == ""
    ]
    return near[-1] if near else None


def _find_listed(
    clauses: Sequence[Clause], index: int, groups: Sequence[Group], grammar: ClauseWords
) -> Group | None:
    """Return whom an insertion names of the unnamed before it: "firms (X and Y) have"."""
    first = clauses[index].parent
    named = [agent for agent in clauses[first].agents if agent.kind != UNNAMED]
    insertions = [c for c in clauses[first + 1 : index] if c.kind == "insertion"]
    if first < 0 or named or not insertions:
        return None
    start, stop = insertions[-1].start, clauses[index].start
    found = [g for g in groups if start <= g.start < stop and g.kind == "company"]
    if not found:
        return None
    if start != found[0].start and insertions[-1].opener not in grammar.sets["listing"]:
        return None
    entities = tuple(dict.fromkeys(entity for group in found for entity in group.entities))
    return Group(found[0].start, found[-1].end, entities, True, "company")


def is_embedded(clauses: Sequence[Clause], place: int, position: int) -> bool:
    """Return whether `place` lies in an insertion or a relative clause that is over at `position`.

    Whoever is named there is not who goes on: "X, which Y uses, has".
    """
    around = set(_list_outwards(clauses, _find_clause(clauses, position)))
    outwards = _list_outwards(clauses, _find_clause(clauses, place))
    return any(
        clauses[index].kind in ("relative", "insertion") and index not in around
        for index in outwards
    )


def _list_outwards(clauses: Sequence[Clause], index: int) -> list[int]:
    """Return the clause at `index` and those that it belongs to, from the inside out."""
    found: list[int] = []
    while index >= 0 and index not in found:
        found.append(index)
        index = clauses[index].parent
    return found


def find_unreal(clauses: Sequence[Clause], position: int, lower: str, grammar: ClauseWords) -> str:
    """Return the words by which what happens at `position` is not real, "" when it is.

    What is denied, alleged, feared or avoided is not real, nor what a condition introduces.
    """
    clause = clauses[_find_clause(clauses, position)]
    if clause.opener in grammar.sets["conditional"]:
        return clause.opener
    own = lower[clause.start : position]
    if found := grammar.averted.search(own) or grammar.unreal.search(own):
        return found.group()
    while clause.parent >= 0:
        outer = clauses[clause.parent]
        before = lower[outer.start : clause.start]
        found = None
        if clause.kind == "content":
            found = grammar.reported.search(before) or grammar.unreal.search(before)
        elif clause.kind == "resumed":
            found = grammar.unreal.search(before)
        if found and not grammar.affirmed.search(before):
            return found.group()
        clause = outer
    return ""
