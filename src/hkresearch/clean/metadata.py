"""Labelled parts and an HTML head -> what a page says of itself, each value with its characters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from hkresearch.clean.authors import find_authors
from hkresearch.clean.language import find_language
from hkresearch.clean.page_lines import PageLines, Part, StatedValue
from hkresearch.clean.printed_dates import find_date
from hkresearch.clean.published_day import find_published

_KICKER_FREE = ("og:title", "ld:headline")
_TITLE_NAMES = ("ld:headline", "og:title", "headline", "twitter:title", "title", "dc.title")
_SITE_NAMES = ("og:site_name", "ld:publisher")
_SOFT_HYPHEN = "\u00ad"
_BEFORE_SITE = re.compile(r"\s+[|–—\-·•:«»]\s+")
_QUOTED_TITLE = re.compile(r"[“\"«„「『‘']([^”\"»“」』]{8,300})[”\"»“」』’']")


def find_metadata(page: PageLines, parts: Sequence[Part], news: Any) -> list[StatedValue]:
    """Return the headline, day, authors, publisher, language and source that the page gives."""
    text = page.article.text
    stated = page.layout.metadata if page.layout is not None else []
    marks = _find_headline(text, parts, stated)
    marks += find_published(page, parts, news)
    marks += find_authors(page, parts, stated, news)
    marks += _find_publisher(text, parts, stated)
    marks += find_language(text, parts, stated, news)
    for start, end, label in parts:
        if label == "source_reference":
            marks += _find_source(text, start, end)
    return marks


def _find_publisher(
    text: str, parts: Sequence[Part], stated: Sequence[tuple[str, int, int, str]]
) -> list[StatedValue]:
    """Return the site as the head names it, else the outlet whose name stands on a line."""
    for name, start, end, value in stated:
        if name in _SITE_NAMES:
            return [StatedValue(start, end, "publisher", value)]
    for start, end, label in parts:
        if label == "outlet":
            return [StatedValue(start, end, "publisher", text[start:end])]
    return []


def _find_headline(
    text: str, parts: Sequence[Part], stated: Sequence[tuple[str, int, int, str]]
) -> list[StatedValue]:
    """Return the headline as the page shows it, else as its head states it.

    A kicker that the head leaves out is no part of it.
    """
    for number, (start, end, label) in enumerate(parts):
        if label == "headline":
            following = parts[number + 1] if number + 1 < len(parts) else None
            if following and following.label == "headline":
                end = following.end  # wrapped over two lines
            line = text[start:end]
            titles = [value for name, _, _, value in stated if name in _KICKER_FREE]
            lengths = [len(title) for title in titles if is_end(title, line)]
            start = end - max(lengths, default=end - start)
            shown = " ".join(text[start:end].replace(_SOFT_HYPHEN, "").split())
            return [StatedValue(start, end, "headline", shown)]
    for wanted in _TITLE_NAMES:
        for name, start, _, value in stated:
            if name == wanted:
                cut = len(value) if wanted == "ld:headline" else cut_site_name(value)
                return [StatedValue(start, start + cut, "headline", value[:cut])]
    return []


def is_end(title: str, line: str) -> bool:
    """Return whether `line` is `title` with some other words before it."""
    return 20 <= len(title) < len(line) and 2 * len(title) > len(line) and line.endswith(title)


def cut_site_name(title: str) -> int:
    """Return where the headline ends in a head's title that goes on with the name of the site."""
    places = [found.start() for found in _BEFORE_SITE.finditer(title)]
    for place in reversed(places):
        if place >= 0.4 * len(title):
            return place
    return len(title)


def _find_source(text: str, start: int, end: int) -> list[StatedValue]:
    """Return the headline and the date of the publication that a source reference names."""
    line = text[start:end]
    marks = []
    if quoted := _QUOTED_TITLE.search(line):
        place = start + quoted.start(1)
        title = quoted.group(1)
        marks.append(StatedValue(place, place + len(title), "source_headline", title))
    if found := find_date(line):
        marks.append(StatedValue(start + found[0], start + found[1], "source_date", found[2]))
    return marks
