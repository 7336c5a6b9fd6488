"""Registered pages, and a Dask cluster that runs already -> coded pages, by partitions.

Workers need the same version of this package, and access to the pages and to what they write.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hkresearch.codebook.book import Codebook
from hkresearch.coding.local import CodingLog, show_progress
from hkresearch.coding.partitions import (
    Partition,
    code_partition,
    cut_partitions,
    read_partition,
    read_seal,
)
from hkresearch.core.article import HkresearchError
from hkresearch.core.cache import drop_versions
from hkresearch.core.extras import import_extra
from hkresearch.core.files import hash_bytes, place_cache
from hkresearch.core.fingerprint import hash_makers
from hkresearch.pages.register import refuse_changed
from hkresearch.pages.register_rows import RegisterRow
from hkresearch.tables.page_batches import Batch

_PARTITIONS_AHEAD = 4  # per thread of the cluster: done before the first of them is asked for
SCHEDULER_TIMEOUT = 10  # seconds

_Seal = Mapping[str, Any]  # what a partition says of itself, see `write_partition`


@dataclass(frozen=True, slots=True)
class Cluster:
    """A Dask cluster: the address of its scheduler, of the pages, and of what workers write."""

    scheduler: str
    raw: str
    parts: str

    @property
    def is_remote(self) -> bool:
        """Whether the pages are not in a folder of this machine."""
        return "://" in self.raw


def place_cluster(
    raw: str, tables_folder: Path, scheduler: str | None, parts: str | None
) -> tuple[Path, Cluster | None]:
    """Return the folder of the register, and the cluster, or None where no `scheduler` is given."""
    if not scheduler:
        if "://" in raw or parts:
            raise HkresearchError(
                "pages at an address, and --parts, need a cluster: add --scheduler tcp://HOST:PORT"
            )
        return Path(raw), None
    cache = Path(place_cache(tables_folder))
    is_remote = "://" in raw
    pages = raw if is_remote else os.path.abspath(raw)
    cluster = Cluster(scheduler, pages, parts or os.fspath(cache / "parts"))
    return cache / "registers" / tables_folder.name if is_remote else Path(raw), cluster


def code_on_cluster(
    cluster: Cluster, rows: Sequence[RegisterRow], codebook: Codebook, log: CodingLog
) -> Iterator[Batch]:
    """Yield the tables of each partition of the pages in `rows`; refusals are added to `log`.

    Partitions that the same code has made before are not made again.

    Raises
    ------
    HkresearchError
        When the cluster cannot be reached; and, when all is done, naming the pages whose bytes are
        not those that were registered.
    """
    version, partitions = hash_makers("pages")[:16], cut_partitions(rows, codebook)
    if "://" not in cluster.parts:
        drop_versions(Path(cluster.parts), version)
    address = f"{cluster.parts.rstrip('/')}/{version}"
    changed: list[tuple[str, str, str]] = []
    with _connect(cluster.scheduler) as client:
        run = _Run(client, cluster.raw, codebook, address, log)
        done = _code_partitions(run, partitions)
        for partition, seal in show_progress(done, len(partitions), "coding", "part"):
            log.refused += [tuple(pair) for pair in seal["refused"]]
            changed += [tuple(found) for found in seal["changed"]]
            yield read_partition(address, partition.name, seal)
    refuse_changed(cluster.raw, changed)


def _connect(scheduler: str) -> Any:
    distributed = import_extra("distributed")
    try:
        client = distributed.Client(scheduler, timeout=SCHEDULER_TIMEOUT, set_as_default=False)
    except (OSError, ValueError) as error:
        raise HkresearchError(
            f"--scheduler {scheduler}: no Dask scheduler answers there ({error}). "
            "To start one, type: dask scheduler"
        ) from None
    if not client.nthreads():
        client.close()
        raise HkresearchError(
            f"--scheduler {scheduler}: it has no workers. To start one: dask worker {scheduler}"
        )
    return client


@dataclass(frozen=True, slots=True)
class _Run:
    """What every partition of one run shares."""

    client: Any
    raw: str
    codebook: Codebook
    address: str
    log: CodingLog

    def submit(self, partition: Partition) -> Any:
        """Return the seal of a partition that is there already, else a future of it."""
        seal = read_seal(self.address, partition.name)
        if seal is not None:
            return seal
        self.log.n_coded += len(partition.rows)
        return self.client.submit(
            code_partition,
            self.raw,
            partition,
            self.codebook,
            hash_makers("pages"),
            self.address,
            key=partition.name,
        )


def _code_partitions(
    run: _Run, partitions: Sequence[Partition]
) -> Iterator[tuple[Partition, _Seal]]:
    """Yield each partition, in order, with its seal; a limited number is coded ahead."""
    n_threads = max(1, sum(run.client.nthreads().values()))
    waiting: deque[tuple[Partition, Any]] = deque()
    for partition in partitions:
        waiting.append((partition, run.submit(partition)))
        if len(waiting) > _PARTITIONS_AHEAD * n_threads:
            yield from _finish(run, *waiting.popleft())
    while waiting:
        yield from _finish(run, *waiting.popleft())


def _finish(run: _Run, partition: Partition, found: Any) -> Iterator[tuple[Partition, _Seal]]:
    """Wait for a partition; where workers keep dying on it, code it page by page."""
    from concurrent.futures import CancelledError

    from distributed import KilledWorker
    from distributed.comm.core import CommClosedError

    try:
        yield partition, found if isinstance(found, dict) else found.result()
    except KilledWorker:
        run.log.n_coded -= len(partition.rows)
        yield from _code_page_by_page(run, partition)
    except (CancelledError, CommClosedError, OSError) as error:
        raise HkresearchError(
            f"the cluster is gone ({error}). The same command goes on where it was."
        ) from None
    except ModuleNotFoundError as error:
        raise HkresearchError(
            f"a worker of the cluster lacks a package ({error}). Install hkresearch there."
        ) from None


def _code_page_by_page(run: _Run, partition: Partition) -> Iterator[tuple[Partition, _Seal]]:
    """Yield each page of a partition as its own; refuse the page that ends its workers."""
    if len(partition.rows) == 1:
        file = partition.rows[0]["file"]
        reason = "the workers that coded it ended, again and again; a new run tries it again"
        run.log.lost.append(file)
        run.log.refused.append((file, reason))
        return
    for row in partition.rows:
        single = Partition(hash_bytes(f"{partition.name} {row['file']}".encode()), (row,))
        yield from _finish(run, single, run.submit(single))
