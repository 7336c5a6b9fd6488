"""Annotations of several coders -> units: passages that two or more of them were asked about, with what each said.

Two annotations are of one unit when they are on one page, about one subject and one variable, and share at least half
of the shorter span; the same code of the same span comes first, then the unit with the largest share, then one that
already has this code. A coder has one value in a unit: a second annotation opens another unit. What a coder read (an
automatic coder: every page) and did not code is the value `none`; what a coder did not read has no value.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hkresearch.tables.human_codings import ALL, NOTHING, READ, is_automatic

SHARE = 0.5  # of the shorter span


@dataclass(slots=True)
class Unit:
    """One passage, one subject, one variable: what each coder said, and the annotations that say so."""

    article_id: str
    start: int
    end: int
    subject: str
    variable: str
    values: dict[str, str] = field(default_factory=dict)
    evidence: dict[str, str] = field(default_factory=dict)


def find_units(
    records: Sequence[Any], coders: Sequence[str], coded: Collection[tuple[str, str]] | None = None
) -> list[Unit]:
    """Return the units of `coders`, in the order of pages and places; `records` are rows of annotations and codings.

    `coded` says who coded which variable anywhere, where `records` are not all there are.
    """
    coded = {(r.coder, r.variable) for r in records} if coded is None else coded
    subjects = name_subjects(records)
    groups: dict[tuple, list[Any]] = defaultdict(list)
    for record in records:
        if record.coder in coders and record.variable not in (READ, "confidence"):
            groups[
                record.article_id, subjects.get(record.subject, record.subject), record.variable
            ].append(record)
    units = [unit for key in sorted(groups) for unit in _group_records(key, groups[key])]
    _add_silence(units, records, coders, coded)
    return sorted(units, key=lambda u: (u.article_id, u.start, u.end, u.variable, u.subject))


def name_subjects(records: Iterable[Any]) -> dict[str, str]:
    """Return annotation id -> what an attribute is about in every coder's words: the parent's subject and variable."""
    parents = {r.annotation_id: r for r in records}
    return {
        id: f"{r.subject}/{r.variable}" if r.subject != r.article_id else r.variable
        for id, r in parents.items()
    }


def _group_records(key: tuple[str, str, str], records: list[Any]) -> list[Unit]:
    article_id, subject, variable = key
    units: list[Unit] = []
    near: list[Unit] = []  # may still overlap what comes
    for same in _list_same(records):
        r, coders = same[0], {record.coder for record in same}
        near = [unit for unit in near if unit.end > r.start]
        free = [
            unit for unit in near if coders.isdisjoint(unit.values) and _overlap(unit, r) >= SHARE
        ]
        if free:
            unit = max(free, key=lambda u: (_overlap(u, r), r.code in u.values.values(), -u.start))
        else:
            unit = Unit(article_id, int(r.start), int(r.end), subject, variable)
            units.append(unit)
            near.append(unit)
        unit.values |= dict.fromkeys((record.coder for record in same), r.code)
        unit.evidence |= {record.coder: record.annotation_id for record in same}
    return units


def _list_same(records: Iterable[Any]) -> list[list[Any]]:
    """Return the records in the order of places, those of several coders that give one span one code together."""
    seen: Counter[tuple] = Counter()
    same: dict[tuple, list[Any]] = defaultdict(list)
    for r in sorted(records, key=lambda r: (r.coder, r.annotation_id)):
        said = (r.start, r.end, r.code)
        same[*said, seen[*said, r.coder]].append(r)
        seen[*said, r.coder] += 1
    return [same[key] for key in sorted(same)]


def _overlap(unit: Unit, record: Any) -> float:
    shared = min(unit.end, record.end) - max(unit.start, record.start)
    return shared / max(1, min(unit.end - unit.start, record.end - record.start))


def _add_silence(
    units: list[Unit],
    records: Sequence[Any],
    coders: Sequence[str],
    coded: Collection[tuple[str, str]],
) -> None:
    """Give `none` to each coder who read a unit's passage without coding it."""
    read = find_read(records)
    for unit in units:
        for coder in coders:
            if coder in unit.values:
                continue
            if is_automatic(coder):
                was_read = (coder, unit.variable) in coded
            else:
                was_read = was_read_by(read, coder, unit)
            if was_read:
                unit.values[coder] = NOTHING


def find_read(records: Iterable[Any]) -> dict[tuple[str, str], list[Any]]:
    """Return (coder, page) -> the rows that say which spans that person read in full."""
    read = defaultdict(list)
    for record in records:
        if record.variable == READ:
            read[record.coder, record.article_id].append(record)
    return read


def was_read_by(read: Mapping[tuple[str, str], list[Any]], coder: str, unit: Unit) -> bool:
    """Return whether the person read at least half of the unit's passage, looking for its variable."""
    rows = read.get((coder, unit.article_id), ())
    return any(row.code in (ALL, unit.variable) and _overlap(unit, row) >= SHARE for row in rows)
