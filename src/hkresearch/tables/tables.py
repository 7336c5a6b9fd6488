"""Tables -> the same written to a folder, and a folder of them -> Tables, each read when needed."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections import ChainMap
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from hkresearch.core.files import hash_path, restore_folder, swap_folders
from hkresearch.tables.folder import open_folder, preload_folder
from hkresearch.tables.parquet_store import StoredTable, write_parquet
from hkresearch.tables.previous_build import DATAPACKAGE
from hkresearch.tables.schema import make_frame, read_schema
from hkresearch.tables.select_rows import iterate_rows

NamedFrames = dict[str, Any]  # table -> its DataFrame, or a StoredTable


class Tables:
    """Everything derived from the pages, one DataFrame per table.

    Columns are described in datapackage.json. Unknown text is "" (never NA), an unknown number is
    NA, dates are ISO 8601 strings.

    Parameters
    ----------
    frames : mapping of str to DataFrame, optional
        The tables by name; a table that is not in it is empty. `read_tables` gives a mapping that
        reads each table from its file when it is first asked for.
    codebook : mapping, optional
        The codebook as a plain dictionary: id, label, sha256, question, context_characters, and
        `entities`, `variables` and `parts` (id -> its TOML table without patterns and examples).
    """

    def __init__(
        self,
        frames: Mapping[str, pd.DataFrame] | None = None,
        codebook: Mapping[str, Any] | None = None,
    ) -> None:
        self.frames: Mapping[str, pd.DataFrame] = {} if frames is None else frames
        self.codebook: Mapping[str, Any] = {} if codebook is None else codebook

    @property
    def articles(self) -> pd.DataFrame:
        """One row per page."""
        return self._find_frame("articles")

    @property
    def annotations(self) -> pd.DataFrame:
        """One row per coded statement."""
        return self._find_frame("annotations")

    @property
    def quotations(self) -> pd.DataFrame:
        """One row per quotation in a page."""
        return self._find_frame("quotations")

    @property
    def positions(self) -> pd.DataFrame:
        """One row per position of an organisation, as one page gives it."""
        return self._find_frame("positions")

    @property
    def quantities(self) -> pd.DataFrame:
        """One row per number with its meaning."""
        return self._find_frame("quantities")

    @property
    def claims(self) -> pd.DataFrame:
        """One row per claim, across pages."""
        return self._find_frame("claims")

    @property
    def appearances(self) -> pd.DataFrame:
        """One row per claim and passage that states it."""
        return self._find_frame("appearances")

    @property
    def passages(self) -> pd.DataFrame:
        """One row per annotation that is not a part: its line and the words around it."""
        return self._find_frame("passages")

    @property
    def refused(self) -> pd.DataFrame:
        """One row per page that gave nothing, with the reason."""
        return self._find_frame("refused")

    @property
    def origins(self) -> pd.DataFrame:
        """One row per page, with the origin that it shares with copies of it."""
        return self._find_frame("origins")

    @property
    def decisions(self) -> pd.DataFrame:
        """One row per decision of a person about an automatic result."""
        return self._find_frame("decisions")

    @property
    def codings(self) -> pd.DataFrame:
        """One row per coding by a person."""
        return self._find_frame("codings")

    def _find_frame(self, name: str) -> pd.DataFrame:
        return self.frames[name] if name in self.frames else make_frame(name, [])

    def __repr__(self) -> str:
        counts = [f"{name}: {len(frame):,}" for name, frame in list_frames(self).items()]
        return f"<Tables {', '.join(counts)}>"

    def label_of(self, id: str) -> str:
        """Return the codebook's label of an entity, else `id` itself.

        Ids joined with ";" give labels joined with ", ".
        """
        entities = self.codebook.get("entities", {})
        return ", ".join(entities.get(part, {}).get("label", part) for part in str(id).split(";"))


TABLE_NAMES = tuple(name for name, member in vars(Tables).items() if isinstance(member, property))


def list_frames(tables: Tables) -> dict[str, pd.DataFrame]:
    """Return the frames of `tables` by name, in the order of their definition."""
    return {name: getattr(tables, name) for name in TABLE_NAMES}


def replace_frames(
    tables: Tables, codebook: Mapping[str, Any] | None = None, **frames: pd.DataFrame
) -> Tables:
    """Return `tables` with other `frames` or another codebook; tables not read yet stay unread."""
    joined: Mapping[str, pd.DataFrame] = ChainMap(frames, tables.frames)  # type: ignore[arg-type]
    return Tables(joined, tables.codebook if codebook is None else codebook)


# ---------------------------------------------------------------------------------------- writing


def write_tables(
    tables: Tables, folder: str | os.PathLike[str], seal: Callable[[Path], None] | None = None
) -> None:
    """Write `tables` to `folder` as `write_frames` does."""
    write_frames(list_frames(tables), tables.codebook, folder, seal)


def write_frames(
    frames: NamedFrames,
    book: Mapping[str, Any],
    folder: str | os.PathLike[str],
    seal: Callable[[Path], None] | None = None,
) -> None:
    """Write tables to `folder` as Parquet with datapackage.json; same tables, same bytes.

    The folder is written beside the old one and replaces it when complete: a killed build leaves
    the old one.

    Parameters
    ----------
    frames : dict
        Every table by name, as a DataFrame or a StoredTable.
    book : mapping
        The codebook as a plain dictionary.
    folder : path
        Where the tables go.
    seal : callable, optional
        Called with the finished folder before it replaces the old one.
    """
    folder = Path(folder)
    restore_folder(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    staged = folder.with_name(folder.name + ".new")
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir()
    package = _write_resources(frames, book, staged)
    text = json.dumps(package, ensure_ascii=False, indent=1) + "\n"
    (staged / DATAPACKAGE).write_text(text, encoding="utf-8")
    if seal:
        seal(staged)
    swap_folders(staged, folder)


def _write_resources(frames: NamedFrames, book: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Write every table and return their descriptor."""
    schema = read_schema()
    package = {name: value for name, value in schema.items() if name != "resources"}
    package["codebook"] = book
    package["register_sha256"] = _hash_register(frames["articles"])
    package["resources"] = [
        _write_resource(resource, frames[resource["name"]], folder)
        for resource in schema["resources"]
    ]
    return package


def _write_resource(
    resource: Mapping[str, Any], frame: pd.DataFrame | StoredTable, folder: Path
) -> dict[str, Any]:
    """Write one table and return its entry in the descriptor, with its hash and size."""
    path = folder / resource["path"]
    if isinstance(frame, StoredTable):
        frame.write(path)
    else:
        write_parquet(resource["name"], [frame], path)
    entry = {name: value for name, value in resource.items() if name != "schema"}
    entry["hash"] = f"sha256:{hash_path(path)}"
    entry["bytes"] = path.stat().st_size
    entry["rows"] = len(frame)
    entry["schema"] = resource["schema"]
    return entry


def _hash_register(articles: pd.DataFrame) -> str:
    """Return the SHA-256 of the table articles, row by row in the order of ids."""
    digest, separator = hashlib.sha256(b"["), ""
    order = articles["article_id"].array.argsort()
    for row in iterate_rows(articles, list(articles.columns), order):
        cells = json.dumps([str(value) for value in row], ensure_ascii=False)
        digest.update(f"{separator}{cells}".encode())
        separator = ", "
    digest.update(b"]")
    return digest.hexdigest()


# ---------------------------------------------------------------------------------------- reading


def read_tables(folder: str | os.PathLike[str] = "data/processed") -> Tables:
    """Return the tables in `folder`, looked for upward from the working directory.

    Each table is read from its file when it is first asked for. Raises HkresearchError if there
    are no tables or one is missing, and, on reading a table, if its file is not the one that
    datapackage.json describes.

    >>> hk.read_tables("data/processed")
    <Tables articles: 9, annotations: ...>
    """
    opened = open_folder(folder)
    return Tables(opened, opened.codebook)


def preload_tables(folder: str | os.PathLike[str]) -> Tables:
    """Return the tables in `folder`, all read; a process forked from this one shares them."""
    opened = preload_folder(folder)
    tables = Tables(opened, opened.codebook)
    list_frames(tables)
    return tables
