"""One line of Chinese -> its quotations, with marked words that go on with the speech before."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from hkresearch.core.words import count_han
from hkresearch.structure.quotations.chinese_lexicon import HanLexicon
from hkresearch.structure.quotations.chinese_reports import HanReport, find_han_reports
from hkresearch.structure.quotations.chinese_speakers import find_named_subject
from hkresearch.structure.quotations.chinese_text import HAN_STOPS
from hkresearch.structure.quotations.quotation import (
    Quotation,
    QuotedSpan,
    are_adjacent,
    find_last_speech,
    quote_segment,
)
from hkresearch.structure.text.quotation_marks import Segment, find_segments

_SHORTEST_SPEECH = 6  # characters; what is shorter is a term
_LONG_SPEECH = 12  # characters; what is longer is no term
_SHORTEST_TERM = 4


def is_chinese(text: str, start: int, end: int) -> bool:
    """Return whether at least a fifth of the line is written in Han characters."""
    return 5 * count_han(text[start:end]) >= end - start


def read_chinese_line(
    text: str,
    start: int,
    end: int,
    lexicon: HanLexicon,
    before: list[Quotation],
    names: Sequence[QuotedSpan],
) -> list[Quotation]:
    """Return the quotations of one line; `before` are those of the lines before."""
    segments = find_segments(text, start, end)
    reports = find_han_reports(text, start, end, segments, lexicon, names)
    found = [_make_quotation(text, report, segments, lexicon) for report in reports]
    covered = {segment.start for quotation in found for segment in quotation.segments}
    carried, k, last = [], 0, find_last_speech(before)
    if last and not are_adjacent(text, last, (start, start)):
        last = None
    for segment in segments:
        if segment.start in covered:
            continue
        if not _is_free_standing(text, segment, start, end):
            carried += _quote_unreported(text, start, segment, segments, lexicon, names)
            continue
        while k < len(found) and found[k].contents[0][0] < segment.start:
            last = found[k] if found[k].is_speech else last
            k += 1
        carried.append(quote_segment(segment, last.speaker if last else None, "carried"))
    return sorted(found + carried, key=lambda quotation: quotation.contents[0])


def _make_quotation(
    text: str, report: HanReport, segments: list[Segment], lexicon: HanLexicon
) -> Quotation:
    inside: list[Segment] = []
    for low, high in report.contents:
        first = bisect_left(segments, low, key=lambda segment: segment.outer_start)
        last = bisect_left(segments, high, key=lambda segment: segment.outer_start)
        inside += [segment for segment in segments[first:last] if segment.end <= high + 1]
    is_speech = report.cue is None or text[slice(*report.cue)] not in lexicon.thought
    return Quotation(report.contents, report.speaker, report.cue, is_speech, inside, report.pattern)


def _quote_unreported(
    text: str,
    start: int,
    segment: Segment,
    segments: list[Segment],
    lexicon: HanLexicon,
    names: Sequence[QuotedSpan],
) -> list[Quotation]:
    """Return the marked words of a sentence without a reporting verb, where they are speech.

    `甲揶揄同業：「……」` has a colon. In `甲暫停，直至「進一步評估」` they are an organisation's
    where they are long, or stand beside long ones.
    """
    mark = segment.outer_start
    low = max(start, *(text.rfind(stop, start, mark) + 1 for stop in HAN_STOPS))
    subject = find_named_subject(text, low, mark, lexicon, names)
    if subject is None:
        return []
    if text[mark - 1] in "：:":
        return [quote_segment(segment, subject, "colon")]
    stops = (text.find(stop, segment.outer_end) for stop in HAN_STOPS)
    high = min((place for place in stops if place >= 0), default=len(text))
    lengths = [other.end - other.start for other in segments if low <= other.start < high]
    is_speech = max(lengths) >= _LONG_SPEECH and segment.end - segment.start >= _SHORTEST_TERM
    return [quote_segment(segment, subject, "predicate")] if is_speech else []


def _is_free_standing(text: str, segment: Segment, start: int, end: int) -> bool:
    """Return whether a marked segment is a sentence of its own, and so no term and no title."""
    low, high = segment.outer_start, segment.outer_end
    while low > start and text[low - 1].isspace():
        low -= 1
    while high < end and text[high].isspace():
        high += 1
    opens = low == start or text[low - 1] in HAN_STOPS + "」』”"
    is_stopped = (
        high == end or text[high] in HAN_STOPS + "「『“" or text[segment.end - 1] in HAN_STOPS
    )
    return opens and is_stopped and segment.end - segment.start >= _SHORTEST_SPEECH
