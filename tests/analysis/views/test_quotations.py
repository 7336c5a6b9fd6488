"""What is quoted, in which wordings."""

import pandas as pd

from hkresearch.analysis import views
from hkresearch.tables.tables import replace_frames
from support.coded_pages import Page, tabulate


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
