"""Tables -> headlines that say more than their own text."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

import pandas as pd

from hkresearch.analysis.views.wording import (
    gather_ids,
    join_words,
    name_entity,
    name_pages,
    shorten,
    tidy_passage,
)
from hkresearch.reconcile import list_contradiction_sides

if TYPE_CHECKING:
    from hkresearch.tables.tables import Tables

HEADLINE_COLUMNS = [
    "page", "about", "why", "headline", "headline_evidence", "the_text_instead",
    "the_text_instead_evidence",
]  # fmt: skip
_QUESTION = ["contradiction_id", "kind", "subject", "variable", "reason"]


def list_headlines(tables: Tables, organisation: str = "") -> pd.DataFrame:
    """Return the headlines that name an organisation, or give it a position, unlike their text."""
    found, names = list_contradiction_sides(tables, ["headline"], organisation), name_pages(tables)
    rows = []
    places = found[[*_QUESTION, "code", "annotation_id", "exact"]].itertuples(
        index=False, name=None
    )
    for (_, _, subject, variable, reason), group in groupby(places, key=itemgetter(slice(5))):
        sides = {
            code: [row[6:] for row in side] for code, side in groupby(group, key=itemgetter(5))
        }
        head, text = sides["headline"], sides.get("text", [])
        article_id = variable.partition(" ")[2]
        rows.append(
            {
                "page": names.get(article_id, article_id),
                "about": name_entity(tables, subject),
                "why": reason,
                "headline": join_words((tidy_passage(exact) for _, exact in head), ";"),
                "headline_evidence": gather_ids(id for id, _ in head),
                "the_text_instead": "; ".join(
                    dict.fromkeys(shorten(tidy_passage(exact), 160) for _, exact in text)
                ),
                "the_text_instead_evidence": gather_ids(id for id, _ in text),
            }
        )
    return pd.DataFrame(rows, columns=HEADLINE_COLUMNS).sort_values(
        ["page", "about"], ignore_index=True
    )
