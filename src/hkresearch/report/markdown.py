"""A Markdown cell -> blocks; HTML in it stays text, and only harmless links stay links."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, cast

from hkresearch.core.safe_text import reveal_text
from hkresearch.report.blocks import (
    Block,
    BlockQuote,
    Emphasis,
    Heading,
    Hyperlink,
    Inline,
    InlineCode,
    ItemList,
    LineBreak,
    Paragraph,
    Preformatted,
    Strong,
    Text,
    flatten_inline,
)

HARMLESS_LINK = re.compile(
    r"(https?://|mailto:|#|[\w./-]+\.(html|pdf|csv|json)(#|\Z))", re.IGNORECASE
)

MarkdownToken = Mapping[str, Any]


def read_markdown(source: str) -> list[Block]:
    """Return the blocks of a Markdown cell: headings, paragraphs, lists, quotations, code.

    HTML in it stays text.
    """
    import mistune

    parse = mistune.create_markdown(renderer=None, escape=True)
    return _read_tokens(cast(list[MarkdownToken], parse(source)))


def _read_tokens(tokens: Iterable[MarkdownToken]) -> list[Block]:
    blocks = [_read_token(token) for token in tokens]
    return [block for block in blocks if block is not None]


def _read_token(token: MarkdownToken) -> Block | None:
    children = token.get("children", [])
    match token["type"]:
        case "heading":
            text = flatten_inline(_read_inline(children)).strip()
            return Heading(token["attrs"]["level"], text)
        case "paragraph" | "block_text":
            return Paragraph(_read_inline(children))
        case "list":
            items = tuple(tuple(_read_tokens(item["children"])) for item in children)
            return ItemList(items, is_ordered=bool(token["attrs"].get("ordered")))
        case "block_quote":
            return BlockQuote(tuple(_read_tokens(children)))
        case "block_code" | "block_html":
            return Preformatted(reveal_text(token["raw"].rstrip("\n")))
    return None


def _read_inline(tokens: Iterable[MarkdownToken]) -> tuple[Inline, ...]:
    found: list[Inline] = []
    for token in tokens:
        found += _read_part(token)
    return tuple(found)


def _read_part(token: MarkdownToken) -> Iterable[Inline]:
    match token["type"]:
        case "emphasis":
            return (Emphasis(_read_inline(token["children"])),)
        case "strong":
            return (Strong(_read_inline(token["children"])),)
        case "codespan":
            return (InlineCode(reveal_text(token["raw"])),)
        case "link":
            address = token["attrs"]["url"]
            inside = _read_inline(token["children"])
            return (Hyperlink(address, inside),) if HARMLESS_LINK.match(address) else inside
        case "softbreak":
            return (Text(" "),)
        case "linebreak":
            return (LineBreak(),)
    if "children" in token:
        return _read_inline(token["children"])
    return (Text(reveal_text(token.get("raw", ""))),)
