"""Annotations of all pages -> the rows of quotations, positions and quantities."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from sys import intern
from typing import Any, NamedTuple

import pandas as pd

from hkresearch.tables.parquet_store import StoredTable
from hkresearch.tables.schema import list_fields
from hkresearch.tables.select_rows import choose_rows
from hkresearch.tables.text_columns import PackedRows

_POSITION_ATTRIBUTES = ("object", "announced_on", "effective_from", "condition")
_TABULATED = ("quotations", "positions", "quantities")
_OTHER_FACT_COLUMNS = ["annotation_id", "article_id", "exact", "subject", "variable", "code"]
_OTHER_FACTS = "facts"


class _Attribute(NamedTuple):
    """What describes an annotation: its code, and where the page says so."""

    code: str
    start: int
    end: int


_Attributes = Mapping[str, Sequence[_Attribute]]  # variable -> attributes, in page order


def tabulate_annotations(
    annotations: pd.DataFrame | StoredTable, codebook: Mapping[str, Any]
) -> dict[str, pd.DataFrame]:
    """Return the frames quotations, positions and quantities; reconcile fills their claim_id.

    The frame `facts` holds the other annotations that are no attribute of another one.
    """
    is_stored = isinstance(annotations, StoredTable)
    pieces = annotations.read_pages() if is_stored else [annotations]
    packed = {}
    for table in _TABULATED:
        columns = [(item["name"], item["type"]) for item in list_fields(table)]
        packed[table] = PackedRows(columns)
    packed[_OTHER_FACTS] = PackedRows([(name, "string") for name in _OTHER_FACT_COLUMNS])
    names = {table: [item["name"] for item in list_fields(table)] for table in _TABULATED}
    names[_OTHER_FACTS] = _OTHER_FACT_COLUMNS
    for piece in pieces:
        found: dict[str, list[tuple[Any, ...]]] = {table: [] for table in packed}
        for table, row in _list_rows(piece, codebook):
            found[table].append(tuple(row.get(name) for name in names[table]))
        for table, rows in found.items():
            packed[table].add(rows)
    return {table: rows.build() for table, rows in packed.items()}


def _list_rows(
    annotations: pd.DataFrame, codebook: Mapping[str, Any]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (table, row) of each annotation that is no attribute, part or confidence."""
    is_attribute = annotations["subject"].isin(annotations["annotation_id"])
    attributes = _group_attributes(annotations, is_attribute)
    is_about_text = annotations["variable"].isin(["part", "confidence"])
    marks = choose_rows(annotations, ~is_attribute & ~is_about_text)
    for mark in marks.itertuples(index=False):
        described: _Attributes = attributes.get(mark.annotation_id, {})
        if mark.variable == "quotation":
            yield "quotations", _make_quotation(mark, described)
        elif mark.variable == "position":
            yield "positions", _make_position(mark, described)
        elif _is_quantity(mark.variable, described, codebook):
            yield "quantities", _make_quantity(mark, described)
        elif mark.subject != mark.article_id:
            yield _OTHER_FACTS, {name: getattr(mark, name) for name in _OTHER_FACT_COLUMNS}


def _group_attributes(
    annotations: pd.DataFrame, is_attribute: pd.Series
) -> dict[str, dict[str, list[_Attribute]]]:
    """Return annotation id -> variable -> what describes it, in page order."""
    columns = ["start", "end", "annotation_id", "subject", "variable", "code"]
    rows = choose_rows(annotations[columns], is_attribute)
    found: dict[str, dict[str, list[_Attribute]]] = {}
    for row in rows.sort_values(["start", "end", "annotation_id"]).itertuples(index=False):
        of_subject = found.setdefault(row.subject, {})
        of_variable = of_subject.setdefault(intern(row.variable), [])
        of_variable.append(_Attribute(row.code, row.start, row.end))
    return found


def _is_quantity(variable: str, attributes: _Attributes, codebook: Mapping[str, Any]) -> bool:
    """Return whether an annotation is a number with its meaning.

    It has a unit, or its variable is measured.
    """
    if variable in ("quotation", "position", "part"):
        return False
    level = codebook.get("variables", {}).get(variable, {}).get("level", "")
    return "unit" in attributes or level in ("interval", "ratio")


def _find_first(attributes: _Attributes, variable: str, otherwise: str = "") -> str:
    return attributes[variable][0].code if attributes.get(variable) else otherwise


def _join_codes(attributes: _Attributes, variable: str) -> str:
    codes = [attribute.code for attribute in attributes.get(variable, ())]
    return ";".join(dict.fromkeys(codes))


def _describe_span(mark: Any) -> dict[str, Any]:
    return {
        "article_id": mark.article_id,
        "start": mark.start,
        "end": mark.end,
        "exact": mark.exact,
    }


def _make_quotation(mark: Any, attributes: _Attributes) -> dict[str, Any]:
    row = {
        "quotation_id": mark.annotation_id,
        **_describe_span(mark),
        "kind": mark.code,
        "speaker": _find_first(attributes, "speaker"),
        "organisation": _join_codes(attributes, "organisation"),
        "cue": _find_first(attributes, "cue"),
    }
    if attributes.get("speaker"):
        speaker = attributes["speaker"][0]
        row["speaker_start"], row["speaker_end"] = speaker.start, speaker.end
    return row


def _make_position(mark: Any, attributes: _Attributes) -> dict[str, Any]:
    return {
        "position_id": mark.annotation_id,
        **_describe_span(mark),
        "organisation": mark.subject,
        "position": mark.code,
        "modality": _find_first(attributes, "modality", "stated"),
        **{name: _find_first(attributes, name) for name in _POSITION_ATTRIBUTES},
        "via": _join_codes(attributes, "via"),
    }


def _make_quantity(mark: Any, attributes: _Attributes) -> dict[str, Any]:
    return {
        "quantity_id": mark.annotation_id,
        **_describe_span(mark),
        "organisation": mark.subject,
        "variable": mark.variable,
        "value": mark.code,
        "unit": _find_first(attributes, "unit"),
        "period": _find_first(attributes, "period"),
    }
