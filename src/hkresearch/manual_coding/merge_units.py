"""Files of several coders' codings -> a row for each unit: agreed, or where they differ.

Codings are of one unit when the report `reliability` takes them for one
(`hkresearch.analysis.agreement.units`), so that both say the same: two codes of one passage are two
units, and attributes belong together when what they describe does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hkresearch.core.article import Article, HkresearchError, annotate
from hkresearch.manual_coding.csv_ledger import FilePath
from hkresearch.tables.coding_files import read_rows

if TYPE_CHECKING:
    from hkresearch.analysis.agreement.units import CodingUnit

AGREED, OTHER_SPAN, DISAGREED, ALONE = "agreed", "other span", "disagreed", "one coder"
CODING_KEY = ("article_id", "start", "end", "exact", "about", "subject", "variable")
ADDED_COLUMNS = ("status", "coder", "date", "reason")

MergedRows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class CodedRow:
    """One row of a coder's file, with the id of the annotation that it makes of its page."""

    annotation_id: str
    article_id: str
    start: int
    end: int
    subject: str
    variable: str
    code: str
    coder: str
    row: dict[str, str]


def merge_coding_files(
    paths: Iterable[FilePath], pages: Mapping[str, Article]
) -> tuple[list[str], MergedRows]:
    """Return the coders of these files, and a row for each unit.

    `pages` are those they speak of.
    """
    by_id: dict[str, CodedRow] = {}
    for path in paths:
        for record in _read_records(path, pages):
            by_id[record.annotation_id] = record
    names = (record.coder for record in by_id.values())
    coders = list_coders(names, (*CODING_KEY, "code"))
    return coders, _merge_units(by_id, coders, pages)


def _read_records(path: FilePath, pages: Mapping[str, Article]) -> Iterable[CodedRow]:
    for line, row in read_rows(path):
        if not (row["start"].isdigit() and row["end"].isdigit() and row["code"] and row["coder"]):
            raise HkresearchError(
                f"{path}, line {line}: start, end, code and coder must be filled in."
            )
        start, end = int(row["start"]), int(row["end"])
        subject, variable = row["subject"], row["variable"]
        code, coder = row["code"], row["coder"]
        page = pages.get(row["article_id"])
        if page is not None and start <= end <= len(page.text):
            id = annotate(page, start, end, subject, variable, code, coder).id
        else:
            place = (row["article_id"], str(start), str(end))
            id = " ".join((*place, subject, variable, code, coder))
        yield CodedRow(id, row["article_id"], start, end, subject, variable, code, coder, row)


def _merge_units(
    by_id: Mapping[str, CodedRow], coders: Sequence[str], pages: Mapping[str, Article]
) -> MergedRows:
    """Return a row for each unit.

    What attributes describe comes first, for its id is their subject.
    """
    from hkresearch.analysis.agreement.units import find_units

    units = find_units(list(by_id.values()), coders)
    units.sort(key=lambda unit: _is_attribute(unit, by_id))
    # A coder's annotation -> the merged one, empty when it is disputed.
    subjects: dict[str, str] = {}
    merged = []
    for unit in units:
        own = [by_id[id] for id in unit.evidence.values()]
        row = _merge_unit(unit, own, coders, subjects)
        merged.append(row)
        page = pages.get(unit.article_id)
        if page is not None:
            id = "" if row["status"] == DISAGREED else _annotate_merged(page, row)
            subjects |= dict.fromkeys(unit.evidence.values(), id)
    return merged


def _is_attribute(unit: CodingUnit, by_id: Mapping[str, CodedRow]) -> bool:
    return any(by_id[id].subject in by_id for id in unit.evidence.values())


def _annotate_merged(page: Article, row: Mapping[str, Any]) -> str:
    """Return the id of the annotation that a merged row makes of its page."""
    coding = [row[name] for name in ("subject", "variable", "code", "coder")]
    return annotate(page, row["start"], row["end"], *coding).id


def _merge_unit(
    unit: CodingUnit, own: Sequence[CodedRow], coders: Sequence[str], subjects: Mapping[str, str]
) -> dict[str, Any]:
    longest = max(own, key=lambda record: (record.end - record.start, -record.start))
    values = {coder: unit.values.get(coder, "") for coder in coders}
    status = _judge_unit([value for value in values.values() if value], own)
    return {
        "article_id": longest.row["article_id"],
        "exact": longest.row["exact"],
        "variable": longest.row["variable"],
        "start": longest.start,
        "end": longest.end,
        "about": unit.subject,
        "subject": subjects.get(longest.subject, longest.subject),
        **join_answers(status, values, "code", [record.row for record in own]),
    }


def _judge_unit(given: Sequence[str], own: Sequence[CodedRow]) -> str:
    """Return the status of a unit, from the values given to it and their rows."""
    from hkresearch.analysis.agreement.automatic import is_same_code

    if not all(is_same_code(given[0], value) for value in given[1:]):
        return DISAGREED
    if len(given) == 1:
        return ALONE
    spans = {(record.start, record.end) for record in own}
    return OTHER_SPAN if len(spans) > 1 else AGREED


def join_answers(
    status: str, values: Mapping[str, str], said: str, rows: MergedRows
) -> dict[str, Any]:
    """Return what the coders say and what of it is undisputed, with who says so, when and why."""
    given = {coder: value for coder, value in values.items() if value}
    undisputed = "" if status == DISAGREED else next(iter(given.values()))
    reasons = [f"{row['coder']}: {row['reason']}" for row in rows if row["reason"]]
    return {
        "status": status,
        **values,
        said: undisputed,
        "coder": " and ".join(given),
        "date": max(row["date"] for row in rows),
        "reason": "; ".join(dict.fromkeys(reasons)),
    }


def list_coders(names: Iterable[str], columns: Sequence[str]) -> list[str]:
    """Return the coders, sorted.

    Raises HkresearchError when there is but one, or one called as a column is.
    """
    coders = sorted(set(names))
    if len(coders) < 2:
        who = ", ".join(coders) or "none at all"
        raise HkresearchError(f"merge: all rows are by one coder ({who}); nothing to compare.")
    if taken := {*columns, *ADDED_COLUMNS} & set(coders):
        raise HkresearchError(
            f"merge: a coder is called {taken.pop()!r}, as a column of the result is. "
            "Rename the coder."
        )
    return coders
