"""Claims and their appearances -> how many pages and independent origins carry each claim."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from hkresearch.reconcile.credited_outlets import find_credited_outlets
from hkresearch.reconcile.outlet_reports import name_outlet
from hkresearch.tables.schema import conform_frame
from hkresearch.tables.tables import Tables

_UNDATED = "~"  # sorts after every date


def count_claims(frames: Mapping[str, Any], book: Mapping[str, Any]) -> pd.DataFrame:
    """Return the claims with their pages, origins and first date, and the status these give."""
    rows = frames["appearances"][["claim_id", "article_id"]].astype("category")
    ids, pages = rows["claim_id"].cat.categories, rows["article_id"].cat.categories
    # As numbers, of which many fit.
    claim_numbers = rows["claim_id"].cat.codes.to_numpy(np.int64)
    page_numbers = rows["article_id"].cat.codes.to_numpy(np.int64)
    origin_numbers = np.array(_number_origins(frames, book, rows["article_id"]), dtype=np.int64)
    n_articles = _count_different(claim_numbers, page_numbers, len(ids))
    n_origins = _count_different(claim_numbers, origin_numbers, len(ids))
    articles = frames["articles"]
    date_of = dict(zip(articles["article_id"], articles["date_published"], strict=True))
    dates = pd.Categorical([date_of[page] or _UNDATED for page in pages])
    first = np.full(len(ids), len(dates.categories), dtype=np.int64)
    np.minimum.at(first, claim_numbers, dates.codes[page_numbers])
    first_dates = ["" if date == _UNDATED else date for date in dates.categories[first]]
    claims = frames["claims"]
    places = ids.get_indexer(claims["claim_id"])
    n_origins = np.minimum(n_origins, n_articles)[places]
    counted = claims.assign(
        n_articles=n_articles[places],
        n_origins=n_origins,
        first_published=np.array(first_dates, dtype=object)[places],
        status=np.where(n_origins > 1, "corroborated", "single-source"),
    )
    return conform_frame("claims", counted)


def _count_different(
    groups: npt.NDArray[np.int64], values: npt.NDArray[np.int64], n_groups: int
) -> npt.NDArray[np.int64]:
    """Return how many different `values` each group has."""
    n_values = int(values.max(initial=0)) + 1
    pairs = np.unique(groups * n_values + values)
    return np.bincount(pairs // n_values, minlength=n_groups)


def _number_origins(
    frames: Mapping[str, Any], book: Mapping[str, Any], pages: pd.Series
) -> list[int]:
    """Return for each appearance a number for the origin that it is credited to, or its page's."""
    origins = frames["origins"]
    origin_of = dict(zip(origins["article_id"], origins["origin_id"], strict=True))
    credited = find_credited_outlets(Tables(frames, book))
    number: dict[str, int] = {}
    return [
        number.setdefault(credited.get(id) or name_outlet(origin_of[page]), len(number))
        for id, page in zip(frames["appearances"]["annotation_id"], pages, strict=True)
    ]
