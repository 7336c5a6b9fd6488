"""The register, its pages at an address, and a Dask cluster that runs already -> coded pages as partitioned Parquet.

A part holds the pages that follow each other by id, up to one whose key ends it: a page that is added changes its own
part alone. Parts are named by the keys of their pages and written whole, so that a worker that dies, or one that codes
the same part again, leaves no page out and none twice. Workers need this package, the same version of it, and a way to
both addresses.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import socket
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hkresearch.codebook.book import Codebook
from hkresearch.coding.page import code_page, name_page, unpack_page
from hkresearch.core.article import HkresearchError
from hkresearch.core.extras import import_extra
from hkresearch.core.files import DECISIONS_FILE, hash_bytes, place_cache
from hkresearch.core.fingerprint import hash_makers
from hkresearch.pages.reader import LARGEST_PAGE, REGISTER, read_bytes
from hkresearch.pages.register import refuse_changed
from hkresearch.tables.coding_files import CODINGS

if TYPE_CHECKING:
    from hkresearch.coding.local import Coding
    from hkresearch.tables.page_batches import Batch

PAGES = 64  # of a part, on average
AHEAD = 4  # parts per thread of the cluster that may be done before the first of them is asked for
PATIENCE = 10  # seconds in which a scheduler must answer
TABLES = ("articles", "annotations", "passages")
SEAL = "part.json"
Row = Mapping[str, str]
_books: dict[
    str, Codebook
] = {}  # what a worker has: with it stays what was made ready for its patterns


@dataclass(frozen=True, slots=True)
class Cluster:
    """A Dask cluster that codes the pages: its scheduler, the address of the pages, and where their rows are kept."""

    scheduler: str
    raw: str
    parts: str

    @property
    def is_remote(self) -> bool:
        """Whether the pages are not in a folder of this machine."""
        return "://" in self.raw


@dataclass(frozen=True, slots=True)
class Part:
    """Some registered pages, in the order of their ids."""

    name: str
    rows: tuple[Row, ...]


def place_cluster(
    raw: str, tables_folder: Path, scheduler: str | None, parts: str | None
) -> tuple[Path, Cluster | None]:
    """Return the folder of the register, and the cluster that codes the pages, where a `scheduler` is given."""
    if not scheduler:
        if "://" in raw or parts:
            raise HkresearchError(
                "pages at an address, and --parts, need a cluster: add --scheduler tcp://HOST:PORT"
            )
        return Path(raw), None
    cache = Path(place_cache(tables_folder))
    is_remote = "://" in raw
    cluster = Cluster(
        scheduler, raw if is_remote else os.path.abspath(raw), parts or os.fspath(cache / "parts")
    )
    return cache / "registers" / tables_folder.name if is_remote else Path(raw), cluster


def cut_parts(rows: Iterable[Row], codebook: Codebook) -> list[Part]:
    """Return the parts of the pages of `rows`: where one ends depends on its last page alone."""
    parts, waiting = [], []
    for row in sorted(rows, key=lambda row: row["article_id"]):
        waiting.append((row, name_page(row, codebook)))
        if int(waiting[-1][1][:8], 16) % PAGES == 0:
            parts.append(_make_part(waiting))
            waiting = []
    return [*parts, _make_part(waiting)] if waiting else parts


def _make_part(named: Sequence[tuple[Row, str]]) -> Part:
    return Part(
        hash_bytes("".join(key for _, key in named).encode("ascii")), tuple(row for row, _ in named)
    )


def code_on_cluster(
    cluster: Cluster, rows: Sequence[Row], codebook: Codebook, coding: Coding
) -> Iterator[Batch]:
    """Yield what the pages of `rows` give to tables, part by part, telling `coding` the rest.

    Parts are kept by what coded them. Raises HkresearchError when the cluster cannot be reached, and,
    when all parts are done, naming the pages that are not what was registered.
    """
    from hkresearch.coding.local import show_progress
    from hkresearch.core.cache import drop_versions

    version, parts = hash_makers("pages")[:16], cut_parts(rows, codebook)
    if "://" not in cluster.parts:
        drop_versions(Path(cluster.parts), version)
    address = f"{cluster.parts.rstrip('/')}/{version}"
    changed: list[tuple[str, str, str]] = []
    with _connect(cluster.scheduler) as client:
        done = _code_parts(client, parts, cluster.raw, codebook, address, coding)
        for part, seal in show_progress(done, len(parts), "coding", "part"):
            coding.refused += [tuple(pair) for pair in seal["refused"]]
            changed += [tuple(found) for found in seal["changed"]]
            yield read_part(address, part.name, seal)
    refuse_changed(cluster.raw, changed)


def _connect(scheduler: str) -> Any:
    distributed = import_extra("distributed")
    try:
        client = distributed.Client(scheduler, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise HkresearchError(
            f"--scheduler {scheduler}: no Dask scheduler answers there ({error}). To start one, type: dask scheduler"
        ) from None
    if not client.nthreads():
        client.close()
        raise HkresearchError(
            f"--scheduler {scheduler}: it has no workers. To start one: dask worker {scheduler}"
        )
    return client


def _code_parts(
    client: Any, parts: Sequence[Part], raw: str, codebook: Codebook, address: str, coding: Coding
) -> Iterator[tuple[Part, Mapping[str, Any]]]:
    """Yield each part, in order, with its seal; some are coded ahead of the reader."""

    def submit(part: Part) -> Any:
        if (seal := read_seal(address, part.name)) is not None:
            return seal
        coding.n_coded += len(part.rows)
        return client.submit(
            code_part, raw, part, codebook, hash_makers("pages"), address, key=part.name
        )

    waiting: deque[tuple[Part, Any]] = deque()
    for part in parts:
        waiting.append((part, submit(part)))
        if len(waiting) > AHEAD * max(1, sum(client.nthreads().values())):
            yield from _finish(*waiting.popleft(), submit, coding)
    while waiting:
        yield from _finish(*waiting.popleft(), submit, coding)


def _finish(
    part: Part, found: Any, submit: Any, coding: Coding
) -> Iterator[tuple[Part, Mapping[str, Any]]]:
    """Wait for a part. One on which workers keep dying is coded page by page, and the page that kills them left out."""
    from concurrent.futures import CancelledError

    from distributed import KilledWorker
    from distributed.comm import CommClosedError

    try:
        yield part, found if isinstance(found, dict) else found.result()
    except KilledWorker:
        coding.n_coded -= len(part.rows)
        if len(part.rows) > 1:
            for one in [
                Part(hash_bytes(f"{part.name} {row['file']}".encode()), (row,)) for row in part.rows
            ]:
                yield from _finish(one, submit(one), submit, coding)
        else:
            coding.lost.append(part.rows[0]["file"])
            reason = "the workers that coded it ended, again and again; a new run tries it again"
            coding.refused.append((part.rows[0]["file"], reason))
    except (CancelledError, CommClosedError, OSError) as error:
        raise HkresearchError(
            f"the cluster is gone ({error}). The same command goes on where it was."
        ) from None
    except ModuleNotFoundError as error:
        raise HkresearchError(
            f"a worker of the cluster lacks a package ({error}). Install hkresearch there."
        ) from None


def fetch_register(raw: str, folder: Path) -> Path:
    """Copy the register at the address `raw`, and people's decisions and codings, to `folder`; return it."""
    shutil.rmtree(folder, ignore_errors=True)
    fs, root = open_address(raw)
    try:
        for path in [
            f"{root}/{REGISTER}",
            *fs.glob(f"{root}/{DECISIONS_FILE}"),
            *fs.glob(f"{root}/{CODINGS}/*.csv"),
        ]:
            file = folder / path.removeprefix(f"{root}/")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(fs.cat_file(path))
    except OSError as error:
        raise HkresearchError(
            f"{raw}: no register ({REGISTER}) can be read there ({error})."
        ) from None
    return folder


# ---- on a worker ----


def code_part(
    raw: str, part: Part, codebook: Codebook, makers: str, address: str
) -> dict[str, Any]:
    """Code the pages of `part`, at the address `raw`, write their rows to `address`, and return the part's seal."""
    if hash_makers("pages") != makers:
        raise HkresearchError(
            f"the worker on {socket.gethostname()} has another version of hkresearch, or of Python"
        )
    codebook = _books.setdefault(codebook.sha256, codebook)
    pages, refused, changed = [], [], []
    for row in part.rows:
        try:
            data = read_address(raw, row["file"])
        except HkresearchError as error:
            refused.append((row["file"], str(error)))
            continue
        if (digest := hash_bytes(data)) != row["sha256"]:
            changed.append((row["file"], row["sha256"], digest))
        elif isinstance(found := unpack_page(code_page(data, row, codebook)), str):
            refused.append((row["file"], found))
        else:
            pages.append(found)
    return write_part(address, part.name, pages, refused, changed)


def read_address(raw: str, file: str) -> bytes:
    """Return the bytes of `file` at the address `raw`: a folder, or whatever fsspec reads."""
    if "://" not in raw:
        return read_bytes(Path(raw), file)
    try:
        fs, root = open_address(raw)
        with fs.open(f"{root}/{file}", "rb") as stream:
            data = stream.read(LARGEST_PAGE + 1)
    except FileNotFoundError:
        raise HkresearchError("is registered but missing; put it back or remove its row") from None
    except OSError as error:
        raise HkresearchError(f"cannot be read: {error}") from None
    if len(data) > LARGEST_PAGE:
        raise HkresearchError(f"has more than {LARGEST_PAGE:,} bytes, the largest page read")
    return data


# ---- parts ----


def write_part(
    address: str, name: str, pages: list, refused: list, changed: list
) -> dict[str, Any]:
    """Write the rows of coded `pages`; the seal comes last, so that a part is whole or is not there."""
    import pyarrow as pa

    from hkresearch.tables.parquet_store import write_parquet
    from hkresearch.tables.schema import make_frame

    fs, root = open_address(address)
    fs.makedirs(f"{root}/{name}", exist_ok=True)
    rows = (
        zip(*(([page[0]], *page[1:]) for page in pages), strict=True)
        if pages
        else [[]] * len(TABLES)
    )
    hashes = {}
    for table, found in zip(TABLES, rows, strict=True):
        sink = pa.BufferOutputStream()
        write_parquet(
            table, [make_frame(table, (row for of_page in found for row in of_page))], sink
        )
        data = sink.getvalue().to_pybytes()
        hashes[table] = hash_bytes(data)
        _put(fs, f"{root}/{name}/{table}.parquet", data)
    seal = {"name": name, "tables": hashes, "refused": refused, "changed": changed}
    _put(fs, f"{root}/{name}/{SEAL}", json.dumps(seal).encode("ascii"))
    return seal


def _put(fs: Any, path: str, data: bytes) -> None:
    beside = f"{path}.{socket.gethostname()}.{os.getpid()}.new"
    fs.pipe_file(beside, data)
    fs.mv(beside, path)


def read_seal(address: str, name: str) -> dict[str, Any] | None:
    """Return the seal of a part that is there and left no page out; None for one that is to be coded."""
    fs, root = open_address(address)
    try:
        seal = json.loads(fs.cat_file(f"{root}/{name}/{SEAL}"))
        return (
            seal if seal["name"] == name and not seal["refused"] and not seal["changed"] else None
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def read_part(address: str, name: str, seal: Mapping[str, Any]) -> Batch:
    """Return the tables of a part; raises HkresearchError when they are not those that its seal names."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    fs, root = open_address(address)
    tables = {}
    for table in TABLES:
        data = fs.cat_file(f"{root}/{name}/{table}.parquet")
        if hashlib.sha256(data).hexdigest() != seal["tables"][table]:
            raise HkresearchError(
                f"{address}/{name}: {table}.parquet changed since it was written; remove the folder"
            )
        tables[table] = pq.read_table(pa.BufferReader(data))
    return tables


def open_address(address: str) -> tuple[Any, str]:
    """Return the file system of an address and the path in it."""
    try:
        return import_extra("fsspec").core.url_to_fs(address)
    except (ImportError, ValueError) as error:
        raise HkresearchError(f"{address}: not an address that can be read ({error})") from None
