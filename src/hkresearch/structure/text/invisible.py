"""A text layer -> the text without invisible characters, and places mapped back."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import replace

from hkresearch.core.article import Annotation, Article, annotate

_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]+")  # soft hyphens, zero-width spaces


def strip_invisible(article: Article) -> tuple[Article, list[int]]:
    """Return the article without invisible characters, and where each that stays stood.

    The places are [] if the text has none.
    """
    if article.text.isascii() or not _INVISIBLE.search(article.text):
        return article, []
    gone = {i for m in _INVISIBLE.finditer(article.text) for i in range(*m.span())}
    places = [i for i in range(len(article.text)) if i not in gone]
    text = "".join(article.text[i] for i in places)
    return replace(article, text=text), [*places, len(article.text)]


def strip_parts(
    parts: Iterable[Annotation], article: Article, places: Sequence[int]
) -> list[Annotation]:
    """Return the parts with their places in the stripped text of `article`."""
    moved = []
    for part in parts:
        start, end = bisect_left(places, part.start), bisect_left(places, part.end)
        exact = article.text[start:end]
        moved.append(replace(part, start=start, end=end, exact=exact))
    return moved


def restore_places(
    found: Iterable[Annotation], article: Article, places: Sequence[int]
) -> list[Annotation]:
    """Return the annotations of a stripped text at their places in the text of `article`.

    Their ids and subjects are renewed.
    """
    found = list(found)
    by_id = {a.id: a for a in found}
    moved: dict[str, Annotation] = {}

    def move(annotation: Annotation) -> Annotation:
        if annotation.id not in moved:
            owner = by_id.get(annotation.subject)
            subject = move(owner).id if owner else annotation.subject
            start = places[annotation.start]
            end = places[annotation.end - 1] + 1 if annotation.end > annotation.start else start
            moved[annotation.id] = annotate(
                article, start, end, subject, annotation.variable, annotation.code, annotation.coder
            )
        return moved[annotation.id]

    return [move(annotation) for annotation in found]
