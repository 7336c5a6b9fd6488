"""A raw folder and a codebook -> everything that tables are made of, and one hash of it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hkresearch.core.article import HkresearchError
from hkresearch.core.files import DECISIONS_FILE, hash_bytes, hash_path
from hkresearch.core.fingerprint import hash_makers
from hkresearch.pages.reader import REGISTER, read_bytes
from hkresearch.pages.register import read_register, refuse_changed
from hkresearch.pages.register_rows import RegisterRow
from hkresearch.tables.coding_files import list_coding_files


@dataclass(frozen=True, slots=True)
class Inputs:
    """The register's rows, the pages that cannot be read (file -> reason), and the tables' key.

    Two runs with the same key make the same tables.
    """

    rows: list[RegisterRow]
    unreadable: dict[str, str]
    tables_key: str


def read_inputs(raw: Path, codebook: str | None, are_pages_remote: bool = False) -> Inputs:
    """Return what the tables depend on: register, pages, decisions, codings, codebook and code.

    Parameters
    ----------
    codebook
        The id of a shipped codebook, or the path of a file.
    are_pages_remote
        Whether the pages are not in `raw`; they are then taken to be as registered, and checked by
        the workers that read them.

    Raises
    ------
    HkresearchError
        Naming the pages that changed since they were registered.
    """
    rows = read_register(raw)
    unreadable: dict[str, str] = {}
    if are_pages_remote:
        pages = [(row["file"], row["sha256"]) for row in rows]
    else:
        pages, unreadable = _hash_pages(raw, rows)
    files = [raw / REGISTER, raw / DECISIONS_FILE, *list_coding_files(raw)]
    if codebook and os.path.isfile(codebook):
        files.append(Path(codebook))
    hashes = [(path.name, hash_path(path)) for path in files]
    key = hash_json([codebook or "", hash_makers("tables"), hashes, pages])
    return Inputs(rows, unreadable, key)


def _hash_pages(
    raw: Path, rows: Sequence[Mapping[str, str]]
) -> tuple[list[tuple[str, str]], dict[str, str]]:
    """Return (file, hash) of each page, "" for one that cannot be read, and the reasons by file."""
    hashes: list[tuple[str, str]] = []
    unreadable: dict[str, str] = {}
    changed: list[tuple[str, str, str]] = []
    for row in rows:
        file, found = row["file"], ""
        try:
            found = hash_bytes(read_bytes(raw, file))
            if found != row["sha256"]:
                changed.append((file, row["sha256"], found))
        except HkresearchError as error:
            unreadable[file] = str(error)
        hashes.append((file, found))
    refuse_changed(raw, changed)
    return hashes, unreadable


def hash_json(value: object) -> str:
    """Return the SHA-256 of `value` written as JSON."""
    return hash_bytes(json.dumps(value).encode("ascii"))
