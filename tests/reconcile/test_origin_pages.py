"""Whole pages: which of them carry one report, and which only quote or credit alike."""

from itertools import combinations
from pathlib import Path

import pytest

import hkresearch as hk
from support.registers import register

PAGES = Path(__file__).parent / "origin_pages"

ONE_REPORT = [
    (("harbour_full", "coast_cut"), "cut, other headline, other first paragraphs, no credit"),
    (("harbour_full", "buzz_spun"), "words replaced one by one, all in the model's order"),
    (("coast_cut", "buzz_spun"), "two copies of one report share little with each other"),
    (("harbour_full", "xin_reuters_zh"), "an agency's report retold in Chinese, with its credit"),
    (("coast_cut", "xin_reuters_zh"), "a copy without a credit has its model's origin"),
    (("buzz_spun", "xin_reuters_zh"), "the same"),
    (("gazette_wsj_apple", "tulsa_wsj_apple"), "the same report of one paper in other words"),
]
APART = [
    (("harbour_full", "meridian_own"), "the same press statement, a reporter of its own"),
    (("harbour_full", "sound_ap_zoom"), "a paragraph of background word for word"),
    (
        ("harbour_full", "ledger_tiktok"),
        "another story of the same agency, the first as background",
    ),
    (("harbour_full", "xin_reuters_bank_zh"), "the same in Chinese"),
    (("lantern_statements", "orchard_statements"), "the same three statements in the same order"),
    (("gazette_wsj_apple", "civic_wsj_nathan"), "another report of the same paper, in passing"),
]


@pytest.fixture(scope="module")
def origins(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    files = sorted(PAGES.glob("*.txt"))
    for file in files:
        (folder / file.name).write_bytes(file.read_bytes())
    articles = hk.read_articles(register(folder, [file.name for file in files]))
    tables = hk.build_tables(articles, hk.read_codebook("hong-kong-data-requests"))
    return dict(zip(tables.origins["article_id"], tables.origins["origin_id"], strict=True))


@pytest.mark.parametrize("pages, reason", ONE_REPORT)
def test_pages_that_carry_one_report_have_one_origin(origins, pages, reason):
    assert origins[pages[0]] == origins[pages[1]], reason


@pytest.mark.parametrize("pages, reason", APART)
def test_pages_that_only_quote_or_credit_alike_have_their_own(origins, pages, reason):
    assert origins[pages[0]] != origins[pages[1]], reason


def test_no_other_pages_are_joined(origins):
    joined = {frozenset(pages) for pages, _ in ONE_REPORT}
    found = {
        frozenset(pair) for pair in combinations(origins, 2) if origins[pair[0]] == origins[pair[1]]
    }
    assert found == joined
