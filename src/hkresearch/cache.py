"""What took long to make, by the hash of all it was made from -> the same bytes again, checked; and one run at a time.

Everything here can be removed at any time: it is made again.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

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


def write_whole(path: Path, data: bytes) -> None:
    """Write `data` beside `path`, then put it in place, so that no reader ever meets half a file; else leave nothing."""
    with write_beside(path) as beside:
        beside.write_bytes(data)
        os.replace(beside, path)


@contextmanager
def write_beside(path: Path) -> Iterator[Path]:
    """Give a place for what shall be put at `path` when it is whole; what is left there, as by a full disk, goes."""
    beside = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        yield beside
    finally:
        beside.unlink(missing_ok=True)


def swap_folders(beside: Path, folder: Path) -> None:
    """Let the folder `beside` take the place of `folder`, whose old content goes; in one step where there is one."""
    old = folder.with_name(folder.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    if not folder.exists():
        os.replace(beside, folder)
        return
    if not _exchange(beside, folder):
        os.replace(folder, old)  # a run killed between these two lines is mended by restore_folder
        os.replace(beside, folder)
    for left in (beside, old):
        shutil.rmtree(left, ignore_errors=True)


def restore_folder(folder: Path) -> None:
    """Put back the old content of `folder` when a killed run had just moved it aside."""
    old = folder.with_name(folder.name + ".old")
    if old.exists() and not folder.exists():
        os.replace(old, folder)


def _exchange(one: Path, other: Path) -> bool:
    """Swap two folders in one step, as Linux can since 2014; return whether it was done."""
    import ctypes

    try:
        rename = ctypes.CDLL(None).renameat2
    except (OSError, AttributeError, TypeError):
        return False
    here, exchange = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    return rename(here, os.fsencode(one), here, os.fsencode(other), exchange) == 0


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


@contextmanager
def lock_folder(folder: Path, wait: Callable[[], None]) -> Iterator[None]:
    """Let one run at a time work in `folder`; `wait` is called when another one does. A killed run holds nothing."""
    try:
        import fcntl
    except ImportError:  # no such locks here: two runs still never leave half a file
        yield
        return
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            wait()
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
