"""Pages -> the independent origin each one's reporting goes back to, and why."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Any, NamedTuple

import pandas as pd

from hkresearch.reconcile.credited_outlets import Credits
from hkresearch.reconcile.origin_links import OriginLink, PageFamilies, PageOrder
from hkresearch.reconcile.outlet_reports import (
    Lead,
    name_outlet,
    name_report,
    read_leads,
    tell_same_report,
)
from hkresearch.reconcile.page_credits import find_noted_sources, find_page_credits
from hkresearch.reconcile.page_sentences import sign_pages
from hkresearch.reconcile.printed_statements import find_printed_statements
from hkresearch.reconcile.reworded_copies import are_own_words, find_reworded_copies
from hkresearch.reconcile.shared_passages import find_shared_passages
from hkresearch.reconcile.shared_quotations import find_quotation_links, list_direct_quotations
from hkresearch.tables.schema import make_frame
from hkresearch.tables.select_rows import iterate_rows
from hkresearch.tables.tables import Tables

_GROUPS = 50  # of reports that lead with one claim, among the last of which a group is looked for


class _Family(NamedTuple):
    """A page and its copies; `is_credit`: that it goes back to `source` is told by a credit."""

    source: str
    is_credit: bool
    pages: list[str]


def find_origins(
    frames: Mapping[str, pd.DataFrame], book: Mapping[str, Any], parts: Iterable[str]
) -> pd.DataFrame:
    """Return the frame `origins`: each page's origin and every link that it rests on.

    The register's is_based_on wins; then what the page shares with another page; then whom it
    credits; then who published it; else the page is its own origin. Pages that credit the same
    outlet have one origin where they tell the same report of it. `parts` are the labels of an
    article's text.
    """
    articles = frames["articles"].sort_values("article_id")
    credits = Credits(articles, book)
    pages = _rank_pages(articles)
    parts = list(parts)
    shared = _find_shared_links(pages, frames, parts)
    noted = find_noted_sources(frames, credits)
    credited = find_page_credits(frames, credits, book, parts)
    printed = find_printed_statements(frames, book, parts)
    chosen = {}
    rows_of_pages = iterate_rows(articles, ["article_id", "is_based_on", "publisher"])
    for row in sorted(rows_of_pages, key=lambda row: pages[row.article_id]):
        id = row.article_id
        credit = credited.get(id) or printed.get(id)
        chosen[id] = _choose_links(row, shared[id], credit, credits, id in noted)
    origin_of = _name_origins(_list_families(chosen, shared, noted), frames)
    rows = {
        (link.article_id, origin_of[link.article_id], *link[2:])
        for link in _list_links(chosen, shared, origin_of)
    }
    return make_frame("origins", sorted(rows))


def _find_shared_links(
    pages: PageOrder, frames: Mapping[str, pd.DataFrame], parts: list[str]
) -> dict[str, list[OriginLink]]:
    """Return article_id -> its links to pages with which it shares words, quotations or slips.

    Two pages whose own sentences have nothing in common only quote alike.
    """
    direct = list_direct_quotations(frames["quotations"])
    signs = sign_pages(frames["annotations"], direct, parts)
    claimed = (frames["positions"], frames["quantities"], direct)
    passages = find_shared_passages(pages, signs)
    reworded = find_reworded_copies(pages, signs, claimed, passages)
    copies = {(link.article_id, link.to) for link in (*passages, *reworded)}
    quoted = [
        link
        for link in find_quotation_links(pages, direct, frames)
        if (link.article_id, link.to) in copies
        or not are_own_words(signs.get(link.article_id), signs.get(link.to))
    ]
    shared: dict[str, list[OriginLink]] = defaultdict(list)
    for link in (*passages, *quoted, *reworded):
        shared[link.article_id].append(link)
    return shared


def _list_families(
    chosen: Mapping[str, list[OriginLink]],
    shared: Mapping[str, list[OriginLink]],
    noted: Mapping[str, OriginLink],
) -> list[_Family]:
    """Return the pages with their copies, with `chosen` in the order of models.

    Where a model names no source and one of its copies notes an agency, the copies and the model
    are that agency's.
    """
    families = []
    for head, pages in _group_copies(chosen, shared).items():
        link = chosen[head][0]
        source, is_credit = link.to, link.reason == "credit"
        agency = next((noted[id].to for id in pages if id in noted), "")
        if agency and link.reason in ("publisher", "own"):
            source, is_credit = agency, True
        families.append(_Family(source, is_credit, pages))
    return families


def _group_copies(
    chosen: Mapping[str, list[OriginLink]], shared: Mapping[str, list[OriginLink]]
) -> dict[str, list[str]]:
    """Return the first page of each family of copies, and all its pages.

    A page can show that two earlier ones, which share nothing with each other, are of one family.
    """
    families = PageFamilies()
    for id, found in chosen.items():
        if found[0].to in chosen and found[0].reason != "own":  # else a credit or the register
            for link in shared[id]:
                families.unite(id, link.to)
    members: dict[str, list[str]] = defaultdict(list)
    for id in chosen:
        members[families.lead(id)].append(id)
    return {pages[0]: pages for pages in members.values()}


def _list_links(
    chosen: Mapping[str, list[OriginLink]],
    shared: Mapping[str, list[OriginLink]],
    origin_of: Mapping[str, str],
) -> Iterator[OriginLink]:
    """Yield what each page's origin rests on.

    A page that names no source has the origin that its copies credit: it rests on them.
    """
    copied: dict[str, list[OriginLink]] = defaultdict(list)
    for id in chosen:
        for link in shared[id]:
            copied[link.to].append(OriginLink(link.to, id, link.reason, id, link.annotation_id))
    for id, found in chosen.items():
        link = found[0]
        is_unsourced = link.reason in ("own", "publisher")
        is_elsewhere = name_outlet(origin_of[id]) not in (link.to, id)
        yield from copied[id] if is_unsourced and is_elsewhere and copied[id] else found


def _name_origins(families: list[_Family], frames: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    """Return article_id -> origin; reports that different pages credit to one outlet stay apart."""
    by_source: dict[str, list[_Family]] = defaultdict(list)
    for family in sorted(families, key=lambda family: family.is_credit):  # stable
        by_source[family.source].append(family)
    doubtful = [family for group in by_source.values() if len(group) > 1 for family in group]
    leads = read_leads(frames, (page for family in doubtful for page in family.pages))
    origin_of = {}
    for source, group in by_source.items():
        groups = _group_reports(group, leads)
        groups.sort(key=lambda reports: -sum(len(family.pages) for family in reports))
        for number, reports in enumerate(groups, start=1):
            for family in reports:
                origin_of.update(dict.fromkeys(family.pages, name_report(source, number)))
    return origin_of


def _group_reports(families: list[_Family], leads: Mapping[str, Lead]) -> list[list[_Family]]:
    """Return the families of one source by the report that they tell.

    What the register or the publisher says is one origin; pages that only credit it are of it
    where they tell the same report.
    """
    groups: list[list[_Family]] = []
    known: list[set[Lead]] = []  # of each group
    holders: dict[str, list[int]] = defaultdict(list)  # claim -> the groups that lead with it
    for family in families:
        mine = {leads[page] for page in family.pages if page in leads}
        near = sorted(
            {i for lead in mine for claim in lead.list_claims() for i in holders[claim][-_GROUPS:]}
        )
        home = 0 if groups and not family.is_credit else None
        if family.is_credit:
            home = next((i for i in near if _share_report(mine, known[i])), None)
        if home is None:
            home = len(groups)
            groups.append([])
            known.append(set())
        groups[home].append(family)
        for lead in mine - known[home]:
            known[home].add(lead)
            for claim in lead.list_claims():
                if home not in holders[claim][-_GROUPS:]:
                    holders[claim].append(home)
    return groups


def _share_report(leads: Iterable[Lead], others: Iterable[Lead]) -> bool:
    return any(tell_same_report(one, other) for one, other in product(leads, others))


def _rank_pages(articles: pd.DataFrame) -> PageOrder:
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


def list_origins(tables: Tables) -> pd.DataFrame:
    """Return article_id, origin_id, reason, evidence, annotation_id: one row a link.

    `reason` is register, shared passage, reworded, shared quotations, shared error, statement,
    credit, publisher or own.
    """
    return tables.origins
