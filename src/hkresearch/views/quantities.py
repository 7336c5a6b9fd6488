"""Tables -> the numbers that pages give, with unit and period, and whether they fit together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING

import pandas as pd

from .wording import (
    choose_organisation, count_things, gather_ids, join_words, list_page_names, name_entity,
    name_pages, name_variable, write_number, write_period,
)  # fmt: skip

if TYPE_CHECKING:
    from ..tables import Tables

QUANTITY_COLUMNS = [
    "organisation", "quantity", "value", "unit", "period", "scope", "n_articles", "n_origins", "status", "evidence",
]  # fmt: skip
CHECK_COLUMNS = ["organisation", "check", "result", "pages", "evidence"]
CURRENCY = re.compile(r"[A-Z]{3}\Z")  # ISO 4217
DAYS = {"hour": 1 / 24, "day": 1, "week": 7, "month": 365.25 / 12, "year": 365.25}


def list_quantities(tables: Tables, organisation: str = "") -> pd.DataFrame:
    """Return one row per distinct number: whose, of what, in which unit, for which period, in how many pages."""
    rows = _join_claims(tables, organisation)
    found = []
    for _, group in rows.groupby("claim_id", sort=True):
        first = group.iloc[0]
        found.append(
            {
                "organisation": name_entity(tables, first["organisation"]),
                "quantity": name_variable(tables, first["variable"]),
                "value": first["number"],
                "unit": first["unit"],
                "period": first["period"],
                "scope": join_words(sorted(set(group["scope"]) - {""})),
                "n_articles": int(first["n_articles"]),
                "n_origins": int(first["n_origins"]),
                "status": first["status"],
                "evidence": gather_ids(group["quantity_id"]),
            }
        )
    frame = pd.DataFrame(found, columns=QUANTITY_COLUMNS)
    frame = frame.sort_values(["unit", "organisation", "quantity", "period", "value"], ignore_index=True)
    return frame if (frame["scope"] != "").any() else frame.drop(columns="scope")


def _join_claims(tables: Tables, organisation: str = "") -> pd.DataFrame:
    rows = choose_organisation(tables.quantities, organisation)
    claims = tables.claims[["claim_id", "n_articles", "n_origins", "status"]]
    rows = rows.merge(claims, on="claim_id", how="inner").sort_values(["article_id", "start", "quantity_id"])
    scopes = tables.annotations[tables.annotations["variable"] == "scope"].set_index("subject")["code"]
    scopes = scopes[~scopes.index.duplicated()]
    return rows.assign(
        number=[_read_number(value) for value in rows["value"]],
        scope=[scopes.get(id, "") for id in rows["quantity_id"]],
    ).reset_index(drop=True)


def _read_number(value: str) -> float | int:
    number = float(value)
    return int(number) if number.is_integer() else number


def check_quantities(tables: Tables, organisation: str = "") -> pd.DataFrame:
    """Return what follows from the numbers that one page gives together: shares of counts, ratios, rates of exchange.

    Nothing is corrected: the result stands beside its inputs so that a reader sees whether they fit.
    """
    rows, names = _join_claims(tables, organisation), name_pages(tables)
    found: dict[tuple[str, str, str], dict[str, list[str]]] = {}
    for (owner, article), group in rows.groupby(["organisation", "article_id"], sort=True):
        records = list(group.drop_duplicates(["variable", "number", "unit", "period"]).itertuples(index=False))
        for check, result, evidence in _compute_checks(tables, records):
            entry = found.setdefault((name_entity(tables, owner), check, result), {"pages": [], "evidence": []})
            entry["pages"].append(article)
            entry["evidence"] += evidence
    frame = pd.DataFrame(
        [
            {"organisation": who, "check": check, "result": result, "pages": list_page_names(names, entry["pages"]),
             "evidence": gather_ids(entry["evidence"])}
            for (who, check, result), entry in sorted(found.items())
        ],
        columns=CHECK_COLUMNS,
    )  # fmt: skip
    return frame


def _compute_checks(tables: Tables, records: list) -> Iterator[tuple[str, str, list[str]]]:
    for one in records:
        if one.unit == "percent" and not 0 <= one.number <= 100:
            what = f"{name_variable(tables, one.variable)}: {write_number(one.number)} percent"
            yield what, "not a share: outside 0 to 100", [one.quantity_id]
    for one, other in combinations(records, 2):
        evidence = [one.quantity_id, other.quantity_id]
        if one.unit == "percent" and other.unit != "percent":
            one, other = other, one
        if other.unit == "percent" and _is_count(one) and one.period == other.period:
            count = write_quantity(one.number, one.unit)
            share = one.number * other.number / 100
            yield f"{write_number(other.number)} % of {count}", f"about {write_quantity(round(share), one.unit)}", evidence
        elif _is_count(one) and _is_count(other) and one.unit != other.unit and one.period == other.period:
            big, small = sorted((one, other), key=lambda row: (-row.number, row.unit))
            if small.number:
                check = f"{write_quantity(big.number, big.unit)} ÷ {write_quantity(small.number, small.unit)}"
                yield check, f"{write_number(round(big.number / small.number, 2))} {big.unit}s per {small.unit}", evidence
        elif CURRENCY.match(one.unit) and CURRENCY.match(other.unit) and one.unit != other.unit and one.variable == other.variable:
            big, small = sorted((one, other), key=lambda row: (-row.number, row.unit))
            if small.number:
                check = f"{big.unit} {write_number(big.number)} ÷ {small.unit} {write_number(small.number)}"
                yield check, f"{write_number(round(big.number / small.number, 3))} {big.unit} to one {small.unit}", evidence


def _is_count(row) -> bool:
    return bool(row.unit) and row.unit != "percent" and row.unit not in DAYS and not CURRENCY.match(row.unit)


def write_quantity(value: float, unit: str) -> str:
    """Return a number with its unit as a reader writes it: "46 %", "HKD 100,000", "6 months"."""
    number = write_number(value)
    if unit == "percent":
        return f"{number} %"
    if CURRENCY.match(unit):
        return f"{unit} {number}"
    return f"{number} {unit}{'s' if unit and float(value) != 1 else ''}".strip()


def summarise_quantities(tables: Tables, organisation: str = "") -> tuple[str, list[str]]:
    """Return in one sentence, with its evidence, the numbers that most pages give."""
    quantities = list_quantities(tables, organisation)
    if quantities.empty:
        return "No page gives a number that the codebook asks for.", []
    ranked = quantities.sort_values(["n_articles", "n_origins"], ascending=False, kind="stable").head(4)
    parts = [
        f"{row.organisation}, {row.quantity}: {write_quantity(row.value, row.unit)}"
        + (f" ({write_period(row.period)})" if row.period else "")
        for row in ranked.itertuples(index=False)
    ]
    contested = int((quantities["status"] == "contested").sum())
    text = f"{count_things(len(quantities), 'number')}, {contested or 'none'} of them contested. " + "; ".join(parts) + "."
    return text, gather_ids(id for ids in ranked["evidence"] for id in ids)
