"""Where pages contradict each other: cases with a reason each."""

import pytest

from hkresearch.codebook.book import read_codebook
from hkresearch.pages.register import read_articles
from hkresearch.pipeline.build_tables import build_tables
from hkresearch.reconcile import (
    list_contradiction_sides,
)  # fmt: skip
from support.coded_pages import LONG, Page, make_case_book, tabulate
from support.contradictions import NO_DOUBT, check_parts_of_contradictions
from support.paths import ROOT


def one(text, *codes, **fields):
    return text, codes, fields


CONTRADICTIONS = [
    # pages (text, codes, register), the kinds expected, why
    ([one("East", ("East", "acme", "seat", "east")), one("West", ("West", "acme", "seat", "west"))], ["value"], "two seats"),
    ([one("West", ("West", "acme", "seat", "west")), one("Westport", ("Westport", "acme", "seat", "westport"))], [], "a part of it"),
    ([one("East", ("East", "acme", "seat", "east")), one("West", ("West", "bolt", "seat", "west"))], [], "two subjects"),
    ([one("tea", ("tea", "acme", "sells", "tea")), one("ink", ("ink", "acme", "sells", "ink"))], [], "a variable with many values"),
    ([one("1 July", ("1 July", "act", "enacted_on", "2020-07-01")), one("July", ("July", "act", "enacted_on", "2020-07"))], [],
     "less precise, not other"),
    ([one("1 July", ("1 July", "act", "enacted_on", "2020-07-01")), one("2 July", ("2 July", "act", "enacted_on", "2020-07-02"))],
     ["value"], "two dates"),
    ([one("30 June", ("30 June", "act", "in_force_on", "2020-06-30")), one("1 July", ("1 July", "act", "enacted_on", "2020-07-01"))],
     ["order"], "in force before it was enacted"),
    ([one("1 July", ("1 July", "act", "in_force_on", "2020-07-01")), one("30 June", ("30 June", "act", "enacted_on", "2020-06-30"))],
     [], "in force after it was enacted"),
    ([one("six", ("six", "host", "term", "6", "month")), one("a year", ("a year", "host", "term", "1", "year"))], ["value"], "two terms"),
    ([one("a year", ("a year", "host", "term", "1", "year")), one("twelve", ("twelve", "host", "term", "12", "month"))], [],
     "the same term"),
    ([one("six", ("six", "host", "term", "6", "month")), one("a year", ("a year", "writer", "term", "1", "year"))], [],
     "two addressees"),
    ([one("six", ("six", "host", "term", "6", "month")),
      one("a year", ("a year", "host", "term", "1", "year"), ("a year", "writer", "term", "1", "year"))], [],
     "the highest term of a list is no other term of one in it"),
    ([one("six", ("six", "host", "term", "6", "month"), ("six", "writer", "term", "6", "month")),
      one("a year", ("a year", "host", "term", "1", "year"), ("a year", "writer", "term", "1", "year"))], ["value"],
     "two terms of one list"),
    ([one("241", ("241", "acme", "requests", "241", "request", "2019")), one("9", ("9", "acme", "requests", "9", "request", "2018"))],
     [], "two periods"),
    ([one("241 in 2019", ("241", "acme", "requests", "241", "request", "2019")),
      one("9 in 2019", ("9", "acme", "requests", "9", "request", "2019"))],
     ["value"], "one period"),
]  # fmt: skip


@pytest.fixture(scope="module")
def valued():
    """The tables of all cases above: the subjects of the first are "acme0", "act0", and so on."""
    pages = []
    for number, (texts, _, _) in enumerate(CONTRADICTIONS):
        for i, (text, codes, fields) in enumerate(texts):
            page = Page(f"{number}p{i}", f"Head\n{text}.", **fields)
            for exact, subject, variable, code, *unit in codes:
                attributes = dict(zip(("unit", "period"), unit, strict=False))
                page.code(exact, f"{subject}{number}", variable, code, **attributes)
            pages.append(page)
    return tabulate(*pages, book=make_case_book(len(CONTRADICTIONS)))


@pytest.mark.parametrize(
    ("number", "kinds", "why"),
    [(number, row[1], row[2]) for number, row in enumerate(CONTRADICTIONS)],
    ids=[row[-1] for row in CONTRADICTIONS],
)
def test_a_variable_with_one_value(number, kinds, why, valued):
    found = list_contradiction_sides(valued)
    found = found[found["subject"].str.fullmatch(rf"[a-z]+{number}").to_numpy()]
    assert sorted(set(found["kind"])) == kinds, why
    claims = valued.claims[valued.claims["subject"].str.fullmatch(rf"[a-z]+{number}")]
    assert len(claims) >= 1
    if kinds:
        assert set(found["article_id"]) == {f"{number}p0", f"{number}p1"}, "evidence on both sides"
        assert set(claims["status"]) == {"contested"}


POSITIONS = [
    # per page (position, modality, date published), kinds, why
    ([("pause", "stated", ""), ("pause", "considered", "")], ["modality"], "done here, considered there"),
    ([("pause", "stated", "2020-07-08"), ("pause", "considered", "2020-07-01")], [], "first considered, then done"),
    ([("pause", "stated", "2020-07-08"), ("no_change", "stated", "2020-07-08")], ["stance"], "it withholds and goes on, on one day"),
    ([("pause", "stated", ""), ("no_change", "stated", "")], ["tension"], "no date says whether it changed"),
    ([("pause", "stated", "2020-07-08"), ("no_change", "stated", "")], ["tension"], "one date is not enough"),
    ([("pause", "expected", ""), ("no_change", "stated", "")], ["outlook"], "expected to withhold, and goes on"),
    ([("no_change", "expected", ""), ("pause", "stated", "")], ["outlook"], "the other way round"),
    ([("pause", "expected", ""), ("pause", "stated", "")], [], "expected here, stated there: it came true"),
    ([("pause", "expected", ""), ("no_change", "considered", "")], [], "neither is stated"),
    ([("pause", "considered", ""), ("no_change", "stated", "")], [], "it goes on, and considers to pause"),
    ([("comply", "expected", ""), ("never_complied", "stated", "")], [], "never so far"),
    ([("pause", "expected", "2020-07-01"), ("no_change", "stated", "2020-07-08")], [], "what was expected did not come"),
    ([("pause", "stated", "2020-07-08"), ("continue", "stated", "2020-07-01")], [], "a change between two dates"),
    ([("never_complied", "stated", ""), ("comply", "stated", "")], ["stance"], "never, and once"),
    ([("pause", "stated", ""), ("comply", "stated", "")], [], "it complied until it paused"),
    ([("pause", "stated", ""), ("refuse", "stated", "")], [], "two words for one stance"),
    ([("pause", "stated", ""), ("review", "stated", "")], [], "both at once"),
    ([("pause", "stated", ""), ("never_complied", "stated", "")], [], "both may be said"),
]  # fmt: skip


@pytest.fixture(scope="module")
def positioned():
    """The tables of all cases above: the organisation of the first is "acme0", and so on."""
    pages = []
    for number, (rows, _, _) in enumerate(POSITIONS):
        for i, (position, modality, date) in enumerate(rows):
            page = Page(f"{number}p{i}", "Head\nAcme did it.", date_published=date)
            pages.append(page.place("Acme did it", f"acme{number}", position, modality))
    return tabulate(*pages, book=make_case_book(len(POSITIONS)))


EACH_POSITION = pytest.mark.parametrize(
    ("number", "rows", "kinds", "why"),
    [(number, *row) for number, row in enumerate(POSITIONS)],
    ids=[row[-1] for row in POSITIONS],
)


@EACH_POSITION
def test_positions_that_exclude_each_other(number, rows, kinds, why, positioned):
    found = list_contradiction_sides(positioned, subject=f"acme{number}")
    assert sorted(set(found["kind"])) == kinds, why


@EACH_POSITION
def test_positions_of_different_modality_are_never_contested(number, rows, kinds, why, positioned):
    statuses = positioned.claims["status"][positioned.claims["subject"] == f"acme{number}"]
    contested = set(statuses) == {"contested"}
    assert len(statuses) and contested is bool(set(kinds) - set(NO_DOUBT)), why
    assert not contested or {modality for _, modality, _ in rows} == {"stated"}


def test_what_a_page_expects_for_later_does_not_contradict_what_it_says_of_now():
    page = Page("a", "Head\nAcme goes on. Acme will pause.").place(
        "Acme goes on", "acme", "no_change"
    )
    page.place("Acme will pause", "acme", "pause", "expected")
    assert list_contradiction_sides(tabulate(page)).empty


def test_the_same_quoted_words_and_another_actor():
    pages = [Page(id, f"Head\n{who} pauses “{LONG}”.").quote(LONG, "acme").place(f"{who} pauses “{LONG}”", who.lower(), "pause")
             for id, who in (("a", "Acme"), ("b", "Bolt"))]  # fmt: skip
    found = list_contradiction_sides(tabulate(*pages))
    assert set(found["kind"]) == {"subject"} and set(found["code"]) == {"acme", "bolt"}


def test_all_requests_or_only_new_ones():
    pages = [Page(id, f"Head\nAcme stops {what}.").place(f"Acme stops {what}", "acme", "stop", object=what)
             for id, what in (("a", "any new requests"), ("b", "all requests"))]  # fmt: skip
    tables = tabulate(*pages)
    assert set(list_contradiction_sides(tables)["kind"]) == {"scope"}
    assert set(list_contradiction_sides(tables)["code"]) == {"no limit", "only a part"}
    assert "contested" not in set(tables.claims["status"])


def test_what_is_found_about_one_subject_alone_is_what_is_found_among_all(sample_tables):
    assert check_parts_of_contradictions(sample_tables) >= {"stance", "headline"}


@pytest.mark.fuzz
def test_what_is_found_about_one_subject_alone_in_generated_pages(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "bench")
    from generate_pages import generate_pages

    generate_pages(tmp_path, 20, 7)
    kinds = check_parts_of_contradictions(build_tables(read_articles(tmp_path), read_codebook()))
    assert kinds >= {"value", "order", "stance", "subject", "scope", "headline"}


def test_what_is_found_about_several_at_once_is_found_about_each():
    pages = [Page(id, "Head\nAcme and Bolt did it. 10 and 46%.", date_published="2020-07-08").place("Acme and Bolt did it", "acme;bolt", position)
             for id, position in (("a", "pause"), ("b", "no_change"))]  # fmt: skip
    pages[0].code("10", "acme", "requests", "10", unit="request").code(
        "46%", "acme", "share", "46", unit="percent"
    )
    tables = tabulate(*pages)
    assert check_parts_of_contradictions(tables) == {"stance", "arithmetic"}
    for subject, subjects in (
        ("bolt", {"acme;bolt"}),
        ("acme", {"acme", "acme;bolt"}),
        ("acm", set()),
    ):
        assert set(list_contradiction_sides(tables, subject=subject)["subject"]) == subjects
