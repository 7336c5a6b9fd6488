"""Announced, effective and reported dates, side by side."""

import pandas as pd
import pytest

from hkresearch.analysis import views
from hkresearch.tables.tables import replace_frames
from support.coded_pages import Page, tabulate


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


def test_a_kind_of_date_that_no_page_gives_has_no_column(small_tables):
    dates = views.list_dates(small_tables)
    columns = views.arrange_dates(dates[dates["kind"] != "announced"]).columns
    assert "announced" not in columns and {"effective", "reported"} <= set(columns)
    assert "nothing could be dated as announced" in views.summarise_dates(small_tables, "apple")[0]


FIRST = [
    # the dates on which organisations announced, the first one and whose it is, why
    ({"acme": "2020-07", "bolt": "2020-07-05"}, "first announced on 5 July 2020: Bolt", "a month in which a day is known"),
    ({"acme": "2020-06", "bolt": "2020-07-05"}, "first announced in June 2020: Acme", "a month that is over before it"),
    ({"acme": "2020-07-05", "bolt": "2020-07-05"}, "first announced on 5 July 2020: Acme and Bolt", "one day"),
    ({"acme": "2020-07-01/2020-07-07", "bolt": "2020-07-05"}, "first announced on 5 July 2020: Bolt", "a week around it"),
]  # fmt: skip


@pytest.mark.parametrize(("dates", "said", "why"), FIRST, ids=[row[-1] for row in FIRST])
def test_the_first_date_is_the_one_that_is_over_first(dates, said, why):
    page = Page("a", "Head\nAcme and Bolt.")
    for organisation, date in dates.items():
        page.place(organisation.capitalize(), organisation, "pause", announced_on=date)
    text, _ = views.summarise_dates(tabulate(page))
    assert said in text.replace(" (counted from an event)", ""), why
