"""A marked segment that no reporting verb covers -> speech that goes on, or none."""

from __future__ import annotations

from dataclasses import dataclass, field

from hkresearch.structure.quotations.grammatical_subjects import (
    find_main_subject,
    find_speaker_before,
)
from hkresearch.structure.quotations.noun_phrases import find_noun_phrase
from hkresearch.structure.quotations.parts_of_speech import PHRASE_WORDS, PREDICATE_WORDS, Pos
from hkresearch.structure.quotations.quotation import (
    Quotation,
    QuotedSpan,
    are_adjacent,
    find_last_speech,
    quote_segment,
)
from hkresearch.structure.quotations.tagged_sentences import TaggedSentence
from hkresearch.structure.quotations.tokens import Line

_BETWEEN_SEGMENTS = frozenset(
    {Pos.MARKED, Pos.STOP, Pos.COMMA, Pos.DASH, Pos.ELLIPSIS, Pos.CONJUNCTION}
)
_SIGNATURE_WORDS = PHRASE_WORDS | {Pos.COMMA, Pos.PREPOSITION, Pos.OPENING, Pos.CLOSING}
_OPENS_ADJUNCT = frozenset({Pos.PREPOSITION, Pos.SUBORDINATOR})
_BEFORE_PREDICATE = PREDICATE_WORDS | {Pos.TO, Pos.ADVERB}
_LONGEST_SIGNATURE = 25  # tokens
_FEWEST_WORDS = 3  # what is shorter is a term
_CLAUSE_WORDS = 5  # what is shorter is no clause


@dataclass(slots=True)
class LineHistory:
    """What was read before a sentence: on the lines before, and on its own."""

    before: list[Quotation]
    introduced: Quotation | None = None  # who was said to speak on this line
    line_before: LineHistory | None = None
    found: list[Quotation] = field(default_factory=list)
    sentences: list[TaggedSentence] = field(default_factory=list)  # those before on this line

    def find_topic(self) -> QuotedSpan | None:
        """Return the last subject of the sentences before on this line."""
        topics = (find_topic(sentence) for sentence in reversed(self.sentences))
        return next((topic for topic in topics if topic), None)

    def find_carrier(self, text: str, start: int) -> Quotation | None:
        """Return the speech that words at a position go on with: of this line or the one before."""
        last = find_last_speech(self.found) or find_last_speech(self.before)
        return last if last and are_adjacent(text, last, (start, start)) else None


def is_marked_alone(line: Line, low: int, high: int) -> bool:
    """Return whether the sentence is nothing but marked segments."""
    return all(tag in _BETWEEN_SEGMENTS for tag in line.tags[low:high])


def read_open_segment(
    sentence: TaggedSentence, index: int, is_alone: bool, history: LineHistory
) -> Quotation | None:
    """Return what a marked segment goes on with; None where it is a term or a title."""
    line = sentence.line
    segment = line.segments[index]
    if signature := _find_signature(line, index):
        return quote_segment(segment, signature, "signed")
    if index > sentence.low and sentence.tags[index - 1] == Pos.COLON:
        return quote_segment(segment, line.find_span(find_speaker_before(sentence)), "colon")
    introduced = history.introduced
    if introduced and is_alone and sentence.low == 0:
        return quote_segment(segment, introduced.speaker, "introduced", introduced.cue)
    words = line.text[segment.start : segment.end].split()
    if is_alone and len(words) >= _FEWEST_WORDS:
        carrier = history.find_carrier(line.text, segment.start)
        speaker = history.find_topic() or (carrier.speaker if carrier else None)
        return quote_segment(segment, speaker, "carried")
    if len(words) >= _CLAUSE_WORDS and _is_behind_adjunct(sentence, index):
        carrier = find_last_speech(history.found)
        return quote_segment(segment, carrier.speaker, "carried") if carrier else None
    if subject := _find_doer(sentence, index, words):
        return quote_segment(segment, line.find_span(subject), "predicate")
    return None


def _is_behind_adjunct(sentence: TaggedSentence, index: int) -> bool:
    """Whether a sentence without a verb only leads to the marked words: `For this, "..."`."""
    tags = sentence.tags[sentence.low : index]
    is_last = index == sentence.high - 1 and sentence.line.is_stopped(index)
    is_adjunct = bool(tags) and tags[0] in _OPENS_ADJUNCT and tags[-1] == Pos.COMMA
    return is_last and is_adjunct and PREDICATE_WORDS.isdisjoint(tags)


def _find_doer(sentence: TaggedSentence, index: int, words: list[str]) -> tuple[int, int] | None:
    """Return X of `X is "assessing" the law`, whose words they are if X is an organisation."""
    if not any(word.endswith("ing") for word in words[:2]):
        return None
    if sentence.word_at(index - 1) not in sentence.lexicon.words["be"]:
        return None
    start = index - 1
    while sentence.tag_at(start - 1) in _BEFORE_PREDICATE:
        start -= 1
    return find_noun_phrase(sentence, start)


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


def find_topic(sentence: TaggedSentence) -> QuotedSpan | None:
    """Return the subject of a sentence, or with what it begins; None for a pronoun."""
    for subject in (find_main_subject(sentence), find_speaker_before(sentence)):
        if subject and sentence.tags[subject[0]] != Pos.SUBJECT_PRONOUN:
            return sentence.line.find_span(subject)
    return None
