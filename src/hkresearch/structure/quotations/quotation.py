"""A quotation while it is read, before it becomes annotations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from hkresearch.structure.text.entity_names import Mention
from hkresearch.structure.text.quotation_marks import Segment

QuotedSpan = tuple[int, int]  # half-open, in code points of the text layer
Credit = tuple[int, int, str]  # a span, and the outlet: an entity's id, or its words
_CARRIERS = 20  # quotations back that a free-standing one can go on with


@dataclass(slots=True)
class Quotation:
    """One reported content, with who speaks and by which words that is said."""

    contents: list[QuotedSpan]  # contiguous pieces, each of which becomes an annotation
    speaker: QuotedSpan | None = None
    cue: QuotedSpan | None = None
    is_speech: bool = True
    segments: list[Segment] = field(default_factory=list)
    pattern: str = ""
    topic: QuotedSpan | None = None  # the subject of the sentences before on its line
    topic_before: QuotedSpan | None = None  # that of the line before
    subject: QuotedSpan | None = None  # the subject of its own sentence, before the speaker
    organisations: list[Mention] = field(default_factory=list)
    credit: Credit | None = None


def quote_segment(
    segment: Segment, speaker: QuotedSpan | None, pattern: str, cue: QuotedSpan | None = None
) -> Quotation:
    """Return a marked segment as a quotation of its own."""
    span = (segment.outer_start, segment.outer_end)
    return Quotation([span], speaker, cue, True, [segment], pattern)


def are_adjacent(text: str, last: Quotation, speaker: QuotedSpan) -> bool:
    """Return whether a speaker stands on the line of a quotation, or on the next one."""
    start = min(last.contents[0][0], speaker[0])
    lines = text[start : max(start, speaker[0])].split("\n")
    return sum(1 for line in lines[1:-1] if line.strip()) == 0


def find_last_speech(before: Sequence[Quotation]) -> Quotation | None:
    """Return the speech that a free-standing one goes on with, among the last few quotations."""
    return next((q for q in reversed(before[-_CARRIERS:]) if q.is_speech), None)
