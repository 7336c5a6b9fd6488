"""Rows of a CSV that a person wrote -> what is wrong in them, in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

ISO_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?)?)?)?\Z")


def describe_missing(missing: Sequence[str], expected: Sequence[str], found: Sequence[str]) -> str:
    """Return what is wrong with the first line of a CSV that lacks columns, and the likeliest reason for it."""
    return f"column(s) {', '.join(missing)} missing; expected {', '.join(expected)}.{hint_separator(found)}"


def hint_separator(found: Sequence[str]) -> str:
    """Return what to do about the first line of a CSV that another sign than the comma separates."""
    sign = next(
        (
            name
            for sign, name in ((";", "semicolons"), ("\t", "tabs"))
            if any(sign in cell for cell in found)
        ),
        "",
    )
    return f" Its values are separated by {sign}: save it with commas." if sign else ""


def is_date(text: str) -> bool:
    """Return whether `text` is an ISO 8601 date, as precise as wanted, of a day that the calendar has."""
    if not ISO_DATE.match(text):
        return False
    try:
        date.fromisoformat(f"{text[:10]}-01-01"[:10])
    except ValueError:
        return False
    return True
