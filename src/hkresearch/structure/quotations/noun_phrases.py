"""A place in a tagged sentence -> the noun phrase that ends there."""

from __future__ import annotations

from hkresearch.structure.quotations.parts_of_speech import (
    NAMES_AND_NOUNS,
    PHRASE_WORDS,
    PREDICATE_WORDS,
    Pos,
)
from hkresearch.structure.quotations.tagged_sentences import TaggedSentence, Tokens

_NEVER_FIRST = frozenset({Pos.POSSESSIVE, Pos.CONJUNCTION, Pos.PREPOSITION, Pos.COMMA})
_NAMES_AND_NUMBERS = NAMES_AND_NOUNS | {Pos.NUMBER}
_NAMED = NAMES_AND_NOUNS | {Pos.DETERMINER}
_BEFORE_PARTICIPLE = NAMES_AND_NOUNS | {Pos.DETERMINER, Pos.POSSESSIVE}
_BEFORE_PREPOSITION = _NAMES_AND_NUMBERS | {Pos.CLOSING, Pos.PAST_FORM, Pos.ING_FORM}
_BEFORE_AND = _NAMES_AND_NUMBERS | {Pos.CLOSING, Pos.COMMA}
_BEFORE_ADVERB = frozenset({Pos.DETERMINER, Pos.AUXILIARY, Pos.RELATIVE})
_INSIDE_LIST = PHRASE_WORDS | {
    Pos.COMMA, Pos.CONJUNCTION, Pos.CLOSING, Pos.OPENING, Pos.PREPOSITION,
}  # fmt: skip
_BEFORE_LIST = frozenset(
    {Pos.SUBORDINATOR, Pos.THAT, Pos.PREPOSITION, Pos.COLON, Pos.SEMICOLON, Pos.STOP, Pos.DASH,
     Pos.ADVERB, Pos.RELATIVE, Pos.MARKED}
)  # fmt: skip
_INSIDE_NAMES = frozenset(
    {Pos.NAME, Pos.NOUN, Pos.NUMBER, Pos.CONJUNCTION, Pos.COMMA, Pos.POSSESSIVE, Pos.DETERMINER}
)
_BRACKET_REACH = 8  # tokens
_RELATIVE_REACH = 12
_SHORT = 40  # characters of a marked name or nickname


def find_noun_phrase(sentence: TaggedSentence, end: int) -> Tokens | None:
    """Return the noun phrase that ends before token `end`, with what is joined to it.

    Prepositional phrases, bracketed words, short relative clauses and lists of names belong to it.
    """
    start, at = end, end - 1
    while at >= sentence.low:
        if sentence.tags[at] == Pos.CLOSING:
            opened = sentence.find_tag_back(Pos.OPENING, at, _BRACKET_REACH)
            if opened is None:
                break
            start = at = opened
        elif _is_phrase_word(sentence, at, start, end):
            start = at
        elif not _joins_phrase(sentence, at, start, end):
            break
        at -= 1
    while start < end and sentence.tags[start] in _NEVER_FIRST:
        start += 1
    if start == end or _is_infinitive(sentence, start):
        return None
    return start, end


def _is_infinitive(sentence: TaggedSentence, start: int) -> bool:
    """Whether the phrase is what somebody is to do ("the decision to end sales suggests")."""
    return sentence.tag_at(start - 1) == Pos.TO and sentence.tags[start] == Pos.NOUN


def _is_phrase_word(sentence: TaggedSentence, at: int, start: int, end: int) -> bool:
    """Whether the phrase may begin with this token."""
    tag = sentence.tags[at]
    if tag in PHRASE_WORDS:
        return True
    before = sentence.tag_at(at - 1)
    if tag == Pos.MARKED:
        is_last = at + 1 >= end
        goes_on = is_last or sentence.tags[at + 1] in _NAMES_AND_NUMBERS
        return before in _NAMED and goes_on and _is_marked_name(sentence, at)
    if tag == Pos.PAST_FORM:
        return before == Pos.MARKED and start < end and sentence.tags[at + 1] in NAMES_AND_NOUNS
    return tag == Pos.ING_FORM and before in _BEFORE_PARTICIPLE


def _joins_phrase(sentence: TaggedSentence, at: int, start: int, end: int) -> bool:
    """Whether the token may stand inside the phrase, where more of it stands before."""
    tag, word = sentence.tags[at], sentence.words[at]
    before = sentence.tag_at(at - 1)
    has_words = start < end
    if tag == Pos.PREPOSITION:
        return before in _BEFORE_PREPOSITION and has_words
    if tag == Pos.CONJUNCTION:
        return word in ("and", "or") and before in _BEFORE_AND and _is_list(sentence, at)
    if tag == Pos.COMMA:
        return _is_list_comma(sentence, at, end)
    if tag == Pos.PAST_FORM:
        return before in _BEFORE_PARTICIPLE and has_words
    if word in ("which", "who"):
        is_near = at > max(sentence.low, end - _RELATIVE_REACH)
        return is_near and before in NAMES_AND_NOUNS
    if tag == Pos.AUXILIARY:
        return before == Pos.RELATIVE
    return tag == Pos.ADVERB and before in _BEFORE_ADVERB


def _is_marked_name(sentence: TaggedSentence, at: int) -> bool:
    segment = sentence.line.segments[at]
    is_short = segment.end - segment.start < _SHORT
    return is_short and segment.is_closed and not sentence.line.is_stopped(at)


def _is_list(sentence: TaggedSentence, at: int) -> bool:
    """Whether the `and` joins two names rather than two clauses."""
    place = at - 1
    while place >= sentence.low and sentence.tags[place] in _INSIDE_LIST:
        if sentence.tags[place] == Pos.COMMA and _is_adjunct(sentence, place):
            return True  # In statements on Monday, X and Y said
        place -= 1
    return place < sentence.low or sentence.tags[place] in _BEFORE_LIST


def _is_adjunct(sentence: TaggedSentence, end: int) -> bool:
    """Whether the sentence opens with a preposition, and no verb stands before `end`."""
    if sentence.tags[sentence.low] != Pos.PREPOSITION:
        return False
    return PREDICATE_WORDS.isdisjoint(sentence.tags[sentence.low : end])


def _is_list_comma(sentence: TaggedSentence, at: int, end: int) -> bool:
    """Whether the comma stands between the names of a list that ends in `and`."""
    if sentence.tag_at(at - 1) != Pos.NAME:
        return False
    if "and" not in sentence.words[at + 1 : end]:
        return False
    return all(tag in _INSIDE_NAMES for tag in sentence.tags[at + 1 : end])
