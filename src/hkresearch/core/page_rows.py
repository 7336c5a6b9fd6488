"""One coded article -> its rows: the article, its annotations and the words around them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from typing import Any

from hkresearch.core.article import Annotation, Article

CONTEXT_CHARACTERS = 80  # each side of a passage, where the codebook sets no other number
STATED_BY_PAGE = (
    "headline", "author", "publisher", "date_published", "in_language", "is_based_on",
)  # fmt: skip
ARTICLE_FIELDS = (
    "file", "sha256", "text_sha256", "media_type", "headline", "author", "publisher",
    "date_published", "date_accessed", "in_language", "url", "is_based_on", "license", "note",
)  # fmt: skip
# What one page gives to the tables articles (a row), annotations and passages (a list of rows).
AnnotationRow = tuple[str, str, int, int, str, str, str, str, str]
PassageRow = tuple[str, int, str, str]
PageRows = tuple[dict[str, Any], list[AnnotationRow], list[PassageRow]]


def list_article_parts(codebook: Mapping[str, Any]) -> frozenset[str]:
    """Return the part labels that belong to an article.

    `codebook` is news.toml, or a codebook as a plain dictionary.
    """
    parts = codebook.get("parts", {})
    return frozenset(name for name, part in parts.items() if part.get("kind") == "article")


def list_page_rows(
    article: Article, marks: Iterable[Annotation], parts: frozenset[str], width: int
) -> PageRows:
    """Return the rows of one coded page; an annotation that was found twice gives one row.

    Parameters
    ----------
    article : Article
        The page.
    marks : iterable of Annotation
        Everything that was coded on it.
    parts : frozenset of str
        The part labels that belong to an article (`list_article_parts`).
    width : int
        Characters of context on each side of a passage.
    """
    annotations = list({mark.id: mark for mark in marks}.values())
    rows = [
        (
            mark.id, mark.article_id, mark.start, mark.end, mark.exact,
            mark.subject, mark.variable, mark.code, mark.coder,
        )
        for mark in annotations
    ]  # fmt: skip
    passages = make_passage_rows(article, annotations, width)
    return make_article_row(article, annotations, parts), rows, passages


def make_article_row(
    article: Article, annotations: Iterable[Annotation], article_parts: frozenset[str]
) -> dict[str, Any]:
    """Return the row of `article`: the register's value, else the first one the page states.

    Of authors it has all.
    """
    row: dict[str, Any] = {name: getattr(article, name) for name in ARTICLE_FIELDS}
    body_length = 0
    for mark in sorted(annotations, key=lambda mark: (mark.start, mark.end, mark.id)):
        is_about_page = mark.variable in STATED_BY_PAGE and mark.subject == article.id
        if is_about_page and not row[mark.variable]:
            row[mark.variable] = mark.code
        elif is_about_page and mark.variable == "author" and not article.author:
            row["author"] = "; ".join(dict.fromkeys([*row["author"].split("; "), mark.code]))
        if mark.variable == "part" and mark.code in article_parts:
            body_length += mark.end - mark.start
    counts = {"n_chars": len(article.text), "n_body_chars": body_length}
    return {"article_id": article.id, **row, **counts}


def make_passage_rows(
    article: Article, annotations: Iterable[Annotation], width: int
) -> list[PassageRow]:
    """Return (annotation_id, line, before, after) of every annotation that is not a part.

    Lines count from 1; `before` and `after` have at most `width` characters and do not leave the
    lines of the passage.
    """
    text = article.text
    line_ends = [i for i, character in enumerate(text) if character == "\n"]
    rows = []
    for mark in annotations:
        if mark.variable in ("part", "confidence"):
            continue
        first_line = bisect_left(line_ends, mark.start)
        last_line = max(first_line, bisect_left(line_ends, mark.end))
        line_start = line_ends[first_line - 1] + 1 if first_line else 0
        line_end = line_ends[last_line] if last_line < len(line_ends) else len(text)
        before = text[max(line_start, mark.start - width) : mark.start]
        after = text[mark.end : max(mark.end, min(line_end, mark.end + width))]
        rows.append((mark.id, first_line + 1, before, after))
    return rows
