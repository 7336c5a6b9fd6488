"""Notebooks, parameters and tables -> reports in HTML and PDF, their index and the CSV."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hkresearch.core.article import HkresearchError
from hkresearch.core.files import write_if_changed
from hkresearch.report.jobs import Rendered, ReportJob, Result, list_jobs, write_command
from hkresearch.report.notebook_parameters import TABLES_PARAMETER
from hkresearch.report.provenance import list_inputs
from hkresearch.report.reports_folder import FAILED_FOLDER, refuse_foreign, remove_earlier
from hkresearch.report.run_notebook import (
    check_parameters,
    list_parameters,
    read_notebook,
    run_notebook,
)
from hkresearch.report.summary import hash_document, list_document_words, read_question
from hkresearch.report.table_dependencies import place_reads

if TYPE_CHECKING:
    from hkresearch.report.quotable_pages import QuotablePages
    from hkresearch.tables.tables import Tables

WORKERS = 2
STALE_INDEX = (
    "            the index and the tables beside it are those of the last full run; "
    "to renew them: hkresearch report"
)
Announce = Callable[[str], None]
PathLike = str | os.PathLike[str]


def render_report(
    notebook: PathLike,
    *,
    data: PathLike = "data/processed",
    reports: PathLike = "reports",
    **parameters: Any,
) -> Path:
    """Return the HTML report of `notebook` run with `parameters` on the tables in `data`.

    Its PDF lies beside it.

    Raises HkresearchError for an unknown parameter, and for a failing cell, which it names.

    >>> print(hk.render_report("notebooks/positions.ipynb", as_of="2020-07-06"))
    reports/positions.html
    """
    from hkresearch.report.quotable_pages import read_quotable_pages
    from hkresearch.tables.tables import read_tables

    path = Path(notebook)
    known = list_parameters(read_notebook(path))
    known.pop(TABLES_PARAMETER, None)
    job = ReportJob(path.stem, path, check_parameters(path, known, parameters))
    folder = _find_tables(Path(data))
    pages = read_quotable_pages(read_tables(folder))
    rendered, html, pdf = _render(job, folder, Path(reports), pages)
    _write_report(Path(reports), rendered, html, pdf)
    return Path(reports) / f"{path.stem}.html"


def render_reports(
    notebooks: Sequence[Path],
    tables_folder: Path,
    reports: Path,
    parameters: Mapping[str, str],
    say: Announce = print,
    *,
    is_partial: bool = False,
    cache: Path | None = None,
    force: bool = False,
) -> list[Rendered]:
    """Return one Rendered per report, published with the index and the tables as CSV.

    Each notebook gets those of `parameters` that it has; one named after a parameter of its own
    runs once per value of it. A failing one never stops the others. The folder is left alone until
    all is rendered. With `is_partial` the other reports in it, and their index, stay as they are.
    What `cache` holds of the same inputs is not run again, unless with `force`.
    """
    from hkresearch.report.feed import read_items
    from hkresearch.report.quotable_pages import read_quotable_pages
    from hkresearch.tables.tables import preload_tables

    tables_folder = _find_tables(Path(tables_folder))
    tables = preload_tables(tables_folder)  # what the kernels are forked from has them
    jobs = list_jobs(notebooks, tables, parameters)
    earlier = read_items(reports)
    is_partial = is_partial and (reports / "index.html").is_file()
    if not is_partial:
        refuse_foreign(reports)
    pages = read_quotable_pages(tables)
    results = render_jobs(jobs, tables_folder, reports, pages, cache, force, say)
    outcomes = [rendered for rendered, _, _ in results]
    for rendered, html, pdf in results:
        if not rendered.error:
            _write_report(reports, rendered, html, pdf)
    say(STALE_INDEX if is_partial else _publish_index(outcomes, tables, pages, earlier, reports))
    return outcomes


def _publish_index(
    outcomes: Sequence[Rendered],
    tables: Tables,
    pages: QuotablePages,
    earlier: Sequence[dict[str, Any]],
    reports: Path,
) -> str:
    """Write what stands beside the reports: index, tables as CSV, feed; return what was published.

    `earlier` holds the items of the feed that the folder had.
    """
    from hkresearch.report.feed import write_feed
    from hkresearch.report.index import write_index, write_tables_csv
    from hkresearch.report.publishable_tables import limit_tables

    cited = {id for outcome in outcomes for id in outcome.cited}
    files = write_tables_csv(limit_tables(tables, cited, pages), reports / "tables")
    write_index(outcomes, tables, files, reports)
    write_feed(outcomes, tables, earlier, reports)
    remove_earlier(reports, outcomes, {item["file"] for item in files})
    n_reports = sum(not outcome.error for outcome in outcomes)
    counts = f"{n_reports} report(s), {len(files)} tables as CSV"
    return f"published   {counts}; open {reports / 'index.html'}"


def render_jobs(
    jobs: Sequence[ReportJob],
    tables_folder: Path,
    reports: Path,
    pages: QuotablePages,
    cache: Path | None,
    force: bool,
    say: Announce,
) -> list[Result]:
    """Return what became of each job, in their order; `cache` is asked before a kernel is."""
    from hkresearch.report.report_cache import ReportCache, hash_job
    from hkresearch.report.warm_kernels import open_fork_server, use_warm_kernels

    hashes = [hash_job(job.name, job.notebook, job.parameters, job.subject) for job in jobs]
    report_cache = ReportCache(cache, tables_folder) if cache else None
    asked = None if force else report_cache
    numbers = count(1)

    def render(job: ReportJob, job_hash: str) -> Result:
        cached = asked.read(job_hash) if asked else None
        if cached:
            result: Result = (Rendered(**cached[0]), *cached[1:])
        else:
            result = _try_render(job, tables_folder, reports, pages)
            if report_cache and not result[0].error:
                report_cache.write(job_hash, result[0].reads, asdict(result[0]), *result[1:])
        outcome = _write_outcome(result[0], is_cached=bool(cached))
        say(f"report      {next(numbers):>3}/{len(jobs)}  {job.name}{outcome}")
        return result

    server = None
    if not (asked and all(map(asked.read, hashes))):
        _ = pages.index  # once, and not in each thread
        server = open_fork_server()
    with use_warm_kernels(server), ThreadPoolExecutor(min(WORKERS, os.cpu_count() or 1)) as pool:
        results = list(pool.map(render, jobs, hashes))
    if report_cache:
        report_cache.drop_unused()
    return results


def _write_outcome(rendered: Rendered, is_cached: bool) -> str:
    if is_cached:
        return "  (unchanged)"
    return "  FAILED, for the reason given at the end" if rendered.error else ""


def _try_render(job: ReportJob, tables_folder: Path, reports: Path, pages: QuotablePages) -> Result:
    try:
        return _render(job, tables_folder, reports, pages)
    except HkresearchError as error:
        return Rendered(job.name, error=str(error)), b"", b""
    except Exception as error:  # whatever a page made of one report, the others are published
        message = f"could not be set: {type(error).__name__}: {error}"
        return Rendered(job.name, error=message), b"", b""


def _find_tables(folder: Path) -> Path:
    from hkresearch.tables.folder import find_tables

    return Path(find_tables(folder)).resolve()


def _render(job: ReportJob, tables_folder: Path, reports: Path, pages: QuotablePages) -> Result:
    from hkresearch.report.document import read_document
    from hkresearch.report.publish_html import write_html
    from hkresearch.report.publish_pdf import write_pdf

    notebook = _run_job(job, tables_folder, reports)
    reads = place_reads(notebook["metadata"]["hkresearch"]["reads"], tables_folder)
    notebook["metadata"]["hkresearch"] = {
        "name": job.name,
        "subject": job.subject,
        "command": write_command(job),
        "made": list_inputs(tables_folder, job.notebook, reads),
    }
    document = read_document(notebook, pages)
    rendered = Rendered(
        name=job.name,
        title=document.title,
        question=read_question(document),
        answer=document.answer,
        words=" ".join(list_document_words(document)),
        digest=hash_document(document),
        cited=[note["id"] for note in document.notes],
        reads=reads,
    )
    html = write_html(document, pdf=f"{job.name}.pdf")
    return rendered, html.encode("utf-8"), write_pdf(document)


def _run_job(job: ReportJob, tables_folder: Path, reports: Path) -> Any:
    """Return the executed notebook; a failed one is kept in `reports`."""
    failed = reports / FAILED_FOLDER / f"{job.name}.ipynb"
    parameters = dict(job.parameters)
    if TABLES_PARAMETER in list_parameters(read_notebook(job.notebook)):
        parameters[TABLES_PARAMETER] = str(tables_folder)
    bar = {"desc": job.name, "leave": False} if sys.stderr.isatty() else False
    folder = job.notebook.resolve().parent
    return run_notebook(job.notebook, parameters, failed, cwd=folder, progress=bar)


def _write_report(reports: Path, rendered: Rendered, html: bytes, pdf: bytes) -> None:
    write_if_changed(reports / f"{rendered.name}.html", html)
    write_if_changed(reports / f"{rendered.name}.pdf", pdf)
