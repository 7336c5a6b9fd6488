"""Rows of the register -> partitions: some pages each, coded by one worker and stored as Parquet.

A partition holds pages that follow each other by id, up to one whose key ends it: a page that is
added changes its own partition alone. Partitions are named by the keys of their pages and written
whole, so that a worker that dies, or one that codes the same partition again, leaves no page out
and none twice.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hkresearch.codebook.book import Codebook
from hkresearch.coding.addresses import open_address, read_address
from hkresearch.coding.page import code_page, name_page, unpack_page
from hkresearch.core.article import HkresearchError
from hkresearch.core.files import hash_bytes
from hkresearch.core.fingerprint import hash_makers
from hkresearch.core.page_rows import PageRows
from hkresearch.pages.register_rows import RegisterRow
from hkresearch.tables.page_batches import Batch

MEAN_SIZE = 64  # pages of a partition, on average
_PARTITION_TABLES = ("articles", "annotations", "passages")
_SEAL = "part.json"

# What a worker has read, by hash: with a codebook stay the patterns that were compiled for it.
_codebooks: dict[str, Codebook] = {}


@dataclass(frozen=True, slots=True)
class Partition:
    """Some registered pages, in the order of their ids."""

    name: str
    rows: tuple[RegisterRow, ...]


def cut_partitions(rows: Iterable[RegisterRow], codebook: Codebook) -> list[Partition]:
    """Return the partitions of the pages; where one ends depends on its last page alone."""
    partitions: list[Partition] = []
    waiting: list[tuple[RegisterRow, str]] = []
    for row in sorted(rows, key=lambda row: row["article_id"]):
        key = name_page(row, codebook)
        waiting.append((row, key))
        if int(key[:8], 16) % MEAN_SIZE == 0:
            partitions.append(_make_partition(waiting))
            waiting = []
    if waiting:
        partitions.append(_make_partition(waiting))
    return partitions


def _make_partition(named: Sequence[tuple[RegisterRow, str]]) -> Partition:
    keys = "".join(key for _, key in named)
    return Partition(hash_bytes(keys.encode("ascii")), tuple(row for row, _ in named))


def code_partition(
    raw: str, partition: Partition, codebook: Codebook, makers: str, address: str
) -> dict[str, Any]:
    """Code pages on a worker, write their rows to `address`, and return the partition's seal.

    Parameters
    ----------
    raw
        The address of the pages.
    makers
        The hash of the code that shall code them; another version raises HkresearchError.
    """
    if hash_makers("pages") != makers:
        raise HkresearchError(
            f"the worker on {socket.gethostname()} has another version of hkresearch, or of Python"
        )
    codebook = _codebooks.setdefault(codebook.sha256, codebook)
    pages: list[PageRows] = []
    refused: list[tuple[str, str]] = []
    changed: list[tuple[str, str, str]] = []
    for row in partition.rows:
        file = row["file"]
        try:
            data = read_address(raw, file)
        except HkresearchError as error:
            refused.append((file, str(error)))
            continue
        digest = hash_bytes(data)
        if digest != row["sha256"]:
            changed.append((file, row["sha256"], digest))
            continue
        found = unpack_page(code_page(data, row, codebook))
        if isinstance(found, str):
            refused.append((file, found))
        else:
            pages.append(found)
    return write_partition(address, partition.name, pages, refused, changed)


def write_partition(
    address: str,
    name: str,
    pages: Sequence[PageRows],
    refused: Sequence[tuple[str, str]],
    changed: Sequence[tuple[str, str, str]],
) -> dict[str, Any]:
    """Write the rows of coded `pages`, and return the seal.

    The seal names the hashes of the tables, and the pages left out. It is written last, so that a
    partition is whole or is not there.
    """
    file_system, root = open_address(address)
    file_system.makedirs(f"{root}/{name}", exist_ok=True)
    hashes = {}
    for index, table in enumerate(_PARTITION_TABLES):
        data = _write_parquet(table, [_list_rows(page, index) for page in pages])
        hashes[table] = hash_bytes(data)
        _put_whole(file_system, f"{root}/{name}/{table}.parquet", data)
    seal = {"name": name, "tables": hashes, "refused": refused, "changed": changed}
    _put_whole(file_system, f"{root}/{name}/{_SEAL}", json.dumps(seal).encode("ascii"))
    return seal


def _list_rows(page: PageRows, index: int) -> Sequence[Any]:
    article, annotations, passages = page
    return ([article], annotations, passages)[index]


def _write_parquet(table: str, rows_by_page: Iterable[Iterable[Any]]) -> bytes:
    import pyarrow as pa

    from hkresearch.tables.parquet_store import write_parquet
    from hkresearch.tables.schema import make_frame

    rows = (row for of_page in rows_by_page for row in of_page)
    sink = pa.BufferOutputStream()
    write_parquet(table, [make_frame(table, rows)], sink)
    data: bytes = sink.getvalue().to_pybytes()
    return data


def _put_whole(file_system: Any, path: str, data: bytes) -> None:
    beside = f"{path}.{socket.gethostname()}.{os.getpid()}.new"
    file_system.pipe_file(beside, data)
    file_system.mv(beside, path)


def read_seal(address: str, name: str) -> dict[str, Any] | None:
    """Return the seal of a partition that left no page out; None for one that is to be coded."""
    file_system, root = open_address(address)
    try:
        seal: dict[str, Any] = json.loads(file_system.cat_file(f"{root}/{name}/{_SEAL}"))
        is_whole = seal["name"] == name and not seal["refused"] and not seal["changed"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return seal if is_whole else None


def read_partition(address: str, name: str, seal: Mapping[str, Any]) -> Batch:
    """Return the tables of a partition; raises HkresearchError if they are not as sealed."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    file_system, root = open_address(address)
    tables = {}
    for table in _PARTITION_TABLES:
        data = file_system.cat_file(f"{root}/{name}/{table}.parquet")
        if hash_bytes(data) != seal["tables"][table]:
            raise HkresearchError(
                f"{address}/{name}: {table}.parquet changed since it was written; remove the folder"
            )
        tables[table] = pq.read_table(pa.BufferReader(data))
    return tables
