"""Positions of all pages -> where they exclude each other, differ in degree or reach, or name another actor."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from operator import attrgetter
from typing import Any

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
    read_position_codes,
)
from hkresearch.reconcile.word_forms import find_words, list_words
from hkresearch.tables.select_rows import choose_subject, iterate_rows

_JUDGED_COLUMNS = ["position_id", "article_id", "organisation", "position", "modality", "object", "announced_on",
                  "effective_from", "start", "end", "exact"]  # fmt: skip
_HOLDS_AND_GOES_ON = "it holds back here, and goes on as before there"
_COMPLIED_AND_NEVER = "it has complied here, and never has there"


def group_positions(tables: Any, subject: str = "") -> Iterator[tuple[str, list[Any]]]:
    """Yield each organisation and its positions, each with the date of its page; one is in memory at a time."""
    dates = dict(
        zip(
            *(tables.articles[name].to_list() for name in ("article_id", "date_published")),
            strict=True,
        )
    )
    positions = choose_subject(tables.positions, _JUDGED_COLUMNS, "organisation", subject)
    rows = iterate_rows(
        positions, _JUDGED_COLUMNS, positions["organisation"].array.argsort(kind="stable")
    )
    for organisation, group in groupby(rows, key=attrgetter("organisation")):
        yield organisation, [(row, dates.get(row.article_id, "")) for row in group]


def judge_modalities(
    organisation: str, rows: list[Any], book: Mapping[str, Any]
) -> list[Contradiction]:
    """Stated by one page, only considered by another: unless the page that considers is known to be the earlier one."""
    found = []
    for position in sorted({row.position for row, _ in rows if row.modality == "considered"}):
        here = [pair for pair in rows if pair[0].position == position]
        considered = [pair for pair in here if pair[0].modality == "considered"]
        told = group_pages([row for row, _ in considered])
        stated = [
            pair
            for pair in here
            if pair[0].modality == "stated"
            # one passage, one degree
            and not any(_overlap(pair[0], row) for row in told.get(pair[0].article_id, ()))
        ]
        first = min(
            (date for _, date in stated), default=""
        )  # "" if a page that states it has no date
        clash = [pair for pair in considered if not pair[1] or pair[1] >= first]
        if clash and stated:
            sides = group_sides((row.modality, row.position_id) for row, _ in stated + clash)
            reason = "done here, only considered there"
            found.append(
                Contradiction("modality", organisation, f"position {position}", reason, sides)
            )
    return found


def _overlap(one: Any, other: Any) -> bool:
    return one.start < other.end and other.start < one.end


def judge_stances(
    organisation: str, rows: list[Any], book: Mapping[str, Any]
) -> list[Contradiction]:
    """Stated positions that exclude each other on two pages: it withholds and goes on; it never complied and it complied.

    A contradiction only where both are known to be of one time and neither page narrows what it speaks of.
    """
    codes = read_position_codes(book)
    stated = [pair for pair in rows if pair[0].modality == "stated"]
    whole = _drop_narrowed(stated, book, ("narrowing", "restricting"))
    withholds, goes_on = _split_families(whole, codes)
    met = _find_meeting(withholds, goes_on, _meet_in_time)
    found = _report_stance("stance", organisation, met, _HOLDS_AND_GOES_ON)
    never, complied = _split_past(_drop_narrowed(stated, book, ("restricting",)), codes)
    met = _find_meeting(never, complied, _may_precede)
    return found + _report_stance("stance", organisation, met, _COMPLIED_AND_NEVER)


def judge_tensions(
    organisation: str, rows: list[Any], book: Mapping[str, Any]
) -> list[Contradiction]:
    """The same positions where both may hold: at times that no page gives, or of what one page narrows."""
    codes = read_position_codes(book)
    stated = [pair for pair in rows if pair[0].modality == "stated"]
    is_contradicted = {found.reason for found in judge_stances(organisation, rows, book)}
    found = []
    for split, meet, reason in (
        (_split_families, _may_overlap, _HOLDS_AND_GOES_ON),
        (_split_past, _may_precede, _COMPLIED_AND_NEVER),
    ):
        if reason not in is_contradicted:
            met = _find_meeting(*split(stated, codes), meet)
            found += _report_stance("tension", organisation, met, f"{reason}; both may hold")
    return found


def _split_families(pairs: list[tuple], codes: PositionCodes) -> tuple[list[tuple], list[tuple]]:
    return tuple(
        [pair for pair in pairs if codes.family.get(pair[0].position) == family]
        for family in (WITHHOLDING, GOING_ON)
    )


def _split_past(pairs: list[tuple], codes: PositionCodes) -> tuple[list[tuple], list[tuple]]:
    return tuple(
        [
            pair
            for pair in pairs
            if codes.tense.get(pair[0].position) == tense
            and codes.is_past(pair[0].position, [pair[0].exact])
        ]
        for tense in (LASTING_TENSE, PAST_TENSE)
    )


def _drop_narrowed(
    pairs: list[tuple], book: Mapping[str, Any], lists: Iterable[str]
) -> list[tuple]:
    """Return the pairs whose passage has none of the words by which it speaks of a part only."""
    rules = book.get("reconcile", {})
    words = [
        list_words(word)
        for name in lists
        for _, found in sorted(rules.get(name, {}).items())
        for word in found
    ]
    texts = {f"{row.exact} {row.object}" for row, _ in pairs}
    narrowed = {
        text for text in texts if any(find_words(word, list_words(text)) >= 0 for word in words)
    }
    return [pair for pair in pairs if f"{pair[0].exact} {pair[0].object}" not in narrowed]


def judge_outlooks(
    organisation: str, rows: list[Any], book: Mapping[str, Any]
) -> list[Contradiction]:
    """One page states a position, another expects the opposite.

    A page that says both what an organisation does and what is expected of it speaks of now and of later.
    """
    codes, found = read_position_codes(book), []
    for family, opposite in ((WITHHOLDING, GOING_ON), (GOING_ON, WITHHOLDING)):
        stated = [
            pair
            for pair in rows
            if codes.family.get(pair[0].position) == family and pair[0].modality == "stated"
        ]
        both = {row.article_id for row, _ in stated}
        expected = [
            pair
            for pair in rows
            if codes.family.get(pair[0].position) == opposite
            and pair[0].modality == "expected"
            and pair[0].article_id not in both
        ]
        met = _find_meeting(stated, expected, _may_overlap)
        found += _report_stance(
            "outlook", organisation, met, "stated here, the opposite expected there"
        )
    return found


def _find_meeting(
    ones: list[tuple], others: list[tuple], may_meet: Callable[[tuple, tuple], bool]
) -> list[Any]:
    """Return the rows of both lists that meet one of the other list: looked up by date, so that pages may be many."""
    sides = [defaultdict(list), defaultdict(list)]
    for side, pairs in zip(sides, (ones, others), strict=True):
        for row, published in pairs:
            own = row.effective_from or row.announced_on
            side[own, own or published].append(row)
    met = [(one, other) for one in sides[0] for other in sides[1] if may_meet(one, other)]
    return [
        row
        for i, side in enumerate(sides)
        for key in sorted({pair[i] for pair in met})
        for row in side[key]
    ]


def _report_stance(
    kind: str, organisation: str, rows: list[Any], reason: str
) -> list[Contradiction]:
    if len({row.article_id for row in rows}) < 2:
        return []  # one page that reports both tells of a change, or of two things
    sides = group_sides((_name_position(row), row.position_id) for row in rows)
    return [Contradiction(kind, organisation, "position", reason, sides)]


def _name_position(row: Any) -> str:
    return row.position if row.modality == "stated" else f"{row.position} ({row.modality})"


def _may_overlap(one: tuple, other: tuple) -> bool:
    """Two positions at two known times are a change, not a contradiction."""
    a, b = one[1], other[1]
    return not (a and b) or (
        read_bounds(a)[0] <= read_bounds(b)[1] and read_bounds(b)[0] <= read_bounds(a)[1]
    )


def _meet_in_time(one: tuple, other: tuple) -> bool:
    """Two positions whose times are both known, and are one."""
    return bool(one[1] and other[1]) and _may_overlap(one, other)


def _may_precede(never: tuple, complied: tuple) -> bool:
    """Whether "never" was said neither, by a date of its own, after the other was over, nor before the other began."""
    own, said, given = never[0], never[1], complied[0]
    if said and given and read_bounds(said)[1] < read_bounds(given)[0]:
        return False
    return not (own and complied[1] and read_bounds(own)[0] > read_bounds(complied[1])[1])


def judge_scopes(
    organisation: str, rows: list[Any], book: Mapping[str, Any]
) -> list[Contradiction]:
    """An organisation withholds only new requests here, all of them there: told from the words of the object."""
    codes = read_position_codes(book)
    rules = book.get("reconcile", {}).get("narrowing", {})
    narrow = [list_words(word) for language in sorted(rules) for word in rules[language]]
    withheld = [
        row
        for row, _ in rows
        if codes.family.get(row.position) == WITHHOLDING and row.modality == "stated" and row.object
    ]
    objects = {row.object for row in withheld}
    narrowed = {
        text for text in objects if any(find_words(word, list_words(text)) >= 0 for word in narrow)
    }
    some = [row for row in withheld if row.object in narrowed]
    whole = [row for row in withheld if row.object not in narrowed]
    if not (some and whole) or {row.article_id for row in some} == {
        row.article_id for row in whole
    }:
        return []
    sides = {
        "only a part": [row.position_id for row in some],
        "all": [row.position_id for row in whole],
    }
    return [
        Contradiction(
            "scope", organisation, "position", "all of it here, only a part of it there", sides
        )
    ]
