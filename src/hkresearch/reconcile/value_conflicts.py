"""Facts and quantities -> where one variable has two values, or two dates the wrong order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from hkresearch.reconcile.contradiction_types import Contradiction, is_date, read_bounds
from hkresearch.tables.select_rows import choose_subject, choose_where, iterate_rows
from hkresearch.tables.text_columns import is_among

MONTHS = {"month": 1, "year": 12}


def find_values(tables: Any, subject: str = "") -> list[Contradiction]:
    """A variable that has one value a subject, with two: for numbers, of one dimension, period and scope."""
    groups: dict[tuple, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    variables = tables.codebook.get("variables", {})
    columns = ["quantity_id", "organisation", "variable", "value", "unit", "period"]
    quantities = choose_subject(tables.quantities, columns, "organisation", subject)
    scopes = _read_scopes(tables, quantities["quantity_id"])
    for row in iterate_rows(quantities, columns):
        if variables.get(row.variable, {}).get("single"):
            size, dimension = _measure(row)
            key = (
                row.organisation,
                row.variable,
                dimension,
                row.period,
                scopes.get(row.quantity_id, ""),
            )
            groups[key][size].append(row.quantity_id)
    single = [
        name
        for name, variable in variables.items()
        if variable.get("single") and name != "position"
    ]
    entities = set(tables.codebook.get("entities", {})) | set(tables.claims["subject"])
    facts = choose_where(
        tables.annotations, ["annotation_id", "subject", "variable", "code"], "variable", single
    )
    facts = facts[
        facts["subject"].isin(entities)
        & ~is_among(facts["annotation_id"], tables.quantities["quantity_id"])
    ]
    facts = choose_subject(facts, facts.columns, "subject", subject)
    for row in facts.itertuples(index=False):
        groups[row.subject, row.variable, "", "", ""][row.code].append(row.annotation_id)
    found = []
    for (about, variable, *rest), codes in sorted(groups.items()):
        if _has_two(codes, tables.codebook):
            where = ", ".join(filter(None, rest[1:]))
            reason = f"two answers where only one can hold{f' ({where})' if where else ''}"
            found.append(Contradiction("value", about, variable, reason, codes))
    return found


def _measure(row: Any) -> tuple[str, str]:
    """Return (size, dimension): terms in months, so that six months and half a year agree; else value and unit."""
    if row.unit in MONTHS:
        return f"{float(row.value) * MONTHS[row.unit]:g} month", "time"
    return f"{float(row.value):.12g} {row.unit}".strip(), row.unit


def _has_two(codes: Iterable[str], book: Mapping[str, Any]) -> bool:
    codes = sorted(codes)
    return any(
        not may_agree(one, other, book) for i, one in enumerate(codes) for other in codes[i + 1 :]
    )


def may_agree(one: str, other: str, book: Mapping[str, Any]) -> bool:
    """Return whether two codes can both hold: a date and a less precise one, a place and what it is part of."""
    entities = book.get("entities", {})
    if one in entities and other in entities:
        return other in _list_wholes(one, entities) or one in _list_wholes(other, entities)
    if not (is_date(one) and is_date(other)):
        return one == other
    low, high = read_bounds(one)
    from_, to = read_bounds(other)
    return low <= to and from_ <= high


def _list_wholes(id: str, entities: Mapping[str, Any]) -> set[str]:
    wholes: set[str] = set()
    while id and id not in wholes:
        wholes.add(id)
        id = entities.get(id, {}).get("part_of", "")
    return wholes


def _read_scopes(tables: Any, ids: pd.Series) -> dict[str, str]:
    rows = choose_where(tables.annotations, ["subject", "code"], "variable", ["scope"])
    rows = rows[is_among(rows["subject"], ids)]
    return dict(zip(rows["subject"].to_list(), rows["code"].to_list(), strict=True))


def find_orders(tables: Any, subject: str = "") -> list[Contradiction]:
    """A date that must not come before another, by the book's `not_before`, and does."""
    found, variables = [], tables.codebook.get("variables", {})
    for later, variable in sorted(variables.items()):
        if not (earlier := variable.get("not_before")):
            continue
        ends, begins = _group_codes(tables, later, subject), _group_codes(tables, earlier, subject)
        for about in sorted(ends):
            met = [
                (a, b)
                for a in ends[about]
                for b in begins.get(about, ())
                if read_bounds(a)[1] < read_bounds(b)[0]
            ]
            sides = {f"{later} {a}": ends[about][a] for a, _ in met}
            sides |= {f"{earlier} {b}": begins[about][b] for _, b in met}
            if sides:
                names = [variables[id].get("label") or id for id in (later, earlier)]
                reason = f"“{names[0]}” is dated before “{names[1]}”"
                found.append(Contradiction("order", about, later, reason, sides))
    return found


def _group_codes(tables: Any, variable: str, subject: str) -> dict[str, dict[str, list[str]]]:
    groups: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    rows = choose_where(
        tables.annotations, ["annotation_id", "subject", "code"], "variable", [variable]
    )
    for row in choose_subject(rows, rows.columns, "subject", subject).itertuples(index=False):
        groups[row.subject][row.code].append(row.annotation_id)
    return groups
