"""Dates in words against the page's own date: as precise as known, and nothing where it is not known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hkresearch.structure.text.dates import find_dates
from support.coded_texts import BOOK, make_article

PAGE = "2020-07-08"  # a Wednesday
CASES = [
    # (text, the page's date, expected)
    ("on 7 July 2020", "", ["2020-07-07"]),
    ("July 7, 2020", "", ["2020-07-07"]),
    ("8 Jul 2020", "", ["2020-07-08"]),
    ("2020-07-01", "", ["2020-07-01"]),
    ("on July 1", PAGE, ["2020-07-01"]),
    ("on July 1", "", ["2020-07-01"]),  # the year that the book states for undated pages
    ("on 30 November", PAGE, ["2019-11-30"]),
    ("on Monday", PAGE, ["2020-07-06"]),
    ("on Wednesday", PAGE, ["2020-07-08"]),
    ("last Wednesday", PAGE, ["2020-07-01"]),
    ("on Monday", "", []),
    ("yesterday", PAGE, ["2020-07-07"]),
    ("last week", PAGE, ["2020-06-29/2020-07-05"]),
    ("since final week", PAGE, ["2020-06-29/2020-07-05"]),
    ("last week", "", []),
    ("last month", PAGE, ["2020-06"]),
    ("last year", PAGE, ["2019"]),
    ("in October", PAGE, ["2019-10"]),
    ("in October", "", []),
    ("23 years ago", PAGE, ["1997"]),
    ("from July to December of last year", PAGE, ["2019-07-01/2019-12-31"]),
    ("July to December of final yr", "", ["2019-07-01/2019-12-31"]),
    ("between January and June 2020", "", ["2020-01-01/2020-06-30"]),
    ("between January and June", PAGE, []),  # of which year?
    ("the second half of 2019", "", ["2019-07-01/2019-12-31"]),
    ("the first six months of last year", PAGE, ["2019-01-01/2019-06-30"]),
    ("the eve of the 23rd anniversary of the handover", "", ["2020-06-30"]),
    ("the 23rd anniversary of the handover", "", ["2020-07-01"]),
    ("2020年7月1日", "", ["2020-07-01"]),
    ("6月30日", PAGE, ["2020-06-30"]),
    ("去年7月至12月", PAGE, ["2019-07-01/2019-12-31"]),
    ("2019年下半年", "", ["2019-07-01/2019-12-31"]),
    ("周一", PAGE, ["2020-07-06"]),
    ("昨日", PAGE, ["2020-07-07"]),
    ("on 30 June, late that very same evening", "", ["2020-06-30", "2020-06-30"]),
    ("late that day", PAGE, []),  # which day?
    ("6月30日通過，同日實施", "", ["2020-06-30", "2020-06-30"]),
    ("上週起", PAGE, ["2020-06-29/2020-07-05"]),
    ("31 February 2020", "", []),
    ("on Monday, July 6", "2020-07-20", ["2020-07-06"]),  # the day itself stands beside it
    ("It will stop on Friday", PAGE, ["2020-07-10"]),
    ("It would stop on Friday", PAGE, []),  # before or after the page?
    ("from next Monday", PAGE, ["2020-07-13"]),
    ("the Sunday Times says", PAGE, []),
    ("two days ago", PAGE, ["2020-07-06"]),
    ("last night", PAGE, ["2020-07-07"]),
    ("over the past year", PAGE, []),  # twelve months, not a calendar year
    ("in July last year", PAGE, ["2019-07"]),
    ("the first quarter of 2021", "", ["2021-01-01/2021-03-31"]),
    ("from January 1 to June 30, 2021", "", ["2021-01-01/2021-06-30"]),
    ("HONG KONG, July 9 (Agency) - It spoke on Monday", PAGE, ["2020-07-06"]),  # no dateline
    ("上周五", PAGE, ["2020-07-03"]),
    ("將於周五", PAGE, ["2020-07-10"]),
    ("今年上半年", "2021-09-20", ["2021-01-01/2021-06-30"]),
    ("2020年首季", "", ["2020-01-01/2020-03-31"]),
    ("in 2020's first half", PAGE, ["2020-01-01/2020-06-30"]),
    ("the six months to December 2019", "", ["2019-07-01/2019-12-31"]),
    ("the six months to June", PAGE, []),  # of which year?
    ("over the previous half-year", PAGE, []),
    ("去年同期", PAGE, []),  # of a period that stands elsewhere
    ("去年底", PAGE, []),
    ("本週二", PAGE, ["2020-07-07"]),
    ("at 11 p.m. on June 30", PAGE, ["2020-06-30"]),
    ("last year", "another year", []),  # an undated page that is not of the book's year
    ("去年下半年", "another year", []),
    ("（中央社柏林7日綜合外電報導）公司週一", PAGE, ["2020-07-06"]),  # a dateline, no date
    ("14:57", PAGE, []),
    ("it may halt", PAGE, []),
    ("the march goes on", PAGE, []),
]


@pytest.mark.parametrize("text, published, expected", CASES)
def test_date(text, published, expected):
    article = make_article(text, published)
    assert [iso for _, _, iso in find_dates(article, 0, len(text), BOOK)] == expected


@given(
    st.text(alphabet="0123456789 -/年月日至上半去周一JulyMondayoflast", max_size=60),
    st.sampled_from(["", PAGE, "2020", "2020-07"]),
)
def test_any_text_is_read(text, published):
    for start, end, iso in find_dates(make_article(text, published), 0, len(text), BOOK):
        assert 0 <= start < end <= len(text) and iso


def test_the_day_of_an_event_is_the_page_s_own_where_it_gives_just_one():
    from hkresearch.core.article import annotate
    from hkresearch.structure.positions.events import date_events

    article = make_article("The law took effect on 30 June and on 1 July.", "")
    facts = [
        annotate(article, 0, 7, "security_law", "in_force_on", day, "facts/1")
        for day in ("2020-06-30", "2020-07-01")
    ]
    assert date_events((), BOOK)["law_in_force"] == "2020-06-30/2020-07-01"
    assert date_events(facts[:1], BOOK)["law_in_force"] == "2020-06-30"
    assert date_events(facts, BOOK)["law_in_force"] == "2020-06-30/2020-07-01"


def test_a_date_that_only_the_page_states_resolves_its_weekdays():
    from hkresearch.core.article import annotate
    from hkresearch.structure.text.article_date import date_article

    article = make_article("7 July 2020\nGoogle spoke on Monday.", "")
    parts = [annotate(article, 0, 11, article.id, "date_published", "2020-07-07", "clean/1")]
    assert [
        iso
        for *_, iso in find_dates(date_article(article, parts, BOOK), 12, len(article.text), BOOK)
    ] == ["2020-07-06"]
    registered = make_article(article.text, "2020-07-20")
    assert date_article(registered, parts, BOOK).date_published == "2020-07-20"  # the register wins


def test_a_dateline_with_its_year_dates_a_page_without_another_date():
    from hkresearch.core.article import annotate
    from hkresearch.structure.text.article_date import date_article

    article = make_article("HONG KONG, July 9, 2020 — Alpha spoke on Monday.", "")
    parts = [annotate(article, 0, len(article.text), article.id, "part", "body", "clean/1")]
    dated = date_article(article, parts, BOOK)
    assert dated.date_published == "2020-07-09"
    assert [iso for *_, iso in find_dates(dated, 0, len(article.text), BOOK)] == ["2020-07-06"]


@pytest.mark.parametrize(
    "text, year",
    [
        ("The law took effect on 30 June. In 2021 it was used.", "another year"),  # a later year
        ("國安法去年生效後，公司收到要求。", "another year"),
        ("The security law, imposed last year, is vague.", "another year"),
        ("The national security law last year changed much.", "another year"),
        ("The system is to last until 2047.", ""),  # the future
        ("It received more requests last year.", ""),
    ],
)
def test_an_undated_page_may_show_that_it_is_of_another_year(text, year):
    from hkresearch.structure.text.article_date import date_article

    assert date_article(make_article(text, ""), [], BOOK).date_published == year
