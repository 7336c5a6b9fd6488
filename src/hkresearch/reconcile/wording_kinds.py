"""Two wordings of one statement -> the kinds of change between them, and the words that differ."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from hkresearch.core.word_diff import WordEdit, diff_words
from hkresearch.reconcile.shingle_index import list_shingles
from hkresearch.reconcile.word_forms import (
    REMEMBERED,
    find_words,
    is_han,
    list_surface_words,
    list_words,
)

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
CUT = "cut"  # split, boundary or truncation: which of them, only the page shows
_RETOLD_RUN = 5  # words in a row that reported speech keeps of what it reports


@lru_cache(REMEMBERED)
def list_kinds(exact: str, model: str, wording: str, kind: str) -> tuple[str, ...]:
    """Return the kinds of change from `model` to `exact` that the two wordings alone show.

    CUT stands for a part of `model`. `wording` is the appearance's, `kind` the quotation's.
    """
    if wording == "translated" or is_han(exact) != is_han(model):
        return ("translation",)
    surface, model_surface = list_surface_words(exact), list_surface_words(model)
    if surface == model_surface:
        return ()
    words, whole = list_words(exact), list_words(model)
    kinds = _compare_letters(surface, model_surface)
    if kind != "direct":
        kinds.append("paraphrase" if _share_run(words, whole) else "spun")
    elif find_words(words, whole) >= 0:
        kinds += [CUT] if len(words) != len(whole) else []
    elif len(words) == len(whole) == 1:
        kinds.append("inflection")
    else:
        kinds += _compare_words(words, whole)
    return tuple(kinds)


def _compare_letters(surface: Sequence[str], model: Sequence[str]) -> list[str]:
    """Return changes of capitals, hyphens and contractions in the words that both have."""
    kinds = set()
    plain = [word.casefold() for word in surface]
    plain_model = [word.casefold() for word in model]
    for edit in diff_words(plain_model, plain):
        before = model[edit.old_start : edit.old_end]
        after = surface[edit.new_start : edit.new_end]
        if edit.operation == "equal":
            # a first word is spelled as its place in the sentence wants it
            skipped = 1 if edit.old_start == 0 or edit.new_start == 0 else 0
            if before[skipped:] != after[skipped:]:
                kinds.add("case")
        elif edit.operation == "replace":
            kinds.add(_compare_spelling(" ".join(before), " ".join(after)))
    return sorted(kinds - {""})


def _compare_spelling(before: str, after: str) -> str:
    """Return orthography or contraction, or "" where the words are others."""
    if _join_hyphens(before) == _join_hyphens(after):
        return "orthography"
    words, others = list_words(before), list_words(after)
    has_apostrophe = "'" in before or "'" in after
    if words == others or (has_apostrophe and not set(words).isdisjoint(others)):
        return "contraction"
    return ""


def _join_hyphens(words: str) -> str:
    return words.casefold().replace("-", " ")


def _compare_words(words: tuple[str, ...], whole: tuple[str, ...]) -> list[str]:
    """Return the kinds of the edits that make `words` of `whole`."""
    edits = diff_words(whole, words)
    kinds = {_name_edit(edit, words, whole) for edit in edits if edit.operation != "equal"}
    return sorted(kinds)


def _name_edit(edit: WordEdit, words: Sequence[str], whole: Sequence[str]) -> str:
    if edit.operation == "replace":
        before = whole[edit.old_start : edit.old_end]
        after = words[edit.new_start : edit.new_end]
        is_one_word = len(before) == len(after) == 1
        return "typo" if is_one_word and is_slip(before[0], after[0]) else "spun"
    if edit.operation == "delete":
        is_at_edge = edit.old_start == 0 or edit.old_end == len(whole)
        return "truncation" if is_at_edge else "spun"
    is_at_edge = edit.new_start == 0 or edit.new_end == len(words)
    return "boundary" if is_at_edge else "spun"


def is_slip(one: str, other: str) -> bool:
    """Return whether two words differ by one letter, or by two neighbours changed round."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    place = _count_common(one, other)
    if len(one) == len(other):
        is_swapped = one[place : place + 2] == other[place : place + 2][::-1]
        is_rest_alike = one[place + 2 :] == other[place + 2 :]
        return one[place + 1 :] == other[place + 1 :] or (is_swapped and is_rest_alike)
    short, long = sorted((one, other), key=len)
    return short[place:] == long[place + 1 :]


def _count_common(one: str, other: str) -> int:
    """Return how many letters two words have in common at their beginning."""
    for place, (letter, other_letter) in enumerate(zip(one, other, strict=False)):
        if letter != other_letter:
            return place
    return min(len(one), len(other))


def _share_run(words: Sequence[str], whole: Sequence[str]) -> bool:
    runs = set(list_shingles(words, _RETOLD_RUN))
    return not runs.isdisjoint(list_shingles(whole, _RETOLD_RUN))


@lru_cache(REMEMBERED)
def describe_differences(model: str, text: str) -> str:
    """Return the words of `text` that differ from those of `model`.

    They are written as "there → here", "− left out" and "+ put in", joined with '; '.
    """
    model_words, words = list_surface_words(model), list_surface_words(text)
    glue = "" if is_han(model) else " "
    pieces = []
    for edit in diff_words(model_words, words):
        gone = glue.join(model_words[edit.old_start : edit.old_end])
        put = glue.join(words[edit.new_start : edit.new_end])
        if edit.operation == "replace":
            pieces.append(f"{gone} → {put}")
        elif edit.operation == "delete":
            pieces.append(f"− {gone}")
        elif edit.operation == "insert":
            pieces.append(f"+ {put}")
    return "; ".join(pieces)
