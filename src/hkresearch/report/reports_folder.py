"""The folder of reports -> which files are ours, and the same without those of earlier runs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from hkresearch.core.article import HkresearchError
from hkresearch.report.jobs import Rendered

FAILED_FOLDER = "failed"
GENERATOR_TAG = b'<meta name="generator" content="hkresearch">'
TAG_REACH = 4096  # bytes of a file, at its beginning, that hold the tag


def is_ours(page: Path) -> bool:
    """Return whether `page` was published by this package."""
    with page.open("rb") as stream:
        return GENERATOR_TAG in stream.read(TAG_REACH)


def refuse_foreign(reports: Path) -> None:
    """Raise HkresearchError when the folder holds an index that this package did not write."""
    index = reports / "index.html"
    if index.exists() and not is_ours(index):
        raise HkresearchError(
            f"{reports}: holds an index.html that is no index of reports. "
            "Type: --reports DIR with another folder"
        )


def list_published_files(
    reports: Path, outcomes: Sequence[Rendered], is_partial: bool
) -> list[Path]:
    """Return the files that `render_reports` wrote."""
    files = []
    for outcome in outcomes:
        if not outcome.error:
            files += [reports / f"{outcome.name}.html", reports / f"{outcome.name}.pdf"]
    if is_partial:
        return files
    files += [reports / "index.html", reports / "feed.json"]
    return [*files, *(reports / "tables").glob("*.csv")]


def remove_earlier(reports: Path, outcomes: Sequence[Rendered], tables: Collection[str]) -> None:
    """Remove what earlier runs published and this one did not.

    Nothing that this package did not write is ever removed. `tables` names the CSV files that stay,
    as paths inside `reports`.
    """
    published = {outcome.name for outcome in outcomes if not outcome.error}
    failed = {outcome.name for outcome in outcomes if outcome.error}
    for page in reports.glob("*.html"):
        if page.stem not in published and page.name != "index.html" and is_ours(page):
            page.with_suffix(".pdf").unlink(missing_ok=True)
            page.unlink()
    for path in (reports / FAILED_FOLDER).glob("*.ipynb"):
        if path.stem not in failed:
            path.unlink()
    for path in (reports / "tables").glob("*.csv"):
        if f"tables/{path.name}" not in tables:
            path.unlink()
    unfinished = [*reports.glob("*.new"), *(reports / "tables").glob("*.new")]
    for path in unfinished:  # of a run that was killed
        path.unlink(missing_ok=True)
