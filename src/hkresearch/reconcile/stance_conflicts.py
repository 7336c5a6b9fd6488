"""Positions of all pages -> where they exclude each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from hkresearch.reconcile.contradiction_types import Contradiction, group_sides, read_bounds
from hkresearch.reconcile.counted_positions import repeats_any
from hkresearch.reconcile.known_positions import begin_date
from hkresearch.reconcile.position_codes import (
    GOING_ON,
    LASTING_TENSE,
    PAST_TENSE,
    WITHHOLDING,
    PositionCodes,
    code_position,
    read_position_codes,
)
from hkresearch.reconcile.position_conflicts import DatedPosition, choose_family
from hkresearch.reconcile.word_forms import has_phrase, read_phrases

_HOLDS_AND_GOES_ON = "it holds back here, and goes on as before there"
_COMPLIED_AND_NEVER = "it has complied here, and never has there"


class _Times(NamedTuple):
    """A position's date of its own, that or else its page's, and the period it speaks of."""

    own: str
    either: str
    period: str


_Sides = tuple[list[DatedPosition], list[DatedPosition]]


def judge_stances(
    organisation: str, positions: list[DatedPosition], book: Mapping[str, Any]
) -> list[Contradiction]:
    """Return stated positions that exclude each other on two pages.

    It withholds and goes on; it never complied and it complied. A contradiction only where both are
    known to be of one time and neither page narrows what it speaks of.
    """
    codes = read_position_codes(book)
    stated = [pair for pair in positions if pair.row.modality == "stated"]
    whole = _drop_narrowed(stated, book, ("narrowing", "restricting"))
    met = _find_meeting(*_split_families(whole, codes), _meet_in_time)
    found = _report_stance("stance", organisation, met, _HOLDS_AND_GOES_ON)
    past = _split_past(stated, book, codes)
    never, complied = (_drop_narrowed(side, book, ("restricting",)) for side in past)
    met = _find_meeting(never, complied, _may_precede)
    return found + _report_stance("stance", organisation, met, _COMPLIED_AND_NEVER)


def judge_tensions(
    organisation: str, positions: list[DatedPosition], book: Mapping[str, Any]
) -> list[Contradiction]:
    """Return the same positions where both may hold.

    At times that no page gives, or of what one page narrows.
    """
    codes = read_position_codes(book)
    stated = [pair for pair in positions if pair.row.modality == "stated"]
    contradicted = {found.reason for found in judge_stances(organisation, positions, book)}
    found = []
    for sides, meet, reason in (
        (_split_families(stated, codes), _may_overlap, _HOLDS_AND_GOES_ON),
        (_split_past(stated, book, codes), _may_precede, _COMPLIED_AND_NEVER),
    ):
        if reason not in contradicted:
            met = _find_meeting(*sides, meet)
            found += _report_stance("tension", organisation, met, f"{reason}; both may hold")
    return found


def _split_families(positions: list[DatedPosition], codes: PositionCodes) -> _Sides:
    """Return what withholds and what goes on.

    Without pages that state both, which tell of a change or of two things, and without what only
    keeps to a position that was reported before.
    """
    withholds, goes_on = (
        choose_family(positions, codes, family, "stated") for family in (WITHHOLDING, GOING_ON)
    )
    before = {begin_date(_read_times(pair).either) for pair in withholds}
    new = [
        pair
        for pair in goes_on
        if not codes.is_kept(pair.row.position, pair.row.exact)
        or not repeats_any(begin_date(_read_times(pair).either), before)
    ]
    both = _list_pages(withholds) & _list_pages(goes_on)
    return _leave_pages(withholds, both), _leave_pages(new, both)


def _list_pages(positions: list[DatedPosition]) -> set[str]:
    return {pair.row.article_id for pair in positions}


def _leave_pages(positions: list[DatedPosition], pages: set[str]) -> list[DatedPosition]:
    return [pair for pair in positions if pair.row.article_id not in pages]


def _split_past(
    positions: list[DatedPosition], book: Mapping[str, Any], codes: PositionCodes
) -> _Sides:
    """Return what it never did and what it did so far.

    A page that says of some requests that it did, and of others that it did not, does not say
    that it never did; nor does one that speaks of some requests only.
    """
    past = [pair for pair in positions if codes.is_past(pair.row.position, [pair.row.exact])]
    never, complied = (
        [pair for pair in past if codes.tense.get(pair.row.position) == tense]
        for tense in (LASTING_TENSE, PAST_TENSE)
    )
    never = _leave_pages(never, _list_pages(complied))
    return _drop_narrowed(never, book, ("limiting",)), complied


def _drop_narrowed(
    positions: list[DatedPosition], book: Mapping[str, Any], lists: Iterable[str]
) -> list[DatedPosition]:
    """Return the positions whose passage has no word by which it speaks of a part only."""
    rules = book.get("reconcile", {})
    phrases = [phrase for name in lists for phrase in read_phrases(rules.get(name, {}))]
    texts = {f"{row.exact} {row.object}" for row, *_ in positions}
    narrowed = {text for text in texts if has_phrase(text, phrases)}
    return [pair for pair in positions if f"{pair.row.exact} {pair.row.object}" not in narrowed]


def judge_outlooks(
    organisation: str, positions: list[DatedPosition], book: Mapping[str, Any]
) -> list[Contradiction]:
    """Return positions that one page states and of which another expects the opposite.

    A page that says both what an organisation does and what is expected of it speaks of now and of
    later.
    """
    codes, found = read_position_codes(book), []
    for family, opposite in ((WITHHOLDING, GOING_ON), (GOING_ON, WITHHOLDING)):
        stated = choose_family(positions, codes, family, "stated")
        both = {row.article_id for row, *_ in stated}
        expected = [
            pair
            for pair in choose_family(positions, codes, opposite, "expected")
            if pair.row.article_id not in both
        ]
        met = _find_meeting(stated, expected, _may_overlap)
        reason = "stated here, the opposite expected there"
        found += _report_stance("outlook", organisation, met, reason)
    return found


def _find_meeting(
    ones: list[DatedPosition],
    others: list[DatedPosition],
    may_meet: Callable[[_Times, _Times], bool],
) -> list[Any]:
    """Return the rows of both lists that meet one of the other list.

    They are looked up by date, so that pages may be many.
    """
    sides = [_group_times(ones), _group_times(others)]
    met = [(one, other) for one in sides[0] for other in sides[1] if may_meet(one, other)]
    rows = []
    for i, side in enumerate(sides):
        for times in sorted({pair[i] for pair in met}):
            rows += side[times]
    return rows


def _group_times(positions: list[DatedPosition]) -> dict[_Times, list[Any]]:
    groups: dict[_Times, list[Any]] = defaultdict(list)
    for pair in positions:
        groups[_read_times(pair)].append(pair.row)
    return groups


def _read_times(pair: DatedPosition) -> _Times:
    own = pair.row.effective_from or pair.row.announced_on
    return _Times(own, own or pair.published, pair.period)


def _report_stance(
    kind: str, organisation: str, rows: list[Any], reason: str
) -> list[Contradiction]:
    if len({row.article_id for row in rows}) < 2:
        return []  # one page that reports both tells of a change, or of two things
    sides = group_sides(
        (code_position(row.position, row.modality), row.position_id) for row in rows
    )
    return [Contradiction(kind, organisation, "position", reason, sides)]


def _may_overlap(one: _Times, other: _Times) -> bool:
    """Return whether two times may be one: two positions at two times are a change."""
    if not (one.either and other.either):
        return True
    return _overlap_dates(one.either, other.either)


def _overlap_dates(one: str, other: str) -> bool:
    begin, end = read_bounds(one)
    other_begin, other_end = read_bounds(other)
    return begin <= other_end and other_begin <= end


def _meet_in_time(one: _Times, other: _Times) -> bool:
    """Return whether both times are known, and may be one."""
    return bool(one.either and other.either) and _may_overlap(one, other)


def _may_precede(never: _Times, complied: _Times) -> bool:
    """Return whether "never" may be said of the time of the other.

    Of a period it speaks only where the other does of the same. Else it was said neither, by a date
    of its own, after the other was over, nor before it began.
    """
    if never.period:
        return bool(complied.period) and _overlap_dates(never.period, complied.period)
    said, given = never.either, complied.own
    if said and given and read_bounds(said)[1] < read_bounds(given)[0]:
        return False
    own, then = never.own, complied.either
    return not (own and then and read_bounds(own)[0] > read_bounds(then)[1])
