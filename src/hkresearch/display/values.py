"""A value of a table -> the words that a reader sees."""

from __future__ import annotations

import math
from typing import Any


def write_value(value: Any) -> str:
    """Return `value` as a reader sees it: lists joined with "; ", missing values empty, long whole numbers grouped."""
    if _is_missing(value):
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, (list, tuple, set, frozenset)) or type(value).__name__ == "ndarray":
        parts = [write_value(part) for part in value]
        return "; ".join(sorted(parts) if isinstance(value, (set, frozenset)) else parts)
    if isinstance(value, bool) or type(value).__name__ in ("bool_", "bool"):
        return "yes" if value else "no"
    if hasattr(value, "is_integer") and not isinstance(value, int):
        value = int(value) if float(value).is_integer() else round(float(value), 4)
    if isinstance(value, (int, float)):
        return f"{value:,}" if abs(value) >= 10_000 else str(value)
    return str(value)


def _is_missing(value: Any) -> bool:
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    return isinstance(value, float) and math.isnan(value)
