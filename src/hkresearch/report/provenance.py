"""The folder of tables and the notebook -> the rows of "How this was made": hashes and versions, no clock."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

LOCK = "requirements.lock"


def list_inputs(tables_folder: Path, notebook: Path) -> list[dict[str, object]]:
    """Return name, value and whether it is a hash, of everything the report depends on."""
    from .. import __version__

    package = json.loads((tables_folder / "datapackage.json").read_text(encoding="utf-8"))
    book = package.get("codebook") or {}
    rows: list[tuple[str, str]] = [("hkresearch", __version__), ("Codebook", book.get("label") or book.get("id") or "")]
    rows += [("Codebook, SHA-256", book.get("sha256", "")), ("Register, SHA-256", package.get("register_sha256", ""))]
    rows.append(("Notebook, SHA-256", hashlib.sha256(notebook.read_bytes()).hexdigest()))
    if lock := find_lock(notebook):
        rows.append(("Lock file, SHA-256", hashlib.sha256(lock.read_bytes()).hexdigest()))
    for resource in package.get("resources", ()):
        digest = str(resource.get("hash", "")).removeprefix("sha256:")
        rows.append((f"Table {resource['name']}, SHA-256", digest))
    rows.append(("Coders", "; ".join(_list_coders(tables_folder))))
    return [
        {"name": name, "value": value, "hash": name.endswith("SHA-256"), "table": name.startswith("Table ")}
        for name, value in rows
        if value
    ]


def find_lock(notebook: Path) -> Path | None:
    """Return the lock file of the project that `notebook` lies in, if there is one."""
    for folder in notebook.resolve().parents:
        if (folder / LOCK).is_file():
            return folder / LOCK
    return None


def _list_coders(tables_folder: Path) -> Iterable[str]:
    import pandas as pd

    path = tables_folder / "annotations.parquet"
    return sorted(pd.read_parquet(path, columns=["coder"])["coder"].unique()) if path.is_file() else []
