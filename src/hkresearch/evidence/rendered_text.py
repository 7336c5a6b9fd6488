"""A report's HTML -> what a reader sees of it: the passages, the statements that cite them, and the words they quote."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser

LEAST_QUOTED = 4  # words; fewer in quotation marks may be a term or a label
QUOTED = re.compile(r"“([^“”]+)”|「([^「」]+)」")
GAPS = re.compile(
    r"\[…\]|…|\[-(?:(?!\[-).)*?-\]|\{\+|\+\}|\[[^\[\]]*\]"
)  # linear: none looks past its own kind
WORD = re.compile(r"[\u2e80-\U0003ffff]|[^\W_\u2e80-\U0003ffff]+")
VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())


@dataclass(slots=True)
class Note:
    """A passage as shown: the words in the quotation, and the place below it, in pieces."""

    quoted: list[str] = field(default_factory=list)
    place: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Statement:
    """A cell, an answer or a chart, as shown, in pieces, with the ids of the passages that it opens."""

    text: list[str] = field(default_factory=list)
    cited: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Visible:
    """The passages of a report by id, and what cites them."""

    notes: dict[str, Note] = field(default_factory=dict)
    statements: list[Statement] = field(default_factory=list)


def read_visible(page: str) -> Visible:
    """Return what the HTML of a report shows."""
    reader = _Reader()
    reader.feed(page)
    return reader.seen


class _Reader(HTMLParser):
    """Keeps a stack of the statements and notes that are open; the parser needs a class."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen = Visible()
        self._open: list[tuple[str, Statement | None, Note | None, str]] = []
        self._n_open: Counter[str] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        classes = given.get("class", "").split()
        statement, note, role = self._open[-1][1:] if self._open else (None, None, "")
        if "noted" in classes:
            note, role = self.seen.notes.setdefault(given.get("id", ""), Note()), ""
        elif note is not None and tag == "blockquote":
            role = "quoted"
        elif note is not None and "place" in classes:
            role = "place"
        elif tag == "tr" or "answer" in classes or "drawing" in classes:
            statement = Statement()
            self.seen.statements.append(statement)
        if statement is not None:
            self._cite(statement, tag, given, classes)
        if tag not in VOID:
            self._open.append((tag, statement, note, role))
            self._n_open[tag] += 1

    def _cite(
        self, statement: Statement, tag: str, given: dict[str, str], classes: list[str]
    ) -> None:
        if tag == "button" and "pill" in classes:
            statement.cited.append(given.get("popovertarget", ""))
        elif tag == "a" and given.get("href", "").startswith("#note-"):
            statement.cited.append(given["href"][1:])

    def handle_endtag(self, tag: str) -> None:
        is_open = self._n_open[tag] > 0
        while is_open:
            closed = self._open.pop()[0]
            self._n_open[closed] -= 1
            is_open = closed != tag

    def handle_data(self, data: str) -> None:
        if not self._open:
            return
        _, statement, note, role = self._open[-1]
        if note is not None and role:
            getattr(note, role).append(data)
        elif statement is not None:
            statement.text.append(data)


def find_quotations(text: str, pages: Iterable[str]) -> list[str]:
    """Return the words that `text` sets in quotation marks and that none of `pages` has; what is left out may be."""
    folded = [_fold(page) for page in pages]
    missing = []
    for found in QUOTED.finditer(text):
        quoted = found.group(1) or found.group(2)
        for piece in GAPS.split(quoted):
            words = _fold(piece)
            if len(words.split()) >= LEAST_QUOTED and not any(words in page for page in folded):
                missing.append(quoted)
                break
    return missing


def _fold(text: str) -> str:
    """Return `text` as words between single spaces, each Han character a word, without case and punctuation."""
    return " " + " ".join(WORD.findall(text.casefold())) + " "
