"""Pages that credit one outlet -> which of them tell the same report of it."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

import pandas as pd

from hkresearch.tables.select_rows import iterate_rows

_REPORT = " · report "  # between an outlet and the number of its report, from the second on
_LEAD_SHARE = 0.5  # of what a page claims, in the page's order: what its report is about
_FEWEST_LEADING = 3
_SHARED_SHARE = 0.5  # of the leading claims of both pages together
_NEAR_DAYS = 4  # between two printings of one report
_CODED = ("positions", "quantities")


class Lead(NamedTuple):
    """What a page claims first, and its date."""

    coded: frozenset[str]  # claims of positions and quantities
    said: frozenset[str]  # claims of quotations
    published: str

    def list_claims(self) -> frozenset[str]:
        """Return all claims that the page leads with."""
        return self.coded | self.said


def name_report(outlet: str, number: int) -> str:
    """Return the origin of an outlet's report; the first one has the outlet's own key."""
    return outlet if number == 1 else f"{outlet}{_REPORT}{number}"


def name_outlet(origin: str) -> str:
    """Return the outlet whose report an origin is, or the origin itself."""
    return origin.partition(_REPORT)[0]


def read_leads(frames: Mapping[str, pd.DataFrame], pages: Iterable[str]) -> dict[str, Lead]:
    """Return what each of `pages` claims first."""
    wanted = set(pages)
    found: dict[str, list[tuple[int, str, bool]]] = defaultdict(list)
    for table in (*_CODED, "quotations"):
        for row in iterate_rows(frames[table], ["article_id", "start", "claim_id"]):
            if row.article_id in wanted and row.claim_id:
                found[row.article_id].append((row.start, row.claim_id, table in _CODED))
    articles = frames["articles"]
    dates = dict(zip(articles["article_id"], articles["date_published"], strict=True))
    return {page: _read_lead(found[page], dates.get(page, "")) for page in sorted(wanted)}


def _read_lead(rows: list[tuple[int, str, bool]], published: str) -> Lead:
    claims = dict.fromkeys((claim, is_coded) for _, claim, is_coded in sorted(rows))
    first = list(claims)[: max(_FEWEST_LEADING, math.ceil(_LEAD_SHARE * len(claims)))]
    return Lead(
        frozenset(claim for claim, is_coded in first if is_coded),
        frozenset(claim for claim, is_coded in first if not is_coded),
        published,
    )


def tell_same_report(one: Lead, other: Lead) -> bool:
    """Return whether two pages that credit one outlet lead with the same claims, at one time."""
    if _count_days(one.published, other.published) > _NEAR_DAYS:
        return False
    if one.coded and other.coded:
        shared = one.coded & other.coded
        return len(shared) >= _SHARED_SHARE * len(one.coded | other.coded)
    return bool(one.said & other.said)


def _count_days(one: str, other: str) -> int:
    """Return the days between two dates; 0 where one is not known to the day."""
    try:
        return abs((date.fromisoformat(one[:10]) - date.fromisoformat(other[:10])).days)
    except ValueError:
        return 0
