"""An executed notebook -> a Document: plain data that the HTML and the PDF are both set from."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from hkresearch.core.safe_text import guess_language, reveal_text
from hkresearch.display.exhibit import EXHIBIT_MIME
from hkresearch.display.exhibit_evidence import list_ids
from hkresearch.report.blocks import (
    Answer,
    Block,
    BlockQuote,
    CellError,
    CodeCell,
    Document,
    ExhibitBlock,
    Heading,
    Hyperlink,
    Inline,
    ItemList,
    Output,
    Paragraph,
    Text,
)
from hkresearch.report.drop_empty_sections import drop_empty_sections
from hkresearch.report.markdown import read_markdown
from hkresearch.report.notebook_parameters import join_source, list_parameter_values, read_tags
from hkresearch.report.quotable_pages import QuotablePages, gather_pages
from hkresearch.report.quote_budget import limit_document

ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b[@-Z\\-_]")
OBJECT_ADDRESS = re.compile(r"<.* at 0x[0-9a-f]+>\Z")  # another one in every run
EXHIBIT_REFERENCE = re.compile(r"\b(Figure|Table) (\d+)\b")
REMOVED_TAGS = {"injected-parameters", "remove-cell"}
SLUG_LENGTH = 60
NO_BREAK_SPACE = "\u00a0"


def read_document(notebook: Mapping[str, Any], pages: QuotablePages | None = None) -> Document:
    """Return the Document of an executed notebook, with no more of any page than its budget.

    Parameters
    ----------
    notebook : mapping
        As nbformat reads it. What `metadata.hkresearch` holds (name, subject, made, command) was
        recorded when it was run.
    pages : QuotablePages, optional
        The pages that it may quote; without them, what the passages themselves hold is counted.
    """
    recorded = notebook.get("metadata", {}).get("hkresearch", {})
    title, blocks = _split_title(_read_blocks(notebook))
    if subject := recorded.get("subject"):
        title, blocks = _name_after_subject(title, blocks, subject, recorded["name"])
    blocks = _number_exhibits(_name_headings(drop_empty_sections(blocks)))
    addresses = {block.label: block.id for block in blocks if isinstance(block, ExhibitBlock)}
    blocks = _link_references(blocks, addresses)
    answers = [block.content["text"] for block in blocks if isinstance(block, Answer)]
    document = Document(
        title=title,
        blocks=tuple(blocks),
        notes=tuple(_number_notes(blocks)),
        name=recorded.get("name", "report"),
        answer=answers[0] if answers else "",
        parameters=tuple(list_parameter_values(notebook)),
        made=tuple(recorded.get("made", ())),
        command=recorded.get("command", ""),
    )
    return limit_document(document, gather_pages(document.notes) if pages is None else pages)


def _split_title(blocks: list[Block]) -> tuple[str, list[Block]]:
    """Return (the text of the first heading of level 1, the blocks without it)."""
    titles = [block.text for block in blocks if isinstance(block, Heading) and block.level == 1]
    if not titles:
        return "Report", [block for block in blocks if block != Heading(1, "Report")]
    return titles[0], [block for block in blocks if block != Heading(1, titles[0])]


def _name_after_subject(
    title: str, blocks: list[Block], subject: str, name: str
) -> tuple[str, list[Block]]:
    """Return title and blocks of a dossier, which is called after its subject."""
    parameter = name.partition("-")[0]
    question = title.replace(f"one {parameter}", subject)
    return subject, [Paragraph((Text(question),)), *blocks]


# ------------------------------------------------------------------------------------------- cells
# and outputs


def _read_blocks(notebook: Mapping[str, Any]) -> list[Block]:
    blocks: list[Block] = []
    for number, cell in enumerate(notebook["cells"], 1):
        source = join_source(cell["source"])
        if cell["cell_type"] == "markdown":
            blocks += read_markdown(source)
        elif cell["cell_type"] == "code" and source.strip():
            blocks += _read_code_cell(cell, source, number)
    return blocks


def _read_code_cell(cell: Mapping[str, Any], source: str, number: int) -> list[Block]:
    blocks: list[Block] = []
    tags = read_tags(cell)
    if not tags & REMOVED_TAGS:
        is_parameters = "parameters" in tags
        label = "Parameters and their defaults" if is_parameters else f"Code of cell {number}"
        blocks.append(CodeCell(reveal_text(source.strip()), label, is_parameters))
    for output in cell.get("outputs", ()):
        block = _read_output(output)
        if block is not None:
            blocks.append(block)
    return blocks


def _read_output(output: Mapping[str, Any]) -> Block | None:
    data = output.get("data", {})
    if EXHIBIT_MIME in data:
        content = data[EXHIBIT_MIME]
        return Answer(content) if content["kind"] == "answer" else ExhibitBlock(content)
    if output["output_type"] == "stream" and output.get("name") == "stderr":
        return None
    if output["output_type"] == "error":
        return CellError(_clean_output(f"{output['ename']}: {output['evalue']}"))
    text = _clean_output(join_source(output.get("text", "") or data.get("text/plain", "")))
    return Output(text) if text and not OBJECT_ADDRESS.match(text) else None


def _clean_output(text: str) -> str:
    return reveal_text(ANSI.sub("", text).strip("\n"))


# ------------------------------------------------------------------------------------------- names
# and numbers


def make_slug(text: str) -> str:
    """Return `text` as an id: lower-case words joined by hyphens.

    A hash where no letter of it can stay.
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:SLUG_LENGTH].strip("-")
    if slug[:1].isalpha():
        return slug
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:8]
    return f"s-{slug or digest}"


def _name_headings(blocks: Iterable[Block]) -> list[Block]:
    """Return the blocks, each heading and exhibit with an id that no other has."""
    named: list[Block] = []
    n_taken: dict[str, int] = {}
    for block in blocks:
        if not isinstance(block, Heading | ExhibitBlock):
            named.append(block)
            continue
        text = block.text if isinstance(block, Heading) else block.content["title"]
        slug = make_slug(text)
        n_taken[slug] = n_taken.get(slug, 0) + 1
        address = slug if n_taken[slug] == 1 else f"{slug}-{n_taken[slug]}"
        named.append(replace(block, id=address))
    return named


def _number_exhibits(blocks: Iterable[Block]) -> list[Block]:
    """Return the blocks, each exhibit with its label, "Table 2", and its title."""
    numbered: list[Block] = []
    counts = {"Figure": 0, "Table": 0}
    for block in blocks:
        if isinstance(block, ExhibitBlock):
            word = "Figure" if block.content["kind"] == "figure" else "Table"
            counts[word] += 1
            title = reveal_text(block.content["title"])
            block = replace(block, label=f"{word} {counts[word]}", title=title)
        numbered.append(block)
    return numbered


def _link_references(blocks: Iterable[Block], addresses: Mapping[str, str]) -> list[Block]:
    """Return the blocks; where prose names an exhibit by its label, the label leads to it."""
    return [_link_block(block, addresses) for block in blocks]


def _link_block(block: Block, addresses: Mapping[str, str]) -> Block:
    if isinstance(block, Paragraph):
        pieces = [piece for part in block.parts for piece in _split_references(part, addresses)]
        return Paragraph(tuple(pieces))
    if isinstance(block, ItemList):
        items = tuple(tuple(_link_references(item, addresses)) for item in block.items)
        return replace(block, items=items)
    if isinstance(block, BlockQuote):
        return BlockQuote(tuple(_link_references(block.blocks, addresses)))
    return block


def _split_references(part: Inline, addresses: Mapping[str, str]) -> list[Inline]:
    if not isinstance(part, Text):
        return [part]
    pieces: list[Inline] = []
    end = 0
    for found in EXHIBIT_REFERENCE.finditer(part.text):
        if found.group() in addresses:
            label = Text(found.group().replace(" ", NO_BREAK_SPACE))
            link = Hyperlink("#" + addresses[found.group()], (label,))
            pieces += [Text(part.text[end : found.start()]), link]
            end = found.end()
    return [*pieces, Text(part.text[end:])]


def _number_notes(blocks: Sequence[Block]) -> list[dict[str, Any]]:
    """Return a note per passage, numbered from 1 in reading order, however often it is cited."""
    passages: dict[str, Mapping[str, Any]] = {}
    for block in blocks:
        if isinstance(block, Answer | ExhibitBlock):
            for id in list_ids(block.content):
                passages.setdefault(id, block.content["evidence"][id])
    notes = []
    for number, (id, passage) in enumerate(passages.items(), 1):
        language = guess_language(passage["exact"], passage["in_language"])
        notes.append({**passage, "id": id, "n": number, "lang": language})
    return notes
