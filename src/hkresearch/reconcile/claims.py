"""Quotations, positions, quantities and facts of single pages -> claims across pages, and their appearances."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from typing import Any, NamedTuple

import pandas as pd

from ..schema import make_frame
from .origins import find_origins
from .wording import compare_wording, list_words

STATEMENT = "statement"


class Appearance(NamedTuple):
    """One annotation and the claim it carries."""

    key: tuple[str, str, str]  # subject, variable, code
    annotation_id: str
    article_id: str
    exact: str


def name_claim(subject: str, variable: str, code: str) -> str:
    """Return a claim's id: it depends on subject, variable and code alone."""
    return hashlib.sha256("\x1f".join((subject, variable, code)).encode("utf-8")).hexdigest()[:12]


def reconcile_tables(frames: Mapping[str, pd.DataFrame], book: Mapping[str, Any], links: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """Return the frames that joining adds or completes: origins, claims, appearances, and claim_id in what pages say."""
    origins = find_origins(frames)
    found = [*_list_statements(frames), *_list_positions(frames), *_list_quantities(frames), *_list_facts(frames)]
    groups: dict[tuple[str, str, str], list[Appearance]] = defaultdict(list)
    for appearance in sorted(found, key=lambda a: (a.key, a.article_id, a.annotation_id)):
        groups[appearance.key].append(appearance)
    origin_of = dict(zip(origins["article_id"], origins["origin_id"], strict=True))
    dates = dict(zip(frames["articles"]["article_id"], frames["articles"]["date_published"], strict=True))
    claims, appearances, claim_of = [], [], {}
    for key, group in groups.items():
        claim_id = name_claim(*key)
        text = max((a.exact for a in group), key=lambda exact: (len(exact), exact))
        pages = sorted({a.article_id for a in group})
        published = sorted(dates[id] for id in pages if dates[id])
        n_origins = len({origin_of[id] for id in pages})
        status = "corroborated" if n_origins > 1 else "single-source"
        claims.append((claim_id, *key, text, len(pages), n_origins, published[0] if published else "", status))
        for a in group:
            claim_of[a.annotation_id] = claim_id
            appearances.append((claim_id, a.annotation_id, a.article_id, compare_wording(a.exact, text)))
    completed = {
        table: frames[table].assign(claim_id=frames[table][key].map(claim_of))
        for table, key in (("quotations", "quotation_id"), ("positions", "position_id"), ("quantities", "quantity_id"))
    }
    return completed | {
        "origins": origins,
        "claims": make_frame("claims", sorted(claims)),
        "appearances": make_frame("appearances", sorted(appearances)),
    }


def _list_statements(frames) -> list[Appearance]:
    found = []
    for row in frames["quotations"].itertuples(index=False):
        code = hashlib.sha256(" ".join(list_words(row.exact)).encode()).hexdigest()[:12]
        found.append(Appearance((row.organisation.split(";")[0], STATEMENT, code), row.quotation_id, row.article_id, row.exact))
    return found


def _list_positions(frames) -> list[Appearance]:
    return [
        Appearance(
            (row.organisation, "position", row.position if row.modality == "stated" else f"{row.position} ({row.modality})"),
            row.position_id, row.article_id, row.exact,
        )
        for row in frames["positions"].itertuples(index=False)
    ]  # fmt: skip


def _list_quantities(frames) -> list[Appearance]:
    return [
        Appearance(
            (row.organisation, row.variable, " ".join(filter(None, (row.value, row.unit, row.period)))),
            row.quantity_id, row.article_id, row.exact,
        )
        for row in frames["quantities"].itertuples(index=False)
    ]  # fmt: skip


def _list_facts(frames) -> list[Appearance]:
    annotations = frames["annotations"]
    taken = {*frames["quotations"]["quotation_id"], *frames["positions"]["position_id"], *frames["quantities"]["quantity_id"]}
    not_a_claim = {*annotations["annotation_id"], *frames["articles"]["article_id"]}
    return [
        Appearance((row.subject, row.variable, row.code), row.annotation_id, row.article_id, row.exact)
        for row in annotations.itertuples(index=False)
        if row.annotation_id not in taken and row.subject not in not_a_claim
    ]
