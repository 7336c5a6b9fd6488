"""The package's own files and the libraries that it needs -> one hash per stage that they make."""

from __future__ import annotations

import json
import sys
from functools import cache
from importlib import metadata
from pathlib import Path

from hkresearch.core.files import hash_bytes

PACKAGE_FOLDER = Path(__file__).parents[1]
# The rooms that make each stage: a change in one of their files makes the stage run again.
PAGE_ROOMS = frozenset(("__init__.py", "core", "codebook", "pages", "clean", "structure", "coding"))
TABLE_ROOMS = PAGE_ROOMS | {"tables", "reconcile", "pipeline"}
PAGE_LIBRARIES = ("numpy", "chardet")
TABLE_LIBRARIES = (*PAGE_LIBRARIES, "pandas", "pyarrow")
REPORT_LIBRARIES = (
    *TABLE_LIBRARIES, "matplotlib", "ipykernel", "ipython", "matplotlib-inline", "nbclient",
    "nbconvert", "nbformat", "papermill", "jinja2", "markupsafe", "mistune", "typst", "fonttools",
    "pylopdf-fonts-zh-tw", "pylopdf-fonts-zh-cn",
)  # fmt: skip
STAGES: dict[str, tuple[frozenset[str] | None, tuple[str, ...]]] = {
    "pages": (PAGE_ROOMS, PAGE_LIBRARIES),
    "tables": (TABLE_ROOMS, TABLE_LIBRARIES),
    "reports": (None, REPORT_LIBRARIES),
}  # stage -> its rooms (None: all), its libraries


def list_package_files(rooms: frozenset[str] | None = None) -> list[Path]:
    """Return the package's files, sorted, or those of `rooms` alone, without compiled ones."""
    return sorted(path for path in PACKAGE_FOLDER.rglob("*") if _is_source(path, rooms))


def _is_source(path: Path, rooms: frozenset[str] | None) -> bool:
    if not path.is_file() or "__pycache__" in path.parts:
        return False
    return rooms is None or path.relative_to(PACKAGE_FOLDER).parts[0] in rooms


@cache
def hash_makers(stage: str) -> str:
    """Return the hash of the code, data and library versions that make `stage`.

    `stage` is "pages", "tables" or "reports".
    """
    rooms, libraries = STAGES[stage]
    files = []
    for path in list_package_files(rooms):
        name = path.relative_to(PACKAGE_FOLDER).as_posix()
        files.append((name, hash_bytes(path.read_bytes())))
    versions = [(name, _find_version(name)) for name in libraries]
    text = json.dumps([sys.version_info[:3], versions, files])
    return hash_bytes(text.encode("ascii"))


def _find_version(library: str) -> str:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return ""
