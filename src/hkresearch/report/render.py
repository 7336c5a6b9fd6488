"""Notebooks, parameters and a folder of tables -> reports/*.html, *.pdf, index.html and
tables/*.csv.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hkresearch.core.article import HkresearchError
from hkresearch.core.files import write_if_changed
from hkresearch.report.jobs import Rendered, Result, _Job, list_jobs, write_command
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

WORKERS = 2
Say = Callable[[str], None]


def render_report(
    notebook: str | os.PathLike,
    *,
    data: str | os.PathLike = "data/processed",
    reports: str | os.PathLike = "reports",
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
    checked = check_parameters(path, {k: v for k, v in known.items() if k != "data"}, parameters)
    folder = _find_tables(Path(data))
    pages = read_quotable_pages(read_tables(folder))
    rendered, html, pdf = _render(_Job(path.stem, path, checked), folder, Path(reports), pages)
    _write_report(Path(reports), rendered, html, pdf)
    return Path(reports) / f"{path.stem}.html"


def render_reports(
    notebooks: Sequence[Path],
    tables_folder: Path,
    reports: Path,
    parameters: Mapping[str, str],
    say: Say = print,
    *,
    is_partial: bool = False,
    cache: Path | None = None,
    force: bool = False,
) -> list[Rendered]:
    """Return one Rendered per report: every notebook with those of `parameters` that it has, then
    index and CSV.

    A notebook named after one of its own parameters runs once per value of it. A failing one never
    stops the others. What `cache` holds of the same inputs is not run again, unless with `force`.
    The folder is left alone until all is rendered. With `is_partial`, the other reports already in
    it, and their index, stay as they are.
    """
    from hkresearch.report.feed import read_items, write_feed
    from hkresearch.report.index import write_index, write_tables_csv
    from hkresearch.report.publishable_tables import limit_tables
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
    if is_partial:
        say(
            "            the index and the tables beside it are those of the last full run; to renew them: hkresearch report"
        )
        return outcomes
    cited = {id for outcome in outcomes for id in outcome.cited}
    files = write_tables_csv(limit_tables(tables, cited, pages), reports / "tables")
    write_index(outcomes, tables, files, reports)
    write_feed(outcomes, tables, earlier, reports)
    remove_earlier(reports, outcomes, {item["file"] for item in files})
    say(
        f"published   {sum(not o.error for o in outcomes)} report(s), {len(files)} tables as CSV; open {reports / 'index.html'}"
    )
    return outcomes


def render_jobs(
    jobs: Sequence[_Job],
    tables_folder: Path,
    reports: Path,
    pages: QuotablePages,
    cache: Path | None,
    force: bool,
    say: Say,
) -> list[Result]:
    """Return what became of each job, in their order.

    `cache` is asked before a kernel is, and told afterwards.
    """
    from hkresearch.report.report_cache import Shelf, drop_rendered, name_recipe
    from hkresearch.report.warm_kernels import open_nursery, use_warm_kernels

    recipes = [name_recipe(job.name, job.notebook, job.parameters, job.subject) for job in jobs]
    shelf = Shelf(cache, tables_folder) if cache else None
    asked = None if force else shelf
    n_done = 0

    def render(job: _Job, recipe: str) -> Result:
        nonlocal n_done
        kept = asked.read(recipe) if asked else None
        result = (
            (Rendered(**kept[0]), *kept[1:])
            if kept
            else _try_render(job, tables_folder, reports, pages)
        )
        if shelf and not kept and not result[0].error:
            shelf.keep(recipe, result[0].reads, asdict(result[0]), *result[1:])
        n_done += 1
        tail = (
            "  (unchanged)"
            if kept
            else "  FAILED, for the reason given at the end"
            if result[0].error
            else ""
        )
        say(f"report      {n_done:>3}/{len(jobs)}  {job.name}{tail}")
        return result

    is_warm = not (asked and all(map(asked.find, recipes)))
    if is_warm:
        _ = pages.index  # once, and not in each thread
    nursery = open_nursery() if is_warm else None
    with use_warm_kernels(nursery), ThreadPoolExecutor(min(WORKERS, os.cpu_count() or 1)) as pool:
        results = list(pool.map(render, jobs, recipes))
    if cache:
        drop_rendered(cache)
    return results


def _try_render(job: _Job, tables_folder: Path, reports: Path, pages: QuotablePages) -> Result:
    try:
        return _render(job, tables_folder, reports, pages)
    except HkresearchError as error:
        return Rendered(job.name, error=str(error)), b"", b""
    except Exception as error:  # whatever a page made of one report, the others are published
        return (
            Rendered(job.name, error=f"could not be set: {type(error).__name__}: {error}"),
            b"",
            b"",
        )


def _find_tables(folder: Path) -> Path:
    from hkresearch.tables.folder import find_tables

    return Path(find_tables(folder)).resolve()


def _render(job: _Job, tables_folder: Path, reports: Path, pages: QuotablePages) -> Result:
    import nbformat

    from hkresearch.report.document import read_document
    from hkresearch.report.publish_html import write_html
    from hkresearch.report.publish_pdf import write_pdf

    failed = reports / FAILED_FOLDER / f"{job.name}.ipynb"
    parameters = (
        {**job.parameters, "data": str(tables_folder)} if _takes_data(job) else dict(job.parameters)
    )
    bar = {"desc": job.name, "leave": False} if sys.stderr.isatty() else False
    notebook = run_notebook(
        job.notebook, parameters, failed, cwd=job.notebook.resolve().parent, progress=bar
    )
    reads = place_reads(notebook["metadata"]["hkresearch"]["reads"], tables_folder)
    notebook["metadata"]["hkresearch"] = nbformat.NotebookNode(
        {
            "name": job.name,
            "subject": job.subject,
            "command": write_command(job),
            "made": list_inputs(tables_folder, job.notebook, reads),
        }
    )
    document = read_document(notebook, pages)
    digest = hash_document(document)
    rendered = Rendered(
        name=job.name, title=document.title, question=read_question(document), answer=document.answer,
        words=" ".join(list_document_words(document)), digest=digest, cited=[note["id"] for note in document.notes], reads=reads,
    )  # fmt: skip
    return (
        rendered,
        write_html(document, pdf=f"{job.name}.pdf").encode("utf-8"),
        write_pdf(document),
    )


def _write_report(reports: Path, rendered: Rendered, html: bytes, pdf: bytes) -> None:
    write_if_changed(reports / f"{rendered.name}.html", html)
    write_if_changed(reports / f"{rendered.name}.pdf", pdf)


def _takes_data(job: _Job) -> bool:
    return "data" in list_parameters(read_notebook(job.notebook))
