"""Annotation ids and tables -> the passages that they stand for, each with what names its page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from hkresearch.core.article import HkresearchError
from hkresearch.display.values import is_missing

if TYPE_CHECKING:
    from pandas import DataFrame

    from hkresearch.tables.tables import Tables

# Of a page, what its passages are shown with.
SOURCE_COLUMNS = [
    "article_id", "headline", "publisher", "file", "sha256", "text_sha256", "in_language",
    "date_published", "n_body_chars",
]  # fmt: skip
TEXT_FIELDS = (
    "exact", "before", "after", "article_id", "headline", "publisher", "file", "sha256",
    "text_sha256", "in_language", "coder", "subject", "variable", "code",
)  # fmt: skip
NUMBER_FIELDS = ("line", "start", "end", "n_body_chars")


def read_ids(value: Any) -> list[str]:
    """Return the annotation ids in a cell, once each: a list, or text with semicolons or commas."""
    if is_missing(value):
        return []
    if isinstance(value, str):
        parts = value.replace(",", ";").split(";")
    else:
        parts = [str(part) for part in value]
    stripped = [part.strip() for part in parts]
    return list(dict.fromkeys(part for part in stripped if part))


def list_ids(content: Mapping[str, Any]) -> list[str]:
    """Return every annotation id that an exhibit cites, once each, in reading order."""
    ids = list(content.get("ids", ()))
    for row in content.get("rows", ()):
        for cell in row["cells"]:
            ids += cell["evidence"]
        ids += row["evidence"]
    return list(dict.fromkeys(ids))


def find_evidence(tables: Tables, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return each annotation's passage and source, by id.

    An id that is in no table raises HkresearchError.

    Returns
    -------
    dict of dict
        Of each passage its words (`exact`, `before`, `after`), where they stand (`file`, `line`,
        `start`, `end`: half-open, in code points), what names the page, the coding, and `is_own`:
        whether they are somebody's own words.
    """
    ids = list(ids)
    if not ids:
        return {}
    records = _pick_rows(tables.annotations, "annotation_id", ids)
    if len(records) < len(ids):  # only who cites what a person coded reads that table
        records |= _pick_rows(tables.codings, "annotation_id", ids)
    unknown = [id for id in ids if id not in records]
    if unknown:
        raise HkresearchError(
            f"No annotation {', '.join(unknown[:5])} in the tables. "
            "The view and the tables come from different builds; type: hkresearch build"
        )
    passages = _pick_rows(tables.passages, "annotation_id", ids)
    cited = {record["article_id"] for record in records.values()}
    pages = _pick_rows(tables.articles[SOURCE_COLUMNS], "article_id", cited)
    evidence = {}
    for id in ids:
        page = pages.get(records[id]["article_id"], {})
        evidence[id] = _describe_source(page | passages.get(id, {}) | records[id])
    return evidence


def _pick_rows(frame: DataFrame, key: str, values: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return the rows whose `key` is among `values`, by it.

    Joining frames costs more than so few rows.
    """
    from hkresearch.tables.select_rows import choose_where

    chosen = choose_where(frame, frame.columns, key, values)
    return {row[key]: row for row in chosen.to_dict("records")}


def _describe_source(record: Mapping[str, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {name: _read_text(record, name) for name in TEXT_FIELDS}
    described["date"] = _read_text(record, "date_published")
    for name in NUMBER_FIELDS:
        described[name] = 0 if is_missing(record.get(name)) else int(record[name])
    is_quotation = described["variable"] == "quotation"
    described["is_own"] = is_quotation and described["code"] in ("direct", "mixed")
    return described


def _read_text(record: Mapping[str, Any], name: str) -> str:
    return "" if is_missing(record.get(name)) else str(record[name])
