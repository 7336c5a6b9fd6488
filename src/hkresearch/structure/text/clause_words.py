"""news.toml [clauses] -> the word classes by which a sentence is read into clauses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from hkresearch.codebook.book import Codebook
from hkresearch.structure.text.word_alternatives import join_classes

_OPENERS = (
    "relatives",
    "complementizers",
    "subordinators",
    "absolutes",
    "coordinators",
    "insertions",
    "pronouns",
)
_PHRASE_ENDS = (
    "prepositions",
    "subordinators",
    "relatives",
    "complementizers",
    "coordinators",
    "auxiliaries",
    "absolutes",
)


@dataclass(frozen=True, slots=True)
class ClauseWords:
    """The word classes of English clauses: sets of words by name, and expressions made of them."""

    sets: Mapping[str, frozenset[str]]
    openers: frozenset[str]  # every word that can open a clause
    phrase_ends: frozenset[str]  # every word that no noun phrase holds before its noun
    reporting: frozenset[str]
    reported: re.Pattern[str]  # "denied reports that", at the end of the words before a clause
    affirmed: re.Pattern[str]  # "confirmed reports that"
    unreal: re.Pattern[str]  # "accused of", anywhere between a subject and its verb
    averted: re.Pattern[str]  # "to avoid", right before a verb
    none: re.Pattern[str]  # "none of", right behind a verb
    own_name: re.Pattern[str]  # "X said that the company had": the noun stands for X


@dataclass(frozen=True, slots=True)
class ChineseClauseWords:
    """The word classes of Chinese clauses, as expressions."""

    unnamed: re.Pattern[str]  # somebody without a name, where a part of the sentence begins
    closed: re.Pattern[str]  # the end of a part that only dates or explains the next
    denial: re.Pattern[str]
    unsure: re.Pattern[str]  # feared, or asked
    unknown: re.Pattern[str]
    negation: re.Pattern[str]


@lru_cache(maxsize=8)
def read_clause_words(codebook: Codebook) -> ClauseWords:
    """Return the word classes of [clauses.en]."""
    table = codebook.news["clauses"]["en"]
    sets = {
        name: frozenset(words.split()) for name, words in table.items() if isinstance(words, str)
    }
    reporting = frozenset(codebook.news["references"]["en"]["reporting"].split())
    claims, alleged = join_classes(table, "claims"), join_classes(table, "alleged")
    denial = join_classes(table, "denial", "denial_phrases")
    weak = join_classes(table, "claims", "fear", "unknown")
    denied = (
        r"having|ever|any|it|that|being|doing|[\w-]+ing|to\s+have"
        rf"|(?:\w+\s+){{0,2}}(?:{claims})"
    )
    not_negated = r"(?<!to )(?<!not )(?<!n't )(?<!neither )(?<!nor )"
    affirming = rf"{not_negated}\b(?:{join_classes(table, 'affirming')})\b"
    few_words = rf"(?:\W+(?!(?:{'|'.join(sorted(reporting))})\b)[\w'-]+){{0,4}}\W*\Z"
    none, none_but = join_classes(table, "none"), join_classes(table, "none_but")
    return ClauseWords(
        sets=sets,
        openers=frozenset().union(*(sets[name] for name in _OPENERS)),
        phrase_ends=frozenset().union(*(sets[name] for name in _PHRASE_ENDS)),
        reporting=reporting,
        reported=re.compile(rf"\b(?:{denial}|{weak})\b{few_words}"),
        affirmed=re.compile(rf"{affirming}(?:\W+[\w'-]+){{0,6}}\W*\Z"),
        unreal=re.compile(
            rf"\b(?:{denial})\s+(?:{denied})\b|\b(?:{alleged})\b|\b(?:{claims})\s+of\b"
        ),
        averted=re.compile(rf"\b(?:{join_classes(table, 'averted')})\s+(?:[\w'-]+\s+){{0,2}}\Z"),
        none=re.compile(rf"\b(?:{none})\b(?!\s+(?:{none_but})\b)"),
        own_name=re.compile(rf"the (?:{join_classes(table, 'own_nouns')})"),
    )


@lru_cache(maxsize=8)
def read_chinese_clause_words(codebook: Codebook) -> ChineseClauseWords:
    """Return the word classes of [clauses.zh]."""
    table = codebook.news["clauses"]["zh"]
    connectives = rf"(?:{join_classes(table, 'connectives')})?"
    leads, agents = join_classes(table, "leads"), join_classes(table, "agents")
    not_before = join_classes(table, "not_agents_before")
    unnamed = rf"{connectives}(?:{leads})*(?:{agents})(?!{not_before})"
    negation = rf"(?:{join_classes(table, 'negation')})(?!{join_classes(table, 'no_negation')})"
    return ChineseClauseWords(
        unnamed=re.compile(unnamed),
        closed=re.compile(rf"(?:{join_classes(table, 'endings')})\Z"),
        denial=re.compile(join_classes(table, "denial")),
        unsure=re.compile(join_classes(table, "fear", "questions")),
        unknown=re.compile(join_classes(table, "unknown")),
        negation=re.compile(negation),
    )
