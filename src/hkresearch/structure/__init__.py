"""An article and its parts -> annotations: quotations, positions, quantities and facts."""

from __future__ import annotations

from collections.abc import Iterable

from hkresearch.codebook.book import Codebook
from hkresearch.core.article import Annotation, Article
from hkresearch.structure.facts.annotate import code_facts
from hkresearch.structure.positions.annotate import code_positions
from hkresearch.structure.positions.events import date_events
from hkresearch.structure.quantities.annotate import code_quantities
from hkresearch.structure.quotations.annotate import code_quotations
from hkresearch.structure.quotations.quoted_segments import quote_segments
from hkresearch.structure.text.article_date import date_article
from hkresearch.structure.text.invisible import restore_places, strip_invisible, strip_parts
from hkresearch.structure.text.mentions import find_mentions
from hkresearch.structure.text.sentences import find_sentences
from hkresearch.structure.text.wrapped_lines import join_wrapped_lines


def structure_article(
    article: Article, parts: Iterable[Annotation], codebook: Codebook
) -> list[Annotation]:
    """Return every coded statement of the article parts, sorted; furniture is never read.

    `parts` are the marks of `clean_article`, with what the page says of its own date and language.
    A page in a language that the codebook has no words for yields nothing.
    """
    parts = list(parts)
    if not is_readable(article, parts, codebook):
        return []
    stripped, places = strip_invisible(article)
    if places:
        parts = strip_parts(parts, stripped, places)
    joined, parts = join_wrapped_lines(stripped, parts)
    found = _read_statements(joined, parts, codebook)
    if joined is not article:
        found = restore_places(found, article, places or range(len(article.text) + 1))
    return sorted(
        {a.id: a for a in found}.values(),
        key=lambda a: (a.start, a.end, a.coder, a.subject, a.variable, a.code, a.id),
    )


def is_readable(article: Article, parts: Iterable[Annotation], codebook: Codebook) -> bool:
    """Return whether the codebook has words for the page's language.

    The register states it, else the page's marks; an unknown one is readable.
    """
    own = (part for part in parts if part.subject == article.id)
    stated = (part.code for part in own if part.variable == "in_language")
    tag = article.in_language or next(stated, "")
    languages = codebook.topic.get("languages", ())
    main_tag, *_ = tag.replace("_", "-").lower().split("-")
    return not tag or not languages or main_tag in languages


def _read_statements(
    article: Article, parts: list[Annotation], codebook: Codebook
) -> list[Annotation]:
    article = date_article(article, parts, codebook)
    sentences = find_sentences(article, parts, codebook)
    mentions = find_mentions(article, sentences, codebook)
    quotations = code_quotations(article, sentences, mentions, codebook)
    quantities = code_quantities(article, sentences, mentions, codebook)
    facts = code_facts(article, sentences, mentions, codebook)
    days = date_events(facts, codebook)
    positions = code_positions(article, sentences, mentions, quotations, codebook, days)
    segments = quote_segments(article, quotations)
    return [*quotations, *segments, *positions, *quantities, *facts]
