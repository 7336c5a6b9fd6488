"""The bytes of a published report -> the evidence that it carries, passage by passage."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Mapping
from typing import Any

from hkresearch.core.article import HkresearchError

EvidenceItem = dict[str, Any]  # one passage: what the report says of it
LARGEST_BLOCK = 200_000_000  # bytes; more is no evidence but an attack
SCRIPT_START = b'<script type="application/ld+json" id="evidence">'
SCRIPT_END = b"</script>"
ATTACHMENT = re.compile(rb"/Type\s*/EmbeddedFile\b")
UNREADABLE = "its evidence block cannot be read: it was edited"
NO_BLOCK = "it carries no evidence block: it was edited, or it is not a report of hkresearch"


def read_evidence(data: bytes, is_pdf: bool) -> list[EvidenceItem]:
    """Return the passages that a report cites, as its evidence block describes them.

    Each has id, source, file, sha256, text_sha256, coding, coder, start, end (code points), before,
    exact, tail, after (words), is_whole and exact_sha256. Raises HkresearchError when there is no
    readable block.
    """
    try:
        parsed = json.loads(read_block(data, is_pdf))
        sources = {source["id"]: source for source in parsed["sources"]}
        items = [_read_item(item, sources) for item in parsed["items"]]
        total = parsed["total"]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise HkresearchError(UNREADABLE) from None
    if total != len(items):
        raise HkresearchError(
            f"its evidence block says {total} annotations and holds {len(items)}: "
            "one was removed or added"
        )
    return items


def read_block(data: bytes, is_pdf: bool) -> str:
    """Return the JSON-LD block that a report carries; raises HkresearchError if there is none."""
    return _read_attachment(data) if is_pdf else _read_script(data)


def _read_item(item: Mapping[str, Any], sources: Mapping[str, Any]) -> EvidenceItem:
    target = item["target"]
    source = sources[target["source"]]
    position, words = target["selector"]
    texts = {
        "id": item["id"],
        "source": target["source"],
        "file": source["name"],
        "sha256": source["sha256"],
        "text_sha256": source["text_sha256"],
        "coding": item["body"]["value"],
        "coder": item["creator"],
        **_read_words(words),
        "exact_sha256": target.get("exact_sha256", ""),
    }
    if not all(isinstance(value, str) for value in texts.values()):
        raise TypeError
    offsets = {name: position[name] for name in ("start", "end")}
    if not all(type(value) is int for value in offsets.values()):
        raise TypeError
    return {**texts, **offsets, "is_whole": "exact_sha256" not in target}


def _read_words(words: Mapping[str, Any]) -> dict[str, str]:
    if words["type"] == "TextQuoteSelector":
        return {
            "before": words["prefix"],
            "exact": words["exact"],
            "tail": "",
            "after": words["suffix"],
        }
    first, last = words["startSelector"], words["endSelector"]
    return {
        "before": first["prefix"],
        "exact": first["exact"],
        "tail": last["prefix"],
        "after": last["exact"],
    }


def _read_script(data: bytes) -> str:
    start = data.find(SCRIPT_START)
    end = data.find(SCRIPT_END, start)
    if start < 0 or end < 0:
        raise HkresearchError(NO_BLOCK)
    try:
        return data[start + len(SCRIPT_START) : end].decode("utf-8")
    except UnicodeDecodeError:
        raise HkresearchError(UNREADABLE) from None


def _read_attachment(data: bytes) -> str:
    """Return the first file that is embedded in a PDF, unpacked up to LARGEST_BLOCK bytes."""
    found = ATTACHMENT.search(data)
    if found is None:
        raise HkresearchError(NO_BLOCK)
    keyword = b"stream"
    opened = data.find(keyword, found.end())
    dictionary = data[data.rfind(b"obj", 0, found.start()) : opened]
    after = opened + len(keyword)
    start = after + (2 if data[after : after + 2] == b"\r\n" else 1)
    end = data.find(b"endstream", start)
    if opened < 0 or end < 0:
        raise HkresearchError(NO_BLOCK)
    body = data[start:end]
    try:
        if b"/FlateDecode" in dictionary:
            body = zlib.decompressobj().decompress(body, LARGEST_BLOCK)
        return body.decode("utf-8")
    except (zlib.error, UnicodeDecodeError):
        raise HkresearchError(UNREADABLE) from None
