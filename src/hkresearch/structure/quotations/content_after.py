"""A reporting verb -> the content that follows it: a clause, marked words, an object, ..."""

from __future__ import annotations

from hkresearch.structure.quotations.content_ends import (
    find_content_end,
    find_marked_end,
    find_object_end,
)
from hkresearch.structure.quotations.parts_of_speech import (
    ADVERBIALS,
    FINITE_VERBS,
    NAMES_AND_NOUNS,
    PHRASE_WORDS,
    Pos,
)
from hkresearch.structure.quotations.reporting_lexicon import (
    ADDRESS,
    INFINITIVE,
    OBJECT,
    SAYING,
    THAT_ONLY,
    Cue,
)
from hkresearch.structure.quotations.tagged_sentences import Report, TaggedSentence, Tokens

_MARKED_OR_THAT = frozenset({Pos.MARKED, Pos.THAT})
_AFTER_TO = frozenset({Pos.DETERMINER, Pos.NAME, Pos.OBJECT_PRONOUN})
_ADJUNCT_WORDS = PHRASE_WORDS | {
    Pos.TIME, Pos.ING_FORM, Pos.PAST_FORM, Pos.OBJECT_PRONOUN, Pos.ADVERB, Pos.PREPOSITION,
    Pos.ELLIPSIS,
}  # fmt: skip
_FIRST_OF_LISTENER = NAMES_AND_NOUNS | {
    Pos.DETERMINER, Pos.OBJECT_PRONOUN, Pos.SUBJECT_PRONOUN, Pos.NUMBER,
}  # fmt: skip
_LISTENER_WORDS = NAMES_AND_NOUNS | {Pos.NUMBER, Pos.POSSESSIVE}
_JOINS_LISTENERS = frozenset({Pos.PREPOSITION, Pos.CONJUNCTION})
_JOINED = NAMES_AND_NOUNS | {Pos.DETERMINER}
_AFTER_LISTENER = frozenset(
    {"", Pos.THAT, Pos.TO, Pos.MARKED, Pos.COLON, Pos.RELATIVE, Pos.SUBJECT_PRONOUN,
     Pos.DETERMINER, Pos.COMMA, Pos.PREPOSITION, Pos.SUBORDINATOR, Pos.TIME}
)  # fmt: skip
_STARTS_ADJUNCT = frozenset({Pos.PREPOSITION, Pos.TO, Pos.COMMA})
_INFINITIVES = FINITE_VERBS | {Pos.NOUN, Pos.REPORTING_VERB, Pos.ADVERB, Pos.MARKED}
_STARTS_OBJECT = NAMES_AND_NOUNS | {
    Pos.DETERMINER, Pos.NUMBER, Pos.OBJECT_PRONOUN, Pos.ING_FORM, Pos.SUBJECT_PRONOUN,
    Pos.REPORTING_VERB, Pos.TIME,
}  # fmt: skip
_STARTS_CLAUSE = PHRASE_WORDS | {
    Pos.SUBJECT_PRONOUN, Pos.PAST_FORM, Pos.ING_FORM, Pos.OBJECT_PRONOUN, Pos.AUXILIARY,
    Pos.ADVERB, Pos.TIME, Pos.OPENING, Pos.REPORTING_VERB,
}  # fmt: skip
_BEFORE_NOUN = frozenset({Pos.DETERMINER, Pos.POSSESSIVE, Pos.PREPOSITION})
_ENDS_CLAUSE = frozenset(
    {Pos.COMMA, Pos.SEMICOLON, Pos.COLON, Pos.RELATIVE, Pos.THAT, Pos.SUBORDINATOR, Pos.MARKED}
)
_ENDS_TIME_CLAUSE = frozenset({Pos.THAT, Pos.COMMA, Pos.SEMICOLON, Pos.COLON, Pos.MARKED})
_TIME_CLAUSE_REACH = 12  # tokens
_CLAUSE_REACH = 25  # tokens in which a subject's verb is looked for
_SHORT = 12  # characters of a marked segment that may be a term inside a subject


def read_content_after(
    sentence: TaggedSentence, verb: int, start: int, speaker: Tokens | None, cue: Cue
) -> Report | None:
    """Add what the verb at a token governs to its right; None where it governs nothing.

    `start` is the first token of the verb's group.
    """
    at = _skip_adverbials(sentence, verb + 1)
    listener = _find_listener(sentence, at, cue)
    if listener:
        at = listener[1]
    if sentence.word_at(at) in cue.particles:
        at += 1
    found_at = None if at >= sentence.high else _skip_to_content(sentence, at, cue)
    if found_at is None:
        return None
    found = _find_begin(sentence, found_at, cue, bool(listener))
    if found is None:
        return None
    begin, pattern = found
    if is_negated(sentence, start, verb) and sentence.tags[begin] != Pos.MARKED:
        return None  # "has not announced a change": nothing was announced
    if pattern == "object" and _is_act(sentence, begin):
        return None
    if pattern == "infinitive" and listener:
        begin = listener[0]
    end = _find_end(sentence, begin, start, pattern)
    if end <= begin:
        return None
    report = Report((start, verb + 1), speaker, [(begin, end)], pattern, cue.frames)
    sentence.reports.append(report)
    return report


def _find_end(sentence: TaggedSentence, begin: int, start: int, pattern: str) -> int:
    end = find_content_end(sentence, begin, start)
    if pattern == "object":
        return find_object_end(sentence, begin, end)
    if sentence.tags[begin] == Pos.MARKED and sentence.line.is_stopped(begin):
        return find_marked_end(sentence, begin, end)  # `"That makes me smart," when ...`
    return end


def is_negated(sentence: TaggedSentence, start: int, verb: int) -> bool:
    """Return whether the verb's group denies it: `has not said`, but not `not only said`."""
    lists = sentence.lexicon.words
    if sentence.tag_at(verb - 1) == Pos.TO:
        before = sentence.word_at(verb - 2)
        return before in lists["refusing"] or before in lists["negators"]
    group = sentence.words[start : verb + 1]
    return any(
        (word in lists["negators"] or word.endswith("n't")) and following != "only"
        for word, following in zip(group, group[1:], strict=False)
    )


def _is_act(sentence: TaggedSentence, begin: int) -> bool:
    """Whether the object is one that is acted on: `they will deny requests for data`."""
    handled = sentence.lexicon.words["handled"]
    place = begin
    while sentence.tag_at(place) in PHRASE_WORDS:
        if sentence.words[place] in handled:
            return True
        place += 1
    return False


def _skip_adverbials(sentence: TaggedSentence, at: int) -> int:
    """Skip adverbs and times behind the verb, but no time that owns something."""
    while at + 1 < sentence.high and sentence.tags[at] in ADVERBIALS:
        if sentence.tags[at + 1] == Pos.POSSESSIVE:
            break
        at += 1
    return at


def _skip_to_content(sentence: TaggedSentence, at: int, cue: Cue) -> int | None:
    """Return where the content is marked behind adjuncts; None where only adjuncts follow."""
    tags, line = sentence.tags, sentence.line
    opens_content = tags[at] == Pos.COMMA and line.tag_at(at + 1) in _MARKED_OR_THAT
    if opens_content or _is_infinitive(sentence, at):
        return at
    is_adjunct = tags[at] in _STARTS_ADJUNCT or sentence.words[at] in _scene_openings(sentence)
    if not is_adjunct or sentence.words[at] in cue.prepositions:
        return at
    skipped = _skip_time_clause(sentence, skip_adjuncts(sentence, at, cue))
    mark, following = line.tag_at(skipped), line.tag_at(skipped + 1)
    if mark in _MARKED_OR_THAT or mark == Pos.COLON:
        return skipped
    return skipped if mark == Pos.COMMA and following in _MARKED_OR_THAT else None


def _scene_openings(sentence: TaggedSentence) -> frozenset[str]:
    return sentence.lexicon.words["scene_subordinators"]


def _skip_time_clause(sentence: TaggedSentence, at: int) -> int:
    """Return the `that` behind `after the law came in`, else the token itself."""
    if sentence.word_at(at) not in _scene_openings(sentence):
        return at
    end = sentence.find_tag(_ENDS_TIME_CLAUSE, at, at + _TIME_CLAUSE_REACH)
    return end if end is not None and sentence.tags[end] == Pos.THAT else at


def skip_adjuncts(sentence: TaggedSentence, at: int, cue: Cue) -> int:
    """Return the token behind `on Monday`, `in a statement`, `Friday` after the verb."""
    while at < sentence.high:
        tag = sentence.tags[at]
        governed = sentence.words[at] in cue.prepositions
        if tag in ADVERBIALS:
            at += 1
        elif tag == Pos.PREPOSITION and not governed:
            at = sentence.skip(_ADJUNCT_WORDS, at + 1)
        elif tag == Pos.TO and sentence.line.tag_at(at + 1) in _AFTER_TO:
            at = sentence.skip(_ADJUNCT_WORDS, at + 1)
        elif tag == Pos.COMMA:
            end = _skip_inserted_name(sentence, at)
            if end is None:
                break
            at = end
        else:
            break
    return at


def _skip_inserted_name(sentence: TaggedSentence, comma: int) -> int | None:
    """Return the token behind the second comma of `in Springfield, Ohio, that`."""
    tags = sentence.tags
    if tags[comma - 1] != Pos.NAME or comma + 2 >= sentence.high or tags[comma + 1] != Pos.NAME:
        return None
    end = sentence.skip((Pos.NAME,), comma + 1)
    return end + 1 if sentence.tag_at(end) == Pos.COMMA else None


def _is_infinitive(sentence: TaggedSentence, at: int) -> bool:
    return sentence.tag_at(at) == Pos.TO and sentence.tag_at(at + 1) in _INFINITIVES


def _find_begin(
    sentence: TaggedSentence, at: int, cue: Cue, has_listener: bool
) -> tuple[int, str] | None:
    """Return where the content begins and what kind of complement it is; None for none."""
    tag, following, frames = sentence.tags[at], sentence.tag_at(at + 1), cue.frames
    if tag == Pos.THAT and frames & (SAYING | ADDRESS) and following:
        return at + 1, "that"
    if tag == Pos.MARKED:
        return at, "quote"
    if tag == Pos.COLON and following:
        return at + 1, "colon"
    if tag == Pos.COMMA and following in _MARKED_OR_THAT:
        return at + 1, "quote"
    if _is_infinitive(sentence, at):
        wanted = INFINITIVE | ADDRESS if has_listener else INFINITIVE
        return (at, "infinitive") if frames & wanted else None
    if sentence.words[at] in ("whether", "if") or tag == Pos.RELATIVE:
        return (at, "question") if frames & (SAYING | ADDRESS | OBJECT) else None
    if sentence.words[at] in cue.prepositions and following:
        return at + 1, "preposition"
    return _find_bare_begin(sentence, at, frames, has_listener)


def _find_bare_begin(
    sentence: TaggedSentence, at: int, frames: int, has_listener: bool
) -> tuple[int, str] | None:
    """Return where a clause without `that`, or an object, begins."""
    tag = sentence.tags[at]
    if tag not in _STARTS_CLAUSE:
        return None
    takes_clause = not frames & THAT_ONLY or tag == Pos.SUBJECT_PRONOUN
    if frames & SAYING and takes_clause and has_clause(sentence, at):
        return at, "clause"
    if not has_listener and frames & OBJECT and tag in _STARTS_OBJECT:
        return at, "object"
    return None


def has_clause(sentence: TaggedSentence, at: int) -> bool:
    """Return whether a subject and a finite verb follow."""
    tags, segments = sentence.tags, sentence.line.segments
    if tags[at] == Pos.SUBJECT_PRONOUN:
        return True
    for place in range(at + 1, min(sentence.high, at + _CLAUSE_REACH)):
        tag, before = tags[place], tags[place - 1]
        if tag in FINITE_VERBS:
            return True
        if tag == Pos.REPORTING_VERB and before not in _BEFORE_NOUN:
            return True
        if tag == Pos.PAST_FORM and before in NAMES_AND_NOUNS:
            if sentence.word_at(place + 1) not in ("", "by"):
                return True
        if tag == Pos.MARKED and segments[place].end - segments[place].start > _SHORT:
            return True
        if tag in _ENDS_CLAUSE:
            return False
    return False


def _find_listener(sentence: TaggedSentence, at: int, cue: Cue) -> Tokens | None:
    """Return to whom it is said: `told reporters that`, `assured Jane Doe of X and me that`."""
    tag, word = sentence.tag_at(at), sentence.word_at(at)
    if not cue.frames & ADDRESS or tag not in _FIRST_OF_LISTENER:
        return None
    if tag == Pos.OBJECT_PRONOUN or word in sentence.lexicon.words["listeners"]:
        return at, at + 1
    if tag == Pos.SUBJECT_PRONOUN:
        return (at, at + 1) if word in ("you", "it", "everyone") else None
    end = at
    while end < sentence.high and _continues_listener(sentence, end, at):
        end += 1
    return (at, end) if end > at and sentence.tag_at(end) in _AFTER_LISTENER else None


def _continues_listener(sentence: TaggedSentence, place: int, start: int) -> bool:
    tag = sentence.tags[place]
    if tag in _LISTENER_WORDS:
        return True
    if tag == Pos.DETERMINER:
        return place == start or sentence.tags[place - 1] in _JOINS_LISTENERS
    return tag in _JOINS_LISTENERS and sentence.tag_at(place + 1) in _JOINED
