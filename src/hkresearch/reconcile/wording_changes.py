"""Wordings of one statement -> what each page changed in it, word by word, and what kind of change that is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from hkresearch.core.word_diff import diff_words
from hkresearch.reconcile.shingle_index import list_shingles
from hkresearch.reconcile.word_forms import (
    REMEMBERED,
    find_words,
    is_han,
    list_surface_words,
    list_words,
    stem_word,
)
from hkresearch.tables.select_rows import choose_where
from hkresearch.tables.text_columns import map_texts

ALTERATION_KINDS = {  # in words for a reader who compares two pages
    "case": "capital letters changed",
    "orthography": "hyphens changed",
    "contraction": "a short form written out, or the reverse",
    "inflection": "the form of the word fitted to the sentence",
    "typo": "a typing error",
    "spun": "words replaced",
    "paraphrase": "retold without quotation marks",
    "marks": "the quotation marks dropped",
    "boundary": "the quotation begins or ends elsewhere",
    "truncation": "shortened",
    "split": "one quotation cut in two",
    "splice": "put together from two statements",
    "translation": "translated",
}
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
_NEAR = 40  # characters between two halves of a quotation
_CUT = "cut"  # split, boundary or truncation
_PARAPHRASE_RUN = 5  # words in a row that reported speech keeps of what it reports


def list_alterations(tables: Any) -> pd.DataFrame:
    """Return one row per appearance of a statement that differs from the wording that stands for it.

    `kinds` are keys of ALTERATION_KINDS joined with ';'. `differences` lists the words as "there → here", "− left out",
    "+ put in", joined with '; '.
    """
    rows = _join_wordings(tables)
    told = zip(
        *(map_texts(rows[name], str) for name in ("exact", "text", "wording", "kind")), strict=True
    )
    alike = [_list_kinds(*row) for row in told]
    cut = rows[np.array([_CUT in kinds for kinds in alike], dtype=bool)]
    cuts = dict(zip(cut.index, _name_cuts(tables, rows, cut), strict=True))
    spliced = dict.fromkeys(
        rows.index[_find_spliced(rows, tables.codebook.get("reconcile", {}).get("persons", {}))],
        "splice",
    )
    rows = rows.assign(
        kinds=[
            _join_kinds((*kinds, cuts.get(place), spliced.get(place)))
            for place, kinds in enumerate(alike)
        ]
    )
    found = rows[rows["kinds"] != ""]
    told = zip(*(map_texts(found[name], str) for name in ("wording", "text", "exact")), strict=True)
    differences = [
        "" if wording == "translated" else _describe_differences(text, exact)
        for wording, text, exact in told
    ]
    dropped = pd.DataFrame(
        _find_dropped_marks(tables, rows), columns=_ALTERATION_COLUMNS, dtype="str"
    )
    frame = pd.concat([found.assign(differences=differences)[_ALTERATION_COLUMNS], dropped])
    return frame.sort_values(["claim_id", "article_id", "annotation_id"], ignore_index=True)


def _join_wordings(tables: Any) -> pd.DataFrame:
    """Return the appearances of statements, each with its quotation and the wording that stands for the statement."""
    claims = choose_where(tables.claims, ["claim_id", "subject", "text"], "variable", ["statement"])
    quotations = tables.quotations[["quotation_id", "start", "end", "exact", "kind"]]
    rows = tables.appearances.merge(claims, on="claim_id")
    rows = rows.merge(quotations, left_on="annotation_id", right_on="quotation_id")
    return rows.sort_values(["claim_id", "article_id", "start", "annotation_id"], ignore_index=True)


@lru_cache(REMEMBERED)
def _join_kinds(kinds: tuple[str | None, ...]) -> str:
    return ";".join(kind for kind in ALTERATION_KINDS if kind in kinds)


@lru_cache(REMEMBERED)
def _list_kinds(exact: str, text: str, wording: str, kind: str) -> tuple[str, ...]:
    """What two wordings alone show; _CUT where one is a part of the other, and the page says what kind of part."""
    if wording == "translated" or is_han(exact) != is_han(text):
        return ("translation",)
    surface, model = list_surface_words(exact), list_surface_words(text)
    if surface == model:
        return ()
    words, whole = list_words(exact), list_words(text)
    kinds = _compare_letters(surface, model)
    if kind != "direct":
        kinds.append("paraphrase" if _share_run(words, whole) else "spun")
    elif find_words(words, whole) >= 0:
        kinds += [_CUT] if len(words) != len(whole) else []
    elif len(words) == len(whole) == 1:
        kinds.append("inflection")
    else:
        kinds += _compare_words(words, whole)
    return tuple(kinds)


def _compare_letters(surface: Sequence[str], model: Sequence[str]) -> list[str]:
    """Capitals, hyphens and contractions, in the words that both have."""
    kinds, plain = set(), [[word.casefold() for word in side] for side in (model, surface)]
    for operation, i, j, k, m in diff_words(*plain):
        one, two = model[i:j], surface[k:m]
        if operation == "equal":
            if any(
                a != b for a, b in list(zip(one, two, strict=True))[1 if i == 0 or k == 0 else 0 :]
            ):
                kinds.add("case")
        elif operation == "replace":
            if " ".join(plain[0][i:j]).replace("-", " ") == " ".join(plain[1][k:m]).replace(
                "-", " "
            ):
                kinds.add("orthography")
            elif list_words(" ".join(one)) == list_words(" ".join(two)):
                kinds.add("contraction")
            elif any("'" in word for word in (*one, *two)) and set(list_words(" ".join(one))) & set(
                list_words(" ".join(two))
            ):
                kinds.add("contraction")
    return sorted(kinds)


def _name_cuts(tables: Any, rows: pd.DataFrame, cut: pd.DataFrame) -> Iterator[str]:
    """Yield for each part of a statement: half of a quotation cut in two, its opening left outside the marks, or cut short."""
    near = rows.loc[rows["kind"] == "direct", ["claim_id", "article_id", "start", "end"]]
    near = near[near.duplicated(["claim_id", "article_id"], keep=False)]
    spans: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for claim, page, *span in zip(*(near[name].to_list() for name in near.columns), strict=True):
        spans[claim, page].append(tuple(span))
    before = _read_passages(tables, "before", cut["annotation_id"])
    for row in cut.itertuples(index=False):
        whole, halves = list_words(row.text), spans.get((row.claim_id, row.article_id), ())
        at = find_words(list_words(row.exact), whole)
        if any(0 < max(start - row.end, row.start - end) <= _NEAR for start, end in halves):
            yield "split"
        else:
            yield (
                "boundary"
                if at > 0 and _stands_before(whole[:at], before[row.annotation_id])
                else "truncation"
            )


def _read_passages(tables: Any, column: str, ids: Iterable[str]) -> dict[str, str]:
    found = choose_where(tables.passages, ["annotation_id", column], "annotation_id", ids)
    return dict(zip(found["annotation_id"], found[column], strict=True))


def _stands_before(words: Iterable[str], before: str) -> bool:
    """Whether the words that the quotation lacks at its start stand, inflected or not, just before its mark."""
    near = {stem_word(word) for word in list_words(before)[-8:]}
    return any(stem_word(word) in near for word in words if len(word) > 3)


def _compare_words(words: tuple[str, ...], whole: tuple[str, ...]) -> list[str]:
    kinds = set()
    for operation, i, j, k, m in diff_words(whole, words):
        if operation == "replace":
            pairs = list(zip(whole[i:j], words[k:m], strict=False))
            kinds.add(
                "typo" if len(pairs) == 1 == j - i == m - k and is_slip(*pairs[0]) else "spun"
            )
        elif operation in ("insert", "delete"):
            at_edge = (
                (k == 0 or m == len(words))
                if operation == "insert"
                else (i == 0 or j == len(whole))
            )
            kinds.add(
                "truncation"
                if operation == "delete" and at_edge
                else "boundary"
                if at_edge
                else "spun"
            )
    return sorted(kinds)


def is_slip(one: str, other: str) -> bool:
    """Return whether `other` is `one` with one letter left out, put in, changed, or two neighbours changed round."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    i = next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
        min(len(one), len(other)),
    )
    if len(one) == len(other):
        return one[i + 1 :] == other[i + 1 :] or (
            one[i : i + 2] == other[i : i + 2][::-1] and one[i + 2 :] == other[i + 2 :]
        )
    short, long = sorted((one, other), key=len)
    return short[i:] == long[i + 1 :]


def _share_run(words: Sequence[str], whole: Sequence[str]) -> bool:
    return bool(
        set(list_shingles(words, _PARAPHRASE_RUN)) & set(list_shingles(whole, _PARAPHRASE_RUN))
    )


def _find_spliced(rows: pd.DataFrame, persons: Mapping[str, Sequence[str]]) -> pd.Series:
    """Which are first-person speech with a third person's verb, sharing words with another statement of the same mouth."""
    first, third = set(persons.get("first", ())), set(persons.get("third", ()))

    def is_mixed(text: str) -> bool:
        words = list_words(text)
        pairs = zip(words, words[1:], strict=False)
        return not first.isdisjoint(words) and any(
            a in ("and", "but") and b in third for a, b in pairs
        )

    is_direct = (rows["kind"] == "direct") & (rows["subject"] != "")
    spliced = is_direct & map_texts(rows["exact"], is_mixed).astype(bool)
    if not spliced.any():
        return spliced
    openings: dict[tuple[str, tuple[str, ...]], set[str]] = defaultdict(set)
    said = rows.loc[is_direct, ["subject", "exact", "claim_id"]].drop_duplicates()
    for subject, exact, claim in said.itertuples(index=False, name=None):
        for pair in list_shingles(list_words(exact), 2):
            openings[subject, pair].add(claim)
    spliced[spliced] = [
        any(
            len(openings[subject, pair]) > 1
            for pair in list_shingles(list_words(exact), 2)
            if min(map(len, pair)) > 3
        )
        for subject, exact in zip(rows["subject"][spliced], rows["exact"][spliced], strict=True)
    ]
    return spliced


def _find_dropped_marks(tables: Any, rows: pd.DataFrame) -> list[tuple]:
    """Reported speech elsewhere that has the quoted word and those after it, without the marks."""
    direct = rows[rows["kind"] == "direct"]
    single = direct[
        map_texts(direct["exact"], lambda text: len(list_words(text)) == 1).astype(bool)
    ]
    after = _read_passages(tables, "after", single["annotation_id"])
    words = zip(single["annotation_id"], single["exact"], strict=True)
    runs = {id: (*list_words(exact), *list_words(after[id])[:2]) for id, exact in words}
    reported = _find_reported(tables, direct, set(runs.values()))
    found: dict[tuple[str, str], tuple] = {}
    for row in single.itertuples(index=False):
        for id, article_id, exact in reported.get(runs[row.annotation_id], ()):
            if article_id != row.article_id:
                differences = f"“{row.exact}” → {row.exact}"
                found[row.claim_id, id] = (
                    row.claim_id, row.subject, article_id, id, "altered", "marks", differences, exact, row.text,
                )  # fmt: skip
    return [found[key] for key in sorted(found)]


def _find_reported(
    tables: Any, direct: pd.DataFrame, runs: set[tuple[str, ...]]
) -> dict[tuple[str, ...], list[tuple[str, str, str]]]:
    """Return for each of `runs` the reported speech, as (id, page, words), that has it where nothing is quoted."""
    frames = tables.quotations.loc[
        tables.quotations["kind"] != "direct",
        ["quotation_id", "article_id", "start", "end", "exact"],
    ]
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
        within = (
            text for start, text in inner.get(row.article_id, ()) if row.start <= start < row.end
        )
        held = {word for text in within for word in list_words(text)}
        for shingle in list_shingles(list_words(row.exact)):
            if shingle in runs and shingle[0] not in held:
                reported[shingle].append((row.quotation_id, row.article_id, row.exact))
    return reported


@lru_cache(REMEMBERED)
def _describe_differences(model: str, text: str) -> str:
    """Return the words of `text` that differ from those of `model`: "there → here", "− left out", "+ put in"."""
    one, two = list_surface_words(model), list_surface_words(text)
    glue = "" if is_han(model) else " "
    pieces = []
    for operation, i, j, k, m in diff_words(one, two):
        gone, put = glue.join(one[i:j]), glue.join(two[k:m])
        if operation == "replace":
            pieces.append(f"{gone} → {put}")
        elif operation == "delete":
            pieces.append(f"− {gone}")
        elif operation == "insert":
            pieces.append(f"+ {put}")
    return "; ".join(pieces)
