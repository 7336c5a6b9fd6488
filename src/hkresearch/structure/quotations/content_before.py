"""A reporting verb and its subject -> the content that stands before them, and goes on behind."""

from __future__ import annotations

from hkresearch.structure.quotations.content_ends import find_content_end
from hkresearch.structure.quotations.parts_of_speech import FINITE_VERBS, NAMES_AND_NOUNS, Pos
from hkresearch.structure.quotations.tagged_sentences import Report, TaggedSentence, Tokens

_JOINED_SIGNS = frozenset({Pos.MARKED, Pos.NOUN})
_BEFORE_AS = _JOINED_SIGNS | {Pos.COMMA}
_ENDS_CONTENT = frozenset({Pos.COMMA, Pos.MARKED, Pos.DASH, Pos.STOP})
_ENDS_REPORTER = frozenset({Pos.COMMA, Pos.COLON, Pos.DASH})
_ENDS_REPORTER_CLAUSE = _ENDS_REPORTER | {Pos.MARKED, Pos.SEMICOLON}
_COMMA_OR_MARKED = (Pos.COMMA, Pos.MARKED)
_OPENS_APPOSITION = frozenset(
    {Pos.DETERMINER, Pos.NOUN, Pos.NAME, Pos.PREPOSITION, Pos.PAST_FORM, Pos.ING_FORM,
     Pos.RELATIVE, Pos.REPORTING_VERB}
)  # fmt: skip
_OPENS_PARENTHESIS = frozenset({Pos.CONJUNCTION, Pos.THAT})
_GOES_ON = _OPENS_PARENTHESIS | {Pos.SUBORDINATOR, Pos.AUXILIARY, Pos.TO}
_OPENS_ADJUNCT = frozenset({Pos.SUBORDINATOR, Pos.PREPOSITION})
_ADJUNCT_WORDS = _OPENS_ADJUNCT | {Pos.ADVERB}
_SUBJECT_WORDS = NAMES_AND_NOUNS | {Pos.DETERMINER, Pos.SUBJECT_PRONOUN}
_SHOWS_CLAUSE = FINITE_VERBS | {Pos.REPORTING_VERB, Pos.PAST_FORM, Pos.POSSESSIVE}
_JOINS_CONTENTS = frozenset({Pos.COMMA, Pos.SEMICOLON, Pos.CONJUNCTION, Pos.DASH})


def read_content_before(
    sentence: TaggedSentence, start: int, speaker: Tokens, cue: Tokens, frames: int, after: int
) -> Report | None:
    """Add `"...", X said` and `..., X said`: what stands before, and after, the verb's clause.

    `start` is the first token of the verb's group, `after` the first behind which it may go on.
    """
    head = min(start, speaker[0])
    stop = _find_stop(sentence, head)
    if stop is None:
        return None
    begin = find_content_begin(sentence, stop)
    if stop <= begin:
        return None
    tail = _skip_apposition(sentence, max(after, cue[1], speaker[1]))
    if _is_inverted_condition(sentence, begin, tail):
        contents = [(begin, stop), (tail + 1, find_content_end(sentence, tail + 1, start))]
    elif _is_content(sentence, begin, stop):
        contents = [(begin, stop)]
        if rest := _find_continuation(sentence, tail, stop):
            contents.append((rest, _find_rest_end(sentence, tail, rest, start)))
    elif _is_split(sentence, begin, tail, cue):
        rest = tail + 1
        contents = [(begin, stop), (rest, find_content_end(sentence, rest, start))]
    else:
        return None
    pattern = "before" if len(contents) == 1 else "around"
    report = Report(cue, speaker, contents, pattern, frames)
    sentence.reports.append(report)
    return report


def _find_stop(sentence: TaggedSentence, head: int) -> int | None:
    """Return where the content before `X said` or `as X said` stops; None where none ends there."""
    tags, words = sentence.tags, sentence.words
    at = head - 1
    if at > sentence.low and words[at] == "as" and tags[at - 1] in _BEFORE_AS:
        at -= 1
    if at < sentence.low:
        return None
    if tags[at] not in _ENDS_CONTENT and words[at + 1] != "as":
        return None
    return at + 1 if tags[at] in _JOINED_SIGNS else at


def _find_continuation(sentence: TaggedSentence, tail: int, stop: int) -> int | None:
    """Return where the content goes on behind the verb's clause; None where it does not."""
    if sentence.tag_at(tail) == Pos.MARKED:
        return tail
    if sentence.tag_at(tail) not in _ENDS_REPORTER or tail + 1 >= sentence.high:
        return None
    after_speech = sentence.tags[stop - 1] == Pos.MARKED
    return tail + 1 if _goes_on(sentence, tail + 1, after_speech) else None


def _find_rest_end(sentence: TaggedSentence, tail: int, rest: int, start: int) -> int:
    return sentence.high if rest == tail else find_content_end(sentence, rest, start)


def _goes_on(sentence: TaggedSentence, at: int, after_speech: bool) -> bool:
    """Whether what follows `, X said,` goes on with the content; after speech only speech does."""
    tag = sentence.tags[at]
    if tag == Pos.MARKED:
        return True
    if after_speech:
        return tag in _OPENS_PARENTHESIS and sentence.line.tag_at(at + 1) == Pos.MARKED
    scene = sentence.lexicon.words["scene_subordinators"]
    return tag in _GOES_ON and sentence.words[at] not in scene


def _is_split(sentence: TaggedSentence, begin: int, tail: int, cue: Tokens) -> bool:
    """Whether the verb's clause splits the content: `During the war, X said, ...`."""
    if begin > sentence.low or tail >= sentence.high - 1 or sentence.tags[tail] != Pos.COMMA:
        return False
    if tail == cue[1] and sentence.tags[begin] in _ADJUNCT_WORDS:
        return True
    is_subject = sentence.tags[begin] in _SUBJECT_WORDS  # The men, X said, were ...
    return is_subject and sentence.tags[tail + 1] in FINITE_VERBS


def _is_inverted_condition(sentence: TaggedSentence, begin: int, tail: int) -> bool:
    """Whether a condition splits the content: `Were a request to come, X said, it would ...`."""
    if begin > sentence.low or sentence.tags[begin] != Pos.AUXILIARY:
        return False
    return sentence.tag_at(tail) == Pos.COMMA and sentence.tag_at(tail + 1) in _SUBJECT_WORDS


def _skip_apposition(sentence: TaggedSentence, at: int) -> int:
    """Return where `, a professor at X, ` and adjuncts end, if they do."""
    while at < sentence.high and sentence.tags[at] not in _ENDS_REPORTER_CLAUSE:
        at += 1
    if sentence.tag_at(at) != Pos.COMMA or sentence.tag_at(at + 1) not in _OPENS_APPOSITION:
        return at
    end = sentence.find_tag(_COMMA_OR_MARKED, at + 1, sentence.high)
    if end is None:
        return at
    is_before_speech = sentence.tag_at(end + 1) == Pos.MARKED
    return end if sentence.tags[end] == Pos.MARKED or is_before_speech else at


def find_content_begin(sentence: TaggedSentence, stop: int) -> int:
    """Return where a content that ends before `stop` begins: behind the reports before it."""
    low = sentence.low
    edges = (sentence.find_edge(report) for report in sentence.reports)
    begin = max((edge for edge in edges if low < edge < stop), default=low)
    while low < begin < stop and sentence.tags[begin] in _JOINS_CONTENTS:
        begin += 1
    return begin


def _is_content(sentence: TaggedSentence, begin: int, stop: int) -> bool:
    """Whether speech or a clause stands there, not an adjunct such as `In Flint,`."""
    tags = sentence.tags[begin:stop]
    if Pos.MARKED in tags:
        return True
    if tags[0] in _OPENS_ADJUNCT and Pos.COMMA not in tags:
        return False
    return len(tags) >= 3 and not _SHOWS_CLAUSE.isdisjoint(tags[1:])
