"""Tables that this process reads -> a list of them by folder, for what depends on them."""

from __future__ import annotations

import os
from collections import defaultdict

ALL_TABLES = (
    "*"  # in place of a table's name: all that datapackage.json says, and whether it is there
)
_reads: dict[tuple[int, str], set[str]] = defaultdict(set)  # (process, folder) -> names of tables


def record_read(folder: str | os.PathLike[str], table: str) -> None:
    """Record that this process read `table` of `folder`, or ALL_TABLES of it."""
    record_real_read(os.path.realpath(folder), table)


def record_real_read(real_folder: str, table: str) -> None:
    """Record as `record_read` does; `real_folder` has no symbolic links in it."""
    _reads[os.getpid(), real_folder].add(table)


def list_reads() -> dict[str, list[str]]:
    """Return folder -> the names of its tables that this process has read, sorted.

    A forked process begins with none.
    """
    this_process = os.getpid()
    return {
        folder: sorted(names)
        for (process, folder), names in _reads.items()
        if process == this_process
    }
