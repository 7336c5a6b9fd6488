"""Annotations of several coders -> units: what each of them said of one passage.

Two annotations are of one unit when they are on one page, about one subject and one variable, and
share at least half of the shorter span; the same code of the same span comes first, then the unit
with the largest share, then one that already has this code. A coder has one value in a unit: a
second annotation opens another unit. What a coder read (an automatic coder: every page) and did not
code is the value `none`; what a coder did not read has no value.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hkresearch.tables.coding_checks import ALL_VARIABLES, NOTHING_TO_CODE, READ, is_automatic

LEAST_OVERLAP = 0.5  # of the shorter span

CodingRecord = Any  # a row of annotations or codings, as a named tuple
ReadSpans = Mapping[
    tuple[str, str], list[CodingRecord]
]  # (coder, page) -> rows of the spans read in full


@dataclass(slots=True)
class CodingUnit:
    """One passage, subject and variable: what each coder said, and the annotations that say so."""

    article_id: str
    start: int
    end: int
    subject: str
    variable: str
    values: dict[str, str] = field(default_factory=dict)
    evidence: dict[str, str] = field(default_factory=dict)


def find_units(
    records: Sequence[CodingRecord],
    coders: Sequence[str],
    coded: Collection[tuple[str, str]] | None = None,
) -> list[CodingUnit]:
    """Return the units of `coders`, in the order of pages and places.

    Parameters
    ----------
    records : sequence
        Rows of annotations and codings.
    coders : sequence of str
    coded : collection of (str, str), optional
        Who coded which variable anywhere, where `records` are not all there are.
    """
    if coded is None:
        coded = {(record.coder, record.variable) for record in records}
    subjects = name_subjects(records)
    groups: dict[tuple[str, str, str], list[CodingRecord]] = defaultdict(list)
    for record in records:
        if record.coder in coders and record.variable not in (READ, "confidence"):
            subject = subjects.get(record.subject, record.subject)
            groups[record.article_id, subject, record.variable].append(record)
    units = [unit for key in sorted(groups) for unit in _group_records(key, groups[key])]
    _add_silence(units, records, coders, coded)
    return sorted(units, key=_order_unit)


def _order_unit(unit: CodingUnit) -> tuple[str, int, int, str, str]:
    return unit.article_id, unit.start, unit.end, unit.variable, unit.subject


def group_by_variable(
    units: Iterable[CodingUnit], coders: Sequence[str]
) -> list[tuple[str, list[CodingUnit]]]:
    """Return (variable, its units) of what one of `coders` coded, sorted by name."""
    groups: dict[str, list[CodingUnit]] = {}
    for unit in units:
        if any(coder in unit.evidence for coder in coders):
            groups.setdefault(unit.variable, []).append(unit)
    return sorted(groups.items())


def name_subjects(records: Iterable[CodingRecord]) -> dict[str, str]:
    """Return annotation id -> what it says in every coder's words: its subject and variable."""
    named = {}
    for record in records:
        is_about_page = record.subject == record.article_id
        prefix = "" if is_about_page else f"{record.subject}/"
        named[record.annotation_id] = prefix + record.variable
    return named


def _group_records(key: tuple[str, str, str], records: Sequence[CodingRecord]) -> list[CodingUnit]:
    """Return the units of one page, subject and variable."""
    article_id, subject, variable = key
    units: list[CodingUnit] = []
    near: list[CodingUnit] = []  # may still overlap what comes
    for same in _list_same(records):
        first = same[0]
        near = [unit for unit in near if unit.end > first.start]
        unit = _choose_unit(near, same)
        if unit is None:
            unit = CodingUnit(article_id, int(first.start), int(first.end), subject, variable)
            units.append(unit)
            near.append(unit)
        for record in same:
            unit.values[record.coder] = record.code
            unit.evidence[record.coder] = record.annotation_id
    return units


def _choose_unit(units: Iterable[CodingUnit], same: Sequence[CodingRecord]) -> CodingUnit | None:
    """Return the unit that codings of one span with one code belong to, or None."""
    coders = {record.coder for record in same}
    first = same[0]
    free = [
        unit
        for unit in units
        if coders.isdisjoint(unit.values) and _overlap(unit, first) >= LEAST_OVERLAP
    ]

    def rank(unit: CodingUnit) -> tuple[float, bool, int]:
        return _overlap(unit, first), first.code in unit.values.values(), -unit.start

    return max(free, key=rank, default=None)


def _list_same(records: Iterable[CodingRecord]) -> list[list[CodingRecord]]:
    """Return the records by place; those that give one span one code stand together."""
    n_said: Counter[tuple[int, int, str, str]] = Counter()
    same: dict[tuple[int, int, str, int], list[CodingRecord]] = defaultdict(list)
    for record in sorted(records, key=lambda record: (record.coder, record.annotation_id)):
        start, end, code = record.start, record.end, record.code
        earlier = n_said[start, end, code, record.coder]
        same[start, end, code, earlier].append(record)
        n_said[start, end, code, record.coder] += 1
    return [same[key] for key in sorted(same)]


def _overlap(unit: CodingUnit, record: CodingRecord) -> float:
    """Return the characters that both have, as a share of the shorter one."""
    shared = min(unit.end, record.end) - max(unit.start, record.start)
    shorter = min(unit.end - unit.start, record.end - record.start)
    return float(shared / max(1, shorter))


def _add_silence(
    units: Iterable[CodingUnit],
    records: Sequence[CodingRecord],
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
                unit.values[coder] = NOTHING_TO_CODE


def find_read(records: Iterable[CodingRecord]) -> ReadSpans:
    """Return (coder, page) -> the rows that say which spans that person read in full."""
    read: dict[tuple[str, str], list[CodingRecord]] = defaultdict(list)
    for record in records:
        if record.variable == READ:
            read[record.coder, record.article_id].append(record)
    return read


def was_read_by(read: ReadSpans, coder: str, unit: CodingUnit) -> bool:
    """Return whether the person read half of the passage or more, looking for its variable."""
    for row in read.get((coder, unit.article_id), ()):
        if row.code in (ALL_VARIABLES, unit.variable) and _overlap(unit, row) >= LEAST_OVERLAP:
            return True
    return False
