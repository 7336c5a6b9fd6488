"""Sentences, mentions and the codebook's patterns -> positions, with evidence and attributes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hkresearch.codebook.book import Codebook
from hkresearch.core.article import Annotation, Article, annotate
from hkresearch.structure.positions.attributes import read_position_attributes
from hkresearch.structure.positions.found import (
    AttributeRow,
    FoundPosition,
    drop_copies,
    settle_stops,
)
from hkresearch.structure.positions.sentence_reader import SentenceReader
from hkresearch.structure.positions.third_party_speakers import ThirdParty, ThirdPartySpeakers
from hkresearch.structure.positions.timing import TimingContext
from hkresearch.structure.text.entity_names import Mention
from hkresearch.structure.text.mentions import split_by_sentence
from hkresearch.structure.text.sentences import Sentence

_CODER = "positions/1"
_END_MARKS = " .。\"'”’」』…\n"


def code_positions(
    article: Article,
    sentences: Sequence[Sentence],
    mentions: Sequence[Mention],
    quotations: Sequence[Annotation],
    codebook: Codebook,
    days: Mapping[str, str],
) -> list[Annotation]:
    """Return the positions of the page and their attributes.

    A page that never speaks of the topic yields none. `days` are the dates of the codebook's events
    (`date_events`).
    """
    if not any(mention.kind == "name" for mention in mentions):
        return []
    reader = SentenceReader(article, codebook, mentions)
    rows = list(split_by_sentence(sentences, mentions, reader.plain.words))
    if not reader.is_on_topic(rows):
        return []
    for sentence, own, words in rows:
        reader.read_sentence(sentence, own, words)
    context = TimingContext(reader.plain, codebook, days)
    speakers = ThirdPartySpeakers(article, quotations, codebook)
    written: dict[str, Annotation] = {}
    for position in settle_stops(drop_copies(reader.found)):
        end = _trim_end(article.text, position)
        attributes = read_position_attributes(
            article, position, end, context, mentions, reader.read_scope
        )
        for mark in _write_position(article, position, end, attributes, speakers):
            written[mark.id] = mark
    return sorted(
        written.values(),
        key=lambda mark: (mark.start, mark.end, mark.subject, mark.variable, mark.id),
    )


def _trim_end(text: str, position: FoundPosition) -> int:
    """Return where the last word of the position's sentence ends."""
    end = position.end
    while end > position.start and text[end - 1] in _END_MARKS:
        end -= 1
    return max(end, position.match.end)


def _write_position(
    article: Article,
    position: FoundPosition,
    end: int,
    attributes: Sequence[AttributeRow],
    speakers: ThirdPartySpeakers,
) -> list[Annotation]:
    """Return one position of each organisation, each with its attributes."""
    third = None
    if not position.is_own:
        third = speakers.find_third_party(position.match.start, position.entities)
    marks = []
    for entity in sorted(position.entities):
        mark = annotate(article, position.start, end, entity, "position", position.code, _CODER)
        marks.append(mark)
        own = {
            row.variable: row for row in reversed(attributes) if not row.whom or entity in row.whom
        }
        if third and entity in third.whom and not _is_credited(own.get("via"), third):
            own["third"] = AttributeRow("via", third.who, third.start, third.end)
        modality = AttributeRow("modality", position.modality, position.start, end)
        for row in (modality, *own.values()):
            marks.append(
                annotate(article, row.start, row.end, mark.id, row.variable, row.code, _CODER)
            )
    return marks


def _is_credited(via: AttributeRow | None, third: ThirdParty) -> bool:
    """Whether the outlet credited is the speaker, by its id or because its name stands there."""
    if via is None:
        return False
    return via.code == third.who or via.start < third.end and third.start < via.end
