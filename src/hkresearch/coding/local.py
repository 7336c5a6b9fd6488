"""The register, its pages and a codebook -> coded pages in the order of their ids; only what is new is coded."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hkresearch.codebook.book import Codebook
from hkresearch.coding.page import code_row, is_refusal, name_page, unpack_page
from hkresearch.coding.worker_pool import Pool, code_in_order
from hkresearch.core.cache import drop_oldest, drop_versions, read_entry, write_entry
from hkresearch.core.fingerprint import hash_makers
from hkresearch.core.page_rows import PageRows

FEW = 24  # pages that a worker must have before, left to itself, one more process pays
Row = Mapping[str, str]


@dataclass(slots=True)
class Coding:
    """What becomes of the pages while they are coded: (file, reason) of those left out, and what had to be coded anew.

    `lost` are those of them that took their process with them: another run may fare better.
    """

    refused: list[tuple[str, str]] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    n_coded: int = 0


def code_pages(
    raw: Path,
    rows: Sequence[Row],
    codebook: Codebook,
    name: str | None,
    cache: Path,
    workers: int | None,
    coding: Coding,
) -> Iterator[PageRows]:
    """Yield the rows of each page of `rows` by article id, telling `coding` the rest; the same whatever `workers` is.

    `codebook` is what a worker reads under `name`. Without `workers` there are as many as cores and pages pay for.
    """
    folder = cache / "pages" / hash_makers("pages")[:16]
    named = [
        (row, name_page(row, codebook)) for row in sorted(rows, key=lambda row: row["article_id"])
    ]
    n_new = sum(not (folder / key[:2] / key).exists() for _, key in named)
    count = min(workers, n_new) if workers else min(os.cpu_count() or 1, n_new // FEW)

    def code_one(pool: Pool | None, page: tuple[Row, str]) -> bytes:
        row, key = page
        if (kept := read_entry(folder, key)) is not None:
            return kept
        coding.n_coded += 1
        coded = pool.code(raw, row) if pool else code_row(raw, row, codebook)
        if not is_refusal(coded):
            write_entry(folder, key, coded)
        return coded

    for (row, _), coded in zip(
        named, _code_all(code_one, named, count, codebook, name, coding), strict=True
    ):
        if isinstance(found := unpack_page(coded), str):
            coding.refused.append((row["file"], found))
        else:
            yield found
    if coding.n_coded:
        drop_versions(folder.parent, folder.name)
        drop_oldest(folder, max(10_000, 4 * len(rows)))


def _code_all(code_one, named, count, codebook, name, coding) -> Iterator[bytes]:
    if count <= 1:
        yield from (code_one(None, page) for page in named)
        return
    with Pool(count, name, codebook.sha256) as pool:
        yield from code_in_order(pool, count, named, code_one)
        coding.lost += pool.lost


def show_progress(items: Iterator, total: int, what: str, unit: str = "page") -> Iterator:
    """Yield `items`, with a bar and an estimate of the time left on a terminal; the output never depends on it."""
    if not sys.stderr.isatty():
        yield from items
        return
    from tqdm import tqdm

    yield from tqdm(items, total=total, desc=what, unit=unit, leave=False)
