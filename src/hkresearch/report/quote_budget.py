"""What is to be published, and its pages -> the same within the budget of every page.

Every passage, and every run of a page's words in a cell, is shown in a window of so many
characters. A page whose words add up to more than its budget gets the next narrower window, until
they do not: the context goes first, then the middle of long passages, those in nobody's own words
before direct quotations.
"""

from __future__ import annotations

import csv
import io
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hkresearch.core.files import hash_bytes
from hkresearch.report.blocks import Answer, Block, CellError, Document, ExhibitBlock, Output
from hkresearch.report.quotable_pages import QuotablePages
from hkresearch.report.quote_windows import limit_quotes
from hkresearch.tables.text_columns import list_phrases

if TYPE_CHECKING:
    from hkresearch.tables.tables import Tables

CSV_LIMIT_LOCK = threading.Lock()
# Of a budget: words that only happen to stand side by side may make a run as well.
USED_SHARE = 0.92

TextChange = Callable[[str], str]


def limit_document(document: Document, pages: QuotablePages) -> Document:
    """Return `document` within the budget of every page.

    Its notes get what is shown of them (`before`, `exact`, `tail`, `after`, `is_whole`) and
    `exact_sha256`, the hash of all their words.
    """
    texts = _list_texts(document)
    headlines = {page.headline for page in pages.values()} & set(texts)
    headlines |= {note["headline"] for note in document.notes}
    drawn = headlines | _list_drawn(document)
    others = [text for text in texts if text not in headlines]
    shown, limited = limit_quotes(
        document.notes, others, pages, drawn, {document.answer}, USED_SHARE
    )
    notes = tuple(_show_note(note, shown[note["id"]]) for note in document.notes)
    changed = _map_document(document, lambda text: limited.get(text, text))
    return replace(changed, notes=notes)


def _list_texts(document: Document) -> list[str]:
    """Return each text that may hold words of a page, once, in reading order."""
    texts: dict[str, None] = {}

    def collect(text: str) -> str:
        texts[text] = None
        return text

    _map_document(document, collect)
    return list(texts)


def _list_drawn(document: Document) -> set[str]:
    """Return the texts inside the report's drawings."""
    drawn: set[str] = set()
    for block in document.blocks:
        if isinstance(block, ExhibitBlock):
            drawn.update(block.content.get("drawn", ()))
    return drawn


def _show_note(note: Mapping[str, Any], shown: Mapping[str, Any]) -> dict[str, Any]:
    digest = hash_bytes(note["exact"].encode("utf-8", "surrogatepass"))
    return {**note, **shown, "exact_sha256": digest}


def _map_document(document: Document, change: TextChange) -> Document:
    """Return `document` with `change` made to each of its texts that may hold words of a page."""
    answer = change(document.answer)
    blocks = tuple(_map_block(block, change) for block in document.blocks)
    return replace(document, answer=answer, blocks=blocks)


def _map_block(block: Block, change: TextChange) -> Block:
    if isinstance(block, Output | CellError):
        return replace(block, text=change(block.text))
    if isinstance(block, Answer):
        text = change(block.content["text"])
        return replace(block, content={**block.content, "text": text, "evidence": {}})
    if isinstance(block, ExhibitBlock):
        content = _map_content(block.content, change)
        return replace(block, content=content, title=change(block.title))
    return block


def _map_content(content: Mapping[str, Any], change: TextChange) -> dict[str, Any]:
    """Return the content of an exhibit with its texts changed and without its evidence."""
    changed = dict(content)
    for name in ("title", "note", "alt"):
        if name in changed:
            changed[name] = change(changed[name])
    changed["rows"] = [_map_row(row, change) for row in content["rows"]]
    changed["csv"] = _map_csv(content["csv"], change)
    changed["evidence"] = {}
    return changed


def _map_row(row: Mapping[str, Any], change: TextChange) -> dict[str, Any]:
    cells = [{**cell, "text": change(cell["text"])} for cell in row["cells"]]
    return {**row, "cells": cells}


def _map_csv(text: str, change: TextChange) -> str:
    changed = [[change(cell) for cell in row] for row in _read_csv(text)]
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\r\n").writerows(changed)
    return stream.getvalue()


def _read_csv(text: str) -> list[list[str]]:
    """Return the rows of a CSV whose cells may be longer than the module's default limit."""
    with CSV_LIMIT_LOCK:  # the limit is one for the whole process, and others keep the default
        before = csv.field_size_limit(sys.maxsize)
        try:
            return list(csv.reader(io.StringIO(text, newline="")))
        finally:
            csv.field_size_limit(before)


def limit_frames(
    tables: Tables, notes: list[dict[str, Any]], pages: QuotablePages
) -> tuple[dict[str, dict[str, Any]], dict[str, str]]:
    """Return what may be published of the passages, by id, and of other texts in `tables`.

    Headlines count, and stay.
    """
    from hkresearch.tables.tables import list_frames

    texts: dict[str, str] = {}
    for table, frame in list_frames(tables).items():
        for name in frame.columns if table != "articles" else ():
            if name not in ("exact", "before", "after") and frame[name].dtype.kind not in "iufb":
                texts |= {text: text for text in list_phrases(frame[name])}
    return limit_quotes(notes, texts, pages, set(tables.articles["headline"]), share=USED_SHARE)
