"""One line of English -> its quotations, sentence by sentence."""

from __future__ import annotations

from hkresearch.structure.quotations.grammatical_subjects import (
    find_main_subject,
    find_speaker_before,
)
from hkresearch.structure.quotations.open_segments import (
    LineHistory,
    find_topic,
    is_marked_alone,
    read_open_segment,
)
from hkresearch.structure.quotations.parts_of_speech import PHRASE_WORDS, Pos
from hkresearch.structure.quotations.quotation import Quotation, QuotedSpan
from hkresearch.structure.quotations.reporting_lexicon import SPEECH, ReportingLexicon
from hkresearch.structure.quotations.sentence_reports import find_reports
from hkresearch.structure.quotations.tagged_sentences import Report, TaggedSentence, Tokens
from hkresearch.structure.quotations.tokens import Line, read_tokens
from hkresearch.structure.text.quotation_marks import find_segments

_MOST_TOKENS = 400  # longer sentences are read in pieces, so that time grows with length alone
_INTRODUCTION_REACH = 400  # characters before a colon at the end of a line
_NESTED = ("that", "clause", "quote", "colon", "before", "around", "according")
_EDGES = frozenset({Pos.COMMA, Pos.SEMICOLON, Pos.COLON, Pos.DASH})
_LAST_EDGES = _EDGES | {Pos.STOP}
_BEFORE_CUE = frozenset({Pos.ADVERB, Pos.TIME, Pos.NUMBER, Pos.PREPOSITION})
_ENDS_SUBJECT = frozenset({Pos.NAME, Pos.NOUN, Pos.SUBJECT_PRONOUN, Pos.CLOSING})
_AFTER_CUE = frozenset({Pos.STOP, Pos.COMMA, Pos.TIME, Pos.PREPOSITION})
_SUBJECT_WORDS = PHRASE_WORDS | {
    Pos.PREPOSITION, Pos.SUBJECT_PRONOUN, Pos.OPENING, Pos.CLOSING,
}  # fmt: skip
_CUE_REACH = 8  # tokens from a closed segment to the verb that says who spoke it


def read_english_line(
    text: str,
    span: QuotedSpan,
    sentence_ends: list[int],
    lexicon: ReportingLexicon,
    history: LineHistory,
) -> list[Quotation]:
    """Return the quotations of one line; they are added to its history."""
    line = read_tokens(text, *span, find_segments(text, *span), lexicon)
    for low, high in _split_sentences(line, sentence_ends):
        _settle_titles(line, low, high, lexicon)
        sentence = TaggedSentence(line, low, high, lexicon)
        history.found += _read_sentence(sentence, high, history)
        history.sentences.append(sentence)
    return history.found


def _read_sentence(sentence: TaggedSentence, end: int, history: LineHistory) -> list[Quotation]:
    """Return the quotations of a sentence whose last token stands before `end`."""
    line, last = sentence.line, history.found[-1] if history.found else None
    reports = _drop_nested(find_reports(sentence))
    quotations = [_make_quotation(line, report) for report in reports]
    is_alone = is_marked_alone(line, sentence.low, end)
    for index in _list_open_segments(line, sentence.low, end, reports):
        if is_alone and last and last.segments and last.speaker:
            last.contents.append((line.starts[index], line.ends[index]))
            last.segments.append(line.segments[index])
        elif opened := read_open_segment(sentence, index, is_alone, history):
            quotations.append(opened)
    if not quotations:
        return []
    subject, topic = find_topic(sentence), history.find_topic()
    topic_before = history.line_before.find_topic() if history.line_before else None
    for quotation in quotations:
        quotation.topic, quotation.topic_before = topic, topic_before
        if subject and quotation.speaker and subject[1] <= quotation.speaker[0]:
            quotation.subject = subject
    return [quotation for quotation in quotations if quotation.contents]


def _list_open_segments(line: Line, low: int, high: int, reports: list[Report]) -> list[int]:
    """Return the tokens of the marked segments that stand in no report."""
    contents = [content for report in reports for content in report.contents]
    return [
        index
        for index in range(low, high)
        if line.tags[index] == Pos.MARKED
        and not any(first <= index < last for first, last in contents)
    ]


def find_introduction(
    text: str, start: int, end: int, lexicon: ReportingLexicon
) -> Quotation | None:
    """Return who is said to speak in the marked line that follows `She continued:`."""
    if text[end - 1] not in ":：":
        return None
    line = read_tokens(text, max(start, end - _INTRODUCTION_REACH), end, [], lexicon)
    last = len(line.words)
    stops = (place + 1 for place in range(last - 1) if line.tags[place] == Pos.STOP)
    sentence = TaggedSentence(line, max(stops, default=0), last, lexicon)
    find_reports(sentence)
    cue = max(sentence.subjects, default=None)
    tokens = None if cue is None else sentence.subjects[cue]
    tokens = tokens or find_main_subject(sentence) or find_speaker_before(sentence)
    speaker = line.find_span(tokens)
    if speaker is None:
        return None
    return Quotation([], speaker, None if cue is None else (line.starts[cue], line.ends[cue]))


def _settle_titles(line: Line, low: int, high: int, lexicon: ReportingLexicon) -> None:
    """Make a name of a marked segment that names a programme or a book: `on "Meet the Nation"`."""
    title_before = lexicon.words["title_before"]
    for index in range(low + 1, high):
        if line.tags[index] != Pos.MARKED:
            continue
        if _is_formula(line, index, lexicon):
            line.tags[index] = Pos.NAME
            continue
        owned = line.tags[index - 1] == Pos.POSSESSIVE
        if (owned or line.words[index - 1] in title_before) and _is_title(line, index, lexicon):
            # `On "Meet the Nation," Ann Lee said`: with its comma it only sets the scene
            line.tags[index] = Pos.TIME if line.is_stopped(index) else Pos.NAME


def _is_formula(line: Line, index: int, lexicon: ReportingLexicon) -> bool:
    """Whether a noun beside the marks says that they hold a slogan or a formula."""
    formulas = lexicon.words["formulas"]
    before = line.words[index - 1]
    if before == "of" and index > 1:  # the principle of "..."
        before = line.words[index - 2]
    behind = line.words[index + 1 : index + 2]
    return before in formulas or not formulas.isdisjoint(behind)


def _is_title(line: Line, index: int, lexicon: ReportingLexicon) -> bool:
    segment, small = line.segments[index], lexicon.words["title_inside"]
    words = line.text[segment.start : segment.end].strip(" .,").split()
    if not 2 <= len(words) <= 7 or not (words[0][0].isupper() and words[-1][0].isupper()):
        return False
    return all(word[0].isupper() or word in small or not word[0].isalpha() for word in words)


def _split_sentences(line: Line, sentence_ends: list[int]) -> list[Tokens]:
    """Return the token ranges of the sentences, none ending inside a marked segment."""
    ranges, low, k = [], 0, 0
    for index, start in enumerate(line.starts):
        while k < len(sentence_ends) and sentence_ends[k] <= start:
            k += 1
        stop = sentence_ends[k] if k < len(sentence_ends) else line.ends[-1]
        is_long = index - low >= _MOST_TOKENS
        if not (is_long or _ends_sentence(line, index, stop)):
            continue
        if line.tags[index] == Pos.MARKED and not is_long and _is_followed_by_cue(line, index):
            continue
        ranges.append((low, index + 1))
        low = index + 1
    if low < len(line.words):
        ranges.append((low, len(line.words)))
    return ranges


def _ends_sentence(line: Line, index: int, stop: int) -> bool:
    """Whether a sentence that ends at `stop` ends with the token, or inside its marks."""
    start, end = line.starts[index], line.ends[index]
    return end == stop or (index in line.segments and start < stop <= end <= stop + 1)


def _is_followed_by_cue(line: Line, segment: int) -> bool:
    """Whether the words after a closed segment say who spoke it: `"Why?" Jane Doe asked.`"""
    for place in range(segment + 1, min(len(line.words), segment + _CUE_REACH)):
        tag, is_next = line.tags[place], place == segment + 1
        if tag == Pos.REPORTING_VERB and (is_next or line.tags[place - 1] in _ENDS_SUBJECT):
            is_last = place + 1 >= len(line.words)
            return is_next or is_last or line.tags[place + 1] in _AFTER_CUE
        if tag not in _SUBJECT_WORDS:
            return False
    return False


def _make_quotation(line: Line, report: Report) -> Quotation:
    """Return a report with its places in the text, without the signs at the contents' edges."""
    contents: list[QuotedSpan] = []
    segments = []
    for low, high in report.contents:
        while low < high and line.tags[high - 1] in _LAST_EDGES:
            high -= 1
        while low < high and line.tags[low] in _EDGES:
            low += 1
        if low < high:
            contents.append((line.starts[low], line.ends[high - 1]))
            places = (place for place in range(low, high) if line.tags[place] == Pos.MARKED)
            segments += [line.segments[place] for place in places]
    first, last = report.cue
    while first < last - 1 and line.tags[first] in _BEFORE_CUE:
        first += 1
    cue = (line.starts[first], line.ends[last - 1])
    is_speech = bool(report.frames & SPEECH)
    speaker = line.find_span(report.speaker)
    return Quotation(contents, speaker, cue, is_speech, segments, report.pattern)


def _drop_nested(reports: list[Report]) -> list[Report]:
    """Keep what is reported inside another report only where it is somebody's words again."""
    kept = []
    for report in reports:
        is_inside = any(other.holds(report) for other in reports if other is not report)
        if not is_inside or (report.frames & SPEECH and report.pattern in _NESTED):
            kept.append(report)
    return kept
