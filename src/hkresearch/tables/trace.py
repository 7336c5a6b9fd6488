"""A claim's id -> the passages it rests on."""

from __future__ import annotations

import pandas as pd

from hkresearch.core.article import HkresearchError
from hkresearch.tables.select_rows import choose_where
from hkresearch.tables.tables import Tables

_TRACE_COLUMNS = [
    "claim_id", "wording", "article_id", "file", "publisher", "date_published", "line", "start",
    "end", "before", "exact", "after", "annotation_id", "coder",
]  # fmt: skip


def trace_claim(tables: Tables, claim_id: str) -> pd.DataFrame:
    """Return the passages that a claim rests on, in page order, one row each.

    Parameters
    ----------
    tables : Tables
        The tables that the claim is in.
    claim_id : str
        The claim's id, or its beginning where only one claim has it.

    Returns
    -------
    DataFrame
        Columns: claim_id, wording, article_id, file, publisher, date_published, line, start, end,
        before, exact, after, annotation_id, coder.

    Raises
    ------
    HkresearchError
        If no claim or several have this id.
    """
    ids = tables.claims["claim_id"]
    found = ids[ids.str.startswith(claim_id)].to_list() if claim_id else []
    if len(found) != 1:
        raise HkresearchError(
            f"{claim_id!r}: {len(found) or 'no'} claims with this id. "
            "The ids stand in the table claims (claims.csv)."
        )
    rows = tables.appearances[tables.appearances["claim_id"] == found[0]]
    for frame in (tables.annotations.drop(columns="article_id"), tables.passages):
        chosen = choose_where(frame, frame.columns, "annotation_id", rows["annotation_id"])
        rows = rows.merge(chosen, on="annotation_id", how="left")
    pages = tables.articles[["article_id", "file", "publisher", "date_published"]]
    rows = rows.merge(pages, on="article_id", how="left")
    by_place = rows.sort_values(["article_id", "start", "end", "annotation_id"])
    return by_place[_TRACE_COLUMNS].reset_index(drop=True)
