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

from hkresearch.core.safe_text import guess_language, reveal_text
from hkresearch.display.exhibit import list_ids
from hkresearch.display.fonts import FAMILIES, MORE_FAMILIES, convert_font, list_covered, pick_font
from hkresearch.evidence.annotation_block import write_annotations
from hkresearch.evidence.seal import seal_pdf
from hkresearch.report.document import Block
from hkresearch.report.pdf_table_layout import find_runs, lay_out_table, split_changes
from hkresearch.report.publish_html import has_heading, split_lead

FOOTNOTES = (
    4  # passages of an answer that go to the foot of its page; more of them stand under the tables
)
LARGE = 300_000  # characters of a layout; what Typst remembers of it takes hundreds of megabytes
MEMORY = 10  # settings after which Typst forgets what none of them used
LOCK = threading.Lock()  # one compiler, whose fonts are read once, serves every report


def write_pdf(document: Mapping[str, Any]) -> bytes:
    """Return `document` as PDF; the same document gives the same bytes on every machine."""
    laid_out, simplified = replace_unknown(lay_out(document))
    inputs = {
        "document": json.dumps(laid_out, ensure_ascii=False),
        "attachment": write_annotations(document),
    }
    with LOCK:
        data = open_compiler(simplified).compile(
            input=read_template(),
            format="pdf",
            pdf_standards=["ua-1"],
            sys_inputs=inputs,
            timestamp=0,
        )
        for _ in range(MEMORY if len(inputs["document"]) > LARGE else 0):
            open_compiler(simplified).compile(input=b"-", format="pdf", timestamp=0)
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
    """Return what the template needs, as JSON: blocks, tables with their tracks, notes at the block they stand by."""
    lead, body = split_lead(document["blocks"])
    numbers = {note["id"]: note["n"] for note in document["notes"]}
    body = [block for block in body if block["t"] != "code"]
    homes = find_homes(body, document["notes"])
    blocks = [
        _lay_out_block(block, numbers)
        | {"own": [_lay_out_note(note) for note in homes.get(at, ())]}
        for at, block in enumerate(body)
    ]
    anchors = [block["id"] for block in blocks if "id" in block]
    return {
        "title": document["title"], "title_lang": guess_language(document["title"]), "name": document["name"],
        "answer": document["answer"], "lead": lead, "blocks": _mark_opening(_bind_introductions(blocks)), "anchors": anchors,
        "made": _lay_out_inputs(document), "command": document["command"],
        "has_made": has_heading(body, "how this was made"), "has_answer": has_heading(body, "answer"),
        "pages": _list_pages(document["notes"]),
    }  # fmt: skip


def find_homes(
    body: list[Block], notes: Iterable[Mapping[str, Any]]
) -> dict[int, list[Mapping[str, Any]]]:
    """Return for each block the notes to set by it: at the bottom of the page for an answer, else under the table.

    Each note is set once: by an answer that has only a few, else by the first table that cites it, else by the first
    figure, else by the answer after all.
    """
    cited = {
        at: list_ids(block["content"])
        for at, block in enumerate(body)
        if block["t"] in ("exhibit", "answer")
    }

    def rank(at: int) -> tuple[int, int]:
        if body[at]["t"] == "answer":
            return (0 if len(cited[at]) <= FOOTNOTES else 3), at
        return (1 if body[at]["content"]["kind"] == "table" else 2), at

    order = sorted(cited, key=rank)
    homes: dict[int, list[Mapping[str, Any]]] = {}
    for note in notes:
        homes.setdefault(next(at for at in order if note["id"] in cited[at]), []).append(note)
    return homes


def _bind_introductions(blocks: list[Block]) -> list[Block]:
    """Return the blocks, those that introduce an exhibit marked to stay on its page."""
    last = len(blocks) - 1
    return [
        {
            **block,
            "is_bound": at < last
            and block["t"] == "p"
            and blocks[at + 1]["t"] in ("exhibit", "answer"),
        }
        for at, block in enumerate(blocks)
    ]


def _mark_opening(blocks: list[Block]) -> list[Block]:
    """Return the blocks, each figure with `opens`: whether it is the first, and stands below the only answer."""
    answers = [at for at, block in enumerate(blocks) if block["t"] == "answer"]
    first = next((at for at, block in enumerate(blocks) if block["t"] == "exhibit"), 0)
    opens = len(answers) == 1 and answers[0] < first
    return [
        {**block, "opens": opens and at == first} if block["t"] == "exhibit" else block
        for at, block in enumerate(blocks)
    ]


def _lay_out_block(block: Block, numbers: Mapping[str, int]) -> Block:
    if block["t"] == "answer":
        content = block["content"]
        ids = [numbers[id] for id in content["ids"]]
        notes = {"notes": find_runs(ids), "is_footed": len(set(ids)) <= FOOTNOTES}
        return {
            "t": "answer",
            "text": reveal_text(content["text"]),
            "lang": guess_language(content["text"]),
            **notes,
        }
    if block["t"] != "exhibit":
        return {**block, "c": _split_inline(block["c"])} if block["t"] == "p" else dict(block)
    content = block["content"]
    laid_out = {
        "t": "exhibit", "kind": content["kind"], "id": block["id"], "label": block["label"], "title": block["title"],
        "lang": guess_language(block["title"]), "note": content["note"], "is_wide": False,
    }  # fmt: skip
    if content["kind"] == "figure":
        runs = find_runs(numbers[id] for id in list_ids(content))
        shape = _measure_drawing(content["svg"])
        return {
            **laid_out,
            "svg": content["svg"],
            "alt": reveal_text(content["alt"]),
            "runs": runs,
            "shape": shape,
        }
    table = lay_out_table(content, numbers)
    return {**laid_out, "table": table, "is_wide": table.pop("is_wide")}


def _split_inline(inline: Iterable[Block]) -> list[Block]:
    return [
        part
        for whole in inline
        for part in (split_changes(whole["s"]) if whole["t"] == "text" else ()) or (whole,)
    ]


def _measure_drawing(svg: str) -> float:
    """Return the height of a drawing as a share of its width."""
    found = re.search(r'viewBox="\S+ \S+ ([\d.]+) ([\d.]+)"', svg)
    return round(float(found.group(2)) / float(found.group(1)), 4) if found else 0.6


def _list_pages(notes: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return each page that is cited, by file: what names it, and its hash."""
    pages = {note["file"]: note for note in notes}
    return [
        {
            "file": reveal_text(file), "sha256": note["sha256"],
            "lang": guess_language(note["headline"], note["in_language"]),
            "who": reveal_text(_name_source(note)),
            "headline": _set_on_one_line(note["headline"]),
        }
        for file, note in sorted(pages.items())
    ]  # fmt: skip


def _lay_out_inputs(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    parameters = [
        {"name": f"Parameter {p['name']}", "value": p["value"], "hash": False}
        for p in document["parameters"]
    ]
    return parameters + [
        {"name": m["name"], "value": m["value"], "hash": bool(m.get("hash"))}
        for m in document["made"]
    ]


def _name_source(note: Mapping[str, Any]) -> str:
    return ", ".join((note["publisher"] or "outlet unknown", note["date"] or "no date"))


def _lay_out_note(note: Mapping[str, Any]) -> dict[str, Any]:
    who = _name_source(note)
    return {
        "n": note["n"], "who": who, "source_lang": guess_language(who, note["in_language"]), "lang": note["lang"],
        **{name: _set_on_one_line(note[name]) for name in ("before", "exact", "tail", "after")},
        "is_whole": note["is_whole"], "place": f"line {note['line']}, {note['start']}–{note['end']}",
        "file": reveal_text(note["file"]),
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
    rest = {
        c for c in characters if ord(c) not in list_covered(FAMILIES[0]) and not _is_harmless(c)
    }
    if rest or '"zh-Hans' in dumped or '"zh-CN' in dumped:
        covered = list_covered(MORE_FAMILIES[0])
        rest, found = (
            {c for c in rest if ord(c) not in covered},
            {c for c in rest if ord(c) in covered},
        )
        if found or '"zh-Hans' in dumped or '"zh-CN' in dumped:
            simplified = "".join(
                sorted(c for c in characters if c >= "\u2e80" and ord(c) in covered)
            )
    table = {ord(c): f"[U+{ord(c):04X}]" for c in rest}
    return (
        _map_text(laid_out, lambda text: text.translate(table)) if table else laid_out
    ), simplified


def _is_harmless(character: str) -> bool:
    return character in "\n\t\u200b\u00ad\ufeff" or unicodedata.category(character) == "Zs"


def _map_text(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {
            key: inner if key == "svg" else _map_text(inner, change) for key, inner in value.items()
        }
    return [_map_text(inner, change) for inner in value] if isinstance(value, list) else value
