"""An English date in words, and what it is counted from -> an ISO date or interval."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta

from hkresearch.structure.text.calendar_days import (
    write_day,
    write_month,
    write_months,
    write_weekday,
)
from hkresearch.structure.text.date_scene import DateScene
from hkresearch.structure.text.date_words import (
    MONTH_NAMES,
    PAPER_BEHIND,
    QUARTERS,
    SMALL_NUMBERS,
    WEEKDAYS,
)
from hkresearch.structure.text.near_days import write_near

_MOST_DAYS_AGO = 60
_WHICH_WEEKDAY = {"": "", "last": "last", "next": "week after", "this": "this week"}

_PERIOD_GROUPS = ("from", "half", "half_own", "half_end", "quarter", "short")
Groups = Mapping[str, str]  # what a pattern of `date_words` found, by the names of its groups


def read_english_date(match: re.Match[str], scene: DateScene) -> str:
    """Return the date of a match of `date_words.ENGLISH`; "" where it cannot be resolved."""
    got = match.groupdict()
    if got["iso"] or got["year_only"]:
        return got["iso"] or got["year_only"]
    if any(got[name] for name in _PERIOD_GROUPS):
        return _write_period(got, scene)
    if got["month_a"] or got["day1"] or got["day2"]:
        return _write_days(got, scene)
    if got["month3"]:
        year = scene.find_year(got["year3"])
        return write_month(year, read_month_name(got["month3"])) if year else ""
    if got["month4"]:
        return _write_bare_month(read_month_name(got["month4"]), got["before4"].lower(), scene)
    if got["ago"]:
        return _write_ago(got["ago"].lower(), got["ago_unit"].lower(), scene)
    if got["weekday"]:
        return _write_named_weekday(got["weekday"], scene)
    return write_near(match.group(), scene)


def read_month_name(name: str) -> int:
    """Return the number of a month by the first three letters of its name."""
    start = name.lower()[:3]
    return next(number for number, month in enumerate(MONTH_NAMES, 1) if month.startswith(start))


def _write_days(got: Groups, scene: DateScene) -> str:
    """Return a day of a month, or the interval between two."""
    if got["month_a"]:
        first = read_month_name(got["month_a"]), int(got["day_a"]), got["year_a"]
        last = read_month_name(got["month_b"]), int(got["day_b"]), got["year_b"]
        return scene.write_days(first, last)
    number = "1" if got["day1"] else "2"
    month, day = read_month_name(got["month" + number]), int(got["day" + number])
    year = scene.find_day_year(got["year" + number], month, day)
    return write_day(year, month, day) if year else ""


def _write_period(got: Groups, scene: DateScene) -> str:
    """Return the interval of months, a half or a quarter of a year."""
    if got["from"]:
        year = scene.find_year(got["year_months"])
        first, last = read_month_name(got["from"]), read_month_name(got["to"])
    elif got["half_own"]:
        year, first = int(got["year_own"]), 1 if got["half_own"].lower() == "first" else 7
        last = first + 5
    elif got["half_end"]:
        year, last = scene.find_year(got["year_end"]), read_month_name(got["half_end"])
        first = last - 5
    elif got["half"]:
        year, first = scene.find_year(got["year_half"]), 1 if got["half"].lower() == "first" else 7
        last = first + 5
    elif got["quarter"]:
        year, last = scene.find_year(got["year_quarter"]), 3 * QUARTERS[got["quarter"].lower()]
        first = last - 2
    else:  # "H1 2020"
        year, number = scene.find_year(got["year_short"]), int(got["short"][1])
        length = 6 if got["short"][0].lower() == "h" else 3
        first, last = length * (number - 1) + 1, length * number
    return write_months(year, first, last) if year else ""


def _write_bare_month(month: int, before: str, scene: DateScene) -> str:
    """Return the month of "in October": the latest one, unless it is shown to be to come."""
    published = scene.published
    if not published or scene.is_unsure() and month != published.month:
        return ""
    if scene.is_ahead() and before != "last":
        return write_month(published.year + (month < published.month), month)
    is_earlier = month > published.month or before == "last" and month == published.month
    return write_month(published.year - is_earlier, month)


def _write_ago(words: str, unit: str, scene: DateScene) -> str:
    number = SMALL_NUMBERS.get(words) or int(words)
    if unit.startswith("year"):
        return f"{scene.year - number:04d}" if scene.year and 1 < number < scene.year else ""
    if not scene.published or number > _MOST_DAYS_AGO:
        return ""
    return (scene.published - timedelta(days=number)).isoformat()


def _write_named_weekday(words: str, scene: DateScene) -> str:
    if not scene.published or PAPER_BEHIND.match(scene.behind):
        return ""
    if scene.before.endswith("Mail on "):
        return ""
    *leading, name = words.lower().split()
    which = _WHICH_WEEKDAY.get(" ".join(leading), "ahead")
    if not leading and scene.is_ahead():
        which = "ahead"
    elif not leading and scene.is_unsure():
        return ""
    return write_weekday(WEEKDAYS.index(name), scene.published, which)
