"""Sentences of one article -> what is reported in it, line by line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from hkresearch.codebook.book import Codebook
from hkresearch.structure.quotations.chinese_lexicon import read_han_lexicon
from hkresearch.structure.quotations.chinese_lines import is_chinese, read_chinese_line
from hkresearch.structure.quotations.english_lines import find_introduction, read_english_line
from hkresearch.structure.quotations.open_segments import LineHistory
from hkresearch.structure.quotations.quotation import Quotation, QuotedSpan
from hkresearch.structure.quotations.reporting_lexicon import read_reporting_lexicon
from hkresearch.structure.text.quotation_marks import Segment
from hkresearch.structure.text.sentences import Sentence

_CLOSING_MARKS = '"“”„«»'
_LABEL = re.compile(
    r"[\"“]?([A-Z][A-Z.'’-]{1,20}(?: [A-Z][A-Z.'’-]{1,20}){0,3} ?(?:\([^()]{1,40}\))?): +(?=\S)"
)


class _LineSpan(NamedTuple):
    """One line of one part, and where its sentences end."""

    start: int
    end: int
    sentence_ends: list[int]


def find_quotations(
    text: str, sentences: Sequence[Sentence], codebook: Codebook, names: Sequence[QuotedSpan] = ()
) -> list[Quotation]:
    """Return the reported contents of the text in order.

    `names` are the spans of organisations that stand by name, sorted.
    """
    lexicon = read_reporting_lexicon(codebook.news["quotations"]["en"])
    chinese = read_han_lexicon(codebook.news["quotations"]["zh"])
    found: list[Quotation] = []
    history = LineHistory(found)
    lines = list(_find_lines(text, sentences))
    labels = _count_labels(text, lines)
    for line in lines:
        if is_chinese(text, line.start, line.end):
            found += read_chinese_line(text, line.start, line.end, chinese, found, names)
            history = LineHistory(found)
            continue
        label = _LABEL.match(text, line.start, line.end)
        if label and labels[label.group(1)] > 1:  # once could be anything: UPDATE: ...
            found.append(_read_transcript_line(text, label, line.end))
            continue
        span = (line.start, line.end)
        found += read_english_line(text, span, line.sentence_ends, lexicon, history)
        introduced = find_introduction(text, line.start, line.end, lexicon)
        history.line_before = None  # one line back is far enough
        history = LineHistory(found, introduced, history)
    return found


def _find_lines(text: str, sentences: Sequence[Sentence]) -> Iterator[_LineSpan]:
    """Yield the lines of the parts."""
    group: list[Sentence] = []
    for sentence in sentences:
        if group and _starts_line(text, group[-1], sentence):
            yield _LineSpan(group[0].start, group[-1].end, [s.end for s in group])
            group = []
        group.append(sentence)
    if group:
        yield _LineSpan(group[0].start, group[-1].end, [s.end for s in group])


def _starts_line(text: str, last: Sentence, sentence: Sentence) -> bool:
    return sentence.part != last.part or "\n" in text[last.end : sentence.start]


def _count_labels(text: str, lines: Sequence[_LineSpan]) -> Counter[str]:
    """Return how often each label in capitals opens a line, as speakers' do in a transcript."""
    labels = (_LABEL.match(text, line.start, line.end) for line in lines)
    return Counter(label.group(1) for label in labels if label)


def _read_transcript_line(text: str, label: re.Match[str], end: int) -> Quotation:
    """`SMITH: We agree.`: the rest of the line is what the label's bearer said."""
    start = label.end()
    stop = end - 1 if text[end - 1] in _CLOSING_MARKS else end
    segment = Segment(start, stop, start, stop, False)
    return Quotation([(start, stop)], label.span(1), None, True, [segment], "transcript")
