"""A folder of outputs -> whether it still holds what the same inputs would make.

The stamp is written last: a run that was killed leaves a folder without one, or with the old one,
whose files are then not those that it names. Every file is hashed again; no time of change, size or
other sign of the file system is trusted.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from hkresearch.core.files import hash_path, write_atomically

STAMP = "built-from.json"
Refused = list[tuple[str, str]]  # (file, reason) of pages that were left out


def find_stamped(folder: Path, key: str) -> Refused | None:
    """Return the pages left out when `folder` was made from `key`; None if it is not up to date."""
    try:
        stamp = json.loads((folder / STAMP).read_text(encoding="utf-8"))
        if stamp["key"] != key:
            return None
        if any(hash_path(folder / name) != digest for name, digest in stamp["files"].items()):
            return None
        return [(file, reason) for file, reason in stamp["refused"]]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def write_stamp(folder: Path, key: str, refused: Refused, written: Iterable[Path]) -> None:
    """Note in `folder` what it was made from, the pages left out, and the hash of each file."""
    files = {path.relative_to(folder).as_posix(): hash_path(path) for path in sorted(written)}
    stamp = {"key": key, "files": files, "refused": refused}
    text = json.dumps(stamp, indent=1, ensure_ascii=False)
    write_atomically(folder / STAMP, text.encode("utf-8", "surrogatepass"))
