"""Scored lines of a page without a telling head -> which of them is the headline."""

from __future__ import annotations

import re

from hkresearch.clean.boilerplate_cues import Telltales
from hkresearch.clean.menus import is_menu
from hkresearch.clean.page_lines import PageLines
from hkresearch.clean.printed_dates import find_date
from hkresearch.core.words import count_han, has_han

UNWANTED = ("advertisement", "comment_form", "newsletter", "related", "share_counter")
_LIKELY_TITLE = -2.0  # log-odds from which a line may be the headline of a page without tags
_BYLINE_BELOW = 1.5  # what a byline right below adds to it
_STOPPED = 2.0  # what a full stop at its end takes away: a slogan, or a sentence
_LINES_ABOVE = 6  # the text that may be the headline: byline and day stand between
_WORDS = (3, 20)
_HAN_CHARACTERS = (6, 40)
_WRAPPED = 50  # characters of a headline that goes on in the next line
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
    if page.layout is not None:
        return True
    kind = telltales.find(line)
    return kind not in (*UNWANTED, "navigation") and not is_menu(line, telltales)


def _score_title(page: PageLines, number: int, telltales: Telltales) -> float:
    score, line = float(page.scores.title[number]), page.lines[number]
    near = page.lines[max(0, number - 40) : number]
    score += 1.5 * any(len(other) > len(line) and other.endswith(line) for other in near)
    follows = page.lines[number + 1] if number + 1 < len(page.lines) else ""
    if page.layout is not None:
        return score
    is_signed = telltales.skip("byline", follows) > 0
    return score + _BYLINE_BELOW * is_signed - _STOPPED * line.endswith((".", "。"))


def find_plain_title(page: PageLines, first: int, telltales: Telltales) -> int:
    """Return the line that is the headline of a page on which the model sees none, else -1.

    It is the longest one right above the text.
    """
    if page.layout is not None or not 0 <= first < len(page.lines):
        return -1
    fitting = [
        i
        for i in range(max(0, first - _LINES_ABOVE), first + 1)
        if _is_title_like(page, i, telltales)
    ]
    return max(fitting, key=lambda i: (len(page.lines[i]), -i), default=-1)


def _is_title_like(page: PageLines, i: int, telltales: Telltales) -> bool:
    """Return whether line `i` has the form of a headline: a few words without a stop or a date."""
    line = page.lines[i]
    is_stopped = bool(_SENTENCE_END.search(line)) and line.rstrip("”’\"'")[-1:] not in "?？!！"
    if is_stopped or _NO_PROSE.search(line) or find_date(line) or is_menu(line, telltales):
        return False
    if telltales.find(line) or telltales.match("byline", line) or page.scores.byline[i] > 0:
        return False
    if has_han(line):
        return _HAN_CHARACTERS[0] <= count_han(line) <= _HAN_CHARACTERS[1]
    words = line.split()
    has_verb_like = any(word[:1].islower() for word in words[1:]) or len(words) >= 5
    return _WORDS[0] <= len(words) <= _WORDS[1] and line[:1].isupper() and has_verb_like


def find_title_end(page: PageLines, title: int, first: int, telltales: Telltales) -> int:
    """Return the last line of a headline that is wrapped over two lines, else `title`."""
    following = title + 1
    if page.layout is not None or title < 0 or following >= min(first, len(page.lines)):
        return title
    line, rest = page.lines[title], page.lines[following]
    is_adjacent = page.article.text[page.end[title] : page.start[following]] == "\n"
    if not is_adjacent or len(line) < _WRAPPED or _SENTENCE_END.search(line):
        return title
    goes_on = rest[:1].islower() and len(rest) <= len(line) and not find_date(rest)
    is_own = telltales.find(rest) or telltales.match("byline", rest)
    return following if goes_on and not is_own else title
