"""An article and its parts -> the article with the date that its relative dates are counted from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hkresearch.core.article import Annotation, Article
from hkresearch.structure.text.datelines import read_dateline


def date_article(article: Article, parts: Sequence[Annotation]) -> Article:
    """Return the article with its page's date: the register's, else the printed one, else that of its first dateline.

    A dateline counts only with its year, on the first lines of the body; nothing else of the article changes.
    """
    if article.date_published:
        return article
    stated = next(
        (p.code for p in parts if p.variable == "date_published" and p.subject == article.id), ""
    )
    if not stated:
        body = [p for p in parts if p.variable == "part" and p.code in ("standfirst", "body")]
        days = (read_dateline(article.text, p.start, p.end) for p in body[:2])
        stated = next((day for day in days if day), "")
    return replace(article, date_published=stated) if stated else article
