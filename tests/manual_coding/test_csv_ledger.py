"""What reaches the disk of a person's answers, and when; files that others wrote are left as they are."""

import csv
import os
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hkresearch.core.article import HkresearchError
from hkresearch.core.files import lock_folder
from hkresearch.manual_coding import csv_ledger as ledger
from hkresearch.manual_coding.csv_ledger import enter_row, read_ledger, withdraw_row
from hkresearch.reconcile.decisions import DECISION_COLUMNS
from support.coding_by_hand import DECISION_HEAD, DECISION_LINE, DECISION_ROW


@pytest.mark.parametrize(
    "before, after, reason",
    [
        (None, DECISION_HEAD + DECISION_LINE, "a file that is not there is begun"),
        ("", DECISION_HEAD + DECISION_LINE, "an empty file too"),
        (DECISION_HEAD, DECISION_HEAD + DECISION_LINE, "the first row"),
        (DECISION_HEAD + "t0,reject,a,bela,2026-01-01\n", DECISION_HEAD + "t0,reject,a,bela,2026-01-01\n" + DECISION_LINE, "others stay"),
        (DECISION_HEAD + "t0,reject,a,bela,2026-01-01", DECISION_HEAD + "t0,reject,a,bela,2026-01-01\n" + DECISION_LINE, "a last line left open"),
        ("\ufeff" + DECISION_HEAD, "\ufeff" + DECISION_HEAD + DECISION_LINE, "a spreadsheet's mark stays, once"),
        (DECISION_HEAD.replace("\n", "\r\n"), (DECISION_HEAD + DECISION_LINE).replace("\n", "\r\n"), "a file keeps its line ends"),
        ("coder,note,target,decision,reason,date\n", "coder,note,target,decision,reason,date\nanna,,t1,reject,why,2026-01-02\n",
         "columns in another order, and one more"),
        (DECISION_HEAD + 't0,reject,"two\nlines, ""quoted""",bela,2026\n', DECISION_HEAD + 't0,reject,"two\nlines, ""quoted""",bela,2026\n' + DECISION_LINE,
         "a row of two lines is one row, byte for byte"),
        (DECISION_HEAD + "\n\n", DECISION_HEAD + "\n\n" + DECISION_LINE, "blank lines stay where they are"),
        (DECISION_HEAD + "t1,accept,old,anna,2025\n", DECISION_HEAD + DECISION_LINE, "a second answer takes the place of the first"),
        (DECISION_HEAD + "t1,accept,old,bela,2025\n", DECISION_HEAD + "t1,accept,old,bela,2025\n" + DECISION_LINE, "somebody else's does not"),
    ],
)  # fmt: skip
def test_one_row_changes_and_no_other(before, after, reason, tmp_path):
    path = tmp_path / "raw" / "decisions.csv"
    if before is not None:
        path.parent.mkdir()
        path.write_bytes(before.encode())
    replaced = enter_row(path, DECISION_COLUMNS, DECISION_ROW, ("target", "coder"))
    assert path.read_bytes().decode() == after, reason
    assert withdraw_row(path, DECISION_COLUMNS, DECISION_ROW, replaced)
    assert sorted(map(str, read_ledger(path, DECISION_COLUMNS))) == sorted(
        str(r) for r in _read(before or DECISION_HEAD)
    ), reason
    assert sorted(os.listdir(path.parent)) == ["decisions.csv"], "nothing is left beside it"


def _read(text):
    return (
        list(csv.DictReader(text.removeprefix("\ufeff").splitlines(keepends=True)))
        if text.count("\n\n") == 0
        else [{}, {}]
    )


@pytest.mark.parametrize(
    "data, message, reason",
    [
        (
            b"a,b\n1,2\n",
            "column(s) target, decision, reason, coder, date missing",
            "another file altogether",
        ),
        (b"\xff\xfe\x00", "cannot be read as CSV in UTF-8", "not UTF-8"),
        (DECISION_HEAD.encode() + b'"never closed', "not valid CSV", "a quotation mark left open"),
    ],
)
def test_a_file_that_cannot_be_read_is_left_alone(data, message, reason, tmp_path):
    path = tmp_path / "decisions.csv"
    path.write_bytes(data)
    with pytest.raises(HkresearchError) as caught:
        enter_row(path, DECISION_COLUMNS, DECISION_ROW, ("target",))
    assert message in str(caught.value) and str(path) in str(caught.value), reason
    assert path.read_bytes() == data


def test_a_write_that_breaks_off_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "decisions.csv"
    enter_row(path, DECISION_COLUMNS, DECISION_ROW, ("target",))
    old = path.read_bytes()
    monkeypatch.setattr(
        ledger.os,
        "fsync",
        lambda number: (_ for _ in ()).throw(OSError(28, "No space left on device")),
    )
    with pytest.raises(OSError):
        enter_row(path, DECISION_COLUMNS, DECISION_ROW | {"target": "t2"}, ("target",))
    assert path.read_bytes() == old


def test_a_link_stays_a_link_and_rights_stay(tmp_path):
    path, link = tmp_path / "real.csv", tmp_path / "link" / "decisions.csv"
    link.parent.mkdir()
    path.write_text(DECISION_HEAD)
    path.chmod(0o640)
    link.symlink_to(path)
    enter_row(link, DECISION_COLUMNS, DECISION_ROW, ("target",))
    assert (
        link.is_symlink()
        and path.read_text() == DECISION_HEAD + DECISION_LINE
        and path.stat().st_mode & 0o777 == 0o640
    )


def test_two_kernels_lose_no_row(tmp_path):
    path = tmp_path / "decisions.csv"
    code = (
        "import sys; from hkresearch.manual_coding.csv_ledger import enter_row, withdraw_row\n"
        f"path, columns, row = {str(path)!r}, {DECISION_COLUMNS!r}, {DECISION_ROW!r}\n"
        "for n in range(30):\n"
        "    new = row | {'target': sys.argv[1] + str(n)}; enter_row(path, columns, new, ('target', 'coder'))\n"
        "    if n % 3 == 0: withdraw_row(path, columns, new)\n"
    )
    both = [subprocess.Popen([sys.executable, "-c", code, name]) for name in ("a", "b")]
    assert [kernel.wait(60) for kernel in both] == [0, 0]
    expected = {f"{name}{n}" for name in "ab" for n in range(30) if n % 3}
    assert {row["target"] for row in read_ledger(path, DECISION_COLUMNS)} == expected
    assert len(path.read_text().splitlines()) == 1 + len(expected)


def test_a_folder_held_by_another_program_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(ledger, "LONGEST_WAIT", 0.05)
    with lock_folder(tmp_path), pytest.raises(HkresearchError, match="another program has held"):
        enter_row(tmp_path / "decisions.csv", DECISION_COLUMNS, DECISION_ROW, ("target",))
    assert not (tmp_path / "decisions.csv").exists()


cells = st.text(alphabet=st.sampled_from('a,"\n\r\t =é中𝄞\u202e'), max_size=6)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(cells, cells), max_size=4))
def test_whatever_stands_in_a_cell_comes_back(tmp_path_factory, pairs):
    path = tmp_path_factory.mktemp("ledger") / "decisions.csv"
    rows = [
        DECISION_ROW | {"target": f"t{n}", "decision": one, "reason": other}
        for n, (one, other) in enumerate(pairs)
    ]
    for row in rows:
        enter_row(path, DECISION_COLUMNS, row, ("target",))
    assert [dict(row) for row in read_ledger(path, DECISION_COLUMNS)] == rows
    for row in reversed(rows):
        assert withdraw_row(path, DECISION_COLUMNS, row)
    assert read_ledger(path, DECISION_COLUMNS) == [] and not withdraw_row(
        path, DECISION_COLUMNS, DECISION_ROW
    )
