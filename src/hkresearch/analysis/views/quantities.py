"""Tables -> the numbers that pages give, with unit and period, and whether they fit together."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

from hkresearch.analysis.views.wording import (
    NAMED,
    check_organisation,
    choose_organisation,
    count_things,
    gather_ids,
    join_words,
    list_page_names,
    name_entity,
    name_pages,
    name_variable,
    write_number,
    write_period,
)  # fmt: skip
from hkresearch.reconcile import check_arithmetic
from hkresearch.tables.select_rows import choose_where
from hkresearch.tables.text_columns import look_up, map_texts

if TYPE_CHECKING:
    from hkresearch.tables.tables import Tables

QUANTITY_COLUMNS = [
    "organisation", "quantity", "value", "unit", "period", "scope", "n_articles", "n_origins",
    "status", "evidence",
]  # fmt: skip
CHECK_COLUMNS = ["organisation", "about", "sum", "result", "fits", "pages", "evidence"]
CURRENCY = re.compile(r"[A-Z]{3}\Z")  # ISO 4217
SHOWN = 3  # numbers that the answer names
DAYS = {"hour": 1 / 24, "day": 1, "week": 7, "month": 365.25 / 12, "year": 365.25}


def list_quantities(tables: Tables, organisation: str = "") -> pd.DataFrame:
    """Return one row per distinct number: whose, of what, in which unit, for which period, in how
    many pages.
    """
    rows, found = _join_claims(tables, organisation), []
    names = ("organisation", "variable", "unit", "period", "scope", "status", "quantity_id")
    texts, counts = (
        {name: map_texts(rows[name], str) for name in names},
        rows[["n_articles", "n_origins"]].to_numpy(dtype=int),
    )
    numbers = rows["number"].to_numpy()
    for places in rows.groupby("claim_id", sort=True).indices.values():
        first = places[0]
        found.append(
            {
                "organisation": name_entity(tables, texts["organisation"][first]),
                "quantity": name_variable(tables, texts["variable"][first]),
                "value": numbers[first],
                "unit": texts["unit"][first],
                "period": write_period(texts["period"][first]),
                "scope": join_words(sorted(set(texts["scope"][places]) - {""})),
                "n_articles": counts[first, 0],
                "n_origins": counts[first, 1],
                "status": texts["status"][first],
                "evidence": gather_ids(texts["quantity_id"][places]),
            }
        )
    frame = pd.DataFrame(found, columns=QUANTITY_COLUMNS)
    frame = frame.assign(calm=frame["status"] != "contested")  # what pages contest comes first
    frame = frame.sort_values(
        ["calm", "organisation", "quantity", "period", "unit", "value"], ignore_index=True
    )
    return frame.drop(columns=["calm"] if (frame["scope"] != "").any() else ["calm", "scope"])


def _join_claims(tables: Tables, organisation: str = "") -> pd.DataFrame:
    rows = choose_organisation(tables.quantities, organisation)
    claims = tables.claims[["claim_id", "n_articles", "n_origins", "status"]]
    rows = rows.merge(claims, on="claim_id", how="inner").sort_values(
        ["article_id", "start", "quantity_id"], ignore_index=True
    )
    scopes = choose_where(tables.annotations, ["subject", "code"], "variable", ["scope"])
    return rows.assign(
        number=map_texts(rows["value"], _read_number).tolist(),
        scope=look_up(rows["quantity_id"], scopes["subject"], scopes["code"]),
    )


def _read_number(value: str) -> float | int:
    number = float(value)
    return int(number) if number.is_integer() else number


def check_quantities(tables: Tables, organisation: str = "") -> pd.DataFrame:
    """Return the sums that the numbers of one page allow, and whether they fit together.

    Nothing is corrected.
    """
    sums, names, rows = check_arithmetic(tables, organisation), name_pages(tables), []
    pages, marks = map_texts(sums["article_id"], str), sums["evidence"].to_numpy()
    groups = sums.groupby(["subject", "variable", "sum", "result", "agrees"]).indices
    for (subject, variable, text, result, agrees), places in groups.items():
        if organisation in ("", subject):
            rows.append(
                {
                    "organisation": name_entity(tables, subject),
                    "about": name_variable(tables, variable),
                    "sum": text,
                    "result": result,
                    "fits": bool(agrees),
                    "pages": list_page_names(names, pages[places]),
                    "evidence": gather_ids(id for ids in marks[places] for id in ids),
                }
            )
    frame = pd.DataFrame(rows, columns=CHECK_COLUMNS)
    return frame.sort_values(["fits", "organisation", "about", "sum"], ignore_index=True)


def write_quantity(value: float, unit: str) -> str:
    """Return a number with its unit as a reader writes it: "46 %", "HKD 100,000", "6 months"."""
    number = write_number(value)
    if unit == "percent":
        return f"{number} %"
    if CURRENCY.match(unit):
        return f"{unit} {number}"
    return f"{number} {unit if float(value) == 1 else write_plural(unit)}".strip()


def write_plural(noun: str) -> str:
    """Return the regular English plural of a unit: accounts, categories."""
    if noun.endswith("y") and noun[-2:-1] not in ("a", "e", "o", "u"):
        return noun[:-1] + "ies"
    return noun + "s" if noun and not noun.endswith("s") else noun


def summarise_quantities(tables: Tables, organisation: str = "") -> tuple[str, list[str]]:
    """Return in one sentence, with its evidence, the numbers that pages contest, then those that
    most origins give.

    What is counted of a place or a law, such as years since an event, comes after what is counted
    of organisations.
    """
    quantities = list_quantities(tables, check_organisation(tables, organisation))
    if quantities.empty:
        return "No page gives a number that the codebook asks for.", []
    contested = quantities["status"] == "contested"
    background = quantities["organisation"].isin(_list_background(tables))
    rest = quantities[~contested & ~background].sort_values(
        ["n_origins", "n_articles"], ascending=False, kind="stable"
    )
    rest = rest if len(rest) or contested.any() else quantities
    shown = rest.head(SHOWN)
    text = count_things(len(quantities), "number")
    if contested.any():
        told = (
            quantities[contested]
            .sort_values("n_articles", ascending=False, kind="stable")
            .head(NAMED)
            .sort_index()
        )
        text += f", {int(contested.sum())} contested: {_write_numbers(told, 'or')}"
        text += (
            f"; and {int(contested.sum()) - NAMED:,} more contested"
            if contested.sum() > NAMED
            else ""
        )
        text += f". Not contested: {_write_numbers(shown, 'and')}" if len(shown) else ""
    else:
        text += f", none contested: {_write_numbers(shown, 'and')}"
    text += f"; and {len(rest) - len(shown)} more" if len(rest) > len(shown) else ""
    evidence = [*quantities[contested]["evidence"], *shown["evidence"]]
    return text + ".", gather_ids(id for ids in evidence for id in ids)


def _list_background(tables: Tables) -> set[str]:
    """The names of what is neither an organisation nor somebody whom a rule addresses."""
    kinds = {id: entity.get("kind") for id, entity in tables.codebook.get("entities", {}).items()}
    return {
        name_entity(tables, id) for id, kind in kinds.items() if kind in ("place", "law", "event")
    }


def _write_numbers(rows: pd.DataFrame, last: str) -> str:
    """Numbers of one organisation and period stand together, and in them those of one quantity."""
    phrases = []
    for (who, period), group in rows.groupby(["organisation", "period"], sort=False):
        numbers = []
        for what, alike in group.groupby("quantity", sort=False):
            values = join_words(
                (write_quantity(row.value, row.unit) for row in alike.itertuples(index=False)), last
            )
            numbers.append(f"{what} {values}")
        phrases.append(f"{who}{f' ({period})' if period else ''}: {', '.join(numbers)}")
    return "; ".join(phrases)
