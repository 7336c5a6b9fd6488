"""Pages that hold little but one organisation's published statement -> that statement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from hkresearch.reconcile.origin_links import OriginLink
from hkresearch.reconcile.word_forms import has_phrase, read_phrases
from hkresearch.tables.select_rows import choose_where, iterate_pages, iterate_parts, join_pages
from hkresearch.tables.tables import Tables

_MOST = 0.6  # of the text's characters, from which a page holds little else
_QUOTED = ["quotation_id", "start", "end", "organisation", "speaker"]


def find_printed_statements(
    frames: Mapping[str, pd.DataFrame], book: Mapping[str, Any], parts: Iterable[str]
) -> dict[str, OriginLink]:
    """Return article_id -> link to the statement that most of the page's text is quoted from.

    One organisation makes it. The rest of the text must speak of a statement in the words of the
    book, and name nobody else as a speaker.
    """
    phrases = read_phrases(book.get("reconcile", {}).get("statements", {}))
    texts = iterate_parts(frames["annotations"], [part for part in parts if part != "byline"])
    quotations = iterate_pages(frames["quotations"], _QUOTED)
    links = {}
    acting = iterate_pages(frames["positions"], ["organisation"])
    for article_id, body, rows, places in join_pages(join_pages(texts, quotations), acting):
        organisations = {row.organisation for row in (*rows, *places)} - {""}
        others = any(row.speaker and not row.organisation for row in rows)
        if not phrases or not rows or len(organisations) != 1 or others:
            continue
        share, rest = _measure_quoted(body, rows)
        if share >= _MOST and has_phrase(rest, phrases):
            (organisation,) = organisations
            label = book.get("entities", {}).get(organisation, {}).get("label", organisation)
            name = f"statement by {label}"
            first = min(rows, key=lambda row: row.start).quotation_id
            links[article_id] = OriginLink(article_id, name.casefold(), "statement", name, first)
    return links


def find_single_statements(tables: Tables) -> set[str]:
    """Return the claims of several pages that all rest on one statement, and the statements."""
    columns = ["claim_id", "variable", "n_articles"]
    claims = tables.claims[columns]
    several = claims[claims["n_articles"] > 1]
    found = set(several["claim_id"][several["variable"] == "statement"])
    quoted = find_quoted_statements(tables)
    rows = tables.positions[["position_id", "article_id", "claim_id"]]
    rows = choose_where(rows, list(rows.columns), "claim_id", several["claim_id"])
    pages: dict[str, set[str]] = defaultdict(set)
    carriers: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in rows.itertuples(index=False):
        pages[row.claim_id].add(row.article_id)
        for statement in quoted.get(row.position_id, ("", ()))[1]:
            carriers[row.claim_id][statement].add(row.article_id)
    return found | {claim for claim, by in carriers.items() if pages[claim] in by.values()}


def find_quoted_statements(tables: Tables) -> dict[str, tuple[str, frozenset[str]]]:
    """Return position_id -> its page, and the statements of several pages that it overlaps."""
    columns = ["claim_id", "variable", "n_articles"]
    claims = tables.claims[columns]
    several = claims[(claims["variable"] == "statement") & (claims["n_articles"] > 1)]
    quoted = tables.quotations[["article_id", "start", "end", "claim_id"]]
    quoted = choose_where(quoted, list(quoted.columns), "claim_id", several["claim_id"])
    spans: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for row in quoted.itertuples(index=False):
        spans[row.article_id].append((row.start, row.end, row.claim_id))
    columns = ["position_id", "article_id", "start", "end"]
    rows = choose_where(tables.positions, columns, "article_id", spans)
    found = {}
    for row in rows.itertuples(index=False):
        claims = frozenset(
            claim
            for start, end, claim in spans[row.article_id]
            if start < row.end and row.start < end
        )
        if claims:
            found[row.position_id] = (row.article_id, claims)
    return found


def _measure_quoted(body: Iterable[Any], rows: Iterable[Any]) -> tuple[float, str]:
    """Return the share of the text that stands in quotations, and the rest of it."""
    spans = sorted((row.start, row.end) for row in rows)
    total, quoted, rest = 0, 0, []
    for part in body:
        place = part.start
        for start, end in spans:
            start, end = max(start, place), min(end, part.end)
            if start < end:
                rest.append(part.exact[place - part.start : start - part.start])
                quoted += end - start
                place = end
        rest.append(part.exact[place - part.start :])
        total += part.end - part.start
    return quoted / max(1, total), " ".join(rest)
