"""A Document -> a PDF/UA-1 file, set by Typst from data alone, with fonts from packages and no clock."""

from __future__ import annotations

import json
import re
import threading
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from ..exhibit import cite_source, guess_language, reveal_text
from ..fonts import convert_font, list_covered
from .annotations import write_annotations
from .document import Block
from .publish_html import has_heading, split_lead

FAMILIES = ("Noto Sans TC", "Noto Serif TC")
MORE_FAMILIES = ("Noto Sans SC", "Noto Serif SC")  # read only when a report needs a character of theirs
PORTRAIT, LANDSCAPE = 92, 150  # characters of the table's type that fit between the margins
LONG_WORD = re.compile(r"[^\s\u200b\u2e80-\U0003ffff-]{19,}")
LOCK = threading.Lock()  # one compiler, whose fonts are read once, serves every report


def write_pdf(document: Mapping[str, Any]) -> bytes:
    """Return `document` as PDF; the same document gives the same bytes on every machine."""
    laid_out, families = replace_unknown(lay_out(document))
    inputs = {"document": json.dumps(laid_out, ensure_ascii=False), "attachment": write_annotations(document)}
    with LOCK:
        return open_compiler(families).compile(
            input=read_template(), format="pdf", pdf_standards=["ua-1"], sys_inputs=inputs, timestamp=0
        )


@cache
def open_compiler(families: tuple[str, ...]):
    """Return a compiler that knows `families` and the fonts Typst itself brings, and no other."""
    import typst

    return typst.Compiler(ignore_system_fonts=True, font_paths=[str(convert_font(family).parent) for family in families])


@cache
def read_template() -> bytes:
    """Return the Typst template, which reads the document as data."""
    return (resources.files(__package__) / "templates" / "report.typ").read_bytes()


# --------------------------------------------------------------------------------------------------------- layout


def lay_out(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the template needs, as JSON: blocks, tables with their tracks, notes with their places."""
    lead, body = split_lead(document["blocks"])
    numbers = {note["id"]: note["n"] for note in document["notes"]}
    blocks = [_lay_out_block(block, numbers) for block in body if block["t"] != "code"]
    anchors = [block["id"] for block in blocks if "id" in block]
    return {
        "title": document["title"], "title_lang": guess_language(document["title"]), "name": document["name"],
        "answer": document["answer"], "lead": lead, "blocks": blocks, "anchors": anchors,
        "made": _lay_out_inputs(document), "command": document["command"],
        "has_made": has_heading(body, "how this was made"), "has_answer": has_heading(body, "answer"),
        "notes": [_lay_out_note(note) for note in document["notes"]],
        "notes_lead": f"Each number in the report stands for one of these {len(document['notes'])} passages: the words it "
        "rests on, in a short context, where they stand, and the SHA-256 of the file.",
    }  # fmt: skip


def _lay_out_block(block: Block, numbers: Mapping[str, int]) -> Block:
    if block["t"] == "answer":
        content = block["content"]
        notes = [numbers[id] for id in content["ids"]]
        return {"t": "answer", "text": content["text"], "lang": guess_language(content["text"]), "notes": notes}
    if block["t"] != "exhibit":
        return block
    content = block["content"]
    laid_out = {
        "t": "exhibit", "kind": content["kind"], "id": block["id"], "label": block["label"], "title": block["title"],
        "lang": guess_language(block["title"]), "note": content["note"], "is_wide": False,
    }  # fmt: skip
    if content["kind"] == "figure":
        return {**laid_out, "svg": content["svg"], "alt": reveal_text(content["alt"])}
    table = lay_out_table(content, numbers)
    return {**laid_out, "table": table, "is_wide": table.pop("is_wide")}


def lay_out_table(content: Mapping[str, Any], numbers: Mapping[str, int]) -> dict[str, Any]:
    """Return a table's columns, cells, and widths such that it never runs off the page: landscape, then smaller type."""
    columns = [{"label": column["label"], "numeric": column["numeric"]} for column in content["columns"]]
    rows = [
        [_lay_out_cell(cell["text"], [numbers[id] for id in cell["evidence"]]) for cell in row["cells"]]
        for row in content["rows"]
    ]
    if any(row["evidence"] for row in content["rows"]):
        columns.append({"label": "Passages", "numeric": False})
        for row, cells in zip(content["rows"], rows):
            cells.append(_lay_out_cell("", [numbers[id] for id in row["evidence"]]))
    tracks, least = [], []
    for i, column in enumerate(columns):
        texts = [column["label"], *(row[i]["text"] + " " * len(row[i]["notes"]) * 3 for row in rows)]
        words = max((_measure(word) for text in texts for word in re.split(r"[\s\u200b-]+", text)), default=1)
        longest = max(map(_measure, texts), default=1)
        least.append(min(words, 19) + 2)
        tracks.append(max(least[-1], min(longest, 24) + max(0, min(longest, 400) - 24) * 0.09 + 2))
    is_wide = sum(least) > PORTRAIT or sum(tracks) > PORTRAIT * 1.5
    room = LANDSCAPE if is_wide else PORTRAIT
    size = max(4.5, min(8.2, 8.2 * room / sum(least)))
    return {"columns": columns, "rows": rows, "tracks": [round(t, 2) for t in tracks], "size": round(size, 2), "is_wide": is_wide}


def _lay_out_cell(text: str, notes: list[int]) -> dict[str, Any]:
    text = LONG_WORD.sub(lambda found: "\u200b".join(re.findall(r".{1,6}", found.group())), reveal_text(text))
    return {"text": text, "lang": guess_language(text), "notes": notes}


def _measure(text: str) -> float:
    return sum(2 if c >= "\u2e80" else 1 for c in text)


def _lay_out_inputs(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    parameters = [{"name": f"Parameter {p['name']}", "value": p["value"], "hash": False} for p in document["parameters"]]
    return parameters + [{"name": m["name"], "value": m["value"], "hash": bool(m.get("hash"))} for m in document["made"]]


def _lay_out_note(note: Mapping[str, Any]) -> dict[str, Any]:
    who = ", ".join(part for part in (note["publisher"], note["date"] or "no date") if part)
    return {
        "n": note["n"], "who": who, "source_lang": guess_language(who, note["in_language"]), "lang": note["lang"],
        **{name: _set_on_one_line(note[name]) for name in ("before", "exact", "after")},
        "place": cite_source({**note, "publisher": "", "headline": "", "date": ""}).partition(". ")[2],
        "sha256": note["sha256"],
    }  # fmt: skip


def _set_on_one_line(text: str) -> str:
    """Return `text` with every run of white space, line ends included, as one space."""
    return re.sub(r"\s+", " ", reveal_text(text))


# --------------------------------------------------------------------------------------------------------- letters


def replace_unknown(laid_out: dict[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return the layout with every character that no font has written as its number, and the families it needs."""
    characters = set(json.dumps(laid_out, ensure_ascii=False))
    covered = list_covered(FAMILIES[0])
    rest = {c for c in characters if ord(c) not in covered and not _is_harmless(c)}
    families = FAMILIES
    if any(ord(c) in list_covered(MORE_FAMILIES[0]) for c in rest):
        families += MORE_FAMILIES
        rest = {c for c in rest if ord(c) not in list_covered(MORE_FAMILIES[0])}
    table = {ord(c): f"[U+{ord(c):04X}]" for c in rest}
    return (_translate(laid_out, table) if table else laid_out), families


def _is_harmless(character: str) -> bool:
    return character in "\n\t\u200b\u00ad\ufeff" or unicodedata.category(character) == "Zs"


def _translate(value: Any, table: Mapping[int, str]) -> Any:
    if isinstance(value, str):
        return value.translate(table)
    if isinstance(value, dict):
        return {key: inner if key == "svg" else _translate(inner, table) for key, inner in value.items()}
    return [_translate(inner, table) for inner in value] if isinstance(value, list) else value
