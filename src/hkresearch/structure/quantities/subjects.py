"""A figure and the mentions of its sentence -> whom it concerns."""

from __future__ import annotations

from collections.abc import Sequence

from hkresearch.codebook.book import Codebook
from hkresearch.codebook.plain_text import Plain
from hkresearch.structure.quantities.figures import Figure
from hkresearch.structure.quantities.measures import Measure
from hkresearch.structure.quantities.places import PlaceWords
from hkresearch.structure.text.entity_names import Lexicon, Mention
from hkresearch.structure.text.mention_lists import Group

Entities = tuple[str, ...]


def find_measured(
    figure: Figure,
    measure: Measure,
    groups: Sequence[Group],
    company: Entities,
    addressees: Entities,
) -> Entities:
    """Return whom the figure concerns: a fixed subject, an addressee of the law, or a company.

    That is who acts before it, else whom the sentence names, else the `company` spoken of before.
    """
    if measure.subject == "addressee":
        return addressees
    if measure.subject:
        return (measure.subject,)
    companies = [g for g in groups if g.kind == "company"]
    before = [g for g in companies if g.end <= figure.start]
    able = [g for g in before if g.can_act]
    if chosen := able or before:
        return chosen[-1].entities
    if companies:
        return companies[0].entities
    return company if len(company) == 1 else ()


def find_company(
    groups: Sequence[Group] | None, own: Sequence[Mention], lexicon: Lexicon
) -> Entities:
    """Return the company that the sentence speaks of: its first subject, else the first named."""
    if groups is not None and (able := [g for g in groups if g.kind == "company" and g.can_act]):
        return able[0].entities
    return next(((m.entity,) for m in own if lexicon.kinds[m.entity] == "company"), ())


def list_addressees(own: Sequence[Mention], codebook: Codebook) -> list[Mention]:
    """Return the mentions of roles that the law addresses."""
    return [m for m in own if codebook.entities.get(m.entity, {}).get("addressee")]


def choose_addressees(
    place: int, named: Sequence[Mention], plain: Plain, span: tuple[int, int], words: PlaceWords
) -> Entities | None:
    """Return whom the sentence addresses at `place`: those before it, of its part or its clause.

    Those behind it count where the words between say so ("a fine for hosts"). None means that
    somebody else is spoken of.
    """
    ends = [span[0], *(match.end() for match in words.clause_end.finditer(plain.lower, *span))]
    clauses = list(zip(ends, [*ends[1:], span[1]], strict=True))
    for start, end in reversed(clauses):
        if start > place:
            continue
        before = [mention for mention in named if start <= mention.start < min(end, place)]
        if before:
            return _list_entities(_choose_part(before, place, plain, words))
        if _is_about_others(plain, start, min(end, place), words):
            return None
        behind = [mention for mention in named if place <= mention.start < end]
        if behind and words.addressed.search(plain.lower, place, behind[0].start):
            return _list_entities(behind)
    return ()


def _choose_part(
    before: Sequence[Mention], place: int, plain: Plain, words: PlaceWords
) -> Sequence[Mention]:
    """Return the last of the addressees, with those that it is listed with, from its own part on.

    "..., and those who post face a year": whoever posts.
    """
    parts = [match.end() for match in words.part_end.finditer(plain.lower, before[0].end, place)]
    own = [mention for mention in before if parts and mention.start >= parts[-1]]
    return own or before


def _is_about_others(plain: Plain, start: int, end: int, words: PlaceWords) -> bool:
    """Return whether the words of [start, end) name somebody whom the law does not address."""
    return any(word in words.others for _, _, word in plain.list_words(start, end))


def _list_entities(mentions: Sequence[Mention]) -> Entities:
    return tuple(dict.fromkeys(mention.entity for mention in mentions))
