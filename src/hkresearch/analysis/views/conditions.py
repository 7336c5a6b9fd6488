"""Tables -> the conditions that organisations attach to their positions."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pandas as pd

from hkresearch.analysis.views.wording import (
    find_attributes,
    gather_ids,
    join_words,
    list_page_names,
    name_code,
    name_entity,
    name_pages,
    tidy_passage,
)
from hkresearch.reconcile.known_positions import find_known

if TYPE_CHECKING:
    from hkresearch.tables.tables import Tables

CONDITION_COLUMNS = [
    "organisation", "position", "condition", "condition_evidence", "n_articles", "pages",
]  # fmt: skip


def list_conditions(tables: Tables, as_of: str = "", organisation: str = "") -> pd.DataFrame:
    """Return one row per condition of a position; a wording inside a longer one counts with it.

    `as_of` (an ISO date) and `organisation` (an id) limit the rows where they are given.
    """
    names, marks = name_pages(tables), find_attributes(tables, "condition")
    known, rows = find_known(tables, as_of, organisation), []
    for position, group in known[known["condition"] != ""].groupby("position", sort=True):
        for members in _join_wordings(group):
            longest = max(members, key=lambda row: (len(row.condition), row.article_id))
            organisations = {row.organisation for row in members}
            evidence = (id for row in members for id in marks.get(row.position_id, []))
            pages = [row.article_id for row in members]
            rows.append(
                {
                    "organisation": join_words(
                        sorted(name_entity(tables, id) for id in organisations)
                    ),
                    "position": name_code(tables, "position", position),
                    "condition": tidy_passage(longest.condition),
                    "condition_evidence": gather_ids(evidence),
                    "n_articles": len(set(pages)),
                    "pages": list_page_names(names, pages),
                }
            )
    frame = pd.DataFrame(rows, columns=CONDITION_COLUMNS)
    by = ["n_articles", "organisation", "position", "condition"]
    return frame.sort_values(by, ascending=[False, True, True, True], ignore_index=True)


def _join_wordings(group: pd.DataFrame) -> list[list[Any]]:
    """Return lists of rows whose condition is the same.

    It is the same but for signs, or a part of the longest one that their organisation sets.
    """
    texts: list[str] = []  # the letters of the longest one of each list
    lists: list[list[Any]] = []
    place: dict[str, int] = {}
    set_by: dict[str, set[int]] = defaultdict(set)
    for row in sorted(group.itertuples(index=False), key=_rank_longest):
        letters = "".join(filter(str.isalnum, row.condition.casefold()))
        own = (number for number in sorted(set_by[row.organisation]) if letters in texts[number])
        home = min(next(own, len(lists)), place.get(letters, len(lists)))
        if home == len(lists):
            place[letters] = home
            texts.append(letters)
            lists.append([])
        set_by[row.organisation].add(home)
        lists[home].append(row)
    return lists


def _rank_longest(row: Any) -> tuple[int, str, int]:
    return -len(row.condition), row.article_id, row.start
