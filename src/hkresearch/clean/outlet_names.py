"""A codebook -> the names of outlets, and whether words on a page are one of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from hkresearch.clean.html_features import reduce_title
from hkresearch.clean.page_lines import Part
from hkresearch.clean.printed_dates import find_date
from hkresearch.codebook.book import Codebook

_SHORT_NAME = 4  # letters: such a name is known in capitals only, or as it is listed
_LONGEST_NAME = 6  # words
_LONGEST_UNSPACED = 12  # characters of a name in a script without spaces
_NAME_WORD = re.compile(r"[\w.&'’]+")
_AROUND = " |·•–—-"


class NamedOutlet(NamedTuple):
    """A span of a line that names an outlet."""

    start: int
    end: int
    name: str


class Outlets(NamedTuple):
    """The names of outlets, folded -> as written, and words that show a name to be one, or not."""

    names: Mapping[str, str]
    agencies: frozenset[str]
    endings: re.Pattern[str]
    sections: frozenset[str]
    republished: re.Pattern[str]
    sources: re.Pattern[str]
    pictures: re.Pattern[str]


def fold_outlet(name: str) -> str:
    """Return the letters and digits of a name in lower case, without a leading article."""
    words = name.split()
    has_article = len(words) > 1 and words[0].casefold() == "the"
    return reduce_title("".join(words[1:] if has_article else words))


@lru_cache(maxsize=8)
def read_outlets(codebook: Codebook) -> Outlets:
    """Return the outlets of the topic's codebook and the agencies of news.toml, with their cues."""
    reconcile = codebook.news.get("reconcile", {})
    agencies = reconcile.get("agencies", {}).items()
    agency_names = list(chain.from_iterable((label, *more) for label, more in agencies))
    topic_names = []
    for entity in codebook.entities.values():
        if entity.get("kind") == "outlet":
            topic_names += [entity["label"], *_join_languages(entity.get("names", {}))]
    words = codebook.news.get("outlets", {})
    sections = _join_languages(words.get("sections", {}))
    return Outlets(
        {fold_outlet(name): name for name in [*agency_names, *topic_names]},
        frozenset(map(fold_outlet, agency_names)),
        _compile_endings(reconcile.get("outlet_endings", {})),
        frozenset(word.casefold() for word in sections),
        _compile_any(words.get("republished", {})),
        _compile_any(words.get("sources", {})),
        _compile_any(words.get("pictures", {})),
    )


def _join_languages(table: Mapping[str, Sequence[str]]) -> list[str]:
    return [word for language in sorted(table) for word in table[language]]


def _compile_any(table: Mapping[str, Sequence[str]]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{word})" for word in _join_languages(table)) or r"(?!)", re.I)


def _compile_endings(table: Mapping[str, Sequence[str]]) -> re.Pattern[str]:
    latin = "|".join(map(re.escape, table.get("en", ())))
    han = "|".join(map(re.escape, table.get("zh", ())))
    return re.compile(rf"(?:\b(?:{latin or '(?!)'})|(?:{han or '(?!)'}))\Z", re.I)


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


def match_outlet(words: str, start: int, outlets: Outlets) -> NamedOutlet | None:
    """Return the longest known name that `words`, which stand at `start` of a line, begin with."""
    if not words.isascii():
        for end in range(min(len(words), _LONGEST_UNSPACED), 1, -1):
            if fold_outlet(words[:end]) in outlets.names:
                return NamedOutlet(start, start + end, words[:end])
        return None
    ends = [found.end() for found in _NAME_WORD.finditer(words)][:_LONGEST_NAME]
    for end in reversed(ends):
        name = words[:end]
        known = outlets.names.get(fold_outlet(name))
        if known and (len(known) > _SHORT_NAME or name.isupper() or name == known):
            return NamedOutlet(start, start + end, name)
    return None
