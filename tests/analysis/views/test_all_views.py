"""What holds for every view: of no pages, and of rows in another order."""

from functools import cache

import pandas as pd
import pytest

from hkresearch.analysis import views
from hkresearch.tables.tables import list_frames, replace_frames

NEEDS_MORE = (
    {name for name in views.__all__ if "change" in name or "earlier" in name}
    | {"join_evidence", "list_added_claims", "list_gone_claims"}
    | {"arrange_positions", "arrange_dates", "list_facts", "summarise_organisation"}
)


PLAIN = [name for name in views.__all__ if name not in NEEDS_MORE]


@pytest.fixture(scope="module")
def shown(small_tables):
    """A function that returns a view of the small corpus, made once."""
    return cache(lambda name: getattr(views, name)(small_tables))


@pytest.mark.parametrize("name", PLAIN)
def test_an_empty_corpus_gives_the_same_columns_and_no_rows(name, shown, empty_tables):
    full, empty = shown(name), getattr(views, name)(empty_tables)
    assert type(full) is type(empty)
    if isinstance(full, pd.DataFrame):
        assert set(full.columns) - {"reason", "scope"} <= set(empty.columns)
        assert len(empty) == 0 or name == "list_makings"
    elif isinstance(full, tuple):
        assert full[0].endswith(".") and empty[0].endswith(".") and empty[1] == []


@pytest.mark.parametrize("name", PLAIN)
def test_evidence_is_known_and_rows_do_not_depend_on_their_order(name, shown, small_tables):
    shuffled = {
        key: frame.iloc[::-1].reset_index(drop=True)
        for key, frame in list_frames(small_tables).items()
    }
    found = shown(name)
    again = getattr(views, name)(replace_frames(small_tables, **shuffled))
    if not isinstance(found, pd.DataFrame):
        assert found == again
        return
    pd.testing.assert_frame_equal(found, again)
    known = set(small_tables.passages["annotation_id"])
    for column in [column for column in found.columns if column.endswith("evidence")]:
        assert {id for ids in found[column] for id in ids} <= known
