"""Published reports, pages and notebooks -> where a report is not what the same notebook makes of the same pages."""

from __future__ import annotations

import json
import shlex
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hkresearch.bundle.archive import is_bundle, read_bundle
from hkresearch.core.article import HkresearchError
from hkresearch.evidence.evidence_block import read_block
from hkresearch.evidence.published import INDEX, list_report_files
from hkresearch.evidence.rendered_text import read_report
from hkresearch.report.jobs import Result, list_jobs
from hkresearch.report.render import render_jobs
from hkresearch.report.reports_folder import FAILED_FOLDER

EARLIER = "previous"  # the parameter of a notebook that compares with earlier tables, which no folder of pages gives
SHOWN = 90  # characters of a difference


def rebuild_reports(
    files: Mapping[str, bytes], raw: Path, notebooks: Sequence[Path], codebook: str | None = None
) -> tuple[list[str], list[str]]:
    """Return (how `files` differ from those made again, the names of those that the pages alone do not give).

    `files` are reports by name, with their index and their tables as CSV where they come from a folder or a bundle.
    Tables and reports are made anew from the pages in `raw`, with the parameters that each report records; only
    notebooks of ours are run, never one that came with the reports.
    """
    from hkresearch.pipeline.workflow import build_folder
    from hkresearch.report.quotable_pages import read_quotable_pages
    from hkresearch.tables.tables import read_tables

    recipes = {
        name: read_recipe(data)
        for name, data in files.items()
        if name.endswith((".html", ".pdf")) and name != INDEX
    }
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        build_folder(raw, place / "processed", codebook, lambda line: None)
        tables = read_tables(place / "processed")
        jobs, faults = {}, []
        for name, recipe in sorted(recipes.items()):
            try:
                jobs[recipe["name"]] = _choose_job(recipe, notebooks, tables)
            except HkresearchError as error:
                faults.append(f"{name}: cannot be made again: {error}")
        made = render_jobs(
            list(jobs.values()),
            place / "processed",
            place / FAILED_FOLDER,
            read_quotable_pages(tables),
            None,
            True,
            lambda line: None,
        )
        again = _gather(made) | (_make_index(made, tables, place) if INDEX in files else {})
    open_ended = {recipe["name"] for recipe in recipes.values() if EARLIER in recipe["known"]}
    faults += [
        f"{rendered.name}: cannot be made again: {rendered.error}"
        for rendered, _, _ in made
        if rendered.error
    ]
    differing = {
        name: fault
        for name in sorted(files)
        if name in again and (fault := compare_files(name, files[name], again[name]))
    }
    left = [name for name in differing if Path(name).stem in open_ended]
    left += [INDEX] if left and INDEX in differing else []  # it gives their answers
    return faults + [
        f"{name}: {fault}" for name, fault in differing.items() if name not in left
    ], left


def read_files(path: Path) -> dict[str, bytes]:
    """Return the reports at `path` by name: one, or those of a folder or a bundle with their index and tables."""
    if is_bundle(path):
        bundled, _ = read_bundle(path)
        return {
            name.removeprefix("reports/"): data
            for name, data in bundled.items()
            if name.startswith("reports/")
        }
    reports = list_report_files(path)
    if reports == [path]:
        return {path.name: path.read_bytes()}
    folder = reports[0].parent
    files = [*reports, *folder.glob(INDEX), *folder.glob("tables/*.csv")]
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def read_recipe(data: bytes) -> dict[str, Any]:
    """Return what a report records of its making: its name, its notebook and the parameters that it was given."""
    block = read_block(data, data.startswith(b"%PDF"))
    try:
        recorded = json.loads(block)
        name, words = str(recorded["name"]), shlex.split(str(recorded["command"]))
        given = {words[n + 1]: words[n + 2] for n in range(3, len(words), 3)}
        return {"name": name, "notebook": Path(words[2]).name, "given": given, "known": ()}
    except (ValueError, KeyError, TypeError, IndexError, RecursionError):
        raise HkresearchError(
            "a report does not say how it was made: it was edited, or made by an older version"
        ) from None


def _choose_job(recipe: dict[str, Any], notebooks: Sequence[Path], tables: Any) -> Any:
    """Return the run that makes a report; a dossier is one of those of its notebook, told by its name."""
    from hkresearch.report.run_notebook import list_parameters, read_notebook

    path = next((path for path in notebooks if path.name == recipe["notebook"]), None)
    if path is None:
        raise HkresearchError(
            f"no notebook {recipe['notebook']!r} here. Stand in the project's folder"
        )
    recipe["known"] = list_parameters(read_notebook(path))
    own = {path.stem} if recipe["name"] != path.stem else set()
    jobs = list_jobs(
        [path], tables, {name: value for name, value in recipe["given"].items() if name not in own}
    )
    job = next((job for job in jobs if job.name == recipe["name"]), None)
    if job is None:
        raise HkresearchError(f"{path.name} makes no report {recipe['name']!r} of these pages")
    return job


def _gather(made: Sequence[Result]) -> dict[str, bytes]:
    return {
        f"{done.name}.{kind}": data
        for done, *both in made
        for kind, data in zip(("html", "pdf"), both)
        if not done.error
    }


def _make_index(made: Sequence[Result], tables: Any, place: Path) -> dict[str, bytes]:
    from hkresearch.report.index import write_index, write_tables_csv
    from hkresearch.report.publishable_tables import limit_tables

    outcomes = sorted((rendered for rendered, _, _ in made), key=lambda rendered: rendered.name)
    cited = {id for outcome in outcomes for id in outcome.cited}
    files = write_tables_csv(limit_tables(tables, cited), place / "tables")
    index = write_index(outcomes, tables, files, place)
    return {INDEX: index.read_bytes()} | {
        file["file"]: (place / file["file"]).read_bytes() for file in files
    }


# -------------------------------------------------------------------------------------------------- the difference


def compare_files(name: str, given: bytes, again: bytes) -> str:
    """Return the first difference between a file and the same made again, in the words a reader sees, or nothing."""
    if given == again:
        return ""
    if name.endswith(".html"):
        pairs = zip([*_read_lines(given), ("", "")], [*_read_lines(again), ("", "")], strict=False)
        for (section, old), (_, new) in pairs:
            if old != new:
                under = f"under {section!r} " if section else ""
                return f"{under}it reads {_cut(old, new)!r}, made again from the pages it reads {_cut(new, old)!r}"
    at = next(
        (n for n, (a, b) in enumerate(zip(given, again)) if a != b), min(len(given), len(again))
    )
    what = (
        "its visible text is the same, but not its bytes"
        if name.endswith(".html")
        else "is not what is made again"
    )
    return f"{what}, first at byte {at:,} of {len(given):,}"


def _cut(text: str, other: str) -> str:
    """Return what stands around the first character in which `text` and `other` differ."""
    at = next(
        (n for n, (a, b) in enumerate(zip(text, other)) if a != b), min(len(text), len(other))
    )
    first = max(0, at - SHOWN // 2)
    return (
        ("…" if first else "")
        + text[first : first + SHOWN]
        + ("…" if len(text) > first + SHOWN else "")
    )


def _read_lines(page: bytes) -> list[tuple[str, str]]:
    return read_report(page.decode("utf-8", "replace")).lines
