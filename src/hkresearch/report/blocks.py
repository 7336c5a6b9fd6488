"""The blocks and inline parts of a report -> plain data that templates and hashes read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Text:
    """Words of a paragraph."""

    kind: ClassVar[str] = "text"
    text: str


@dataclass(frozen=True, slots=True)
class InlineCode:
    """Words of a paragraph that are set as code."""

    kind: ClassVar[str] = "code"
    text: str


@dataclass(frozen=True, slots=True)
class Emphasis:
    """Emphasised parts of a paragraph."""

    kind: ClassVar[str] = "em"
    parts: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Strong:
    """Strongly emphasised parts of a paragraph."""

    kind: ClassVar[str] = "strong"
    parts: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Hyperlink:
    """Parts of a paragraph that lead to `address`: a site, a file beside, or a place inside."""

    kind: ClassVar[str] = "link"
    address: str
    parts: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class LineBreak:
    """A line break that the author asked for."""

    kind: ClassVar[str] = "br"


Inline = Text | InlineCode | Emphasis | Strong | Hyperlink | LineBreak


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; `id` is its address in the report, empty inside a list or a quotation."""

    kind: ClassVar[str] = "h"
    level: int
    text: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the notebook's prose."""

    kind: ClassVar[str] = "p"
    parts: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class ItemList:
    """A list, each item of which holds blocks."""

    items: tuple[tuple[Block, ...], ...]
    is_ordered: bool = False

    @property
    def kind(self) -> str:
        """The name of the list's HTML element."""
        return "ol" if self.is_ordered else "ul"


@dataclass(frozen=True, slots=True)
class BlockQuote:
    """A quotation that holds blocks."""

    kind: ClassVar[str] = "quote"
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Preformatted:
    """A code block of the notebook's prose."""

    kind: ClassVar[str] = "pre"
    text: str


@dataclass(frozen=True, slots=True)
class CodeCell:
    """The source of a code cell."""

    kind: ClassVar[str] = "code"
    text: str
    label: str = ""
    is_parameters: bool = False


@dataclass(frozen=True, slots=True)
class Output:
    """What a cell printed; `code` is the source that it came from."""

    kind: ClassVar[str] = "output"
    text: str
    code: str = ""
    label: ClassVar[str] = ""


@dataclass(frozen=True, slots=True)
class CellError:
    """The error that a cell ended with."""

    kind: ClassVar[str] = "error"
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to the report's question.

    `content` is that of its exhibit, `code` the source of its cell.
    """

    kind: ClassVar[str] = "answer"
    content: Mapping[str, Any]
    code: str = ""
    label: ClassVar[str] = ""


@dataclass(frozen=True, slots=True)
class ExhibitBlock:
    """A numbered table or figure.

    `content` is that of its exhibit, `code` the source of its cell.
    """

    kind: ClassVar[str] = "exhibit"
    content: Mapping[str, Any]
    id: str = ""
    label: str = ""
    title: str = ""
    code: str = ""


Block = (
    Heading
    | Paragraph
    | ItemList
    | BlockQuote
    | Preformatted
    | CodeCell
    | Output
    | CellError
    | Answer
    | ExhibitBlock
)


@dataclass(frozen=True, slots=True)
class Document:
    """A report as data: the HTML and the PDF are both set from it.

    `notes` are the passages that it cites, in reading order and numbered from 1. `parameters` have
    name, value and note; `made` lists the inputs of the run with name and value.
    """

    title: str
    blocks: tuple[Block, ...]
    notes: tuple[Mapping[str, Any], ...] = ()
    name: str = "report"
    language: str = "en"
    answer: str = ""
    parameters: tuple[Mapping[str, str], ...] = ()
    made: tuple[Mapping[str, Any], ...] = ()
    command: str = ""


def flatten_inline(parts: Iterable[Inline]) -> str:
    """Return the plain text of inline parts."""
    return "".join(_flatten_part(part) for part in parts)


def _flatten_part(part: Inline) -> str:
    if isinstance(part, Text | InlineCode):
        return part.text
    if isinstance(part, LineBreak):
        return ""
    return flatten_inline(part.parts)


# ----------------------------------------------------------------------------------- as plain data


def list_inline_data(parts: Iterable[Inline]) -> list[dict[str, Any]]:
    """Return inline parts as JSON: `t` is the kind, `s` the text, `c` the parts inside."""
    return [_describe_part(part) for part in parts]


def _describe_part(part: Inline) -> dict[str, Any]:
    if isinstance(part, Text | InlineCode):
        return {"t": part.kind, "s": part.text}
    if isinstance(part, LineBreak):
        return {"t": part.kind}
    described = {"t": part.kind, "c": list_inline_data(part.parts)}
    if isinstance(part, Hyperlink):
        described["href"] = part.address
    return described


def list_block_data(blocks: Iterable[Block]) -> list[dict[str, Any]]:
    """Return blocks as JSON data, without the code of answers and exhibits; `t` says which kind."""
    return [describe_block(block) for block in blocks]


def describe_block(block: Block) -> dict[str, Any]:
    """Return one block as JSON data, as `list_block_data` does."""
    data: dict[str, Any] = {"t": block.kind}
    match block:
        case Heading():
            data |= {"level": block.level, "text": block.text}
            return data | ({"id": block.id} if block.id else {})
        case Paragraph():
            return data | {"c": list_inline_data(block.parts)}
        case ItemList():
            return data | {"items": [list_block_data(item) for item in block.items]}
        case BlockQuote():
            return data | {"c": list_block_data(block.blocks)}
        case CodeCell():
            return data | {
                "text": block.text,
                "label": block.label,
                "is_parameters": block.is_parameters,
            }
        case Answer():
            return data | {"content": block.content}
        case ExhibitBlock():
            names = {"id": block.id, "label": block.label, "title": block.title}
            return data | {"content": block.content} | names
        case _:
            return data | {"text": block.text}
