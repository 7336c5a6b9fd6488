"""A reporting verb in its sentence -> the tokens of who reports."""

from __future__ import annotations

from hkresearch.structure.quotations.noun_phrases import find_noun_phrase
from hkresearch.structure.quotations.parts_of_speech import (
    FINITE_VERBS,
    NAMES_AND_NOUNS,
    PHRASE_WORDS,
    PREDICATE_WORDS,
    Pos,
)
from hkresearch.structure.quotations.tagged_sentences import TaggedSentence, Tokens

_OPENS_ADJUNCT = frozenset({Pos.PREPOSITION, Pos.SUBORDINATOR})
_STANDS_FOR_SUBJECT = frozenset({Pos.SUBJECT_PRONOUN, Pos.RELATIVE, Pos.THAT})
_PRONOUNS = frozenset({Pos.SUBJECT_PRONOUN, Pos.RELATIVE})
_ENDS_INSERTION = frozenset({Pos.COMMA, Pos.DASH, Pos.CLOSING})
_SUBJECT_WORDS = PHRASE_WORDS | {Pos.SUBJECT_PRONOUN}
_BEFORE_TERM = NAMES_AND_NOUNS | {Pos.DETERMINER, Pos.POSSESSIVE, Pos.PREPOSITION}
_MAIN_VERBS = FINITE_VERBS | {Pos.PAST_FORM}
_ENDS_SUBJECT = NAMES_AND_NOUNS | {Pos.SUBJECT_PRONOUN, Pos.CLOSING}
_BEFORE_MAIN_VERB = _ENDS_SUBJECT | {Pos.POSSESSIVE}
_BEFORE_VERB = _ENDS_SUBJECT | {Pos.NUMBER, Pos.RELATIVE}
_AFTER_SUBJECT = PREDICATE_WORDS | {Pos.ADVERB}
_BEFORE_FIRST_PHRASE = _OPENS_ADJUNCT | {Pos.ADVERB, Pos.CONJUNCTION}
_NEVER_LAST = frozenset({Pos.PREPOSITION, Pos.CONJUNCTION})
_OPENS_APPOSITION = frozenset(
    {Pos.DETERMINER, Pos.NAME, Pos.NOUN, Pos.RELATIVE, Pos.NUMBER, Pos.ING_FORM, Pos.PAST_FORM,
     Pos.VERB, Pos.PREPOSITION, Pos.SUBORDINATOR, Pos.REPORTING_VERB, Pos.ADVERB}
)  # fmt: skip
_BEFORE_APPOSITION = frozenset(
    {Pos.NAME, Pos.NOUN, Pos.NUMBER, Pos.POSSESSIVE, Pos.CLOSING, Pos.SUBJECT_PRONOUN, Pos.MARKED}
)
_STOPS_APPOSITION = frozenset({Pos.SEMICOLON, Pos.COLON, Pos.MARKED})
_ADJUNCT_REACH = 25  # tokens
_APPOSITION_REACH = 40
_BRACKET_REACH = 12


def find_reporter(sentence: TaggedSentence, start: int, verb: int, form: str) -> Tokens | None:
    """Return the subject of a reporting verb whose group begins at token `start`."""
    tags, at = sentence.tags, start - 1
    is_participle = form == "participle"
    if at < sentence.low:
        return _find_subject_after(sentence, verb) if is_participle else None
    tag = tags[at]
    if is_participle and at == sentence.low and tag in _OPENS_ADJUNCT:
        return _find_subject_after(sentence, verb) or _inherit_subject(sentence, at)
    if tag == Pos.TO or is_participle:
        return _inherit_subject(sentence, at)
    if tag in _STANDS_FOR_SUBJECT:
        return at, at + 1
    if tag == Pos.CONJUNCTION or (tag == Pos.MARKED and not _is_term(sentence, at)):
        return _inherit_subject(sentence, at)
    if tag in _ENDS_INSERTION:
        return _find_apposed(sentence, at) or _inherit_subject(sentence, at)
    return find_noun_phrase(sentence, at + 1) or _inherit_subject(sentence, at)


def _find_subject_after(sentence: TaggedSentence, verb: int) -> Tokens | None:
    """`After saying ..., she was ...`: the subject of the clause that follows."""
    for place in range(verb + 1, sentence.high - 1):
        tag = sentence.tags[place]
        ends_speech = tag == Pos.MARKED and sentence.line.is_stopped(place)
        if tag == Pos.COMMA or ends_speech:
            end = sentence.skip(_SUBJECT_WORDS, place + 1)
            if end > place + 1 and sentence.tag_at(end) in _AFTER_SUBJECT:
                return place + 1, end
    return None


def _is_term(sentence: TaggedSentence, at: int) -> bool:
    return sentence.tag_at(at - 1) in _BEFORE_TERM


def _inherit_subject(sentence: TaggedSentence, at: int) -> Tokens | None:
    """Return the subject of the verb before: the last reporter, else that of the last verb."""
    if reporter := _find_last_reporter(sentence, at):
        return reporter
    tag = sentence.tags[at]
    if tag == Pos.CONJUNCTION and at - 1 > sentence.low and sentence.tags[at - 1] == Pos.COMMA:
        if first := _find_first_phrase(sentence):
            return first
    if tag == Pos.COMMA:  # `..., saying`: the subject of the main clause
        if main := find_main_subject(sentence):
            return main
    return _find_subject_before(sentence, at) or _find_first_phrase(sentence)


def _find_last_reporter(sentence: TaggedSentence, at: int) -> Tokens | None:
    """Return who speaks in the last report that ends before, outside other reports."""
    for report in reversed(sentence.reports):
        end = report.contents[-1][1]
        if report.speaker is None or end > at + 1 or report.pattern == "according":
            continue
        if any(other.holds(report) for other in sentence.reports if other is not report):
            continue
        is_relative = sentence.tags[report.speaker[0]] in (Pos.RELATIVE, Pos.THAT)
        if not is_relative or end >= at - 1:
            return report.speaker
    return None


def _find_subject_before(sentence: TaggedSentence, at: int) -> Tokens | None:
    """Return the subject of the last verb before a token."""
    for place in range(at, sentence.low - 1, -1):
        if subject := sentence.subjects.get(place):
            return subject
        before = sentence.tag_at(place - 1)
        if sentence.tags[place] in _MAIN_VERBS and before in _BEFORE_VERB:
            if before in _PRONOUNS:
                return place - 1, place
            if found := find_noun_phrase(sentence, place):
                return found
    return None


def _find_first_phrase(sentence: TaggedSentence) -> Tokens | None:
    """Return the first noun phrase of the sentence, behind what only sets the scene."""
    at = sentence.low
    while sentence.tag_at(at) in _BEFORE_FIRST_PHRASE:
        if sentence.tags[at] in _OPENS_ADJUNCT:
            comma = sentence.find_tag((Pos.COMMA,), at, at + _ADJUNCT_REACH)
            if comma is None:
                return None
            at = comma
        at = sentence.skip((Pos.COMMA,), at + 1)
    end = at
    while end < sentence.high and _continues_first_phrase(sentence, end, at):
        end += 1
    while end > at and sentence.tags[end - 1] in _NEVER_LAST:
        end -= 1
    return (at, end) if end > at else None


def _continues_first_phrase(sentence: TaggedSentence, place: int, start: int) -> bool:
    tag = sentence.tags[place]
    if tag in _SUBJECT_WORDS:
        return True
    if tag == Pos.PAST_FORM and sentence.line.tag_at(place + 1) in NAMES_AND_NOUNS:
        return True
    joining = sentence.lexicon.words["phrase_prepositions"]
    return place > start and (sentence.words[place] == "and" or sentence.words[place] in joining)


def find_main_subject(sentence: TaggedSentence) -> Tokens | None:
    """Return the subject of the sentence's first verb, where it is a name or a pronoun."""
    for place in range(sentence.low + 1, sentence.high):
        before = sentence.tags[place - 1]
        if sentence.tags[place] in PREDICATE_WORDS and before in _BEFORE_MAIN_VERB:
            if before == Pos.SUBJECT_PRONOUN:
                return place - 1, place
            return find_noun_phrase(sentence, place)
    return None


def find_speaker_before(sentence: TaggedSentence) -> Tokens | None:
    """Return who speaks in `X, a firm, put it plainly: "..."`, without a reporting verb."""
    return _find_first_phrase(sentence) or find_main_subject(sentence)


def _find_apposed(sentence: TaggedSentence, at: int) -> Tokens | None:
    """Return the phrase before an apposition, with it: `Jane Doe, a professor at X,`."""
    mark = sentence.tags[at]
    if mark == Pos.CLOSING:
        return _find_before_bracket(sentence, at)
    for place in range(at - 1, max(sentence.low, at - _APPOSITION_REACH) - 1, -1):
        tag = sentence.tags[place]
        if tag == mark and place > sentence.low:
            if found := _find_before_insertion(sentence, place, at):
                return found
        elif tag in _STOPS_APPOSITION:
            break
    return None


def _find_before_bracket(sentence: TaggedSentence, at: int) -> Tokens | None:
    opened = sentence.find_tag_back(Pos.OPENING, at, _BRACKET_REACH)
    if opened is None or opened == sentence.low:
        return None
    found = find_noun_phrase(sentence, opened)
    return (found[0], at + 1) if found else None


def _find_before_insertion(sentence: TaggedSentence, mark: int, at: int) -> Tokens | None:
    """Return the phrase before the comma or dash that opens an insertion, up to its end."""
    tags = sentence.tags
    if tags[mark + 1] not in _OPENS_APPOSITION or tags[mark - 1] not in _BEFORE_APPOSITION:
        return None
    if tags[mark - 1] == Pos.CLOSING:
        found = _find_before_bracket(sentence, mark - 1)
        return (found[0], at) if found else None
    found = find_noun_phrase(sentence, mark)
    if found is None:
        return None
    if tags[mark] == Pos.DASH:
        return found[0], at
    if tags[found[0]] in _SUBJECT_WORDS and not _is_adjunct(sentence, found):
        return found[0], at
    return None


def _is_adjunct(sentence: TaggedSentence, phrase: Tokens) -> bool:
    """Whether the phrase only opens the sentence: `On Monday, ...`."""
    return phrase[0] - 1 == sentence.low and sentence.tags[sentence.low] in _OPENS_ADJUNCT
