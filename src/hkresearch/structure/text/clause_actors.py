"""The clauses of a sentence and a place in it -> who acts there, and whether it is denied, alleged or feared."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hkresearch.structure.text.clause_agents import UNNAMED
from hkresearch.structure.text.clause_words import ClauseWords
from hkresearch.structure.text.clauses import Clause
from hkresearch.structure.text.mention_lists import Group

# "X said that the agency had": the noun stands for X.
SELF = re.compile(r"the (?:agency|company|firm|group|platform|app|service|business|network|site)")


def find_clause(clauses: Sequence[Clause], position: int) -> int:
    """Return the index of the clause in which `position` lies."""
    return max((n for n, clause in enumerate(clauses) if clause.start <= position), default=0)


def find_actor(
    clauses: Sequence[Clause], position: int, groups: Sequence[Group], lower: str
) -> Group | None:
    """Return who acts at `position`: the subject of its clause, else of the one that it belongs to; None if nobody does."""
    index, seen = find_clause(clauses, position), set()
    while index >= 0 and index not in seen:
        seen.add(index)
        clause = clauses[index]
        own = [a for a in clause.agents if a.end <= position]
        is_own_name = (
            clause.kind == "content"
            and own
            and SELF.fullmatch(lower, max(clause.start, own[-1].start - 4), own[-1].end)
        )
        if own and not is_own_name:
            return own[-1]
        if clause.kind == "resumed" and (listed := _find_listed(clauses, index, groups)):
            return listed
        if clause.kind == "relative":
            near = [
                g
                for g in groups
                if g.end <= clause.start and lower[g.end : clause.start].strip(" ,(—–-") == ""
            ]
            if near:
                return near[-1]
        if clause.kind == "adverbial" and not any(c.agents for c in clauses[:index]):
            behind = next((c for c in clauses[index + 1 :] if c.kind == "main"), None)
            return behind.agents[0] if behind and behind.agents else None
        position, index = clause.start, clause.parent if clause.parent >= 0 else index - 1
    return None


def _find_listed(clauses: Sequence[Clause], index: int, groups: Sequence[Group]) -> Group | None:
    """Return the organisations that an insertion lists as those of the unnamed before it ("firms (X and Y) have")."""
    first = clauses[index].parent
    named = [agent for agent in clauses[first].agents if agent.kind != UNNAMED]
    inside = [c for c in clauses[first + 1 : index] if c.kind == "insertion"]
    if first < 0 or named or not inside:
        return None
    insertion = inside[-1]
    found = [
        g
        for g in groups
        if insertion.start <= g.start < clauses[index].start and g.kind == "company"
    ]
    opens = found and insertion.start == found[0].start
    if not found or not (
        opens or insertion.opener in ("including", "such", "namely", "notably", "like", "among")
    ):
        return None
    entities = tuple(dict.fromkeys(entity for group in found for entity in group.entities))
    return Group(found[0].start, found[-1].end, entities, True, "company")


def find_unreal(clauses: Sequence[Clause], position: int, lower: str, grammar: ClauseWords) -> str:
    """Return the words that make what happens at `position` denied, alleged, feared or avoided; nothing when it is real."""
    index = find_clause(clauses, position)
    clause, stop = clauses[index], position
    if clause.opener in grammar.sets.get("conditional", ()):
        return clause.opener
    own = lower[clause.start : stop]
    if found := grammar.averted.search(own) or grammar.unreal.search(own):
        return found.group()
    while clause.parent >= 0:
        outer = clauses[clause.parent]
        before = lower[outer.start : clause.start]
        if clause.kind == "content":
            found = grammar.reported.search(before) or grammar.unreal.search(before)
        elif clause.kind == "resumed":
            found = grammar.unreal.search(before)
        else:
            found = None
        if found and not grammar.affirmed.search(before):
            return found.group()
        clause = outer
    return ""
