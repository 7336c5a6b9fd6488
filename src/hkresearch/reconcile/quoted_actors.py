"""Quotations and the positions around them -> the same words with another organisation acting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import pandas as pd

from hkresearch.reconcile.contradiction_types import Contradiction, group_sides
from hkresearch.reconcile.word_forms import list_words
from hkresearch.tables.select_rows import choose_subject, iterate_pages, join_pages
from hkresearch.tables.text_columns import is_among, look_up

_LONG = 6  # words from which a quotation is known again


def find_other_actors(tables: Any, subject: str = "") -> list[Contradiction]:
    """The same quoted words, and another organisation that acts: told from the positions that stand around them."""
    claims = choose_subject(tables.claims, ["claim_id", "subject"], "subject", subject)
    subjects = dict(zip(claims["claim_id"], claims["subject"], strict=True))
    quotations, positions = tables.quotations, tables.positions
    if subject:
        quotations = quotations[is_among(quotations["claim_id"], subjects)]
        positions = positions[is_among(positions["article_id"], quotations["article_id"])]
    actors: dict[str, list[tuple]] = defaultdict(list)
    known: dict[tuple, tuple] = {}  # the same organisations and positions are in memory once
    columns = ["position_id", "start", "end", "organisation", "position"]
    quoted = _list_whole_quotations(tables, quotations)
    for article_id, rows, places in join_pages(quoted, iterate_pages(positions, columns)):
        for row in rows:
            acting = [p for p in places if p.start < row.end and p.end > row.start]
            if acting:
                here = tuple(
                    frozenset(getattr(p, name) for p in acting)
                    for name in ("organisation", "position")
                )
                ids = (row.quotation_id, *(p.position_id for p in acting))
                actors[row.claim_id].append((article_id, known.setdefault(here, here), ids))
    found = []
    for claim_id, rows in sorted(actors.items()):
        if _have_other_actors(rows):
            sides = group_sides(
                sorted({(";".join(sorted(here[0])), id) for _, here, ids in rows for id in ids})
            )
            reason = "the same quoted words, but another organisation acts"
            found.append(
                Contradiction(
                    "subject", subjects.get(claim_id, ""), f"statement {claim_id}", reason, sides
                )
            )
    return found


def _list_whole_quotations(
    tables: Any, quotations: pd.DataFrame
) -> Iterator[tuple[str, list[Any]]]:
    """Yield the direct quotations of each page that are long, and no fragments of another one."""
    direct = quotations[quotations["kind"] == "direct"]
    wording = look_up(
        direct["quotation_id"], tables.appearances["annotation_id"], tables.appearances["wording"]
    )
    direct = direct[wording.isin(["verbatim", "altered"])]
    for article_id, rows in iterate_pages(
        direct, ["quotation_id", "start", "end", "exact", "claim_id"]
    ):
        yield article_id, [row for row in rows if len(list_words(row.exact)) >= _LONG]


def _have_other_actors(rows: list[tuple]) -> bool:
    """Whether two pages have one position around the words, and no organisation in common that takes it."""
    pages: dict[tuple[frozenset[str], frozenset[str]], set[str]] = defaultdict(set)
    for article_id, here, _ in rows:
        pages[here].add(article_id)
    return any(
        not one[0] & other[0] and one[1] & other[1] and len(pages[one] | pages[other]) > 1
        for one, other in combinations(pages, 2)
    )
