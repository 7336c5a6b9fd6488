"""A page whose paragraphs are broken into lines of one width -> its text with whole paragraphs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from hkresearch.core.article import Annotation, Article

_FEWEST_BREAKS = 6  # inside paragraphs; a page with fewer is not taken for a wrapped one
_OPEN_SHARE = 0.8  # of the lines before such breaks that end inside a sentence
_LONGEST_LINE = 100  # characters
_STOPS = '.!?…:;。！？"”’'


def join_wrapped_lines(
    article: Article, parts: Sequence[Annotation]
) -> tuple[Article, list[Annotation]]:
    """Return the article with a space for each line break inside a paragraph, and its parts joined.

    No place changes. Pages that are not wrapped are returned as they are.
    """
    text = article.text
    body = sorted(
        (part for part in parts if part.variable == "part" and part.code == "body"),
        key=lambda part: part.start,
    )
    breaks = [pair for pair in pairwise(body) if text[pair[0].end : pair[1].start] == "\n"]
    if not _is_wrapped(text, breaks):
        return article, list(parts)
    letters = list(text)
    for line, _ in breaks:
        letters[line.end] = " "
    joined = replace(article, text="".join(letters))
    return joined, _join_parts(joined, parts, {line.end for line, _ in breaks})


def _is_wrapped(text: str, breaks: Sequence[tuple[Annotation, Annotation]]) -> bool:
    """Whether most lines before the breaks are short and end inside a sentence."""
    if len(breaks) < _FEWEST_BREAKS:
        return False
    lines = [text[line.start : line.end].rstrip() for line, _ in breaks]
    is_open = [len(line) <= _LONGEST_LINE and not line.endswith(tuple(_STOPS)) for line in lines]
    return sum(is_open) >= _OPEN_SHARE * len(lines)


def _join_parts(
    article: Article, parts: Sequence[Annotation], breaks: set[int]
) -> list[Annotation]:
    """Return the parts with those of one paragraph, and the breaks between them, as one."""
    others = [part for part in parts if part.variable != "part"]
    joined: list[Annotation] = []
    for part in sorted(parts, key=lambda part: (part.start, part.end)):
        if part.variable != "part":
            continue
        last = joined[-1] if joined else None
        is_inside = part.start in breaks or part.start - 1 in breaks
        if last is None or not is_inside or part.start != last.end:
            joined.append(part)
        else:
            exact = article.text[last.start : part.end]
            joined[-1] = replace(last, end=part.end, exact=exact)
    return [*others, *joined]
