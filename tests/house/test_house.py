"""The house rules that a machine can check: the walls of the design, and what may stand in the repository."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from functools import cache

import pytest

import hkresearch
from support.paths import ROOT

PACKAGE = ROOT / "src/hkresearch"
MODULES = sorted(PACKAGE.rglob("*.py"))


@cache
def compile_topic():
    """An expression that finds any name of the topic's companies, laws, persons and places."""
    topic = tomllib.loads((PACKAGE / "codebook/hong-kong-data-requests.toml").read_text("utf-8"))
    names = {
        name
        for entity in topic["entities"].values()
        if entity["kind"] in ("company", "law", "person")
        for language in entity["names"].values()
        for name in language
    }
    words = {name.casefold() for name in names if len(name) > 3 and not name.islower()}
    words = (words | {"hong kong", "hongkong", "香港"}) - ORDINARY
    choices = "|".join(re.escape(word) for word in sorted(words))
    return re.compile(rf"(?<!\w)(?:{choices})(?!\w)")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_topics_are_data(path):
    # "twitter:" begins the name of a kind of meta tag
    text = path.read_text("utf-8").casefold().replace("twitter:", "")
    found = sorted(set(compile_topic().findall(text)))
    assert not found, f"{path.name} names the topic: {found}; it belongs in the codebook"


# Names of companies that are ordinary English words too.
ORDINARY = {"signal", "zoom", "apple", "line", "the company"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_module_says_what_it_does(path):
    docstring = ast.get_docstring(ast.parse(path.read_text("utf-8")))
    assert docstring and len(docstring.splitlines()[0]) <= 130


def test_the_map_side_imports_no_pandas():
    code = "import sys, hkresearch.pages.register, hkresearch.codebook.book, hkresearch.clean, hkresearch.structure; print('pandas' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip()
        == "False"
    )


# What exploring needs besides the fifteen names of the design.
EXPLORING = {"find_passages", "count_organisations", "count_together", "show_claim", "reliability", "to_spacy",
             "code_passages", "draw_sample", "merge_codings"}  # fmt: skip


def test_the_public_interface_is_small_and_documented():
    assert len(set(hkresearch.__all__) - EXPLORING) <= 15
    for name in hkresearch.__all__:
        assert getattr(hkresearch, name).__doc__, name


def list_tracked_files():
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if listing.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listing.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_the_lock_file_holds_names_versions_and_hashes_only():
    for line in (ROOT / "requirements.lock").read_text("utf-8").splitlines():
        assert re.fullmatch(
            r"[a-z0-9][a-z0-9._-]*==[^\s]+( ; [^\\]+)?( \\)?|    --hash=sha256:[0-9a-f]{64}( \\)?",
            line,
        ), line


def test_rebuilt_things_are_not_in_git():
    tracked = [path.relative_to(ROOT).as_posix() for path in list_tracked_files()]
    assert not [
        name for name in tracked if name.startswith(("data/processed", "reports/", ".venv"))
    ]
    assert not [name for name in tracked if (ROOT / name).stat().st_size > 3_000_000]


def test_no_nine_words_in_a_row_come_from_the_real_pages():
    shared = ROOT.parent / "shared/articles"
    if not shared.is_dir():
        pytest.skip("the real pages (../shared/articles) are not here")
    grams = {gram for page in shared.glob("*.txt") for gram in list_grams(page.read_text("utf-8"))}
    for path in list_tracked_files():
        if path.suffix in (".png", ".npz", ".gz", ".lock") or path.name == "known-sources.csv":
            continue
        copied = [" ".join(gram) for gram in list_grams(path.read_text("utf-8")) if gram in grams]
        assert not copied, f"{path}: {copied[:3]}"


def list_grams(text, n=9):
    """Nine words in a row outside quotation marks: short attributed quotations are meant to be the same."""
    words = re.findall(
        r"[a-z0-9']+|\|",
        re.sub(r"[\u201c\"][^\u201c\u201d\"\n]{0,400}[\u201d\"]", " | ", text)
        .lower()
        .replace("\u2019", "'"),
    )
    return [
        tuple(words[i : i + n]) for i in range(len(words) - n + 1) if "|" not in words[i : i + n]
    ]


def test_no_path_of_a_machine_stands_in_the_repository():
    here = os.fspath(ROOT.parent) + os.sep
    for path in list_tracked_files():
        if path.suffix not in (".png", ".npz", ".gz"):
            assert here not in path.read_text("utf-8"), path
