"""Appearances of statements -> what each page changed in the wording of its statement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

import numpy as np
import pandas as pd

from hkresearch.reconcile.shingle_index import list_shingles
from hkresearch.reconcile.word_forms import REMEMBERED, find_words, list_words, stem_word
from hkresearch.reconcile.wording_kinds import (
    ALTERATION_KINDS,
    CUT,
    describe_differences,
    list_kinds,
)
from hkresearch.tables.select_rows import choose_where
from hkresearch.tables.tables import Tables
from hkresearch.tables.text_columns import map_texts

_ALTERATION_COLUMNS = [
    "claim_id",
    "subject",
    "article_id",
    "annotation_id",
    "wording",
    "kinds",
    "differences",
    "exact",
    "text",
]
_NEAR_HALF = 40  # characters between two halves of a quotation
_WORDS_BEFORE = 8  # before a quotation's mark, in which its missing beginning is looked for
_WORDS_AFTER = 2  # after a quoted word, by which it is known again without marks

AlterationRow = tuple[str, str, str, str, str, str, str, str, str]


def list_alterations(tables: Tables) -> pd.DataFrame:
    """Return one row per appearance of a statement that differs from the statement's wording.

    `kinds` are keys of ALTERATION_KINDS joined with ';'. `differences` lists the words as
    "there → here", "− left out", "+ put in", joined with '; '.
    """
    rows = _join_wordings(tables)
    rows = rows.assign(kinds=_find_kinds(tables, rows))
    found = rows[rows["kinds"] != ""]
    columns = (map_texts(found[name], str) for name in ("wording", "text", "exact"))
    differences = [
        "" if wording == "translated" else describe_differences(text, exact)
        for wording, text, exact in zip(*columns, strict=True)
    ]
    found = found.assign(differences=differences)[_ALTERATION_COLUMNS]
    dropped = pd.DataFrame(
        _find_dropped_marks(tables, rows), columns=_ALTERATION_COLUMNS, dtype="str"
    )
    frame = pd.concat([found, dropped])
    return frame.sort_values(["claim_id", "article_id", "annotation_id"], ignore_index=True)


def _join_wordings(tables: Tables) -> pd.DataFrame:
    """Return the appearances of statements, each with its quotation and the statement's wording."""
    claims = choose_where(tables.claims, ["claim_id", "subject", "text"], "variable", ["statement"])
    quotations = tables.quotations[["quotation_id", "start", "end", "exact", "kind"]]
    rows = tables.appearances.merge(claims, on="claim_id")
    rows = rows.merge(quotations, left_on="annotation_id", right_on="quotation_id")
    return rows.sort_values(["claim_id", "article_id", "start", "annotation_id"], ignore_index=True)


def _find_kinds(tables: Tables, rows: pd.DataFrame) -> list[str]:
    """Return for each row the kinds of change, joined with ';'."""
    columns = (map_texts(rows[name], str) for name in ("exact", "text", "wording", "kind"))
    alike = [list_kinds(*row) for row in zip(*columns, strict=True)]
    cut = rows[np.array([CUT in kinds for kinds in alike], dtype=bool)]
    cuts = dict(zip(cut.index, _name_cuts(tables, rows, cut), strict=True))
    persons = tables.codebook.get("reconcile", {}).get("persons", {})
    spliced = dict.fromkeys(rows.index[_find_spliced(rows, persons)], "splice")
    return [
        _join_kinds((*kinds, cuts.get(place), spliced.get(place)))
        for place, kinds in enumerate(alike)
    ]


@lru_cache(REMEMBERED)
def _join_kinds(kinds: tuple[str | None, ...]) -> str:
    return ";".join(kind for kind in ALTERATION_KINDS if kind in kinds)


def _name_cuts(tables: Tables, rows: pd.DataFrame, cut: pd.DataFrame) -> Iterator[str]:
    """Yield what each part of a statement is: split, boundary or truncation.

    A half of a quotation cut in two; one whose opening is left outside the marks; or cut short.
    """
    spans = _list_neighbours(rows)
    before = _read_passages(tables, "before", cut["annotation_id"])
    for row in cut.itertuples(index=False):
        whole = list_words(row.text)
        place = find_words(list_words(row.exact), whole)
        neighbours = spans.get((row.claim_id, row.article_id), ())
        if any(
            0 < max(start - row.end, row.start - end) <= _NEAR_HALF for start, end in neighbours
        ):
            yield "split"
        elif place > 0 and _stands_before(whole[:place], before[row.annotation_id]):
            yield "boundary"
        else:
            yield "truncation"


def _list_neighbours(rows: pd.DataFrame) -> dict[tuple[str, str], list[tuple[int, int]]]:
    """Return (claim, page) -> the spans of its direct quotations, where there are several."""
    near = rows.loc[rows["kind"] == "direct", ["claim_id", "article_id", "start", "end"]]
    near = near[near.duplicated(["claim_id", "article_id"], keep=False)]
    spans: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    columns = (near[name].to_list() for name in near.columns)
    for claim, page, start, end in zip(*columns, strict=True):
        spans[claim, page].append((start, end))
    return spans


def _read_passages(tables: Tables, column: str, ids: Iterable[str]) -> dict[str, str]:
    found = choose_where(tables.passages, ["annotation_id", column], "annotation_id", ids)
    return dict(zip(found["annotation_id"], found[column], strict=True))


def _stands_before(words: Iterable[str], before: str) -> bool:
    """Return whether a quotation's missing beginning, inflected or not, stands before its mark."""
    near = {stem_word(word) for word in list_words(before)[-_WORDS_BEFORE:]}
    return any(stem_word(word) in near for word in words if len(word) > 3)


def _find_spliced(rows: pd.DataFrame, persons: Mapping[str, Sequence[str]]) -> pd.Series:
    """Return which rows are first-person speech with a third person's verb.

    They must share words with another statement of the same speaker.
    """
    first, third = set(persons.get("first", ())), set(persons.get("third", ()))

    def is_mixed(text: str) -> bool:
        words = list_words(text)
        if first.isdisjoint(words):
            return False
        pairs = zip(words, words[1:], strict=False)
        return any(word in ("and", "but") and following in third for word, following in pairs)

    is_direct = (rows["kind"] == "direct") & (rows["subject"] != "")
    spliced = is_direct & map_texts(rows["exact"], is_mixed).astype(bool)
    if not spliced.any():
        return spliced
    holders: dict[tuple[str, tuple[str, ...]], set[str]] = defaultdict(set)
    said = rows.loc[is_direct, ["subject", "exact", "claim_id"]].drop_duplicates()
    for subject, exact, claim in said.itertuples(index=False, name=None):
        for pair in list_shingles(list_words(exact), 2):
            holders[subject, pair].add(claim)

    def is_shared(subject: str, exact: str) -> bool:
        pairs = [pair for pair in list_shingles(list_words(exact), 2) if min(map(len, pair)) > 3]
        return any(len(holders[subject, pair]) > 1 for pair in pairs)

    mixed = zip(rows["subject"][spliced], rows["exact"][spliced], strict=True)
    spliced[spliced] = [is_shared(subject, exact) for subject, exact in mixed]
    return spliced


def _find_dropped_marks(tables: Tables, rows: pd.DataFrame) -> list[AlterationRow]:
    """Return reported speech elsewhere that has a quoted word and those after it, without marks."""
    direct = rows[rows["kind"] == "direct"]
    is_single = map_texts(direct["exact"], lambda text: len(list_words(text)) == 1)
    single = direct[is_single.astype(bool)]
    after = _read_passages(tables, "after", single["annotation_id"])
    runs = {
        id: (*list_words(exact), *list_words(after[id])[:_WORDS_AFTER])
        for id, exact in zip(single["annotation_id"], single["exact"], strict=True)
    }
    reported = _find_reported(tables, direct, set(runs.values()))
    found: dict[tuple[str, str], AlterationRow] = {}
    for row in single.itertuples(index=False):
        differences = f"“{row.exact}” → {row.exact}"
        for id, article_id, exact in reported.get(runs[row.annotation_id], ()):
            if article_id != row.article_id:
                found[row.claim_id, id] = (
                    row.claim_id,
                    row.subject,
                    article_id,
                    id,
                    "altered",
                    "marks",
                    differences,
                    exact,
                    row.text,
                )
    return [found[key] for key in sorted(found)]


def _find_reported(
    tables: Tables, direct: pd.DataFrame, runs: set[tuple[str, ...]]
) -> dict[tuple[str, ...], list[tuple[str, str, str]]]:
    """Return for each of `runs` the reported speech that has it where nothing is quoted.

    Reported speech is given as (id, page, words).
    """
    columns = ["quotation_id", "article_id", "start", "end", "exact"]
    frames = tables.quotations.loc[tables.quotations["kind"] != "direct", columns]
    has_run = map_texts(
        frames["exact"], lambda text: not runs.isdisjoint(list_shingles(list_words(text)))
    )
    frames = frames[has_run.astype(bool)].sort_values(["article_id", "start"])
    quoted = choose_where(
        direct, ["article_id", "start", "exact"], "article_id", frames["article_id"]
    )
    inner = {
        page: list(zip(group["start"], group["exact"], strict=True))
        for page, group in quoted.groupby("article_id")
    }
    reported: dict[tuple[str, ...], list[tuple[str, str, str]]] = defaultdict(list)
    for row in frames.itertuples(index=False):
        held: set[str] = set()
        for start, text in inner.get(row.article_id, ()):
            if row.start <= start < row.end:
                held.update(list_words(text))
        for shingle in list_shingles(list_words(row.exact)):
            if shingle in runs and shingle[0] not in held:
                reported[shingle].append((row.quotation_id, row.article_id, row.exact))
    return reported
