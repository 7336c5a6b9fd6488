"""A reported content that begins at a token -> where it stops."""

from __future__ import annotations

from hkresearch.structure.quotations.parts_of_speech import PHRASE_WORDS, Pos
from hkresearch.structure.quotations.reporting_lexicon import ADDRESS, INFINITIVE, SPEECH, Cue
from hkresearch.structure.quotations.tagged_sentences import TaggedSentence

_PARENTHETICAL_SUBJECT = PHRASE_WORDS | {Pos.SUBJECT_PRONOUN}
_AFTER_PARENTHETICAL = frozenset({"", Pos.COMMA, Pos.STOP, Pos.PREPOSITION, Pos.TIME})
_GOVERNED = frozenset(
    {"", Pos.THAT, Pos.DETERMINER, Pos.SUBJECT_PRONOUN, Pos.NAME, Pos.MARKED, Pos.RELATIVE,
     Pos.COLON, Pos.OBJECT_PRONOUN, Pos.NOUN, Pos.ING_FORM}
)  # fmt: skip
_PARENTHETICAL_REACH = 8  # tokens
_SERIES_REACH = 12


def find_content_end(sentence: TaggedSentence, begin: int, start: int) -> int:
    """Return where a content stops: the sentence's end, or where its reporter goes on.

    `start` is the first token of the reporting verb's group.
    """
    depth = 0
    is_inside = _stands_in_relative(sentence, start) or _stands_in_adjunct(sentence, start)
    for place in range(begin, sentence.high):
        tag = sentence.tags[place]
        if tag == Pos.OPENING:
            depth += 1
        elif tag == Pos.CLOSING:
            if depth == 0:
                return place
            depth -= 1
        elif depth == 0 and _is_end(sentence, place, begin, is_inside):
            return place
    return sentence.high


def _is_end(sentence: TaggedSentence, place: int, begin: int, is_inside: bool) -> bool:
    tag, line = sentence.tags[place], sentence.line
    if tag == Pos.SEMICOLON:
        return True
    if tag == Pos.DASH and line.ends[place - 1] < line.starts[place]:
        return True
    if tag == Pos.COMMA and place > begin:
        return is_inside or _ends_at_comma(sentence, place)
    if tag == Pos.CONJUNCTION and place > begin and _ends_at_conjunction(sentence, place):
        return True
    return sentence.find_source(place) is not None


def _stands_in_relative(sentence: TaggedSentence, start: int) -> bool:
    """Whether the verb stands in an inserted clause: `X, who said A, B`."""
    if start - 1 <= sentence.low:
        return False
    return sentence.tags[start - 2 : start] == [Pos.COMMA, Pos.RELATIVE]


def _stands_in_adjunct(sentence: TaggedSentence, start: int) -> bool:
    """Whether the verb stands in a clause that something follows: `When X said A, B`."""
    low = sentence.low
    is_participle = start <= low + 1 and sentence.forms.get(start) == "participle"
    if sentence.tags[low] != Pos.SUBORDINATOR and not is_participle:
        return False
    return Pos.COMMA not in sentence.tags[low:start]


def _ends_at_comma(sentence: TaggedSentence, comma: int) -> bool:
    """Whether behind the comma the reporter goes on, or the scene is told."""
    tags, words, lists = sentence.tags, sentence.words, sentence.lexicon.words
    place = sentence.skip((Pos.ADVERB,), comma + 1)
    if place >= sentence.high:
        return True
    if tags[place] == Pos.REPORTING_VERB and _goes_on_reporting(sentence.cue_at(place)):
        return True
    if tags[place] == Pos.CONJUNCTION:
        if _ends_at_conjunction(sentence, place) or _opens_report(sentence, place + 1):
            return True
    if tags[place] == Pos.NAME and _opens_gapped(sentence, place):
        return True
    while place + 1 < sentence.high:  # two days later, shortly after
        if tags[place] != Pos.TIME and words[place] not in lists["time_units"]:
            break
        place += 1
    if words[place] in lists["scene"] or words[place : place + 4] == ["in", "the", "wake", "of"]:
        return True
    return _is_parenthetical(sentence, place)


def _opens_report(sentence: TaggedSentence, start: int) -> bool:
    """Whether another reporter and the verb stand there: `..., and a US official said`."""
    place = sentence.skip(PHRASE_WORDS, start)
    if place == start or sentence.tag_at(place) != Pos.REPORTING_VERB:
        return False
    is_finite = sentence.forms.get(place) in ("past", "s")
    return is_finite and bool(sentence.cue_at(place).frames & (SPEECH | ADDRESS))


def _opens_gapped(sentence: TaggedSentence, start: int) -> bool:
    """Whether a name and `that` stand there, without the verb: `Alpha said A, Beta that B`."""
    return sentence.tag_at(sentence.skip((Pos.NAME,), start)) == Pos.THAT


def _goes_on_reporting(cue: Cue) -> bool:
    return cue.is_form("ing") or bool(cue.frames & SPEECH and cue.is_form("past"))


def _is_parenthetical(sentence: TaggedSentence, start: int) -> bool:
    """Whether only a subject and its verb stand there: `, he said` and `, Jane Doe said`."""
    place = sentence.skip(_PARENTHETICAL_SUBJECT, start)
    if place == start or place >= start + _PARENTHETICAL_REACH:
        return False
    if sentence.tag_at(place) != Pos.REPORTING_VERB:
        return False
    cue = sentence.cue_at(place)
    is_saying = bool(cue.frames & SPEECH) and cue.is_form("past", "s")
    return is_saying and sentence.tag_at(place + 1) in _AFTER_PARENTHETICAL


def _ends_at_conjunction(sentence: TaggedSentence, conjunction: int) -> bool:
    """Whether the reporter goes on with another verb: `... and called for`."""
    place = sentence.skip((Pos.ADVERB,), conjunction + 1)
    if sentence.tag_at(place) != Pos.REPORTING_VERB:
        return False
    cue = sentence.cue_at(place)
    if cue.is_ambiguous or cue.is_form("base") or not cue.is_form("past", "s"):
        return False
    following = sentence.tag_at(place + 1)
    if following in _GOVERNED or sentence.line.words[place + 1] in cue.prepositions:
        return True
    return following == Pos.TO and bool(cue.frames & INFINITIVE)


def find_object_end(sentence: TaggedSentence, begin: int, end: int) -> int:
    """Return where an object stops: before a clause, a time, or a scene."""
    tags = sentence.tags
    for place in range(begin + 1, end):
        tag = tags[place]
        if tag == Pos.COMMA and not _is_series(sentence, place, end):
            return place
        if tag == Pos.SUBORDINATOR and sentence.words[place] != "as":
            return place
        if tag == Pos.TIME or (tag == Pos.PREPOSITION and _opens_scene(sentence, place, end)):
            return place
    return end


def _opens_scene(sentence: TaggedSentence, preposition: int, end: int) -> bool:
    """Whether a time or a circumstance follows: `their plans on 6 July`, `amid protests`."""
    following = sentence.tags[preposition + 1 : preposition + 3]
    if following == [Pos.NUMBER, Pos.TIME]:
        return True
    if preposition + 1 >= end:
        return False
    is_scene = sentence.words[preposition] in sentence.lexicon.words["scene_prepositions"]
    return is_scene or following[:1] == [Pos.TIME]


def _is_series(sentence: TaggedSentence, comma: int, end: int) -> bool:
    following = sentence.words[comma + 1 : min(end, comma + _SERIES_REACH)]
    return "and" in following or "or" in following


def find_marked_end(sentence: TaggedSentence, begin: int, end: int) -> int:
    """Return where a closed speech stops: behind the marked segments that follow each other."""
    return min(sentence.skip((Pos.MARKED,), begin + 1), end)
