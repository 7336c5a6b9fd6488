"""Folders of pages -> folders of tables and reports; only what is out of date is made again."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from hkresearch.core.article import HkresearchError
from hkresearch.core.files import hash_path, lock_folder, place_cache, restore_folder
from hkresearch.core.fingerprint import hash_makers
from hkresearch.pages.reader import REGISTER
from hkresearch.pipeline.inputs import Inputs, hash_json, read_inputs
from hkresearch.pipeline.stamps import STAMP, find_stamped, write_stamp
from hkresearch.tables.previous_build import DATAPACKAGE, place_earlier, settle_earlier

if TYPE_CHECKING:
    from hkresearch.coding.dask_cluster import Cluster
    from hkresearch.report.jobs import Rendered

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run did.

    `is_unchanged` says that everything was up to date; `refused` holds (file, reason) of the pages
    left out; `failed` the reports that failed, with reasons; `is_final` says that the same run
    again would do no better.
    """

    is_unchanged: bool = False
    refused: list[tuple[str, str]] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    is_final: bool = True


def build_folder(
    raw: Path,
    tables_folder: Path,
    codebook: str | None,
    say: Say,
    workers: int | None = None,
    cluster: Cluster | None = None,
) -> Outcome:
    """Build the tables of the pages in `raw`, unless `tables_folder` has them already.

    One run at a time: another one on the same folder waits.

    Parameters
    ----------
    codebook
        The id of a shipped codebook, or the path of a file; None for the default one.
    workers
        The number of processes that code pages; None for as many as pay.
    cluster
        A Dask cluster to code the pages instead. Where the pages are not on this machine, `raw` is
        the folder into which their register is copied.
    """
    with _lock_tables(tables_folder, say):
        is_remote = cluster is not None and cluster.is_remote
        if cluster is not None and is_remote:
            from hkresearch.coding.addresses import fetch_register

            fetch_register(cluster.raw, raw)
        inputs = read_inputs(raw, codebook, is_remote)
        outcome = _build_tables(raw, tables_folder, codebook, say, workers, inputs, cluster)
        if is_remote:  # a page that changes there is not seen from here: each run looks
            return replace(outcome, is_final=False)
        return outcome


def _lock_tables(tables_folder: Path, say: Say) -> AbstractContextManager[None]:
    folder = Path(place_cache(tables_folder)) / "locks" / tables_folder.name
    message = f"waiting     another run is at work on {tables_folder}"
    return lock_folder(folder, lambda: say(message))


def _build_tables(
    raw: Path,
    tables_folder: Path,
    codebook: str | None,
    say: Say,
    workers: int | None,
    inputs: Inputs,
    cluster: Cluster | None = None,
) -> Outcome:
    _clear_interrupted_build(tables_folder)
    refused = find_stamped(tables_folder, inputs.tables_key)
    if refused is not None:
        return Outcome(is_unchanged=True, refused=refused)
    if not inputs.rows:
        advice = f"Type: hkresearch add --raw {raw} FILE..."
        raise HkresearchError(f"{raw / REGISTER}: no page is registered. {advice}")
    from hkresearch.pipeline.table_build import make_tables

    refused, is_final = make_tables(raw, tables_folder, codebook, say, workers, inputs, cluster)
    return Outcome(refused=refused, is_final=is_final)


def _clear_interrupted_build(tables_folder: Path) -> None:
    """Put the folders of a run that was killed back in order."""
    restore_folder(tables_folder)
    settle_earlier(tables_folder)
    for suffix in (".new", ".old"):
        leftover = tables_folder.with_name(tables_folder.name + suffix)
        shutil.rmtree(leftover, ignore_errors=True)


def publish_folder(
    raw: Path,
    tables_folder: Path,
    reports: Path,
    notebooks: Sequence[Path],
    parameters: Mapping[str, str],
    codebook: str | None,
    force: bool,
    say: Say,
    is_partial: bool = False,
    workers: int | None = None,
) -> Outcome:
    """Build what is out of date, run the notebooks whose inputs changed, and publish the reports.

    `parameters` are values of the notebooks' parameters by name. With `force` every notebook runs.
    With `is_partial` (a person named the notebooks) the other reports in the folder stay as they
    are, and the next full run renews all. Other parameters are those of `build_folder`.
    """
    if not notebooks:
        raise HkresearchError(
            "no notebooks here. Stand in the project's folder, "
            "or name them: hkresearch report NOTEBOOK..."
        )
    if missing := [str(path) for path in notebooks if not path.is_file()]:
        raise HkresearchError(f"no such notebook: {', '.join(missing)}")
    with _lock_tables(tables_folder, say):
        inputs = read_inputs(raw, codebook)
        sources = _hash_sources(notebooks)
        built = _build_tables(raw, tables_folder, codebook, say, workers, inputs)
        previous = hash_path(place_earlier(tables_folder) / DATAPACKAGE)
        given = sorted(parameters.items())
        key = hash_json([inputs.tables_key, hash_makers("reports"), sources, previous, given])
        if built.is_unchanged and not force and find_stamped(reports, key) is not None:
            return built
        rendered = _render(tables_folder, reports, notebooks, parameters, force, say, is_partial)
        return _stamp_reports(built, key, reports, rendered, is_partial)


def _hash_sources(notebooks: Sequence[Path]) -> list[tuple[str, str]]:
    """Return (name, hash) of the notebooks, of modules beside them, and of the lock files."""
    from hkresearch.report.notebook_files import find_lock, list_modules

    files = {*notebooks}
    for notebook in notebooks:
        lock = find_lock(notebook)
        files.update(list_modules(notebook), [lock] if lock else [])
    return sorted((path.name, hash_path(path)) for path in files)


def _render(
    tables_folder: Path,
    reports: Path,
    notebooks: Sequence[Path],
    parameters: Mapping[str, str],
    force: bool,
    say: Say,
    is_partial: bool,
) -> list[Rendered]:
    from hkresearch.report.render import render_reports

    return render_reports(
        list(notebooks),
        tables_folder,
        reports,
        parameters,
        say,
        is_partial=is_partial,
        cache=Path(place_cache(tables_folder)) / "reports",
        force=force,
    )


def _stamp_reports(
    built: Outcome, key: str, reports: Path, rendered: Sequence[Rendered], is_partial: bool
) -> Outcome:
    """Return the outcome, and stamp `reports` if the same run again would change nothing in it.

    Some reports beside those of a full run get no stamp: that of the full run stays.
    """
    from hkresearch.report.reports_folder import list_published_files
    from hkresearch.report.table_dependencies import OTHER_FOLDERS

    is_beside_full_run = is_partial and (reports / STAMP).exists()
    failed = [f"{report.name}: {report.error}" for report in rendered if report.error]
    is_watched = not any(OTHER_FOLDERS in report.reads for report in rendered)
    is_final = built.is_final and not failed and is_watched
    if is_final and not is_beside_full_run:
        write_stamp(reports, key, built.refused, list_published_files(reports, rendered, False))
    return replace(built, is_unchanged=False, failed=failed, is_final=is_final)
