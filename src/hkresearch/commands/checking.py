"""The commands that look at what was made: check, trace, verify, diff."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from hkresearch.commands.messages import list_faults, say
from hkresearch.commands.options import CodebookOption, OutOption, RawOption, list_notebooks
from hkresearch.pipeline.tables_folders import RAW, find_tables_of, place_tables

LONGEST_STATEMENT = 60  # characters of a statement that name it in a list of changes

ClaimArgument = Annotated[str, typer.Argument(help="A claim's id, from the table claims.")]
ReportArgument = Annotated[
    Path,
    typer.Argument(
        help="A published report (.html, .pdf), a folder of them, or a bundle (.zip, or unpacked)."
    ),
]
RebuildOption = Annotated[
    bool,
    typer.Option("--rebuild", help="Make the reports again from the pages and compare every byte."),
]
OldArgument = Annotated[Path, typer.Argument(help="A folder of tables.", show_default=False)]
NewArgument = Annotated[
    Path, typer.Argument(help="Another, usually a later build.", show_default=False)
]


def check(raw: RawOption = RAW, out: OutOption = None, codebook: CodebookOption = None) -> None:
    """Check hashes, offsets, schema, keys and the codebook; list every failure."""
    from hkresearch.pipeline.check import check_folder

    list_faults(check_folder(raw, place_tables(raw, out), codebook))


def trace(claim: ClaimArgument, raw: RawOption = RAW, out: OutOption = None) -> None:
    """Walk a claim back: its appearances, each with file, line, characters and passage."""
    from hkresearch.core.files import hash_path
    from hkresearch.tables.tables import read_tables
    from hkresearch.tables.trace import trace_claim

    tables = read_tables(find_tables_of(raw, place_tables(raw, out)))
    hashes = dict(zip(tables.articles["file"], tables.articles["sha256"], strict=True))
    for row in trace_claim(tables, claim).to_dict("records"):
        file = str(row["file"])
        is_here = hash_path(raw / file) == hashes[file]  # the tables may be of another folder
        page = raw / file if is_here else file
        characters = f"characters {row['start']}-{row['end']}"
        say(f"{page}, line {row['line']}, {characters} ({row['wording']})")
        say(f"    {' '.join(str(row['exact']).split())}")


def verify(
    report: ReportArgument,
    raw: RawOption = RAW,
    rebuild: RebuildOption = False,
    codebook: CodebookOption = None,
) -> None:
    """Re-check against the pages every piece of evidence that a report, or a bundle, cites."""
    from hkresearch.bundle.archive import is_bundle
    from hkresearch.bundle.verify import verify_bundle
    from hkresearch.evidence.verify import REBUILT, UNPROVEN, count_evidence, verify_report

    if is_bundle(report):
        faults = verify_bundle(report, raw)
    else:
        faults = verify_report(report, raw)
        if not faults:
            n_reports, n_passages, n_pages = count_evidence(report)
            counts = f"{n_reports} report(s), {n_passages} passage(s) of {n_pages} page(s)"
            say(f"{counts}: every one stands in its page as cited.")
    if rebuild:
        faults += _rebuild(report, raw, codebook)
    if not faults:
        say(REBUILT if rebuild else UNPROVEN)
    list_faults(faults, f"{report}: ")


def _rebuild(report: Path, raw: Path, codebook: str | None) -> list[str]:
    """Return how the files of `report` differ from those made again; say what was compared."""
    from hkresearch.pipeline.reproduce import read_files, rebuild_reports

    files = read_files(report)
    faults, not_compared = rebuild_reports(files, raw, list_notebooks(), codebook)
    if not_compared:
        names = ", ".join(not_compared)
        say(f"Not compared, for it rests on earlier tables besides the pages: {names}")
    if not faults:
        n_files = len(files) - len(not_compared)
        say(f"{n_files} file(s) made again from the pages: every byte is the same.")
    return faults


def diff(old: OldArgument, new: NewArgument) -> None:
    """Say what changed between two builds, and which pages caused it.

    Compared are pages, claims with their status and counts, and positions.
    """
    from hkresearch.reconcile.diff import diff_tables
    from hkresearch.tables.tables import read_tables

    changes = diff_tables(read_tables(old), read_tables(new))
    for row in changes.to_dict("records"):
        say(_describe_change(row))
    say(f"{len(changes)} change(s).")


def _describe_change(row: Mapping[Any, Any]) -> str:
    from hkresearch.analysis.views.wording import shorten

    code = row["code"]
    if row["variable"] == "statement":  # its code is a hash of its words
        is_named = row["what"] != "text"
        code = f"“{shorten(row['text'], LONGEST_STATEMENT)}”" if is_named else ""
    named = " ".join(filter(None, (row["subject"], row["variable"], code))) or row["text"]
    line = f"{row['change']:<8} {row['what']:<15} {named}"
    if row["before"] or row["after"]:
        line += f": {row['before'] or '(nothing)'} -> {row['after'] or '(nothing)'}"
    if row["articles"]:
        line += f"  [{row['articles']}]"
    return line
