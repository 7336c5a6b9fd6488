"""Tables -> what the pages say about one organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from hkresearch.analysis.views.disagreements import count_contradictions, list_differences
from hkresearch.analysis.views.in_force import write_exception, write_undated
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
from hkresearch.reconcile import list_current_positions
from hkresearch.reconcile.position_codes import LASTING_TENSE, PAST_TENSE, read_position_codes

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
# What a dossier's answer calls positions beside the one in force.
_OTHER_WORDS, _BEFORE = "in other words: ", "before that: "
_SO_FAR, _ALSO = "so far: ", "also reported: "
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
        return f"{name or 'No organisation'}: no position and no quotation was found.", []
    current = list_current_positions(tables, as_of, organisation)
    replaced = set(";".join(current["replaced"]).split(";"))
    parts = _say_positions(tables, positions, replaced)
    exceptions = [write_exception(tables, entry) for entry in current.to_dict("records")]
    if parts and any(exceptions):
        parts[0] += f", {join_words(filter(None, exceptions))}"
    kind = tables.codebook.get("entities", {}).get(organisation, {}).get("kind")
    if not parts and kind == "company":
        parts = ["no position"]
    n_statements = count_things(len(statements), "statement")
    said = "; ".join(parts) + f". {capitalise(n_statements)}" if parts else n_statements
    text = (
        f"{name}: {said}{_say_conflicts(tables, organisation, positions)}."
        f"{write_undated(tables, as_of, organisation)}"
    )
    evidence = positions.sort_values("in_force", ascending=False)["evidence"]
    return capitalise(text), gather_ids(id for ids in evidence for id in ids)


def _say_positions(tables: Tables, positions: pd.DataFrame, replaced: set[str]) -> list[str]:
    """Return where it stands, other words for that, what it did before, and the rest."""
    codes = read_position_codes(tables.codebook)
    code_of = {name_code(tables, "position", code): code for code in codes.family}
    standing = positions[positions["in_force"].astype(bool)]
    families = {codes.family.get(code_of.get(label, "")) for label in standing["position"]} - {""}
    groups: dict[str, list[str]] = {
        "": [], _OTHER_WORDS: [], _BEFORE: [], _SO_FAR: [], _ALSO: []
    }  # fmt: skip
    for row in positions.itertuples(index=False):
        code = code_of.get(row.position, "")
        is_stated = row.modality == "stated"
        if row.in_force:
            kind = ""
        elif is_stated and codes.tense.get(code) in (PAST_TENSE, LASTING_TENSE):
            kind = _SO_FAR
        elif is_stated and code in replaced:
            kind = _BEFORE
        else:
            kind = _OTHER_WORDS if is_stated and codes.family.get(code) in families else _ALSO
        groups[kind].append(_write_position(row))
    return [f"{kind}{join_words(said)}" for kind, said in groups.items() if said]


def _say_conflicts(tables: Tables, organisation: str, positions: pd.DataFrame) -> str:
    """Return how many contradictions and differences were found, if there are pages to compare."""
    n_contradictions = count_contradictions(tables, organisation)
    if not n_contradictions and positions["n_articles"].sum() < 2:
        return ""
    n_differences = len(list_differences(tables, organisation))
    differences = f", {count_things(n_differences, 'difference')}" if n_differences else ""
    return f", {count_things(n_contradictions, 'contradiction')} found{differences}"


def _write_position(row: Any) -> str:
    """Return a row of `list_positions` in words, with how many pages and origins report it."""
    label = row.position.lower() if row.position[1:].islower() else row.position
    doubt = "" if row.modality == "stated" else f"only {row.modality}, "
    pages = count_things(row.n_articles, "page")
    origins = count_things(row.n_origins, "origin")
    return f"{label} ({doubt}{pages}, {origins})"
