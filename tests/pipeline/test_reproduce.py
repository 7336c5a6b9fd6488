"""A report made again from its pages: the same bytes, and whatever somebody rewrote and sealed again is named."""

import random
import re
import shutil

import pytest

from hkresearch.core.article import HkresearchError
from hkresearch.evidence.rendered_text import read_report
from hkresearch.evidence.seal import BLANK, HTML_SEAL, seal_html, seal_pdf
from hkresearch.evidence.verify import verify_report
from hkresearch.pages.register import register_files
from hkresearch.pipeline.reproduce import (
    compare_files,
    read_files,
    read_recorded_run,
    rebuild_reports,
)
from hkresearch.pipeline.workflow import publish_folder
from support.paths import ROOT

NOTEBOOKS = [ROOT / "notebooks/organisation.ipynb", ROOT / "notebooks/positions.ipynb"]
N_EDITS = 60


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """One page of the sample, and the reports on it: a question with a parameter, and dossiers."""
    folder = tmp_path_factory.mktemp("rebuild")
    register_files(folder / "raw", [ROOT / "data/raw/portside-linkedin.txt"])
    publish_folder(
        folder / "raw",
        folder / "tables",
        folder / "reports",
        NOTEBOOKS,
        {"as_of": "2020-07-09"},
        None,
        False,
        lambda line: None,
    )
    return folder


def seal_again(page):
    return seal_html(
        HTML_SEAL.sub(lambda found: found[0].replace(found[1], BLANK.encode()), page).decode(
            "utf-8"
        )
    ).encode()


def test_untouched_reports_are_made_again_with_the_same_bytes(published):
    files = read_files(published / "reports")
    assert {
        "index.html",
        "positions.html",
        "positions.pdf",
        "organisation-linkedin.pdf",
        "tables/claims.csv",
    } <= files.keys()
    assert rebuild_reports(files, published / "raw", NOTEBOOKS) == ([], [])


def test_what_was_rewritten_and_sealed_again_is_named(published, tmp_path):
    shutil.copytree(published / "reports", tmp_path / "reports")
    page, pdf, index = (
        tmp_path / "reports" / name
        for name in ("positions.html", "organisation-zoom.pdf", "index.html")
    )
    page.write_bytes(seal_again(page.read_bytes().replace(b"Limits <a", b"No limits <a", 1)))
    pdf.write_bytes(seal_pdf(pdf.read_bytes().rsplit(b"%hkresearch-seal", 1)[0] + b"% rewritten\n"))
    index.write_bytes(index.read_bytes().replace(b"Dossiers", b"Verdicts"))
    assert verify_report(page, published / "raw") == []  # the evidence alone cannot tell
    faults, left = rebuild_reports(read_files(tmp_path / "reports"), published / "raw", NOTEBOOKS)
    assert left == [] and [fault.partition(":")[0] for fault in faults] == [
        "index.html",
        "organisation-zoom.pdf",
        "positions.html",
    ]
    assert (
        "'Verdicts'" in faults[0] and "first at byte" in faults[1] and "'No limits #'" in faults[2]
    )


def test_every_edit_of_a_visible_word_is_found_and_shown(published):
    again = (published / "reports/positions.html").read_bytes()
    chance, text = random.Random(7), again.decode("utf-8")
    body = text.index("<body>"), text.index('<script type="application/ld+json"')
    words = [
        found
        for found in re.finditer(r">[^<>]*?([A-Za-z]{4,})[^<>]*?<", text)
        if body[0] < found.start() < body[1]
    ]
    for found in chance.choices(words, k=N_EDITS):
        given = seal_again((text[: found.start(1)] + "rewritten" + text[found.end(1) :]).encode())
        assert (
            "rewritten" in compare_files("positions.html", given, again).split("made again")[0]
        ), found[1]
    assert compare_files("positions.html", again, again) == ""


@pytest.mark.parametrize(
    "old, new, fault",
    [
        (b"--paper:", b"--Paper:", "visible text is the same"),  # a style: nobody reads it
        (b"</main>", b"<p>One more.</p></main>", "One more."),
        (
            b'href="data:text/csv',
            b'href="data:text/CSV',
            "visible text is the same",
        ),  # what is offered for download
    ],
)
def test_what_is_seen_and_what_is_not_is_told_apart(published, old, new, fault):
    again = (published / "reports/positions.html").read_bytes()
    assert fault in compare_files("positions.html", again.replace(old, new, 1), again)


def test_a_report_says_how_it_was_made(published):
    for name, notebook, given in (
        ("positions", "positions.ipynb", {"as_of": "2020-07-09"}),
        (
            "organisation-zoom",
            "organisation.ipynb",
            {"as_of": "2020-07-09", "organisation": "zoom"},
        ),
    ):
        for kind in ("html", "pdf"):
            recipe = read_recorded_run((published / f"reports/{name}.{kind}").read_bytes())
            assert (recipe.name, recipe.notebook, recipe.parameters) == (name, notebook, given)


def test_only_notebooks_of_ours_are_run(published):
    page = {"positions.html": (published / "reports/positions.html").read_bytes()}
    faults, _ = rebuild_reports(page, published / "raw", NOTEBOOKS[:1])
    assert len(faults) == 1 and "no notebook 'positions.ipynb' here" in faults[0]
    with pytest.raises(HkresearchError, match="how it was made"):
        read_recorded_run(page["positions.html"].replace(b'"command":"', b'"commands":"'))


def test_lines_carry_the_heading_above_them():
    page = b"<title>No</title><h2>One <a>#</a></h2><p>first <b>line</b></p><style>p{}</style><table><tr><td>cell</td></tr></table>"
    assert read_report(page.decode()).lines == [
        ("", "One #"),
        ("One", "first line"),
        ("One", "cell"),
    ]
