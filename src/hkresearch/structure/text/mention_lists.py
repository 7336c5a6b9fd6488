"""Mentions of one sentence -> lists ("X, Y and Z"), and whether each can be the subject of a verb."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from hkresearch.codebook.plain_text import Plain
from hkresearch.structure.text.entity_names import Lexicon, Mention

GAP_LIMIT = 60  # characters between two names of one list
JOINED_HAN = re.compile(
    r"\s*[）)]?\s*(?:[、,，/]|和|及|與|与|以及|同|跟|連同|联同|聯同|或|、?以及)\s*(?:(?:旗下|其)[^，。；、]{0,10}|社交\w{0,4}|通訊\w{0,4})?\s*"
)
OPENED = re.compile(
    r"(?:un)?like |(?:along|together|as) with |(?:alongside|joining|following|after|echoing|mirroring|behind) "
    r"|(?:following|walking|treading) in the footsteps of |following the (?:lead|example) of "
)
JOINER = re.compile(
    r"\s*(?:\([^)]{0,30}\))?\s*(?:\(including\b|,|/|&|\band\b|\bor\b|\bas well as\b|\balong with\b|\btogether with\b|\bplus\b|\bnor\b|\balongside\b|\band also\b|\bbut also\b|\blike\b|\bas has\b|\bas have\b)(?:\s*\b(?:and|or|as well as|plus|nor|even|also|along with|its|now|then|later)\b)*\s*((?:[\w'-]+\s+){0,5}|[\w' -]*owned\s+)$"
)
APPOSED = re.compile(
    r",? and (?:its|their) (?:[a-z-]+ ){1,3}(?:[a-z]+-owned )?"
)  # "X and its parent Y"
RELATIVE = re.compile(r", (?:which|who|whose) [^,;:.]{3,50}, and (?:also )?")
PERSON = r"(?:spokes\w+|representatives?|executives?|officials?|statements?|rep|reps|announcements?|decisions?|moves?|blog ?posts?|emails?)"
BEFORE_PERSON = re.compile(rf"{PERSON}\s+(?:for|from|at|of|by)\s+(?:the\s+|\w+\s+)?$")
INCLUDING = re.compile(
    r"\b(?:companies|firms|platforms|giants|services|apps|networks|groups|sites|players|names|heavyweights|brands|corporations|tech|behemoths|titans)\s*,?\s*(?:including|such as|together with|along with|like|notably|namely|among them|from)\s+(?:the\s+)?$"
)
WORD = re.compile(r"[\w'-]+")
# "X's doing the same": a verb; "X's handling of": a noun.
OWNS = re.compile(r" (?:also )?(?:owns?|owned|bought|acquired|runs|controls|makes)\b")
CONTRACTED = re.compile(
    r"'s (?:\w+ly |also |now |still |just )*(?:been|not|got|gone|\w+ing(?! of\b))\b"
)
CHOICE = re.compile(
    r"\b(?:position|line|answer|intention|decision|move|announcement|pledge|vow|promise|choice|plan|refusal|stance|response|step|suspension|pause|halt|freeze|moratorium|action|policy|reports?|spokes\w+|representatives?|statement|boycott)\b"
)


@dataclass(frozen=True, slots=True)
class Group:
    """Mentions that stand as one list ("X and Y"), and whether they can be a subject where they stand."""

    start: int
    end: int
    entities: tuple[str, ...]
    can_act: bool
    kind: str  # the entities' kind: company, government, ...


def group_mentions(
    plain: Plain, mentions: Sequence[Mention], lexicon: Lexicon, begin: int
) -> list[Group]:
    """Return the mentions of companies, governments and laws of the sentence that begins at `begin` as lists."""
    words = lexicon.references.get("en", {})
    groups: list[list[Mention]] = []
    wanted = [
        m for m in mentions if lexicon.kinds.get(m.entity) in ("company", "government", "law")
    ]
    named = {(m.start, m.entity) for m in wanted if m.kind == "name"}
    # "its parent X": the name stands for both.
    wanted = [
        m
        for m in wanted
        if m.kind == "name" or not {(m.end, m.entity), (m.end + 1, m.entity)} & named
    ]
    # "the X-owned app": X only says whose it is.
    owned = [
        m for m in wanted if m.kind == "reference" and "-owned " in plain.lower[m.start : m.end]
    ]
    wanted = [
        m
        for m in wanted
        if m.kind != "name" or not any(r.start < m.start and m.end < r.end for r in owned)
    ]
    # "X's Y", where Y belongs to X: Y alone.
    wanted = [
        m for m, n in zip(wanted, [*wanted[1:], None]) if not _only_owns(plain, m, n, lexicon)
    ]
    for mention in wanted:
        if groups and _are_joined(plain, groups[-1], mention, lexicon):
            groups[-1].append(mention)
        else:
            groups.append([mention])
    if groups and OPENED.fullmatch(plain.lower, begin, groups[0][0].start):
        groups[:1] = _split_opening(plain, groups[0])
    out = []
    for group in groups:
        start, end = group[0].start, max(m.end for m in group)
        entities = tuple(dict.fromkeys(m.entity for m in group))
        can_act = _can_act(plain.lower, start, end, words, begin)
        out.append(Group(start, end, entities, can_act, lexicon.kinds[entities[0]]))
    return out


def _only_owns(plain: Plain, mention: Mention, following: Mention | None, lexicon: Lexicon) -> bool:
    if (
        following is None
        or mention.kind != "name"
        or lexicon.owners.get(following.entity) != mention.entity
    ):
        return False
    return plain.lower[mention.end : following.start] in ("'s ", "' ")


def _split_opening(plain: Plain, group: list[Mention]) -> list[list[Mention]]:
    """Return "Like X and Y, Z has": those before the last comma, and those after it, who act."""
    for at in range(len(group) - 1, 0, -1):
        if plain.lower[group[at - 1].end : group[at].start].strip() == ",":
            return [group[:at], group[at:]]
    return [group]


def _are_joined(plain: Plain, group: Sequence[Mention], mention: Mention, lexicon: Lexicon) -> bool:
    last = max(group, key=lambda m: m.end)
    if mention.start <= last.start:
        return True  # two entities of one reference
    if mention.start < last.end:
        return True
    if (
        lexicon.kinds[last.entity] != lexicon.kinds[mention.entity]
        or mention.start - last.end > GAP_LIMIT
    ):
        return False
    if mention.kind == "reference" and last.kind == "name" and mention.entity != last.entity:
        return False
    between = plain.lower[last.end : mention.start].removeprefix(")")  # "X (XX), Y (YY) and Z"
    if between.strip() in ("", "(", "（") and last.entity == mention.entity:
        return True
    if plain.has_han and JOINED_HAN.fullmatch(between):
        return True
    if plain.lower.startswith("-owned", last.end):
        return False
    if RELATIVE.fullmatch(between) and plain.lower.startswith((", which ", ", who "), mention.end):
        return False  # "X, which did this, and Y, which did that"
    if RELATIVE.fullmatch(between) or APPOSED.fullmatch(between):
        return True
    match = JOINER.match(between)
    if match is None:
        return False
    # "X, Y's parent": the possessive names someone else, unless the list goes on after it.
    if plain.lower.startswith("'s ", mention.end) and not re.match(
        r"'s (?:[\w-]+ ){0,2}\w+ and ", plain.lower[mention.end : mention.end + 40]
    ):
        if "," in between and " and " not in between:
            return False
    inner = (match.group(1) or "").split()
    if inner and inner[-1].endswith("owned"):
        return True
    return not any(
        word.strip("'") in lexicon.references.get("en", {}).get("not_in_list", ()) for word in inner
    )


def _can_act(lower: str, start: int, end: int, words: dict, begin: int) -> bool:
    """Return whether the group may be the subject of a verb that follows it."""
    after = lower[end : end + 40]
    if OWNS.match(after) and lower.endswith((" which ", " that "), begin, start):
        return False  # "Y, which X owns, has"
    if after.startswith(("-owned", "-based", "-like", "-backed")):
        return False
    if (
        after.startswith(("'s ", "' "))
        and lower[start:end] not in ("it", "that")
        and not CONTRACTED.match(after)
    ):
        return bool(
            CHOICE.match(after[2:].strip().split(",")[0])
            or CHOICE.search(" ".join(after.split()[1:5]))
        )
    before = lower[max(begin, start - 40) : start]
    if BEFORE_PERSON.search(before):
        return True
    if INCLUDING.search(before):
        return True
    before_words = [
        w for w in WORD.findall(before) if not w.endswith(("-based", "-owned", "-headquartered"))
    ]
    while before_words and before_words[-1] in words.get("appositions", ()):
        before_words.pop()
    return not (
        before_words
        and before_words[-1] in words.get("prepositions", ())
        and not before.rstrip().endswith((",", ";", ":", ".", "!", "?"))
    )
