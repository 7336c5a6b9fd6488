"""Positions of all pages -> where they exclude each other, differ in degree or reach, or name another actor."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import combinations
from typing import Any

from .sides import GOES_ON, WITHHOLDS, Contradiction, Side, group_pages, read_bounds
from .wording import find_words, list_words

LONG = 6  # words from which a quotation is known again


def _group_positions(tables: Any) -> dict[str, list[Any]]:
    dates = dict(zip(tables.articles["article_id"], tables.articles["date_published"], strict=True))
    groups: dict[str, list[Any]] = defaultdict(list)
    for row in tables.positions.itertuples(index=False):
        groups[row.organisation].append((row, dates.get(row.article_id, "")))
    return {organisation: groups[organisation] for organisation in sorted(groups)}


def find_modalities(tables: Any) -> list[Contradiction]:
    """Stated by one page, only considered by another: unless the page that considers is known to be the earlier one."""
    found = []
    for organisation, rows in _group_positions(tables).items():
        for position in sorted({row.position for row, _ in rows}):
            here = [(row, date) for row, date in rows if row.position == position]
            considered = [pair for pair in here if pair[0].modality == "considered"]
            told = group_pages([row for row, _ in considered])
            stated = [
                pair
                for pair in here
                if pair[0].modality == "stated"
                # one passage, one degree
                and not any(_overlap(pair[0], row) for row in told.get(pair[0].article_id, ()))
            ]
            clash = [
                pair for pair in considered if any(not (pair[1] and date and pair[1] < date) for _, date in stated)
            ]
            if clash and stated:
                sides = tuple(Side(row.modality, row.position_id) for row, _ in stated + clash)
                found.append(
                    Contradiction(
                        "modality", organisation, f"position {position}", "done here, only considered there", sides
                    )
                )
    return found


def _overlap(one: Any, other: Any) -> bool:
    return one.start < other.end and other.start < one.end


def find_stances(tables: Any) -> list[Contradiction]:
    """Stated positions that exclude each other: it withholds and goes on as before; it never complied and it complied.

    What is only expected or considered contradicts nothing: find_modalities and find_outlooks report it apart.
    """
    found = []
    for organisation, rows in _group_positions(tables).items():
        stated = [pair for pair in rows if pair[0].modality == "stated"]
        withholds = [pair for pair in stated if pair[0].position in WITHHOLDS]
        goes_on = [pair for pair in stated if pair[0].position in GOES_ON]
        met = _find_meeting(withholds, goes_on, _may_overlap)
        found += _report_stance("stance", organisation, met, "it holds back here, and goes on as before there")
        never = [pair for pair in stated if pair[0].position == "never_complied"]
        complied = [pair for pair in stated if pair[0].position == "comply"]
        met = _find_meeting(never, complied, _may_precede)
        found += _report_stance("stance", organisation, met, "it has complied here, and never has there")
    return found


def find_outlooks(tables: Any) -> list[Contradiction]:
    """One page states a position, another expects the opposite.

    A page that says both what an organisation does and what is expected of it speaks of now and of later.
    """
    found = []
    for organisation, rows in _group_positions(tables).items():
        for family, opposite in ((WITHHOLDS, GOES_ON), (GOES_ON, WITHHOLDS)):
            stated = [pair for pair in rows if pair[0].position in family and pair[0].modality == "stated"]
            both = {row.article_id for row, _ in stated}
            expected = [
                pair
                for pair in rows
                if pair[0].position in opposite and pair[0].modality == "expected" and pair[0].article_id not in both
            ]
            met = _find_meeting(stated, expected, _may_overlap)
            found += _report_stance("outlook", organisation, met, "stated here, the opposite expected there")
    return found


def _find_meeting(ones: list[tuple], others: list[tuple], may_meet: Callable[[tuple, tuple], bool]) -> list[Any]:
    """Return the rows of both lists that meet one of the other list: looked up by date, so that pages may be many."""
    sides = [defaultdict(list), defaultdict(list)]
    for side, pairs in zip(sides, (ones, others), strict=True):
        for row, published in pairs:
            own = row.effective_from or row.announced_on
            side[own, own or published].append(row)
    met = [(one, other) for one in sides[0] for other in sides[1] if may_meet(one, other)]
    return [row for i, side in enumerate(sides) for key in sorted({pair[i] for pair in met}) for row in side[key]]


def _report_stance(kind: str, organisation: str, rows: list[Any], reason: str) -> list[Contradiction]:
    sides = {Side(_name_position(row), row.position_id) for row in rows}
    return [Contradiction(kind, organisation, "position", reason, tuple(sorted(sides)))] if sides else []


def _name_position(row: Any) -> str:
    return row.position if row.modality == "stated" else f"{row.position} ({row.modality})"


def _may_overlap(one: tuple, other: tuple) -> bool:
    """Two positions at two known times are a change, not a contradiction."""
    a, b = one[1], other[1]
    return not (a and b) or (read_bounds(a)[0] <= read_bounds(b)[1] and read_bounds(b)[0] <= read_bounds(a)[1])


def _may_precede(never: tuple, complied: tuple) -> bool:
    """Whether "never" was not said, by a date of its own, after the other: then the other was known to be over."""
    a, b = never[0], complied[1]
    return not (a and b and read_bounds(a)[0] > read_bounds(b)[1])


def find_subjects(tables: Any) -> list[Contradiction]:
    """The same quoted words, and another organisation that acts: told from the positions that stand around them."""
    around = group_pages(tables.positions)
    wording = dict(zip(tables.appearances["annotation_id"], tables.appearances["wording"], strict=True))
    actors: dict[str, list[tuple]] = defaultdict(list)
    for row in tables.quotations[tables.quotations["kind"] == "direct"].itertuples(index=False):
        acting = [p for p in around.get(row.article_id, ()) if p.start < row.end and p.end > row.start]
        if acting and len(list_words(row.exact)) >= LONG and wording.get(row.quotation_id) in ("verbatim", "altered"):
            actors[row.claim_id].append((row, acting))
    subjects = dict(zip(tables.claims["claim_id"], tables.claims["subject"], strict=True))
    found = []
    for claim_id, rows in sorted(actors.items()):
        if _have_other_actors(rows):
            sides = {Side(_join_actors(acting), row.quotation_id) for row, acting in rows}
            sides |= {Side(_join_actors(acting), p.position_id) for _, acting in rows for p in acting}
            reason = "the same quoted words, but another organisation acts"
            found.append(
                Contradiction(
                    "subject", subjects.get(claim_id, ""), f"statement {claim_id}", reason, tuple(sorted(sides))
                )
            )
    return found


def _join_actors(acting: Iterable[Any]) -> str:
    return ";".join(sorted({position.organisation for position in acting}))


def _have_other_actors(rows: list[tuple]) -> bool:
    """Whether two pages have one position around the words, and no organisation in common that takes it."""
    pages: dict[tuple[frozenset[str], frozenset[str]], set[str]] = defaultdict(set)
    for quote, acting in rows:
        pages[frozenset(p.organisation for p in acting), frozenset(p.position for p in acting)].add(quote.article_id)
    return any(
        not one[0] & other[0] and one[1] & other[1] and len(pages[one] | pages[other]) > 1
        for one, other in combinations(pages, 2)
    )


def find_scopes(tables: Any) -> list[Contradiction]:
    """An organisation withholds only new requests here, all of them there: told from the words of the object."""
    rules = tables.codebook.get("reconcile", {}).get("narrowing", {})
    narrow = [list_words(word) for language in sorted(rules) for word in rules[language]]
    found = []
    for organisation, rows in _group_positions(tables).items():
        withheld = [
            row for row, _ in rows if row.position in WITHHOLDS - {"exit"} and row.modality == "stated" and row.object
        ]
        some = [row for row in withheld if any(find_words(word, list_words(row.object)) >= 0 for word in narrow)]
        whole = [row for row in withheld if row not in some]
        if some and whole and {row.article_id for row in some} != {row.article_id for row in whole}:
            sides = [Side("only a part", row.position_id) for row in some] + [
                Side("all", row.position_id) for row in whole
            ]
            reason = "all of it here, only a part of it there"
            found.append(Contradiction("scope", organisation, "position", reason, tuple(sides)))
    return found
