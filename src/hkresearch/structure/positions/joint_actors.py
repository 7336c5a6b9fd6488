"""A list of organisations -> those who are said to do the same ("X, like Y,", "X joined Y in")."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from hkresearch.codebook.book import Codebook
from hkresearch.structure.positions.word_classes import compile_with_classes, read_position_words
from hkresearch.structure.text.mention_lists import Group

_FEW_WORDS = re.compile(r",? (?:the |\w+ ){0,3}")
_REACH = 60  # characters before a name in which "joining" or "like" belongs to it
_AFTER_HAN, _BEHIND_HAN = ("繼", "继"), ("之後", "之后", "後", "后")


@dataclass(frozen=True, slots=True)
class JointActorPatterns:
    """What stands beside a name and says that it does the same as another."""

    joined_by: re.Pattern[str]  # between two names: "X has joined Y"
    like_before: re.Pattern[str]  # before a name: "like X, Y"
    like_behind: re.Pattern[str]  # between two names: "Y, like X,"
    accompanied: re.Pattern[str]  # inside a list: "X, along with Y"
    joining: re.Pattern[str]  # before a name behind the verb: "joining X"


@lru_cache(maxsize=8)
def read_joint_actor_patterns(codebook: Codebook) -> JointActorPatterns:
    """Return the expressions, made of the codebook's word classes."""
    classes = read_position_words(codebook, "en")
    return JointActorPatterns(
        joined_by=compile_with_classes(
            r"\W*(?:(?:%(before_join)s)\W+)*join\w*(?: by)?(?: (?:%(before_company)s))* ?", classes
        ),
        like_before=compile_with_classes(r"(?<!un)\b(?:%(likewise)s)\s+(?:\w+ )?$", classes),
        like_behind=compile_with_classes(
            r",? (?:%(likewise)s|%(additions)s) (?:\w+ ){0,3}", classes
        ),
        accompanied=compile_with_classes(r"\b(?:%(accompanying)s)\b", classes),
        joining=compile_with_classes(
            r"\b(?:%(joining)s|(?:%(imitating)s) (?:%(imitated)s"
            r"|(?:the |a )?(?:%(similar)s) (?:\w+ )?(?:%(moves)s) (?:by|from|of)))"
            r" (?:(?:%(before_company)s) )*$",
            classes,
        ),
    )


def widen_subject(
    lower: str, groups: Sequence[Group], chosen: Group, codebook: Codebook
) -> tuple[str, ...]:
    """Return the group's organisations and those who are said to do the same."""
    patterns = read_joint_actor_patterns(codebook)
    entities = list(chosen.entities)
    for group in groups:
        if group is chosen or group.kind != "company":
            continue
        if group.end <= chosen.start + 1:
            is_joint = _is_joint_before(lower, group, chosen, patterns)
        else:
            is_joint = _is_joint_behind(lower, group, chosen, patterns)
        if is_joint:
            entities += group.entities
    return tuple(dict.fromkeys(entities))


def _is_joint_before(lower: str, group: Group, chosen: Group, patterns: JointActorPatterns) -> bool:
    if patterns.accompanied.search(lower, group.start, group.end):
        # "X, along with Y, said that it was": what X says of itself it says of both
        return set(chosen.entities) < set(group.entities)
    between = lower[group.end : chosen.start]
    if group.end <= chosen.start and patterns.joined_by.fullmatch(between):
        return True
    if _is_before_in_han(lower, group):
        return True
    before = lower[max(0, group.start - _REACH) : group.start]
    return bool(patterns.like_before.search(before) and _FEW_WORDS.fullmatch(between))


def _is_joint_behind(lower: str, group: Group, chosen: Group, patterns: JointActorPatterns) -> bool:
    if _is_before_in_han(lower, group):
        return True
    before = lower[max(0, group.start - _REACH) : group.start]
    if group.start > chosen.end and patterns.joining.search(before):
        return True
    between = lower[chosen.end : group.start]
    return group.start >= chosen.end and bool(patterns.like_behind.fullmatch(between))


def _is_before_in_han(lower: str, group: Group) -> bool:
    """Return whether the sentence says "after X" (繼X之後) of those who did it before."""
    is_after = lower[group.start - 1 : group.start] in _AFTER_HAN
    return is_after and lower.startswith(_BEHIND_HAN, group.end)
