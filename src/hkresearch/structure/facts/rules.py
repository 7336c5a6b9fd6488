"""The codebook's fact variables -> rules: links between two mentions, patterns that give a code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from hkresearch.codebook.book import Codebook, read_wordings
from hkresearch.codebook.expressions import compile_link
from hkresearch.codebook.patterns import PatternSet, compile_patterns
from hkresearch.codebook.wording import Wording

_PLACEHOLDERS = ("<subject>", "<code>")


@dataclass(frozen=True, slots=True)
class Link:
    """Two mentions joined by words: which comes first, what stands before, between and behind."""

    subject_first: bool
    before: re.Pattern[str] | None
    between: re.Pattern[str]
    after: re.Pattern[str] | None
    is_possessive: bool  # the subject stands in the possessive, or after "of"


@dataclass(frozen=True, slots=True)
class FactRule:
    """One fact variable of the codebook, compiled; sets without a pattern are left out."""

    variable: str
    kinds: tuple[str, str]  # of the subject and of the code, for links
    links: tuple[Link, ...]
    codes: tuple[PatternSet, ...]  # a match gives the code
    near: tuple[PatternSet, ...]  # must stand in the sentence
    context: tuple[PatternSet, ...]
    subject: str  # a fixed subject; "company" for the organisation spoken of
    dated: bool


@lru_cache(maxsize=8)
def read_rules(codebook: Codebook) -> tuple[FactRule, ...]:
    """Return the codebook's fact variables, in its order."""
    return tuple(
        _read_rule(id, variable, read_wordings(codebook))
        for id, variable in codebook.variables.items()
        if id != "position" and not variable.get("measures") and not variable.get("attribute_of")
    )


@lru_cache(maxsize=8)
def read_rule_gates(codebook: Codebook) -> tuple[PatternSet, ...]:
    """Return, for each language, the coded patterns of all rules, with the variable as code."""
    gates = []
    for language, wording in read_wordings(codebook).items():
        written = [
            (rule.variable, text)
            for rule in read_rules(codebook)
            for _, text in _list_code_patterns(codebook.variables[rule.variable], language)
        ]
        gates.append(compile_patterns(written, wording))
    return _drop_empty(gates)


def _read_rule(id: str, variable: Mapping[str, Any], wordings: Mapping[str, Wording]) -> FactRule:
    links: list[Link] = []
    codes: list[PatternSet] = []
    near: list[PatternSet] = []
    context: list[PatternSet] = []
    for language, wording in wordings.items():
        written = variable.get("links", {}).get(language, ())
        links += [_read_link(text, wording) for text in written]
        codes.append(compile_patterns(_list_code_patterns(variable, language), wording))
        for sets, key in ((near, "near"), (context, "context")):
            patterns = variable.get(key, {}).get(language, ())
            sets.append(compile_patterns([(id, pattern) for pattern in patterns], wording))
    return FactRule(
        variable=id,
        kinds=(variable.get("subject_kind", ""), variable.get("code_kind", "")),
        links=tuple(links),
        codes=_drop_empty(codes),
        near=_drop_empty(near),
        context=_drop_empty(context),
        subject=variable.get("subject", ""),
        dated=variable["level"] == "date",
    )


def _list_code_patterns(variable: Mapping[str, Any], language: str) -> list[tuple[str, str]]:
    """Return (code, pattern) of the variable's own patterns and of its codes'."""
    own_code = variable.get("code_of", "")
    written = [(own_code, text) for text in variable.get("patterns", {}).get(language, ())]
    for code, table in variable.get("codes", {}).items():
        written += [(code, text) for text in table.get("patterns", {}).get(language, ())]
    return written


def _drop_empty(sets: list[PatternSet]) -> tuple[PatternSet, ...]:
    return tuple(one for one in sets if one.patterns)


def _read_link(text: str, wording: Wording) -> Link:
    first, second = sorted(_PLACEHOLDERS, key=text.index)
    before, rest = (part.strip() for part in text.split(first, 1))
    between, after = (part.strip() for part in rest.split(second, 1))
    return Link(
        first == "<subject>",
        compile_link(before, wording, ends=True) if before else None,
        compile_link(between, wording),
        compile_link(after, wording) if after else None,
        between.startswith("'s") or before.endswith(" of"),
    )
