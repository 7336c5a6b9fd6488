"""An article and its parts -> the article with the day that relative dates are counted from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from hkresearch.codebook.book import Codebook
from hkresearch.core.article import Annotation, Article
from hkresearch.structure.text.datelines import read_dateline

OTHER_YEAR = "another year"
_YEAR_NUMBER = re.compile(r"(?<!\d)20\d\d(?!\d)")
_MOST_YEARS_LATER = 5  # beyond them a year is the future's
_LAST_YEAR = re.compile(r"\blast year|去年", re.IGNORECASE)
_NEAR_LAW = 25  # characters between a law and "last year"
_OPENING_PARTS = 2  # parts of the body in which a dateline may stand


def date_article(article: Article, parts: Sequence[Annotation], codebook: Codebook) -> Article:
    """Return the article with its page's date; nothing else of it changes.

    That is the register's, else the printed one, else that of a dateline with its year in which the
    body opens. A page without any that shows that it is not of the codebook's `default_year` gets
    `OTHER_YEAR`: its "last year" is unknown.
    """
    if article.date_published:
        return article
    printed = (
        part.code
        for part in parts
        if part.variable == "date_published" and part.subject == article.id
    )
    stated = next(printed, "") or _read_opening(article, parts)
    if not stated and _is_of_another_year(article, parts, codebook):
        stated = OTHER_YEAR
    return replace(article, date_published=stated) if stated else article


def _read_opening(article: Article, parts: Sequence[Annotation]) -> str:
    body = [p for p in parts if p.variable == "part" and p.code in ("standfirst", "body")]
    days = (read_dateline(article.text, part.start, part.end) for part in body[:_OPENING_PARTS])
    return next((day for day in days if day), "")


def _is_of_another_year(article: Article, parts: Sequence[Annotation], codebook: Codebook) -> bool:
    """Return whether the page names a later year, or a law of the default year as last year's."""
    default = int(codebook.topic.get("default_year", 0))
    if not default:
        return False
    kinds = codebook.news["parts"]
    texts = [
        article.text[part.start : part.end]
        for part in parts
        if part.variable == "part" and kinds.get(part.code, {}).get("kind") == "article"
    ] or [article.text]
    later = range(default + 1, default + _MOST_YEARS_LATER + 1)
    if any(int(year) in later for text in texts for year in _YEAR_NUMBER.findall(text)):
        return True
    names = _list_law_names(codebook, str(default))
    return any(_is_last_years(text, names) for text in texts)


def _list_law_names(codebook: Codebook, year: str) -> list[str]:
    """Return the names, in small letters, of what an event of that year is told of."""
    events = codebook.topic.get("events", {}).values()
    laws = {event["fact"][0] for event in events if "fact" in event and year in event["date"]}
    tables = (codebook.entities[law].get("names", {}) for law in laws)
    return [name.casefold() for table in tables for names in table.values() for name in names]


def _is_last_years(text: str, names: Sequence[str]) -> bool:
    """Return whether "last year" stands right behind one of the names."""
    for last_year in _LAST_YEAR.finditer(text):
        near = text[max(0, last_year.start() - _NEAR_LAW) : last_year.start()].casefold()
        if any(name in near for name in names):
            return True
    return False
