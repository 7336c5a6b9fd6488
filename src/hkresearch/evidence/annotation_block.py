"""A report's notes -> the block of W3C Web Annotations that the published report carries."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

JSON_LD_CONTEXT = ["http://www.w3.org/ns/anno.jsonld", {"@vocab": "urn:hkresearch:"}]
SAFE_IN_SCRIPT = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


def write_annotations(document: Mapping[str, Any]) -> str:
    """Return the report's evidence as JSON-LD that is safe inside a script element.

    It has one Annotation per passage that the report cites.
    """
    annotations = [_write_annotation(note) for note in document["notes"]]
    block = {
        "@context": JSON_LD_CONTEXT,
        "type": "AnnotationCollection",
        "label": document["title"],
        "name": document["name"],
        "command": document["command"],
        "total": len(annotations),
        "items": annotations,
        "sources": _list_sources(document),
    }
    text = json.dumps(block, ensure_ascii=True, separators=(",", ":"), sort_keys=True)
    return text.translate(SAFE_IN_SCRIPT)


def _write_annotation(note: Mapping[str, Any]) -> dict[str, Any]:
    position = {"type": "TextPositionSelector", "start": note["start"], "end": note["end"]}
    target = {
        "source": f"urn:sha256:{note['sha256']}",
        "selector": [position, _write_quote(note)],
    }
    if not note["is_whole"]:
        target["exact_sha256"] = note["exact_sha256"]
    return {
        "type": "Annotation",
        "id": f"urn:hkresearch:annotation:{note['id']}",
        "motivation": "identifying",
        "creator": note["coder"],
        "body": {"type": "TextualBody", "purpose": "classifying", "value": write_coding(note)},
        "target": target,
    }


def write_coding(note: Mapping[str, Any]) -> str:
    """Return what the coder says of the passage as one line: subject, variable, code.

    A subject that is the page itself is left out.
    """
    subject = note["subject"] if note["subject"] != note["article_id"] else ""
    words = f"{subject} {note['variable']} {note['code']}".split()
    return " ".join(words)


def _write_quote(note: Mapping[str, Any]) -> dict[str, Any]:
    """Return the selector by words.

    Where the middle is left out, it goes from the first words to the end of the last ones.
    """
    kind = "TextQuoteSelector"
    if note["is_whole"]:
        words = {"exact": note["exact"], "prefix": note["before"], "suffix": note["after"]}
        return {"type": kind, **words}
    return {
        "type": "RangeSelector",
        "startSelector": {"type": kind, "exact": note["exact"], "prefix": ""},
        "endSelector": {"type": kind, "exact": "", "prefix": note["tail"]},
    }


def _list_sources(document: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return each page once, with what identifies it."""
    notes = {note["sha256"]: note for note in document["notes"]}
    return [
        {
            "id": f"urn:sha256:{sha256}",
            "name": note["file"],
            "sha256": sha256,
            "text_sha256": note["text_sha256"],
        }
        for sha256, note in notes.items()
    ]
