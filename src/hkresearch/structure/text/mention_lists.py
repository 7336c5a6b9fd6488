"""Mentions of one sentence -> lists ("X, Y and Z"), and whether each can be a verb's subject."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from hkresearch.codebook.plain_text import Plain
from hkresearch.structure.text.entity_names import Lexicon, Mention
from hkresearch.structure.text.list_insertions import Insertion, find_insertions

_LISTED_KINDS = ("company", "government", "law")
_LONGEST_GAP = 60  # characters between two names of one list
_REACH = 40  # characters before and behind a list that say whether it can act
_APPOSED = re.compile(r",? and (?:its|their) (?:[a-z-]+ ){1,3}(?:[a-z]+-owned )?")
_RELATIVE = re.compile(r", (?:which|who|whose) [^,;:.]{3,50}, and (?:also )?")
_LISTED_POSSESSIVE = re.compile(r"'s (?:[\w-]+ ){0,2}\w+ and ")
_WORD = re.compile(r"[\w'-]+")
# "X's doing the same": a verb; "X's handling of": a noun.
_CONTRACTED = re.compile(
    r"'s (?:\w+ly |also |now |still |just )*(?:been|not|got|gone|\w+ing(?! of\b))\b"
)
_SEATED = ("-based", "-owned", "-headquartered")


class Group(NamedTuple):
    """Mentions that stand as one list ("X and Y"); `can_act` if they can be a subject there."""

    start: int
    end: int
    entities: tuple[str, ...]
    can_act: bool
    kind: str  # the entities' kind: company, government, ...
    head: tuple[str, ...] = ()  # the one that a singular behind it stands for, if there is one


def group_mentions(
    plain: Plain, mentions: Iterable[Mention], lexicon: Lexicon, begin: int
) -> list[Group]:
    """Return the companies, governments and laws as lists; `begin` is where the sentence begins."""
    return list(_group_mentions(plain, tuple(mentions), lexicon, begin))


@lru_cache(maxsize=64)
def _group_mentions(
    plain: Plain, mentions: tuple[Mention, ...], lexicon: Lexicon, begin: int
) -> tuple[Group, ...]:
    """Return the lists of a sentence; several readers ask for those of the same one."""
    wanted = [m for m in mentions if lexicon.kinds.get(m.entity) in _LISTED_KINDS]
    if not wanted:
        return ()
    wanted = _drop_doubles(plain, wanted, lexicon)
    insertions = find_insertions(plain, wanted, lexicon) if len(wanted) > 1 else {}
    apart = [m for m in wanted if _is_inside(m, insertions.values())]
    lists = _join(plain, [m for m in wanted if m not in apart], insertions, lexicon)
    if lists and lexicon.lists.lead.fullmatch(plain.lower, begin, lists[0][0].start):
        lists[:1] = _split_lead(plain, lists[0])
    lists += _join(plain, apart, {}, lexicon)
    groups = [_make_group(plain, members, lexicon, begin) for members in lists]
    apposed = [insertion for insertion in insertions.values() if insertion.is_apposition]
    return tuple(
        group._replace(can_act=False) if _is_inside(group, apposed) else group
        for group in sorted(groups, key=lambda group: (group.start, group.end))
    )


def _is_inside(named: Mention | Group, insertions: Iterable[Insertion]) -> bool:
    return any(i.start <= named.start and named.end <= i.end for i in insertions)


def _join(
    plain: Plain,
    mentions: Sequence[Mention],
    insertions: Mapping[int, Insertion],
    lexicon: Lexicon,
) -> list[list[Mention]]:
    """Return the mentions as lists; an insertion behind a name does not part it from the next.

    A reference to several ("X, the companies") or one that speaks is no member of a list of names.
    """
    lists: list[list[Mention]] = []
    first_of = {mention.start: mention.entity for mention in reversed(mentions)}
    several = {mention.start for mention in mentions if mention.entity != first_of[mention.start]}
    for mention in mentions:
        is_apart = (
            lists
            and lists[-1][-1].start < mention.start
            and (mention.start in several or _says(plain.lower, mention, lexicon))
        )
        if lists and _is_apposed_owner(plain, lists[-1][-1], mention, lexicon):
            last = lists[-1][-1]
            lists[-1].append(Mention(last.start, mention.end, last.entity, last.kind))
        elif lists and not is_apart and _are_joined(plain, lists[-1], mention, insertions, lexicon):
            lists[-1].append(mention)
        else:
            lists.append([mention])
    return lists


def _drop_doubles(plain: Plain, mentions: Sequence[Mention], lexicon: Lexicon) -> list[Mention]:
    """Leave out the mentions beside which, or inside which, somebody is named more exactly."""
    named = {(m.start, m.entity) for m in mentions if m.kind == "name"}
    # "its parent X": the name stands for both.
    mentions = [
        m
        for m in mentions
        if m.kind == "name" or not {(m.end, m.entity), (m.end + 1, m.entity)} & named
    ]
    # "the X-owned app": X only says whose it is.
    owned = [
        m for m in mentions if m.kind == "reference" and "-owned " in plain.lower[m.start : m.end]
    ]
    if owned:
        mentions = [
            m
            for m in mentions
            if m.kind != "name" or not any(o.start < m.start and m.end < o.end for o in owned)
        ]
    kept: list[Mention] = []
    is_left_out = False
    for mention, following in reversed(list(zip(mentions, [*mentions[1:], None], strict=True))):
        # "X's Y", where Y belongs to X: Y alone; so too behind X's name in another script.
        is_owner = _only_owns(plain, mention, following, lexicon)
        is_left_out = is_owner or is_left_out and _is_named_twice(plain, mention, following)
        if not is_left_out:
            kept.append(mention)
    return kept[::-1]


def _is_named_twice(plain: Plain, mention: Mention, following: Mention | None) -> bool:
    """Return whether a bracket names the organisation again ("名字(Name)")."""
    if following is None or following.entity != mention.entity:
        return False
    return plain.lower[mention.end : following.start].strip() in ("(", "（")


def _only_owns(plain: Plain, mention: Mention, following: Mention | None, lexicon: Lexicon) -> bool:
    if following is None or mention.kind != "name":
        return False
    is_own_name = following.entity == mention.entity  # "the parent's app", of one entity
    if not is_own_name and lexicon.owners.get(following.entity) != mention.entity:
        return False
    between = plain.lower[mention.end : following.start]
    return between in ("'s ", "' ") or lexicon.lists.owned_han.fullmatch(between) is not None


def _is_apposed_owner(plain: Plain, last: Mention, mention: Mention, lexicon: Lexicon) -> bool:
    """Return whether the mention only says whose the one before it is ("X, a unit of Y, has")."""
    if plain.lower[mention.end : mention.end + 1] not in (",", ")"):
        return False
    return lexicon.lists.owned_by.fullmatch(plain.lower, last.end, mention.start) is not None


def _split_lead(plain: Plain, members: list[Mention]) -> list[list[Mention]]:
    """Return "Like X and Y, Z has": those before the last comma, and those after it, who act."""
    for at in range(len(members) - 1, 0, -1):
        if plain.lower[members[at - 1].end : members[at].start].strip() == ",":
            return [members[:at], members[at:]]
    return [members]


def _make_group(plain: Plain, members: Sequence[Mention], lexicon: Lexicon, begin: int) -> Group:
    start, end = members[0].start, max(m.end for m in members)
    entities = tuple(dict.fromkeys(m.entity for m in members))
    can_act = _can_act(plain.lower, start, end, lexicon, begin)
    head = entities[:1] if _has_head(plain.lower, members, entities, lexicon) else ()
    return Group(start, end, entities, can_act, lexicon.kinds[entities[0]], head)


def _has_head(
    lower: str, members: Sequence[Mention], entities: tuple[str, ...], lexicon: Lexicon
) -> bool:
    """Return whether the first of the list leads it: it owns the others, or has them beside it."""
    first, *others = entities
    if all(lexicon.owners.get(entity) == first for entity in others):
        return True
    second = next(m for m in members if m.entity != first)
    end = max(m.end for m in members if m.entity == first and m.start <= second.start)
    return lexicon.lists.accompanying.match(lower, end) is not None


def _says(lower: str, mention: Mention, lexicon: Lexicon) -> bool:
    """Return whether a reference is told of as the one who speaks: "At X, the company said, "."""
    word = _WORD.match(lower, mention.end + 1)
    if word is None or mention.kind != "reference":
        return False
    return word.group() in lexicon.clauses.reporting


def _are_joined(
    plain: Plain,
    members: Sequence[Mention],
    mention: Mention,
    insertions: Mapping[int, Insertion],
    lexicon: Lexicon,
) -> bool:
    """Return whether the mention goes on the list of `members`."""
    last = max(members, key=lambda m: m.end)
    if mention.start < last.end or mention.start <= last.start:
        return True  # two entities of one reference
    end = insertions[last.end].end if last.end in insertions else last.end
    if not _may_be_joined(last, mention, lexicon) or mention.start - end > _LONGEST_GAP:
        return False
    between = plain.lower[end : mention.start].removeprefix(")")  # "X (XX), Y (YY) and Z"
    if between.strip() in ("", "(", "（") and last.entity == mention.entity:
        return True
    is_han_pair = not between and plain.has_han and last.end == mention.start
    if is_han_pair and lexicon.owners.get(mention.entity) != last.entity:
        return True  # two names side by side, as headlines have them
    if plain.has_han and lexicon.lists.joiner_han.fullmatch(between):
        return True
    if plain.lower.startswith("-owned", last.end):
        return False
    if _RELATIVE.fullmatch(between):
        # "X, which did this, and Y, which did that": two subjects
        return not plain.lower.startswith((", which ", ", who "), mention.end)
    if "," in between and plain.lower[mention.start : mention.end] in lexicon.english["singular"]:
        return False  # "according to X, it has"
    if _APPOSED.fullmatch(between):  # "X and its parent Y"
        return True
    return _has_joiner(plain, between, mention, lexicon)


def _may_be_joined(last: Mention, mention: Mention, lexicon: Lexicon) -> bool:
    if lexicon.kinds[last.entity] != lexicon.kinds[mention.entity]:
        return False
    is_other = mention.entity != last.entity
    return not (mention.kind == "reference" and last.kind == "name" and is_other)


def _has_joiner(plain: Plain, between: str, mention: Mention, lexicon: Lexicon) -> bool:
    match = lexicon.lists.joiner.match(between)
    if match is None:
        return False
    # "X, Y's parent": the possessive names someone else, unless the list goes on after it.
    behind = plain.lower[mention.end : mention.end + _REACH]
    if behind.startswith("'s ") and not _LISTED_POSSESSIVE.match(behind):
        if "," in between and " and " not in between:
            return False
    inner = (match.group(1) or "").split()
    if inner and inner[-1].endswith("owned"):
        return True
    ends = lexicon.english.get("not_in_list", ())
    return not any(word.strip("'") in ends for word in inner)


def _can_act(lower: str, start: int, end: int, lexicon: Lexicon, begin: int) -> bool:
    """Return whether the group may be the subject of a verb that follows it."""
    words, after = lexicon.lists, lower[end : end + _REACH]
    if words.owning.match(after) and lower.endswith((" which ", " that "), begin, start):
        return False  # "Y, which X owns, has"
    if after.startswith(("-owned", "-based", "-like", "-backed")):
        return False
    if after.startswith(("'s ", "' ")) and lower[start:end] not in ("it", "that"):
        if not _CONTRACTED.match(after):
            next_clause, *_ = after[2:].strip().split(",")
            next_words = " ".join(after.split()[1:5])
            return bool(words.deeds.match(next_clause) or words.deeds.search(next_words))
    before = lower[max(begin, start - _REACH) : start]
    if words.spoken_for.search(before) or words.members.search(before):
        return True
    if before.rstrip().endswith((",", ";", ":", ".", "!", "?")):
        return True
    leading = [word for word in _WORD.findall(before) if not word.endswith(_SEATED)]
    while leading and leading[-1] in lexicon.english.get("appositions", ()):
        leading.pop()
    return not leading or leading[-1] not in lexicon.english.get("prepositions", ())
