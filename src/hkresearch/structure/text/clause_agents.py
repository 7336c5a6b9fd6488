"""The words of a sentence -> who can be the subject of a verb in it, named or not."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from hkresearch.codebook.plain_text import Plain
from hkresearch.structure.text.clause_words import ClauseWords
from hkresearch.structure.text.mention_lists import Group

Words = Sequence[tuple[int, int, str]]
UNNAMED = "unnamed"  # the kind of those who act without a name: "rivals", "users"
LONGEST_PHRASE = 8  # words of a noun phrase, before and behind its noun


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
    first = find_left_end(plain, words, index, grammar)
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


def find_left_end(plain: Plain, words: Words, index: int, grammar: ClauseWords) -> int:
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
            if is_verb(words, step, verbs, grammar) or word.endswith("ing") or word == "to":
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


def is_verb(words: Words, index: int, verbs: Collection[int], grammar: ClauseWords) -> bool:
    """Return whether a verb group begins at the word; adverbs before the verb belong to it."""
    for at, _, word in words[index : index + 4]:
        if at in verbs or word in grammar.reporting or word in grammar.sets.get("auxiliaries", ()):
            return True
        if word in grammar.sets.get("verbs", ()):
            return True
        if word not in grammar.sets.get("adverbs", ()) and not word.endswith("ly"):
            return word.endswith("ed")
    return False
