"""Quantities -> the sums that can be checked: a share of a count, one amount in two currencies."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping
from itertools import combinations, product
from typing import Any, NamedTuple

import pandas as pd

from hkresearch.tables.select_rows import choose_subject, choose_where, iterate_pages
from hkresearch.tables.tables import Tables


class _Sum(NamedTuple):
    """A sum, its result, whether the page agrees with it, and the annotations it rests on."""

    subject: str
    variable: str
    sum: str
    result: str
    agrees: bool
    article_id: str
    evidence: list[str]


def check_arithmetic(tables: Tables, subject: str = "") -> pd.DataFrame:
    """Return every sum that the quantities allow, one row each, with its annotations.

    A share of a count agrees when some whole number gives that share, rounded; two currencies agree
    when the rate lies between the bounds that the codebook gives in [rates], and their rate is
    shown in any case. With `subject`, only the sums about it.
    """
    columns = list(tables.quantities.columns)
    quantities = choose_subject(tables.quantities, columns, "organisation", subject)
    sums = [*_check_shares(quantities, tables.codebook), *_check_rates(quantities, tables)]
    frame = pd.DataFrame(sums, columns=list(_Sum._fields))
    return frame.sort_values(["subject", "variable", "article_id", "sum"], ignore_index=True)


def _check_shares(quantities: pd.DataFrame, book: Mapping[str, Any]) -> list[_Sum]:
    variables = book.get("variables", {})
    sums = []
    columns = ["quantity_id", "organisation", "variable", "value", "unit", "period"]
    for article_id, rows in iterate_pages(quantities, columns):
        for share, count in product(rows, rows):
            counted = variables.get(share.variable, {}).get("of", "")
            key = (share.organisation, counted, share.period)
            is_of = key == (count.organisation, count.variable, count.period)
            if is_of and share.unit == "percent" and float(count.value) > 0:
                sums.append(_check_share(article_id, share, count))
    return sums


def _check_share(article_id: str, share: Any, count: Any) -> _Sum:
    total, percent = float(count.value), float(share.value)
    decimals = len(share.value.partition(".")[2])
    near = round(total * percent / 100)
    # as many whole numbers as a share rounded to one percent leaves open
    width = int(total / 200) + 1
    possible = range(max(0, near - width), min(int(total), near + width) + 1)

    def round_share(number: int) -> float:
        return round(100 * number / total, decimals)

    first = bisect_left(possible, percent, key=round_share)
    fitting = possible[first : bisect_right(possible, percent, key=round_share)]
    if not fitting:
        result = f"{total * percent / 100:.1f}"
    elif len(fitting) == 1:
        result = str(fitting[0])
    else:
        result = f"{fitting[0]} to {fitting[-1]}"
    text = f"{share.value} % of {count.value}"
    evidence = [count.quantity_id, share.quantity_id]
    return _Sum(
        share.organisation, share.variable, text, result, bool(fitting), article_id, evidence
    )


def _check_rates(quantities: pd.DataFrame, tables: Tables) -> list[_Sum]:
    """Return the rates of amounts in two currencies: one subject, variable and line of a page."""
    bounds = _read_rates(tables.codebook)
    unit = quantities["unit"]
    amounts = quantities[(unit.str.len() == 3) & unit.str.isupper()]
    ids = amounts["quantity_id"]
    lines = choose_where(tables.passages, ["annotation_id", "line"], "annotation_id", ids)
    line_of = dict(zip(lines["annotation_id"], lines["line"], strict=True))
    groups: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    for row in amounts.itertuples(index=False):
        line = line_of.get(row.quantity_id)
        groups[row.article_id, line, row.organisation, row.variable].append(row)
    sums = []
    for (article_id, _, subject, variable), group in groups.items():
        group.sort(key=lambda row: (float(row.value), row.unit, row.quantity_id))
        for one, two in combinations(group, 2):
            if one.unit == two.unit or not float(one.value):
                continue
            rate = round(float(two.value) / float(one.value), 2)
            low, high = bounds.get((one.unit, two.unit), (rate, rate))
            text = f"{two.unit} {two.value} / {one.unit} {one.value}"
            evidence = [one.quantity_id, two.quantity_id]
            agrees = low <= rate <= high
            sums.append(_Sum(subject, variable, text, f"{rate:.2f}", agrees, article_id, evidence))
    return sums


def _read_rates(book: Mapping[str, Any]) -> dict[tuple[str, str], tuple[float, float]]:
    return {
        (one, two): (float(low), float(high))
        for one, others in book.get("rates", {}).items()
        for two, (low, high) in others.items()
    }
