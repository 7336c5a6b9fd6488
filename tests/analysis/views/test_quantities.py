"""Numbers with their meaning, as a reader is shown them."""

import pytest

from hkresearch.analysis import views
from hkresearch.analysis.views.quantities import write_quantity
from support.coded_pages import Page, tabulate

QUANTITIES = [
    (46, "percent", "46 %", "a share"),
    (100000, "HKD", "HKD 100,000", "a currency stands before the amount"),
    (6, "month", "6 months", "plural"),
    (1, "year", "1 year", "singular"),
    (4, "category", "4 categories", "the plural of a word in y"),
    (2, "day", "2 days", "a vowel before the y"),
    (1.5, "request", "1.5 requests", "a fraction is plural"),
    (7, "", "7", "without a unit"),
]


@pytest.mark.parametrize(
    ("value", "unit", "expected", "reason"), QUANTITIES, ids=[row[3] for row in QUANTITIES]
)
def test_quantities_in_words(value, unit, expected, reason):
    assert write_quantity(value, unit) == expected, reason


def test_numbers_keep_unit_and_period(small_tables):
    rows = views.list_quantities(small_tables, "facebook").set_index("quantity")
    assert rows.loc["requests received", ["value", "unit", "period"]].tolist() == [
        241,
        "request",
        "July to December 2019",
    ]
    assert set(rows["organisation"]) == {"Facebook"}


def test_the_answer_on_numbers_leads_with_what_is_contested_and_leaves_the_background_out(
    small_tables,
):
    def count(exact, who, variable, value, unit):
        return Page(f"p{value}", f"Head\nIt is {exact} now.").code(
            exact, who, variable, value, unit=unit
        )

    pages = [count("six", "host", "term", "6", "month"), count("nine", "host", "term", "9", "month"),
             count("23", "west", "requests", "23", "request"), count("241", "acme", "requests", "241", "request")]  # fmt: skip
    text, evidence = views.summarise_quantities(tabulate(*pages))
    assert text == (
        "4 numbers, 2 contested: Host: term 6 months or 9 months. Not contested: Acme: requests 241."
    )
    assert len(evidence) == 3
    assert views.list_quantities(tabulate(*pages))["status"].tolist()[:2] == [
        "contested",
        "contested",
    ]
    assert "West: requests 23" in views.summarise_quantities(tabulate(pages[2]))[0], (
        "rather that than nothing"
    )
