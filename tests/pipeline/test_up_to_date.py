"""What counts as a change: stamps of folders, keys of inputs, and which code makes which stage."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from hkresearch.core import fingerprint as makers
from hkresearch.core.files import place_cache
from hkresearch.pages.register import register_files
from hkresearch.pipeline.inputs import read_inputs
from hkresearch.pipeline.stamps import STAMP, find_stamped, write_stamp
from hkresearch.pipeline.tables_folders import place_tables
from support.paths import ROOT

REFUSED = [("two.txt", "is empty")]


@pytest.fixture
def stamped(tmp_path):
    """A folder of one file, with its stamp."""
    (tmp_path / "one.txt").write_bytes(b"first words")
    write_stamp(tmp_path, "key", REFUSED, [tmp_path / "one.txt"])
    return tmp_path / "one.txt"


def rewrite_in_place(path):
    """Write other bytes of the same length, and put the old times back."""
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
    ("change", "is_up_to_date", "why"),
    [
        (lambda path: None, True, "nothing happened"),
        (os.utime, True, "touched: the bytes are the same"),
        (rewrite_in_place, False, "same size and modification time, other bytes"),
        (replace_file, False, "another file under the same name"),
        (lambda path: path.write_bytes(b"more words than before"), False, "longer"),
        (lambda path: path.unlink(), False, "gone"),
        (lambda path: path.with_name(STAMP).unlink(), False, "a run that was killed has no stamp"),
        (lambda path: path.with_name(STAMP).write_bytes(b"{"), False, "half a stamp"),
        (lambda path: path.with_name(STAMP).write_bytes(b"[]"), False, "not a stamp"),
        (lambda path: path.with_name(STAMP).write_bytes(b"\xff"), False, "not text"),
    ],
)
def test_what_counts_as_a_change_of_outputs(stamped, change, is_up_to_date, why):
    change(stamped)
    expected = REFUSED if is_up_to_date else None
    assert find_stamped(stamped.parent, "key") == expected, why
    assert find_stamped(stamped.parent, "another key") is None, "made from other inputs"


@pytest.fixture
def raw(tmp_path):
    (tmp_path / "page.txt").write_bytes(b"A headline\n\nSome words about a thing.\n")
    (tmp_path / "book.toml").write_bytes(b"")
    register_files(tmp_path / "raw", [tmp_path / "page.txt"])
    return tmp_path / "raw"


def write(name, data):
    return lambda raw: (raw / name).write_bytes(data)


def write_codings(raw):
    (raw / "codings").mkdir()
    (raw / "codings/ada.csv").write_bytes(b"article_id")


def note_in_register(raw):
    register = raw / "articles.csv"
    register.write_bytes(register.read_bytes().replace(b",\n", b",A note\n"))


@pytest.mark.parametrize(
    ("change", "is_same", "why"),
    [
        (lambda raw: None, True, "nothing happened"),
        (lambda raw: os.utime(raw / "page.txt"), True, "touched: the bytes are the same"),
        (write("other.txt", b"words"), True, "a file that nobody registered is no input"),
        (note_in_register, False, "what a person wrote into the register"),
        (write("decisions.csv", b"target"), False, "decisions that were not there"),
        (write_codings, False, "codings that were not there"),
        (write("../book.toml", b"id = 'one'"), False, "another codebook under the same name"),
        (lambda raw: (raw / "page.txt").unlink(), False, "a page that cannot be read any more"),
    ],
)
def test_what_counts_as_a_change_of_inputs(raw, change, is_same, why):
    book = os.fspath(raw.parent / "book.toml")
    before = read_inputs(raw, book).tables_key
    change(raw)
    assert (read_inputs(raw, book).tables_key == before) == is_same, why


def test_another_corpus_never_shares_a_folder_of_tables(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    own, other = Path("data/processed"), Path("data/processed-pages")
    assert place_tables("data/raw") == place_tables("./data/raw/", None, Path("reports")) == own
    assert place_tables("pages") == place_tables("pages", None, Path("./reports/")) == other
    assert place_tables("pages", None, Path("mine")) == Path("mine/processed")
    assert place_tables("pages", Path("out"), Path("mine")) == Path("out")
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
    heavy = {"pandas", "numpy", "pyarrow", "matplotlib", "nbformat", "hkresearch.codebook.book"}
    assert "typer" in loaded and not loaded & heavy


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
