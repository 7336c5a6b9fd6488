"""Dates in words, and the page's own date -> ISO dates and intervals, as precise as known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from hkresearch.codebook.book import Codebook
from hkresearch.codebook.plain_text import read_plain
from hkresearch.core.article import Article
from hkresearch.structure.text.article_date import OTHER_YEAR
from hkresearch.structure.text.calendar_days import read_day
from hkresearch.structure.text.chinese_dates import read_chinese_date
from hkresearch.structure.text.date_scene import DateScene
from hkresearch.structure.text.date_words import (
    BESIDE,
    CHINESE,
    COMMON_BEGINNINGS,
    DATE_BEGINNINGS,
    DATE_HINT,
    ENGLISH,
)
from hkresearch.structure.text.datelines import find_dateline_end
from hkresearch.structure.text.english_dates import read_english_date

_REACH_AHEAD = 120  # characters before a day in which a word of the future may stand
_REACH_BEHIND = 20
_DAY_LENGTH = len("2020-07-06")


class FoundDate(NamedTuple):
    """A date of a text: an ISO date or interval."""

    start: int
    end: int
    iso: str


def find_dates(article: Article, start: int, end: int, codebook: Codebook) -> list[FoundDate]:
    """Return the dates in the span; what cannot be resolved is left out.

    "That day" is the day named before it in the span. A weekday or "last week" needs the page's own
    date. A date without a year takes the page's year, else the `default_year` that the codebook
    states for pages without a date. The day in a dateline says when the report was sent, and is no
    date of the span.
    """
    return list(_find_dates(article.text, article.date_published, start, end, codebook))


@lru_cache(maxsize=64)
def _find_dates(
    text: str, date_published: str, start: int, end: int, codebook: Codebook
) -> tuple[FoundDate, ...]:
    """Return the dates of a span; several readers ask for those of the same sentence."""
    start = find_dateline_end(text, start, end)
    if not DATE_HINT.search(read_plain(text).lower, start, end):
        return ()
    published, year = _read_page_day(date_published, codebook)
    found = _find_anniversaries(text, start, end, codebook)
    weekdays = set()
    for match in _iter_free(text, start, end, tuple(found)):
        if match["same"]:
            if day := _find_last_day(found, match.start()):
                found.append(FoundDate(match.start(), match.end(), day))
            continue
        before = text[max(start, match.start() - _REACH_AHEAD) : match.start()]
        behind = text[match.end() : match.end() + _REACH_BEHIND]
        scene = DateScene(published, year, before, behind)
        read_date = read_english_date if match.re is ENGLISH else read_chinese_date
        if iso := read_date(match, scene):
            found.append(FoundDate(match.start(), match.end(), iso))
            if match["weekday"]:
                weekdays.add(match.start())
    return tuple(sorted(_drop_weekdays(text, found, weekdays) if weekdays else found))


def _iter_free(
    text: str, start: int, end: int, taken: Sequence[FoundDate]
) -> Iterator[re.Match[str]]:
    """Yield the dates in words outside of those found already."""
    matches = _iter_english(text, start, end)
    if not text[start:end].isascii():
        matches = chain(matches, CHINESE.finditer(text, start, end))
    for match in matches:
        if not any(one.start < match.end() and match.start() < one.end for one in taken):
            yield match


def _iter_english(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """Yield the English dates; only where a word stands with which one can begin."""
    words, reached = read_plain(text).list_words(start, end), start
    for index, (place, _, word) in enumerate(words):
        if word not in DATE_BEGINNINGS and not word[0].isdecimal():
            continue
        if word in COMMON_BEGINNINGS and index + 1 < len(words):
            following = words[index + 1][2]
            if following not in DATE_BEGINNINGS and not following[0].isdecimal():
                continue
        if place >= reached and (match := ENGLISH.match(text, place, end)):
            reached = match.end()
            yield match


def _find_last_day(found: Sequence[FoundDate], position: int) -> str:
    """Return the day named last before the position."""
    days = [one for one in found if one.end <= position and len(one.iso) == _DAY_LENGTH]
    return max(days).iso if days else ""


def _read_page_day(date_published: str, codebook: Codebook) -> tuple[date | None, int | None]:
    published = read_day(date_published)
    if published:
        return published, published.year
    if date_published == OTHER_YEAR:
        return None, None
    if date_published[:4].isdigit():
        return None, int(date_published[:4])
    default = codebook.topic.get("default_year")
    return None, int(default) if default else None


def _drop_weekdays(text: str, found: Sequence[FoundDate], weekdays: set[int]) -> list[FoundDate]:
    """Leave out the weekdays beside which the day itself stands: "on Monday, July 6"."""
    days = [d for d in found if d.start not in weekdays and len(d.iso) == _DAY_LENGTH]

    def is_beside(first: FoundDate, second: FoundDate) -> bool:
        if first.start > second.start:
            first, second = second, first
        return BESIDE.fullmatch(text, first.end, second.start) is not None

    return [
        one
        for one in found
        if one.start not in weekdays or not any(is_beside(one, day) for day in days)
    ]


def _find_anniversaries(text: str, start: int, end: int, codebook: Codebook) -> list[FoundDate]:
    """Return the anniversaries of events that the codebook dates ("the eve of the 23rd ...")."""
    found: list[FoundDate] = []
    if "nniversary" not in text[start:end]:
        return found
    for event in codebook.topic.get("events", {}).values():
        names = "|".join(re.escape(n) for n in event.get("names", {}).get("en", ()))
        if not names:
            continue
        pattern = (
            r"(?P<eve>eve\s+of\s+)?(?:the\s+)?(?P<n>\d+)(?:st|nd|rd|th)\s+anniversary\s+of\s+"
            rf"[^.;]{{0,60}}?(?:{names})"
        )
        for match in re.compile(pattern, re.IGNORECASE).finditer(text, start, end):
            day = date.fromisoformat(event["date"])
            day = day.replace(year=day.year + int(match["n"])) - timedelta(days=bool(match["eve"]))
            found.append(FoundDate(match.start(), match.end(), day.isoformat()))
    return found
