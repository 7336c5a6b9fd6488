"""The words around a figure -> between which bounds it lies, and what kind of thing it counts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import pandas as pd

from hkresearch.reconcile.word_forms import is_han, list_words, stem_word
from hkresearch.tables.select_rows import choose_where
from hkresearch.tables.tables import Tables

_NEAR = 24  # characters before a figure in which a word such as "about" belongs to it
_ABOUT = 0.1  # of the value, on both sides, for "about"
_INFINITE = float("inf")
# What follows one of these says from whom, when or where, not what kind.
_NEW_PHRASE = re.compile(
    r"\b(?:from|by|in|during|between|within|since|before|after|last|this|that|which|and|but|while"
    r"|compared|up|down|made|sent|received|across)\b",
    re.I,
)
_CLAUSE_END = re.compile(r"[.;,。；，（(]")

WordPattern = re.Pattern[str]


class FigureRange(NamedTuple):
    """A figure's bounds, and the kind of what it counts: stems that its sentence gives, if any."""

    low: float
    high: float
    kind: frozenset[str]

    def agrees(self, other: FigureRange) -> bool:
        """Return whether both can be right."""
        return self.low <= other.high and other.low <= self.high


class _FigureWords(NamedTuple):
    """The codebook's words for bounds; of each variable the nouns counted, and neutral words.

    Neutral words stand beside the noun and name no kind of it.
    """

    bounds: Mapping[str, WordPattern]
    nouns: Mapping[str, WordPattern]
    neutral: Mapping[str, frozenset[str]]


def _read_figure_words(book: Mapping[str, Any]) -> _FigureWords:
    """Return the words of [reconcile.bounds], and `nouns` and `neutral` of variables."""
    bounds = book.get("reconcile", {}).get("bounds", {})
    variables = book.get("variables", {})
    counted = {id: table for id, table in variables.items() if table.get("nouns")}
    return _FigureWords(
        {name: _compile_words(words, r"\b") for name, words in bounds.items()},
        {id: _compile_words(table["nouns"], r"\w*") for id, table in counted.items()},
        {id: _stem_words(table.get("neutral", {})) for id, table in counted.items()},
    )


def _compile_words(words: Mapping[str, Iterable[str]], ending: str) -> WordPattern:
    """Return a pattern for words of any language; those in Latin letters begin a word."""
    pieces = []
    for language in sorted(words):
        for word in words[language]:
            escaped = re.escape(word)
            pieces.append(rf"\b{escaped}{ending}" if word.isascii() else escaped)
    return re.compile("|".join(pieces) or "(?!)", re.I)


def _stem_words(words: Mapping[str, Iterable[str]]) -> frozenset[str]:
    phrases = [phrase for language in sorted(words) for phrase in words[language]]
    return frozenset(stem_word(word) for phrase in phrases for word in list_words(phrase))


def read_figures(tables: Tables, quantities: pd.DataFrame) -> dict[str, FigureRange]:
    """Return quantity_id -> its range, by the words on its line; "half a year" is left out."""
    words, variables = _read_figure_words(tables.codebook), tables.codebook.get("variables", {})
    columns = ["annotation_id", "before", "after"]
    near = choose_where(tables.passages, columns, "annotation_id", quantities["quantity_id"])
    context = {row.annotation_id: (row.before, row.after) for row in near.itertuples(index=False)}
    figures = {}
    for row in quantities.itertuples(index=False):
        before, after = context.get(row.quantity_id, ("", ""))
        if "part" in words.bounds and _ends_with(words.bounds["part"], before):
            continue
        is_count = variables.get(row.variable, {}).get("measures") in ("count", "percent")
        bounds = words.bounds if is_count else {}  # "up to two years" gives the term itself
        low, high = _read_bounds(float(row.value), before[-_NEAR:], after, bounds)
        figures[row.quantity_id] = FigureRange(low, high, _read_kind(row.variable, after, words))
    return figures


def _ends_with(words: WordPattern, before: str) -> bool:
    """Return whether one of `words` stands right before the figure, or with one word between."""
    near = before[-_NEAR:]
    ends = [match.end() for match in words.finditer(near)]
    return bool(ends) and len(list_words(near[ends[-1] :])) <= 1


def _read_bounds(
    value: float, before: str, after: str, bounds: Mapping[str, WordPattern]
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
    """Return the stems around the noun that tell what kind of thing is counted, if any."""
    if variable not in words.nouns:
        return frozenset()
    clause = _CLAUSE_END.split(after)[0]
    noun = words.nouns[variable].search(clause)
    if not noun:
        return frozenset()
    told = clause[: noun.start()]
    if not is_han(clause):
        rest = _NEW_PHRASE.split(clause[noun.end() :], maxsplit=1)[0]
        told = f"{told} {rest}"
    stems = {stem_word(word) for word in list_words(told)}
    return frozenset(stems - words.neutral[variable])
