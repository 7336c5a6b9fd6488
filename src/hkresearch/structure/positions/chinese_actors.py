"""A match in a Chinese sentence -> which organisations do it; a subject that is left out is the last one named."""

from __future__ import annotations

import re

from hkresearch.structure.positions.matches import Match, SentenceReading, Subject
from hkresearch.structure.text.mention_lists import Group

CHINESE_RELATIVE = re.compile(r"的[^，,。；]{0,12}[，,]?(?:有|是|為|为|包括|還有|还有)")
CHINESE_FIRST_PERSON = re.compile("我們|我们|本公司")
PART_START = re.compile(r"[，,；;：:「]|表示|指出|認為|认为|預料|预料|[稱称指]")
CHINESE_LEAD_LENGTH = (
    40  # characters before the subject in which words that undo the statement stand
)


def find_chinese_subject(match: Match, reading: SentenceReading) -> Subject | None:
    """Return who does what the match says; None where nobody is named, or somebody without a name does it."""
    lower, start = reading.plain.lower, match.start
    before = [g for g in reading.groups if g.end <= start and not _is_place_of_words(lower, g)]
    companies = [g for g in before if g.kind == "company"]
    inside = reading.list_companies(start, match.end)
    if inside and not companies:  # the requests first, then who does not answer them
        head = re.split("[,，]", lower[start : inside[-1].start])[-1]
        return Subject(inside[-1].entities, start, head, "")
    if _is_somebody_else(match, reading, companies):
        return None
    if companies:
        return Subject(companies[-1].entities, companies[-1].start,
                       lower[max(reading.sentence.start, companies[-1].start - CHINESE_LEAD_LENGTH) : companies[-1].start],
                       lower[companies[-1].end : start])  # fmt: skip
    if before:
        if CHINESE_FIRST_PERSON.search(lower, before[-1].end, start):
            return Subject(reading.last, start, "", lower[before[-1].end : start])
        return None
    named = CHINESE_RELATIVE.match(lower, match.end, reading.sentence.end)
    after = [g for g in reading.list_companies(match.end, reading.sentence.end)]
    if named and (behind := [g for g in after if g.start >= named.end()]):
        return Subject(behind[0].entities, start, "", "")  # "those that paused are X"
    unnamed = reading.lexicon.references.get("zh", {}).get("unnamed", ())
    opening = lower[reading.sentence.start : start]
    if any(word in opening for word in unnamed):
        return None
    return Subject(reading.last, start, "", opening)


def _is_place_of_words(lower: str, group: Group) -> bool:
    """Return whether something is said on a service ("在X上"), which then does not say it."""
    return lower[group.start - 1 : group.start] == "在" and lower.startswith("上", group.end)


def _is_somebody_else(match: Match, reading: SentenceReading, companies: list[Group]) -> bool:
    """Return whether a part of the sentence between the last organisation and the match begins with somebody unnamed."""
    lower, words = reading.plain.lower, reading.chinese_words
    since = companies[-1].end if companies else reading.sentence.start
    starts = [mark.end() for mark in PART_START.finditer(lower, since, match.start)]
    starts += [] if companies else [since]
    for begin in starts:
        end = next((m.start() for m in PART_START.finditer(lower, begin, match.start)), match.start)
        found = words.unnamed.match(lower, begin, match.start)
        is_closed = end < match.start and words.closed.search(lower[begin:end])
        if found and not is_closed and not _covers(reading, found):
            return True
    return False


def _covers(reading: SentenceReading, found: re.Match) -> bool:
    return any(g.start < found.end() and found.start() < g.end for g in reading.groups)
