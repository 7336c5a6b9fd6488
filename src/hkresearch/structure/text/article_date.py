"""An article and its parts -> the article with the day that relative dates are counted from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hkresearch.core.article import Annotation, Article
from hkresearch.structure.text.datelines import read_dateline

_OPENING_PARTS = 2  # parts of the body in which a dateline may stand


def date_article(article: Article, parts: Sequence[Annotation]) -> Article:
    """Return the article with its page's date; nothing else of it changes.

    That is the register's, else the printed one, else that of a dateline with its year in which the
    body opens.
    """
    if article.date_published:
        return article
    printed = (
        part.code
        for part in parts
        if part.variable == "date_published" and part.subject == article.id
    )
    stated = next(printed, "") or _read_opening(article, parts)
    return replace(article, date_published=stated) if stated else article


def _read_opening(article: Article, parts: Sequence[Annotation]) -> str:
    body = [p for p in parts if p.variable == "part" and p.code in ("standfirst", "body")]
    days = (read_dateline(article.text, part.start, part.end) for part in body[:_OPENING_PARTS])
    return next((day for day in days if day), "")
