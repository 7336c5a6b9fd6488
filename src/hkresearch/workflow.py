"""Folders of pages -> folders of tables and reports, doing only what is stale."""

from __future__ import annotations

import json
import os
import shutil
import sysconfig
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from hkresearch.coding.dask_cluster import Cluster, code_on_cluster, fetch_register, read_address
from hkresearch.core.article import HkresearchError
from hkresearch.core.files import (
    DECISIONS,
    hash_bytes,  # fmt: skip
    hash_path,
    lock_folder,
    place_cache,
    restore_folder,
    sign_path,
    write_whole,
)
from hkresearch.core.fingerprint import hash_makers, list_package_files, list_package_folders
from hkresearch.pages.reader import REGISTER, read_bytes
from hkresearch.pages.register import read_folder, read_register, refuse_changed
from hkresearch.tables.human_codings import (
    CODINGS,
    list_coding_files,
    read_coded_pages,
    read_codings,
)
from hkresearch.tables.previous_build import PACKAGE, keep_earlier, place_earlier, settle_earlier

if TYPE_CHECKING:
    from hkresearch.codebook.book import Codebook
    from hkresearch.tables.parquet_store import StoredTable

STAMP = "built-from.json"
SHOWN = 6
Say = Callable[[str], None]
Files = dict[str, list]  # path -> [signature, hash], as fresh.py records them


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


@dataclass(frozen=True, slots=True)
class _Inputs:
    """The register's rows, the pages that cannot be read (file -> reason), and every file with its hash."""

    began: int
    rows: list[dict[str, str]]
    unreadable: dict[str, str]
    files: Files
    tables_key: str


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
    from hkresearch.tables.tables import describe_codebook, tabulate_batches

    texts = read_coded_pages(list_coding_files(raw), rows, coding.refused, read)
    codings = read_codings(raw, texts.values(), describe_codebook(book), coding.refused)
    decisions = raw / DECISIONS if (raw / DECISIONS).is_file() else None
    return tabulate_batches(batches, book, coding.refused, decisions, codings, texts, workroom)


def _write_tables(
    frames, book: Codebook, folder: Path, key: str, refused: list[tuple[str, str]]
) -> None:
    from hkresearch.tables.tables import describe_codebook, write_frames

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
    from hkresearch.codebook.book import find_unknown_speakers, find_unused_codes

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
    from hkresearch.report.reads import ELSEWHERE
    from hkresearch.report.render import list_published, render_reports

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
    written = list_published(reports, outcomes, is_joined)
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
    earlier = hash_path(place_earlier(tables_folder) / PACKAGE)
    given = sorted(parameters.items())
    return hash_text(json.dumps([inputs.tables_key, hash_makers("reports"), texts, earlier, given]))


def _list_locks(notebooks: Sequence[Path]) -> list[Path]:
    """Return the lock files that the reports name."""
    from hkresearch.report.provenance import find_lock

    return sorted({lock for path in notebooks if (lock := find_lock(path))})


def check_folder(raw: Path, tables_folder: Path, codebook: str | None) -> list[str]:
    """Return every fault of the register, the pages, the codebook and the tables; an empty list means none."""
    from hkresearch.codebook.book import read_codebook
    from hkresearch.tables.check import check_tables
    from hkresearch.tables.tables import read_tables

    faults, articles = [], None
    try:
        read_codebook(codebook)
    except HkresearchError as error:
        faults.append(str(error))
    try:
        articles, refused = read_folder(raw)
        faults += [f"{raw / file}: {reason}" for file, reason in refused]
    except HkresearchError as error:
        faults.append(str(error))
    try:
        faults += check_tables(read_tables(find_tables_of(raw, tables_folder)), articles)
    except HkresearchError as error:
        faults.append(str(error))
    return faults


def find_tables_of(raw: Path, tables_folder: Path) -> Path:
    """Return the folder of tables; where it has none, raise HkresearchError naming those near here of the pages in `raw`."""
    from hkresearch.tables.folder import find_tables

    try:
        return find_tables(tables_folder)
    except HkresearchError:
        if places := _list_tables_of(raw):
            others = f" (or {', '.join(places[1:])})" if places[1:] else ""
            raise HkresearchError(
                f"{tables_folder}: no tables here. Those of {raw} are in {places[0]}: add --out {places[0]}{others}, "
                f"or build them here: hkresearch build --raw {raw} --out {tables_folder}"
            ) from None
        raise


def _list_tables_of(raw: Path) -> list[str]:
    """Return the folders of tables here and beside `raw` all of whose pages are registered in `raw`."""
    from hkresearch.tables.article_list import read_pages
    from hkresearch.tables.tables import PACKAGE

    places = []
    with suppress(HkresearchError):
        registered = {(row["article_id"], row["sha256"]) for row in read_register(raw)}
        near = [f"{between}processed*/{PACKAGE}" for between in ("", "*/", "*/*/")]
        found = {
            path for base in (Path(), raw.parent) for pattern in near for path in base.glob(pattern)
        }
        for package in sorted(found):
            with suppress(HkresearchError, OSError):
                pages = read_pages((package.parent / "articles.parquet").read_bytes())
                if pages and {(page["article_id"], page["sha256"]) for page in pages} <= registered:
                    places.append(os.fspath(package.parent))
    return places


def hash_inputs(raw: Path, codebook: str | None) -> str:
    """Return one hash of all that the tables depend on: register, pages, decisions, codings, codebook, code."""
    return _read_inputs(raw, codebook).tables_key


def _read_inputs(raw: Path, codebook: str | None, are_elsewhere: bool = False) -> _Inputs:
    """Return what the tables depend on; raises HkresearchError naming the pages that changed since they were added.

    Pages that `are_elsewhere` are taken to be as registered: who reads them looks.
    """
    began = time.time_ns()
    rows = read_register(raw)
    curation = [raw / REGISTER, raw / DECISIONS, raw / CODINGS, *list_coding_files(raw)]
    book = [Path(codebook)] if codebook and Path(codebook).is_file() else []
    files = _sign([*curation, *book])
    pages, unreadable = ({}, {}) if are_elsewhere else _sign_pages(raw, rows)
    names = [(os.path.basename(path), digest) for path, (_, digest) in files.items()]
    hashes = [
        (row["file"], pages.get(os.fspath(raw / row["file"]), ["", row["sha256"]])[1])
        for row in rows
    ]
    key = hash_text(json.dumps([codebook or "", hash_makers("tables"), names, hashes]))
    makers = [
        *list_package_files(),
        *list_package_folders(),
        Path(sysconfig.get_paths()["purelib"]),
    ]
    return _Inputs(began, rows, unreadable, files | pages | _sign(makers), key)


def _sign_pages(raw: Path, rows: Sequence[Mapping[str, str]]) -> tuple[Files, dict[str, str]]:
    files, unreadable, changed = {}, {}, []
    for row in rows:
        path, digest = raw / row["file"], ""
        signature = sign_path(os.fspath(path))
        try:
            digest = hash_bytes(read_bytes(raw, row["file"]))
            if digest != row["sha256"]:
                changed.append((row["file"], row["sha256"], digest))
        except HkresearchError as error:
            unreadable[row["file"]] = str(error)
        files[os.fspath(path)] = [signature, digest]
    refuse_changed(raw, changed)
    return files, unreadable


def _sign(paths: Sequence[Path]) -> Files:
    """Return [signature, hash] of each path, the signature taken first: a change in between shows the next time."""
    return {path: [sign_path(path), hash_path(path)] for path in map(os.fspath, paths)}


def hash_text(text: str) -> str:
    """Return the SHA-256 of `text` in UTF-8."""
    return hash_bytes(text.encode("utf-8"))


def read_stamp(folder: Path, key: str) -> dict | None:
    """Return the stamp of `folder` if it was made from `key` and all its files are as they were, else None."""
    try:
        stamp = json.loads((folder / STAMP).read_text(encoding="utf-8"))
        same = stamp["key"] == key and all(
            hash_path(folder / name) == digest for name, digest in stamp["files"].items()
        )
        return stamp if same else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_stamp(
    folder: Path, key: str, refused: list[tuple[str, str]], written: Sequence[Path]
) -> None:
    """Write into `folder` what it was made from and the hash of every file `written`; last: a killed run has none."""
    files = {path.relative_to(folder).as_posix(): hash_path(path) for path in sorted(written)}
    text = json.dumps(
        {"key": key, "files": files, "refused": refused}, indent=1, ensure_ascii=False
    )
    write_whole(folder / STAMP, text.encode("utf-8", "surrogatepass"))


def _list_files(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_file() and path.name != STAMP]


def _list_written(folder: Path) -> list[Path]:
    """Return the stamp of `folder`, the files that it names, and what names the earlier tables; without one, none."""
    try:
        stamp = json.loads((folder / STAMP).read_text(encoding="utf-8"))
        return [
            folder / STAMP,
            place_earlier(folder) / PACKAGE,
            *(folder / name for name in stamp["files"]),
        ]
    except (OSError, ValueError, KeyError, TypeError):
        return []
