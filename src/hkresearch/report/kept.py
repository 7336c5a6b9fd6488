"""All that a report is made of -> its key; and a key -> the HTML, the PDF and the summary that were made of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..cache import drop_oldest, mark_used, read_entry, write_entry
from ..earlier import PACKAGE, place_earlier
from ..fresh import hash_path
from ..makers import hash_makers
from .provenance import find_lock

KEPT = 400  # rendered reports that stay, the latest used; a few hundred kilobytes each


def name_rendered(name: str, notebook: Path, parameters: Mapping[str, Any], subject: str, tables_folder: Path) -> str:
    """Return the key of a report: notebook, parameters, the tables by their hashes, lock file, code and libraries."""
    lock = find_lock(notebook)
    parts = [name, sorted(parameters.items()), subject, hash_makers("reports")]
    packages = [folder / PACKAGE for folder in (tables_folder, place_earlier(tables_folder))]
    parts += [hash_path(path) for path in (notebook, *packages)] + [hash_path(lock) if lock else ""]
    return hashlib.sha256(json.dumps(parts, default=repr).encode("ascii")).hexdigest()


def read_rendered(cache: Path, key: str) -> tuple[dict[str, str], bytes, bytes] | None:
    """Return (summary, HTML, PDF) kept under `key`, None where there is none that is whole."""
    data = read_entry(cache, key)
    if data is None:
        return None
    mark_used(cache, key)
    head, _, rest = data.partition(b"\n")
    summary, size = json.loads(head)
    return summary, rest[:size], rest[size:]


def keep_rendered(cache: Path, key: str, summary: Mapping[str, str], html: bytes, pdf: bytes) -> None:
    """Keep a rendered report under `key`."""
    write_entry(cache, key, json.dumps([summary, len(html)]).encode("ascii") + b"\n" + html + pdf)


def has_rendered(cache: Path, key: str) -> bool:
    """Return whether something is kept under `key`, whole or not."""
    return (cache / key[:2] / key).exists()


def drop_rendered(cache: Path) -> None:
    """Remove what was not used for the longest time."""
    drop_oldest(cache, KEPT)
