"""Units -> precision, recall and F1 of each automatic coder against each person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hkresearch.analysis.agreement.units import (
    CodingUnit,
    ReadSpans,
    group_by_variable,
    was_read_by,
)
from hkresearch.tables.coding_checks import NOTHING_TO_CODE


def is_same_code(one: str, other: str) -> bool:
    """Return whether two codes are one, numbers by their value."""
    try:
        return one == other or float(one) == float(other)
    except ValueError:
        return False


def score_coders(
    units: Sequence[CodingUnit], automatic: Sequence[str], people: Sequence[str], read: ReadSpans
) -> list[dict[str, Any]]:
    """Return precision, recall and F1 of each automatic coder, a row a person and variable.

    Precision is, of what the coder coded and the person judged, the share that the person coded the
    same. Recall is, of what the person coded in spans read in full, the share that the coder coded
    the same. Where nothing was judged there is no figure.
    """
    rows = []
    for variable, of_variable in group_by_variable(units, people):
        for human in people:
            judged = [unit for unit in of_variable if human in unit.values]
            for coder in automatic:
                if any(coder in unit.values for unit in judged):
                    pair = {"variable": variable, "automatic": coder, "human": human}
                    rows.append({**pair, **_score_pair(judged, coder, human, read)})
    return rows


def _score_pair(
    judged: Sequence[CodingUnit], coder: str, human: str, read: ReadSpans
) -> dict[str, Any]:
    found = [unit for unit in judged if unit.values.get(coder, NOTHING_TO_CODE) != NOTHING_TO_CODE]
    wanted = [
        unit
        for unit in judged
        if unit.values[human] != NOTHING_TO_CODE and was_read_by(read, human, unit)
    ]
    n_right = _count_same(found, coder, human)
    n_met = _count_same(wanted, coder, human)
    precision = n_right / len(found) if found else None
    recall = n_met / len(wanted) if wanted else None
    notes = []
    if not found:
        notes.append("the coder coded nothing that the person judged")
    if not wanted:
        notes.append("no recall: nothing coded in spans that the person read in full")
    return {
        "units": len(judged),
        "right": n_right,
        "wrong": len(found) - n_right,
        "missed": len(wanted) - n_met if wanted else None,
        "precision": precision,
        "recall": recall,
        "f1": _compute_f1(precision, recall),
        "note": "; ".join(notes),
    }


def _count_same(units: Sequence[CodingUnit], coder: str, human: str) -> int:
    """Return in how many of `units` the coder said what the person said."""
    return sum(
        is_same_code(unit.values.get(coder, NOTHING_TO_CODE), unit.values[human]) for unit in units
    )


def _compute_f1(precision: float | None, recall: float | None) -> float | None:
    if precision is None or recall is None:
        return None
    total = precision + recall
    return 2 * precision * recall / total if total else 0.0
