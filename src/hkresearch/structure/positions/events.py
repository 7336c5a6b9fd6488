"""The codebook's events (a law takes effect) -> where a sentence names them, and their dates."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from hkresearch.codebook.book import Codebook, read_wordings
from hkresearch.codebook.patterns import PatternSet, compile_patterns
from hkresearch.codebook.plain_text import Plain
from hkresearch.core.article import Annotation
from hkresearch.structure.text.sentences import Sentence

_DATE_REACH = 40  # characters between what happened and its own date


class EventMention(NamedTuple):
    """Where a sentence names an event of the codebook."""

    start: int
    end: int
    event: str


@lru_cache(maxsize=8)
def read_events(codebook: Codebook) -> tuple[PatternSet, ...]:
    """Return the patterns of the codebook's events, a set for each language."""
    events = codebook.topic.get("events", {})
    pattern_sets = []
    for language, wording in read_wordings(codebook).items():
        written = [
            (id, pattern)
            for id, event in events.items()
            for pattern in event.get("patterns", {}).get(language, ())
        ]
        pattern_sets.append(compile_patterns(written, wording))
    return tuple(pattern_sets)


def date_events(facts: Iterable[Annotation], codebook: Codebook) -> dict[str, str]:
    """Return event -> ISO date, from the page where it gives one date, else from the codebook."""
    events = codebook.topic.get("events", {})
    days = {id: event["date"] for id, event in events.items()}
    stated: dict[tuple[str, str], set[str]] = {}
    for fact in facts:
        stated.setdefault((fact.subject, fact.variable), set()).add(fact.code)
    for id, event in events.items():
        own = stated.get(tuple(event.get("fact", ())), set())
        if len(own) == 1:
            days[id] = next(iter(own))
    return days


def find_events(sentence: Sentence, plain: Plain, codebook: Codebook) -> list[EventMention]:
    """Return where the sentence names events, in order."""
    start, end = sentence.start, sentence.end
    words = plain.list_words(start, end)
    mentions = {
        EventMention(match.start, match.end, match.pattern.code)
        for pattern_set in read_events(codebook)
        for match in pattern_set.find(plain, start, end, words)
    }
    return sorted(mentions)


def touches_event(lower: str, event: EventMention, start: int, end: int) -> bool:
    """Return whether the date at [start, end) stands in or right beside the words of an event."""
    if start < event.end and event.start < end:
        return True
    if start >= event.end:
        between = lower[event.end : start]
        inner = between.strip()
    else:
        between = lower[end : event.start]
        inner = between.strip(" ,，")
    return len(between) <= _DATE_REACH and not re.search(r"[,;:，；：。]", inner)
