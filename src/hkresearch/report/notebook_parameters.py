"""The cells of a notebook -> its parameters, their values in this run and what they mean."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from hkresearch.core.safe_text import reveal_text

PARAMETER_TAGS = {"parameters", "injected-parameters", "remove-cell"}
TABLES_PARAMETER = "data"  # where the tables are on this machine says nothing about the report


def list_parameter_values(notebook: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return each parameter with the value it had in this run and the comment beside its default.

    Returns
    -------
    list of dict
        Each with `name`, `value` and `note`, all as text; without the folder of the tables.
    """
    found: dict[str, dict[str, str]] = {}
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code" or not PARAMETER_TAGS & read_tags(cell):
            continue
        for name, value, comment in read_assignments(join_source(cell["source"])):
            earlier = found.get(name, {"note": ""})
            note = comment or earlier["note"]
            found[name] = {"name": name, "value": write_literal(value), "note": note}
    found.pop(TABLES_PARAMETER, None)
    return list(found.values())


def read_tags(cell: Mapping[str, Any]) -> set[str]:
    """Return the tags of a notebook's cell."""
    return set(cell.get("metadata", {}).get("tags", ()))


def join_source(text: str | list[str]) -> str:
    """Return the text of a cell or output, which a notebook's file may hold as a list of lines."""
    return text if isinstance(text, str) else "".join(text)


def write_literal(value: Any) -> str:
    """Return a parameter's value as text, a string without quotation marks."""
    if value == "":
        return "(empty)"
    return reveal_text(value) if isinstance(value, str) else repr(value)


def read_assignments(source: str) -> list[tuple[str, Any, str]]:
    """Return (name, value, comment) of every `name = literal` line in `source`.

    Anything else is left out.
    """
    found = []
    lines = source.splitlines()
    for node in ast.parse(source).body:
        if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
            continue
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        if not isinstance(target, ast.Name):
            continue
        try:
            value = ast.literal_eval(node.value)
        except ValueError:
            continue
        assert node.end_lineno is not None  # as ast.parse sets it
        rest = lines[node.end_lineno - 1][node.end_col_offset :]
        _, _, comment = rest.partition("#")
        found.append((target.id, value, comment.strip()))
    return found
