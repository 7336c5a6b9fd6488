"""Tables -> where the pages contradict each other, each side with its evidence."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import pandas as pd

from .arithmetic import check_arithmetic
from .wording import find_words, is_han, list_words

WITHHOLDS = frozenset({"pause", "refuse", "stop", "exit"})
LONG = 6  # words from which a quotation is known again
GOES_ON = frozenset({"continue", "no_change"})
MONTHS = {"month": 1, "year": 12}
COLUMNS = ["contradiction_id", "kind", "subject", "variable", "reason", "code", "article_id", "claim_id", "annotation_id", "exact"]


class Side(NamedTuple):
    """One passage on one side of a contradiction."""

    code: str  # what this side says
    annotation_id: str


class Contradiction(NamedTuple):
    """Two or more passages that cannot all hold."""

    kind: str  # value, order, modality, stance, subject, scope, headline, arithmetic
    subject: str
    variable: str
    reason: str
    sides: tuple[Side, ...]


def list_contradictions(tables: Any) -> pd.DataFrame:
    """Return every contradiction, one row per passage on one of its sides, in a fixed order.

    Columns: contradiction_id, kind, subject, variable, reason, code (what this side says), article_id, claim_id,
    annotation_id, exact. `kind` is value (two codes of a variable that has one), order (dates that cannot follow each
    other), modality (stated here, considered there), stance (positions that exclude each other), subject (the same quoted
    words, another organisation that acts), scope (all requests here, new ones there), headline (it says more than its own
    text), arithmetic (figures that cannot belong together). Different addressees, dates, periods and scopes are none.
    """
    annotations = tables.annotations.set_index("annotation_id")
    claim_of = dict(zip(tables.appearances["annotation_id"], tables.appearances["claim_id"], strict=True))
    rows = []
    for found in _find_all(tables):
        id = hashlib.sha256("\x1f".join((found.kind, found.subject, found.variable)).encode()).hexdigest()[:12]
        for side in sorted(set(found.sides)):
            at = annotations.loc[side.annotation_id]
            rows.append((id, *found[:4], side.code, at["article_id"], claim_of.get(side.annotation_id, ""), side.annotation_id, at["exact"]))
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return frame.sort_values(["kind", "subject", "variable", "contradiction_id", "code", "article_id", "annotation_id"], ignore_index=True)


def find_contested(tables: Any) -> set[str]:
    """Return the ids of the claims that a contradiction puts in doubt; a headline's or a scope's does not reach the claim."""
    claim_of = dict(zip(tables.appearances["annotation_id"], tables.appearances["claim_id"], strict=True))
    doubts = [found for found in _find_all(tables) if found.kind not in ("headline", "scope")]
    return {claim_of[side.annotation_id] for found in doubts for side in found.sides if side.annotation_id in claim_of}


def _find_all(tables: Any) -> list[Contradiction]:
    return [
        *_find_values(tables), *_find_orders(tables), *_find_modalities(tables), *_find_stances(tables),
        *_find_subjects(tables), *_find_scopes(tables), *_find_headlines(tables), *_find_arithmetic(tables),
    ]  # fmt: skip


# ---- one variable, two values -----------------------------------------------------------------------------------


def _find_values(tables: Any) -> list[Contradiction]:
    """A variable that has one value a subject, with two: for numbers, of one dimension, period and scope."""
    groups: dict[tuple, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    variables = tables.codebook.get("variables", {})
    scopes = _read_attribute(tables, "scope")
    for row in tables.quantities.itertuples(index=False):
        if variables.get(row.variable, {}).get("single"):
            size, dimension = _measure(row)
            key = (row.organisation, row.variable, dimension, row.period, scopes.get(row.quantity_id, ""))
            groups[key][size].append(row.quantity_id)
    quantities = set(tables.quantities["quantity_id"])
    entities = set(tables.codebook.get("entities", {})) | set(tables.claims["subject"])
    for row in tables.annotations.itertuples(index=False):
        if row.subject in entities and row.annotation_id not in quantities and variables.get(row.variable, {}).get("single"):
            if row.variable != "position":
                groups[row.subject, row.variable, "", "", ""][row.code].append(row.annotation_id)
    found = []
    for (subject, variable, *rest), codes in sorted(groups.items()):
        if _has_two(codes, tables.codebook):
            where = " ".join(filter(None, rest))
            sides = tuple(Side(code, id) for code, ids in codes.items() for id in ids)
            found.append(Contradiction("value", subject, variable, f"one value was expected{' for ' + where if where else ''}", sides))
    return found


def _measure(row: Any) -> tuple[str, str]:
    """Return (size, dimension): terms in months, so that six months and half a year agree; else value and unit."""
    if row.unit in MONTHS:
        return f"{float(row.value) * MONTHS[row.unit]:g} month", "time"
    return f"{float(row.value):.12g} {row.unit}".strip(), row.unit


def _has_two(codes: Iterable[str], book: Mapping[str, Any]) -> bool:
    codes = sorted(codes)
    return any(not may_agree(one, other, book) for i, one in enumerate(codes) for other in codes[i + 1 :])


def may_agree(one: str, other: str, book: Mapping[str, Any]) -> bool:
    """Return whether two codes can both hold: a date and a less precise one, a place and what it is part of."""
    entities = book.get("entities", {})
    if one in entities and other in entities:
        return other in _list_wholes(one, entities) or one in _list_wholes(other, entities)
    if not (_is_date(one) and _is_date(other)):
        return one == other
    low, high = _read_bounds(one)
    from_, to = _read_bounds(other)
    return low <= to and from_ <= high


def _list_wholes(id: str, entities: Mapping[str, Any]) -> set[str]:
    wholes: set[str] = set()
    while id and id not in wholes:
        wholes.add(id)
        id = entities.get(id, {}).get("part_of", "")
    return wholes


def _is_date(code: str) -> bool:
    return bool(re.match(r"\d{4}(-\d{2}){0,2}(/\d{4}(-\d{2}){0,2})?$", code))


def _read_bounds(date: str) -> tuple[str, str]:
    first, _, last = date.partition("/")
    return first, (last or first) + "~"  # "~" sorts after every digit: 2020-07 reaches to its last day


def _read_attribute(tables: Any, variable: str) -> dict[str, str]:
    rows = tables.annotations[tables.annotations["variable"] == variable]
    return dict(zip(rows["subject"], rows["code"], strict=True))


def _find_orders(tables: Any) -> list[Contradiction]:
    """A date that must not come before another, by the book's `not_before`, and does."""
    found = []
    for later, variable in sorted(tables.codebook.get("variables", {}).items()):
        if not (earlier := variable.get("not_before")):
            continue
        for subject in sorted(set(tables.annotations["subject"][tables.annotations["variable"] == later])):
            rows = tables.annotations[tables.annotations["subject"] == subject]
            ends, begins = rows[rows["variable"] == later], rows[rows["variable"] == earlier]
            sides = {
                side
                for a in ends.itertuples(index=False)
                for b in begins.itertuples(index=False)
                if _read_bounds(a.code)[1] < _read_bounds(b.code)[0]
                for side in (Side(f"{later} {a.code}", a.annotation_id), Side(f"{earlier} {b.code}", b.annotation_id))
            }
            if sides:
                reason = f"{later} cannot come before {earlier}"
                found.append(Contradiction("order", subject, later, reason, tuple(sorted(sides))))
    return found


# ---- positions --------------------------------------------------------------------------------------------------


def _group_positions(tables: Any) -> dict[str, list[Any]]:
    dates = dict(zip(tables.articles["article_id"], tables.articles["date_published"], strict=True))
    groups: dict[str, list[Any]] = defaultdict(list)
    for row in tables.positions.itertuples(index=False):
        groups[row.organisation].append((row, dates.get(row.article_id, "")))
    return {organisation: groups[organisation] for organisation in sorted(groups)}


def _find_modalities(tables: Any) -> list[Contradiction]:
    """Stated by one page, only considered by another: unless the page that considers is known to be the earlier one."""
    found = []
    for organisation, rows in _group_positions(tables).items():
        for position in sorted({row.position for row, _ in rows}):
            here = [(row, date) for row, date in rows if row.position == position]
            stated = [pair for pair in here if pair[0].modality == "stated"]
            considered = [pair for pair in here if pair[0].modality == "considered"]
            clash = [pair for pair in considered if any(not (pair[1] and date and pair[1] < date) for _, date in stated)]
            if clash and stated:
                sides = tuple(Side(row.modality, row.position_id) for row, _ in stated + clash)
                found.append(Contradiction("modality", organisation, f"position {position}", "done here, only considered there", sides))
    return found


def _find_stances(tables: Any) -> list[Contradiction]:
    """Positions that exclude each other: it withholds and goes on as before; it never complied and it complied."""
    found = []
    for organisation, rows in _group_positions(tables).items():
        certain = [(row, date) for row, date in rows if row.modality != "considered"]
        withholds = [pair for pair in certain if pair[0].position in WITHHOLDS]
        goes_on = [pair for pair in certain if pair[0].position in GOES_ON]
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
    return bool(a and b) and not (_read_bounds(a)[0] <= _read_bounds(b)[1] and _read_bounds(b)[0] <= _read_bounds(a)[1])


def _is_later(one: tuple, other: tuple) -> bool:
    a, b = one[0].effective_from or one[0].announced_on, _date_position(other)
    return bool(a and b) and _read_bounds(a)[0] > _read_bounds(b)[1]


def _find_subjects(tables: Any) -> list[Contradiction]:
    """The same quoted words, and another organisation that acts: told from the positions that stand around them."""
    around = _group_pages(tables.positions)
    wording = dict(zip(tables.appearances["annotation_id"], tables.appearances["wording"], strict=True))
    actors: dict[str, list[tuple]] = defaultdict(list)
    for row in tables.quotations[tables.quotations["kind"] == "direct"].itertuples(index=False):
        acting = [p for p in around.get(row.article_id, ()) if p.start < row.end and p.end > row.start]
        if acting and len(list_words(row.exact)) >= LONG and wording.get(row.quotation_id) != "fragment":
            actors[row.claim_id].append((row, acting))
    subjects = dict(zip(tables.claims["claim_id"], tables.claims["subject"], strict=True))
    found = []
    for claim_id, rows in sorted(actors.items()):
        if any(_act_apart(one, other) for i, one in enumerate(rows) for other in rows[i + 1 :]):
            sides = {Side(_join_actors(acting), row.quotation_id) for row, acting in rows}
            sides |= {Side(_join_actors(acting), p.position_id) for _, acting in rows for p in acting}
            reason = "the same quoted words, another organisation that acts"
            found.append(Contradiction("subject", subjects.get(claim_id, ""), f"statement {claim_id}", reason, tuple(sorted(sides))))
    return found


def _join_actors(acting: Iterable[Any]) -> str:
    return ";".join(sorted({position.organisation for position in acting}))


def _act_apart(one: tuple, other: tuple) -> bool:
    (a, here), (b, there) = one, other
    who = {p.organisation for p in here}, {p.organisation for p in there}
    what = {p.position for p in here}, {p.position for p in there}
    return a.article_id != b.article_id and not who[0] & who[1] and bool(what[0] & what[1])


def _find_scopes(tables: Any) -> list[Contradiction]:
    """An organisation withholds only new requests here, all of them there: told from the words of the object."""
    rules = tables.codebook.get("reconcile", {}).get("narrowing", {})
    narrow = [list_words(word) for language in sorted(rules) for word in rules[language]]
    found = []
    for organisation, rows in _group_positions(tables).items():
        withheld = [row for row, _ in rows if row.position in WITHHOLDS - {"exit"} and row.modality == "stated" and row.object]
        some = [row for row in withheld if any(find_words(word, list_words(row.object)) >= 0 for word in narrow)]
        whole = [row for row in withheld if row not in some]
        if some and whole and {row.article_id for row in some} != {row.article_id for row in whole}:
            sides = [Side("only some", row.position_id) for row in some] + [Side("all", row.position_id) for row in whole]
            found.append(Contradiction("scope", organisation, "position", "what is withheld: all, or only some", tuple(sides)))
    return found


# ---- a page against itself --------------------------------------------------------------------------------------


def _find_headlines(tables: Any) -> list[Contradiction]:
    """A headline that names an organisation its own text never names, or gives it a position that the text does not."""
    parts = tables.annotations[tables.annotations["variable"] == "part"]
    kinds = tables.codebook.get("parts", {})
    inside = parts.loc[[kinds.get(code, {}).get("kind", "article" if code in ("headline", "body") else "") == "article" for code in parts["code"]]]
    heads = {row.article_id: row for row in inside[inside["code"] == "headline"].sort_values("start", ascending=False).itertuples(index=False)}
    texts = {id: " \n".join(group) for id, group in inside[inside["code"] != "headline"].sort_values("start").groupby("article_id")["exact"]}
    marks = tables.annotations[tables.annotations["variable"] == "headline"]
    mark_of = dict(zip(marks["article_id"], marks["annotation_id"], strict=True))
    positions = _group_pages(tables.positions)
    found = []
    for article_id, head in sorted(heads.items()):
        rows = positions.get(article_id, [])
        above = [row for row in rows if head.start <= row.start and row.end <= head.end]
        below = [row for row in rows if row not in above]
        named = {row.organisation for row in above} | _list_named(head.exact, tables.codebook)
        for organisation in sorted(named):
            found += _judge_headline(tables, article_id, organisation, above, below, texts.get(article_id, ""), mark_of)
    return found


def _group_pages(frame: pd.DataFrame) -> dict[str, list[Any]]:
    groups: dict[str, list[Any]] = defaultdict(list)
    for row in frame.sort_values(["article_id", "start", "end"]).itertuples(index=False):
        groups[row.article_id].append(row)
    return groups


def _judge_headline(tables: Any, article_id: str, organisation: str, above: list, below: list, text: str, mark_of: Mapping[str, str]) -> list[Contradiction]:
    claimed = [row for row in above if row.organisation == organisation]
    is_named = not text or names_entity(text, organisation, tables.codebook)
    families = [family for family in (WITHHOLDS, GOES_ON) if any(row.position in family for row in claimed)]
    given = [row for row in below if row.organisation == organisation]
    unsupported = [f for f in families if given and not any(row.position in f and row.modality == "stated" for row in given)]
    if is_named and not unsupported:
        return []
    ids = [row.position_id for row in claimed] or ([mark_of[article_id]] if article_id in mark_of else [])
    against = given or below[:1]
    sides = [Side("headline", id) for id in ids] + [Side("text", row.position_id) for row in against]
    reason = "the headline says more than the text" if is_named else "the headline names it, the text never does"
    return [Contradiction("headline", organisation, f"headline {article_id}", reason, tuple(sides))] if ids else []


def _list_named(text: str, book: Mapping[str, Any]) -> set[str]:
    return {id for id, entity in book.get("entities", {}).items() if entity.get("kind") == "company" and names_entity(text, id, book)}


def names_entity(text: str, id: str, book: Mapping[str, Any]) -> bool:
    """Return whether `text` names an entity of the book, as the book writes its names."""
    entity = book.get("entities", {}).get(id, {})
    names = entity.get("names", {})
    known = [name for language in sorted(names) for name in names[language]] if isinstance(names, Mapping) else list(names)
    return any(
        name in text if is_han(name) else re.search(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])", text) is not None
        for name in known or [entity.get("label", id)]
    )


def _find_arithmetic(tables: Any) -> list[Contradiction]:
    checks = check_arithmetic(tables)
    return [
        Contradiction("arithmetic", row.subject, row.variable, row.sum, tuple(Side(row.result, id) for id in row.evidence))
        for row in checks[~checks["agrees"].astype(bool)].itertuples(index=False)
    ]
