"""A Document -> a PDF/UA-1 file, set by Typst from data alone."""

from __future__ import annotations

import json
import threading
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from hkresearch.core.safe_text import reveal_text
from hkresearch.display.fonts import (
    FIRST_HAN,
    SIMPLIFIED_FAMILIES,
    TRADITIONAL_FAMILIES,
    convert_font,
    list_covered,
    pick_font,
)
from hkresearch.evidence.seal import seal_pdf
from hkresearch.report.blocks import Document
from hkresearch.report.pdf_layout import lay_out
from hkresearch.report.publish_html import write_evidence_block

# Characters of a layout; what Typst remembers of a longer one takes hundreds of megabytes.
LARGE_LAYOUT = 300_000
EMPTY_RUNS = 10  # settings after which Typst forgets what none of them used
COMPILER_LOCK = threading.Lock()  # one compiler, whose fonts are read once, serves every report
NEED_NO_GLYPH = "\n\t\u200b\u00ad\ufeff"


def write_pdf(document: Document) -> bytes:
    """Return `document` as PDF; the same document gives the same bytes on every machine."""
    laid_out, simplified = replace_unknown(lay_out(document))
    inputs = {
        "document": json.dumps(laid_out, ensure_ascii=False),
        "attachment": write_evidence_block(document),
    }
    with COMPILER_LOCK:
        data = open_compiler(simplified).compile(
            input=read_typst_template(),
            format="pdf",
            pdf_standards=["ua-1"],
            sys_inputs=inputs,
            timestamp=0,
        )
        if len(inputs["document"]) > LARGE_LAYOUT:
            for _ in range(EMPTY_RUNS):
                open_compiler(simplified).compile(input=b"-", format="pdf", timestamp=0)
    return seal_pdf(data)


@lru_cache(maxsize=4)
def open_compiler(simplified: str) -> Any:
    """Return a Typst compiler with our fonts and those that Typst brings, and no other.

    `simplified` holds the characters wanted in the faces for Simplified Chinese.
    """
    import typst

    folders = [convert_font(family).parent for family in TRADITIONAL_FAMILIES]
    if simplified:
        folders += [pick_font(family, simplified) for family in SIMPLIFIED_FAMILIES]
    return typst.Compiler(ignore_system_fonts=True, font_paths=[str(folder) for folder in folders])


@cache
def read_typst_template() -> bytes:
    """Return the Typst template, which reads the document as data."""
    return (resources.files(__package__) / "templates" / "report.typ").read_bytes()


def replace_unknown(laid_out: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """Return the layout without unknown characters, and those for Simplified Chinese.

    What no font has is written as its number.
    """
    laid_out = _map_text(laid_out, reveal_text)
    dumped = json.dumps(laid_out, ensure_ascii=False)
    is_tagged = '"zh-Hans' in dumped or '"zh-CN' in dumped
    characters = set(dumped)
    unknown = {
        character
        for character in characters
        if ord(character) not in list_covered(TRADITIONAL_FAMILIES[0])
        and not _needs_no_glyph(character)
    }
    simplified = ""
    if unknown or is_tagged:
        covered = set(map(chr, list_covered(SIMPLIFIED_FAMILIES[0])))
        if unknown & covered or is_tagged:
            han = {character for character in characters if character >= FIRST_HAN}
            simplified = "".join(sorted(han & covered))
        unknown -= covered
    if unknown:
        numbers = {ord(character): f"[U+{ord(character):04X}]" for character in unknown}
        laid_out = _map_text(laid_out, lambda text: text.translate(numbers))
    return laid_out, simplified


def _needs_no_glyph(character: str) -> bool:
    return character in NEED_NO_GLYPH or unicodedata.category(character) == "Zs"


def _map_text(value: Any, change: Callable[[str], str]) -> Any:
    """Return JSON data with `change` made to every text in it but the drawings."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_map_text(inner, change) for inner in value]
    if isinstance(value, dict):
        return {
            name: inner if name == "svg" else _map_text(inner, change)
            for name, inner in value.items()
        }
    return value
