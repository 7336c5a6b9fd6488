"""One line of Chinese -> who reports what in it, by the verb between speaker and content."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from hkresearch.structure.quotations.chinese_lexicon import LONGEST_HAN_SPEAKER, HanLexicon
from hkresearch.structure.quotations.chinese_speakers import (
    find_clause_start,
    find_first_speaker,
    find_han_speaker,
)
from hkresearch.structure.quotations.chinese_text import (
    HAN_STOPS,
    skip_lead_signs,
    skip_signs_after_verb,
    trim_han,
)
from hkresearch.structure.quotations.quotation import QuotedSpan
from hkresearch.structure.text.quotation_marks import Segment

_EDGES = "，,。！？!?；;：:、｡…"
_EDGE = re.compile("[，,；;]")
_MARKED_NEAR = 3  # characters from a marked segment to the clause of its verb


@dataclass(slots=True)
class HanReport:
    """One reported content; offsets in the text layer."""

    cue: QuotedSpan | None
    speaker: QuotedSpan | None
    contents: list[QuotedSpan]
    pattern: str


class _HanCue(NamedTuple):
    """A verb that opens a content of its own, and where its clause begins."""

    start: int
    end: int
    clause: int


class _HanSentence(NamedTuple):
    """One sentence [low, high) with its marked segments."""

    text: str
    low: int
    high: int
    segments: list[Segment]

    def starts_marked(self, position: int) -> bool:
        """Return whether a marked segment begins at a position."""
        k = bisect_left(self.segments, position, key=lambda segment: segment.outer_start)
        return k < len(self.segments) and self.segments[k].outer_start == position

    def find_marked_before(self, clause: int) -> Segment | None:
        """Return the marked segment that ends right before a clause."""
        k = bisect_right(self.segments, clause, key=lambda segment: segment.outer_end)
        if k == 0:
            return None
        last = self.segments[k - 1]
        is_near = clause - last.outer_end <= _MARKED_NEAR
        between = self.text[last.outer_end : clause].strip("，, ")
        return last if is_near and not between else None


def find_han_reports(
    text: str,
    start: int,
    end: int,
    segments: Sequence[Segment],
    lexicon: HanLexicon,
    names: Sequence[QuotedSpan] = (),
) -> list[HanReport]:
    """Return the reports of one line in order."""
    reports: list[HanReport] = []
    for sentence in _split_sentences(text, start, end, segments):
        reports += _read_sentence(sentence, lexicon, names)
    return reports


def _split_sentences(
    text: str, start: int, end: int, segments: Sequence[Segment]
) -> Iterator[_HanSentence]:
    """Yield the sentences; none ends inside a marked segment."""
    low, position = start, start
    inside: list[Segment] = []
    for segment in [*segments, None]:
        stop = segment.outer_start if segment else end
        for place in range(position, stop):
            if text[place] in HAN_STOPS:
                yield _HanSentence(text, low, place + 1, inside)
                low, inside = place + 1, []
        if segment is None:
            break
        inside.append(segment)
        position = segment.outer_end
        if _closes_sentence(text, low, segment):
            yield _HanSentence(text, low, position, inside)
            low, inside = position, []
    if low < end:
        yield _HanSentence(text, low, end, inside)


def _closes_sentence(text: str, low: int, segment: Segment) -> bool:
    """Whether a segment that its speaker introduced ends the sentence: `甲說：「我們同意。」`."""
    if segment.outer_start <= low or text[segment.outer_start - 1] not in "：:，,":
        return False
    goes_on = text[segment.outer_end : segment.outer_end + 1] in tuple("「『“，,")
    is_stopped = text[segment.end - 1] in HAN_STOPS
    return is_stopped and not goes_on and bool(text[low : segment.outer_start].strip())


def _read_sentence(
    sentence: _HanSentence, lexicon: HanLexicon, names: Sequence[QuotedSpan]
) -> list[HanReport]:
    if by_source := _read_according(sentence, lexicon):
        return [by_source]
    reports: list[HanReport] = []
    cues = _find_cues(sentence, lexicon)
    for k, cue in enumerate(cues):
        speaker = _find_speaker(sentence, cue, lexicon, names, reports)
        stop = cues[k + 1].clause if k + 1 < len(cues) else sentence.high
        contents, pattern = [], "before"
        if not reports:
            contents = _find_contents_before(sentence, cue)
        if not contents:
            contents, pattern = _find_content_after(sentence, cue, stop, lexicon), "after"
        if contents:
            reports.append(HanReport((cue.start, cue.end), speaker, contents, pattern))
    return reports


def _find_speaker(
    sentence: _HanSentence,
    cue: _HanCue,
    lexicon: HanLexicon,
    names: Sequence[QuotedSpan],
    reports: list[HanReport],
) -> QuotedSpan | None:
    """Return who speaks: in the verb's clause, else who spoke before, else an earlier subject."""
    text, low = sentence.text, sentence.low
    if speaker := find_han_speaker(text, cue.clause, cue.start, lexicon):
        return speaker
    if reports:
        return reports[-1].speaker
    return find_first_speaker(text, low, cue.start, lexicon, names)


def _read_according(sentence: _HanSentence, lexicon: HanLexicon) -> HanReport | None:
    """Read `根據甲的報道，……`; None where the sentence does not begin so."""
    text, low, high = sentence.text, sentence.low, sentence.high
    match = lexicon.according.match(text, skip_lead_signs(text, low, high), high)
    if match is None:
        return None
    begin, stop = trim_han(text, match.end(), high)
    if begin >= stop:
        return None
    cue, speaker = (match.start(), match.start(1)), trim_han(text, *match.span(1))
    return HanReport(cue, speaker, [(begin, stop)], "according")


def _find_contents_before(sentence: _HanSentence, cue: _HanCue) -> list[QuotedSpan]:
    """Return the marked words right before the verb's clause, and those behind the verb."""
    text, high = sentence.text, sentence.high
    marked = sentence.find_marked_before(cue.clause)
    after = skip_signs_after_verb(text, cue.end, high)
    goes_on = sentence.starts_marked(after)
    is_last = after >= high or goes_on or text[cue.end : cue.end + 1] in tuple(_EDGES)
    if marked is None or not is_last:
        return []
    begin = sentence.low if marked is sentence.segments[0] else marked.outer_start
    contents = [trim_han(text, begin, marked.outer_end)]
    if goes_on:
        contents.append((after, trim_han(text, after, high)[1]))
    return contents


def _find_content_after(
    sentence: _HanSentence, cue: _HanCue, stop: int, lexicon: HanLexicon
) -> list[QuotedSpan]:
    """Return what follows the verb, up to the next verb's clause; none where nothing does."""
    text = sentence.text
    after = skip_signs_after_verb(text, cue.end, sentence.high)
    if lexicon.about.match(text, cue.clause, cue.start):
        edge = _EDGE.search(text, after, stop)
        stop = edge.start() if edge else stop
    begin, stop = trim_han(text, after, stop)
    return [(begin, stop)] if begin < stop else []


def _find_cues(sentence: _HanSentence, lexicon: HanLexicon) -> list[_HanCue]:
    """Return the verbs that open a content of their own."""
    text, found = sentence.text, list[_HanCue]()
    position, open_content = sentence.low, -1
    for segment in [*sentence.segments, None]:
        stop = segment.outer_start if segment else sentence.high
        for match in lexicon.cue.finditer(text, position, stop):
            clause = find_clause_start(text, match.start(), position)
            if not _is_cue(text, match, clause, open_content, lexicon):
                continue
            found.append(_HanCue(match.start(), match.end(), clause))
            open_content = skip_signs_after_verb(text, match.end(), sentence.high)
        if segment:
            position = segment.outer_end
    return found


def _is_cue(
    text: str, match: re.Match[str], clause: int, open_content: int, lexicon: HanLexicon
) -> bool:
    """Whether a word reports, and not inside what is reported already."""
    word = match.group()
    if word not in lexicon.cues or text.startswith(lexicon.not_verb, match.end()):
        return False
    is_inside = open_content >= 0 and (clause <= open_content or word in lexicon.thought)
    if is_inside or match.start() - clause > LONGEST_HAN_SPEAKER:
        return False
    return not lexicon.negation.search(text, clause, match.start())
