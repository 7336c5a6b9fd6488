"""Views: what a reader is shown of four invented pages, and of none."""

import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import hkresearch as hk
from hkresearch.analysis import views
from hkresearch.analysis.views.marked_differences import WORDING_TOKEN, mark_differences
from hkresearch.analysis.views.quantities import write_quantity
from hkresearch.analysis.views.wording import (
    count_things,
    join_most,
    join_words,
    list_page_names,
    name_pages,
    shorten,
    tidy_passage,
    write_date,
    write_number,
    write_period,
)  # fmt: skip
from hkresearch.core.article import HkresearchError
from hkresearch.reconcile.known_positions import is_by
from hkresearch.tables.tables import list_frames, replace_frames
from support.coded_pages import Page, tabulate
from support.small_corpus import make_article

DATES = [
    ("2020-07-06", "6 July 2020", "a day"),
    ("2020-07", "July 2020", "a month stays a month"),
    ("2020", "2020", "a year stays a year"),
    ("2020-07-06T14:57", "6 July 2020", "a clock time is not needed to name the day"),
    ("", "", "nothing known, nothing said"),
    ("last week", "last week", "what is no date is not made one"),
]
PERIODS = [
    ("2019-07/2019-12", "July to December 2019", "the year once"),
    ("2019-07-01/2019-12-31", "July to December 2019", "whole months are months"),
    ("2019-07-01/2019-12-30", "1 July to 30 December 2019", "a day short is not a whole month"),
    ("2019-11/2020-02", "November 2019 to February 2020", "two years, both said"),
    ("2019", "2019", "a year"),
    ("2019/2020", "2019 to 2020", "two years"),
    ("2020-07-06/2020-07-06", "6 July 2020", "an interval of one day"),
    ("", "", "not known"),
]
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
PASSAGES = [
    ("pending\n further  review", "pending further review", "one line"),
    (
        "pending further assessment’ of the law",
        "pending further assessment of the law",
        "its other half lies outside",
    ),
    ("the company’s law", "the company’s law", "an apostrophe is no quotation mark"),
    ("requests for users’ data", "requests for users’ data", "nor is a plural possessive"),
    ("it ‘never’ did so", "it ‘never’ did so", "a pair stays"),
    ("said “so", "said so", "opened, never closed"),
    ("「暫停」要求」", "「暫停」要求", "the same in Chinese"),
    ('it "paused', "it paused", "straight marks come in pairs too"),
    (
        'they would "pause" the review "pending further',
        'they would "pause" the review pending further',
        "of an odd number, only the one without a partner goes",
    ),
    (
        'we pause," it said, "until then," and "for now."',
        'we pause, it said, "until then," and "for now."',
        "the one that opens outside the passage",
    ),
    ('"so "now" too', 'so "now" too', "the one that closes outside it"),
]
DIFFERENCES = [
    ("we pause all requests", "we pause all requests", "we pause all requests", "nothing differs"),
    ("we pause all requests", "We pause all requests", "We pause all requests", "capitals are no difference"),
    ("it doesn't pause", "it doesn’t pause", "it doesn’t pause", "nor is the shape of an apostrophe"),
    ("a grave concern", "a great concern", "a [-grave-]{+great+} concern", "a word replaced"),
    ("a very grave concern", "a grave concern", "a [-very-] grave concern", "a word left out"),
    ("a concern.", "a grave concern.", "a {+grave+} concern.", "a word put in; no space before the full stop"),
    ("我們相信人", "我們深信人", "我們[-相-]{+深+}信人", "every Han character is a word"),
    ("an [old] word", "an [old] term", "an [old] [-word-]{+term+}", "brackets of the page stay"),
]  # fmt: skip
KNOWN_BY = [
    ("2020-07-06", "2020-07-06", True, "on the day"),
    ("2020-07-07", "2020-07-06", False, "the day after"),
    ("2020-07", "2020-07-06", True, "a month that has begun may hold it"),
    ("2020-08", "2020-07-06", False, "a later month"),
    ("", "2020-07-06", True, "a page without a date counts for every date"),
    ("2020-07-01/2020-07-31", "2020-07-06", True, "an interval that has begun"),
    ("2020-07-07", "2020-07", True, "asked for a month, the whole month counts"),
]


@pytest.mark.parametrize(("date", "expected", "reason"), DATES, ids=[row[2] for row in DATES])
def test_dates_in_words(date, expected, reason):
    assert write_date(date) == expected, reason


@pytest.mark.parametrize(("period", "expected", "reason"), PERIODS, ids=[row[2] for row in PERIODS])
def test_periods_in_words(period, expected, reason):
    assert write_period(period) == expected, reason


@pytest.mark.parametrize(
    ("value", "unit", "expected", "reason"), QUANTITIES, ids=[row[3] for row in QUANTITIES]
)
def test_quantities_in_words(value, unit, expected, reason):
    assert write_quantity(value, unit) == expected, reason


@pytest.mark.parametrize(("text", "expected", "reason"), PASSAGES, ids=[row[2] for row in PASSAGES])
def test_passages_on_one_line(text, expected, reason):
    assert tidy_passage(text) == expected, reason


@pytest.mark.parametrize(
    ("base", "text", "expected", "reason"), DIFFERENCES, ids=[row[3] for row in DIFFERENCES]
)
def test_differences_word_by_word(base, text, expected, reason):
    assert mark_differences(base, text) == expected, reason


@pytest.mark.parametrize(
    ("date", "as_of", "expected", "reason"), KNOWN_BY, ids=[row[3] for row in KNOWN_BY]
)
def test_what_is_known_by_a_date(date, as_of, expected, reason):
    assert is_by(date, as_of) is expected, reason


WORDS = st.lists(
    st.sampled_from("we pause all the new requests now".split()), min_size=1, max_size=12
).map(" ".join)


@given(WORDS, WORDS)
def test_both_wordings_can_be_read_off_their_differences(base, text):
    marked = mark_differences(base, text)
    new = re.sub(r"\[-.*?-\]", " ", marked).replace("{+", " ").replace("+}", " ")
    old = re.sub(r"\{\+.*?\+\}", " ", marked).replace("[-", " ").replace("-]", " ")
    assert (WORDING_TOKEN.findall(new), WORDING_TOKEN.findall(old)) == (text.split(), base.split())


@given(st.text(max_size=80), st.integers(2, 60))
def test_shortening_keeps_to_the_width_and_the_beginning(text, width):
    short, plain = shorten(text, width), " ".join(text.split())
    assert len(short) <= width
    assert short == plain or (short.endswith("…") and plain.startswith(short[:-1]))


def test_counts_and_lists():
    assert [count_things(n, "page") for n in (0, 1, 2, 1234)] == [
        "no pages",
        "1 page",
        "2 pages",
        "1,234 pages",
    ]
    assert [
        join_words(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"], ["a", "a"])
    ] == ["", "a", "a and b", "a, b and c", "a"]
    assert [write_number(n) for n in (12903, 7.75, "46", 0.5)] == ["12,903", "7.75", "46", "0.5"]


# ---- positions ---------------------------------------------------------------------------------------------------


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
        "As of the latest page, 8 July 2020 – pause: Facebook (3 pages, 2 origins, otherwise "
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


# ---- dates -------------------------------------------------------------------------------------------------------


def test_three_kinds_of_dates_never_share_a_column(small_tables):
    rows = views.arrange_dates(views.list_dates(small_tables)).set_index(
        ["organisation", "position"]
    )
    facebook, twitter = rows.loc["Facebook", "pause"], rows.loc["Twitter", "pause"]
    assert (facebook["announced"], facebook["effective"], facebook["reported"]) == (
        "2020-07-06",
        "",
        "2020-07-06, 2020-07-08",
    )
    assert (twitter["announced"], twitter["effective"]) == ("", "2020-07-01")
    marks = small_tables.annotations.set_index("annotation_id")
    assert "announced_on" in set(marks.loc[facebook["announced_evidence"], "variable"])


def test_a_page_whose_date_is_missing_in_the_table_is_one_without_a_date(small_tables):
    pages = small_tables.articles
    for nothing in (None, float("nan"), ""):
        undated = replace_frames(
            small_tables,
            articles=pages.assign(date_published=pd.Series(nothing, pages.index, dtype=object)),
        )
        assert set(views.list_dates(undated)["kind"]) == {"announced", "effective"}
        assert set(views.list_positions(undated)["first_reported"]) == {""}
        assert set(views.list_current(undated, "2020-12-31")["organisation"]) > {"Facebook"}


def test_what_is_only_considered_has_no_date(small_tables):
    pages = set(views.list_dates(small_tables).query("organisation == 'Facebook'")["pages"])
    assert not any("Example Daily" in page for page in pages)


def test_dated_facts_are_apart(small_tables):
    (row,) = views.list_dated_facts(small_tables).to_dict("records")
    assert (row["subject"], row["event"], row["date"]) == (
        "Security law",
        "in force on",
        "2020-07-01",
    )


# ---- quotations --------------------------------------------------------------------------------------------------


def test_a_statement_is_one_row_with_all_its_wordings(small_tables):
    (row,) = views.list_statements(small_tables).to_dict("records")
    assert (row["organisation"], row["n_articles"], row["n_origins"]) == ("Facebook", 3, 2)
    assert row["wordings"] == "1 altered, 1 translated"  # the model itself is no repetition
    assert set(row["evidence"]) == set(small_tables.quotations["quotation_id"])


def test_an_altered_wording_shows_what_changed(small_tables):
    texts = views.list_wordings(small_tables).set_index("wording")["text"]
    assert texts["model"] == "We believe that people should speak without fear", (
        "the comma is the page's"
    )
    assert "people [-should-]{+can+} speak" in texts["altered"]
    assert texts["translated"].startswith("我們相信")


def test_a_quotation_without_an_organisation_stays_visible(small_tables):
    quotations = small_tables.quotations.assign(organisation="")
    claims = small_tables.claims.assign(subject="")
    tables = replace_frames(small_tables, quotations=quotations, claims=claims)
    assert len(views.list_unattributed(tables)) == 3 and views.list_statements(tables).empty


def test_reported_speech_around_the_same_quoted_words_is_no_second_appearance(small_tables):
    quotations, inner = (
        small_tables.quotations,
        small_tables.quotations.query("article_id == 'mirror'").iloc[0],
    )
    around = {
        **inner,
        "quotation_id": "0123456789abcdef",
        "kind": "mixed",
        "start": inner["start"] - 1,
        "end": inner["end"] + 1,
    }
    frame = pd.concat([quotations, pd.DataFrame([around])], ignore_index=True)
    tables = replace_frames(small_tables, quotations=frame)
    assert len(views.list_wordings(tables)) == 3


# ---- numbers, sources, disagreements, the dossier ----------------------------------------------------------------


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
        "4 numbers, 2 contested: Host: term 6 months or 9 months. Not contested: Acme: requests 241 requests."
    )
    assert len(evidence) == 3
    assert views.list_quantities(tabulate(*pages))["status"].tolist()[:2] == [
        "contested",
        "contested",
    ]
    assert "West: requests 23 requests" in views.summarise_quantities(tabulate(pages[2]))[0], (
        "rather that than nothing"
    )


def test_parts_of_a_page_make_the_whole(small_tables):
    parts = views.list_parts(small_tables)
    assert parts.groupby("page")["percent"].sum().between(99.5, 100.5).all()
    removed = views.list_removed(small_tables)
    assert set(removed["part"]) == {
        "Newsletter or webinar box",
        "Share counter",
        "Legal or foreign-language footer",
    }


def test_a_page_is_called_by_its_outlet_or_said_to_be_unnamed(small_tables):
    articles = small_tables.articles.assign(
        publisher=["", "Example Daily", "Example Gazette", "Example Gazette"], date_published=""
    )
    names = name_pages(replace_frames(small_tables, articles=articles))
    assert names["chinese"] == "unnamed outlet (chinese)"
    assert names["daily"] == "Example Daily"
    reprint = small_tables.articles.assign(
        publisher="", is_based_on=["", "", "", "Example Gazette"]
    )
    names_of_reprints = name_pages(replace_frames(small_tables, articles=reprint))
    assert names_of_reprints["mirror"] == "unnamed, after Example Gazette"
    assert names["gazette"] == "Example Gazette (gazette)", "two pages never share a name"
    assert len(set(names.values())) == 4


def test_a_stated_value_opens_its_passage_only_where_the_page_agrees(small_tables):
    rows = views.list_pages(small_tables).set_index("article_id")
    assert rows.loc["gazette", "headline_evidence"]
    assert rows.loc["mirror", "publisher_evidence"] == [], (
        "the page credits another outlet than the register gives"
    )


def test_links_say_why(small_tables):
    rows = views.list_links(small_tables)
    assert set(rows[rows["page"] == "Example Mirror"]["reason"]) == {
        "the page credits it",
        "the register names it",
    }
    assert set(rows[rows["origin"] == "Example Gazette"]["page"]) == {
        "Example Gazette, 2020-07-06",
        "Example Mirror",
    }


def test_contradictions_stand_side_by_side(small_tables):
    rows = views.list_contradictions(small_tables)
    seat = rows[rows["question"] == "seat"].iloc[0]
    assert seat["why"] == "two answers where only one can hold"
    assert seat["one_side"] == "Dubai: “Dubai-based” (Example Daily, 2020-07-08)"
    assert seat["other_side"] == "London: “London-based” (Example Gazette, 2020-07-06)"
    assert seat["one_side_evidence"] and seat["other_side_evidence"]
    assert set(views.list_contradictions(small_tables, "telegram")["about"]) == {"Telegram"}
    assert "Telegram (seat)" in views.summarise_contradictions(small_tables)[0]


def test_what_differs_in_degree_is_no_contradiction(small_tables):
    (row,) = views.list_differences(small_tables).to_dict("records")
    assert (row["about"], row["question"]) == ("Facebook", "position: pause, done or considered")
    assert row["one_side"].startswith("Reported as done: “") and row["other_side"].startswith(
        "Only considered: “"
    )
    assert "Facebook" not in set(views.list_contradictions(small_tables)["about"])
    text, evidence = views.summarise_contradictions(small_tables)
    assert (
        "1 difference that can be reconciled: Facebook (position: pause, done or considered)."
        in text
    )
    assert set(row["other_side_evidence"]) <= set(evidence)


def test_three_answers_to_one_question_are_one_row(small_tables):
    """The same quoted words, and in each of three pages somebody else acts."""
    quote = "we will go on serving everybody in the city without fear"
    pages = [
        Page(id, f"Head\n{' and '.join(who)} pause “{quote}”.").quote(quote, "acme")
        for id, who in (("a", ["Acme"]), ("b", ["Bolt"]), ("c", ["Acme", "Bolt"]))
    ]
    for page, who in zip(pages, (["acme"], ["bolt"], ["acme", "bolt"]), strict=True):
        for organisation in who:
            page.place(page.article.text.split("\n")[1], organisation, "pause")
    (row,) = views.list_differences(tabulate(*pages)).to_dict("records")
    assert row["question"] == "who acts" and row["other_side"].count("; or ") == 1
    assert (
        row["one_side"].startswith("Acme: “Acme pause ‘we will go on")
        and "; or Bolt: “Bolt pause" in row["other_side"]
    )
    assert len(row["one_side_evidence"]) + len(row["other_side_evidence"]) == 7, (
        "every passage still opens"
    )


def test_what_is_not_quoted_is_counted_by_pages(small_tables):
    """Of five pages two passages are quoted; the words of the last two are the same, and they are two pages all the same."""
    words = {
        "a": "Acme did it",
        "b": "Acme, did it",
        "c": "Acme has done it",
        "d": "Acme has done it",
        "e": "Acme did it",
    }
    pages = [Page(id, f"Head\n{text}.").place(text, "acme", "pause") for id, text in words.items()]
    pages.append(Page("f", "Head\nAcme goes on.").place("Acme goes on", "acme", "no_change"))
    (row,) = views.list_differences(tabulate(*pages)).to_dict("records")
    first, second, rest = (
        row["one_side"].split("; and ")[0].split("; “") + row["one_side"].split("; and ")[1:]
    )
    assert first.endswith("“Acme did it” (unnamed outlet (a); unnamed outlet (e))")
    assert second.startswith("Acme, did it” (unnamed outlet (b)") and rest == "2 more pages"
    assert len(row["one_side_evidence"]) == 5, "every passage still opens"


def test_the_dossier_counts_the_contradictions_that_it_shows(small_tables):
    counts = {
        id: len(views.list_contradictions(small_tables, id))
        for id in views.list_organisations(small_tables)
    }
    assert set(counts.values()) >= {0, 1}
    for organisation, n in counts.items():
        text, _ = views.summarise_organisation(small_tables, organisation)
        assert count_things(n, "contradiction") in text or "no page reports" in text, organisation


def test_the_dossier_is_about_one_organisation(small_tables):
    text, _ = views.summarise_organisation(small_tables, "telegram")
    assert text.startswith("Telegram: ") and "1 contradiction" in text and "Facebook" not in text
    assert set(views.list_facts(small_tables, "telegram")["answer"]) == {"London", "Dubai"}
    owner = views.list_facts(small_tables, "whatsapp").iloc[0]
    assert (owner["answer"], owner["status"], owner["n_articles"]) == (
        "Facebook, since 6 October 2014",
        "in the codebook",
        0,
    )


def test_the_dossier_says_first_where_it_stands(small_tables):
    text, _ = views.summarise_organisation(small_tables, "facebook")
    assert text == (
        "Facebook: pause (3 pages, 2 origins); also reported: pause (only considered, 1 page, 1 origin). "
        "1 statement, no contradictions."
    )


@pytest.mark.parametrize("name", ["summarise_organisation", "summarise_contradictions", "summarise_dates",
                                  "summarise_quantities", "summarise_quotations"])  # fmt: skip
def test_an_organisation_that_nobody_knows_is_an_error_with_the_choices(name, small_tables):
    with pytest.raises(
        HkresearchError, match="'nokia' is neither .* one of: apple, facebook, .*telegram, twitter"
    ):
        getattr(views, name)(small_tables, "nokia")
    text, evidence = getattr(views, name)(small_tables, "whatsapp")
    assert text.endswith(".") and evidence == [], (
        "one of the codebook that no page speaks of has an answer"
    )


def test_a_kind_of_date_that_no_page_gives_has_no_column(small_tables):
    dates = views.list_dates(small_tables)
    columns = views.arrange_dates(dates[dates["kind"] != "announced"]).columns
    assert "announced" not in columns and {"effective", "reported"} <= set(columns)
    assert "nothing could be dated as announced" in views.summarise_dates(small_tables, "apple")[0]


def test_a_word_or_two_is_no_statement():
    page = Page(
        "a",
        "Head\nAcme is “pausing” it, with “grave concerns”. “We keep every promise we make,” it said.",
    )
    page.quote("pausing", "acme").quote("grave concerns", "acme").quote(
        "We keep every promise we make,", "acme"
    )
    tables = tabulate(page, Page("b", "Head\nAcme has “paused” it.").quote("paused", "acme"))
    assert views.list_statements(tables)["statement"].tolist() == ["We keep every promise we make"]
    assert views.list_quoted_words(tables)["words"].tolist() == [
        "grave concerns",
        "pausing; paused",
    ]
    assert views.list_wordings(tables).empty and views.list_carriers(tables).empty
    assert views.summarise_quotations(tables)[0].startswith("1 statement by 1 organisation")


def test_roles_get_no_dossier(small_tables):
    assert views.list_organisations(small_tables) == ["apple", "facebook", "telegram", "twitter"]


# ---- all of them -------------------------------------------------------------------------------------------------

NEEDS_MORE = (
    {name for name in views.__all__ if "change" in name or "earlier" in name}
    | {"join_evidence", "list_added_claims", "list_gone_claims"}
    | {"arrange_positions", "arrange_dates", "list_facts", "summarise_organisation"}
)
PLAIN = [name for name in views.__all__ if name not in NEEDS_MORE]


@pytest.mark.parametrize("name", PLAIN)
def test_an_empty_corpus_gives_the_same_columns_and_no_rows(name, small_tables, empty_tables):
    view = getattr(views, name)
    full, empty = view(small_tables), view(empty_tables)
    assert type(full) is type(empty)
    if isinstance(full, pd.DataFrame):
        assert set(full.columns) - {"reason", "scope"} <= set(empty.columns)
        assert len(empty) == 0 or name == "list_makings"
    elif isinstance(full, tuple):
        assert full[0].endswith(".") and empty[0].endswith(".") and empty[1] == []


@pytest.mark.parametrize("name", PLAIN)
def test_evidence_is_known_and_rows_do_not_depend_on_their_order(name, small_tables):
    view = getattr(views, name)
    shuffled = {
        key: frame.iloc[::-1].reset_index(drop=True)
        for key, frame in list_frames(small_tables).items()
    }
    found, again = view(small_tables), view(replace_frames(small_tables, **shuffled))
    if not isinstance(found, pd.DataFrame):
        assert found == again
        return
    pd.testing.assert_frame_equal(found, again)
    known = set(small_tables.passages["annotation_id"])
    for column in [column for column in found.columns if column.endswith("evidence")]:
        assert {id for ids in found[column] for id in ids} <= known


@pytest.mark.parametrize(
    ("n", "shown"), [(12, "Page 11"), (13, "Page 11; and 1 more"), (1500, "; and 1,488 more")]
)
def test_a_cell_names_a_dozen_pages_and_counts_the_rest(n, shown):
    said = list_page_names(
        {f"p{k}": f"Page {k:02}" for k in range(20)}, [f"p{k}" for k in range(n)]
    )
    assert said.startswith("Page 00; Page 01") and said.endswith(shown) and said.count(";") <= 12


@pytest.mark.parametrize(
    ("n", "said"),
    [
        (2, "o0 and o1"),
        (12, "o10 and o11"),
        (13, "o12 and 1 more"),
        (40, "o39 and 28 more"),
    ],  # of many those with most evidence
)
def test_an_answer_names_a_dozen_and_counts_the_rest(n, said):
    rows = pd.DataFrame(
        {"organisation": [f"o{k}" for k in range(n)], "ids": [["a"] * k for k in range(n)]}
    )
    assert join_most(rows, "ids", lambda row: row.organisation).endswith(said)
    assert ("o0," in join_most(rows, "ids", lambda row: row.organisation)) == (2 < n <= 12)
