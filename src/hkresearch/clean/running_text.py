"""Scored lines of a plain text -> which are the article's, where words know more than the model."""

from __future__ import annotations

import re

from hkresearch.clean.boilerplate_cues import Telltales
from hkresearch.clean.page_lines import PageLines
from hkresearch.clean.printed_dates import find_date
from hkresearch.core.words import count_han, has_han

# Behind the last sentence its agency or author may stand in brackets.
_SENTENCE_END = re.compile(r"[.!?。！？][”\"’')\]」』）]*(?:\s*[(（][^()（）]{2,30}[)）])?\Z")
_LEAST_WORDS = 4  # of a sentence
_STANDFIRST_WORDS = 7
_LEAST_LIKELY = 0.02  # the probability below which the model is believed against the words
_NO_PROSE = re.compile(r"[|/»›•·©]|\bhttps?:|www\.")
_PRONOUNS = re.compile(
    r"(?:It|He|She|They|We|The company|The firm|The group|Neither|Both|None)\s+[a-z]"
)


def revise_kept(page: PageLines, kept: list[bool], telltales: Telltales) -> list[bool]:
    """Return which lines are running text: no appeal to the reader, but plain sentences after it.

    Only for pages without tags; a page's tags say more than the words.
    """
    if page.layout is not None:
        return kept
    kept = [
        keep and not telltales.match("appeal", line)
        for keep, line in zip(kept, page.lines, strict=True)
    ]
    if not any(kept):
        return kept
    last = len(kept) - 1 - kept[::-1].index(True)
    for i in range(last + 1, len(kept)):
        if not _is_last_sentence(page, i, telltales):
            break
        kept[i] = True
    return kept


def _is_last_sentence(page: PageLines, i: int, telltales: Telltales) -> bool:
    """Return whether line `i`, right after running text, goes on with it."""
    line = page.lines[i]
    if telltales.find(line) or telltales.match("appeal", line) or _NO_PROSE.search(line):
        return False
    if page.scores.body[i] < _LEAST_LIKELY:
        return False
    if _SENTENCE_END.search(line):
        return page.n_words[i] >= _LEAST_WORDS and not find_date(line[:30])
    follows = page.lines[i + 1] if i + 1 < len(page.lines) else ""
    ends = not follows or bool(telltales.find(follows))
    return ends and bool(_PRONOUNS.match(line)) and page.n_words[i] >= _LEAST_WORDS - 1


def is_standfirst(page: PageLines, i: int, title: int, first: int, telltales: Telltales) -> bool:
    """Return whether line `i`, right under the headline, sums the article up.

    Most of its words begin in lower case, or it is a Chinese sentence.
    """
    line = page.lines[i]
    if page.layout is not None or not 0 <= title == i - 1 or i >= first:
        return False
    if telltales.find(line) or telltales.match("byline", line) or find_date(line):
        return False
    if _NO_PROSE.search(line) or telltales.match("appeal", line):
        return False
    if has_han(line):
        return count_han(line) >= 12 and "，" in line
    words = line.split()
    lower = sum(word[:1].islower() for word in words)
    return len(words) >= _STANDFIRST_WORDS and 2 * lower >= len(words)
