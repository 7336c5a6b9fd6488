"""news.toml [lists] -> the expressions by which names are read as lists and as subjects."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from hkresearch.codebook.book import Codebook
from hkresearch.structure.text.word_alternatives import join_classes


@dataclass(frozen=True, slots=True)
class ListWords:
    """What stands between, before and behind the names of a list, as expressions."""

    lead: re.Pattern[str]  # "like": the list that follows is not the subject
    joiner: re.Pattern[str]  # between two names; its group holds the words behind the joiner
    joiner_han: re.Pattern[str]
    owned_by: re.Pattern[str]  # "X, a unit of Y": between the two
    owned_han: re.Pattern[str]  # "Y旗下X": between the two
    apposition: re.Pattern[str]  # ", a rival of", right behind a name
    spoken_for: re.Pattern[str]  # "a spokesman for", right before a name
    members: re.Pattern[str]  # "companies including", right before a name
    owning: re.Pattern[str]  # "owns", right behind a name
    deeds: re.Pattern[str]  # "X's decision": X acts
    accompanying: re.Pattern[str]  # "along with", behind the name that leads a list


@lru_cache(maxsize=8)
def read_list_words(codebook: Codebook) -> ListWords:
    """Return the words of [lists], compiled."""
    table, han = codebook.news["lists"]["en"], codebook.news["lists"]["zh"]
    mark = r"\s*(?:\([^)]{0,30}\))?\s*"
    bracketed, joiners = join_classes(table, "bracketed"), join_classes(table, "joiners")
    joiner = rf"(?:\((?:{bracketed})\b|[,/&]|\b(?:{joiners})\b)"
    more = rf"(?:\s*\b(?:{join_classes(table, 'joiners_behind')})\b)*"
    words_behind = r"\s*((?:[\w'-]+\s+){0,5}|[\w' -]*owned\s+)$"
    owned_han = rf"(?:{join_classes(han, 'owned')})[^，。；、]{{0,10}}"
    house_han = rf"[^，。；、,;]{{1,20}}(?:{join_classes(han, 'houses')})的?"
    kind_han = rf"(?:{join_classes(han, 'kinds')})\w{{0,4}}"
    service_han = rf"[^，。；、,;而但惟]{{0,8}}(?:{join_classes(han, 'services')})"
    joiner_han = rf"(?:[、,，/]|{join_classes(han, 'joiners')})"
    members = join_classes(table, "members")
    examples = join_classes(table, "examples")
    people = join_classes(table, "people", "utterances")
    return ListWords(
        lead=re.compile(rf"(?:{join_classes(table, 'leads')}) "),
        joiner=re.compile(mark + joiner + more + words_behind),
        joiner_han=re.compile(
            rf"\s*[）)]?\s*{joiner_han}\s*(?:{owned_han}|{house_han}|{kind_han}|{service_han})?\s*"
        ),
        owned_by=re.compile(
            rf",? \(?(?:(?:which is|now|itself) )?(?:(?:an?|the) (?:[\w-]+ ){{0,3}})?"
            rf"(?:{join_classes(table, 'owned_by')}) (?:the )?"
        ),
        owned_han=re.compile(rf"[)）]?\s*(?:{join_classes(han, 'owned')})的?\s*"),
        apposition=re.compile(rf", (?:(?:{join_classes(table, 'appositions')})\b|\S+'s )"),
        spoken_for=re.compile(rf"(?:{people})\s+(?:for|from|at|of|by)\s+(?:the\s+|\w+\s+)?$"),
        members=re.compile(rf"\b(?:{members})\s*,?\s*(?:{examples})\s+(?:the\s+)?$"),
        owning=re.compile(rf" (?:also )?(?:{join_classes(table, 'owning')})\b"),
        accompanying=re.compile(rf"{mark},?\s*(?:{join_classes(table, 'accompanying')})\b"),
        deeds=re.compile(rf"\b(?:{join_classes(table, 'deeds')})\b"),
    )
