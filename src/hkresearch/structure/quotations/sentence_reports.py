"""The tagged tokens of one English sentence -> who reports what in it."""

from __future__ import annotations

from dataclasses import replace

from hkresearch.structure.quotations.content_after import (
    has_clause,
    is_negated,
    read_content_after,
    skip_adjuncts,
)
from hkresearch.structure.quotations.content_before import find_content_begin, read_content_before
from hkresearch.structure.quotations.content_ends import find_content_end
from hkresearch.structure.quotations.grammatical_subjects import find_reporter
from hkresearch.structure.quotations.inverted_subjects import find_inverted_subject
from hkresearch.structure.quotations.noun_phrases import find_noun_phrase
from hkresearch.structure.quotations.parts_of_speech import NAMES_AND_NOUNS, PREDICATE_WORDS, Pos
from hkresearch.structure.quotations.reporting_lexicon import SAYING, SPEECH, THAT_ONLY, Cue
from hkresearch.structure.quotations.reporting_verbs import (
    find_group_start,
    find_quoted,
    follows_marked_speech,
    settle_tags,
)
from hkresearch.structure.quotations.tagged_sentences import Report, TaggedSentence, Tokens

_NOUNS = frozenset({Pos.NOUN, Pos.ING_FORM})
_NEVER_SUBJECT = PREDICATE_WORDS | {Pos.ADVERB}
_BEFORE_NOUN = NAMES_AND_NOUNS | {Pos.ADVERB, Pos.NUMBER, Pos.ING_FORM}
_ENDS_SOURCE = frozenset({Pos.COMMA, Pos.COLON, Pos.SEMICOLON, Pos.DASH, Pos.MARKED})
_OPENS_SENTENCE = frozenset({Pos.CONJUNCTION, Pos.ADVERB})
_GOVERNING_FORMS = ("past", "s", "base", "progressive")
_MOST_ADJECTIVES = 4  # words between a reporting noun and its owner


def find_reports(sentence: TaggedSentence) -> list[Report]:
    """Return the reports of a sentence in the order of their verbs."""
    settle_tags(sentence)
    sources = sentence.lexicon.sources
    index = sentence.low
    while index < sentence.high:
        word = sentence.words[index]
        if sentence.tags[index] == Pos.REPORTING_VERB:
            index = _read_verb(sentence, index)
        elif word in sentence.lexicon.nouns and _governs_that(sentence, index):
            _read_noun(sentence, index)
            index += 2
        elif word in sources and (source := sentence.find_source(index)):
            index = _read_according(sentence, index, source)
        else:
            index += 1
    return sentence.reports


def _governs_that(sentence: TaggedSentence, index: int) -> bool:
    if index + 2 >= sentence.high or sentence.tags[index] not in _NOUNS:
        return False
    return sentence.tags[index + 1] == Pos.THAT


def _read_verb(sentence: TaggedSentence, verb: int) -> int:
    """Read what a verb reports; return the token from which reading goes on."""
    cue, form = _find_cue(sentence, verb), sentence.forms[verb]
    start = find_group_start(sentence, verb)
    quoted = find_quoted(sentence, verb)
    if quoted is None:
        speaker = find_reporter(sentence, start, verb, form)
    else:
        start, form = find_group_start(sentence, quoted), "past"
        speaker = _find_quoted_speaker(sentence, start, quoted, verb)
    inverted = find_inverted_subject(sentence, verb, start, cue)
    if inverted:
        group = (start, inverted[1])
        report = read_content_before(
            sentence, start, inverted, group, cue.frames, after=inverted[1]
        )
        if report:
            sentence.subjects[verb] = inverted
            return report.cue[1]
    sentence.subjects[verb] = speaker
    return _read_either_side(sentence, verb, start, speaker, form, cue)


def _find_cue(sentence: TaggedSentence, verb: int) -> Cue:
    """Return the verb that a token is a form of; with its particle it is one of saying."""
    cue = sentence.cue_at(verb)
    if sentence.word_at(verb + 1) in cue.particles:
        return replace(cue, frames=cue.frames | SPEECH | THAT_ONLY)
    return cue


def _read_either_side(
    sentence: TaggedSentence, verb: int, start: int, speaker: Tokens | None, form: str, cue: Cue
) -> int:
    """Read the content before the verb where speech stands there, else the one behind it."""
    group = (start, verb + 1)
    follows_speech = (
        speaker is not None
        and bool(cue.frames & SPEECH)
        and form != "participle"
        and follows_marked_speech(sentence, min(start, speaker[0]))
    )
    if speaker and follows_speech:
        report = _read_before(sentence, group, speaker, cue)
        if report:
            return report.contents[-1][1] if len(report.contents) > 1 else verb + 1
    report = read_content_after(sentence, verb, start, speaker, cue)
    if report is None and is_negated(sentence, start, verb):
        return verb + 1
    if report is None and speaker and cue.frames & SAYING and form in _GOVERNING_FORMS:
        _read_before(sentence, group, speaker, cue)
    return verb + 1


def _read_before(
    sentence: TaggedSentence, group: Tokens, speaker: Tokens, cue: Cue
) -> Report | None:
    behind = group[1] + (sentence.word_at(group[1]) in cue.particles)
    after = skip_adjuncts(sentence, behind, cue)
    return read_content_before(sentence, group[0], speaker, group, cue.frames, after)


def _find_quoted_speaker(
    sentence: TaggedSentence, start: int, quoted: int, verb: int
) -> Tokens | None:
    """Return X of `X was quoted as saying` and `a paper quoted X as saying`."""
    if Pos.AUXILIARY in sentence.tags[start:quoted]:
        speaker = find_reporter(sentence, start, quoted, "past")
    else:
        speaker = (quoted + 1, verb - 1)
    return speaker if speaker and speaker[0] < speaker[1] else None


def _read_noun(sentence: TaggedSentence, noun: int) -> None:
    """`his claim that ...`: a clause after `that`, told from a relative one by its own subject."""
    begin = noun + 2
    if sentence.tags[begin] in _NEVER_SUBJECT or not has_clause(sentence, begin):
        return
    end = find_content_end(sentence, begin, noun)
    contents = (low for report in sentence.reports for low, _ in report.contents)
    if end > begin and begin not in contents:
        owner = _find_owner(sentence, noun)
        report = Report((noun, noun + 1), owner, [(begin, end)], "noun", SPEECH)
        sentence.reports.append(report)


def _find_owner(sentence: TaggedSentence, noun: int) -> Tokens | None:
    """Return whose a noun is: `the minister's bold claim`, `their claim`."""
    start = noun
    while sentence.tag_at(start - 1) in _BEFORE_NOUN and noun - start < _MOST_ADJECTIVES:
        start -= 1
    if sentence.tag_at(start - 1) == Pos.POSSESSIVE:
        return find_noun_phrase(sentence, start - 1)
    if sentence.word_at(start - 1) in sentence.lexicon.words["possessives"]:
        return start - 1, start
    return None


def _read_according(sentence: TaggedSentence, index: int, source: int) -> int:
    """Read `According to X, ...` and `..., according to X`; return where reading goes on.

    The source begins at token `source`.
    """
    low, high, tags = sentence.low, sentence.high, sentence.tags
    end = _find_source_end(sentence, source)
    is_first = index == low or (index == low + 1 and tags[low] in _OPENS_SENTENCE)
    if is_first:
        begin = end + 1 if sentence.tag_at(end) == Pos.COMMA else end
        stop = find_content_end(sentence, begin, index)
    else:
        stop = index - 1 if tags[index - 1] == Pos.COMMA else index
        begin = find_content_begin(sentence, stop)
    if begin < stop and (end < high or not is_first):
        cue, speaker = (index, source), (source, end)
        sentence.reports.append(Report(cue, speaker, [(begin, stop)], "according", SPEECH))
    return end


def _find_source_end(sentence: TaggedSentence, at: int) -> int:
    """Return where the source stops: at the first sign outside brackets."""
    depth = 0
    while at < sentence.high and (depth or sentence.tags[at] not in _ENDS_SOURCE):
        depth += sentence.tags[at] == Pos.OPENING
        depth -= sentence.tags[at] == Pos.CLOSING
        at += 1
    return at
