"""Positions of all pages, organisation by organisation -> where they differ in degree or reach."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from hkresearch.reconcile.contradiction_types import (
    Contradiction,
    group_pages,
    group_sides,
)
from hkresearch.reconcile.position_codes import (
    WITHHOLDING,
    PositionCodes,
    read_position_codes,
)
from hkresearch.reconcile.word_forms import has_phrase, read_phrases
from hkresearch.tables.select_rows import choose_subject, choose_where, iterate_rows
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


class DatedPosition(NamedTuple):
    """A row of the table of positions, the date of its page, and the period that it speaks of."""

    row: Any
    published: str
    period: str = ""


def group_positions(tables: Tables, subject: str = "") -> Iterator[tuple[str, list[DatedPosition]]]:
    """Yield each organisation and its positions; one organisation is in memory at a time."""
    articles = tables.articles
    dates = dict(
        zip(articles["article_id"].to_list(), articles["date_published"].to_list(), strict=True)
    )
    positions = choose_subject(tables.positions, _JUDGED_COLUMNS, "organisation", subject)
    order = positions["organisation"].array.argsort(kind="stable")
    rows = iterate_rows(positions, _JUDGED_COLUMNS, order)
    marks = choose_where(tables.annotations, ["subject", "code"], "variable", ["period"])
    periods = dict(zip(marks["subject"].to_list(), marks["code"].to_list(), strict=True))
    for organisation, group in groupby(rows, key=attrgetter("organisation")):
        yield (
            organisation,
            [
                DatedPosition(row, dates.get(row.article_id, ""), periods.get(row.position_id, ""))
                for row in group
            ],
        )


def judge_modalities(
    organisation: str, positions: list[DatedPosition], book: Mapping[str, Any]
) -> list[Contradiction]:
    """Return positions that one page states and another only considers.

    Unless the page that considers is known to be the earlier one.
    """
    found = []
    codes = {row.position for row, *_ in positions if row.modality == "considered"}
    for code in sorted(codes):
        here = [pair for pair in positions if pair.row.position == code]
        considered = [pair for pair in here if pair.row.modality == "considered"]
        told = group_pages([row for row, *_ in considered])
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
            sides = group_sides((row.modality, row.position_id) for row, *_ in stated + clash)
            reason = "done here, only considered there"
            found.append(Contradiction("modality", organisation, f"position {code}", reason, sides))
    return found


def _overlap(one: Any, other: Any) -> bool:
    return bool(one.start < other.end and other.start < one.end)


def choose_family(
    positions: list[DatedPosition], codes: PositionCodes, family: str, modality: str
) -> list[DatedPosition]:
    """Return the positions of a family in one modality."""
    return [
        pair
        for pair in positions
        if codes.family.get(pair.row.position) == family and pair.row.modality == modality
    ]


def judge_scopes(
    organisation: str, positions: list[DatedPosition], book: Mapping[str, Any]
) -> list[Contradiction]:
    """Return that it withholds only a part here, by the object, and there no limit is named.

    A page that names a limit stands on that side only.
    """
    codes = read_position_codes(book)
    narrowing = read_phrases(book.get("reconcile", {}).get("narrowing", {}))
    stated = choose_family(positions, codes, WITHHOLDING, "stated")
    withheld = [pair.row for pair in stated if pair.row.object]
    narrowed = {row.object for row in withheld if has_phrase(row.object, narrowing)}
    some = {row.position_id: row.article_id for row in withheld if row.object in narrowed}
    whole = {row.position_id: row.article_id for row in withheld if row.object not in narrowed}
    limited = set(some.values())
    sides = {
        "only a part": list(some),
        "no limit": [id for id, page in whole.items() if page not in limited],
    }
    if not all(sides.values()):
        return []
    reason = "only a part of it here, no limit named there"
    return [Contradiction("scope", organisation, "position", reason, sides)]
