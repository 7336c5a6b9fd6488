"""A span of Chinese -> the span without the signs and spaces around it."""

from __future__ import annotations

HAN_STOPS = "。！？!?；;｡"
_TRIMMED = " \t\u3000，,：:；;。、"
_AFTER_VERB = "，,：: \u3000"


def trim_han(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span without stops, commas and spaces at its edges."""
    while start < end and text[start] in _TRIMMED + HAN_STOPS:
        start += 1
    while end > start and text[end - 1] in _TRIMMED + HAN_STOPS:
        end -= 1
    return start, end


def skip_lead_signs(text: str, start: int, end: int) -> int:
    """Return where the words of a sentence begin."""
    while start < end and text[start] in _TRIMMED:
        start += 1
    return start


def skip_signs_after_verb(text: str, at: int, end: int) -> int:
    """Return where the content begins behind `表示：`."""
    while at < end and text[at] in _AFTER_VERB:
        at += 1
    return at
