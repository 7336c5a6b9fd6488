"""Quantities -> the sums that can be checked: a share of a count, one amount in two currencies."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping
from itertools import combinations, product
from typing import Any

import pandas as pd

from hkresearch.tables.select_rows import choose_subject, choose_where, iterate_pages

_COLUMNS = ["subject", "variable", "sum", "result", "agrees", "article_id", "evidence"]


def check_arithmetic(tables: Any, subject: str = "") -> pd.DataFrame:
    """Return every sum that the quantities allow, one row each, with its annotations.

    A share of a count agrees when some whole number gives that share, rounded; two currencies agree
    when the rate lies between the bounds that the codebook gives in [rates], and their rate is
    shown in any case. With `subject`, only the sums about it.
    """
    quantities = choose_subject(
        tables.quantities, tables.quantities.columns, "organisation", subject
    )
    rows = [*_check_shares(quantities, tables.codebook), *_check_rates(quantities, tables)]
    frame = pd.DataFrame(rows, columns=_COLUMNS)
    return frame.sort_values(["subject", "variable", "article_id", "sum"], ignore_index=True)


def _check_shares(quantities: pd.DataFrame, book: Mapping[str, Any]) -> list[tuple]:
    variables = book.get("variables", {})
    rows = []
    columns = ["quantity_id", "organisation", "variable", "value", "unit", "period"]
    for _, page in iterate_pages(quantities, columns):
        for share, count in product(page, page):
            of = variables.get(share.variable, {}).get("of", "")
            if (
                (share.organisation, of) == (count.organisation, count.variable)
                and share.unit == "percent"
                and (count.period == share.period and float(count.value) > 0)
            ):
                rows.append(_check_share(share, count))
    return rows


def _check_share(share: Any, count: Any) -> tuple:
    total, percent = float(count.value), float(share.value)
    decimals = len(share.value.partition(".")[2])
    near = round(total * percent / 100)
    width = (
        int(total / 200) + 1
    )  # as many whole numbers as a share rounded to one percent leaves open
    possible = range(max(0, near - width), min(int(total), near + width) + 1)
    ends = [
        find(possible, percent, key=lambda k: round(100 * k / total, decimals))
        for find in (bisect_left, bisect_right)
    ]
    fits = possible[slice(*ends)]
    result = (
        f"{fits[0]} to {fits[-1]}"
        if len(fits) > 1
        else str(fits[0])
        if fits
        else f"{total * percent / 100:.1f}"
    )
    return (share.organisation, share.variable, f"{share.value} % of {count.value}", result, bool(fits),
            share.article_id, [count.quantity_id, share.quantity_id])  # fmt: skip


def _check_rates(quantities: pd.DataFrame, tables: Any) -> list[tuple]:
    """Return the rates of amounts in two currencies: one subject, variable and line of a page."""
    bounds = _read_rates(tables.codebook)
    unit = quantities["unit"]
    amounts = quantities[(unit.str.len() == 3) & unit.str.isupper()]
    lines = choose_where(
        tables.passages, ["annotation_id", "line"], "annotation_id", amounts["quantity_id"]
    )
    line_of = dict(zip(lines["annotation_id"], lines["line"], strict=True))
    groups: dict[tuple, list[Any]] = defaultdict(list)
    for row in amounts.itertuples(index=False):
        groups[row.article_id, line_of.get(row.quantity_id), row.organisation, row.variable].append(
            row
        )
    rows = []
    for (article_id, _, subject, variable), group in groups.items():
        for one, two in combinations(
            sorted(group, key=lambda r: (float(r.value), r.unit, r.quantity_id)), 2
        ):
            if one.unit != two.unit and float(one.value):
                rate = round(float(two.value) / float(one.value), 2)
                low, high = bounds.get((one.unit, two.unit), (rate, rate))
                text = f"{two.unit} {two.value} / {one.unit} {one.value}"
                rows.append((subject, variable, text, f"{rate:.2f}", low <= rate <= high, article_id,
                             [one.quantity_id, two.quantity_id]))  # fmt: skip
    return rows


def _read_rates(book: Mapping[str, Any]) -> dict[tuple[str, str], tuple[float, float]]:
    return {
        (one, two): (float(low), float(high))
        for one, others in book.get("rates", {}).items()
        for two, (low, high) in others.items()
    }
