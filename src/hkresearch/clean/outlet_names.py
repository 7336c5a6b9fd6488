"""A codebook -> the names of outlets, and whether words on a page are one of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from hkresearch.clean.credit_words import join_languages
from hkresearch.clean.html_features import reduce_title
from hkresearch.clean.page_lines import Part, StatedValue
from hkresearch.clean.printed_dates import find_date
from hkresearch.codebook.book import Codebook
from hkresearch.core.words import has_han

_SHORT_NAME = 4  # letters: such a name is known in capitals only, or as it is listed
_LONGEST_NAME = 6  # words
_LONGEST_LATIN = 80  # characters
_NAME_WORD = re.compile(r"[\w.&'’]+")
_FIRST_WORD = re.compile(r"\s*(?:[Tt][Hh][Ee]\s+)?(?P<word>[\w.&'’]+)")
_SHORTEST_LATIN = 3  # letters of a name that is looked for in a Chinese text
_AROUND = " |·•–—-"


class NamedOutlet(NamedTuple):
    """A span of a line that names an outlet."""

    start: int
    end: int
    name: str


class Outlets(NamedTuple):
    """The names of outlets, folded -> as written, and words that show a name to be one, or not."""

    names: Mapping[str, str]
    first_words: frozenset[str]  # of these names, folded, without the article
    owners: Mapping[str, str]  # names, folded -> the label of the outlet whose names they are
    agencies: frozenset[str]
    endings: re.Pattern[str]  # the last word of a name alone on a line
    credited_endings: re.Pattern[str]  # the last word of a name that a page credits
    sections: frozenset[str]
    others: frozenset[str]  # names, folded, of whom the codebook knows to be no outlet
    companies: frozenset[str]  # those of them that publish things of their own
    other_words: frozenset[str]  # a word of a name that is no outlet's
    han_names: re.Pattern[str]  # any known name in a Chinese text

    def identify(self, name: str) -> str:
        """Return what is the same for all names of one outlet."""
        folded = fold_outlet(name)
        return self.owners.get(folded, folded)

    def label(self, name: str) -> str:
        """Return the label of a known outlet, else its name as the page has it."""
        return self.owners.get(fold_outlet(name)) or " ".join(name.split())

    def is_other(self, name: str) -> bool:
        """Return whether a name is known to be no outlet's, or holds a word that says so."""
        if fold_outlet(name) in self.others:
            return True
        words = [word.casefold().strip(".,’'") for word in name.split()]
        if not self.other_words.isdisjoint(words):
            return True
        return any(fold_outlet(" ".join(words[:n])) in self.companies for n in range(1, len(words)))


def fold_outlet(name: str) -> str:
    """Return the letters and digits of a name in lower case, without a leading article."""
    words = name.split()
    has_article = len(words) > 1 and words[0].casefold() == "the"
    return reduce_title("".join(words[1:] if has_article else words))


@lru_cache(maxsize=8)
def read_outlets(codebook: Codebook) -> Outlets:
    """Return the outlets of the topic's codebook and the agencies of news.toml, and other names."""
    reconcile = codebook.news.get("reconcile", {})
    agencies = reconcile.get("agencies", {}).items()
    agency_names = list(chain.from_iterable((label, *more) for label, more in agencies))
    topic_names: list[str] = []
    other_names: list[str] = []
    company_names: list[str] = []
    owners = {fold_outlet(name): label for label, more in agencies for name in (label, *more)}
    for entity in codebook.entities.values():
        is_outlet = entity.get("kind") == "outlet"
        names = [entity["label"], *join_languages(entity.get("names", {}))]
        (topic_names if is_outlet else other_names).extend(names)
        company_names += names if entity.get("kind") == "company" else []
        if is_outlet:
            folded = set(map(fold_outlet, names))
            agencies_named = {owners[name] for name in folded if name in owners}
            same = [name for name, label in owners.items() if label in agencies_named]
            owners |= dict.fromkeys([*folded, *same], entity["label"])
    words = codebook.news.get("outlets", {})
    sections = join_languages(words.get("sections", {}))
    endings = reconcile.get("outlet_endings", {})
    known = [*agency_names, *topic_names]
    han_names = sorted(filter(has_han, known), key=len, reverse=True)
    latin_names = sorted((name for name in known if not has_han(name)), key=len, reverse=True)
    latin = "|".join(re.escape(name) for name in latin_names if len(name) >= _SHORTEST_LATIN)
    han = "|".join(map(re.escape, han_names)) or r"(?!)"
    return Outlets(
        {fold_outlet(name): name for name in known},
        frozenset(map(_fold_first_word, known)),
        owners,
        frozenset(map(fold_outlet, agency_names)),
        _compile_endings(endings),
        _compile_endings(endings, words.get("endings", {})),
        frozenset(word.casefold() for word in sections),
        frozenset(map(fold_outlet, other_names)),
        frozenset(map(fold_outlet, company_names)),
        frozenset(join_languages(words.get("no_outlets", {}))),
        re.compile(rf"{han}|(?<![A-Za-z])(?:{latin or '(?!)'})(?![A-Za-z])"),
    )


def _fold_first_word(name: str) -> str:
    first = _FIRST_WORD.match(name)
    return reduce_title(first["word"]) if first else ""


def _compile_endings(*tables: Mapping[str, Sequence[str]]) -> re.Pattern[str]:
    latin, han = (
        "|".join(re.escape(word) for table in tables for word in table.get(language, ()))
        for language in ("en", "zh")
    )
    return re.compile(rf"(?:\b(?:{latin or '(?!)'})|(?:{han or '(?!)'}))\Z", re.I)


def is_shaped(name: str, outlets: Outlets) -> bool:
    """Return whether a credited name that no list knows has the form of an outlet's."""
    if has_han(name):
        return 3 <= len(name) <= 12 and bool(outlets.credited_endings.search(name))
    words = name.removeprefix("The ").removeprefix("the ").split()
    if not words or len(words) > _LONGEST_NAME or outlets.is_other(name):
        return False
    is_alone = len(words) == 1 and len(words) == len(name.split())
    return not is_alone and bool(outlets.credited_endings.search(name))


def is_outlet_name(line: str, outlets: Outlets) -> bool:
    """Return whether a line is the name of an outlet: a known one, or one by its form.

    The name of a section is none.
    """
    name = line.strip(_AROUND)
    if fold_outlet(name) in outlets.names:
        return True
    words = name.split()
    has_stop = name[-1:] in ".!?…:：。"
    if not 0 < len(words) <= _LONGEST_NAME or has_stop or re.search(r"\d", name):
        return False
    if find_date(name):
        return False
    plain = [word.casefold().strip(",&") for word in words]
    telling = [word for word in plain if word not in ("", "and", "the")]
    if all(word in outlets.sections for word in telling):
        return False
    if has_han(name):
        return is_shaped(name, outlets)
    if outlets.endings.search(name):
        return True
    return len(words) > 1 and plain[0] == "the" and all(word[:1].isupper() for word in words)


def check_outlet_labels(text: str, parts: Sequence[Part], codebook: Codebook) -> list[Part]:
    """Return `parts` with the label `outlet` only where a line is an outlet's name.

    Elsewhere it is `navigation`.
    """
    outlets = read_outlets(codebook)
    checked = []
    for part in parts:
        is_misnamed = part.label == "outlet" and not is_outlet_name(
            text[part.start : part.end], outlets
        )
        checked.append(part._replace(label="navigation") if is_misnamed else part)
    return checked


def drop_outlet_authors(stated: Sequence[StatedValue], codebook: Codebook) -> list[StatedValue]:
    """Return `stated` without the authors that are outlets, where a person is an author too."""
    outlets = read_outlets(codebook)
    authors = [mark for mark in stated if mark.variable == "author"]
    named = [mark for mark in authors if fold_outlet(mark.value) in outlets.names]
    if len(named) == len(authors):
        return list(stated)
    return [mark for mark in stated if mark not in named]


def match_outlet(words: str, start: int, outlets: Outlets) -> NamedOutlet | None:
    """Return the longest known name that `words`, which stand at `start` of a line, begin with."""
    if not words.isascii() and (found := outlets.han_names.match(words)):
        return NamedOutlet(start, start + found.end(), found.group())
    if not _begins_known(words, outlets):
        return None
    ends = [found.end() for found in _NAME_WORD.finditer(words[:_LONGEST_LATIN])][:_LONGEST_NAME]
    for end in reversed(ends):
        name = words[:end]
        known = outlets.names.get(fold_outlet(name))
        if known and (len(known) > _SHORT_NAME or name.isupper() or name == known):
            return NamedOutlet(start, start + end, name)
    return None


def _begins_known(words: str, outlets: Outlets) -> bool:
    """Return whether a known name begins with the first word: most lines are told by that."""
    first = _FIRST_WORD.match(words)
    return first is not None and reduce_title(first["word"]) in outlets.first_words
