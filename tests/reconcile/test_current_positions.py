"""The position in force as of a date: cases with a reason each."""

import pandas as pd
import pytest

from hkresearch.core.article import HkresearchError
from hkresearch.reconcile import (
    list_current_positions,
)  # fmt: skip
from hkresearch.tables.tables import replace_frames
from support.coded_pages import Page, make_case_book, tabulate


def stand(as_of, *rows, book_text="Acme did it"):
    pages = []
    for i, (position, published, fields) in enumerate(rows):
        modality = fields.pop("modality", "stated")
        page = Page(
            f"p{i}", f"Head\n{book_text}.", date_published=published, is_based_on=f"outlet {i}"
        )
        pages.append(page.place(book_text, "acme", position, modality, **fields))
        fields["modality"] = modality
    return list_current_positions(tabulate(*pages), as_of).set_index("organisation")


def test_the_position_in_force_is_what_most_origins_state():
    row = stand(
        "", ("pause", "2020-07-07", {}), ("pause", "2020-07-08", {}), ("refuse", "2020-07-08", {})
    ).loc["acme"]
    assert (row.position, row.n_articles, row.n_origins, row.first_published, row.also) == (
        "pause",
        2,
        2,
        "2020-07-07",
        "refuse: 1",
    )


def test_what_came_later_is_not_in_force_yet():
    rows = [
        ("pause", "2020-07-06", {"announced_on": "2020-07-06"}),
        ("exit", "2020-08-01", {"announced_on": "2020-07-30"}),
    ]
    assert stand("2020-07-10", *rows).loc["acme", "position"] == "pause"
    assert stand("2020-07-31", *rows).loc["acme", "position"] == "exit"
    assert stand("2020-07-01", *rows).empty


def test_effective_and_announced_are_kept_apart():
    row = stand(
        "", ("pause", "2020-07-08", {"announced_on": "2020-07-06", "effective_from": "2020-07-01"})
    ).loc["acme"]
    assert (row.announced_on, row.effective_from, row.first_published) == (
        "2020-07-06",
        "2020-07-01",
        "2020-07-08",
    )


def test_a_position_without_any_date_is_kept_and_says_so():
    row = stand("2020-01-01", ("pause", "", {"condition": "until further notice"})).loc["acme"]
    assert (row.position, row.is_dated, row.condition) == ("pause", False, "until further notice")


def test_dissent_is_shown():
    row = stand(
        "",
        ("pause", "", {}),
        ("pause", "", {}),
        ("no_change", "", {}),
        ("pause", "", {"modality": "considered"}),
    ).loc["acme"]
    assert (row.position, row.dissent) == ("pause", "no_change: 1; pause (considered): 1")
    assert len(row.dissent_evidence) == 2


AS_OF = [
    # as_of, rows (position, published, fields), what is in force (None: nothing is known), why
    ("2020-07-05", [("pause", "2020-07-06", {})], None, "no page of that day or before"),
    ("2020-07-06", [("pause", "2020-07-06", {})], {"position": "pause", "first_published": "2020-07-06"}, "reported on the day"),
    ("2020-07-06", [("pause", "2020-07-08", {"announced_on": "2020-07-06"})], {"position": "pause", "announced_on": "2020-07-06"},
     "reported later, announced by then"),
    ("2020-07-07", [("pause", "2020-07-07", {"announced_on": "2020-07-06", "effective_from": "2020-07-10"})], None,
     "announced, and not in effect yet"),
    ("2020-07-10", [("pause", "2020-07-07", {"announced_on": "2020-07-06", "effective_from": "2020-07-10"})],
     {"announced_on": "2020-07-06", "effective_from": "2020-07-10"}, "announced, and in effect: two dates"),
    ("2020-06-30", [("pause", "2020-07-07", {"effective_from": "2020-06-30/2020-07-01"})],
     {"effective_from": "2020-06-30/2020-07-01"}, "an interval that has begun"),
    ("2020-07", [("pause", "2020-07-20", {})], {"position": "pause"}, "asked for a month, the whole month counts"),
    ("2020", [("pause", "2020-07-20", {})], {"position": "pause"}, "asked for a year"),
    ("2020-07-31", [("pause", "2020-07-06", {}), ("continue", "2020-08-03", {"effective_from": "2020-08-01"})],
     {"position": "pause", "dissent": ""}, "what replaces it has not begun"),
    ("2020-08-01", [("pause", "2020-07-06", {}), ("continue", "2020-08-03", {"effective_from": "2020-08-01"})],
     {"position": "continue", "dissent": "pause: 1"}, "replaced, and the old one stays visible"),
    ("", [("pause", "2020-07-06", {}), ("review", "2020-07-09", {})], {"position": "pause", "also": "review: 1"},
     "a review replaces nothing"),
    ("", [("pause", "", {}), ("pause", "", {}), ("no_change", "", {})], {"position": "pause", "n_origins": 2, "dissent": "no_change: 1"},
     "most origins stand, the other is dissent"),
    ("", [("pause", "", {}), ("refuse", "", {}), ("refuse", "", {})], {"position": "refuse", "dissent": "", "also": "pause: 1"},
     "two words for one stance are no dissent"),
    ("", [("pause", "", {"modality": "expected"})], {"position": "pause", "modality": "expected"}, "nobody states it"),
    ("", [("pause", "", {"modality": "expected"}), ("no_change", "", {})], {"position": "no_change", "dissent": "pause (expected): 1"},
     "what is stated stands before what is expected"),
    ("", [("pause", "", {"modality": "considered"}), ("pause", "", {})], {"modality": "stated", "dissent": "pause (considered): 1"},
     "the more certain one stands, and the doubt beside it"),
    ("", [("pause", "", {"condition": "until further notice"}), ("pause", "", {"condition": "until the law is clear to everybody"})],
     {"condition": "until the law is clear to everybody", "n_articles": 2}, "of two conditions the longest wording"),
    ("", [("never_complied", "", {}), ("never_complied", "", {}), ("pause", "", {}), ("pause", "", {})],
     {"position": "pause", "also": "never_complied: 2"}, "where it stands now comes before what it did so far"),
    ("", [("never_complied", "", {}), ("never_complied", "", {}), ("never_complied", "", {}), ("pause", "", {})],
     {"position": "never_complied", "also": "pause: 1"}, "unless one weak voice says so"),
]  # fmt: skip


@pytest.fixture(scope="module")
def dated():
    """The tables of all cases above: the organisation of the first is "acme0", and so on."""
    pages = []
    for number, (_, rows, _, _) in enumerate(AS_OF):
        for i, (position, published, fields) in enumerate(rows):
            page = Page(
                f"{number}p{i}",
                "Head\nAcme did it.",
                date_published=published,
                is_based_on=f"outlet {i}",
            )
            pages.append(page.place("Acme did it", f"acme{number}", position, **fields))
    return tabulate(*pages, book=make_case_book(len(AS_OF)))


@pytest.mark.parametrize(
    ("number", "as_of", "expected", "why"),
    [(number, as_of, expected, why) for number, (as_of, _, expected, why) in enumerate(AS_OF)],
    ids=[row[-1] for row in AS_OF],
)
def test_the_position_in_force_as_of_a_date(number, as_of, expected, why, dated):
    who = f"acme{number}"
    found = list_current_positions(dated, as_of, who).set_index("organisation")
    assert list(found.index) == ([] if expected is None else [who]), why
    for name, value in (expected or {}).items():
        assert found.loc[who, name] == value, why


def own(text, position="pause", organisation="acme", **fields):
    return text, position, organisation, fields


ALL = "Acme pauses requests for all its services"
HIERARCHY = [
    # as_of, per page (text, position, organisation, fields), what stands for the subsidiary (None: no row), why
    ("", [own("Acme pauses requests")], None, "the page speaks of the parent alone"),
    ("", [own(ALL)], {"position": "pause", "reached_from": "acme"}, "the page says that it reaches what it owns"),
    ("", [own("Acme pauses requests", object="requests to all its services")], {"reached_from": "acme"}, "its object says so"),
    ("", [own(ALL, condition="for now")], {"condition": "for now", "n_origins": 1}, "with its condition"),
    ("", [own("Acme pauses requests"), own(ALL)], {"n_articles": 1, "n_origins": 1}, "only the page that says so counts"),
    ("", [own(ALL), own("Bolt goes on", "no_change", "bolt")], {"position": "no_change", "reached_from": ""},
     "what a page says of itself stands"),
    ("", [own(ALL), own("Bolt goes on", "no_change", "bolt", modality="expected")], {"position": "no_change", "reached_from": ""},
     "even where it is only expected"),
    ("2013-12-31", [own(ALL)], None, "before it owned it"),
    ("2014", [own(ALL)], {"reached_from": "acme"}, "in the year it bought it"),
    ("2020-07-05", [own(ALL, announced_on="2020-07-06")], None, "before the parent announced it"),
    ("2020-07-06", [own(ALL, announced_on="2020-07-06")], {"announced_on": "2020-07-06"}, "since it did"),
    ("", [own("Corp pauses requests for all its services", organisation="corp")], None, "somebody else's services"),
    ("", [own("Bolt pauses requests for all its services", organisation="bolt")], {"reached_from": ""}, "its own words are its own"),
]  # fmt: skip


@pytest.fixture(scope="module")
def owned():
    """The tables of all cases above: "acme0" owns "bolt0" in the first, and so on."""
    pages = []
    for number, (_, rows, _, _) in enumerate(HIERARCHY):
        for i, (text, position, who, fields) in enumerate(rows):
            page = Page(f"{number}p{i}", f"Head\n{text}.", is_based_on=f"outlet {i}")
            pages.append(page.place(text, f"{who}{number}", position, **fields))
    return tabulate(*pages, book=make_case_book(len(HIERARCHY)))


@pytest.mark.parametrize(
    ("number", "as_of", "expected", "why"),
    [(number, as_of, expected, why) for number, (as_of, _, expected, why) in enumerate(HIERARCHY)],
    ids=[row[-1] for row in HIERARCHY],
)
def test_a_parent_reaches_a_subsidiary_only_where_a_page_says_so(
    number, as_of, expected, why, owned
):
    whole = list_current_positions(owned, as_of)
    for who in (f"acme{number}", f"bolt{number}", f"corp{number}"):
        one = list_current_positions(owned, as_of, who)
        pd.testing.assert_frame_equal(
            one, whole[whole["organisation"] == who].reset_index(drop=True), check_dtype=False
        )
    found = whole.set_index("organisation")
    owner, subsidiary = f"acme{number}", f"bolt{number}"
    assert (subsidiary in found.index) is (expected is not None), why
    for name, value in (expected or {}).items():
        expected_value = f"{value}{number}" if name == "reached_from" and value else value
        assert found.loc[subsidiary, name] == expected_value, why
    assert owner not in found.index or found.loc[owner, "reached_from"] == "", (
        "nothing goes upwards"
    )


def test_a_position_is_known_by_its_id_whatever_the_rows_and_columns_of_a_frame_are_like():
    pages = [
        Page(id, f"Head\n{text}.").place(text, who, "pause")
        for id, text, who in (("a", ALL, "acme"), ("b", "Corp pauses", "corp"))
    ]
    tables = tabulate(*pages)
    assert set(list_current_positions(tables)["organisation"]) == {"acme", "bolt", "corp"}
    for unusual in (
        tables.positions.set_axis([0, 0]),
        tables.positions.astype({"exact": "category", "object": "category"}),
    ):
        pd.testing.assert_frame_equal(
            list_current_positions(replace_frames(tables, positions=unusual)),
            list_current_positions(tables),
        )


def test_a_date_that_is_none_is_refused():
    for no_date in ("yesterday", "2020-13-45", "2020-02-30"):
        with pytest.raises(HkresearchError, match=f"{no_date}.*2020-07-06"):
            stand(no_date, ("pause", "", {}))
