"""A table's content -> its columns, cells and widths, such that it never runs off a PDF page."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from hkresearch.core.safe_text import guess_language, reveal_text
from hkresearch.display.exhibit import CHANGED, COUNTED

PORTRAIT, LANDSCAPE = (
    108,
    162,
)  # characters of type of size TYPE between the margins, upright and on its side
TYPE, SMALLEST_TYPE = 8.2, 4.5  # points
SIZES = (8.2, 7.7, 7.2, 6.8)  # tried in this order upright; past the last a table lies on its side
STEPS = 30  # in which what is left of the room is shared out
RAISED = 0.66  # the size of a raised number beside the words
MANY_LINES = 6  # in one cell: then smaller type is tried
LONG_WORD = re.compile(r"[^\s\u200b\u2e80-\U0003ffff-]{19,}")


def lay_out_table(content: Mapping[str, Any], numbers: Mapping[str, int]) -> dict[str, Any]:
    """Return a table's columns, cells, and widths such that it never runs off the page: upright, then on its side."""
    columns = [
        {"label": column["label"], "numeric": column["numeric"]} for column in content["columns"]
    ]
    rows = [
        [
            _lay_out_cell(cell["text"], [numbers[id] for id in cell["evidence"]])
            for cell in row["cells"]
        ]
        for row in content["rows"]
    ]
    if any(row["evidence"] for row in content["rows"]):
        columns.append({"label": "Passages", "numeric": False})
        for row, cells in zip(content["rows"], rows):
            cells.append(_lay_out_cell("", [numbers[id] for id in row["evidence"]]))
    texts = [[column["label"] for column in columns]]
    texts += [[_add_numbers(cell) for cell in row] for row in rows]
    least = [
        min(max(_measure_words(line[i]) for line in texts), 19) + 2 for i in range(len(columns))
    ]
    lengths = np.array([[_measure(text) for text in line] for line in texts], dtype=float)
    size, is_wide, tracks = choose_type(least, lengths)
    tracks = [round(float(track), 2) for track in tracks]
    return {
        "columns": columns,
        "rows": rows,
        "tracks": tracks,
        "size": round(size, 2),
        "is_wide": is_wide,
    }


def choose_type(least: list[float], lengths: np.ndarray) -> tuple[float, bool, list[float]]:
    """Return the size of type, whether on its side, and the tracks: upright where the longest words fit."""
    fitting = [size for size in SIZES if sum(least) <= PORTRAIT * TYPE / size]
    for size in fitting:
        tracks = share_room(least, lengths, PORTRAIT * TYPE / size)
        if size == fitting[-1] or (lengths / (np.array(tracks) - 2)).max() <= MANY_LINES:
            return size, False, tracks
    size = max(SMALLEST_TYPE, min(TYPE, TYPE * LANDSCAPE / sum(least)))
    return size, True, share_room(least, lengths, LANDSCAPE * TYPE / size)


def share_room(least: list[float], lengths: np.ndarray, room: float) -> list[float]:
    """Return a width for each column: what its longest word needs, and of what is left what makes the rows lowest."""
    widths, step = np.array(least, dtype=float), (room - sum(least)) / STEPS
    if step <= 0:
        return list(widths)
    for _ in range(STEPS):
        heights = lengths / np.maximum(1, widths - 2)
        wider = lengths / np.maximum(1, widths + step - 2)
        costs = []
        for i in range(len(least)):
            changed = heights.copy()
            changed[:, i] = wider[:, i]
            costs.append(
                (np.maximum(1, changed.max(axis=1)) ** 1.5).sum()
                + 0.05 * np.maximum(1, changed).sum()
            )
        widths[int(np.argmin(costs))] += step
    return list(widths)


def _lay_out_cell(text: str, notes: list[int]) -> dict[str, Any]:
    text = LONG_WORD.sub(
        lambda found: "\u200b".join(re.findall(r".{1,6}", found.group())), reveal_text(text)
    )
    text = COUNTED.sub("\\1\u00a0\\2", text)
    return {
        "text": text,
        "lang": guess_language(text),
        "notes": find_runs(notes),
        "parts": split_changes(text),
    }


def _add_numbers(cell: Mapping[str, Any]) -> str:
    """Return a cell's text with as much room as its numbers take: the first stays with the last word."""
    sizes = [len("–".join(str(n) for n in dict.fromkeys(run))) for run in cell["notes"]]
    scale = RAISED if cell["text"] else 1
    return cell["text"] + "\u200b".join("x" * (math.ceil(scale * size) + 1) for size in sizes)


def split_changes(text: str) -> list[dict[str, str]]:
    """Return the parts of `text` that has words left out or put in, each with how it is to be set; else nothing."""
    parts, at = [], 0
    for found in CHANGED.finditer(text):
        kind = "del" if found[1] == "[-" else "ins"
        parts += [{"t": "text", "s": text[at : found.start()]}, {"t": kind, "s": found[2]}]
        at = found.end()
    return [*parts, {"t": "text", "s": text[at:]}] if parts else []


def find_runs(numbers: Iterable[int]) -> list[list[int]]:
    """Return `numbers`, sorted, as [first, last] runs; two neighbours stay two."""
    runs: list[list[int]] = []
    for n in sorted(set(numbers)):
        if runs and n == runs[-1][1] + 1:
            runs[-1][1] = n
        else:
            runs.append([n, n])
    return [
        piece
        for a, b in runs
        for piece in ([[a, b]] if b - a > 1 else [[n, n] for n in range(a, b + 1)])
    ]


def _measure(text: str) -> float:
    return sum(2 if c >= "\u2e80" else 1 for c in text)


def _measure_words(text: str) -> float:
    return max((_measure(word) for word in re.split(r"[ \n\t\u200b]+", text)), default=1)
