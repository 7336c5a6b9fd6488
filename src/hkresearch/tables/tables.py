"""Articles and a codebook -> Tables: built, checked, written, read, and walked back to the page."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import pandas as pd

from hkresearch.core.files import hash_path, restore_folder, swap_folders
from hkresearch.tables.folder import OpenedFolder, hold_folder, open_folder
from hkresearch.tables.parquet_store import StoredTable, write_table
from hkresearch.tables.previous_build import PACKAGE
from hkresearch.tables.schema import make_frame, read_schema
from hkresearch.tables.select_rows import iterate_rows

Frames = dict[str, Any]  # table -> its frame, or a StoredTable


def _empty(table: str):
    return field(default_factory=lambda: make_frame(table, []))


@dataclass(frozen=True, eq=False)
class Tables:
    """Everything derived from the pages, one DataFrame a table; its columns are described in datapackage.json.

    Text that is not known is "" (never NA); numbers that are not known are NA; dates are ISO 8601 strings.
    `codebook` is a plain dictionary: id, label, sha256, question, context_characters, `entities`, `variables`, `parts`
    (id -> its table in the TOML, without patterns and examples). A table that `read_tables` gave is read from its file
    when it is first asked for.
    """

    articles: pd.DataFrame = _empty("articles")
    annotations: pd.DataFrame = _empty("annotations")
    quotations: pd.DataFrame = _empty("quotations")
    positions: pd.DataFrame = _empty("positions")
    quantities: pd.DataFrame = _empty("quantities")
    claims: pd.DataFrame = _empty("claims")
    appearances: pd.DataFrame = _empty("appearances")
    passages: pd.DataFrame = _empty("passages")
    refused: pd.DataFrame = _empty("refused")
    origins: pd.DataFrame = _empty("origins")
    decisions: pd.DataFrame = _empty("decisions")
    codings: pd.DataFrame = _empty("codings")
    codebook: Mapping[str, Any] = field(default_factory=dict)

    def __getattr__(self, name: str) -> pd.DataFrame:
        opened = self.__dict__.get("_opened")
        if opened is None or name not in opened:
            raise AttributeError(f"Tables have no {name!r}")
        return self.__dict__.setdefault(name, opened.read(name))

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self.__dataclass_fields__})

    def __getstate__(self) -> dict[str, Any]:
        return list_frames(self) | {"codebook": self.codebook}

    def __repr__(self) -> str:
        return (
            "<Tables "
            + ", ".join(f"{name}: {len(frame):,}" for name, frame in list_frames(self).items())
            + ">"
        )

    def label_of(self, id: str) -> str:
        """Return the codebook's label of an entity, else `id` itself; ids joined with ';' come out joined with ', '."""
        entities = self.codebook.get("entities", {})
        return ", ".join(entities.get(part, {}).get("label", part) for part in str(id).split(";"))


def list_frames(tables: Tables) -> dict[str, pd.DataFrame]:
    """Return the frames of `tables` by name, in the order of their definition."""
    return {
        item.name: getattr(tables, item.name) for item in fields(tables) if item.name != "codebook"
    }


def replace_frames(tables: Tables, **frames: pd.DataFrame) -> Tables:
    """Return `tables` with other `frames`; what has not been read yet stays unread."""
    return _make_tables(tables.__dict__ | frames)


def _make_tables(parts: Mapping[str, Any]) -> Tables:
    tables = object.__new__(Tables)
    tables.__dict__.update(parts)
    return tables


def write_tables(
    tables: Tables, folder: str | os.PathLike, seal: Callable[[Path], None] | None = None
) -> None:
    """Write `tables` to `folder` as `write_frames` does."""
    write_frames(list_frames(tables), tables.codebook, folder, seal)


def write_frames(
    frames: Frames,
    book: Mapping[str, Any],
    folder: str | os.PathLike,
    seal: Callable[[Path], None] | None = None,
) -> None:
    """Write tables to `folder` as Parquet with datapackage.json; the same tables give the same bytes.

    The folder is written beside the old one and takes its place when whole: a killed build leaves the old one. `seal`
    is given the finished folder before that.
    """
    folder = Path(folder)
    restore_folder(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = folder.with_name(folder.name + ".new")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir()
    package = {k: v for k, v in read_schema().items() if k != "resources"}
    package |= {
        "codebook": book,
        "register_sha256": hash_register(frames["articles"]),
        "resources": [],
    }
    for resource in read_schema()["resources"]:
        path = beside / resource["path"]
        frame = frames[resource["name"]]
        if isinstance(frame, StoredTable):
            frame.write(path)
        else:
            write_table(resource["name"], [frame], path)
        described = {
            "hash": f"sha256:{hash_path(path)}",
            "bytes": path.stat().st_size,
            "rows": len(frame),
        }
        package["resources"].append(
            {k: v for k, v in resource.items() if k != "schema"}
            | described
            | {"schema": resource["schema"]}
        )
    text = json.dumps(package, ensure_ascii=False, indent=1, sort_keys=False) + "\n"
    (beside / PACKAGE).write_text(text, encoding="utf-8")
    if seal:
        seal(beside)
    swap_folders(beside, folder)


def hash_register(articles: pd.DataFrame) -> str:
    """Return the SHA-256 of what is known of the pages: ids, hashes and register values, in the order of ids."""
    digest, comma = hashlib.sha256(b"["), ""
    for row in iterate_rows(
        articles, list(articles.columns), articles["article_id"].array.argsort()
    ):
        digest.update(
            f"{comma}{json.dumps([str(value) for value in row], ensure_ascii=False)}".encode()
        )
        comma = ", "
    digest.update(b"]")
    return digest.hexdigest()


def read_tables(folder: str | os.PathLike = "data/processed") -> Tables:
    """Return the tables written to `folder`, looked for upward from the working directory.

    Raises HkresearchError when there are none or one is missing; and, when a table is first asked for, if its file is
    not the one that datapackage.json describes.

    >>> hk.read_tables("data/processed")
    <Tables articles: 9, annotations: ...>
    """
    return _open_tables(open_folder(folder))


def hold_tables(folder: str | os.PathLike) -> Tables:
    """Return the tables in `folder`, all read; a process forked from this one has them when it first asks."""
    tables = _open_tables(hold_folder(folder))
    list_frames(tables)
    return tables


def _open_tables(opened: OpenedFolder) -> Tables:
    return _make_tables({"_opened": opened, "codebook": opened.codebook})
