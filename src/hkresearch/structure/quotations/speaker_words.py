"""The [quotations] section of the codebook -> the words that tell who speaks for an organisation, and who for nobody."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from hkresearch.codebook.book import Codebook


@dataclass(frozen=True, slots=True)
class SpeakerWords:
    """The word lists of the codebook that tell a role from a name, and an outlet from a person."""

    roles: frozenset[str]  # who may speak for an organisation without naming it
    spokespeople: frozenset[str]
    public_roles: frozenset[str]
    outsiders: frozenset[str]
    counsel: frozenset[str]
    former: frozenset[str]
    bodies: dict[str, frozenset[str]]  # word of a public body -> the words for the same body
    relatives: frozenset[str]
    han_roles: tuple[str, ...]
    han_public: tuple[str, ...]
    han_outsiders: tuple[str, ...]
    outlet: re.Pattern
    outlet_reference: re.Pattern
    lower_names: re.Pattern | None  # a company's name in lower case before who speaks for it
    lower_entities: dict[str, str]


@lru_cache(maxsize=8)
def read_speaker_words(codebook: Codebook) -> SpeakerWords:
    """Return the codebook's words for roles and outlets, compiled."""
    english, chinese = (codebook.news["quotations"].get(language, {}) for language in ("en", "zh"))
    last, references = (
        "|".join(english.get(name, "").split()) for name in ("outlet_words", "outlet_references")
    )
    lists = {name: frozenset(english.get(name, "").split()) for name in (
        "roles", "spokespeople", "public_roles", "outsiders", "counsel", "former")}  # fmt: skip
    lower = _read_lower_names(codebook)
    spokespeople = "|".join(map(re.escape, sorted(lists["spokespeople"])))
    return SpeakerWords(
        **lists,
        bodies={
            word: frozenset(words.split())
            for words in english.get("bodies", {}).values()
            for word in words.split()
        },
        relatives=frozenset([*english.get("words", {}).get("relatives", "").split(), "that"]),
        han_roles=tuple(chinese.get("roles", "").split()),
        han_public=tuple(chinese.get("public_roles", "").split()),
        han_outsiders=tuple(chinese.get("outsiders", "").split()),
        outlet=re.compile(
            r"\b(?:to|with|told|tell|by|in|on) "
            rf"((?:[Tt]he )?(?:[A-Z][\w.&-]* ){{0,4}}(?:{last}))\b"
        ),
        outlet_reference=re.compile(rf"\b(?:in|to) (the (?:same |earlier )?(?:{references}))\b"),
        lower_names=re.compile(
            rf"\b({'|'.join(map(re.escape, lower))})(?:[’']s)? (?:{spokespeople})\b"
        )
        if lower and spokespeople
        else None,
        lower_entities=lower,
    )


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
