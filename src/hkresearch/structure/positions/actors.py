"""A verb and the mentions of its sentence -> which organisations do it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hkresearch.structure.text.mentions import Group

AGENT = re.compile(r"(?:[\w-]+ ){0,10}?by (?:the |both )?(?:[\w-]+ ){0,3}?")
BY = re.compile(r"\bby (?:[\w-]+ ){0,3}$")
NEW_CLAUSE = re.compile(r"\b(?:as|while|after|when|that|but|who|which)\b")
LISTED = re.compile(
    r"(?:\b(?:by|include|includes|including|are|is|were|such as|from|at|said|says|according to)|:|,)\s*(?:the |a |an |both )?(?:[\w-]+ ){0,2}$"
)
LEAD = 40  # characters before the subject in which words that undo the statement stand
THOSE_OF = re.compile(r" those (?:of|by|from|at)\Z")
WHICH = re.compile(r",? (?:which|who) (?:[\w'-]+ ){0,5}")
ADDRESSED = re.compile(r"\w+ (?:made |sent )?(?:to|for) (?:the )?")
NEXT_WORD = re.compile(r"\W*(?:further |also |later )?(\w+)")
MODIFIED = re.compile(
    r"(?:'s?)? (?:authorities|police|user|users|data|request|requests|demands|law|laws|officials|information|accounts?)\b"
)
JOINED = re.compile(
    r"\W*(?:(?:has|have|had|also|now|is|was|are)\W+)*join\w*(?: by)?"
    r"(?: the| fellow| rivals?| both| likes of| its| parent| sister| company)* ?"
)
LIKE = re.compile(
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


RELATIVE_HAN = re.compile(r"的[^，,。；]{0,12}[，,]?(?:有|是|為|为|包括|還有|还有)")
FIRST_PERSON_HAN = re.compile("我們|我们|本公司")
OPENING = re.compile(r"\W*(?:by|in|after|before|while|when|having|for|despite)\s+(?:\w+ly\s+)?")


def find_subject(
    reader,
    sentence,
    groups: Sequence[Group],
    start: int,
    end: int,
    language: str,
    code: str,
    same: str,
) -> tuple[tuple[str, ...], int, str]:
    """Return (organisations, where they begin, the words between them and the match)."""
    lower = reader.plain.lower
    agent = AGENT.match(lower, end + 1, sentence.end) if language == "en" and code != same else None
    for group in groups:
        if agent and group.kind == "company" and group.start == agent.end():
            return group.entities, start, lower[max(sentence.start, start - 40) : start]
    if agent:
        for group in groups:
            if (
                group.kind == "company"
                and end <= group.start <= end + 60
                and BY.search(lower[end : group.start])
            ):
                return group.entities, start, lower[max(sentence.start, start - 40) : start]
    inside = [g for g in groups if g.kind == "company" and start <= g.start and g.end <= end]
    if (
        inside
        and ADDRESSED.fullmatch(lower[start : inside[0].start])
        and not any(g.end <= start for g in groups)
    ):
        return inside[0].entities, start, ""  # "Requests to X are on hold"
    for group in reversed(groups):
        if (
            group.kind == "company"
            and group.end <= start
            and WHICH.fullmatch(lower, group.end, start)
        ):
            return (
                group.entities,
                group.start,
                "\x00" + lower[group.end : start],
            )  # "to X, which has paused": X has
    before = [
        g
        for g in groups
        if g.end <= start and (g.can_act or language == "zh") and not _is_modifier(lower, g)
    ]
    # A service on which something is said ("on X's pages") does not say it.
    before = [
        g
        for g in before
        if not (lower[g.start - 1 : g.start] == "在" and lower.startswith("上", g.end))
    ]
    if language == "zh" and inside and not any(g.kind == "company" for g in before):
        head = re.split("[,，]", lower[start : inside[-1].start])[-1]
        return (
            inside[-1].entities,
            start,
            head + "\x00",
        )  # the requests first, then who does not answer them
    if before:
        chosen = before[-1]
        if chosen.kind != "company":
            if language == "zh":
                before = [g for g in before if g.kind == "company"]
                if before:
                    chosen = before[-1]
                    return (
                        _widen(lower, groups, chosen),
                        chosen.start,
                        lower[max(sentence.start, chosen.start - LEAD) : chosen.start]
                        + "\x00"
                        + lower[chosen.end : start],
                    )
                if FIRST_PERSON_HAN.search(lower, chosen.end, start):
                    return reader.last, start, lower[chosen.end : start]
            elif chosen.kind == "law":
                companies = [g for g in before if g.kind == "company"]
                if companies:
                    return (
                        companies[-1].entities,
                        companies[-1].start,
                        lower[companies[-1].end : start],
                    )
            return (), start, ""
        if language == "en" and reader.others.search(lower[chosen.end : start]):
            return (), start, ""
        entities = _widen(lower, groups, chosen)
        return (
            entities,
            chosen.start,
            lower[max(sentence.start, chosen.start - LEAD) : chosen.start]
            + "\x00"
            + lower[chosen.end : start],
        )
    if language == "zh":
        if (named := RELATIVE_HAN.match(lower, end, sentence.end)) and (
            after := [g for g in groups if g.kind == "company" and g.start >= named.end()]
        ):
            return after[0].entities, start, ""  # "those that paused are X"
        unnamed = any(
            w in lower[sentence.start : start]
            for w in reader.lexicon.references.get("zh", {}).get("unnamed", ())
        )
        return () if unnamed else reader.last, start, lower[sentence.start : start]
    after = [g for g in groups if g.start >= end and g.kind == "company"]
    if (
        after
        and OPENING.fullmatch(lower[sentence.start : start])
        and lower[after[0].start - 2] == ","
    ):
        return after[0].entities, start, ""
    if after and after[0].start == end + 1 and THOSE_OF.search(lower, start, end):
        return after[0].entities, start, ""
    if (
        after
        and not NEW_CLAUSE.search(lower[end : after[0].start])
        and LISTED.search(lower[end : after[0].start])
    ):
        return after[0].entities, start, lower[sentence.start : start]
    if code == same:
        return (), start, ""
    reporting = reader.lexicon.references.get("en", {}).get("reporting", ())
    for group in after:
        if (word := NEXT_WORD.match(lower, group.end)) and word[1] in reporting:
            return group.entities, start, lower[sentence.start : start]
    return (), start, ""


def _is_modifier(lower: str, group: Group) -> bool:
    """Return whether the group only qualifies the noun after it ("police requests", "X users")."""
    return bool(MODIFIED.match(lower, group.end))


def _widen(lower: str, groups: Sequence[Group], chosen: Group) -> tuple[str, ...]:
    """Return the group's organisations and those said to do the same ("X, like Y,", "X joined Y in")."""
    entities = list(chosen.entities)
    for group in groups:
        if group is chosen or group.kind != "company":
            continue
        gap = lower[group.end : chosen.start]
        if group.end <= chosen.start and JOINED.fullmatch(gap):
            entities += group.entities
        if lower[group.start - 1 : group.start] in ("繼", "继") and lower.startswith(
            ("之後", "之后", "後", "后"), group.end
        ):
            entities += group.entities
        before = lower[max(0, group.start - 60) : group.start]
        if group.start > chosen.end and JOINING.search(before):
            entities += group.entities
        if group.end <= chosen.start + 1 and LIKE.search(before) and FEW_WORDS.fullmatch(gap):
            entities += group.entities
        gap = lower[chosen.end : group.start]
        if group.start >= chosen.end and LIKE_THEM.fullmatch(gap):
            entities += group.entities
    return tuple(dict.fromkeys(entities))
