"""The blocks of a report -> the same without empty sections, which one sentence names."""

from __future__ import annotations

from collections.abc import Sequence

from hkresearch.report.blocks import (
    Block,
    CodeCell,
    ExhibitBlock,
    Heading,
    ItemList,
    Paragraph,
    Text,
)

EMPTY_HEADING = "Nothing to show"
LIMITS_HEADING = "Limits"  # what was left out is said before this section, or at the end


def drop_empty_sections(blocks: Sequence[Block]) -> list[Block]:
    """Return `blocks` without empty exhibits and their introductions, each of them named."""
    shown: list[Block] = []
    left_out: list[str] = []
    for section in _split_sections(blocks):
        exhibits = [block for block in section if isinstance(block, ExhibitBlock)]
        empty = [exhibit for exhibit in exhibits if not exhibit.content["rows"]]
        title = _read_title(section)
        if empty and len(empty) == len(exhibits) and title is not None:
            left_out.append(title)
            continue
        for exhibit in empty:
            left_out.append(exhibit.content["title"])
            section = _drop_exhibit(section, exhibit)
        shown += section
    return _say_left_out(shown, left_out) if left_out else shown


def _read_title(section: Sequence[Block]) -> str | None:
    """Return the heading of a section, or None where it has none."""
    first = section[0] if section else None
    return first.text if isinstance(first, Heading) and first.level > 1 else None


def _split_sections(blocks: Sequence[Block]) -> list[list[Block]]:
    sections: list[list[Block]] = [[]]
    for block in blocks:
        if isinstance(block, Heading) and block.level <= 2 and sections[-1]:
            sections.append([])
        sections[-1].append(block)
    return sections


def _drop_exhibit(section: Sequence[Block], empty: ExhibitBlock) -> list[Block]:
    """Return the section without an exhibit, its code and the sentences above."""
    end = next(place for place, block in enumerate(section) if block is empty)
    start = end
    while start and isinstance(section[start - 1], CodeCell):
        start -= 1
    while start and isinstance(section[start - 1], Paragraph | ItemList):
        start -= 1
    return [*section[:start], *section[end + 1 :]]


def _say_left_out(blocks: list[Block], titles: Sequence[str]) -> list[Block]:
    names = "; ".join(dict.fromkeys(titles))
    sentence = f"Left out because there is nothing in them: {names}."
    said: list[Block] = [Heading(2, EMPTY_HEADING), Paragraph((Text(sentence),))]
    place = len(blocks)
    for number, block in enumerate(blocks):
        if isinstance(block, Heading) and block.text == LIMITS_HEADING:
            place = number
            break
    return [*blocks[:place], *said, *blocks[place:]]
