"""Tables -> what the pages say about one organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from hkresearch.analysis.views.disagreements import count_contradictions
from hkresearch.analysis.views.in_force import write_undated
from hkresearch.analysis.views.positions import list_positions
from hkresearch.analysis.views.quotations import list_statements
from hkresearch.analysis.views.wording import (
    capitalise,
    check_organisation,
    count_things,
    gather_ids,
    join_words,
    list_page_names,
    name_code,
    name_entity,
    name_pages,
    name_variable,
    write_date,
)  # fmt: skip

if TYPE_CHECKING:
    from hkresearch.tables.tables import Tables

ORGANISATION_FACT_COLUMNS = [
    "about",
    "answer",
    "n_articles",
    "n_origins",
    "pages",
    "status",
    "evidence",
]
# Kinds of entities that get no dossier.
NOT_ORGANISATIONS = frozenset({"role", "law", "place", "person", "outlet"})


def list_organisations(tables: Tables) -> list[str]:
    """Return the ids of the organisations that pages quote, or give a position or a number for.

    Sorted.
    """
    quoted = {part for ids in tables.quotations["organisation"] for part in ids.split(";") if part}
    found = quoted | set(tables.positions["organisation"]) | set(tables.quantities["organisation"])
    entities = tables.codebook.get("entities", {})
    return sorted(id for id in found if entities.get(id, {}).get("kind") not in NOT_ORGANISATIONS)


def list_facts(tables: Tables, organisation: str) -> pd.DataFrame:
    """Return the facts that pages state of `organisation`, then those of the codebook itself.

    The latter have no pages.
    """
    told_elsewhere = {"position", "statement", *tables.quantities["variable"]}
    claims = tables.claims[tables.claims["subject"] == organisation]
    claims = claims[~claims["variable"].isin(told_elsewhere)].sort_values(["variable", "code"])
    names = name_pages(tables)
    rows = []
    for claim in claims.itertuples(index=False):
        found = tables.appearances[tables.appearances["claim_id"] == claim.claim_id]
        found = found.sort_values("annotation_id")
        rows.append(
            {
                "about": name_variable(tables, claim.variable),
                "answer": name_code(tables, claim.variable, claim.code),
                "n_articles": int(claim.n_articles),
                "n_origins": int(claim.n_origins),
                "pages": list_page_names(names, found["article_id"]),
                "status": claim.status,
                "evidence": gather_ids(found["annotation_id"]),
            }
        )
    rows += _list_known(tables, organisation)
    return pd.DataFrame(rows, columns=ORGANISATION_FACT_COLUMNS)


def _list_known(tables: Tables, organisation: str) -> list[dict[str, Any]]:
    """Return what the codebook says of an organisation: its owner, if it has one."""
    entity = tables.codebook.get("entities", {}).get(organisation, {})
    if not entity.get("owner"):
        return []
    since = f", since {write_date(entity['owned_since'])}" if entity.get("owned_since") else ""
    owner = {
        "about": "owner",
        "answer": name_entity(tables, entity["owner"]) + since,
        "n_articles": 0,
        "n_origins": 0,
        "pages": "",
        "status": "in the codebook",
        "evidence": [],
    }
    return [owner]


def summarise_organisation(
    tables: Tables, organisation: str, as_of: str = ""
) -> tuple[str, list[str]]:
    """Return in one sentence, with its evidence, what pages report of an organisation."""
    name = name_entity(tables, check_organisation(tables, organisation))
    positions = list_positions(tables, as_of, organisation)
    statements = list_statements(tables, organisation)
    if positions.empty and statements.empty:
        return f"{name or 'No organisation'}: no page reports a position or quotes it.", []
    is_standing = positions["in_force"].astype(bool)
    standing = [_write_position(row) for row in positions[is_standing].itertuples(index=False)]
    others = [_write_position(row) for row in positions[~is_standing].itertuples(index=False)]
    also = f"; also reported: {join_words(others)}" if others else ""
    n_statements = capitalise(count_things(len(statements), "statement"))
    n_contradictions = count_things(count_contradictions(tables, organisation), "contradiction")
    text = (
        f"{name}: {join_words(standing) or 'no position'}{also}. "
        f"{n_statements}, {n_contradictions}.{write_undated(tables, as_of, organisation)}"
    )
    evidence = positions.sort_values("in_force", ascending=False)["evidence"]
    return capitalise(text), gather_ids(id for ids in evidence for id in ids)


def _write_position(row: Any) -> str:
    """Return a row of `list_positions` in words, with how many pages and origins report it."""
    label = row.position.lower() if row.position[1:].islower() else row.position
    doubt = "" if row.modality == "stated" else f"only {row.modality}, "
    pages = count_things(row.n_articles, "page")
    origins = count_things(row.n_origins, "origin")
    return f"{label} ({doubt}{pages}, {origins})"
