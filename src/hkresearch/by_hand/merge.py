"""Files of several coders (all codings, or all decisions) -> one table: what they agree on, and where they differ."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..article import HkresearchError
from ..codings import ALL, NOTHING, READ, read_rows, write_rows
from ..codings import COLUMNS as CODING_COLUMNS
from ..reconcile.decisions import COLUMNS as DECISION_COLUMNS
from ..reconcile.decisions import read_decisions
from .ledger import add_rows

if TYPE_CHECKING:
    from pandas import DataFrame

AGREED, SPAN, DIFFERENT, ALONE = "agreed", "other span", "disagreed", "one coder"
PLACE = ("article_id", "start", "end", "exact", "subject", "variable")
Rows = list[dict[str, Any]]


def merge_codings(*paths: str | os.PathLike) -> DataFrame:
    """Return what the coders of these files say, one row a passage (or target), with a column for each coder.

    `status` is agreed, other span (the same code of overlapping passages; the longer one is shown), disagreed, or one
    coder; a page that a coder read in full and left uncoded counts as `none`. `code` (`decision`) is empty where they
    disagree. All files are coders' own files, or all are decisions.csv.

    >>> for name, code in (("anna", "pause"), ("bela", "refuse")):
    ...     view = hk.code_passages(tables, articles, coder=name, own=True, folder="data/by-hand")
    ...     said = view.recode(code)
    >>> merged = hk.merge_codings("data/by-hand/codings/anna.csv", "data/by-hand/codings/bela.csv")
    >>> merged[["status", "anna", "bela"]].values.tolist()
    [['disagreed', 'pause', 'refuse']]
    """
    import pandas as pd

    if len(paths) < 2:
        raise HkresearchError("merge: name two files at least, for example: codings/anna.csv codings/bela.csv")
    kinds = {_find_kind(Path(path)) for path in paths}
    if len(kinds) > 1:
        raise HkresearchError("merge: some of these files hold codings and some decisions; merge each kind alone.")
    columns = kinds.pop()
    is_decisions = columns is DECISION_COLUMNS
    rows = [row for path in paths for row in (_read_targets(path) if is_decisions else _read_places(path))]
    coders = sorted({row["coder"] for row in rows})
    if len(coders) < 2:
        who = ", ".join(coders) or "none at all"
        raise HkresearchError(f"merge: all rows are by one coder ({who}); nothing to compare.")
    unit, said = (("target",), "decision") if is_decisions else (PLACE, "code")
    if taken := {*unit, said, "status", "coder", "date", "reason"} & set(coders):
        raise HkresearchError(
            f"merge: a coder is called {taken.pop()!r}, as a column of the result is. Rename the coder."
        )
    read = [] if is_decisions else [row for row in rows if row["variable"] == READ]
    groups = _group([row for row in rows if row.get("variable") != READ])
    merged = [_merge(group, coders, unit, said, read) for group in groups]
    names = [*unit, "status", *coders, said, "coder", "date", "reason"]
    return pd.DataFrame(sorted(merged, key=lambda row: [row[name] for name in unit]), columns=names)


def write_merged(merged: DataFrame, path: str | os.PathLike) -> int:
    """Write the rows of `merged` that nobody disputes as a new file of the same kind; return their number."""
    if Path(path).exists():
        raise HkresearchError(f"{path} exists already; what a person decided is never overwritten. Name a new file.")
    rows = merged[merged["status"] != DIFFERENT].to_dict("records")
    if "decision" not in merged.columns:
        write_rows(path, rows)
        return len(rows)
    return add_rows(path, DECISION_COLUMNS, rows, ("target",))


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
        f"nor decisions ({', '.join(DECISION_COLUMNS)})."
    )


def _read_targets(path: str | os.PathLike) -> Rows:
    return [{**row, "key": row["target"], "start": 0, "end": 1} for row in read_decisions(path)]


def _read_places(path: str | os.PathLike) -> Rows:
    rows = []
    for line, row in read_rows(path):
        if not (row["start"].isdigit() and row["end"].isdigit() and row["code"] and row["coder"]):
            raise HkresearchError(f"{path}, line {line}: start, end, code and coder must be filled in.")
        key = (row["article_id"], row["subject"], row["variable"])
        rows.append({**row, "start": int(row["start"]), "end": int(row["end"]), "key": key})
    return rows


def _group(rows: Rows) -> list[Rows]:
    """Return the rows that speak of one passage together: the same span, else the first that shares over half of it."""
    groups: dict[Any, list[Rows]] = {}
    for row in sorted(rows, key=lambda row: (str(row["key"]), row["start"], -row["end"], row["coder"])):
        here = groups.setdefault(row["key"], [])
        same = [g for g in here if any((o["start"], o["end"]) == (row["start"], row["end"]) for o in g)]
        near = [g for g in here if all(o["coder"] != row["coder"] for o in g) and _share(g[0], row) > 0.5]
        if same or near:
            (same or near)[0].append(row)
        else:
            here.append([row])
    return [group for of_key in groups.values() for group in of_key]


def _share(one: Mapping[str, Any], other: Mapping[str, Any]) -> float:
    overlap = min(one["end"], other["end"]) - max(one["start"], other["start"])
    return overlap / max(one["end"] - one["start"], other["end"] - other["start"])


def _merge(group: Rows, coders: Sequence[str], unit: Sequence[str], said: str, read: Rows) -> dict[str, Any]:
    longest = max(group, key=lambda row: (row["end"] - row["start"], -row["start"]))
    codes = {coder: ";".join(sorted({r[said] for r in group if r["coder"] == coder})) for coder in coders}
    for coder in coders:
        if not codes[coder] and any(r["coder"] == coder and _covers(r, longest) for r in read):
            codes[coder] = NOTHING
    given = {code for code in codes.values() if code}
    spans = {(row["start"], row["end"]) for row in group}
    is_alone = sum(map(bool, codes.values())) == 1
    is_split = len(given) > 1 or ";" in "".join(given)  # a coder can also differ with himself
    status = DIFFERENT if is_split else ALONE if is_alone else SPAN if len(spans) > 1 else AGREED
    reasons = [f"{r['coder']}: {r['reason']}" for r in group if r["reason"]]
    return {
        **{name: longest[name] for name in unit}, "status": status, **codes,
        said: "" if status == DIFFERENT else given.pop(), "coder": " and ".join(c for c in coders if codes[c]),
        "date": max(row["date"] for row in group), "reason": "; ".join(dict.fromkeys(reasons)),
    }  # fmt: skip


def _covers(read: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    return (
        read["article_id"] == row["article_id"] and read["code"] in (row["variable"], ALL)
        and read["start"] <= row["start"] and row["end"] <= read["end"]
    )  # fmt: skip


def list_disagreements(merged: DataFrame) -> Iterable[str]:
    """Yield a line of text for each row of `merged` that its coders disagree on."""
    names = list(merged.columns)
    coders = names[names.index("status") + 1 : names.index("decision" if "decision" in names else "code")]
    for row in merged[merged["status"] == DIFFERENT].to_dict("records"):
        where = row.get("target") or "{article_id} {start}-{end} {subject} {variable}".format_map(row)
        answers = ", ".join(f"{coder}: {row[coder]}" for coder in coders if row[coder])
        words = f"\n    {' '.join(row['exact'].split())}" if row.get("exact") else ""
        yield f"{where}: {answers}{words}" + (f"\n    ({row['reason']})" if row["reason"] else "")
