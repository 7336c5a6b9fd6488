"""news.toml [outlets] -> the expressions by which a page credits an outlet, compiled."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from hkresearch.clean.boilerplate_cues import find_group_end, split_branches
from hkresearch.codebook.book import Codebook
from hkresearch.core.words import HAN

_NATIONALITY = r"[A-Z][a-z]+(?:ese|ish|an|['’]s)"


class CreditWords(NamedTuple):
    """What stands around the name of an outlet that a page credits."""

    republished: re.Pattern[str]
    sources: re.Pattern[str]
    han_sources: re.Pattern[str]  # anywhere in a line
    pictures: re.Pattern[str]
    helped: re.Pattern[str]
    contributed: re.Pattern[str]
    put_together: re.Pattern[str]
    audiences: frozenset[str]
    nameless: frozenset[str]
    behind: re.Pattern[str]  # what a name stands behind: "told"
    adverbs: re.Pattern[str]  # "first", at the end of what stands between a name and that
    before: re.Pattern[str]  # what a name stands before: "reported"
    described: re.Pattern[str]  # words between the one and the other: "the news agency"
    contacts: re.Pattern[str]
    channels: re.Pattern[str]
    han_source: re.Pattern[str]  # 據, right before a name
    han_verb: re.Pattern[str]  # 報道, behind a name
    han_address: re.Pattern[str]  # 向, right before a name: a credit if `han_answer` follows it
    han_answer: re.Pattern[str]
    han_unlisted: re.Pattern[str]  # 據...報道, with the group `name`


@lru_cache(maxsize=8)
def read_credit_words(codebook: Codebook) -> CreditWords:
    """Return the expressions of the codebook's news words."""
    words = codebook.news.get("outlets", {})
    nameless = join_languages(words.get("nameless", {}))
    described = "|".join(map(re.escape, words.get("described", {}).get("en", ()))) or r"(?!)"
    adverbs = "|".join(words.get("adverbs", {}).get("en", ())) or r"(?!)"
    han = {name: "|".join(found) or r"(?!)" for name, found in words.get("han", {}).items()}
    sources, verbs = han.get("sources", r"(?!)"), han.get("verbs", r"(?!)")
    between = rf"(?:{han.get('described', '(?!)')})*"
    return CreditWords(
        compile_any(words.get("republished", {})),
        compile_any(words.get("sources", {})),
        compile_any({"zh": words.get("sources", {}).get("zh", ())}),
        compile_any(words.get("pictures", {})),
        compile_any(words.get("helped", {})),
        _compile_words(words.get("contributed", {})),
        compile_any(words.get("put_together", {})),
        frozenset(join_languages(words.get("audiences", {}))),
        frozenset(name.casefold() for name in nameless),
        _compile_words(words.get("named_behind", {})),
        re.compile(rf"(?:\s+(?:{adverbs}))+\s*\Z"),
        _compile_words(words.get("named_before", {})),
        re.compile(rf"(?:(?:(?i:{described})|{_NATIONALITY})\s+){{0,6}}"),
        compile_any(words.get("press_contacts", {})),
        compile_any(words.get("press_channels", {})),
        re.compile(rf"(?:{sources}){between}\Z"),
        re.compile(rf"[^，。；：！？「」]{{0,8}}?(?:{verbs})"),
        re.compile(rf"(?:{han.get('address', '(?!)')}){between}\Z"),
        re.compile(rf"[^，。；：！？「」]{{0,6}}?(?:{han.get('answers', '(?!)')})"),
        re.compile(rf"(?:{sources}){between}(?P<name>[{HAN}A-Za-z]{{2,10}}?)(?:{verbs})"),
    )


def join_languages(table: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the words of every language, by the order of the languages' codes."""
    return [word for language in sorted(table) for word in table[language]]


def compile_any(table: Mapping[str, Sequence[str]]) -> re.Pattern[str]:
    """Return one expression that matches any of those of all languages, in any case."""
    return re.compile("|".join(f"(?:{word})" for word in join_languages(table)) or r"(?!)", re.I)


def _compile_words(table: Mapping[str, Sequence[str]]) -> re.Pattern[str]:
    """Return one expression that matches any of those in Latin script where a word begins.

    Each alternative begins with its own letters, which the engine can tell at once.
    """
    flat = chain.from_iterable(map(_open_group, join_languages(table)))
    return re.compile(rf"\b(?:{'|'.join(flat) or '(?!)'})")


def _open_group(pattern: str) -> Iterator[str]:
    """Yield the alternatives of the group with which an expression begins, each with the rest."""
    end = find_group_end(pattern)
    if not end or pattern[end : end + 1] in ("?", "*", "+", "{"):
        yield pattern
        return
    for branch in split_branches(pattern[3 : end - 1]):
        yield from _open_group(branch + pattern[end:])
