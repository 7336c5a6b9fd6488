"""Pages -> the independent origin each one's reporting goes back to, and why."""

from __future__ import annotations

import pandas as pd

from ..schema import make_frame


def list_origins(tables) -> pd.DataFrame:
    """Return article_id, origin_id, reason, evidence, annotation_id: one row a link, a page without one is its own."""
    return tables.origins


def find_origins(frames) -> pd.DataFrame:
    rows = []
    for row in frames["articles"].itertuples(index=False):
        based_on = row.is_based_on.strip()
        rows.append(
            (row.article_id, based_on.casefold() or row.article_id, "register" if based_on else "own", based_on, "")
        )
    return make_frame("origins", rows)
