"""Scored lines of a plain text -> lines of the article that the model misses, and appeals that it takes for article."""

from __future__ import annotations

import re
from typing import Any

from hkresearch.clean.boilerplate_cues import Telltales, find_date

SENTENCE_END = re.compile(r"[.!?。！？][”\"’')\]」』）]*\Z")
LEAST_WORDS = 4  # of a sentence
STANDFIRST_WORDS = 7
TITLE_WORDS = (3, 20)
TITLE_SIGNS = (6, 40)  # Han characters
LEAST_LIKELY = 0.02  # the probability below which the model is believed against the words
HAN = re.compile(r"[\u3400-\u9fff]")
NO_PROSE = re.compile(r"[|/»›•·©]|\bhttps?:|www\.")
PRONOUNS = re.compile(
    r"(?:It|He|She|They|We|The company|The firm|The group|Neither|Both|None)\s+[a-z]"
)


def revise_kept(page: Any, kept: list[bool], telltales: Telltales) -> list[bool]:
    """Return which lines are running text: appeals to the reader are none, plain sentences right after it are.

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
        if not is_last_sentence(page, i, telltales):
            break
        kept[i] = True
    return kept


def is_last_sentence(page: Any, i: int, telltales: Telltales) -> bool:
    """Return whether line `i`, right after running text, goes on with it: a sentence, or one that only lacks its stop."""
    line = page.lines[i]
    if telltales.find(line) or telltales.match("appeal", line) or NO_PROSE.search(line):
        return False
    if page.scores.body[i] < LEAST_LIKELY:
        return False
    if SENTENCE_END.search(line):
        return page.n_words[i] >= LEAST_WORDS and not find_date(line[:30])
    follows = page.lines[i + 1] if i + 1 < len(page.lines) else ""
    ends = not follows or bool(telltales.find(follows))
    return ends and bool(PRONOUNS.match(line)) and page.n_words[i] >= LEAST_WORDS - 1


def is_standfirst(page: Any, i: int, title: int, first: int, telltales: Telltales) -> bool:
    """Return whether line `i`, right under the headline, sums the article up: mostly words in lower case, or a Han sentence."""
    line = page.lines[i]
    if page.layout is not None or not 0 <= title == i - 1 or i >= first:
        return False
    if telltales.find(line) or telltales.match("byline", line) or find_date(line):
        return False
    if NO_PROSE.search(line) or telltales.match("appeal", line):
        return False
    if HAN.search(line):
        return len(HAN.findall(line)) >= 12 and "，" in line
    words = line.split()
    lower = sum(word[:1].islower() for word in words)
    return len(words) >= STANDFIRST_WORDS and 2 * lower >= len(words)


def find_plain_title(page: Any, first: int, telltales: Telltales) -> int:
    """Return the line that is the headline of a page on which the model sees none: the longest right above the text."""
    if page.layout is not None or first <= 0:
        return -1
    fitting = [i for i in range(max(0, first - 3), first) if may_be_title(page, i, telltales)]
    return max(fitting, key=lambda i: (len(page.lines[i]), -i), default=-1)


def may_be_title(page: Any, i: int, telltales: Telltales) -> bool:
    """Return whether line `i` has the form of a headline: a few words without a stop, neither a date nor furniture."""
    line = page.lines[i]
    if SENTENCE_END.search(line) or NO_PROSE.search(line) or find_date(line):
        return False
    if telltales.find(line) or telltales.match("byline", line) or page.scores.byline[i] > 0:
        return False
    if HAN.search(line):
        return TITLE_SIGNS[0] <= len(HAN.findall(line)) <= TITLE_SIGNS[1]
    words = line.split()
    has_verb_like = any(word[:1].islower() for word in words[1:]) or len(words) >= 5
    return TITLE_WORDS[0] <= len(words) <= TITLE_WORDS[1] and line[:1].isupper() and has_verb_like
