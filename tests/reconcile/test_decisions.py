"""A person's decisions, applied at every build."""

import re

import pytest

from hkresearch.core.article import HkresearchError
from hkresearch.reconcile import (
    read_decisions,
)  # fmt: skip
from support.coded_pages import Page, tabulate
from support.decisions import write_decisions


def two_pages():
    one = Page("a", "Head\nAcme pauses. “We keep every promise we make,” it said.")
    one.place("Acme pauses", "acme", "pause", condition="for now").quote(
        "We keep every promise we make,", "acme"
    )
    two = Page("b", "Head\nAcme pauses. “Nobody should live in fear of us,” it said.")
    two.place("Acme pauses", "acme", "pause").quote("Nobody should live in fear of us,", "acme")
    return one, two


def test_reject_takes_an_annotation_and_its_attributes_away(tmp_path):
    before = tabulate(*two_pages())
    target = before.positions["position_id"][before.positions["article_id"] == "a"].iloc[0]
    after = tabulate(*two_pages(), decisions=write_decisions(tmp_path, f"{target},reject"))
    assert len(after.positions) == 1 and target not in set(after.annotations["subject"])
    assert after.claims.query("variable == 'position'")["n_articles"].tolist() == [1]
    assert after.decisions[["line", "n_matched", "coder"]].values.tolist() == [[2, 1, "ada"]]


def test_a_claim_stands_for_all_its_annotations(tmp_path):
    claim = tabulate(*two_pages()).claims.query("variable == 'position'")["claim_id"].iloc[0]
    after = tabulate(*two_pages(), decisions=write_decisions(tmp_path, f"{claim},recode stop"))
    assert after.positions["position"].tolist() == ["stop", "stop"]
    assert set(after.annotations["coder"][after.annotations["variable"] == "position"]) == {"ada"}


def test_merge_and_split(tmp_path):
    before = tabulate(*two_pages())
    one, two = before.quotations.sort_values("article_id")["claim_id"]
    merged = tabulate(*two_pages(), decisions=write_decisions(tmp_path, f"{two},merge {one}"))
    assert set(merged.quotations["claim_id"]) == {one}
    assert merged.claims.set_index("claim_id").loc[one, "n_articles"] == 2
    position = before.positions["position_id"].iloc[0]
    split = tabulate(*two_pages(), decisions=write_decisions(tmp_path, f"{position},split"))
    assert split.positions["claim_id"].nunique() == 2


# The first are found on reading the file, the others when they are applied.
UNREADABLE = [
    ("POSITION,forget", "expected one of", "a verb that is none"),
    ("POSITION,recode", "expected one of", "a recode without a code"),
    (",reject", "target is empty", "no target"),
]
UNFIT = [
    ("0123456789abcdef,reject", "matches no annotation", "a target that is gone"),
    ("PART,reject", "tile", "a part of a page"),
    ("POSITION,recode maybe", "no code of position", "a code that is not in the book"),
    ("POSITION,merge 0123456789ab", "matches no annotation", "a claim that is gone"),
]


@pytest.mark.parametrize("rows", [UNREADABLE, UNFIT], ids=["on reading", "on applying"])
def test_decisions_that_cannot_be_applied_fail_each_with_its_line(tmp_path, rows):
    tables = tabulate(*two_pages())
    part = tables.annotations["annotation_id"][tables.annotations["variable"] == "part"].iloc[0]
    position = tables.positions["position_id"].iloc[0]
    lines = [line.replace("PART", part).replace("POSITION", position) for line, *_ in rows]
    with pytest.raises(HkresearchError) as error:
        tabulate(*two_pages(), decisions=write_decisions(tmp_path, *lines))
    for number, (_, says, why) in enumerate(rows, 2):
        assert re.search(rf"line {number}: .*{says}", str(error.value)), why


def test_decisions_that_are_no_table_say_so(tmp_path):
    (tmp_path / "decisions.csv").write_text("who,what\n", "utf-8")
    with pytest.raises(HkresearchError, match="target, decision"):
        read_decisions(tmp_path / "decisions.csv")
    with pytest.raises(HkresearchError, match="cannot be read"):
        read_decisions(tmp_path / "nothing.csv")
