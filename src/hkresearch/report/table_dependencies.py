"""An executed notebook -> the tables that it read.

Only what is read through `hk.read_tables` is known. A report is made again when one of these tables
changed, or its notebook, a module beside it, its parameters, the code or a library. A notebook that
reads no table that way is run every time; for what another one reads besides, there is --force.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from hkresearch.tables.previous_build import place_earlier
from hkresearch.tables.read_log import ALL_TABLES

# NOW, PREVIOUS or OTHER_FOLDERS -> tables; ALL_TABLES is all in that folder.
Reads = dict[str, list[str]]
NOW, PREVIOUS, OTHER_FOLDERS = "now", "previous", "elsewhere"
UNKNOWN_READS: Reads = {NOW: [ALL_TABLES], PREVIOUS: [ALL_TABLES], OTHER_FOLDERS: [ALL_TABLES]}
# What every report shows: how much of a page it may quote, and who coded it.
ALWAYS_READ = ("annotations", "articles")
READS_TYPE = "application/vnd.hkresearch.reads+json"
READS_CELL = f"""import sys as _sys
from IPython.display import publish_display_data as _publish

_log = _sys.modules.get("hkresearch.tables.read_log")
_publish({{"{READS_TYPE}": _log.list_reads() if _log else {{}}}})"""


def ask_for_reads(notebook: Any) -> None:
    """Append the cell that says, when all others have run, which tables they read."""
    import nbformat

    tags = {"tags": ["remove-cell"]}
    new_cell: Callable[..., Any] = nbformat.v4.new_code_cell
    notebook.cells.append(new_cell(READS_CELL, metadata=tags))


def take_reads(notebook: Any) -> tuple[Any, dict[str, list[str]] | None]:
    """Return `notebook` without that cell, and folder -> tables as it said, if it said any."""
    outputs = notebook.cells.pop().get("outputs", ())
    data = (output.get("data", {}) for output in outputs)
    told = next((each[READS_TYPE] for each in data if READS_TYPE in each), None)
    return notebook, dict(told) if told else None


def place_reads(told: Mapping[str, list[str]] | None, tables_folder: Path) -> Reads:
    """Return what was read of the tables in `tables_folder`, the previous ones, and others."""
    if told is None:
        return UNKNOWN_READS
    places = {
        os.path.realpath(tables_folder): NOW,
        os.path.realpath(place_earlier(tables_folder)): PREVIOUS,
    }
    reads: Reads = {NOW: list(ALWAYS_READ)}
    for folder, names in told.items():
        place = places.get(folder, OTHER_FOLDERS)
        reads[place] = sorted({*reads.get(place, ()), *names})
    return reads
