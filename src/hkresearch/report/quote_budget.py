"""What is to be published, and the pages it quotes -> the same, with no more of a page's words than its codebook allows.

Every passage, and every run of a page's words in a cell, is shown in a window of so many characters. A page whose
words add up to more than its budget gets the next narrower window, until they do not: the context goes first, then the
middle of long passages, those in nobody's own words before direct quotations.
"""

from __future__ import annotations

import csv
import io
import sys
import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from hkresearch.core.files import hash_bytes
from hkresearch.report.quotable_pages import Pages
from hkresearch.report.quote_windows import limit_quotes
from hkresearch.tables.text_columns import list_phrases

if TYPE_CHECKING:
    from hkresearch.tables.tables import Tables

LIMIT = threading.Lock()
HELD = (
    0.92  # of a budget is used: words that only happen to stand side by side may make a run as well
)


# ------------------------------------------------------------------------------------------------------ publications


def limit_document(document: Mapping[str, Any], pages: Pages) -> dict[str, Any]:
    """Return `document` within the budget of every page; its notes get `shown`, `tail` and the hash of their words."""
    texts: dict[str, str] = {}

    def collect(text: str) -> str:
        texts[text] = text
        return text

    _map_texts(document, collect)
    headlines = {page.headline for page in pages.values()} & texts.keys()
    headlines |= {note["headline"] for note in document["notes"]}
    drawn = headlines | {
        text for block in document["blocks"] for text in block.get("content", {}).get("drawn", ())
    }
    others = [text for text in texts if text not in headlines]
    shown, limited = limit_quotes(
        document["notes"], others, pages, drawn, {document["answer"]}, HELD
    )
    changed = _map_texts(document, lambda text: limited.get(text, text))
    return {**changed, "notes": [_show_note(note, shown[note["id"]]) for note in document["notes"]]}


def _show_note(note: Mapping[str, Any], shown: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **note,
        **shown,
        "exact_sha256": hash_bytes(note["exact"].encode("utf-8", "surrogatepass")),
    }


def _map_texts(document: Mapping[str, Any], change: Callable[[str], str]) -> dict[str, Any]:
    """Return `document` with `change` made to each of its texts that may hold words of a page."""
    return {
        **document,
        "answer": change(document["answer"]),
        "blocks": [_map_block(block, change) for block in document["blocks"]],
    }


def _map_block(block: Mapping[str, Any], change: Callable[[str], str]) -> dict[str, Any]:
    if block["t"] in ("output", "error"):
        return {**block, "text": change(block["text"])}
    if block["t"] == "answer":
        return {
            **block,
            "content": {
                **block["content"],
                "text": change(block["content"]["text"]),
                "evidence": {},
            },
        }
    if block["t"] != "exhibit":
        return dict(block)
    content = dict(block["content"])
    for name in ("title", "note", "alt"):
        if name in content:
            content[name] = change(content[name])
    content["rows"] = [
        {**row, "cells": [{**cell, "text": change(cell["text"])} for cell in row["cells"]]}
        for row in content["rows"]
    ]
    content["csv"] = _map_csv(content["csv"], change)
    return {**block, "title": change(block["title"]), "content": {**content, "evidence": {}}}


def _map_csv(text: str, change: Callable[[str], str]) -> str:
    stream = io.StringIO()
    with LIMIT:  # a cell may hold more than the module's default of 131,072 characters, which stays for others
        before = csv.field_size_limit(sys.maxsize)
        try:
            rows = list(csv.reader(io.StringIO(text, newline="")))
        finally:
            csv.field_size_limit(before)
    csv.writer(stream, lineterminator="\r\n").writerows(
        [change(cell) for cell in row] for row in rows
    )
    return stream.getvalue()


def limit_frames(
    tables: Tables, notes: list[dict[str, Any]], pages: Pages
) -> tuple[dict[str, dict[str, Any]], dict[str, str]]:
    """Return what may be published of the passages in `notes`, by id, and of every other text in `tables`.

    Headlines count, and stay.
    """
    from hkresearch.tables.tables import list_frames

    texts: dict[str, str] = {}
    for table, frame in list_frames(tables).items():
        for name in frame.columns if table != "articles" else ():
            if name not in ("exact", "before", "after") and frame[name].dtype.kind not in "iufb":
                texts |= {text: text for text in list_phrases(frame[name])}
    return limit_quotes(notes, texts, pages, set(tables.articles["headline"]), share=HELD)
