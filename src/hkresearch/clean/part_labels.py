"""Scored lines -> the kind of each part: what the words, the place, the tags and the neighbours of a line say."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from hkresearch.clean.boilerplate_cues import Telltales, find_date, read_telltales
from hkresearch.clean.html_features import reduce_title
from hkresearch.clean.line_scores import THRESHOLDS, Scores
from hkresearch.clean.running_text import find_plain_title, is_standfirst, revise_kept
from hkresearch.core.article import Article
from hkresearch.pages.html_elements import ENCLOSING_BITS, Layout

ARTICLE = frozenset(
    (
        "headline",
        "byline",
        "date_line",
        "standfirst",
        "body",
        "subhead",
        "caption",
        "source_reference",
    )
)
_CLOCK = re.compile(r"(\d{1,2}[:.]\d{2}(?:\s?[AaPp]\.?[Mm]\.?)?)\s*[-–—|]\s+(?=\S)")
_COUNTS = re.compile(
    r"(?=\D*\d)[\d\s.,:/|+KkMm%•·-]*\Z"
)  # one way to match: a line of a million digits takes no longer
_QUOTED_SOURCE = re.compile(
    r"[\s]*[“\"«„「『‘'][^”\"»“」』]{8,300}[”\"»“」』’'],?\s*[^.]{0,60}\d{4}\W*\Z"
)
_STOP = re.compile(r"[.!?…。！？:：;；][”\"’')\]」』）]*\Z")
_SENTENCE_END = re.compile(r"[.!?。！？][”\"’')\]」』）]*\Z")
FEW_LINES = 3  # a page of no more has no furniture by which to know the article
LEAST_WORDS = 4  # of a sentence
_TRAIL = re.compile(r"\s[»›>]\s")
_HEADINGS = ENCLOSING_BITS["h1"] | ENCLOSING_BITS["h2"] | ENCLOSING_BITS["h3"]
_CAPTIONS = ENCLOSING_BITS["figcaption"] | ENCLOSING_BITS["figure"]
SURE = 0.95  # the probability from which a telltale word no longer makes a short line furniture
UNWANTED = ("advertisement", "comment_form", "newsletter", "related", "share_counter")
LIKELY_TITLE = -2.0  # log-odds from which a line may be the headline of a page without tags
BYLINE_BELOW = 1.5  # what a byline right below adds to it
LIKELY_BYLINE = -0.5
CERTAIN_BYLINE = 1.5  # before the headline

Part = tuple[int, int, str]


class Page(NamedTuple):
    """The lines of the visible page, with places in the whole text layer, and what is known of each."""

    article: Article
    layout: Layout | None
    start: list[int]
    end: list[int]
    lines: list[str]
    n_words: list[int]
    heading: int  # the line that the head of an HTML page names as the title, else -1
    scores: Scores


def label_page(page: Page, news: Any) -> list[Part]:
    """Return (start, end, label) for every line, in order; a line with two parts gives two."""
    telltales = read_telltales(news)
    threshold = THRESHOLDS["text" if page.layout is None else "tags"]
    kept = (page.scores.body >= threshold).tolist()
    for i in doubt_lines(page, kept, telltales):
        kept[i] = False
    if len(kept) <= FEW_LINES:
        kept = (
            kept if any(kept) else [is_plain_sentence(page, i, telltales) for i in range(len(kept))]
        )
        if any(telltales.match("notice", line) for line in page.lines):
            kept = [False] * len(kept)
    kept = revise_kept(page, kept, telltales)
    inside = [i for i, keep in enumerate(kept) if keep]
    first, last = (inside[0], inside[-1]) if inside else (len(kept), -1)
    title = page.heading if page.heading >= 0 else find_title_line(page, first, telltales)
    title = title if title >= 0 else find_plain_title(page, first, telltales)
    if 0 <= title < len(kept) and title <= first:
        kept[title] = False
        first = next((i for i in inside if i != title), len(kept))
    reduced = reduce_title(page.lines[title]) if title >= 0 else ""
    parts: list[Part] = []
    if page.layout is not None and page.layout.metadata:
        parts.append((0, page.layout.metadata[-1][2], "metadata"))
    previous = ""
    for i, (start, end) in enumerate(zip(page.start, page.end, strict=True)):
        if i == title:
            found = [(start, end, "headline")]
        elif kept[i]:
            found = label_article_line(page, i, first)
        else:
            found = label_other_line(
                page, i, title, reduced, first, last, kept, telltales, previous
            )
        parts += found
        previous = found[-1][2]
    return parts


def is_plain_sentence(page: Page, i: int, telltales: Telltales) -> bool:
    """Return whether line `i` reads like a sentence without a word of furniture: all there is to tell by on a tiny page."""
    line = page.lines[i]
    return (
        page.n_words[i] >= LEAST_WORDS
        and bool(_SENTENCE_END.search(line))
        and not telltales.find(line)
    )


def doubt_lines(page: Page, kept: list[bool], telltales: Telltales) -> list[int]:
    """Return the short lines of which the model is not sure and whose words give furniture away."""
    body = page.scores.body
    return [
        i for i, keep in enumerate(kept)
        if keep and page.n_words[i] <= 6 and body[i] < SURE and telltales.find(page.lines[i]) in UNWANTED
    ]  # fmt: skip


def label_article_line(page: Page, i: int, first: int) -> list[Part]:
    """Return the parts of a line of running text: a clock time glued to its front is a date line."""
    start, end, line = page.start[i], page.end[i], page.lines[i]
    if i <= first and (glued := _CLOCK.match(line)):
        cut = start + glued.end()
        return [(start, cut, "date_line"), (cut, end, "standfirst")]
    if i <= first + 1 and page.n_words[i] <= 8 and find_date(line) and not _STOP.search(line):
        return [(start, end, "date_line")]
    if i <= first and _QUOTED_SOURCE.match(line):
        return [(start, end, "source_reference")]
    if page.n_words[i] <= 14 and not _STOP.search(line) and is_heading_like(page, i):
        return [(start, end, "subhead")]
    return [(start, end, "body")]


def is_heading_like(page: Page, i: int) -> bool:
    """Return whether line `i` looks like a heading: by its tag, else by its length between longer lines."""
    if page.layout is not None:
        return bool(page.layout.within[page.layout.node[i]] & (_HEADINGS | ENCLOSING_BITS["h4"]))
    return page.n_words[i] <= 9 and i + 1 < len(page.lines) and page.n_words[i + 1] > 12


def find_title_line(page: Page, first: int, telltales: Telltales) -> int:
    """Return the line that is the headline of a page without a telling head, -1 when none is.

    Of two equal lines the later one; never a trail of breadcrumbs, a line that prints a date, or a source reference.
    """
    best, best_score = -1, LIKELY_TITLE
    for i in range(min(len(page.lines), first + 4)):
        score, line = float(page.scores.title[i]), page.lines[i]
        if score < LIKELY_TITLE - 1.5 or page.n_words[i] < 2 or len(line) > 300:
            continue
        if has_trail(line) or find_date(line) or _QUOTED_SOURCE.match(line):
            continue
        if page.layout is None and telltales.find(line) in UNWANTED:
            continue
        near = page.lines[max(0, i - 40) : i]
        score += 1.5 * any(len(other) > len(line) and other.endswith(line) for other in near)
        follows = page.lines[i + 1] if i + 1 < len(page.lines) else ""
        score += BYLINE_BELOW * (page.layout is None and telltales.skip("byline", follows) > 0)
        again = best >= 0 and i <= first + 1 and line == page.lines[best]
        longer = best >= 0 and i > best and page.lines[best].endswith(line) and page.n_words[i] > 3
        if score > best_score or again or longer:
            best, best_score = i, max(score, best_score)
    return best


def label_other_line(
    page: Page,
    i: int,
    title: int,
    reduced: str,
    first: int,
    last: int,
    kept: list[bool],
    telltales: Telltales,
    previous: str,
) -> list[Part]:
    """Return the parts of a line that is no running text: what it says decides, else where it stands.

    `reduced` is the headline's letters and digits.
    """
    start, end, line, words = page.start[i], page.end[i], page.lines[i], page.n_words[i]
    if title >= 0 and words > 2 and line.endswith(page.lines[title]):
        cut = end - len(page.lines[title])
        return [(start, cut, "breadcrumb")] * (cut > start) + [(cut, end, "duplicate_headline")]
    if title >= 0 and words > 3 and may_repeat(line, reduced) and reduce_title(line) == reduced:
        return [(start, end, "duplicate_headline")]
    return [(start, end, name_other_line(page, i, title, first, last, kept, telltales, previous))]


def may_repeat(line: str, reduced: str) -> bool:
    """Return whether `line` is long enough for the title `reduced` and starts with its first letter, as far as is plain."""
    return 2 * len(line) > len(reduced) and (
        not line[0].isalnum() or reduced.startswith(line[0].casefold()[0])
    )


def name_other_line(
    page: Page,
    i: int,
    title: int,
    first: int,
    last: int,
    kept: list[bool],
    telltales: Telltales,
    previous: str,
) -> str:
    """Return the label of a line that is no running text and does not repeat the headline."""
    line, words = page.lines[i], page.n_words[i]
    if telltales.match("appeal", line):
        return "newsletter"
    if is_standfirst(page, i, title, first, telltales):
        return "standfirst"
    near_top = (
        i < first
        and (title < 0 or abs(i - title) <= 15 or i > title)
        or 0 <= title < i <= title + 14
    )
    if is_icon_run(line):
        return "icon_name_run"
    if i < first and _COUNTS.match(line):
        return "share_counter"
    sure = LIKELY_BYLINE if i > title else CERTAIN_BYLINE
    if near_top and page.scores.byline[i] > sure and words <= 14 and not telltales.is_label(line):
        return "byline"
    if near_top and previous == "label" and words <= 6 and not telltales.find(line):
        return "byline" if not find_date(line) else "date_line"
    if label := telltales.find(line):
        return "source_reference" if label == "label" and _QUOTED_SOURCE.match(line) else label
    if near_top and i > title >= 0 and _QUOTED_SOURCE.match(line):
        return "source_reference"
    if near_top and words <= 14 and find_date(line):
        return "date_line"
    if has_trail(line):
        return "breadcrumb"
    if near_top and telltales.match("byline", line) and words <= 12:
        return "byline"
    if (
        page.layout is not None
        and page.layout.within[page.layout.node[i]] & _CAPTIONS
        and words > 2
        and title <= i <= last
    ):
        return "caption"
    if (
        first < i < last
        and kept[i - 1]
        and kept[i + 1]
        and page.layout is None
        and not _STOP.search(line)
    ):
        return "subhead" if words <= 5 else "caption" if words <= 25 else "related"
    if title >= 0 and title < i < first and "/" in line and words <= 10:
        return "photo_credit"
    if i < title and i <= 1 and words <= 4:
        return "outlet" if i == 0 and page.layout is None else "navigation"
    if i > last and previous in ("advertisement", "comment_form", "newsletter"):
        return previous
    return "footer" if i > last and words > 8 else "related" if first < i < last else "navigation"


def has_trail(text: str) -> bool:
    """Return whether `text` holds a sign between spaces that breadcrumbs are joined with."""
    return ("»" in text or "›" in text or ">" in text) and bool(_TRAIL.search(text))


def is_icon_run(text: str) -> bool:
    """Return whether `text` is names run together without spaces, as an icon font leaves them."""
    if len(text) < 60 or "-" not in text or "://" in text:
        return False
    return max(map(len, text.split())) > 60 and len(re.findall(r"[a-z]-[a-z]", text)) >= 3
