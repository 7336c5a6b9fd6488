"""Quotations of one page -> pairs that are one quotation, interrupted by the reporter."""

from __future__ import annotations

from collections.abc import Sequence

from hkresearch.reconcile.statements import Quote, Statement
from hkresearch.reconcile.word_forms import list_words

Halves = tuple[Quote, Quote]


def find_halves(quotes: Sequence[Quote], joiners: frozenset[str]) -> list[Halves]:
    """Return pairs of neighbours with one speaker and nothing but `joiners` between them."""
    neighbours = zip(quotes, quotes[1:], strict=False)
    return [(one, two) for one, two in neighbours if _is_interrupted(one, two, joiners)]


def _is_interrupted(one: Quote, two: Quote, joiners: frozenset[str]) -> bool:
    gap = two.start - one.end
    speaker = _name_speaker(one)
    is_near = one.article_id == two.article_id and 0 < gap <= len(one.after)
    if not is_near or not speaker or speaker != _name_speaker(two):
        return False
    between = list_words(one.after[:gap])
    return bool(between) and all(word in joiners for word in between)


def _name_speaker(quote: Quote) -> str:
    return ";".join(sorted(quote.organisations)) or quote.speaker


def unite_halves(
    statements: list[Statement], direct: Sequence[Quote], joiners: frozenset[str]
) -> list[Statement]:
    """Return `statements` with those joined of which one quotation interrupted in two is made."""
    home = {quote.id: i for i, statement in enumerate(statements) for quote in statement.quotes}
    leader = list(range(len(statements)))

    def lead(i: int) -> int:
        while leader[i] != i:
            leader[i] = leader[leader[i]]
            i = leader[i]
        return i

    for one, two in find_halves(direct, joiners):
        first, second = sorted((lead(home[one.id]), lead(home[two.id])))
        leader[second] = first
    united: dict[int, Statement] = {}
    for i, statement in enumerate(statements):
        united.setdefault(lead(i), Statement()).take_in(statement)
    return list(united.values())
