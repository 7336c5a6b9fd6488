"""One line of text -> its quotation-marked segments."""

from __future__ import annotations

import re
from dataclasses import dataclass

MARK = re.compile("[\"“”„«»「」『』]")
OPENING = {"“": "”", "„": "“”", "«": "»", "「": "」", "『": "』"}
CLOSING = frozenset("”»」』")


@dataclass(frozen=True, slots=True)
class Segment:
    """What stands between a pair of quotation marks: [start, end) inside the marks, [outer_start, outer_end) with them."""

    start: int
    end: int
    outer_start: int
    outer_end: int
    is_closed: bool


def find_segments(text: str, start: int, end: int) -> list[Segment]:
    """Return the outermost marked segments of one line in order; an unclosed one runs to the end of the line.

    Curly and corner marks go by their form, straight ones by turns; where the two kinds are mixed, either closes.
    """
    segments, opened, mark, depth = [], None, "", 0
    for match in MARK.finditer(text, start, end):
        at, char = match.start(), match.group()
        if opened is None:
            # A closing mark that nothing opened stands where an opening one was meant if a word follows it directly.
            if char not in CLOSING or (at + 1 < end and text[at + 1].isalnum() and (at == start or text[at - 1].isspace())):
                opened, mark, depth = at, char, 0
            continue
        if char == '"' or char in CLOSING:
            if depth and char != '"' and mark in "「『":
                depth -= 1
                continue
            if char == '"' and mark not in '"”' and _has_closer(text, at + 1, end, mark):
                continue
            segments.append(Segment(opened + 1, at, opened, at + 1, True))
            opened = None
        elif mark in "「『":
            depth += 1
        else:
            segments.append(Segment(opened + 1, at, opened, at, False))
            opened, mark = at, char
    if opened is not None:
        stop = end
        while stop > opened + 1 and text[stop - 1].isspace():
            stop -= 1
        segments.append(Segment(opened + 1, stop, opened, stop, False))
    return [s for s in segments if not text[s.start : s.end].isspace() and s.start < s.end]


def _has_closer(text: str, start: int, end: int, mark: str) -> bool:
    """Whether the curly segment is closed by its own kind before another one opens: the straight mark is nested."""
    match = CURLY.search(text, start, min(end, start + 400))
    return match is not None and match.group() in CLOSING and mark in OPENING


CURLY = re.compile("[“”„«»「」『』]")
