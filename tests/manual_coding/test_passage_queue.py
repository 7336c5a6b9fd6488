"""Samples for coding: the same for everyone, blind, with a share for each kind."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import hkresearch as hk
from hkresearch.core.article import HkresearchError
from hkresearch.manual_coding.csv_ledger import read_ledger
from hkresearch.manual_coding.passage_queue import _share_out
from hkresearch.pipeline.build_tables import build_tables
from hkresearch.tables.coding_files import CODING_COLUMNS
from support.coding_by_hand import open_view


def test_a_sample_is_the_same_for_everyone_and_hides_the_codes(tables, small_articles, tmp_path):
    sample = hk.draw_sample(tables, 5, seed=3)
    assert sample.equals(hk.draw_sample(tables, 5, seed=3)) and not sample.equals(
        hk.draw_sample(tables, 5, seed=4)
    )
    assert set(sample.columns) == {"article_id", "start", "end", "exact", "subject", "variable"}
    view = open_view(tables, small_articles, tmp_path, passages=sample)
    assert (
        "(hidden)" in repr(view)
        and view._describe()["code"] == ""
        and view._describe()["marks"] == []
    )
    assert "The code is hidden" in view.accept()
    view.recode(view._judging.list_codes(view._judging.passage.variable)[0])
    view.reject("neither")
    codes = [row["code"] for row in read_ledger(tmp_path / "codings/anna.csv", CODING_COLUMNS)]
    assert len(codes) == 2 and codes[1] == "none" and not (tmp_path / "decisions.csv").exists()


def test_another_page_moves_no_passage_out_of_its_order(tables, small_articles, book):
    fewer = build_tables([a for a in small_articles if a.id != "daily"], book)
    drawn = hk.draw_sample(tables, 10**6, seed=3)
    kept = drawn[drawn["article_id"] != "daily"].reset_index(drop=True)
    assert kept.equals(hk.draw_sample(fewer, 10**6, seed=3)) and len(kept) < len(drawn)


@pytest.mark.parametrize(
    "n, variables, message",
    [(0, "position", "at least one"), (3, "shoe_size", "nothing in these tables")],
)
def test_a_sample_that_cannot_be_drawn(n, variables, message, tables):
    with pytest.raises(HkresearchError, match=message):
        hk.draw_sample(tables, n, variables=variables)


@given(
    st.integers(1, 200), st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 90), min_size=1)
)
def test_strata_get_their_share(n, sizes):
    shares, total = _share_out(n, sizes), sum(sizes.values())
    assert sum(shares.values()) == min(n, total)
    for name, size in sizes.items():
        assert 0 <= shares[name] <= size
        assert abs(shares[name] - min(n, total) * size / total) <= 1 or shares[name] == 1
        assert shares[name] >= 1 or n < len(sizes) or shares[name] == min(n, total) * size // total
