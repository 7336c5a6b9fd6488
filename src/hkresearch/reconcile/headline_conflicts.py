"""Headlines and the text below them -> where a headline says more than its own text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from hkresearch.core.words import UNSPACED
from hkresearch.reconcile.contradiction_types import Contradiction
from hkresearch.reconcile.position_codes import (
    GOING_ON,
    WITHHOLDING,
    PositionCodes,
    read_position_codes,
)
from hkresearch.reconcile.word_forms import find_words, is_han, list_words
from hkresearch.tables.select_rows import choose_where, iterate_pages, iterate_parts, join_pages
from hkresearch.tables.tables import Tables

# a Latin name may stand between Han characters without a space
_SPACED_LETTER = rf"[^\W_{UNSPACED}]"
_LONGEST_REPEAT = 1000  # characters of a line that only repeats the headline
_POSITION_COLUMNS = ["position_id", "start", "end", "organisation", "position", "modality"]


class _Page(NamedTuple):
    """A headline, the parts of the text below it, and the positions in each."""

    article_id: str
    headline: Any
    body: list[Any]
    above: list[Any]
    below: list[Any]


def find_headlines(tables: Tables, subject: str = "") -> list[Contradiction]:
    """Return the headlines that say more than their own text.

    A headline names an organisation that the text never names, or gives it a position that the
    text does not.
    """
    columns = ["article_id", "annotation_id"]
    marks = choose_where(tables.annotations, columns, "variable", ["headline"])
    mark_of = dict(zip(marks["article_id"], marks["annotation_id"], strict=True))
    entities, codes = tables.codebook.get("entities", {}), read_position_codes(tables.codebook)
    companies = {
        id: _list_names(id, entities) for id in entities if entities[id].get("kind") == "company"
    }
    found = []
    for page in _read_pages(tables):
        named = {row.organisation for row in page.above}
        named |= {id for id in companies if _names(page.headline.exact, companies[id])}
        named = {ids for ids in named if not subject or subject in ids.split(";")}
        if not named:
            continue
        text = " \n".join(part.exact for part in page.body)
        mark = mark_of.get(page.article_id, "")
        for organisation in sorted(named):
            names = companies.get(organisation) or _list_names(organisation, entities)
            is_named = not text or _names(text, names)
            found += _judge_headline(page, organisation, is_named, mark, codes)
    return found


def _read_pages(tables: Tables) -> Iterator[_Page]:
    """Yield the pages that have a headline."""
    positions = iterate_pages(tables.positions, _POSITION_COLUMNS)
    for article_id, head, body, rows in join_pages(_read_headlines(tables), positions):
        rows.sort(key=lambda row: (row.start, row.end))
        above = [row for row in rows if head.start <= row.start and row.end <= head.end]
        below = [row for row in rows if any(part.start <= row.start < part.end for part in body)]
        yield _Page(article_id, head, body, above, below)


def _read_headlines(tables: Tables) -> Iterator[tuple[str, Any, list[Any]]]:
    """Yield article_id, headline and parts of the text, page by page.

    A line that repeats the headline is no text.
    """
    kinds = tables.codebook.get("parts", {})
    article = {code for code, part in kinds.items() if part.get("kind") == "article"}
    for article_id, page in iterate_parts(tables.annotations, article or {"headline", "body"}):
        head = next((row for row in page if row.code == "headline"), None)
        if head is not None:
            words = list_words(head.exact)
            rest = [row for row in page if row.code != "headline"]
            yield article_id, head, [row for row in rest if not _repeats(row.exact, words)]


def _repeats(text: str, words: tuple[str, ...]) -> bool:
    """Return whether a line says little but `words`."""
    if len(text) > _LONGEST_REPEAT:
        return False
    here = list_words(text)
    # a breadcrumb's last word may stand in a part of its own
    cut = words[:-1] if len(words) > 4 else words
    return len(here) <= 2 * len(words) and find_words(cut, here) >= 0


def _judge_headline(
    page: _Page, organisation: str, is_named: bool, mark: str, codes: PositionCodes
) -> list[Contradiction]:
    claimed = [row for row in page.above if row.organisation == organisation]
    given = [row for row in page.below if row.organisation == organisation]
    against = _find_against(claimed, given, codes)
    if is_named and not against:
        return []
    ids = [row.position_id for row in claimed] or [mark]
    if ids == [""]:
        return []
    text_rows = against or given or page.below[:1]
    sides = {"headline": ids, "text": [row.position_id for row in text_rows]}
    reason = "the headline says more than the text"
    if not is_named:
        reason = "the headline names it, the text never does"
    return [Contradiction("headline", organisation, f"headline {page.article_id}", reason, sides)]


def _find_against(claimed: list[Any], given: list[Any], codes: PositionCodes) -> list[Any]:
    """Return the text's rows that speak against the headline's.

    They only consider its position, or give the opposite: silence alone is no excess.
    """
    withholds, goes_on = (codes.list_family(name) for name in (WITHHOLDING, GOING_ON))
    against = []
    for family, opposite in ((withholds, goes_on), (goes_on, withholds)):
        is_claimed = any(row.position in family for row in claimed)
        is_borne_out = any(row.position in family and row.modality == "stated" for row in given)
        if is_claimed and not is_borne_out:
            against += [row for row in given if row.position in family | opposite]
    return against


def _list_names(id: str, entities: Mapping[str, Any]) -> list[str]:
    """Return the names of an entity, as the book writes them."""
    entity = entities.get(id, {})
    names = entity.get("names", {})
    if isinstance(names, Mapping):
        names = [name for language in sorted(names) for name in names[language]]
    return list(names) or [entity.get("label", id)]


def _names(text: str, names: Iterable[str]) -> bool:
    """Return whether one of `names` stands in `text`."""
    return any(name in text and (is_han(name) or _is_whole(name, text)) for name in names)


def _is_whole(name: str, text: str) -> bool:
    pattern = rf"(?<!{_SPACED_LETTER}){re.escape(name)}(?!{_SPACED_LETTER})"
    return re.search(pattern, text) is not None
