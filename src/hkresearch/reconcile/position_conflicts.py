"""Positions of all pages -> where they exclude each other, differ in degree or reach, or name another actor."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from itertools import combinations, groupby
from operator import attrgetter
from typing import Any

import pandas as pd

from hkresearch.reconcile.contradiction_types import (
    GOES_ON,
    WITHHOLDS,
    Contradiction,
    group_pages,
    group_sides,
    read_bounds,
)
from hkresearch.reconcile.word_forms import find_words, list_words
from hkresearch.tables.select_rows import choose_subject, iterate_pages, iterate_rows, join_pages
from hkresearch.tables.text_columns import is_among, look_up

COLUMNS = ["position_id", "article_id", "organisation", "position", "modality", "object", "announced_on",
           "effective_from", "start", "end"]  # fmt: skip
LONG = 6  # words from which a quotation is known again


def group_positions(tables: Any, subject: str = "") -> Iterator[tuple[str, list[Any]]]:
    """Yield each organisation and its positions, each with the date of its page; one is in memory at a time."""
    dates = dict(
        zip(
            *(tables.articles[name].to_list() for name in ("article_id", "date_published")),
            strict=True,
        )
    )
    positions = choose_subject(tables.positions, COLUMNS, "organisation", subject)
    rows = iterate_rows(positions, COLUMNS, positions["organisation"].array.argsort(kind="stable"))
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
    """Stated positions that exclude each other: it withholds and goes on as before; it never complied and it complied.

    What is only expected or considered contradicts nothing: judge_modalities and judge_outlooks report it apart.
    """
    stated = [pair for pair in rows if pair[0].modality == "stated"]
    withholds = [pair for pair in stated if pair[0].position in WITHHOLDS]
    goes_on = [pair for pair in stated if pair[0].position in GOES_ON]
    met = _find_meeting(withholds, goes_on, _may_overlap)
    found = _report_stance(
        "stance", organisation, met, "it holds back here, and goes on as before there"
    )
    never = [pair for pair in stated if pair[0].position == "never_complied"]
    complied = [pair for pair in stated if pair[0].position == "comply"]
    met = _find_meeting(never, complied, _may_precede)
    return found + _report_stance(
        "stance", organisation, met, "it has complied here, and never has there"
    )


def judge_outlooks(
    organisation: str, rows: list[Any], book: Mapping[str, Any]
) -> list[Contradiction]:
    """One page states a position, another expects the opposite.

    A page that says both what an organisation does and what is expected of it speaks of now and of later.
    """
    found = []
    for family, opposite in ((WITHHOLDS, GOES_ON), (GOES_ON, WITHHOLDS)):
        stated = [
            pair for pair in rows if pair[0].position in family and pair[0].modality == "stated"
        ]
        both = {row.article_id for row, _ in stated}
        expected = [
            pair
            for pair in rows
            if pair[0].position in opposite
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
    sides = group_sides((_name_position(row), row.position_id) for row in rows)
    return [Contradiction(kind, organisation, "position", reason, sides)] if sides else []


def _name_position(row: Any) -> str:
    return row.position if row.modality == "stated" else f"{row.position} ({row.modality})"


def _may_overlap(one: tuple, other: tuple) -> bool:
    """Two positions at two known times are a change, not a contradiction."""
    a, b = one[1], other[1]
    return not (a and b) or (
        read_bounds(a)[0] <= read_bounds(b)[1] and read_bounds(b)[0] <= read_bounds(a)[1]
    )


def _may_precede(never: tuple, complied: tuple) -> bool:
    """Whether "never" was not said, by a date of its own, after the other: then the other was known to be over."""
    a, b = never[0], complied[1]
    return not (a and b and read_bounds(a)[0] > read_bounds(b)[1])


def find_subjects(tables: Any, subject: str = "") -> list[Contradiction]:
    """The same quoted words, and another organisation that acts: told from the positions that stand around them."""
    claims = choose_subject(tables.claims, ["claim_id", "subject"], "subject", subject)
    subjects = dict(zip(claims["claim_id"], claims["subject"], strict=True))
    quotations, positions = tables.quotations, tables.positions
    if subject:
        quotations = quotations[is_among(quotations["claim_id"], subjects)]
        positions = positions[is_among(positions["article_id"], quotations["article_id"])]
    actors: dict[str, list[tuple]] = defaultdict(list)
    known: dict[tuple, tuple] = {}  # the same organisations and positions are in memory once
    columns = ["position_id", "start", "end", "organisation", "position"]
    quoted = _list_whole_quotations(tables, quotations)
    for article_id, rows, places in join_pages(quoted, iterate_pages(positions, columns)):
        for row in rows:
            acting = [p for p in places if p.start < row.end and p.end > row.start]
            if acting:
                here = tuple(
                    frozenset(getattr(p, name) for p in acting)
                    for name in ("organisation", "position")
                )
                ids = (row.quotation_id, *(p.position_id for p in acting))
                actors[row.claim_id].append((article_id, known.setdefault(here, here), ids))
    found = []
    for claim_id, rows in sorted(actors.items()):
        if _have_other_actors(rows):
            sides = group_sides(
                sorted({(";".join(sorted(here[0])), id) for _, here, ids in rows for id in ids})
            )
            reason = "the same quoted words, but another organisation acts"
            found.append(
                Contradiction(
                    "subject", subjects.get(claim_id, ""), f"statement {claim_id}", reason, sides
                )
            )
    return found


def _list_whole_quotations(
    tables: Any, quotations: pd.DataFrame
) -> Iterator[tuple[str, list[Any]]]:
    """Yield the direct quotations of each page that are long, and no fragments of another one."""
    direct = quotations[quotations["kind"] == "direct"]
    wording = look_up(
        direct["quotation_id"], tables.appearances["annotation_id"], tables.appearances["wording"]
    )
    direct = direct[wording.isin(["verbatim", "altered"])]
    for article_id, rows in iterate_pages(
        direct, ["quotation_id", "start", "end", "exact", "claim_id"]
    ):
        yield article_id, [row for row in rows if len(list_words(row.exact)) >= LONG]


def _have_other_actors(rows: list[tuple]) -> bool:
    """Whether two pages have one position around the words, and no organisation in common that takes it."""
    pages: dict[tuple[frozenset[str], frozenset[str]], set[str]] = defaultdict(set)
    for article_id, here, _ in rows:
        pages[here].add(article_id)
    return any(
        not one[0] & other[0] and one[1] & other[1] and len(pages[one] | pages[other]) > 1
        for one, other in combinations(pages, 2)
    )


def judge_scopes(
    organisation: str, rows: list[Any], book: Mapping[str, Any]
) -> list[Contradiction]:
    """An organisation withholds only new requests here, all of them there: told from the words of the object."""
    rules = book.get("reconcile", {}).get("narrowing", {})
    narrow = [list_words(word) for language in sorted(rules) for word in rules[language]]
    withheld = [
        row
        for row, _ in rows
        if row.position in WITHHOLDS - {"exit"} and row.modality == "stated" and row.object
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
