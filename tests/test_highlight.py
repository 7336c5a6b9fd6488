"""The highlighted page: everything marked, nothing obeyed, quick on long pages."""

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

import hkresearch as hk
from hkresearch.article import HkresearchError, annotate
from hkresearch.source import read_page

PAGE = "Acme said it paused “all requests” on Monday. <script>alert(1)</script> It sold 241 units."


class Reader(HTMLParser):
    """Collects the tags and the visible text of a fragment."""

    def __init__(self):
        super().__init__()
        self.tags, self.text, self.is_style = set(), "", False

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.is_style = tag == "style"

    def handle_endtag(self, tag):
        self.is_style = False

    def handle_data(self, data):
        self.text += "" if self.is_style else data


def read(fragment):
    reader = Reader()
    reader.feed(fragment)
    return reader


def test_a_mark_says_who_what_and_by_which_coder():
    article = read_page(PAGE.encode(), "page.txt")
    start = PAGE.index("paused")
    mark = annotate(article, start, start + 6, "acme", "position", "pause", "positions/1")
    view = hk.show_article(article, [mark])
    assert 'title="acme: position = pause (positions/1)">paused</mark>' in view._repr_html_()
    assert "acme | position = pause | paused" in repr(view)


@given(st.text(min_size=1, max_size=120), st.data())
def test_whatever_the_page_says_is_shown_as_text(text, data):
    try:
        article = read_page(("<b>" + text).encode("utf-8", "ignore"), "page.txt")
    except HkresearchError:
        return
    start = data.draw(st.integers(0, len(article.text) - 1))
    end = data.draw(st.integers(start + 1, len(article.text)))
    marks = [
        annotate(article, 0, len(article.text), article.id, "part", "footer", "clean/1"),
        annotate(article, start, end, text[:20], "quotation", "direct", "test/1"),
    ]
    seen = read(hk.show_article(article, marks)._repr_html_())
    assert seen.tags <= {"style", "p", "strong", "div", "mark", "sup", "span"}
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]", seen.text)


@pytest.mark.parametrize("overlap", [0, 3], ids=["side by side", "overlapping"])
def test_every_character_is_shown_once(overlap):
    article = read_page(PAGE.encode(), "page.txt")
    marks = [annotate(article, i, i + 5 + overlap, "a", "quotation", "direct", "t/1") for i in range(0, 60, 5)]
    body = hk.show_article(article, marks)._repr_html_().split('<div class="hk-page">')[1]
    assert unescape(re.sub(r"<[^>]*>", "", body)) == PAGE
