"""Pages -> which earlier pages each one rewords, sentence after sentence, in their order."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

import pandas as pd

from hkresearch.core.word_diff import count_in_order
from hkresearch.reconcile.origin_links import OriginLink, PageFamilies, PageOrder, Signs
from hkresearch.reconcile.page_sentences import SENTENCE_BREAK, PageSigns
from hkresearch.tables.select_rows import iterate_rows

_FEWEST_SENTENCES = 3  # that are reworded
_REWORDED_SHARE = 0.5  # of the shorter page's sentences
_CHANCE_SHARE = 0.15  # of the shorter page's sentences that may be alike by chance
_KEPT_SHARE = 0.5  # of the shorter sentence's words, in their order
_KEPT_WORDS = 6
_COMMON_WORDS = 0.4  # of the shorter page's words, below which no sentences are compared
_HOLDERS = 40  # earlier pages with a claim that are known
_MODELS = 12  # of them that are looked at


def find_reworded_copies(
    pages: PageOrder,
    signs: Mapping[str, PageSigns],
    claimed: Iterable[pd.DataFrame],
    known: Iterable[OriginLink],
) -> list[OriginLink]:
    """Link a page to the earlier ones of which it rewords most sentences, in their order.

    Only pages that share a claim of `claimed` are compared, and none that `known` links show to be
    of one family already. `pages` is the order in which pages count as a model for others.
    """
    claims = _list_claims(claimed)
    families = PageFamilies()
    for link in known:
        families.unite(link.article_id, link.to)
    holders: dict[str, list[str]] = defaultdict(list)
    links = []
    for article_id in sorted(signs, key=lambda id: pages[id]):
        mine = claims.get(article_id, ())
        near = Counter(id for claim in mine for id in holders[claim])
        for model in sorted(near, key=lambda id: (-near[id], pages[id]))[:_MODELS]:
            is_known = families.lead(article_id) == families.lead(model)
            if not is_known and _is_reworded(signs[article_id].words, signs[model].words):
                links.append(OriginLink(article_id, model, "reworded", model, ""))
                families.unite(article_id, model)
        for claim in mine:
            if len(holders[claim]) < _HOLDERS:
                holders[claim].append(article_id)
    return links


def _list_claims(claimed: Iterable[pd.DataFrame]) -> dict[str, list[str]]:
    """Return article_id -> the claims in its rows."""
    claims: dict[str, dict[str, None]] = defaultdict(dict)
    for rows in claimed:
        for row in iterate_rows(rows, ["article_id", "claim_id"]):
            if row.claim_id:
                claims[row.article_id][row.claim_id] = None
    return {page: list(found) for page, found in claims.items()}


def _is_reworded(mine: Signs, theirs: Signs) -> bool:
    """Return whether most sentences of the shorter page stand in the other one, reworded."""
    words, others = set(mine), set(theirs)
    if len(words & others) < _COMMON_WORDS * min(len(words), len(others)):
        return False
    n_kept, n_sentences = _count_kept(mine, theirs)
    return n_kept >= max(_FEWEST_SENTENCES, _REWORDED_SHARE * n_sentences)


def are_own_words(mine: PageSigns | None, theirs: PageSigns | None) -> bool:
    """Return whether two pages have sentences of their own, and almost none of them in common."""
    if mine is None or theirs is None:
        return False
    n_kept, n_sentences = _count_kept(mine.words, theirs.words)
    return n_sentences >= _FEWEST_SENTENCES and n_kept < _CHANCE_SHARE * n_sentences


def _count_kept(mine: Signs, theirs: Signs) -> tuple[int, int]:
    """Return how many sentences of the shorter page stand in the other one, and how many it has.

    They stand there reworded or not, in their order.
    """
    short, long = sorted((_split(mine), _split(theirs)), key=len)
    words = [set(sentence) for sentence in long]
    n_kept, place = 0, 0
    for sentence in short:
        own = set(sentence)
        for i in range(place, len(long)):
            needed = max(_KEPT_WORDS, _KEPT_SHARE * min(len(sentence), len(long[i])))
            if len(own & words[i]) >= needed and count_in_order(sentence, long[i]) >= needed:
                n_kept, place = n_kept + 1, i + 1
                break
    return n_kept, len(short)


def _split(signs: Signs) -> list[list[int]]:
    sentences: list[list[int]] = [[]]
    for sign in signs:
        if sign == SENTENCE_BREAK:
            sentences.append([])
        else:
            sentences[-1].append(sign)
    return [sentence for sentence in sentences if sentence]
