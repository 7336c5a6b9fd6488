"""Sentences and mentions of one article -> facts, each with its evidence."""

from __future__ import annotations

from collections.abc import Sequence

from ..article import Annotation, Article
from ..codebook import Codebook
from .mentions import Mention


def code_facts(article: Article, sentences: Sequence, mentions: Sequence[Mention], codebook: Codebook) -> list[Annotation]:
    """Return the facts of the page."""
    return []
