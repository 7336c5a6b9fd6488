"""Tables -> whom each page credits for its text or for something in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from hkresearch.analysis.views.wording import name_pages
from hkresearch.tables.select_rows import choose_where

if TYPE_CHECKING:
    from hkresearch.tables.tables import Tables

CREDIT_COLUMNS = ["page", "credited", "for", "evidence"]
_CREDITED_FOR = {"is_based_on": "the text", "credit": "something in it"}


def list_credits(tables: Tables) -> pd.DataFrame:
    """Return one row per page and outlet that its own words credit, with these words.

    `for` is "the text" (a dateline, a byline, a copyright line, where it stood first) or
    "something in it" (who was told it, who reported it, who helped).
    """
    columns = ["annotation_id", "article_id", "start", "variable", "code"]
    marks = choose_where(tables.annotations, columns, "variable", list(_CREDITED_FOR))
    names = name_pages(tables)
    rows = [
        {
            "page": names.get(mark.article_id, mark.article_id),
            "credited": mark.code,
            "for": _CREDITED_FOR[mark.variable],
            "evidence": [mark.annotation_id],
        }
        for mark in marks.sort_values(["article_id", "start"]).itertuples(index=False)
    ]
    frame = pd.DataFrame(rows, columns=CREDIT_COLUMNS)
    return frame.sort_values(["page", "for"], ascending=[True, False], ignore_index=True)
