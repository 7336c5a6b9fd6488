"""A Document -> what the index of reports and the feed say of it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from hkresearch.core.words import EAST_ASIAN
from hkresearch.report.blocks import (
    Document,
    ExhibitBlock,
    Heading,
    Paragraph,
    flatten_inline,
    list_block_data,
)

SEARCH_WORD = re.compile(rf"[^\W_{EAST_ASIAN}]+(?:['’-][^\W_{EAST_ASIAN}]+)*")
UNSPACED_RUN = re.compile(rf"[{EAST_ASIAN}]+")


def hash_document(document: Document) -> str:
    """Return the SHA-256 of all that a report says to its reader, its passages included."""
    said = [document.title, list_block_data(document.blocks), document.notes]
    text = json.dumps(said, sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def read_question(document: Document) -> str:
    """Return the paragraph under the title, which states the question.

    Empty where there is none.
    """
    first = document.blocks[0] if document.blocks else None
    return flatten_inline(first.parts) if isinstance(first, Paragraph) else ""


def list_document_words(document: Document) -> list[str]:
    """Return the words of a report's headings and tables, as `list_search_words` does."""
    texts: list[str] = []
    for block in document.blocks:
        if isinstance(block, Heading):
            texts.append(block.text)
        elif isinstance(block, ExhibitBlock):
            texts.append(block.title)
            texts += _list_cell_texts(block.content)
    return list_search_words(" ".join(texts))


def _list_cell_texts(content: Mapping[str, Any]) -> list[str]:
    return [cell["text"] for row in content["rows"] for cell in row["cells"]]


def list_search_words(text: str) -> list[str]:
    """Return what a search looks in: words, sorted, and Chinese as pairs of characters.

    Out of their order the words are nobody's sentences: the index quotes no page.
    """
    found = set(SEARCH_WORD.findall(text.lower()))
    for run in UNSPACED_RUN.findall(text):
        n_pairs = max(1, len(run) - 1)
        found.update(run[start : start + 2] for start in range(n_pairs))
    return sorted(found)
