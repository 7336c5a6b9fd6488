"""The line that a report opens with -> where its dateline ends, and the day that it was sent."""

from __future__ import annotations

import re

from hkresearch.structure.text.calendar_days import write_day
from hkresearch.structure.text.date_words import MONTH, MONTH_NAMES, ORDINAL, YEAR_DIGITS

_LONGEST_DATELINE = 90
_PLACE = r"[A-Z][A-Z.'’]+(?:[\s/,-]+[A-Z][A-Za-z.'’]*){0,6}"
_AGENCY = r"(?:\([A-Z][^()]{1,40}\)|/[A-Z][A-Za-z -]+/)"
_DATELINE_DAY = (
    rf"(?:{MONTH.format('month_b')}\s+(?P<day_b>\d\d?){ORDINAL}"
    rf"|(?P<day_a>\d\d?)\s+{MONTH.format('month_a')})(?:,?\s+(?P<year>{YEAR_DIGITS}))?"
)
_DASH = r"\s*(?:--?|[–—―:])\s+"
_WEEKDAY_FIRST = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+)?"
_ENGLISH_DATELINE = re.compile(
    rf"\W{{0,2}}(?:(?-i:{_PLACE}),?\s+{_WEEKDAY_FIRST}{_DATELINE_DAY}\s*(?:(?-i:{_AGENCY}))?{_DASH}"
    rf"|(?:(?-i:[A-Z][\w.'’ /,-]{{1,40}}?),\s+)?{_DATELINE_DAY.replace('_a>', '_c>').replace('_b>', '_d>').replace('<year>', '<year2>')}"
    rf"\s*(?-i:{_AGENCY})(?:{_DASH}|\s+(?=[A-Z])))",
    re.IGNORECASE,
)
_HAN_DATELINE = re.compile(
    rf"\W{{0,2}}[\u3400-\u9fff]{{0,14}}?(?:(?P<year>{YEAR_DIGITS})年)?(?:(?P<month>\d\d?)月)?(?P<day>\d\d?)日(?:電|电|訊|讯|專電|专电)[)）】：:\s]*"
)


def _find_dateline(text: str, start: int, end: int) -> re.Match[str] | None:
    """Return the match of the dateline with a day that the span opens with; None where it has none."""
    stop = min(end, start + _LONGEST_DATELINE)
    return _ENGLISH_DATELINE.match(text, start, stop) or _HAN_DATELINE.match(text, start, stop)


def find_dateline_end(text: str, start: int, end: int) -> int:
    """Return where the span goes on behind its dateline, `start` where it has none."""
    found = _find_dateline(text, start, end)
    return found.end() if found else start


def read_dateline(text: str, start: int, end: int) -> str:
    """Return the ISO day of a dateline that has one with its year, else ""."""
    found = _find_dateline(text, start, end)
    if found is None:
        return ""
    got = {key: value for key, value in found.groupdict().items() if value}
    year = got.get("year") or got.get("year2")
    day = next((got[key] for key in ("day", "day_a", "day_b", "day_c", "day_d") if key in got), "")
    name = next((got[key] for key in got if key.startswith("month_")), "")
    month = int(got["month"]) if "month" in got else 0
    if name:
        month = next(i for i, m in enumerate(MONTH_NAMES, 1) if m.startswith(name.lower()[:3]))
    return write_day(int(year), month, int(day)) if year and month and day else ""
