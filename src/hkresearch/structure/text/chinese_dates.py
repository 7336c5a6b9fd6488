"""A Chinese date in words, and what it is counted from -> an ISO date or interval."""

from __future__ import annotations

import re
from collections.abc import Mapping

from hkresearch.structure.text.calendar_days import (
    write_day,
    write_month,
    write_months,
    write_weekday,
)
from hkresearch.structure.text.date_scene import DateScene
from hkresearch.structure.text.date_words import HAN_WEEKDAYS
from hkresearch.structure.text.near_days import write_near

_HAN_QUARTERS = "一二三四"
_SECOND_HALF = "下半年"
_WHICH_WEEKDAY = {
    "上": "week before",
    "下": "week after",
    "本": "this week",
    "這": "this week",
    "这": "this week",
}


def read_chinese_date(match: re.Match[str], scene: DateScene) -> str:
    """Return the date of a match of `date_words.CHINESE`; "" where it cannot be resolved."""
    got = match.groupdict()
    if got["unknown"]:
        return ""
    if got["from"] or got["half"] or got["year_quarter"]:
        return _write_period(got, scene)
    if got["month_a"]:
        month = int(got["month_a"])
        first = month, int(got["day_a"]), got["year_days"]
        last = int(got["month_b"] or month), int(got["day_b"]), got["year_b"]
        return scene.write_days(first, last)
    if got["month"]:
        month, day = int(got["month"]), int(got["day"])
        year = scene.find_day_year(got["year1"], month, day)
        return write_day(year, month, day) if year else ""
    if got["only_month"]:
        year = scene.find_year(got["year3"])
        return write_month(year, int(got["only_month"])) if year else ""
    if got["weekday"]:
        return _write_named_weekday(got["weekday"], got["which"], scene)
    return got["year_only"] or write_near(got["near"], scene)


def _write_period(got: Mapping[str, str], scene: DateScene) -> str:
    """Return the interval of months, a half or a quarter of a year."""
    if got["from"]:
        year, first, last = scene.find_year(got["year_months"]), int(got["from"]), int(got["to"])
    elif got["half"]:
        year, first = scene.find_year(got["year_half"]), 7 if got["half"] == _SECOND_HALF else 1
        last = first + 5
    else:
        number = _HAN_QUARTERS.index(got["quarter"] or _HAN_QUARTERS[0])
        year, first = scene.find_year(got["year_quarter"]), 3 * number + 1
        last = first + 2
    return write_months(year, first, last) if year else ""


def _write_named_weekday(name: str, which: str | None, scene: DateScene) -> str:
    if not scene.published:
        return ""
    weekday = HAN_WEEKDAYS.index(name.replace("天", "日"))
    if which:
        return write_weekday(weekday, scene.published, _WHICH_WEEKDAY[which])
    return write_weekday(weekday, scene.published, "ahead" if scene.is_ahead() else "")
