"""Tables -> where the pages contradict each other, each side with its evidence."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from hkresearch.reconcile.arithmetic_checks import check_arithmetic
from hkresearch.reconcile.contradiction_types import Contradiction
from hkresearch.reconcile.headline_conflicts import find_headlines
from hkresearch.reconcile.position_conflicts import (
    group_positions,
    judge_modalities,
    judge_scopes,
)
from hkresearch.reconcile.quoted_actors import find_other_actors
from hkresearch.reconcile.stance_conflicts import (
    judge_outlooks,
    judge_stances,
    judge_tensions,
)
from hkresearch.reconcile.value_conflicts import find_orders, find_values
from hkresearch.tables.select_rows import choose_where
from hkresearch.tables.tables import Tables
from hkresearch.tables.text_columns import find_places, look_up

# Kinds of which both sides cannot hold. The others are differences: in degree, in reach, of a
# headline from its text.
EXCLUSIVE = ("value", "order", "stance", "arithmetic")

# In the order that rows are sorted by.
_SIDE_HEAD = ["kind", "subject", "variable", "contradiction_id", "reason", "code"]
_CONTRADICTION_COLUMNS = [
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


def find_contradictions(
    tables: Tables, kinds: Iterable[str] | None = None, subject: str = ""
) -> Iterator[Contradiction]:
    """Yield the contradictions and differences of `kinds` (else all), in no fixed order.

    With `subject`, only those about it.
    """
    kinds = {*FINDERS, *JUDGES} if kinds is None else set(kinds)
    for find in (find for kind, find in FINDERS.items() if kind in kinds):
        yield from find(tables, subject)
    judges = [judge for kind, judge in JUDGES.items() if kind in kinds]
    for organisation, positions in group_positions(tables, subject) if judges else ():
        for judge in judges:
            yield from judge(organisation, positions, tables.codebook)


def list_contradiction_sides(
    tables: Tables, kinds: Iterable[str] | None = None, subject: str = ""
) -> pd.DataFrame:
    """Return every contradiction and difference, one row per passage on one of its sides.

    Contradictions are of the kinds in EXCLUSIVE: value (two codes of a variable that has one),
    order (dates that cannot follow each other), stance (stated positions of one time that exclude
    each other), arithmetic (figures that cannot belong together).

    Differences, which make no claim contested: tension (positions that exclude each other at one
    time, of times that are not known), subject (the same quoted words, another organisation that is
    named as acting), modality (stated here, considered there), outlook (stated here, the opposite
    expected there), scope (all requests here, new ones there), headline (it says more than its own
    text). Different addressees, dates and periods are neither.

    Parameters
    ----------
    tables : Tables
    kinds : iterable of str, optional
        Only these.
    subject : str
        Only those about it, alone or with others; the rest is not looked for.

    Returns
    -------
    DataFrame
        contradiction_id, kind, subject, variable, reason, code (what this side says), article_id,
        claim_id, annotation_id, exact; all but annotation_id are categories. The order is fixed.
    """
    sides: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for found in find_contradictions(tables, kinds, subject):
        id = hashlib.sha256("\x1f".join(found[:4]).encode()).hexdigest()[:12]
        for code, ids in found.sides.items():
            sides[*found[:3], id, found.reason, code] += ids
    return _tabulate_sides(tables, sides)


def _tabulate_sides(tables: Tables, sides: Mapping[tuple[str, ...], Sequence[str]]) -> pd.DataFrame:
    """Return a row per passage of each side; `sides` are ids of annotations by the side's head."""
    keys = sorted(sides)
    heads = pd.DataFrame(keys, columns=_SIDE_HEAD, dtype="category")  # one row a side
    side = np.repeat(np.arange(len(heads)), [len(sides[head]) for head in keys])
    ids = pd.Series([id for head in keys for id in sides[head]], dtype="str")
    passages = _read_passages(tables, ids)
    place = find_places(ids, passages["annotation_id"])
    order = np.lexsort((place, side))
    rows = heads.iloc[side[order]], passages.iloc[place[order]]
    return pd.concat([part.reset_index(drop=True) for part in rows], axis="columns")[
        _CONTRADICTION_COLUMNS
    ]


def _read_passages(tables: Tables, ids: pd.Series) -> pd.DataFrame:
    """Return the passages `ids`, each once, sorted by page and id."""
    columns = ["article_id", "annotation_id", "exact"]
    passages = choose_where(tables.annotations, columns, "annotation_id", ids)
    passages = passages.astype({"article_id": "category", "exact": "category"}).sort_values(
        columns[:2], ignore_index=True
    )
    claims = choose_where(tables.appearances, ["annotation_id", "claim_id"], "annotation_id", ids)
    return passages.assign(
        claim_id=look_up(passages["annotation_id"], claims["annotation_id"], claims["claim_id"])
    )


def find_contested(tables: Tables) -> set[str]:
    """Return the ids of the claims that a contradiction, not a mere difference, puts in doubt."""
    contested: set[str] = set()
    for kind in EXCLUSIVE:  # one after the other, so that few ids are in memory
        ids: list[str] = []
        for found in find_contradictions(tables, [kind]):
            for side in found.sides.values():
                ids += side
        claims = choose_where(tables.appearances, ["claim_id"], "annotation_id", ids)["claim_id"]
        contested.update(claims.unique())
    return contested


def _find_arithmetic(tables: Tables, subject: str = "") -> list[Contradiction]:
    checks = check_arithmetic(tables, subject)
    return [
        Contradiction("arithmetic", row.subject, row.variable, row.sum, {row.result: row.evidence})
        for row in checks[~checks["agrees"].astype(bool)].itertuples(index=False)
    ]


FINDERS = {
    "value": find_values,
    "order": find_orders,
    "subject": find_other_actors,
    "arithmetic": _find_arithmetic,
    "headline": find_headlines,
}
JUDGES = {  # of the positions of one organisation
    "stance": judge_stances,
    "tension": judge_tensions,
    "modality": judge_modalities,
    "outlook": judge_outlooks,
    "scope": judge_scopes,
}
