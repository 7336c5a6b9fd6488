"""Types: a link from a page to where its reporting goes back to, and the order of pages."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

Signs: TypeAlias = "array[int]"  # numbers that stand for runs of words
PageOrder = Mapping[str, tuple[Any, ...]]  # article_id -> what pages are ordered by


class OriginLink(NamedTuple):
    """One reason why a page's reporting goes back to another page, or to an outlet."""

    article_id: str
    to: str  # an article_id, or an outlet's key
    reason: str
    evidence: str
    annotation_id: str


class PageFamilies:
    """Pages that links show to be of one family, also through a third page."""

    def __init__(self) -> None:
        self._leader: dict[str, str] = {}

    def lead(self, id: str) -> str:
        """Return the page that stands for a page's family."""
        leader = self._leader
        while leader.setdefault(id, id) != id:
            leader[id] = leader[leader[id]]
            id = leader[id]
        return id

    def unite(self, one: str, other: str) -> None:
        """Make the families of two pages one."""
        self._leader[self.lead(one)] = self.lead(other)


def sign_words(words: Sequence[str]) -> int:
    """Return a number of eight bytes that stands for `words`."""
    digest = hashlib.blake2b(" ".join(words).encode("utf-8"), digest_size=8).digest()
    return int.from_bytes(digest, "big")
