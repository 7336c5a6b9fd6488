"""The command line -> the package's verbs."""

from __future__ import annotations

import sys

if (
    __name__ == "__main__"
):  # before what follows, which costs more than finding that nothing changed
    from hkresearch.pipeline.up_to_date import leave_if_fresh

    leave_if_fresh(sys.argv[1:])

import atexit
import gc
import os
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from hkresearch.core.article import HkresearchError
from hkresearch.core.safe_text import reveal_text
from hkresearch.pipeline import up_to_date as fresh
from hkresearch.pipeline.up_to_date import place_record, place_tables, write_record

if TYPE_CHECKING:
    from hkresearch.pipeline.workflow import Outcome

RAW, REPORTS, NOTEBOOKS = Path(fresh.RAW), Path(fresh.REPORTS), Path("notebooks")

FORMATS = ("web-annotation", "brat", "csv", "conll", "spacy", "bibtex", "csl")
Format = Enum(
    "Format", [(name, name) for name in FORMATS], type=str
)  # completes in the shell, and shows in the help

app = typer.Typer(
    name="hkresearch",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from hkresearch import __version__

        _say(f"hkresearch {__version__}")
        raise typer.Exit


@app.callback()
def choose(
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Show the version and exit.", callback=_show_version, is_eager=True
        ),
    ] = False,
) -> None:
    """From saved news pages to published reports whose every statement can be walked back to its page."""


RawOption = Annotated[
    Path, typer.Option("--raw", help="Folder with the pages and their register, articles.csv.")
]
OutOption = Annotated[
    Path | None, typer.Option("--out", help="Folder for the tables.", show_default="data/processed")
]
CodebookOption = Annotated[
    str | None, typer.Option("--codebook", help="A shipped codebook's id, or a .toml file.")
]
WorkersOption = Annotated[
    int | None,
    typer.Option(
        "--workers",
        min=1,
        help="Processes that code pages.",
        show_default="as many as cores and new pages pay for",
    ),
]
StrictOption = Annotated[
    bool, typer.Option("--strict", help="Exit with status 1 when a page was refused.")
]


@app.command()
def add(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="Pages (.html, .txt) or archives (.warc, .warc.gz, .wacz).", show_default=False
        ),
    ],
    raw: RawOption = RAW,
) -> None:
    """Register pages: copy them into the raw folder, hash them, open their rows in articles.csv.

    Of an archive the HTML pages are taken out, each with the address and the date that the archive gives it.
    """
    from tempfile import TemporaryDirectory

    from hkresearch.pages.reader import REGISTER
    from hkresearch.pages.register import register_files
    from hkresearch.pages.warc import extract_files

    with TemporaryDirectory() as room:
        pages, faults = extract_files(files, Path(room), _say)
        added, refused = register_files(raw, list(pages), pages)
    refused = [*faults, *refused]
    for line in added:
        _say(line)
    for file in files:
        if file.name == REGISTER:
            _say(f"{file}: left out, for it is a register and no page")
    for file, reason in refused:
        _warn(f"{file}: refused: {reason}")
    _say(f"{len(added)} page(s) added to {raw}, {len(refused)} refused.")
    if refused:
        raise typer.Exit(1)


@app.command()
def build(
    context: typer.Context,
    raw: Annotated[
        str,
        typer.Option(
            "--raw", help="Folder with the pages and their register; with --scheduler, any address."
        ),
    ] = fresh.RAW,
    out: OutOption = None,
    codebook: CodebookOption = None,
    strict: StrictOption = False,
    workers: WorkersOption = None,
    scheduler: Annotated[
        str | None,
        typer.Option(
            "--scheduler",
            metavar="tcp://HOST:PORT",
            help="Let a running Dask cluster code the pages.",
        ),
    ] = None,
    parts: Annotated[
        str | None,
        typer.Option(
            "--parts", help="Folder or address for what its workers write.", show_default=".cache"
        ),
    ] = None,
) -> None:
    """Build the tables: pages and codebook -> Parquet tables with a data package."""
    from hkresearch.coding.dask_cluster import place_cluster
    from hkresearch.pipeline.workflow import build_folder

    tables = _place_tables(raw, out, None)
    folder, cluster = place_cluster(raw, tables, scheduler, parts)
    outcome = build_folder(folder, tables, codebook, _say, workers, cluster)
    _close(context, outcome, f"Tables: {tables}", strict)


@app.command()
def report(
    context: typer.Context,
    notebooks: Annotated[
        list[Path] | None, typer.Argument(help="Notebooks.", show_default="notebooks/*.ipynb")
    ] = None,
    raw: RawOption = RAW,
    out: OutOption = None,
    reports: Annotated[Path, typer.Option("--reports", help="Folder for the reports.")] = REPORTS,
    parameter: Annotated[
        list[str] | None,
        typer.Option(
            "-p", "--parameter", metavar="NAME VALUE", help="A notebook parameter: NAME=VALUE."
        ),
    ] = None,
    codebook: CodebookOption = None,
    strict: StrictOption = False,
    force: Annotated[bool, typer.Option("--force", help="Run even when nothing changed.")] = False,
    workers: WorkersOption = None,
    with_pages: Annotated[
        bool,
        typer.Option(
            "--with-pages",
            help="Write copies, for private use, whose passages lead into the pages.",
        ),
    ] = False,
) -> None:
    """Publish: build the tables if they are stale, run the notebooks, render each as HTML and PDF."""
    from hkresearch.pipeline.workflow import publish_folder

    outcome = publish_folder(
        raw=raw,
        tables_folder=_place_tables(raw, out, reports),
        reports=reports,
        notebooks=notebooks or sorted(NOTEBOOKS.glob("*.ipynb")),
        parameters=_read_parameters(parameter or []),
        codebook=codebook,
        force=force,
        say=_say,
        is_partial=bool(notebooks),
        workers=workers,
    )
    if with_pages:
        from hkresearch.pages.register import read_folder
        from hkresearch.report.private_copies import write_copies

        _say(
            f"with pages  {write_copies(read_folder(raw)[0], reports)}  (whole pages: for private use)"
        )
    _close(context, outcome, f"\nReports: {reports / 'index.html'}", strict)


@app.command()
def check(raw: RawOption = RAW, out: OutOption = None, codebook: CodebookOption = None) -> None:
    """Check hashes, offsets, schema, keys and the codebook; list every failure."""
    from hkresearch.pipeline.check import check_folder

    faults = check_folder(raw, _place_tables(raw, out, None), codebook)
    _list_faults(faults)


@app.command()
def trace(
    claim: Annotated[str, typer.Argument(help="A claim's id, from the table claims.")],
    raw: RawOption = RAW,
    out: OutOption = None,
) -> None:
    """Walk a claim back: its appearances, each with file, line, characters and passage."""
    from hkresearch.pipeline.check import find_tables_of
    from hkresearch.tables.tables import read_tables
    from hkresearch.tables.trace import trace_claim

    tables = read_tables(find_tables_of(raw, _place_tables(raw, out, None)))
    digests = dict(zip(tables.articles["file"], tables.articles["sha256"], strict=True))
    for row in trace_claim(tables, claim).to_dict("records"):
        page = raw / str(row["file"])
        page = (
            page if fresh.hash_path(page) == digests[row["file"]] else row["file"]
        )  # tables of another folder's pages
        where = (
            f"{page}, line {row['line']}, characters {row['start']}-{row['end']} ({row['wording']})"
        )
        _say(f"{where}\n    {' '.join(str(row['exact']).split())}")


@app.command()
def verify(
    report: Annotated[
        Path,
        typer.Argument(
            help="A published report (.html, .pdf), a folder of them, or a bundle (.zip, or unpacked)."
        ),
    ],
    raw: RawOption = RAW,
    rebuild: Annotated[
        bool,
        typer.Option(
            "--rebuild", help="Make the reports again from the pages and compare every byte."
        ),
    ] = False,
    codebook: CodebookOption = None,
) -> None:
    """Re-check every piece of evidence that a published report, or a bundle of reports, cites against the pages."""
    from hkresearch.bundle.archive import is_bundle
    from hkresearch.bundle.verify import verify_bundle
    from hkresearch.evidence.verify import REBUILT, UNPROVEN, count_evidence, verify_report

    faults = (verify_bundle if is_bundle(report) else verify_report)(report, raw)
    if not faults and not is_bundle(report):
        n_reports, n_passages, n_pages = count_evidence(report)
        counts = f"{n_reports} report(s), {n_passages} passage(s) of {n_pages} page(s)"
        _say(f"{counts}: every one stands in its page as cited.")
    if rebuild:
        faults += _rebuild(report, raw, codebook)
    if not faults:
        _say(REBUILT if rebuild else UNPROVEN)
    _list_faults(faults, f"{report}: ")


def _rebuild(report: Path, raw: Path, codebook: str | None) -> list[str]:
    """Return how what is at `report` differs from the same made again, and say what was compared."""
    from hkresearch.pipeline.reproduce import read_files, rebuild_reports

    files = read_files(report)
    faults, left = rebuild_reports(files, raw, sorted(NOTEBOOKS.glob("*.ipynb")), codebook)
    if left:
        _say(f"Not compared, for it rests on earlier tables besides the pages: {', '.join(left)}")
    if not faults:
        _say(f"{len(files) - len(left)} file(s) made again from the pages: every byte is the same.")
    return faults


@app.command()
def bundle(
    out_zip: Annotated[
        Path, typer.Argument(metavar="OUT.zip", help="The bundle to write.", show_default=False)
    ],
    raw: RawOption = RAW,
    out: OutOption = None,
    reports: Annotated[Path, typer.Option("--reports", help="Folder with the reports.")] = REPORTS,
    codebook: CodebookOption = None,
) -> None:
    """Put reports, tables, register, codebook and notebooks into one zip (an RO-Crate), without the pages' text."""
    from hkresearch.bundle.archive import read_archive
    from hkresearch.bundle.ro_crate import describe_sum
    from hkresearch.bundle.write import write_bundle

    tables = _place_tables(raw, out, reports)
    count = write_bundle(out_zip, raw, tables, reports, sorted(NOTEBOOKS.glob("*.ipynb")), codebook)
    _say(describe_sum(read_archive(out_zip.read_bytes())[0]))
    _say(f"{out_zip}: {count} files. To check it, type: hkresearch verify {out_zip} --raw {raw}")


@app.command()
def diff(
    old: Annotated[Path, typer.Argument(help="A folder of tables.", show_default=False)],
    new: Annotated[
        Path, typer.Argument(help="Another, usually a later build.", show_default=False)
    ],
) -> None:
    """Say what changed between two builds: pages, claims, their status and counts, positions, and which pages caused it."""
    from hkresearch.analysis.views.wording import shorten
    from hkresearch.reconcile.diff import diff_tables
    from hkresearch.tables.tables import read_tables

    changes = diff_tables(read_tables(old), read_tables(new))
    for row in changes.to_dict("records"):
        if row["variable"] == "statement":  # its code is a hash of its words
            row["code"] = f"“{shorten(row['text'], 60)}”" if row["what"] != "text" else ""
        named = (
            " ".join(filter(None, (row["subject"], row["variable"], row["code"]))) or row["text"]
        )
        values = (
            f": {row['before'] or '(nothing)'} -> {row['after'] or '(nothing)'}"
            if row["before"] or row["after"]
            else ""
        )
        _say(
            f"{row['change']:<8} {row['what']:<15} {named}{values}"
            + (f"  [{row['articles']}]" if row["articles"] else "")
        )
    _say(f"{len(changes)} change(s).")


@app.command()
def export(
    format: Annotated[Format, typer.Argument(help="The format to write.", show_default=False)],
    target: Annotated[
        Path,
        typer.Argument(
            metavar="TARGET", help="The file to write; for brat, a folder.", show_default=False
        ),
    ],
    raw: RawOption = RAW,
    out: OutOption = None,
    variable: Annotated[
        list[str] | None,
        typer.Option("--variable", help="Only this variable and its attributes; may be repeated."),
    ] = None,
) -> None:
    """Write the annotations, or the citations of the pages, in another tool's format."""
    from hkresearch.exchange import export_tables
    from hkresearch.pages.register import read_folder
    from hkresearch.pipeline.check import find_tables_of
    from hkresearch.tables.tables import read_tables

    tables = read_tables(find_tables_of(raw, _place_tables(raw, out, None)))
    articles, _ = read_folder(raw)
    _say(export_tables(format.value, target, tables, articles, variable or ()))


@app.command("import")
def import_files(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="Files of annotations: .json, .csv, .ann, or a folder of .ann.", show_default=False
        ),
    ],
    coder: Annotated[
        str, typer.Option("--coder", help="Whose codings these are.", show_default=False)
    ],
    raw: RawOption = RAW,
    read: Annotated[
        list[str] | None,
        typer.Option(
            "--read",
            help="A variable for which those pages were read in full, or 'all'; may be repeated.",
        ),
    ] = None,
    date: Annotated[
        str,
        typer.Option(
            "--date", help="When they were coded, for example 2020-07-06.", show_default=False
        ),
    ] = "",
) -> None:
    """Add what a person annotated in another tool to that person's file of codings."""
    from hkresearch.exchange import import_codings
    from hkresearch.pages.register import read_folder

    articles, _ = read_folder(raw)
    path, n = import_codings(raw, files, articles, coder, read or (), date, _say)
    _say(f"{path}: {n} row(s) added. To measure reliability, type: hkresearch report")


@app.command(name="merge-codings")
def merge(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="Coders' own files, or decisions.csv of several copies.", show_default=False
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Write here what nobody disputes, as a file of the same kind."),
    ] = None,
    raw: RawOption = RAW,
) -> None:
    """Compare what several people coded: list where they disagree, and join the rest into one file."""
    from hkresearch.manual_coding.merge import (
        count_unknown,
        merge_codings,
        read_coded_articles,
        write_disagreements,
        write_merged,
    )

    merged = merge_codings(*files, articles=read_coded_articles(raw, files))
    for line in write_disagreements(merged):
        _say(line)
    counts = merged["status"].value_counts()
    _say(", ".join(f"{counts[name]} {name}" for name in sorted(counts.index)) + ".")
    if unknown := count_unknown(merged):
        _say(
            f"Not compared: {unknown} attribute(s); no page of {raw} tells what they describe. Name theirs: --raw DIR"
        )
    if out:
        _say(f"{out}: {write_merged(merged, out)} row(s); what they disagree on is left out.")


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def lab(
    context: typer.Context,
    keep_outputs: Annotated[
        bool,
        typer.Option(
            "--keep-outputs",
            help="Save the outputs of the project's notebooks too; git will see them.",
        ),
    ] = False,
) -> None:
    """Open JupyterLab on the guided tour, with this package's Python; further options go to JupyterLab.

    It looks up no news and no updates. The project's own notebooks are saved without outputs.
    """
    from hkresearch.lab import open_lab

    open_lab(NOTEBOOKS, context.args, keep_outputs)


def _place_tables(raw: Path | str, out: Path | None, reports: Path | None) -> Path:
    return Path(
        place_tables(*(None if path is None else str(path) for path in (raw, out, reports)))
    )


def _read_parameters(pairs: list[str]) -> dict[str, str]:
    parameters = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name.isidentifier():
            raise HkresearchError(
                f"-p {pair!r}: expected NAME=VALUE (or NAME VALUE), for example: -p as_of=2020-07-06"
            )
        parameters[name] = value
    return parameters


def _list_faults(faults: list[str], what: str = "") -> None:
    for fault in faults:
        _warn(fault)
    _say(f"{what}{len(faults)} fault(s).")
    if faults:
        raise typer.Exit(1)


def _say(line: str, stream: TextIO | None = None) -> None:
    line = _calm(line)
    if (
        "tqdm" in sys.modules and stream is None
    ):  # a bar may be on the screen: the line goes above it
        sys.modules["tqdm"].tqdm.write(line)
    else:
        print(line, file=stream or sys.stdout, flush=True)


def _calm(line: str) -> str:
    """Return `line`, which may quote pages, names and labels, so that nothing in it acts on a terminal or reorders it."""
    return reveal_text(line).replace("\r", "\u240d").replace("\f", "\u240c")


def _warn(line: str) -> None:
    _say(line, sys.stderr)


def _close(context: typer.Context, outcome: Outcome, line: str, strict: bool) -> None:
    """Say how it ended, and record what the same command would say while nothing changes."""
    said = [("out", line + "  (nothing had changed)")]
    if outcome.refused:
        said.append(
            ("err", f"warning: {len(outcome.refused)} page(s) refused; the others are built:")
        )
        said += [("err", f"  {file}: {reason}") for file, reason in outcome.refused]
    status = 1 if outcome.refused and strict else 0
    place = place_record(context.obj)
    if place and outcome.is_final:
        write_record(
            place,
            outcome.began,
            outcome.files,
            [(stream, _calm(text)) for stream, text in said],
            status,
        )
    _say(said[0][1] if outcome.is_fresh else line)
    for failure in outcome.failed:
        _warn(f"failed: {failure}")
    for _, warning in said[1:]:
        _warn(warning)
    if outcome.failed or status:
        raise typer.Exit(1)


def _join_parameters(arguments: list[str]) -> list[str]:
    """Accept papermill's own spelling, `-p NAME VALUE`, besides NAME=VALUE."""
    joined, rest = [], iter(arguments)
    for argument in rest:
        if argument in ("-p", "--parameter"):
            name = next(rest, "")
            value = None if "=" in name else next(rest, None)
            joined += [argument, name if value is None else f"{name}={value}"]
        else:
            joined.append(argument)
    return joined


def _start_in_utf8() -> None:
    os.environ["PYTHONUTF8"] = "1"  # kernels and workers too
    os.execv(
        sys.executable, [sys.executable, "-P", "-m", "hkresearch", *map(os.fsencode, sys.argv[1:])]
    )


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; a fault is one readable message and exit status 1, never a traceback."""
    if (
        arguments is None and sys.getfilesystemencoding() != "utf-8"
    ):  # a locale that cannot write every page's name
        _start_in_utf8()
    fresh.write_any_letter()
    if (
        arguments is None
    ):  # our own process: importing makes much and drops little, so look for rubbish less often
        gc.set_threshold(50_000)
        atexit.register(gc.freeze)
        if sys.argv[1:2] in (["build"], ["report"]):  # threads would wait busily for larger sums
            os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        app(args=_join_parameters(arguments), obj=arguments)
    except HkresearchError as error:
        _warn(f"hkresearch: {error}")
        sys.exit(1)
    except OSError as error:
        what = f"{error.filename or 'the file system'}: {error.strerror or error}"
        _warn(f"hkresearch: {what}. What was there before is left as it was.")
        sys.exit(1)


if __name__ == "__main__":
    main()
