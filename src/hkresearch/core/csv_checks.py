"""Rows of a CSV file that a person wrote -> what is wrong in them, in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

ISO_8601_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?)?)?)?\Z")
WRONG_SEPARATORS = {";": "semicolons", "\t": "tabs"}


def describe_missing(missing: Sequence[str], expected: Sequence[str], found: Sequence[str]) -> str:
    """Return the message for a header that lacks columns, with the likeliest reason."""
    return (
        f"column(s) {', '.join(missing)} missing; expected {', '.join(expected)}."
        f"{hint_separator(found)}"
    )


def hint_separator(found: Sequence[str]) -> str:
    """Return what to do about a header whose cells another sign than the comma separates."""
    for sign, name in WRONG_SEPARATORS.items():
        if any(sign in cell for cell in found):
            return f" Its values are separated by {name}: save it with commas."
    return ""


def is_iso_date(text: str) -> bool:
    """Return whether `text` is an ISO 8601 date that exists in the calendar, of any precision."""
    if not ISO_8601_DATE.match(text):
        return False
    first_day = f"{text[:10]}-01-01"[:10]
    try:
        date.fromisoformat(first_day)
    except ValueError:
        return False
    return True
