"""A table's content -> its columns, cells and widths, such that it never runs off a PDF page."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from hkresearch.core.safe_text import guess_language, reveal_text
from hkresearch.display.values import CHANGED_WORDS, COUNTED_NOUN
from hkresearch.report.publish_html import count_columns

# Characters of type of USUAL_SIZE between the margins, upright and on its side.
PORTRAIT_ROOM = 108
LANDSCAPE_ROOM = 162
USUAL_SIZE = 8.2  # points
SMALLEST_SIZE = 4.5
UPRIGHT_SIZES = (8.2, 7.7, 7.2, 6.8)  # tried in this order; past the last a table lies on its side
N_STEPS = 30  # in which what is left of the room is shared out
RAISED_SIZE = 0.66  # of a raised number, by the size of the words beside it
MANY_LINES = 6  # in one cell: then smaller type is tried
PADDING = 2  # characters, on both sides of a cell together
LONGEST_UNBROKEN = 19  # characters of a word that a column is made wide enough for
LONG_WORD = re.compile(r"[^\s\u200b\u2e80-\U0003ffff-]{19,}")
BREAK_HERE = "\u200b"  # invisible: a line may end there


def lay_out_table(content: Mapping[str, Any], numbers: Mapping[str, int]) -> dict[str, Any]:
    """Return a table's columns, cells and widths, upright where it fits, else on its side.

    Parameters
    ----------
    content : mapping
        What an Exhibit holds.
    numbers : mapping
        The number of each note, by the id of its annotation.

    Returns
    -------
    dict
        `columns`, `rows` of cells, `tracks` (widths in characters), `size` (points), `is_wide`.
    """
    columns = [
        {"label": column["label"], "numeric": column["numeric"]} for column in content["columns"]
    ]
    has_passages = any(row["evidence"] for row in content["rows"])
    if has_passages:
        columns.append({"label": "Passages", "numeric": False})
    rows = [_lay_out_row(row, numbers, has_passages) for row in content["rows"]]
    texts = [[column["label"] for column in columns]]
    texts += [[_add_numbers(cell) for cell in row] for row in rows]
    least = [_find_least_width(column) for column in zip(*texts, strict=True)]
    lengths = np.array([[count_columns(text) for text in line] for line in texts], dtype=float)
    size, is_wide, tracks = choose_type(least, lengths)
    return {
        "columns": columns,
        "rows": rows,
        "tracks": [round(float(track), 2) for track in tracks],
        "size": round(size, 2),
        "is_wide": is_wide,
    }


def _lay_out_row(
    row: Mapping[str, Any], numbers: Mapping[str, int], has_passages: bool
) -> list[dict[str, Any]]:
    cells = [(cell["text"], cell["evidence"]) for cell in row["cells"]]
    if has_passages:
        cells.append(("", row["evidence"]))
    return [_lay_out_cell(text, [numbers[id] for id in evidence]) for text, evidence in cells]


def _lay_out_cell(text: str, notes: list[int]) -> dict[str, Any]:
    broken = LONG_WORD.sub(_break_word, reveal_text(text))
    kept_together = COUNTED_NOUN.sub("\\1\u00a0\\2", broken)
    return {
        "text": kept_together,
        "lang": guess_language(kept_together),
        "notes": find_runs(notes),
        "parts": split_changes(kept_together),
    }


def _break_word(found: re.Match[str]) -> str:
    return BREAK_HERE.join(re.findall(r".{1,6}", found.group()))


def _find_least_width(texts: Iterable[str]) -> int:
    """Return the characters that a column needs for its longest word."""
    longest = max(map(_measure_longest_word, texts))
    return min(longest, LONGEST_UNBROKEN) + PADDING


def _measure_longest_word(text: str) -> int:
    words = re.split(r"[ \n\t\u200b]+", text)
    return max(map(count_columns, words), default=1)


def _add_numbers(cell: Mapping[str, Any]) -> str:
    """Return a cell's text with as much room as its numbers take.

    The first one stays with the last word.
    """
    scale = RAISED_SIZE if cell["text"] else 1
    places = []
    for run in cell["notes"]:
        written = "–".join(str(number) for number in dict.fromkeys(run))
        places.append("x" * (math.ceil(scale * len(written)) + 1))
    text: str = cell["text"]
    return text + BREAK_HERE.join(places)


# ------------------------------------------------------------------------------------------ widths


def choose_type(least: Sequence[float], lengths: np.ndarray) -> tuple[float, bool, list[float]]:
    """Return the size of type, whether on its side, and the tracks.

    Parameters
    ----------
    least : sequence of float
        The characters that the longest word of each column takes.
    lengths : array of shape (rows, columns)
        The characters of each cell.
    """
    fitting = [size for size in UPRIGHT_SIZES if sum(least) <= PORTRAIT_ROOM * USUAL_SIZE / size]
    for size in fitting:
        tracks = share_room(least, lengths, PORTRAIT_ROOM * USUAL_SIZE / size)
        n_lines = lengths / (np.array(tracks) - PADDING)
        if size == fitting[-1] or n_lines.max() <= MANY_LINES:
            return size, False, tracks
    fitted = USUAL_SIZE * LANDSCAPE_ROOM / sum(least)
    size = max(SMALLEST_SIZE, min(USUAL_SIZE, fitted))
    return size, True, share_room(least, lengths, LANDSCAPE_ROOM * USUAL_SIZE / size)


def share_room(least: Sequence[float], lengths: np.ndarray, room: float) -> list[float]:
    """Return a width for each column.

    It has what its longest word needs, and of what is left what makes the rows lowest.
    """
    widths = np.array(least, dtype=float)
    step = (room - sum(least)) / N_STEPS
    if step <= 0:
        return list(widths)
    for _ in range(N_STEPS):
        heights = lengths / np.maximum(1, widths - PADDING)
        wider = lengths / np.maximum(1, widths + step - PADDING)
        costs = []
        for column in range(len(least)):
            changed = heights.copy()
            changed[:, column] = wider[:, column]
            costs.append(_weigh_heights(changed))
        widths[int(np.argmin(costs))] += step
    return list(widths)


def _weigh_heights(heights: np.ndarray) -> float:
    """Return the cost of the cells' heights, in lines: high rows first, then all that is set."""
    rows = np.maximum(1, heights.max(axis=1))
    return float((rows**1.5).sum() + 0.05 * np.maximum(1, heights).sum())


# ------------------------------------------------------------------------------------------- parts


def split_changes(text: str) -> list[dict[str, str]]:
    """Return the parts of a text with words left out or put in; nothing for another text."""
    parts: list[dict[str, str]] = []
    end = 0
    for found in CHANGED_WORDS.finditer(text):
        kind = "del" if found[1] == "[-" else "ins"
        parts += [{"t": "text", "s": text[end : found.start()]}, {"t": kind, "s": found[2]}]
        end = found.end()
    return [*parts, {"t": "text", "s": text[end:]}] if parts else []


def find_runs(numbers: Iterable[int]) -> list[list[int]]:
    """Return `numbers`, sorted, as [first, last] runs; two neighbours stay two."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    pieces = []
    for first, last in runs:
        if last - first == 1:
            pieces += [[first, first], [last, last]]
        else:
            pieces.append([first, last])
    return pieces
