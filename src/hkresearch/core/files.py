"""Files and folders -> hashes, and writing that leaves the old content or the new one, never half."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

DECISIONS = "decisions.csv"


def write_whole(path: Path, data: bytes) -> None:
    """Write `data` beside `path`, then put it in place, so that no reader ever meets half a file; else leave nothing."""
    with write_beside(path) as beside:
        beside.write_bytes(data)
        os.replace(beside, path)


def write_if_changed(path: Path, data: bytes) -> None:
    """Write `data` as `write_whole` does, making the folder; a file that holds the same bytes is left alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not (path.is_file() and path.read_bytes() == data):
        write_whole(path, data)


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


def place_cache(tables_folder: str | os.PathLike) -> str:
    """Return the folder, beside the tables, of what can be made again: coded pages, rendered reports, run records."""
    return os.path.join(os.path.dirname(os.path.abspath(tables_folder)), ".cache")


def hash_path(path: str | os.PathLike) -> str:
    """Return the SHA-256 of a file, or of the sorted names in a folder; "" for what cannot be read."""
    import hashlib

    try:
        if os.path.isdir(path):
            names = sorted(name for name in os.listdir(path) if name != "__pycache__")
            return hashlib.sha256("\0".join(names).encode("utf-8", "surrogateescape")).hexdigest()
        if not os.path.isfile(path):
            return ""  # a pipe or a device might never end
        with open(path, "rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""


def sign_path(path: str) -> list[int]:
    """Return what the file system says of `path` without reading it; [] when it is not there."""
    try:
        found = os.stat(path)
    except OSError:
        return []
    return [
        found.st_dev,
        found.st_ino,
        found.st_size,
        found.st_mode,
        found.st_mtime_ns,
        found.st_ctime_ns,
    ]


def hash_bytes(data: bytes) -> str:
    """Return the SHA-256 of `data` in lower-case hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def is_plain_name(name: str) -> bool:
    """Return whether `name` names a file directly inside a folder, on every operating system."""
    return bool(name) and name not in (".", "..") and not re.search(r"[/\\:\x00-\x1f]", name)
