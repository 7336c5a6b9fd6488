"""Tables -> where the pages contradict each other, each side with its evidence."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

import pandas as pd

from .arithmetic import check_arithmetic
from .headlines import find_headlines
from .rows import choose_where
from .sides import Contradiction, Side
from .stances import find_modalities, find_outlooks, find_scopes, find_stances, find_subjects
from .values import find_orders, find_values

# Kinds of which both sides cannot hold. The others are differences: in degree, in reach, of a headline from its text.
EXCLUSIVE = ("value", "order", "stance", "subject", "arithmetic")

COLUMNS = [
    "contradiction_id",
    "kind",
    "subject",
    "variable",
    "reason",
    "code",
    "article_id",
    "claim_id",
    "annotation_id",
    "exact",
]


def list_contradictions(tables: Any, kinds: Iterable[str] | None = None) -> pd.DataFrame:
    """Return every contradiction and difference (or those of `kinds`), one row per passage on one of its sides.

    Columns: contradiction_id, kind, subject, variable, reason, code (what this side says), article_id, claim_id,
    annotation_id, exact. Contradictions are of the kinds in EXCLUSIVE: value (two codes of a variable that has one),
    order (dates that cannot follow each other), stance (stated positions that exclude each other), subject (the same
    quoted words, another organisation that acts), arithmetic (figures that cannot belong together). Differences, which
    make no claim contested: modality (stated here, considered there), outlook (stated here, the opposite expected
    there), scope (all requests here, new ones there), headline (it says more than its own text).
    Different addressees, dates and periods are neither. The order is fixed.
    """
    kinds = set(FINDERS if kinds is None else kinds)
    every = [found for kind, find in FINDERS.items() if kind in kinds for found in find(tables)]
    ids = {side.annotation_id for found in every for side in found.sides}
    columns = ["annotation_id", "article_id", "exact"]
    chosen = choose_where(tables.annotations, columns, "annotation_id", ids)
    at = {id: place for id, *place in chosen[columns].itertuples(index=False, name=None)}
    claim_of = dict(zip(tables.appearances["annotation_id"], tables.appearances["claim_id"], strict=True))
    rows = []
    for found in every:
        id = hashlib.sha256("\x1f".join(found[:4]).encode()).hexdigest()[:12]
        for side in sorted(set(found.sides)):
            article_id, exact = at[side.annotation_id]
            rows.append((id, *found[:4], side.code, article_id, claim_of.get(side.annotation_id, ""), side.annotation_id, exact))
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return frame.sort_values(
        ["kind", "subject", "variable", "contradiction_id", "code", "article_id", "annotation_id"], ignore_index=True
    )


def find_contested(tables: Any) -> set[str]:
    """Return the ids of the claims that a contradiction puts in doubt; a mere difference does not."""
    doubts = (found for kind in EXCLUSIVE for found in FINDERS[kind](tables))
    ids = {side.annotation_id for found in doubts for side in found.sides}
    return set(choose_where(tables.appearances, ["claim_id"], "annotation_id", ids)["claim_id"])


def _find_arithmetic(tables: Any) -> list[Contradiction]:
    checks = check_arithmetic(tables)
    return [
        Contradiction(
            "arithmetic", row.subject, row.variable, row.sum, tuple(Side(row.result, id) for id in row.evidence)
        )
        for row in checks[~checks["agrees"].astype(bool)].itertuples(index=False)
    ]


FINDERS = {
    "value": find_values, "order": find_orders, "stance": find_stances, "subject": find_subjects,
    "arithmetic": _find_arithmetic, "modality": find_modalities, "outlook": find_outlooks, "scope": find_scopes,
    "headline": find_headlines,
}  # fmt: skip
