"""Tables -> where each organisation stands as of a date, and what else is reported."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from hkresearch.analysis.views.positions import order_labels
from hkresearch.analysis.views.wording import (
    count_things,
    gather_ids,
    join_most,
    join_words,
    name_code,
    name_entity,
    shorten,
    tidy_passage,
    write_date,
    write_period,
    write_span,
)
from hkresearch.reconcile import list_current_positions
from hkresearch.reconcile.credited_outlets import find_tellers
from hkresearch.reconcile.known_positions import find_known
from hkresearch.reconcile.position_codes import LASTING_TENSE, PAST_TENSE, read_position_codes
from hkresearch.reconcile.printed_statements import find_quoted_statements
from hkresearch.reconcile.word_forms import has_phrase, read_phrases

if TYPE_CHECKING:
    from hkresearch.tables.tables import Tables

CURRENT_COLUMNS = [
    "organisation", "position", "position_evidence", "rests_on", "told_by", "told_by_evidence",
    "announced_on", "effective_from", "reported_otherwise", "reported_otherwise_evidence",
    "also_reported",
]  # fmt: skip
# Columns that are left out where no page says anything in them.
_OFTEN_EMPTY = ("told_by", "announced_on", "effective_from", "reported_otherwise")
_UNCERTAIN = re.compile(r"\((?:expected|considered), ")
_PAST_PRACTICE = " (so far)"  # what it did is no stand that it takes
_SAME_STATEMENT = "quoting one statement"
_AS_MANY = "as many say:"
_LONGEST_EXCEPTION = 80  # characters of what is excepted that an answer quotes
_ON_MORE, _EARLIER = "on more pages:", "before that, on more pages:"
# What `rests_on` ends with where an answer as of a date rests on no date at all.
_UNDATED = ", no date"

# Annotation id -> (page, claims of the statement quoted there).
_Statements = Mapping[str, tuple[str, frozenset[str]]]


def list_current(tables: Tables, as_of: str = "", organisation: str = "") -> pd.DataFrame:
    """Return one row per organisation: the position in force, and what else is reported.

    `rests_on` counts pages and origins, and says how many of the pages report one statement, and
    whether as many pages say otherwise. `told_by` names the third persons where every page has it
    from one, and none from the organisation.

    Parameters
    ----------
    as_of
        ISO date for which the position in force is asked. Empty: that of all pages.
    organisation
        Id of the only organisation wanted. Empty: all of them.
    """
    tellers, statements = find_tellers(tables), find_quoted_statements(tables)
    rows = [
        _write_current(tables, entry, bool(as_of), tellers, statements)
        for entry in list_current_positions(tables, as_of, organisation).to_dict("records")
    ]
    frame = pd.DataFrame(rows, columns=CURRENT_COLUMNS)
    frame = frame.sort_values("organisation", ignore_index=True)
    silent = [name for name in _OFTEN_EMPTY if rows and (frame[name] == "").all()]
    silent += [f"{name}_evidence" for name in silent]
    return frame.drop(columns=silent, errors="ignore")


def _write_current(
    tables: Tables,
    entry: Mapping[str, Any],
    is_dated_answer: bool,
    tellers: Mapping[str, tuple[str, str]],
    statements: _Statements,
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
    return _PAST_PRACTICE if entry["is_past"] else ""


def _write_basis(
    tables: Tables, entry: Mapping[str, Any], is_dated_answer: bool, statements: _Statements
) -> str:
    """Return "3 pages, 2 origins" and what weakens them: one statement, a tie, no date."""
    n_pages = int(entry["n_articles"])
    counts = [count_things(n_pages, "page"), count_things(int(entry["n_origins"]), "origin")]
    carriers: dict[str, set[str]] = defaultdict(set)
    for id in entry["evidence"]:
        page, claims = statements.get(id, ("", frozenset()))
        for claim in claims:
            carriers[claim].add(page)
    if (n_alike := max(map(len, carriers.values()), default=0)) > 1:
        counts.append(f"{'all' if n_alike == n_pages else n_alike} {_SAME_STATEMENT}")
    if entry["ties"]:
        ties = [name_code(tables, "position", code) for code in entry["ties"].split(";")]
        counts.append(f"{_AS_MANY} {join_words(ties, 'or')}")
    counts += filter(None, [write_exception(tables, entry)])
    counts += _say_more_pages(tables, entry)
    is_undated = is_dated_answer and not entry["is_dated"]
    return ", ".join(counts) + (_UNDATED if is_undated else "")


def write_exception(tables: Tables, entry: Mapping[str, Any]) -> str:
    """Return what a position in force excepts, if every passage excepts something."""
    words = read_phrases(tables.codebook.get("reconcile", {}).get("exceptions", {}))
    condition = str(entry["condition"])
    is_whole = len(entry["condition_evidence"]) == len(entry["evidence"])
    if not is_whole or not has_phrase(condition, words):
        return ""
    return f"“{shorten(tidy_passage(condition), _LONGEST_EXCEPTION)}”"


def _say_more_pages(tables: Tables, entry: Mapping[str, Any]) -> list[str]:
    """Return the positions that more pages state than the one in force, earlier ones apart.

    What was done so far is no other answer to where it stands.
    """
    codes = read_position_codes(tables.codebook)
    replaced = entry["replaced"].split(";")
    earlier: list[str] = []
    others: list[str] = []
    for part in filter(None, f"{entry['dissent']}; {entry['also']}".split("; ")):
        code, _, n_pages = part.rpartition(": ")
        is_practice = codes.tense.get(code) in (PAST_TENSE, LASTING_TENSE)
        if " (" in code or is_practice or int(n_pages) <= int(entry["n_articles"]):
            continue
        said = earlier if code in replaced else others
        said.append(f"{name_code(tables, 'position', code)} ({n_pages})")
    groups = ((_EARLIER, earlier), (_ON_MORE, others))
    return [f"{opening} {join_words(said)}" for opening, said in groups if said]


def _name_counts(tables: Tables, counts: str) -> str:
    """Return "pause (expected): 2; refuse: 1" in words: positions, and in how many pages each."""
    phrases = []
    for part in counts.split("; ") if counts else []:
        code, _, n_pages = part.rpartition(": ")
        position, _, modality = code.partition(" ")
        details = [modality.strip("()"), count_things(int(n_pages), "page")]
        counted = ", ".join(filter(None, details))
        phrases.append(f"{name_code(tables, 'position', position)} ({counted})")
    return "; ".join(phrases)


def summarise_positions(tables: Tables, as_of: str = "") -> tuple[str, list[str]]:
    """Return in one sentence, with its evidence, where each organisation stands on `as_of`."""
    current, when = list_current(tables, as_of), _write_when(tables, as_of)
    undated = write_undated(tables, as_of)
    if undated:
        current["rests_on"] = current["rests_on"].str.removesuffix(_UNDATED)  # said once, of all
    if current.empty:
        return f"{when}, no page reports a position.", []
    order = order_labels(tables, current["position"].str.replace(r" \(.*", "", regex=True))
    phrases = []
    for kind in sorted(
        current["position"].unique(), key=lambda kind: (order.index(kind.split(" (")[0]), kind)
    ):
        rows = current[current["position"] == kind]
        phrases.append(f"{kind}: {join_most(rows, 'position_evidence', _qualify)}")
    evidence = gather_ids(id for ids in current["position_evidence"] for id in ids)
    return f"{when} – {'; '.join(phrases)}.{undated}", evidence


def _qualify(row: Any) -> str:
    """Return the organisation, what its answer rests on, and how weak that is.

    Weak are a tie, no date, a third person's word, and dissent.
    """
    counts = row.rests_on.removesuffix(_UNDATED)
    doubts = ["no page with a date"] if counts != row.rests_on else []
    if told_by := getattr(row, "told_by", ""):
        doubts.append(f"told by {told_by}")
    if otherwise := getattr(row, "reported_otherwise", ""):
        is_said = any(not _UNCERTAIN.search(part) for part in otherwise.split("; "))
        doubts.append("reported otherwise too" if is_said else "otherwise only expected")
    return f"{row.organisation} ({', '.join([counts, *doubts])})"


def write_undated(tables: Tables, as_of: str, organisation: str = "") -> str:
    """Return the sentence that an answer as of a date needs if no page it rests on is dated.

    Empty where one of them is.
    """
    known = find_known(tables, as_of, organisation) if as_of else tables.positions[:0]
    dates = ["announced_on", "effective_from", "date_published"]
    if known.empty or known[dates].ne("").any(axis=None):
        return ""
    n_pages = count_things(known["article_id"].nunique(), "page")
    return (
        f" No page with a date reports a position by then: this rests on {n_pages} without a date."
    )


def _write_when(tables: Tables, as_of: str) -> str:
    """Return the day that was asked for, else from when the pages with a position are."""
    if as_of:
        return f"As of {write_date(as_of)}"
    pages = set(tables.positions["article_id"])
    dates = tables.articles.loc[tables.articles["article_id"].isin(pages), "date_published"]
    days = sorted({date[:10] for date in dates if date})
    if not days:
        return "In undated pages"
    n_undated = int((dates == "").sum())
    undated = f" and {n_undated:,} without a date" if n_undated else ""
    return f"In pages of {write_period('/'.join(sorted({days[0], days[-1]})))}{undated}"
