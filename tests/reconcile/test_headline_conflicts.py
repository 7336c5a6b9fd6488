"""Where a headline says more than its own text."""

import pytest

from hkresearch.reconcile import (
    list_contradiction_sides,
)  # fmt: skip
from support.coded_pages import Page, tabulate

HEADLINES = [
    ("Acme and Bolt pause", "Acme pauses.", ["bolt"], "named in the headline alone"),
    ("Acme and Bolt pause", "Acme pauses. Bolt does too.", [], "named below"),
    (
        "Acme and Bolt pause",
        "Acme pauses. Boltzmann does too.",
        ["bolt"],
        "another name that begins alike",
    ),
    (
        "Acme and Bolt pause",
        "Acme pauses. 公司Bolt也是。",
        [],
        "a Latin name between Han characters",
    ),
]


@pytest.mark.parametrize(
    ("head", "body", "expected", "why"), HEADLINES, ids=[row[-1] for row in HEADLINES]
)
def test_a_headline_that_names_more_than_its_text(head, body, expected, why):
    page = (
        Page("a", f"{head}\n{body}")
        .place(head, "acme", "pause")
        .place(head, "bolt", "pause")
        .place("Acme pauses", "acme", "pause")
    )
    found = list_contradiction_sides(tabulate(page))
    assert sorted(set(found["subject"][found["kind"] == "headline"])) == expected, why


def test_a_text_that_is_silent_on_a_position_does_not_belie_its_headline():
    page = Page("a", "Acme pauses\nAcme has complied before.").place("Acme pauses", "acme", "pause")
    assert list_contradiction_sides(
        tabulate(page.place("Acme has complied", "acme", "comply"))
    ).empty


def test_a_headline_that_claims_more_than_its_text():
    page = Page("a", "Acme pauses\nAcme considers a pause.").place("Acme pauses", "acme", "pause")
    page.place("Acme considers a pause", "acme", "pause", "considered")
    found = list_contradiction_sides(tabulate(page))
    assert set(found["code"][found["kind"] == "headline"]) == {"headline", "text"}
