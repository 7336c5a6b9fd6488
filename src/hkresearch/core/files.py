"""Files and folders -> hashes, locks, and writing that leaves old or new content, never half."""

from __future__ import annotations

import filecmp
import hashlib
import os
import re
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

DECISIONS_FILE = "decisions.csv"
SECONDS_BETWEEN_TRIES = 0.01  # of a lock that another process holds
NOT_IN_A_NAME = re.compile(r"[/\\:\x00-\x1f]")


# ---------------------------------------------------------------------------------------- writing


@contextmanager
def stage_file(path: Path) -> Iterator[Path]:
    """Yield a path beside `path` to write to; the caller moves it into place with `os.replace`.

    What is left there, as by a full disk, is removed.
    """
    staged = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        yield staged
    finally:
        staged.unlink(missing_ok=True)


def write_atomically(path: Path, data: bytes | Iterable[bytes], *, is_synced: bool = False) -> None:
    """Write `data` beside `path`, then put it in place: a reader sees the old file or the new one.

    Parameters
    ----------
    path : Path
        The file; its folder must exist.
    data : bytes or iterable of bytes
        The content, whole or in pieces.
    is_synced : bool
        Whether to return only when the content and its name are on the disk; the file keeps the
        permissions of the one that it replaces.
    """
    with stage_file(path) as staged:
        _write_pieces(staged, data, is_synced)
        if is_synced:
            with suppress(OSError):
                os.chmod(staged, path.stat().st_mode & 0o777)
        os.replace(staged, path)
    if is_synced:
        with suppress(OSError), _open_folder(path.parent) as descriptor:
            os.fsync(descriptor)


def write_if_changed(path: Path, data: bytes | Iterable[bytes]) -> None:
    """Write `data` as `write_atomically` does, unless the file already holds the same bytes.

    Its folder is made where it is missing.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(data, bytes) and path.is_file() and path.read_bytes() == data:
        return
    with stage_file(path) as staged:
        _write_pieces(staged, data, is_synced=False)
        if not path.is_file() or not filecmp.cmp(staged, path, shallow=False):
            os.replace(staged, path)


def _write_pieces(path: Path, data: bytes | Iterable[bytes], is_synced: bool) -> None:
    with open(path, "wb") as stream:
        stream.writelines([data] if isinstance(data, bytes) else data)
        if is_synced:
            stream.flush()
            os.fsync(stream.fileno())


def swap_folders(staged: Path, folder: Path) -> None:
    """Let the folder `staged` take the place of `folder`, whose content is removed.

    The exchange is one step where the system can do it; else a run that was killed in between is
    repaired by `restore_folder`.
    """
    old = folder.with_name(folder.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    if not folder.exists():
        os.replace(staged, folder)
        return
    if not _exchange(staged, folder):
        os.replace(folder, old)
        os.replace(staged, folder)
    for left in (staged, old):
        shutil.rmtree(left, ignore_errors=True)


def restore_folder(folder: Path) -> None:
    """Put back the old content of `folder` if a killed run had just moved it aside."""
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
    current_folder, exchange = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    status: int = rename(
        current_folder, os.fsencode(one), current_folder, os.fsencode(other), exchange
    )
    return status == 0


# ------------------------------------------------------------------------------------------ locks


@contextmanager
def lock_folder(
    folder: Path,
    on_wait: Callable[[], None] | None = None,
    longest_wait: float | None = None,
) -> Iterator[None]:
    """Let one process at a time work in `folder`; a killed process holds nothing.

    Parameters
    ----------
    folder : Path
        The folder to lock; it is made where it is missing.
    on_wait : callable, optional
        Called once if another process holds the lock.
    longest_wait : float, optional
        Seconds to wait before TimeoutError is raised; without it, for as long as it takes.
    """
    try:
        import fcntl
    except ImportError:  # no such locks on this system: still no file is ever left half-written
        yield
        return
    folder.mkdir(parents=True, exist_ok=True)
    with _open_folder(folder) as descriptor:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if on_wait:
                on_wait()
            _wait_for_lock(descriptor, longest_wait)
        yield


def _wait_for_lock(descriptor: int, longest_wait: float | None) -> None:
    import fcntl

    if longest_wait is None:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        return
    deadline = time.monotonic() + longest_wait
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise TimeoutError(f"locked for {longest_wait:.0f} seconds") from None
            time.sleep(SECONDS_BETWEEN_TRIES)


@contextmanager
def _open_folder(folder: Path) -> Iterator[int]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


# -------------------------------------------------------------------------------- hashes and names


def hash_bytes(data: bytes) -> str:
    """Return the SHA-256 of `data` in lower-case hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def hash_path(path: str | os.PathLike[str]) -> str:
    """Return the SHA-256 of a file, or of the sorted names in a folder; "" if it is unreadable."""
    try:
        if os.path.isdir(path):
            names = sorted(name for name in os.listdir(path) if name != "__pycache__")
            return hash_bytes("\0".join(names).encode("utf-8", "surrogateescape"))
        if not os.path.isfile(path):
            return ""  # a pipe or a device might never end
        with open(path, "rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""


def place_cache(tables_folder: str | os.PathLike[str]) -> str:
    """Return the cache folder beside the tables; everything in it can be made again."""
    return os.path.join(os.path.dirname(os.path.abspath(tables_folder)), ".cache")


def is_plain_name(name: str) -> bool:
    """Return whether `name` is a file directly inside a folder, on every operating system."""
    return bool(name) and name not in (".", "..") and not NOT_IN_A_NAME.search(name)
