"""Two sets of tables -> the claims that are new, gone or changed, with their passages."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from hkresearch.analysis.views.earlier_tables import (
    diff_with_earlier,
    join_evidence,
    list_openable,
    name_all_pages,
)
from hkresearch.analysis.views.quantities import write_quantity
from hkresearch.analysis.views.wording import (
    count_things,
    gather_ids,
    list_page_names,
    name_code,
    name_entity,
    name_variable,
    shorten,
    tidy_passage,
    write_period,
)
from hkresearch.tables.select_rows import choose_where

if TYPE_CHECKING:
    from hkresearch.tables.tables import Tables

CHANGED_CLAIM_COLUMNS = [
    "about", "question", "claim", "what_changed", "because_of", "evidence",
]  # fmt: skip
# Of a claim, what changed: told in this order.
CHANGE_ORDER = (
    "status", "n_articles", "n_origins", "joined", "subject", "code", "text", "first_published",
)  # fmt: skip
NUMBER_CODE = re.compile(r"\d+(\.\d+)?")
PERIOD_CODE = re.compile(r"(\d{4}(?:-\d{2})*(?:/\d{4}(?:-\d{2})*)?)")
LONGEST_CLAIM_TEXT = 110  # letters

ChangeRow = Any  # a row of `diff_tables`, as a named tuple


def list_changed_claims(earlier: Tables | None, tables: Tables) -> pd.DataFrame:
    """Return one row per claim that stood before and stands now, but is told otherwise.

    It may be contested, corroborated or worded otherwise.
    """
    changes = diff_with_earlier(earlier, tables, "claims")
    changed = changes[changes["change"] == "changed"]
    ranked = changed.assign(rank=changed["what"].map(CHANGE_ORDER.index))
    phrases: dict[str, list[str]] = defaultdict(list)
    causes: dict[str, list[str]] = defaultdict(list)
    for change in ranked.sort_values("rank", kind="stable").itertuples(index=False):
        phrases[change.claim_id].append(_describe_change(change))
        causes[change.claim_id].append(change.articles)
    rows = changed.drop_duplicates("claim_id")
    rows = rows.assign(articles=[";".join(causes[id]) for id in rows["claim_id"]])
    said = {id: "; ".join(of_claim) for id, of_claim in phrases.items()}
    return _write_claims(earlier, tables, rows, said)


def list_added_claims(earlier: Tables | None, tables: Tables) -> pd.DataFrame:
    """Return one row per claim that no page made before."""
    return _list_whole_claims(earlier, tables, "added")


def list_gone_claims(earlier: Tables | None, tables: Tables) -> pd.DataFrame:
    """Return one row per claim that no page makes any more.

    Its passages open where the page is still the same.
    """
    return _list_whole_claims(earlier, tables, "gone")


def _list_whole_claims(earlier: Tables | None, tables: Tables, change: str) -> pd.DataFrame:
    changes = diff_with_earlier(earlier, tables, "claims")
    rows = changes[(changes["change"] == change) & (changes["what"] == "claim")]
    return _write_claims(earlier, tables, rows, {}).drop(columns="what_changed")


def _write_claims(
    earlier: Tables | None, tables: Tables, changes: pd.DataFrame, phrases: Mapping[str, str]
) -> pd.DataFrame:
    """Return the rows of claims; `phrases` says of each what changed, by its id."""
    names = name_all_pages(earlier, tables)
    evidence = _find_all_evidence(earlier, tables, changes)
    openable = list_openable(join_evidence(earlier, tables), evidence)
    rows = []
    for change, ids in zip(changes.itertuples(index=False), evidence, strict=True):
        because_of = list_page_names(names, _list_causes(change))
        rows.append(
            {
                "about": name_entity(tables, change.subject) or "nobody named",
                "question": name_variable(tables, change.variable),
                "claim": write_claim(tables, change.variable, change.code, change.text),
                "what_changed": phrases.get(change.claim_id, ""),
                "because_of": because_of or "a decision, or the codebook",
                "evidence": gather_ids(id for id in ids if id in openable),
            }
        )
    frame = pd.DataFrame(rows, columns=CHANGED_CLAIM_COLUMNS, dtype=object)
    is_contested = frame["what_changed"].astype(str).str.startswith("now contested")
    frame = frame.assign(is_calm=~is_contested)
    frame = frame.sort_values(["is_calm", "about", "question", "claim"], ignore_index=True)
    return frame.drop(columns="is_calm")


# -------------------------------------------------------------------------------------- passages


def _find_all_evidence(
    earlier: Tables | None, tables: Tables, changes: pd.DataFrame
) -> list[list[str]]:
    """Return the passages that show each change: of what is gone, those in the earlier tables."""
    now = _PassageFinder(tables, changes)
    before = _PassageFinder(tables if earlier is None else earlier, changes)
    evidence = []
    for change in changes.itertuples(index=False):
        finder = before if change.change == "gone" else now
        evidence.append(finder.find(change))
    return evidence


class _PassageFinder:
    """Finds the passages of one set of tables that show a change."""

    def __init__(self, tables: Tables, changes: pd.DataFrame) -> None:
        question = ["subject", "variable"]
        asked = changes[changes["variable"] != "statement"][question].drop_duplicates()
        same_question = tables.claims[["claim_id", *question]].merge(asked)
        groups = same_question.groupby(question)["claim_id"]
        self.same_question = {key: list(ids) for key, ids in groups}
        columns = ["claim_id", "annotation_id", "article_id"]
        wanted = {*changes["claim_id"], *same_question["claim_id"]}
        rows = choose_where(tables.appearances, columns, "claim_id", wanted)
        rows = rows.sort_values(["article_id", "annotation_id"])
        self.of_claim: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for claim, id, page in rows[columns].itertuples(index=False, name=None):
            self.of_claim[claim].append((id, page))

    def find(self, change: ChangeRow) -> list[str]:
        """Return the claim's passages on the pages that changed it.

        Without any, those of other claims on the same question; else all of the claim's own.
        """
        own = self.of_claim.get(change.claim_id, [])
        pages = set(_list_causes(change))
        found = [id for id, page in own if page in pages]
        if not found and change.variable != "statement":
            for claim in self.same_question.get((change.subject, change.variable), []):
                found += [id for id, page in self.of_claim.get(claim, ()) if page in pages]
        return found or [id for id, _ in own]


def _list_causes(change: ChangeRow) -> list[str]:
    return sorted({id for id in change.articles.split(";") if id})


# ----------------------------------------------------------------------------------------- words


def _describe_change(change: ChangeRow) -> str:
    match change.what:
        case "status":
            return f"now {change.after}, was {change.before}"
        case "n_articles":
            return f"{count_things(int(change.after), 'page')}, was {change.before}"
        case "n_origins":
            return f"{count_things(int(change.after), 'origin')}, was {change.before}"
        case "joined":
            statement = shorten(tidy_passage(change.before), LONGEST_CLAIM_TEXT)
            return f"takes in “{statement}”, which stood alone"
        case "text":
            return "worded otherwise by most pages"
        case "first_published":
            after, before = (date or "without a date" for date in (change.after, change.before))
            return f"first published {after}, was {before}"
    return f"{change.what}: {change.before} → {change.after}"


def write_claim(tables: Tables, variable: str, code: str, text: str) -> str:
    """Return what a claim says in words.

    A statement in its own, a number with unit and period, a code by its label.
    """
    if variable == "statement":
        return f"“{shorten(tidy_passage(text), LONGEST_CLAIM_TEXT)}”"
    if variable == "position":
        return write_position_code(tables, code)
    number, _, rest = code.partition(" ")
    if not rest or not NUMBER_CODE.fullmatch(number):
        return name_code(tables, variable, code)
    parts = rest.split(" ")
    words = [part for part in parts if not PERIOD_CODE.fullmatch(part)]
    periods = [write_period(part) for part in parts if PERIOD_CODE.fullmatch(part)]
    quantity = write_quantity(float(number), words[0] if words else "")
    return ", ".join([quantity, *words[1:], *periods])


def write_position_code(tables: Tables, code: str) -> str:
    """Return the label of a position and its modality; `code` holds both, with a space between."""
    position, _, modality = code.partition(" ")
    return f"{name_code(tables, 'position', position)} {modality}".strip()
