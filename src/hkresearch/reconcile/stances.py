"""Positions of all pages -> where they exclude each other, differ in degree or reach, or name another actor."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
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
            stated = [pair for pair in here if pair[0].modality == "stated"]
            considered = [pair for pair in here if pair[0].modality == "considered"]
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


def find_stances(tables: Any) -> list[Contradiction]:
    """Positions that exclude each other: it withholds and goes on as before; it never complied and it complied.

    A page that says both what an organisation does and what is expected of it speaks of now and of later.
    """
    found = []
    for organisation, rows in _group_positions(tables).items():
        certain = [(row, date) for row, date in rows if row.modality != "considered"]
        withholds = [pair for pair in certain if pair[0].position in WITHHOLDS]
        goes_on = [pair for pair in certain if pair[0].position in GOES_ON]
        both = {row.article_id for row, _ in goes_on}
        withholds = [pair for pair in withholds if pair[0].modality == "stated" or pair[0].article_id not in both]
        pairs = [(a, b) for a in withholds for b in goes_on if not _are_apart(a, b)]
        found += _report_stance(organisation, pairs, "cannot withhold and go on as before")
        never = [pair for pair in certain if pair[0].position == "never_complied"]
        complied = [pair for pair in certain if pair[0].position == "comply"]
        pairs = [(a, b) for a in never for b in complied if not _is_later(b, a)]
        found += _report_stance(organisation, pairs, "cannot have complied and never have complied")
    return found


def _report_stance(organisation: str, pairs: list[tuple], reason: str) -> list[Contradiction]:
    sides = {Side(_name_position(row), row.position_id) for pair in pairs for row, _ in pair}
    return [Contradiction("stance", organisation, "position", reason, tuple(sorted(sides)))] if sides else []


def _name_position(row: Any) -> str:
    return row.position if row.modality == "stated" else f"{row.position} ({row.modality})"


def _date_position(pair: tuple) -> str:
    row, published = pair
    return row.effective_from or row.announced_on or published


def _are_apart(one: tuple, other: tuple) -> bool:
    """Two positions at two known times are a change, not a contradiction."""
    a, b = _date_position(one), _date_position(other)
    return bool(a and b) and not (read_bounds(a)[0] <= read_bounds(b)[1] and read_bounds(b)[0] <= read_bounds(a)[1])


def _is_later(one: tuple, other: tuple) -> bool:
    a, b = one[0].effective_from or one[0].announced_on, _date_position(other)
    return bool(a and b) and read_bounds(a)[0] > read_bounds(b)[1]


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
        if any(_act_apart(one, other) for i, one in enumerate(rows) for other in rows[i + 1 :]):
            sides = {Side(_join_actors(acting), row.quotation_id) for row, acting in rows}
            sides |= {Side(_join_actors(acting), p.position_id) for _, acting in rows for p in acting}
            reason = "the same quoted words, another organisation that acts"
            found.append(
                Contradiction(
                    "subject", subjects.get(claim_id, ""), f"statement {claim_id}", reason, tuple(sorted(sides))
                )
            )
    return found


def _join_actors(acting: Iterable[Any]) -> str:
    return ";".join(sorted({position.organisation for position in acting}))


def _act_apart(one: tuple, other: tuple) -> bool:
    (a, here), (b, there) = one, other
    who = {p.organisation for p in here}, {p.organisation for p in there}
    what = {p.position for p in here}, {p.position for p in there}
    return a.article_id != b.article_id and not who[0] & who[1] and bool(what[0] & what[1])


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
            sides = [Side("only some", row.position_id) for row in some] + [
                Side("all", row.position_id) for row in whole
            ]
            found.append(
                Contradiction("scope", organisation, "position", "what is withheld: all, or only some", tuple(sides))
            )
    return found
