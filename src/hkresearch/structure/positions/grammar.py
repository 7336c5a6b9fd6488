"""The patterns and modality words of the variable `position`, compiled for each language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from hkresearch.codebook.book import Codebook, read_wordings
from hkresearch.codebook.patterns import PatternSet, compile_patterns
from hkresearch.codebook.wording import Wording
from hkresearch.structure.positions.matches import SAME
from hkresearch.structure.positions.word_classes import compile_with_classes, read_position_words

_UNDONE = r"\b(?:%(undoing)s|(?:%(auxiliaries)s) not)\b|n't\b"
_ENDED = r"\b(?:%(ending)s)\b"
_LIFTED = r"\b(?:%(lifting)s) (?:its|the|their|a|an) (?:[\w-]+ ){0,3}\Z"


@dataclass(frozen=True, slots=True)
class Grammar:
    """The compiled position patterns and modality words of one language."""

    patterns: PatternSet
    inverted: PatternSet
    gate: PatternSet
    exceptions: PatternSet
    allowed: PatternSet  # what makes an exception none
    elsewhere: PatternSet  # authorities of other places that no entity of the book names
    here: PatternSet  # the topic's place where it is not named: "the city"
    scope: PatternSet
    lasting: PatternSet
    instead: Mapping[str, tuple[str, PatternSet]]  # code -> (what it becomes, when)
    modality: Mapping[str, re.Pattern[str]]
    turned: frozenset[str]  # codes that words such as "never" turn round
    undone: re.Pattern[str]  # these words
    ending: frozenset[str]  # codes that words of stopping turn round
    ended: re.Pattern[str]  # these words, inside a match
    lifted: re.Pattern[str]  # "lifted its", right before a match


@lru_cache(maxsize=8)
def read_grammar(codebook: Codebook) -> dict[str, Grammar]:
    """Return the compiled patterns of the variable `position`, by language.

    Empty when the book has none.
    """
    wordings = read_wordings(codebook).items()
    return {
        language: _compile_language(codebook, language, wording) for language, wording in wordings
    }


def _compile_language(codebook: Codebook, language: str, wording: Wording) -> Grammar:
    variable = codebook.variables.get("position", {})
    codes, same = variable.get("codes", {}), variable.get("same", {})
    gate = codebook.topic.get("gate", {})
    exceptions = gate.get("except", {})
    scopes = codebook.variables.get("scope", {}).get("codes", {})

    def compile_tables(tables: Mapping[str, Any], key: str = "patterns") -> PatternSet:
        written = [
            (code, pattern)
            for code, table in tables.items()
            for pattern in table.get(key, {}).get(language, ())
        ]
        return compile_patterns(written, wording)

    instead = {
        code: (table["instead"]["code"], compile_tables({code: table["instead"]}))
        for code, table in codes.items()
        if "instead" in table
    }
    return Grammar(
        patterns=compile_tables({**codes, SAME: same}),
        inverted=compile_tables({SAME: same}, "inverted"),
        gate=compile_tables({"gate": gate}),
        exceptions=compile_tables({"except": exceptions}),
        allowed=compile_tables({"unless": exceptions.get("unless", {})}),
        elsewhere=compile_tables({"elsewhere": gate.get("elsewhere", {})}),
        here=compile_tables({"here": gate.get("here", {})}),
        scope=compile_tables(scopes),
        lasting=compile_tables({code: table.get("lasting", {}) for code, table in codes.items()}),
        instead=instead,
        modality=_compile_modality(codebook, language),
        turned=frozenset(code for code, table in codes.items() if table.get("negated")),
        undone=_compile_undone(codebook, language, _UNDONE),
        ending=frozenset(code for code, table in codes.items() if table.get("ends")),
        ended=_compile_undone(codebook, language, _ENDED),
        lifted=_compile_undone(codebook, language, _LIFTED),
    )


def _compile_undone(codebook: Codebook, language: str, template: str) -> re.Pattern[str]:
    if language == "zh":
        return compile_with_classes("(?!)", {})
    return compile_with_classes(template, read_position_words(codebook, language))


def _compile_modality(codebook: Codebook, language: str) -> dict[str, re.Pattern[str]]:
    expressions = {}
    for kind, phrases in codebook.news.get("modality", {}).get(language, {}).items():
        written = []
        for phrase in phrases:
            is_whole_word = language != "zh" and phrase != "n't"
            escaped = re.escape(phrase)
            written.append(rf"\b{escaped}\b" if is_whole_word else escaped)
        expressions[kind] = re.compile("|".join(written))
    return expressions
