"""The codebook's fact variables -> rules: links between two mentions, patterns that give a code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from hkresearch.codebook.book import Codebook, read_wordings
from hkresearch.codebook.expressions import compile_link
from hkresearch.codebook.patterns import PatternSet, compile_patterns
from hkresearch.codebook.wording import Wording

_PLACEHOLDERS = ("<subject>", "<code>")


@dataclass(frozen=True, slots=True)
class Link:
    """Two mentions joined by words: which of them comes first, what stands before and between, and after them."""

    subject_first: bool
    before: re.Pattern[str] | None
    between: re.Pattern[str]
    after: re.Pattern[str] | None
    is_possessive: bool  # the subject stands in the possessive, or after "of"


@dataclass(frozen=True, slots=True)
class FactRule:
    """One fact variable of the codebook, compiled."""

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
    rules = []
    for id, variable in codebook.variables.items():
        if id == "position" or variable.get("measures") or variable.get("attribute_of"):
            continue
        links, codes, near, context = [], [], [], []
        for language, wording in read_wordings(codebook).items():
            links += [
                _read_link(text, wording) for text in variable.get("links", {}).get(language, ())
            ]
            written = [
                (variable.get("code_of", ""), p)
                for p in variable.get("patterns", {}).get(language, ())
            ]
            written += [
                (code, p)
                for code, table in variable.get("codes", {}).items()
                for p in table.get("patterns", {}).get(language, ())
            ]
            codes.append(compile_patterns(written, wording))
            near.append(
                compile_patterns(
                    [(id, p) for p in variable.get("near", {}).get(language, ())], wording
                )
            )
            context.append(
                compile_patterns(
                    [(id, p) for p in variable.get("context", {}).get(language, ())], wording
                )
            )
        kinds = (variable.get("subject_kind", ""), variable.get("code_kind", ""))
        rules.append(
            FactRule(
                id,
                kinds,
                tuple(links),
                tuple(codes),
                tuple(near),
                tuple(context),
                variable.get("subject", ""),
                variable["level"] == "date",
            )
        )
    return tuple(rules)


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
