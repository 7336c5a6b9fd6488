"""The package's own files and the libraries that it stands on -> one hash for each stage that they make."""

from __future__ import annotations

import json
import sys
from functools import cache
from importlib import metadata
from pathlib import Path

from hkresearch.core.files import hash_bytes

PACKAGE = Path(__file__).parents[1]
# The rooms that make each stage, with all below them: a change in one of their files makes the stage again.
PAGE_ROOMS = frozenset(("__init__.py", "core", "codebook", "pages", "clean", "structure", "coding"))
TABLE_ROOMS = PAGE_ROOMS | {"tables", "reconcile", "pipeline"}
MAP_LIBRARIES = ("numpy", "chardet")
TABLE_LIBRARIES = (*MAP_LIBRARIES, "pandas", "pyarrow")
REPORT_LIBRARIES = (
    *TABLE_LIBRARIES, "matplotlib", "ipykernel", "ipython", "matplotlib-inline", "nbclient", "nbconvert", "nbformat",
    "papermill", "jinja2", "markupsafe", "mistune", "typst", "fonttools", "pylopdf-fonts-zh-tw", "pylopdf-fonts-zh-cn",
)  # fmt: skip


def list_package_files(rooms: frozenset[str] | None = None) -> list[Path]:
    """Return the files of this package, sorted, or those of `rooms` alone; compiled ones are left out."""
    return sorted(
        path
        for path in PACKAGE.rglob("*")
        if path.is_file()
        and "__pycache__" not in path.parts
        and (rooms is None or path.relative_to(PACKAGE).parts[0] in rooms)
    )


def list_package_folders() -> list[Path]:
    """Return the folders of this package: a file that comes or goes changes the listing of one."""
    return sorted({path.parent for path in list_package_files()})


@cache
def hash_makers(stage: str) -> str:
    """Return the hash of what makes `stage` (pages, tables or reports): code, weights, and libraries' versions."""
    rooms, libraries = {
        "pages": (PAGE_ROOMS, MAP_LIBRARIES),
        "tables": (TABLE_ROOMS, TABLE_LIBRARIES),
        "reports": (None, REPORT_LIBRARIES),
    }[stage]
    paths = list_package_files(rooms)
    files = [
        (path.relative_to(PACKAGE).as_posix(), hash_bytes(path.read_bytes())) for path in paths
    ]
    versions = [(name, _find_version(name)) for name in libraries]
    text = json.dumps([sys.version_info[:3], versions, files])
    return hash_bytes(text.encode("ascii"))


def _find_version(library: str) -> str:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return ""
