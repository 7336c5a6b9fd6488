"""A verb behind what it reports -> the subject to its right: `"...", said Jane Doe.`"""

from __future__ import annotations

from hkresearch.structure.quotations.parts_of_speech import (
    FINITE_VERBS,
    NAMES_AND_NOUNS,
    PHRASE_WORDS,
    Pos,
)
from hkresearch.structure.quotations.reporting_lexicon import SPEECH, Cue
from hkresearch.structure.quotations.tagged_sentences import TaggedSentence, Tokens

_ENDS_CONTENT = frozenset({Pos.COMMA, Pos.MARKED})
_FIRST_OF_SUBJECT = NAMES_AND_NOUNS | {Pos.DETERMINER, Pos.SUBJECT_PRONOUN, Pos.NUMBER}
_SUBJECT_WORDS = PHRASE_WORDS | {Pos.SUBJECT_PRONOUN}
_JOINS = frozenset({Pos.PREPOSITION, Pos.CONJUNCTION, Pos.TO, Pos.DASH})
_JOINED = NAMES_AND_NOUNS | {Pos.DETERMINER, Pos.NUMBER}
_PARTICIPLES = frozenset({Pos.ING_FORM, Pos.PAST_FORM})
_BEFORE_PARTICIPLE = frozenset({Pos.DETERMINER, Pos.POSSESSIVE})
_NEVER_AFTER = FINITE_VERBS | {Pos.REPORTING_VERB, Pos.THAT}
_BRACKET_REACH = 8  # tokens


def find_inverted_subject(
    sentence: TaggedSentence, verb: int, start: int, cue: Cue
) -> Tokens | None:
    """Return the subject right of the verb; None where the order is the usual one."""
    if not _may_be_inverted(sentence, verb, start, cue):
        return None
    stop = _find_subject_end(sentence, verb + 1)
    if sentence.tag_at(stop) == Pos.OPENING:
        closing = sentence.find_tag((Pos.CLOSING,), stop, stop + _BRACKET_REACH)
        stop = closing + 1 if closing else stop
    following = sentence.tag_at(stop)
    if following in _NEVER_AFTER:
        return None
    if following == Pos.PAST_FORM and sentence.tags[verb - 1] == Pos.COMMA:
        return None
    return verb + 1, stop


def _may_be_inverted(sentence: TaggedSentence, verb: int, start: int, cue: Cue) -> bool:
    """Whether a verb of saying alone stands between what is said and a noun phrase."""
    if not cue.frames & SPEECH or start == sentence.low or start != verb:
        return False
    if verb + 1 >= sentence.high or sentence.tags[verb - 1] not in _ENDS_CONTENT:
        return False
    following = sentence.tags[verb + 1]
    if cue.is_form("ing") or following not in _FIRST_OF_SUBJECT:
        return False
    if sentence.words[verb] in ("told", "tells", "tell"):
        return False
    if following == Pos.NOUN and not sentence.words[verb + 1].endswith("s"):
        is_one = sentence.words[verb + 1] == "one"  # said one, who asked not to be named
        return is_one or sentence.line.tag_at(verb + 2) == Pos.NAME
    return True


def _find_subject_end(sentence: TaggedSentence, at: int) -> int:
    while at < sentence.high:
        tag = sentence.tags[at]
        if tag in _JOINS:
            if sentence.tag_at(at + 1) not in _JOINED:
                break
            of_names = sentence.lexicon.words["of_names"]
            if tag == Pos.PREPOSITION and sentence.words[at] not in of_names:
                break
        elif tag in _PARTICIPLES:
            if sentence.tags[at - 1] not in _BEFORE_PARTICIPLE:
                break
        elif tag not in _SUBJECT_WORDS:
            break
        at += 1
    return at
