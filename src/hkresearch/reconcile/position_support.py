"""Rows of positions -> who carries them, and how far apart in time they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Texts = npt.NDArray[np.object_]
Places = npt.NDArray[np.intp]  # places of rows
Known = Mapping[str, Texts]  # column -> its texts in reading order
RowGroups = Mapping[str, Places]  # code, or family of codes -> its rows
SETTLED_DAYS = 14  # after which a report tells of a change, even one that stands alone
ODD_ORIGINS = 2  # independent ones against which what one page alone carries is a suspect


class Standing(NamedTuple):
    """The code that stands, those in a tie with it, and those that later reports replaced."""

    code: str
    ties: tuple[str, ...]
    replaced: tuple[str, ...] = ()


class Support(NamedTuple):
    """Who carries a code: origins and pages."""

    origins: frozenset[str]
    pages: frozenset[str]

    def sort_key(self) -> tuple[int, int]:
        """Return what puts the best supported one first."""
        return -len(self.origins), -len(self.pages)


def measure_support(known: Known, rows: Places) -> Support:
    """Return the origins and pages of `rows`."""
    return Support(frozenset(known["origin"][rows]), frozenset(known["article_id"][rows]))


def join_rows(groups: Iterable[Places]) -> Places:
    """Return the rows of all `groups`."""
    return np.concatenate(list(groups))


def count_days_between(new: str, old: str) -> int:
    """Return the days that `new` is later at least, whatever day of its month each means."""
    return (_first_day(new) - _last_day(old)).days


def _first_day(day: str) -> date:
    return date.fromisoformat((day[:10] + "-01-01"[len(day) - 4 :])[:10])


def _last_day(day: str) -> date:
    first = _first_day(day)
    if len(day) >= len("2020-07-01"):
        return first
    months = 1 if len(day) > len("2020") else 12
    month = first.month - 1 + months
    return date(first.year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def is_odd_one(known: Known, rows: Places, others: Places) -> bool:
    """Return whether one page alone carries `rows`, and several independent ones only `others`."""
    mine, theirs = measure_support(known, rows), measure_support(known, others)
    return (
        len(mine.pages) == 1
        and len(theirs.origins - mine.origins) >= ODD_ORIGINS
        and not mine.pages & theirs.pages
    )
