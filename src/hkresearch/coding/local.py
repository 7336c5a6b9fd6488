"""The register, its pages and a codebook -> coded pages by article id; only new ones are coded."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from hkresearch.codebook.book import Codebook
from hkresearch.coding.page import code_row, is_refusal, name_page, unpack_page
from hkresearch.coding.worker_pool import Pool, code_in_order
from hkresearch.core.cache import drop_oldest, drop_versions, read_entry, write_entry
from hkresearch.core.fingerprint import hash_makers
from hkresearch.core.page_rows import PageRows
from hkresearch.pages.register_rows import RegisterRow

_PAGES_PER_WORKER = 24  # new pages from which one more process pays, where nobody asks for a number
_FEWEST_CACHED = 10_000  # coded pages that stay in the cache, whatever the size of the corpus
_CACHED_CORPORA = 4  # times as many coded pages as the corpus has stay in the cache

_Item = TypeVar("_Item")
_NamedRow = tuple[RegisterRow, str]  # a row of the register, and the key of its coded page


@dataclass(slots=True)
class CodingLog:
    """What happened to the pages of one run.

    `refused` holds (file, reason) of the pages left out; `lost` names those of them that ended the
    process that coded them, which another run tries again; `n_coded` counts the pages coded anew.
    """

    refused: list[tuple[str, str]] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    n_coded: int = 0


def code_pages(
    raw: Path,
    rows: Sequence[RegisterRow],
    codebook: Codebook,
    name: str | None,
    cache: Path,
    workers: int | None,
    log: CodingLog,
) -> Iterator[PageRows]:
    """Yield the rows of each page by article id, the same whatever `workers` is.

    Workers read the codebook by its `name`. Pages in the `cache` folder are not coded again. With
    None, `workers` are as many as pay. Pages left out are noted in `log`.
    """
    folder = cache / "pages" / hash_makers("pages")[:16]
    named = [(row, name_page(row, codebook)) for row in sorted(rows, key=_read_id)]
    n_new = sum(not (folder / key[:2] / key).exists() for _, key in named)
    count = min(workers, n_new) if workers else min(os.cpu_count() or 1, n_new // _PAGES_PER_WORKER)

    def code_one(pool: Pool | None, page: _NamedRow) -> bytes:
        row, key = page
        cached = read_entry(folder, key)
        if cached is not None:
            return cached
        log.n_coded += 1
        coded = pool.code(raw, row) if pool else code_row(raw, row, codebook)
        if not is_refusal(coded):
            write_entry(folder, key, coded)
        return coded

    coded_pages = _code_all(code_one, named, count, name, codebook.sha256, log)
    for (row, _), coded in zip(named, coded_pages, strict=True):
        found = unpack_page(coded)
        if isinstance(found, str):
            log.refused.append((row["file"], found))
        else:
            yield found
    if log.n_coded:
        drop_versions(folder.parent, folder.name)
        drop_oldest(folder, max(_FEWEST_CACHED, _CACHED_CORPORA * len(rows)))


def _read_id(row: RegisterRow) -> str:
    return row["article_id"]


def _code_all(
    code_one: Callable[[Pool | None, _NamedRow], bytes],
    named: Sequence[_NamedRow],
    count: int,
    name: str | None,
    sha256: str,
    log: CodingLog,
) -> Iterator[bytes]:
    """Yield each coded page in order, from this process or from `count` others."""
    if count <= 1:
        yield from (code_one(None, page) for page in named)
        return
    with Pool(count, name, sha256) as pool:
        yield from code_in_order(pool, count, named, code_one)
        log.lost += pool.lost


def show_progress(
    items: Iterator[_Item], total: int, what: str, unit: str = "page"
) -> Iterator[_Item]:
    """Yield `items`; on a terminal a bar shows how far they are and how long the rest takes."""
    if not sys.stderr.isatty():
        yield from items
        return
    from tqdm import tqdm

    yield from tqdm(items, total=total, desc=what, unit=unit, leave=False)
