"""Files of several coders (all codings, or all decisions) -> one table: what they agree on, and where they differ.

Codings are of one unit when the report `reliability` takes them for one (`hkresearch.analysis.agreement.units`), so that both
say the same: two codes of one passage are two units, and attributes belong together when what they describe does.
"""

from __future__ import annotations

import csv
import os
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hkresearch.core.article import Article, HkresearchError, annotate
from hkresearch.core.csv_checks import hint_separator
from hkresearch.manual_coding.csv_ledger import add_rows
from hkresearch.pages.reader import REGISTER, read_bytes
from hkresearch.pages.register import read_register
from hkresearch.reconcile.decisions import COLUMNS as DECISION_COLUMNS
from hkresearch.reconcile.decisions import read_decisions
from hkresearch.tables.human_codings import ANNOTATION_ID, read_coded_pages, read_rows, write_rows
from hkresearch.tables.human_codings import COLUMNS as CODING_COLUMNS

if TYPE_CHECKING:
    from pandas import DataFrame

    from hkresearch.analysis.agreement.units import Unit

AGREED, SPAN, DIFFERENT, ALONE = "agreed", "other span", "disagreed", "one coder"
PLACE = ("article_id", "start", "end", "exact", "about", "subject", "variable")
Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Record:
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


def merge_codings(*paths: str | os.PathLike, articles: Iterable[Article] = ()) -> DataFrame:
    """Return what the coders of these files say, one row a passage (or target), with a column for each coder.

    `status` is agreed, other span (the same code of overlapping passages; the longer one is shown), disagreed, or one
    coder; a page that a coder read in full and left uncoded counts as `none`. `code` (`decision`) is empty where they
    disagree. All files are coders' own files, or all are decisions.csv. An attribute names what it describes by the id
    of its coder's annotation, which only the page tells: without its page among `articles` it stands alone. `about`
    names it by subject and variable, `subject` is its id in the merged file: empty when that is disputed.

    >>> for name, code in (("anna", "pause"), ("bela", "refuse")):
    ...     view = hk.code_passages(tables, articles, coder=name, own=True, folder="data/by-hand")
    ...     said = view.recode(code)
    >>> merged = hk.merge_codings("data/by-hand/codings/anna.csv", "data/by-hand/codings/bela.csv")
    >>> merged[["status", "anna", "bela"]].values.tolist()
    [['disagreed', 'pause', 'refuse']]
    """
    import pandas as pd

    if len(paths) < 2:
        raise HkresearchError(
            "merge: name two files at least, for example: codings/anna.csv codings/bela.csv"
        )
    kinds = {_find_kind(Path(path)) for path in paths}
    if len(kinds) > 1:
        raise HkresearchError(
            "merge: some of these files hold codings and some decisions; merge each kind alone."
        )
    if kinds.pop() is DECISION_COLUMNS:
        unit, said = ("target",), "decision"
        rows = [row for path in paths for row in read_decisions(path)]
        coders = _list_coders((row["coder"] for row in rows), (*unit, said))
        merged = _merge_targets(rows, coders)
    else:
        unit, said = PLACE, "code"
        pages = {article.id: article for article in articles}
        records = list(
            {r.annotation_id: r for path in paths for r in _read_records(path, pages)}.values()
        )
        coders = _list_coders((record.coder for record in records), (*unit, said))
        merged = _merge_units(records, coders, pages)
    names = [*unit, "status", *coders, said, "coder", "date", "reason"]
    return pd.DataFrame(
        sorted(merged, key=lambda row: [row[name] for name in names]), columns=names
    )


def write_merged(merged: DataFrame, path: str | os.PathLike) -> int:
    """Write the rows of `merged` that nobody disputes as a new file of the same kind; return their number."""
    if Path(path).exists():
        raise HkresearchError(
            f"{path} exists already; what a person decided is never overwritten. Name a new file."
        )
    kept = merged[merged["status"] != DIFFERENT]
    if "decision" not in merged.columns:
        rows = kept[kept["subject"] != ""].to_dict("records")
        write_rows(path, rows)
        return len(rows)
    return add_rows(path, DECISION_COLUMNS, kept.to_dict("records"), ("target",))


def read_pages(raw: Path, paths: Iterable[Path]) -> list[Article]:
    """Return the pages of `raw` that these files of codings speak of; none when there is no register."""
    if not (raw / REGISTER).is_file():
        return []
    codings = [path for path in paths if _find_kind(path) is CODING_COLUMNS]
    return list(
        read_coded_pages(codings, read_register(raw), [], partial(read_bytes, raw)).values()
    )


def count_unknown(merged: DataFrame) -> int:
    """Return how many rows are attributes of one coder for which no page tells what they describe."""
    alone = merged[merged["status"] == ALONE]
    return sum(bool(ANNOTATION_ID.match(about)) for about in alone.get("about", ()))


def _find_kind(path: Path) -> Sequence[str]:
    try:
        with open(path, encoding="utf-8-sig", newline="") as stream:
            names = next(csv.reader(stream), [])
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise HkresearchError(f"{path}: cannot be read as CSV in UTF-8 ({error}).") from None
    for columns in (CODING_COLUMNS, DECISION_COLUMNS):
        if set(columns) <= set(names):
            return columns
    raise HkresearchError(
        f"{path}, line 1: neither a coder's file ({', '.join(CODING_COLUMNS)}) "
        f"nor decisions ({', '.join(DECISION_COLUMNS)}).{hint_separator(names)}"
    )


def _list_coders(names: Iterable[str], columns: Sequence[str]) -> list[str]:
    """Return the coders, sorted; raises HkresearchError when there is but one, or one called as a column is."""
    coders = sorted(set(names))
    if len(coders) < 2:
        who = ", ".join(coders) or "none at all"
        raise HkresearchError(f"merge: all rows are by one coder ({who}); nothing to compare.")
    if taken := {*columns, "status", "coder", "date", "reason"} & set(coders):
        raise HkresearchError(
            f"merge: a coder is called {taken.pop()!r}, as a column of the result is. Rename the coder."
        )
    return coders


def _merge_targets(rows: Rows, coders: Sequence[str]) -> Rows:
    targets, merged = defaultdict(list), []
    for row in rows:
        targets[row["target"]].append(row)
    for target, here in targets.items():
        values = {
            c: "; ".join(sorted({row["decision"] for row in here if row["coder"] == c}))
            for c in coders
        }
        given = {value for value in values.values() if value}
        is_split = len(given) > 1 or ";" in "".join(given)  # a coder can also differ with himself
        status = (
            DIFFERENT if is_split else ALONE if sum(map(bool, values.values())) == 1 else AGREED
        )
        merged.append({"target": target, **_join(status, values, "decision", here)})
    return merged


def _read_records(path: str | os.PathLike, pages: Mapping[str, Article]) -> Iterable[Record]:
    for line, row in read_rows(path):
        if not (row["start"].isdigit() and row["end"].isdigit() and row["code"] and row["coder"]):
            raise HkresearchError(
                f"{path}, line {line}: start, end, code and coder must be filled in."
            )
        start, end, page = int(row["start"]), int(row["end"]), pages.get(row["article_id"])
        said = [row[name] for name in ("subject", "variable", "code", "coder")]
        id = " ".join((row["article_id"], str(start), str(end), *said))
        if page is not None and start <= end <= len(page.text):
            id = annotate(page, start, end, *said).id
        yield Record(id, row["article_id"], start, end, *said, row)


def _merge_units(
    records: Sequence[Record], coders: Sequence[str], pages: Mapping[str, Article]
) -> Rows:
    """Return a row for each unit; what attributes describe comes first, for its id is their subject."""
    from hkresearch.analysis.agreement.units import find_units

    by_id = {record.annotation_id: record for record in records}
    subjects: dict[
        str, str
    ] = {}  # a coder's annotation -> the merged one, empty when it is disputed
    merged = []
    for unit in sorted(find_units(records, coders), key=lambda unit: _is_attribute(unit, by_id)):
        own = [by_id[id] for id in unit.evidence.values()]
        row = _merge_unit(unit, own, coders, subjects)
        merged.append(row)
        if page := pages.get(unit.article_id):
            said = [row[name] for name in ("subject", "variable", "code", "coder")]
            id = (
                ""
                if row["status"] == DIFFERENT
                else annotate(page, row["start"], row["end"], *said).id
            )
            subjects |= dict.fromkeys(unit.evidence.values(), id)
    return merged


def _is_attribute(unit: Unit, by_id: Mapping[str, Record]) -> bool:
    return any(by_id[id].subject in by_id for id in unit.evidence.values())


def _merge_unit(
    unit: Unit, own: Sequence[Record], coders: Sequence[str], subjects: Mapping[str, str]
) -> dict[str, Any]:
    from hkresearch.analysis.agreement.automatic import is_same_code

    longest = max(own, key=lambda record: (record.end - record.start, -record.start))
    values = {coder: unit.values.get(coder, "") for coder in coders}
    given = [value for value in values.values() if value]
    is_split = not all(is_same_code(given[0], value) for value in given[1:])
    is_moved = len({(record.start, record.end) for record in own}) > 1
    status = DIFFERENT if is_split else ALONE if len(given) == 1 else SPAN if is_moved else AGREED
    place = {name: longest.row[name] for name in ("article_id", "exact", "variable")}
    subject = subjects.get(longest.subject, longest.subject)
    rows = [record.row for record in own]
    return {
        **place, "start": longest.start, "end": longest.end, "about": unit.subject, "subject": subject,
        **_join(status, values, "code", rows),
    }  # fmt: skip


def _join(status: str, values: Mapping[str, str], said: str, rows: Rows) -> dict[str, Any]:
    """Return what the coders say and what of it is undisputed, with who says so, when and why."""
    given = [value for value in values.values() if value]
    reasons = [f"{row['coder']}: {row['reason']}" for row in rows if row["reason"]]
    return {
        "status": status, **values, said: "" if status == DIFFERENT else given[0],
        "coder": " and ".join(coder for coder in values if values[coder]), "date": max(row["date"] for row in rows),
        "reason": "; ".join(dict.fromkeys(reasons)),
    }  # fmt: skip


def list_disagreements(merged: DataFrame) -> Iterable[str]:
    """Yield a line of text for each row of `merged` that its coders disagree on."""
    names = list(merged.columns)
    coders = names[
        names.index("status") + 1 : names.index("decision" if "decision" in names else "code")
    ]
    for row in merged[merged["status"] == DIFFERENT].to_dict("records"):
        where = row.get("target") or "{article_id} {start}-{end} {about} {variable}".format_map(row)
        answers = ", ".join(f"{coder}: {row[coder]}" for coder in coders if row[coder])
        words = f"\n    {' '.join(row['exact'].split())}" if row.get("exact") else ""
        yield f"{where}: {answers}{words}" + (f"\n    ({row['reason']})" if row["reason"] else "")
