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
) -> Entities:
    """Return whom the sentence addresses at `place`: those of its clause, else of one before it."""
    ends = [span[0], *(match.end() for match in words.clause_end.finditer(plain.lower, *span))]
    clauses = list(zip(ends, [*ends[1:], span[1]], strict=True))
    for start, end in reversed(clauses):
        inside = [mention for mention in named if start <= mention.start < end]
        if start <= place and inside:
            chosen = [mention for mention in inside if mention.start < place] or inside
            return tuple(dict.fromkeys(mention.entity for mention in chosen))
    return tuple(dict.fromkeys(mention.entity for mention in named))
