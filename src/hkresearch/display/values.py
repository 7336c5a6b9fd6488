"""A value of a table -> the words that a reader sees."""

from __future__ import annotations

import math
import re
from typing import Any

# Words that a wording lacks, [-so-], or has instead, {+so+}.
CHANGED_WORDS = re.compile(r"(\[-|\{\+)(.+?)(-\]|\+\})", re.DOTALL)
# A count and what it counts, which stay on one line.
COUNTED_NOUN = re.compile(r"(\d) (pages?|origins?|passages?)\b")
SMALLEST_GROUPED = 10_000  # a smaller whole number, a year among them, gets no commas

# Headings of columns whose name does not say it to everybody.
COLUMN_LABELS = {
    "n_articles": "Pages", "pages": "Found in", "article_id": "Page", "in_language": "Language",
    "is_based_on": "Based on", "date_published": "Published",
}  # fmt: skip


def label_column(name: str) -> str:
    """Return the heading of a column: words without underscores and the `n_` of counts."""
    if name in COLUMN_LABELS:
        return COLUMN_LABELS[name]
    words = name.removeprefix("n_").replace("_", " ").strip() or name
    return words[:1].upper() + words[1:]


def write_value(value: Any) -> str:
    """Return `value` as a reader sees it.

    Lists are joined with "; ", missing values are empty, long whole numbers are grouped.
    """
    if is_missing(value):
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, (set, frozenset)):
        return "; ".join(sorted(write_value(part) for part in value))
    if isinstance(value, (list, tuple)) or type(value).__name__ == "ndarray":
        return "; ".join(write_value(part) for part in value)
    if isinstance(value, bool) or type(value).__name__ in ("bool_", "bool"):
        return "yes" if value else "no"
    if hasattr(value, "is_integer") and not isinstance(value, int):
        value = int(value) if float(value).is_integer() else round(float(value), 4)
    if isinstance(value, (int, float)):
        return f"{value:,}" if abs(value) >= SMALLEST_GROUPED else str(value)
    return str(value)


def is_missing(value: Any) -> bool:
    """Return whether `value` is None, not a number, or what pandas puts where nothing is known."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    return isinstance(value, float) and math.isnan(value)
