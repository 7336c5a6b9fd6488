"""An executed notebook -> a Document: plain data that the HTML and the PDF are both set from."""

from __future__ import annotations

import ast
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from hkresearch.core.safe_text import guess_language, reveal_text
from hkresearch.display.exhibit import MIME, list_ids
from hkresearch.report.drop_empty_sections import fold_empty
from hkresearch.report.quotable_pages import Pages, gather_pages
from hkresearch.report.quote_budget import limit_document

Block = dict[str, Any]
ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b[@-Z\\-_]")
HARMLESS_LINK = re.compile(
    r"(https?://|mailto:|#|[\w./-]+\.(html|pdf|csv|json)(#|\Z))", re.IGNORECASE
)
REFERENCE = re.compile(r"\b(Figure|Table) (\d+)\b")
QUIET_TAGS = {"parameters", "injected-parameters", "remove-cell"}


def read_document(notebook: Mapping[str, Any], pages: Pages | None = None) -> dict[str, Any]:
    """Return the Document of an executed `notebook`: blocks in reading order, numbered exhibits and numbered notes.

    It shows no more of any of `pages` than their budgets; without them, what the passages themselves hold is counted.
    """
    blocks = list(_read_blocks(notebook))
    title = next((b["text"] for b in blocks if b["t"] == "h" and b["level"] == 1), "Report")
    blocks = [b for b in blocks if not (b["t"] == "h" and b["level"] == 1 and b["text"] == title)]
    recorded = notebook.get("metadata", {}).get("hkresearch", {})
    if subject := recorded.get(
        "subject"
    ):  # a dossier is called after its subject; the notebook's title is its question
        question = title.replace(f"one {recorded['name'].partition('-')[0]}", subject)
        title, blocks = subject, [{"t": "p", "c": [{"t": "text", "s": question}]}, *blocks]
    blocks = fold_empty(blocks)
    _name_headings(blocks)
    _link_references(blocks, _number_exhibits(blocks))
    document = {
        "title": title,
        "name": recorded.get("name", "report"),
        "language": "en",
        "answer": next((b["content"]["text"] for b in blocks if b["t"] == "answer"), ""),
        "blocks": blocks,
        "notes": _number_notes(blocks),
        "parameters": _read_parameters(notebook),
        "made": recorded.get("made", []),
        "command": recorded.get("command", ""),
    }
    return limit_document(document, pages if pages is not None else gather_pages(document["notes"]))


# --------------------------------------------------------------------------------------------------------- blocks


def _read_blocks(notebook: Mapping[str, Any]) -> Iterable[Block]:
    for number, cell in enumerate(notebook["cells"], 1):
        tags = set(cell.get("metadata", {}).get("tags", ()))
        source = _join(cell["source"])
        if cell["cell_type"] == "markdown":
            yield from read_markdown(source)
        elif cell["cell_type"] == "code" and source.strip():
            if "injected-parameters" not in tags and "remove-cell" not in tags:
                label = (
                    "Parameters and their defaults"
                    if "parameters" in tags
                    else f"Code of cell {number}"
                )
                yield {
                    "t": "code",
                    "text": reveal_text(source.strip()),
                    "label": label,
                    "is_parameters": "parameters" in tags,
                }
            yield from _read_outputs(cell.get("outputs", ()))


def _join(text: str | list[str]) -> str:
    return text if isinstance(text, str) else "".join(text)


def _read_outputs(outputs: Iterable[Mapping[str, Any]]) -> Iterable[Block]:
    for output in outputs:
        data = output.get("data", {})
        if MIME in data:
            content = data[MIME]
            yield {"t": "answer" if content["kind"] == "answer" else "exhibit", "content": content}
        elif output["output_type"] == "stream" and output.get("name") == "stderr":
            continue
        elif output["output_type"] == "error":
            yield {"t": "error", "text": _clean_output(f"{output['ename']}: {output['evalue']}")}
        else:
            text = _clean_output(_join(output.get("text", "") or data.get("text/plain", "")))
            if text and not re.match(r"<.* at 0x[0-9a-f]+>\Z", text):
                yield {"t": "output", "text": text}


def _clean_output(text: str) -> str:
    return reveal_text(ANSI.sub("", text).strip("\n"))


def _read_parameters(notebook: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return each parameter with the value it had in this run and the comment beside its default."""
    values: dict[str, dict[str, str]] = {}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code" and QUIET_TAGS & set(
            cell.get("metadata", {}).get("tags", ())
        ):
            for name, value, note in read_assignments(_join(cell["source"])):
                values[name] = {
                    "name": name,
                    "value": write_literal(value),
                    "note": note or values.get(name, {}).get("note", ""),
                }
    values.pop("data", None)  # where the tables lie on this machine says nothing about the report
    return list(values.values())


def write_literal(value: Any) -> str:
    """Return a parameter's value as a reader sees it: a string without quotation marks, nothing as "(empty)"."""
    return (
        reveal_text(value)
        if isinstance(value, str) and value
        else "(empty)"
        if value == ""
        else repr(value)
    )


def read_assignments(source: str) -> list[tuple[str, Any, str]]:
    """Return (name, value, comment) of every `name = literal` line in `source`; anything else is left out."""
    found, lines = [], source.splitlines()
    for node in ast.parse(source).body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        if isinstance(target, ast.Name) and getattr(node, "value", None) is not None:
            try:
                value = ast.literal_eval(node.value)
            except ValueError:
                continue
            rest = lines[node.end_lineno - 1][node.end_col_offset :]
            found.append((target.id, value, rest.split("#", 1)[1].strip() if "#" in rest else ""))
    return found


# ------------------------------------------------------------------------------------------------ prose (Markdown)


def read_markdown(source: str) -> list[Block]:
    """Return the blocks of a Markdown cell: headings, paragraphs, lists, quotations, code; HTML in it stays text."""
    import mistune

    return _read_tokens(mistune.create_markdown(renderer=None, escape=True)(source))


def _read_tokens(tokens: Iterable[Mapping[str, Any]]) -> list[Block]:
    blocks: list[Block] = []
    for token in tokens:
        kind, children = token["type"], token.get("children", [])
        if kind == "heading":
            blocks.append(
                {
                    "t": "h",
                    "level": token["attrs"]["level"],
                    "text": flatten_inline(_read_inline(children)).strip(),
                }
            )
        elif kind in ("paragraph", "block_text"):
            blocks.append({"t": "p", "c": _read_inline(children)})
        elif kind == "list":
            items = [_read_tokens(item["children"]) for item in children]
            blocks.append({"t": "ol" if token["attrs"].get("ordered") else "ul", "items": items})
        elif kind == "block_quote":
            blocks.append({"t": "quote", "c": _read_tokens(children)})
        elif kind in ("block_code", "block_html"):
            blocks.append({"t": "pre", "text": reveal_text(token["raw"].rstrip("\n"))})
    return blocks


def _read_inline(tokens: Iterable[Mapping[str, Any]]) -> list[Block]:
    found: list[Block] = []
    for token in tokens:
        kind = token["type"]
        if kind in ("emphasis", "strong"):
            found.append(
                {
                    "t": "em" if kind == "emphasis" else "strong",
                    "c": _read_inline(token["children"]),
                }
            )
        elif kind == "codespan":
            found.append({"t": "code", "s": reveal_text(token["raw"])})
        elif kind == "link":
            address, inner = token["attrs"]["url"], _read_inline(token["children"])
            found += (
                [{"t": "link", "href": address, "c": inner}]
                if HARMLESS_LINK.match(address)
                else inner
            )
        elif kind == "softbreak":
            found.append({"t": "text", "s": " "})
        elif kind == "linebreak":
            found.append({"t": "br"})
        elif "children" in token:
            found += _read_inline(token["children"])
        else:
            found.append({"t": "text", "s": reveal_text(token.get("raw", ""))})
    return found


def flatten_inline(inline: Iterable[Block]) -> str:
    """Return the plain text of inline parts."""
    return "".join(part.get("s", "") or flatten_inline(part.get("c", ())) for part in inline)


# ---------------------------------------------------------------------------------------------- names and numbers


def make_slug(text: str) -> str:
    """Return `text` as an id: lower-case words joined by hyphens; a hash where no letter of it can stay."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-")
    return (
        slug
        if slug[:1].isalpha()
        else f"s-{slug or hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:8]}"
    )


def _name_headings(blocks: list[Block]) -> None:
    taken: dict[str, int] = {}
    for block in blocks:
        text = (
            block["text"]
            if block["t"] == "h"
            else block["content"]["title"]
            if block["t"] == "exhibit"
            else None
        )
        if text is not None:
            slug = make_slug(text)
            taken[slug] = taken.get(slug, 0) + 1
            block["id"] = slug if taken[slug] == 1 else f"{slug}-{taken[slug]}"


def _number_exhibits(blocks: list[Block]) -> dict[str, str]:
    counts, labels = {"Figure": 0, "Table": 0}, {}
    for block in blocks:
        if block["t"] == "exhibit":
            word = "Figure" if block["content"]["kind"] == "figure" else "Table"
            counts[word] += 1
            block["label"] = f"{word} {counts[word]}"
            block["title"] = reveal_text(block["content"]["title"])
            labels[block["label"]] = block["id"]
    return labels


def _link_references(blocks: Iterable[Block], labels: Mapping[str, str]) -> None:
    for block in blocks:
        for inner in (block.get("items") or []) + ([block["c"]] if block["t"] == "quote" else []):
            _link_references(inner, labels)
        if block["t"] == "p":
            block["c"] = [piece for part in block["c"] for piece in _split_references(part, labels)]


def _split_references(part: Block, labels: Mapping[str, str]) -> list[Block]:
    if part["t"] != "text":
        return [part]
    pieces, at = [], 0
    for found in REFERENCE.finditer(part["s"]):
        if found.group() in labels:
            text = {"t": "text", "s": found.group().replace(" ", "\u00a0")}
            pieces += [
                {"t": "text", "s": part["s"][at : found.start()]},
                {"t": "link", "href": "#" + labels[found.group()], "c": [text]},
            ]
            at = found.end()
    return [*pieces, {"t": "text", "s": part["s"][at:]}]


def _number_notes(blocks: Iterable[Block]) -> list[dict[str, Any]]:
    """Return the report's notes, numbered from 1 in reading order: one per passage, however often it is cited."""
    notes: dict[str, dict[str, Any]] = {}
    for block in blocks:
        if block["t"] in ("exhibit", "answer"):
            for id in list_ids(block["content"]):
                passage = block["content"]["evidence"][id]
                if id not in notes:
                    language = guess_language(passage["exact"], passage["in_language"])
                    notes[id] = {**passage, "id": id, "n": len(notes) + 1, "lang": language}
    return list(notes.values())
