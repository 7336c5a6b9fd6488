"""The folder of tables and the notebook -> the hashes and versions that a report names."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from hkresearch.report.notebook_files import find_lock
from hkresearch.report.table_dependencies import NOW, PREVIOUS, Reads
from hkresearch.tables.previous_build import DATAPACKAGE, place_earlier
from hkresearch.tables.read_log import ALL_TABLES


def list_inputs(tables_folder: Path, notebook: Path, reads: Reads) -> list[dict[str, object]]:
    """Return name, value and whether it is a hash, of everything the report depends on.

    Of tables, those it `reads`.
    """
    from hkresearch import __version__

    package = read_package(tables_folder)
    book = package.get("codebook") or {}
    rows: list[tuple[str, str]] = [
        ("hkresearch", __version__),
        ("Codebook", book.get("label") or book.get("id") or ""),
    ]
    rows += [
        ("Codebook, SHA-256", book.get("sha256", "")),
        ("Register, SHA-256", package.get("register_sha256", "")),
    ]
    rows.append(("Notebook, SHA-256", hashlib.sha256(notebook.read_bytes()).hexdigest()))
    if lock := find_lock(notebook):
        rows.append(("Lock file, SHA-256", hashlib.sha256(lock.read_bytes()).hexdigest()))
    rows += _list_tables("Table", package, reads.get(NOW, ()))
    if ALL_TABLES not in (
        compared := reads.get(PREVIOUS, [])
    ):  # where it is not sure, pages alone must give the same again
        rows += _list_tables("Earlier table", read_package(place_earlier(tables_folder)), compared)
    rows.append(("Coders", "; ".join(_list_coders(tables_folder))))
    words = ("Table ", "Earlier table ")
    return [
        {
            "name": name,
            "value": value,
            "hash": name.endswith("SHA-256"),
            "table": name.startswith(words),
        }
        for name, value in rows
        if value
    ]


def read_package(folder: Path) -> dict[str, Any]:
    """Return what the tables in `folder` are described by.

    Without any that can be read, a description of none.
    """
    try:
        package: dict[str, Any] = json.loads((folder / DATAPACKAGE).read_text(encoding="utf-8"))
        stored = [
            {"name": resource["name"], "hash": resource["hash"]}
            for resource in package["resources"]
        ]
        return package | {"resources": stored}
    except (OSError, ValueError, KeyError, TypeError):
        return {"resources": []}


def _list_tables(
    word: str, package: Mapping[str, Any], names: Collection[str]
) -> Iterator[tuple[str, str]]:
    for resource in package["resources"]:
        if resource["name"] in names or ALL_TABLES in names:
            yield (
                f"{word} {resource['name']}, SHA-256",
                str(resource["hash"]).removeprefix("sha256:"),
            )


def _list_coders(tables_folder: Path) -> list[str]:
    import pyarrow.parquet as pq

    path = tables_folder / "annotations.parquet"
    found = pq.ParquetFile(path).read(columns=["coder"])["coder"] if path.is_file() else None
    return sorted(found.unique().to_pylist()) if found is not None else []
