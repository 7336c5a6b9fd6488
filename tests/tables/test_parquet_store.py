"""Tables that are never in memory whole: the same file however the rows came, and the same answers as from a frame."""

from collections import defaultdict

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hkresearch.tables import parquet_store as stored
from hkresearch.tables import select_rows as rows
from hkresearch.tables.parquet_store import StoredTable, write_parquet
from hkresearch.tables.schema import conform_frame, list_fields, make_frame
from hkresearch.tables.select_rows import (
    choose_where,
    iterate_pages,
    iterate_parts,
    iterate_rows,
    join_pages,
)
from hkresearch.tables.text_columns import PackedRows, is_among, look_up, map_texts

VARIABLES = ("part", "quotation", "via", "scope")
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
pages = st.lists(st.lists(st.tuples(st.sampled_from(VARIABLES), texts), max_size=9), max_size=6)


@pytest.fixture(autouse=True)
def few(monkeypatch):
    """Cut tables into many pieces though they have few rows."""
    monkeypatch.setattr(stored, "ROW_GROUP", 7)
    monkeypatch.setattr(stored, "READ_ROWS", 4)
    monkeypatch.setattr(rows, "ROWS_AT_A_TIME", 3)


def make_annotations(found):
    rows = [
        (f"{page:04d}{i:012d}", f"p{page}", i, i + 1, exact, f"s{i % 3}", variable, exact, "t/1")
        for page, marks in enumerate(found)
        for i, (variable, exact) in enumerate(marks)
    ]
    return make_frame("annotations", rows)


def store(frame, folder, cuts=()):
    path = folder / "annotations.parquet"
    edges = sorted({0, len(frame), *(cut for cut in cuts if cut < len(frame))})
    write_parquet(
        "annotations", [frame.iloc[a:b] for a, b in zip(edges, edges[1:], strict=False)], path
    )
    return StoredTable("annotations", path)


@settings(max_examples=12, deadline=None)
@given(pages, st.lists(st.integers(0, 50)), st.data())
def test_a_stored_table_answers_as_a_frame_does(tmp_path_factory, found, cuts, data):
    folder = tmp_path_factory.mktemp("stored")
    frame = make_annotations(found)
    whole = store(frame, folder).where.read_bytes()
    table = store(frame, folder, cuts)
    assert table.where.read_bytes() == whole
    assert len(table) == len(frame)
    ids = frame["annotation_id"].tolist()
    gone = data.draw(st.sets(st.sampled_from(ids))) if ids else set()
    recoded = data.draw(st.sets(st.sampled_from(ids))) if ids else set()
    table, frame = (
        table.drop(gone),
        frame[~frame["annotation_id"].isin(gone)].reset_index(drop=True),
    )
    table = table.recode(recoded, "new", "anna")
    frame.loc[frame["annotation_id"].isin(recoded), ["code", "coder"]] = ["new", "anna"]
    pd.testing.assert_frame_equal(table.to_frame(), conform_frame("annotations", frame))
    assert len(table) == len(frame)
    columns = ["annotation_id", "code", "start"]
    for column, values in (
        ("variable", ["via", "part"]),
        ("code", ["new"]),
        ("subject", ["s1"]),
        ("code", []),
    ):
        expected = choose_where(frame, columns, column, values).to_dict("records")
        assert choose_where(table, columns, column, values).to_dict("records") == expected
    read = list(table.read_pages(["article_id", "code"]))
    assert [page for piece in read for page in piece["article_id"].unique()] == frame[
        "article_id"
    ].unique().tolist()
    assert [code for piece in read for code in piece["code"]] == frame["code"].tolist()
    table.write(folder / "again.parquet")
    write_parquet("annotations", [frame], folder / "expected.parquet")
    assert (folder / "again.parquet").read_bytes() == (folder / "expected.parquet").read_bytes()


@settings(max_examples=12, deadline=None)
@given(
    st.lists(st.tuples(texts, texts, st.none() | st.integers(0, 9)), max_size=20),
    st.integers(1, 20),
)
def test_packed_rows_are_the_rows(rows, cut):
    kinds = [("claim_id", "string"), ("wording", "string"), ("start", "integer")]
    packed = PackedRows([("annotation_id", "string"), *kinds])
    rows = [(f"{i:016x}", *row) for i, row in enumerate(rows)]
    for i in range(0, len(rows), cut):
        packed.add(rows[i : i + cut])
    frame = packed.build()
    assert [
        tuple(None if pd.isna(v) else v for v in row)
        for row in frame.itertuples(index=False, name=None)
    ] == rows
    assert frame["wording"].array.argsort(kind="stable").tolist() == sorted(
        range(len(rows)), key=lambda i: rows[i][2]
    )
    shared = frame["wording"].tolist()
    assert len({id(text) for text in shared if text}) == len({text for text in shared if text})


def test_what_stands_beside_an_id_is_looked_up():
    keys, values = pd.Series(["a", "b", "c"], dtype="str"), pd.Series(["x", "y", "x"], dtype="str")
    assert list(look_up(["c", "no", "b"], keys, values)) == ["x", "", "y"]
    assert list(
        look_up(pd.Series(["a"], dtype="str"), keys, values.replace("x", "").astype("category"))
    ) == [""]
    assert is_among(keys, {"b", "z"}).tolist() == [False, True, False]


@settings(max_examples=12, deadline=None)
@given(st.lists(texts))
def test_what_a_text_gives_is_worked_out_once(found):
    asked = []
    result = map_texts(
        pd.Series(found, dtype="str"), lambda text: asked.append(text) or f"<{text}>"
    )
    assert list(result) == [f"<{text}>" for text in found]
    assert asked == list(dict.fromkeys(found)) and len(set(map(id, result))) == len(set(found))


@pytest.mark.parametrize("kind", ["str", "object", "category"])
@pytest.mark.parametrize("found", [["a", None, "b", "a"], [None], []])
def test_a_missing_text_is_an_empty_one(found, kind):
    assert list(map_texts(pd.Series(found, dtype=kind), "<{}>".format)) == [
        f"<{text or ''}>" for text in found
    ]


@settings(max_examples=10, deadline=None)
@given(pages, st.booleans(), st.data())
def test_rows_come_in_the_order_asked_for(found, is_shared, data):
    frame, columns = make_annotations(found), ["code", "start", "annotation_id"]
    order = data.draw(st.permutations(range(len(frame))))[: data.draw(st.integers(0, len(frame)))]
    expected = frame[columns].iloc[order].to_dict("records")
    frame = frame.astype({"code": "category"}) if is_shared else frame
    assert [
        row._asdict() for row in iterate_rows(frame, columns, np.array(order, dtype=int))
    ] == expected
    assert [row._asdict() for row in iterate_rows(frame, columns)] == frame[columns].to_dict(
        "records"
    )


@settings(max_examples=10, deadline=None)
@given(pages, texts, st.randoms(use_true_random=False))
def test_parts_come_page_by_page_however_the_table_is_kept(tmp_path_factory, found, code, random):
    frame = make_annotations([*found, [("part", code), ("part", "z"), ("via", code)]])
    expected = defaultdict(list)
    for row in frame[(frame["variable"] == "part") & frame["code"].isin([code])].itertuples():
        expected[row.article_id].append((row.start, row.end, row.exact))
    shuffled = frame.sample(frac=1, random_state=random.randint(0, 99)).reset_index(drop=True)
    for table in (frame, shuffled, store(frame, tmp_path_factory.mktemp("stored"))):
        parts = {
            page: [(row.start, row.end, row.exact) for row in rows]
            for page, rows in iterate_parts(table, [code])
        }
        assert parts == expected


@settings(max_examples=10, deadline=None)
@given(pages, pages)
def test_pages_are_joined_by_their_ids(one, two):
    first, second = make_annotations(one), make_annotations(two)
    shuffled = first.sample(frac=1, random_state=1).reset_index(drop=True)
    joined = join_pages(iterate_pages(shuffled, ["start"]), iterate_pages(second, ["code"]))
    found = {
        page: (sorted(row.start for row in rows), [row.code for row in others])
        for page, rows, others in joined
    }
    assert list(found) == sorted(first["article_id"].unique())
    for page, (starts, codes) in found.items():
        assert starts == first["start"][first["article_id"] == page].tolist()
        assert codes == second["code"][second["article_id"] == page].tolist()


def test_every_text_that_no_two_rows_share_is_kept_apart():
    for table in ("annotations", "quotations", "positions", "quantities"):
        packed = PackedRows([(item["name"], item["type"]) for item in list_fields(table)])
        key = list_fields(table)[0]["name"]
        assert packed.build()[key].dtype == "str", key
