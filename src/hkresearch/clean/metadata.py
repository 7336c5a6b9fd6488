"""Labelled parts -> what the page says of itself, each value with the characters that say it."""

from __future__ import annotations

import re
from typing import Any

from ..article import Article
from .telltales import find_date

Mark = tuple[int, int, str, str]


def find_metadata(article: Article, parts: list[tuple[int, int, str]], news: Any) -> list[Mark]:
    """Return (start, end, variable, value); what the page does not say is absent."""
    text, marks = article.text, []
    for start, end, label in parts:
        if label == "headline" and not any(mark[2] == "headline" for mark in marks):
            marks.append((start, end, "headline", text[start:end]))
        elif label == "byline":
            marks.append((start, end, "author", text[start:end]))
        elif label == "outlet":
            marks.append((start, end, "publisher", text[start:end]))
        elif label == "date_line" and (found := find_date(text[start:end])):
            if not any(mark[2] == "date_published" for mark in marks):
                marks.append((start + found[0], start + found[1], "date_published", found[2]))
        elif label == "source_reference":
            marks += find_source(text, start, end)
    return marks


def find_source(text: str, start: int, end: int) -> list[Mark]:
    """Return the headline and the date of the publication that a source reference names."""
    marks = []
    if quoted := re.search(r"[“\"«„「『‘']([^”\"»“」』]{8,300})[”\"»“」』’']", text[start:end]):
        marks.append((start + quoted.start(1), start + quoted.end(1), "source_headline", quoted.group(1)))
    if found := find_date(text[start:end]):
        marks.append((start + found[0], start + found[1], "source_date", found[2]))
    return marks
