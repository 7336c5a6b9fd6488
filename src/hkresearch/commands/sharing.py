"""The commands that work with other people and tools: bundle, export, import, merge, lab."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from hkresearch.commands.messages import say
from hkresearch.commands.options import (
    NOTEBOOKS,
    CodebookOption,
    OutOption,
    RawOption,
    ReportsOption,
    list_notebooks,
)
from hkresearch.pipeline.tables_folders import RAW, REPORTS, find_tables_of, place_tables


class ExportFormat(StrEnum):
    """The formats of `export`, as the shell completes them; hkresearch.exchange writes them."""

    WEB_ANNOTATION = "web-annotation"
    BRAT = "brat"
    CSV = "csv"
    CONLL = "conll"
    SPACY = "spacy"
    BIBTEX = "bibtex"
    CSL = "csl"


ZipArgument = Annotated[
    Path, typer.Argument(metavar="OUT.zip", help="The bundle to write.", show_default=False)
]
FormatArgument = Annotated[
    ExportFormat, typer.Argument(help="The format to write.", show_default=False)
]
TargetArgument = Annotated[
    Path,
    typer.Argument(
        metavar="TARGET", help="The file to write; for brat, a folder.", show_default=False
    ),
]
VariableOption = Annotated[
    list[str] | None,
    typer.Option("--variable", help="Only this variable and its attributes; may be repeated."),
]
AnnotationsArgument = Annotated[
    list[Path],
    typer.Argument(
        help="Files of annotations: .json, .csv, .ann, or a folder of .ann.", show_default=False
    ),
]
CoderOption = Annotated[
    str, typer.Option("--coder", help="Whose codings these are.", show_default=False)
]
ReadOption = Annotated[
    list[str] | None,
    typer.Option(
        "--read",
        help="A variable for which those pages were read in full, or 'all'; may be repeated.",
    ),
]
DateOption = Annotated[
    str,
    typer.Option(
        "--date", help="When they were coded, for example 2020-07-06.", show_default=False
    ),
]
CodingsArgument = Annotated[
    list[Path],
    typer.Argument(
        help="Coders' own files, or decisions.csv of several copies.", show_default=False
    ),
]
MergedOption = Annotated[
    Path | None,
    typer.Option("--out", help="Write here what nobody disputes, as a file of the same kind."),
]
KeepOutputsOption = Annotated[
    bool,
    typer.Option(
        "--keep-outputs",
        help="Save the outputs of the project's notebooks too; git will see them.",
    ),
]


def bundle(
    out_zip: ZipArgument,
    raw: RawOption = RAW,
    out: OutOption = None,
    reports: ReportsOption = REPORTS,
    codebook: CodebookOption = None,
) -> None:
    """Put everything that was published into one zip (an RO-Crate), without the pages' text.

    It holds reports, tables, register, codebook and notebooks.
    """
    from hkresearch.bundle.archive import read_archive
    from hkresearch.bundle.ro_crate import describe_sum
    from hkresearch.bundle.write import write_bundle

    tables = place_tables(raw, out, reports)
    n_files = write_bundle(out_zip, raw, tables, reports, list_notebooks(), codebook)
    files, _ = read_archive(out_zip.read_bytes())
    say(describe_sum(files))
    say(f"{out_zip}: {n_files} files. To check it, type: hkresearch verify {out_zip} --raw {raw}")


def export(
    format: FormatArgument,
    target: TargetArgument,
    raw: RawOption = RAW,
    out: OutOption = None,
    variable: VariableOption = None,
) -> None:
    """Write the annotations, or the citations of the pages, in another tool's format."""
    from hkresearch.exchange import export_tables
    from hkresearch.pages.register import read_folder
    from hkresearch.tables.tables import read_tables

    tables = read_tables(find_tables_of(raw, place_tables(raw, out)))
    articles, _ = read_folder(raw)
    say(export_tables(format.value, target, tables, articles, variable or ()))


def import_files(
    files: AnnotationsArgument,
    coder: CoderOption,
    raw: RawOption = RAW,
    read: ReadOption = None,
    date: DateOption = "",
) -> None:
    """Add what a person annotated in another tool to that person's file of codings."""
    from hkresearch.exchange import import_codings
    from hkresearch.pages.register import read_folder

    articles, _ = read_folder(raw)
    path, n_rows = import_codings(raw, files, articles, coder, read or (), date, say)
    say(f"{path}: {n_rows} row(s) added. To measure reliability, type: hkresearch report")


def merge(files: CodingsArgument, out: MergedOption = None, raw: RawOption = RAW) -> None:
    """Compare what several people coded: list where they disagree, join the rest into one file."""
    from hkresearch.manual_coding.merge import (
        count_unknown,
        merge_codings,
        read_coded_articles,
        write_disagreements,
        write_merged,
    )

    merged = merge_codings(*files, articles=read_coded_articles(raw, files))
    for line in write_disagreements(merged):
        say(line)
    counts = merged["status"].value_counts()
    say(", ".join(f"{counts[name]} {name}" for name in sorted(counts.index)) + ".")
    if n_unknown := count_unknown(merged):
        reason = f"no page of {raw} tells what they describe. Name theirs: --raw DIR"
        say(f"Not compared: {n_unknown} attribute(s); {reason}")
    if out:
        say(f"{out}: {write_merged(merged, out)} row(s); what they disagree on is left out.")


def lab(context: typer.Context, keep_outputs: KeepOutputsOption = False) -> None:
    """Open JupyterLab on the guided tour, with this package's Python.

    Further options go to JupyterLab. It looks up no news and no updates. The project's own
    notebooks are saved without outputs.
    """
    from hkresearch.lab import open_lab

    open_lab(NOTEBOOKS, context.args, keep_outputs)
