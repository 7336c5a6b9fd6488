"""The words around a figure -> between which bounds it lies, and what kind of thing it counts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import pandas as pd

from hkresearch.reconcile.word_forms import is_han, list_words, stem_word
from hkresearch.tables.select_rows import choose_where

_NEAR = 24  # characters before a figure in which a word such as "about" belongs to it
_ABOUT = 0.1  # of the value, on both sides, for "about"
_INFINITE = float("inf")
# What follows says from whom, when or where, not what kind.
_BOUNDARY = r"\b(?:from|by|in|during|between|within|since|before|after|last|this|that|which|and|but|while|compared|up|down|made|sent|received|across)\b"


class FigureRange(NamedTuple):
    """A figure's bounds, and the kind of what it counts: stems that its sentence gives, none where it gives none."""

    low: float
    high: float
    kind: frozenset[str]

    def agrees(self, other: FigureRange) -> bool:
        """Return whether both can be right."""
        return self.low <= other.high and other.low <= self.high


class _FigureWords(NamedTuple):
    """The codebook's words for bounds, and of each variable the nouns counted and the words that name no kind of them."""

    bounds: Mapping[str, re.Pattern]
    nouns: Mapping[str, re.Pattern]
    neutral: Mapping[str, frozenset[str]]


def _read_figure_words(book: Mapping[str, Any]) -> _FigureWords:
    """Return the words of [reconcile.bounds], and `nouns` and `neutral` of the variables that have them."""
    variables = book.get("variables", {})
    counted = {id: table for id, table in variables.items() if table.get("nouns")}
    return _FigureWords(
        {
            name: re.compile("|".join(map(_write_word, _join_languages(words))) or "(?!)", re.I)
            for name, words in book.get("reconcile", {}).get("bounds", {}).items()
        },
        {
            id: re.compile(
                "|".join(
                    rf"\b{re.escape(word)}\w*" if word.isascii() else re.escape(word)
                    for word in _join_languages(table["nouns"])
                ),
                re.I,
            )
            for id, table in counted.items()
        },
        {
            id: frozenset(
                stem_word(word)
                for phrase in _join_languages(table.get("neutral", {}))
                for word in list_words(phrase)
            )
            for id, table in counted.items()
        },
    )


def _join_languages(words: Mapping[str, Iterable[str]]) -> list[str]:
    return [word for language in sorted(words) for word in words[language]]


def _write_word(word: str) -> str:
    return rf"\b{re.escape(word)}\b" if word.isascii() else re.escape(word)


def read_figures(tables: Any, quantities: pd.DataFrame) -> dict[str, FigureRange]:
    """Return quantity_id -> its figure, by the words around it on its line; "half a year" is left out."""
    words, variables = _read_figure_words(tables.codebook), tables.codebook.get("variables", {})
    columns = ["annotation_id", "before", "after"]
    near = choose_where(tables.passages, columns, "annotation_id", quantities["quantity_id"])
    context = {row.annotation_id: (row.before, row.after) for row in near.itertuples(index=False)}
    figures = {}
    for row in quantities.itertuples(index=False):
        before, after = context.get(row.quantity_id, ("", ""))
        value = float(row.value)
        is_count = variables.get(row.variable, {}).get("measures") in ("count", "percent")
        bounds = words.bounds if is_count else {}  # "up to two years" gives the term itself
        low, high = _read_bounds(value, before[-_NEAR:], after, bounds)
        if "part" in words.bounds and _ends_with(words.bounds["part"], before):
            continue
        figures[row.quantity_id] = FigureRange(low, high, _read_kind(row.variable, after, words))
    return figures


def _ends_with(words: re.Pattern, before: str) -> bool:
    """Return whether one of `words` stands right before the figure, or with one word between."""
    found = [match.end() for match in words.finditer(before[-_NEAR:])]
    return bool(found) and len(list_words(before[-_NEAR:][found[-1] :])) <= 1


def _read_bounds(
    value: float, before: str, after: str, bounds: Mapping[str, re.Pattern]
) -> tuple[float, float]:
    """Return the lowest and the highest number that the words allow."""

    def says(name: str) -> bool:
        return name in bounds and _ends_with(bounds[name], before)

    def follows(name: str) -> bool:
        return name in bounds and bool(bounds[name].match(after.lstrip()))

    if says("more") or follows("more_after"):
        return value, _INFINITE
    if says("fewer"):
        return 0.0, value
    if says("about") or follows("about_after"):
        return value * (1 - _ABOUT), value * (1 + _ABOUT)
    return value, value


def _read_kind(variable: str, after: str, words: _FigureWords) -> frozenset[str]:
    """Return the stems that tell what kind of thing is counted, before and after its noun; none for the plain noun."""
    if variable not in words.nouns:
        return frozenset()
    clause = re.split(r"[.;,。；，（(]", after)[0]
    noun = words.nouns[variable].search(clause)
    if not noun:
        return frozenset()
    if is_han(clause):
        told = clause[: noun.start()]
    else:
        rest = re.split(_BOUNDARY, clause[noun.end() :], maxsplit=1, flags=re.I)[0]
        told = f"{clause[: noun.start()]} {rest}"
    stems = {stem_word(word) for word in list_words(told)}
    return frozenset(stems - words.neutral[variable])
