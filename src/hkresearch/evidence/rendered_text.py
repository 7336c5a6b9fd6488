"""A report's HTML -> what a reader sees: passages, statements that cite them, quoted words, lines.

This is the one reader of HTML that the package itself has written.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

from hkresearch.core.words import PLAIN_WORD

LEAST_QUOTED = 4  # words; fewer in quotation marks may be a term or a label
QUOTED_WORDS = re.compile(r"“([^“”]+)”|「([^「」]+)」")
# What a report puts into a quotation; linear in time, for no part looks past its own kind.
EDITORIAL_MARK = re.compile(r"\[…\]|…|\[-(?:(?!\[-).)*?-\]|\{\+|\+\}|\[[^\[\]]*\]")
VOID_TAGS = frozenset("area base br col embed hr img input link meta source track wbr".split())
UNSEEN_TAGS = ("style", "script", "title")
HEADING_TAGS = ("h1", "h2", "h3", "figcaption")
LINE_TAGS = frozenset(
    "p td th li h1 h2 h3 h4 h5 h6 blockquote figcaption dt dd summary pre text label".split()
)


@dataclass(slots=True)
class ShownNote:
    """A passage as shown, in pieces: the words in the quotation, and the place below it."""

    quoted: list[str] = field(default_factory=list)
    place: list[str] = field(default_factory=list)


@dataclass(slots=True)
class ShownStatement:
    """A cell, an answer or a chart as shown, in pieces, with the ids of the passages it cites."""

    text: list[str] = field(default_factory=list)
    cited: list[str] = field(default_factory=list)


@dataclass(slots=True)
class ShownReport:
    """What a report shows: its passages by id, what cites them, and every line of text.

    A line is (the heading or caption above it, its text).
    """

    notes: dict[str, ShownNote] = field(default_factory=dict)
    statements: list[ShownStatement] = field(default_factory=list)
    lines: list[tuple[str, str]] = field(default_factory=list)


def read_report(page: str) -> ShownReport:
    """Return what the HTML of a report shows."""
    reader = _ReportReader()
    reader.feed(page)
    reader.end_line()
    return reader.shown


@dataclass(frozen=True, slots=True)
class _OpenTag:
    """A tag that is not closed, with the statement and the note that it stands in."""

    name: str
    statement: ShownStatement | None = None
    note: ShownNote | None = None
    pieces: list[str] | None = None  # the part of the note that text goes to


class _ReportReader(HTMLParser):
    """Keeps a stack of open tags and the line that is being read; the parser needs a class."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.shown = ShownReport()
        self._open = [_OpenTag("")]
        self._n_open: Counter[str] = Counter()
        self._line: list[str] = []  # in pieces: joining them one by one takes quadratic time
        self._line_tag, self._heading, self._unseen_tag = "", "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in UNSEEN_TAGS:
            self._unseen_tag = tag
        elif tag in LINE_TAGS:
            self.end_line()
            self._line_tag = tag
        attributes = {name: value or "" for name, value in attrs}
        classes = attributes.get("class", "").split()
        opened = self._open_tag(tag, attributes, classes)
        if opened.statement is not None:
            opened.statement.cited += _list_cited(tag, attributes, classes)
        if tag not in VOID_TAGS:
            self._open.append(opened)
            self._n_open[tag] += 1

    def _open_tag(self, tag: str, attributes: dict[str, str], classes: Sequence[str]) -> _OpenTag:
        around = self._open[-1]
        statement, note, pieces = around.statement, around.note, around.pieces
        if "noted" in classes:
            note = self.shown.notes.setdefault(attributes.get("id", ""), ShownNote())
            pieces = None
        elif note is not None and tag == "blockquote":
            pieces = note.quoted
        elif note is not None and "place" in classes:
            pieces = note.place
        elif tag == "tr" or "answer" in classes or "drawing" in classes:
            statement = ShownStatement()
            self.shown.statements.append(statement)
        return _OpenTag(tag, statement, note, pieces)

    def handle_endtag(self, tag: str) -> None:
        if tag == self._unseen_tag:
            self._unseen_tag = ""
        elif tag in LINE_TAGS:
            self.end_line()
        is_open = self._n_open[tag] > 0
        while is_open:
            closed = self._open.pop().name
            self._n_open[closed] -= 1
            is_open = closed != tag

    def handle_data(self, data: str) -> None:
        if not self._unseen_tag:
            self._line.append(data)
        around = self._open[-1]
        if around.pieces is not None:
            around.pieces.append(data)
        elif around.statement is not None:
            around.statement.text.append(data)

    def end_line(self) -> None:
        """Close the line that is being read."""
        text = " ".join("".join(self._line).split())
        if text:
            self.shown.lines.append((self._heading, text))
            if self._line_tag in HEADING_TAGS:
                self._heading = text.removesuffix(" #")
        self._line, self._line_tag = [], ""


def _list_cited(tag: str, attributes: dict[str, str], classes: Sequence[str]) -> list[str]:
    """Return the id of the passage that a tag opens: none or one."""
    if tag == "button" and "pill" in classes:
        return [attributes.get("popovertarget", "")]
    if tag == "a" and attributes.get("href", "").startswith("#note-"):
        return [attributes["href"].removeprefix("#")]
    return []


def find_unsupported_quotations(text: str, pages: Iterable[str]) -> list[str]:
    """Return the words that `text` sets in quotation marks and that none of `pages` has.

    Words may be left out where the quotation says so.
    """
    folded_pages = [_fold(page) for page in pages]
    missing = []
    for found in QUOTED_WORDS.finditer(text):
        quotation = found.group(1) or found.group(2)
        pieces = [_fold(piece) for piece in EDITORIAL_MARK.split(quotation)]
        long_pieces = [piece for piece in pieces if len(piece.split()) >= LEAST_QUOTED]
        if not all(_is_in_any(piece, folded_pages) for piece in long_pieces):
            missing.append(quotation)
    return missing


def _is_in_any(piece: str, pages: Iterable[str]) -> bool:
    return any(piece in page for page in pages)


def _fold(text: str) -> str:
    """Return `text` as words between single spaces, without case and punctuation.

    Each Han character is a word.
    """
    return " " + " ".join(PLAIN_WORD.findall(text.casefold())) + " "
