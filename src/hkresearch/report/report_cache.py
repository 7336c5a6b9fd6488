"""All that a report is made of -> its key; and a key -> the HTML, the PDF and the summary that were made of it.

Which tables a report reads is known when it has read them: beside each report lies what it read, under a key that no
table has a part in. The same reads from the same tables are the same report.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hkresearch.core.cache import drop_oldest, mark_used, read_entry, write_entry
from hkresearch.core.files import hash_bytes, hash_path
from hkresearch.core.fingerprint import hash_makers
from hkresearch.report.provenance import find_lock, read_package
from hkresearch.report.table_dependencies import EARLIER, ELSEWHERE, NOW, Reads
from hkresearch.tables.previous_build import DATAPACKAGE, place_earlier
from hkresearch.tables.read_log import ALL_TABLES

KEPT = 800  # entries that stay, the latest used: two a report, which has a few hundred kilobytes
WAYS = 8  # sets of tables that a report has read, one time or another, which are remembered


def name_recipe(name: str, notebook: Path, parameters: Mapping[str, Any], subject: str) -> str:
    """Return the key of all that a report is made of but its tables: notebook, parameters, lock, code, libraries."""
    lock = find_lock(notebook)
    parts = [name, sorted(parameters.items()), subject, hash_makers("reports")]
    parts += [hash_path(notebook), hash_path(lock) if lock else ""]
    return hash_bytes(json.dumps(parts, default=repr).encode("ascii"))


class Shelf:
    """The rendered reports in a cache, as seen from one state of the tables, whose descriptors it reads once."""

    def __init__(self, cache: Path, tables_folder: Path) -> None:
        self.cache = cache
        self._hashes = {
            NOW: _hash_parts(tables_folder),
            EARLIER: _hash_parts(place_earlier(tables_folder)),
        }

    def find(self, recipe: str) -> str | None:
        """Return the key of what was rendered by `recipe` from tables as they are now, None for nothing."""
        keys = (self._name(recipe, reads) for reads in self._list_ways(recipe))
        return next((key for key in keys if (self.cache / key[:2] / key).exists()), None)

    def read(self, recipe: str) -> tuple[dict[str, Any], bytes, bytes] | None:
        """Return (summary, HTML, PDF) of `recipe` and the tables as they are now, None for nothing that is whole."""
        key = self.find(recipe)
        data = read_entry(self.cache, key) if key else None
        if data is None:
            return None
        mark_used(self.cache, key)
        mark_used(self.cache, recipe)
        head, _, rest = data.partition(b"\n")
        summary, size = json.loads(head)
        return summary, rest[:size], rest[size:]

    def keep(
        self, recipe: str, reads: Reads, summary: Mapping[str, Any], html: bytes, pdf: bytes
    ) -> None:
        """Keep a report that read the tables `reads`, unless some lie where nobody looks whether they are the same."""
        if ELSEWHERE in reads:
            return
        ways = [reads, *(way for way in self._list_ways(recipe) if way != reads)][:WAYS]
        head = json.dumps([summary, len(html)]).encode("ascii")
        write_entry(self.cache, self._name(recipe, reads), head + b"\n" + html + pdf)
        write_entry(self.cache, recipe, json.dumps(ways).encode("ascii"))

    def _list_ways(self, recipe: str) -> list[Reads]:
        return json.loads(read_entry(self.cache, recipe) or b"[]")

    def _name(self, recipe: str, reads: Reads) -> str:
        """Return the key of a report: its recipe, and of each table that it read the hash that this has now."""
        hashes = {
            place: {name: self._hashes[place].get(name) for name in ("", *names)}
            for place, names in reads.items()
        }
        return hash_bytes(json.dumps([recipe, hashes], sort_keys=True).encode("ascii"))


def _hash_parts(folder: Path) -> dict[str, str]:
    """Return name -> hash of each table in `folder`, of the ALL_TABLES, and, as "", of what all tables share."""
    package = read_package(folder)
    common = json.dumps([package.get("codebook"), package.get("register_sha256")]).encode("ascii")
    hashes = {resource["name"]: resource["hash"] for resource in package["resources"]}
    return {**hashes, "": hash_bytes(common), ALL_TABLES: hash_path(folder / DATAPACKAGE)}


def drop_rendered(cache: Path) -> None:
    """Remove what was not used for the longest time."""
    drop_oldest(cache, KEPT)
