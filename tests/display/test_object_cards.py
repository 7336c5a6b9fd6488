"""The objects a notebook shows: each in plain text and in HTML that acts on nothing, and claims with their differences."""

import re

import pytest

import hkresearch as hk
from hkresearch.codebook.book import read_codebook
from hkresearch.core.article import HkresearchError
from hkresearch.display.claim_view import highlight_changes
from hkresearch.display.reprs import show_object
from support.coded_pages import BOOK, Page, tabulate
from support.fragments import read

NASTY = "Acme <b>pauses</b>\nAcme said \u202eit would pause” <script>alert(1)</script> & more."


@pytest.fixture(scope="module")
def page():
    return Page("a", NASTY, publisher="<i>Gazette</i>").place(
        "it would pause", "acme", "pause", condition="<u>now</u>"
    )


@pytest.mark.parametrize(
    "what", ["article", "annotation", "codebook", "tables", "claim", "passages", "reliability"]
)
def test_an_object_shows_itself_in_html_and_in_plain_text(page, what):
    tables = tabulate(page)
    shown = {
        "article": page.article, "annotation": page.rows[-1], "codebook": BOOK, "tables": tables,
        "claim": hk.show_claim(tables, tables.claims["claim_id"].iloc[0]),
        "passages": hk.find_passages(tables, "script"), "reliability": hk.reliability(tables),
    }[what]  # fmt: skip
    seen = read(shown._repr_html_() if hasattr(shown, "_repr_html_") else show_object(shown))
    assert not seen.tags & {
        "script",
        "b",
        "i",
        "u",
        "img",
        "link",
        "iframe",
    } and not seen.attributes & {"src", "href", "onclick"}
    assert "\u202e" not in seen.text and len(seen.text) > 20
    assert "\n" not in repr(shown) or what in ("claim", "passages", "tables")


def test_plain_forms_say_what_is_what(page):
    assert repr(page.rows[2]).startswith(
        "<Annotation acme | position = pause | 'it would pause' (a 30:44"
    )
    assert repr(BOOK) == "<Codebook test: 'Test', 10 entities, 9 variables>"


def test_the_shipped_codebook_shows_its_questions():
    html = show_object(read_codebook())
    assert html.count("<tr>") > 100 and "21 variables" in html


DIFFERENCES = [
    ("we keep our word", "we keep our word", "we keep our word", "the same"),
    (
        "we keep our word",
        "we kept our word",
        "we <del>keep</del> <ins>kept</ins> our word",
        "a word changed",
    ),
    ("we keep our word", "we keep our own word", "we keep our <ins>own</ins> word", "a word added"),
    ("we keep our own word", "we keep our word", "we keep our <del>own</del> word", "a word lost"),
    (
        "we keep our word now",
        "we keep our word",
        "we keep our word <del>now</del>",
        "lost at the end",
    ),
    (
        "now we keep our word",
        "we keep our word",
        "<del>now</del> we keep our word",
        "lost at the beginning",
    ),
    (
        "We keep “our” word",
        'we keep "our" word',
        "we keep &quot;our&quot; word",
        "case and the form of marks",
    ),
    ("我們遵守承諾", "我們會遵守承諾", "我們<ins>會</ins>遵守承諾", "Chinese goes by characters"),
    (
        "we keep our word",
        "nobody knows why they left",
        "nobody knows why they left",
        "another sentence",
    ),
    (
        "a < b and c",
        "a < b or c",
        "a &lt; b <del>and</del> <ins>or</ins> c",
        "marks of the page are text",
    ),
]


@pytest.mark.parametrize(
    ("model", "text", "expected", "why"), DIFFERENCES, ids=[case[-1] for case in DIFFERENCES]
)
def test_differences_are_marked_word_by_word(model, text, expected, why):
    assert re.sub(" +", " ", highlight_changes(model, text)).strip() == expected


def test_a_claim_shows_its_passages_and_its_rivals():
    one = Page("a", "Acme\nAcme sits in the East, it said.").code("East", "acme", "seat", "east")
    two = Page("b", "Acme\nAcme sits in the West, it said.").code("West", "acme", "seat", "west")
    tables = tabulate(one, two)
    east = tables.claims.query("code == 'east'")["claim_id"].iloc[0]
    html = hk.show_claim(tables, east[:8])._repr_html_()
    assert html.count('<div class="hk-side">') == 1 and "Acme sits in the " in html
    assert (
        "<details open><summary>Other claims on the same question (1)" in html
        and "contested" in html
    )
    with pytest.raises(HkresearchError, match="no claims with this id"):
        hk.show_claim(tables, "ffff")
