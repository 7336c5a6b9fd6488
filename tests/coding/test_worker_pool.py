"""Pages coded by several processes: the same bytes as by one, and a process that dies costs no more than its page."""

import os
import shutil
import subprocess
import sys

import pytest

from hkresearch.pipeline.workflow import build_folder
from support.paths import RAW, ROOT

# Python runs this in every worker before anything else: the page named dies with its process, always or but once.
TRAP = """
import os, signal, sys
if "hkresearch.coding.worker_pool" in sys.orig_argv:
    import hkresearch.coding.page as coding
    real = coding.code_row
    def code_row(raw, row, codebook):
        once = os.environ.get("TRAP_ONCE", "")
        if row["file"] == os.environ["TRAP_FILE"] and not (once and os.path.exists(once)):
            once and open(once, "w").close()
            os.kill(os.getpid(), signal.SIGKILL)
        return real(raw, row, codebook)
    coding.code_row = code_row
"""


def read_folder(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def by_one(tmp_path_factory):
    """The tables as one process builds them."""
    folder = tmp_path_factory.mktemp("one")
    build_folder(RAW, folder / "tables", None, lambda line: None, workers=1)
    return read_folder(folder / "tables")


@pytest.fixture
def trap(tmp_path, monkeypatch):
    """Set a trap for a page, in workers only; call it with the page's file and whether it springs but once."""
    (tmp_path / "trap").mkdir()
    (tmp_path / "trap/sitecustomize.py").write_text(TRAP)

    def set_trap(file, once):
        monkeypatch.setenv("PYTHONPATH", str(tmp_path / "trap"))
        monkeypatch.setenv("TRAP_FILE", file)
        monkeypatch.setenv("TRAP_ONCE", str(tmp_path / "sprung") if once else "")

    return set_trap


@pytest.mark.kill
def test_several_processes_give_the_bytes_of_one(tmp_path, by_one):
    said = []
    build_folder(RAW, tmp_path / "tables", None, said.append, workers=3)
    assert read_folder(tmp_path / "tables") == by_one
    shutil.rmtree(tmp_path / "tables")
    build_folder(RAW, tmp_path / "tables", None, said.append, workers=3)
    assert (
        read_folder(tmp_path / "tables") == by_one
        and "; 0 of 9 pages were new" in said[-4] + said[-3] + said[-5]
    )


@pytest.mark.kill
def test_a_page_whose_process_was_killed_once_is_tried_again(tmp_path, by_one, trap):
    trap("wire-roundup.txt", once=True)
    outcome = build_folder(RAW, tmp_path / "tables", None, lambda line: None, workers=2)
    assert (tmp_path / "sprung").exists() and not outcome.refused and outcome.is_final
    assert read_folder(tmp_path / "tables") == by_one


@pytest.mark.kill
def test_a_page_that_always_kills_its_process_is_left_out_with_the_reason_and_tried_by_the_next_run(
    tmp_path, by_one, trap, monkeypatch
):
    trap("wire-roundup.txt", once=False)
    outcome = build_folder(RAW, tmp_path / "tables", None, lambda line: None, workers=2)
    assert outcome.refused == [("wire-roundup.txt", outcome.refused[0][1])] and not outcome.is_final
    assert "killed by SIGKILL" in outcome.refused[0][1]
    monkeypatch.delenv("PYTHONPATH")
    said = []
    again = build_folder(RAW, tmp_path / "tables", None, said.append, workers=2)
    assert not again.refused and any("; 1 of 9 pages were new" in line for line in said)
    assert read_folder(tmp_path / "tables") == by_one


def test_workers_that_cannot_start_stop_the_build(tmp_path, monkeypatch):
    (tmp_path / "sitecustomize.py").write_text(
        "import os, sys\nif 'hkresearch.coding.worker_pool' in sys.orig_argv: os._exit(3)"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(Exception, match="--workers 1"):
        build_folder(RAW, tmp_path / "tables", None, lambda line: None, workers=2)
    assert not (tmp_path / "tables").exists()


@pytest.mark.kill
def test_a_bar_with_an_estimate_stands_on_a_terminal_and_nowhere_else(tmp_path):
    pty = pytest.importorskip("pty")
    command = [
        sys.executable,
        "-m",
        "hkresearch",
        "build",
        "--raw",
        str(RAW),
        "--out",
        str(tmp_path / "tables"),
    ]
    plain = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "coding" not in plain.stderr
    shutil.rmtree(tmp_path / "tables")
    shutil.rmtree(tmp_path / ".cache")
    ours, theirs = pty.openpty()
    pytest.importorskip("termios").tcsetwinsize(theirs, (24, 100))
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=theirs)
    os.close(theirs)
    shown = b""
    try:
        while piece := os.read(ours, 4096):
            shown += piece
    except OSError:  # the other end was closed
        pass
    assert process.wait() == 0 and b"coding" in shown and b"page/s" in shown


def test_one_new_page_costs_one_page(tmp_path):
    shutil.copytree(RAW, tmp_path / "raw")
    register = tmp_path / "raw/articles.csv"
    lines = register.read_text("utf-8").splitlines(keepends=True)
    register.write_text(
        "".join(line for line in lines if not line.startswith("wire-roundup,")), "utf-8"
    )
    said = []
    build_folder(tmp_path / "raw", tmp_path / "tables", None, said.append)
    register.write_text("".join(lines), "utf-8")
    build_folder(tmp_path / "raw", tmp_path / "tables", None, said.append)
    assert any("; 1 of 9 pages were new" in line for line in said)
    entries = sorted((tmp_path / ".cache/pages").glob("*/*/*"))
    assert len(entries) == 9
    kept = read_folder(tmp_path / "tables")
    for entry in entries[:3]:
        entry.write_bytes(entry.read_bytes()[:-5])
    (tmp_path / "tables/claims.parquet").unlink()
    build_folder(tmp_path / "raw", tmp_path / "tables", None, said.append)
    assert any("; 3 of 9 pages were new" in line for line in said), "damaged entries are made again"
    assert read_folder(tmp_path / "tables") == kept
