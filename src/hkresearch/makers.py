"""The package's own files and the libraries that it stands on -> one hash for each stage that they make."""

from __future__ import annotations

import hashlib
import json
import sys
from functools import cache
from importlib import metadata
from pathlib import Path

PACKAGE = Path(__file__).parent
# What is imported while a page is coded, and while tables are made; a test compares them with what really is.
MAP_ROOMS = ("__init__.py", "article.py", "patterns.py", "markup.py", "source.py", "codebook.py", "coding.py", "clean", "structure")
TABLE_ROOMS = (
    *MAP_ROOMS, "schema.py", "datapackage.json", "codings.py", "tabulate.py", "tables.py", "spool.py", "reconcile",
    "codebooks", "cache.py", "fresh.py",
)  # fmt: skip
MAP_LIBRARIES = ("numpy", "chardet")
TABLE_LIBRARIES = (*MAP_LIBRARIES, "pandas", "pyarrow")
REPORT_LIBRARIES = (
    *TABLE_LIBRARIES, "matplotlib", "ipykernel", "ipython", "matplotlib-inline", "nbclient", "nbconvert", "nbformat",
    "papermill", "jinja2", "markupsafe", "mistune", "typst", "fonttools", "pylopdf-fonts-zh-tw", "pylopdf-fonts-zh-cn",
)  # fmt: skip


def list_package_files(rooms: tuple[str, ...] | None = None) -> list[Path]:
    """Return the files of this package, of all its rooms or of those named, sorted; compiled ones are left out."""
    places = [PACKAGE / room for room in rooms] if rooms else [PACKAGE]
    found = [path for place in places for path in ([place] if place.is_file() else place.rglob("*"))]
    return sorted(path for path in found if path.is_file() and "__pycache__" not in path.parts)


def list_package_folders() -> list[Path]:
    """Return the folders of this package: a file that comes or goes changes the listing of one."""
    return sorted({path.parent for path in list_package_files()})


@cache
def hash_makers(stage: str) -> str:
    """Return the hash of what makes `stage` (pages, tables or reports): code, weights, and libraries' versions."""
    rooms, libraries = {
        "pages": (MAP_ROOMS, MAP_LIBRARIES),
        "tables": (TABLE_ROOMS, TABLE_LIBRARIES),
        "reports": (None, REPORT_LIBRARIES),
    }[stage]
    files = [
        (path.relative_to(PACKAGE).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest())
        for path in list_package_files(rooms)
    ]
    versions = [(name, _find_version(name)) for name in libraries]
    text = json.dumps([sys.version_info[:3], versions, files])
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _find_version(library: str) -> str:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return ""
