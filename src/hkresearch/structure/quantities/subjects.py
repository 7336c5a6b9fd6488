"""A figure and the mentions of its sentence -> whom it concerns: a company, an addressee of the law, a fixed subject."""

from __future__ import annotations

from collections.abc import Sequence

from hkresearch.codebook.book import Codebook
from hkresearch.codebook.plain_text import Plain
from hkresearch.structure.quantities.figures import Figure
from hkresearch.structure.quantities.measures import Measure
from hkresearch.structure.quantities.places import CLAUSE_ENDS
from hkresearch.structure.text.entity_names import Lexicon, Mention
from hkresearch.structure.text.mention_lists import Group

Entities = tuple[str, ...]


def find_subjects(
    figure: Figure,
    measure: Measure,
    groups: Sequence[Group],
    company: Entities,
    addressees: Entities,
) -> Entities:
    """Return whom the figure concerns: who acts before it, else whom the sentence names, else the `company` before."""
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
    """Return whom the sentence leaves as the company spoken of: its first subject, else the first that it names."""
    if groups is not None and (able := [g for g in groups if g.kind == "company" and g.can_act]):
        return able[0].entities
    return next(((m.entity,) for m in own if lexicon.kinds[m.entity] == "company"), ())


def list_addressees(own: Sequence[Mention], codebook: Codebook) -> list[Mention]:
    """Return the mentions of roles that the law addresses."""
    return [m for m in own if codebook.entities.get(m.entity, {}).get("addressee")]


def choose_addressees(
    place: int, named: Sequence[Mention], plain: Plain, span: tuple[int, int]
) -> Entities:
    """Return whom the sentence addresses at `place`: those of its clause, else of the nearest one before it."""
    ends = [span[0], *(m.end() for m in CLAUSE_ENDS.finditer(plain.lower, *span))]
    clauses = list(zip(ends, [*ends[1:], span[1]], strict=True))
    for start, end in reversed(clauses):
        if start <= place and (inside := [m for m in named if start <= m.start < end]):
            inside = [m for m in inside if m.start < place] or inside
            return tuple(dict.fromkeys(m.entity for m in inside))
    return tuple(dict.fromkeys(m.entity for m in named))
