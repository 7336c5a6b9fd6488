"""Scored lines -> the kind of each part: what the words, the place and the neighbours of a line say."""

from __future__ import annotations

import re
from typing import Any

from .lines import Line
from .score import Scores
from .telltales import find_date, read_telltales

_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W_]+")
_CLOCK = re.compile(r"(\d{1,2}[:.]\d{2}(?:\s?[AaPp]\.?[Mm]\.?)?)\s*[-–—|]\s+(?=\S)")
_COUNTS = re.compile(r"[\d\s.,:/|+KkMm%•·-]*\d[\d\s.,:/|+KkMm%•·-]*\Z")
_QUOTED_SOURCE = re.compile(r"[\s]*[“\"«„「『‘'][^”\"»“」』]{8,300}[”\"»“」』’'],?\s*[^.]{0,60}\d{4}\W*\Z")
_STOP = re.compile(r"[.!?…。！？][”\"’')\]」』）]*\Z")

Part = tuple[int, int, str]


def label_lines(text: str, lines: list[Line], scores: Scores, layout: Any, news: Any) -> list[Part]:
    """Return (start, end, label) for every line, in order; a line with two parts gives two."""
    telltales = read_telltales(news)
    title = find_title_line(lines, scores, layout)
    parts: list[Part] = []
    inside = [i for i, score in enumerate(scores.body) if score >= 0.5]
    first, last = (inside[0], inside[-1]) if inside else (len(lines), -1)
    previous = ""
    for i, line in enumerate(lines):
        if line.is_metadata:
            found = [(line.start, line.end, "metadata")]
        elif i == title:
            found = [(line.start, line.end, "headline")]
        elif scores.body[i] >= 0.5:
            found = label_article_line(line, i, first, telltales)
        else:
            found = label_other_line(lines, i, title, first, last, scores, telltales, previous)
        parts += found
        previous = found[-1][2]
    return parts


def label_article_line(line: Line, i: int, first: int, telltales: Any) -> list[Part]:
    """Return the parts of a line of running text: a clock time glued to its front is a date line."""
    if telltales.match("advertisement", line.text) and len(line.text) < 200:
        return [(line.start, line.end, "advertisement")]
    if glued := _CLOCK.match(line.text):
        cut = line.start + glued.end()
        return [(line.start, cut, "date_line"), (cut, line.end, "standfirst" if i == first else "body")]
    return [(line.start, line.end, "body")]


def find_title_line(lines: list[Line], scores: Scores, layout: Any) -> int:
    """Return the index of the line that is the page's headline, -1 when none is: of two equal lines the later one."""
    first = next((i for i, score in enumerate(scores.body) if score >= 0.5), len(lines))
    best, best_score = -1, 0.0
    for i in range(max(0, first - 30), first):
        line = lines[i]
        words = len(_WORD.findall(line.text))
        if line.is_metadata or words < 4 or len(line.text) > 250 or "»" in line.text or find_date(line.text):
            continue
        score = min(words, 12) + 0.1 * (i - first) - (4 if _STOP.search(line.text) else 0)
        score += 6 * any(j != i and lines[j].text.strip().endswith(line.text) for j in range(first))
        if score >= best_score:
            best, best_score = i, score
    return best


def label_other_line(
    lines: list[Line], i: int, title: int, first: int, last: int, scores: Scores, telltales: Any, previous: str
) -> list[Part]:
    """Return the parts of a line that is no running text: what it says decides, else where it stands."""
    line = lines[i]
    words = len(_WORD.findall(line.text))
    whole = lambda label: [(line.start, line.end, label)]  # noqa: E731
    if title >= 0 and i != title and line.text == lines[title].text:
        return whole("duplicate_headline")
    if title >= 0 and i != title and len(lines[title].text) > 15 and line.text.endswith(lines[title].text):
        cut = line.end - len(lines[title].text)
        return [(line.start, cut, "breadcrumb"), (cut, line.end, "duplicate_headline")]
    if is_icon_run(line.text):
        return whole("icon_name_run")
    if i < first and _COUNTS.match(line.text):
        return whole("share_counter")
    if label := telltales.find(line.text):
        return whole(label)
    if first > i > title >= 0 and _QUOTED_SOURCE.match(line.text):
        return whole("source_reference")
    if i < first and words <= 12 and find_date(line.text):
        return whole("date_line")
    if i < first and previous == "label":
        return whole("byline")
    if re.search(r"\s[»›>/]\s", line.text):
        return whole("breadcrumb")
    if first < i < last:
        if words <= 10 and not _STOP.search(line.text):
            return whole("subhead" if words <= 5 else "caption")
    if title < i < first and title >= 0 and "/" in line.text and words <= 10:
        return whole("photo_credit")
    if i < title and i <= 1 and words <= 4:
        return whole("outlet" if i == 0 else "navigation")
    if i > last and previous in ("advertisement", "comment_form", "newsletter"):
        return whole("advertisement")
    return whole("footer" if i > last and words > 8 else "navigation")


def is_icon_run(text: str) -> bool:
    """Return whether `text` is names run together without spaces, as an icon font leaves them."""
    longest = max(map(len, text.split()), default=0)
    return longest > 60 and "://" not in text and len(re.findall(r"[a-z]-[a-z]", text)) >= 3
