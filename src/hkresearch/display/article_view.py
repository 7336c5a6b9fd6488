"""An Article and its annotations -> the page as static HTML, highlighted and filtered."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hkresearch.core.article import Annotation, Article
from hkresearch.core.safe_text import escape_text, reveal_text
from hkresearch.display.annotated_page import (
    ARTICLE_PARTS,
    KIND_COLOURS,
    PAGE_STYLE,
    name_kind,
    show_page,
)
from hkresearch.display.html_cards import write_card, write_details, write_html_table

if TYPE_CHECKING:
    from hkresearch.tables.tables import Tables

HIDDEN_VARIABLES = ("part", "confidence", "read")
LISTED_HEADINGS = ("characters", "subject", "variable", "code", "coder", "words", "more")
ANNOTATION_COLUMNS = [
    "annotation_id", "article_id", "start", "end", "exact", "subject", "variable", "code", "coder",
]  # fmt: skip
LONGEST_LISTED = 160  # characters of an annotation's words in the list


class PageView:
    """Static HTML for JupyterLab and nbconvert, plain text for everything else."""

    def __init__(self, html: str, plain: str) -> None:
        self.html = html
        self.plain = plain

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return self.plain


def show_article(article: Article, annotations: Iterable[Annotation] | Tables = ()) -> PageView:
    """Return the page of `article`: parts labelled, annotations highlighted and filtered by boxes.

    `annotations` is any list of them, or the tables that hold them. Overlapping ones share the
    characters they share. The time it takes grows with the length of the page and the number of
    annotations, not with how they overlap.

    >>> hk.show_article(article, parts + marks)
    <Article harbour-pause: ...>
         0:18     harbour-pause | publisher = The Harbour Sample | The Harbour Sample
    ...
    """
    marks = _sort_marks(article, annotations)
    ids = {mark.id for mark in marks}
    visible = [mark for mark in marks if mark.variable not in HIDDEN_VARIABLES]
    shown = [mark for mark in visible if mark.subject not in ids]
    parts = [mark for mark in marks if mark.variable == "part"]
    attributes: dict[str, list[Annotation]] = defaultdict(list)
    for mark in marks:
        if mark.subject in ids:
            attributes[mark.subject].append(mark)
    has_beside = any(part.code not in ARTICLE_PARTS for part in parts)
    html = write_card(
        article.headline or article.id,
        f'<p class="hk-quiet">{escape_text(_describe_article(article))}</p>',
        _write_keys(Counter(map(name_kind, shown)), has_beside),
        show_page(article.text, parts, shown, attributes),
        _list_shown(shown, attributes),
        style=PAGE_STYLE,
    )
    return PageView(html, "\n".join([repr(article), *map(_write_line, shown)]))


def _sort_marks(article: Article, annotations: Iterable[Annotation] | Tables) -> list[Annotation]:
    """Return the annotations that have characters, in page order, the longest first."""
    given: Any = annotations
    listed = list_annotations(given, article.id) if hasattr(given, "annotations") else given
    marks = [annotation for annotation in listed if annotation.start < annotation.end]
    return sorted(marks, key=lambda mark: (mark.start, -mark.end, mark.variable, mark.id))


def _list_shown(shown: Sequence[Annotation], attributes: Mapping[str, Sequence[Annotation]]) -> str:
    """Return the list of all annotations, which stands below the page."""
    if not shown:
        return ""
    rows = (_list_cells(mark, attributes.get(mark.id, ())) for mark in shown)
    return write_details(f"All {len(shown):,} annotations", write_html_table(LISTED_HEADINGS, rows))


def _list_cells(mark: Annotation, attributes: Sequence[Annotation]) -> tuple[str, ...]:
    more = "; ".join(f"{attribute.variable} = {attribute.code}" for attribute in attributes)
    return (
        f"{mark.start:,}\u2013{mark.end:,}",
        mark.subject,
        mark.variable,
        mark.code,
        mark.coder,
        mark.exact[:LONGEST_LISTED],
        more,
    )


def _write_line(mark: Annotation) -> str:
    place = f"{mark.start:>6}:{mark.end:<6}"
    return f"{place} {mark.subject} | {mark.variable} = {mark.code} | {_flatten(mark.exact)}"


def list_annotations(tables: Tables, article_id: str) -> list[Annotation]:
    """Return the annotations and codings by hand of one page, in page order."""
    from hkresearch.tables.select_rows import choose_where

    found = []
    for frame in (tables.annotations, tables.codings):
        rows = choose_where(frame, ANNOTATION_COLUMNS, "article_id", [article_id])
        for id, page, start, end, *rest in rows.itertuples(index=False, name=None):
            found.append(Annotation(id, page, int(start), int(end), *rest))
    return sorted(
        found,
        key=lambda mark: (mark.start, mark.end, mark.variable, mark.subject, mark.code, mark.id),
    )


def _flatten(text: str, width: int = 70) -> str:
    start = " ".join(text[: 4 * width].split())
    return reveal_text(start)[:width]


def _describe_article(article: Article) -> str:
    based_on = f"based on {article.is_based_on}" if article.is_based_on else ""
    known = (
        article.publisher,
        article.author,
        article.date_published,
        article.in_language,
        article.file,
        article.url,
        based_on,
        f"{len(article.text):,} characters",
    )
    return " | ".join(filter(None, known))


def _write_keys(n_kinds: Mapping[str, int], has_beside: bool) -> str:
    """Return the legend, which is the filter: a box a kind, usable by keyboard, no script."""
    boxes = []
    for kind in KIND_COLOURS:
        if n_kinds[kind]:
            boxes.append((kind, f'<mark class="hk-{kind}">{kind}</mark> {n_kinds[kind]:,}'))
    if boxes:
        boxes.append(("labels", "labels"))
    if has_beside:
        boxes.append(("beside", "what stands around the article"))
    if not boxes:
        return ""
    keys = "".join(
        f'<label><input type="checkbox" class="hk-see-{id}" checked>{text}</label>'
        for id, text in boxes
    )
    return f'<fieldset class="hk-keys" aria-label="What is shown">{keys}</fieldset>'
