"""What is trusted when nothing changed: records of runs, what counts as a change, and which code makes which stage."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hkresearch.core import fingerprint as makers
from hkresearch.core.files import hash_path, place_cache, sign_path
from hkresearch.pipeline import up_to_date as fresh
from hkresearch.pipeline.up_to_date import place_record, place_tables, recall_run, write_record
from support.paths import ROOT

LONG_AGO = 10_000_000_000  # nanoseconds


@pytest.fixture
def recorded(tmp_path):
    """A file, a folder and a file that is not there, recorded long after they last changed."""
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "one.txt").write_bytes(b"first words")
    paths = [folder / "one.txt", folder, tmp_path / "absent.csv"]
    files = {str(path): [sign_path(str(path)), hash_path(path)] for path in paths}
    place = str(tmp_path / "cache/runs/record.json")
    write_record(place, time.time_ns() + LONG_AGO, files, [["out", "nothing to do"]], 0)
    return folder / "one.txt", place


def wait_for_a_tick(path):
    """Return when the file system's clock, which ticks every few milliseconds, has moved on since `path` changed."""
    probe = path.parent.parent / "probe"
    probe.touch()
    while probe.stat().st_ctime_ns <= path.stat().st_ctime_ns:
        probe.touch()
    probe.unlink()


def rewrite_in_place(path):
    """Other bytes of the same length, with the old times put back: only the time of the inode's change tells."""
    before = path.stat()
    path.write_bytes(b"other words")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def replace_file(path):
    before = path.stat()
    beside = path.with_suffix(".new")
    beside.write_bytes(b"other words")
    os.utime(beside, ns=(before.st_atime_ns, before.st_mtime_ns))
    os.replace(beside, path)


@pytest.mark.parametrize(
    ("change", "is_fresh", "why"),
    [
        (lambda path: None, True, "nothing happened"),
        (os.utime, True, "touched: the bytes are read again, and are the same"),
        (rewrite_in_place, False, "same size and modification time, other bytes"),
        (replace_file, False, "another file under the same name"),
        (lambda path: path.write_bytes(b"more words than before"), False, "longer"),
        (lambda path: path.unlink(), False, "gone"),
        (
            lambda path: path.with_name("two.txt").write_bytes(b""),
            False,
            "another file in the folder",
        ),
        (
            lambda path: (path.parent.parent / "absent.csv").write_bytes(b""),
            False,
            "what was not there is there now",
        ),
        (lambda path: path.with_name("__pycache__").mkdir(), True, "compiled code is no input"),
    ],
)
def test_what_counts_as_a_change(recorded, change, is_fresh, why):
    path, place = recorded
    wait_for_a_tick(path)
    change(path)
    assert (recall_run(place) is not None) == is_fresh, why


def test_a_file_that_changed_just_before_the_record_is_read_again(tmp_path, monkeypatch):
    path, place = tmp_path / "young.txt", str(tmp_path / "cache/record.json")
    path.write_bytes(b"first words")
    write_record(place, time.time_ns(), {str(path): [sign_path(str(path)), hash_path(path)]}, [], 0)
    read = []
    monkeypatch.setattr(fresh, "hash_path", lambda path: read.append(path) or hash_path(path))
    assert recall_run(place) and read == [str(path)]
    write_record(
        place,
        time.time_ns() + LONG_AGO,
        {str(path): [sign_path(str(path)), hash_path(path)]},
        [],
        0,
    )
    assert recall_run(place) and read == [str(path)], "settled: not read once more"


@pytest.mark.parametrize(
    "damage",
    [
        lambda d: d[:-9],
        lambda d: d.replace(b"nothing", b"NOTHING"),
        lambda d: b"",
        lambda d: b"\xff\n",
    ],
)
def test_a_damaged_record_counts_for_nothing(recorded, damage):
    place = Path(recorded[1])
    place.write_bytes(damage(place.read_bytes()))
    assert recall_run(str(place)) is None


def test_records_of_other_commands_do_not_pile_up(tmp_path):
    for number in range(fresh.KEPT + 5):
        write_record(str(tmp_path / f"{number}.json"), 1, {}, [], 0)
    assert len(list(tmp_path.iterdir())) == fresh.KEPT


@pytest.mark.parametrize(
    ("arguments", "folder"),
    [
        (["report"], "data/.cache"),
        (["build", "--raw", "pages"], "data/.cache"),
        (["report", "--raw", "pages", "--reports=mine"], "mine/.cache"),
        (["report", "--raw=pages", "--out", "far/tables"], "far/.cache"),
        (["report", "--force"], None),
        (["report", "--with-pages"], None),
        (["check"], None),
        ([], None),
    ],
)
def test_the_record_lies_beside_the_tables(arguments, folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    place = place_record(arguments)
    assert place is None if folder is None else Path(place).parent == tmp_path / folder / "runs"


def test_another_corpus_never_shares_a_folder_of_tables(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert (
        place_tables("data/raw", None, None)
        == place_tables("./data/raw/", None, "reports")
        == "data/processed"
    )
    assert (
        place_tables("pages", None, None)
        == place_tables("pages", None, "./reports/")
        == "data/processed-pages"
    )
    assert place_tables("pages", None, "mine") == "mine/processed"
    assert place_tables("pages", "out", "mine") == "out"
    assert place_cache("data/processed") == str(tmp_path / "data/.cache")


def test_a_run_that_changes_nothing_loads_nothing_heavy(tmp_path):
    (tmp_path / "page.txt").write_text(
        "A headline\n\nSome words about a thing, and some more of them.\n"
    )
    common = {"cwd": tmp_path, "capture_output": True, "text": True, "check": True}
    subprocess.run([sys.executable, "-m", "hkresearch", "add", "page.txt"], **common)
    build = [sys.executable, "-X", "importtime", "-m", "hkresearch", "build"]
    assert "structured" in subprocess.run(build, **common).stdout
    again = subprocess.run(build, **common)
    assert again.stdout == "Tables: data/processed  (nothing had changed)\n"
    loaded = {line.rpartition("|")[2].strip() for line in again.stderr.splitlines()}
    assert not loaded & {"typer", "pandas", "numpy", "hkresearch.core.article"}


CODE = """
import json, sys
from pathlib import Path
from hkresearch.codebook.book import read_codebook
from hkresearch.pages.register import read_register
from hkresearch.coding import page as coding
raw, book = Path("data/raw"), read_codebook()
coded = [coding.unpack_page(coding.code_row(raw, row, book)) for row in read_register(raw)]
loaded = {"pages": sorted(name for name in sys.modules if name.startswith("hkresearch"))}
from hkresearch.pipeline.build_tables import tabulate_pages
from hkresearch.tables.tables import write_tables
write_tables(tabulate_pages(coded, book), sys.argv[1])
loaded["tables"] = sorted(name for name in sys.modules if name.startswith("hkresearch"))
print(json.dumps(loaded))
"""


def test_every_module_that_makes_a_stage_is_in_its_hash(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", CODE, tmp_path / "t"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for stage, names in json.loads(done.stdout).items():
        rooms = {"pages": makers.PAGE_ROOMS, "tables": makers.TABLE_ROOMS}[stage]
        hashed = set(makers.list_package_files(rooms))
        for name in names:
            path = makers.PACKAGE_FOLDER.joinpath(*name.split(".")[1:])
            file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
            assert file in hashed, f"{name} makes {stage}, but its code is not in their key"
    assert len({makers.hash_makers(stage) for stage in ("pages", "tables", "reports")}) == 3
