"""Pages -> which earlier page each one shares sentences or runs of words with, word for word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from hkresearch.reconcile.origin_links import OriginLink, PageOrder, Signs
from hkresearch.reconcile.page_sentences import PageSigns

_SHARED_SENTENCES = 2
_SHARED_RUNS = 5  # of those that are compared
_SHARED_SHARE = 0.25  # of the shorter page's
_BLOCK_SHARE = 0.5  # of the shorter page's, where all that is shared stands in one block


def find_shared_passages(pages: PageOrder, signs: Mapping[str, PageSigns]) -> list[OriginLink]:
    """Link a page to the earlier one with which it shares sentences or many runs of words.

    `pages` is the order in which pages count as a model for others.
    """
    sentences = {id: page.sentences for id, page in signs.items()}
    runs = {id: page.runs for id, page in signs.items()}
    found = _link_by_signs(pages, sentences, _SHARED_SENTENCES)
    found |= _link_by_signs(pages, runs, _SHARED_RUNS)
    return [found[id] for id in sorted(found)]


def _link_by_signs(
    pages: PageOrder, signs: Mapping[str, Signs], fewest: int
) -> dict[str, OriginLink]:
    """Link a page to the earlier one with which it shares most signs, where they are enough."""
    first: dict[int, str] = {}
    links = {}
    for article_id in sorted(signs, key=lambda id: pages[id]):
        mine = signs[article_id]
        models = Counter(first[sign] for sign in mine if sign in first)
        if models:
            model = min(models, key=lambda id: (-models[id], pages[id]))
            if models[model] >= fewest and _are_copies(mine, signs[model]):
                links[article_id] = OriginLink(article_id, model, "shared passage", model, "")
        for sign in mine:
            first.setdefault(sign, article_id)
    return links


def _are_copies(mine: Signs, theirs: Signs) -> bool:
    """Return whether enough is shared, and at more than one place.

    One block alone, such as a paragraph of background that an outlet keeps at hand, must be half
    of the shorter page.
    """
    known = set(theirs)
    is_shared = [sign in known for sign in mine]
    share = sum(is_shared) / min(len(mine), len(theirs))
    n_blocks = sum(
        here and not before for before, here in zip([False, *is_shared], is_shared, strict=False)
    )
    return share >= (_SHARED_SHARE if n_blocks > 1 else _BLOCK_SHARE)
