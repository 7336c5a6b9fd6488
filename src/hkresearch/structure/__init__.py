"""An article and its parts -> annotations: who says what, positions, quantities and facts, each with its evidence."""

from __future__ import annotations

from collections.abc import Iterable

from hkresearch.codebook.book import Codebook
from hkresearch.core.article import Annotation, Article
from hkresearch.structure.facts import code_facts
from hkresearch.structure.positions.annotate import code_positions
from hkresearch.structure.positions.timing import date_article, date_events
from hkresearch.structure.quantities import code_quantities
from hkresearch.structure.quotations.annotate import code_quotations
from hkresearch.structure.quotations.quoted_segments import quote_segments
from hkresearch.structure.text.mentions import find_mentions
from hkresearch.structure.text.sentences import find_sentences


def structure_article(
    article: Article, parts: Iterable[Annotation], codebook: Codebook
) -> list[Annotation]:
    """Return every coded statement of the article parts, sorted; furniture of the page is never read."""
    parts = list(parts)
    article = date_article(article, parts)
    sentences = find_sentences(article, parts, codebook)
    mentions = find_mentions(article, sentences, codebook)
    quotations = code_quotations(article, sentences, mentions, codebook)
    quantities = code_quantities(article, sentences, mentions, codebook)
    facts = code_facts(article, sentences, mentions, codebook)
    days = date_events(facts, codebook)
    positions = code_positions(article, sentences, mentions, quotations, codebook, days)
    segments = quote_segments(article, quotations)
    found = {a.id: a for a in (*quotations, *segments, *positions, *quantities, *facts)}
    return sorted(
        found.values(), key=lambda a: (a.start, a.end, a.coder, a.subject, a.variable, a.code, a.id)
    )
