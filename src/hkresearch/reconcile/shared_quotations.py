"""Pages -> which earlier page each one shares its quotations, their cuts or their slips with."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import pandas as pd

from hkresearch.core.word_diff import count_in_order
from hkresearch.reconcile.origin_links import OriginLink, PageOrder, Signs, sign_words
from hkresearch.reconcile.word_forms import find_words, list_surface_words, list_words
from hkresearch.tables.select_rows import choose_where, iterate_rows
from hkresearch.tables.text_columns import is_among

_SHARED_QUOTATIONS = 3
_SHARED_QUOTATION_SHARE = 0.6  # of the quotations of the page that has fewer
_LONG_QUOTATION = 6  # words
_REWORDED_SHARE = 0.75  # of the other claims of a page that only rewords another
_MODELS = 20  # earlier pages with the same statement that are looked at


def find_quotation_links(
    pages: PageOrder, direct: pd.DataFrame, frames: Mapping[str, pd.DataFrame]
) -> list[OriginLink]:
    """Return every link to an earlier page from which a page has its quotations or their slips.

    `pages` is the order in which pages count as a model for others; `direct` are the direct
    quotations.
    """
    return [
        *_find_shared_quotations(pages, direct),
        *_find_rewordings(pages, direct, frames),
        *_find_shared_errors(pages, direct, frames),
    ]


def _find_shared_quotations(pages: PageOrder, direct: pd.DataFrame) -> list[OriginLink]:
    """Link a page to the earlier one that makes the same cuts in the same order."""
    signs: dict[str, int | None] = {}

    def sign(row: Any) -> int | None:
        if row.exact not in signs:
            words = list_surface_words(row.exact)
            signs[row.exact] = sign_words(words) if len(words) >= _LONG_QUOTATION else None
        return signs[row.exact]

    cuts = _list_cuts(direct, sign)
    return _link_by_cuts(
        pages, cuts, direct, "shared quotations", _SHARED_QUOTATIONS, _SHARED_QUOTATION_SHARE
    )


class _Cuts(NamedTuple):
    """What stands for each of a page's quotations, once, in their order; and their rows."""

    signs: Signs
    rows: array[int]


def _list_cuts(direct: pd.DataFrame, sign: Callable[[Any], int | None]) -> dict[str, _Cuts]:
    cuts: dict[str, _Cuts] = {}
    for i, row in enumerate(iterate_rows(direct, ["article_id", "exact", "claim_id"])):
        if (key := sign(row)) is not None:
            signs, rows = cuts.setdefault(row.article_id, _Cuts(array("Q"), array("I")))
            if key not in signs:
                signs.append(key)
                rows.append(i)
    return cuts


def _link_by_cuts(
    pages: PageOrder,
    cuts: Mapping[str, _Cuts],
    direct: pd.DataFrame,
    reason: str,
    fewest: int,
    share: float,
) -> list[OriginLink]:
    first: dict[int, str] = {}
    links = []
    for article_id in sorted(cuts, key=lambda id: pages[id]):
        mine = cuts[article_id].signs
        models = Counter(first[cut] for cut in mine if cut in first)
        model = min(models, key=lambda id: (-models[id], pages[id]), default=None)
        if model is not None and models[model] >= max(
            fewest, share * min(len(mine), len(cuts[model].signs))
        ):
            theirs = cuts[model].signs
            shared = [cut for cut in mine if cut in theirs]
            if shared == [cut for cut in theirs if cut in mine]:
                at = cuts[article_id].rows[mine.index(shared[0])]
                links.append(
                    OriginLink(article_id, model, reason, model, direct.at[at, "quotation_id"])
                )
        for cut in mine:
            first.setdefault(cut, article_id)
    return links


def _find_shared_errors(
    pages: PageOrder, direct: pd.DataFrame, frames: Mapping[str, pd.DataFrame]
) -> list[OriginLink]:
    """Link pages that alter a quotation in the same words: a shared error shows descent."""
    appearances = frames["appearances"]
    altered = appearances["annotation_id"][appearances["wording"] == "altered"]
    rows = direct[is_among(direct["quotation_id"], altered)].reset_index(drop=True)
    claims = choose_where(frames["claims"], ["claim_id", "text"], "claim_id", set(rows["claim_id"]))
    text_of = dict(zip(claims["claim_id"], claims["text"], strict=True))

    def sign(row: Any) -> int | None:
        words = list_words(row.exact)
        model = set(list_words(text_of[row.claim_id]))
        is_error = len(words) >= _LONG_QUOTATION and set(words) - model and model - set(words)
        return sign_words(words) if is_error else None

    return _link_by_cuts(pages, _list_cuts(rows, sign), rows, "shared error", 1, 0)


def _find_rewordings(
    pages: PageOrder, direct: pd.DataFrame, frames: Mapping[str, pd.DataFrame]
) -> list[OriginLink]:
    """Link a page to the earlier one from which all it quotes, and nearly all it claims, is taken.

    Its own words need not be shared: quotation marks survive a rewording, and a page that was
    reworded knows no more.
    """
    appearances = frames["appearances"]
    appears = is_among(direct["quotation_id"], appearances["annotation_id"])
    direct = direct[appears].reset_index(drop=True)
    others = appearances[
        ~is_among(appearances["annotation_id"], frames["quotations"]["quotation_id"])
    ]
    numbers = {id: i for i, id in enumerate(frames["claims"]["claim_id"])}
    quoted, claimed = _number_claims(direct, numbers), _number_claims(others, numbers)
    first = {id: i for i, id in direct["article_id"].drop_duplicates().items()}
    read = direct["exact"].array.__getitem__  # the words of all quotations at once would not fit
    holders: dict[int, list[str]] = defaultdict(list)
    links = []
    for article_id in sorted(quoted, key=lambda id: pages[id]):
        mine, at, others = quoted[article_id], first[article_id], set(claimed.get(article_id, ()))
        near = Counter(id for claim in set(mine) for id in holders[claim])
        for model in sorted(near, key=lambda id: (-near[id], pages[id]))[:_MODELS]:
            shared = others.intersection(claimed.get(model, ()))
            is_reworded = len(shared) >= _REWORDED_SHARE * len(others)
            if is_reworded and _can_be_taken(mine, at, quoted[model], first[model], read):
                links.append(
                    OriginLink(
                        article_id, model, "shared quotations", model, direct.at[at, "quotation_id"]
                    )
                )
                break
        for claim in set(mine):
            if len(holders[claim]) < _MODELS:
                holders[claim].append(article_id)
    return links


def _number_claims(rows: pd.DataFrame, numbers: Mapping[str, int]) -> dict[str, Signs]:
    """Return article_id -> the numbers of the claims in its rows, in their order."""
    found: dict[str, Signs] = defaultdict(lambda: array("I"))
    for row in iterate_rows(rows, ["article_id", "claim_id"]):
        found[row.article_id].append(numbers[row.claim_id])
    return found


def _can_be_taken(
    mine: array[int], at: int, theirs: array[int], there: int, read: Callable[[int], str]
) -> bool:
    """Return whether each of my quotations is one of theirs, whole, cut or reworded, in order.

    Their rows begin at `at` and `there`.
    """
    if len(set(mine)) < _SHARED_QUOTATIONS:
        return False
    position = 0
    for i, claim in enumerate(mine):
        rest = [j for j in range(position, len(theirs)) if theirs[j] == claim]
        words = list_words(read(at + i)) if rest else ()
        found = next((j for j in rest if _is_made_of(words, list_words(read(there + j)))), None)
        if found is None:
            return False
        position = found
    return True


def _is_made_of(words: tuple[str, ...], model: tuple[str, ...]) -> bool:
    if find_words(words, model) >= 0:
        return True
    return len(words) <= len(model) + 1 and count_in_order(words, model) * 2 > len(words)


def list_direct_quotations(quotations: pd.DataFrame) -> pd.DataFrame:
    """Return the direct quotations by page and place."""
    columns = ["quotation_id", "article_id", "start", "end", "exact", "claim_id"]
    direct = quotations[columns][quotations["kind"] == "direct"]
    return direct.sort_values(["article_id", "start", "end"], ignore_index=True)
