"""A Document's notes -> the block of W3C Web Annotations that a published report carries, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

CONTEXT = "http://www.w3.org/ns/anno.jsonld"


def write_annotations(document: Mapping[str, Any]) -> str:
    """Return the report's evidence as JSON-LD that is safe inside a script element: one Annotation per passage."""
    graph = [_write_annotation(note) for note in document["notes"]]
    block = {
        "@context": CONTEXT,
        "type": "AnnotationCollection",
        "label": document["title"],
        "total": len(graph),
        "items": graph,
    }
    text = json.dumps(block, ensure_ascii=True, separators=(",", ":"), sort_keys=True)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _write_annotation(note: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "Annotation",
        "id": f"urn:hkresearch:annotation:{note['id']}",
        "motivation": "identifying",
        "creator": note["coder"],
        "target": {
            "source": {
                "id": f"urn:sha256:{note['sha256']}",
                "name": note["file"],
                "sha256": note["sha256"],
                "text_sha256": note["text_sha256"],
            },
            "selector": [
                {"type": "TextPositionSelector", "start": note["start"], "end": note["end"]},
                {
                    "type": "TextQuoteSelector",
                    "exact": note["exact"],
                    "prefix": note["before"],
                    "suffix": note["after"],
                },
            ],
        },
    }
