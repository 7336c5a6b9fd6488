"""A claim's id -> the passages it rests on."""

from __future__ import annotations

import pandas as pd

from hkresearch.core.article import HkresearchError
from hkresearch.tables.select_rows import choose_where
from hkresearch.tables.tables import Tables


def trace_claim(tables: Tables, claim_id: str) -> pd.DataFrame:
    """Return the passages that a claim rests on, in page order, one row each.

    Columns: claim_id, wording, article_id, file, publisher, date_published, line, start, end, before, exact, after,
    annotation_id, coder. The beginning of a claim's id is enough where only one claim has it.
    """
    found = (
        tables.claims["claim_id"][tables.claims["claim_id"].str.startswith(claim_id)]
        if claim_id
        else []
    )
    if len(found) != 1:
        raise HkresearchError(
            f"{claim_id!r}: {len(found) or 'no'} claims with this id. The ids stand in the table claims (claims.csv)."
        )
    rows = tables.appearances[tables.appearances["claim_id"] == found.iloc[0]]
    for frame in (tables.annotations.drop(columns="article_id"), tables.passages):
        chosen = choose_where(frame, frame.columns, "annotation_id", rows["annotation_id"])
        rows = rows.merge(chosen, on="annotation_id", how="left")
    rows = rows.merge(
        tables.articles[["article_id", "file", "publisher", "date_published"]],
        on="article_id",
        how="left",
    )
    columns = ["claim_id", "wording", "article_id", "file", "publisher", "date_published", "line", "start", "end",
               "before", "exact", "after", "annotation_id", "coder"]  # fmt: skip
    return rows.sort_values(["article_id", "start", "end", "annotation_id"])[columns].reset_index(
        drop=True
    )
