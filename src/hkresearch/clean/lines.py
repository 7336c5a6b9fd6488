"""A text layer -> its lines that say something."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

_LINE = re.compile(r"[^\S\n]*(\S(?:[^\n]*\S)?)")


class Line(NamedTuple):
    """A line of the text layer without the white space around it; `n_blank` empty lines stand before it."""

    start: int
    end: int
    text: str
    is_metadata: bool  # one of the lines that the page's head put there


def find_lines(text: str, layout: Any = None) -> list[Line]:
    """Return the lines of `text` that are not white space, in order."""
    metadata_end = layout.metadata[-1][2] if layout is not None and layout.metadata else 0
    return [Line(*m.span(1), m.group(1), m.end(1) <= metadata_end) for m in _LINE.finditer(text)]
