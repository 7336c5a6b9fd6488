"""A view -> the columns, rows, note and CSV of an exhibit, no larger than a report can carry."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hkresearch.core.safe_text import is_number
from hkresearch.display.exhibit_csv import EVIDENCE_COLUMN, write_records_csv
from hkresearch.display.exhibit_evidence import read_ids
from hkresearch.display.values import label_column, write_value

if TYPE_CHECKING:
    from pandas import DataFrame

MOST_ROWS = 300  # of a table that are shown
MOST_PASSAGES = 500  # of a table or figure that are cited, where there is a choice
MOST_CSV_ROWS = 5_000
MOST_CSV_IDS = 20_000  # of a CSV, where there is a choice
# Passages of one cell, row or answer that are cited: the highest limit with which they are not too
# many.
CITED_LIMITS = (100, 50, 20, 10, 5, 3, 2, 1)
# Passages of one cell that the CSV names, likewise.
LISTED_LIMITS = (1_000, 500, 200, 100, 50, 20, 10, 5, 2, 1)

# Its `cells`, each with `text` and `evidence`, and the row's own `evidence`.
ExhibitRow = dict[str, Any]
ViewRecord = Mapping[Hashable, Any]


def lay_out_view(view: DataFrame, note: str) -> dict[str, Any]:
    """Return the `columns`, `rows`, `note` and `csv` of `view`.

    The note says what was left out, if anything.
    """
    names = [str(name) for name in view.columns]
    shown = _list_shown_columns(names)
    records = view.set_axis(names, axis=1).to_dict("records")
    rows = [_lay_out_row(record, shown) for record in records[:MOST_ROWS]]
    most_cited = _choose_cited(rows)
    csv_records = records[:MOST_CSV_ROWS]
    sizes = _count_listed(csv_records, names)
    most_listed = _choose_listed(sizes)
    is_all_listed = max(sizes, default=0) <= most_listed
    sentences = [
        note,
        _say_rows(len(rows), len(records)),
        _say_passages(_count_longest(rows), most_cited, most_listed, is_all_listed),
    ]
    columns = [
        {"name": name, "label": label_column(name), "numeric": _is_numeric(rows, number)}
        for number, name in enumerate(shown)
    ]
    return {
        "note": " ".join(filter(None, sentences)),
        "columns": columns,
        "rows": [_cut_row(row, most_cited) for row in rows],
        "csv": write_records_csv(names, csv_records, most_listed),
    }


def _list_shown_columns(names: Sequence[str]) -> list[str]:
    """Return the names of the columns that hold no evidence."""
    suffix = "_" + EVIDENCE_COLUMN
    hidden = {EVIDENCE_COLUMN} | {name + suffix for name in names}
    return [name for name in names if name not in hidden]


def _lay_out_row(record: ViewRecord, shown: Sequence[str]) -> ExhibitRow:
    cells = []
    for name in shown:
        evidence = read_ids(record.get(f"{name}_{EVIDENCE_COLUMN}"))
        cells.append({"text": write_value(record[name]), "evidence": evidence})
    return {"cells": cells, "evidence": read_ids(record.get(EVIDENCE_COLUMN))}


def _is_numeric(rows: Sequence[ExhibitRow], column: int) -> bool:
    texts = [row["cells"][column]["text"] for row in rows]
    filled = [text for text in texts if text]
    numbers = [text.replace(",", "").removesuffix("%").strip() for text in filled]
    return bool(numbers) and all(map(is_number, numbers))


# ------------------------------------------------------------------------------------------ limits


def shorten_answer(text: str, ids: list[str]) -> tuple[str, list[str]]:
    """Return the text of an answer and the ids that it cites.

    The text says so where those are not all.
    """
    most = CITED_LIMITS[0]
    if len(ids) <= most:
        return text, ids
    return f"{text} (Cited are {most} of {len(ids):,} passages.)", ids[:most]


def _list_evidence(rows: Sequence[ExhibitRow]) -> list[list[str]]:
    """Return the ids of each row and of each cell."""
    evidence = []
    for row in rows:
        evidence.append(row["evidence"])
        evidence += [cell["evidence"] for cell in row["cells"]]
    return evidence


def _count_longest(rows: Sequence[ExhibitRow]) -> int:
    return max(map(len, _list_evidence(rows)), default=0)


def _choose_cited(rows: Sequence[ExhibitRow]) -> int:
    """Return how many passages of one cell or row are cited, at most MOST_PASSAGES in all."""
    evidence = _list_evidence(rows)
    for most in CITED_LIMITS:
        cited = {id for ids in evidence for id in ids[:most]}
        if len(cited) <= MOST_PASSAGES:
            return most
    return CITED_LIMITS[-1]


def _count_listed(records: Sequence[ViewRecord], names: Sequence[str]) -> list[int]:
    """Return the number of passages of each cell that holds evidence."""
    evidence_names = [name for name in names if name.endswith(EVIDENCE_COLUMN)]
    return [len(read_ids(record[name])) for record in records for name in evidence_names]


def _choose_listed(sizes: Sequence[int]) -> int:
    """Return how many passages of one cell the CSV names, at most MOST_CSV_IDS in all."""
    for most in LISTED_LIMITS:
        if sum(min(size, most) for size in sizes) <= MOST_CSV_IDS:
            return most
    return LISTED_LIMITS[-1]


def _cut_row(row: ExhibitRow, most_cited: int) -> ExhibitRow:
    cells = [{**cell, "evidence": cell["evidence"][:most_cited]} for cell in row["cells"]]
    return {"cells": cells, "evidence": row["evidence"][:most_cited]}


def _say_rows(n_shown: int, n_rows: int) -> str:
    if n_rows <= n_shown:
        return ""
    if n_rows <= MOST_CSV_ROWS:
        in_csv = "them all"
    else:
        in_csv = f"the first {MOST_CSV_ROWS:,}, the view in the notebook all"
    return f"Shown are the first {n_shown} of {n_rows:,} rows; the CSV file has {in_csv}."


def _say_passages(longest: int, most_cited: int, most_listed: int, is_all_listed: bool) -> str:
    """Return the sentence about passages not cited; `longest` is the most that one cell has."""
    first_listed = f"the first {most_listed:,}, the table appearances all"
    if longest <= most_cited:
        if is_all_listed:
            return ""
        return f"Of a row's passages the CSV file names {first_listed}."
    if most_cited > 1:
        say_the_same = f"{most_cited} passages say the same, the first {most_cited} are cited"
    else:
        say_the_same = "one passage says the same, the first is cited"
    listed = "them all" if is_all_listed else first_listed
    return f"Where more than {say_the_same}; the CSV file names {listed}."
