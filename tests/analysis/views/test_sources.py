"""Pages, their parts and what they go back to."""

from hkresearch.analysis import views
from hkresearch.analysis.views.wording import (
    name_pages,
)  # fmt: skip
from hkresearch.tables.tables import replace_frames


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
