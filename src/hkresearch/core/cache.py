"""What took long to make, by the hash of all it was made from -> the same bytes again, checked; and one run at a time.

Everything here can be removed at any time: it is made again.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from hkresearch.core.files import write_whole

HASH = 64  # an entry begins with the SHA-256 of the rest, in hexadecimal


def read_entry(folder: Path, key: str) -> bytes | None:
    """Return what was kept in `folder` under `key`; None for nothing, and for an entry that has changed since."""
    try:
        data = (folder / key[:2] / key).read_bytes()
    except OSError:
        return None
    return (
        data[HASH:]
        if hashlib.sha256(key.encode() + data[HASH:]).hexdigest().encode() == data[:HASH]
        else None
    )


def write_entry(folder: Path, key: str, data: bytes) -> None:
    """Keep `data` in `folder` under `key`, put in place whole; the hash covers the key: none stands for another."""
    place = folder / key[:2] / key
    place.parent.mkdir(parents=True, exist_ok=True)
    write_whole(place, hashlib.sha256(key.encode() + data).hexdigest().encode() + data)


def drop_versions(folder: Path, current: str, kept: int = 2) -> None:
    """Remove from `folder` the subfolders of versions that are neither `current` nor among the `kept` latest others."""
    others = (
        [path for path in folder.iterdir() if path.is_dir() and path.name != current]
        if folder.is_dir()
        else []
    )
    for path in sorted(others, key=lambda path: path.stat().st_mtime_ns)[: -kept or None]:
        shutil.rmtree(path, ignore_errors=True)


def drop_oldest(folder: Path, kept: int) -> None:
    """Remove all entries of `folder` but the `kept` that were written or used last."""
    entries = [path for path in folder.glob("*/*") if path.is_file()]
    for path in sorted(entries, key=lambda path: path.stat().st_mtime_ns, reverse=True)[kept:]:
        path.unlink(missing_ok=True)


def mark_used(folder: Path, key: str) -> None:
    """Let the entry count as new, so that `drop_oldest` takes others first."""
    try:
        os.utime(folder / key[:2] / key)
    except OSError:
        pass  # another run removed it
