"""Coders' files: what fits its page goes into a table of its own, what does not fails with its line."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hkresearch.core.article import HkresearchError
from hkresearch.display.exhibit_evidence import find_evidence
from hkresearch.pages.register import register_files
from hkresearch.pipeline.build_tables import describe_codebook, tabulate_articles
from hkresearch.pipeline.inputs import read_inputs
from hkresearch.pipeline.workflow import build_folder
from hkresearch.tables.check import check_tables
from hkresearch.tables.coding_files import CODING_COLUMNS, read_rows, write_rows
from hkresearch.tables.human_codings import read_codings
from hkresearch.tables.tables import list_frames
from support.coded_pages import BOOK, Page

TEXT = "Acme pauses\nAcme said it would pause. “艾克米暫停。”\nBolt had 12 requests, =1+1 of them late."
DESCRIBED = describe_codebook(BOOK)


def make_page():
    return Page("a", TEXT).place("it would pause", "acme", "pause")


def make_row(exact, subject="acme", variable="position", code="pause", **changed):
    start = TEXT.index(exact)
    row = {"article_id": "a", "start": start, "end": start + len(exact), "exact": exact, "subject": subject,
           "variable": variable, "code": code, "coder": "Ada", "date": "2026-11-22", "reason": ""}  # fmt: skip
    return row | changed


def write(folder, *rows, name="ada"):
    write_rows(folder / "codings" / f"{name}.csv", rows)
    return folder


def read(folder, **more):
    return read_codings(folder, [make_page().article], DESCRIBED, **more)


def test_a_coding_is_an_annotation_with_its_date_and_reason(tmp_path):
    (coding,) = read(write(tmp_path, make_row("艾克米暫停。", reason="names the firm")))
    assert (coding.annotation.exact, coding.annotation.coder) == ("艾克米暫停。", "Ada")
    assert (coding.reason, coding.file, coding.row) == ("names the firm", "ada.csv", 2)


def test_what_people_coded_changes_no_automatic_result(tmp_path):
    page = make_page()
    codings = read(write(tmp_path, make_row("Acme said", code="refuse"), make_row("12 requests", "bolt", "requests", "12"),
                         make_row(TEXT[:11], "a", "part", "footer")))  # fmt: skip
    before = tabulate_articles([(page.article, page.rows)], BOOK)
    after = tabulate_articles([(page.article, page.rows)], BOOK, codings=codings)
    for name, frame in list_frames(before).items():
        assert name == "codings" or frame.equals(getattr(after, name)), name
    assert after.codings["code"].tolist() == ["footer", "refuse", "12"]
    assert not [
        fault for fault in check_tables(after, [page.article]) if "date_published" not in fault
    ]
    passage = find_evidence(after, [after.codings["annotation_id"].iloc[2]]).popitem()[1]
    assert (passage["line"], passage["before"], passage["exact"]) == (3, "Bolt had ", "12 requests")


FAULTS = [
    ({"exact": "acme said"}, "0:9 is 'Acme paus'", "the words are not those of the page"),
    (
        {"exact": "it would pause", "start": 3, "end": 17},
        "it stands at 22:36",
        "shifted, as an edited page would",
    ),
    ({"start": "x"}, "must be whole numbers", "an offset that is none"),
    (
        {"start": "９"},
        "must be whole numbers",
        "a digit of another script, which Python would read",
    ),
    ({"end": 9999}, "is no span of a", "beyond the page"),
    ({"article_id": "b"}, "no page 'b'", "a page that is not registered"),
    ({"article_id": ""}, "article_id is empty", "no page at all"),
    ({"subject": "nobody"}, "neither this page's id", "an entity that is not in the book"),
    ({"subject": "0123456789abcdef"}, None, "an annotation's id is looked up at the build"),
    ({"variable": "postion"}, "not in the codebook", "a misspelt variable would be one of its own"),
    (
        {"code": "paused"},
        "no code of position; expected none or one of",
        "a code that the table does not know",
    ),
    ({"variable": "requests", "code": "twelve"}, "must be a number", "an interval needs a number"),
    (
        {"variable": "in_force_on", "code": "1 July"},
        "must be an ISO 8601 date",
        "a date needs a date",
    ),
    ({"variable": "in_force_on", "code": "none"}, None, "none is a code of every variable"),
    (
        {"variable": "read", "code": "everything"},
        "must be a variable, or 'all'",
        "what was looked for",
    ),
    (
        {"variable": "read", "code": "all", "exact": "", "subject": "a"},
        None,
        "a read span need not repeat the page",
    ),
    ({"exact": ""}, "exact is empty", "any other row must"),
    ({"coder": "ada/1"}, "marks automatic coders", "a person is no coder of the package"),
    ({"date": "22.11.2026"}, "ISO 8601", "a date as people write it"),
    ({"date": ""}, None, "a date may be missing"),
]


@pytest.mark.parametrize(("changed", "message", "why"), FAULTS, ids=[case[-1] for case in FAULTS])
def test_a_row_that_does_not_fit_fails_with_its_line(tmp_path, changed, message, why):
    row = make_row("Acme said") | {"start": 12, "end": 21}
    if "exact" in changed and changed["exact"] == "acme said":
        row |= {"start": 0, "end": 9}
    folder = write(tmp_path, make_row("艾克米暫停。”\nBolt"), row | changed)
    if message is None:
        assert len(read(folder)) == 2
        return
    with pytest.raises(HkresearchError) as caught:
        read(folder)
    assert "ada.csv, line 4: " in str(caught.value) and message in str(caught.value), (
        "the first row has two lines"
    )


def test_every_fault_of_every_file_is_named_at_once(tmp_path):
    write(tmp_path, make_row("Acme said", code="x"))
    write(
        tmp_path,
        make_row("Acme said", coder="Bo", code="y"),
        make_row("Bolt", coder="Bo", date="y"),
        name="bo",
    )
    with pytest.raises(
        HkresearchError, match=r"(?s)3 fault.*ada.csv, line 2.*bo.csv, line 2.*bo.csv, line 3"
    ):
        read(tmp_path)


def test_the_same_coding_twice_is_a_fault(tmp_path):
    write(tmp_path, make_row("Acme said"))
    with pytest.raises(
        HkresearchError, match=r"bo.csv, line 2: the same coding stands in .*ada.csv, line 2"
    ):
        read(write(tmp_path, make_row("Acme said"), name="bo"))


def test_a_file_that_is_no_csv_says_so(tmp_path):
    (tmp_path / "codings").mkdir()
    path = tmp_path / "codings/ada.csv"
    for data, message in (
        (b"a,b\n", "column"),
        (b"\xff\xfe", "UTF-8"),
        (",".join(CODING_COLUMNS).encode() + b'\n"a', "line"),
    ):
        path.write_bytes(data)
        with pytest.raises(HkresearchError, match=message):
            read_rows(path)


def test_codings_of_a_refused_page_wait(tmp_path):
    folder = write(tmp_path, make_row("Acme said", article_id="b"))
    assert read(folder, refused=[("b.html", "is cut off")]) == []


def test_an_attribute_of_nothing_stops_the_build(tmp_path):
    page = make_page()
    position = page.rows[-1]
    fits = read(
        write(tmp_path, make_row("said", subject=position.id, variable="modality", code="stated"))
    )
    assert len(tabulate_articles([(page.article, page.rows)], BOOK, codings=fits).codings) == 1
    lost = [
        dataclasses.replace(
            fits[0], annotation=dataclasses.replace(fits[0].annotation, subject="0" * 16)
        )
    ]
    with pytest.raises(
        HkresearchError, match="ada.csv, line 2: subject '0000000000000000' is no annotation"
    ):
        tabulate_articles([(page.article, page.rows)], BOOK, codings=lost)


def test_a_build_reads_the_coders_files_and_knows_when_they_change(tmp_path):
    (tmp_path / "page.txt").write_text(TEXT, "utf-8")
    raw = tmp_path / "raw"
    register_files(raw, [tmp_path / "page.txt"])
    empty = read_inputs(raw, None).tables_key
    write(raw, make_row("12 requests", "page", "quotation", "direct", article_id="page"))
    assert read_inputs(raw, None).tables_key != empty
    said = []
    build_folder(raw, tmp_path / "tables", None, said.append)
    assert "codings     1 by hand, of 1 coder(s)" in said


CELLS = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)


@given(st.lists(st.fixed_dictionaries({name: CELLS for name in CODING_COLUMNS}), max_size=4))
def test_what_is_written_is_read(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("codings") / "ada.csv"
    write_rows(path, rows)
    expected = [
        {n: v if n == "exact" else " ".join(v.split()) for n, v in row.items()} for row in rows
    ]
    assert [row for _, row in read_rows(path)] == expected
    assert not path.with_name("ada.csv.new").exists()
