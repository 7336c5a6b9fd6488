"""Types: a claim's key, a claim, and one appearance of it in a page."""

from __future__ import annotations

import hashlib
from typing import NamedTuple


class ClaimKey(NamedTuple):
    """What makes two passages the same claim."""

    subject: str
    variable: str
    code: str


class Appearance(NamedTuple):
    """One annotation and the claim that it carries."""

    annotation_id: str
    article_id: str
    wording: str


class Claim(NamedTuple):
    """A claim's words, and where it appears."""

    text: str
    appearances: list[Appearance]


Claims = dict[ClaimKey, Claim]


def name_claim(key: ClaimKey) -> str:
    """Return a claim's id: it depends on subject, variable and code alone."""
    return short_hash("\x1f".join(key))


def short_hash(text: str) -> str:
    """Return twelve characters that stand for `text`."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:12]
