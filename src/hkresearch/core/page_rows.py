"""One coded article -> its rows: what the article is, and its annotations with the words around them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from typing import Any

from hkresearch.core.article import Annotation, Article

CONTEXT = 80  # characters of context each side, where the codebook sets no limit
STATED = (
    "headline",
    "author",
    "publisher",
    "date_published",
    "in_language",
)  # what a page may say of itself
# article row, annotation rows, passage rows: what one page gives to the tables of the same names
PageRows = tuple[dict[str, Any], list[tuple], list[tuple]]


def list_article_parts(codebook: Mapping[str, Any]) -> frozenset[str]:
    """Return the labels of the parts that belong to an article, by news.toml or the book as a plain dictionary."""
    return frozenset(
        name for name, part in codebook.get("parts", {}).items() if part.get("kind") == "article"
    )


def list_page_rows(
    article: Article, marks: Iterable[Annotation], parts: frozenset[str], width: int
) -> PageRows:
    """Return the rows of one coded page; an annotation that was found twice gives one row."""
    marks = list({mark.id: mark for mark in marks}.values())
    rows = [
        (a.id, a.article_id, a.start, a.end, a.exact, a.subject, a.variable, a.code, a.coder)
        for a in marks
    ]
    return make_article_row(article, marks, parts), rows, make_passage_rows(article, marks, width)


def make_article_row(
    article: Article, annotations: Iterable[Annotation], article_parts: frozenset[str]
) -> dict[str, Any]:
    """Return the row of `article`: the register's value wins, else what the page states first, else empty."""
    annotations = list(annotations)
    row = {name: getattr(article, name) for name in (
        "file", "sha256", "text_sha256", "media_type", "headline", "author", "publisher", "date_published",
        "date_accessed", "in_language", "url", "is_based_on", "license", "note")}  # fmt: skip
    for annotation in sorted(annotations, key=lambda a: (a.start, a.end, a.id)):
        if (
            annotation.variable in STATED
            and annotation.subject == article.id
            and not row[annotation.variable]
        ):
            row[annotation.variable] = annotation.code
    body = sum(
        a.end - a.start for a in annotations if a.variable == "part" and a.code in article_parts
    )
    return {"article_id": article.id, **row, "n_chars": len(article.text), "n_body_chars": body}


def make_passage_rows(
    article: Article, annotations: Iterable[Annotation], width: int
) -> list[tuple[str, int, str, str]]:
    """Return (annotation_id, line, before, after) of every annotation but parts; context stays on its lines."""
    rows, ends = [], [i for i, character in enumerate(article.text) if character == "\n"]
    for a in annotations:
        if a.variable in ("part", "confidence"):
            continue
        first = bisect_left(ends, a.start)
        last = max(first, bisect_left(ends, a.end))
        begin = ends[first - 1] + 1 if first else 0
        finish = ends[last] if last < len(ends) else len(article.text)
        before = article.text[max(begin, a.start - width) : a.start]
        rows.append(
            (a.id, first + 1, before, article.text[a.end : max(a.end, min(finish, a.end + width))])
        )
    return rows
