"""A match in a Chinese sentence -> which organisations do it.

A subject that is left out is the last one named.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from hkresearch.structure.positions.matches import ParsedSentence, PositionMatch, Subject
from hkresearch.structure.text.mention_lists import Group

_RELATIVE = re.compile(r"的[^，,。；]{0,12}[，,]?(?:有|是|為|为|包括|還有|还有)")
_INCLUDING = re.compile(r"[^。；]{0,12}?[，,]\s*(?:其中|當中|当中)?(?:包括|包含|如)")
_FIRST_PERSON = re.compile("我們|我们|本公司")
_PART_START = re.compile(r"[，,；;：:「]|表示|指出|認為|认为|预料|預料|[稱称指]")
_LEAD_LENGTH = 40  # characters before the subject in which words that undo the statement stand


def find_chinese_subject(match: PositionMatch, parsed: ParsedSentence) -> Subject | None:
    """Return who does what the match says.

    None where nobody is named, or somebody without a name does it.
    """
    lower, start = parsed.plain.lower, match.start
    before = [
        group
        for group in parsed.groups
        if group.end <= start and not _is_place_of_words(lower, group, parsed.groups)
    ]
    companies = [group for group in before if group.kind == "company"]
    inside = parsed.list_companies(start, match.end)
    if inside and not companies:  # the requests first, then who does not answer them
        head = re.split("[,，]", lower[start : inside[-1].start])[-1]
        return Subject(inside[-1].entities, start, head, "")
    if inside and parsed.is_object_acting(match):
        opening = lower[parsed.sentence.start : start]
        return Subject(inside[-1].entities, start, "", opening)  # "stops X's service": X leaves
    if _is_somebody_else(match, parsed, companies):
        return None if companies else _find_included(match, parsed)
    if companies:
        nearest = companies[-1]
        lead_start = max(parsed.sentence.start, nearest.start - _LEAD_LENGTH)
        lead = lower[lead_start : nearest.start]
        return Subject(nearest.entities, nearest.start, lead, lower[nearest.end : start])
    if before:
        if _FIRST_PERSON.search(lower, before[-1].end, start):
            return Subject(parsed.last, start, "", lower[before[-1].end : start])
        return None
    return _find_left_out(match, parsed)


def _find_left_out(match: PositionMatch, parsed: ParsedSentence) -> Subject | None:
    """Return the subject where nobody is named before the match."""
    lower, sentence = parsed.plain.lower, parsed.sentence
    if named := _RELATIVE.match(lower, match.end, sentence.end):
        if behind := parsed.list_companies(named.end(), sentence.end):
            return Subject(behind[0].entities, match.start, "", "")  # "those that paused are X"
    unnamed = parsed.lexicon.references.get("zh", {}).get("unnamed", ())
    opening = lower[sentence.start : match.start]
    if any(word in opening for word in unnamed):
        return _find_included(match, parsed)
    return Subject(parsed.last, match.start, "", opening)


def _find_included(match: PositionMatch, parsed: ParsedSentence) -> Subject | None:
    """Return who is named behind an unnamed subject ("many firms have paused, including X")."""
    including = _INCLUDING.match(parsed.plain.lower, match.end, parsed.sentence.end)
    if including is None:
        return None
    behind = parsed.list_companies(including.end(), parsed.sentence.end)
    if behind and behind[0].start - including.end() <= 1:
        return Subject(behind[0].entities, match.start, "", "")
    return None


def _is_place_of_words(lower: str, group: Group, groups: Sequence[Group]) -> bool:
    """Return whether something is said on a service ("在X上"), which then does not say it."""
    if lower[group.start - 1 : group.start] != "在":
        return False
    is_after_another = any(other.end < group.start for other in groups)
    return is_after_another or lower.startswith("上", group.end)


def _is_somebody_else(match: PositionMatch, parsed: ParsedSentence, companies: list[Group]) -> bool:
    """Return whether a part of the sentence before the match begins with somebody unnamed.

    Parts before the last organisation do not count.
    """
    lower, words = parsed.plain.lower, parsed.chinese_words
    since = companies[-1].end if companies else parsed.sentence.start
    starts = [mark.end() for mark in _PART_START.finditer(lower, since, match.start)]
    if not companies:
        starts.append(since)
    for begin in starts:
        next_mark = _PART_START.search(lower, begin, match.start)
        end = next_mark.start() if next_mark else match.start
        found = words.unnamed.match(lower, begin, match.start)
        is_closed = end < match.start and words.closed.search(lower[begin:end])
        if found and not is_closed and not _covers(parsed, found):
            return True
    return False


def _covers(parsed: ParsedSentence, found: re.Match[str]) -> bool:
    return any(group.start < found.end() and found.start() < group.end for group in parsed.groups)
