"""A quotation and the mentions of an article -> the outlet that is credited with it."""

from __future__ import annotations

import re
from typing import Any

from hkresearch.structure.quotations.mention_index import MentionIndex
from hkresearch.structure.quotations.speaker_words import SpeakerWords

# characters after the cue in which "told the BBC" or "in an interview with CNN" stands
CREDIT_REACH = 120
AS_SAYING = re.compile(r"\b(?:quoted|cited)\b.* as \w+ing$")
Credit = tuple[int, int, str]


def find_credit(
    text: str, quotation: Any, index: MentionIndex, words: SpeakerWords, last: Credit | None
) -> Credit | None:
    """Return (start, end, entity or words) of the outlet credited with the quotation; None where none is.

    `last` is the credit of the quotation before, for `in the report`.
    """
    if quotation.cue is None:
        return None
    spans = _list_credit_spans(text, quotation)
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


def _list_credit_spans(text: str, quotation: Any) -> list[tuple[int, int]]:
    """Return the spans in which the credit may stand: after the cue, in the speaker, between both in Chinese."""
    cue, speaker = quotation.cue, quotation.speaker
    line_end = text.find("\n", cue[1], cue[1] + CREDIT_REACH)
    stop = min(cue[1] + CREDIT_REACH, line_end if line_end >= 0 else len(text))
    stop = min([stop] + [start for start, _ in quotation.contents if start >= cue[1]])
    begin = cue[0]
    if AS_SAYING.search(text, *cue):  # the outlet that quotes stands before
        begin = max(
            text.rfind("\n", max(0, begin - CREDIT_REACH), begin) + 1, begin - CREDIT_REACH // 2, 0
        )
    spans = [(begin, stop)]
    if speaker and speaker[0] >= cue[0]:
        spans.append(speaker)
    # Chinese: the outlet stands before the verb
    if speaker and 0 < cue[0] - speaker[1] <= CREDIT_REACH:
        spans.append((speaker[1], cue[0]))
    return spans
