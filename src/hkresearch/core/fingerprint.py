"""The package's own files and the libraries that it stands on -> one hash for each stage that they make."""

from __future__ import annotations

import json
import sys
from functools import cache
from importlib import metadata
from pathlib import Path

from hkresearch.core.files import hash_bytes

PACKAGE = Path(__file__).parents[1]
# What has no part in coding a page, and in making tables; whatever is new counts as having one until it stands here. A
# test compares this with what is imported.
AFTER_TABLES = (
    "report", "views", "charts", "lab", "by_hand", "agreement", "exchange", "exhibit.py", "drawing.py", "fonts.py",
    "highlight.py", "cards.py", "verify.py", "bundle.py", "archive.py", "warm_kernel.py", "__main__.py", "workflow.py",
    "known-sources.csv",
)  # fmt: skip
AFTER_PAGES = (
    *AFTER_TABLES, "schema.py", "datapackage.json", "codings.py", "tabulate.py", "tables.py", "opened.py", "mapped.py",
    "spool.py", "stored.py", "packed.py", "cluster.py", "reconcile", "codebooks", "cache.py", "fresh.py", "earlier.py",
    "makers.py", "pages.py", "pool.py",
)  # fmt: skip
MAP_LIBRARIES = ("numpy", "chardet")
TABLE_LIBRARIES = (*MAP_LIBRARIES, "pandas", "pyarrow")
REPORT_LIBRARIES = (
    *TABLE_LIBRARIES, "matplotlib", "ipykernel", "ipython", "matplotlib-inline", "nbclient", "nbconvert", "nbformat",
    "papermill", "jinja2", "markupsafe", "mistune", "typst", "fonttools", "pylopdf-fonts-zh-tw", "pylopdf-fonts-zh-cn",
)  # fmt: skip


def list_package_files(without: tuple[str, ...] = ()) -> list[Path]:
    """Return the files of this package, sorted, but those in the rooms `without`; compiled ones are left out."""
    return sorted(
        path
        for path in PACKAGE.rglob("*")
        if path.is_file()
        and "__pycache__" not in path.parts
        and path.relative_to(PACKAGE).parts[0] not in without
    )


def list_package_folders() -> list[Path]:
    """Return the folders of this package: a file that comes or goes changes the listing of one."""
    return sorted({path.parent for path in list_package_files()})


@cache
def hash_makers(stage: str) -> str:
    """Return the hash of what makes `stage` (pages, tables or reports): code, weights, and libraries' versions."""
    without, libraries = {
        "pages": (AFTER_PAGES, MAP_LIBRARIES),
        "tables": (AFTER_TABLES, TABLE_LIBRARIES),
        "reports": ((), REPORT_LIBRARIES),
    }[stage]
    paths = list_package_files(without)
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
