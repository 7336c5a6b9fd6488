"""Parts of a date, and the page's own date -> ISO 8601 days and intervals."""

from __future__ import annotations

from datetime import date, timedelta


def read_day(iso: str) -> date | None:
    """Return the day that an ISO date begins with; None where it is less precise than a day."""
    try:
        return date.fromisoformat(iso[:10])
    except ValueError:
        return None


def write_day(year: int, month: int, day: int) -> str:
    """Return the ISO day, "" for a day that no calendar has."""
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def write_month(year: int, month: int) -> str:
    """Return the ISO month, "" for a month that no calendar has."""
    return f"{year:04d}-{month:02d}" if 1 <= month <= 12 else ""


def write_months(year: int, first: int, last: int) -> str:
    """Return the interval of whole months; one that would end first ends in the year after."""
    if not (1 <= first <= 12 and 1 <= last <= 12):
        return ""
    year_end, month_end = (year, last) if last >= first else (year + 1, last)
    after = date(year_end + month_end // 12, month_end % 12 + 1, 1)
    return f"{year:04d}-{first:02d}-01/{(after - timedelta(days=1)).isoformat()}"


def write_week(day: date, weeks: int) -> str:
    """Return the Monday and the Sunday of the week that lies `weeks` after that of `day`."""
    monday = day - timedelta(days=day.weekday()) + timedelta(weeks=weeks)
    return f"{monday.isoformat()}/{(monday + timedelta(days=6)).isoformat()}"


def add_months(day: date, months: int) -> str:
    """Return the ISO month that lies `months` after that of `day`."""
    number = day.year * 12 + day.month - 1 + months
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def find_latest_year(month: int, day: int, published: date | None, year: int | None) -> int | None:
    """Return the year that puts the day nearest before the page's, at most a month after it."""
    if published is None or (month, day) <= (published.month, published.day):
        return year
    return published.year - 1 if (month - published.month) % 12 > 1 else year


def write_weekday(weekday: int, published: date, which: str) -> str:
    """Return the latest day of that name, or the one that `which` says.

    `which` is "last" (a Monday's "last Monday" is a week ago), "ahead" or "next" (never the page's
    own day), "week before", "this week", "week after", or "".
    """
    back = (published.weekday() - weekday) % 7
    if which in ("ahead", "next"):
        return (published + timedelta(days=7 - back)).isoformat()
    if which == "last":
        return (published - timedelta(days=back or 7)).isoformat()
    weeks = {"week before": -1, "this week": 0, "week after": 1}
    if which in weeks:
        monday = published - timedelta(days=published.weekday()) + timedelta(weeks=weeks[which])
        return (monday + timedelta(days=weekday)).isoformat()
    return (published - timedelta(days=back)).isoformat()
