"""The main job: every report of the sample, published, bundled, and made again elsewhere."""

import os
import re
import shutil
from pathlib import Path

import pytest

from support.command_line import hash_folder, run, run_here
from support.paths import RAW, ROOT


@pytest.mark.kernel
def test_an_unknown_parameter_is_an_error_that_lists_the_right_ones(sample, tmp_path):
    copy = sample.copy(tmp_path)
    given = ("notebooks/positions.ipynb", *copy.given, "--reports", copy.reports)
    output = run_here("report", *given, "-p", "as_off", "2020-07-06", status=1)
    assert "as_off" in output and "as_of" in output.replace("as_off", "")
    output = run_here("report", *given, "-p", "as_of=soon", status=1)
    assert output.count("as_of 'soon' is not a date") == 1 and ".." not in output


def test_the_main_job_publishes_every_question_as_html_and_pdf(published_sample):
    reports, output = published_sample.reports, published_sample.said
    for question in (
        "positions",
        "timeline",
        "quotations",
        "disagreements",
        "quantities",
        "sources",
    ):
        assert (reports / f"{question}.html").stat().st_size > 5_000
        assert (reports / f"{question}.pdf").read_bytes()[:5] == b"%PDF-"
    dossiers = sorted(path.stem for path in reports.glob("organisation-*.html"))
    assert {"organisation-facebook", "organisation-telegram", "organisation-signal"} <= set(
        dossiers
    )
    index = (reports / "index.html").read_text(encoding="utf-8")
    assert all(
        f"{name}.html" in index and f"{name}.pdf" in index for name in ["positions", *dossiers]
    )
    assert f"Reports: {reports / 'index.html'}" in output


def test_a_report_is_small_without_its_data(published_sample):
    """Its data: rows, their CSV, and the passages with the block that carries them; text, drawings, fonts and code stay."""
    data = r'<tbody>.*?</tbody>|href="data:text/csv[^"]*"|<div class="notes">.*?</section>|<script type="application/ld\+json".*?</script>'
    sizes = {
        page.name: len(re.sub(data, "", page.read_text(encoding="utf-8"), flags=re.DOTALL).encode())
        for page in published_sample.reports.glob("*.html")
    }
    assert len(sizes) > 15 and max(sizes.values()) < 300_000, sizes


def test_the_main_job_again_does_no_work(published_sample):
    reports = published_sample.reports
    before = {path: path.stat().st_mtime_ns for path in reports.rglob("*")}
    assert "nothing had changed" in run("report", *published_sample.given, "--reports", reports)
    assert {path: path.stat().st_mtime_ns for path in reports.rglob("*")} == before


FEW = ("positions", "timeline")


@pytest.fixture(scope="module")
def few(published_sample, tmp_path_factory):
    """Two of the sample's reports, out of the cache of all: a project of its own, and what is given to commands."""
    place = tmp_path_factory.mktemp("few")
    published_sample.copy(place / "data")
    shutil.rmtree(place / "data/reports")
    copy_notebooks(place)
    given = ("--raw", "data/raw", "--out", "data/processed", "--reports", "data/reports")
    said = run("report", *given, cwd=place)
    assert said.count("(unchanged)") == len(FEW), "out of the cache"
    return place, given


def copy_notebooks(place):
    (place / "notebooks").mkdir(parents=True)
    for name in FEW:
        shutil.copy(ROOT / f"notebooks/{name}.ipynb", place / "notebooks")
    shutil.copy(ROOT / "requirements.lock", place)


def test_the_published_reports_are_bundled_and_the_bundle_is_verified(few, tmp_path):
    place, given = few
    assert "hkresearch verify" in run_here("bundle", tmp_path / "one.zip", *given, cwd=place)
    assert "0 fault(s)" in run_here("verify", tmp_path / "one.zip", "--raw", RAW)
    (tmp_path / "one.zip").write_bytes(
        (tmp_path / "one.zip").read_bytes().replace(b"<mark>", b"<MARK>", 1)
    )
    assert "it was changed" in run_here("verify", tmp_path / "one.zip", "--raw", RAW, status=1)
    assert "hkresearch report" in run_here(
        "bundle", tmp_path / "x.zip", "--reports", tmp_path, *given[2:4], cwd=place, status=1
    )


def test_two_clean_builds_elsewhere_give_the_same_reports_and_the_same_bundle(
    published_sample, few, tmp_path
):
    """Another folder, time zone, locale and clock: the same HTML, PDF, tables, index, feed and bundle."""
    place = tmp_path / "another place"
    shutil.copytree(RAW, place / "data/raw")
    copy_notebooks(place)
    for path in place.rglob("*.*"):
        os.utime(path, (0, 0))
    (place / "clock").mkdir()
    (place / "clock/sitecustomize.py").write_text(
        "import time\nnow = time.time\ntime.time = lambda: now() + 9e8\n"
    )
    other = {
        "TZ": "Pacific/Chatham",
        "LC_ALL": "C",
        "LANG": "zh_TW.UTF-8",
        "PYTHONHASHSEED": "7",
        "PYTHONPATH": os.pathsep.join((str(place / "clock"), str(ROOT / "src"))),
    }
    run("report", "--force", "--reports", "out", cwd=place, **other)
    ours, theirs = hash_folder(few[0] / "data/reports"), hash_folder(place / "out")
    for folder in (ours, theirs):
        folder.pop("built-from.json")
    assert {Path(name).suffix for name in ours} == {".html", ".pdf", ".csv", ".json"}
    assert [
        name for name in ours if ours[name] != theirs.get(name)
    ] == [] and ours.keys() == theirs.keys()
    among_all = hash_folder(published_sample.reports)
    for name in FEW:
        for file in (f"{name}.html", f"{name}.pdf"):
            assert among_all[file] == theirs[file]
    run("bundle", tmp_path / "two.zip", "--reports", "out", cwd=place, **other)
    run_here("bundle", tmp_path / "one.zip", *few[1], cwd=few[0])
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_naming_one_notebook_leaves_the_other_reports(published_sample, tmp_path):
    copy = published_sample.copy(tmp_path)
    given = ("report", "notebooks/positions.ipynb", *copy.given, "--reports", copy.reports)
    before = hash_folder(copy.reports)
    run_here(*given, "-p", "as_of", "2020-07-06")
    after = hash_folder(copy.reports)
    assert set(after) == set(before)
    assert {name for name in before if before[name] != after[name]} == {
        "positions.html",
        "positions.pdf",
    }
