"""Quotations, positions, quantities and facts of single pages -> claims across pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pandas as pd

from hkresearch.reconcile.claim_counts import count_claims
from hkresearch.reconcile.claim_types import Appearance, Claim, ClaimKey, Claims, name_claim
from hkresearch.reconcile.contradictions import find_contested
from hkresearch.reconcile.decisions import Links
from hkresearch.reconcile.origins import find_origins
from hkresearch.reconcile.position_codes import code_position
from hkresearch.reconcile.printed_statements import find_single_statements
from hkresearch.reconcile.quotation_spans import list_quotes
from hkresearch.reconcile.statement_claims import gather_statements
from hkresearch.reconcile.word_forms import compare_wording
from hkresearch.tables.parquet_store import StoredTable
from hkresearch.tables.schema import list_fields, make_frame
from hkresearch.tables.select_rows import choose_where, iterate_rows
from hkresearch.tables.tables import Tables
from hkresearch.tables.text_columns import PackedRows, is_among, look_up

_ONE_STATEMENT = "one-statement"  # several pages report what was said once
_JOINED_TABLES = ("quotations", "positions", "quantities", "claims", "appearances", "origins")
_KEY_OF_TABLE = {
    "quotations": "quotation_id",
    "positions": "position_id",
    "quantities": "quantity_id",
}

Frames = Mapping[str, pd.DataFrame]


def reconcile_tables(
    frames: Frames, book: Mapping[str, Any], links: Links | None = None
) -> dict[str, pd.DataFrame]:
    """Return what joining adds to `frames`: claims, appearances, origins, and claim ids.

    `links` are a person's decisions about which claims are one.
    """
    frames = {**frames, **_join_claims(frames, book, links or Links())}
    frames["origins"] = find_origins(frames, book, _list_body_parts(book))
    claims = frames["claims"] = count_claims(frames, book)
    said_once = find_single_statements(Tables(frames))
    is_said_once = claims["claim_id"].isin(said_once)
    claims["status"] = claims["status"].mask(is_said_once, _ONE_STATEMENT)
    contested = find_contested(Tables(frames, book))
    is_contested = claims["claim_id"].isin(contested)
    claims["status"] = claims["status"].mask(is_contested, "contested")
    return {name: frames[name] for name in _JOINED_TABLES}


def _join_claims(frames: Frames, book: Mapping[str, Any], links: Links) -> dict[str, pd.DataFrame]:
    """Return claims, not counted yet, appearances, and claim ids in the tables of single pages.

    All else that joining needs is let go.
    """
    quotes, inner = list_quotes(frames, book)
    claims = gather_statements(quotes, book, links)
    del quotes
    claims |= _gather_coded(frames, links)
    claims = _merge_claims(claims, links)
    fields = [(item["name"], item["type"]) for item in list_fields("appearances")]
    appearances, rows = PackedRows(fields), []
    for id, key in sorted((name_claim(key), key) for key in claims):
        text, found = claims.pop(key)
        appearances.add([(id, *appearance) for appearance in sorted(found)])
        rows.append((id, *key, text, 1, 1, "", "single-source"))
    packed = appearances.build()
    joined = {"appearances": packed, "claims": make_frame("claims", rows)}
    return {**joined, **_add_claim_ids(frames, packed, inner)}


def _list_body_parts(book: Mapping[str, Any]) -> list[str]:
    """Return the labels of an article's text, without its headline."""
    kinds = book.get("parts", {})
    article = [name for name, part in kinds.items() if part.get("kind") == "article"]
    return [name for name in article if name != "headline"] or ["body"]


def _add_claim_ids(
    frames: Frames, appearances: pd.DataFrame, inner: Mapping[str, str]
) -> dict[str, pd.DataFrame]:
    """Return the tables of single pages with the claim that each row carries.

    Reported speech around a direct quotation is its frame: it takes that one's claim and does not
    appear.
    """
    found = {}
    for table, key in _KEY_OF_TABLE.items():
        ids = frames[table][key]
        if inner and table == "quotations":
            is_frame = is_among(ids, inner)
            ids = ids.copy()
            ids[is_frame] = [inner[id] for id in ids[is_frame]]
        claims = look_up(ids, appearances["annotation_id"], appearances["claim_id"])
        found[table] = frames[table].assign(claim_id=claims)
    return found


class _Coded(NamedTuple):
    """A passage that says a code of a variable for a subject."""

    key: ClaimKey
    annotation_id: str
    article_id: str
    exact: str


def _gather_coded(frames: Frames, links: Links) -> Claims:
    """Return the claims of positions, quantities and facts."""
    groups: dict[ClaimKey, list[tuple[str, str, str]]] = defaultdict(list)
    for list_coded in (_list_positions, _list_quantities, _list_facts):
        for key, id, article_id, exact in list_coded(frames):
            if id in links.split:
                key = key._replace(code=f"{key.code} [{id[:6]}]")
            groups[key].append((id, article_id, exact))
    claims = {}
    for key in list(groups):  # one after the other, so that the rows are not in memory twice
        rows = groups.pop(key)
        exacts = {exact for _, _, exact in rows}
        text = max(exacts, key=lambda exact: (len(exact), exact))
        wordings = {exact: compare_wording(exact, text) for exact in exacts}
        appearances = [Appearance(id, page, wordings[exact]) for id, page, exact in rows]
        claims[key] = Claim(text, appearances)
    return claims


def _list_positions(frames: Frames) -> Iterator[_Coded]:
    columns = ["position_id", "article_id", "organisation", "position", "modality", "exact"]
    for row in iterate_rows(frames["positions"], columns):
        key = ClaimKey(row.organisation, "position", code_position(row.position, row.modality))
        yield _Coded(key, row.position_id, row.article_id, row.exact)


def _list_quantities(frames: Frames) -> Iterator[_Coded]:
    scopes = _list_scopes(frames["annotations"])
    columns = ["quantity_id", "article_id", "organisation", "variable", "value", "unit", "period"]
    for row in iterate_rows(frames["quantities"], [*columns, "exact"]):
        pieces = (row.value, row.unit, row.period, scopes.get(row.quantity_id, ""))
        key = ClaimKey(row.organisation, row.variable, " ".join(filter(None, pieces)))
        yield _Coded(key, row.quantity_id, row.article_id, row.exact)


def _list_facts(frames: Frames) -> Iterator[_Coded]:
    """Yield the annotations that are facts: about an entity, not a page."""
    facts = frames["facts"]
    facts = facts[~facts["subject"].isin(frames["articles"]["article_id"])]
    for row in iterate_rows(facts, list(facts.columns)):
        key = ClaimKey(row.subject, row.variable, row.code)
        yield _Coded(key, row.annotation_id, row.article_id, row.exact)


def _list_scopes(annotations: pd.DataFrame | StoredTable) -> dict[str, str]:
    rows = choose_where(annotations, ["subject", "code"], "variable", ["scope"])
    return dict(zip(rows["subject"], rows["code"], strict=True))


def _merge_claims(claims: Claims, links: Links) -> Claims:
    """Join claims that a person declared the same: the second takes in the first."""
    for old, new in links.merge:
        key_of = {a.annotation_id: key for key, claim in claims.items() for a in claim.appearances}
        into = next((key_of[id] for id in sorted(new) if id in key_of), None)
        if into is None:
            continue
        for key in sorted({key_of[id] for id in old if id in key_of} - {into}):
            kept = claims[into]
            moved = [_move_appearance(appearance) for appearance in claims.pop(key).appearances]
            claims[into] = Claim(kept.text, kept.appearances + moved)
    return claims


def _move_appearance(appearance: Appearance) -> Appearance:
    wording = "translated" if appearance.wording == "translated" else "altered"
    return appearance._replace(wording=wording)
