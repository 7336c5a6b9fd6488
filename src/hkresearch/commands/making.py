"""The commands that make something: add, build, report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hkresearch.commands.messages import finish_run, say, warn
from hkresearch.commands.options import (
    CodebookOption,
    OutOption,
    ParameterOption,
    RawOption,
    ReportsOption,
    StrictOption,
    WorkersOption,
    list_notebooks,
    read_parameters,
)
from hkresearch.pipeline.tables_folders import RAW, REPORTS, place_tables

FilesArgument = Annotated[
    list[Path],
    typer.Argument(
        help="Pages (.html, .txt) or archives (.warc, .warc.gz, .wacz).", show_default=False
    ),
]
AddressOption = Annotated[
    str,
    typer.Option(
        "--raw", help="Folder with the pages and their register; with --scheduler, any address."
    ),
]
SchedulerOption = Annotated[
    str | None,
    typer.Option(
        "--scheduler",
        metavar="tcp://HOST:PORT",
        help="Let a running Dask cluster code the pages.",
    ),
]
PartsOption = Annotated[
    str | None,
    typer.Option(
        "--parts", help="Folder or address for what its workers write.", show_default=".cache"
    ),
]
NotebooksArgument = Annotated[
    list[Path] | None, typer.Argument(help="Notebooks.", show_default="notebooks/*.ipynb")
]
ForceOption = Annotated[bool, typer.Option("--force", help="Run even when nothing changed.")]
PagesOption = Annotated[
    bool,
    typer.Option(
        "--with-pages",
        help="Write copies, for private use, whose passages lead into the pages.",
    ),
]


def add(files: FilesArgument, raw: RawOption = RAW) -> None:
    """Register pages: copy them into the raw folder, hash them, add their rows to articles.csv.

    Of an archive the HTML pages are taken, each with the address and date that the archive gives.
    """
    from tempfile import TemporaryDirectory

    from hkresearch.pages.reader import REGISTER
    from hkresearch.pages.register import register_files
    from hkresearch.pages.warc import extract_files

    with TemporaryDirectory() as folder:
        pages, unreadable = extract_files(files, Path(folder), say)
        added, refused = register_files(raw, list(pages), pages)
    refused = [*unreadable, *refused]
    for line in added:
        say(line)
    for file in files:
        if file.name == REGISTER:
            say(f"{file}: left out, for it is a register and no page")
    for name, reason in refused:
        warn(f"{name}: refused: {reason}")
    say(f"{len(added)} page(s) added to {raw}, {len(refused)} refused.")
    if refused:
        raise typer.Exit(1)


def build(
    raw: AddressOption = str(RAW),
    out: OutOption = None,
    codebook: CodebookOption = None,
    strict: StrictOption = False,
    workers: WorkersOption = None,
    scheduler: SchedulerOption = None,
    parts: PartsOption = None,
) -> None:
    """Build the tables: pages and codebook -> Parquet tables with a data package."""
    from hkresearch.pipeline.workflow import build_folder

    tables = place_tables(raw, out)
    folder, cluster = Path(raw), None
    if scheduler or parts or "://" in raw:
        from hkresearch.coding.dask_cluster import place_cluster

        folder, cluster = place_cluster(raw, tables, scheduler, parts)
    outcome = build_folder(folder, tables, codebook, say, workers, cluster)
    finish_run(outcome, f"Tables: {tables}", strict)


def report(
    notebooks: NotebooksArgument = None,
    raw: RawOption = RAW,
    out: OutOption = None,
    reports: ReportsOption = REPORTS,
    parameter: ParameterOption = None,
    codebook: CodebookOption = None,
    strict: StrictOption = False,
    force: ForceOption = False,
    workers: WorkersOption = None,
    with_pages: PagesOption = False,
) -> None:
    """Publish: build the tables if they are out of date, run the notebooks, write HTML and PDF."""
    from hkresearch.pipeline.workflow import publish_folder

    outcome = publish_folder(
        raw=raw,
        tables_folder=place_tables(raw, out, reports),
        reports=reports,
        notebooks=notebooks or list_notebooks(),
        parameters=read_parameters(parameter or []),
        codebook=codebook,
        force=force,
        say=say,
        is_partial=bool(notebooks),
        workers=workers,
    )
    if with_pages:
        _write_private_copies(raw, reports)
    finish_run(outcome, f"\nReports: {reports / 'index.html'}", strict)


def _write_private_copies(raw: Path, reports: Path) -> None:
    from hkresearch.pages.register import read_folder
    from hkresearch.report.private_copies import write_copies

    articles, _ = read_folder(raw)
    say(f"with pages  {write_copies(articles, reports)}  (whole pages: for private use)")
