"""Statements in different languages -> which are one statement, told by a phrase of the book or by what they share."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from hkresearch.reconcile.statements import Statement, sort_quotes
from hkresearch.reconcile.word_forms import find_words, is_han, list_words

_FIGURE = re.compile(r"\d[\d,.]*")
_FEWEST_COMMON = 2  # figures, names and codes that a translation must share with its original
_COMMON = 300  # statements that share a mark: more, and the mark says nothing


def unite_translations(statements: list[Statement], book: Mapping[str, Any]) -> list[Statement]:
    """Return `statements` with translations joined to the one statement in another language that they translate.

    A phrase of the codebook's [statements] links them; else the same mouth and at least two shared figures, names or
    codes, when exactly one statement fits.
    """
    united = _unite_phrases(statements, book.get("statements", {}))
    names = _list_names(book)
    marks = [_list_marks(statement, names) for statement in united]
    homes: dict[tuple, list[int]] = defaultdict(list)
    for i, statement in enumerate(united):
        if not is_han(statement.text):
            for mark in sorted(marks[i]):
                homes[mark].append(i)
    gone = set()
    for i, statement in enumerate(united):
        if is_han(statement.text) and statement.organisations:
            fitting = _find_fitting(statement, marks[i], homes, united)
            if len(fitting) == 1:
                _join(united[fitting[0]], statement)
                gone.add(i)
    return [statement for i, statement in enumerate(united) if i not in gone]


def _find_fitting(
    statement: Statement,
    marks: set[tuple],
    homes: Mapping[tuple, list[int]],
    united: list[Statement],
) -> list[int]:
    shared: dict[int, set[tuple]] = defaultdict(set)
    for mark in sorted(marks):
        if len(homes.get(mark, ())) <= _COMMON:
            for key in homes.get(mark, ()):
                shared[key].add(mark)
    fitting = [
        key for key, common in shared.items()
        if len(common) >= _FEWEST_COMMON
        and any(kind in ("figure", "name") for kind, *_ in common)
        and statement.organisations & united[key].organisations
    ]  # fmt: skip
    most = max((len(shared[key]) for key in fitting), default=0)
    return sorted(key for key in fitting if len(shared[key]) == most)


def _join(into: Statement, other: Statement) -> None:
    into.take_in(other)
    into.quotes = sort_quotes(into.quotes)


def _unite_phrases(statements: list[Statement], phrases: Mapping[str, Any]) -> list[Statement]:
    """Join the statements that hold a phrase of the same entry of the book; the longest original gives the text."""
    needles = [
        (id, entry.get("organisation", ""), list_words(phrase))
        for id, entry in sorted(phrases.items())
        for _, wordings in sorted(entry.get("wordings", {}).items())
        for phrase in wordings
    ]
    if not needles:
        return list(statements)
    found: dict[str, Statement] = {}
    kept = []
    order = sorted(
        range(len(statements)),
        key=lambda i: (is_han(statements[i].text), -len(statements[i].quotes), i),
    )
    for i in order:
        statement = statements[i]
        words = list_words(statement.text)
        id = next(
            (
                id
                for id, who, phrase in needles
                if _may_speak(statement, who) and find_words(phrase, words) >= 0
            ),
            None,
        )
        if id is not None and id in found and is_han(found[id].text) != is_han(statement.text):
            _join(found[id], statement)
            continue
        if id is not None:
            found.setdefault(id, statement)
        kept.append(i)
    return [statements[i] for i in sorted(kept)]


def _may_speak(statement: Statement, organisation: str) -> bool:
    return (
        not organisation or not statement.organisations or organisation in statement.organisations
    )


def _list_names(book: Mapping[str, Any]) -> list[tuple[str, tuple[str, ...]]]:
    names = []
    for id, entity in sorted(book.get("entities", {}).items()):
        known = entity.get("names", {})
        for language in sorted(known) if isinstance(known, Mapping) else ():
            names += [(id, list_words(name)) for name in known[language]]
    return [(id, words) for id, words in names if words]


def _list_marks(statement: Statement, names: list[tuple[str, tuple[str, ...]]]) -> set[tuple]:
    """Return what survives translation: figures, names of entities, and the codes of the passages that overlap."""
    marks: set[tuple] = {("code", *code) for quote in statement.quotes for code in quote.codes}
    for wording in statement.wordings[:8]:
        present = set(wording)
        marks |= {
            ("name", id)
            for id, words in names
            if words[0] in present and find_words(words, wording) >= 0
        }
    for figure in _FIGURE.findall(statement.text):
        marks.add(("figure", figure.strip(",.").replace(",", "")))
    return marks
