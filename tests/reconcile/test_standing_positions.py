"""Where an organisation stands, and what contradicts it: small corpora coded by hand, each with a reason."""

import pytest

from hkresearch.reconcile import list_contradiction_sides, list_current_positions
from support.coded_pages import Page, make_case_book, tabulate

EARLY, NEXT_DAY, LATER, NEXT_YEAR = "2021-03-01", "2021-03-02", "2021-05-20", "2022-02-10"


def make_pages(rows, number=""):
    """One page a row: (position, published, text or "", attributes), each of an origin of its own.

    With a `number` the pages are of a case among others, and about "acme" with that number.
    """
    pages = []
    for i, row in enumerate(rows):
        position, published, text, fields = (*row, "", {})[:4] if len(row) < 3 else (*row, {})[:4]
        text = text or "Acme did it"
        id, based_on = f"{number}p{i}", f"outlet {i}"
        page = Page(id, f"Head\n{text}.", date_published=published, is_based_on=based_on)
        pages.append(page.place(text, f"acme{number}", position, **fields))
    return pages


def build_cases(cases):
    """Return the tables of all cases together: the organisation of the first is "acme0"."""
    pages = [page for number, (rows, *_) in enumerate(cases) for page in make_pages(rows, number)]
    return tabulate(*pages, book=make_case_book(len(cases)))


STANDING = [
    # rows (position, published, text, attributes), the code that stands, its ties, why
    ([("refuse", EARLY), ("pause", EARLY), ("pause", EARLY), ("continue", ""), ("continue", "")],
     "pause", "", "three pages withhold, two go on: the family first, then its commonest wording"),
    ([("refuse", ""), ("pause", ""), ("continue", ""), ("continue", "")],
     "refuse", "pause;continue", "two pages for each family: a tie, and one of its wordings too"),
    ([("pause", EARLY), ("pause", EARLY), ("refuse", NEXT_DAY, "", {"announced_on": NEXT_DAY})],
     "pause", "", "a day between two wordings is no change"),
    ([("refuse", EARLY, "", {"announced_on": EARLY}), ("pause", NEXT_DAY, "", {"announced_on": NEXT_DAY}), ("pause", NEXT_DAY)],
     "pause", "", "nor the other way round: what more origins say"),
    ([("pause", EARLY), ("pause", EARLY), ("pause", EARLY), ("stop", LATER, "", {"announced_on": LATER})],
     "stop", "", "weeks later it says that it stops for good"),
    ([("pause", EARLY), ("refuse", EARLY), ("refuse", EARLY), ("stop", LATER, "", {"announced_on": LATER})],
     "stop", "", "which replaces the sister wordings of the pause too"),
    ([("pause", EARLY), ("refuse", ""), ("refuse", ""), ("stop", LATER, "", {"announced_on": LATER})],
     "stop", "", "and those that no page dates"),
    ([("pause", EARLY), ("stop", LATER, "", {"announced_on": LATER}), ("pause", NEXT_YEAR)],
     "stop", "", "a page that tells of the pause a year later looks back"),
    ([("stop", EARLY, "", {"announced_on": EARLY}), ("pause", LATER, "", {"announced_on": LATER})],
     "pause", "", "a pause that is dated after a stop is a new decision"),
    ([("pause", EARLY), ("pause", EARLY), ("stop", LATER)],
     "pause", "", "an undated \"stopped\" of one later page is another word for the pause"),
    ([("pause", EARLY), ("pause", EARLY), ("exit", LATER), ("exit", LATER)],
     "exit", "", "leaving is no wording of a pause"),
    ([("pause", EARLY), ("pause", EARLY), ("exit", NEXT_DAY)],
     "pause", "", "but one odd page that says so the day after replaces nothing"),
    ([("pause", EARLY), ("pause", EARLY), ("exit", NEXT_DAY), ("exit", NEXT_DAY)],
     "exit", "", "two independent ones do"),
    ([("pause", EARLY), ("pause", EARLY), ("pause", EARLY), ("no_change", NEXT_YEAR)],
     "pause", "", "no change is none, a year later too"),
    ([("pause", EARLY), ("no_change", NEXT_YEAR, "Acme says that its policy has not changed")],
     "pause", "", "an unchanged policy is the one reported before"),
    ([("no_change", EARLY, "Acme says that its policy has not changed"), ("pause", LATER, "", {"announced_on": LATER})],
     "pause", "", "it changed after that"),
    ([("no_change", EARLY, "Acme says that its policy has not changed")],
     "no_change", "", "where nobody says what the policy was, that is all there is"),
    ([("pause", EARLY), ("pause", EARLY), ("continue", NEXT_DAY)],
     "pause", "", "one odd page against two independent ones"),
    ([("pause", EARLY), ("pause", EARLY), ("continue", NEXT_YEAR)],
     "continue", "", "a year later it is no odd page but a change"),
    ([("pause", EARLY), ("refuse", EARLY), ("continue", LATER, "", {"effective_from": LATER})],
     "continue", "", "a change of family replaces every wording of the other"),
    ([("pause", EARLY, "", {"effective_from": EARLY}), ("refuse", ""), ("continue", LATER, "", {"effective_from": LATER})],
     "continue", "", "the undated ones with them"),
    ([("comply", LATER), ("comply", LATER), ("comply", LATER), ("pause", EARLY)],
     "pause", "", "what it used to do does not outrank where it stands"),
    ([("comply", LATER), ("review", EARLY)], "review", "", "not even where it only thinks about it"),
    ([("review", EARLY), ("review", EARLY), ("review", NEXT_DAY), ("refuse", EARLY)],
     "review", "", "three pages know of no decision, one alone does"),
    ([("pause", ""), ("continue", "")], "pause", "continue", "one page each, and no date: a tie"),
    ([("pause", EARLY), ("continue", EARLY)], "pause", "continue", "on one day"),
    ([("pause", EARLY), ("refuse", EARLY)], "refuse", "pause", "one page each for two wordings"),
]  # fmt: skip


@pytest.fixture(scope="module")
def standing():
    """The position in force of each case above."""
    return list_current_positions(build_cases(STANDING)).set_index("organisation")


@pytest.mark.parametrize(
    ("number", "code", "ties", "why"),
    [(number, *case[1:]) for number, case in enumerate(STANDING)],
    ids=[case[-1] for case in STANDING],
)
def test_the_position_that_stands(number, code, ties, why, standing):
    row = standing.loc[f"acme{number}"]
    assert (row.position, row.ties) == (code, ties), why


def test_an_unchanged_policy_is_no_dissent():
    rows = [("pause", EARLY), ("no_change", NEXT_YEAR, "Acme says that its policy has not changed")]
    row = list_current_positions(tabulate(*make_pages(rows))).set_index("organisation").loc["acme"]
    assert (row.dissent, row.n_articles) == ("", 1)


def test_a_page_that_dates_both_wordings_tells_of_a_change():
    page = Page("a", "Head\nAcme paused. Acme will stop.", date_published="2021-03-09")
    page.place("Acme paused", "acme", "pause", announced_on="2021-03-01")
    page.place("Acme will stop", "acme", "stop", announced_on="2021-03-08")
    others = make_pages([("pause", EARLY)])
    row = list_current_positions(tabulate(page, *others)).set_index("organisation").loc["acme"]
    assert row.position == "stop"


KINDS = [
    # rows, the kinds of contradictions and differences, why
    ([("pause", EARLY), ("no_change", NEXT_YEAR, "Acme says that its policy has not changed")], [],
     "unchanged since the pause"),
    ([("pause", ""), ("no_change", "", "Acme says that its policy has not changed")], [],
     "of a policy that no page dates, unchanged says nothing"),
    ([("pause", "", "", {"effective_from": EARLY}), ("no_change", NEXT_DAY, "Acme says that its policy has not changed")], [],
     "the day after"),
    ([("pause", EARLY), ("no_change", EARLY, "Acme says that its policy has not changed")], ["stance"],
     "on the day of the pause it denies that"),
    ([("pause", EARLY), ("no_change", EARLY, "Acme has not followed")], ["stance"],
     "on one day it has done it, and has not"),
    ([("pause", EARLY), ("refuse", EARLY), ("stop", NEXT_DAY), ("exit", NEXT_DAY)], [],
     "wordings of one family contradict nobody"),
    ([("never_complied", "", "Acme answered none of them"), ("comply", "")], [],
     "none of these requests is not never"),
    ([("never_complied", "", "Acme gave no contents"), ("comply", "")], [], "contents are a part of the data"),
    ([("never_complied", "", "Acme gave nothing in all three cases"), ("comply", "")], [],
     "in so many cases is not never"),
    ([("never_complied", "", "Acme gave none from its offices here"), ("comply", "")], ["tension"],
     "its offices may have given nothing, and it some"),
    ([("never_complied", "", "Acme has never given any data"), ("comply", "")], ["stance"], "never, and once"),
    ([("never_complied", "", "Acme gave no data", {"period": "2020-07-01/2020-12-31"}),
      ("comply", "", "", {"period": "2019-07-01/2019-12-31"})], [], "two half-years"),
    ([("never_complied", "", "Acme gave no data", {"period": "2020-07-01/2020-12-31"}),
      ("comply", "", "", {"period": "2020-07-01/2020-12-31"})], ["stance"], "one half-year"),
    ([("never_complied", "", "Acme gave no data", {"period": "2020-07-01/2020-12-31"}), ("comply", "")], [],
     "of the other no page says when"),
]  # fmt: skip


@pytest.fixture(scope="module")
def contradicted():
    """What contradicts what in each case above."""
    return list_contradiction_sides(build_cases(KINDS))


@pytest.mark.parametrize(
    ("number", "kinds", "why"),
    [(number, *case[1:]) for number, case in enumerate(KINDS)],
    ids=[case[-1] for case in KINDS],
)
def test_what_contradicts_what(number, kinds, why, contradicted):
    found = contradicted[contradicted["subject"] == f"acme{number}"]
    assert sorted(set(found["kind"])) == kinds, why


def test_a_page_that_reports_both_families_contradicts_nobody():
    page = Page("a", "Head\nAcme goes on. Acme paused.", date_published=EARLY)
    page.place("Acme goes on", "acme", "continue").place("Acme paused", "acme", "pause")
    others = make_pages([("pause", EARLY), ("refuse", EARLY)])
    assert list_contradiction_sides(tabulate(page, *others)).empty


def test_a_page_that_gave_and_never_gave_contradicts_nobody():
    page = Page("a", "Head\nAcme gave some. Acme gave no data.")
    page.place("Acme gave some", "acme", "comply")
    page.place("Acme gave no data", "acme", "never_complied")
    assert list_contradiction_sides(tabulate(page, *make_pages([("comply", "")]))).empty


SCOPES = [
    # the objects of the pages, kinds, why
    ([["any new requests"], ["all requests"]], ["scope"], "only new ones, and all"),
    ([["any new requests"], ["requests"]], ["scope"], "only new ones, and no limit named"),
    ([["any new requests", "every request"], ["any new requests"]], [], "one page has both"),
    ([["every request"], ["all requests"]], [], "no page names a limit"),
]  # fmt: skip


@pytest.mark.parametrize(("objects", "kinds", "why"), SCOPES, ids=[row[-1] for row in SCOPES])
def test_a_limit_that_only_some_pages_name(objects, kinds, why):
    pages = []
    for i, texts in enumerate(objects):
        page = Page(f"p{i}", "Head\n" + "\n".join(f"Acme stops {text}." for text in texts))
        for text in texts:
            page.place(f"Acme stops {text}", "acme", "stop", object=text)
        pages.append(page)
    assert sorted(set(list_contradiction_sides(tabulate(*pages))["kind"])) == kinds, why


FIGURES = [
    # per page (text, the words of the period, date published), kinds, why
    ([("241 in the second half of 2019", "second half of 2019", ""), ("202 then", "then", "2020-02-01")], ["value"],
     "both pages say or date which half-year"),
    ([("241 in the second half of 2019", "second half of 2019", ""), ("202 last year", "last year", "")], [],
     "which last year an undated page means nobody knows"),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "kinds", "why"), FIGURES, ids=[row[-1] for row in FIGURES])
def test_figures_of_one_period_only_where_the_pages_say_so(rows, kinds, why):
    pages = []
    for i, (text, words, published) in enumerate(rows):
        page = Page(f"p{i}", f"Head\n{text}.", date_published=published)
        page.code(text[:3], "acme", "requests", text[:3], unit="request")
        figure = page.rows[-2].id
        page.code(words, figure, "period", "2019-07-01/2019-12-31")
        pages.append(page)
    assert sorted(set(list_contradiction_sides(tabulate(*pages))["kind"])) == kinds, why


def test_none_of_these_is_not_counted_where_the_organisation_did_so_otherwise():
    rows = [("never_complied", "", "Acme answered none of them"), ("comply", ""), ("pause", "")]
    row = list_current_positions(tabulate(*make_pages(rows))).set_index("organisation").loc["acme"]
    assert (row.position, row.also) == ("pause", "comply: 1")


def test_a_day_comes_before_the_month_that_it_is_in():
    rows = [("pause", "", "", {"announced_on": "2021-03"}), ("pause", "", "", {"announced_on": "2021-03-05"})]  # fmt: skip
    row = list_current_positions(tabulate(*make_pages(rows))).set_index("organisation").loc["acme"]
    assert row.announced_on == "2021-03-05"


def test_what_a_later_report_replaced_is_named():
    rows = [("pause", EARLY), ("refuse", ""), ("stop", LATER, "", {"announced_on": LATER})]
    row = list_current_positions(tabulate(*make_pages(rows))).set_index("organisation").loc["acme"]
    assert (row.position, row.replaced) == ("stop", "pause;refuse")
