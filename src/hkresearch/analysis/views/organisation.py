"""Tables -> what the pages say about one organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from hkresearch.analysis.views.disagreements import count_contradictions
from hkresearch.analysis.views.positions import list_positions, write_undated
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

FACT_COLUMNS = ["about", "answer", "n_articles", "n_origins", "pages", "status", "evidence"]
NOT_ORGANISATIONS = frozenset(
    {"role", "law", "place", "person", "outlet"}
)  # kinds of entities that get no dossier


def list_organisations(tables: Tables) -> list[str]:
    """Return the ids of the organisations that pages quote, or give a position or a number for.

    Sorted.
    """
    quoted = {part for ids in tables.quotations["organisation"] for part in ids.split(";") if part}
    found = quoted | set(tables.positions["organisation"]) | set(tables.quantities["organisation"])
    entities = tables.codebook.get("entities", {})
    return sorted(id for id in found if entities.get(id, {}).get("kind") not in NOT_ORGANISATIONS)


def list_facts(tables: Tables, organisation: str) -> pd.DataFrame:
    """Return the facts that pages state of `organisation`, and those of the codebook itself as rows
    without pages.
    """
    taken = {"position", "statement", *tables.quantities["variable"]}
    claims = tables.claims[
        (tables.claims["subject"] == organisation) & ~tables.claims["variable"].isin(taken)
    ]
    names, rows = name_pages(tables), []
    for claim in claims.sort_values(["variable", "code"]).itertuples(index=False):
        found = tables.appearances[tables.appearances["claim_id"] == claim.claim_id].sort_values(
            "annotation_id"
        )
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
    return pd.DataFrame([*rows, *_list_known(tables, organisation)], columns=FACT_COLUMNS)


def _list_known(tables: Tables, organisation: str) -> list[dict]:
    entity = tables.codebook.get("entities", {}).get(organisation, {})
    if not entity.get("owner"):
        return []
    since = f", since {write_date(entity['owned_since'])}" if entity.get("owned_since") else ""
    answer = name_entity(tables, entity["owner"]) + since
    return [{"about": "owner", "answer": answer, "n_articles": 0, "n_origins": 0, "pages": "", "status": "in the codebook",
             "evidence": []}]  # fmt: skip


def summarise_organisation(
    tables: Tables, organisation: str, as_of: str = ""
) -> tuple[str, list[str]]:
    """Return in one sentence, with its evidence, the positions of `organisation` and how much else
    there is.
    """
    name = name_entity(tables, check_organisation(tables, organisation))
    positions = list_positions(tables, as_of, organisation)
    statements = list_statements(tables, organisation)
    if positions.empty and statements.empty:
        return f"{name or 'No organisation'}: no page reports a position or quotes it.", []
    stands = positions["in_force"].astype(bool)
    here = [_write_position(row) for row in positions[stands].itertuples(index=False)]
    besides = [_write_position(row) for row in positions[~stands].itertuples(index=False)]
    text = f"{name}: {join_words(here) or 'no position'}"
    text += f"; also reported: {join_words(besides)}" if besides else ""
    said = capitalise(count_things(len(statements), "statement"))
    text += (
        f". {said}, {count_things(count_contradictions(tables, organisation), 'contradiction')}."
    )
    text += write_undated(tables, as_of, organisation)
    evidence = positions.sort_values("in_force", ascending=False)["evidence"]
    return capitalise(text), gather_ids(id for ids in evidence for id in ids)


def _write_position(row) -> str:
    label = row.position.lower() if row.position[1:].islower() else row.position
    sure = "" if row.modality == "stated" else f"only {row.modality}, "
    return f"{label} ({sure}{count_things(row.n_articles, 'page')}, {count_things(row.n_origins, 'origin')})"
