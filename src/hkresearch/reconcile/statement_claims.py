"""Quotations of all pages -> claims: one per statement, under the organisation that makes it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from hkresearch.reconcile.claim_types import Appearance, Claim, ClaimKey, Claims, short_hash
from hkresearch.reconcile.decisions import Links
from hkresearch.reconcile.statement_clusters import join_statements
from hkresearch.reconcile.statements import Quote, Statement
from hkresearch.reconcile.translations import unite_translations
from hkresearch.reconcile.word_forms import compare_wording, list_words

_STATEMENT = "statement"


def gather_statements(quotes: list[Quote], book: Mapping[str, Any], links: Links) -> Claims:
    """Return a claim for each statement in `quotes`; those that a person split stand alone."""
    rules = book.get("reconcile", {})
    joiners = frozenset(word for words in rules.get("joiners", {}).values() for word in words)
    together = [quote for quote in quotes if quote.id not in links.split]
    statements = unite_translations(join_statements(together, joiners), book)
    for quote in sorted(quotes, key=lambda quote: quote.id):
        if quote.id in links.split:
            statements += join_statements([quote], joiners)
    claims: Claims = {}
    for statement in statements:
        words = " ".join(list_words(statement.text))
        subject = _choose_subject(statement.quotes)
        key = ClaimKey(subject, _STATEMENT, short_hash(words))
        if key in claims:  # the same few words, which stay apart for want of a common speaker
            code = short_hash(f"{tuple(key)}{statement.quotes[0].id}")
            key = ClaimKey(subject, _STATEMENT, code)
        claims[key] = Claim(statement.text, _list_appearances(statement))
    return claims


def _list_appearances(statement: Statement) -> list[Appearance]:
    exacts = dict.fromkeys(quote.exact for quote in statement.quotes)
    wordings = {exact: compare_wording(exact, statement.text) for exact in exacts}
    return [
        Appearance(
            quote.id, quote.article_id, _name_wording(wordings[quote.exact], quote.is_direct)
        )
        for quote in statement.quotes
    ]


def _name_wording(wording: str, is_direct: bool) -> str:
    """Reported speech in other words is retold, not altered: it claims nobody's exact words."""
    return "paraphrase" if wording == "altered" and not is_direct else wording


def _choose_subject(quotes: list[Quote]) -> str:
    """Return the organisation that most pages name as the speaker.

    "" where none does, where more pages name somebody else, and where as many pages each name
    another one alone: nobody can say whose words they are.
    """
    pages = {
        (organisation, quote.article_id) for quote in quotes for organisation in quote.organisations
    }
    counts = Counter(organisation for organisation, _ in pages)
    if not counts:
        return ""
    others = {quote.article_id for quote in quotes if quote.speaker and not quote.organisations}
    most = max(counts.values())
    best = sorted(organisation for organisation in counts if counts[organisation] == most)
    is_joint = any(set(best) <= quote.organisations for quote in quotes)
    is_open = len(best) > 1 and most > 1 and not is_joint
    return "" if is_open or len(others) > most else best[0]
