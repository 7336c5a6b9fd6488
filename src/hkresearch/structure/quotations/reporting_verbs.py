"""The words of one English sentence -> which of them are reporting verbs, and in which form."""

from __future__ import annotations

from hkresearch.structure.quotations.parts_of_speech import (
    ADVERBIALS,
    NAMES_AND_NOUNS,
    PHRASE_WORDS,
    Pos,
)
from hkresearch.structure.quotations.reporting_lexicon import INFINITIVE, Cue
from hkresearch.structure.quotations.tagged_sentences import TaggedSentence

_GROUP_WORDS = ADVERBIALS | {Pos.AUXILIARY}
_LAST_OF_SUBJECT = PHRASE_WORDS | {
    Pos.SUBJECT_PRONOUN, Pos.RELATIVE, Pos.THAT, Pos.CLOSING, Pos.MARKED, Pos.PAST_FORM,
    Pos.ING_FORM, Pos.OBJECT_PRONOUN,
}  # fmt: skip
_BEFORE_VERB = _LAST_OF_SUBJECT | {Pos.COMMA, Pos.CONJUNCTION, Pos.DASH}
_OPENS_CONTENT = frozenset(
    {Pos.THAT, Pos.DETERMINER, Pos.SUBJECT_PRONOUN, Pos.MARKED, Pos.NAME, Pos.RELATIVE,
     Pos.OBJECT_PRONOUN, Pos.COLON}
)  # fmt: skip
_MAY_OPEN_CONTENT = frozenset({Pos.NOUN, Pos.ING_FORM, Pos.NUMBER, Pos.SUBORDINATOR})
_SURE_SUBJECTS = frozenset({Pos.SUBJECT_PRONOUN, Pos.AUXILIARY, Pos.RELATIVE, Pos.TO})
_BEFORE_GOVERNED = frozenset({Pos.SUBJECT_PRONOUN, Pos.AUXILIARY, Pos.NAME, Pos.TO})
_ENDS = frozenset({Pos.STOP, Pos.COMMA})
_QUOTED_REACH = 12  # tokens from "quoted" to "as saying"
_MARKED_REACH = 6  # tokens from a marked segment to the verb that closes its clause


def settle_tags(sentence: TaggedSentence) -> None:
    """Decide which words that look like reporting verbs are verbs here, from left to right."""
    tags, words = sentence.tags, sentence.words
    for index in range(sentence.low, sentence.high):
        before = sentence.tag_at(index - 1)
        if tags[index] == Pos.REPORTING_VERB:
            _settle_verb(sentence, index)
        elif words[index] in ("all", "both") and before == Pos.AUXILIARY:
            tags[index] = Pos.ADVERB
        elif tags[index] == Pos.STOP and before in NAMES_AND_NOUNS:
            tags[index] = Pos.NAME  # an abbreviation


def _settle_verb(sentence: TaggedSentence, index: int) -> None:
    cue = sentence.cue_at(index)
    form = _find_form(sentence, index, cue)
    if form is None:
        sentence.tags[index] = _find_other_tag(cue)
        return
    sentence.forms[index] = form
    quoted = find_quoted(sentence, index)
    if quoted is not None:
        sentence.tags[quoted] = Pos.PAST_FORM  # `quoted as saying` is one cue


def _find_other_tag(cue: Cue) -> Pos:
    """Return what a word is that looks like a reporting verb and is none."""
    if cue.is_form("ing"):
        return Pos.ING_FORM
    return Pos.PAST_FORM if cue.is_form("past", "participle") else Pos.NOUN


def _find_form(sentence: TaggedSentence, index: int, cue: Cue) -> str | None:
    """Return base, s, past, progressive, participle (-ing) or infinitive; None for no verb."""
    before = _skip_back(sentence, index - 1)
    tag, word = sentence.tag_at(before), sentence.word_at(before)
    be, have = sentence.lexicon.words["be"], sentence.lexicon.words["have"]
    if _stands_as_noun(sentence, index, cue):
        return None
    if cue.is_form("ing"):
        is_progressive = word in be or word.endswith(("'m", "'re", "'s"))
        return "progressive" if is_progressive else "participle"
    if cue.is_ambiguous:
        governs = _has_strong_complement(sentence, index, cue)
        if not governs and not _closes_marked_clause(sentence, index):
            return None
    if tag == Pos.AUXILIARY:
        if word in be:
            return None
        if word not in have and cue.is_form("base"):
            return "base"
        return "past" if word in have and cue.is_form("past", "participle") else None
    if word == "'s" and cue.is_form("past"):
        return None
    if tag == Pos.TO:
        return "infinitive"
    return _find_finite_form(sentence, index, before, cue)


def _stands_as_noun(sentence: TaggedSentence, index: int, cue: Cue) -> bool:
    """Whether the word before makes a noun of it: `the report`, `Ann's claim`, `in reply`."""
    before = sentence.tag_at(index - 1)
    if before == Pos.POSSESSIVE:
        return True
    if before == Pos.NUMBER and cue.is_ambiguous:  # the 262 requests that had come
        return True
    if before == Pos.PREPOSITION:
        return not cue.is_form("ing")
    if before != Pos.DETERMINER:
        return False
    is_total = sentence.words[index - 1] in sentence.lexicon.words["totals"]  # all say
    return not is_total or cue.is_ambiguous


def _find_finite_form(sentence: TaggedSentence, index: int, before: int, cue: Cue) -> str | None:
    """Return past, s or base; None where the word before it cannot be its subject's end."""
    has_subject = sentence.tag_at(before) in _BEFORE_VERB
    if cue.is_form("past"):
        is_passive = sentence.line.words[index + 1 : index + 2] == ["by"]
        if is_passive and not _is_channel(sentence, index + 2):
            return None
        return "past" if has_subject else None
    if cue.is_form("s"):
        return "s" if has_subject else None
    if cue.is_form("base"):
        return "base" if _agrees_with_base(sentence, index, before) else None
    return None


def _agrees_with_base(sentence: TaggedSentence, index: int, before: int) -> bool:
    """Whether the subject before it takes a verb without ending: a plural, `who`, `and`."""
    tag, word = sentence.tag_at(before), sentence.word_at(before)
    words = sentence.lexicon.words
    if word in words["plural_subjects"] or word in words["totals"]:
        return True
    if tag in NAMES_AND_NOUNS and word.endswith("s"):
        return True
    if tag == Pos.NAME and sentence.words[before - 1 : before] == ["and"]:
        return True
    if tag == Pos.RELATIVE or sentence.line.tag_at(index + 1) == Pos.THAT:
        return True
    return word.endswith(("'ll", "'d")) or sentence.tag_at(index - 1) == Pos.CONJUNCTION


def _is_channel(sentence: TaggedSentence, at: int) -> bool:
    """Whether a way of saying stands there, after articles: `said by e-mail that ...`."""
    at = sentence.skip((Pos.DETERMINER,), at)
    return sentence.word_at(at) in sentence.lexicon.words["channels"]


def _closes_marked_clause(sentence: TaggedSentence, index: int) -> bool:
    """Whether the verb ends a clause that a marked segment began: `"...," the letter reads.`"""
    if index + 1 < sentence.high and sentence.tags[index + 1] not in _ENDS:
        return False
    return any(
        sentence.tags[place] == Pos.MARKED and not sentence.line.is_brief(place)
        for place in range(max(sentence.low, index - _MARKED_REACH), index)
    )


def _has_strong_complement(sentence: TaggedSentence, index: int, cue: Cue) -> bool:
    """Whether what a verb governs follows, rather than what follows a noun."""
    before, tag, word = (
        sentence.tag_at(index - 1),
        sentence.tag_at(index + 1),
        sentence.word_at(index + 1),
    )
    if tag == Pos.TO:
        return bool(cue.frames & INFINITIVE)
    if word in cue.prepositions:
        return before in _BEFORE_GOVERNED
    return tag in _OPENS_CONTENT or (tag in _MAY_OPEN_CONTENT and before in _SURE_SUBJECTS)


def _skip_back(sentence: TaggedSentence, at: int) -> int:
    """Return the last token before adverbs, times and `all`."""
    while at >= sentence.low:
        if sentence.tags[at] not in ADVERBIALS and sentence.words[at] not in ("all", "both"):
            break
        at -= 1
    return at


def follows_marked_speech(sentence: TaggedSentence, head: int) -> bool:
    """Return whether a closed speech stands right before a token: `"...," she said`."""
    at = head - 1
    if sentence.tag_at(at) == Pos.COMMA and at > sentence.low:
        return sentence.tags[at - 1] == Pos.MARKED
    return sentence.tag_at(at) == Pos.MARKED and sentence.line.is_stopped(at)


def find_quoted(sentence: TaggedSentence, index: int) -> int | None:
    """Return the token of `quoted` in `was quoted in the report as saying`."""
    words, low = sentence.words, sentence.low
    if index - 2 < low or words[index - 1] != "as":
        return None
    reach = range(index - 2, max(low, index - _QUOTED_REACH) - 1, -1)
    quoted_by = sentence.lexicon.words["quoted_by"]
    return next((place for place in reach if words[place] in quoted_by), None)


def find_group_start(sentence: TaggedSentence, index: int) -> int:
    """Return where the verb group begins, with the auxiliaries and adverbs before the verb."""
    tags, low = sentence.tags, sentence.low
    start = index
    at = index - 1
    while at >= low:
        if tags[at] in _GROUP_WORDS:
            start = at
            at -= 1
        elif _is_year_before_verb(sentence, at):  # who in 2010 said
            start, at = at - 1, at - 2
        else:
            break
    return start


def _is_year_before_verb(sentence: TaggedSentence, at: int) -> bool:
    if at <= sentence.low + 1 or sentence.tags[at] != Pos.NUMBER:
        return False
    if sentence.tags[at - 1] != Pos.PREPOSITION:
        return False
    return sentence.tags[at - 2] in (Pos.RELATIVE, Pos.COMMA)
