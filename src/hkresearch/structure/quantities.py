"""Sentences and mentions of one article -> quantities, each with its evidence."""

from __future__ import annotations

from collections.abc import Sequence

from ..article import Annotation, Article
from ..codebook import Codebook
from .mentions import Mention


def code_quantities(article: Article, sentences: Sequence, mentions: Sequence[Mention], codebook: Codebook) -> list[Annotation]:
    """Return the quantities of the page."""
    return []
