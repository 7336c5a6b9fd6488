"""Which tables a notebook read, and when that is not sure; and which change makes a report another one."""

import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from hkresearch.report.notebook_files import LOCK
from hkresearch.report.provenance import list_inputs
from hkresearch.report.quotable_pages import read_quotable_pages
from hkresearch.report.report_cache import ReportCache, hash_job
from hkresearch.report.run_notebook import run_notebook
from hkresearch.report.table_dependencies import (
    ALWAYS_READ,
    NOW,
    OTHER_FOLDERS,
    PREVIOUS,
    READS_TYPE,
    UNKNOWN_READS,
    ask_for_reads,
    place_reads,
    take_reads,
)
from hkresearch.tables.previous_build import place_earlier
from hkresearch.tables.read_log import list_reads
from hkresearch.tables.tables import read_tables, replace_frames, write_tables

PYTHON = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
TOLD = {"/somewhere/processed": ["claims"]}


def make_notebook(*sources):
    return new_notebook(cells=[new_code_cell(source) for source in sources], metadata=PYTHON)


def answer(notebook, told):
    """What a kernel would say to the cell that asks."""
    ask_for_reads(notebook)
    notebook.cells[-1].outputs = [new_output("display_data", {READS_TYPE: told})]
    return take_reads(notebook)[1]


def test_a_notebook_that_asked_for_no_table_may_have_read_all():
    assert answer(make_notebook("1 + 1"), {}) is None


def test_a_notebook_that_asked_for_tables_has_read_them():
    assert answer(make_notebook("1 + 1"), TOLD) == TOLD


@pytest.mark.parametrize(
    ("told", "reads"),
    [
        (None, UNKNOWN_READS),
        ({"{here}": ["claims"]}, {NOW: ["annotations", "articles", "claims"]}),
        (
            {"{here}": ["claims"], "{here}.earlier": ["*"]},
            {NOW: [*ALWAYS_READ, "claims"], PREVIOUS: ["*"]},
        ),
        (
            {"{here}": ["articles"], "/old": ["claims"]},
            {NOW: [*ALWAYS_READ], OTHER_FOLDERS: ["claims"]},
        ),
    ],
)
def test_tables_have_places(told, reads, tmp_path):
    here = str((tmp_path / "processed").resolve())
    told = told and {folder.replace("{here}", here): names for folder, names in told.items()}
    assert place_reads(told, tmp_path / "processed") == reads


@pytest.mark.kernel
@pytest.mark.parametrize(
    ("last", "names"),
    [
        ("tables.claims.head(1)", ["claims"]),
        ("import pandas as pd\npd.read_parquet(f'{data}/claims.parquet').head(1)", None),
    ],
)
def test_a_kernel_tells_what_it_read(small_tables, tmp_path, last, names):
    write_tables(small_tables, tmp_path / "processed")
    cells = make_notebook("import hkresearch as hk\ntables = hk.read_tables(data)", last)
    cells.cells.insert(0, new_code_cell('data = ""', metadata={"tags": ["parameters"]}))
    nbformat.write(cells, tmp_path / "own.ipynb")
    given = {"data": str(tmp_path / "processed")}
    done = run_notebook(tmp_path / "own.ipynb", given, tmp_path / "failed.ipynb", cwd=tmp_path)
    assert done["metadata"]["hkresearch"]["reads"] == (
        names and {str((tmp_path / "processed").resolve()): names}
    )
    assert [cell.source for cell in done.cells][-1] == last, "the cell that asked is gone"


def test_what_every_report_shows_of_pages_rests_on_the_tables_that_every_key_has(
    small_tables, tmp_path
):
    write_tables(small_tables, tmp_path / "processed")
    assert len(read_quotable_pages(read_tables(tmp_path / "processed")).index.starts)
    assert list_reads()[str((tmp_path / "processed").resolve())] == sorted(ALWAYS_READ)


# ---- the key of a report -----------------------------------------------------------------------------------------


@pytest.fixture
def place(small_tables, tmp_path):
    write_tables(small_tables, tmp_path / "processed")
    write_tables(small_tables, place_earlier(tmp_path / "processed"))
    nbformat.write(make_notebook("1"), tmp_path / "own.ipynb")
    (tmp_path / LOCK).write_text("one")
    return tmp_path


def change_table(table, where="processed"):
    def change(place, tables):
        frame = getattr(tables, table)
        write_tables(replace_frames(tables, **{table: frame.iloc[: len(frame) - 1]}), place / where)

    return change


def change_codebook(place, tables):
    write_tables(
        replace_frames(tables, codebook=tables.codebook | {"label": "Another"}), place / "processed"
    )


def change_file(name, text):
    return lambda place, tables: (place / name).write_text(text)


def name_own(place, **given):
    return hash_job("own", place / "own.ipynb", given, "")


SOME = {NOW: ["annotations", "articles", "claims"]}
COMPARING = SOME | {PREVIOUS: ["claims"]}


@pytest.mark.parametrize(
    ("reads", "change", "is_kept", "why"),
    [
        (SOME, lambda place, tables: None, True, "nothing changed"),
        (SOME, change_table("claims"), False, "a table that it read"),
        (SOME, change_table("quotations"), True, "a table that it did not read"),
        (
            SOME,
            change_table("claims", "processed.earlier"),
            True,
            "it compares with nothing earlier",
        ),
        (COMPARING, change_table("claims", "processed.earlier"), False, "it compares with that"),
        (
            COMPARING,
            change_table("quotations", "processed.earlier"),
            True,
            "it does not compare those",
        ),
        (
            UNKNOWN_READS,
            lambda place, tables: None,
            False,
            "where it is not sure, nobody knows what else it read",
        ),
        (SOME, change_codebook, False, "it names the codebook"),
        (SOME, change_file("own.ipynb", "{}"), False, "another notebook"),
        (SOME, change_file("beside.py", "x = 1"), False, "a module that it may import"),
        (SOME, change_file(LOCK, "two"), False, "it names the lock file"),
        (
            SOME | {OTHER_FOLDERS: ["claims"]},
            lambda place, tables: None,
            False,
            "nobody looks after tables elsewhere",
        ),
    ],
)
def test_what_makes_a_report_another_one(place, small_tables, reads, change, is_kept, why):
    write = ReportCache(place / "cache", place / "processed")
    write.write(name_own(place), reads, {"name": "own"}, b"<html>", b"%PDF")
    change(place, small_tables)
    found = ReportCache(place / "cache", place / "processed").read(name_own(place))
    assert found == (({"name": "own"}, b"<html>", b"%PDF") if is_kept else None), why
    assert ReportCache(place / "cache", place / "processed").read(name_own(place, n=1)) is None, (
        "another parameter"
    )


def test_a_report_of_earlier_tables_is_found_again(place, small_tables):
    """What a decision changed and its removal changes back is not made a third time."""
    write = ReportCache(place / "cache", place / "processed")
    write.write(name_own(place), SOME, {"n": 1}, b"one", b"")
    change_table("claims")(place, small_tables)
    write = ReportCache(place / "cache", place / "processed")
    write.write(name_own(place), SOME, {"n": 2}, b"two", b"")
    assert ReportCache(place / "cache", place / "processed").read(name_own(place))[1] == b"two"
    write_tables(small_tables, place / "processed")
    assert ReportCache(place / "cache", place / "processed").read(name_own(place))[1] == b"one"


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"resources": [1]}', '{"resources": [{"path": "claims.parquet"}]}']
)
def test_earlier_tables_that_are_described_badly_are_as_good_as_none(place, text):
    (place_earlier(place / "processed") / "datapackage.json").write_text(text)
    cache = ReportCache(place / "cache", place / "processed")
    cache.write(name_own(place), COMPARING, {}, b"one", b"")
    assert cache.read(name_own(place)) == ({}, b"one", b"")
    rows = list_inputs(place / "processed", place / "own.ipynb", COMPARING)
    assert not [row for row in rows if row["name"].startswith("Earlier")]


def test_a_report_names_the_tables_that_it_read_by_hash(place, small_tables):
    stored = json.loads((place / "processed/datapackage.json").read_text("utf-8"))["resources"]
    hashes = {resource["name"]: resource["hash"].removeprefix("sha256:") for resource in stored}

    def name_tables(reads):
        rows = list_inputs(place / "processed", place / "own.ipynb", reads)
        return {row["name"]: row["value"] for row in rows if row["table"]}

    now = {f"Table {name}, SHA-256": hashes[name] for name in SOME[NOW]}
    assert name_tables(SOME) == now
    assert name_tables(COMPARING) == now | {"Earlier table claims, SHA-256": hashes["claims"]}
    assert name_tables(UNKNOWN_READS) == {
        f"Table {name}, SHA-256": digest for name, digest in hashes.items()
    }
