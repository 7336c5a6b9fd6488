"""Tables -> where pages contradict each other, both sides with their passages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import pandas as pd

from ..reconcile import list_contradictions as find_contradictions
from ..reconcile.contradictions import EXCLUSIVE
from .quantities import write_quantity
from .wording import (
    capitalise, check_organisation, count_things, gather_ids, join_most, join_words, list_page_names, name_code,
    name_entity, name_pages, name_variable, shorten, tidy_passage,
)  # fmt: skip

if TYPE_CHECKING:
    from ..tables import Tables

SIDE_COLUMNS = ["about", "question", "why", "one_side", "one_side_evidence", "other_side", "other_side_evidence"]
HEADLINE_COLUMNS = [
    "page", "about", "why", "headline", "headline_evidence", "the_text_instead", "the_text_instead_evidence",
]  # fmt: skip
KINDS = ("stance", "value", "order", "subject", "arithmetic", "modality", "outlook", "scope")  # in the order shown
FIRST = {"modality": "stated", "scope": "all"}  # the side that says more stands first
DEGREES = {"stated": "reported as done", "considered": "only considered", "all": "all of it"}
MOST_ANSWERS = 6  # to one question that are told; the others are counted
SHOWN = 2  # passages of one answer that are quoted; the others are counted and open all the same


def list_contradictions(tables: Tables, organisation: str = "") -> pd.DataFrame:
    """Return one row per question to which pages give answers that cannot both hold, side by side."""
    return _compare_sides(tables, organisation, EXCLUSIVE)[SIDE_COLUMNS]


def list_differences(tables: Tables, organisation: str = "") -> pd.DataFrame:
    """Return one row per position that pages give in different degrees: done or only considered, all or only a part.

    What differs only in how certain it is, or in how far it reaches, is no contradiction.
    """
    return _compare_sides(tables, organisation, [kind for kind in KINDS if kind not in EXCLUSIVE])[SIDE_COLUMNS]


def _compare_sides(tables: Tables, organisation: str, kinds: Iterable[str]) -> pd.DataFrame:
    found, names = find_contradictions(tables, kinds), name_pages(tables)
    if organisation:
        found = found[found["subject"].str.split(";").map(lambda ids: organisation in ids).astype(bool)]
    rows, keys = [], ["contradiction_id", "kind", "subject", "variable", "reason"]
    for (_, kind, subject, variable, reason), group in found.groupby(keys, sort=False):
        sides = _order_sides(kind, group)
        row = {"rank": KINDS.index(kind), "about": name_entity(tables, subject), "why": reason}
        row |= {"question": _name_question(tables, kind, variable)}
        row |= _write_side(tables, names, "one_side", kind, variable, sides[:1])
        rows.append(row | _write_side(tables, names, "other_side", kind, variable, sides[1:]))
    sides = [f"{side}{part}" for side in ("one_side", "other_side") for part in ("", "_answer", "_evidence")]
    frame = pd.DataFrame(rows, columns=["rank", "about", "question", "why", *sides], dtype=object)
    return frame.sort_values(["rank", "about", "question", "why", "one_side"], ignore_index=True)


def _order_sides(kind: str, group: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """The answers, each with its passages: what says more stands first, else what more pages say."""

    def rank(side: tuple[str, pd.DataFrame]) -> tuple:
        code, rows = side
        return (code != FIRST.get(kind), code.endswith(")"), -rows["article_id"].nunique(), code)

    return sorted(group.groupby("code", sort=True), key=rank)


def _name_question(tables: Tables, kind: str, variable: str) -> str:
    name, _, rest = variable.partition(" ")
    if kind == "subject":
        return "who acts"
    if kind == "order":
        return "order of dates"
    if kind == "modality":
        return f"{name_variable(tables, name)}: {name_code(tables, name, rest)}"
    return name_variable(tables, name)


def _write_side(
    tables: Tables, pages: Mapping[str, str], side: str, kind: str, variable: str, answers: list[tuple[str, pd.DataFrame]]
) -> dict:
    told, rest = answers[:MOST_ANSWERS], len(answers) - MOST_ANSWERS
    names = [_name_answer(tables, kind, variable, code) for code, _ in told]
    shown = SHOWN if len(answers) == 1 else 1
    texts = [
        f"{capitalise(name)}: {quote_passages(pages, rows, shown)}"
        for name, (_, rows) in zip(names, told, strict=True)
    ]
    if rest > 0:
        names, texts = [*names, f"{rest:,} more"], [*texts, f"{rest:,} more"]
    ids = [id for _, rows in answers for id in rows["annotation_id"]]
    return {side: "; or ".join(texts), f"{side}_answer": join_words(names, "or"), f"{side}_evidence": gather_ids(ids)}


def _name_answer(tables: Tables, kind: str, variable: str, code: str) -> str:
    name, _, rest = code.partition(" ")
    if kind in ("stance", "outlook"):
        return name_code(tables, "position", name) + (f", {rest.strip('()')}" if rest else "")
    if kind == "order":
        return f"{name_variable(tables, name)} {name_code(tables, name, rest)}"
    if kind == "subject":
        return join_words(name_entity(tables, id) for id in code.split(";"))
    if kind == "value" and name.replace(".", "", 1).isdigit() and rest:
        return write_quantity(float(name), rest)
    return name_code(tables, variable, code) if kind == "value" else DEGREES.get(code, code)


def quote_passages(names: Mapping[str, str], rows: pd.DataFrame, shown: int = SHOWN, width: int = 120) -> str:
    """Return passages of `rows` in quotation marks, one a page and each with it; after `shown` the rest is counted."""
    passages, pages = {}, set()
    for row in rows.assign(length=rows["exact"].str.len()).sort_values(
        ["article_id", "length", "annotation_id"], ascending=[True, False, True]
    ).itertuples(index=False):  # fmt: skip
        if row.article_id not in pages:
            passages.setdefault(shorten(tidy_passage(row.exact), width), []).append(row.article_id)
        pages.add(row.article_id)
    quoted = [f"“{_nest_marks(text)}” ({list_page_names(names, ids)})" for text, ids in passages.items()]
    more = f"; and {count_things(len(quoted) - shown, 'more page')}" if len(quoted) > shown else ""
    return "; ".join(quoted[:shown]) + more


def _nest_marks(text: str) -> str:
    """Quotation marks inside quotation marks are single ones."""
    return re.sub(r'"([^"]*)"', r"‘\1’", text.translate(str.maketrans("“”", "‘’")))


def list_headlines(tables: Tables, organisation: str = "") -> pd.DataFrame:
    """Return the headlines that name an organisation, or give it a position, which their own text never does."""
    found, names, rows = find_contradictions(tables, ["headline"]), name_pages(tables), []
    for (subject, variable, reason), group in found.groupby(["subject", "variable", "reason"], sort=True):
        if organisation not in ("", subject):
            continue
        head, text = group[group["code"] == "headline"], group[group["code"] == "text"]
        article_id = variable.partition(" ")[2]
        rows.append(
            {
                "page": names.get(article_id, article_id),
                "about": name_entity(tables, subject),
                "why": reason,
                "headline": join_words((tidy_passage(exact) for exact in head["exact"]), ";"),
                "headline_evidence": gather_ids(head["annotation_id"]),
                "the_text_instead": "; ".join(dict.fromkeys(shorten(tidy_passage(t), 160) for t in text["exact"])),
                "the_text_instead_evidence": gather_ids(text["annotation_id"]),
            }
        )
    return pd.DataFrame(rows, columns=HEADLINE_COLUMNS).sort_values(["page", "about"], ignore_index=True)


def summarise_contradictions(tables: Tables, organisation: str = "") -> tuple[str, list[str]]:
    """Return in one sentence, with its evidence, how many questions the pages answer differently, and which."""
    check_organisation(tables, organisation)
    rows, headlines = _compare_sides(tables, organisation, KINDS), list_headlines(tables, organisation)
    apart = rows["rank"] < KINDS.index("modality")
    sentences = []
    if n := int(apart.sum()):
        sentences.append(f"{capitalise(count_things(n, 'contradiction'))}: {_list_questions(rows[apart])}")
    if n := int((~apart).sum()):
        differences = count_things(n, "difference")
        sentences.append(f"{'' if sentences else 'No contradictions; '}{differences} in degree: {_list_questions(rows[~apart])}")
    if n := headlines["page"].nunique():
        verb = "says" if n == 1 else "say"
        sentences.append(f"{capitalise(count_things(n, 'headline'))} {verb} more than the text below")
    if not sentences:
        return "No page contradicts another on a question that the codebook says has one answer.", []
    columns = [rows["one_side_evidence"], rows["other_side_evidence"], headlines["headline_evidence"]]
    return ". ".join(sentences) + ".", gather_ids(id for column in columns for ids in column for id in ids)


def _list_questions(rows: pd.DataFrame) -> str:
    about = rows.assign(ids=rows["one_side_evidence"] + rows["other_side_evidence"]).groupby("about", sort=False)
    asked = about.agg(questions=("question", lambda names: ", ".join(dict.fromkeys(names))), ids=("ids", "sum")).reset_index()
    return join_most(asked, "ids", lambda row: f"{row.about} ({row.questions})")
