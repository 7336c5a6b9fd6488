"""A reporting verb in a Chinese sentence -> the span of who speaks."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from hkresearch.structure.quotations.chinese_lexicon import LONGEST_HAN_SPEAKER, HanLexicon
from hkresearch.structure.quotations.chinese_text import trim_han
from hkresearch.structure.quotations.quotation import QuotedSpan

_CLAUSE_EDGES = "，,；;：:。！？」』”"
_EDGE = re.compile("[，,；;]")
_LONGEST_OPENING = 200  # characters of a sentence in which its subject is looked for


def find_clause_start(text: str, at: int, low: int) -> int:
    """Return where the clause of a position begins, at most a speaker's length back."""
    low = max(low, at - LONGEST_HAN_SPEAKER - 1)
    while at > low and text[at - 1] not in _CLAUSE_EDGES:
        at -= 1
    return at


def find_han_speaker(text: str, start: int, end: int, lexicon: HanLexicon) -> QuotedSpan | None:
    """Return the speaker in a clause up to its verb, without time, place and manner."""
    if quoting := lexicon.quoting.search(text, start, end):
        start = quoting.end()
    if lead := lexicon.lead.match(text, start, end):
        start = lead.end()
    if start < end and (adjunct := lexicon.adjunct.search(text, start, end)):
        end = adjunct.start()
    start, end = trim_han(text, start, end)
    has_word = start < end and re.search(r"\w", text[start:end])
    return (start, end) if has_word else None


def find_first_speaker(
    text: str, low: int, before: int, lexicon: HanLexicon, names: Sequence[QuotedSpan]
) -> QuotedSpan | None:
    """Return the subject of a clause before the verb's: `甲昨日發表聲明，表示……`.

    A name that the book knows comes first, else what the sentence begins with.
    """
    named = find_named_subject(text, low, before, lexicon, names)
    return named or _find_opening_subject(text, low, before, lexicon)


def find_named_subject(
    text: str, low: int, before: int, lexicon: HanLexicon, names: Sequence[QuotedSpan]
) -> QuotedSpan | None:
    """Return the last names that stand first in their clause, with the role behind them."""
    k = bisect_left(names, (before, 0))
    while k and names[k - 1][0] >= max(low, before - _LONGEST_OPENING):
        k -= 1
        clause = find_clause_start(text, names[k][0], low)
        if k == 0 or names[k - 1][0] < clause:
            begin, end = names[k]
            while k + 1 < len(names) and lexicon.joins.fullmatch(text, end, names[k + 1][0]):
                k, end = k + 1, names[k + 1][1]
            role = lexicon.role.match(text, end, before)
            return begin, role.end() if role else end
    return None


def _find_opening_subject(
    text: str, low: int, before: int, lexicon: HanLexicon
) -> QuotedSpan | None:
    """Return the first phrase of the sentence behind which an adverbial ends it."""
    position = low
    for edge in _EDGE.finditer(text, low, min(before, low + _LONGEST_OPENING)):
        speaker = find_han_speaker(text, position, edge.start(), lexicon)
        if speaker and speaker[1] < edge.start():
            return speaker
        position = edge.end()
    return None
