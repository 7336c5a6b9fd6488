"""A Document -> a PDF/UA-1 file, set by Typst from data alone, with fonts from packages and no clock."""

from __future__ import annotations

import json
import re
import threading
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from ..exhibit import guess_language, locate_passage, reveal_text
from ..fonts import FAMILIES, MORE_FAMILIES, convert_font, list_covered, pick_font
from .annotations import write_annotations
from .document import Block
from .publish_html import has_heading, split_lead
from .seal import seal_pdf

PORTRAIT, LANDSCAPE = 92, 150  # characters of the table's type that fit between the margins
TYPE, SMALL_TYPE, SMALLEST_TYPE = 8.2, 6.6, 4.5  # points; past the second a table gets a page on its side
MANY_LINES = 9  # in one cell: then, too, the table is better off on a page on its side
LONG_WORD = re.compile(r"[^\s\u200b\u2e80-\U0003ffff-]{19,}")
LOCK = threading.Lock()  # one compiler, whose fonts are read once, serves every report


def write_pdf(document: Mapping[str, Any]) -> bytes:
    """Return `document` as PDF; the same document gives the same bytes on every machine."""
    laid_out, simplified = replace_unknown(lay_out(document))
    inputs = {"document": json.dumps(laid_out, ensure_ascii=False), "attachment": write_annotations(document)}
    with LOCK:
        data = open_compiler(simplified).compile(
            input=read_template(), format="pdf", pdf_standards=["ua-1"], sys_inputs=inputs, timestamp=0
        )
    return seal_pdf(data)


@lru_cache(maxsize=4)
def open_compiler(simplified: str):
    """Return a compiler that knows our families and the fonts Typst itself brings, and no other.

    `simplified` holds the characters wanted in the faces for Simplified Chinese.
    """
    import typst

    folders = [convert_font(family).parent for family in FAMILIES]
    folders += [pick_font(family, simplified) for family in MORE_FAMILIES if simplified]
    return typst.Compiler(ignore_system_fonts=True, font_paths=[str(folder) for folder in folders])


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
    blocks = _gather_introductions(blocks)
    return {
        "title": document["title"], "title_lang": guess_language(document["title"]), "name": document["name"],
        "answer": document["answer"], "lead": lead, "blocks": blocks, "anchors": anchors,
        "made": _lay_out_inputs(document), "command": document["command"],
        "has_made": has_heading(body, "how this was made"), "has_answer": has_heading(body, "answer"),
        "notes": [_lay_out_note(note) for note in document["notes"]],
        "notes_lead": f"Each number in the report stands for one of these {len(document['notes'])} passages: the words it "
        "rests on, in a short context, where they stand, and the SHA-256 of the file.",
    }  # fmt: skip


def _gather_introductions(blocks: list[Block]) -> list[Block]:
    """Return the blocks with the heading and sentences right before a wide table moved into it, as `before`."""
    kept: list[Block] = []
    for block in blocks:
        if block.get("is_wide"):
            before: list[Block] = []
            while kept and kept[-1]["t"] in ("h", "p") and not (before and before[0]["t"] == "h"):
                before.insert(0, kept.pop())
            block = {**block, "before": before}
        kept.append(block)
    return kept


def _lay_out_block(block: Block, numbers: Mapping[str, int]) -> Block:
    if block["t"] == "answer":
        content = block["content"]
        notes = find_runs(numbers[id] for id in content["ids"])
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
        texts = [column["label"], *(row[i]["text"] + "  " * len(row[i]["notes"]) for row in rows)]
        words = max((_measure(word) for text in texts for word in re.split(r"[\s\u200b-]+", text)), default=1)
        longest = max(map(_measure, texts), default=1)
        least.append(min(words, 19) + 2)
        tracks.append(max(least[-1], min(longest, 24) + max(0, min(longest, 300) - 24) * 0.3 + 2))
    longest = [max((_measure(row[i]["text"]) for row in rows), default=0) for i in range(len(columns))]
    is_wide = sum(least) > PORTRAIT * TYPE / SMALL_TYPE
    if not is_wide:
        is_wide = any(n / track > MANY_LINES for n, track in zip(longest, share_room(least, tracks, PORTRAIT)))
    room = LANDSCAPE if is_wide else PORTRAIT
    size = max(SMALLEST_TYPE, min(TYPE, TYPE * room / sum(least)))
    tracks = share_room(least, tracks, room)
    return {
        "columns": columns,
        "rows": rows,
        "tracks": [round(t, 2) for t in tracks],
        "size": round(size, 2),
        "is_wide": is_wide,
    }


def share_room(least: list[float], wanted: list[float], room: float) -> list[float]:
    """Return a width for each column: what its longest word needs, and of what is left a share by what it wants."""
    wishes, spare = [want - need for want, need in zip(wanted, least)], max(0.0, room - sum(least))
    return [need + spare * wish / (sum(wishes) or 1) for need, wish in zip(least, wishes)]


def _lay_out_cell(text: str, notes: list[int]) -> dict[str, Any]:
    text = LONG_WORD.sub(lambda found: "\u200b".join(re.findall(r".{1,6}", found.group())), reveal_text(text))
    return {"text": text, "lang": guess_language(text), "notes": find_runs(notes)}


def find_runs(numbers: Iterable[int]) -> list[list[int]]:
    """Return `numbers`, sorted, as [first, last] runs; two neighbours stay two."""
    runs: list[list[int]] = []
    for n in sorted(set(numbers)):
        if runs and n == runs[-1][1] + 1:
            runs[-1][1] = n
        else:
            runs.append([n, n])
    return [piece for a, b in runs for piece in ([[a, b]] if b - a > 1 else [[n, n] for n in range(a, b + 1)])]


def _measure(text: str) -> float:
    return sum(2 if c >= "\u2e80" else 1 for c in text)


def _lay_out_inputs(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    parameters = [
        {"name": f"Parameter {p['name']}", "value": p["value"], "hash": False} for p in document["parameters"]
    ]
    return parameters + [
        {"name": m["name"], "value": m["value"], "hash": bool(m.get("hash"))} for m in document["made"]
    ]


def _lay_out_note(note: Mapping[str, Any]) -> dict[str, Any]:
    who = ", ".join((note["publisher"] or "outlet unknown", note["date"] or "no date"))
    return {
        "n": note["n"], "who": who, "source_lang": guess_language(who, note["in_language"]), "lang": note["lang"],
        **{name: _set_on_one_line(note[name]) for name in ("before", "exact", "after")},
        "place": reveal_text(locate_passage(note)),
        "sha256": note["sha256"],
    }  # fmt: skip


def _set_on_one_line(text: str) -> str:
    """Return `text` with every run of white space, line ends included, as one space."""
    return re.sub(r"\s+", " ", reveal_text(text))


# --------------------------------------------------------------------------------------------------------- letters


def replace_unknown(laid_out: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """Return the layout with every character that no font has written as its number, and those for Simplified Chinese."""
    laid_out = _map_text(laid_out, reveal_text)
    dumped = json.dumps(laid_out, ensure_ascii=False)
    characters, simplified = set(dumped), ""
    rest = {c for c in characters if ord(c) not in list_covered(FAMILIES[0]) and not _is_harmless(c)}
    if rest or '"zh-Hans' in dumped or '"zh-CN' in dumped:
        covered = list_covered(MORE_FAMILIES[0])
        rest, found = {c for c in rest if ord(c) not in covered}, {c for c in rest if ord(c) in covered}
        if found or '"zh-Hans' in dumped or '"zh-CN' in dumped:
            simplified = "".join(sorted(c for c in characters if c >= "\u2e80" and ord(c) in covered))
    table = {ord(c): f"[U+{ord(c):04X}]" for c in rest}
    return (_map_text(laid_out, lambda text: text.translate(table)) if table else laid_out), simplified


def _is_harmless(character: str) -> bool:
    return character in "\n\t\u200b\u00ad\ufeff" or unicodedata.category(character) == "Zs"


def _map_text(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: inner if key == "svg" else _map_text(inner, change) for key, inner in value.items()}
    return [_map_text(inner, change) for inner in value] if isinstance(value, list) else value
