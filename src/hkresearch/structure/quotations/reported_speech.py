"""Sentences of one article -> what is reported in it, line by line, before it becomes annotations."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from hkresearch.codebook.book import Codebook
from hkresearch.structure.quotations.chinese import (
    HanLexicon,
    find_han_reports,
    is_chinese,
    is_free_standing,
    read_han_lexicon,
)
from hkresearch.structure.quotations.clause_reader import read_clause
from hkresearch.structure.quotations.grammatical_subjects import (
    find_main_subject,
    find_speaker_before,
)
from hkresearch.structure.quotations.reporting_lexicon import SPEECH, Lexicon, read_lexicon
from hkresearch.structure.quotations.tokens import Clause, Line, Report, read_tokens
from hkresearch.structure.text.entity_names import Mention
from hkresearch.structure.text.quotation_marks import Segment, find_segments
from hkresearch.structure.text.sentences import Sentence

LONGEST_SENTENCE = (
    400  # tokens; longer ones are read in pieces, so that time grows with length alone
)
TITLE_BEFORE = frozenset(
    "on of told tell tells telling book film movie song show album series documentary titled entitled".split()
)
SMALL_WORDS = frozenset("a an the of and or in on at by for from to with".split())
MARKS_OF_SPEECH = '"“”„«»'
LABEL = re.compile(
    r"[\"“]?([A-Z][A-Z.'’-]{1,20}(?: [A-Z][A-Z.'’-]{1,20}){0,3} ?(?:\([^()]{1,40}\))?): +(?=\S)"
)
NESTED = ("that", "clause", "quote", "colon", "before", "around", "according")


@dataclass(slots=True)
class Quotation:
    """One reported content before it becomes annotations; all offsets in the text layer."""

    contents: list[tuple[int, int]]  # contiguous pieces, each of which becomes an annotation
    speaker: tuple[int, int] | None = None
    cue: tuple[int, int] | None = None
    is_speech: bool = True
    segments: list[Segment] = field(default_factory=list)
    pattern: str = ""
    organisations: list[Mention] = field(default_factory=list)
    credit: tuple[int, int, str] | None = None


def find_quotations(
    text: str,
    sentences: Sequence[Sentence],
    codebook: Codebook,
    names: Sequence[tuple[int, int]] = (),
) -> list[Quotation]:
    """Return the reported contents of the text in order; `names` are the spans of organisations, sorted."""
    lexicon = read_lexicon(codebook.news["quotations"]["en"])
    han = read_han_lexicon(codebook.news["quotations"]["zh"])
    found: list[Quotation] = []
    introduced = None
    lines = list(_find_lines(text, sentences))
    labels = Counter(
        label.group(1) for start, end, *_ in lines if (label := LABEL.match(text, start, end))
    )
    for start, end, ends in lines:
        if is_chinese(text, start, end):
            found += _read_han_line(text, start, end, han, found, names)
            continue
        label = LABEL.match(text, start, end)
        if label and labels[label.group(1)] > 1:  # once could be anything: UPDATE: ...
            found.append(_read_transcript_line(text, label, end))
            continue
        found += _read_line(text, start, end, ends, lexicon, found, introduced)
        introduced = _find_introduction(text, start, end, lexicon)
    return found


def _read_han_line(
    text: str,
    start: int,
    end: int,
    lexicon: HanLexicon,
    before: list[Quotation],
    names: Sequence[tuple[int, int]],
) -> list[Quotation]:
    segments = find_segments(text, start, end)
    found = []
    starts = [s.outer_start for s in segments]
    for report in find_han_reports(text, start, end, segments, lexicon, names):
        inside = []
        for low, high in report.contents:
            within = segments[bisect_left(starts, low) : bisect_left(starts, high)]
            inside += [segment for segment in within if segment.end <= high + 1]
        is_speech = report.cue is None or text[slice(*report.cue)] not in lexicon.thought
        found.append(
            Quotation(
                report.contents, report.speaker, report.cue, is_speech, inside, report.pattern
            )
        )
    covered = {s.start for q in found for s in q.segments}
    carried, k, last = [], 0, find_last_speech(before)
    for segment in segments:
        if segment.start in covered or not is_free_standing(text, segment, start, end):
            continue
        while k < len(found) and found[k].contents[0][0] < segment.start:
            last = found[k] if found[k].is_speech else last
            k += 1
        span = (segment.outer_start, segment.outer_end)
        carried.append(
            Quotation([span], last.speaker if last else None, None, True, [segment], "carried")
        )
    return sorted(found + carried, key=lambda q: q.contents[0])


def find_last_speech(before: list[Quotation]) -> Quotation | None:
    """Return the speech that a free-standing one goes on with, among the last few quotations."""
    return next((q for q in reversed(before[-20:]) if q.is_speech), None)


def _read_transcript_line(text: str, label: re.Match, end: int) -> Quotation:
    """`SMITH: We agree.`: the rest of the line is what the label's bearer said."""
    stop = end - 1 if text[end - 1] in MARKS_OF_SPEECH else end
    segment = Segment(label.end(), stop, label.end(), stop, False)
    return Quotation([(label.end(), stop)], label.span(1), None, True, [segment], "transcript")


def _find_introduction(text: str, start: int, end: int, lexicon: Lexicon) -> Quotation | None:
    """`She continued:` at the end of a line: who speaks in the marked line that follows."""
    if text[end - 1] not in ":：":
        return None
    line = read_tokens(text, max(start, end - 400), end, [], lexicon)
    low = max(
        (i + 1 for i, tag in enumerate(line.tags) if tag == "." and line.words[i + 1 : i + 2]),
        default=0,
    )
    clause = Clause(line, low, len(line.words), lexicon)
    read_clause(clause)
    cue = max(clause.subjects, default=None)
    tokens = clause.subjects.get(cue) or find_main_subject(clause) or find_speaker_before(clause)
    span = _to_span(line, tokens)
    return (
        Quotation([], span, (line.starts[cue], line.ends[cue]) if cue is not None else None)
        if span
        else None
    )


def _find_lines(text: str, sentences: Sequence[Sentence]):
    """Yield (start, end, sentence ends) of each line of each part."""
    group: list[Sentence] = []
    for sentence in sentences:
        if group and (
            sentence.part != group[-1].part or "\n" in text[group[-1].end : sentence.start]
        ):
            yield group[0].start, group[-1].end, [s.end for s in group]
            group = []
        group.append(sentence)
    if group:
        yield group[0].start, group[-1].end, [s.end for s in group]


def _read_line(
    text: str,
    start: int,
    end: int,
    ends: list[int],
    lexicon: Lexicon,
    before: list[Quotation],
    introduced: Quotation | None,
) -> list[Quotation]:
    line = read_tokens(text, start, end, find_segments(text, start, end), lexicon)
    found: list[Quotation] = []
    subject = None
    for low, high in _find_ranges(line, ends):
        _settle_titles(line, low, high)
        clause = Clause(line, low, high, lexicon)
        reports = _drop_nested(read_clause(clause))
        quotations = [_to_quotation(line, report) for report in reports]
        covered = {index for report in reports for a, b in report.contents for index in range(a, b)}
        previous = found[-1] if found else None
        for index in (i for i in range(low, high) if line.tags[i] == "Q" and i not in covered):
            if previous and previous.segments and previous.speaker and _is_alone(line, low, high):
                previous.contents.append((line.starts[index], line.ends[index]))
                previous.segments.append(line.segments[index])
            else:
                quotations += _read_open_segment(
                    line, low, high, index, clause, before, subject, introduced
                )
        found += [quotation for quotation in quotations if quotation.contents]
        subject = _to_span(line, find_main_subject(clause)) or subject
    return found


def _to_span(line: Line, tokens: tuple[int, int] | None) -> tuple[int, int] | None:
    """Return the span of a range of tokens; None for none, and for an empty one ("according to ; ...")."""
    return (
        (line.starts[tokens[0]], line.ends[tokens[1] - 1])
        if tokens and tokens[0] < tokens[1]
        else None
    )


def _settle_titles(line: Line, low: int, high: int) -> None:
    """A marked segment that names a programme or a book is a name: `on "Meet the Nation"`."""
    for i in range(low + 1, high):
        if line.tags[i] == "Q" and (line.tags[i - 1] == "'" or line.words[i - 1] in TITLE_BEFORE):
            words = line.text[line.segments[i].start : line.segments[i].end].strip(" .,").split()
            if 2 <= len(words) <= 7 and all(
                w[0].isupper() or w in SMALL_WORDS or not w[0].isalpha() for w in words
            ):
                if words[0][0].isupper() and words[-1][0].isupper():
                    line.tags[i] = (
                        "M" if line.is_stopped(i) else "X"
                    )  # `On "Meet the Nation," Ann Lee said`


def _find_ranges(line: Line, ends: list[int]) -> list[tuple[int, int]]:
    """Return the token ranges of the sentences, none ending inside a marked segment."""
    ranges, low, k = [], 0, 0
    for i in range(len(line.words)):
        while k < len(ends) and ends[k] <= line.starts[i]:
            k += 1
        stop = ends[k] if k < len(ends) else line.ends[-1]
        closes = i in line.segments and line.starts[i] < stop <= line.ends[i] <= stop + 1
        if i - low >= LONGEST_SENTENCE or line.ends[i] == stop or closes:
            if line.tags[i] == "Q" and i - low < LONGEST_SENTENCE and _is_followed_by_cue(line, i):
                continue
            ranges.append((low, i + 1))
            low = i + 1
    if low < len(line.words):
        ranges.append((low, len(line.words)))
    return ranges


def _is_followed_by_cue(line: Line, i: int) -> bool:
    """Whether the words after a closed segment say who spoke it: `"Why?" Jane Doe asked.`"""
    for j in range(i + 1, min(len(line.words), i + 8)):
        tag = line.tags[j]
        if tag == "K" and (j == i + 1 or line.tags[j - 1] in "XNR)"):
            return j + 1 >= len(line.words) or line.tags[j + 1] in ".,MP" or j == i + 1
        if tag not in "XN0D'PR()":
            return False
    return False


def _to_quotation(line: Line, report: Report) -> Quotation:
    contents, segments = [], []
    for low, high in report.contents:
        while low < high and line.tags[high - 1] in ",;:.-":
            high -= 1
        while low < high and line.tags[low] in ",;:-":
            low += 1
        if low < high:
            contents.append((line.starts[low], line.ends[high - 1]))
            segments += [line.segments[i] for i in range(low, high) if i in line.segments]
    speaker = _to_span(line, report.speaker)
    first = report.cue[0]
    while first < report.cue[1] - 1 and line.tags[first] in "LM0P":
        first += 1
    cue = (line.starts[first], line.ends[report.cue[1] - 1])
    return Quotation(contents, speaker, cue, bool(report.frames & SPEECH), segments, report.pattern)


def _is_alone(line: Line, low: int, high: int) -> bool:
    """Whether the sentence is nothing but marked segments."""
    return all(tag in "Q.,-…C" for tag in line.tags[low:high])


def _drop_nested(reports: list[Report]) -> list[Report]:
    """Keep what is reported inside another report only where it is somebody's words again."""
    kept = []
    for report in reports:
        inside = any(
            low <= report.cue[0] and report.contents[-1][1] <= high
            for other in reports
            if other is not report
            for low, high in other.contents
        )
        if not inside or (report.frames & SPEECH and report.pattern in NESTED):
            kept.append(report)
    return kept


def _read_open_segment(
    line: Line,
    low: int,
    high: int,
    index: int,
    clause: Clause,
    before: list[Quotation],
    subject: tuple[int, int] | None,
    introduced: Quotation | None,
) -> list[Quotation]:
    """A segment that no cue of its sentence covers: it goes on with the speech before, or is a term or a title."""
    segment, tags = line.segments[index], line.tags
    span = (segment.outer_start, segment.outer_end)
    is_long = len(line.text[segment.start : segment.end].split(maxsplit=3)) >= 3
    if index + 1 < len(tags) and tags[index + 1] == "-":
        name = [i for i in range(index + 2, len(tags)) if tags[i] != "."]
        is_name = (
            bool(name)
            and len(name) < 25
            and tags[name[0]] == "X"
            and all(tags[i] in "XN,P0D'()" for i in name)
        )
        if is_name and "Q" not in tags[:index]:
            return [
                Quotation(
                    [span],
                    (line.starts[name[0]], line.ends[name[-1]]),
                    None,
                    True,
                    [segment],
                    "signed",
                )
            ]
    if index > low and tags[index - 1] == ":":
        return [
            Quotation(
                [span], _to_span(line, find_speaker_before(clause)), None, True, [segment], "colon"
            )
        ]
    if low == 0 and introduced and _is_alone(line, low, high):
        return [
            Quotation([span], introduced.speaker, introduced.cue, True, [segment], "introduced")
        ]
    if is_long and _is_alone(line, low, high):
        carrier = find_last_speech(before)
        speaker = subject or (carrier.speaker if carrier else None)
        return [Quotation([span], speaker, None, True, [segment], "carried")]
    return []
