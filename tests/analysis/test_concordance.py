"""Keyword in context: patterns as quanteda's users know them, offsets of the page, names counted as printed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import hkresearch as hk
from hkresearch.core.article import HkresearchError
from hkresearch.core.words import WORD_OR_SIGN
from hkresearch.pages.reader import read_page
from support.coded_pages import Page, tabulate_unjoined
from support.properties import examples

TEXT = (
    "User data\n"
    "Acme's “user data” requests: required by-law, it doesn’t require 1,000.5 units.\n"
    "艾克米暫停處理用戶資料的要求。Bolt 及Acme User-Data 𠮷野家\n"
)


@pytest.fixture(scope="module")
def article():
    return read_page(TEXT.encode(), "page.txt")


PATTERNS = [
    (
        "user data",
        {},
        ["User data", "user data"],
        "a phrase is words in a row; a hyphen makes one word",
    ),
    ("user data", {"case_insensitive": False}, ["user data"], "case counts when asked"),
    ("requi*", {}, ["required", "require"], "a star is any letters"),
    ("requir?", {}, ["require"], "a question mark is one"),
    ("u* d*", {}, ["User data", "user data"], "wildcards inside a phrase"),
    ("* data", {}, ["User data", "user data"], "a star alone is any one token"),
    ("user-*", {}, ["User-Data"], "a hyphenated word is one token"),
    ("doesn't", {}, ["doesn’t"], "an apostrophe is an apostrophe"),
    ("acme's", {}, ["Acme's"], "a possessive is written as people write it"),
    ("acme", {}, ["Acme", "Acme"], "and found without it"),
    ("1,000.5", {}, ["1,000.5"], "a number is one token"),
    ("用戶資料", {}, ["用戶資料"], "a Chinese word is a phrase of characters"),
    ("用戶 資料", {}, ["用戶資料"], "with or without a space"),
    ("資?", {}, ["資料"], "in Chinese a wildcard is a character"),
    ("及 acme", {}, ["及Acme"], "scripts meet without a space"),
    ("𠮷", {}, ["𠮷"], "beyond the basic plane"),
    ("requi*", {"valuetype": "fixed"}, [], "fixed has no wildcards"),
    (":", {"valuetype": "fixed"}, [":"], "a mark is a token"),
    (
        "^re.*(ed|s)$",
        {"valuetype": "regex"},
        ["requests", "required"],
        "a regular expression is about one token",
    ),
    ("quire", {"valuetype": "regex"}, ["required", "require"], "and found anywhere in it"),
    (["bolt", "by-law"], {}, ["by-law", "Bolt"], "several patterns, in the order of the page"),
]


@pytest.mark.parametrize(
    ("pattern", "how", "expected", "why"), PATTERNS, ids=[case[-1] for case in PATTERNS]
)
def test_patterns_find_what_people_expect(article, pattern, how, expected, why):
    assert hk.find_passages(article, pattern, **how)["keyword"].tolist() == expected


def test_a_passage_stands_where_it_says(article):
    (row,) = hk.find_passages([article], "requests", window=2).itertuples(index=False)
    assert TEXT[row.start : row.end] == row.keyword and row.line == 2
    assert (row.before, row.after) == ("data” ", ": required")


@pytest.mark.parametrize(
    ("pattern", "how", "message"),
    [("", {}, "empty"), ("  ", {}, "empty"), ("(", {"valuetype": "regex"}, "no regular expression"),
     ("a", {"valuetype": "exact"}, "glob, regex, fixed"), ("a", {"window": -1}, "0 or more")],
)  # fmt: skip
def test_what_is_no_pattern_says_so(article, pattern, how, message):
    with pytest.raises(HkresearchError, match=message):
        hk.find_passages(article, pattern, **how)


@examples(20)
@given(st.text(max_size=60), st.integers(0, 4))
def test_every_token_of_a_page_is_found_where_it_stands(text, window):
    try:
        article = read_page(("x " + text).encode("utf-8", "ignore"), "page.txt")
    except HkresearchError:
        return
    for match in list(WORD_OR_SIGN.finditer(article.text))[:5]:
        found = hk.find_passages(
            article, match.group(), window=window, valuetype="fixed", case_insensitive=False
        )
        row = found[found["start"] == match.start()].iloc[0]
        assert article.text[row.start : row.end] == row.keyword
        around = row.before + row.keyword + row.after
        assert article.text[row.start - len(row.before) :].startswith(around)


@pytest.fixture(scope="module")
def tables():
    page = Page(
        "a",
        "Acme pauses data\nBolt pauses too, says Acme's boss.\n艾克米停。\nAcme shop: buy data now.\nThe Gazette",
    )
    rows = [r for r in page.rows if r.variable != "part"]
    page.rows = rows
    for n, (start, line) in enumerate(
        zip((0, 17, 52, 58, 83), page.article.text.splitlines(keepends=True), strict=True)
    ):
        page._mark(
            start, start + len(line), "a", "part", ("headline", "body", "body", "footer", "body")[n]
        )
    return tabulate_unjoined(page)


def test_tables_are_searched_in_the_article_alone(tables):
    assert hk.find_passages(tables, "data")["line"].tolist() == [1]
    assert hk.find_passages(tables, "data", whole_page=True)["line"].tolist() == [1, 4]
    assert hk.find_passages(tables, "data bolt")["line"].tolist() == [], (
        "a phrase does not leave its part"
    )


def test_tables_without_the_pages_words_say_so(tables):
    from hkresearch.report.publishable_tables import limit_tables

    with pytest.raises(HkresearchError, match="do not hold the words"):
        hk.find_passages(limit_tables(tables, set()), "data")


def test_organisations_are_counted_by_name(tables):
    assert hk.count_organisations(tables).values.tolist() == [
        ["acme", "Acme", 3, 1],
        ["bolt", "Bolt", 1, 1],
    ]
    assert hk.count_organisations(tables, kinds=["outlet"]).values.tolist() == [
        ["gazette", "The Gazette", 1, 1]
    ]
    assert hk.count_together(tables).loc["acme", ["acme", "bolt"]].tolist() == [3, 1]
    assert hk.count_together(tables, within="page").loc["acme", "acme"] == 1
    with pytest.raises(HkresearchError, match="'line' or 'page'"):
        hk.count_together(tables, within="sentence")
