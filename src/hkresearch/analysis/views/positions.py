"""Tables -> where each organisation stands as of a date, on what condition, and who reports otherwise."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from hkresearch.analysis.views.wording import (
    count_things,
    find_attributes,
    gather_ids,
    join_most,
    join_words,
    list_page_names,
    name_code,
    name_entity,
    name_pages,
    tidy_passage,
    write_date,
    write_span,
)  # fmt: skip
from hkresearch.reconcile import list_positions as list_standing
from hkresearch.reconcile.credited_outlets import find_tellers
from hkresearch.reconcile.current_positions import find_known
from hkresearch.reconcile.printed_statements import find_quoted_statements
from hkresearch.tables.select_rows import choose_where

if TYPE_CHECKING:
    from hkresearch.tables.tables import Tables

POSITION_COLUMNS = [
    "organisation", "position", "modality", "in_force", "n_articles", "n_origins", "first_reported", "status", "pages",
    "evidence",
]  # fmt: skip
CURRENT_COLUMNS = [
    "organisation", "position", "position_evidence", "rests_on", "told_by", "told_by_evidence", "announced_on",
    "effective_from", "reported_otherwise", "reported_otherwise_evidence", "also_reported",
]  # fmt: skip
CONDITION_COLUMNS = [
    "organisation",
    "position",
    "condition",
    "condition_evidence",
    "n_articles",
    "pages",
]
DISSENT_COLUMNS = ["organisation", "position", "passage", "pages", "elsewhere", "evidence"]
UNCERTAIN = re.compile(r"\((?:expected|considered), ")
PAST_PRACTICE = " (so far)"  # what it did is no stand that it takes
SAME_STATEMENT = "quoting one statement"
AS_MANY = "as many say:"
UNDATED = (
    ", no date"  # what rests_on ends with where an answer as of a date rests on no date at all
)


def list_positions(tables: Tables, as_of: str = "", organisation: str = "") -> pd.DataFrame:
    """Return one row per organisation, position and modality that pages report by the date `as_of` (empty: all pages)."""
    return _count_positions(tables, as_of, organisation, find_current(tables, as_of, organisation))


def _count_positions(
    tables: Tables, as_of: str, organisation: str, current: Mapping[str, tuple[str, str]]
) -> pd.DataFrame:
    names, rows = name_pages(tables), []
    standing = find_known(tables, as_of, organisation)
    status = dict(zip(tables.claims["claim_id"], tables.claims["status"], strict=True))
    for (who, position, modality), group in standing.groupby(
        ["organisation", "position", "modality"], sort=True
    ):
        dates = sorted(filter(None, group["date_published"].unique()))
        rows.append(
            {
                "organisation": name_entity(tables, who),
                "position": name_code(tables, "position", position),
                "modality": modality,
                "n_articles": group["article_id"].nunique(),
                "n_origins": min(group["origin"].nunique(), group["article_id"].nunique()),
                "first_reported": dates[0][:10] if dates else "",
                "pages": list_page_names(names, group["article_id"]),
                "in_force": current.get(who) == (position, modality),
                "status": status.get(group["claim_id"].iloc[0], ""),
                "evidence": gather_ids(group["position_id"]),
            }
        )
    frame = pd.DataFrame(rows, columns=POSITION_COLUMNS)
    frame["position"] = pd.Categorical(
        frame["position"], _order_positions(tables, frame["position"]), ordered=True
    )
    return frame.sort_values(
        ["organisation", "modality", "position"], key=_rank_modality, ignore_index=True
    )


def _order_positions(tables: Tables, labels: pd.Series) -> list[str]:
    """The labels in the order in which the codebook lists them, then those it does not know."""
    codes = tables.codebook.get("variables", {}).get("position", {}).get("codes", {})
    known = [
        label
        for label in dict.fromkeys(name_code(tables, "position", code) for code in codes)
        if label in set(labels)
    ]
    return known + sorted(set(labels) - set(known))


def _rank_modality(column: pd.Series) -> pd.Series:
    return (
        column.map({"stated": 0, "expected": 1, "considered": 2}).fillna(9)
        if column.name == "modality"
        else column
    )


def find_current(
    tables: Tables, as_of: str = "", organisation: str = ""
) -> dict[str, tuple[str, str]]:
    """Return organisation (all, or one) -> the position and modality in force on `as_of`, as most independent origins report it."""
    rows = list_standing(tables, as_of, organisation)
    return dict(
        zip(rows["organisation"], zip(rows["position"], rows["modality"], strict=True), strict=True)
    )


def arrange_positions(positions: pd.DataFrame) -> pd.DataFrame:
    """Return `positions` as a matrix, organisation x position; each cell counts pages and origins, with its evidence."""
    kinds, cells = list_kinds(positions), defaultdict(lambda: defaultdict(list))
    for entry in positions.itertuples(index=False):
        cells[entry.organisation][entry.position].append(entry)
    rows = []
    for who in sorted(cells):
        row = {"organisation": who}
        for kind in kinds:
            entries = cells[who][kind]
            row[kind] = "; ".join(_write_cell(entry) for entry in entries)
            row[f"{kind}_evidence"] = gather_ids(id for entry in entries for id in entry.evidence)
        rows.append(row)
    return pd.DataFrame(
        rows,
        columns=["organisation", *(name for kind in kinds for name in (kind, f"{kind}_evidence"))],
    )


def list_kinds(positions: pd.DataFrame) -> list[str]:
    """Return the positions that occur, in the codebook's order."""
    column = positions["position"].astype("category")
    return [kind for kind in column.cat.categories if (column == kind).any()]


def _write_cell(entry) -> str:
    counts = f"{count_things(entry.n_articles, 'page')}, {count_things(entry.n_origins, 'origin')}"
    counts += ", contested" if entry.status == "contested" else ""
    return counts if entry.modality == "stated" else f"{entry.modality}: {counts}"


def list_current(tables: Tables, as_of: str = "", organisation: str = "") -> pd.DataFrame:
    """Return one row per organisation: the position in force on `as_of`, and what else or against it is reported.

    `rests_on` counts pages and origins, and says how many of the pages report one statement, and whether as many pages
    say otherwise. `told_by` names the third persons where every page has it from one, and none from the organisation.
    """
    tellers, statements = find_tellers(tables), find_quoted_statements(tables)
    rows = [
        _write_current(tables, entry, bool(as_of), tellers, statements)
        for entry in list_standing(tables, as_of, organisation).to_dict("records")
    ]
    frame = pd.DataFrame(rows, columns=CURRENT_COLUMNS).sort_values(
        "organisation", ignore_index=True
    )
    may_be_silent = ("told_by", "announced_on", "effective_from", "reported_otherwise")
    silent = [name for name in may_be_silent if rows and (frame[name] == "").all()]
    silent += [f"{name}_evidence" for name in silent]
    return frame.drop(
        columns=silent, errors="ignore"
    )  # a column in which no page says anything only narrows the others


def _write_current(
    tables: Tables,
    entry: Mapping[str, Any],
    is_dated_answer: bool,
    tellers: Mapping[str, tuple[str, str]],
    statements: Mapping[str, tuple[str, frozenset[str]]],
) -> dict[str, Any]:
    told = [tellers[id] for id in entry["evidence"] if id in tellers]
    told = told if len(told) == len(entry["evidence"]) else []
    owner = entry["reached_from"]
    reached = f" (with {name_entity(tables, owner)})" if owner else ""
    return {
        "organisation": name_entity(tables, entry["organisation"]) + reached,
        "position": name_code(tables, "position", entry["position"]) + _write_degree(entry),
        "position_evidence": gather_ids(entry["evidence"]),
        "rests_on": _write_basis(tables, entry, is_dated_answer, statements),
        "told_by": join_words(sorted({words for _, words in told})),
        "told_by_evidence": gather_ids(id for id, _ in told),
        "announced_on": write_span(entry["announced_on"]),
        "effective_from": write_span(entry["effective_from"]),
        "reported_otherwise": _name_counts(tables, entry["dissent"]),
        "reported_otherwise_evidence": gather_ids(entry["dissent_evidence"]),
        "also_reported": _name_counts(tables, entry["also"]),
    }


def _write_degree(entry: Mapping[str, Any]) -> str:
    if entry["modality"] != "stated":
        return f" ({entry['modality']})"
    return PAST_PRACTICE if entry["is_past"] else ""


def _write_basis(
    tables: Tables,
    entry: Mapping[str, Any],
    is_dated_answer: bool,
    statements: Mapping[str, tuple[str, frozenset[str]]],
) -> str:
    """Return "3 pages, 2 origins", and what a reader must know of them: one statement, a tie, no date."""
    n_pages = int(entry["n_articles"])
    counts = [count_things(n_pages, "page"), count_things(int(entry["n_origins"]), "origin")]
    carriers: dict[str, set[str]] = defaultdict(set)
    for id in entry["evidence"]:
        page, claims = statements.get(id, ("", ()))
        for claim in claims:
            carriers[claim].add(page)
    if (n := max(map(len, carriers.values()), default=0)) > 1:
        counts.append(f"{'all' if n == n_pages else n} {SAME_STATEMENT}")
    if entry["ties"]:
        others = join_words(
            (name_code(tables, "position", code) for code in entry["ties"].split(";")), "or"
        )
        counts.append(f"{AS_MANY} {others}")
    return ", ".join(counts) + (UNDATED if is_dated_answer and not entry["is_dated"] else "")


def _name_counts(tables: Tables, counts: str) -> str:
    """ "pause (expected): 2; refuse: 1" in words: which positions, in how many pages each."""
    phrases = []
    for part in counts.split("; ") if counts else []:
        code, _, n = part.rpartition(": ")
        position, _, modality = code.partition(" ")
        counted = ", ".join(filter(None, (modality.strip("()"), count_things(int(n), "page"))))
        phrases.append(f"{name_code(tables, 'position', position)} ({counted})")
    return "; ".join(phrases)


def list_conditions(tables: Tables, as_of: str = "", organisation: str = "") -> pd.DataFrame:
    """Return the conditions that organisations attach to a position; a wording inside a longer one is counted with it."""
    names, marks = name_pages(tables), find_attributes(tables, "condition")
    standing, rows = find_known(tables, as_of, organisation), []
    for position, group in standing[standing["condition"] != ""].groupby("position", sort=True):
        for members in _join_wordings(group):
            longest = max(members, key=lambda row: (len(row.condition), row.article_id))
            rows.append(
                {
                    "organisation": join_words(
                        sorted(
                            name_entity(tables, id) for id in {row.organisation for row in members}
                        )
                    ),
                    "position": name_code(tables, "position", position),
                    "condition": tidy_passage(longest.condition),
                    "condition_evidence": gather_ids(
                        id for row in members for id in marks.get(row.position_id, [])
                    ),
                    "n_articles": len({row.article_id for row in members}),
                    "pages": list_page_names(names, (row.article_id for row in members)),
                }
            )
    frame = pd.DataFrame(rows, columns=CONDITION_COLUMNS)
    return frame.sort_values(["n_articles", "organisation", "position", "condition"], ascending=[False, True, True, True],
                             ignore_index=True)  # fmt: skip


def _join_wordings(group: pd.DataFrame) -> list[list]:
    """Lists of rows whose condition is the same but for marks, or a part of the longest one that their organisation sets."""
    texts: list[str] = []  # the letters of the longest one of each list
    lists: list[list] = []
    place: dict[str, int] = {}
    set_by: dict[str, set[int]] = defaultdict(set)
    for row in sorted(
        group.itertuples(index=False),
        key=lambda row: (-len(row.condition), row.article_id, row.start),
    ):
        letters = "".join(filter(str.isalnum, row.condition.casefold()))
        own = (i for i in sorted(set_by[row.organisation]) if letters in texts[i])
        home = min(next(own, len(lists)), place.get(letters, len(lists)))
        if home == len(lists):
            place[letters] = home
            texts.append(letters)
            lists.append([])
        set_by[row.organisation].add(home)
        lists[home].append(row)
    return lists


def list_dissent(tables: Tables, as_of: str = "") -> pd.DataFrame:
    """Return the positions that rest on one origin while another position of the same organisation rests on several."""
    positions, rows = _count_positions(tables, as_of, "", {}), []
    alone = [ids[0] for ids in positions[positions["n_origins"] == 1]["evidence"]]
    passages = choose_where(
        tables.positions, ["position_id", "exact"], "position_id", alone
    ).set_index("position_id")["exact"]
    for who, group in positions.groupby("organisation", sort=True):
        several = group[group["n_origins"] > 1]
        for entry in group[group["n_origins"] == 1].itertuples(index=False):
            others = [
                f"{row.position} ({_write_cell(row)})" for row in several.itertuples(index=False)
            ]
            if others:
                rows.append(
                    {
                        "organisation": who,
                        "position": f"{entry.position}{'' if entry.modality == 'stated' else f' ({entry.modality})'}",
                        "passage": tidy_passage(passages[entry.evidence[0]]),
                        "pages": entry.pages,
                        "elsewhere": "; ".join(others),
                        "evidence": entry.evidence,
                    }
                )
    return pd.DataFrame(rows, columns=DISSENT_COLUMNS)


def summarise_positions(tables: Tables, as_of: str = "") -> tuple[str, list[str]]:
    """Return in one sentence, with its evidence, where each organisation stands on `as_of`."""
    current, when = list_current(tables, as_of), _write_when(tables, as_of)
    undated = write_undated(tables, as_of)
    if undated:
        current["rests_on"] = current["rests_on"].str.removesuffix(UNDATED)  # said once, of all
    if current.empty:
        return f"{when}, no page reports a position.", []
    order = _order_positions(tables, current["position"].str.replace(r" \(.*", "", regex=True))
    kinds = sorted(
        current["position"].unique(), key=lambda kind: (order.index(kind.split(" (")[0]), kind)
    )
    phrases = [
        f"{kind}: {join_most(current[current['position'] == kind], 'position_evidence', _qualify)}"
        for kind in kinds
    ]
    return f"{when} – {'; '.join(phrases)}.{undated}", gather_ids(
        id for ids in current["position_evidence"] for id in ids
    )


def _qualify(row) -> str:
    """The organisation, what its answer rests on, and how weak that is: a tie, no date, a third person's word, dissent."""
    counts = row.rests_on.removesuffix(UNDATED)
    doubts = ["no page with a date"] if counts != row.rests_on else []
    doubts += [f"told by {row.told_by}"] if getattr(row, "told_by", "") else []
    if otherwise := getattr(row, "reported_otherwise", ""):
        is_said = any(not UNCERTAIN.search(part) for part in otherwise.split("; "))
        doubts.append("reported otherwise too" if is_said else "otherwise only expected")
    return f"{row.organisation} ({', '.join([counts, *doubts])})"


def write_undated(tables: Tables, as_of: str, organisation: str = "") -> str:
    """Return the sentence that an answer as of a date needs when all it rests on is pages without one; else ""."""
    standing = find_known(tables, as_of, organisation) if as_of else tables.positions[:0]
    if standing.empty or standing[["announced_on", "effective_from", "date_published"]].ne("").any(
        axis=None
    ):
        return ""
    n = standing["article_id"].nunique()
    return f" No page with a date reports a position by then: this rests on {count_things(n, 'page')} without a date."


def _write_when(tables: Tables, as_of: str) -> str:
    """The day of the answer: the one asked for, else that of the latest page that reports a position."""
    if as_of:
        return f"As of {write_date(as_of)}"
    pages = set(tables.positions["article_id"])
    dates = tables.articles.loc[tables.articles["article_id"].isin(pages), "date_published"]
    latest = max(dates, default="")
    return f"As of the latest page, {write_date(latest)}" if latest else "In all pages"
