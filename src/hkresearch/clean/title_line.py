"""Scored lines of a page without a telling head -> which of them is the headline."""

from __future__ import annotations

import re

from hkresearch.clean.boilerplate_cues import Telltales
from hkresearch.clean.page_lines import PageLines
from hkresearch.clean.printed_dates import find_date
from hkresearch.core.words import count_han, has_han

UNWANTED = ("advertisement", "comment_form", "newsletter", "related", "share_counter")
_LIKELY_TITLE = -2.0  # log-odds from which a line may be the headline of a page without tags
_BYLINE_BELOW = 1.5  # what a byline right below adds to it
_WORDS = (3, 20)
_HAN_CHARACTERS = (6, 40)
_TRAIL = re.compile(r"\s[»›>]\s")
_QUOTED_SOURCE = re.compile(
    r"[\s]*[“\"«„「『‘'][^”\"»“」』]{8,300}[”\"»“」』’'],?\s*[^.]{0,60}\d{4}\W*\Z"
)
_SENTENCE_END = re.compile(r"[.!?。！？][”\"’')\]」』）]*\Z")
_NO_PROSE = re.compile(r"[|/»›•·©]|\bhttps?:|www\.")


def has_trail(text: str) -> bool:
    """Return whether `text` holds a sign between spaces that breadcrumbs are joined with."""
    return ("»" in text or "›" in text or ">" in text) and bool(_TRAIL.search(text))


def is_quoted_source(line: str) -> bool:
    """Return whether a line is a title in quotation marks with a year: another publication."""
    return bool(_QUOTED_SOURCE.match(line))


def find_title_line(page: PageLines, first: int, telltales: Telltales) -> int:
    """Return the line that is the headline of a page without a telling head, -1 when none is.

    Of two equal lines it is the later one.
    """
    best, best_score = -1, _LIKELY_TITLE
    for number in range(min(len(page.lines), first + 4)):
        if not _may_be_title(page, number, telltales):
            continue
        score = _score_title(page, number, telltales)
        line = page.lines[number]
        is_again = best >= 0 and number <= first + 1 and line == page.lines[best]
        is_tail = best >= 0 and page.lines[best].endswith(line) and page.n_words[number] > 3
        if score > best_score or is_again or is_tail:
            best, best_score = number, max(score, best_score)
    return best


def _may_be_title(page: PageLines, number: int, telltales: Telltales) -> bool:
    """Return whether a line may be the headline.

    A trail of breadcrumbs, a line that prints a date and a source reference are none.
    """
    line = page.lines[number]
    is_unlikely = float(page.scores.title[number]) < _LIKELY_TITLE - 1.5
    if is_unlikely or page.n_words[number] < 2 or len(line) > 300:
        return False
    if has_trail(line) or find_date(line) or is_quoted_source(line):
        return False
    return page.layout is not None or telltales.find(line) not in UNWANTED


def _score_title(page: PageLines, number: int, telltales: Telltales) -> float:
    score, line = float(page.scores.title[number]), page.lines[number]
    near = page.lines[max(0, number - 40) : number]
    score += 1.5 * any(len(other) > len(line) and other.endswith(line) for other in near)
    follows = page.lines[number + 1] if number + 1 < len(page.lines) else ""
    is_signed = page.layout is None and telltales.skip("byline", follows) > 0
    return score + _BYLINE_BELOW * is_signed


def find_plain_title(page: PageLines, first: int, telltales: Telltales) -> int:
    """Return the line that is the headline of a page on which the model sees none, else -1.

    It is the longest one right above the text.
    """
    if page.layout is not None or first <= 0:
        return -1
    fitting = [i for i in range(max(0, first - 3), first) if _is_title_like(page, i, telltales)]
    return max(fitting, key=lambda i: (len(page.lines[i]), -i), default=-1)


def _is_title_like(page: PageLines, i: int, telltales: Telltales) -> bool:
    """Return whether line `i` has the form of a headline: a few words without a stop or a date."""
    line = page.lines[i]
    if _SENTENCE_END.search(line) or _NO_PROSE.search(line) or find_date(line):
        return False
    if telltales.find(line) or telltales.match("byline", line) or page.scores.byline[i] > 0:
        return False
    if has_han(line):
        return _HAN_CHARACTERS[0] <= count_han(line) <= _HAN_CHARACTERS[1]
    words = line.split()
    has_verb_like = any(word[:1].islower() for word in words[1:]) or len(words) >= 5
    return _WORDS[0] <= len(words) <= _WORDS[1] and line[:1].isupper() and has_verb_like
