"""Headlines and the text below them -> where a headline says more than its own text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from hkresearch.reconcile.contradiction_types import Contradiction
from hkresearch.reconcile.position_codes import (
    GOING_ON,
    WITHHOLDING,
    PositionCodes,
    read_position_codes,
)
from hkresearch.reconcile.word_forms import find_words, is_han, list_words
from hkresearch.tables.select_rows import choose_where, iterate_pages, iterate_parts, join_pages

_LETTER = r"[^\W_\u3040-\u30ff\u3400-\u9fff]"  # a Latin name may stand between Han characters without a space


def find_headlines(tables: Any, subject: str = "") -> list[Contradiction]:
    """A headline that names an organisation its own text never names, or gives it a position that the text does not."""
    marks = choose_where(
        tables.annotations, ["article_id", "annotation_id"], "variable", ["headline"]
    )
    mark_of = dict(zip(marks["article_id"], marks["annotation_id"], strict=True))
    entities, codes = tables.codebook.get("entities", {}), read_position_codes(tables.codebook)
    companies = {
        id: _list_names(id, entities) for id in entities if entities[id].get("kind") == "company"
    }
    columns = ["position_id", "start", "end", "organisation", "position", "modality"]
    found = []
    for article_id, head, body, rows in join_pages(
        _read_pages(tables), iterate_pages(tables.positions, columns)
    ):
        above = sorted(
            (row for row in rows if head.start <= row.start and row.end <= head.end), key=_place
        )
        named = {row.organisation for row in above} | {
            id for id in companies if _names(head.exact, companies[id])
        }
        named = {ids for ids in named if not subject or subject in ids.split(";")}
        if not named:
            continue
        below = sorted(
            (row for row in rows if any(part.start <= row.start < part.end for part in body)),
            key=_place,
        )
        text = " \n".join(part.exact for part in body)
        for organisation in sorted(named):
            is_named = not text or _names(
                text, companies.get(organisation) or _list_names(organisation, entities)
            )
            found += _judge_headline(
                article_id, organisation, above, below, is_named, mark_of, codes
            )
    return found


def _place(row: Any) -> tuple[int, int]:
    return row.start, row.end


def _read_pages(tables: Any) -> Iterator[tuple[str, Any, list[Any]]]:
    """Yield article_id, headline and parts of the text, page by page; a line that repeats the headline is no text."""
    kinds = tables.codebook.get("parts", {})
    article = {code for code, part in kinds.items() if part.get("kind") == "article"} or {
        "headline",
        "body",
    }
    for article_id, page in iterate_parts(tables.annotations, article):
        head = next((row for row in page if row.code == "headline"), None)
        if head is not None:
            words = list_words(head.exact)
            yield (
                article_id,
                head,
                [row for row in page if row.code != "headline" and not _repeats(row.exact, words)],
            )


def _repeats(text: str, words: tuple[str, ...]) -> bool:
    if len(text) > 1000:
        return False
    here = list_words(text)
    cut = (
        words[:-1] if len(words) > 4 else words
    )  # a breadcrumb's last word may stand in a part of its own
    return len(here) <= 2 * len(words) and find_words(cut, here) >= 0


def _judge_headline(
    article_id: str,
    organisation: str,
    above: list,
    below: list,
    is_named: bool,
    mark_of: Mapping[str, str],
    codes: PositionCodes,
) -> list[Contradiction]:
    claimed = [row for row in above if row.organisation == organisation]
    given = [row for row in below if row.organisation == organisation]
    withholds, goes_on = (codes.list_family(name) for name in (WITHHOLDING, GOING_ON))
    against = [
        row
        for family, opposite in ((withholds, goes_on), (goes_on, withholds))
        if any(row.position in family for row in claimed)
        and not any(row.position in family and row.modality == "stated" for row in given)
        for row in given
        if row.position
        in family | opposite  # only considered there, or the opposite: silence alone is no excess
    ]
    if is_named and not against:
        return []
    ids = [row.position_id for row in claimed] or (
        [mark_of[article_id]] if article_id in mark_of else []
    )
    sides = {"headline": ids, "text": [row.position_id for row in against or given or below[:1]]}
    reason = (
        "the headline says more than the text"
        if is_named
        else "the headline names it, the text never does"
    )
    return (
        [Contradiction("headline", organisation, f"headline {article_id}", reason, sides)]
        if ids
        else []
    )


def _list_names(id: str, entities: Mapping[str, Any]) -> list[str]:
    """Return the names of an entity, as the book writes them."""
    entity = entities.get(id, {})
    names = entity.get("names", {})
    if isinstance(names, Mapping):
        names = [name for language in sorted(names) for name in names[language]]
    return list(names) or [entity.get("label", id)]


def _names(text: str, names: Iterable[str]) -> bool:
    """Return whether one of `names` stands in `text`."""
    return any(
        name in text
        and (
            is_han(name)
            or re.search(rf"(?<!{_LETTER}){re.escape(name)}(?!{_LETTER})", text) is not None
        )
        for name in names
    )
