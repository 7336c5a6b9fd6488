"""A quotation and the mentions of an article -> the outlet that is credited with it."""

from __future__ import annotations

from hkresearch.structure.quotations.mention_index import MentionIndex
from hkresearch.structure.quotations.quotation import Credit, Quotation, QuotedSpan
from hkresearch.structure.quotations.speaker_words import SpeakerWords

# characters behind the cue in which "told the BBC" or "in an interview with CNN" stands
_CREDIT_REACH = 120


def find_credit(
    text: str,
    quotation: Quotation,
    index: MentionIndex,
    words: SpeakerWords,
    last: Credit | None,
) -> Credit | None:
    """Return the outlet credited with the quotation, by its id or its words; None where none is.

    `last` is the credit of the quotation before, for `in the report`.
    """
    if quotation.cue is None:
        return None
    spans = _list_credit_spans(text, quotation.cue, quotation, words)
    for start, end in spans:
        for mention in index.find_inside(start, end, ("outlet",)):
            if mention.start >= start:
                entity = index.find_outlet(text, mention)
                return mention.start, mention.end, entity or text[mention.start : mention.end]
    for start, end in spans:
        if name := words.outlet.search(text, start, end):
            return name.start(1), name.end(1), name.group(1)
        if last and (name := words.outlet_reference.search(text, start, end)):
            return name.start(1), name.end(1), last[2]
    return None


def _list_credit_spans(
    text: str, cue: QuotedSpan, quotation: Quotation, words: SpeakerWords
) -> list[QuotedSpan]:
    """Return where the credit may stand: behind the cue, in the speaker, or between both."""
    speaker, begin = quotation.speaker, cue[0]
    line_end = text.find("\n", cue[1], cue[1] + _CREDIT_REACH)
    limit = line_end if line_end >= 0 else len(text)
    following = [start for start, _ in quotation.contents if start >= cue[1]]
    stop = min(cue[1] + _CREDIT_REACH, limit, *following)
    if words.marks.quoted_as_saying.search(text, *cue):  # the outlet that quotes stands before
        line_start = text.rfind("\n", max(0, begin - _CREDIT_REACH), begin) + 1
        begin = max(line_start, begin - _CREDIT_REACH // 2, 0)
    spans = [(begin, stop)]
    if speaker and speaker[0] >= cue[0]:
        spans.append(speaker)
    # Chinese: the outlet stands before the verb
    if speaker and 0 < cue[0] - speaker[1] <= _CREDIT_REACH:
        spans.append((speaker[1], cue[0]))
    return spans
