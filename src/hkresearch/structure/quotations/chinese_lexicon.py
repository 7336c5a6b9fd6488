"""The [quotations.zh] section of news.toml -> expressions that find who says what in Chinese."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

LONGEST_HAN_SPEAKER = 40  # characters
_DATE = r"[0-9０-９]+(?:年|月|日|號|号)"
_WRITTEN_DATE = r"[0-9０-９一二三四五六七八九十]+(?:年|月|日|號|号)"


@dataclass(frozen=True, slots=True)
class HanLexicon:
    """The Chinese lists of the codebook as expressions."""

    cue: re.Pattern[str]  # a cue, or a longer word that only contains one
    cues: frozenset[str]
    thought: frozenset[str]
    according: re.Pattern[str]
    lead: re.Pattern[str]  # what may stand before the speaker
    adjunct: re.Pattern[str]  # what ends the speaker
    role: re.Pattern[str]  # what belongs to the speaker after a name
    negation: re.Pattern[str]
    quoting: re.Pattern[str]  # the speaker comes after it
    joins: re.Pattern[str]  # what stands between the names of one list
    about: re.Pattern[str]  # a clause that begins so ends at its comma
    not_verb: tuple[str, ...]  # behind a cue: it is no verb


def read_han_lexicon(section: Mapping[str, Any]) -> HanLexicon:
    """Return the expressions of the codebook's [quotations.zh] section."""
    return _build(tuple((key, value) for key, value in section.items() if isinstance(value, str)))


@lru_cache(maxsize=8)
def _build(items: tuple[tuple[str, str], ...]) -> HanLexicon:
    lists = {name: value.split() for name, value in items}

    def join(name: str) -> str:
        return _join_words(lists.get(name, ()))

    thought, others = frozenset(lists.get("thought", ())), frozenset(lists.get("not_cues", ()))
    cues = thought.union(lists.get("speech", ()))
    source = rf"(.{{1,{LONGEST_HAN_SPEAKER}}}?)"
    return HanLexicon(
        cue=re.compile(_join_words(cues | others)),
        cues=cues - others,
        thought=thought,
        according=re.compile(rf"(?:{join('according')}){source}(?:{join('reports')})?[，,：:]"),
        lead=re.compile(rf"(?:{join('leads')}|{_WRITTEN_DATE}|[ \u3000])+"),
        negation=re.compile(join("negations")),
        quoting=re.compile(join("quoting")),
        joins=re.compile(rf"(?:{join('joins')}|\s)*"),
        about=re.compile(join("about")),
        role=re.compile(f"(?:{join('roles')})+"),
        adjunct=re.compile(rf"{join('adjuncts')}|{_DATE}"),
        not_verb=tuple(lists.get("not_verb", ())),
    )


def _join_words(words: Any) -> str:
    """Return the words as alternatives, the longest first."""
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda w: (-len(w), w)))
