"""A folder of written tables -> each table when it is first asked for, checked by its hash."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from hkresearch.core.article import HkresearchError
from hkresearch.core.files import hash_bytes, hash_path, place_cache
from hkresearch.tables.memory_map import LARGE_FILE, map_rows
from hkresearch.tables.previous_build import DATAPACKAGE
from hkresearch.tables.read_log import record_real_read
from hkresearch.tables.schema import conform_frame, read_schema

_BUILD_AGAIN = "To build the tables again, type: hkresearch build"


class _TableFolder(Mapping[str, pd.DataFrame]):
    """The tables of one folder by name, as its datapackage.json describes them now.

    A table is read when it is first asked for, and then stays in memory; a file that was replaced
    since is refused. Raises HkresearchError if the descriptor cannot be read or a file is missing.
    """

    def __init__(self, folder: Path) -> None:
        # Arrow's own allocator holds on to freed memory: a sixth of a kernel's.
        pa.set_memory_pool(pa.system_memory_pool())
        self.folder, self.real_folder = folder, os.path.realpath(folder)
        self.sha256 = hash_path(folder / DATAPACKAGE)
        try:
            package = json.loads((folder / DATAPACKAGE).read_text(encoding="utf-8"))
            described = {resource["name"]: resource for resource in package["resources"]}
            self.codebook = package.get("codebook", {})
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            raise HkresearchError(f"{folder / DATAPACKAGE}: not readable. {_BUILD_AGAIN}") from None
        names = [resource["name"] for resource in read_schema()["resources"]]
        self._resources: dict[str, Mapping[str, Any]] = {
            name: described.get(name, {}) for name in names
        }
        self._frames: dict[str, pd.DataFrame] = {}
        for name in names:
            if not os.path.isfile(os.path.join(self.real_folder, self._name_file(name))):
                raise HkresearchError(f"{folder / self._name_file(name)}: missing. {_BUILD_AGAIN}")

    def __contains__(self, table: object) -> bool:
        return table in self._resources

    def __iter__(self) -> Iterator[str]:
        return iter(self._resources)

    def __len__(self) -> int:
        return len(self._resources)

    def __reduce__(self) -> tuple[type, tuple[dict[str, pd.DataFrame]]]:
        """Copies and pickles are plain dictionaries: they hold every table."""
        return dict, (dict(self),)

    def __getitem__(self, table: str) -> pd.DataFrame:
        """Return `table`, from its file the first time; raises HkresearchError for another file."""
        if table not in self._resources:
            raise KeyError(table)
        record_real_read(self.real_folder, table)
        if table not in self._frames:
            self._frames[table] = self._read_frame(table)
        return self._frames[table]

    def _read_frame(self, table: str) -> pd.DataFrame:
        name = self._name_file(table)
        sha256 = str(self._resources[table].get("hash")).removeprefix("sha256:")
        rows = self._read_rows(Path(self.real_folder, name), sha256)
        if rows is not None:
            return conform_frame(table, rows.to_pandas())
        if hash_path(os.path.join(self.real_folder, DATAPACKAGE)) != self.sha256:
            raise HkresearchError(
                f"{self.folder}: the tables were built anew after they were opened here. "
                "Run hk.read_tables(...) again"
            )
        raise HkresearchError(
            f"{self.folder / name}: not the file that {DATAPACKAGE} describes. {_BUILD_AGAIN}"
        )

    def _read_rows(self, path: Path, sha256: str) -> pa.Table | None:
        """Return the rows of a file, or None if its hash differs; large ones stay on disk."""
        try:
            if path.stat().st_size >= LARGE_FILE:
                if hash_path(path) != sha256:
                    return None
                return map_rows(path, sha256, Path(place_cache(self.folder)))
        except OSError:
            pass  # no room for a copy, or no permission: read it into memory
        try:
            data = path.read_bytes()
        except OSError:
            return None
        if hash_bytes(data) != sha256:
            return None
        # Without threads: kernels are forked from this process.
        return pq.ParquetFile(pa.BufferReader(data)).read(use_threads=False)

    def _name_file(self, table: str) -> str:
        return str(self._resources[table].get("path", f"{table}.parquet"))


def find_tables(folder: str | os.PathLike[str] = "data/processed") -> Path:
    """Return `folder` if it holds tables, else the same path under the nearest folder above.

    Raises HkresearchError if there is none.
    """
    folder = Path(folder)
    here = Path.cwd()
    bases = [Path()] if folder.is_absolute() else [here, *here.parents]
    for base in bases:
        if (base / folder / DATAPACKAGE).is_file():
            return base / folder
    raise HkresearchError(
        f"{folder}: no tables here (no {DATAPACKAGE}). Name their folder with --out (of a run with "
        "--reports DIR it is DIR/processed), or build them: hkresearch build --raw DIR"
    )


# ------------------------------------------------------------ tables shared with forked processes

_Preloaded = tuple[str, str, int, _TableFolder]  # folder, hash of its descriptor, process, tables
_preloaded: list[_Preloaded] = []  # at most one


def open_folder(folder: str | os.PathLike[str]) -> _TableFolder:
    """Return the tables in `folder`, looked for upward.

    A process forked from one that preloaded the same tables gets those, the first time it asks.
    """
    folder = find_tables(folder)
    if _preloaded:
        real_folder, sha256, process, opened = _preloaded[0]
        if (real_folder, sha256) == _identify(folder) and process != os.getpid():
            _preloaded.clear()
            return opened
    return _TableFolder(folder)


def preload_folder(folder: str | os.PathLike[str]) -> _TableFolder:
    """Return the tables in `folder`, which a process forked from this one gets as far as read."""
    opened = _TableFolder(find_tables(folder))
    _preloaded[:] = [(*_identify(opened.folder), os.getpid(), opened)]
    return opened


def _identify(folder: Path) -> tuple[str, str]:
    return os.path.realpath(folder), hash_path(folder / DATAPACKAGE)
