"""What is different since the last build: what is kept of it, and what a reader is told."""

from functools import cache

import pytest

from hkresearch.analysis import views
from hkresearch.core.article import HkresearchError
from hkresearch.tables.previous_build import keep_earlier, place_earlier
from hkresearch.tables.tables import read_tables, replace_frames, write_tables
from support.coded_pages import Page, tabulate

HOLD = "we will go on serving everybody in the city without fear"


def old_pages():
    return [
        Page("a", f"Head\nAcme pauses. “{HOLD},” it said. East.", is_based_on="x", publisher="Post").place("Acme pauses", "acme", "pause")
        .quote(f"{HOLD},", "acme").code("East", "acme", "seat", "east"),
        Page("b", "Head\nBolt goes on. 9 requests.", is_based_on="y").place("Bolt goes on", "bolt", "no_change")
        .code("9", "bolt", "requests", "9", unit="request", period="2019-07-01/2019-12-31"),
    ]  # fmt: skip


def new_pages():
    """Page b is read otherwise, and c and d are new."""
    return [
        old_pages()[0],
        Page("b", "Head\nBolt goes on. 9 requests.", is_based_on="y").place("Bolt goes on", "bolt", "no_change"),
        Page("c", f"Head\nAcme goes on. It “{HOLD}”. West.", is_based_on="z").place("Acme goes on", "acme", "no_change")
        .quote(HOLD, "acme").code("West", "acme", "seat", "west"),
        Page("d", "Head\nAcme goes on.", is_based_on="w").place("Acme goes on", "acme", "no_change"),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def pair():
    return tabulate(*old_pages()), tabulate(*new_pages())


@pytest.fixture(scope="module")
def changes(pair):
    """A function that returns a view of the two corpora, made once."""
    return cache(lambda name: getattr(views, name)(*pair))


def test_pages_that_changed(changes):
    rows = changes("list_changed_pages")
    assert rows[["change", "page"]].values.tolist() == [
        ["added", "unnamed, after w"],
        ["added", "unnamed, after z"],
    ]


def test_another_position_in_force_opens_both_passages(changes):
    (row,) = changes("list_changed_positions").to_dict("records")
    assert (row["organisation"], row["before"], row["now"]) == ("Acme", "pause", "no change")
    assert row["because_of"] == "unnamed, after w; unnamed, after z"
    assert len(row["before_evidence"]) == 1 and len(row["now_evidence"]) == 2


def test_a_page_that_is_gone_is_still_named_as_the_cause(pair):
    (row,) = views.list_changed_positions(*reversed(pair)).to_dict("records")
    assert (row["before"], row["now"]) == ("no change", "pause")
    assert row["because_of"] == "unnamed, after w; unnamed, after z"


def test_what_became_contested_comes_first_with_what_contests_it(pair, changes):
    rows = changes("list_changed_claims")
    assert rows["what_changed"].tolist() == [
        "now contested, was single-source",  # the seat; no date says that the positions are of one time
        "now one-statement, was single-source; 2 pages, was 1; 2 origins, was 1",
    ]  # fmt: skip
    seat = rows[rows["question"] == "seat"].iloc[0]
    west = pair[1].annotations.query("code == 'west'")["annotation_id"].tolist()
    assert (
        seat["claim"] == "East"
        and seat["evidence"] == west
        and seat["because_of"] == "unnamed, after z"
    )


def test_new_claims_and_those_that_are_gone(pair, changes):
    added = changes("list_added_claims")
    assert added[["about", "question", "claim"]].values.tolist() == [
        ["Acme", "position", "no change"],
        ["Acme", "seat", "West"],
    ]
    (gone,) = changes("list_gone_claims").to_dict("records")
    assert (gone["claim"], gone["because_of"]) == (
        "9 requests, July to December 2019",
        "unnamed, after y",
    )
    assert gone["evidence"], "its page is still the same: the passage opens"
    known = set(views.join_evidence(*pair).annotations["annotation_id"])
    assert set(gone["evidence"]) <= known - set(pair[1].annotations["annotation_id"])


def test_nothing_opens_a_page_that_is_gone(pair):
    new, old = pair
    rows = views.list_gone_claims(old, new)
    assert set(rows["because_of"]) == {"unnamed, after w; unnamed, after z", "unnamed, after z"}
    assert all(ids == [] for ids in rows["evidence"])


def test_the_answer_counts_and_names(pair):
    text, evidence = views.summarise_changes(*pair)
    assert text == (
        "Compared with the earlier tables (2 pages): 2 pages added; 2 claims new, 1 gone and 2 changed, 1 of them now "
        "contested; another position in force: Acme (pause → no change)."
    )
    assert len(evidence) == 2
    assert (
        views.summarise_changes(pair[1], pair[1])[0]
        == "Nothing: the earlier tables, of 4 pages, say the same."
    )
    text, evidence = views.summarise_changes(None, pair[1])
    assert "no earlier tables" in text and evidence == []


def test_a_claim_that_became_part_of_another_is_not_gone():
    apart = [Page(id, f"Head\nIt said “{words}”.", is_based_on=id).quote(words, "acme")
             for id, words in (("a", "without fear or favour in the city"), ("b", "nobody may read what users write"))]  # fmt: skip
    both = "without fear or favour in the city, nobody may read what users write"
    joined = [*apart, Page("c", f"Head\nIt said “{both}”.", is_based_on="c").quote(both, "acme")]
    old, new = tabulate(*apart), tabulate(*joined)
    assert new.quotations["claim_id"].nunique() == 1
    assert views.list_gone_claims(old, new).empty
    (row,) = views.list_changed_claims(old, new).to_dict("records")
    assert "which stood alone" in row["what_changed"]


@pytest.mark.parametrize("name", ["list_changed_pages", "list_changed_positions", "list_changed_claims", "list_added_claims",
                                  "list_gone_claims"])  # fmt: skip
def test_without_earlier_tables_nothing_is_compared(name, pair, changes):
    empty = getattr(views, name)(None, pair[1])
    assert empty.empty and set(changes(name).columns) <= {*empty.columns, "what"}


# ---- what is kept ------------------------------------------------------------------------------------------------


def replace(tables, folder):
    with keep_earlier(folder):
        write_tables(tables, folder)


def test_the_tables_that_a_build_replaces_are_kept_until_others_replace_those(pair, tmp_path):
    folder = tmp_path / "processed"
    replace(pair[0], folder)
    assert views.read_earlier(str(folder)) is None, "the first build replaces nothing"
    replace(pair[1], folder)
    assert len(views.read_earlier(str(folder)).articles) == 2
    replace(pair[1], folder)
    assert len(views.read_earlier(str(folder)).articles) == 2, (
        "the same tables once more are no change"
    )
    replace(pair[0], folder)
    assert len(views.read_earlier(str(folder)).articles) == 4
    assert sorted(path.name for path in tmp_path.iterdir()) == ["processed", "processed.earlier"]


def test_what_a_person_codes_replaces_nothing_that_is_compared(pair, tmp_path):
    folder = tmp_path / "processed"
    replace(pair[0], folder)
    replace(pair[1], folder)
    codings = pair[1].annotations.iloc[:1].reindex(columns=pair[1].codings.columns)
    replace(replace_frames(pair[1], codings=codings), folder)
    assert len(read_tables(folder).codings) == 1
    assert len(views.read_earlier(str(folder)).articles) == 2, "still those before the pages came"


def test_a_build_that_fails_leaves_both_as_they_were(pair, tmp_path):
    folder = tmp_path / "processed"
    replace(pair[0], folder)
    replace(pair[1], folder)
    with pytest.raises(ZeroDivisionError), keep_earlier(folder):
        raise ZeroDivisionError
    assert (
        len(read_tables(folder).articles) == 4
        and len(views.read_earlier(str(folder)).articles) == 2
    )
    assert not list(tmp_path.glob("*.new"))


def test_a_folder_that_a_person_names_must_hold_tables(pair, tmp_path):
    write_tables(pair[0], tmp_path / "then")
    assert len(views.read_earlier("anything", str(tmp_path / "then")).articles) == 2
    with pytest.raises(HkresearchError, match="no tables here"):
        views.read_earlier("anything", str(tmp_path / "never"))


def test_earlier_tables_of_another_version_are_passed_over(pair, tmp_path):
    folder = tmp_path / "processed"
    replace(pair[0], folder)
    replace(pair[1], folder)
    (place_earlier(folder) / "claims.parquet").unlink()
    assert views.read_earlier(str(folder)) is None


def test_a_page_that_only_changed_elsewhere_is_not_the_cause():
    """Page a is read otherwise on something else; page c is what contests it."""
    before = [
        Page("a", "Head\nAcme is in the East. Ink.", is_based_on="x").code(
            "East", "acme", "seat", "east"
        )
    ]
    after = [
        Page("a", "Head\nAcme is in the East. Ink.", is_based_on="x").code("East", "acme", "seat", "east").code("Ink", "acme", "sells", "ink"),
        Page("c", "Head\nAcme is in the West.", is_based_on="z").code("West", "acme", "seat", "west"),
    ]  # fmt: skip
    (row,) = views.list_changed_claims(tabulate(*before), tabulate(*after)).to_dict("records")
    assert (row["question"], row["because_of"]) == ("seat", "unnamed, after z")
