"""Tables -> which positions pages report of each organisation, and which have one origin only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from hkresearch.analysis.views.wording import (
    count_things,
    gather_ids,
    list_page_names,
    name_code,
    name_entity,
    name_pages,
    tidy_passage,
)
from hkresearch.reconcile import list_current_positions
from hkresearch.reconcile.counted_positions import drop_uncounted
from hkresearch.reconcile.known_positions import find_known
from hkresearch.tables.select_rows import choose_where

if TYPE_CHECKING:
    from hkresearch.tables.tables import Tables

POSITION_COLUMNS = [
    "organisation", "position", "modality", "in_force", "n_articles", "n_origins",
    "first_reported", "status", "pages", "evidence",
]  # fmt: skip
DISSENT_COLUMNS = ["organisation", "position", "passage", "pages", "elsewhere", "evidence"]
_MODALITIES = ("stated", "expected", "considered")  # in the order shown


def list_positions(tables: Tables, as_of: str = "", organisation: str = "") -> pd.DataFrame:
    """Return one row per organisation, position and modality that pages report.

    Parameters
    ----------
    as_of
        ISO date; only what was reported by then counts. Empty: all pages.
    organisation
        Id of the only organisation wanted. Empty: all of them.
    """
    in_force = list_current_positions(tables, as_of, organisation)
    pairs = zip(in_force["position"], in_force["modality"], strict=True)
    current = dict(zip(in_force["organisation"], pairs, strict=True))
    return _count_positions(tables, as_of, organisation, current)


def _count_positions(
    tables: Tables, as_of: str, organisation: str, current: Mapping[str, tuple[str, str]]
) -> pd.DataFrame:
    names, rows = name_pages(tables), []
    known = drop_uncounted(tables, find_known(tables, as_of, organisation))
    status = dict(zip(tables.claims["claim_id"], tables.claims["status"], strict=True))
    for (who, position, modality), group in known.groupby(
        ["organisation", "position", "modality"], sort=True
    ):
        dates = sorted(filter(None, group["date_published"].unique()))
        n_articles = group["article_id"].nunique()
        rows.append(
            {
                "organisation": name_entity(tables, who),
                "position": name_code(tables, "position", position),
                "modality": modality,
                "n_articles": n_articles,
                "n_origins": min(group["origin"].nunique(), n_articles),
                "first_reported": dates[0][:10] if dates else "",
                "pages": list_page_names(names, group["article_id"]),
                "in_force": current.get(who) == (position, modality),
                "status": status.get(group["claim_id"].iloc[0], ""),
                "evidence": gather_ids(group["position_id"]),
            }
        )
    frame = pd.DataFrame(rows, columns=POSITION_COLUMNS)
    order = order_labels(tables, frame["position"])
    frame["position"] = pd.Categorical(frame["position"], order, ordered=True)
    by = ["organisation", "modality", "position"]
    return frame.sort_values(by, key=_rank_modality, ignore_index=True)


def order_labels(tables: Tables, labels: pd.Series) -> list[str]:
    """Return the labels of positions in the codebook's order, then those that it does not know."""
    codes = tables.codebook.get("variables", {}).get("position", {}).get("codes", {})
    wanted = set(labels)
    known = dict.fromkeys(name_code(tables, "position", code) for code in codes)
    listed = [label for label in known if label in wanted]
    return listed + sorted(wanted - set(listed))


def _rank_modality(column: pd.Series) -> pd.Series:
    if column.name != "modality":
        return column
    ranks = {modality: rank for rank, modality in enumerate(_MODALITIES)}
    return column.map(ranks).fillna(len(ranks))


def arrange_positions(positions: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of `list_positions` as a matrix, organisation x position.

    Each cell counts pages and origins, with its evidence.
    """
    kinds = list_reported_positions(positions)
    cells: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for entry in positions.itertuples(index=False):
        cells[entry.organisation][entry.position].append(entry)
    rows = []
    for who in sorted(cells):
        row: dict[str, Any] = {"organisation": who}
        for kind in kinds:
            entries = cells[who][kind]
            row[kind] = "; ".join(_write_cell(entry) for entry in entries)
            row[f"{kind}_evidence"] = gather_ids(id for entry in entries for id in entry.evidence)
        rows.append(row)
    columns = ["organisation"]
    for kind in kinds:
        columns += [kind, f"{kind}_evidence"]
    return pd.DataFrame(rows, columns=columns)


def list_reported_positions(positions: pd.DataFrame) -> list[str]:
    """Return the positions that occur, in the codebook's order."""
    column = positions["position"].astype("category")
    return [kind for kind in column.cat.categories if (column == kind).any()]


def _write_cell(entry: Any) -> str:
    counts = f"{count_things(entry.n_articles, 'page')}, {count_things(entry.n_origins, 'origin')}"
    counts += ", contested" if entry.status == "contested" else ""
    return counts if entry.modality == "stated" else f"{entry.modality}: {counts}"


def list_dissent(tables: Tables, as_of: str = "") -> pd.DataFrame:
    """Return the positions of one origin while another of the same organisation has several."""
    positions, rows = _count_positions(tables, as_of, "", {}), []
    of_one_origin = positions[positions["n_origins"] == 1]
    alone = [ids[0] for ids in of_one_origin["evidence"]]
    found = choose_where(tables.positions, ["position_id", "exact"], "position_id", alone)
    passages = found.set_index("position_id")["exact"]
    for who, group in positions.groupby("organisation", sort=True):
        several = group[group["n_origins"] > 1].itertuples(index=False)
        others = [f"{row.position} ({_write_cell(row)})" for row in several]
        if not others:
            continue
        for entry in group[group["n_origins"] == 1].itertuples(index=False):
            degree = "" if entry.modality == "stated" else f" ({entry.modality})"
            rows.append(
                {
                    "organisation": who,
                    "position": f"{entry.position}{degree}",
                    "passage": tidy_passage(passages[entry.evidence[0]]),
                    "pages": entry.pages,
                    "elsewhere": "; ".join(others),
                    "evidence": entry.evidence,
                }
            )
    return pd.DataFrame(rows, columns=DISSENT_COLUMNS)
