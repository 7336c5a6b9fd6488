"""Positions of all pages -> where each organisation stands on a date."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from hkresearch.reconcile.contradiction_types import choose_first_date
from hkresearch.reconcile.counted_positions import drop_uncounted
from hkresearch.reconcile.known_positions import begin_date, find_known
from hkresearch.reconcile.position_codes import PositionCodes, code_position, read_position_codes
from hkresearch.reconcile.position_support import Known, Places
from hkresearch.reconcile.standing_codes import choose_standing
from hkresearch.reconcile.word_forms import PhraseWords, has_phrase, read_phrases
from hkresearch.tables.select_rows import choose_where
from hkresearch.tables.tables import Tables
from hkresearch.tables.text_columns import is_among, map_texts

_CURRENT_POSITION_COLUMNS = [
    "organisation",
    "position",
    "modality",
    "announced_on",
    "effective_from",
    "first_published",
    "is_dated",
    "condition",
    "n_articles",
    "n_origins",
    "is_past",
    "ties",
    "replaced",
    "reached_from",
    "dissent",
    "also",
    "evidence",
    "condition_evidence",
    "dissent_evidence",
]
_MODALITIES = ("stated", "expected", "considered")  # from the firmest on


def list_current_positions(tables: Tables, as_of: str = "", organisation: str = "") -> pd.DataFrame:
    """Return the position in force of each organisation, one row each.

    In force is what a page states, by the rules of `choose_standing`; a headline that its own text
    does not bear out counts for nothing.

    Parameters
    ----------
    tables : Tables
    as_of : str
        ISO date, as precise as wanted; empty: after all pages.
    organisation : str
        Only this one; empty: all.

    Returns
    -------
    DataFrame
        `ties` are the codes that as many pages report, `replaced` those that a later report took
        the place of; `is_past`: it only says what was done so
        far. `announced_on`, `effective_from`, `first_published` are the earliest known; `is_dated`:
        whether any is. `dissent` lists what contradicts it, `also` what else is reported;
        `evidence`, `condition_evidence` and `dissent_evidence` hold annotation ids. `reached_from`
        is the owner whose position a page extends to all it owns.
    """
    owner = tables.codebook.get("entities", {}).get(organisation, {}).get("owner", "")
    frame = find_known(tables, as_of, *((organisation, owner) if organisation else ()))
    frame = drop_uncounted(tables, frame)
    known, codes = _read_texts(frame), read_position_codes(tables.codebook)
    groups: Mapping[str, Places] = frame.groupby("organisation").indices
    found = [
        _describe_standing(known, codes, name, rows, "")
        for name, rows in groups.items()
        if organisation in ("", name)
    ]
    for name, rows, reached_from in _extend_to_owned(tables, frame, groups, as_of):
        if organisation in ("", name):
            found.append(_describe_standing(known, codes, name, rows, reached_from))
    positions = pd.DataFrame(found, columns=_CURRENT_POSITION_COLUMNS)
    return positions.sort_values("organisation", ignore_index=True)


def _read_texts(frame: pd.DataFrame) -> Known:
    """Return the columns as arrays of texts, with the date of each position or its page."""
    names = [name for name in frame.columns if name not in ("start", "position_id")]
    known = {name: map_texts(frame[name], str) for name in names}
    known["position_id"] = frame["position_id"].to_numpy(dtype=object)
    own = np.where(known["effective_from"] != "", known["effective_from"], known["announced_on"])
    either = np.where(own != "", own, known["date_published"])
    for name, dates in (("own_date", own), ("any_date", either)):
        known[name] = map_texts(pd.Series(dates, dtype=object), begin_date)
    begins = (map(begin_date, known[name]) for name in ("announced_on", "effective_from"))
    known["last_date"] = np.array([max(pair) for pair in zip(*begins, strict=True)], dtype=object)
    return known


def _describe_standing(
    known: Known, codes: PositionCodes, organisation: str, rows: Places, reached_from: str
) -> dict[str, Any]:
    """Return the row of an organisation whose positions stand at `rows`."""
    stated = rows[known["modality"][rows] == "stated"]
    counted = stated if len(stated) else rows
    standing = choose_standing(known, counted, codes)
    chosen = counted[known["position"][counted] == standing.code]
    others = _leave_out(rows, chosen)
    against = others[_find_opposing(known, codes, others, standing.code)]
    return {
        "organisation": organisation,
        "position": standing.code,
        "modality": min(_list_texts(known, chosen, "modality"), key=_MODALITIES.index),
        **_date_standing(known, chosen),
        **_quote_condition(known, chosen),
        "n_articles": len(_list_texts(known, chosen, "article_id")),
        "n_origins": min(
            len(_list_texts(known, chosen, name)) for name in ("origin", "article_id")
        ),
        "is_past": codes.is_past(standing.code, known["exact"][chosen]),
        "ties": ";".join(standing.ties),
        "replaced": ";".join(standing.replaced),
        "reached_from": reached_from,
        "dissent": _count_codes(known, against),
        "also": _count_codes(known, _leave_out(others, against)),
        "evidence": list(known["position_id"][chosen]),
        "dissent_evidence": list(known["position_id"][against]),
    }


def _date_standing(known: Known, rows: Places) -> dict[str, Any]:
    """Return the earliest dates of a position, and whether any is known."""
    dates = {}
    for name in ("announced_on", "effective_from", "date_published"):
        dates[name] = choose_first_date(_list_texts(known, rows, name))
    return {
        "announced_on": dates["announced_on"],
        "effective_from": dates["effective_from"],
        "first_published": dates["date_published"],
        "is_dated": any(dates.values()),
    }


def _quote_condition(known: Known, rows: Places) -> dict[str, Any]:
    """Return the fullest condition, and the ids of all passages that have one."""
    ids, condition = known["position_id"], known["condition"]
    with_condition = [row for row in rows if condition[row]]
    with_condition.sort(key=lambda row: (-len(condition[row]), ids[row]))
    return {
        "condition": condition[with_condition[0]] if with_condition else "",
        "condition_evidence": list(ids[with_condition]),
    }


def _leave_out(rows: Places, gone: Places) -> Places:
    return rows[~np.isin(rows, gone)]


def _list_texts(known: Known, rows: Places, name: str) -> set[str]:
    return set(known[name][rows])


def _find_opposing(known: Known, codes: PositionCodes, rows: Places, standing: str) -> Places:
    """Return which of `rows` contradict the code that stands."""
    said = list(zip(known["position"][rows], known["modality"][rows], strict=True))
    opposes = {one: _contradicts(*one, standing, codes) for one in set(said)}
    return np.array([opposes[one] for one in said], dtype=bool)


def _contradicts(position: str, modality: str, standing: str, codes: PositionCodes) -> bool:
    if position == standing:
        return modality == "considered"
    return codes.exclude(position, standing)


def _count_codes(known: Known, rows: Places) -> str:
    """Return "code: pages" of each code in `rows`, joined with '; ', the most frequent first."""
    pages: dict[str, set[str]] = defaultdict(set)
    columns = (known[name][rows] for name in ("position", "modality", "article_id"))
    for position, modality, page in zip(*columns, strict=True):
        pages[code_position(position, modality)].add(page)
    order = sorted(pages, key=lambda code: (-len(pages[code]), code))
    return "; ".join(f"{code}: {len(pages[code])}" for code in order)


def _extend_to_owned(
    tables: Tables, frame: pd.DataFrame, groups: Mapping[str, Places], as_of: str
) -> Iterator[tuple[str, Places, str]]:
    """Yield what an organisation owns and no page speaks of, with its owner's rows and the owner.

    Only where a page extends the owner's position to all that it owns.
    """
    phrases = read_phrases(tables.codebook.get("reconcile", {}).get("reach", {}))
    reaching: dict[str, Places] = {}
    for id, entity in sorted(tables.codebook.get("entities", {}).items()):
        owner, owned_since = entity.get("owner", ""), entity.get("owned_since", "")
        is_later = bool(as_of) and owned_since[: len(as_of)] > as_of
        if id in groups or owner not in groups or is_later:
            continue
        if owner not in reaching:
            reaching[owner] = _find_extending(tables, frame, groups[owner], phrases)
        if len(reaching[owner]):
            yield id, reaching[owner], owner


def _find_extending(
    tables: Tables, frame: pd.DataFrame, rows: Places, phrases: list[PhraseWords]
) -> Places:
    """Return those of `rows` whose passage extends the position to all that is owned."""
    ids = frame["position_id"].iloc[rows]
    said = choose_where(tables.positions, ["position_id", "exact", "object"], "position_id", ids)
    texts = said["exact"].astype("str") + " " + said["object"].astype("str")
    is_extending = map_texts(texts, lambda text: has_phrase(text, phrases)).astype(bool)
    return rows[is_among(ids, said["position_id"][is_extending])]
