"""The lines of a visible page and their scores; labelled parts; what the page says of itself."""

from __future__ import annotations

from typing import NamedTuple

from hkresearch.clean.line_scores import Scores
from hkresearch.core.article import Article
from hkresearch.pages.html_elements import Layout


class Part(NamedTuple):
    """A span of the text layer and its label."""

    start: int
    end: int
    label: str


class StatedValue(NamedTuple):
    """What a page says of itself: a variable's value, and the span that says it."""

    start: int
    end: int
    variable: str
    value: str


class PageLines(NamedTuple):
    """The lines of the visible page, with their places in the text layer and their scores."""

    article: Article
    layout: Layout | None
    start: list[int]
    end: list[int]
    lines: list[str]
    n_words: list[int]
    heading: int  # the line that the head of an HTML page names as the title, else -1
    scores: Scores
