"""Tables -> where pages contradict each other, both sides with their passages."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import pandas as pd

from ..reconcile import list_contradictions as find_contradictions
from ..reconcile.sides import GOES_ON
from ..reconcile.values import may_agree
from .positions import find_standing
from .quantities import write_quantity
from .wording import (
    capitalise, count_things, gather_ids, join_words, list_page_names, name_code, name_entity, name_pages,
    name_variable, shorten, tidy_passage,
)  # fmt: skip

if TYPE_CHECKING:
    from ..tables import Tables

CONTRADICTION_COLUMNS = ["organisation", "about", "one_side", "one_side_evidence", "other_side", "other_side_evidence"]
HEADLINE_COLUMNS = [
    "page", "organisation", "reason", "headline", "headline_evidence", "text_about_it", "text_about_it_evidence",
]  # fmt: skip
EXPECTATION_COLUMNS = [
    "organisation", "position", "expected_in", "expected_in_evidence", "stated_in", "stated_in_evidence",
]  # fmt: skip
SHOWN = 2  # passages of one side that are quoted; the others are counted and open all the same


def list_contradictions(tables: Tables, organisation: str = "") -> pd.DataFrame:
    """Return one row per pair of answers that cannot both hold, side by side; a headline's excess is not among them."""
    rows = _compare_sides(tables, organisation)
    about = rows["question"] + ": " + rows["reason"]
    return rows.assign(about=about)[CONTRADICTION_COLUMNS]


def _compare_sides(tables: Tables, organisation: str) -> pd.DataFrame:
    found = find_contradictions(tables)
    found = found[found["kind"] != "headline"]
    if organisation:
        found = found[found["subject"].str.split(";").map(lambda ids: organisation in ids).astype(bool)]
    rows = []
    for (_, kind, subject, variable, reason), group in found.groupby(
        ["contradiction_id", "kind", "subject", "variable", "reason"], sort=False
    ):
        for one, other in _pair_sides(tables, kind, group):
            row = {"organisation": name_entity(tables, subject), "question": _name_question(tables, kind, variable), "reason": reason}
            row |= _write_side(tables, "one_side", kind, variable, one)
            rows.append(row | _write_side(tables, "other_side", kind, variable, other))
    sides = [f"{side}{part}" for side in ("one_side", "other_side") for part in ("", "_answer", "_evidence")]
    frame = pd.DataFrame(rows, columns=["organisation", "question", "reason", *sides], dtype=object)
    return frame.sort_values(["organisation", "question", "reason", "one_side", "other_side"], ignore_index=True)


def _pair_sides(tables: Tables, kind: str, group: pd.DataFrame) -> list[tuple[pd.DataFrame, pd.DataFrame]]:
    """Every two answers that cannot both hold; of positions, those that exclude each other as families."""
    sides = [rows for _, rows in group.groupby("code", sort=True)]
    if kind == "stance" and len(sides) > 2:
        goes_on = group["code"].str.split(" ").str[0].isin(GOES_ON)
        return [(group[~goes_on], group[goes_on])]
    pairs = [
        (one, other)
        for one, other in combinations(sides, 2)
        if kind != "value" or not may_agree(one["code"].iloc[0], other["code"].iloc[0], tables.codebook)
    ]
    return pairs if len(sides) > 1 else [(rows, rows.iloc[:0]) for rows in sides]


def _name_question(tables: Tables, kind: str, variable: str) -> str:
    name, _, rest = variable.partition(" ")
    if kind == "subject":
        return "who acts"
    if kind == "modality":
        return f"{name_variable(tables, name)}: {name_code(tables, name, rest)}"
    return name_variable(tables, name)


def _write_side(tables: Tables, side: str, kind: str, variable: str, rows: pd.DataFrame) -> dict:
    answer = _name_answers(tables, kind, variable, rows)
    return {
        side: f"{capitalise(answer)}: {quote_passages(tables, rows)}" if len(rows) else "",
        f"{side}_answer": answer,
        f"{side}_evidence": gather_ids(rows["annotation_id"]),
    }


def _name_answers(tables: Tables, kind: str, variable: str, rows: pd.DataFrame) -> str:
    return join_words((_name_answer(tables, kind, variable, code) for code in sorted(set(rows["code"]))), "or")


def _name_answer(tables: Tables, kind: str, variable: str, code: str) -> str:
    if kind == "stance":
        position, _, modality = code.partition(" ")
        return f"{name_code(tables, 'position', position)} {modality}".strip()
    if kind == "order":
        name, _, date = code.partition(" ")
        return f"{name_variable(tables, name)}: {name_code(tables, name, date)}"
    number, _, unit = code.partition(" ")
    if kind == "value" and number.replace(".", "", 1).isdigit() and unit:
        return write_quantity(float(number), unit)
    if kind == "subject":
        return join_words(name_entity(tables, id) for id in code.split(";"))
    return name_code(tables, variable, code) if kind == "value" else code


def quote_passages(tables: Tables, rows: pd.DataFrame, width: int = 120) -> str:
    """Return the passages of `rows` in quotation marks, each with its page; after SHOWN of them the rest is counted."""
    names = name_pages(tables)
    passages: dict[str, list[str]] = {}
    for row in rows.sort_values(["article_id", "annotation_id"]).itertuples(index=False):
        passages.setdefault(shorten(tidy_passage(row.exact), width), []).append(row.article_id)
    nested = str.maketrans("“”", "‘’")
    quoted = [f"“{text.translate(nested)}” ({list_page_names(names, pages)})" for text, pages in passages.items()]
    more = f"; and {count_things(len(quoted) - SHOWN, 'more passage')}" if len(quoted) > SHOWN else ""
    return "; ".join(quoted[:SHOWN]) + more


def list_headlines(tables: Tables, organisation: str = "") -> pd.DataFrame:
    """Return the headlines that name an organisation, or give it a position, which their own text never does."""
    found, names, rows = find_contradictions(tables), name_pages(tables), []
    found = found[found["kind"] == "headline"]
    for (subject, variable, reason), group in found.groupby(["subject", "variable", "reason"], sort=True):
        if organisation not in ("", subject):
            continue
        head, text = group[group["code"] == "headline"], group[group["code"] == "text"]
        article_id = variable.partition(" ")[2]
        rows.append(
            {
                "page": names.get(article_id, article_id),
                "organisation": name_entity(tables, subject),
                "reason": reason,
                "headline": join_words((tidy_passage(exact) for exact in head["exact"]), ";"),
                "headline_evidence": gather_ids(head["annotation_id"]),
                "text_about_it": "; ".join(dict.fromkeys(shorten(tidy_passage(exact), 160) for exact in text["exact"])),
                "text_about_it_evidence": gather_ids(text["annotation_id"]),
            }
        )
    return pd.DataFrame(rows, columns=HEADLINE_COLUMNS).sort_values(["page", "organisation"], ignore_index=True)


def list_expectations(tables: Tables, organisation: str = "") -> pd.DataFrame:
    """Return the positions that some pages only expect, beside the pages that state them, if any do."""
    names, rows = name_pages(tables), []
    for (who, position), group in find_standing(tables, "", organisation).groupby(["organisation", "position"], sort=True):
        stated, expected = group[group["modality"] == "stated"], group[group["modality"] == "expected"]
        if len(expected):
            rows.append(
                {
                    "organisation": name_entity(tables, who),
                    "position": name_code(tables, "position", position),
                    "expected_in": list_page_names(names, expected["article_id"]),
                    "expected_in_evidence": gather_ids(expected["position_id"]),
                    "stated_in": list_page_names(names, stated["article_id"]),
                    "stated_in_evidence": gather_ids(stated["position_id"]),
                }
            )
    return pd.DataFrame(rows, columns=EXPECTATION_COLUMNS)


def summarise_contradictions(tables: Tables, organisation: str = "") -> tuple[str, list[str]]:
    """Return in one sentence, with its evidence, how many questions the pages answer differently, and which."""
    rows, headlines = _compare_sides(tables, organisation), list_headlines(tables, organisation)
    if rows.empty and headlines.empty:
        return "No page contradicts another on a question that the codebook says has one answer.", []
    phrases = [
        f"{who} ({question}: {' / '.join(sorted({*group['one_side_answer'], *group['other_side_answer']} - {''}))})"
        for (who, question), group in rows.groupby(["organisation", "question"], sort=True)
    ]
    text = f"The pages differ on {count_things(len(phrases), 'question')}" + (f": {'; '.join(phrases)}" if phrases else "")
    if len(headlines):
        text += f". {capitalise(count_things(headlines['page'].nunique(), 'headline'))} saying more than the text below"
    columns = [rows["one_side_evidence"], rows["other_side_evidence"], headlines["headline_evidence"]]
    return text + ".", gather_ids(id for column in columns for ids in column for id in ids)
