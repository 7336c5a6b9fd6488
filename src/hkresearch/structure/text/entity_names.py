"""A codebook's names -> where a text names its entities, the longest name at each place."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from hkresearch.codebook.book import Codebook
from hkresearch.codebook.plain_text import ABBREVIATION_DOT, PLAIN_CHARACTERS, Plain
from hkresearch.core.words import UNSPACED, UNSPACED_CHARACTER
from hkresearch.structure.text.clause_words import ClauseWords, read_clause_words
from hkresearch.structure.text.list_words import ListWords, read_list_words

ReferenceWords = Mapping[str, Collection[str]]  # a language's word classes by their names

_ABBREVIATED = re.compile(r"\b([A-Z])\.(?=[A-Z]\b)")
_FIRST_WORD = re.compile(rf"[^\W_{UNSPACED}]+")
_LONGEST_SUFFIX = 13  # characters: "Technologies,"


class Mention(NamedTuple):
    """An entity where the text names it ("name") or refers to it ("reference")."""

    start: int
    end: int
    entity: str
    kind: str


@dataclass(frozen=True, slots=True, eq=False)  # one for each codebook: compared as an object
class Lexicon:
    """The codebook's names and reference words in the form in which they are looked up."""

    names: Mapping[str, Sequence[tuple[str, str]]]  # first word -> (name, entity), longest first
    first_words: frozenset[str]  # of the names, in lower case
    han: re.Pattern[str] | None
    han_names: Mapping[str, str]
    described: Mapping[str, Sequence[str]]  # description -> entity ids
    described_han: Mapping[str, Sequence[str]]
    references: Mapping[str, ReferenceWords]  # language -> news.toml [references]
    numbers: Mapping[str, int]  # "two", "trio", "兩" -> how many
    lists: ListWords
    clauses: ClauseWords
    reach: Mapping[str, re.Pattern[str]]  # words that carry an owner's act to all that it owns
    kinds: Mapping[str, str]  # entity id -> kind
    pronouns: frozenset[str]  # English words that can be a reference
    determiners: frozenset[str]  # English words that can begin one
    owners: Mapping[str, str]

    @property
    def english(self) -> ReferenceWords:
        """The reference words of English."""
        return self.references.get("en", {})

    @property
    def chinese(self) -> ReferenceWords:
        """The reference words of Chinese."""
        return self.references.get("zh", {})


@lru_cache(maxsize=8)
def read_lexicon(codebook: Codebook) -> Lexicon:
    """Return the names and reference words of the codebook, ready to look up."""
    names, han_names = _read_names(codebook.entities)
    described_han = _read_descriptions(codebook.entities, "zh")
    references = _read_references(codebook.news.get("references", {}))
    entities = codebook.entities.items()
    return Lexicon(
        names=names,
        first_words=frozenset(first.lower() for first in names),
        han=_compile_han(han_names, described_han, references.get("zh", {})),
        han_names=han_names,
        described=_read_descriptions(codebook.entities, "en"),
        described_han=described_han,
        references=references,
        numbers=_read_numbers(references),
        lists=read_list_words(codebook),
        pronouns=_join_sets(references.get("en", {}), "singular", "plural", "speaker"),
        determiners=_join_sets(
            references.get("en", {}), "determiners", "plural_determiners", "other_determiners"
        ),
        clauses=read_clause_words(codebook),
        reach=_read_reach(codebook.news.get("reconcile", {}).get("reach", {})),
        kinds={id: entity.get("kind", "") for id, entity in entities},
        owners={id: entity["owner"] for id, entity in entities if entity.get("owner")},
    )


def _read_names(
    entities: Mapping[str, Mapping[str, Any]],
) -> tuple[dict[str, tuple[tuple[str, str], ...]], dict[str, str]]:
    """Return first word -> its names, the longest first, and the names written in Han."""
    names: dict[str, dict[str, str]] = {}
    han_names: dict[str, str] = {}
    for id, entity in entities.items():
        for written in (name for names_of in entity.get("names", {}).values() for name in names_of):
            name = written.translate(PLAIN_CHARACTERS).rstrip(".")
            if UNSPACED_CHARACTER.search(name):
                han_names[name] = id
                continue
            for form in _list_forms(name):
                if first := _FIRST_WORD.match(form):
                    undotted = _ABBREVIATED.sub(rf"\1{ABBREVIATION_DOT}", form)
                    names.setdefault(first.group(), {}).setdefault(undotted, id)
        for words in entity.get("no_names", {}).values():
            # words that hold a name by chance, and name nobody
            han_names.update((word, "") for word in words if UNSPACED_CHARACTER.search(word))
    longest_first = {
        first: tuple(sorted(forms.items(), key=lambda item: (-len(item[0]), item[0])))
        for first, forms in names.items()
    }
    return longest_first, han_names


def _list_forms(name: str) -> set[str]:
    """Return the name as written, in capitals, and as a sentence begins with it."""
    return {name, name.upper(), name[0].upper() + name[1:]} if len(name) > 2 else {name}


def _read_descriptions(
    entities: Mapping[str, Mapping[str, Any]], language: str
) -> dict[str, list[str]]:
    described: dict[str, list[str]] = {}
    for id, entity in entities.items():
        for phrase in entity.get("described", {}).get(language, ()):
            described.setdefault(phrase.lower() if language == "en" else phrase, []).append(id)
    return described


def _read_references(tables: Mapping[str, Mapping[str, Any]]) -> dict[str, ReferenceWords]:
    """Return the word classes of each language; lists of phrases keep their order."""
    return {
        language: {
            name: words if isinstance(words, list) else frozenset(words.split())
            for name, words in table.items()
        }
        for language, table in tables.items()
    }


def _join_sets(references: ReferenceWords, *names: str) -> frozenset[str]:
    return frozenset(word for name in names for word in references.get(name, ()))


def _read_numbers(references: Mapping[str, ReferenceWords]) -> dict[str, int]:
    """Return the words of the classes `of_2`, `of_3`, ... with their numbers."""
    return {
        word: int(name.removeprefix("of_"))
        for classes in references.values()
        for name, words in classes.items()
        if name.startswith("of_")
        for word in words
    }


def _compile_han(
    names: Iterable[str], described: Iterable[str], references: ReferenceWords
) -> re.Pattern[str] | None:
    classes = ("singular", "plural", "owners", "people")
    phrases = [word for name in classes for word in references.get(name, ())]
    longest_first = sorted({*names, *described, *phrases}, key=lambda word: (-len(word), word))
    return re.compile("|".join(map(re.escape, longest_first))) if longest_first else None


def _read_reach(table: Mapping[str, Sequence[str]]) -> dict[str, re.Pattern[str]]:
    return {
        language: re.compile("|".join(map(re.escape, phrases)))
        for language, phrases in table.items()
        if phrases
    }


def find_names(plain: Plain, lexicon: Lexicon) -> list[Mention]:
    """Return the names of the text, the longest at each place; none stands inside a word."""
    found = list(_iter_spaced_names(plain, lexicon))
    if plain.has_han and lexicon.han:
        for match in lexicon.han.finditer(plain.cased):
            if entity := lexicon.han_names.get(match.group()):
                found.append(Mention(match.start(), match.end(), entity, "name"))
        found.sort(key=lambda mention: (mention.start, mention.end))
    return found


def _iter_spaced_names(plain: Plain, lexicon: Lexicon) -> Iterator[Mention]:
    text, end = plain.cased, 0
    for start, word_end, word in plain.words:
        if word not in lexicon.first_words or start < end:
            continue
        if (candidates := lexicon.names.get(text[start:word_end])) is None:
            continue
        for name, entity in candidates:
            stop = start + len(name)
            if not text.startswith(name, start):
                continue
            if stop == word_end or not _is_inside_word(text, stop):
                if lexicon.kinds[entity] == "company":
                    stop += _measure_suffix(text, stop, lexicon.english.get("suffixes", ()))
                yield Mention(start, stop, entity, "name")
                end = stop
                break


def _measure_suffix(text: str, end: int, suffixes: Collection[str]) -> int:
    """Return how many characters " Inc", ".com" and their like take behind a company's name."""
    if text.startswith(".com", end):
        return 4 + _measure_suffix(text, end + 4, suffixes)
    if not text.startswith(" ", end):
        return 0
    longest = end + 1 + _LONGEST_SUFFIX
    space = text.find(" ", end + 1, longest)
    suffix = text[end + 1 : space if space > 0 else longest].rstrip(",." + ABBREVIATION_DOT)
    return 1 + len(suffix) if suffix in suffixes else 0


def _is_inside_word(text: str, position: int) -> bool:
    return (
        position < len(text)
        and text[position].isalnum()
        and not UNSPACED_CHARACTER.match(text[position])
    )
