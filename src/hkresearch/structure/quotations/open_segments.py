"""A marked segment that no reporting verb covers -> speech that goes on, or none."""

from __future__ import annotations

from hkresearch.structure.quotations.grammatical_subjects import find_speaker_before
from hkresearch.structure.quotations.parts_of_speech import PHRASE_WORDS, Pos
from hkresearch.structure.quotations.quotation import (
    Quotation,
    QuotedSpan,
    find_last_speech,
    quote_segment,
)
from hkresearch.structure.quotations.tagged_sentences import TaggedSentence
from hkresearch.structure.quotations.tokens import Line

_BETWEEN_SEGMENTS = frozenset(
    {Pos.MARKED, Pos.STOP, Pos.COMMA, Pos.DASH, Pos.ELLIPSIS, Pos.CONJUNCTION}
)
_SIGNATURE_WORDS = PHRASE_WORDS | {Pos.COMMA, Pos.PREPOSITION, Pos.OPENING, Pos.CLOSING}
_LONGEST_SIGNATURE = 25  # tokens
_FEWEST_WORDS = 3  # what is shorter is a term


def is_marked_alone(line: Line, low: int, high: int) -> bool:
    """Return whether the sentence is nothing but marked segments."""
    return all(tag in _BETWEEN_SEGMENTS for tag in line.tags[low:high])


def read_open_segment(
    sentence: TaggedSentence,
    index: int,
    is_alone: bool,
    before: list[Quotation],
    subject: QuotedSpan | None,
    introduced: Quotation | None,
) -> Quotation | None:
    """Return what a marked segment goes on with; None where it is a term or a title.

    `subject` is whom the sentences before are about, `introduced` who was said to speak next.
    """
    line = sentence.line
    segment = line.segments[index]
    if signature := _find_signature(line, index):
        return quote_segment(segment, signature, "signed")
    if index > sentence.low and sentence.tags[index - 1] == Pos.COLON:
        return quote_segment(segment, line.find_span(find_speaker_before(sentence)), "colon")
    if introduced:
        return quote_segment(segment, introduced.speaker, "introduced", introduced.cue)
    words = line.text[segment.start : segment.end].split(maxsplit=_FEWEST_WORDS)
    if not is_alone or len(words) < _FEWEST_WORDS:
        return None
    carrier = find_last_speech(before)
    speaker = subject or (carrier.speaker if carrier else None)
    return quote_segment(segment, speaker, "carried")


def _find_signature(line: Line, index: int) -> QuotedSpan | None:
    """Return the name behind the only speech of a line: `"..." — Jane Doe, a lawyer`."""
    if line.tag_at(index + 1) != Pos.DASH or Pos.MARKED in line.tags[:index]:
        return None
    places = range(index + 2, len(line.tags))
    name = [place for place in places if line.tags[place] != Pos.STOP]
    if not name or len(name) >= _LONGEST_SIGNATURE or line.tags[name[0]] != Pos.NAME:
        return None
    if not all(line.tags[place] in _SIGNATURE_WORDS for place in name):
        return None
    return line.starts[name[0]], line.ends[name[-1]]
