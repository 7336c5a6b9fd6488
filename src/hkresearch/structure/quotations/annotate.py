"""Sentences and mentions of one article -> its quotations, with speaker, cue, organisation."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace

from hkresearch.codebook.book import Codebook
from hkresearch.core.article import Annotation, Article, annotate
from hkresearch.structure.quotations.credits import find_credit
from hkresearch.structure.quotations.focus import Focus
from hkresearch.structure.quotations.mention_index import SPEAKING_KINDS, MentionIndex
from hkresearch.structure.quotations.quotation import Quotation
from hkresearch.structure.quotations.reported_speech import find_quotations
from hkresearch.structure.quotations.speaker_words import read_speaker_words
from hkresearch.structure.quotations.speakers import SpeakerReader
from hkresearch.structure.text.entity_names import Mention
from hkresearch.structure.text.quotation_marks import Segment
from hkresearch.structure.text.sentences import Sentence

_CODER = "quotations/1"


def code_quotations(
    article: Article, sentences: Sequence[Sentence], mentions: Sequence[Mention], codebook: Codebook
) -> list[Annotation]:
    """Return the quotations of the article with their speakers, cues and organisations, sorted.

    A mixed quotation is annotated as a whole, and its marked segments as direct ones besides.
    """
    text = article.text
    index = MentionIndex(mentions, codebook)
    words = read_speaker_words(codebook)
    focus = Focus(text, sentences, mentions, codebook)
    reader = SpeakerReader(text, index, words, focus, codebook)
    rows: dict[str, Annotation] = {}
    credit = last = None
    for quotation in find_quotations(text, sentences, codebook, index.list_actors()):
        quotation.organisations = reader.find_organisations(quotation, last)
        if quotation.pattern == "predicate" and not quotation.organisations:
            continue  # marked words of nobody known are a term
        quotation.credit = find_credit(text, quotation, index, words, credit)
        credit, last = quotation.credit or credit, quotation
        rows |= {row.id: row for row in _annotate_quotation(article, quotation, index)}
    return sorted(rows.values(), key=_find_place)


def _find_place(row: Annotation) -> tuple[int, int, str, str, str, str]:
    return row.start, row.end, row.subject, row.variable, row.code, row.id


def _annotate_quotation(
    article: Article, quotation: Quotation, index: MentionIndex
) -> list[Annotation]:
    rows, starts = [], [segment.outer_start for segment in quotation.segments]
    for start, end in quotation.contents:
        first, last = bisect_left(starts, start), bisect_left(starts, end)
        for kind, low, high in _list_spans(start, end, quotation.segments[first:last]):
            row = annotate(article, low, high, article.id, "quotation", kind, _CODER)
            is_inner = kind == "direct" and low > start + 1
            said_by = _find_quoted_actor(quotation, index, start, low) if is_inner else quotation
            rows += [row, *_annotate_attributes(article, said_by, row.id)]
    return rows


def _find_quoted_actor(
    quotation: Quotation, index: MentionIndex, start: int, end: int
) -> Quotation:
    """`According to a newspaper, X will stop "at once"`: X's words, by way of the newspaper."""
    speaking = quotation.organisations
    by_outlet = all(index.find_kind(mention.entity) == "outlet" for mention in speaking)
    if not quotation.credit or not speaking or not by_outlet:
        return quotation
    actors = index.find_inside(start, end, SPEAKING_KINDS)
    if not actors:
        return quotation
    first = [mention for mention in actors if mention.start == actors[0].start]
    return replace(quotation, speaker=(first[0].start, first[0].end), organisations=first)


def _annotate_attributes(
    article: Article, quotation: Quotation, subject: str
) -> Iterator[Annotation]:
    text = article.text
    for variable, span in (("speaker", quotation.speaker), ("cue", quotation.cue)):
        if span:
            yield annotate(article, *span, subject, variable, text[slice(*span)], _CODER)
    for mention in quotation.organisations:
        start, end = mention.start, mention.end
        yield annotate(article, start, end, subject, "organisation", mention.entity, _CODER)
    if quotation.credit:
        start, end, outlet = quotation.credit
        yield annotate(article, start, end, subject, "via", outlet, _CODER)


def _list_spans(start: int, end: int, segments: list[Segment]) -> Iterator[tuple[str, int, int]]:
    """Yield (kind, start, end) of the quotations in a content; direct ones without their marks."""
    inside = [segment for segment in segments if segment.start >= start and segment.end <= end]
    if len(inside) == 1:
        only = inside[0]
        if only.outer_start <= start and only.outer_end >= end:
            yield "direct", only.start, only.end
            return
    yield "mixed" if inside else "indirect", start, end
    for segment in inside:
        yield "direct", segment.start, segment.end
