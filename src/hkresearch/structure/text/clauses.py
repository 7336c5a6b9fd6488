"""One English sentence -> its clauses: what opens each, whose it is, who acts in it, and whether it is only reported."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from hkresearch.codebook.plain_text import Plain
from hkresearch.structure.text.clause_words import ClauseWords
from hkresearch.structure.text.mention_lists import Group

Words = Sequence[tuple[int, int, str]]
UNNAMED = "unnamed"  # the kind of those who act without a name: "rivals", "users"
# "X said that the agency had": the noun stands for X.
SELF = re.compile(r"the (?:agency|company|firm|group|platform|app|service|business|network|site)")
SPACED_DASH = re.compile(r"\s[-–—]+\s|[–—]")
LONGEST_PHRASE = 8  # words of a noun phrase, before and behind its noun


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
        words[_find_left_end(plain, words, indexes[agent.start], grammar)][0]: agent.end
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
    is_verb = _is_verb(words, index, verbs, grammar)
    if "," in gap and current.kind in ("insertion", "relative") and is_verb:
        return "resumed", current.parent
    if word in sets.get("relatives", ()):
        return ("content" if before in grammar.reporting else "relative"), here
    if word in sets.get("complementizers", ()):
        return _read_that(word, before, index, words, verbs, sets, grammar), here
    if _is_subordinator(word, before, after, acting, sets):
        return "adverbial", here
    if "," in gap and word in sets.get("insertions", ()):
        return "insertion", here
    starts = at in acting or word in sets["pronouns"] and _is_verb(words, index + 1, verbs, grammar)
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
    return _is_verb(words, behind, verbs, grammar)


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
    is_restrictive = before in sets.get("agents", ()) or _is_verb(words, index + 1, verbs, grammar)
    return "relative" if is_restrictive and before not in sets.get("fear", ()) else "content"


def _is_subordinator(word: str, before: str, after: tuple, acting: Collection[int], sets) -> bool:
    if word in sets.get("absolutes", ()) and word not in sets.get("subordinators", ()):
        return after[0] in acting
    if before in sets.get("before_before", ()):
        return False
    if word == "as":
        return before not in sets.get("as_before", ()) and after[2] not in sets.get("as_after", ())
    return word in sets.get("subordinators", ())


def _is_verb(words: Words, index: int, verbs: Collection[int], grammar: ClauseWords) -> bool:
    """Return whether a verb group begins at the word; adverbs before the verb belong to it."""
    for at, _, word in words[index : index + 4]:
        if at in verbs or word in grammar.reporting or word in grammar.sets.get("auxiliaries", ()):
            return True
        if word in grammar.sets.get("verbs", ()):
            return True
        if word not in grammar.sets.get("adverbs", ()) and not word.endswith("ly"):
            return word.endswith("ed")
    return False


# ---- who acts ----


def find_agents(
    plain: Plain,
    words: Words,
    groups: Sequence[Group],
    verbs: Collection[int],
    grammar: ClauseWords,
) -> list[Group]:
    """Return who can be the subject of a verb, in order: groups of mentions, and those who are not named."""
    unnamed = [
        Group(words[index][0], words[index][1], (), True, UNNAMED)
        for index in range(len(words))
        if words[index][2] in grammar.sets.get("agents", ())
        and not any(g.start <= words[index][0] < g.end for g in groups)
        and _is_unnamed_agent(plain, words, index, groups, verbs, grammar)
    ]
    named = [
        g
        for g in groups
        if g.can_act
        and (plain.lower.startswith(("'s ", "' "), g.end) or not _is_object(words, g, grammar))
    ]
    return sorted((*named, *unnamed), key=lambda group: (group.start, group.end))


def _is_unnamed_agent(
    plain: Plain, words: Words, index: int, groups: Sequence[Group],
    verbs: Collection[int], grammar: ClauseWords,
) -> bool:  # fmt: skip
    """Return whether the noun heads a noun phrase that a verb follows, and that is no object and no apposition."""
    sets, (_, end, _) = grammar.sets, words[index]
    gap = plain.lower[end : words[index + 1][0]] if index + 1 < len(words) else "."
    if gap.startswith("'") or any(0 <= g.start - end <= 1 for g in groups):
        return False  # "users' data", "the app X"
    if gap == " " and words[index + 1][2] in sets.get("not_agents_before", ()):
        return False
    if not _is_followed_by_verb(plain, words, index, verbs, grammar):
        return False
    first = _find_left_end(plain, words, index, grammar)
    before = words[first - 1][2] if first else ""
    left = plain.lower[words[first - 1][1] : words[first][0]] if first else ""
    beside = (
        next((g for g in groups if g.end <= words[first][0]), None)
        and [g for g in groups if g.end <= words[first][0]][-1]
    )
    if beside and re.fullmatch(
        r",? (?:an? |the |one of )?", plain.lower[beside.end : words[first][0]]
    ):
        return words[first][2] in sets.get("relatives", ())  # "X, a company whose"
    if beside and re.fullmatch(
        r",? (?:and|or|like|as well as) ", plain.lower[beside.end : words[first][0]]
    ):
        return False  # "X and other firms": X
    if left.strip() not in ("", ",", "(", "-", "—", "–", ":", ";"):
        return False
    if left.strip():
        return True
    if before in sets.get("prepositions", ()) and before not in sets.get("subordinators", ()):
        if before == "of" and first > 1:
            return words[first - 2][2] in sets.get("quantities", ())
        return before in sets.get("absolutes", ())
    if before in grammar.reporting or not _may_be_verb(before, sets):
        return before not in ("is", "are", "was", "were", "be", "been", "being", "become", "became")
    return _is_controlled(
        words, index
    )  # "urged rivals to": the object of one verb, the subject of the next


def _find_left_end(plain: Plain, words: Words, index: int, grammar: ClauseWords) -> int:
    """Return the index of the first word of the noun phrase that ends at `index`."""
    sets, first = grammar.sets, index
    stops = (
        "prepositions",
        "subordinators",
        "relatives",
        "complementizers",
        "coordinators",
        "auxiliaries",
        "absolutes",
    )
    while first and index - first < LONGEST_PHRASE:
        word = words[first - 1][2]
        if plain.lower[words[first - 1][1] : words[first][0]] not in (" ", "-", "'", "'s "):
            break
        if word in grammar.reporting or any(word in sets.get(name, ()) for name in stops):
            break
        if _may_be_verb(word, sets):
            break
        first -= 1
    return first


def _may_be_verb(word: str, sets: Mapping[str, Collection[str]]) -> bool:
    return (
        word in sets.get("verbs", ())
        or word.endswith("ed")
        and word not in sets.get("adjectives", ())
    )


def _is_controlled(words: Words, index: int) -> bool:
    """Return whether what follows the noun makes it do something: "urged rivals in the city to stop"."""
    following = [word for _, _, word in words[index + 1 : index + 6]]
    if not following:
        return False
    return "to" in following or following[0] in ("of", "from") or following[0].endswith("ing")


def _is_followed_by_verb(
    plain: Plain, words: Words, index: int, verbs: Collection[int], grammar: ClauseWords
) -> bool:
    """Return whether a verb follows the noun, at once or behind a phrase that belongs to the noun."""
    sets = grammar.sets
    for step in range(index + 1, min(index + 1 + LONGEST_PHRASE, len(words))):
        gap = plain.lower[words[step - 1][1] : words[step][0]]
        word = words[step][2]
        if re.search(r"[;:.!?]", gap):
            return False
        if step == index + 1 and gap == " ":
            if _is_verb(words, step, verbs, grammar) or word.endswith("ing") or word == "to":
                return True
            if word == "of" and words[step + 1 : step + 2] and words[step + 1][0] in verbs:
                return True  # "accused other firms of complying"
            is_tail = word in sets.get("prepositions", ()) or word in sets.get("relatives", ())
            if not is_tail and word != "that":
                return False
        elif step == index + 1:
            return "," in gap and word in sets.get("relatives", ())
        elif words[step][0] in verbs or word in sets.get("auxiliaries", ()):
            return True
    return False


def _is_object(words: Words, group: Group, grammar: ClauseWords) -> bool:
    """Return whether the group is what somebody else does something with ("a lawmaker who uses X")."""
    before = [word for word in words if word[0] < group.start][-3:]
    names = [word for _, _, word in before]
    for step, name in enumerate(names[:-1]):
        is_relative = name in ("who", "that") and step < len(names) - 1
        if is_relative and not any(w in grammar.reporting for w in names[step + 1 :]):
            return names[-1].endswith(("s", "ed")) and names[-1] not in ("as", "was", "is", "has")
    return False


# ---- questions to the layer ----


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
