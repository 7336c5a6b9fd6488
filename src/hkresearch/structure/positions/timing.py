"""A position and its sentence's dates and events -> when it was announced, and holds since."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from hkresearch.codebook.book import Codebook
from hkresearch.codebook.plain_text import Plain
from hkresearch.core.article import Article
from hkresearch.structure.positions.events import EventMention, find_events, touches_event
from hkresearch.structure.positions.found import AttributeRow, FoundPosition
from hkresearch.structure.positions.verb_clause import VerbClause
from hkresearch.structure.positions.word_classes import compile_with_classes, read_position_words
from hkresearch.structure.text.dates import find_dates
from hkresearch.structure.text.entity_names import Mention

# What is done on a day holds since that day; what is said on a day is announced on it.
_ACTS, _SAYINGS = ("pause", "stop", "exit"), ("refuse",)
_PAST_PRACTICE = ("comply", "never_complied")
_VERB_REACH = 80  # characters between a date and the verb that it goes before
_SINCE_REACH = 24  # characters before a date in which "since" stands
_EVENT_REACH = 70  # characters before an event in which "as soon as" stands


@dataclass(frozen=True, slots=True)
class TimingContext:
    """What the timing of a page's positions is read from; `days` are the dates of its events."""

    plain: Plain
    codebook: Codebook
    days: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TimingPatterns:
    """What stands beside a date or an event and says what it dates."""

    other_act: re.Pattern[str]  # "received on", "until": the day of something else
    since: re.Pattern[str]  # before a date
    since_han: re.Pattern[str]  # behind a date
    link: re.Pattern[str]  # what begins another statement
    at_event: re.Pattern[str]  # before an event
    right_after: re.Pattern[str]
    at_event_han: re.Pattern[str]  # behind an event


@lru_cache(maxsize=8)
def read_timing_patterns(codebook: Codebook) -> TimingPatterns:
    """Return the expressions, made of the codebook's word classes."""
    english, chinese = (read_position_words(codebook, language) for language in ("en", "zh"))
    classes = {**english, **{f"han_{name}": words for name, words in chinese.items()}}
    few_words = r"(?:[\w'’-]+\s+){0,6}$"
    return TimingPatterns(
        other_act=compile_with_classes(r"\b(?:%(other_acts)s)\b(?:\s+\w+){0,3}\s*$", classes),
        since=compile_with_classes(
            r"(?:\b(?:%(since)s)\s+(?:on\s+)?(?:the\s+)?|(?:%(han_since)s)\s*)$", classes
        ),
        since_han=compile_with_classes(r"\s*(?:%(since_behind)s)", chinese),
        link=compile_with_classes(r"\band\b|，?(?:%(links)s)", chinese),
        at_event=compile_with_classes(
            r"\b(?:%(at_event)s|the (?:very )?(?:%(moments)s)(?: that| when)?)\s+"
            + few_words
            + r"|(?:%(han_since)s)[^，。；]{0,8}$",
            classes,
        ),
        right_after=compile_with_classes(
            r"\b(?:%(at_once)s) (?:after|following|upon)\s+" + few_words, classes
        ),
        at_event_han=compile_with_classes(
            r"(?:%(that_day)s)?(?:%(since_behind)s)|(?:後|后)，?[^，。；]{0,10}?已"
            r"|(?:%(that_day)s)|時|时",
            chinese,
        ),
    )


def is_period(iso: str) -> bool:
    """Return whether the date is a year or an interval of whole months.

    Figures are about such, never a day's news.
    """
    is_whole_months = "/" in iso and iso[8:10] == "01" and iso[:7] != iso[11:18]
    return len(iso) == 4 or is_whole_months


def read_timing(
    article: Article,
    position: FoundPosition,
    context: TimingContext,
    companies: Sequence[Mention],
    condition: int,
) -> list[AttributeRow]:
    """Return the rows of the dates and events in the position's own clause.

    `companies` are the sentence's mentions of organisations; dates from `condition` on belong to
    the condition.
    """
    sentence, codebook = position.sentence, context.codebook
    clause = VerbClause(article.text, context.plain, position, companies, codebook)
    timing = _Timing(clause, read_timing_patterns(codebook))
    dates = find_dates(article, sentence.start, sentence.end, codebook)
    events = find_events(sentence, context.plain, codebook)
    rows = []
    for start, end, iso in dates:
        if is_period(iso):
            rows.append(AttributeRow("period", iso, start, end))
        elif not any(touches_event(clause.lower, event, start, end) for event in events):
            if row := timing.read_date(start, end, iso, condition):
                rows.append(row)
    if position.code in _PAST_PRACTICE or position.modality != "stated":
        events = []
    for event in events:
        own = (
            iso
            for start, end, iso in dates
            if not is_period(iso) and touches_event(clause.lower, event, start, end)
        )
        day = next(own, "") or context.days.get(event.event, "")
        if row := timing.place_event(event, day):
            rows.append(row)
    return sorted(rows, key=lambda row: (row.start, row.end, row.variable, row.code))


class _Timing:
    """The clause of one position, and what its dates and events give it."""

    def __init__(self, clause: VerbClause, patterns: TimingPatterns) -> None:
        self.clause, self.patterns = clause, patterns
        self.lower, self.position = clause.lower, clause.position
        self.is_past = clause.position.code in _PAST_PRACTICE

    def read_date(self, start: int, end: int, iso: str, condition: int) -> AttributeRow | None:
        """Return what the date at [start, end) gives the position, or nothing."""
        clause = self.clause
        if whom := clause.find_owners(start):
            if clause.is_reported(clause.find_relative(start), start):
                return AttributeRow("announced_on", iso, start, end, whom)
            return None
        if clause.is_of_somebody_else():
            return None
        if end <= self.position.match.start:
            variable = self._place_before(start, end)
        else:
            variable = self._place_behind(start, end, condition)
        return AttributeRow(variable, iso, start, end) if variable else None

    def _place_before(self, start: int, end: int) -> str:
        """Return the variable of a date before the verb."""
        verb, sentence_start = self.position.match.start, self.position.sentence.start
        if self.clause.is_apart(end, verb):
            return ""
        is_near = verb - end <= _VERB_REACH
        if self._is_since(start, end):
            is_linked = self.patterns.link.search(self.lower[end:verb])
            return "effective_from" if is_near and not is_linked and not self.is_past else ""
        if self.patterns.other_act.search(self.lower, sentence_start, start):
            return ""
        if self.clause.is_reported(self.clause.find_begin(start), verb):
            return "announced_on"
        return self._read_bare() if is_near else ""

    def _place_behind(self, start: int, end: int, condition: int) -> str:
        """Return the variable of a date in or behind the verb; from `condition` on it has none."""
        verb_start, verb_end = self.position.match
        if self.clause.is_told_after(verb_end, start):
            return "announced_on"
        since = self._is_since(start, end)
        from_verb = min(verb_end, start)
        if start >= condition and not since or self.clause.is_apart(from_verb, start):
            return ""
        if self.clause.opens_inner(start):
            return ""
        if since:
            return "" if self.is_past else "effective_from"
        if re.search(r"[,，]", self.lower[from_verb:start]):
            return ""
        is_other = self.patterns.other_act.search(self.lower, verb_start, start)
        return "" if is_other else self._read_bare()

    def _is_since(self, start: int, end: int) -> bool:
        reach = max(self.position.sentence.start, start - _SINCE_REACH)
        before = self.patterns.since.search(self.lower, reach, start)
        return bool(before or self.patterns.since_han.match(self.lower, end))

    def _read_bare(self) -> str:
        """Return what a day beside the verb itself means."""
        code = self.position.code
        if not self.is_past and self.clause.is_reported(*self.position.match):
            return "announced_on"  # the match itself is a word of saying
        if code in _ACTS:
            return "effective_from"
        return "announced_on" if code in _SAYINGS else ""

    def place_event(self, event: EventMention, iso: str) -> AttributeRow | None:
        """Return the row of `effective_from` if the event says since when the position holds."""
        (verb_start, verb_end), lower, patterns = self.position.match, self.lower, self.patterns
        reach = max(self.position.sentence.start, event.start - _EVENT_REACH)
        right_after = patterns.right_after.search(lower, reach, event.start)
        before = right_after or patterns.at_event.search(lower, reach, event.start)
        behind = patterns.at_event_han.match(lower, event.end)
        if not iso or not (before or behind):
            return None
        start = before.start() if before else event.start
        end = behind.end() if behind else event.end
        if start >= verb_end:
            if self.clause.is_apart(verb_end, start) or self.clause.opens_inner(start):
                return None
        if event.end <= verb_start:
            is_far = verb_start - event.end > _VERB_REACH
            is_linked = patterns.link.search(lower[event.end : verb_start])
            if is_far or is_linked or self.clause.is_apart(event.end, verb_start):
                return None
        day = _widen(iso) if right_after else iso
        return AttributeRow("effective_from", day, start, end, self.clause.find_owners(event.start))


def _widen(iso: str) -> str:
    """Return the day and the next: what follows a day's event at once may fall on either."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", iso):
        return iso
    return f"{iso}/{(date.fromisoformat(iso) + timedelta(days=1)).isoformat()}"
