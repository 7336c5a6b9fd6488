"""Annotations of all pages -> the rows of quotations, positions and quantities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from sys import intern
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from hkresearch.tables.parquet_store import StoredTable
from hkresearch.tables.schema import list_fields
from hkresearch.tables.select_rows import choose_rows
from hkresearch.tables.text_columns import PackedRows

POSITION_WORDS = ("object", "announced_on", "effective_from", "condition")
TABLES = ("quotations", "positions", "quantities")
FACT_COLUMNS = ["annotation_id", "article_id", "exact", "subject", "variable", "code"]


class _Attribute(NamedTuple):
    """What describes an annotation: its code, and where the page says so."""

    code: str
    start: int
    end: int


def tabulate_annotations(
    annotations: pd.DataFrame | StoredTable, codebook: Mapping[str, Any]
) -> dict[str, pd.DataFrame]:
    """Return the frames quotations, positions and quantities, told from `annotations`; claim_id is still empty.

    With them, in the frame facts, what else `annotations` state that is no attribute of another one.
    """
    pieces = annotations.read_pages() if isinstance(annotations, StoredTable) else [annotations]
    kinds = {
        table: [(item["name"], item["type"]) for item in list_fields(table)] for table in TABLES
    }
    kinds["facts"] = [(name, "string") for name in FACT_COLUMNS]
    packed = {table: PackedRows(columns) for table, columns in kinds.items()}
    for piece in pieces:
        for table, rows in _list_rows(piece, codebook).items():
            packed[table].add(rows)
    return {table: rows.build() for table, rows in packed.items()}


def _list_rows(annotations: pd.DataFrame, codebook: Mapping[str, Any]) -> dict[str, list[tuple]]:
    describes = annotations["subject"].isin(annotations["annotation_id"])
    attributes = _group_attributes(annotations, describes)
    tops = choose_rows(
        annotations, ~describes & ~annotations["variable"].isin(["part", "confidence"])
    )
    is_number = [
        is_quantity(variable, attributes.get(id, {}), codebook)
        for id, variable in zip(tops["annotation_id"], tops["variable"], strict=True)
    ]
    chosen = {"quotations": tops["variable"] == "quotation", "positions": tops["variable"] == "position",
              "quantities": pd.Series(is_number, index=tops.index, dtype=bool)}  # fmt: skip
    found = {}
    for (table, rows), write in zip(chosen.items(), (_quote, _place, _count), strict=True):
        names = [item["name"] for item in list_fields(table)]
        told = (
            write(row, attributes.get(row.annotation_id, {}))
            for row in tops[rows].itertuples(index=False)
        )
        found[table] = [tuple(row.get(name) for name in names) for row in told]
    others = tops[
        ~np.logical_or.reduce(list(chosen.values())) & (tops["subject"] != tops["article_id"])
    ]
    return {**found, "facts": list(others[FACT_COLUMNS].itertuples(index=False, name=None))}


def _group_attributes(
    annotations: pd.DataFrame, describes: pd.Series
) -> dict[str, dict[str, list[_Attribute]]]:
    """Return annotation id -> variable -> what describes it, in page order."""
    found: dict[str, dict[str, list[_Attribute]]] = {}
    rows = choose_rows(
        annotations[["start", "end", "annotation_id", "subject", "variable", "code"]], describes
    )
    for start, end, _, subject, variable, code in rows.sort_values(
        ["start", "end", "annotation_id"]
    ).itertuples(index=False, name=None):
        found.setdefault(subject, {}).setdefault(intern(variable), []).append(
            _Attribute(code, start, end)
        )
    return found


def is_quantity(
    variable: str, attributes: Mapping[str, Sequence], codebook: Mapping[str, Any]
) -> bool:
    """Return whether an annotation is a number with its meaning: it has a unit, or its variable is measured."""
    if variable in ("quotation", "position", "part"):
        return False
    level = codebook.get("variables", {}).get(variable, {}).get("level", "")
    return "unit" in attributes or level in ("interval", "ratio")


def _first(attributes: Mapping[str, Sequence], name: str, otherwise: str = "") -> str:
    return attributes[name][0].code if attributes.get(name) else otherwise


def _join(attributes: Mapping[str, Sequence], name: str) -> str:
    return ";".join(dict.fromkeys(a.code for a in attributes.get(name, ())))


def _span(record: Any) -> dict[str, Any]:
    return {
        "article_id": record.article_id,
        "start": record.start,
        "end": record.end,
        "exact": record.exact,
    }


def _quote(record: Any, attributes: Mapping[str, Sequence]) -> dict[str, Any]:
    speaker = attributes["speaker"][0] if attributes.get("speaker") else None
    return {
        "quotation_id": record.annotation_id, **_span(record), "kind": record.code,
        "speaker": speaker.code if speaker else "",
        "speaker_start": speaker.start if speaker else None, "speaker_end": speaker.end if speaker else None,
        "organisation": _join(attributes, "organisation"),
        "cue": _first(attributes, "cue"),
    }  # fmt: skip


def _place(record: Any, attributes: Mapping[str, Sequence]) -> dict[str, Any]:
    return {
        "position_id": record.annotation_id, **_span(record), "organisation": record.subject, "position": record.code,
        "modality": _first(attributes, "modality", "stated"),
        **{name: _first(attributes, name) for name in POSITION_WORDS}, "via": _join(attributes, "via"),
    }  # fmt: skip


def _count(record: Any, attributes: Mapping[str, Sequence]) -> dict[str, Any]:
    return {
        "quantity_id": record.annotation_id, **_span(record), "organisation": record.subject,
        "variable": record.variable, "value": record.code,
        "unit": _first(attributes, "unit"), "period": _first(attributes, "period"),
    }  # fmt: skip
