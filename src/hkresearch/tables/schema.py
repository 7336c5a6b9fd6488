"""datapackage.json -> the columns, types and checks of every table."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

import pandas as pd
import pyarrow as pa

from hkresearch.tables.text_columns import PANDAS_TYPES, TEXT

TEXT_DTYPE = PANDAS_TYPES[TEXT]
_COLUMN_DTYPES = {"string": TEXT_DTYPE, "integer": PANDAS_TYPES[pa.int64()]}
_MOST_ROWS_LISTED = 5  # of those with one fault; the others are counted

Field = dict[str, Any]  # name, type, description and constraints


@cache
def read_schema() -> dict[str, Any]:
    """Return the package's own descriptor, the one definition of every field.

    Callers must not change it.
    """
    path = resources.files(__package__) / "datapackage.json"
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return schema


def list_fields(table: str) -> list[Field]:
    """Return the fields of `table` in order; raises KeyError if there is no such table."""
    for resource in read_schema()["resources"]:
        if resource["name"] == table:
            fields: list[Field] = resource["schema"]["fields"]
            return fields
    raise KeyError(table)


def make_frame(
    table: str, rows: Iterable[Mapping[str, Any]] | Iterable[tuple[Any, ...]]
) -> pd.DataFrame:
    """Return `rows` as the frame of `table`.

    Rows are all dictionaries or all tuples. Unknown text is "", an unknown number NA.
    """
    all_rows: list[Any] = list(rows)
    if not all_rows:
        return _make_empty_frame(table).copy()
    fields = list_fields(table)
    if isinstance(all_rows[0], tuple):
        columns: list[Sequence[Any]] = list(zip(*all_rows, strict=True))
    else:
        columns = [[row.get(field["name"]) for row in all_rows] for field in fields]
    cells = zip(fields, columns, strict=True)
    packed = {field["name"]: _pack_column(field, values) for field, values in cells}
    return pa.table(packed).to_pandas(types_mapper=PANDAS_TYPES.get)


def _pack_column(field: Field, values: Sequence[Any]) -> pa.Array:
    if field["type"] == "string":
        return pa.array(values, TEXT, from_pandas=True).fill_null("")
    return pa.array(values, pa.int64(), from_pandas=True)


def conform_frame(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return `frame` with the columns of `table` in order and in their types.

    A missing column is "" in a column of text and NA in one of numbers.
    """
    if not len(frame):
        return _make_empty_frame(table).copy()
    columns = {}
    for field in list_fields(table):
        name, is_text = field["name"], field["type"] == "string"
        if name not in frame.columns:
            empty = [""] * len(frame) if is_text else [None] * len(frame)
            columns[name] = pd.array(empty, dtype=_COLUMN_DTYPES[field["type"]])
        elif is_text:
            columns[name] = _conform_texts(frame[name])
        else:
            columns[name] = frame[name].astype(_COLUMN_DTYPES[field["type"]]).array
    return pd.DataFrame(columns)


@cache
def _make_empty_frame(table: str) -> pd.DataFrame:
    fields = list_fields(table)
    return pd.DataFrame({f["name"]: pd.array([], dtype=_COLUMN_DTYPES[f["type"]]) for f in fields})


def _conform_texts(column: pd.Series) -> Any:
    missing = column.array.isna()
    if missing.any():
        column = column.astype(object).where(~missing, "")
    # What is text already is not copied as Python strings.
    return column.array if column.dtype == TEXT_DTYPE else column.astype("str").array


# ----------------------------------------------------------------------------------------- checks


def find_schema_faults(frames: Mapping[str, pd.DataFrame]) -> list[str]:
    """Return every breach of the descriptor: columns, constraints, primary and foreign keys."""
    faults = []
    for resource in read_schema()["resources"]:
        name, schema = resource["name"], resource["schema"]
        frame = frames[name]
        expected = [field["name"] for field in schema["fields"]]
        if list(frame.columns) != expected:
            found = ", ".join(frame.columns)
            faults.append(f"{name}: columns are {found}; expected {', '.join(expected)}")
            continue
        for field in schema["fields"]:
            faults += _find_field_faults(name, field, frame[field["name"]])
        faults += _find_duplicates(name, schema["primaryKey"], frame)
        for key in schema.get("foreignKeys", ()):
            faults += _find_lost_keys(name, key, frame, frames)
    return faults


def _find_field_faults(table: str, field: Field, column: pd.Series) -> Iterator[str]:
    """Yield the constraints of a field that its values break, with the rows."""
    rules = field.get("constraints", {})
    empty = column.isna()
    if field["type"] != "integer":
        empty |= column == ""
    where = f"{table}.{field['name']}"
    for rule, is_bad in _list_checks(field, column, empty):
        if not is_bad.any():
            continue
        rows = _list_rows(is_bad.index[is_bad.astype(bool)])
        if rule == "required":
            yield f"{where}: {rows}: expected a value"
        else:
            example = column[is_bad].iloc[0]
            yield f"{where}: {rows}: expected {rule} {rules[rule]}, for example {example!r}"


def _list_checks(
    field: Field, column: pd.Series, empty: pd.Series
) -> Iterator[tuple[str, pd.Series]]:
    """Yield (rule, whether each row breaks it)."""
    rules = field.get("constraints", {})
    if field["type"] == "integer":
        if "minimum" in rules:
            yield "minimum", (column < rules["minimum"]).fillna(False)
    else:
        if "enum" in rules:
            yield "enum", ~column.isin(rules["enum"]) & ~empty
        if "pattern" in rules:
            is_match = column.map(_compile_match(rules["pattern"])).astype(bool)
            yield "pattern", ~is_match & ~empty
    if rules.get("required"):
        yield "required", empty


def _compile_match(pattern: str) -> Callable[[Any], bool]:
    compiled = re.compile(pattern)
    return lambda value: isinstance(value, str) and compiled.search(value) is not None


def _find_duplicates(table: str, keys: list[str], frame: pd.DataFrame) -> list[str]:
    if not frame.duplicated(keys).any():
        return []
    rows = frame.index[frame.duplicated(keys, keep=False)]
    return [f"{table}: {_list_rows(rows)}: {', '.join(keys)} is not unique"]


def _find_lost_keys(
    table: str, key: Mapping[str, Any], frame: pd.DataFrame, frames: Mapping[str, pd.DataFrame]
) -> list[str]:
    column, reference = key["fields"][0], key["reference"]
    other_table, other_column = reference["resource"], reference["fields"][0]
    lost = ~frame[column].isin(frames[other_table][other_column])
    if not lost.any():
        return []
    rows, example = _list_rows(frame.index[lost]), frame[column][lost].iloc[0]
    return [f"{table}.{column}: {rows}: not in {other_table}.{other_column}, e.g. {example!r}"]


def _list_rows(rows: Iterable[int]) -> str:
    rows = list(rows)
    shown = ", ".join(str(row) for row in rows[:_MOST_ROWS_LISTED])
    n_more = len(rows) - _MOST_ROWS_LISTED
    return f"row {shown} and {n_more} more" if n_more > 0 else f"row {shown}"
