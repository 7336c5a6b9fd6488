"""Positions of all pages -> where each organisation stands on a date."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from hkresearch.core.article import HkresearchError
from hkresearch.core.csv_checks import is_iso_date
from hkresearch.reconcile.credited_outlets import find_credited
from hkresearch.reconcile.position_codes import PositionCodes, code_position, read_position_codes
from hkresearch.reconcile.standing_codes import Known, choose_standing
from hkresearch.reconcile.word_forms import REMEMBERED, find_words, list_words
from hkresearch.tables.select_rows import choose_where
from hkresearch.tables.text_columns import is_among, map_texts

_CURRENT_POSITION_COLUMNS = [
    "organisation", "position", "modality", "announced_on", "effective_from", "first_published", "is_dated",
    "condition",
    "n_articles", "n_origins", "is_past", "ties", "reached_from", "dissent", "also", "evidence", "condition_evidence", "dissent_evidence",
]  # fmt: skip
_KNOWN_COLUMNS = [
    "position_id", "article_id", "start", "organisation", "position", "modality", "announced_on", "effective_from",
    "condition", "claim_id", "exact",
]  # fmt: skip


def list_current_positions(tables: Any, as_of: str = "", organisation: str = "") -> pd.DataFrame:
    """Return one row per organisation, or of one: the position in force on `as_of` (ISO; empty: after all pages).

    In force is what a page states, by the rules of `choose_standing`; a headline that its own text does not bear out
    counts for nothing. `ties` are the codes that as many pages report; `is_past`: it only says what was done so far. `announced_on`, `effective_from`, `first_published` are the earliest known; `is_dated`: whether any
    is. `dissent` lists what contradicts it, `also` what else is reported; `evidence`, `condition_evidence` and
    `dissent_evidence` hold annotation ids. `reached_from` is the owner whose position a page extends to all it owns.
    """
    owner = tables.codebook.get("entities", {}).get(organisation, {}).get("owner", "")
    frame = find_known(tables, as_of, *((organisation, owner) if organisation else ()))
    frame = _drop_bare_headlines(tables, frame)
    known, codes = _read_texts(frame), read_position_codes(tables.codebook)
    groups = frame.groupby("organisation").indices
    found = [
        _stand(known, codes, name, rows, "")
        for name, rows in groups.items()
        if organisation in ("", name)
    ]
    reached = _reach(tables, frame, groups, as_of)
    found += [
        _stand(known, codes, name, *rest) for name, *rest in reached if organisation in ("", name)
    ]
    return pd.DataFrame(found, columns=_CURRENT_POSITION_COLUMNS).sort_values(
        "organisation", ignore_index=True
    )


def find_known(tables: Any, as_of: str = "", *organisations: str) -> pd.DataFrame:
    """Return the positions, of `organisations` or all, that are in force and reported by `as_of`, in reading order.

    Those that one of `organisations` takes with others (ids joined by ";") are among them.
    Beside the columns _KNOWN_COLUMNS: `date_published` of the page, and the `origin` that it, or what it credits, goes back to.
    """
    _check_date(as_of)
    rows = tables.positions[_KNOWN_COLUMNS]
    if any(organisations):
        named = [
            ids
            for ids in rows["organisation"].unique()
            if not {ids, *ids.split(";")}.isdisjoint(organisations)
        ]
        rows = choose_where(rows, _KNOWN_COLUMNS, "organisation", named)
    rows = rows.sort_values(["article_id", "start", "position_id"])
    published = dict(
        zip(
            tables.articles["article_id"], tables.articles["date_published"].fillna(""), strict=True
        )
    )
    origin = dict(zip(tables.origins["article_id"], tables.origins["origin_id"], strict=True))
    rows = rows.assign(
        date_published=map_texts(rows["article_id"], lambda id: published.get(id, "")),
        origin=map_texts(rows["article_id"], lambda id: origin.get(id, id)),
    )
    credited = find_credited(tables)
    is_credited = is_among(rows["position_id"], credited)
    rows.loc[is_credited, "origin"] = [credited[id] for id in rows["position_id"][is_credited]]
    if not as_of:
        return rows
    dates = zip(rows["announced_on"], rows["effective_from"], rows["date_published"], strict=True)
    return rows[np.array([_is_known(*given, as_of) for given in dates], dtype=bool)]


def _read_texts(frame: pd.DataFrame) -> Known:
    known = {
        name: map_texts(frame[name], str)
        for name in frame.columns
        if name not in ("start", "position_id")
    }
    known["position_id"] = frame["position_id"].to_numpy(dtype=object)
    own = np.where(known["effective_from"] != "", known["effective_from"], known["announced_on"])
    either = np.where(own != "", own, known["date_published"])
    for name, dates in (("own_date", own), ("any_date", either)):
        known[name] = map_texts(pd.Series(dates, dtype=object), _begin)
    return known


@lru_cache(REMEMBERED)
def _is_known(announced: str, effective: str, published: str, as_of: str) -> bool:
    """Return whether a position is in force and reported by `as_of`; a date of its own counts before the page's."""
    own = [date for date in (announced, effective) if date]
    return all(is_by(date, as_of) for date in own) and (bool(own) or is_by(published, as_of))


def _check_date(as_of: str) -> str:
    """Return `as_of` if it is empty or an ISO 8601 date, as precise as wanted; else raise HkresearchError."""
    if as_of and not is_iso_date(as_of):
        raise HkresearchError(
            f"as_of {as_of!r} is not a date. Write it like 2020-07-06 or 2020-07, or leave it empty."
        )
    return as_of


def is_by(date: str, as_of: str) -> bool:
    """Return whether `date` is not after `as_of`, at the precision that both have; no date excludes nothing."""
    date = _begin(date)
    width = min(len(date[:10]), len(as_of))
    return date[:width] <= as_of[:width]


def _begin(date: str) -> str:
    return date.partition("/")[0]


def _drop_bare_headlines(tables: Any, frame: pd.DataFrame) -> pd.DataFrame:
    """Return `frame` without the positions of headlines whose own text gives the organisation other positions only."""
    columns = ["article_id", "start", "end"]
    marks = choose_where(tables.annotations, columns, "variable", ["headline"])
    spans = {row.article_id: (row.start, row.end) for row in marks.itertuples(index=False)}
    keys = list(zip(frame["article_id"], frame["organisation"], strict=True))
    starts = frame["start"].to_list()
    above = np.array(
        [page in spans and spans[page][0] <= start < spans[page][1]
         for (page, _), start in zip(keys, starts, strict=True)], dtype=bool,
    )  # fmt: skip
    stated = (frame["modality"] == "stated").to_list()
    below: dict[tuple[str, str], set[str]] = defaultdict(set)
    for key, code, is_head, is_stated in zip(keys, frame["position"], above, stated, strict=True):
        if not is_head and is_stated:
            below[key].add(code)
    bare = [
        bool(is_head and below[key] and code not in below[key])
        for key, code, is_head in zip(keys, frame["position"], above, strict=True)
    ]
    return frame[~np.array(bare, dtype=bool)]


def _stand(
    known: Known, codes: PositionCodes, organisation: str, rows: np.ndarray, reached_from: str
) -> dict[str, Any]:
    stated = rows[known["modality"][rows] == "stated"]
    counted = stated if len(stated) else rows
    standing = choose_standing(known, counted, codes)
    chosen = counted[known["position"][counted] == standing.code]
    described = _describe(known, codes, chosen, _leave_out(rows, chosen))
    return {
        "organisation": organisation,
        "reached_from": reached_from,
        "ties": ";".join(standing.ties),
        "is_past": codes.is_past(standing.code, known["exact"][chosen]),
        **described,
    }


def _leave_out(rows: np.ndarray, gone: np.ndarray) -> np.ndarray:
    return rows[~np.isin(rows, gone)]


def _list_texts(known: Known, rows: np.ndarray, name: str) -> set[str]:
    return set(known[name][rows])


def _find_span(known: Known, rows: np.ndarray, name: str) -> tuple[str, str]:
    dates = _list_texts(known, rows, name) - {""}
    return min(dates, default=""), max(dates, default="")


def _describe(
    known: Known, codes: PositionCodes, rows: np.ndarray, others: np.ndarray
) -> dict[str, Any]:
    ids, condition, position = known["position_id"], known["condition"], known["position"][rows[0]]
    conditions = sorted(
        (row for row in rows if condition[row]), key=lambda row: (-len(condition[row]), ids[row])
    )
    said = list(zip(known["position"][others], known["modality"][others], strict=True))
    contradicts = {one: _contradicts(*one, position, codes) for one in set(said)}
    against = others[np.array([contradicts[one] for one in said], dtype=bool)]
    dates = {
        name: _find_span(known, rows, name)[0]
        for name in ("announced_on", "effective_from", "date_published")
    }
    return {
        "position": position,
        "modality": min(
            _list_texts(known, rows, "modality"), key=("stated", "expected", "considered").index
        ),
        "announced_on": dates["announced_on"],
        "effective_from": dates["effective_from"],
        "first_published": dates["date_published"],
        "is_dated": any(dates.values()),
        "condition": condition[conditions[0]] if conditions else "",
        "n_articles": len(_list_texts(known, rows, "article_id")),
        "n_origins": min(len(_list_texts(known, rows, name)) for name in ("origin", "article_id")),
        "dissent": _list_codes(known, against),
        "also": _list_codes(known, _leave_out(others, against)),
        "evidence": list(ids[rows]),
        "condition_evidence": list(ids[conditions]),
        "dissent_evidence": list(ids[against]),
    }


def _contradicts(position: str, modality: str, standing: str, codes: PositionCodes) -> bool:
    if position == standing:
        return modality == "considered"
    return codes.exclude(position, standing)


def _list_codes(known: Known, rows: np.ndarray) -> str:
    pages: dict[_Code, set[str]] = defaultdict(set)
    for position, modality, page in zip(
        *(known[name][rows] for name in (*_Code._fields, "article_id")), strict=True
    ):
        pages[position, modality].add(page)
    counts = {code_position(*code): len(found) for code, found in pages.items()}
    return "; ".join(
        f"{code}: {counts[code]}" for code in sorted(counts, key=lambda code: (-counts[code], code))
    )


class _Code(NamedTuple):
    position: str
    modality: str


def _reach(
    tables: Any, frame: pd.DataFrame, groups: Mapping[str, np.ndarray], as_of: str
) -> Iterator[tuple[str, np.ndarray, str]]:
    """Yield what an organisation owns and no page speaks of, where a page extends its owner's position: its rows."""
    rules = tables.codebook.get("reconcile", {}).get("reach", {})
    phrases = [list_words(phrase) for language in sorted(rules) for phrase in rules[language]]
    reaching: dict[str, np.ndarray] = {}
    for id, entity in sorted(tables.codebook.get("entities", {}).items()):
        owner = entity.get("owner", "")
        if (
            id in groups
            or owner not in groups
            or (as_of and entity.get("owned_since", "")[: len(as_of)] > as_of)
        ):
            continue
        if owner not in reaching:
            ids = frame["position_id"].iloc[groups[owner]]
            said = choose_where(
                tables.positions, ["position_id", "exact", "object"], "position_id", ids
            )
            texts = said["exact"].astype("str") + " " + said["object"].astype("str")
            extending = said["position_id"][
                map_texts(texts, lambda text: _has_phrase(text, phrases)).astype(bool)
            ]
            reaching[owner] = groups[owner][is_among(ids, extending)]
        if len(reaching[owner]):
            yield id, reaching[owner], owner


def _has_phrase(text: str, phrases: Iterable[tuple[str, ...]]) -> bool:
    return any(find_words(phrase, list_words(text)) >= 0 for phrase in phrases)
