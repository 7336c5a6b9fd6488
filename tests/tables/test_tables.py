"""Tables: one definition a field, whole or not at all, the same bytes, and every row walked back to the page."""

import json
import os

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hkresearch.core.article import Article, HkresearchError, annotate
from hkresearch.pages.register import read_articles
from hkresearch.pipeline.build_tables import tabulate_articles
from hkresearch.tables.check import check_tables
from hkresearch.tables.folder import find_tables
from hkresearch.tables.schema import list_fields, make_frame, read_schema
from hkresearch.tables.tables import (
    list_frames,
    preload_tables,
    read_tables,
    replace_frames,
    write_tables,
)
from hkresearch.tables.trace import trace_claim  # fmt: skip
from support.coded_pages import BOOK, Page, tabulate
from support.properties import examples


def make_pages():
    first = Page(
        "a",
        "Acme pauses\nAcme said “we keep our promise” today.\nFooter",
        publisher="The Gazette",
        date_published="2020-07-06",
    )
    first.quote("we keep our promise", "acme").place(
        "Acme said", "acme", "pause", announced_on="2020-07-06", condition="for now"
    )
    first.code("Acme pauses", "a", "headline", "Acme pauses").code(
        "today", "acme", "requests", "12", unit="request", period="2019"
    )
    second = Page(
        "b",
        "Bolt too\nThe firm would “keep our promise”, it said from Westport.",
        is_based_on="Gazette",
    )
    second.quote("keep our promise", "acme").code("Westport", "acme", "seat", "westport")
    return first, second


@pytest.fixture(scope="module")
def tables():
    return tabulate(*make_pages())


# ---- building ----


def test_frames_follow_the_descriptor(tables):
    for name, frame in list_frames(tables).items():
        assert list(frame.columns) == [field["name"] for field in list_fields(name)], name
        for field in list_fields(name):
            expected = "Int64" if field["type"] == "integer" else "str"
            assert str(frame[field["name"]].dtype) == expected, f"{name}.{field['name']}"


def test_attributes_become_columns(tables):
    row = tables.positions.iloc[0]
    assert (row.organisation, row.position, row.modality, row.announced_on, row.condition) == (
        "acme", "pause", "stated", "2020-07-06", "for now")  # fmt: skip
    assert row.effective_from == ""  # not known is empty, never NA and never guessed
    assert tables.quotations["organisation"].tolist() == ["acme", "acme"]
    assert tables.quotations["speaker_start"].isna().all()
    assert tables.quantities[["variable", "value", "unit", "period"]].values.tolist() == [
        ["requests", "12", "request", "2019"]
    ]


def test_the_register_wins_over_the_page_and_the_page_fills_gaps():
    page = Page("a", "What the page says\nBody", headline="What the register says")
    page.code("What the page says", "a", "headline", "What the page says").code(
        "Body", "a", "publisher", "The Page"
    )
    row = tabulate(page).articles.iloc[0]
    assert (row.headline, row.publisher, row.author) == ("What the register says", "The Page", "")


def test_context_stays_on_the_line(tables):
    row = (
        tables.passages.merge(tables.quotations, left_on="annotation_id", right_on="quotation_id")
        .sort_values("article_id")
        .iloc[0]
    )
    assert (row.line, row.before, row.after) == (2, "Acme said “", "” today.")


def test_the_sample_pages_make_sound_tables(sample, sample_tables):
    articles = read_articles(sample.raw)
    assert check_tables(sample_tables, articles) == []
    assert len(sample_tables.articles) == len(articles)


# ---- writing and reading ----


def test_written_and_read_back_the_same_and_byte_for_byte(tables, tmp_path):
    write_tables(tables, tmp_path / "one")
    write_tables(tabulate(*reversed(make_pages())), tmp_path / "two")
    for path in sorted((tmp_path / "one").iterdir()):
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name
    again = read_tables(tmp_path / "one")
    for name, frame in list_frames(tables).items():
        pd.testing.assert_frame_equal(frame, getattr(again, name))
    assert again.codebook == json.loads(json.dumps(tables.codebook))


def test_no_clock_and_no_pandas_metadata_in_the_files(tables, tmp_path):
    import pyarrow.parquet as pq

    write_tables(tables, tmp_path / "out")
    for path in (tmp_path / "out").glob("*.parquet"):
        assert b"pandas" not in (pq.read_schema(path).metadata or {})


def test_the_package_is_valid_for_frictionless(sample_tables, tmp_path):
    import frictionless

    tables = sample_tables
    write_tables(tables, tmp_path / "out")
    package = json.loads((tmp_path / "out/datapackage.json").read_text("utf-8"))
    for resource in package[
        "resources"
    ]:  # its CSV twin: frictionless reads Parquet only with an extra
        frame = getattr(read_tables(tmp_path / "out"), resource["name"])
        assert len(frame) == resource["rows"]
        resource |= {
            "path": f"{resource['name']}.csv",
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
        }
        del resource["hash"], resource["bytes"]
        frame.to_csv(tmp_path / "out" / resource["path"], index=False, lineterminator="\n")
    (tmp_path / "out/csv.json").write_text(json.dumps(package), "utf-8")
    report = frictionless.validate(str(tmp_path / "out/csv.json"))
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "message"])[:5]


def test_a_killed_write_leaves_the_old_folder_whole(tables, tmp_path, monkeypatch):
    write_tables(tables, tmp_path / "out")
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}

    def die(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("hkresearch.tables.tables.write_parquet", die)
    with pytest.raises(KeyboardInterrupt):
        write_tables(tabulate(), tmp_path / "out")
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before
    monkeypatch.undo()
    write_tables(tabulate(), tmp_path / "out")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out"]
    assert len(read_tables(tmp_path / "out").articles) == 0


def test_tables_are_looked_for_upward(tables, tmp_path, monkeypatch):
    write_tables(tables, tmp_path / "data/processed")
    (tmp_path / "notebooks/deep").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "notebooks/deep")
    assert find_tables() == tmp_path / "data/processed"
    assert len(read_tables().articles) == 2


def read_in_a_fork(folder):
    """Read the tables in a forked process; return whether the first time and the second gave all claims."""
    source, sink = os.pipe()
    if not os.fork():
        for _ in range(2):
            try:
                os.write(sink, b"%d " % len(read_tables(folder).claims))
            except HkresearchError:
                os.write(sink, b"none ")
        os._exit(0)
    os.close(sink)
    with os.fdopen(source, "rb") as stream:
        said = stream.read().decode().split()
    os.wait()
    return said


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_tables_that_are_held_are_read_once_for_all_forks(tables, tmp_path):
    folder, n = tmp_path / "processed", str(len(tables.claims))
    write_tables(tables, folder)
    preload_tables(folder)
    assert read_in_a_fork(folder) == [n, n]
    claims = folder / "claims.parquet"
    data = claims.read_bytes()
    claims.unlink()
    assert read_in_a_fork(folder) == [n, "none"], (
        "the first is what was held, the second is what is there"
    )
    with pytest.raises(HkresearchError, match="missing"):
        read_tables(folder)
    claims.write_bytes(data)
    package = folder / "datapackage.json"
    package.write_bytes(package.read_bytes() + b"\n")
    claims.unlink()
    assert read_in_a_fork(folder) == ["none", "none"], "another package is another folder"


def break_nothing(folder):
    for path in folder.iterdir():
        path.unlink()


def break_a_table(folder):
    (folder / "claims.parquet").write_bytes(b"PAR1")


def lose_a_table(folder):
    (folder / "claims.parquet").unlink()


def break_the_package(folder):
    (folder / "datapackage.json").write_text("{", "utf-8")


@pytest.mark.parametrize("damage", [break_nothing, break_a_table, lose_a_table, break_the_package])
def test_what_cannot_be_read_says_what_to_type(tables, tmp_path, damage):
    write_tables(tables, tmp_path / "out")
    damage(tmp_path / "out")
    with pytest.raises(HkresearchError, match="hkresearch build"):
        len(read_tables(tmp_path / "out").claims)


# ---- checking ----


def change(tables, table, column, row, value):
    frame = getattr(tables, table).copy()
    frame.loc[row, column] = value
    return replace_frames(tables, **{table: frame})


FAULTS = [
    # table, column, row, value, what the fault must say, why
    ("positions", "position", 0, "maybe", "positions.position", "not a code of the schema"),
    ("positions", "article_id", 0, "nowhere", "not in articles", "a key that leads nowhere"),
    ("claims", "n_articles", 0, 0, "minimum", "a claim without a page"),
    ("claims", "status", 0, "true", "claims.status", "we never say what is true"),
    ("annotations", "annotation_id", 1, None, "expected a value", "a key that is empty"),
    ("quantities", "value", 0, "twelve", "quantities.value", "a number that is none"),
    ("positions", "announced_on", 0, "6 July", "announced_on", "a date that is not ISO 8601"),
    ("quotations", "exact", 0, "other words", "is not", "not what stands on the page"),
    ("annotations", "end", 0, 3, "tile", "a part that is too short"),
    ("articles", "text_sha256", 0, "f" * 64, "other bytes", "another page than the registered one"),
]


@pytest.mark.parametrize(
    ("table", "column", "row", "value", "says", "why"), FAULTS, ids=[row[-1] for row in FAULTS]
)
def test_check_finds_every_kind_of_fault(tables, table, column, row, value, says, why):
    articles = [page.article for page in make_pages()]
    assert check_tables(tables, articles) == []
    faults = check_tables(change(tables, table, column, row, value), articles)
    assert any(says in fault for fault in faults), (why, faults)


def test_check_compares_with_the_register(tables):
    first, second = (page.article for page in make_pages())
    assert any("not in the register" in fault for fault in check_tables(tables, [first]))
    other = Page("c", "New\npage").article
    assert any(
        "not in the tables" in fault for fault in check_tables(tables, [first, second, other])
    )


# ---- tracing ----


def test_trace_walks_to_file_line_and_characters(tables):
    claim = tables.claims.query("variable == 'statement'").iloc[0]
    rows = trace_claim(tables, claim.claim_id)
    assert rows[["article_id", "file", "line", "exact", "wording"]].values.tolist() == [
        ["a", "a.txt", 2, "we keep our promise", "verbatim"], ["b", "b.txt", 2, "keep our promise", "fragment"],
    ]  # fmt: skip
    pd.testing.assert_frame_equal(rows, trace_claim(tables, claim.claim_id[:8]))


@pytest.mark.parametrize("claim_id", ["", "ffffffffffff", "zz"])
def test_trace_of_an_unknown_claim_says_where_ids_stand(tables, claim_id):
    with pytest.raises(HkresearchError, match="claims"):
        trace_claim(tables, claim_id)


def test_unknown_text_is_empty_and_unknown_numbers_are_missing():
    frame = make_frame("quotations", [{"quotation_id": "a" * 16, "start": 1, "end": 2}])
    assert frame.loc[0, "speaker"] == "" and frame.loc[0, "speaker_start"] is pd.NA


def test_every_field_is_described():
    for resource in read_schema()["resources"]:
        assert resource["description"]
        for field in resource["schema"]["fields"]:
            assert field["description"].endswith("."), f"{resource['name']}.{field['name']}"


# ---- properties ----


@pytest.mark.fuzz
@examples(8)
@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60),
        min_size=1,
        max_size=4,
        unique=True,
    ),
    st.randoms(),
)
def test_any_text_survives_the_round_trip(tmp_path_factory, texts, random):
    """Line separators, Han, emoji, NUL: offsets and characters come back as they were, whatever the order of pages."""
    pages = []
    for i, text in enumerate(texts):
        article = Article(
            id=f"p{i}", text=text, sha256="0" * 64, text_sha256="1" * 64, file=f"p{i}.txt"
        )
        a, b = sorted((random.randint(0, len(text)), random.randint(0, len(text))))
        rows = [annotate(article, 0, len(text), article.id, "part", "body", "t/1")]
        rows.append(annotate(article, a, b, article.id, "quotation", "direct", "t/1"))
        pages.append((article, rows))
    folder = tmp_path_factory.mktemp("round") / os.urandom(4).hex()
    write_tables(tabulate_articles(pages, BOOK), folder)
    tables = read_tables(folder)
    texts_by_id = {article.id: article.text for article, _ in pages}
    for row in tables.annotations.itertuples(index=False):
        assert texts_by_id[row.article_id][row.start : row.end] == row.exact
    random.shuffle(pages)
    shuffled = tabulate_articles(sorted(pages, key=lambda pair: pair[0].id), BOOK)
    for name, frame in list_frames(shuffled).items():
        pd.testing.assert_frame_equal(frame, getattr(tables, name))
