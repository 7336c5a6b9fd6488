"""Folders of pages -> folders of tables and reports, doing only what is stale."""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from hkresearch.coding.dask_cluster import Cluster, code_on_cluster, fetch_register, read_address
from hkresearch.core.article import HkresearchError
from hkresearch.core.files import (
    DECISIONS_FILE,
    hash_path,
    lock_folder,
    place_cache,
    restore_folder,
)
from hkresearch.core.fingerprint import hash_makers
from hkresearch.pages.reader import REGISTER
from hkresearch.pipeline.stamps import (
    STAMP,
    Files,
    _Inputs,
    _list_files,
    _list_written,
    _read_inputs,
    _sign,
    hash_text,
    read_stamp,
    write_stamp,
)
from hkresearch.tables.coding_files import list_coding_files, read_coded_pages
from hkresearch.tables.human_codings import read_codings
from hkresearch.tables.previous_build import (
    DATAPACKAGE,
    keep_earlier,
    place_earlier,
    settle_earlier,
)

if TYPE_CHECKING:
    from hkresearch.codebook.book import Codebook
    from hkresearch.tables.parquet_store import StoredTable

SHOWN = 6
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run did: whether nothing was stale, the pages refused (file, reason), and the reports that failed.

    `files` is all that it read and wrote since the nanosecond `began`, as it was then: what a record of the run holds.
    `is_final` says that the same run again would do no better, and read nothing that this record does not hold.
    """

    is_fresh: bool = False
    refused: list[tuple[str, str]] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    is_final: bool = True
    began: int = 0
    files: Files = field(default_factory=dict, repr=False)


def build_folder(
    raw: Path,
    tables_folder: Path,
    codebook: str | None,
    say: Say,
    workers: int | None = None,
    cluster: Cluster | None = None,
) -> Outcome:
    """Build the tables of the pages in `raw` into `tables_folder` unless they are there already, from the same input.

    One run at a time: another one on the same folder waits. Without `workers` as many processes as pay. With a
    `cluster` it codes the pages; where these are elsewhere, `raw` is where a copy of their register is put.
    """
    with _lock_tables(tables_folder, say):
        is_remote = cluster is not None and cluster.is_remote
        if is_remote:
            fetch_register(cluster.raw, raw)
        inputs = _read_inputs(raw, codebook, is_remote)
        outcome = _build(raw, tables_folder, codebook, say, workers, inputs, cluster)
        if is_remote:  # what changes there is not seen from here
            return replace(outcome, is_final=False)
        return replace(outcome, files=inputs.files | _sign(_list_written(tables_folder)))


def _lock_tables(tables_folder: Path, say: Say):
    folder = Path(place_cache(tables_folder)) / "locks" / tables_folder.name
    return lock_folder(
        folder, lambda: say(f"waiting     another run is at work on {tables_folder}")
    )


def _build(
    raw: Path,
    tables_folder: Path,
    codebook: str | None,
    say: Say,
    workers: int | None,
    inputs: _Inputs,
    cluster: Cluster | None = None,
) -> Outcome:
    restore_folder(tables_folder)
    settle_earlier(tables_folder)
    for leftover in (".new", ".old"):  # of a run that was killed
        shutil.rmtree(tables_folder.with_name(tables_folder.name + leftover), ignore_errors=True)
    stamp = read_stamp(tables_folder, inputs.tables_key)
    if stamp is not None:
        return Outcome(True, [tuple(pair) for pair in stamp["refused"]], began=inputs.began)
    if not inputs.rows:
        raise HkresearchError(
            f"{raw / REGISTER}: no page is registered. Type: hkresearch add --raw {raw} FILE..."
        )
    from hkresearch.codebook.book import read_codebook
    from hkresearch.coding.local import Coding

    book = read_codebook(codebook)
    refused = list(inputs.unreadable.items())
    say(f"reading     {len(inputs.rows)} page(s), codebook {book.id}")
    coding = Coding(refused)
    rows = [row for row in inputs.rows if row["file"] not in inputs.unreadable]
    if cluster:
        batches = code_on_cluster(cluster, rows, book, coding)
    else:
        batches = _code_here(
            raw, rows, book, codebook, Path(place_cache(tables_folder)), workers, coding
        )
    read = partial(read_address, cluster.raw if cluster else os.fspath(raw))
    with _open_workroom(tables_folder) as workroom:
        frames = _tabulate(raw, rows, batches, book, coding, workroom, read)
        refused = sorted(frames["refused"].itertuples(index=False, name=None))
        say(f"read        {len(inputs.rows) - len(refused)} page(s), {len(refused)} refused")
        key = (
            inputs.tables_key if not coding.lost else ""
        )  # a page that killed its worker may fare better next time
        _write_tables(frames, book, tables_folder, key, refused)
        _say_built(frames, tables_folder, len(rows), coding.n_coded, book, say)
    return Outcome(False, refused, is_final=not coding.lost, began=inputs.began)


@contextmanager
def _open_workroom(tables_folder: Path) -> Iterator[Path]:
    """Give an empty folder beside the tables for what is written before they are; what a killed run left goes."""
    folder = Path(place_cache(tables_folder)) / "work" / tables_folder.name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _code_here(raw, rows, book, name, cache, workers, coding):
    from hkresearch.coding.local import code_pages, show_progress
    from hkresearch.tables.page_batches import pack_pages

    pages = code_pages(raw, rows, book, name, cache, workers, coding)
    return pack_pages(show_progress(pages, len(rows), "coding"))


def _tabulate(raw, rows, batches, book, coding, workroom, read):
    from hkresearch.pipeline.build_tables import describe_codebook, tabulate_batches

    texts = read_coded_pages(list_coding_files(raw), rows, coding.refused, read)
    codings = read_codings(raw, texts.values(), describe_codebook(book), coding.refused)
    decisions = raw / DECISIONS_FILE if (raw / DECISIONS_FILE).is_file() else None
    return tabulate_batches(batches, book, coding.refused, decisions, codings, texts, workroom)


def _write_tables(
    frames, book: Codebook, folder: Path, key: str, refused: list[tuple[str, str]]
) -> None:
    from hkresearch.pipeline.build_tables import describe_codebook
    from hkresearch.tables.tables import write_frames

    def seal(beside: Path) -> None:
        write_stamp(beside, key, refused, _list_files(beside))

    with keep_earlier(folder):
        write_frames(frames, describe_codebook(book), folder, seal)


def _say_built(frames, folder: Path, n_pages: int, n_coded: int, book: Codebook, say: Say) -> None:
    say(
        f"structured  {len(frames['annotations']):,} annotations: {len(frames['quotations'])} quotations, "
        f"{len(frames['positions'])} positions, {len(frames['quantities'])} quantities"
        + (f"; {n_coded} of {n_pages} pages were new" if n_coded < n_pages else "")
    )
    if len(codings := frames["codings"]):
        say(f"codings     {len(codings):,} by hand, of {codings['coder'].nunique()} coder(s)")
    contested = int((frames["claims"]["status"] == "contested").sum())
    say(f"reconciled  {len(frames['claims'])} claims, {contested} contested; tables in {folder}")
    _say_usage(book, frames["annotations"], say)


def _say_usage(book: Codebook, annotations: StoredTable, say: Say) -> None:
    """Report both ways what the codebook and the pages do not share; the first few of each."""
    from hkresearch.codebook.usage import find_unknown_speakers, find_unused_codes

    unused, counts = find_unused_codes(book, ()), Counter()
    for pages in annotations.read_pages(["article_id", "subject", "variable", "code"]):
        rows = list(pages[~pages["variable"].isin(["part", "confidence"])].itertuples(index=False))
        here = set(find_unused_codes(book, rows))
        unused = [name for name in unused if name in here]
        counts.update(dict(find_unknown_speakers(book, rows)))
    unknown = [
        f"{name!r} ({n})"
        for name, n in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]
    for what, names in (
        ("codes that no page used", unused),
        ("speakers that are not in the book", unknown),
    ):
        if names:
            say(
                f"codebook    {len(names)} {what}: {', '.join(names[:SHOWN])}{', ...' if len(names) > SHOWN else ''}"
            )


def publish_folder(
    raw: Path,
    tables_folder: Path,
    reports: Path,
    notebooks: Sequence[Path],
    parameters: dict[str, str],
    codebook: str | None,
    force: bool,
    say: Say,
    is_partial: bool = False,
    workers: int | None = None,
) -> Outcome:
    """Build what is stale, run those of `notebooks` whose inputs changed, publish all with an index under `reports`.

    With `is_partial` (a person named the notebooks) the other reports of the folder stay; the next full run renews all.
    """
    if not notebooks:
        raise HkresearchError(
            "no notebooks here. Stand in the project's folder, or name them: hkresearch report NOTEBOOK..."
        )
    if missing := [str(path) for path in notebooks if not path.is_file()]:
        raise HkresearchError(f"no such notebook: {', '.join(missing)}")
    with _lock_tables(tables_folder, say):
        inputs = _read_inputs(raw, codebook)
        files = inputs.files | _sign(
            [*notebooks, *{path.parent for path in notebooks}, *_list_locks(notebooks)]
        )
        built = _build(raw, tables_folder, codebook, say, workers, inputs)
        key = _name_reports(inputs, files, notebooks, parameters, tables_folder)
        if built.is_fresh and not force and read_stamp(reports, key) is not None:
            return replace(
                built, files=files | _sign([*_list_written(tables_folder), *_list_written(reports)])
            )
        return _publish(
            built, key, files, tables_folder, reports, notebooks, parameters, force, say, is_partial
        )


def _publish(
    built, key, files, tables_folder, reports, notebooks, parameters, force, say, is_partial
) -> Outcome:
    from hkresearch.report.render import render_reports
    from hkresearch.report.reports_folder import list_published_files
    from hkresearch.report.table_dependencies import ELSEWHERE

    cache = Path(place_cache(tables_folder)) / "reports"
    outcomes = render_reports(
        list(notebooks),
        tables_folder,
        reports,
        parameters,
        say,
        is_partial=is_partial,
        cache=cache,
        force=force,
    )
    is_joined = (
        is_partial and (reports / STAMP).exists()
    )  # what a full run published and stamped stays its
    written = list_published_files(reports, outcomes, is_joined)
    failed = [f"{outcome.name}: {outcome.error}" for outcome in outcomes if outcome.error]
    is_final = (
        built.is_final
        and not failed
        and not any(ELSEWHERE in outcome.reads for outcome in outcomes)
    )
    if is_final and not is_joined:
        write_stamp(reports, key, built.refused, written)
        written = [*written, reports / STAMP]
    files = files | _sign([*_list_written(tables_folder), *written])
    return replace(built, is_fresh=False, failed=failed, is_final=is_final, files=files)


def _name_reports(
    inputs: _Inputs,
    files: Files,
    notebooks: Sequence[Path],
    parameters: Mapping[str, str],
    tables_folder: Path,
) -> str:
    texts = sorted((path.name, files[os.fspath(path)][1]) for path in notebooks)
    texts += [("", files[os.fspath(path)][1]) for path in _list_locks(notebooks)]
    earlier = hash_path(place_earlier(tables_folder) / DATAPACKAGE)
    given = sorted(parameters.items())
    return hash_text(json.dumps([inputs.tables_key, hash_makers("reports"), texts, earlier, given]))


def _list_locks(notebooks: Sequence[Path]) -> list[Path]:
    """Return the lock files that the reports name."""
    from hkresearch.report.provenance import find_lock

    return sorted({lock for path in notebooks if (lock := find_lock(path))})


def hash_inputs(raw: Path, codebook: str | None) -> str:
    """Return one hash of all that the tables depend on: register, pages, decisions, codings, codebook, code."""
    return _read_inputs(raw, codebook).tables_key
