"""The blocks of a report -> the same without sections that have nothing to show, and one sentence that names those."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Block = dict[str, Any]
HEADING = "Nothing to show"
LAST = "Limits"  # the sentence stands before this section, or at the end


def fold_empty(blocks: Sequence[Block]) -> list[Block]:
    """Return `blocks` without empty tables and figures and what introduces them; no one is lost without being named."""
    kept, missing = [], []
    for section in _split_sections(blocks):
        shown = [block for block in section if block["t"] == "exhibit" and block["content"]["rows"]]
        empty = [
            block for block in section if block["t"] == "exhibit" and not block["content"]["rows"]
        ]
        if empty and not shown and section[0]["t"] == "h" and section[0]["level"] > 1:
            missing.append(section[0]["text"])
            continue
        for block in empty:
            missing.append(block["content"]["title"])
            section = _drop(section, block)
        kept += section
    return _say_missing(kept, missing) if missing else kept


def _split_sections(blocks: Sequence[Block]) -> list[list[Block]]:
    sections: list[list[Block]] = [[]]
    for block in blocks:
        if block["t"] == "h" and block["level"] <= 2 and sections[-1]:
            sections.append([])
        sections[-1].append(block)
    return sections


def _drop(section: Sequence[Block], empty: Block) -> list[Block]:
    """Take away an exhibit with the code that made it and the sentences above, back to what stands before those."""
    end = next(i for i, block in enumerate(section) if block is empty)
    start = end
    while start and section[start - 1]["t"] == "code":
        start -= 1
    while start and section[start - 1]["t"] in ("p", "ul", "ol"):
        start -= 1
    return [*section[:start], *section[end + 1 :]]


def _say_missing(blocks: list[Block], missing: Sequence[str]) -> list[Block]:
    sentence = f"Left out because there is nothing in them: {'; '.join(dict.fromkeys(missing))}."
    said = [
        {"t": "h", "level": 2, "text": HEADING},
        {"t": "p", "c": [{"t": "text", "s": sentence}]},
    ]
    at = next(
        (i for i, block in enumerate(blocks) if block["t"] == "h" and block["text"] == LAST),
        len(blocks),
    )
    return [*blocks[:at], *said, *blocks[at:]]
