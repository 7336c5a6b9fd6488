"""datapackage.json -> the columns, types and checks of every table."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any

import pandas as pd

DTYPES = {"string": "str", "integer": "Int64"}
SHOWN = 5  # faults of one kind that are listed before the rest are counted


@cache
def read_schema() -> dict[str, Any]:
    """Return the package's own descriptor, the one definition of every field; callers must not change it."""
    return json.loads(
        (resources.files(__package__) / "datapackage.json").read_text(encoding="utf-8")
    )


def list_fields(table: str) -> list[dict[str, Any]]:
    """Return the fields of `table` in order, each a dictionary with name, type, description and constraints."""
    for resource in read_schema()["resources"]:
        if resource["name"] == table:
            return resource["schema"]["fields"]
    raise KeyError(table)


def make_frame(table: str, rows: Iterable[Mapping[str, Any] | tuple]) -> pd.DataFrame:
    """Return `rows` as the frame of `table`: its columns, its types, unknown text empty, unknown numbers NA."""
    names = [field["name"] for field in list_fields(table)]
    rows = list(rows)
    if rows and isinstance(rows[0], tuple):
        return conform_frame(table, pd.DataFrame(rows, columns=names))
    return conform_frame(
        table, pd.DataFrame({name: [row.get(name) for row in rows] for name in names})
    )


def conform_frame(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return `frame` with the columns of `table` in order, each in its type; a missing column comes out empty."""
    columns = {}
    for field in list_fields(table):
        name, dtype = field["name"], DTYPES[field["type"]]
        column = (
            frame[name]
            if name in frame.columns
            else pd.Series([None] * len(frame), index=frame.index, dtype=object)
        )
        if dtype == "str" and not (
            column.dtype == dtype and column.notna().all()
        ):  # else no copy as Python strings
            column = column.astype(object).where(column.notna(), "")
        columns[name] = column.astype(dtype)
    return pd.DataFrame(columns, index=frame.index).reset_index(drop=True)


def find_schema_faults(frames: Mapping[str, pd.DataFrame]) -> list[str]:
    """Return every breach of the descriptor in `frames`: columns, constraints, primary keys, foreign keys."""
    faults = []
    for resource in read_schema()["resources"]:
        name, schema = resource["name"], resource["schema"]
        frame = frames[name]
        expected = [field["name"] for field in schema["fields"]]
        if list(frame.columns) != expected:
            faults.append(
                f"{name}: columns are {', '.join(frame.columns)}; expected {', '.join(expected)}"
            )
            continue
        for field in schema["fields"]:
            faults += _find_field_faults(name, field, frame[field["name"]])
        if frame.duplicated(schema["primaryKey"]).any():
            rows = frame.index[frame.duplicated(schema["primaryKey"], keep=False)]
            faults.append(
                f"{name}: {_list_rows(rows)}: {', '.join(schema['primaryKey'])} is not unique"
            )
        for key in schema.get("foreignKeys", ()):
            faults += _find_key_faults(name, key, frame, frames)
    return faults


def _find_field_faults(table: str, field: dict[str, Any], column: pd.Series) -> list[str]:
    rules, faults = field.get("constraints", {}), []
    if field["type"] == "integer":
        empty = column.isna()
        bad = {"minimum": (column < rules["minimum"]).fillna(False) if "minimum" in rules else None}
    else:
        empty = column.isna() | (column == "")
        bad = {
            "enum": ~column.isin(rules["enum"]) & ~empty if "enum" in rules else None,
            "pattern": ~column.map(_compile_match(rules["pattern"])).astype(bool) & ~empty
            if "pattern" in rules
            else None,
        }
    bad["required"] = empty if rules.get("required") else None
    for rule, rows in bad.items():
        if rows is not None and rows.any():
            value = "" if rule == "required" else f", for example {column[rows].iloc[0]!r}"
            expected = "a value" if rule == "required" else f"{rule} {rules[rule]}"
            faults.append(
                f"{table}.{field['name']}: {_list_rows(rows.index[rows.astype(bool)])}: expected {expected}{value}"
            )
    return faults


def _compile_match(pattern: str):
    compiled = re.compile(pattern)
    return lambda value: bool(compiled.search(value)) if isinstance(value, str) else False


def _find_key_faults(
    table: str, key: dict[str, Any], frame: pd.DataFrame, frames: Mapping[str, pd.DataFrame]
) -> list[str]:
    column, reference = key["fields"][0], key["reference"]
    lost = ~frame[column].isin(frames[reference["resource"]][reference["fields"][0]])
    if not lost.any():
        return []
    where = f"{reference['resource']}.{reference['fields'][0]}"
    return [
        f"{table}.{column}: {_list_rows(frame.index[lost])}: not in {where}, e.g. {frame[column][lost].iloc[0]!r}"
    ]


def _list_rows(rows: Iterable[int]) -> str:
    rows = list(rows)
    shown = ", ".join(str(row) for row in rows[:SHOWN])
    return f"row {shown}" + (f" and {len(rows) - SHOWN} more" if len(rows) > SHOWN else "")
