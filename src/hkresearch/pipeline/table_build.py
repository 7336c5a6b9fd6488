"""The pages of a raw folder -> a folder of tables, written whole, with its stamp."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from hkresearch.codebook.book import Codebook, read_codebook
from hkresearch.coding.addresses import read_address
from hkresearch.coding.dask_cluster import Cluster, code_on_cluster
from hkresearch.coding.local import CodingLog, code_pages, show_progress
from hkresearch.core.files import DECISIONS_FILE, place_cache
from hkresearch.pages.register_rows import RegisterRow
from hkresearch.pipeline.build_summary import summarise_build
from hkresearch.pipeline.build_tables import describe_codebook, tabulate_batches
from hkresearch.pipeline.inputs import Inputs
from hkresearch.pipeline.stamps import Refused, write_stamp
from hkresearch.tables.coding_files import list_coding_files, read_coded_pages
from hkresearch.tables.human_codings import read_codings
from hkresearch.tables.page_batches import Batch, pack_pages
from hkresearch.tables.previous_build import keep_earlier
from hkresearch.tables.tables import NamedFrames, write_frames


def make_tables(
    raw: Path,
    tables_folder: Path,
    codebook_name: str | None,
    say: Callable[[str], None],
    workers: int | None,
    inputs: Inputs,
    cluster: Cluster | None,
) -> tuple[Refused, bool]:
    """Write the tables, and return the pages left out and whether the same run would do no better.

    It may do better where a page ended the process that coded it. Parameters as `build_folder`.
    """
    codebook = read_codebook(codebook_name)
    say(f"reading     {len(inputs.rows)} page(s), codebook {codebook.id}")
    log = CodingLog(list(inputs.unreadable.items()))
    rows = [row for row in inputs.rows if row["file"] not in inputs.unreadable]
    batches: Iterable[Batch]
    if cluster:
        batches = code_on_cluster(cluster, rows, codebook, log)
    else:
        cache = Path(place_cache(tables_folder))
        pages = code_pages(raw, rows, codebook, codebook_name, cache, workers, log)
        batches = pack_pages(show_progress(pages, len(rows), "coding"))
    read_page = partial(read_address, cluster.raw if cluster else os.fspath(raw))
    with _open_workroom(tables_folder) as workroom:
        frames = _tabulate(raw, rows, batches, codebook, log, workroom, read_page)
        refused: Refused = sorted(frames["refused"].itertuples(index=False, name=None))
        say(f"read        {len(inputs.rows) - len(refused)} page(s), {len(refused)} refused")
        key = inputs.tables_key if not log.lost else ""
        _write_tables(frames, codebook, tables_folder, key, refused)
        for line in summarise_build(frames, tables_folder, len(rows), log.n_coded, codebook):
            say(line)
    return refused, not log.lost


@contextmanager
def _open_workroom(tables_folder: Path) -> Iterator[Path]:
    """Yield an empty folder for what is stored before the tables are; it is removed afterwards."""
    folder = Path(place_cache(tables_folder)) / "work" / tables_folder.name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _tabulate(
    raw: Path,
    rows: Sequence[RegisterRow],
    batches: Iterable[Batch],
    codebook: Codebook,
    log: CodingLog,
    workroom: Path,
    read_page: Callable[[str], bytes],
) -> NamedFrames:
    """Return the tables of the coded pages, with the codings and decisions that people made."""
    texts = read_coded_pages(list_coding_files(raw), rows, log.refused, read_page)
    codings = read_codings(raw, texts.values(), describe_codebook(codebook), log.refused)
    decisions = raw / DECISIONS_FILE
    return tabulate_batches(
        batches,
        codebook,
        log.refused,
        decisions if decisions.is_file() else None,
        codings,
        texts,
        workroom,
    )


def _write_tables(
    frames: Mapping[str, Any], codebook: Codebook, folder: Path, key: str, refused: Refused
) -> None:
    def stamp_folder(staged: Path) -> None:
        written = [path for path in staged.iterdir() if path.is_file()]
        write_stamp(staged, key, refused, written)

    with keep_earlier(folder):
        write_frames(dict(frames), describe_codebook(codebook), folder, stamp_folder)
