"""Scored lines -> the label of each part, by a line's words, place, tags and neighbours."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from hkresearch.clean.boilerplate_cues import Telltales, read_telltales
from hkresearch.clean.html_features import reduce_title
from hkresearch.clean.line_scores import THRESHOLDS
from hkresearch.clean.page_lines import PageLines, Part
from hkresearch.clean.printed_dates import find_date
from hkresearch.clean.running_text import is_standfirst, revise_kept
from hkresearch.clean.title_line import (
    UNWANTED,
    find_plain_title,
    find_title_end,
    find_title_line,
    has_trail,
    is_quoted_source,
)
from hkresearch.pages.html_elements import ENCLOSING_BITS

ARTICLE = frozenset(
    "headline byline date_line standfirst body subhead caption source_reference".split()
)
_CLOCK = re.compile(r"(\d{1,2}[:.]\d{2}(?:\s?[AaPp]\.?[Mm]\.?)?)\s*[-–—|]\s+(?=\S)")
# One way to match: a line of a million digits takes no longer.
_COUNTS = re.compile(r"(?=\D*\d)[\d\s.,:/|+KkMm%•·-]*\Z")
_STOP = re.compile(r"[.!?…。！？:：;；][”\"’')\]」』）]*\Z")
_SENTENCE_END = re.compile(r"[.!?。！？][”\"’')\]」』）]*\Z")
_FEW_LINES = 3  # a page of no more has no furniture by which to know the article
_LEAST_WORDS = 4  # of a sentence
_HEADINGS = ENCLOSING_BITS["h1"] | ENCLOSING_BITS["h2"] | ENCLOSING_BITS["h3"]
_CAPTIONS = ENCLOSING_BITS["figcaption"] | ENCLOSING_BITS["figure"]
_SURE = 0.95  # the probability from which a telltale word no longer makes a short line furniture
_LIKELY_BYLINE = -0.5
_CERTAIN_BYLINE = 1.5  # before the headline
_BYLINE_WORDS = 14


class _View(NamedTuple):
    """A page, its lines of running text and its headline."""

    page: PageLines
    telltales: Telltales
    kept: list[bool]  # whether a line is running text
    title: int  # -1 where there is none
    title_end: int  # the next line where the headline goes on there
    reduced: str  # letters and digits of the headline
    first: int  # line of the running text, the number of lines where there is none
    last: int

    def is_near_top(self, number: int) -> bool:
        """Return whether a line stands near the headline or above the text."""
        is_above = number < self.first
        if self.title < 0:
            return is_above
        if is_above and number >= self.title - 15:
            return True
        return self.title < number <= self.title + 14


def label_page(page: PageLines, news: Any) -> list[Part]:
    """Return a part for every line, in order; a line with two parts gives two."""
    view = _view_page(page, read_telltales(news))
    parts: list[Part] = []
    if page.layout is not None and page.layout.metadata:
        parts.append(Part(0, page.layout.metadata[-1][2], "metadata"))
    previous = ""
    for number, (start, end) in enumerate(zip(page.start, page.end, strict=True)):
        if number in (view.title, view.title_end):
            found = [Part(start, end, "headline")]
        elif view.kept[number]:
            found = _label_article_line(page, number, view.first)
        else:
            found = _label_other_line(view, number, previous)
        parts += found
        previous = found[-1].label
    return parts


def _view_page(page: PageLines, telltales: Telltales) -> _View:
    kept = revise_kept(page, _choose_lines(page, telltales), telltales)
    inside = [number for number, keep in enumerate(kept) if keep]
    first, last = (inside[0], inside[-1]) if inside else (len(kept), -1)
    title = page.heading if page.heading >= 0 else find_title_line(page, first, telltales)
    title = title if title >= 0 else find_plain_title(page, first, telltales)
    if 0 <= title < len(kept) and title <= first:
        kept[title] = False
        first = next((number for number in inside if number != title), len(kept))
    reduced = reduce_title(page.lines[title]) if title >= 0 else ""
    title_end = find_title_end(page, title, first, telltales)
    return _View(page, telltales, kept, title, title_end, reduced, first, last)


def _choose_lines(page: PageLines, telltales: Telltales) -> list[bool]:
    """Return which lines the model takes for running text, by the words where it is not sure."""
    threshold = THRESHOLDS["text" if page.layout is None else "tags"]
    kept: list[bool] = (page.scores.body >= threshold).tolist()
    for number in _doubt_lines(page, kept, telltales):
        kept[number] = False
    if len(kept) > _FEW_LINES:
        return kept
    if any(telltales.match("notice", line) for line in page.lines):
        return [False] * len(kept)
    if any(kept):
        return kept
    return [_is_plain_sentence(page, number, telltales) for number in range(len(kept))]


def _is_plain_sentence(page: PageLines, number: int, telltales: Telltales) -> bool:
    """Return whether a line reads like a sentence without a word of furniture.

    There is nothing else to tell by on a tiny page.
    """
    line = page.lines[number]
    is_long = page.n_words[number] >= _LEAST_WORDS
    return is_long and bool(_SENTENCE_END.search(line)) and not telltales.find(line)


def _doubt_lines(page: PageLines, kept: list[bool], telltales: Telltales) -> list[int]:
    """Return the short lines of which the model is not sure and whose words are furniture's."""
    return [
        number
        for number, keep in enumerate(kept)
        if keep
        and page.n_words[number] <= 6
        and page.scores.body[number] < _SURE
        and telltales.find(page.lines[number]) in UNWANTED
    ]


def _label_article_line(page: PageLines, number: int, first: int) -> list[Part]:
    """Return the parts of a line of running text.

    A clock time glued to the front of the first line is a date line.
    """
    start, end, line = page.start[number], page.end[number], page.lines[number]
    if number <= first and (glued := _CLOCK.match(line)):
        cut = start + glued.end()
        return [Part(start, cut, "date_line"), Part(cut, end, "standfirst")]
    is_stopped = bool(_STOP.search(line))
    n_words = page.n_words[number]
    if number <= first + 1 and n_words <= 8 and find_date(line) and not is_stopped:
        return [Part(start, end, "date_line")]
    if number <= first and is_quoted_source(line):
        return [Part(start, end, "source_reference")]
    if n_words <= 14 and not is_stopped and _is_heading_like(page, number):
        return [Part(start, end, "subhead")]
    return [Part(start, end, "body")]


def _is_heading_like(page: PageLines, number: int) -> bool:
    """Return whether a line looks like a heading: by its tag, else by its length."""
    if page.layout is not None:
        around = page.layout.within[page.layout.node[number]]
        return bool(around & (_HEADINGS | ENCLOSING_BITS["h4"]))
    is_followed = number + 1 < len(page.lines)
    return page.n_words[number] <= 9 and is_followed and page.n_words[number + 1] > 12


def _label_other_line(view: _View, number: int, previous: str) -> list[Part]:
    """Return the parts of a line that is no running text; `previous`: the label of the line before.

    What the line says decides, else where it stands.
    """
    page, title = view.page, view.title
    start, end, line = page.start[number], page.end[number], page.lines[number]
    n_words = page.n_words[number]
    if title >= 0 and n_words > 2 and line.endswith(page.lines[title]):
        cut = end - len(page.lines[title])
        trail = [Part(start, cut, "breadcrumb")] if cut > start else []
        return [*trail, Part(cut, end, "duplicate_headline")]
    may_repeat = title >= 0 and n_words > 3 and _may_repeat(line, view.reduced)
    if may_repeat and reduce_title(line) == view.reduced:
        return [Part(start, end, "duplicate_headline")]
    label = (
        _name_by_words(view, number, previous)
        or _name_by_form(view, number)
        or _name_by_place(view, number, previous)
    )
    return [Part(start, end, label)]


def _may_repeat(line: str, reduced: str) -> bool:
    """Return whether `line` is long enough for the title `reduced` and begins like it."""
    begins_alike = not line[0].isalnum() or reduced.startswith(line[0].casefold()[0])
    return 2 * len(line) > len(reduced) and begins_alike


def _name_by_words(view: _View, number: int, previous: str) -> str:
    """Return the label that a line's words give it, "" where they give none."""
    page, telltales = view.page, view.telltales
    line, n_words = page.lines[number], page.n_words[number]
    if telltales.match("appeal", line):
        return "newsletter"
    if is_standfirst(page, number, view.title_end, view.first, telltales):
        return "standfirst"
    if is_icon_run(line):
        return "icon_name_run"
    if number < view.first and _COUNTS.match(line):
        return "share_counter"
    label = telltales.find(line)
    if view.is_near_top(number):
        sure = _LIKELY_BYLINE if number > view.title else _CERTAIN_BYLINE
        is_likely = page.scores.byline[number] > sure and n_words <= _BYLINE_WORDS
        if is_likely and not telltales.is_label(line):
            return "byline"
        if previous == "label" and n_words <= 6 and not label:
            return "date_line" if find_date(line) else "byline"
    return "source_reference" if label == "label" and is_quoted_source(line) else label


def _name_by_form(view: _View, number: int) -> str:
    """Return the label that a line's form gives it, "" where it gives none."""
    line, n_words = view.page.lines[number], view.page.n_words[number]
    is_near_top = view.is_near_top(number)
    if is_near_top and number > view.title >= 0 and is_quoted_source(line):
        return "source_reference"
    if is_near_top and n_words <= _BYLINE_WORDS and find_date(line):
        return "date_line"
    if has_trail(line):
        return "breadcrumb"
    if is_near_top and n_words <= 12 and view.telltales.match("byline", line):
        return "byline"
    return ""


def _name_by_place(view: _View, number: int, previous: str) -> str:
    """Return the label of a line of which only the place and the neighbours tell anything."""
    page, kept, title, first, last = view.page, view.kept, view.title, view.first, view.last
    line, n_words = page.lines[number], page.n_words[number]
    if _is_in_caption(page, number) and n_words > 2 and title <= number <= last:
        return "caption"
    is_inside = first < number < last
    is_between = is_inside and kept[number - 1] and kept[number + 1]
    if is_between and page.layout is None and not _STOP.search(line):
        if n_words <= 5:
            return "subhead"
        return "caption" if n_words <= 25 else "related"
    if 0 <= title < number < first and "/" in line and n_words <= 10:
        return "photo_credit"
    if number < title and number <= 1 and n_words <= 4:
        return "outlet" if number == 0 and page.layout is None else "navigation"
    if number > last and previous in ("advertisement", "comment_form", "newsletter"):
        return previous
    if number > last and n_words > 8:
        return "footer"
    return "related" if is_inside else "navigation"


def _is_in_caption(page: PageLines, number: int) -> bool:
    layout = page.layout
    return layout is not None and bool(layout.within[layout.node[number]] & _CAPTIONS)


def is_icon_run(text: str) -> bool:
    """Return whether `text` is names run together without spaces, as an icon font leaves them."""
    if len(text) < 60 or "-" not in text or "://" in text:
        return False
    return max(map(len, text.split())) > 60 and len(re.findall(r"[a-z]-[a-z]", text)) >= 3
