"""Pages -> which earlier page each one shares its words, its quotations or its slips with."""

from __future__ import annotations

import hashlib
import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import pandas as pd

from hkresearch.core.word_diff import count_in_order
from hkresearch.reconcile.word_forms import find_words, is_han, list_surface_words, list_words
from hkresearch.tables.parquet_store import StoredTable
from hkresearch.tables.select_rows import (
    choose_where,
    iterate_pages,
    iterate_parts,
    iterate_rows,
    join_pages,
)
from hkresearch.tables.text_columns import is_among

_LONG_SENTENCE = 8  # words; shorter sentences are shared by chance
_SHARED_SENTENCES = 2
_RUN = 7  # words in a row; of Han characters twice as many
_SAMPLED = 4  # one run in so many is compared
_SHARED_RUNS = 5  # of those that are compared
_SHARED_SHARE = 0.25  # of the shorter page's long sentences
_SHARED_QUOTATIONS = 3
_SHARED_QUOTATION_SHARE = 0.6  # of the quotations of the page that has fewer
_LONG_QUOTATION = 6  # words
_REWORDED_SHARE = 0.75  # of the other claims of a page that only rewords another
_MODELS = 20  # earlier pages with the same statement that are looked at
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"'”’)]*\s+|(?<=[。！？])[」』”]*|\n+")


Signs: TypeAlias = "array[int]"
PageOrder = Mapping[str, tuple[Any, ...]]  # article_id -> what pages are ordered by


class OriginLink(NamedTuple):
    """One reason why a page's reporting goes back to another page, or to an outlet."""

    article_id: str
    to: str  # an article_id, or an outlet's key
    reason: str
    evidence: str
    annotation_id: str


def find_shared_links(
    pages: PageOrder, frames: Mapping[str, pd.DataFrame], parts: Iterable[str]
) -> list[OriginLink]:
    """Return every link between two pages that share passages, quotations, slips, or all they know.

    `pages` is the order in which pages count as a model for others; `parts` the labels of an
    article's text.
    """
    direct = _list_direct(frames["quotations"])
    return [
        *_find_shared_passages(pages, *_list_passages(frames["annotations"], direct, parts)),
        *_find_shared_quotations(pages, direct),
        *_find_rewordings(pages, direct, frames),
        *_find_shared_errors(pages, direct, frames),
    ]


def _find_shared_passages(
    pages: PageOrder, sentences: Mapping[str, Signs], runs: Mapping[str, Signs]
) -> list[OriginLink]:
    """Link a page to the earlier one with which it shares sentences or many runs of words."""
    found = _link_by_signs(pages, sentences, _SHARED_SENTENCES, _SHARED_SHARE)
    found |= _link_by_signs(pages, runs, _SHARED_RUNS, _SHARED_SHARE)
    return [found[id] for id in sorted(found)]


def _link_by_signs(
    pages: PageOrder, signs: Mapping[str, Signs], fewest: int, share: float
) -> dict[str, OriginLink]:
    """Link a page to the earlier one that has `fewest` and `share` of the shorter's signs."""
    first: dict[int, str] = {}
    links = {}
    for article_id in sorted(signs, key=lambda id: pages[id]):
        mine = signs[article_id]
        models = Counter(first[key] for key in mine if key in first)
        if models:
            model = min(models, key=lambda id: (-models[id], pages[id]))
            shorter = min(len(mine), len(signs[model]))
            if models[model] >= max(fewest, share * shorter):
                links[article_id] = OriginLink(article_id, model, "shared passage", model, "")
        for key in mine:
            first.setdefault(key, article_id)
    return links


def _list_passages(
    annotations: pd.DataFrame | StoredTable, direct: pd.DataFrame, parts: Iterable[str]
) -> tuple[dict[str, Signs], dict[str, Signs]]:
    """Return article_id -> its long sentences, and -> some of its runs of words, as numbers.

    Without quotations.

    Page by page, and eight bytes a number: the text of all pages is never in memory at once.
    """
    sentences, runs = {}, {}
    # everybody's: that two pages quote alike says nothing
    quotations = iterate_pages(direct, ["exact"])
    for article_id, rows, quoted in join_pages(iterate_parts(annotations, parts), quotations):
        body = "\n".join(row.exact.strip() for row in rows)
        whole: set[int] = set()
        pieces: set[int] = set()
        for sentence in _SENTENCE_END.split(body):
            words = list_words(sentence)
            if len(words) >= _LONG_SENTENCE and not any(row.exact in sentence for row in quoted):
                whole.add(_sign(words))
                pieces.update(_sample_runs(words))
        sentences[article_id] = array("Q", sorted(whole))
        runs[article_id] = array("Q", sorted(pieces))
    return sentences, runs


def _sample_runs(words: Sequence[str]) -> Iterable[int]:
    """Yield every fourth of the runs of words, by its sign: the same ones on every page."""
    length = _RUN if not is_han("".join(words)) else 2 * _RUN
    for i in range(len(words) - length + 1):
        if not (sign := _sign(words[i : i + length])) % _SAMPLED:
            yield sign


def _list_direct(quotations: pd.DataFrame) -> pd.DataFrame:
    columns = ["quotation_id", "article_id", "start", "end", "exact", "claim_id"]
    direct = quotations[columns][quotations["kind"] == "direct"]
    return direct.sort_values(["article_id", "start", "end"], ignore_index=True)


def _sign(words: Sequence[str]) -> int:
    """Return a number of eight bytes that stands for `words`."""
    return int.from_bytes(
        hashlib.blake2b(" ".join(words).encode("utf-8"), digest_size=8).digest(), "big"
    )


def _find_shared_quotations(pages: PageOrder, direct: pd.DataFrame) -> list[OriginLink]:
    """Link a page to the earlier one that makes the same cuts in the same order."""
    signs: dict[str, int | None] = {}

    def sign(row: Any) -> int | None:
        if row.exact not in signs:
            words = list_surface_words(row.exact)
            signs[row.exact] = _sign(words) if len(words) >= _LONG_QUOTATION else None
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
        return _sign(words) if is_error else None

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
