"""The letters of a report -> the style rules that carry them inside the file, each in its font."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from hkresearch.core.words import HAN_CHARACTER
from hkresearch.display.fonts import FIRST_HAN
from hkresearch.report.blocks import Answer, Block, Document, ExhibitBlock, list_block_data

QUOTED_FIELDS = ("before", "exact", "tail", "after")  # of a note
WEB_FAMILIES = (("HK Serif", "Noto Serif TC"), ("HK Sans", "Noto Sans TC"))
FACE_SUFFIXES = ("", " Han", " Hans")


def split_letters(document: Document) -> tuple[str, str]:
    """Return (what is set in the serif, what is set in the sans).

    Neither font carries the other's letters.

    Chinese passages are set in the sans, as screens do, so that one font of Han characters serves
    tables and passages.
    """
    exhibits = [block for block in document.blocks if isinstance(block, ExhibitBlock)]
    cells = [exhibit.content["rows"] for exhibit in exhibits]
    heads = [exhibit.content["columns"] for exhibit in exhibits]
    prose = list_block_data(_drop_cells(block) for block in document.blocks)
    frame: dict[str, Any] = {
        "title": document.title,
        "name": document.name,
        "answer": document.answer,
    }
    frame |= {"parameters": document.parameters, "made": document.made}
    frame |= {"command": document.command, "blocks": prose}
    serif = [frame, "".join(sorted(_list_quoted_latin(document.notes)))]
    sans = [cells, heads, document.notes, prose]
    return json.dumps(serif, ensure_ascii=False), json.dumps(sans, ensure_ascii=False)


def _drop_cells(block: Block) -> Block:
    """Return the block with only the prose of its exhibit."""
    if not isinstance(block, Answer | ExhibitBlock):
        return block
    names = ("title", "note", "text")
    prose = {name: text for name, text in block.content.items() if name in names}
    return replace(block, content=prose)


def _list_quoted_latin(notes: Sequence[Mapping[str, Any]]) -> set[str]:
    quoted = "".join(note[name] for note in notes for name in QUOTED_FIELDS)
    return {character for character in quoted if character < FIRST_HAN}


def write_font_rules(serif: str, sans: str) -> str:
    """Return the @font-face rules that carry the letters of both texts, each in its font."""
    from hkresearch.display.fonts import make_simplified_font, make_web_fonts

    has_simplified = _has_simplified(serif + sans)
    rules = []
    for (name, family), characters in zip(WEB_FAMILIES, (serif, sans), strict=True):
        fonts = make_web_fonts(family, characters)
        if has_simplified:
            fonts.append(make_simplified_font(family.replace("TC", "SC"), characters))
        for suffix, font in zip(FACE_SUFFIXES, fonts, strict=False):
            rules.append(_write_font_face(name + suffix, font))
    return "".join(rules)


def _has_simplified(text: str) -> bool:
    """Return whether `text` needs a font for Simplified Chinese."""
    from hkresearch.display.fonts import list_covered

    if "zh-Hans" in text:
        return True
    ideographs = set(map(ord, HAN_CHARACTER.findall(text)))
    unknown = ideographs - list_covered("Noto Sans TC")
    return bool(unknown & list_covered("Noto Sans SC")) if unknown else False


def _write_font_face(name: str, font: bytes) -> str:
    source = base64.b64encode(font).decode("ascii")
    address = f"data:font/woff;base64,{source}"
    return f'@font-face{{font-family:"{name}";src:url({address}) format("woff")}}'
