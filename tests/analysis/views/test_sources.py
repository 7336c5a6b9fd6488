"""Pages, their parts and what they go back to."""

import hkresearch as hk
from hkresearch.analysis import views
from hkresearch.analysis.views.sources import find_unread
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


def test_credits_open_the_words_that_give_them():
    book = hk.read_codebook("hong-kong-data-requests")
    text = "\n\n".join(
        [
            "Harbour Post",
            "Two firms stop answering the police",
            "HONG KONG (Reuters) - Two firms said on Monday that they would stop answering the police while their lawyers read the law.",
            "A spokesman told the BBC that the pause would last for as long as it takes to read all of it.",
            "The companies had received several dozen requests last year, and had answered about half of them.",
        ]
    )
    page = hk.Article(id="a", text=text, sha256="", text_sha256="")
    rows = views.list_credits(hk.build_tables([page], book))
    assert rows[["credited", "for"]].to_numpy().tolist() == [
        ["Reuters", "the text"],
        ["BBC News", "something in it"],
    ]
    assert rows["evidence"].str.len().eq(1).all()


def test_a_page_in_a_language_without_words_is_said_to_be_unread(small_tables):
    articles = small_tables.articles.assign(in_language=["fr-FR", "en", "", "zh"])
    book = small_tables.codebook | {"languages": ["en", "zh"]}
    tables = replace_frames(small_tables, book, articles=articles)
    assert "1 page is in a language not read" in views.summarise_sources(tables)[0]
    assert find_unread(tables) == {articles["article_id"].iloc[0]}
    assert not find_unread(small_tables), "the language that is not known may be any"
