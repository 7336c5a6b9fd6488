"""A list of organisations and its sentence -> those who are said to do the same ("X, like Y,", "X joined Y in")."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hkresearch.structure.text.mention_lists import Group

JOINED_OTHERS = re.compile(
    r"\W*(?:(?:has|have|had|also|now|is|was|are)\W+)*join\w*(?: by)?"
    r"(?: the| fellow| rivals?| both| likes of| its| parent| sister| company)* ?"
)
LIKE_OTHERS = re.compile(
    r"(?<!un)\b(?:like|along with|alongside|as with|together with|joining)\s+(?:\w+ )?$"
)
LIKE_THEM = re.compile(
    r",? (?:like|along with|alongside|as with|together with|joining|as well as) (?:\w+ ){0,3}"
)
FEW_WORDS = re.compile(r",? (?:the |\w+ ){0,3}")
JOINING = re.compile(
    r"\b(?:(?:joining|joins|joined)|(?:following|after|echoing|mirroring|matching) (?:in the footsteps of|the lead of|(?:the |a )?(?:similar|same|identical) (?:\w+ )?(?:moves?|steps?|decisions?|announcements?|action) (?:by|from|of)))"
    r" (?:the |rivals? |fellow |likes of |peers? |tech |giants? |companies )*$"
)


def widen_subject(lower: str, groups: Sequence[Group], chosen: Group) -> tuple[str, ...]:
    """Return the group's organisations and those said to do the same ("X, like Y,", "X joined Y in")."""
    entities = list(chosen.entities)
    for group in groups:
        if group is chosen or group.kind != "company":
            continue
        gap = lower[group.end : chosen.start]
        if group.end <= chosen.start and JOINED_OTHERS.fullmatch(gap):
            entities += group.entities
        if lower[group.start - 1 : group.start] in ("繼", "继") and lower.startswith(
            ("之後", "之后", "後", "后"), group.end
        ):
            entities += group.entities
        before = lower[max(0, group.start - 60) : group.start]
        if group.start > chosen.end and JOINING.search(before):
            entities += group.entities
        if (
            group.end <= chosen.start + 1
            and LIKE_OTHERS.search(before)
            and FEW_WORDS.fullmatch(gap)
        ):
            entities += group.entities
        gap = lower[chosen.end : group.start]
        if group.start >= chosen.end and LIKE_THEM.fullmatch(gap):
            entities += group.entities
    return tuple(dict.fromkeys(entities))
