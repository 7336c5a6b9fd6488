"""Facts and quantities -> where one variable has two values, or two dates the wrong order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pandas as pd

from hkresearch.reconcile.contradiction_types import (
    Contradiction,
    group_sides,
    is_date,
    read_bounds,
)
from hkresearch.reconcile.figure_scopes import FigureRange, read_figures
from hkresearch.tables.select_rows import choose_subject, choose_where, iterate_rows
from hkresearch.tables.text_columns import is_among

_MONTHS_IN_UNIT = {"month": 1, "year": 12}
_COUNTED = ("count", "percent")
_TWO_ANSWERS = "two answers where only one can hold"


def find_values(tables: Any, subject: str = "") -> list[Contradiction]:
    """A variable that has one value a subject, with two values on two pages that cannot both be right.

    Numbers are compared within one dimension, period, scope and kind of thing counted; a count needs a period. A page's
    own values may add up to the other page's.
    """
    found = _find_figures(tables, subject)
    variables = tables.codebook.get("variables", {})
    single = [
        name
        for name, variable in variables.items()
        if variable.get("single") and name != "position"
    ]
    entities = set(tables.codebook.get("entities", {})) | set(tables.claims["subject"])
    columns = ["annotation_id", "article_id", "subject", "variable", "code"]
    facts = choose_where(tables.annotations, columns, "variable", single)
    facts = facts[
        facts["subject"].isin(entities)
        & ~is_among(facts["annotation_id"], tables.quantities["quantity_id"])
    ]
    groups: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in choose_subject(facts, facts.columns, "subject", subject).itertuples(index=False):
        groups[row.subject, row.variable].append(row)
    for (about, variable), rows in sorted(groups.items()):
        pages = group_sides((row.article_id, row.code) for row in rows)
        codes = _find_conflicting(pages, lambda one, other: _may_agree(one, other, tables.codebook))
        sides = group_sides((row.code, row.annotation_id) for row in rows if row.code in codes)
        if sides:
            found.append(Contradiction("value", about, variable, _TWO_ANSWERS, sides))
    return found


def _find_figures(tables: Any, subject: str) -> list[Contradiction]:
    variables = tables.codebook.get("variables", {})
    columns = ["quantity_id", "article_id", "organisation", "variable", "value", "unit", "period"]
    quantities = choose_subject(tables.quantities, columns, "organisation", subject)
    single = [name for name, variable in variables.items() if variable.get("single")]
    quantities = quantities[quantities["variable"].isin(single)]
    scopes, figures = (
        _read_scopes(tables, quantities["quantity_id"]),
        read_figures(tables, quantities),
    )
    groups: dict[tuple, list[tuple[Any, str, FigureRange]]] = defaultdict(list)
    for row in iterate_rows(quantities, columns):
        measures = variables[row.variable].get("measures", "")
        if row.quantity_id not in figures or measures in _COUNTED and not row.period:
            continue  # without a period, two may lie behind two numbers
        size, dimension = _measure(row)
        figure = figures[row.quantity_id]
        kind = " ".join(sorted(figure.kind))
        scope = scopes.get(row.quantity_id, "")
        key = (row.organisation, row.variable, dimension, row.period, scope, kind)
        scale = float(size.split()[0]) / float(row.value) if float(row.value) else 1.0
        scaled = figure._replace(low=figure.low * scale, high=figure.high * scale)
        groups[key].append((row, size, scaled))
    found = []
    for key, rows in sorted(groups.items(), key=lambda item: item[0]):
        about, variable, dimension, period, scope, _ = key
        sides = _compare_pages(rows, is_sum=dimension == variables[variable].get("unit", ""))
        if sides:
            where = ", ".join(filter(None, (period, scope)))
            reason = f"{_TWO_ANSWERS}{f' ({where})' if where else ''}"
            found.append(Contradiction("value", about, variable, reason, sides))
    return found


def _compare_pages(rows: list[tuple[Any, str, FigureRange]], is_sum: bool) -> dict[str, list[str]]:
    """Return value -> ids of the values of pages that cannot agree; with `is_sum` a page's values may be parts of one."""
    own: dict[str, dict[str, FigureRange]] = defaultdict(dict)
    for row, size, figure in rows:
        own[row.article_id][size] = figure
    pages = {
        page: tuple(sorted({(figure.low, figure.high) for figure in values.values()}))
        for page, values in own.items()
    }

    def agree(one: tuple, other: tuple) -> bool:
        return any(
            a[0] <= b[1] and b[0] <= a[1]
            for a in _add_sum(one, is_sum)
            for b in _add_sum(other, is_sum)
        )

    kinds = set(pages.values())
    clashing = {one for one in kinds for other in kinds if one != other and not agree(one, other)}
    return group_sides(
        (size, row.quantity_id) for row, size, _ in rows if pages[row.article_id] in clashing
    )


def _add_sum(values: tuple, is_sum: bool) -> tuple:
    if not is_sum or len(values) < 2:
        return values
    return (*values, (sum(low for low, _ in values), sum(high for _, high in values)))


def _find_conflicting(
    pages: Mapping[str, Iterable[str]], agree: Callable[[str, str], bool]
) -> set[str]:
    """Return the codes of pages of which no code can hold together with any of another page's."""
    kinds = {frozenset(codes) for codes in pages.values()}
    return {
        code
        for one in kinds
        for other in kinds
        if not any(agree(a, b) for a in one for b in other)
        for code in one
    }


def _measure(row: Any) -> tuple[str, str]:
    """Return (size, dimension): terms in months, so that six months and half a year agree; else value and unit."""
    if row.unit in _MONTHS_IN_UNIT:
        return f"{float(row.value) * _MONTHS_IN_UNIT[row.unit]:g} month", "time"
    return f"{float(row.value):.12g} {row.unit}".strip(), row.unit


def _may_agree(one: str, other: str, book: Mapping[str, Any]) -> bool:
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
