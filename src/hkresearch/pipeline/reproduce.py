"""Published reports and their pages -> how they differ from reports made again of these pages."""

from __future__ import annotations

import json
import shlex
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hkresearch.bundle.archive import is_bundle, read_bundle
from hkresearch.core.article import HkresearchError
from hkresearch.evidence.evidence_block import read_block
from hkresearch.evidence.published import INDEX, list_report_files
from hkresearch.pipeline.report_differences import compare_files
from hkresearch.report.jobs import ReportJob, Result, list_jobs
from hkresearch.report.render import render_jobs
from hkresearch.report.reports_folder import FAILED_FOLDER

if TYPE_CHECKING:
    from hkresearch.tables.tables import Tables

# The parameter of a notebook that compares with previous tables, which the pages alone do not give.
PREVIOUS_PARAMETER = "previous"


@dataclass(frozen=True, slots=True)
class RecordedRun:
    """What a report records of its making: its name, its notebook's, and the parameters given."""

    name: str
    notebook: str
    parameters: Mapping[str, str]


def rebuild_reports(
    files: Mapping[str, bytes], raw: Path, notebooks: Sequence[Path], codebook: str | None = None
) -> tuple[list[str], list[str]]:
    """Return how `files` differ from those made again, and the names of those not compared.

    Tables and reports are made anew from the pages in `raw`, with the parameters that each report
    records. Only `notebooks` of ours are run, never one that came with the reports. A report that
    compares with previous tables is not compared, for the pages alone do not give it.
    """
    from hkresearch.pipeline.workflow import build_folder
    from hkresearch.report.quotable_pages import read_quotable_pages
    from hkresearch.tables.tables import read_tables

    runs = _read_runs(files)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        tables_folder = place / "processed"
        build_folder(raw, tables_folder, codebook, _say_nothing)
        tables = read_tables(tables_folder)
        jobs, faults = _choose_jobs(runs, notebooks, tables)
        pages = read_quotable_pages(tables)
        failed = place / FAILED_FOLDER
        made = render_jobs(jobs, tables_folder, failed, pages, None, True, _say_nothing)
        again = _gather_files(made)
        if INDEX in files:
            again |= _make_index(made, tables, place)
    for rendered, _, _ in made:
        if rendered.error:
            faults.append(f"{rendered.name}: cannot be made again: {rendered.error}")
    differing = {}
    for name in sorted(files.keys() & again.keys()):
        if fault := compare_files(name, files[name], again[name]):
            differing[name] = fault
    open_ended = {job.name for job in jobs if _compares_tables(job.notebook)}
    not_compared = [name for name in differing if Path(name).stem in open_ended]
    if not_compared and INDEX in differing:
        not_compared.append(INDEX)  # it repeats their answers
    shown = (name for name in differing if name not in not_compared)
    return faults + [f"{name}: {differing[name]}" for name in shown], not_compared


def _say_nothing(line: str) -> None:
    pass


def read_files(path: Path) -> dict[str, bytes]:
    """Return the reports at `path` by name; those of a folder or bundle with index and tables."""
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


def _read_runs(files: Mapping[str, bytes]) -> dict[str, RecordedRun]:
    return {
        name: read_recorded_run(data)
        for name, data in files.items()
        if name.endswith((".html", ".pdf")) and name != INDEX
    }


def read_recorded_run(data: bytes) -> RecordedRun:
    """Return what a report, as HTML or PDF, records of its making; raises HkresearchError."""
    block = read_block(data, data.startswith(b"%PDF"))
    try:
        recorded = json.loads(block)
        words = shlex.split(str(recorded["command"]))  # hkresearch report NOTEBOOK -p NAME VALUE...
        given = {words[n + 1]: words[n + 2] for n in range(3, len(words), 3)}
        return RecordedRun(str(recorded["name"]), Path(words[2]).name, given)
    except (ValueError, KeyError, TypeError, IndexError, RecursionError):
        raise HkresearchError(
            "a report does not say how it was made: it was edited, or made by an older version"
        ) from None


def _compares_tables(notebook: Path) -> bool:
    from hkresearch.report.run_notebook import list_parameters, read_notebook

    return PREVIOUS_PARAMETER in list_parameters(read_notebook(notebook))


def _choose_jobs(
    runs: Mapping[str, RecordedRun], notebooks: Sequence[Path], tables: Tables
) -> tuple[list[ReportJob], list[str]]:
    """Return the jobs that make the reports, each once, and a fault for each that none makes."""
    jobs: dict[str, ReportJob] = {}
    faults: list[str] = []
    for file, run in sorted(runs.items()):
        try:
            jobs[run.name] = _choose_job(run, notebooks, tables)
        except HkresearchError as error:
            faults.append(f"{file}: cannot be made again: {error}")
    return list(jobs.values()), faults


def _choose_job(run: RecordedRun, notebooks: Sequence[Path], tables: Tables) -> ReportJob:
    """Return the job that makes a report; a dossier is told from its notebook's others by name."""
    path = next((path for path in notebooks if path.name == run.notebook), None)
    if path is None:
        raise HkresearchError(f"no notebook {run.notebook!r} here. Stand in the project's folder")
    is_dossier = run.name != path.stem
    given = {
        name: value
        for name, value in run.parameters.items()
        if not (is_dossier and name == path.stem)
    }
    job = next((job for job in list_jobs([path], tables, given) if job.name == run.name), None)
    if job is None:
        raise HkresearchError(f"{path.name} makes no report {run.name!r} of these pages")
    return job


def _gather_files(made: Sequence[Result]) -> dict[str, bytes]:
    files = {}
    for rendered, html, pdf in made:
        if not rendered.error:
            files[f"{rendered.name}.html"] = html
            files[f"{rendered.name}.pdf"] = pdf
    return files


def _make_index(made: Sequence[Result], tables: Tables, place: Path) -> dict[str, bytes]:
    from hkresearch.report.index import write_index, write_tables_csv
    from hkresearch.report.publishable_tables import limit_tables

    outcomes = sorted((rendered for rendered, _, _ in made), key=lambda rendered: rendered.name)
    cited = {id for outcome in outcomes for id in outcome.cited}
    files = write_tables_csv(limit_tables(tables, cited), place / "tables")
    index = write_index(outcomes, tables, files, place)
    tables_csv = {file["file"]: (place / file["file"]).read_bytes() for file in files}
    return {INDEX: index.read_bytes()} | tables_csv
