"""Pages -> the other outlet to which each one credits its report."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from hkresearch.reconcile.credited_outlets import Credits, fold_outlet_name, read_credits
from hkresearch.reconcile.origin_links import OriginLink
from hkresearch.tables.select_rows import choose_where, iterate_pages, iterate_parts, iterate_rows
from hkresearch.tables.tables import Tables

_SENTENCE = re.compile(r".+?(?:(?<![A-Z])[.!?][\"'”’)]*(?=\s)|[。！？]|\n|\Z)", re.S)
_SHORTEST_LEAD = 20  # characters; less is a label
_LONGEST_LEAD = 400


def find_page_credits(
    frames: Mapping[str, pd.DataFrame],
    credits: Credits,
    book: Mapping[str, Any],
    parts: Iterable[str],
) -> dict[str, OriginLink]:
    """Return article_id -> the outlet that signs a page, or to which it credits its report.

    The surest first: a note of the page, its author, the outlet that its first sentence credits,
    or the one to which it credits at least half of what it reports as said.
    """
    tables = Tables(frames)
    own = {
        row.article_id: credits.name(row.publisher)
        for row in iterate_rows(tables.articles, ["article_id", "publisher"])
    }
    links = find_noted_sources(frames, credits)
    for found in (
        _find_signed(tables, credits, own),
        _find_lead_credits(tables, credits, own, parts),
        _find_quoted_sources(tables, credits, own, book),
    ):
        links = {**found, **links}
    return links


def find_noted_sources(
    frames: Mapping[str, pd.DataFrame], credits: Credits
) -> dict[str, OriginLink]:
    """Return the outlet that a page's dateline, byline, copyright line or other note names."""
    columns = ["article_id", "publisher", "is_based_on"]
    rows = {row.article_id: row for row in iterate_rows(frames["articles"], columns)}
    columns = ["article_id", "annotation_id", "code"]
    notes = choose_where(frames["annotations"], columns, "variable", ["is_based_on"])
    links: dict[str, OriginLink] = {}
    for note in notes.sort_values(columns).itertuples(index=False):
        article = rows.get(note.article_id)
        if article is None or article.is_based_on != note.code:
            continue  # the register names another source
        key = credits.find(note.code) or credits.name(note.code)
        if key != credits.name(article.publisher):
            link = OriginLink(note.article_id, key, "credit", note.code, note.annotation_id)
            links.setdefault(note.article_id, link)
    return links


def _find_signed(tables: Tables, credits: Credits, own: Mapping[str, str]) -> dict[str, OriginLink]:
    """Return the only other outlet that is a page's author; of two neither."""
    columns = ["article_id", "annotation_id", "code"]
    marks = choose_where(tables.annotations, columns, "variable", ["author"])
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


def _find_lead_credits(
    tables: Tables, credits: Credits, own: Mapping[str, str], parts: Iterable[str]
) -> dict[str, OriginLink]:
    """Return the outlet that the first sentence of a page's text credits."""
    columns = ["article_id", "start", "annotation_id", "code"]
    marks = choose_where(tables.annotations, columns, "variable", ["credit"])
    marks_of: dict[str, list[Any]] = defaultdict(list)
    for mark in marks.sort_values(columns).itertuples(index=False):
        marks_of[mark.article_id].append(mark)
    links = {}
    labels = [part for part in parts if part != "byline"]
    for article_id, rows in iterate_parts(tables.annotations, labels):
        end = _find_lead_end(rows) if article_id in marks_of else 0
        for mark in marks_of.get(article_id, ()):
            key = credits.find(mark.code) or credits.name(mark.code)
            if rows[0].start <= mark.start < end and key != own.get(article_id, ""):
                link = OriginLink(article_id, key, "credit", mark.code, mark.annotation_id)
                links[article_id] = link
                break
    return links


def _find_lead_end(rows: list[Any]) -> int:
    """Return where the first sentence of a page's text ends."""
    for row in rows:
        for found in _SENTENCE.finditer(row.exact[:_LONGEST_LEAD]):
            if len(found.group().strip()) >= _SHORTEST_LEAD:
                return int(row.start + found.end())
    return 0


def _find_quoted_sources(
    tables: Tables, credits: Credits, own: Mapping[str, str], book: Mapping[str, Any]
) -> dict[str, OriginLink]:
    """Return the other outlet to which a page credits at least half of what it reports as said.

    "The paper" is the outlet that the page credits before it.
    """
    credited = read_credits(tables, credits)
    unnamed = _find_unnamed(tables, credits, book)
    columns = ["quotation_id", "start", "end", "exact", "speaker"]
    links = {}
    for article_id, rows in iterate_pages(tables.quotations, columns):
        end, total, last = 0, 0, ""
        outlets: dict[str, list[Any]] = defaultdict(list)
        for row in sorted(rows, key=lambda row: (row.start, -row.end)):
            key = credited.get(row.quotation_id, "")
            last = key or last
            if row.start < end:
                continue  # marked words inside reported speech are credited with it
            end, total = row.end, total + 1
            if not key and row.quotation_id in unnamed:
                key = last
            if key and key != own[article_id]:
                outlets[key].append(row)
        key = min(outlets, key=lambda k: (-len(outlets[k]), k), default="")
        if key and len(outlets[key]) * 2 >= total:
            first = outlets[key][0]
            links[article_id] = OriginLink(
                article_id, key, "credit", first.exact, first.quotation_id
            )
    return links


def _find_unnamed(tables: Tables, credits: Credits, book: Mapping[str, Any]) -> set[str]:
    """Return the quotations that a page credits to "the paper", or that "the paper" says."""
    words = book.get("reconcile", {}).get("unnamed_outlets", {})
    nouns = {fold_outlet_name(word) for language in sorted(words) for word in words[language]}
    columns = ["subject", "code"]
    via = choose_where(tables.annotations, columns, "variable", ["via"])
    said = tables.quotations[["quotation_id", "speaker"]]
    pairs = [*via.itertuples(index=False, name=None), *said.itertuples(index=False, name=None)]
    return {id for id, name in pairs if name and fold_outlet_name(name) in nouns}
