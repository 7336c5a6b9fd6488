"""What pages report of one organisation -> the code in force, and codes in a tie with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from hkresearch.reconcile.position_codes import (
    GOING_ON,
    LASTING_TENSE,
    OPEN,
    WITHHOLDING,
    PositionCodes,
)

_Texts = npt.NDArray[np.object_]
Places = npt.NDArray[np.intp]  # places of rows
Known = Mapping[str, _Texts]  # column -> its texts in reading order
_SETTLED_DAYS = 14  # after which one page that reports a change is no odd one out
_ODD = 2  # independent origins against which a position that one page alone carries is a suspect
_LASTING_ODD = 3  # the same, where the others say that it never did


class _Standing(NamedTuple):
    """The code that stands, and codes as well supported that cannot be told from it by date."""

    code: str
    ties: tuple[str, ...]


class _Support(NamedTuple):
    """Who carries a code: origins, pages, and its dates."""

    origins: frozenset[str]
    pages: frozenset[str]


def choose_standing(known: Known, rows: Places, codes: PositionCodes) -> _Standing:
    """Return the code in force among `rows`, all of one organisation.

    What was done so far counts only where nothing else is reported; what a later report replaced
    does not count; a code that one page alone carries against several independent ones is passed
    over; else what most origins and pages report.
    """
    groups = {code: rows[known["position"][rows] == code] for code in set(known["position"][rows])}
    past = {code for code, group in groups.items() if codes.is_past(code, known["exact"][group])}
    present = {code: group for code, group in groups.items() if code not in past}
    support = {code: _measure(known, group) for code, group in groups.items()}
    if present and not _is_outweighed(present, past, support, codes):
        groups = present
    replaced = {
        code for code in groups if any(_replaces(known, new, code, groups, codes) for new in groups)
    }
    left = {code: support[code] for code in groups if code not in replaced}
    return _rank_codes(left, codes)


def _measure(known: Known, rows: Places) -> _Support:
    return _Support(frozenset(known["origin"][rows]), frozenset(known["article_id"][rows]))


def _is_outweighed(
    present: Mapping[str, Places],
    past: set[str],
    support: Mapping[str, _Support],
    codes: PositionCodes,
) -> bool:
    """Whether one page alone says that it acts, and several independent ones that it never did."""
    pages = frozenset().union(*(support[code].pages for code in present))
    lasting = [support[code] for code in past if codes.tense[code] == LASTING_TENSE]
    others = frozenset().union(*(one.origins for one in lasting)) if lasting else frozenset()
    return len(pages) == 1 and len(others) >= _LASTING_ODD


def _replaces(
    known: Known, new: str, old: str, groups: Mapping[str, Places], codes: PositionCodes
) -> bool:
    """Whether `new` is reported from a later time than `old`.

    By dates of their own, else between opposite families, or after _SETTLED_DAYS, by the days of
    publication. Pages that report both tell of a change, and do not date the old one.
    """
    families = {codes.family.get(new, ""), codes.family.get(old, "")}
    if (
        new == old
        or OPEN in families
        or LASTING_TENSE in (codes.tense.get(new), codes.tense.get(old))
    ):
        return False
    later, earlier = groups[new], groups[old]
    if _is_after(known["own_date"][later], known["own_date"][earlier]):
        return True
    both = set(known["article_id"][later])
    apart = earlier[[page not in both for page in known["article_id"][earlier]]]
    days = _count_days(known["any_date"][later], known["any_date"][apart])
    if days <= 0:
        return False
    is_alone = len(set(known["article_id"][later])) == 1
    is_odd = is_alone and len(set(known["origin"][apart])) >= _ODD
    is_opposite = families == {WITHHOLDING, GOING_ON}
    is_dated = bool(known["own_date"][later].max())
    return days >= _SETTLED_DAYS or is_dated or is_opposite and not is_odd


def _is_after(new: _Texts, old: _Texts) -> bool:
    """Whether every date of `new` is later than every date of `old`, where both have some."""
    begin, end = min(set(new) - {""}, default=""), max(set(old) - {""}, default="")
    return bool(begin and end) and begin > end and not begin.startswith(end)


def _count_days(new: _Texts, old: _Texts) -> int:
    """Return the days from the last date of `old` to the first of `new`.

    0 where they are not known, or not in order.
    """
    if not _is_after(new, old) or "" in set(old):
        return 0
    begin, end = (min(set(new) - {""})), max(set(old) - {""})
    try:
        return (date.fromisoformat(_fill(begin)) - date.fromisoformat(_fill(end))).days
    except ValueError:
        return 0


def _fill(day: str) -> str:
    return (day[:10] + "-01-01"[len(day) - 4 :])[:10] if len(day) < 10 else day[:10]


def _rank_codes(left: Mapping[str, _Support], codes: PositionCodes) -> _Standing:
    suspects = {code for code in left if _is_suspect(code, left, codes)}
    chosen = {code: one for code, one in left.items() if code not in suspects} or left
    decided = {code: one for code, one in chosen.items() if codes.family.get(code) != OPEN}
    order = sorted(decided or chosen, key=lambda code: _rank(code, left[code], codes))
    best = order[0]
    ties = [
        code
        for code in order[1:]
        if _rank(code, left[code], codes)[:2] == _rank(best, left[best], codes)[:2]
        and left[code].pages.isdisjoint(left[best].pages)
    ]
    return _Standing(best, tuple(ties))


def _rank(code: str, support: _Support, codes: PositionCodes) -> tuple[int, int, int, str]:
    return -len(support.origins), -len(support.pages), codes.rank.get(code, 99), code


def _is_suspect(code: str, left: Mapping[str, _Support], codes: PositionCodes) -> bool:
    """Return whether one page alone carries `code` against several independent ones.

    Codes of one family are wordings of one stand: a page that has another wording of it is no page
    against it.
    """
    mine, family = left[code], codes.family.get(code, "")
    if len(mine.pages) > 1 or family == OPEN:
        return False
    kin = [left[other] for other in left if codes.family.get(other, "") == family]
    if len(frozenset().union(*(one.pages for one in kin))) > 1:
        return False
    return any(
        len(left[other].origins - mine.origins) >= _ODD and not mine.pages & left[other].pages
        for other in left
        if codes.family.get(other, "") != family
    )
