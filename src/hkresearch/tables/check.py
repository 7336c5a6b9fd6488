"""Tables, and the pages they were made from -> every fault in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hkresearch.core.article import Article
from hkresearch.tables.human_codings import READ
from hkresearch.tables.schema import find_schema_faults
from hkresearch.tables.select_rows import choose_where
from hkresearch.tables.tables import Tables, list_frames


def check_tables(tables: Tables, articles: Iterable[Article] | None = None) -> list[str]:
    """Return every fault of `tables`: schema, keys, parts that do not tile; with `articles`, hashes and offsets."""
    faults = find_schema_faults(list_frames(tables))
    faults += _find_tiling_faults(tables)
    if articles is not None:
        faults += _find_text_faults(tables, {article.id: article for article in articles})
    return faults


def _find_tiling_faults(tables: Tables) -> list[str]:
    faults = []
    parts = choose_where(tables.annotations, ["article_id", "start", "end"], "variable", ["part"])
    parts = parts.sort_values(["article_id", "start", "end"])
    spans = {
        id: list(zip(group["start"], group["end"], strict=True))
        for id, group in parts.groupby("article_id")
    }
    for row in tables.articles.itertuples(index=False):
        position = 0
        for start, end in spans.get(row.article_id, ()):
            if start != position:
                faults.append(
                    f"{row.article_id}: the parts do not tile the page: one ends at {position}, the next is at {start}"
                )
            position = end
        if position != row.n_chars:
            faults.append(
                f"{row.article_id}: the parts do not tile the page: they end at {position} of {row.n_chars}"
            )
    return faults


def _find_text_faults(tables: Tables, articles: Mapping[str, Article]) -> list[str]:
    faults = []
    for row in tables.articles.itertuples(index=False):
        article = articles.get(row.article_id)
        if article is None:
            faults.append(
                f"{row.article_id}: in the tables, not in the register. Type: hkresearch build"
            )
        elif (article.sha256, article.text_sha256) != (row.sha256, row.text_sha256):
            faults.append(
                f"{row.article_id}: the tables were built from other bytes. Type: hkresearch build"
            )
    known = set(tables.articles["article_id"])
    faults += [
        f"{id}: in the register, not in the tables. Type: hkresearch build"
        for id in sorted(articles)
        if id not in known
    ]
    for table, key in (
        ("annotations", "annotation_id"),
        ("codings", "annotation_id"),
        ("quotations", "quotation_id"),
        ("positions", "position_id"),
        ("quantities", "quantity_id"),
    ):
        for row in getattr(tables, table).itertuples(index=False):
            article = articles.get(row.article_id)
            is_read = table == "codings" and row.variable == READ  # its words are not kept
            if (
                article is not None
                and not is_read
                and not (
                    0 <= row.start <= row.end and article.text[row.start : row.end] == row.exact
                )
            ):
                faults.append(
                    f"{table} {getattr(row, key)}: {row.article_id} {row.start}:{row.end} is not {row.exact!r:.60}"
                )
    return faults
