"""Types: a quotation as joining sees it, and a statement, which is quotations of the same words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple


class Quote(NamedTuple):
    """One quotation, as the joining sees it."""

    id: str
    article_id: str
    start: int
    end: int
    exact: str
    is_direct: bool
    organisations: frozenset[str]
    words: tuple[str, ...]
    after: str  # what stands after it on its line
    codes: frozenset[tuple[str, str, str]]  # what the coded passages that overlap it say
    speaker: str = ""  # as the page has it
    published: str = ""  # ISO date of the page, "" where not known


@dataclass(slots=True)
class Statement:
    """Quotations that are one statement; `text` is the wording that stands for it."""

    quotes: list[Quote] = field(default_factory=list)
    organisations: set[str] = field(default_factory=set)
    wordings: list[tuple[str, ...]] = field(default_factory=list)
    text: str = ""

    def add(self, quotes: Iterable[Quote]) -> None:
        """Add quotations of one wording."""
        quotes = list(quotes)
        self.quotes += quotes
        self.organisations.update(*(quote.organisations for quote in quotes))
        self.wordings.append(quotes[0].words)

    def take_in(self, other: Statement) -> None:
        """Add all that another statement holds."""
        self.quotes += other.quotes
        self.organisations |= other.organisations
        self.wordings += other.wordings


def unite_organisations(quotes: Iterable[Quote]) -> frozenset[str]:
    """Return the organisations that any of `quotes` is attributed to."""
    return frozenset().union(*(quote.organisations for quote in quotes))


def sort_quotes(quotes: Iterable[Quote]) -> list[Quote]:
    """Return `quotes` by page and place."""
    return sorted(quotes, key=place_quote)


def place_quote(quote: Quote) -> tuple[str, int, int, str]:
    """Return what orders quotations by page and place."""
    return quote.article_id, quote.start, quote.end, quote.id
