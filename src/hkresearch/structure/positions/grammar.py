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


@dataclass(frozen=True, slots=True)
class Grammar:
    """The compiled position patterns and modality words of one language."""

    patterns: PatternSet
    inverted: PatternSet
    gate: PatternSet
    exceptions: PatternSet
    allowed: PatternSet  # what makes an exception none
    elsewhere: PatternSet  # authorities of other places that no entity of the book names
    scope: PatternSet
    lasting: PatternSet
    instead: Mapping[str, tuple[str, PatternSet]]  # code -> (what it becomes, when)
    modality: Mapping[str, re.Pattern[str]]


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
        scope=compile_tables(scopes),
        lasting=compile_tables({code: table.get("lasting", {}) for code, table in codes.items()}),
        instead=instead,
        modality=_compile_modality(codebook, language),
    )


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
