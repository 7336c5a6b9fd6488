"""Two sets of tables -> what is different now, in words, with the pages that caused it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from hkresearch.analysis.views.changed_claims import write_position_code
from hkresearch.analysis.views.earlier_tables import (
    diff_with_earlier,
    join_evidence,
    list_openable,
    name_all_pages,
)
from hkresearch.analysis.views.wording import (
    count_things,
    gather_ids,
    join_most,
    join_words,
    list_page_names,
    name_entity,
)
from hkresearch.reconcile import list_current_positions

if TYPE_CHECKING:
    from hkresearch.tables.tables import Tables

CHANGED_PAGE_COLUMNS = ["change", "page", "headline", "what"]
CHANGED_POSITION_COLUMNS = [
    "organisation", "before", "before_evidence", "now", "now_evidence", "because_of",
]  # fmt: skip
FIELD_NAMES = {
    "n_body_chars": "how much of it is article",
    "n_chars": "length",
    "text_sha256": "text",
    "sha256": "file",
}
NO_EARLIER_TABLES = "This is the first report: there are no earlier tables to compare it with."


def list_changed_pages(earlier: Tables | None, tables: Tables) -> pd.DataFrame:
    """Return one row per page that is new, gone, or known otherwise than before."""
    names = name_all_pages(earlier, tables)
    rows = []
    for change in diff_with_earlier(earlier, tables, "pages").itertuples(index=False):
        rows.append(
            {
                "change": change.change,
                "page": names.get(change.articles, change.articles),
                "headline": change.text,
                "what": _name_fields(change.after),
            }
        )
    frame = pd.DataFrame(rows, columns=CHANGED_PAGE_COLUMNS)
    frame = frame.sort_values(["change", "page"], ignore_index=True)
    return frame if (frame["what"] != "").any() else frame.drop(columns="what")


def _name_fields(names: str) -> str:
    fields = [name for name in names.split(", ") if name]
    return ", ".join(FIELD_NAMES.get(name, name.replace("_", " ")) for name in fields)


def list_changed_positions(earlier: Tables | None, tables: Tables) -> pd.DataFrame:
    """Return one row per organisation whose position in force is another one than before.

    It may have had none, or have none now.
    """
    return _write_positions(earlier, tables, diff_with_earlier(earlier, tables, "positions"))


def _write_positions(earlier: Tables | None, tables: Tables, changes: pd.DataFrame) -> pd.DataFrame:
    evidence_before = {} if earlier is None else _read_evidence(earlier)
    evidence_now = _read_evidence(tables)
    openable = list_openable(join_evidence(earlier, tables), evidence_before.values())
    names = name_all_pages(earlier, tables)
    rows = []
    for change in changes.itertuples(index=False):
        before = [id for id in evidence_before.get(change.subject, ()) if id in openable]
        rows.append(
            {
                "organisation": name_entity(tables, change.subject),
                "before": write_position_code(tables, change.before) or "no position",
                "before_evidence": gather_ids(before),
                "now": write_position_code(tables, change.after) or "no position",
                "now_evidence": gather_ids(evidence_now.get(change.subject, ())),
                "because_of": list_page_names(names, filter(None, change.articles.split(";"))),
            }
        )
    frame = pd.DataFrame(rows, columns=CHANGED_POSITION_COLUMNS)
    return frame.sort_values("organisation", ignore_index=True)


def _read_evidence(tables: Tables) -> dict[str, list[str]]:
    """Return organisation -> the annotations that its position in force rests on."""
    standing = list_current_positions(tables)
    return dict(zip(standing["organisation"], standing["evidence"], strict=True))


# --------------------------------------------------------------------------------------- summary


def summarise_changes(earlier: Tables | None, tables: Tables) -> tuple[str, list[str]]:
    """Return in one sentence, with its evidence, what is different from the earlier tables.

    Without any it says so.
    """
    if earlier is None:
        return NO_EARLIER_TABLES, []
    n_pages = count_things(len(earlier.articles), "page")
    changes = diff_with_earlier(earlier, tables, "pages", "claims", "positions")
    if changes.empty:
        return f"Nothing: the earlier tables, of {n_pages}, say the same.", []
    positions = _write_positions(earlier, tables, changes[changes["what"] == "position"])
    moves = join_most(
        positions, "now_evidence", lambda row: f"{row.organisation} ({row.before} → {row.now})"
    )
    said = [
        _say_pages(changes),
        _say_claims(changes),
        f"another position in force: {moves}" if moves else "no other position in force",
    ]
    text = f"Compared with the earlier tables ({n_pages}): {'; '.join(said)}."
    return text, gather_ids(id for ids in positions["now_evidence"] for id in ids)


def _say_pages(changes: pd.DataFrame) -> str:
    pages = changes[changes["what"] == "page"]["change"].value_counts()
    return _say_counts("page", {kind: pages.get(kind, 0) for kind in ("added", "gone", "changed")})


def _say_claims(changes: pd.DataFrame) -> str:
    whole = changes[changes["what"] == "claim"]["change"].value_counts()
    parts = changes[~changes["what"].isin(["page", "position"])]
    n_changed = parts[parts["change"] == "changed"]["claim_id"].nunique()
    counts = {"new": whole.get("added", 0), "gone": whole.get("gone", 0), "changed": n_changed}
    is_doubted = (parts["what"] == "status") & (parts["after"] == "contested")
    n_doubted = parts[is_doubted]["claim_id"].nunique()
    doubts = f", {n_doubted} of them now contested" if n_doubted else ""
    return _say_counts("claim", counts) + doubts


def _say_counts(thing: str, counts: dict[str, int]) -> str:
    """Return "2 pages added and 1 gone", or that they are the same."""
    found = [(kind, n_found) for kind, n_found in counts.items() if n_found]
    if not found:
        return f"the same {thing}s"
    (first, n_first), *others = found
    rest = [f"{n_found} {kind}" for kind, n_found in others]
    return join_words([f"{count_things(n_first, thing)} {first}", *rest])
