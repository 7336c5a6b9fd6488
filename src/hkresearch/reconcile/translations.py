"""Statements in different languages -> which of them are one statement."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any, NamedTuple

from hkresearch.reconcile.statements import Statement, sort_quotes
from hkresearch.reconcile.word_forms import (
    PhraseWords,
    find_words,
    has_phrase,
    is_han,
    list_words,
    read_phrases,
)

_FIGURE = re.compile(r"\d[\d,.]*")
_FEWEST_COMMON = 2  # figures, names and codes that a translation must share with its original
_COMMON = 300  # statements that share a mark: more, and the mark says nothing
_MOST_WORDINGS = 8  # of a statement that are looked at

Mark = tuple[str, ...]  # "figure", "name" or "code", and what it is


def unite_translations(statements: list[Statement], book: Mapping[str, Any]) -> list[Statement]:
    """Return `statements` with translations joined to the one statement that they translate.

    A phrase of the codebook's [statements] links them; else the same speaker and at least two
    shared figures, names or codes, when exactly one statement fits.
    """
    united = _unite_phrases(statements, book.get("statements", {}))
    names = _list_names(book)
    marks = [_list_marks(statement, names) for statement in united]
    homes: dict[Mark, list[int]] = defaultdict(list)
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
    marks: set[Mark],
    homes: Mapping[Mark, list[int]],
    united: list[Statement],
) -> list[int]:
    """Return the statements in another language that share most marks with `statement`."""
    shared: dict[int, set[Mark]] = defaultdict(set)
    for mark in sorted(marks):
        if len(homes.get(mark, ())) <= _COMMON:
            for key in homes.get(mark, ()):
                shared[key].add(mark)
    fitting = []
    for key, common in shared.items():
        is_telling = any(kind in ("figure", "name") for kind, *_ in common)
        is_same_speaker = bool(statement.organisations & united[key].organisations)
        if len(common) >= _FEWEST_COMMON and is_telling and is_same_speaker:
            fitting.append(key)
    most = max((len(shared[key]) for key in fitting), default=0)
    return sorted(key for key in fitting if len(shared[key]) == most)


def _join(into: Statement, other: Statement) -> None:
    into.take_in(other)
    into.quotes = sort_quotes(into.quotes)


def _unite_phrases(statements: list[Statement], phrases: Mapping[str, Any]) -> list[Statement]:
    """Join the statements that hold a phrase of the same entry of the book.

    The original that most pages have gives the text.
    """
    entries = _read_entries(phrases)
    found: dict[str, Statement] = {}
    kept = []
    order = sorted(
        range(len(statements)),
        key=lambda i: (is_han(statements[i].text), -len(statements[i].quotes), i),
    )
    for i in order:
        statement = statements[i]
        id = _find_entry(statement, entries)
        original = found.get(id) if id else None
        if original and is_han(original.text) != is_han(statement.text):
            _join(original, statement)
            continue
        if id:
            found.setdefault(id, statement)
        kept.append(i)
    return [statements[i] for i in sorted(kept)]


class _Entry(NamedTuple):
    """A statement of the book: who makes it, and phrases of it in any language."""

    id: str
    organisation: str
    phrases: list[PhraseWords]


def _read_entries(table: Mapping[str, Any]) -> list[_Entry]:
    return [
        _Entry(id, entry.get("organisation", ""), read_phrases(entry.get("wordings", {})))
        for id, entry in sorted(table.items())
    ]


def _find_entry(statement: Statement, entries: list[_Entry]) -> str:
    """Return the id of the first entry a phrase of which `statement` holds, or ""."""
    speakers = statement.organisations
    for entry in entries:
        is_open = not entry.organisation or not speakers
        may_speak = is_open or entry.organisation in speakers
        if may_speak and has_phrase(statement.text, entry.phrases):
            return entry.id
    return ""


def _list_names(book: Mapping[str, Any]) -> list[tuple[str, PhraseWords]]:
    """Return the words of each name of each entity of the book, with its id."""
    names = []
    for id, entity in sorted(book.get("entities", {}).items()):
        known = entity.get("names", {})
        for language in sorted(known) if isinstance(known, Mapping) else ():
            names += [(id, list_words(name)) for name in known[language]]
    return [(id, words) for id, words in names if words]


def _list_marks(statement: Statement, names: list[tuple[str, PhraseWords]]) -> set[Mark]:
    """Return what survives translation: figures, names, and the codes of passages that overlap."""
    marks: set[Mark] = {("code", *code) for quote in statement.quotes for code in quote.codes}
    for wording in statement.wordings[:_MOST_WORDINGS]:
        present = set(wording)
        marks |= {
            ("name", id)
            for id, words in names
            if words[0] in present and find_words(words, wording) >= 0
        }
    for figure in _FIGURE.findall(statement.text):
        marks.add(("figure", figure.strip(",.").replace(",", "")))
    return marks
