"""news.toml [clauses] -> the word classes by which a sentence is read into clauses, ready to look up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from hkresearch.codebook.book import Codebook

OPENERS = (
    "relatives",
    "complementizers",
    "subordinators",
    "absolutes",
    "coordinators",
    "insertions",
    "pronouns",
)
MATCHES_NOTHING = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class ClauseWords:
    """The word classes of English clauses: sets of words by name, and expressions made of them."""

    sets: Mapping[str, frozenset[str]]
    openers: frozenset[str]  # every word that can open a clause
    reporting: frozenset[str]
    reported: re.Pattern  # "denied reports that", at the end of the words before a clause
    affirmed: re.Pattern  # "confirmed reports that"
    unreal: re.Pattern  # "accused of", anywhere between a subject and its verb
    averted: re.Pattern  # "to avoid", right before a verb
    none: re.Pattern  # "none of", right behind a verb


@dataclass(frozen=True, slots=True)
class ChineseClauseWords:
    """The word classes of Chinese clauses, as expressions."""

    unnamed: re.Pattern  # somebody without a name, where a part of the sentence begins
    closed: re.Pattern  # the end of a part that only dates or explains the next
    denial: re.Pattern
    fear: re.Pattern
    unknown: re.Pattern
    negation: re.Pattern


@lru_cache(maxsize=8)
def read_clause_words(codebook: Codebook) -> ClauseWords:
    """Return the English word classes of the codebook's [clauses.en]; without that table they match nothing."""
    table = codebook.news.get("clauses", {}).get("en", {})
    sets = dict.fromkeys((*OPENERS, "agents"), frozenset())
    sets |= {name: frozenset(words.split()) for name, words in table.items() if type(words) is str}
    reporting = codebook.news.get("references", {}).get("en", {}).get("reporting", "")
    reporting = frozenset(reporting.split())
    denial = join_classes(table, "denial", "denial_phrases")
    weak = join_classes(table, "claims", "fear", "unknown")
    few = r"(?:\W+(?!(?:%s)\b)[\w'-]+){0,4}\W*\Z" % ("|".join(sorted(reporting)) or "(?!)")
    content = (
        r"having|ever|any|it|that|being|doing|[\w-]+ing|to\s+have|(?:\w+\s+){0,2}(?:%s)"
        % join_classes(table, "claims")
    )
    return ClauseWords(
        sets=sets,
        openers=frozenset().union(*(sets.get(name, ()) for name in OPENERS)),
        reporting=reporting,
        reported=_compile(rf"\b(?:{denial}|{weak})\b{few}") if table else MATCHES_NOTHING,
        affirmed=_compile(
            rf"(?<!to )(?<!not )(?<!n't )(?<!neither )(?<!nor )\b(?:{join_classes(table, 'affirming')})\b(?:\W+[\w'-]+){{0,6}}\W*\Z"
        ),
        unreal=_compile(
            rf"\b(?:{denial})\s+(?:{content})\b|\b(?:{join_classes(table, 'alleged')})\b"
            rf"|\b(?:{join_classes(table, 'claims')})\s+of\b"
        ),
        averted=_compile(rf"\b(?:{join_classes(table, 'averted')})\s+(?:[\w'-]+\s+){{0,2}}\Z"),
        none=_compile(
            rf"\b(?:{join_classes(table, 'none')})\b(?!\s+(?:{join_classes(table, 'none_but')})\b)"
        ),
    )


@lru_cache(maxsize=8)
def read_chinese_clause_words(codebook: Codebook) -> ChineseClauseWords:
    """Return the Chinese word classes of the codebook's [clauses.zh]; without that table they match nothing."""
    table = codebook.news.get("clauses", {}).get("zh", {})
    leads, agents = join_classes(table, "leads"), join_classes(table, "agents")
    before = rf"(?:{join_classes(table, 'connectives')})?"
    return ChineseClauseWords(
        unnamed=_compile(
            rf"{before}(?:{leads})*(?:{agents})(?!的|索取|要求|請求|请求|提出|發出|发出|取用|所)"
        ),
        closed=_compile(rf"(?:{join_classes(table, 'endings')})\Z"),
        denial=_compile(join_classes(table, "denial")),
        fear=_compile(join_classes(table, "fear")),
        unknown=_compile(join_classes(table, "unknown")),
        negation=_compile(
            rf"(?:{join_classes(table, 'negation')})(?!{join_classes(table, 'no_negation')})"
        ),
    )


def join_classes(table: Mapping[str, Any], *names: str) -> str:
    """Return the alternatives of the named classes, the longest first; what never matches where there are none."""
    phrases: set[str] = set()
    for name in names:
        words = table.get(name, ())
        phrases |= set(words.split() if isinstance(words, str) else words)
    return "|".join(_write(sorted(phrases, key=lambda p: (-len(p), p)))) or "(?!)"


def _write(phrases: Iterable[str]) -> list[str]:
    return [
        r"\s+".join(
            re.escape(w[:-1]) + r"\w*" if w.endswith("*") else re.escape(w) for w in p.split()
        )
        for p in phrases
    ]


def _compile(expression: str) -> re.Pattern:
    return re.compile(expression)
