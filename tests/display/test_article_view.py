"""The highlighted page: everything marked, nothing obeyed, quick on long pages."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

import hkresearch as hk
from hkresearch.core.article import HkresearchError, annotate
from hkresearch.display.reprs import show_object
from hkresearch.pages.reader import read_page
from support.fragments import TAGS, read

PAGE = "Acme said it paused “all requests” on Monday. <script>alert(1)</script> It sold 241 units."


def test_a_mark_says_who_what_and_by_which_coder():
    article = read_page(PAGE.encode(), "page.txt")
    start = PAGE.index("paused")
    mark = annotate(article, start, start + 6, "acme", "position", "pause", "positions/1")
    view = hk.show_article(article, [mark])
    assert (
        'title="acme: position = pause (positions/1)">paused</mark><sup class="hk-position">acme: pause</sup>'
        in view._repr_html_()
    )
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
    assert seen.tags <= TAGS and seen.attributes <= {
        "class",
        "title",
        "type",
        "checked",
        "aria-label",
        "scope",
        "tabindex",
    }
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]", seen.text)


@pytest.mark.parametrize("overlap", [0, 3, 40], ids=["side by side", "overlapping", "deep"])
def test_every_character_is_shown_once(overlap):
    article = read_page(PAGE.encode(), "page.txt")
    marks = [
        annotate(article, i, min(i + 5 + overlap, 90), "a", "quotation", "direct", "t/1")
        for i in range(0, 60, 5)
    ]
    parts = [annotate(article, i, j, article.id, "part", code, "t/1")
             for i, j, code in ((0, 12, "headline"), (12, 13, "blank"), (13, 90, "body"))]  # fmt: skip
    for some in (marks, marks + parts):
        body = (
            hk.show_article(article, some)
            ._repr_html_()
            .split('<div class="hk-page')[1]
            .split("<details")[0]
        )
        body = re.sub(r'<sup class.*?</sup>|<div class="hk-name">.*?</div>', "", body).split(
            ">", 1
        )[1]
        assert unescape(re.sub(r"<[^>]*>", "", body)) == PAGE


def test_a_deep_pile_of_annotations_stays_small():
    text = "x" * 4000
    article = read_page(text.encode(), "page.txt")
    marks = [annotate(article, i, 4000 - i, "a", "fact", "b", "t/1") for i in range(1500)]
    html = hk.show_article(article, marks)._repr_html_()
    assert "and 1494 more" in html, "a title names a few and counts the rest"
    assert len(html) < 3_000_000 and "1,000 more rows" in html


def test_tables_bring_their_annotations_and_codings():
    from support.coded_pages import Page, tabulate

    page = Page("a", "Acme pauses\nAcme said it would pause.").place(
        "it would pause", "acme", "pause"
    )
    view = hk.show_article(page.article, tabulate(page))._repr_html_()
    assert (
        'hk-name">headline' in view and "modality = stated" in view and "acme: pause</sup>" in view
    )


def test_the_boxes_filter_by_keyboard_without_a_script(browser):
    article = read_page(PAGE.encode(), "page.txt")
    i = PAGE.index("paused")
    marks = [annotate(article, i, i + 20, "acme", "position", "pause", "t/1"),
             annotate(article, i + 8, i + 20, article.id, "quotation", "direct", "t/1")]  # fmt: skip
    context = browser.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.set_content(hk.show_article(article, marks)._repr_html_())

    def see():
        return [
            m.evaluate("e => getComputedStyle(e).backgroundColor")
            for m in page.locator(".hk-page mark").all()
        ]

    only, both = see()
    assert only == both == "rgba(59, 130, 246, 0.26)", (
        "a position lies over the quotation that it shares words with"
    )
    page.keyboard.press("Tab")
    assert page.locator(".hk-see-quotation:focus").count() == 1
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert see() == ["rgba(0, 0, 0, 0)", "rgba(234, 179, 8, 0.26)"], (
        "without positions the quotation comes to light"
    )
    assert (
        page.locator("sup.hk-position").is_hidden()
        and page.locator("sup.hk-quotation").is_visible()
    )
    context.close()


@pytest.mark.parametrize(
    ("paper", "ink"), [("#fff", "#222"), ("#111", "#ddd")], ids=["light", "dark"]
)
def test_what_a_notebook_shows_is_accessible_in_both_themes(browser, axe, paper, ink):
    from support.coded_pages import Page, tabulate

    one = Page("a", "Acme pauses\nAcme said “it would pause” now.\nShare this").place(
        "it would pause", "acme", "pause"
    )
    one.quote("it would pause", "acme").code("now", "a", "date_published", "2020")
    two = Page("b", "Acme pauses\nAcme said it would surely pause.").place(
        "it would surely pause", "acme", "pause"
    )
    tables = tabulate(one, two)
    shown = [hk.show_article(one.article, tables), hk.show_claim(tables, tables.claims["claim_id"].iloc[0]),
             hk.find_passages(tables, "pause"), hk.reliability(tables)]  # fmt: skip
    body = "".join(view._repr_html_() for view in shown)
    body += show_object(tables) + show_object(one.rows[-1])
    page = browser.new_page()
    page.set_content(
        f"<!doctype html><html lang=en><title>t</title><body style='background:{paper};color:{ink}'><main><h1>t</h1>{body}</main>"
    )
    page.evaluate(axe)
    found = page.evaluate("axe.run()")["violations"]
    assert not [(fault["id"], fault["nodes"][0]["html"][:120]) for fault in found]
    page.close()
