"""Codes of one family, which are wordings of one stand -> the one in force."""

from __future__ import annotations

from hkresearch.reconcile.position_codes import FINAL_TENSE, TEMPORARY_TENSE, PositionCodes
from hkresearch.reconcile.position_support import (
    SETTLED_DAYS,
    Known,
    Places,
    RowGroups,
    Standing,
    count_days_between,
    is_odd_one,
    measure_support,
)


def choose_family_wording(known: Known, groups: RowGroups, codes: PositionCodes) -> Standing:
    """Return the code that was reported last, else the one that most origins and pages report."""
    replaced = {
        old
        for old in groups
        if any(_is_later_wording(known, new, old, groups, codes) for new in groups)
    }
    if replaced:  # what no page dates is part of what was replaced
        replaced |= {code for code in groups if not known["any_date"][groups[code]].max()}
    left = [code for code in groups if code not in replaced] or list(groups)
    support = {code: measure_support(known, groups[code]) for code in left}
    # `groups` are in the order of the codes' ranks, which counts where support is alike
    order = sorted(left, key=lambda code: support[code].sort_key())
    best = support[order[0]]
    ties = [
        code
        for code in order[1:]
        if support[code].sort_key() == best.sort_key()
        and support[code].pages.isdisjoint(best.pages)
    ]
    return Standing(order[0], tuple(ties), tuple(sorted(replaced)))


def _is_later_wording(
    known: Known, new: str, old: str, groups: RowGroups, codes: PositionCodes
) -> bool:
    """Whether `new` was said so much later than `old` that it is no other wording of it.

    A page that dates both tells of the change itself. What ends it all, such as leaving, is no
    wording of the others. A page that tells of something temporary later than others may look back.
    """
    if new == old:
        return False
    said, before = known["last_date"][groups[new]], known["last_date"][groups[old]]
    last = max(said, default="")
    is_final = codes.tense.get(new) == FINAL_TENSE != codes.tense.get(old)
    if not last and is_final:
        last = min(set(known["any_date"][groups[new]]) - {""}, default="")
    reference = max(before, default="") or min(
        set(known["any_date"][groups[old]]) - {""}, default=""
    )
    if not (last and reference):
        return False
    is_temporary = codes.tense.get(new) == TEMPORARY_TENSE
    if is_temporary and not max(before, default=""):
        return False
    days = count_days_between(last, reference)
    if is_final or (not is_temporary and _share_page(known, groups[new], groups[old])):
        return days > 0 and not is_odd_one(known, groups[new], groups[old])
    return days >= SETTLED_DAYS


def _share_page(known: Known, new: Places, old: Places) -> bool:
    """Whether one page dates both."""
    dated = [rows[known["last_date"][rows] != ""] for rows in (new, old)]
    pages = [set(known["article_id"][rows]) for rows in dated]
    return not pages[0].isdisjoint(pages[1])
