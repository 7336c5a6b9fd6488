"""A page's lines and head -> the names of the article's authors, and where they stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from hkresearch.clean.boilerplate_cues import Telltales, read_telltales
from hkresearch.clean.html_features import reduce_title
from hkresearch.clean.page_lines import PageLines, Part, StatedValue

_HEAD_NAMES = (
    "ld:author", "author", "parsely-author", "sailthru.author", "byl", "dc.creator",
    "article:author", "og:article:author", "cxenseparse:author", "citation_author",
)  # fmt: skip
# Labels of lines that may hold the authors' names.
_NAMING_LABELS = ("byline", "date_line", "navigation", "related", "standfirst")
_LONGEST_LINE = 160  # characters of a line that may name the authors
_LIKELY_NAME = -0.3  # log-odds from which a line may hold the authors' names
_LINES_TRIED = 3
_ENDS = ("|", "•", "·", "/", ";")  # signs after which a byline goes on with something else
# An address or a user's name rather than a person's.
_HANDLE = re.compile(r"://|[\d@]|^[a-z._-]+\Z")
_SPLIT = re.compile(r"\s*(?:,|;|\||•|·|/|\band\b|&|\bund\b|\bet\b|\by\b|、|，)\s*")
_NAME = re.compile(r"[^\W\d_][\w.'’\-]*(?:[\s\xa0]+[\w.'’\-]+){0,5}\Z")
_AROUND = " \t\xa0-–—:()"  # signs around a name


def find_authors(
    page: PageLines,
    parts: Sequence[Part],
    stated: Sequence[tuple[str, int, int, str]],
    news: Any,
) -> list[StatedValue]:
    """Return one statement per author: as the head states them, else as the byline prints them.

    The organisation that the head names as the site is none.
    """
    telltales = read_telltales(news)
    sites = {
        reduce_title(value)
        for name, _, _, value in stated
        if name in ("og:site_name", "ld:publisher")
    }
    best: list[StatedValue] = []
    for wanted in _HEAD_NAMES:
        marks: list[StatedValue] = []
        for name, start, _, value in stated:
            if name == wanted and value[0] != "," and not _is_handle(value):
                names = _split_byline(value, start, telltales)
                marks += [mark for mark in names if reduce_title(mark.value) not in sites]
        marks = _drop_repeats(marks)
        if len(marks) > len(best) and (not best or marks[0].value == best[0].value):
            best = marks
    return best or _drop_repeats(_read_bylines(page, parts, telltales))


def _is_handle(value: str) -> bool:
    return " " not in value and bool(_HANDLE.search(value))


def _read_bylines(
    page: PageLines, parts: Sequence[Part], telltales: Telltales
) -> list[StatedValue]:
    """Return the names on the line that most looks like a byline.

    Where that line says only "By", the names are those of the next line.
    """
    text = page.article.text
    number_of = {start: number for number, start in enumerate(page.start)}
    for start, end in _rank_bylines(page, parts, telltales, number_of)[:_LINES_TRIED]:
        marks = _split_byline(text[start:end], start, telltales)
        following = number_of[start] + 1
        is_by_alone = telltales.skip("byline", text[start:end]) >= end - start - 1
        if not marks and following < len(page.lines) and is_by_alone:
            marks = _split_byline(page.lines[following], page.start[following], telltales)
        if marks:
            return marks
    return []


def _rank_bylines(
    page: PageLines, parts: Sequence[Part], telltales: Telltales, number_of: dict[int, int]
) -> list[tuple[int, int]]:
    """Return the spans of the lines that may be bylines, the likeliest first."""
    text = page.article.text
    ranked = []
    for start, end, label in parts:
        number = number_of.get(start, -1)
        if label not in _NAMING_LABELS or number < 0 or end - start > _LONGEST_LINE:
            continue
        likely = float(page.scores.byline[number])
        if label != "byline" and likely + 2 <= _LIKELY_NAME:
            continue
        named = bool(telltales.skip("byline", text[start:end])) + 0.5 * (label == "byline")
        if label == "byline" or likely + 2 * named > _LIKELY_NAME:
            ranked.append((-(likely + 2 * named), start, end))
    return [(start, end) for _, start, end in sorted(ranked)]


def _drop_repeats(marks: Sequence[StatedValue]) -> list[StatedValue]:
    """Return the marks without those whose value was there already."""
    first: dict[str, StatedValue] = {}
    for mark in marks:
        first.setdefault(reduce_title(mark.value), mark)
    return list(first.values())


def _split_byline(line: str, offset: int, telltales: Telltales) -> list[StatedValue]:
    """Return a statement for each name in `line`, which begins at `offset`.

    The words around a name ("By", the outlet, the role, the date) do not belong to it.
    """
    marks: list[StatedValue] = []
    position = telltales.skip("byline", line)
    for piece in [*_SPLIT.finditer(line, position), None]:
        stop, after = (piece.start(), piece.end()) if piece else (len(line), len(line))
        raw = line[position:stop]
        begin = position + len(raw) - len(raw.lstrip(_AROUND))
        begin += telltales.skip("byline", line[begin:stop])
        name = _cut_name(line[begin:stop], telltales)
        if _is_name(name):
            place = offset + begin
            marks.append(StatedValue(place, place + len(name), "author", name))
        elif marks and line[begin:stop].strip():
            break
        if marks and (not piece or piece.group().strip() in _ENDS):
            break
        position = after
    return marks


def _cut_name(text: str, telltales: Telltales) -> str:
    """Return the name that `text` begins with.

    What follows a role, a long run of words or a change to capitals is cut.
    """
    words = text.strip(_AROUND + ".").split()
    for number, word in enumerate(words):
        is_role = number != 1 and telltales.match("role", word)
        is_shouted = number >= 2 and word.isupper() and len(word) > 2
        if is_role or (is_shouted and not words[0].isupper()):
            words = words[:number]
            break
    if len(words) > 3 and not any(word.islower() or word.endswith(".") for word in words):
        words = words[:2]
    if not words:
        return ""
    found = re.match(r"\s+".join(map(re.escape, words)), text.strip(_AROUND))
    return found.group() if found else ""


def _is_name(text: str) -> bool:
    """Return whether `text` may be the name of a person or an outlet."""
    if not 1 < len(text) <= 60 or re.search(r"\d", text):
        return False
    return bool(_NAME.match(text)) and not text[0].islower()
