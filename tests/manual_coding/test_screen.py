"""How passages are shown to a coder: hostile words stay words, with a widget and without."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hkresearch.manual_coding.screen import describe_coded_page, show_controls
from hkresearch.pipeline.build_tables import build_tables
from hkresearch.reconcile.decisions import read_decisions
from support.coding_by_hand import open_view
from support.small_corpus import make_article


@given(st.text())
def test_signs_in_the_place_of_controls_move_no_offset(text):
    shown = show_controls(text)
    assert len(shown) == len(text) and not any(
        sign in shown for sign in "\x00\x1b\r\u202e\u2066\u200f"
    )
    shown.encode("utf-8")


class Tags(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags = set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        assert not [
            name for name, _ in attributes if name.startswith("on") or name in ("src", "href")
        ]


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\u202e\x1b[31m"


def test_the_static_form_shows_hostile_words_as_words(book, tmp_path):
    words = f"Facebook said on Monday that it would pause reviews of data requests from Hong Kong. {HOSTILE}"
    page = make_article(
        "page", f"Headline {HOSTILE}\n{HOSTILE} {words}\n{words}\n", headline=HOSTILE
    )
    tables = build_tables([page], book)
    view = open_view(tables, [page], tmp_path)
    html = view._repr_mimebundle_()["text/html"]
    assert Tags(html).tags <= {
        "style",
        "p",
        "code",
        "div",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "mark",
        "br",
        "small",
    }
    assert (
        "&lt;script&gt;" in html
        and "\u202e" not in html
        and "\u202e" not in describe_coded_page(page)["text"]
    )


def test_without_anywidget_there_is_still_a_view(tables, small_articles, tmp_path, monkeypatch):
    from hkresearch.manual_coding import view as module

    monkeypatch.setattr(module, "find_spec", lambda name: None)
    bundle = open_view(tables, small_articles, tmp_path)._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html"} and "view.accept()" in bundle["text/html"]


def test_the_widget_obeys_and_answers(tables, small_articles, tmp_path):
    pytest.importorskip("anywidget")
    view = open_view(tables, small_articles, tmp_path)
    bundle = view._repr_mimebundle_()
    assert {"application/vnd.jupyter.widget-view+json", "text/html", "text/plain"} <= set(bundle)
    widget = view._widget
    serial = widget.screen["serial"]
    widget._handle_custom_msg({"do": "reject", "at": 0, "reason": "by key"}, [])
    assert widget.screen["serial"] > serial and widget.screen["status"].startswith(
        "Saved: passage 1, reject."
    )
    assert (
        widget.page["id"] == widget.screen["article_id"]
        and read_decisions(tmp_path / "decisions.csv")[0]["reason"] == "by key"
    )
    assert "http" not in widget._esm + widget._css, "nothing comes from elsewhere"
    assert not any(
        word in widget._esm
        for word in ("innerHTML", "insertAdjacentHTML", "outerHTML", "document.write", "eval(")
    )
