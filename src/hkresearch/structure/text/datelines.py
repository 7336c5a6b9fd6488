"""The line that a report opens with -> where its dateline ends, and the day that it was sent."""

from __future__ import annotations

import re

from hkresearch.core.words import HAN
from hkresearch.structure.text.calendar_days import write_day
from hkresearch.structure.text.date_words import MONTH, ORDINAL, YEAR_DIGITS
from hkresearch.structure.text.english_dates import read_month_name

_LONGEST_DATELINE = 90
_PLACE = r"[A-Z][A-Z.'’]+(?:[\s/,-]+[A-Z][A-Za-z.'’]*){0,6}"
_NAMED_PLACE = r"[A-Z][\w.'’ /,-]{1,40}?"
_AGENCY = r"(?:\([A-Z][^()]{1,40}\)|/[A-Z][A-Za-z -]+/)"
_DASH = r"\s*(?:--?|[–—―:])\s+"
_WEEKDAY_FIRST = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+)?"


def _write_day_pattern(behind: str, before: str, year: str) -> str:
    """Return the pattern of a day whose groups end in `behind` or `before`, as its month stands."""
    return (
        rf"(?:{MONTH.format('month_' + behind)}\s+(?P<day_{behind}>\d\d?){ORDINAL}"
        rf"|(?P<day_{before}>\d\d?)\s+{MONTH.format('month_' + before)})"
        rf"(?:,?\s+(?P<{year}>{YEAR_DIGITS}))?"
    )


# "BERLIN, July 6 (Agency) - ", and "Berlin, 6 July (Agency) - ".
_ENGLISH_DATELINE = re.compile(
    rf"\W{{0,2}}(?:(?-i:{_PLACE}),?\s+{_WEEKDAY_FIRST}{_write_day_pattern('b', 'a', 'year')}"
    rf"\s*(?:(?-i:{_AGENCY}))?{_DASH}"
    rf"|(?:(?-i:{_NAMED_PLACE}),\s+)?{_write_day_pattern('d', 'c', 'year2')}"
    rf"\s*(?-i:{_AGENCY})(?:{_DASH}|\s+(?=[A-Z])))",
    re.IGNORECASE,
)
_HAN_DATELINE = re.compile(
    rf"\W{{0,2}}[{HAN}]{{0,14}}?(?:(?P<year>{YEAR_DIGITS})年)?(?:(?P<month>\d\d?)月)?"
    r"(?P<day>\d\d?)日"
    r"(?:電|电|訊|讯|專電|专电|[綜综]合(?:外電|外电)?(?:報導|報道|报导|报道))[)）】：:\s]*"
)


def find_dateline_end(text: str, start: int, end: int) -> int:
    """Return where the span goes on behind its dateline, `start` where it has none."""
    found = _find_dateline(text, start, end)
    return found.end() if found else start


def read_dateline(text: str, start: int, end: int) -> str:
    """Return the ISO day of a dateline that has one with its year, else ""."""
    match = _find_dateline(text, start, end)
    if match is None:
        return ""
    found = {name: value for name, value in match.groupdict().items() if value}
    year = found.get("year") or found.get("year2")
    day = next((value for name, value in found.items() if name.startswith("day")), "")
    month_name = next((value for name, value in found.items() if name.startswith("month_")), "")
    month = read_month_name(month_name) if month_name else int(found.get("month", 0))
    return write_day(int(year), month, int(day)) if year and month and day else ""


def _find_dateline(text: str, start: int, end: int) -> re.Match[str] | None:
    """Return the match of the dateline with a day that the span opens with; None without one."""
    stop = min(end, start + _LONGEST_DATELINE)
    return _ENGLISH_DATELINE.match(text, start, stop) or _HAN_DATELINE.match(text, start, stop)
