"""Words for a date in a text, and the page's own date -> ISO 8601 dates and intervals, as precise as known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from hkresearch.codebook.book import Codebook
from hkresearch.core.article import Article
from hkresearch.structure.text.calendar_days import (
    add_months,
    find_latest_year,
    read_day,
    write_day,
    write_month,
    write_months,
    write_week,
    write_weekday,
)
from hkresearch.structure.text.date_words import (
    AHEAD,
    BESIDE,
    CHINESE,
    DATE_HINT,
    ENGLISH,
    HAN_WEEKDAYS,
    MONTH_NAMES,
    PAPER_BEFORE,
    PAPER_BEHIND,
    QUARTERS,
    SMALL_NUMBERS,
    SPAN_BEFORE,
    TOLD_BETWEEN,
    UNSURE_AHEAD,
    WEEKDAYS,
)
from hkresearch.structure.text.datelines import find_dateline_end

_REACH_AHEAD = 120  # characters before a day in which a word of the future may stand
_NEAR_DAYS = {
    "today": 0, "tonight": 0, "this morning": 0, "this afternoon": 0, "this evening": 0, "今日": 0, "今天": 0,
    "今早": 0, "今晚": 0, "yesterday": -1, "last night": -1, "昨日": -1, "昨天": -1, "昨晚": -1, "昨夜": -1, "昨": -1,
    "前日": -2, "前天": -2, "tomorrow": 1, "明日": 1, "明天": 1,
}  # fmt: skip
_NEAR_YEARS = {"今年": 0, "去年": -1, "前年": -2}
_WEEK_SHIFTS = {"this": 0, "本": 0, "下": 1}
_HAN_WHICH = {"上": "week before", "下": "week after", "本": "this week", "這": "this week", "这": "this week"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _DateScene:
    """What a date in words is counted from: the page's day, else its year, and the words before and after the date."""

    published: date | None
    year: int | None
    before: str
    behind: str

    def find_year(self, words: str | None) -> int | None:
        """Return the year that "2019", "last year" or "去年" names; None where the page has no year."""
        if not words:
            return None
        if words[:4].isdigit():
            return int(words[:4])
        if self.year is None:
            return None
        if words in _NEAR_YEARS:
            return self.year + _NEAR_YEARS[words]
        return self.year - (not words.lower().startswith("this"))

    def find_day_year(self, words: str | None, month: int, day: int) -> int | None:
        """Return the year of a day: the one that stands with it, else the one that puts it nearest to the page's."""
        if words:
            return self.find_year(words)
        if self.published and (month, day) > (self.published.month, self.published.day):
            if self.is_ahead():
                return self.published.year
        return find_latest_year(month, day, self.published, self.year)

    def is_ahead(self) -> bool:
        """Return whether the words before the date show that it is still to come."""
        ahead = AHEAD.search(self.before)
        return bool(ahead) and not TOLD_BETWEEN.search(ahead.group())

    def is_unsure(self) -> bool:
        """Return whether the words before the date leave open whether it is past or still to come."""
        unsure = UNSURE_AHEAD.search(self.before)
        return bool(unsure) and not TOLD_BETWEEN.search(unsure.group())


def find_dates(
    article: Article, start: int, end: int, codebook: Codebook
) -> list[tuple[int, int, str]]:
    """Return (start, end, ISO date or interval) of the dates in the span; what cannot be resolved is left out.

    "That day" is the day named before it in the span. A weekday or "last week" needs the page's own date. A date without
    a year takes the page's year, else the one that the codebook's `default_year` states for pages without a date. The
    day in a dateline says when the report was sent, and is no date of the span.
    """
    return list(_find_dates(article.text, article.date_published, start, end, codebook))


@lru_cache(maxsize=64)
def _find_dates(
    text: str, date_published: str, start: int, end: int, codebook: Codebook
) -> tuple[tuple[int, int, str], ...]:
    """Return the dates of a span; several readers ask for those of the same sentence."""
    start = find_dateline_end(text, start, end)
    if not DATE_HINT.search(text, start, end):
        return ()
    published, year = _read_page_day(date_published, codebook)
    found = (
        _find_anniversaries(text, start, end, codebook) if "nniversary" in text[start:end] else []
    )
    taken = [(a, b) for a, b, _ in found]
    patterns = (ENGLISH,) if text[start:end].isascii() else (ENGLISH, CHINESE)
    weekdays = set()
    for match in _iter_free(patterns, text, start, end, taken):
        if match["same"]:
            days = [d for d in found if d[1] <= match.start() and len(d[2]) == 10]
            found += [(match.start(), match.end(), max(days)[2])] if days else []
            continue
        before = text[max(start, match.start() - _REACH_AHEAD) : match.start()]
        scene = _DateScene(published, year, before, text[match.end() : match.end() + 20])
        iso = (_read_english if match.re is ENGLISH else _read_chinese)(match, scene)
        if iso:
            found.append((match.start(), match.end(), iso))
            if match["weekday"]:
                weekdays.add(match.start())
    return tuple(sorted(_drop_weekdays(text, found, weekdays) if weekdays else found))


def _iter_free(
    patterns: tuple[re.Pattern[str], ...],
    text: str,
    start: int,
    end: int,
    taken: list[tuple[int, int]],
) -> Iterator[re.Match[str]]:
    for pattern in patterns:
        for match in pattern.finditer(text, start, end):
            if not any(a < match.end() and match.start() < b for a, b in taken):
                yield match


def _read_page_day(date_published: str, codebook: Codebook) -> tuple[date | None, int | None]:
    published = read_day(date_published)
    if published:
        return published, published.year
    if date_published[:4].isdigit():
        return None, int(date_published[:4])
    default = codebook.topic.get("default_year")
    return None, int(default) if default else None


def _drop_weekdays(
    text: str, found: list[tuple[int, int, str]], weekdays: set[int]
) -> list[tuple[int, int, str]]:
    """Leave out the weekdays beside which the day itself stands: "on Monday, July 6"."""
    days = [d for d in found if d[0] not in weekdays and len(d[2]) == 10]

    def is_named(weekday: tuple[int, int, str]) -> bool:
        return any(
            BESIDE.fullmatch(text, weekday[1], day[0])
            if weekday[1] <= day[0]
            else BESIDE.fullmatch(text, day[1], weekday[0])
            for day in days
        )

    return [d for d in found if d[0] not in weekdays or not is_named(d)]


def _find_anniversaries(
    text: str, start: int, end: int, codebook: Codebook
) -> list[tuple[int, int, str]]:
    """Return the dates given as an anniversary of an event that the codebook dates ("the eve of the 23rd ...")."""
    found = []
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
            found.append((match.start(), match.end(), day.isoformat()))
    return found


def _read_month(name: str) -> int:
    return next(i for i, m in enumerate(MONTH_NAMES, 1) if m.startswith(name.lower()[:3]))


def _read_english(match: re.Match[str], scene: _DateScene) -> str:
    got = match.groupdict()
    if got["iso"]:
        return got["iso"]
    if got["month_a"]:
        return _write_days(
            (_read_month(got["month_a"]), int(got["day_a"]), got["year_a"]),
            (_read_month(got["month_b"]), int(got["day_b"]), got["year_b"]),
            scene,
        )
    if got["from"] or got["half"] or got["quarter"] or got["short"]:
        return _read_english_period(got, scene)
    for n in "12":
        if got["day" + n]:
            month, day = _read_month(got["month" + n]), int(got["day" + n])
            year = scene.find_day_year(got["year" + n], month, day)
            return write_day(year, month, day) if year else ""
    if got["month3"]:
        year = scene.find_year(got["year3"])
        return write_month(year, _read_month(got["month3"])) if year else ""
    if got["month4"]:
        return _write_bare_month(_read_month(got["month4"]), got["before4"].lower(), scene)
    if got["year_only"]:
        return got["year_only"]
    if got["ago"]:
        return _write_ago(got["ago"].lower(), got["ago_unit"].lower(), scene)
    if got["weekday"]:
        return _read_weekday(got["weekday"], scene)
    return _read_near(match.group(), scene)


def _read_english_period(got: dict[str, str], scene: _DateScene) -> str:
    if got["from"]:
        year = scene.find_year(got["year_months"])
        return write_months(year, _read_month(got["from"]), _read_month(got["to"])) if year else ""
    if got["half"]:
        year = scene.find_year(got["year_half"])
        first = 1 if got["half"].lower() == "first" else 7
        return write_months(year, first, first + 5) if year else ""
    if got["quarter"]:
        year, number = scene.find_year(got["year_quarter"]), QUARTERS[got["quarter"].lower()]
        return write_months(year, 3 * number - 2, 3 * number) if year else ""
    year, number = scene.find_year(got["year_short"]), int(got["short"][1])
    length = 6 if got["short"][0].lower() == "h" else 3
    return write_months(year, length * (number - 1) + 1, length * number) if year else ""


def _write_days(first: tuple, last: tuple, scene: _DateScene) -> str:
    """Return the interval between two days, each (month, day, words for its year or None); "" where a year is unknown."""
    year_last = scene.find_day_year(last[2] or first[2], last[0], last[1])
    if year_last is None:
        return ""
    crosses = (first[0], first[1]) > (last[0], last[1])
    year_first = scene.find_year(first[2]) or year_last - crosses
    a, b = write_day(year_first, first[0], first[1]), write_day(year_last, last[0], last[1])
    return f"{a}/{b}" if a and b else ""


def _write_bare_month(month: int, before: str, scene: _DateScene) -> str:
    """Return the month of "in October": the latest one, unless the words before show that it is to come."""
    published = scene.published
    if not published:
        return ""
    if scene.is_unsure() and month != published.month:
        return ""
    if scene.is_ahead() and before != "last":
        return write_month(published.year + (month < published.month), month)
    is_earlier = month > published.month or before == "last" and month == published.month
    return write_month(published.year - is_earlier, month)


def _write_ago(number: str, unit: str, scene: _DateScene) -> str:
    n = SMALL_NUMBERS.get(number) or int(number)
    if unit.startswith("year"):
        return f"{scene.year - n:04d}" if scene.year and n > 1 and n < scene.year else ""
    if not scene.published or n > 60:
        return ""
    return (scene.published - timedelta(days=n)).isoformat()


def _read_weekday(words: str, scene: _DateScene) -> str:
    if not scene.published or PAPER_BEHIND.match(scene.behind) or scene.before.endswith("Mail on "):
        return ""
    *which, name = words.lower().split()
    weekday = WEEKDAYS.index(name)
    if which[:1] == ["last"]:
        return write_weekday(weekday, scene.published, "last")
    if which[:1] == ["next"]:
        return write_weekday(weekday, scene.published, "week after")
    if which == ["this"]:
        return write_weekday(weekday, scene.published, "this week")
    if which or scene.is_ahead():
        return write_weekday(weekday, scene.published, "ahead")
    return "" if scene.is_unsure() else write_weekday(weekday, scene.published, "")


def _read_near(words: str, scene: _DateScene) -> str:
    """Return the day, week, month or year that lies near the page's own."""
    is_name = words[0].isupper() and PAPER_BEFORE.search(scene.before)  # "USA Today"
    words = " ".join(words.lower().split())
    if words in _NEAR_YEARS or words.endswith(("year", "yr")):
        year = scene.find_year(words)
        return f"{year:04d}" if year and not SPAN_BEFORE.search(scene.before) else ""
    if not scene.published or is_name:
        return ""
    if words in _NEAR_DAYS:
        return (scene.published + timedelta(days=_NEAR_DAYS[words])).isoformat()
    if SPAN_BEFORE.search(scene.before):
        return ""
    shift = _WEEK_SHIFTS.get(words.split()[0], _WEEK_SHIFTS.get(words[0], -1))
    if words.endswith(("week", "周", "週", "星期", "禮拜", "礼拜")):
        return write_week(scene.published, shift)
    return add_months(scene.published, shift)


def _read_chinese(match: re.Match[str], scene: _DateScene) -> str:
    got = match.groupdict()
    if got["month_a"]:
        month_a, month_b = int(got["month_a"]), int(got["month_b"] or got["month_a"])
        return _write_days(
            (month_a, int(got["day_a"]), got["year_days"]),
            (month_b, int(got["day_b"]), got["year_b"]),
            scene,
        )
    if got["from"]:
        year = scene.find_year(got["year_months"])
        return write_months(year, int(got["from"]), int(got["to"])) if year else ""
    if got["half"]:
        year, first = scene.find_year(got["year_half"]), 7 if got["half"] == "下半年" else 1
        return write_months(year, first, first + 5) if year else ""
    if got["year_quarter"]:
        year, number = (
            scene.find_year(got["year_quarter"]),
            "一二三四".index(got["quarter"] or "一"),
        )
        return write_months(year, 3 * number + 1, 3 * number + 3) if year else ""
    if got["month"]:
        month, day = int(got["month"]), int(got["day"])
        year = scene.find_day_year(got["year1"], month, day)
        return write_day(year, month, day) if year else ""
    if got["only_month"]:
        year = scene.find_year(got["year3"])
        return write_month(year, int(got["only_month"])) if year else ""
    if got["weekday"]:
        return _read_han_weekday(got["weekday"], got["which"], scene)
    return got["year_only"] or _read_near(got["near"], scene)


def _read_han_weekday(name: str, which: str | None, scene: _DateScene) -> str:
    if not scene.published:
        return ""
    weekday = HAN_WEEKDAYS.index(name.replace("天", "日"))
    if which:
        return write_weekday(weekday, scene.published, _HAN_WHICH[which])
    return write_weekday(weekday, scene.published, "ahead" if scene.is_ahead() else "")
