"""Tables -> how often each organisation is named, and which are named together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING, Any

import pandas as pd

from hkresearch.analysis.searched_texts import TokenisedPage, fold_signs, tokenise_pages
from hkresearch.core.article import HkresearchError
from hkresearch.core.words import WORD_OR_SIGN

if TYPE_CHECKING:
    from hkresearch.tables.tables import Tables

NAME_COUNT_COLUMNS = ["entity", "label", "n_names", "n_articles"]

NamesByWord = dict[str, list[tuple[list[str], str]]]  # first word -> (all words, entity)


def count_organisations(tables: Tables, kinds: Sequence[str] = ("company",)) -> pd.DataFrame:
    """Return how often each organisation is named: entity, label, n_names, n_articles.

    The most named first.

    Counted are the codebook's names as printed in the articles' own parts, case and all; "it" and
    the like are not.

    >>> hk.count_organisations(tables).columns.tolist()
    ['entity', 'label', 'n_names', 'n_articles']
    """
    named = [(page, entity) for page, _, entity in _find_names(tables, kinds)]
    n_names = Counter(entity for _, entity in named)
    n_articles = Counter(entity for _, entity in set(named))
    rows = []
    for entity in sorted(n_names, key=lambda entity: (-n_names[entity], entity)):
        rows.append((entity, tables.label_of(entity), n_names[entity], n_articles[entity]))
    return pd.DataFrame(rows, columns=NAME_COUNT_COLUMNS)


def count_together(
    tables: Tables, kinds: Sequence[str] = ("company",), within: str = "line"
) -> pd.DataFrame:
    """Return in how many lines (or pages) each two organisations are named together.

    The diagonal is in how many each is named at all. Lines are those of the text layer: paragraphs,
    as a rule.

    >>> together = hk.count_together(tables)
    >>> bool((together.values == together.values.T).all())
    True
    """
    if within not in ("line", "page"):
        raise HkresearchError(f"within {within!r} is not 'line' or 'page'")
    places: dict[tuple[str, int], set[str]] = {}
    for page, line, entity in _find_names(tables, kinds):
        place = (page, line if within == "line" else 0)
        places.setdefault(place, set()).add(entity)
    counts: Counter[tuple[str, str]] = Counter()
    for entities in places.values():
        counts.update(combinations_with_replacement(sorted(entities), 2))
    named = sorted({entity for pair in counts for entity in pair})
    rows = [[counts[min(one, other), max(one, other)] for other in named] for one in named]
    index = pd.Index(named, name="entity")
    return pd.DataFrame(rows, index=index, columns=named, dtype="int64")


def _find_names(tables: Tables, kinds: Sequence[str]) -> Iterator[tuple[str, int, str]]:
    """Yield (page, line, entity) of every name of the codebook, the longest where several begin."""
    names = _read_names(tables.codebook.get("entities", {}), kinds)
    for page in tokenise_pages(tables, fold_signs):
        for first, last in page.stretches:
            for token, entity in _find_names_between(page, first, last, names):
                yield page.article_id, page.find_line(token), entity


def _find_names_between(
    page: TokenisedPage, first: int, last: int, names: NamesByWord
) -> Iterator[tuple[int, str]]:
    """Yield the first token and the entity of each name among the tokens first:last."""
    token = first
    while token < last:
        n_words = 1
        for words, entity in names.get(page.words[token], ()):
            end = token + len(words)
            if end <= last and page.words[token:end] == words:
                if entity:
                    yield token, entity
                n_words = len(words)
                break
        token += n_words


def _read_names(entities: Mapping[str, Any], kinds: Sequence[str]) -> NamesByWord:
    """Return first word -> (words, entity), the longest first.

    A name of another kind has an empty entity: it is known, so that no shorter name is found in it.
    """
    names: NamesByWord = {}
    for id, entity in entities.items():
        counted = id if entity.get("kind") in kinds else ""
        for of_language in entity.get("names", {}).values():
            for name in of_language:
                words = [fold_signs(word) for word in WORD_OR_SIGN.findall(name)]
                if words:
                    names.setdefault(words[0], []).append((words, counted))
    for found in names.values():
        found.sort(key=lambda item: (-len(item[0]), item[1]))
    return names
