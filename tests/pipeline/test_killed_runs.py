"""A run killed at any point leaves the earlier outputs whole, and the next one makes what an undisturbed run makes."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from hkresearch.pages.register import register_files
from support.paths import TESTS

pytestmark = pytest.mark.kill

POINTS = 14
PAGES = {
    "first.txt": "Acme pauses\n\nFacebook said on Monday it would pause its review of requests for user data.\n",
    "second.txt": "Another view\n\nTelegram said it had never shared any data with the police.\n",
    "third.txt": "One more page\n\nTwitter paused all data requests on 1 July 2020, a spokesperson said.\n",
}
NOTEBOOK = [
    "# What the pages say",
    "import hkresearch as hk\ntables = hk.read_tables(data)",
    "hk.show_table(tables.claims[['subject', 'variable', 'code']], title='Claims', tables=tables)",
]
TABLES, REPORTS = "tables/", "reports/"


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    if not hasattr(os, "fork"):
        pytest.skip("no fork here")
    folder = tmp_path_factory.mktemp("killed")
    for which, n in (("old", 2), ("new", 3)):
        (folder / f"given-{which}").mkdir()
        for name in list(PAGES)[:n]:
            (folder / f"given-{which}" / name).write_text(PAGES[name], "utf-8")
        register_files(folder / which, sorted((folder / f"given-{which}").iterdir()))
    import nbformat

    notebook = nbformat.v4.new_notebook(
        metadata={
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}
        }
    )
    notebook.cells = [
        nbformat.v4.new_markdown_cell(NOTEBOOK[0]),
        nbformat.v4.new_code_cell('data = "data/processed"', metadata={"tags": ["parameters"]}),
        *map(nbformat.v4.new_code_cell, NOTEBOOK[1:]),
    ]
    (folder / "notebooks").mkdir()
    nbformat.write(notebook, folder / "notebooks/claims.ipynb")
    done = subprocess.run(
        [sys.executable, TESTS / "support/killed_runs.py", folder, "7", str(POINTS)],
        capture_output=True,
        text=True,
        timeout=500,
    )
    shutil.rmtree(folder, ignore_errors=True)
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout)


def pick(files, *starts):
    return {name: digest for name, digest in files.items() if name.startswith(starts)}


def test_most_runs_were_killed_in_the_middle(told):
    statuses = [run["status"] for run in told["killed"]]
    assert set(statuses) <= {0, -9}, "a run that was killed at its last step may have ended first"
    assert len(statuses) == POINTS and statuses.count(-9) >= 12


def test_a_killed_run_leaves_tables_whole_and_reports_whole(told):
    old, new = told["states"]["old"], told["states"]["new"]
    assert pick(old, TABLES) != pick(new, TABLES) and pick(old, REPORTS) != pick(new, REPORTS)
    for run in told["killed"]:
        assert pick(run["left"], TABLES) in (pick(old, TABLES), pick(new, TABLES)), (
            "all old or all new"
        )
        for name in pick(old, REPORTS):
            assert run["left"].get(name) in (old[name], new[name]), (
                f"{name}: each file is the old or the new one"
            )


def test_the_next_run_makes_what_an_undisturbed_one_makes(told):
    new = told["states"]["new"]
    for run in told["killed"]:
        assert run["again"] == 0
        starts = (TABLES, "tables.", REPORTS) if run["is_report"] else (TABLES, "tables.")
        assert pick(run["made"], *starts) == pick(new, *starts)
