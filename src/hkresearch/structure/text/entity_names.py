"""A codebook's names -> where a text names its entities, the longest name at each place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from hkresearch.codebook.book import Codebook
from hkresearch.codebook.plain_text import PLAIN_CHARACTERS, Plain
from hkresearch.core.words import UNSPACED, UNSPACED_CHARACTER

ABBREVIATED = re.compile(r"\b([A-Z])\.(?=[A-Z]\b)")


@dataclass(frozen=True, slots=True)
class Mention:
    """An entity where the text names it ("name") or refers to it ("reference"); offsets as in the text layer."""

    start: int
    end: int
    entity: str
    kind: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The codebook's names and reference words in the form in which they are looked up."""

    names: dict  # first word as written -> ((name, entity), ...), the longest first
    han: re.Pattern | None
    han_names: dict
    described: dict  # description -> entity ids
    described_han: dict
    references: dict  # news.toml [references], word lists as sets
    reach: dict  # language -> the words that carry what an owner does to all that it owns
    kinds: dict  # entity id -> kind
    owners: dict


@lru_cache(maxsize=8)
def read_lexicon(codebook: Codebook) -> Lexicon:
    """Return the names and reference words of the codebook, ready to look up."""
    names, han_names, described, described_han = {}, {}, {}, {}
    for id, entity in codebook.entities.items():
        for written in (n for names_of in entity.get("names", {}).values() for n in names_of):
            name = written.translate(PLAIN_CHARACTERS).rstrip(".")
            if UNSPACED_CHARACTER.search(name):
                han_names[name] = id
                continue
            for form in (
                {name, name.upper(), name[0].upper() + name[1:]} if len(name) > 2 else {name}
            ):
                first = re.match(rf"[^\W_{UNSPACED}]+", form).group()
                names.setdefault(first, {}).setdefault(ABBREVIATED.sub("\\1\u2024", form), id)
        for phrase in entity.get("described", {}).get("en", ()):
            described.setdefault(phrase.lower(), []).append(id)
        for phrase in entity.get("described", {}).get("zh", ()):
            described_han.setdefault(phrase, []).append(id)
    references = {
        language: {
            key: value if isinstance(value, list) else frozenset(value.split())
            for key, value in words.items()
        }
        for language, words in codebook.news.get("references", {}).items()
    }
    zh = references.get("zh", {})
    phrases = (w for key in ("singular", "plural", "owners", "people") for w in zh.get(key, ()))
    han = sorted({*han_names, *described_han, *phrases}, key=lambda n: (-len(n), n))
    return Lexicon(
        names={
            k: tuple(sorted(v.items(), key=lambda item: (-len(item[0]), item[0])))
            for k, v in names.items()
        },
        han=re.compile("|".join(map(re.escape, han))) if han else None,
        han_names=han_names,
        described=described,
        described_han=described_han,
        references=references,
        reach={
            language: re.compile("|".join(map(re.escape, phrases)))
            for language, phrases in codebook.news.get("reconcile", {}).get("reach", {}).items()
            if phrases
        },
        kinds={id: entity.get("kind", "") for id, entity in codebook.entities.items()},
        owners={
            id: entity["owner"] for id, entity in codebook.entities.items() if entity.get("owner")
        },
    )


def find_names(plain: Plain, lexicon: Lexicon) -> list[Mention]:
    """Return the names of the text, the longest at each place; a name inside a word never counts."""
    found, text, end = [], plain.cased, 0
    suffixes = lexicon.references.get("en", {}).get("suffixes", ())
    for start, word_end, _ in plain.words:
        if start < end or (candidates := lexicon.names.get(text[start:word_end])) is None:
            continue
        for name, entity in candidates:
            stop = start + len(name)
            if text.startswith(name, start) and (
                stop == word_end or not _is_inside_word(text, stop)
            ):
                space = text.find(" ", stop + 1, stop + 14) if text.startswith(" ", stop) else -1
                if (
                    lexicon.kinds[entity] == "company"
                    and text[stop + 1 : space if space > 0 else stop + 14].rstrip(",.\u2024")
                    in suffixes
                ):
                    stop += 1 + len(
                        text[stop + 1 : space if space > 0 else stop + 14].rstrip(",.\u2024")
                    )
                found.append(Mention(start, stop, entity, "name"))
                end = stop
                break
    if plain.has_han and lexicon.han:
        for match in lexicon.han.finditer(text):
            if entity := lexicon.han_names.get(match.group()):
                found.append(Mention(match.start(), match.end(), entity, "name"))
        found.sort(key=lambda m: (m.start, m.end))
    return found


def _is_inside_word(text: str, position: int) -> bool:
    return (
        position < len(text)
        and text[position].isalnum()
        and not UNSPACED_CHARACTER.match(text[position])
    )
