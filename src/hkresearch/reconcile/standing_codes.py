"""What pages report of one organisation -> the code in force, and codes in a tie with it.

First the family is chosen (it withholds, goes on, nothing is decided), then the code inside it:
codes of one family are wordings of one stand, unless a later report sets another in their place.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from hkresearch.reconcile.position_codes import (
    GOING_ON,
    LASTING_TENSE,
    OPEN,
    UNCHANGED_TENSE,
    WITHHOLDING,
    PositionCodes,
)
from hkresearch.reconcile.position_support import (
    SETTLED_DAYS,
    Known,
    Places,
    RowGroups,
    Standing,
    Texts,
    count_days_between,
    is_odd_one,
    join_rows,
    measure_support,
)
from hkresearch.reconcile.standing_wordings import choose_family_wording

_LASTING_ODD = 3  # origins that say it never did, against which one page that it acts is odd


def choose_standing(known: Known, rows: Places, codes: PositionCodes) -> Standing:
    """Return the code in force among `rows`, all of one organisation.

    What was done so far counts only where nothing else is reported. A family that one page alone
    carries against several independent ones is a suspect and replaces nothing; of the others, what
    a later report replaced does not count, and what most origins and pages report stands.
    """
    groups = {code: rows[known["position"][rows] == code] for code in set(known["position"][rows])}
    past = {code for code, group in groups.items() if codes.is_past(code, known["exact"][group])}
    present = {code: group for code, group in groups.items() if code not in past}
    if present and not _is_outweighed(known, groups, present, past, codes):
        groups = present
    families: dict[str, dict[str, Places]] = {}
    for code in sorted(groups, key=lambda code: (codes.rank.get(code, 99), code)):
        families.setdefault(codes.family.get(code) or code, {})[code] = groups[code]
    return _rank_families(known, families, codes)


def _is_outweighed(
    known: Known, groups: RowGroups, present: RowGroups, past: set[str], codes: PositionCodes
) -> bool:
    """Whether one page alone says that it acts, and several independent ones that it never did."""
    lasting = [groups[code] for code in past if codes.tense[code] == LASTING_TENSE]
    if not lasting:
        return False
    acting = measure_support(known, join_rows(present.values()))
    return len(acting.pages) == 1 and (
        len(measure_support(known, join_rows(lasting)).origins) >= _LASTING_ODD
    )


def _rank_families(
    known: Known, families: Mapping[str, Mapping[str, Places]], codes: PositionCodes
) -> Standing:
    """Return the code of the family that stands, and those of families in a tie with it."""
    rows = {family: join_rows(group.values()) for family, group in families.items()}
    suspects = {family for family in rows if _is_suspect(known, family, rows)}
    counted = {family: rows[family] for family in rows if family not in suspects} or rows
    changing = {family: _list_changes(families[family], codes) for family in counted}
    replaced = {
        old
        for old in counted
        if any(_replaces(known, new, old, counted, changing[new]) for new in counted)
    }
    left = [family for family in counted if family not in replaced]
    decided = [family for family in left if family != OPEN] or left
    support = {family: measure_support(known, rows[family]) for family in decided}
    order = sorted(decided, key=lambda family: support[family].sort_key())
    best = support[order[0]]
    standing = choose_family_wording(known, families[order[0]], codes)
    tied = [
        family
        for family in order[1:]
        if support[family].sort_key() == best.sort_key()
        and support[family].pages.isdisjoint(best.pages)
    ]
    others = [choose_family_wording(known, families[family], codes).code for family in tied]
    before = [code for family in sorted(replaced) for code in families[family]]
    return Standing(standing.code, (*standing.ties, *others), (*standing.replaced, *before))


def _list_changes(groups: RowGroups, codes: PositionCodes) -> Places:
    """Return the rows that can tell of a change: "no change" never does."""
    changes = [rows for code, rows in groups.items() if codes.tense.get(code) != UNCHANGED_TENSE]
    return join_rows(changes) if changes else np.array([], dtype=np.intp)


def _is_suspect(known: Known, family: str, rows: RowGroups) -> bool:
    """Whether one page alone carries `family`, and several independent ones another.

    Not a page that reports a change long after all the others.
    """
    return family != OPEN and any(
        other != family
        and is_odd_one(known, rows[family], theirs)
        and not _is_long_after(known, rows[family], theirs)
        for other, theirs in rows.items()
    )


def _is_long_after(known: Known, new: Places, old: Places) -> bool:
    """Whether `new` is from SETTLED_DAYS after `old` on; a date of its own tells best."""
    dates = known["any_date"][old]
    is_own = min(known["own_date"][new]) != ""
    days = _count_days(known["any_date"][new], dates[dates != ""] if is_own else dates)
    return days >= SETTLED_DAYS


def _replaces(known: Known, new: str, old: str, rows: RowGroups, later: Places) -> bool:
    """Whether family `new`, by its rows `later`, is reported from a later time than family `old`.

    By dates of their own, else between opposite families, or after SETTLED_DAYS, by the days of
    publication. Pages that report both tell of a change, and do not date the old one.
    """
    if new == old or OPEN in (new, old) or not len(later):
        return False
    earlier = rows[old]
    if _is_after(known["own_date"][later], known["own_date"][earlier]):
        return True
    both = set(known["article_id"][later])
    apart = earlier[[page not in both for page in known["article_id"][earlier]]]
    days = _count_days(known["any_date"][later], known["any_date"][apart])
    if days <= 0:
        return False
    is_odd = len(apart) > 0 and is_odd_one(known, later, apart)
    is_opposite = {new, old} == {WITHHOLDING, GOING_ON}
    is_dated = bool(known["own_date"][later].max())
    return days >= SETTLED_DAYS or is_dated or (is_opposite and not is_odd)


def _is_after(new: Texts, old: Texts) -> bool:
    """Whether every date of `new` is later than every date of `old`, where both have some."""
    begin, end = min(set(new) - {""}, default=""), max(set(old) - {""}, default="")
    return bool(begin and end) and begin > end and not begin.startswith(end)


def _count_days(new: Texts, old: Texts) -> int:
    """Return the days from the last date of `old` to the first of `new`; 0 if not known."""
    if not _is_after(new, old) or "" in set(old):
        return 0
    return count_days_between(min(set(new) - {""}), max(set(old) - {""}))
