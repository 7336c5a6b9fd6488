"""The [quotations] section of news.toml -> the words that tell who speaks for an organisation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from hkresearch.codebook.book import Codebook
from hkresearch.structure.text.word_alternatives import join_classes

_MATCHES_NOTHING = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class PhraseMarks:
    """Expressions that read a noun phrase, or the words behind it."""

    head_end: re.Pattern[str]  # where the head of the phrase ends
    aside: re.Pattern[str]  # what stands behind is said about the speaker, and does not speak
    for_client: re.Pattern[str]  # "representing", before a client's name
    own_company: re.Pattern[str]  # "the company's", before a person's name
    duty: re.Pattern[str]  # "must", "were asked": behind a subject of whom another speaks
    own_words: re.Pattern[str]  # "our"
    quoted_as_saying: re.Pattern[str]
    spokesperson: re.Pattern[str]
    role_behind: re.Pattern[str]  # ", a spokeswoman for", behind a person's name
    owns_staff: re.Pattern[str]  # "'s chief executive", behind an organisation
    role_before: re.Pattern[str]  # "'s chief executive, Ann", before a surname


@dataclass(frozen=True, slots=True)
class SpeakerWords:
    """The word lists of the codebook that tell a role from a name, and an outlet from a person."""

    roles: frozenset[str]  # who may speak for an organisation without naming it
    spokespeople: frozenset[str]
    public_roles: frozenset[str]
    executives: frozenset[str]  # public roles that speak for the government of their place
    documents: frozenset[str]  # "the statement said": whose the last one was
    notices: frozenset[str]  # those that are of whom the text is about
    self_references: frozenset[str]  # I, we
    plurals: frozenset[str]  # they
    continuing: frozenset[str]  # "the company added": the last speaker goes on
    totals: frozenset[str]  # "each said": the list before it
    staff: frozenset[str]  # who works for an organisation, and may speak for it
    outsiders: frozenset[str]
    counsel: frozenset[str]
    former: frozenset[str]
    leading: frozenset[str]  # "a general manager", who is no other employee
    persons: frozenset[str]  # he, she
    other_pronouns: frozenset[str]
    bodies: Mapping[str, frozenset[str]]  # word of a public body -> the words for the same body
    relatives: frozenset[str]
    owners: frozenset[str]  # "its parent Alpha": whoever stands so speaks not
    han_roles: tuple[str, ...]
    han_public: tuple[str, ...]
    han_outsiders: tuple[str, ...]
    marks: PhraseMarks
    outlet: re.Pattern[str]  # one that no codebook lists
    outlet_reference: re.Pattern[str]  # "in the report"
    lower_names: re.Pattern[str]  # a company's name in lower case before who speaks for it
    lower_entities: Mapping[str, str]


@lru_cache(maxsize=8)
def read_speaker_words(codebook: Codebook) -> SpeakerWords:
    """Return the codebook's words for roles and outlets, compiled."""
    english = codebook.news["quotations"].get("en", {})
    chinese = codebook.news["quotations"].get("zh", {})
    lower = _read_lower_names(codebook)

    def read(name: str, table: Mapping[str, Any] = english) -> frozenset[str]:
        return frozenset(table.get(name, "").split())

    return SpeakerWords(
        roles=read("roles"),
        spokespeople=read("spokespeople"),
        public_roles=read("public_roles"),
        executives=read("executives"),
        documents=read("documents"),
        notices=read("notices"),
        plurals=read("plurals"),
        self_references=read("self_references"),
        continuing=read("continuing"),
        staff=read("staff"),
        totals=read("totals", english.get("words", {})),
        outsiders=read("outsiders"),
        counsel=read("counsel"),
        former=read("former"),
        leading=read("leading"),
        persons=read("persons"),
        other_pronouns=read("other_pronouns"),
        bodies=_read_bodies(english.get("bodies", {}).values()),
        relatives=read("relatives", english.get("words", {})) | {"that"},
        owners=read("owners") | read("owners", chinese),
        han_roles=tuple(chinese.get("roles", "").split()),
        han_public=tuple(chinese.get("public_roles", "").split()),
        han_outsiders=tuple(chinese.get("outsiders", "").split()),
        marks=_compile_marks(english),
        outlet=_compile_outlet(english),
        outlet_reference=_compile_outlet_reference(english),
        lower_names=_compile_lower_names(lower, english),
        lower_entities=lower,
    )


def _compile_marks(english: Mapping[str, Any]) -> PhraseMarks:
    asides, clients = join_classes(english, "asides"), join_classes(english, "client_words")
    head_end, duties = join_classes(english, "after_head"), join_classes(english, "duties")
    own, quoted = join_classes(english, "own_words"), join_classes(english, "quoted_by")
    owner = join_classes(english, "own_company").replace("'", "[’']")
    staff = join_classes(english, "staff")
    role = rf"(?:[\w-]+ ){{0,4}}?(?:{staff})(?: \w+){{0,3}}?"
    passive = r"(?:is|are|was|were)(?: being)? \w+ed\b"
    return PhraseMarks(
        head_end=re.compile(rf"[,(（—–]| (?:{head_end})\b"),
        aside=re.compile(rf",? (?:{asides})\b|[,，](?=[^,，]{{0,40}}[’']s )"),
        for_client=re.compile(rf"\b(?:{clients})\s+(?:the )?$"),
        own_company=re.compile(rf"\b(?i:{owner}) "),
        duty=re.compile(rf"\W*(?:\w+ly )?(?:{duties}|{passive})"),
        own_words=re.compile(rf"\b(?:{own})\b", re.IGNORECASE),
        spokesperson=re.compile(rf"\b(?:{join_classes(english, 'spokespeople')})\b"),
        role_behind=re.compile(
            rf",? (?:who (?:is|was) )?(?:(?:a|an|the|its) )?{role} (?:of|for|at|with) (?:the )?"
            rf"|, who (?:\w+ )?(?:{join_classes(english, 'heading')}) (?:the )?"
        ),
        owns_staff=re.compile(rf"[’']s? {role}\b"),
        role_before=re.compile(rf"[’']s {role},? (?:[A-Z][\w.’'-]+ ){{0,2}}$"),
        quoted_as_saying=re.compile(rf"\b(?:{quoted})\b.* as \w+ing$"),
    )


def _compile_outlet(english: Mapping[str, Any]) -> re.Pattern[str]:
    """Return the expression for "told the Daily Planet News"."""
    before, last = join_classes(english, "outlet_before"), join_classes(english, "outlet_words")
    return re.compile(rf"\b(?:{before}) ((?:[Tt]he )?(?:[A-Z][\w.&-]* ){{0,4}}(?:{last}))\b")


def _compile_outlet_reference(english: Mapping[str, Any]) -> re.Pattern[str]:
    """Return the expression for "in the same report"."""
    references = join_classes(english, "outlet_references")
    return re.compile(rf"\b(?:in|to) (the (?:same |earlier )?(?:{references}))\b")


def _compile_lower_names(lower: Mapping[str, str], english: Mapping[str, Any]) -> re.Pattern[str]:
    spokespeople = join_classes(english, "spokespeople")
    if not lower:
        return _MATCHES_NOTHING
    names = "|".join(map(re.escape, lower))
    return re.compile(rf"\b({names})(?:[’']s)? (?:{spokespeople})\b")


def _read_bodies(lists: Iterable[str]) -> dict[str, frozenset[str]]:
    """Return each word of a public body -> all words for the same kind of body."""
    kinds = [frozenset(words.split()) for words in lists]
    return {word: kind for kind in kinds for word in kind}


def _read_lower_names(codebook: Codebook) -> dict[str, str]:
    """Return the companies' names in lower case -> entity, the longest first."""
    names = {
        name.lower(): id
        for id, entity in codebook.entities.items()
        if entity.get("kind") == "company"
        for name in entity.get("names", {}).get("en", ())
        if len(name) > 2
    }
    return dict(sorted(names.items(), key=lambda item: (-len(item[0]), item[0])))
