"""Dates, periods, passages and lists in words."""

import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hkresearch.analysis.views.marked_differences import WORDING_TOKEN, mark_differences
from hkresearch.analysis.views.wording import (
    count_things,
    join_most,
    join_words,
    list_page_names,
    shorten,
    tidy_passage,
    write_date,
    write_number,
    write_period,
)  # fmt: skip

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


@pytest.mark.parametrize(("date", "expected", "reason"), DATES, ids=[row[2] for row in DATES])
def test_dates_in_words(date, expected, reason):
    assert write_date(date) == expected, reason


@pytest.mark.parametrize(("period", "expected", "reason"), PERIODS, ids=[row[2] for row in PERIODS])
def test_periods_in_words(period, expected, reason):
    assert write_period(period) == expected, reason


@pytest.mark.parametrize(("text", "expected", "reason"), PASSAGES, ids=[row[2] for row in PASSAGES])
def test_passages_on_one_line(text, expected, reason):
    assert tidy_passage(text) == expected, reason


@pytest.mark.parametrize(
    ("base", "text", "expected", "reason"), DIFFERENCES, ids=[row[3] for row in DIFFERENCES]
)
def test_differences_word_by_word(base, text, expected, reason):
    assert mark_differences(base, text) == expected, reason


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
