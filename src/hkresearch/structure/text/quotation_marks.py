"""One line of text -> its quotation-marked segments."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Two apostrophes stand for one mark in some wire copy. A single mark opens only before a word and
# closes only after one.
_MARK = re.compile(
    "[\"“”„«»「」『』]|''|``"
    r"|(?<![\w’'])[‘'](?=\w[^\n‘“\"]{1,300}?[\w.,!?][’'](?!\w))"
)
_SINGLE_CLOSER = re.compile(r"(?<=[\w.,!?])[’'](?!\w)")
_CLOSER = {
    "“": re.compile('[“”„«"]'),
    "„": re.compile("[“”„]"),
    "«": re.compile("[«»]"),
    "»": re.compile("[«»]"),
    "「": re.compile("[「」]"),
    "」": re.compile("[「」]"),
    "『": re.compile("[『』]"),
    '"': re.compile('["“”]'),
    "''": re.compile("''"),
    "``": re.compile("''"),
    "‘": _SINGLE_CLOSER,
    "'": _SINGLE_CLOSER,
}
_TURNED = (("„", "“"), ("»", "«"))  # as German sets them
_CORNERS = {"「": "」", "『": "』"}


@dataclass(frozen=True, slots=True)
class Segment:
    """What stands between quotation marks: the outer places are with the marks."""

    start: int
    end: int
    outer_start: int
    outer_end: int
    is_closed: bool


def find_segments(text: str, start: int, end: int) -> list[Segment]:
    """Return the outermost marked segments of one line in order.

    Curly and corner marks go by their form, straight ones by turns; where kinds are mixed, the
    first that fits closes. A segment that nothing closes runs to the end of the line.
    """
    segments, position = [], start
    while opening := _MARK.search(text, position, end):
        mark, inner = opening.group(), opening.end()
        if mark in "”»」』" and not _opens_all_the_same(text, opening.start(), start, end):
            position = inner
            continue
        closing = _find_closing(text, mark, inner, end)
        if closing is None:
            stop = end
            while stop > inner and text[stop - 1].isspace():
                stop -= 1
            segment = Segment(inner, stop, opening.start(), stop, False)
        elif closing.group() in ("“", "„", "«") and (mark, closing.group()) not in _TURNED:
            stop = closing.start()
            segment = Segment(inner, stop, opening.start(), stop, False)
        else:
            segment = Segment(inner, closing.start(), opening.start(), closing.end(), True)
        position = max(segment.outer_end, inner)
        if text[segment.start : segment.end].strip():
            segments.append(segment)
    return segments


def _opens_all_the_same(text: str, at: int, start: int, end: int) -> bool:
    """Return whether a closing mark that nothing opened stands between space and word."""
    is_before_word = at + 1 < end and text[at + 1].isalnum()
    return is_before_word and (at == start or text[at - 1].isspace())


def _find_closing(text: str, mark: str, position: int, end: int) -> re.Match[str] | None:
    if mark not in _CORNERS:
        closing = _CLOSER.get(mark, _CLOSER["“"]).search(text, position, end)
        if closing and mark == "“" and closing.group() == '"':
            # A straight mark is nested if the curly one closes before another opens.
            curly = _CLOSER["„"].search(text, closing.end(), min(end, closing.end() + 400))
            if curly and curly.group() == "”":
                return curly
        return closing
    depth = 0
    while closing := _CLOSER[mark].search(text, position, end):
        depth += 1 if closing.group() == mark else -1
        if depth < 0:
            return closing
        position = closing.end()
    return None
