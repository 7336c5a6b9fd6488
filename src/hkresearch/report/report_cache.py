"""Everything that a report is made of -> a key; a key -> the HTML, PDF and summary made of it.

Which tables a report reads is known when it has read them. So there are two entries: under the key
of everything else lie the names of the tables; under that key and their hashes lies the report.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hkresearch.core.cache import drop_oldest, mark_used, read_entry, write_entry
from hkresearch.core.files import hash_bytes, hash_path
from hkresearch.core.fingerprint import hash_makers
from hkresearch.report.notebook_files import find_lock, list_modules
from hkresearch.report.provenance import read_package
from hkresearch.report.table_dependencies import NOW, OTHER_FOLDERS, PREVIOUS, Reads
from hkresearch.tables.previous_build import DATAPACKAGE, place_earlier
from hkresearch.tables.read_log import ALL_TABLES

MOST_ENTRIES = 800  # that stay, the latest used; a report has two, of a few hundred kilobytes


def hash_job(name: str, notebook: Path, parameters: Mapping[str, Any], subject: str) -> str:
    """Return the hash of everything that a report is made of except its tables."""
    files = [notebook, *list_modules(notebook)]
    if lock := find_lock(notebook):
        files.append(lock)
    hashes = [hash_path(path) for path in files]
    parts = [name, sorted(parameters.items()), subject, hash_makers("reports"), hashes]
    return hash_bytes(json.dumps(parts, default=repr).encode("ascii"))


class ReportCache:
    """The rendered reports in a cache folder, seen from one state of the tables."""

    def __init__(self, folder: Path, tables_folder: Path) -> None:
        self.folder = folder
        self._hashes = {
            NOW: _hash_tables(tables_folder),
            PREVIOUS: _hash_tables(place_earlier(tables_folder)),
        }

    def read(self, job_hash: str) -> tuple[dict[str, Any], bytes, bytes] | None:
        """Return (summary, HTML, PDF) of a report of the tables as they are now, or None."""
        reads = read_entry(self.folder, job_hash)
        if reads is None:
            return None
        key = self._name_entry(job_hash, json.loads(reads))
        entry = read_entry(self.folder, key)
        if entry is None:
            return None
        mark_used(self.folder, job_hash)
        mark_used(self.folder, key)
        head, _, rest = entry.partition(b"\n")
        summary, n_html = json.loads(head)
        return summary, rest[:n_html], rest[n_html:]

    def write(
        self, job_hash: str, reads: Reads, summary: Mapping[str, Any], html: bytes, pdf: bytes
    ) -> None:
        """Cache a report that read the tables `reads`, unless some of them are not watched."""
        if OTHER_FOLDERS in reads:
            return
        head = json.dumps([summary, len(html)]).encode("ascii")
        write_entry(self.folder, self._name_entry(job_hash, reads), head + b"\n" + html + pdf)
        write_entry(self.folder, job_hash, json.dumps(reads).encode("ascii"))

    def drop_unused(self) -> None:
        """Remove what was not used for the longest time."""
        drop_oldest(self.folder, MOST_ENTRIES)

    def _name_entry(self, job_hash: str, reads: Reads) -> str:
        """Return the key of a report: its job, and the hash that each of its tables has now."""
        hashes = {
            place: {name: self._hashes[place].get(name) for name in ("", *names)}
            for place, names in reads.items()
        }
        return hash_bytes(json.dumps([job_hash, hashes], sort_keys=True).encode("ascii"))


def _hash_tables(folder: Path) -> dict[str, str]:
    """Return the hash of each table by name, of the whole folder, and, as "", of what all share."""
    package = read_package(folder)
    shared = json.dumps([package.get("codebook"), package.get("register_sha256")])
    hashes = {resource["name"]: resource["hash"] for resource in package["resources"]}
    return {
        **hashes,
        "": hash_bytes(shared.encode("ascii")),
        ALL_TABLES: hash_path(folder / DATAPACKAGE),
    }
