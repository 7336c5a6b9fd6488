"""Types: a contradiction with its sides, and what all kinds of it need."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple


class Contradiction(NamedTuple):
    """Two or more passages that cannot all hold, or that differ."""

    kind: str  # value, order, modality, stance, tension, subject, scope, headline, arithmetic
    subject: str
    variable: str
    reason: str
    sides: Mapping[str, Collection[str]]  # what a side says -> the ids of the passages that say it


def group_sides(passages: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Return code -> the ids that stand beside it in `passages`."""
    sides: dict[str, list[str]] = defaultdict(list)
    for code, id in passages:
        sides[code].append(id)
    return sides


def group_pages(rows: Iterable[Any]) -> dict[str, list[Any]]:
    """Return article_id -> its rows, in page order."""
    groups: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        groups[row.article_id].append(row)
    for group in groups.values():
        group.sort(key=lambda row: (row.start, row.end))
    return groups


def is_date(code: str) -> bool:
    """Return whether `code` is an ISO 8601 date, or two of them joined by a slash."""
    return bool(re.match(r"\d{4}(-\d{2}){0,2}(/\d{4}(-\d{2}){0,2})?$", code))


def choose_first_date(dates: Iterable[str]) -> str:
    """Return the date that is over first; of those that end alike the most precise; "" of none.

    A month in which a day is known is no date before that day.
    """
    known = sorted(filter(None, dates), reverse=True)
    return min(known, key=lambda date: read_bounds(date)[1], default="")


def read_bounds(date: str) -> tuple[str, str]:
    """Return the first and the last moment that a date may mean, as strings in order of time."""
    first, _, last = date.partition("/")
    # "~" sorts after every digit: 2020-07 reaches to its last day
    return first, (last or first) + "~"
