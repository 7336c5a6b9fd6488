"""Texts written for the tests -> what the coders say of them, in a form that fits a table of cases."""

import hashlib

from hkresearch.codebook.book import read_codebook
from hkresearch.core.article import Article, annotate
from hkresearch.structure import find_mentions, find_sentences
from hkresearch.structure.facts.annotate import code_facts
from hkresearch.structure.positions.annotate import code_positions
from hkresearch.structure.positions.events import date_events
from hkresearch.structure.quantities.annotate import code_quantities
from hkresearch.structure.quotations.annotate import code_quotations
from hkresearch.structure.quotations.quoted_segments import quote_segments

BOOK = read_codebook("hong-kong-data-requests")
# A first sentence that puts the page on the topic.
TOPIC = "Hong Kong police send requests for user data.\n"


def make_article(text, date_published="2020-07-07"):
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Article(
        id="page", text=text, sha256=digest, text_sha256=digest, date_published=date_published
    )


def read(text, coder, date_published="2020-07-07", book=BOOK):
    article = make_article(text, date_published)
    parts = [annotate(article, 0, len(text), article.id, "part", "body", "test/1")]
    sentences = find_sentences(article, parts, book)
    mentions = find_mentions(article, sentences, book)
    if coder == "mentions":
        return article, mentions
    if coder == "positions":
        days = date_events(code_facts(article, sentences, mentions, book), book)
        quotations = code_quotations(article, sentences, mentions, book)
        return article, code_positions(article, sentences, mentions, quotations, book, days)
    return article, {"quantities": code_quantities, "facts": code_facts}[coder](
        article, sentences, mentions, book
    )


def list_positions(text, date_published="2020-07-07", book=BOOK):
    """Return {(organisation, position, modality)} of the text."""
    marks = read(text, "positions", date_published, book)[1]
    modality = {m.subject: m.code for m in marks if m.variable == "modality"}
    return {(m.subject, m.code, modality[m.id]) for m in marks if m.variable == "position"}


def list_attributes(text, date_published="2020-07-07"):
    """Return {variable: code} of the first position of the text."""
    marks = read(text, "positions", date_published)[1]
    first = next(m for m in marks if m.variable == "position")
    return {m.variable: m.code for m in marks if m.subject == first.id}


def list_quantities(text, date_published="2020-07-07"):
    """Return {(subject, variable, value, unit, period)} of the text."""
    marks = read(text, "quantities", date_published)[1]
    of = {}
    for m in marks:
        of.setdefault(m.subject, {})[m.variable] = m.code
    return {
        (m.subject, m.variable, m.code, of[m.id]["unit"], of[m.id]["period"])
        for m in marks
        if m.subject in BOOK.entities
    }


def read_marks(text, book=BOOK):
    """Return the annotations of the text's quotations, marked words inside reported ones too."""
    article = make_article(text)
    sentences = find_sentences(article, [], book)
    rows = code_quotations(article, sentences, find_mentions(article, sentences, book), book)
    return [*rows, *quote_segments(article, rows)]


def read_quotations(text, book=BOOK):
    """Return (words, organisations) of every direct quotation of the text, in order."""
    rows = read_marks(text, book)
    said_by = {}
    for row in rows:
        if row.variable == "organisation":
            said_by.setdefault(row.subject, set()).add(row.code)
    direct = [row for row in rows if row.variable == "quotation" and row.code == "direct"]
    return [(row.exact, sorted(said_by.get(row.id, ()))) for row in direct]


def read_expected(text):
    """Return (each list of positions of which one is needed, all that may be coded).

    "x pause/stop,?y review expected": codes that will do are parted by "/", "?" marks what may be
    left out.
    """
    needed, allowed = [], set()
    for row in filter(None, text.split(",")):
        organisation, codes, *modality = row.removeprefix("?").split()
        stated = modality[0] if modality else "stated"
        choice = {(organisation, code, stated) for code in codes.split("/")}
        allowed |= choice
        if not row.startswith("?"):
            needed.append(choice)
    return needed, allowed
