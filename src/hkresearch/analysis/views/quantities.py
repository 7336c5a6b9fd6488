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
    "organisation", "quantity", "bound", "value", "unit", "period", "scope", "n_articles",
    "n_origins", "status", "evidence",
]  # fmt: skip
QUANTITY_TEXTS = (
    "organisation", "variable", "bound", "unit", "period", "scope", "status", "quantity_id",
)  # fmt: skip
BACKGROUND_KINDS = ("place", "law", "event")
CHECK_COLUMNS = ["organisation", "about", "sum", "result", "fits", "pages", "evidence"]
CURRENCY = re.compile(r"[A-Z]{3}\Z")  # ISO 4217
_BOUND_WORDS = {"more": "at least", "fewer": "at most", "about": "about"}
MOST_NAMED_NUMBERS = 3  # numbers that the answer names
DAYS = {"hour": 1 / 24, "day": 1, "week": 7, "month": 365.25 / 12, "year": 365.25}


def list_quantities(tables: Tables, organisation: str = "") -> pd.DataFrame:
    """Return one row per distinct number, what pages contest first.

    It says whose the number is, of what, in which unit, for which period, in how many pages.
    """
    rows = _join_claims(tables, organisation)
    texts = {name: map_texts(rows[name], str) for name in QUANTITY_TEXTS}
    numbers = rows["number"].to_numpy()
    n_articles = rows["n_articles"].to_numpy(dtype=int)
    n_origins = rows["n_origins"].to_numpy(dtype=int)
    found = []
    for places in rows.groupby("claim_id", sort=True).indices.values():
        first = places[0]
        scopes = sorted(set(texts["scope"][places]) - {""})
        bounds = {_BOUND_WORDS.get(bound, "") for bound in texts["bound"][places]}
        found.append(
            {
                "organisation": name_entity(tables, texts["organisation"][first]),
                "quantity": name_variable(tables, texts["variable"][first]),
                "bound": bounds.pop() if len(bounds) == 1 else "",
                "value": numbers[first],
                "unit": texts["unit"][first],
                "period": write_period(texts["period"][first]),
                "scope": join_words(scopes),
                "n_articles": n_articles[first],
                "n_origins": n_origins[first],
                "status": texts["status"][first],
                "evidence": gather_ids(texts["quantity_id"][places]),
            }
        )
    frame = pd.DataFrame(found, columns=QUANTITY_COLUMNS)
    frame = frame.assign(is_calm=frame["status"] != "contested")
    order = ["is_calm", "organisation", "quantity", "period", "unit", "value"]
    frame = frame.sort_values(order, ignore_index=True).drop(columns="is_calm")
    unused = [name for name in ("bound", "scope") if not (frame[name] != "").any()]
    return frame.drop(columns=unused)


def _join_claims(tables: Tables, organisation: str = "") -> pd.DataFrame:
    """Return the quantities with their claims, their numbers and their scopes, in page order."""
    claims = tables.claims[["claim_id", "n_articles", "n_origins", "status"]]
    rows = choose_organisation(tables.quantities, organisation)
    rows = rows.merge(claims, on="claim_id", how="inner")
    rows = rows.sort_values(["article_id", "start", "quantity_id"], ignore_index=True)
    scopes = choose_where(tables.annotations, ["subject", "code"], "variable", ["scope"])
    bounds = choose_where(tables.annotations, ["subject", "code"], "variable", ["bound"])
    return rows.assign(
        number=map_texts(rows["value"], _read_number).tolist(),
        scope=look_up(rows["quantity_id"], scopes["subject"], scopes["code"]),
        bound=look_up(rows["quantity_id"], bounds["subject"], bounds["code"]),
    )


def _read_number(value: str) -> float | int:
    number = float(value)
    return int(number) if number.is_integer() else number


def check_quantities(tables: Tables, organisation: str = "") -> pd.DataFrame:
    """Return the sums that the numbers of one page allow, and whether they fit together.

    Nothing is corrected.
    """
    sums = check_arithmetic(tables, organisation)
    names = name_pages(tables)
    pages = map_texts(sums["article_id"], str)
    evidence = sums["evidence"].to_numpy()
    groups = sums.groupby(["subject", "variable", "sum", "result", "agrees"]).indices
    rows = []
    for (subject, variable, text, result, agrees), places in groups.items():
        if organisation not in ("", subject):
            continue
        rows.append(
            {
                "organisation": name_entity(tables, subject),
                "about": name_variable(tables, variable),
                "sum": text,
                "result": result,
                "fits": bool(agrees),
                "pages": list_page_names(names, pages[places]),
                "evidence": gather_ids(id for ids in evidence[places] for id in ids),
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


def _write_value(value: float, unit: str, quantity: str) -> str:
    """Return a number with its unit, unless the name of the quantity has the unit already."""
    is_named = bool(unit) and write_plural(unit) in quantity.split()
    return write_number(value) if is_named else write_quantity(value, unit)


def write_plural(noun: str) -> str:
    """Return the regular English plural of a unit: accounts, categories."""
    if noun.endswith("y") and noun[-2:-1] not in ("a", "e", "o", "u"):
        return noun[:-1] + "ies"
    return noun + "s" if noun and not noun.endswith("s") else noun


def summarise_quantities(tables: Tables, organisation: str = "") -> tuple[str, list[str]]:
    """Return in one sentence the numbers that pages contest, then those that most origins give.

    With its evidence. What is counted of a place or a law, such as years since an event, comes
    after what is counted of organisations.
    """
    quantities = list_quantities(tables, check_organisation(tables, organisation))
    if quantities.empty:
        return "No page gives a number that the codebook asks for.", []
    is_contested = quantities["status"] == "contested"
    contested = quantities[is_contested]
    is_background = quantities["organisation"].isin(_list_background(tables))
    rest = quantities[~is_contested & ~is_background]
    rest = rest.sort_values(["n_origins", "n_articles"], ascending=False, kind="stable")
    if rest.empty and contested.empty:
        rest = quantities
    shown = rest.head(MOST_NAMED_NUMBERS)
    text = count_things(len(quantities), "number") + _say_contested(contested)
    if len(contested):
        text += f". Not contested: {_write_numbers(shown, 'and')}" if len(shown) else ""
    else:
        text += f", none contested: {_write_numbers(shown, 'and')}"
    n_more = len(rest) - len(shown)
    text += f"; and {n_more} more" if n_more else ""
    evidence = [*contested["evidence"], *shown["evidence"]]
    return text + ".", gather_ids(id for ids in evidence for id in ids)


def _say_contested(contested: pd.DataFrame) -> str:
    """Return the contested numbers in words; of too many those in the most pages."""
    if contested.empty:
        return ""
    chosen = contested.sort_values("n_articles", ascending=False, kind="stable").head(NAMED)
    numbers = _write_numbers(chosen.sort_index(), "or")
    n_more = len(contested) - len(chosen)
    more = f"; and {n_more:,} more contested" if n_more else ""
    return f", {len(contested)} contested: {numbers}{more}"


def _list_background(tables: Tables) -> set[str]:
    """Return the names of what is neither an organisation nor somebody whom a rule addresses."""
    entities = tables.codebook.get("entities", {})
    return {
        name_entity(tables, id)
        for id, entity in entities.items()
        if entity.get("kind") in BACKGROUND_KINDS
    }


def _write_numbers(rows: pd.DataFrame, last: str) -> str:
    """Return numbers in words: those of one organisation and period together, by quantity.

    `last` is the word before the last of several values.
    """
    phrases = []
    for (organisation, period), group in rows.groupby(["organisation", "period"], sort=False):
        numbers = []
        for quantity, alike in group.groupby("quantity", sort=False):
            values = [
                f"{getattr(row, 'bound', '')} {_write_value(row.value, row.unit, quantity)}".strip()
                for row in alike.itertuples(index=False)
            ]
            numbers.append(f"{quantity} {join_words(values, last)}")
        when = f" ({period})" if period else ""
        phrases.append(f"{organisation}{when}: {', '.join(numbers)}")
    return "; ".join(phrases)
