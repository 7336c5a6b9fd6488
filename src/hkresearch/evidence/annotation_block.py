"""A Document's notes -> the block of W3C Web Annotations that a published report carries, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

CONTEXT = [
    "http://www.w3.org/ns/anno.jsonld",
    {"@vocab": "urn:hkresearch:"},
]  # the latter for the hashes


def write_annotations(document: Mapping[str, Any]) -> str:
    """Return the report's evidence as JSON-LD that is safe inside a script element: one Annotation per passage."""
    graph = [_write_annotation(note) for note in document["notes"]]
    block = {
        "@context": CONTEXT,
        "type": "AnnotationCollection",
        "label": document["title"],
        "name": document["name"],
        "command": document["command"],
        "total": len(graph),
        "items": graph,
        "sources": _list_sources(document),
    }
    text = json.dumps(block, ensure_ascii=True, separators=(",", ":"), sort_keys=True)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _write_annotation(note: Mapping[str, Any]) -> dict[str, Any]:
    position = {"type": "TextPositionSelector", "start": note["start"], "end": note["end"]}
    return {
        "type": "Annotation",
        "id": f"urn:hkresearch:annotation:{note['id']}",
        "motivation": "identifying",
        "creator": note["coder"],
        "body": {"type": "TextualBody", "purpose": "classifying", "value": write_coding(note)},
        "target": {
            "source": f"urn:sha256:{note['sha256']}",
            "selector": [position, _write_quote(note)],
        }
        | ({} if note["is_whole"] else {"exact_sha256": note["exact_sha256"]}),
    }


def write_coding(note: Mapping[str, Any]) -> str:
    """Return what the coder says of the passage, as one line: whose variable has which code."""
    subject = note["subject"] if note["subject"] != note["article_id"] else ""
    return " ".join(" ".join(filter(None, (subject, note["variable"], note["code"]))).split())


def _write_quote(note: Mapping[str, Any]) -> dict[str, Any]:
    """Return the selector by words; where the middle is left out, from the first words to the end of the last ones."""
    if note["is_whole"]:
        words = {"exact": note["exact"], "prefix": note["before"], "suffix": note["after"]}
        return {"type": "TextQuoteSelector", **words}
    first, last = {"exact": note["exact"], "prefix": ""}, {"exact": "", "prefix": note["tail"]}
    kind = "TextQuoteSelector"
    return {
        "type": "RangeSelector",
        "startSelector": {"type": kind, **first},
        "endSelector": {"type": kind, **last},
    }


def _list_sources(document: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return each page once, with what identifies it."""
    pages = {note["sha256"]: note for note in document["notes"]}
    return [
        {
            "id": f"urn:sha256:{digest}",
            "name": note["file"],
            "sha256": digest,
            "text_sha256": note["text_sha256"],
        }
        for digest, note in pages.items()
    ]
