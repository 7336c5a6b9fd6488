"""Files by name -> one zip, the same bytes everywhere; a zip or folder -> its files and faults."""

from __future__ import annotations

import io
import os
import stat
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

from hkresearch.core.article import HkresearchError
from hkresearch.core.files import is_plain_name

CRATE = "ro-crate-metadata.json"  # the file that lists all others
LARGEST_BUNDLE = 1_000_000_000  # bytes; nothing is compressed, so this bounds all that is read
_FIRST_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
UNIX, REGULAR_FILE = 3, 0o100644 << 16  # the system and the permissions of every entry
_UNREADABLE_ZIP = (
    zipfile.BadZipFile, struct.error, ValueError, RuntimeError, OSError, EOFError, OverflowError,
)  # fmt: skip
_TOO_LARGE = f"has more than {LARGEST_BUNDLE:,} bytes; this is no bundle of hkresearch"

_FilesAndFaults = tuple[dict[str, bytes], list[str]]


def write_archive(files: Mapping[str, bytes]) -> bytes:
    """Return `files` as a zip; the same files give the same bytes.

    Entries are sorted and stored, with one date and one permission. Compressors differ between
    machines, and what is not compressed cannot be a bomb.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _FIRST_ZIP_DATE)
            entry.create_system, entry.external_attr = UNIX, REGULAR_FILE
            archive.writestr(entry, files[name])
    return buffer.getvalue()


def read_archive(data: bytes) -> _FilesAndFaults:
    """Return the files in a zip and the faults of its entries; nothing is written to disk.

    Raises HkresearchError if it is no zip, or says that it holds more than its own size.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
    except _UNREADABLE_ZIP as error:
        raise HkresearchError(
            f"cannot be read as a zip ({error}): it was edited, or it is no bundle"
        ) from None
    if sum(entry.file_size for entry in entries) > len(data):
        raise HkresearchError(
            "says it holds more bytes than it has: it was edited, or is an attack; nothing was read"
        )
    files: dict[str, bytes] = {}
    faults = []
    for entry in entries:
        if fault := _find_entry_fault(entry, files):
            faults.append(f"{entry.filename!r} {fault}")
            continue
        try:
            files[entry.filename] = archive.read(entry)
        except _UNREADABLE_ZIP as error:
            faults.append(f"{entry.filename!r} cannot be read ({error}): it was changed")
            files[entry.filename] = b""
    return files, faults


def _find_entry_fault(entry: zipfile.ZipInfo, files: Mapping[str, bytes]) -> str:
    if not all(map(is_plain_name, entry.orig_filename.split("/"))):
        return "is a name that leaves the bundle, or no file; it was not read"
    if entry.filename in files:
        return "stands in the bundle twice"
    if entry.compress_type != zipfile.ZIP_STORED:
        return "is compressed; a bundle's files never are; it was not read"
    return ""


def is_bundle(path: Path) -> bool:
    """Return whether `path` is a zip by its name, or the folder that one was unpacked into."""
    return path.suffix.lower() == ".zip" or (path / CRATE).is_file()


def read_bundle(path: Path) -> _FilesAndFaults:
    """Return the files of a bundle, zipped or unpacked, and the faults of its entries.

    Links are not followed. Raises HkresearchError if it is no bundle, or larger than any.
    """
    if path.is_dir():
        return _read_unpacked(path)
    if path.stat().st_size > LARGEST_BUNDLE:
        raise HkresearchError(_TOO_LARGE)
    return read_archive(path.read_bytes())


def _read_unpacked(folder: Path) -> _FilesAndFaults:
    states: dict[Path, os.stat_result] = {}
    for parent, folders, names in os.walk(folder):
        for name in (*folders, *names):
            state = Path(parent, name).lstat()
            if not stat.S_ISDIR(state.st_mode):
                states[Path(parent, name)] = state
    if sum(state.st_size for state in states.values()) > LARGEST_BUNDLE:
        raise HkresearchError(_TOO_LARGE)
    files, faults = {}, []
    for path in sorted(states):
        name = path.relative_to(folder).as_posix()
        if stat.S_ISREG(states[path].st_mode):
            files[name] = path.read_bytes()
        else:
            faults.append(f"{name!r} is no file; it was not read")
    return files, faults
