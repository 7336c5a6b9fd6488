"""What a folder was made from -> whether it still holds."""

from __future__ import annotations

import json
import os
import sysconfig
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hkresearch.core.article import HkresearchError
from hkresearch.core.files import DECISIONS_FILE, hash_bytes, hash_path, sign_path, write_atomically
from hkresearch.core.fingerprint import hash_makers, list_package_files, list_package_folders
from hkresearch.pages.reader import REGISTER, read_bytes
from hkresearch.pages.register import read_register, refuse_changed
from hkresearch.tables.coding_files import CODINGS, list_coding_files
from hkresearch.tables.previous_build import DATAPACKAGE, place_earlier

STAMP = "built-from.json"
Files = dict[str, list]  # path -> [signature, hash], as fresh.py records them


@dataclass(frozen=True, slots=True)
class _Inputs:
    """The register's rows, the pages that cannot be read (file -> reason), and every file with its hash."""

    began: int
    rows: list[dict[str, str]]
    unreadable: dict[str, str]
    files: Files
    tables_key: str


def _read_inputs(raw: Path, codebook: str | None, are_elsewhere: bool = False) -> _Inputs:
    """Return what the tables depend on; raises HkresearchError naming the pages that changed since they were added.

    Pages that `are_elsewhere` are taken to be as registered: who reads them looks.
    """
    began = time.time_ns()
    rows = read_register(raw)
    curation = [raw / REGISTER, raw / DECISIONS_FILE, raw / CODINGS, *list_coding_files(raw)]
    book = [Path(codebook)] if codebook and Path(codebook).is_file() else []
    files = _sign([*curation, *book])
    pages, unreadable = ({}, {}) if are_elsewhere else _sign_pages(raw, rows)
    names = [(os.path.basename(path), digest) for path, (_, digest) in files.items()]
    hashes = [
        (row["file"], pages.get(os.fspath(raw / row["file"]), ["", row["sha256"]])[1])
        for row in rows
    ]
    key = hash_text(json.dumps([codebook or "", hash_makers("tables"), names, hashes]))
    makers = [
        *list_package_files(),
        *list_package_folders(),
        Path(sysconfig.get_paths()["purelib"]),
    ]
    return _Inputs(began, rows, unreadable, files | pages | _sign(makers), key)


def _sign_pages(raw: Path, rows: Sequence[Mapping[str, str]]) -> tuple[Files, dict[str, str]]:
    files, unreadable, changed = {}, {}, []
    for row in rows:
        path, digest = raw / row["file"], ""
        signature = sign_path(os.fspath(path))
        try:
            digest = hash_bytes(read_bytes(raw, row["file"]))
            if digest != row["sha256"]:
                changed.append((row["file"], row["sha256"], digest))
        except HkresearchError as error:
            unreadable[row["file"]] = str(error)
        files[os.fspath(path)] = [signature, digest]
    refuse_changed(raw, changed)
    return files, unreadable


def _sign(paths: Sequence[Path]) -> Files:
    """Return [signature, hash] of each path, the signature taken first: a change in between shows the next time."""
    return {path: [sign_path(path), hash_path(path)] for path in map(os.fspath, paths)}


def hash_text(text: str) -> str:
    """Return the SHA-256 of `text` in UTF-8."""
    return hash_bytes(text.encode("utf-8"))


def read_stamp(folder: Path, key: str) -> dict | None:
    """Return the stamp of `folder` if it was made from `key` and all its files are as they were, else None."""
    try:
        stamp = json.loads((folder / STAMP).read_text(encoding="utf-8"))
        same = stamp["key"] == key and all(
            hash_path(folder / name) == digest for name, digest in stamp["files"].items()
        )
        return stamp if same else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_stamp(
    folder: Path, key: str, refused: list[tuple[str, str]], written: Sequence[Path]
) -> None:
    """Write into `folder` what it was made from and the hash of every file `written`; last: a killed run has none."""
    files = {path.relative_to(folder).as_posix(): hash_path(path) for path in sorted(written)}
    text = json.dumps(
        {"key": key, "files": files, "refused": refused}, indent=1, ensure_ascii=False
    )
    write_atomically(folder / STAMP, text.encode("utf-8", "surrogatepass"))


def _list_files(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_file() and path.name != STAMP]


def _list_written(folder: Path) -> list[Path]:
    """Return the stamp of `folder`, the files that it names, and what names the earlier tables; without one, none."""
    try:
        stamp = json.loads((folder / STAMP).read_text(encoding="utf-8"))
        return [
            folder / STAMP,
            place_earlier(folder) / DATAPACKAGE,
            *(folder / name for name in stamp["files"]),
        ]
    except (OSError, ValueError, KeyError, TypeError):
        return []
