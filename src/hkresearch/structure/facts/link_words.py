"""news.toml [facts] -> the words that make, break or undo a link between two mentions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from hkresearch.codebook.book import Codebook
from hkresearch.structure.text.word_alternatives import join_classes

_CLAUSE_MARK = re.compile(r"[,;:—–，；：。]")
_LISTED_PLACE = re.compile(r"(?:\s*,)?\s*(?:\band\b|\bor\b|、|和|及|與|,)?\s*(?:in )?(?:the )?")


@dataclass(frozen=True, slots=True)
class LinkWords:
    """Expressions of what stands around two mentions that a link may join."""

    doubt: re.Pattern[str]  # undoes a link in its clause
    doubt_before: re.Pattern[str]  # anywhere before in the sentence
    doubt_behind: re.Pattern[str]  # anywhere behind
    part: re.Pattern[str]  # behind a name: something else than what it names is spoken of
    owning: re.Pattern[str]  # "X's", right before what X owns
    han_owner: re.Pattern[str]  # behind a name: what it owns is spoken of
    han_beside: re.Pattern[str]  # before a name: it is somebody's object
    together: re.Pattern[str]  # behind a list: all of them
    new_clause: re.Pattern[str]
    based: re.Pattern[str]  # behind a place: "based group that accused"
    adjectives: frozenset[str]  # in -ed, that tell no other story
    clause_mark: re.Pattern[str] = _CLAUSE_MARK
    listed_place: re.Pattern[str] = _LISTED_PLACE


@lru_cache(maxsize=8)
def read_link_words(codebook: Codebook) -> LinkWords:
    """Return the words of news.toml's [facts], compiled."""
    english, chinese = codebook.news["facts"]["en"], codebook.news["facts"]["zh"]

    def join(name: str, word_start: str = "") -> str:
        words = join_classes(english, name)
        return rf"{word_start}(?:{words})\b|{join_classes(chinese, name)}"

    openers, relations = join_classes(english, "clause_openers"), join_classes(english, "relations")
    seats, possessives = join_classes(english, "seats"), join_classes(chinese, "possessives")
    return LinkWords(
        doubt=re.compile(join("doubt", r"(?:\b|(?=n't))")),
        doubt_before=re.compile(join("doubt_before", r"\b")),
        doubt_behind=re.compile(rf"\b(?:is|are|was|were|as) {join('doubt_behind')}"),
        part=re.compile(rf"(?:'s?|的)?\s?(?:{join('parts')})"),
        owning=re.compile(rf"(?:'s?|-owned|{possessives})\s*"),
        han_owner=re.compile(join_classes(chinese, "owners")),
        han_beside=re.compile(rf"(?:{join_classes(chinese, 'beside')})[於于]?$"),
        together=re.compile(rf"[\s,]*(?:which )?(?:{join_classes(english, 'together')})\b"),
        new_clause=re.compile(rf"\b(?:{openers})\b(?! headquarters| seat)"),
        based=re.compile(rf"\W*(?:{seats})\b.*\b(?:{relations})\b"),
        adjectives=frozenset(english["adjectives"].split()),
    )
