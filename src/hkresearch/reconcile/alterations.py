"""Wordings of one statement -> what each page changed in it, word by word, and what kind of change that is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

import pandas as pd

from .statements import list_shingles
from .wording import find_words, is_han, list_surface_words, list_words, stem_word

KINDS = {  # in words for a reader who compares two pages
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
COLUMNS = ["claim_id", "subject", "article_id", "annotation_id", "wording", "kinds", "differences", "exact", "text"]
NEAR = 40  # characters between two halves of a quotation
PARAPHRASE_RUN = 5  # words in a row that reported speech keeps of what it reports


def list_alterations(tables: Any) -> pd.DataFrame:
    """Return one row per appearance of a statement that differs from the wording that stands for it.

    `kinds` are keys of KINDS joined with ';'. `differences` lists the words as "there → here", "− left out",
    "+ put in", joined with '; '.
    """
    rows = tables.appearances.merge(tables.claims[["claim_id", "subject", "variable", "text"]], on="claim_id")
    rows = rows[rows["variable"] == "statement"].merge(
        tables.quotations[["quotation_id", "start", "end", "exact", "kind", "organisation"]],
        left_on="annotation_id",
        right_on="quotation_id",
    )
    rows = rows.merge(tables.passages[["annotation_id", "before", "after"]], on="annotation_id", how="left")
    rows = list(rows.sort_values(["claim_id", "article_id", "start", "annotation_id"]).itertuples(index=False))
    persons = tables.codebook.get("reconcile", {}).get("persons", {})
    groups: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        groups[row.claim_id].append(row)
    spliced = _find_spliced(rows, persons)
    found = [_judge(row, group, row.annotation_id in spliced) for group in groups.values() for row in group]
    found += _find_dropped_marks(tables, rows)
    frame = pd.DataFrame([row for row in found if row], columns=COLUMNS)
    return frame.sort_values(["claim_id", "article_id", "annotation_id"], ignore_index=True)


def _judge(row: Any, group: Sequence[Any], is_spliced: bool) -> tuple | None:
    kinds = _list_kinds(row, group)
    if is_spliced:
        kinds.append("splice")
    if not kinds:
        return None
    kinds = [kind for kind in KINDS if kind in kinds]
    differences = "" if row.wording == "translated" else mark_differences(row.text, row.exact)
    return (
        row.claim_id,
        row.subject,
        row.article_id,
        row.annotation_id,
        row.wording,
        ";".join(kinds),
        differences,
        row.exact,
        row.text,
    )


def _list_kinds(row: Any, group: Sequence[Any]) -> list[str]:
    if row.wording == "translated" or is_han(row.exact) != is_han(row.text):
        return ["translation"]
    surface, model = list_surface_words(row.exact), list_surface_words(row.text)
    if surface == model:
        return []
    words, whole = list_words(row.exact), list_words(row.text)
    kinds = _compare_letters(surface, model)
    if row.kind != "direct":
        kinds.append("paraphrase" if _share_run(words, whole) else "spun")
    elif find_words(words, whole) >= 0:
        kinds += _name_cut(row, words, whole, group)
    elif len(words) == len(whole) == 1:
        kinds.append("inflection")
    else:
        kinds += _compare_words(words, whole, row, group)
    return kinds


def _compare_letters(surface: Sequence[str], model: Sequence[str]) -> list[str]:
    """Capitals, hyphens and contractions, in the words that both have."""
    kinds, plain = set(), [[word.casefold() for word in side] for side in (model, surface)]
    for operation, i, j, k, m in SequenceMatcher(None, *plain, autojunk=False).get_opcodes():
        one, two = model[i:j], surface[k:m]
        if operation == "equal":
            if any(a != b for a, b in list(zip(one, two, strict=True))[1 if i == 0 or k == 0 else 0 :]):
                kinds.add("case")
        elif operation == "replace":
            if " ".join(plain[0][i:j]).replace("-", " ") == " ".join(plain[1][k:m]).replace("-", " "):
                kinds.add("orthography")
            elif list_words(" ".join(one)) == list_words(" ".join(two)):
                kinds.add("contraction")
            elif any("'" in word for word in (*one, *two)) and set(list_words(" ".join(one))) & set(
                list_words(" ".join(two))
            ):
                kinds.add("contraction")
    return sorted(kinds)


def _name_cut(row: Any, words: tuple[str, ...], whole: tuple[str, ...], group: Sequence[Any]) -> list[str]:
    """A part of the statement: one half of a quotation cut in two, its opening left outside the marks, or cut short."""
    if len(words) == len(whole):
        return []
    halves = [other for other in group if other.article_id == row.article_id and other.kind == "direct"]
    if any(0 < max(other.start - row.end, row.start - other.end) <= NEAR for other in halves):
        return ["split"]
    at = find_words(words, whole)
    return ["boundary"] if at > 0 and _stands_before(whole[:at], row.before) else ["truncation"]


def _stands_before(words: Iterable[str], before: str) -> bool:
    """Whether the words that the quotation lacks at its start stand, inflected or not, just before its mark."""
    near = {stem_word(word) for word in list_words(before)[-8:]}
    return any(stem_word(word) in near for word in words if len(word) > 3)


def _compare_words(words: tuple[str, ...], whole: tuple[str, ...], row: Any, group: Sequence[Any]) -> list[str]:
    kinds = set()
    for operation, i, j, k, m in SequenceMatcher(None, whole, words, autojunk=False).get_opcodes():
        if operation == "replace":
            pairs = list(zip(whole[i:j], words[k:m], strict=False))
            kinds.add("typo" if len(pairs) == 1 == j - i == m - k and is_slip(*pairs[0]) else "spun")
        elif (
            operation == "insert"
            and k == 0
            and any(_stands_before(words[k:m], other.before) for other in group if other is not row)
        ):
            kinds.add("boundary")
        elif operation in ("insert", "delete"):
            at_edge = (k == 0 or m == len(words)) if operation == "insert" else (i == 0 or j == len(whole))
            kinds.add("truncation" if operation == "delete" and at_edge else "boundary" if at_edge else "spun")
    return sorted(kinds)


def is_slip(one: str, other: str) -> bool:
    """Return whether `other` is `one` with one letter left out, put in, changed, or two neighbours changed round."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    i = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    if len(one) == len(other):
        return one[i + 1 :] == other[i + 1 :] or (
            one[i : i + 2] == other[i : i + 2][::-1] and one[i + 2 :] == other[i + 2 :]
        )
    short, long = sorted((one, other), key=len)
    return short[i:] == long[i + 1 :]


def _share_run(words: Sequence[str], whole: Sequence[str]) -> bool:
    return bool(set(list_shingles(words, PARAPHRASE_RUN)) & set(list_shingles(whole, PARAPHRASE_RUN)))


def _find_spliced(rows: Sequence[Any], persons: Mapping[str, Sequence[str]]) -> set[str]:
    """First-person speech with a third person's verb, that shares words with another statement of the same mouth."""
    first, third = set(persons.get("first", ())), set(persons.get("third", ()))
    openings: dict[tuple[str, tuple[str, ...]], set[str]] = defaultdict(set)
    direct = [row for row in rows if row.kind == "direct" and row.subject]
    for row in direct:
        for pair in set(list_shingles(list_words(row.exact), 2)):
            openings[row.subject, pair].add(row.claim_id)
    found = set()
    for row in direct:
        words = list_words(row.exact)
        mixed = bool(first & set(words)) and any(
            a in ("and", "but") and b in third for a, b in zip(words, words[1:], strict=False)
        )
        if mixed and any(
            len(openings[row.subject, pair]) > 1 for pair in list_shingles(words, 2) if min(map(len, pair)) > 3
        ):
            found.add(row.annotation_id)
    return found


def _find_dropped_marks(tables: Any, rows: Sequence[Any]) -> list[tuple]:
    """Reported speech elsewhere that has the quoted word and those after it, without the marks."""
    direct: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        if row.kind == "direct":
            direct[row.article_id].append(row)
    reported: dict[tuple[str, ...], list[Any]] = defaultdict(list)
    for frame in (
        tables.quotations[tables.quotations["kind"] != "direct"]
        .sort_values(["article_id", "start"])
        .itertuples(index=False)
    ):
        held = {
            word
            for row in direct[frame.article_id]
            if frame.start <= row.start < frame.end
            for word in list_words(row.exact)
        }
        for shingle in list_shingles(list_words(frame.exact)):
            if shingle[0] not in held:
                reported[shingle].append(frame)
    found: dict[tuple[str, str], tuple] = {}
    for row in rows:
        words = list_words(row.exact)
        run = (*words, *list_words(row.after or "")[:2])
        if row.kind != "direct" or len(words) != 1 or len(run) != 3:
            continue
        for frame in reported.get(run, ()):
            if frame.article_id != row.article_id:
                differences = f"“{row.exact}” → {row.exact}"
                found[row.claim_id, frame.quotation_id] = (
                    row.claim_id, row.subject, frame.article_id, frame.quotation_id, "altered", "marks", differences,
                    frame.exact, row.text,
                )  # fmt: skip
    return [found[key] for key in sorted(found)]


def mark_differences(model: str, text: str) -> str:
    """Return the words of `text` that differ from those of `model`: "there → here", "− left out", "+ put in"."""
    one, two = list_surface_words(model), list_surface_words(text)
    glue = "" if is_han(model) else " "
    pieces = []
    for operation, i, j, k, m in SequenceMatcher(None, one, two, autojunk=False).get_opcodes():
        gone, put = glue.join(one[i:j]), glue.join(two[k:m])
        if operation == "replace":
            pieces.append(f"{gone} → {put}")
        elif operation == "delete":
            pieces.append(f"− {gone}")
        elif operation == "insert":
            pieces.append(f"+ {put}")
    return "; ".join(pieces)
