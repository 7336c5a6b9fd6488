"""What organisations do, as a reader is shown it: four invented pages, and cases of dates and speakers."""

import pytest

import hkresearch as hk
from hkresearch.analysis import views
from hkresearch.reconcile.known_positions import is_by
from hkresearch.tables.tables import replace_frames
from support.coded_pages import Page, tabulate
from support.small_corpus import make_article

KNOWN_BY = [
    ("2020-07-06", "2020-07-06", True, "on the day"),
    ("2020-07-07", "2020-07-06", False, "the day after"),
    ("2020-07", "2020-07-06", True, "a month that has begun may hold it"),
    ("2020-08", "2020-07-06", False, "a later month"),
    ("", "2020-07-06", True, "a page without a date counts for every date"),
    ("2020-07-01/2020-07-31", "2020-07-06", True, "an interval that has begun"),
    ("2020-07-07", "2020-07", True, "asked for a month, the whole month counts"),
]


@pytest.mark.parametrize(
    ("date", "as_of", "expected", "reason"), KNOWN_BY, ids=[row[3] for row in KNOWN_BY]
)
def test_what_is_known_by_a_date(date, as_of, expected, reason):
    assert is_by(date, as_of) is expected, reason


def test_positions_count_pages_and_independent_origins(small_tables):
    found = views.list_positions(small_tables).set_index(["organisation", "position", "modality"])
    row = found.loc["Facebook", "pause", "stated"]
    assert (row["n_articles"], row["n_origins"], row["first_reported"]) == (3, 2, "2020-07-06")
    assert len(row["evidence"]) == 3
    assert found.loc["Facebook", "pause", "considered"]["n_articles"] == 1


def test_positions_stand_in_the_order_of_the_codebook(small_tables):
    assert list(views.list_positions(small_tables)["position"].cat.categories) == [
        "pause",
        "refuse",
        "never complied",
        "continue",
    ]


def test_positions_as_of_a_date(small_tables):
    found = views.list_positions(small_tables, "2020-07-06")
    assert set(found["organisation"]) == {"Facebook", "Telegram", "Twitter"}, (
        "pages of 8 July are not known yet"
    )
    pause = found[(found["organisation"] == "Facebook") & (found["modality"] == "stated")].iloc[0]
    assert pause["n_articles"] == 2, "the page without a date counts, the one of 8 July does not"
    earlier = views.list_positions(small_tables, "2020-07-05")
    assert list(earlier["organisation"]) == ["Facebook", "Twitter"], (
        "a page without a date; a pause in effect since 1 July"
    )


def test_a_position_that_several_take_together_is_each_ones():
    text = "Acme stops. Acme and Bolt pause for now."
    page = Page("a", f"Head\n{text}").place("Acme stops", "acme", "stop")
    tables = tabulate(
        page.place("Acme and Bolt pause for now", "acme;bolt", "pause", condition="for now")
    )
    for who, found in (("acme", ["Acme", "Acme, Bolt"]), ("bolt", ["Acme, Bolt"]), ("acm", [])):
        assert views.list_positions(tables, organisation=who)["organisation"].tolist() == found
        assert len(views.list_conditions(tables, organisation=who)) == ("Acme, Bolt" in found)
    assert views.list_current(tables, organisation="acme")["organisation"].tolist() == ["Acme"]


def test_the_matrix_keeps_the_evidence_of_each_cell(small_tables):
    matrix = views.arrange_positions(views.list_positions(small_tables)).set_index("organisation")
    assert (
        matrix.loc["Telegram", "refuse"] == "1 page, 1 origin"
        and len(matrix.loc["Telegram", "refuse_evidence"]) == 1
    )
    assert (
        matrix.loc["Facebook", "pause"]
        == "3 pages, 2 origins, contested; considered: 1 page, 1 origin, contested"
    )
    assert matrix.loc["Apple", "pause"] == "" and matrix.loc["Apple", "pause_evidence"] == []


def test_a_condition_rests_on_its_own_words(small_tables):
    (row,) = views.list_conditions(small_tables).to_dict("records")
    marks = small_tables.annotations.set_index("annotation_id")
    assert marks.loc[row["condition_evidence"][0], "exact"] == row["condition"]


def test_dissent_is_the_word_of_one_origin_against_several(small_tables):
    (row,) = views.list_dissent(small_tables).to_dict("records")
    assert (row["organisation"], row["position"]) == ("Facebook", "pause (considered)")
    assert row["elsewhere"] == "pause (3 pages, 2 origins, contested)"


def test_the_answer_names_everyone_and_says_what_is_only_considered(small_tables):
    text, evidence = views.summarise_positions(small_tables)
    assert text == (
        "In pages of 6 July to 8 July 2020 and 1 without a date – pause: Facebook (3 pages, 2 origins, otherwise "
        "only expected) and Twitter (1 page, 1 origin); refuse: Telegram (1 page, 1 origin); continue: Apple (1 page, 1 origin)."
    )
    assert set(evidence) < set(small_tables.positions["position_id"])


def test_what_stands_against_a_position_is_beside_it(small_tables):
    rows = views.list_current(small_tables).set_index("organisation")
    assert rows.loc["Facebook", "reported_otherwise"] == "pause (considered, 1 page)"
    assert rows.loc["Telegram", ["position", "also_reported"]].tolist() == [
        "refuse",
        "never complied (1 page)",
    ]
    assert (
        rows.loc["Facebook", "announced_on"] == "2020-07-06"
        and rows.loc["Twitter", "effective_from"] == "2020-07-01"
    )


def test_dates_that_no_page_gives_take_no_room(small_tables):
    undated = small_tables.positions.assign(effective_from="")
    tables = replace_frames(small_tables, positions=undated)
    columns = set(views.list_current(tables).columns)
    assert "announced_on" in columns and "effective_from" not in columns


def test_exactly_one_position_of_an_organisation_stands(small_tables):
    assert views.list_positions(small_tables).groupby("organisation")["in_force"].sum().eq(1).all()


def build_pages(**pages):
    """Tables of pages about one topic: name -> (date, last sentence)."""
    opening = (
        "Hong Kong police send technology companies requests for user data under the new law.\n"
    )
    articles = [
        make_article(id, opening + text + "\n", date_published=date)
        for id, (date, text) in pages.items()
    ]
    return hk.build_tables(articles, hk.read_codebook("hong-kong-data-requests"))


OUTSIDE = (
    "Microsoft will continue to answer data requests from the police, a consultant told the BBC."
)


OWN = "Microsoft will continue to answer data requests from the police, it said."


def test_what_only_a_third_person_tells_says_so():
    tables = build_pages(a=("2020-07-06", OUTSIDE))
    assert tables.positions["via"].tolist() == ["a consultant;bbc"]
    (row,) = views.list_current(tables).to_dict("records")
    assert row["told_by"] == "a consultant"
    marks = tables.annotations.set_index("annotation_id")
    assert marks.loc[row["told_by_evidence"], "exact"].tolist() == ["a consultant"]
    assert (
        "Microsoft (1 page, 1 origin, told by a consultant)" in views.summarise_positions(tables)[0]
    )
    both = build_pages(a=("2020-07-06", OUTSIDE), b=("2020-07-07", OWN))
    assert "told_by" not in views.list_current(both), "its own word outweighs"
    assert "told by" not in views.summarise_positions(both)[0]


AS_OF = [
    # (pages, as_of, what the answer says of dates, why)
    ({"a": ("", OWN), "b": ("", OUTSIDE)}, "2020-07-01", "this rests on 2 pages without a date.", "undated pages only"),
    ({"a": ("", OWN), "b": ("2020-07-08", OUTSIDE)}, "2020-07-01", "this rests on 1 page without a date.", "the dated one is later"),
    ({"a": ("", OWN), "b": ("2020-07-08", OUTSIDE)}, "2020-07-08", "", "a dated page says it too"),
    ({"a": ("", OWN)}, "", "", "no date was asked for"),
    ({"a": ("", OWN), "b": ("2020-07-01", "Google said it paused data requests from Hong Kong.")}, "2020-07-01",
     "Microsoft (1 page, 1 origin, no page with a date)", "one organisation of two"),
]  # fmt: skip


@pytest.mark.parametrize("pages, as_of, said, why", AS_OF, ids=[row[-1] for row in AS_OF])
def test_an_answer_that_no_date_supports_says_so(pages, as_of, said, why):
    tables = build_pages(**pages)
    text, _ = views.summarise_positions(tables, as_of)
    assert said in text and ("without a date" in text or "with a date" in text) == bool(said), text
    about, _ = views.summarise_organisation(tables, "microsoft", as_of)
    assert ("without a date" in about) == bool(said), about


def test_an_answer_says_what_a_position_excepts():
    """Where every passage excepts something; a mere "until" is told elsewhere."""
    gives = "Acme gives nothing"
    pages = [
        Page(id, f"Head\n{gives}.").place(gives, "acme", "refuse", condition=condition)
        for id, condition in (("a", "unless a judge orders it"), ("b", "until a judge orders it"))
    ]
    said = "“unless a judge orders it”"
    assert said in views.summarise_positions(tabulate(pages[0]))[0]
    assert said in views.summarise_organisation(tabulate(pages[0]), "acme")[0]
    assert said not in views.summarise_positions(tabulate(pages[1]))[0]
    plain = Page("c", f"Head\n{gives}.").place(gives, "acme", "refuse")
    assert said not in views.summarise_positions(tabulate(pages[0], plain))[0]
