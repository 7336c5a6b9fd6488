"""Tables, and the pages they were made from -> every fault in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from hkresearch.core.article import Article
from hkresearch.tables.coding_checks import READ
from hkresearch.tables.schema import find_schema_faults
from hkresearch.tables.select_rows import choose_where
from hkresearch.tables.tables import Tables, list_frames

# Tables whose rows are spans of a page, with their keys.
_SPAN_TABLES = {
    "annotations": "annotation_id",
    "codings": "annotation_id",
    "quotations": "quotation_id",
    "positions": "position_id",
    "quantities": "quantity_id",
}
_BUILD = "Type: hkresearch build"


def check_tables(tables: Tables, articles: Iterable[Article] | None = None) -> list[str]:
    """Return every fault of `tables`: schema, keys, parts that do not tile their page.

    With `articles` hashes and offsets are checked too.
    """
    faults = find_schema_faults(list_frames(tables))
    faults += _find_tiling_faults(tables)
    if articles is not None:
        pages = {article.id: article for article in articles}
        faults += _find_page_faults(tables, pages)
        faults += _find_span_faults(tables, pages)
    return faults


def _find_tiling_faults(tables: Tables) -> Iterator[str]:
    columns = ["article_id", "start", "end"]
    parts = choose_where(tables.annotations, columns, "variable", ["part"])
    spans: dict[str, list[tuple[int, int]]] = {}
    for part in parts.sort_values(columns).itertuples(index=False):
        spans.setdefault(part.article_id, []).append((part.start, part.end))
    for page in tables.articles.itertuples(index=False):
        fault = f"{page.article_id}: the parts do not tile the page"
        reached = 0
        for start, end in spans.get(page.article_id, ()):
            if start != reached:
                yield f"{fault}: one ends at {reached}, the next is at {start}"
            reached = end
        if reached != page.n_chars:
            yield f"{fault}: they end at {reached} of {page.n_chars}"


def _find_page_faults(tables: Tables, pages: Mapping[str, Article]) -> Iterator[str]:
    for row in tables.articles.itertuples(index=False):
        page = pages.get(row.article_id)
        if page is None:
            yield f"{row.article_id}: in the tables, not in the register. {_BUILD}"
        elif (page.sha256, page.text_sha256) != (row.sha256, row.text_sha256):
            yield f"{row.article_id}: the tables were built from other bytes. {_BUILD}"
    tabulated = set(tables.articles["article_id"])
    for id in sorted(pages.keys() - tabulated):
        yield f"{id}: in the register, not in the tables. {_BUILD}"


def _find_span_faults(tables: Tables, pages: Mapping[str, Article]) -> Iterator[str]:
    frames = list_frames(tables)
    for table, key in _SPAN_TABLES.items():
        for row in frames[table].itertuples(index=False):
            page = pages.get(row.article_id)
            is_wordless = table == "codings" and row.variable == READ
            if page is None or is_wordless:
                continue
            is_inside = 0 <= row.start <= row.end
            if not is_inside or page.text[row.start : row.end] != row.exact:
                place = f"{row.article_id} {row.start}:{row.end}"
                yield f"{table} {getattr(row, key)}: {place} is not {row.exact!r:.60}"
