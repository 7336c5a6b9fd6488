"""What changed between two builds, and which pages caused it."""

from hkresearch.reconcile import (
    diff_tables,
)  # fmt: skip
from support.coded_pages import Page, quote_pages, tabulate


def test_diff_names_what_changed_and_the_pages_that_caused_it():
    old_pages = [
        Page("a", "Head\nAcme pauses.", is_based_on="x", date_published="2020-07-08").place("Acme pauses", "acme", "pause")
    ]  # fmt: skip
    new_pages = [*old_pages, Page("b", "Head\nAcme pauses. East.", is_based_on="y", date_published="2020-07-08")
                 .place("Acme pauses", "acme", "pause").code("East", "acme", "seat", "east"),
                 Page("c", "Head\nAcme goes on.", is_based_on="z", date_published="2020-07-08")
                 .place("Acme goes on", "acme", "no_change")]  # fmt: skip
    old, new = tabulate(*old_pages), tabulate(*new_pages)
    found = {
        (row.change, row.what, row.variable, row.before, row.after, row.articles)
        for row in diff_tables(old, new).itertuples(index=False)
    }
    assert ("added", "page", "", "", "", "b") in found
    assert ("added", "claim", "seat", "", "", "b") in found
    assert ("changed", "n_articles", "position", "1", "2", "b") in found
    assert ("changed", "status", "position", "single-source", "contested", "b") in found
    back = {(row.change, row.what) for row in diff_tables(new, old).itertuples(index=False)}
    assert {("gone", "page"), ("gone", "claim"), ("changed", "status")} <= back
    assert diff_tables(new, new).empty


def test_a_statement_with_a_better_wording_is_the_same_claim():
    old = quote_pages(("without fear or favour in the city of light", "acme"))
    longer = "we live without fear or favour in the city of light today"
    new = [*old, Page("z", f"Head\n“{longer}”").quote(longer, "acme")]
    changes = diff_tables(tabulate(*old), tabulate(*new))
    assert sorted(set(zip(changes["change"], changes["what"], strict=True))) == [
        ("added", "page"), ("changed", "n_articles"), ("changed", "n_origins"), ("changed", "status"), ("changed", "text"),
    ]  # fmt: skip
