"""A Document -> the JSON data that the Typst template sets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from hkresearch.core.safe_text import guess_language, reveal_text
from hkresearch.display.exhibit_evidence import list_ids
from hkresearch.report.blocks import (
    Answer,
    Block,
    CodeCell,
    Document,
    ExhibitBlock,
    Inline,
    Paragraph,
    Text,
    describe_block,
    list_block_data,
    list_inline_data,
)
from hkresearch.report.pdf_table_layout import find_runs, lay_out_table, split_changes
from hkresearch.report.publish_html import MADE_HEADING, has_heading, split_lead

MOST_FOOTNOTES = 4  # passages of an answer at the foot of its page; more stand under the tables
USUAL_SHAPE = 0.6  # height of a drawing by its width, where it does not say
VIEW_BOX = re.compile(r'viewBox="\S+ \S+ ([\d.]+) ([\d.]+)"')

NumberedNote = Mapping[str, Any]
Data = dict[str, Any]


def lay_out(document: Document) -> Data:
    """Return what the template needs, as JSON: blocks, tables with tracks, notes at their block."""
    lead, rest = split_lead(document.blocks)
    body = [block for block in rest if not isinstance(block, CodeCell)]
    numbers = {note["id"]: note["n"] for note in document.notes}
    homes = find_homes(body, document.notes)
    blocks = []
    for place, block in enumerate(body):
        notes = [_lay_out_note(note) for note in homes.get(place, ())]
        blocks.append(_lay_out_block(block, numbers) | {"own": notes})
    return {
        "title": document.title,
        "title_lang": guess_language(document.title),
        "name": document.name,
        "answer": document.answer,
        "lead": list_block_data(lead),
        "blocks": _mark_opening(_bind_introductions(blocks)),
        "anchors": [block["id"] for block in blocks if "id" in block],
        "made": _lay_out_inputs(document),
        "command": document.command,
        "has_made": has_heading(body, MADE_HEADING),
        "has_answer": has_heading(body, "Answer"),
        "pages": _list_pages(document.notes),
    }


def find_homes(
    body: Sequence[Block], notes: Iterable[NumberedNote]
) -> dict[int, list[NumberedNote]]:
    """Return the notes to set by each block: below an answer's page, else under the table.

    Each note is set once: by an answer that has only a few, else by the first table that cites it,
    else by the first figure, else by the answer after all.
    """
    cited: dict[int, list[str]] = {}
    ranks: dict[int, int] = {}
    for place, block in enumerate(body):
        if isinstance(block, Answer | ExhibitBlock):
            cited[place] = list_ids(block.content)
            ranks[place] = _rank_home(block, len(cited[place]))
    places = sorted(cited, key=lambda place: (ranks[place], place))
    homes: dict[int, list[NumberedNote]] = {}
    for note in notes:
        home = next(place for place in places if note["id"] in cited[place])
        homes.setdefault(home, []).append(note)
    return homes


def _rank_home(block: Answer | ExhibitBlock, n_cited: int) -> int:
    if isinstance(block, Answer):
        return 0 if n_cited <= MOST_FOOTNOTES else 3
    return 1 if block.content["kind"] == "table" else 2


def _bind_introductions(blocks: Sequence[Data]) -> list[Data]:
    """Return the blocks, those that introduce an exhibit marked to stay on its page."""
    following = [block["t"] for block in blocks[1:]] + [""]
    bound = []
    for block, next_kind in zip(blocks, following, strict=True):
        is_bound = block["t"] == "p" and next_kind in ("exhibit", "answer")
        bound.append({**block, "is_bound": is_bound})
    return bound


def _mark_opening(blocks: Sequence[Data]) -> list[Data]:
    """Return the blocks; the first exhibit, below the only answer, `opens` the report."""
    answers = [place for place, block in enumerate(blocks) if block["t"] == "answer"]
    exhibits = [place for place, block in enumerate(blocks) if block["t"] == "exhibit"]
    first = exhibits[0] if exhibits else 0
    opens = len(answers) == 1 and answers[0] < first
    marked = []
    for place, block in enumerate(blocks):
        is_exhibit = block["t"] == "exhibit"
        marked.append({**block, "opens": opens and place == first} if is_exhibit else block)
    return marked


# ------------------------------------------------------------------------------------------ blocks


def _lay_out_block(block: Block, numbers: Mapping[str, int]) -> Data:
    if isinstance(block, Answer):
        return _lay_out_answer(block, numbers)
    if isinstance(block, ExhibitBlock):
        return _lay_out_exhibit(block, numbers)
    if isinstance(block, Paragraph):
        parts = [described for part in block.parts for described in _split_part(part)]
        return {"t": block.kind, "c": parts}
    return describe_block(block)


def _split_part(part: Inline) -> list[dict[str, Any]]:
    """Return the data of a part; words left out or put in are parts of their own."""
    changes = split_changes(part.text) if isinstance(part, Text) else []
    return list(changes) or list_inline_data([part])


def _lay_out_answer(block: Answer, numbers: Mapping[str, int]) -> Data:
    text = block.content["text"]
    cited = [numbers[id] for id in block.content["ids"]]
    return {
        "t": block.kind,
        "text": reveal_text(text),
        "lang": guess_language(text),
        "notes": find_runs(cited),
        "is_footed": len(set(cited)) <= MOST_FOOTNOTES,
    }


def _lay_out_exhibit(block: ExhibitBlock, numbers: Mapping[str, int]) -> Data:
    content = block.content
    laid_out = {
        "t": block.kind,
        "kind": content["kind"],
        "id": block.id,
        "label": block.label,
        "title": block.title,
        "lang": guess_language(block.title),
        "note": content["note"],
        "is_wide": False,
    }
    if content["kind"] != "figure":
        table = lay_out_table(content, numbers)
        return {**laid_out, "is_wide": table.pop("is_wide"), "table": table}
    return {
        **laid_out,
        "svg": content["svg"],
        "alt": reveal_text(content["alt"]),
        "runs": find_runs(numbers[id] for id in list_ids(content)),
        "shape": _measure_drawing(content["svg"]),
    }


def _measure_drawing(svg: str) -> float:
    """Return the height of a drawing as a share of its width."""
    found = VIEW_BOX.search(svg)
    return round(float(found[2]) / float(found[1]), 4) if found else USUAL_SHAPE


# ------------------------------------------------------------------------------------------- notes
# and sources


def _list_pages(notes: Iterable[NumberedNote]) -> list[Data]:
    """Return each page that is cited, by file: what names it, and its hash."""
    pages = {note["file"]: note for note in notes}
    return [_lay_out_page(note) for _, note in sorted(pages.items())]


def _lay_out_page(note: NumberedNote) -> Data:
    return {
        "file": reveal_text(note["file"]),
        "sha256": note["sha256"],
        "lang": guess_language(note["headline"], note["in_language"]),
        "who": reveal_text(_name_source(note)),
        "headline": _set_on_one_line(note["headline"]),
    }


def _lay_out_inputs(document: Document) -> list[Data]:
    inputs: list[Data] = []
    for parameter in document.parameters:
        name = f"Parameter {parameter['name']}"
        inputs.append({"name": name, "value": parameter["value"], "hash": False})
    for made in document.made:
        is_hash = bool(made.get("hash"))
        inputs.append({"name": made["name"], "value": made["value"], "hash": is_hash})
    return inputs


def _name_source(note: NumberedNote) -> str:
    return ", ".join((note["publisher"] or "outlet unknown", note["date"] or "no date"))


def _lay_out_note(note: NumberedNote) -> Data:
    who = _name_source(note)
    return {
        "n": note["n"],
        "who": who,
        "source_lang": guess_language(who, note["in_language"]),
        "lang": note["lang"],
        "before": _set_on_one_line(note["before"]),
        "exact": _set_on_one_line(note["exact"]),
        "tail": _set_on_one_line(note["tail"]),
        "after": _set_on_one_line(note["after"]),
        "is_whole": note["is_whole"],
        "place": f"line {note['line']}, {note['start']}–{note['end']}",
        "file": reveal_text(note["file"]),
    }


def _set_on_one_line(text: str) -> str:
    """Return `text` with every run of white space, line ends included, as one space."""
    return re.sub(r"\s+", " ", reveal_text(text))
