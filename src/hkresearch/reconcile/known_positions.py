"""Positions of all pages -> those that are in force and reported by a date."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from hkresearch.core.article import HkresearchError
from hkresearch.core.csv_checks import is_iso_date
from hkresearch.reconcile.credited_outlets import find_credited_outlets
from hkresearch.reconcile.outlet_reports import name_outlet
from hkresearch.reconcile.word_forms import REMEMBERED
from hkresearch.tables.select_rows import choose_where
from hkresearch.tables.tables import Tables
from hkresearch.tables.text_columns import is_among, map_texts

_KNOWN_COLUMNS = [
    "position_id",
    "article_id",
    "start",
    "organisation",
    "position",
    "modality",
    "announced_on",
    "effective_from",
    "condition",
    "claim_id",
    "exact",
]


def find_known(tables: Tables, as_of: str = "", *organisations: str) -> pd.DataFrame:
    """Return the positions that are in force and reported by `as_of`, in reading order.

    Of `organisations` or all; those that one of them takes with others (ids joined by ";") are
    among them. Beside the table's columns: `date_published` of the page, and the `origin` that it,
    or what it credits, goes back to.
    """
    _check_date(as_of)
    rows = tables.positions[_KNOWN_COLUMNS]
    if any(organisations):
        named = [
            ids
            for ids in rows["organisation"].unique()
            if not {ids, *ids.split(";")}.isdisjoint(organisations)
        ]
        rows = choose_where(rows, _KNOWN_COLUMNS, "organisation", named)
    rows = rows.sort_values(["article_id", "start", "position_id"])
    articles = tables.articles
    dates = articles["date_published"].fillna("")
    published = dict(zip(articles["article_id"], dates, strict=True))
    origin = dict(zip(tables.origins["article_id"], tables.origins["origin_id"], strict=True))
    rows = rows.assign(
        date_published=map_texts(rows["article_id"], lambda id: published.get(id, "")),
        origin=map_texts(rows["article_id"], lambda id: name_outlet(origin.get(id, id))),
    )
    credited = find_credited_outlets(tables)
    is_credited = is_among(rows["position_id"], credited)
    rows.loc[is_credited, "origin"] = [credited[id] for id in rows["position_id"][is_credited]]
    if not as_of:
        return rows
    given = zip(rows["announced_on"], rows["effective_from"], rows["date_published"], strict=True)
    return rows[np.array([_is_known(*days, as_of) for days in given], dtype=bool)]


@lru_cache(REMEMBERED)
def _is_known(announced: str, effective: str, published: str, as_of: str) -> bool:
    """Return whether a position is in force and reported by `as_of`.

    A date of its own counts before the page's.
    """
    own = [date for date in (announced, effective) if date]
    return all(is_by(date, as_of) for date in own) and (bool(own) or is_by(published, as_of))


def _check_date(as_of: str) -> None:
    """Raise HkresearchError unless `as_of` is empty or an ISO 8601 date, as precise as wanted."""
    if as_of and not is_iso_date(as_of):
        raise HkresearchError(
            f"as_of {as_of!r} is not a date. Write it like 2020-07-06 or 2020-07, "
            "or leave it empty."
        )


def is_by(date: str, as_of: str) -> bool:
    """Return whether `date` is not after `as_of`, at the precision that both have.

    No date excludes nothing.
    """
    date = begin_date(date)
    width = min(len(date[:10]), len(as_of))
    return date[:width] <= as_of[:width]


def begin_date(date: str) -> str:
    """Return the first day of a span of dates, or the date itself."""
    return date.partition("/")[0]
