"""Tables -> the passages that a person is to judge, or a seeded sample of them without codes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hkresearch.core.article import HkresearchError

if TYPE_CHECKING:
    from pandas import DataFrame

    from hkresearch.tables.tables import Tables

UNIT = ("article_id", "start", "end", "exact", "subject", "variable")
DRAWN = ("position", "quotation")


@dataclass(frozen=True, slots=True)
class Passage:
    """A span to be judged: what is asked of it, and what a coder answered.

    Without `code` the question is blind.
    """

    article_id: str
    start: int
    end: int
    exact: str
    subject: str
    variable: str
    code: str = ""
    coder: str = ""
    annotation_id: str = ""


def list_passages(tables: Tables, variables: Sequence[str]) -> list[Passage]:
    """Return every passage coded for one of `variables`, page by page.

    A variable that nothing was coded for raises.
    """
    marks = tables.annotations
    known = set(marks["variable"])
    if unknown := [name for name in variables if name not in known]:
        raise HkresearchError(
            f"variable {', '.join(map(repr, unknown))}: nothing in these tables is coded for it. "
            f"Coded are: {', '.join(sorted(known))}."
        )
    return read_passages(marks[marks["variable"].isin(list(variables))])


def read_passages(frame: DataFrame) -> list[Passage]:
    """Return the rows of `frame` (annotations, or a drawn sample) as passages.

    A sample keeps its order.
    """
    if missing := [name for name in UNIT if name not in frame.columns]:
        raise HkresearchError(
            f"passages: column(s) {', '.join(missing)} missing; "
            "give rows of tables.annotations, or what draw_sample returns."
        )
    is_coded = {"code", "annotation_id", "coder"} <= set(frame.columns)
    names = [*UNIT, *(("code", "coder", "annotation_id") if is_coded else ())]
    rows = frame[frame["start"] < frame["end"]]
    if is_coded:
        rows = rows.sort_values(
            ["article_id", "start", "end", "variable", "subject", "code", "annotation_id"]
        )
    records = rows[names].to_dict("records")
    return [
        Passage(**{**row, "start": int(row["start"]), "end": int(row["end"])}) for row in records
    ]


def draw_sample(
    tables: Tables, n: int, seed: int = 0, variables: str | Sequence[str] = DRAWN
) -> DataFrame:
    """Return `n` passages for blind coding, each variable with its share.

    The same seed draws the same ones.

    Columns: article_id, start, end, exact, subject, variable. What a coder answered is left out,
    and so is all that would betray it (the annotation's id); passages answered twice stand once.
    Asked for more than there are, all.

    >>> sample = hk.draw_sample(tables, 6, seed=1)
    >>> list(sample.columns)
    ['article_id', 'start', 'end', 'exact', 'subject', 'variable']
    """
    names = (variables,) if isinstance(variables, str) else tuple(variables)
    if n < 1:
        raise HkresearchError(f"n = {n}: draw at least one passage.")
    marks = tables.annotations
    marks = marks[marks["variable"].isin(names) & (marks["start"] < marks["end"])]
    units = marks[list(UNIT)].drop_duplicates()
    if units.empty:
        raise HkresearchError(
            f"variables {', '.join(names)}: nothing in these tables is coded for them."
        )
    order = [_rank(seed, row) for row in units.itertuples(index=False)]
    units = units.assign(order=order).sort_values("order")
    shares = _share_out(n, units["variable"].value_counts().to_dict())
    drawn = units[units.groupby("variable").cumcount() < units["variable"].map(shares)]
    return drawn[list(UNIT)].reset_index(drop=True)


def _rank(seed: int, row: Sequence[Any]) -> str:
    """Return a passage's place in the drawing.

    It depends on the seed and itself, so that a new page shifts no other passage.
    """
    return hashlib.sha256(
        "\x1f".join((str(seed), *map(str, row))).encode("utf-8", "surrogatepass")
    ).hexdigest()


def _share_out(n: int, sizes: Mapping[str, int]) -> dict[str, int]:
    """Return how many of `n` each stratum gives, in proportion.

    Largest remainders come first; each gives one where n allows.
    """
    total, names = sum(sizes.values()), sorted(sizes)
    n = min(n, total)
    shares = {name: n * sizes[name] // total for name in names}
    for name in sorted(
        names, key=lambda name: (shares[name] > 0, -(n * sizes[name] % total), name)
    ):
        if sum(shares.values()) < n:
            shares[name] += 1
    return shares
