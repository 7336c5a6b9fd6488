"""Claims and their appearances -> how many pages and independent origins carry each claim."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from hkresearch.reconcile.credited_outlets import find_credited
from hkresearch.tables.schema import make_frame
from hkresearch.tables.tables import Tables

_UNDATED = "~"  # sorts after every date


def count_claims(frames: Mapping[str, Any], book: Mapping[str, Any]) -> pd.DataFrame:
    """Return the claims with their pages, origins and first date, and the status these give."""
    rows = frames["appearances"][["claim_id", "article_id"]].astype("category")
    ids, pages = rows["claim_id"].cat.categories, rows["article_id"].cat.categories
    articles = frames["articles"]
    date_of = dict(zip(articles["article_id"], articles["date_published"], strict=True))
    dates = pd.Categorical([date_of[page] or _UNDATED for page in pages])
    numbers = pd.DataFrame({  # as numbers, of which many fit
        "claim_id": rows["claim_id"].cat.codes,
        "n_articles": rows["article_id"].cat.codes,
        "n_origins": _number_origins(frames, book, rows["article_id"]),
        "first_published": dates.codes[rows["article_id"].cat.codes],
    })  # fmt: skip
    groups = numbers.groupby("claim_id", sort=True)
    counts = groups[["n_articles", "n_origins"]].nunique()
    counts["n_origins"] = counts[["n_articles", "n_origins"]].min(axis="columns")
    first = dates.categories[groups["first_published"].min()]
    counts["first_published"] = ["" if date == _UNDATED else date for date in first]
    counts.index = ids[counts.index]
    claims = frames["claims"].drop(columns=list(counts.columns))
    claims = claims.merge(counts, left_on="claim_id", right_index=True, how="left")
    claims["status"] = (claims["n_origins"] > 1).map({True: "corroborated", False: "single-source"})
    columns = list(make_frame("claims", []).columns)
    return make_frame("claims", claims[columns].itertuples(index=False, name=None))


def _number_origins(
    frames: Mapping[str, Any], book: Mapping[str, Any], pages: pd.Series
) -> list[int]:
    """Return for each appearance a number for the origin that it is credited to, or its page's."""
    origins = frames["origins"]
    origin_of = dict(zip(origins["article_id"], origins["origin_id"], strict=True))
    credited = find_credited(Tables(frames, book))
    number: dict[str, int] = {}
    return [
        number.setdefault(credited.get(id) or origin_of[page], len(number))
        for id, page in zip(frames["appearances"]["annotation_id"], pages, strict=True)
    ]
