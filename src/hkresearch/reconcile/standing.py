"""Positions of all pages -> where each organisation stands on a date."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd

from ..article import HkresearchError
from ..source import is_date
from .claims import code_position
from .origins import find_credited
from .sides import GOES_ON, WITHHOLDS
from .wording import find_words, list_words

# Of two positions with as many origins and pages, the one that says where an organisation stands now comes first.
CURRENT = ("exit", "refuse", "stop", "pause", "never_complied", "no_change", "continue", "comply", "review")
PAST = (
    "never_complied",
    "comply",
)  # what it did so far: where it stands now comes first, if half as many origins report it
COLUMNS = [
    "organisation", "position", "modality", "announced_on", "effective_from", "first_published", "is_dated",
    "condition",
    "n_articles", "n_origins", "reached_from", "dissent", "also", "evidence", "condition_evidence", "dissent_evidence",
]  # fmt: skip


def list_positions(tables: Any, as_of: str = "", organisation: str = "") -> pd.DataFrame:
    """Return one row per organisation, or of one: the position in force on `as_of` (ISO; empty: after all pages).

    In force is what a page states, unless a later announced or effective date replaces it; of several, what most
    origins report. `announced_on`, `effective_from`, `first_published` are the earliest known; `is_dated`: whether any
    is. `dissent` lists what contradicts it, `also` what else is reported; `evidence`, `condition_evidence` and
    `dissent_evidence` hold annotation ids. `reached_from` is the owner whose position a page extends to all it owns.
    """
    owner = tables.codebook.get("entities", {}).get(organisation, {}).get("owner", "")
    rows = _read_positions(tables, check_date(as_of), {organisation, owner} if organisation else None)
    groups: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        groups[row["organisation"]].append(row)
    found = [_stand(name, groups[name], "") for name in sorted(groups) if organisation in ("", name)]
    found += [row for row in _reach(tables, groups, as_of) if organisation in ("", row["organisation"])]
    return pd.DataFrame(found, columns=COLUMNS).sort_values("organisation", ignore_index=True)


def _read_positions(tables: Any, as_of: str, wanted: Collection[str] | None) -> list[dict[str, Any]]:
    published = dict(zip(tables.articles["article_id"], tables.articles["date_published"], strict=True))
    origin = dict(zip(tables.origins["article_id"], tables.origins["origin_id"], strict=True))
    credited = find_credited(tables)
    rows, positions = [], tables.positions
    positions = positions if wanted is None else positions[positions["organisation"].isin(list(wanted))]
    for row in positions.sort_values(["article_id", "start", "position_id"]).to_dict("records"):
        row["published"] = published.get(row["article_id"], "")
        row["origin"] = credited.get(row["position_id"], origin.get(row["article_id"], row["article_id"]))
        if not as_of or is_known(row["announced_on"], row["effective_from"], row["published"], as_of):
            rows.append(row)
    return rows


def is_known(announced: str, effective: str, published: str, as_of: str) -> bool:
    """Return whether a position is in force and reported by `as_of`; a date of its own counts before the page's."""
    own = [date for date in (announced, effective) if date]
    return all(is_by(date, as_of) for date in own) and (bool(own) or is_by(published, as_of))


def check_date(as_of: str) -> str:
    """Return `as_of` if it is empty or an ISO 8601 date, as precise as wanted; else raise HkresearchError."""
    if as_of and not is_date(as_of):
        raise HkresearchError(f"as_of {as_of!r} is not a date. Write it like 2020-07-06 or 2020-07, or leave it empty.")
    return as_of


def is_by(date: str, as_of: str) -> bool:
    """Return whether `date` is not after `as_of`, at the precision that both have; no date excludes nothing."""
    date = _begin(date)
    width = min(len(date[:10]), len(as_of))
    return date[:width] <= as_of[:width]


def _begin(date: str) -> str:
    return date.partition("/")[0]


def _when(row: Mapping[str, Any], reported: bool) -> str:
    return _begin(row["effective_from"] or row["announced_on"] or (row["published"] if reported else ""))


def _stand(organisation: str, rows: list[dict[str, Any]], reached_from: str) -> dict[str, Any]:
    stated = [row for row in rows if row["modality"] == "stated"]
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in stated or rows:
        groups[row["position"]].append(row)
    replaced = {code for code in groups if any(_replaces(other, code, groups) for other in groups)}
    standing = [code for code in groups if code not in replaced]
    best = min(standing, key=lambda code: _rank(code, groups))
    if best in PAST and (current := [code for code in standing if code in WITHHOLDS | GOES_ON]):
        likely = min(current, key=lambda code: _rank(code, groups))
        if len(_count(groups[likely], "origin")) * 2 > len(_count(groups[best], "origin")):
            best = likely
    others = _leave_out(rows, groups[best])
    return _describe(organisation, groups[best], others, reached_from)


def _leave_out(rows: list[dict[str, Any]], gone: list[dict[str, Any]]) -> list[dict[str, Any]]:
    ids = _count(gone, "position_id")
    return [row for row in rows if row["position_id"] not in ids]


def _rank(code: str, groups: Mapping[str, list[dict[str, Any]]]) -> tuple:
    rows = groups[code]
    return (code == "review", -len(_count(rows, "origin")), -len(_count(rows, "article_id")), CURRENT.index(code))


def _count(rows: list[dict[str, Any]], name: str) -> set[str]:
    return {row[name] for row in rows}


def _replaces(new: str, old: str, groups: Mapping[str, list[dict[str, Any]]]) -> bool:
    """Whether every date of `new` is later than those of `old`; publication dates count only between opposites."""
    if new == old or "review" in (new, old) or "never_complied" in (new, old):
        return False
    opposite = (new in WITHHOLDS) != (old in WITHHOLDS)
    begins = sorted(filter(None, (_when(row, opposite) for row in groups[new])))
    ends = sorted(filter(None, (_when(row, opposite) for row in groups[old])))
    return bool(begins and ends) and begins[0] > ends[-1] and not begins[0].startswith(ends[-1])


def _describe(
    organisation: str, rows: list[dict[str, Any]], others: list[dict[str, Any]], reached_from: str
) -> dict[str, Any]:
    conditions = sorted(
        (row for row in rows if row["condition"]), key=lambda row: (-len(row["condition"]), row["position_id"])
    )
    against = [row for row in others if _contradicts(row, rows[0])]
    dates = {
        name: min(filter(None, _count(rows, name)), default="")
        for name in ("announced_on", "effective_from", "published")
    }
    return {
        "organisation": organisation,
        "position": rows[0]["position"],
        "modality": min(_count(rows, "modality"), key=("stated", "expected", "considered").index),
        "announced_on": dates["announced_on"],
        "effective_from": dates["effective_from"],
        "first_published": dates["published"],
        "is_dated": any(dates.values()),
        "condition": conditions[0]["condition"] if conditions else "",
        "n_articles": len(_count(rows, "article_id")),
        "n_origins": len(_count(rows, "origin")),
        "reached_from": reached_from,
        "dissent": _list_codes(against),
        "also": _list_codes(_leave_out(others, against)),
        "evidence": [row["position_id"] for row in rows],
        "condition_evidence": [row["position_id"] for row in conditions],
        "dissent_evidence": [row["position_id"] for row in against],
    }


def _contradicts(row: Mapping[str, Any], standing: Mapping[str, Any]) -> bool:
    one, other = row["position"], standing["position"]
    if one == other:
        return row["modality"] == "considered"
    pairs = {one, other}
    return bool(pairs & WITHHOLDS and pairs & GOES_ON) or pairs == {"never_complied", "comply"}


def _list_codes(rows: list[dict[str, Any]]) -> str:
    pages: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        pages[code_position(_Row(row))].add(row["article_id"])
    return "; ".join(
        f"{code}: {len(pages[code])}" for code in sorted(pages, key=lambda code: (-len(pages[code]), code))
    )


class _Row:
    __slots__ = ("position", "modality")

    def __init__(self, row: Mapping[str, Any]) -> None:
        self.position, self.modality = row["position"], row["modality"]


def _reach(tables: Any, groups: Mapping[str, list[dict[str, Any]]], as_of: str) -> list[dict[str, Any]]:
    """Return rows of what an organisation owns and no page speaks of, where a page extends its owner's position."""
    rules = tables.codebook.get("reconcile", {}).get("reach", {})
    phrases = [list_words(phrase) for language in sorted(rules) for phrase in rules[language]]
    found = []
    for id, entity in sorted(tables.codebook.get("entities", {}).items()):
        owner = entity.get("owner", "")
        if id in groups or not owner or (as_of and entity.get("owned_since", "")[: len(as_of)] > as_of):
            continue
        extended = [
            row for row in groups.get(owner, ())
            if any(find_words(phrase, list_words(f"{row['exact']} {row['object']}")) >= 0 for phrase in phrases)
        ]  # fmt: skip
        if extended:
            found.append(_stand(id, extended, owner))
    return found
