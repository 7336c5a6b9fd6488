"""Quotations and the positions around them -> the same words with another organisation acting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from typing import Any, NamedTuple

import pandas as pd

from hkresearch.reconcile.contradiction_types import Contradiction, group_sides
from hkresearch.reconcile.word_forms import list_words
from hkresearch.tables.select_rows import choose_subject, iterate_pages, join_pages
from hkresearch.tables.tables import Tables
from hkresearch.tables.text_columns import is_among, look_up

_LONG = 6  # words from which a quotation is known again


class _Acting(NamedTuple):
    """The organisations that act around a quotation, and their positions."""

    organisations: frozenset[str]
    positions: frozenset[str]


class _Quoted(NamedTuple):
    """A page's quotation of a statement, what acts around it, and the ids of both."""

    article_id: str
    acting: _Acting
    ids: tuple[str, ...]


def find_other_actors(tables: Tables, subject: str = "") -> list[Contradiction]:
    """Return statements whose words pages quote with another organisation acting.

    Told from the positions that stand around them.
    """
    claims = choose_subject(tables.claims, ["claim_id", "subject"], "subject", subject)
    subjects = dict(zip(claims["claim_id"], claims["subject"], strict=True))
    quotations, positions = tables.quotations, tables.positions
    if subject:
        quotations = quotations[is_among(quotations["claim_id"], subjects)]
        positions = positions[is_among(positions["article_id"], quotations["article_id"])]
    found = []
    for claim_id, rows in sorted(_group_quoted(tables, quotations, positions).items()):
        if _have_other_actors(rows):
            sides = group_sides(_name_actors(rows))
            reason = "the same quoted words, but another organisation acts"
            about = subjects.get(claim_id, "")
            found.append(Contradiction("subject", about, f"statement {claim_id}", reason, sides))
    return found


def _group_quoted(
    tables: Tables, quotations: pd.DataFrame, positions: pd.DataFrame
) -> dict[str, list[_Quoted]]:
    """Return claim -> its long quotations around which an organisation acts."""
    groups: dict[str, list[_Quoted]] = defaultdict(list)
    known: dict[_Acting, _Acting] = {}  # the same organisations and positions are in memory once
    columns = ["position_id", "start", "end", "organisation", "position"]
    quoted = _list_whole_quotations(tables, quotations)
    for article_id, rows, places in join_pages(quoted, iterate_pages(positions, columns)):
        for row in rows:
            near = [place for place in places if place.start < row.end and place.end > row.start]
            if near:
                acting = _Acting(
                    frozenset(place.organisation for place in near),
                    frozenset(place.position for place in near),
                )
                ids = (row.quotation_id, *(place.position_id for place in near))
                shared = known.setdefault(acting, acting)
                groups[row.claim_id].append(_Quoted(article_id, shared, ids))
    return groups


def _name_actors(rows: list[_Quoted]) -> list[tuple[str, str]]:
    """Return (organisations, id) of each passage, each once."""
    named = {(";".join(sorted(row.acting.organisations)), id) for row in rows for id in row.ids}
    return sorted(named)


def _list_whole_quotations(
    tables: Tables, quotations: pd.DataFrame
) -> Iterator[tuple[str, list[Any]]]:
    """Yield the direct quotations of each page that are long, and no fragments of another one."""
    direct = quotations[quotations["kind"] == "direct"]
    appearances = tables.appearances
    wording = look_up(direct["quotation_id"], appearances["annotation_id"], appearances["wording"])
    direct = direct[wording.isin(["verbatim", "altered"])]
    columns = ["quotation_id", "start", "end", "exact", "claim_id"]
    for article_id, rows in iterate_pages(direct, columns):
        yield article_id, [row for row in rows if len(list_words(row.exact)) >= _LONG]


def _have_other_actors(rows: list[_Quoted]) -> bool:
    """Return whether two pages have one position around the words, and no common organisation."""
    pages: dict[_Acting, set[str]] = defaultdict(set)
    for row in rows:
        pages[row.acting].add(row.article_id)
    for one, other in combinations(pages, 2):
        is_same_act = not one.positions.isdisjoint(other.positions)
        is_other_actor = one.organisations.isdisjoint(other.organisations)
        if is_same_act and is_other_actor and len(pages[one] | pages[other]) > 1:
            return True
    return False
