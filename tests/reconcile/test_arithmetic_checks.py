"""Figures that belong together are checked against each other."""

from types import SimpleNamespace

import pytest

from hkresearch.reconcile import (
    check_arithmetic,
    list_contradiction_sides,
)  # fmt: skip
from hkresearch.tables.schema import make_frame
from support.coded_pages import Page, make_case_book, tabulate

SUMS = [
    ([("241", "requests", "241", "request"), ("46%", "share", "46", "percent")], "46 % of 241", "110 to 112", True, "a whole number fits"),
    ([("10", "requests", "10", "request"), ("46%", "share", "46", "percent")], "46 % of 10", "4.6", False, "no whole number fits"),
    ([("3bn", "requests", "3000000000", "request"), ("46%", "share", "46", "percent")], "46 % of 3000000000",
     "1365000000 to 1395000000", True, "very many whole numbers fit, and are not tried one by one"),
    ([("US$12,903", "fine", "12903", "USD"), ("HK$100,000", "fine", "100000", "HKD")], "HKD 100000 / USD 12903", "7.75", True,
     "inside the book's bounds"),
    ([("US$20,000", "fine", "20000", "USD"), ("HK$100,000", "fine", "100000", "HKD")], "HKD 100000 / USD 20000", "5.00", False,
     "outside the book's bounds"),
]  # fmt: skip


@pytest.fixture(scope="module")
def summed():
    """The tables of all cases above: the organisation of the first is "acme0", and so on."""
    pages = []
    for number, (figures, *_) in enumerate(SUMS):
        words = " and ".join(exact for exact, *_ in figures)
        page = Page(f"p{number}", f"Head\n{words}.")
        for exact, variable, value, unit in figures:
            page.code(exact, f"acme{number}", variable, value, unit=unit)
        pages.append(page)
    return tabulate(*pages, book=make_case_book(len(SUMS)))


@pytest.mark.parametrize(
    ("number", "text", "result", "agrees", "why"),
    [(number, *row[1:]) for number, row in enumerate(SUMS)],
    ids=[row[-1] for row in SUMS],
)
def test_sums_are_checked(number, text, result, agrees, why, summed):
    row = check_arithmetic(summed, f"acme{number}").iloc[0]
    assert (row["sum"], row["result"], row["agrees"]) == (text, result, agrees), why
    found = list_contradiction_sides(summed, subject=f"acme{number}")
    assert ("arithmetic" in set(found["kind"])) is not agrees


def test_a_share_is_checked_against_every_whole_number():
    pairs = [
        (count, share)
        for count in (*range(1, 30), 241, 999)
        for share in ("0", "3", "46", "50", "12.5", "99.9", "120")
    ]
    quantities = [
        (f"{variable}{i}", f"p{i:03d}", "acme", variable, value, unit, "", 0, 1, "", "")
        for i, (count, share) in enumerate(pairs)
        for variable, value, unit in (
            ("requests", str(count), "request"),
            ("share", share, "percent"),
        )
    ]
    book = {"variables": {"share": {"of": "requests"}}}
    tables = SimpleNamespace(
        quantities=make_frame("quantities", quantities),
        passages=make_frame("passages", []),
        codebook=book,
    )
    rows = check_arithmetic(tables).sort_values("article_id")
    for (count, share), row in zip(pairs, rows.itertuples(), strict=True):
        fits = [
            k
            for k in range(count + 1)
            if round(100 * k / count, len(share.partition(".")[2])) == float(share)
        ]
        assert row.agrees == bool(fits), row.sum
        assert not fits or row.result == (
            f"{fits[0]} to {fits[-1]}" if len(fits) > 1 else f"{fits[0]}"
        ), row.sum
