"""Tables -> where pages contradict each other, both sides with their passages."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from hkresearch.analysis.views.headlines import list_headlines
from hkresearch.analysis.views.quantities import write_quantity
from hkresearch.analysis.views.wording import (
    capitalise,
    check_organisation,
    count_things,
    gather_ids,
    join_most,
    join_words,
    list_page_names,
    name_code,
    name_entity,
    name_pages,
    name_variable,
    shorten,
    tidy_passage,
)  # fmt: skip
from hkresearch.reconcile import list_contradiction_sides
from hkresearch.reconcile.contradictions import EXCLUSIVE, find_contradictions
from hkresearch.reconcile.position_codes import PAST_TENSE, read_position_codes

if TYPE_CHECKING:
    from hkresearch.tables.tables import Tables

SIDE_COLUMNS = [
    "about",
    "question",
    "why",
    "one_side",
    "one_side_evidence",
    "other_side",
    "other_side_evidence",
]
_QUESTION = ["contradiction_id", "kind", "subject", "variable", "reason"]
DISAGREEMENT_KINDS = (
    "stance",
    "value",
    "order",
    "arithmetic",
    "tension",
    "subject",
    "modality",
    "outlook",
    "scope",
)  # in the order shown
_ASPECTS = {
    "tension": "perhaps of other times or requests",
    "outlook": "now and expected",
    "scope": "whether it has a limit",
}
_SIDE_FIRST = {"modality": "stated", "scope": "no limit"}  # the side that says more stands first
_DEGREES = {
    "stated": "reported as done",
    "considered": "only considered",
    "no limit": "no limit named",
}
_NO_CONTRADICTION = (
    "No contradiction was found between pages on a question that the codebook says has one answer."
)
_MOST_ANSWERS = 6  # to one question that are told; the others are counted
_SHOWN = 2  # passages of one answer that are quoted; the others are counted and open all the same


def list_contradictions(tables: Tables, organisation: str = "") -> pd.DataFrame:
    """Return one row per question to which pages give answers that cannot both hold."""
    return _compare_sides(tables, organisation, EXCLUSIVE)[SIDE_COLUMNS]


def count_contradictions(tables: Tables, organisation: str = "") -> int:
    """Return how many rows `list_contradictions` has."""
    return len({found[:4] for found in find_contradictions(tables, EXCLUSIVE, organisation)})


def list_differences(tables: Tables, organisation: str = "") -> pd.DataFrame:
    """Return one row per question on which pages differ and may all be right.

    They differ in degree, in reach, in the actor or in a time that is not known.
    """
    return _compare_sides(
        tables, organisation, [kind for kind in DISAGREEMENT_KINDS if kind not in EXCLUSIVE]
    )[SIDE_COLUMNS]


class _Answer(NamedTuple):
    """One answer to a question: what it says and where."""

    code: str
    ids: list[str]  # of its passages, in the order of pages
    pages: pd.Categorical  # each once
    texts: pd.Categorical  # of each of these pages its longest passage


def _compare_sides(tables: Tables, organisation: str, kinds: Iterable[str]) -> pd.DataFrame:
    found, names, rows = (
        list_contradiction_sides(tables, kinds, organisation),
        name_pages(tables),
        [],
    )
    for (kind, subject, variable, reason), answers in _group_answers(found):
        answers = sorted(answers, key=partial(_rank_answer, _SIDE_FIRST.get(kind)))
        row = {
            "rank": DISAGREEMENT_KINDS.index(kind),
            "about": name_entity(tables, subject),
            "why": reason,
        }
        row |= {"question": _name_question(tables, kind, variable)}
        one, other = _split_answers(tables, kind, answers)
        row |= _write_side(tables, names, "one_side", kind, variable, one)
        rows.append(row | _write_side(tables, names, "other_side", kind, variable, other))
    sides = [
        f"{side}{part}"
        for side in ("one_side", "other_side")
        for part in ("", "_answer", "_evidence")
    ]
    frame = pd.DataFrame(rows, columns=["rank", "about", "question", "why", *sides], dtype=object)
    return frame.sort_values(["rank", "about", "question", "why", "one_side"], ignore_index=True)


def _split_answers(
    tables: Tables, kind: str, answers: list[_Answer]
) -> tuple[list[_Answer], list[_Answer]]:
    """Return the first answer and all others; positions of one family are one answer."""
    if kind not in ("stance", "outlook", "tension"):
        return answers[:1], answers[1:]
    families = read_position_codes(tables.codebook).family
    names = [families.get(answer.code.partition(" ")[0]) for answer in answers]
    if names[0] == PAST_TENSE:
        return answers[:1], answers[1:]
    one = [answer for answer, name in zip(answers, names, strict=True) if name == names[0]]
    return one, [answer for answer in answers if answer not in one]


def _group_answers(found: pd.DataFrame) -> Iterator[tuple[tuple[str, ...], list[_Answer]]]:
    """Yield (kind, subject, variable, reason) and the answers of each contradiction.

    The rows of one stand together in `found`.
    """
    sides = found.groupby(["contradiction_id", "code"], sort=False, observed=True)
    side, page = sides.ngroup().to_numpy(), found["article_id"].cat.codes.to_numpy()
    order = np.lexsort((-found["exact"].str.len().to_numpy(), page, side))
    order = order[(np.diff(side[order], prepend=-1) != 0) | (np.diff(page[order], prepend=-1) != 0)]
    ids, pages, texts = (
        found["annotation_id"].to_list(),
        *(found[name].array[order] for name in ("article_id", "exact")),
    )
    heads = found[[*_QUESTION, "code"]].iloc[np.unique(side, return_index=True)[1]]
    ends = (np.bincount(rows).cumsum().tolist() for rows in (side, side[order]))
    begin = begin_page = 0
    answers = []
    for *head, code, end, end_page in zip(*(heads[name] for name in heads), *ends, strict=True):
        here = slice(begin_page, end_page)
        answers.append((head, _Answer(code, ids[begin:end], pages[here], texts[here])))
        begin, begin_page = end, end_page
    for (_, *question), group in groupby(answers, key=itemgetter(0)):
        yield tuple(question), [answer for _, answer in group]


def _rank_answer(first: str | None, answer: _Answer) -> tuple[bool, bool, int, str]:
    """Return a key that puts the answer that says more first, else the one of more pages."""
    return answer.code != first, answer.code.endswith(")"), -len(answer.pages), answer.code


def _name_question(tables: Tables, kind: str, variable: str) -> str:
    name, _, rest = variable.partition(" ")
    if kind == "subject":
        return "who acts"
    if kind == "order":
        return "order of dates"
    if kind == "modality":
        return f"{name_variable(tables, name)}: {name_code(tables, name, rest)}, done or considered"
    if kind in _ASPECTS:
        return f"{name_variable(tables, name)}: {_ASPECTS[kind]}"
    return name_variable(tables, name)


def _write_side(
    tables: Tables,
    pages: Mapping[str, str],
    side: str,
    kind: str,
    variable: str,
    answers: list[_Answer],
) -> dict[str, Any]:
    told, rest = answers[:_MOST_ANSWERS], len(answers) - _MOST_ANSWERS
    names = [_name_answer(tables, kind, variable, answer.code) for answer in told]
    shown = _SHOWN if len(answers) == 1 else 1
    texts = [
        f"{capitalise(name)}: {_quote_passages(pages, answer, shown)}"
        for name, answer in zip(names, told, strict=True)
    ]
    if rest > 0:
        names, texts = [*names, f"{rest:,} more"], [*texts, f"{rest:,} more"]
    ids = (id for answer in answers for id in answer.ids)
    return {
        side: "; or ".join(texts),
        f"{side}_answer": join_words(names, "or"),
        f"{side}_evidence": gather_ids(ids),
    }


def _name_answer(tables: Tables, kind: str, variable: str, code: str) -> str:
    name, _, rest = code.partition(" ")
    if kind in ("stance", "outlook", "tension"):
        return name_code(tables, "position", name) + (f", {rest.strip('()')}" if rest else "")
    if kind == "order":
        return f"{name_variable(tables, name)} {name_code(tables, name, rest)}"
    if kind == "subject":
        return join_words(name_entity(tables, id) for id in code.split(";"))
    if kind == "value" and name.replace(".", "", 1).isdigit() and rest:
        return write_quantity(float(name), rest)
    return name_code(tables, variable, code) if kind == "value" else _DEGREES.get(code, code)


def _quote_passages(names: Mapping[str, str], answer: _Answer, shown: int, width: int = 120) -> str:
    """Return passages of `answer` in quotation marks, one a page and each with its page.

    After `shown` of them the pages are counted.
    """
    alike: dict[str, list[str]] = defaultdict(list)
    for text, page in zip(answer.texts, answer.pages, strict=True):
        alike[text].append(page)
    passages: dict[str, list[str]] = {}
    for exact, pages in alike.items():
        text = shorten(tidy_passage(exact), width)
        if text in passages or len(passages) < shown:
            passages.setdefault(text, []).extend(pages)
    quoted = [
        f"“{_nest_marks(text)}” ({list_page_names(names, ids)})" for text, ids in passages.items()
    ]
    rest = len(answer.pages) - sum(map(len, passages.values()))
    return "; ".join(quoted) + (f"; and {count_things(rest, 'more page')}" if rest else "")


def _nest_marks(text: str) -> str:
    """Return `text` with single quotation marks, to stand inside double ones."""
    return re.sub(r'"([^"]*)"', r"‘\1’", text.translate(str.maketrans("“”", "‘’")))


def summarise_contradictions(tables: Tables, organisation: str = "") -> tuple[str, list[str]]:
    """Return with its evidence how many questions the pages answer differently, and which."""
    check_organisation(tables, organisation)
    rows = _compare_sides(tables, organisation, DISAGREEMENT_KINDS)
    headlines = list_headlines(tables, organisation)
    apart = rows["rank"] < DISAGREEMENT_KINDS.index("tension")
    sentences = []
    if n := int(apart.sum()):
        sentences.append(
            f"{capitalise(count_things(n, 'contradiction'))}: {_list_questions(rows[apart])}"
        )
    if n := int((~apart).sum()):
        differences = f"{count_things(n, 'difference')} that can be reconciled"
        opening = "" if sentences else "No contradiction found; "
        sentences.append(f"{opening}{differences}: {_list_questions(rows[~apart])}")
    if n := headlines["page"].nunique():
        verb = "says" if n == 1 else "say"
        sentences.append(
            f"{capitalise(count_things(n, 'headline'))} {verb} more than the text below"
        )
    if not sentences:
        return _NO_CONTRADICTION, []
    columns = [
        rows["one_side_evidence"],
        rows["other_side_evidence"],
        headlines["headline_evidence"],
    ]
    return ". ".join(sentences) + ".", gather_ids(
        id for column in columns for ids in column for id in ids
    )


def _list_questions(rows: pd.DataFrame) -> str:
    asked = rows.assign(ids=rows["one_side_evidence"] + rows["other_side_evidence"])
    return join_most(asked, "ids", _write_question)


def _write_question(row: Any) -> str:
    """Return "Acme (seat: East against West)"."""
    sides = f"{row.one_side_answer} against {row.other_side_answer}"
    return f"{row.about} ({row.question}: {sides})"
