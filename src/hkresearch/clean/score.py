"""Lines -> how surely each belongs to the article's running text."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from .lines import Line

_ENDING = re.compile(r"[.!?…。！？；;:,”\"’'」』)）\]]\Z")
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W_]+")


class Scores(NamedTuple):
    """`body` is the probability of each line; `confidence` that of the page as a whole."""

    body: list[float]
    confidence: float


def score_lines(lines: list[Line], layout: Any = None) -> Scores:
    """Return the probability that each line is running text of the article."""
    raw = []
    for line in lines:
        n = len(_WORD.findall(line.text))
        raw.append(0.0 if line.is_metadata else (1.0 if n >= 12 and _ENDING.search(line.text) else 0.3 if n >= 8 else 0.05))
    smooth = []
    for i, score in enumerate(raw):
        around = raw[max(0, i - 2) : i] + raw[i + 1 : i + 3]
        near = sum(around) / max(1, len(around))
        wordy = len(lines[i].text) > 25 and bool(_ENDING.search(lines[i].text)) and not lines[i].is_metadata
        smooth.append(0.5 * score + 0.5 * near + 0.1 if wordy else 0.4 * score)
    return Scores(smooth, 0.5)
