"""A folder of written tables -> each table when it is first asked for, checked by its hash; and which ones were."""

from __future__ import annotations

import hashlib
import json
import os
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from hkresearch.core.article import HkresearchError
from hkresearch.core.files import hash_path, place_cache
from hkresearch.tables.memory_map import LARGE, map_rows
from hkresearch.tables.previous_build import PACKAGE
from hkresearch.tables.schema import conform_frame, read_schema

WHOLE = (
    "*"  # in place of a table's name: all that the datapackage.json says, and whether there is one
)
AGAIN = "To build the tables again, type: hkresearch build"
_asked: dict[tuple[int, str], set[str]] = defaultdict(
    set
)  # process, folder -> names; a fork begins with none


class OpenedFolder:
    """The tables of one folder as its datapackage.json has them now: a file that is another one later is refused.

    Raises HkresearchError when the descriptor cannot be read or a file is missing; what the files hold shows when they
    are read. What was read is kept: it needs a class.
    """

    def __init__(self, folder: Path) -> None:
        pa.set_memory_pool(
            pa.system_memory_pool()
        )  # Arrow's own keeps what was freed: a sixth of a kernel's memory
        self.folder, self.place = folder, os.path.realpath(folder)
        self.sha256 = hash_path(folder / PACKAGE)
        try:
            package = json.loads((folder / PACKAGE).read_text(encoding="utf-8"))
            stored = {resource["name"]: resource for resource in package["resources"]}
            self.codebook = package.get("codebook", {})
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            raise HkresearchError(f"{folder / PACKAGE}: not readable. {AGAIN}") from None
        names = [resource["name"] for resource in read_schema()["resources"]]
        self._stored: dict[str, Mapping[str, Any]] = {name: stored.get(name, {}) for name in names}
        self._frames: dict[str, pd.DataFrame] = {}
        for name in names:
            if not os.path.isfile(os.path.join(self.place, self._name_file(name))):
                raise HkresearchError(f"{folder / self._name_file(name)}: missing. {AGAIN}")

    def __contains__(self, table: str) -> bool:
        return table in self._stored

    def read(self, table: str) -> pd.DataFrame:
        """Return `table`, from its file the first time; another file than was described raises HkresearchError."""
        note_asked(self.place, table)
        if table not in self._frames:
            self._frames[table] = self._read_file(table)
        return self._frames[table]

    def _read_file(self, table: str) -> pd.DataFrame:
        file = self._name_file(table)
        rows = self._read_rows(
            Path(self.place, file), str(self._stored[table].get("hash")).removeprefix("sha256:")
        )
        if rows is not None:
            return conform_frame(table, rows.to_pandas())
        if hash_path(os.path.join(self.place, PACKAGE)) != self.sha256:
            raise HkresearchError(
                f"{self.folder}: the tables were built anew after they were opened here. Run hk.read_tables(...) again"
            )
        raise HkresearchError(
            f"{self.folder / file}: not the file that {PACKAGE} describes. {AGAIN}"
        )

    def _read_rows(self, file: Path, sha256: str) -> pa.Table | None:
        """Return the rows of `file`, None when its hash is another one; those of a large one stay on disk."""
        try:
            if file.stat().st_size >= LARGE:
                if hash_path(file) != sha256:
                    return None
                return map_rows(file, sha256, Path(place_cache(self.folder)))
        except OSError:
            pass  # no room, or not ours to write
        try:
            data = file.read_bytes()
        except OSError:
            return None
        if hashlib.sha256(data).hexdigest() != sha256:
            return None
        return pq.ParquetFile(pa.BufferReader(data)).read(
            use_threads=False
        )  # kernels are forked from here

    def _name_file(self, table: str) -> str:
        return self._stored[table].get("path", f"{table}.parquet")


def find_tables(folder: str | os.PathLike = "data/processed") -> Path:
    """Return the folder of tables: `folder` itself, else the same path under the nearest folder above this one."""
    folder = Path(folder)
    here = Path.cwd()
    for base in [Path()] if folder.is_absolute() else [here, *here.parents]:
        if (base / folder / PACKAGE).is_file():
            return base / folder
    raise HkresearchError(
        f"{folder}: no tables here (no {PACKAGE}). Name their folder with --out (of a run with "
        "--reports DIR it is DIR/processed), or build them: hkresearch build --raw DIR"
    )


def open_folder(folder: str | os.PathLike) -> OpenedFolder:
    """Return the tables in `folder`, looked for upward; if this process was forked with the same ones, those."""
    folder = find_tables(folder)
    if _held and _held[0][:2] == _name_folder(folder) and _held[0][2] != os.getpid():
        return _held.pop()[3]
    return OpenedFolder(folder)


_held: list[
    tuple[str, str, int, OpenedFolder]
] = []  # at most one: folder, hash of its package, process, tables


def hold_folder(folder: str | os.PathLike) -> OpenedFolder:
    """Return the tables in `folder`; a process forked from this one gets them, as far as read, when it first asks."""
    opened = OpenedFolder(find_tables(folder))
    _held[:] = [(*_name_folder(opened.folder), os.getpid(), opened)]
    return opened


def _name_folder(folder: Path) -> tuple[str, str]:
    return os.path.realpath(folder), hash_path(folder / PACKAGE)


def note_asked(folder: str | os.PathLike, table: str) -> None:
    """Remember that this process asked for `table` of `folder`, or for the WHOLE of it."""
    _asked[os.getpid(), os.path.realpath(folder)].add(table)


def list_asked() -> dict[str, list[str]]:
    """Return folder -> the names of its tables that this process has asked for."""
    return {
        folder: sorted(names)
        for (process, folder), names in _asked.items()
        if process == os.getpid()
    }
