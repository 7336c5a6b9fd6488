"""decisions.csv -> a person's corrections, applied at every build to what the coders found."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hkresearch.core.article import HkresearchError
from hkresearch.core.csv_checks import describe_missing, is_iso_date
from hkresearch.tables.coding_checks import list_codes
from hkresearch.tables.schema import make_frame
from hkresearch.tables.select_rows import choose_where

DECISION_COLUMNS = ("target", "decision", "reason", "coder", "date")
_ARGUMENT_OF_VERB = {"accept": "", "reject": "", "recode": "CODE", "merge": "CLAIM", "split": ""}
_Frames = dict[str, Any]  # annotations and passages stored, all else frames


@dataclass(slots=True)
class Links:
    """What decisions say about claims.

    `merge` holds pairs of groups of annotations, `split` those that stand alone.
    """

    merge: list[tuple[frozenset[str], frozenset[str]]] = field(default_factory=list)
    split: set[str] = field(default_factory=set)


def read_decisions(path: str | os.PathLike[str]) -> list[dict[str, Any]]:
    """Return the rows of a decisions.csv, each with its line number.

    Raises HkresearchError naming every fault of the file at once.
    """
    path = Path(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        rows: list[dict[str, Any]] = [{"line": reader.line_num, **row} for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise HkresearchError(f"{path}: cannot be read as CSV in UTF-8 ({error}).") from None
    names = reader.fieldnames or ()
    if missing := [name for name in DECISION_COLUMNS if name not in names]:
        fault = describe_missing(missing, DECISION_COLUMNS, names)
        raise HkresearchError(f"{path}, line 1: {fault}")
    faults = []
    for row in rows:
        for name in DECISION_COLUMNS:
            row[name] = " ".join((row.get(name) or "").split())
        faults += [f"line {row['line']}: {fault}" for fault in _find_row_faults(row)]
    if faults:
        listed = "\n".join(f"  {fault}" for fault in faults)
        raise HkresearchError(f"{path}: {len(faults)} fault(s):\n{listed}")
    return [
        {"path": str(path), "line": row["line"], **{name: row[name] for name in DECISION_COLUMNS}}
        for row in rows
    ]


def _find_row_faults(row: Mapping[str, Any]) -> list[str]:
    faults = [f"{name} is empty" for name in DECISION_COLUMNS if not row[name]]
    verb, _, rest = row["decision"].partition(" ")
    is_known = verb in _ARGUMENT_OF_VERB and bool(_ARGUMENT_OF_VERB[verb]) == bool(rest)
    if row["decision"] and not is_known:
        verbs = "; ".join(" ".join(pair).strip() for pair in _ARGUMENT_OF_VERB.items())
        faults.append(f"decision {row['decision']!r}; expected one of: {verbs}")
    if row["date"] and not is_iso_date(row["date"]):
        faults.append(f"date {row['date']!r} must be an ISO 8601 date such as 2020-07-06")
    return faults


def apply_decisions(
    frames: _Frames,
    book: Mapping[str, Any],
    decisions: list[dict[str, Any]],
    reconcile: Callable[[_Frames, Links], _Frames],
) -> tuple[_Frames, Links]:
    """Return `frames` with annotations rejected and recoded, and the links that remain for joining.

    A target is an annotation's id or a claim's; a claim's stands for all its annotations. Its id is
    the one it has without any decision, or else the one that the lines above it give. `reconcile`
    makes tables of frames and links. Raises HkresearchError naming the line of every decision that
    matches nothing.
    """
    links, faults, rows = Links(), [], []
    finder = _TargetFinder(frames, reconcile)
    for decision in decisions:
        try:
            targets = finder.find(decision["target"], frames, links)
            frames = _apply_one(decision, targets, frames, links, book, finder)
            rows.append({**decision, "n_matched": len(targets)})
        except HkresearchError as error:
            faults.append(f"{decision['path']}, line {decision['line']}: {error}")
    if faults:
        listed = "\n".join(f"  {fault}" for fault in faults)
        raise HkresearchError(f"{len(faults)} decision(s) cannot be applied:\n{listed}")
    return {**frames, "decisions": make_frame("decisions", rows)}, links


class _TargetFinder:
    """Finds the annotations that a target stands for; joins pages only when a target is a claim."""

    def __init__(self, frames: _Frames, reconcile: Callable[[_Frames, Links], _Frames]) -> None:
        self.untouched, self.reconcile = frames, reconcile
        self.claims: dict[str, list[str]] | None = None

    def find(self, target: str, frames: _Frames, links: Links) -> list[str]:
        """Return the ids of a target's annotations; raises HkresearchError if it has none."""
        if known := _find_known(frames, [target]):
            return known
        if self.claims is None:
            self.claims = self._join(self.untouched, Links())
        found = _find_known(frames, self.claims.get(target, ()))
        found = found or self._join(frames, links).get(target, [])
        if not found:
            raise HkresearchError(
                f"{target!r} matches no annotation and no claim; remove the line, "
                "or find the new id in claims.csv"
            )
        return found

    def _join(self, frames: _Frames, links: Links) -> dict[str, list[str]]:
        appearances = self.reconcile(frames, links)["appearances"]
        return {id: sorted(group) for id, group in appearances.groupby("claim_id")["annotation_id"]}


def _find_known(frames: _Frames, ids: Sequence[str]) -> list[str]:
    """Return those of `ids` that are annotations, in their order."""
    rows = choose_where(frames["annotations"], ["annotation_id"], "annotation_id", ids)
    known = set(rows["annotation_id"])
    return [id for id in ids if id in known]


def _apply_one(
    decision: Mapping[str, Any],
    targets: list[str],
    frames: _Frames,
    links: Links,
    book: Mapping[str, Any],
    finder: _TargetFinder,
) -> _Frames:
    verb, _, rest = decision["decision"].partition(" ")
    if verb == "accept":  # changes nothing, and says that a person looked
        return frames
    if verb == "reject":
        return _reject(frames, targets)
    if verb == "recode":
        return _recode(frames, targets, rest, decision["coder"], book)
    if verb == "split":
        links.split.update(targets)
    else:
        links.merge.append((frozenset(targets), frozenset(finder.find(rest, frames, links))))
    return frames


def _reject(frames: _Frames, targets: list[str]) -> _Frames:
    annotations = frames["annotations"]
    if "part" in _list_variables(frames, targets):
        raise HkresearchError("a part of a page cannot be rejected, the parts tile it; recode it")
    gone: set[str] = set()
    more = set(targets)
    while more:  # attributes go with what they describe
        gone |= more
        attributes = choose_where(annotations, ["annotation_id"], "subject", more)
        more = set(attributes["annotation_id"]) - gone
    return {
        **frames,
        "annotations": annotations.drop(gone),
        "passages": frames["passages"].drop(gone),
    }


def _recode(
    frames: _Frames, targets: list[str], code: str, coder: str, book: Mapping[str, Any]
) -> _Frames:
    for variable in sorted(_list_variables(frames, targets)):
        allowed = list_codes(variable, book)
        if allowed and code not in allowed:
            raise HkresearchError(
                f"{code!r} is no code of {variable}; expected one of: {', '.join(allowed)}"
            )
    return {**frames, "annotations": frames["annotations"].recode(targets, code, coder)}


def _list_variables(frames: _Frames, ids: Sequence[str]) -> set[str]:
    """Return the variables of annotations."""
    return set(choose_where(frames["annotations"], ["variable"], "annotation_id", ids)["variable"])
