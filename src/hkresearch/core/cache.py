"""Results that take long to compute, by the hash of all they depend on -> the same bytes again.

Everything in a cache folder can be removed at any time: it is computed again.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from hkresearch.core.files import write_atomically

HASH_LENGTH = 64  # an entry begins with the SHA-256 of its key and content, in hexadecimal


def read_entry(folder: Path, key: str) -> bytes | None:
    """Return the cached entry, or None if there is none or its hash differs."""
    try:
        entry = _locate_entry(folder, key).read_bytes()
    except OSError:
        return None
    stored_hash, data = entry[:HASH_LENGTH], entry[HASH_LENGTH:]
    return data if _hash_entry(key, data) == stored_hash else None


def write_entry(folder: Path, key: str, data: bytes) -> None:
    """Cache `data` in `folder` under `key`; the hash covers the key, so no entry is mistaken."""
    path = _locate_entry(folder, key)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, _hash_entry(key, data) + data)


def drop_versions(folder: Path, current: str, n_others: int = 2) -> None:
    """Remove the subfolders of old versions; `current` and the `n_others` latest others stay."""
    if not folder.is_dir():
        return
    others = [path for path in folder.iterdir() if path.is_dir() and path.name != current]
    for path in _sort_latest_first(others)[n_others:]:
        shutil.rmtree(path, ignore_errors=True)


def drop_oldest(folder: Path, n_entries: int) -> None:
    """Remove all entries of `folder` except the `n_entries` that were written or used last."""
    entries = [path for path in folder.glob("*/*") if path.is_file()]
    for path in _sort_latest_first(entries)[n_entries:]:
        path.unlink(missing_ok=True)


def mark_used(folder: Path, key: str) -> None:
    """Set the entry's time to now, so that `drop_oldest` removes others first."""
    with suppress(OSError):  # another run removed it
        os.utime(_locate_entry(folder, key))


def _locate_entry(folder: Path, key: str) -> Path:
    return folder / key[:2] / key


def _hash_entry(key: str, data: bytes) -> bytes:
    return hashlib.sha256(key.encode() + data).hexdigest().encode()


def _sort_latest_first(paths: Iterable[Path]) -> list[Path]:
    return sorted(paths, key=lambda path: path.stat().st_mtime_ns, reverse=True)
