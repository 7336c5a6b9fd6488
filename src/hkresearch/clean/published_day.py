"""A page's lines and head -> the day on which the article was published, and where that is said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from hkresearch.clean.boilerplate_cues import Telltales, read_telltales
from hkresearch.clean.page_lines import PageLines, Part, StatedValue
from hkresearch.clean.printed_dates import find_date

_HEAD_NAMES = (
    "ld:datePublished", "article:published_time", "og:published_time", "datepublished",
    "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "article.published",
    "publishdate", "publish-date", "publish_date", "pubdate", "publication_date", "date",
    "dc.date", "dc.date.issued", "dcterms.created", "time",
)  # fmt: skip
_ISO = re.compile(r"\s*((?:19|20)\d\d)-?(\d\d)-?(\d\d)(?!\d)")
_HOUR = re.compile(r"\s*[\d-]{8,10}[T ](\d\d):\d\d[\d:.]*\s*(?:Z|[+-]00:?00|([+-]\d\d:?\d\d))?")
_DAY_IN_ADDRESS = re.compile(r"/((?:19|20)\d\d)/(\d\d)/(\d\d)(?!\d)")
_UNDATED_LABELS = (
    "body", "standfirst", "subhead", "source_reference", "headline", "footer", "duplicate_headline",
)  # fmt: skip
# Labels of what leads to other articles.
_OTHERS_BEGIN = (
    "navigation", "related", "newsletter", "advertisement", "comment_form", "breadcrumb",
)  # fmt: skip
_NEAR = 12  # lines from the headline or the first of the text
_LONGEST_LINE = 160  # characters of a line that may print the day
_MASTHEAD_LINES = 2  # between the outlet and the day on which the page was opened
_DAY_ALONE = re.compile(
    r"\W*(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|tues?|wed|thu(?:rs?)?|fri|sat|sun)\b\.?)"
    r"[^|]{6,24}\Z",
    re.I,
)
_COLUMN = re.compile(r"\s{3,}|[|•·]")  # between a slogan and the day
_PIECE = re.compile(r"[^|•·\n]+")  # "Updated ... | Published ..."


def find_published(page: PageLines, parts: Sequence[Part], news: Any) -> list[StatedValue]:
    """Return the day of publication as printed near the headline, else as the head states it.

    A head whose day is further off from the printed one than time zones go is believed.
    """
    printed = _find_printed_day(page, parts, read_telltales(news))
    stated = page.layout.metadata if page.layout is not None else []
    for wanted in _HEAD_NAMES:
        for name, start, end, value in stated:
            if name == wanted and (day := _read_head_day(value)):
                if printed and is_same_day(day, value, printed.value):
                    return [printed]
                return [StatedValue(start, end, "date_published", day)]
    if printed:
        return [printed]
    return _find_day_in_address(stated)


def _find_day_in_address(stated: Sequence[tuple[str, int, int, str]]) -> list[StatedValue]:
    for name, start, _, value in stated:
        found = _DAY_IN_ADDRESS.search(value) if name == "og:url" else None
        if found and (day := _read_head_day("".join(found.groups()))):
            return [
                StatedValue(start + found.start(1), start + found.end(3), "date_published", day)
            ]
    return []


def is_same_day(day: str, value: str, printed: str) -> bool:
    """Return whether the `printed` day may be the stated one.

    It may be a day later in any case, a day earlier only across time zones.
    """
    days = (date.fromisoformat(printed) - date.fromisoformat(day)).days
    if days != -1:
        return days in (0, 1)
    hour = _HOUR.match(value)
    return hour is None or not hour.group(2) and int(hour.group(1)) < 12


def _find_printed_day(
    page: PageLines, parts: Sequence[Part], telltales: Telltales
) -> StatedValue | None:
    """Return the date printed nearest to the headline, after it rather than before.

    When the page was updated counts where there is no other date.
    """
    text = page.article.text
    lines = [part for part in parts if part.label not in ("blank", "metadata")]
    updated = None
    title = next((i for i, part in enumerate(lines) if part.label == "headline"), -1)
    for number in _list_near_lines([part.label for part in lines]):
        start, end, label = lines[number]
        if number < title and _is_clock(text, lines, number):
            continue
        if end - start > _LONGEST_LINE or label in _UNDATED_LABELS:
            continue
        for piece in _PIECE.finditer(text, start, end):
            if found := find_date(piece.group()):
                begin = piece.start()
                mark = StatedValue(begin + found[0], begin + found[1], "date_published", found[2])
                if not telltales.match("updated", piece.group().lstrip()):
                    return mark
                updated = updated or mark
    return updated


def _is_clock(text: str, lines: Sequence[Part], number: int) -> bool:
    """Return whether a line ends with a masthead's day: a weekday and a date, below the outlet."""
    start, end, _ = lines[number]
    last = _COLUMN.split(text[start:end].rstrip())[-1]
    above = lines[max(0, number - _MASTHEAD_LINES) : number]
    return bool(_DAY_ALONE.match(last)) and any(part.label == "outlet" for part in above)


def _list_near_lines(labels: Sequence[str]) -> Iterator[int]:
    """Yield the lines on which the day of publication may stand, in the order of their rank.

    Behind the body other articles' dates begin at the first furniture. Before the headline a date
    counts only right above it: the masthead's says when the page was opened.
    """
    title = labels.index("headline") if "headline" in labels else -1
    text_lines = (i for i, label in enumerate(labels) if label == "body")
    first = next(text_lines, len(labels))
    stop = min(max(first, title) + _NEAR, len(labels))
    others = (i for i in range(first, stop) if labels[i] in _OTHERS_BEGIN)
    yield from range(max(title, 0), next(others, stop))
    for number in range(title - 1, max(title - _NEAR, -1), -1):
        if labels[number] in _OTHERS_BEGIN or labels[number] == "outlet":
            return
        yield number


def _read_head_day(value: str) -> str:
    """Return the ISO date that a head's value begins with or prints, else an empty string."""
    if found := _ISO.match(value):
        try:
            return date(*map(int, found.groups())).isoformat()
        except ValueError:
            return ""
    printed = find_date(value)
    return printed[2] if printed else ""
