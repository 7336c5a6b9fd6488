"""The page's own date, and the words around a date in words -> what that date is counted from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hkresearch.structure.text.calendar_days import find_latest_year, write_day
from hkresearch.structure.text.date_words import AHEAD, TOLD_BETWEEN, UNSURE_AHEAD

NEAR_YEARS = {"今年": 0, "去年": -1, "前年": -2}

MonthDay = tuple[int, int, str | None]  # month, day, and the words for its year


@dataclass(frozen=True, slots=True)
class DateScene:
    """The page's day, else its year, and the words before and after the date."""

    published: date | None
    year: int | None
    before: str
    behind: str

    def find_year(self, words: str | None) -> int | None:
        """Return the year that "2019", "last year" or "去年" names; None without the page's."""
        if not words:
            return None
        if words[:4].isdigit():
            return int(words[:4])
        if self.year is None:
            return None
        if words in NEAR_YEARS:
            return self.year + NEAR_YEARS[words]
        return self.year - (not words.lower().startswith("this"))

    def find_day_year(self, words: str | None, month: int, day: int) -> int | None:
        """Return the year that stands with a day, else the one that puts it nearest to the page."""
        if words:
            return self.find_year(words)
        if self.published and (month, day) > (self.published.month, self.published.day):
            if self.is_ahead():
                return self.published.year
        return find_latest_year(month, day, self.published, self.year)

    def is_ahead(self) -> bool:
        """Return whether the words before the date show that it is still to come."""
        ahead = AHEAD.search(self.before)
        return ahead is not None and not TOLD_BETWEEN.search(ahead.group())

    def is_unsure(self) -> bool:
        """Return whether the words before the date leave open whether it is past or to come."""
        unsure = UNSURE_AHEAD.search(self.before)
        return unsure is not None and not TOLD_BETWEEN.search(unsure.group())

    def write_days(self, first: MonthDay, last: MonthDay) -> str:
        """Return the interval between two days; "" where a year is unknown."""
        year_last = self.find_day_year(last[2] or first[2], last[0], last[1])
        if year_last is None:
            return ""
        crosses_year = first[:2] > last[:2]
        year_first = self.find_year(first[2]) or year_last - crosses_year
        start = write_day(year_first, first[0], first[1])
        end = write_day(year_last, last[0], last[1])
        return f"{start}/{end}" if start and end else ""
