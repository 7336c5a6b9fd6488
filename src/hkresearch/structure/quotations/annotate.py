"""Sentences and mentions of one article -> its quotations, each with speaker, cue, organisation and credited outlet."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace

from hkresearch.codebook.book import Codebook
from hkresearch.core.article import Annotation, Article, annotate
from hkresearch.structure.quotations.credits import find_credit
from hkresearch.structure.quotations.focus import Focus
from hkresearch.structure.quotations.mention_index import ACTORS, MentionIndex
from hkresearch.structure.quotations.reported_speech import Quotation, find_quotations
from hkresearch.structure.quotations.speaker_words import read_speaker_words
from hkresearch.structure.quotations.speakers import SpeakerReader
from hkresearch.structure.text.entity_names import Mention
from hkresearch.structure.text.quotation_marks import Segment
from hkresearch.structure.text.sentences import Sentence

CODER = "quotations/1"
PERSONS = ("he", "she", "他", "她")


def code_quotations(
    article: Article, sentences: Sequence[Sentence], mentions: Sequence[Mention], codebook: Codebook
) -> list[Annotation]:
    """Return the quotations of the article with their speakers, cues, organisations and credited outlets, sorted.

    A mixed quotation is annotated as a whole, and each of its marked segments as a direct one besides.
    """
    index = MentionIndex(mentions, codebook)
    words = read_speaker_words(codebook)
    reader = SpeakerReader(
        article.text, index, words, Focus(article.text, sentences, mentions, codebook)
    )
    rows: dict[str, Annotation] = {}
    credit = last = None
    for quotation in find_quotations(article.text, sentences, codebook, index.list_actors()):
        quotation.organisations = _find_organisations(article.text, quotation, reader, last)
        quotation.credit = find_credit(article.text, quotation, index, words, credit)
        credit, last = quotation.credit or credit, quotation
        rows |= {row.id: row for row in _annotate_quotation(article, quotation, index)}
    return sorted(
        rows.values(), key=lambda a: (a.start, a.end, a.subject, a.variable, a.code, a.id)
    )


def _find_organisations(
    text: str, quotation: Quotation, reader: SpeakerReader, last: Quotation | None
) -> list[Mention]:
    """Return for whom the speaker speaks; "she" goes on for whom the person of the same line did."""
    if quotation.speaker is None:
        return []
    if text[slice(*quotation.speaker)].casefold() in PERSONS:
        return last.organisations if last and _goes_on(text, quotation, last) else []
    return reader.find_organisations(quotation.speaker, quotation.contents)


def _goes_on(text: str, quotation: Quotation, last: Quotation) -> bool:
    """Whether a pronoun takes up the person who spoke before: on the same line, and by a role or a name."""
    if last.speaker is None or "\n" in text[last.contents[0][0] : quotation.speaker[0]]:
        return False
    return text[slice(*last.speaker)].casefold() not in ("it", "they", "we", "i", "you")


def _annotate_quotation(
    article: Article, quotation: Quotation, index: MentionIndex
) -> list[Annotation]:
    rows, starts = [], [s.outer_start for s in quotation.segments]
    for start, end in quotation.contents:
        first, last = bisect_left(starts, start), bisect_left(starts, end)
        for kind, low, high in _list_spans(start, end, quotation.segments[first:last]):
            row = annotate(article, low, high, article.id, "quotation", kind, CODER)
            is_inner = kind == "direct" and low > start + 1
            said_by = _find_quoted_actor(quotation, index, start, low) if is_inner else quotation
            rows += [row, *_annotate_attributes(article, said_by, row.id)]
    return rows


def _find_quoted_actor(
    quotation: Quotation, index: MentionIndex, start: int, end: int
) -> Quotation:
    """`According to a newspaper, X will stop "at once"`: the marked words are X's, by way of the newspaper."""
    if not quotation.credit or any(
        index.find_kind(m.entity) != "outlet" for m in quotation.organisations
    ):
        return quotation
    actors = index.find_inside(start, end, ACTORS)
    if not actors or not quotation.organisations:
        return quotation
    first = [m for m in actors if m.start == actors[0].start]
    return replace(quotation, speaker=(first[0].start, first[0].end), organisations=first)


def _annotate_attributes(
    article: Article, quotation: Quotation, subject: str
) -> Iterator[Annotation]:
    text = article.text
    for variable, span in (("speaker", quotation.speaker), ("cue", quotation.cue)):
        if span:
            yield annotate(article, *span, subject, variable, text[slice(*span)], CODER)
    for mention in quotation.organisations:
        yield annotate(
            article, mention.start, mention.end, subject, "organisation", mention.entity, CODER
        )
    if quotation.credit:
        start, end, outlet = quotation.credit
        yield annotate(article, start, end, subject, "via", outlet, CODER)


def _list_spans(start: int, end: int, segments: list[Segment]) -> Iterator[tuple[str, int, int]]:
    """Yield (kind, start, end) of the quotations in one content; direct ones without their marks."""
    inside = [s for s in segments if s.start >= start and s.end <= end]
    if len(inside) == 1 and inside[0].outer_start <= start and inside[0].outer_end >= end:
        yield "direct", inside[0].start, inside[0].end
        return
    yield "mixed" if inside else "indirect", start, end
    for segment in inside:
        yield "direct", segment.start, segment.end
