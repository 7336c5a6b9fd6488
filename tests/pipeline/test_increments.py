"""What changed since the last run -> which reports run again; each is what a run of everything from the start makes."""

import csv
import re
import shutil

import pytest

from hkresearch.pages.register import register_files
from hkresearch.reconcile.decisions import DECISION_COLUMNS
from hkresearch.tables.coding_files import write_rows
from hkresearch.tables.tables import read_tables
from support.command_line import run_here
from support.paths import NOTEBOOKS

pytestmark = pytest.mark.kernel

SAYS = (
    "Facebook paused all requests of the Hong Kong police for user data on 6 July, it said. The company told the paper "
    "that “people have the right to express themselves without fear.” It had 241 requests for user data in 2019."
)
PAGES = {
    "first.txt": f"Facebook pauses its review of requests\n\n{SAYS}\n",
    "second.txt": f"The same in another paper\n\n{SAYS} It gave no date for the end of the review.\n",
    "third.txt": f"One more page\n\nA day later it was said once more. {SAYS}\n",
}
QUESTIONS = {"changes", "positions", "reliability"}
EVERY = QUESTIONS | {"organisation-facebook"}


def register(folder, name):
    (folder / name).write_text(PAGES[name], "utf-8")
    register_files(folder / "raw", [folder / name])


def publish(folder, *more):
    """Publish as a user does; return the names of the reports that ran, and all that was said."""
    reports = () if "--reports" in more else ("--reports", folder / "reports")
    given = ("--raw", folder / "raw", "--out", folder / "tables", *reports, *more)
    said = run_here("report", *given, cwd=folder)
    return set(re.findall(r"^report +\d+/\d+  (\S+)$", said, re.MULTILINE)), said


def read_files(folder):
    """Return what was published; the feed besides tells what was, and a stamp of what it was made."""
    files = [
        path for path in folder.rglob("*.*") if path.name not in ("built-from.json", "feed.json")
    ]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def force(folder):
    """Return the files of a run that takes no report from the cache, into a folder of its own."""
    ran, _ = publish(folder, "--force", "--reports", folder / "forced")
    assert ran == EVERY
    return read_files(folder / "forced")


def code(folder, exact):
    start = PAGES["first.txt"].index(exact)
    row = {"article_id": "first", "start": start, "end": start + len(exact), "exact": exact, "subject": "facebook",
           "variable": "position", "code": "pause", "coder": "Ada", "date": "2026-11-22", "reason": ""}  # fmt: skip
    write_rows(folder / "raw/codings/ada.csv", [row])


def decide(folder):
    target = read_tables(folder / "tables").positions["position_id"].iloc[0]
    with (folder / "raw/decisions.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(
            [DECISION_COLUMNS, (target, "accept", "it says so", "Ada", "2026-11-22")]
        )


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("increments")
    (folder / "notebooks").mkdir()
    for name in sorted(QUESTIONS | {"organisation"}):
        shutil.copy(NOTEBOOKS / f"{name}.ipynb", folder / "notebooks")
    for name in ("first.txt", "second.txt"):
        register(folder, name)
    ran, _ = publish(folder)
    assert ran == EVERY
    return folder


def test_what_a_person_codes_runs_the_report_that_reads_it_and_no_other(corpus):
    code(corpus, "paused all requests")
    ran, said = publish(corpus)
    assert ran == {"reliability"} and said.count("(unchanged)") == len(EVERY) - 1
    published = read_files(corpus / "reports")
    assert b"Ada" in published["reliability.html"] and b"Ada" not in published["positions.html"]
    assert force(corpus) == published


def test_a_decision_runs_the_reports_that_rest_on_it(corpus):
    before = read_files(corpus / "reports")
    decide(corpus)
    ran, _ = publish(corpus)
    assert ran == QUESTIONS, "each says how many decisions it rests on; a dossier does not"
    published = read_files(corpus / "reports")
    assert all(before[f"{name}.html"] != published[f"{name}.html"] for name in ran)
    assert force(corpus) == published
    (corpus / "raw/decisions.csv").unlink()
    ran, _ = publish(corpus)
    assert ran == {"changes"}, (
        "what was made of the same tables is still there; what they replaced is something else"
    )


def test_an_article_added_is_the_only_page_coded_and_runs_what_reads_articles(corpus):
    register(corpus, "third.txt")
    ran, said = publish(corpus)
    assert "1 of 3 pages were new" in said
    assert ran == EVERY
    ran, _ = publish(corpus)
    assert ran == set()


OWN = """import hkresearch as hk
import module
hk.show_answer(module.SAID, tables=hk.read_tables("{}"))"""


def test_a_report_of_what_no_key_holds_is_made_each_time(corpus, tmp_path):
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    import nbformat
    from nbformat.v4 import new_code_cell, new_notebook

    nbformat.write(
        new_notebook(cells=[new_code_cell(OWN.format(corpus / "tables"))], metadata=kernel),
        tmp_path / "own.ipynb",
    )
    for said in ("The first", "A second"):
        (tmp_path / "module.py").write_text(f"SAID = '{said}'", "utf-8")
        ran, _ = publish(corpus, tmp_path / "own.ipynb", "--reports", tmp_path / "reports")
        assert ran == {"own"} and said in (tmp_path / "reports/own.html").read_text("utf-8")
