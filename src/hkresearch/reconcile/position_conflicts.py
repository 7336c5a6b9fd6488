"""Positions of all pages -> where they exclude each other, or differ in degree or reach."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from hkresearch.reconcile.contradiction_types import (
    Contradiction,
    group_pages,
    group_sides,
    read_bounds,
)
from hkresearch.reconcile.position_codes import (
    GOING_ON,
    LASTING_TENSE,
    PAST_TENSE,
    WITHHOLDING,
    PositionCodes,
    code_position,
    read_position_codes,
)
from hkresearch.reconcile.word_forms import has_phrase, read_phrases
from hkresearch.tables.select_rows import choose_subject, iterate_rows
from hkresearch.tables.tables import Tables

_JUDGED_COLUMNS = [
    "position_id",
    "article_id",
    "organisation",
    "position",
    "modality",
    "object",
    "announced_on",
    "effective_from",
    "start",
    "end",
    "exact",
]
_HOLDS_AND_GOES_ON = "it holds back here, and goes on as before there"
_COMPLIED_AND_NEVER = "it has complied here, and never has there"


class DatedPosition(NamedTuple):
    """A row of the table of positions, and the date of its page."""

    row: Any
    published: str


class _Times(NamedTuple):
    """A position's date of its own, and that or else its page's."""

    own: str
    either: str


_Sides = tuple[list[DatedPosition], list[DatedPosition]]


def group_positions(tables: Tables, subject: str = "") -> Iterator[tuple[str, list[DatedPosition]]]:
    """Yield each organisation and its positions; one organisation is in memory at a time."""
    articles = tables.articles
    dates = dict(
        zip(articles["article_id"].to_list(), articles["date_published"].to_list(), strict=True)
    )
    positions = choose_subject(tables.positions, _JUDGED_COLUMNS, "organisation", subject)
    order = positions["organisation"].array.argsort(kind="stable")
    rows = iterate_rows(positions, _JUDGED_COLUMNS, order)
    for organisation, group in groupby(rows, key=attrgetter("organisation")):
        yield organisation, [DatedPosition(row, dates.get(row.article_id, "")) for row in group]


def judge_modalities(
    organisation: str, positions: list[DatedPosition], book: Mapping[str, Any]
) -> list[Contradiction]:
    """Return positions that one page states and another only considers.

    Unless the page that considers is known to be the earlier one.
    """
    found = []
    codes = {row.position for row, _ in positions if row.modality == "considered"}
    for code in sorted(codes):
        here = [pair for pair in positions if pair.row.position == code]
        considered = [pair for pair in here if pair.row.modality == "considered"]
        told = group_pages([row for row, _ in considered])
        stated = []
        for pair in here:
            # one passage, one degree
            same_page = told.get(pair.row.article_id, ())
            is_told = any(_overlap(pair.row, row) for row in same_page)
            if pair.row.modality == "stated" and not is_told:
                stated.append(pair)
        # "" if a page that states it has no date
        first = min((pair.published for pair in stated), default="")
        clash = [pair for pair in considered if not pair.published or pair.published >= first]
        if clash and stated:
            sides = group_sides((row.modality, row.position_id) for row, _ in stated + clash)
            reason = "done here, only considered there"
            found.append(Contradiction("modality", organisation, f"position {code}", reason, sides))
    return found


def _overlap(one: Any, other: Any) -> bool:
    return bool(one.start < other.end and other.start < one.end)


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
    withholds, goes_on = _split_families(whole, codes)
    met = _find_meeting(withholds, goes_on, _meet_in_time)
    found = _report_stance("stance", organisation, met, _HOLDS_AND_GOES_ON)
    never, complied = _split_past(_drop_narrowed(stated, book, ("restricting",)), codes)
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
    is_contradicted = {found.reason for found in judge_stances(organisation, positions, book)}
    found = []
    for split, meet, reason in (
        (_split_families, _may_overlap, _HOLDS_AND_GOES_ON),
        (_split_past, _may_precede, _COMPLIED_AND_NEVER),
    ):
        if reason not in is_contradicted:
            met = _find_meeting(*split(stated, codes), meet)
            found += _report_stance("tension", organisation, met, f"{reason}; both may hold")
    return found


def _split_families(positions: list[DatedPosition], codes: PositionCodes) -> _Sides:
    withholds, goes_on = (
        [pair for pair in positions if codes.family.get(pair.row.position) == family]
        for family in (WITHHOLDING, GOING_ON)
    )
    return withholds, goes_on


def _split_past(positions: list[DatedPosition], codes: PositionCodes) -> _Sides:
    past = [pair for pair in positions if codes.is_past(pair.row.position, [pair.row.exact])]
    never, complied = (
        [pair for pair in past if codes.tense.get(pair.row.position) == tense]
        for tense in (LASTING_TENSE, PAST_TENSE)
    )
    return never, complied


def _drop_narrowed(
    positions: list[DatedPosition], book: Mapping[str, Any], lists: Iterable[str]
) -> list[DatedPosition]:
    """Return the positions whose passage has no word by which it speaks of a part only."""
    rules = book.get("reconcile", {})
    phrases = [phrase for name in lists for phrase in read_phrases(rules.get(name, {}))]
    texts = {f"{row.exact} {row.object}" for row, _ in positions}
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
        stated = _choose_family(positions, codes, family, "stated")
        both = {row.article_id for row, _ in stated}
        expected = [
            pair
            for pair in _choose_family(positions, codes, opposite, "expected")
            if pair.row.article_id not in both
        ]
        met = _find_meeting(stated, expected, _may_overlap)
        reason = "stated here, the opposite expected there"
        found += _report_stance("outlook", organisation, met, reason)
    return found


def _choose_family(
    positions: list[DatedPosition], codes: PositionCodes, family: str, modality: str
) -> list[DatedPosition]:
    return [
        pair
        for pair in positions
        if codes.family.get(pair.row.position) == family and pair.row.modality == modality
    ]


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
    for row, published in positions:
        own = row.effective_from or row.announced_on
        groups[_Times(own, own or published)].append(row)
    return groups


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
    begin, end = read_bounds(one.either)
    other_begin, other_end = read_bounds(other.either)
    return begin <= other_end and other_begin <= end


def _meet_in_time(one: _Times, other: _Times) -> bool:
    """Return whether both times are known, and may be one."""
    return bool(one.either and other.either) and _may_overlap(one, other)


def _may_precede(never: _Times, complied: _Times) -> bool:
    """Return whether "never" may be said of the time of the other.

    It was said neither, by a date of its own, after the other was over, nor before it began.
    """
    said, given = never.either, complied.own
    if said and given and read_bounds(said)[1] < read_bounds(given)[0]:
        return False
    own, then = never.own, complied.either
    return not (own and then and read_bounds(own)[0] > read_bounds(then)[1])


def judge_scopes(
    organisation: str, positions: list[DatedPosition], book: Mapping[str, Any]
) -> list[Contradiction]:
    """Return that an organisation withholds only a part here, and all there, by the object."""
    codes = read_position_codes(book)
    narrowing = read_phrases(book.get("reconcile", {}).get("narrowing", {}))
    stated = _choose_family(positions, codes, WITHHOLDING, "stated")
    withheld = [row for row, _ in stated if row.object]
    objects = {row.object for row in withheld}
    narrowed = {text for text in objects if has_phrase(text, narrowing)}
    some = [row for row in withheld if row.object in narrowed]
    whole = [row for row in withheld if row.object not in narrowed]
    pages = {row.article_id for row in some}
    if not (some and whole) or pages == {row.article_id for row in whole}:
        return []
    sides = {
        "only a part": [row.position_id for row in some],
        "all": [row.position_id for row in whole],
    }
    reason = "all of it here, only a part of it there"
    return [Contradiction("scope", organisation, "position", reason, sides)]
