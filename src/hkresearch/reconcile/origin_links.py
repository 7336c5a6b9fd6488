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


def sign_words(words: Sequence[str]) -> int:
    """Return a number of eight bytes that stands for `words`."""
    digest = hashlib.blake2b(" ".join(words).encode("utf-8"), digest_size=8).digest()
    return int.from_bytes(digest, "big")
