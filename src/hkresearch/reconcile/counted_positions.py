"""Positions that pages report -> those that count for where an organisation stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

import numpy as np
import pandas as pd

from hkresearch.reconcile.known_positions import begin_date
from hkresearch.reconcile.position_codes import (
    LASTING_TENSE,
    PAST_TENSE,
    PositionCodes,
    read_position_codes,
)
from hkresearch.reconcile.position_support import SETTLED_DAYS, count_days_between
from hkresearch.reconcile.word_forms import PhraseWords, has_phrase, read_phrases
from hkresearch.tables.select_rows import choose_where
from hkresearch.tables.tables import Tables

_DATES = ("effective_from", "announced_on", "date_published")  # of which the first one counts


def drop_uncounted(tables: Tables, frame: pd.DataFrame) -> pd.DataFrame:
    """Return `frame` without headlines that their text does not bear out, and two things more.

    What says that nothing has changed since repeats what was reported before; what never was, said
    of some requests only, is no "never" where others report that it did.
    """
    codes = read_position_codes(tables.codebook)
    limiting = read_phrases(tables.codebook.get("reconcile", {}).get("limiting", {}))
    kept = _drop_repeated(_drop_bare_headlines(tables, frame), codes)
    return _drop_limited(kept, codes, limiting)


def _drop_bare_headlines(tables: Tables, frame: pd.DataFrame) -> pd.DataFrame:
    """Return `frame` without what headlines alone say.

    That is a position that the text below the headline does not give the organisation, where it
    gives it others.
    """
    columns = ["article_id", "start", "end"]
    marks = choose_where(tables.annotations, columns, "variable", ["headline"])
    spans = {row.article_id: (row.start, row.end) for row in marks.itertuples(index=False)}
    above = []
    below: dict[tuple[str, str], set[str]] = defaultdict(set)
    columns = ["article_id", "organisation", "position", "modality", "start"]
    rows = list(frame[columns].itertuples(index=False, name=None))
    for page, organisation, code, modality, place in rows:
        start, end = spans.get(page, (0, 0))
        above.append(start <= place < end)
        if not above[-1] and modality == "stated":
            below[page, organisation].add(code)
    is_bare = []
    for is_above, (page, organisation, code, _, _) in zip(above, rows, strict=True):
        given = below.get((page, organisation), ())
        is_bare.append(bool(is_above and given and code not in given))
    return frame[~np.array(is_bare, dtype=bool)]


def _drop_repeated(frame: pd.DataFrame, codes: PositionCodes) -> pd.DataFrame:
    """Return `frame` without what only keeps to a position that is reported of the same time."""
    columns = ["organisation", "position", "exact", *_DATES]
    rows = list(frame[columns].itertuples(index=False, name=None))
    kept = [codes.is_kept(code, exact) for _, code, exact, *_ in rows]
    others: dict[str, set[str]] = defaultdict(set)
    for is_kept, (organisation, code, _, *dates) in zip(kept, rows, strict=True):
        if not is_kept and codes.tense.get(code) not in (PAST_TENSE, LASTING_TENSE):
            others[organisation].add(_choose_date(dates))
    is_repeated = [
        is_kept and repeats_any(_choose_date(dates), others[organisation])
        for is_kept, (organisation, _, _, *dates) in zip(kept, rows, strict=True)
    ]
    return frame[~np.array(is_repeated, dtype=bool)]


def _choose_date(dates: list[str]) -> str:
    return begin_date(next(filter(None, dates), ""))


def repeats_any(date: str, others: Collection[str]) -> bool:
    """Return whether one of `others` is, or may be, so much earlier that `date` is after it all.

    Within SETTLED_DAYS "no change" speaks of the same event, and may deny what others report of it.
    """
    known = sorted(other for other in others if other)
    if not (date and known):
        return bool(others)
    return count_days_between(date, known[0]) >= SETTLED_DAYS


def _drop_limited(
    frame: pd.DataFrame, codes: PositionCodes, limiting: list[PhraseWords]
) -> pd.DataFrame:
    """Return `frame` without "none of these" of an organisation that did so in other cases."""
    rows = list(zip(frame["organisation"], frame["position"], frame["exact"], strict=True))
    tenses = [codes.tense.get(code) for _, code, _ in rows]
    did = {
        organisation
        for (organisation, *_), tense in zip(rows, tenses, strict=True)
        if tense == PAST_TENSE
    }
    is_limited = [
        tense == LASTING_TENSE and organisation in did and has_phrase(exact, limiting)
        for (organisation, _, exact), tense in zip(rows, tenses, strict=True)
    ]
    return frame[~np.array(is_limited, dtype=bool)]
