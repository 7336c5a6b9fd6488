"""An executed notebook -> the tables that it read, or, where that is not sure, all there are and who knows what else."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hkresearch.tables.previous_build import place_earlier
from hkresearch.tables.read_log import ALL_TABLES

Reads = dict[
    str, list[str]
]  # NOW, EARLIER or ELSEWHERE -> names of tables; ALL_TABLES is everything in there
NOW, EARLIER, ELSEWHERE = "now", "earlier", "elsewhere"
ALL: Reads = {NOW: [ALL_TABLES], EARLIER: [ALL_TABLES], ELSEWHERE: [ALL_TABLES]}
SHOWN = (
    "annotations",
    "articles",
)  # what every report reads: how much of a page it may show, and who coded it
MIME = "application/vnd.hkresearch.reads+json"
ASK = f"""import sys as _sys
from IPython.display import publish_display_data as _publish

_log = _sys.modules.get("hkresearch.tables.read_log")
_publish({{"{MIME}": _log.list_reads() if _log else {{}}}})"""
# A notebook reads tables through hk.read_tables alone if it is written with these libraries and without these names.
LIBRARIES = frozenset({"hkresearch", "pandas", "matplotlib"})
OTHER_WAYS = re.compile(
    r"read_(?!tables\Z|earlier\Z).*|open|load.*|imread|merge_codings|import_codings|render_report|code_passages|"
    r"get_ipython|getattr|globals|eval|exec|compile|__.*|HDFStore|ExcelFile|Path"
)


def ask_for_reads(notebook: Any) -> None:
    """Append to `notebook` the cell that says, when all others have run, which tables they read."""
    import nbformat

    notebook.cells.append(nbformat.v4.new_code_cell(ASK, metadata={"tags": ["remove-cell"]}))


def take_reads(notebook: Any) -> tuple[Any, dict[str, list[str]] | None]:
    """Return `notebook` without that cell, and folder -> tables as it said; None if it may have read others."""
    outputs = notebook.cells.pop().get("outputs", ())
    told = next(
        (output["data"][MIME] for output in outputs if MIME in output.get("data", {})), None
    )
    sources = (cell["source"] for cell in notebook.cells if cell["cell_type"] == "code")
    return notebook, dict(told) if told and not any(map(_may_read_unseen, sources)) else None


def _may_read_unseen(source: str) -> bool:
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except SyntaxError:  # a magic of IPython may do anything
        return True
    imported = {
        alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names
    }
    imported |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    names |= {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    names |= {
        alias.name for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    return not {name.partition(".")[0] for name in imported} <= LIBRARIES or any(
        map(OTHER_WAYS.fullmatch, names)
    )


def place_reads(told: Mapping[str, list[str]] | None, tables_folder: Path) -> Reads:
    """Return what was read of the tables in `tables_folder`, of those that they replaced, and of any other folder."""
    if told is None:
        return ALL
    places = {
        os.path.realpath(tables_folder): NOW,
        os.path.realpath(place_earlier(tables_folder)): EARLIER,
    }
    reads: Reads = {NOW: list(SHOWN)}
    for folder, names in told.items():
        place = places.get(folder, ELSEWHERE)
        reads[place] = sorted({*reads.get(place, ()), *names})
    return reads
