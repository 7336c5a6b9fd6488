"""The tags of a page in order -> its lines of visible text, and the elements around each of them.

No tree is built: a page with unclosed or crossed tags is read in one pass, in linear time.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Iterator

from hkresearch.pages.html_elements import BLOCKS, ENCLOSING_BITS

Tag = tuple[str, str, str]  # name ("/p" closes a p), the inside of the tag, the text up to the next
LONGEST_ATTRIBUTE = 12  # tags that an attribute may hold, before its missing end is given up
_PARAGRAPH, _LIST_ITEM, _BODY = BLOCKS.index("p"), BLOCKS.index("li"), BLOCKS.index("body")
_HEAD_BIT = ENCLOSING_BITS["head"]
_BLOCK_BITS = [ENCLOSING_BITS.get(name, 0) for name in BLOCKS]


class LineReader:
    """The lines and elements read so far; its methods are what a tag can do.

    The lists are those of `Layout`; `lines` holds the text of each line.
    """

    __slots__ = (
        "lines", "node", "linked", "bold", "parent", "last", "tag", "within", "naming",
        "_innermost", "_n_open", "_pieces", "_is_link", "_is_bold", "_n_linked", "_n_bold",
    )  # fmt: skip

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.node: list[int] = []
        self.linked: list[int] = []
        self.bold: list[int] = []
        self.parent, self.last, self.tag, self.within, self.naming = [-1], [0], [_BODY], [0], [""]
        self._innermost = 0  # the number of the innermost open element
        self._n_open = [0] * len(BLOCKS)
        self._pieces: list[str] = []  # the text of the line that is being read
        self._is_link = self._is_bold = False
        self._n_linked = self._n_bold = 0

    def add_text(self, text: str) -> None:
        """Append text to the current line; white space counts only inside a line."""
        if not text.isspace():
            self._pieces.append(text)
            if self._is_link:
                self._n_linked += len(text)
            if self._is_bold:
                self._n_bold += len(text)
        elif self._pieces:
            self._pieces.append(" ")

    def end_line(self, _block: int = 0, _attributes: str = "") -> None:
        """Close the current line, if it has any text; lines of the head are dropped."""
        if not self._pieces:
            return
        pieces, self._pieces = self._pieces, []
        text = "".join(pieces) if len(pieces) > 1 else pieces[0]
        if "&" in text:
            text = html.unescape(text)
        line = " ".join(text.split())
        if line and not self.within[self._innermost] & _HEAD_BIT:
            self.lines.append(line)
            self.node.append(self._innermost)
            self.linked.append(self._n_linked)
            self.bold.append(self._n_bold)
        self._n_linked = self._n_bold = 0

    def open_block(self, block: int, attributes: str) -> None:
        """Begin a line in a new element; any block ends a paragraph, a list item ends another."""
        self.end_line()
        tag = self.tag
        current = tag[self._innermost]
        if current == _PARAGRAPH or (current == _LIST_ITEM == block):
            self._close_innermost()
        if block == _BODY:  # whatever the head left open ends here
            self._innermost, self._n_open = 0, [0] * len(BLOCKS)
        outer = self._innermost
        self._innermost = len(tag)
        self.parent.append(outer)
        tag.append(block)
        self.within.append(self.within[outer] | _BLOCK_BITS[block])
        self.naming.append(attributes)
        self.last.append(0)
        self._n_open[block] += 1

    def close_block(self, block: int, _attributes: str) -> None:
        """Close the innermost open `block` and all inside it; does nothing where none is open."""
        self.end_line()
        while self._n_open[block] > 0:
            if self._close_innermost() == block:
                return

    def _close_innermost(self) -> int:
        """Close the innermost element and return its index in BLOCKS."""
        closed = self.tag[self._innermost]
        self._n_open[closed] -= 1
        self.last[self._innermost] = len(self.tag)
        self._innermost = self.parent[self._innermost]
        return closed

    def open_link(self, _block: int, _attributes: str) -> None:
        self._is_link = True

    def close_link(self, _block: int, _attributes: str) -> None:
        self._is_link = False

    def open_bold(self, _block: int, _attributes: str) -> None:
        self._is_bold = True

    def close_bold(self, _block: int, _attributes: str) -> None:
        self._is_bold = False

    def close_page(self) -> None:
        """Close the last line and every element that has no end tag."""
        self.end_line()
        self.last = [end or len(self.tag) for end in self.last]


# What a tag does: a method of LineReader, and the index in BLOCKS that it is given.
_Effect = tuple[Callable[[LineReader, int, str], None], int]
_EFFECTS: dict[str, _Effect] = {
    "br": (LineReader.end_line, 0),
    "br/": (LineReader.end_line, 0),
    "hr": (LineReader.end_line, 0),
    "a": (LineReader.open_link, 0),
    "/a": (LineReader.close_link, 0),
    "b": (LineReader.open_bold, 0),
    "/b": (LineReader.close_bold, 0),
    "strong": (LineReader.open_bold, 0),
    "/strong": (LineReader.close_bold, 0),
}
_EFFECTS |= {name: (LineReader.open_block, block) for block, name in enumerate(BLOCKS)}
_EFFECTS |= {f"/{name}": (LineReader.close_block, block) for block, name in enumerate(BLOCKS)}
_EFFECTS |= {name.upper(): effect for name, effect in _EFFECTS.items()}


def read_lines(tags: Iterable[Tag]) -> LineReader:
    """Return the lines of visible text, one per block element or line break, and their elements."""
    reader = LineReader()
    add_text, find_effect = reader.add_text, _EFFECTS.get
    for name, attributes, text in join_attributes(tags):
        effect = find_effect(name)
        if effect is not None:
            apply, block = effect
            apply(reader, block, attributes)
        if text:
            add_text(text)
    reader.close_page()
    return reader


def join_attributes(tags: Iterable[Tag]) -> Iterator[Tag]:
    """Yield the tags, without those that stand inside an attribute of another one.

    A tag whose quotation marks do not pair did not end at its first ">". Its end is looked for in
    its text, then in the next few tags, whose own names then mean nothing.
    """
    n_inside = 0  # tags in which the end of the attribute is still looked for
    for name, attributes, text in tags:
        if n_inside:
            end = text.find('">')
            if attributes.count('"') % 2:
                n_inside = 0
            elif end >= 0:
                n_inside, text = 0, text[end + 2 :]
            else:
                n_inside -= 1
                continue
            name = ""
        elif attributes and _is_unfinished(attributes):
            end = text.find('">')
            if end >= 0:
                text = text[end + 2 :]
            else:
                text, n_inside = "", 0 if name == "meta" else LONGEST_ATTRIBUTE
        yield name, attributes, text


def _is_unfinished(attributes: str) -> bool:
    """Return whether the inside of a tag ends within a quoted value."""
    return attributes.count('"') % 2 == 1 and attributes.rstrip("/ ")[-1] not in "\"'"
