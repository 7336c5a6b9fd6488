"""Facts and quantities -> where one variable has two values, or two dates the wrong order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from itertools import product
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from hkresearch.reconcile.contradiction_types import (
    Contradiction,
    group_sides,
    is_date,
    read_bounds,
)
from hkresearch.reconcile.figure_scopes import FigureRange, read_figures
from hkresearch.tables.select_rows import choose_subject, choose_where, iterate_rows
from hkresearch.tables.tables import Tables
from hkresearch.tables.text_columns import is_among

_MONTHS_IN_UNIT = {"month": 1, "year": 12}
_COUNTED = ("count", "percent")
_TWO_ANSWERS = "two answers where only one can hold"


def find_values(tables: Tables, subject: str = "") -> list[Contradiction]:
    """Return the variables with one value a subject that have two on two pages.

    Numbers are compared within one dimension, period, scope and kind of thing counted; a count
    needs a period. A page's own values may add up to the other page's.
    """
    return _find_figures(tables, subject) + _find_facts(tables, subject)


def _find_facts(tables: Tables, subject: str) -> list[Contradiction]:
    found = []
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


class _FigureKey(NamedTuple):
    """What two figures must have in common to be compared."""

    organisation: str
    variable: str
    dimension: str
    period: str
    scope: str
    kind: str
    jointly: str  # the organisations of which the figure is given at once, if several


class _Figure(NamedTuple):
    """A row of the table of quantities, its size in words, and its range in the base unit."""

    row: Any
    size: str
    range: FigureRange


_Bounds = tuple[float, float]


def _find_figures(tables: Tables, subject: str) -> list[Contradiction]:
    variables = tables.codebook.get("variables", {})
    found = []
    for key, figures in sorted(_group_figures(tables, subject).items()):
        is_sum = key.dimension == variables[key.variable].get("unit", "")
        sides = _compare_pages(figures, is_sum)
        if sides:
            where = ", ".join(filter(None, (key.period, key.scope)))
            reason = f"{_TWO_ANSWERS} ({where})" if where else _TWO_ANSWERS
            found.append(Contradiction("value", key.organisation, key.variable, reason, sides))
    return found


def _group_figures(tables: Tables, subject: str) -> dict[_FigureKey, list[_Figure]]:
    """Return the figures of variables that have one value a subject."""
    variables = tables.codebook.get("variables", {})
    columns = ["quantity_id", "article_id", "start", "end", "organisation", "variable", "value"]
    columns += ["unit", "period"]
    quantities = choose_subject(tables.quantities, columns, "organisation", subject)
    single = [name for name, variable in variables.items() if variable.get("single")]
    quantities = quantities[quantities["variable"].isin(single)]
    quantities = _drop_supplied_periods(tables, quantities)
    scopes = _read_scopes(tables, quantities["quantity_id"])
    ranges = read_figures(tables, quantities)
    joint = _find_joint(tables, quantities["article_id"])
    groups: dict[_FigureKey, list[_Figure]] = defaultdict(list)
    for row in iterate_rows(quantities, columns):
        is_count = variables[row.variable].get("measures", "") in _COUNTED
        if row.quantity_id not in ranges or (is_count and not row.period):
            continue  # without a period, two may lie behind two numbers
        size, dimension = _measure(row)
        figure = ranges[row.quantity_id]
        scope = scopes.get(row.quantity_id, "")
        kind = " ".join(sorted(figure.kind))
        jointly = joint.get((row.article_id, row.start, row.end, row.variable), "")
        key = _FigureKey(
            row.organisation, row.variable, dimension, row.period, scope, kind, jointly
        )
        scale = float(size.split()[0]) / float(row.value) if float(row.value) else 1.0
        scaled = figure._replace(low=figure.low * scale, high=figure.high * scale)
        groups[key].append(_Figure(row, size, scaled))
    return groups


def _find_joint(tables: Tables, pages: Iterable[str]) -> dict[tuple[str, int, int, str], str]:
    """Return (page, start, end, variable) -> the organisations that one figure is given of.

    Such a figure, as the highest term for a whole list, is no other value than that of one of them.
    """
    columns = ["article_id", "start", "end", "variable", "organisation"]
    rows = choose_where(tables.quantities, columns, "article_id", set(pages))
    named: dict[tuple[str, int, int, str], set[str]] = defaultdict(set)
    for page, start, end, variable, organisation in rows.itertuples(index=False, name=None):
        named[page, start, end, variable].add(organisation)
    return {place: ";".join(sorted(ids)) for place, ids in named.items() if len(ids) > 1}


def _drop_supplied_periods(tables: Tables, quantities: pd.DataFrame) -> pd.DataFrame:
    """Return the figures but those of a period whose year the page neither prints nor dates.

    Which year "last year" is on such a page is a guess.
    """
    articles = tables.articles[["article_id", "date_published"]].fillna("")
    undated = set(articles["article_id"][articles["date_published"] == ""])
    of_undated = quantities[is_among(quantities["article_id"], undated)]
    columns = ["article_id", "variable", "exact"]
    pages = sorted(set(of_undated["article_id"]))
    parts = choose_where(tables.annotations, columns, "article_id", pages)
    texts: dict[str, str] = defaultdict(str)
    for row in parts[parts["variable"] == "part"].itertuples(index=False):
        texts[row.article_id] += f"{row.exact}\n"
    is_supplied = [
        bool(period) and page in undated and period[:4] not in texts[page]
        for page, period in zip(quantities["article_id"], quantities["period"], strict=True)
    ]
    return quantities[~np.array(is_supplied, dtype=bool)]


def _compare_pages(figures: list[_Figure], is_sum: bool) -> dict[str, list[str]]:
    """Return value -> ids of the values of pages that cannot agree.

    With `is_sum` a page's values may be parts of one.
    """
    bounds: dict[str, set[_Bounds]] = defaultdict(set)
    for row, _, found in figures:
        bounds[row.article_id].add((found.low, found.high))
    pages = {page: tuple(sorted(values)) for page, values in bounds.items()}

    def agree(one: tuple[_Bounds, ...], other: tuple[_Bounds, ...]) -> bool:
        return any(
            low <= other_high and other_low <= high
            for low, high in _add_sum(one, is_sum)
            for other_low, other_high in _add_sum(other, is_sum)
        )

    kinds = set(pages.values())
    clashing = {one for one in kinds for other in kinds if one != other and not agree(one, other)}
    return group_sides(
        (size, row.quantity_id) for row, size, _ in figures if pages[row.article_id] in clashing
    )


def _add_sum(values: tuple[_Bounds, ...], is_sum: bool) -> tuple[_Bounds, ...]:
    if not is_sum or len(values) < 2:
        return values
    return (*values, (sum(low for low, _ in values), sum(high for _, high in values)))


def _find_conflicting(
    pages: Mapping[str, Iterable[str]], agree: Callable[[str, str], bool]
) -> set[str]:
    """Return the codes of pages of which no code can hold together with any of another page's."""
    kinds = {frozenset(codes) for codes in pages.values()}
    conflicting: set[str] = set()
    for one in kinds:
        for other in kinds:
            if not any(agree(code, other_code) for code in one for other_code in other):
                conflicting |= one
    return conflicting


def _measure(row: Any) -> tuple[str, str]:
    """Return size and dimension: terms in months, so that 6 months and half a year agree."""
    if row.unit in _MONTHS_IN_UNIT:
        return f"{float(row.value) * _MONTHS_IN_UNIT[row.unit]:g} month", "time"
    return f"{float(row.value):.12g} {row.unit}".strip(), row.unit


def _may_agree(one: str, other: str, book: Mapping[str, Any]) -> bool:
    """Return whether two codes can both hold: dates less precise, a place and its part."""
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


def _read_scopes(tables: Tables, ids: pd.Series) -> dict[str, str]:
    rows = choose_where(tables.annotations, ["subject", "code"], "variable", ["scope"])
    rows = rows[is_among(rows["subject"], ids)]
    return dict(zip(rows["subject"].to_list(), rows["code"].to_list(), strict=True))


def find_orders(tables: Tables, subject: str = "") -> list[Contradiction]:
    """Return dates that come before another one that they must not, by the book's `not_before`."""
    found, variables = [], tables.codebook.get("variables", {})
    for later, variable in sorted(variables.items()):
        if not (earlier := variable.get("not_before")):
            continue
        ends, begins = _group_codes(tables, later, subject), _group_codes(tables, earlier, subject)
        for about in sorted(ends):
            sides = {}
            for end, begin in product(ends[about], begins.get(about, ())):
                if read_bounds(end)[1] < read_bounds(begin)[0]:
                    sides[f"{later} {end}"] = ends[about][end]
                    sides[f"{earlier} {begin}"] = begins[about][begin]
            if sides:
                names = [variables[id].get("label") or id for id in (later, earlier)]
                reason = f"“{names[0]}” is dated before “{names[1]}”"
                found.append(Contradiction("order", about, later, reason, sides))
    return found


def _group_codes(tables: Tables, variable: str, subject: str) -> dict[str, dict[str, list[str]]]:
    groups: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    rows = choose_where(
        tables.annotations, ["annotation_id", "subject", "code"], "variable", [variable]
    )
    for row in choose_subject(rows, rows.columns, "subject", subject).itertuples(index=False):
        groups[row.subject][row.code].append(row.annotation_id)
    return groups
