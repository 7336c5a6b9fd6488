"""Pages -> the independent origin each one's reporting goes back to, and why."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from hkresearch.reconcile.credited_outlets import Credits, fold_outlet_name, read_credits
from hkresearch.reconcile.printed_statements import find_printed_statements
from hkresearch.reconcile.shared_passages import OriginLink, find_shared_links
from hkresearch.tables.schema import make_frame
from hkresearch.tables.select_rows import choose_where, iterate_pages, iterate_rows
from hkresearch.tables.tables import Tables


def find_origins(
    frames: Mapping[str, pd.DataFrame], book: Mapping[str, Any], parts: Iterable[str]
) -> pd.DataFrame:
    """Return the frame `origins`: each page's origin and every link that it rests on.

    The register's is_based_on wins; then what the page shares with another page; then whom it
    credits; then who published it; else the page is its own origin. `parts` are the labels of an
    article's text.
    """
    articles = frames["articles"].sort_values("article_id")
    credits = Credits(articles, book)
    pages = _rank_pages(articles)
    links: dict[str, list[OriginLink]] = defaultdict(list)
    for link in find_shared_links(pages, frames, parts):
        links[link.article_id].append(link)
    noted = _find_noted(Tables(frames), credits)
    credit_links = _find_credits(Tables(frames), credits, noted)
    printed = find_printed_statements(frames, book, parts)
    chosen = {}
    rows_of_pages = iterate_rows(articles, ["article_id", "is_based_on", "publisher"])
    for row in sorted(rows_of_pages, key=lambda row: pages[row.article_id]):
        id = row.article_id
        chosen[id] = _choose_links(
            row, links[id], credit_links.get(id) or printed.get(id), credits, id in noted
        )
    origin_of = _resolve_origins(chosen, noted)
    rows = [
        (id, origin_of[id], link.reason, link.evidence, link.annotation_id)
        for id, found in chosen.items()
        for link in found
    ]
    return make_frame("origins", sorted(set(rows)))


def _resolve_origins(
    chosen: Mapping[str, list[OriginLink]], noted: Mapping[str, OriginLink]
) -> dict[str, str]:
    """Return article_id -> origin, with `chosen` in the order of models: a copy has its model's.

    Where a model names no source and one of its copies notes an agency, the copies and the model
    are that agency's.
    """
    head: dict[str, str] = {}  # article_id -> the page at the head of its copies
    for id, found in chosen.items():
        head[id] = head.get(found[0].to, id)
    agency: dict[str, str] = {}
    for id in chosen:
        if id in noted and chosen[head[id]][0].reason in ("publisher", "own"):
            agency.setdefault(head[id], noted[id].to)
    return {id: agency.get(head[id]) or chosen[head[id]][0].to for id in chosen}


def _rank_pages(articles: pd.DataFrame) -> dict[str, tuple[bool, bool, str, int, str]]:
    """Return the order in which pages count as a model for others.

    Not based on another, dated, earlier, larger.
    """
    columns = ["article_id", "is_based_on", "date_published", "n_body_chars"]
    return {
        row.article_id: (
            bool(row.is_based_on),
            not row.date_published,
            row.date_published,
            -row.n_body_chars,
            row.article_id,
        )
        for row in iterate_rows(articles, columns)
    }


def _choose_links(
    row: Any,
    shared: list[OriginLink],
    credit: OriginLink | None,
    credits: Credits,
    is_noted: bool,
) -> list[OriginLink]:
    if row.is_based_on and not is_noted:
        return [
            OriginLink(
                row.article_id, credits.name(row.is_based_on), "register", row.is_based_on, ""
            )
        ]
    if shared:
        model = Counter(link.to for link in shared).most_common(1)[0][0]
        return [link for link in shared if link.to == model]
    if credit:
        return [credit]
    if row.publisher:
        return [
            OriginLink(
                row.article_id,
                credits.name(row.publisher) or row.article_id,
                "publisher",
                row.publisher,
                "",
            )
        ]
    return [OriginLink(row.article_id, row.article_id, "own", "", "")]


def _find_credits(
    tables: Tables, credits: Credits, noted: Mapping[str, OriginLink]
) -> dict[str, OriginLink]:
    """Return the outlet that signs a page, or to which it credits half of what it quotes."""
    own = _name_publishers(tables, credits)
    links = {**_find_signed(tables, credits, own), **noted}
    credited = read_credits(tables, credits)
    for article_id, rows in iterate_pages(
        tables.quotations, ["quotation_id", "start", "end", "exact"]
    ):
        end, total = 0, 0
        outlets: dict[str, list[Any]] = defaultdict(list)
        for row in sorted(rows, key=lambda row: (row.start, -row.end)):
            if row.start < end:
                continue  # marked words inside reported speech are credited with it
            end, total = row.end, total + 1
            key = credited.get(row.quotation_id, "")
            if key and key != own[article_id]:
                outlets[key].append(row)
        key = min(outlets, key=lambda k: (-len(outlets[k]), k), default="")
        if key and len(outlets[key]) * 2 >= total:
            first = outlets[key][0]
            links.setdefault(
                article_id, OriginLink(article_id, key, "credit", first.exact, first.quotation_id)
            )
    return links


def _name_publishers(tables: Tables, credits: Credits) -> dict[str, str]:
    """Return article_id -> the key of the outlet that published it."""
    rows = iterate_rows(tables.articles, ["article_id", "publisher"])
    return {row.article_id: credits.name(row.publisher) for row in rows}


def _find_signed(tables: Tables, credits: Credits, own: Mapping[str, str]) -> dict[str, OriginLink]:
    """Return the only other outlet that is a page's author; of two neither."""
    marks = choose_where(
        tables.annotations, ["article_id", "annotation_id", "code"], "variable", ["author"]
    )
    keys = zip(marks["article_id"], marks["code"], strict=True)
    mark_of = dict(zip(keys, marks["annotation_id"], strict=True))
    links: dict[str, OriginLink] = {}
    articles = tables.articles.sort_values("article_id")
    for row in iterate_rows(articles, ["article_id", "author"]):
        id = row.article_id
        named: dict[str, str] = {}
        for author in row.author.split("; "):
            key = credits.keys.get(fold_outlet_name(author), "")
            if key and key != own[id]:
                named.setdefault(key, author)
        if len(named) == 1:
            [(key, author)] = named.items()
            links[id] = OriginLink(id, key, "credit", author, mark_of.get((id, author), ""))
    return links


def _find_noted(tables: Tables, credits: Credits) -> dict[str, OriginLink]:
    """Return the outlet that a page's dateline, byline, copyright line or other note names."""
    own = _name_publishers(tables, credits)
    columns = ["article_id", "annotation_id", "code"]
    notes = choose_where(tables.annotations, columns, "variable", ["is_based_on"])
    links: dict[str, OriginLink] = {}
    given = dict(zip(tables.articles["article_id"], tables.articles["is_based_on"], strict=True))
    for row in notes.sort_values(columns).itertuples(index=False):
        if given.get(row.article_id) != row.code:
            continue  # the register names another source
        key = credits.find(row.code) or credits.name(row.code)
        if key != own.get(row.article_id, ""):
            links.setdefault(
                row.article_id,
                OriginLink(row.article_id, key, "credit", row.code, row.annotation_id),
            )
    return links


def list_origins(tables: Tables) -> pd.DataFrame:
    """Return article_id, origin_id, reason, evidence, annotation_id: one row a link.

    `reason` is register, shared passage, shared quotations, shared error, credit, publisher or own.
    """
    return tables.origins
