"""Invented pages coded by hand -> tables, without the stages that read pages."""

import hashlib
from dataclasses import replace
from functools import lru_cache

from hkresearch.codebook.book import Codebook
from hkresearch.core.article import Article, annotate
from hkresearch.core.page_rows import list_article_parts, list_page_rows
from hkresearch.pipeline.build_tables import describe_codebook, tabulate_articles
from hkresearch.tables.human_codings import make_coding_rows
from hkresearch.tables.page_batches import gather_frames, pack_pages
from hkresearch.tables.schema import make_frame
from hkresearch.tables.tables import Tables

ENTITIES = {
    "acme": {"label": "Acme", "kind": "company", "names": {"en": ["Acme"], "zh": ["艾克米"]}},
    "bolt": {
        "label": "Bolt",
        "kind": "company",
        "names": {"en": ["Bolt"]},
        "owner": "acme",
        "owned_since": "2014-01-01",
    },
    "corp": {"label": "Corp", "kind": "company", "names": {"en": ["Corp"]}},
    "host": {"label": "host", "kind": "role", "names": {"en": ["host"]}},
    "writer": {"label": "writer", "kind": "role", "names": {"en": ["writer"]}},
    "act": {"label": "the Act", "kind": "law", "names": {"en": ["Act"]}},
    "east": {"label": "East", "kind": "place", "names": {"en": ["East"]}},
    "west": {"label": "West", "kind": "place", "names": {"en": ["West"]}},
    "westport": {
        "label": "Westport",
        "kind": "place",
        "names": {"en": ["Westport"]},
        "part_of": "west",
    },
    "gazette": {
        "label": "The Gazette",
        "kind": "outlet",
        "names": {"en": ["The Gazette", "Gazette"], "zh": ["公報"]},
    },
}
WITHHOLDING = {"family": "withholds", "contradicts": ["continue", "no_change"]}
CODES = {
    "exit": {"rank": 1, "tense": "final", **WITHHOLDING},
    "refuse": {"rank": 2, **WITHHOLDING},
    "stop": {"rank": 3, **WITHHOLDING},
    "pause": {"rank": 4, "tense": "temporary", **WITHHOLDING},
    "never_complied": {
        "rank": 5,
        "family": "past",
        "tense": "lasting",
        "contradicts": ["comply"],
    },
    "no_change": {
        "rank": 6,
        "family": "goes_on",
        "tense": "unchanged",
        "keeps": {"en": ["changed"]},
    },
    "continue": {"rank": 7, "family": "goes_on"},
    "comply": {"rank": 8, "family": "past", "tense": "past"},
    "review": {"rank": 9, "family": "open"},
}
VARIABLES = {
    "position": {
        "question": "What?",
        "level": "nominal",
        "codes": {
            code: {"label": code.replace("_", " "), **table} for code, table in CODES.items()
        },
    },
    "seat": {"question": "Where?", "level": "nominal", "single": True},
    "sells": {"question": "What?", "level": "nominal"},
    "in_force_on": {
        "question": "Since when?",
        "level": "date",
        "single": True,
        "not_before": "enacted_on",
    },
    "enacted_on": {"question": "When?", "level": "date", "single": True},
    "requests": {"question": "How many?", "level": "interval", "single": True},
    "share": {"question": "What share?", "level": "interval", "single": True, "of": "requests"},
    "term": {"question": "How long?", "level": "interval", "single": True},
    "fine": {"question": "How much?", "level": "interval", "single": True},
}
NEWS = {
    "parts": {"headline": {"kind": "article", "label": "Headline"}, "body": {"kind": "article", "label": "Body"},
              "footer": {"kind": "furniture", "label": "Footer"}},
    "reconcile": {
        "joiners": {"en": ["and", "that", "would"], "zh": ["及"]},
        "narrowing": {"en": ["new"]},
        "restricting": {"en": ["offices"]},
        "exceptions": {"en": ["unless"]},
        "limiting": {"en": ["none of", "cases", "contents"]},
        "reach": {"en": ["all its services"]},
        "persons": {"first": ["we", "our"], "third": ["is"]},
    },
}  # fmt: skip
BOOK = Codebook(
    id="test", label="Test", sha256="0" * 64, entities=ENTITIES, variables=VARIABLES, news=NEWS,
    topic={"question": "?", "context_characters": 80, "rates": {"USD": {"HKD": [7.75, 7.85]}},
           "statements": {"promise": {"organisation": "acme", "wordings": {"en": ["keep our promise"], "zh": ["遵守承諾"]}}}},
)  # fmt: skip


LONG = "we will go on serving everybody in the city without fear or favour until the law is clear"


def make_case_book(n_cases):
    """Return the book with its entities once for each case, "acme0" to "acme9" for ten cases.

    So the pages of many cases are built together and do not touch each other.
    """
    entities = {}
    for number in range(n_cases):
        for id, entity in ENTITIES.items():
            owner = {"owner": f"{entity['owner']}{number}"} if "owner" in entity else {}
            entities[f"{id}{number}"] = entity | owner
    return replace(BOOK, entities=ENTITIES | entities)


class Page:
    """One invented page: its first line is the headline, the rest the body; each method codes a passage of it."""

    def __init__(self, id, text, **fields):
        digest = hashlib.sha256(text.encode()).hexdigest()
        self.article = Article(
            id=id, text=text, sha256=digest, text_sha256=digest, file=f"{id}.txt", **fields
        )
        self.rows = []
        position = 0
        for i, line in enumerate(text.splitlines(keepends=True)):
            self._mark(position, position + len(line), id, "part", "headline" if i == 0 else "body")
            position += len(line)

    def _mark(self, start, end, subject, variable, code):
        self.rows.append(annotate(self.article, start, end, subject, variable, code, "test/1"))
        return self.rows[-1].id

    def code(self, exact, subject, variable, code, n=0, **attributes):
        """Code the n-th `exact` of the page; each attribute rests on the same passage."""
        start = -1
        for _ in range(n + 1):
            start = self.article.text.index(exact, start + 1)
        id = self._mark(start, start + len(exact), subject, variable, code)
        for name, value in attributes.items():
            self._mark(start, start + len(exact), id, name, value)
        return self

    def quote(self, exact, *organisations, kind="direct", n=0, via=""):
        self.code(exact, self.article.id, "quotation", kind, n)
        whole = self.rows[-1]
        for organisation in organisations:
            self._mark(whole.start, whole.end, whole.id, "organisation", organisation)
        if via:
            self._mark(whole.start, whole.end, whole.id, "via", via)
        return self

    def place(self, exact, organisation, position, modality="stated", n=0, **attributes):
        return self.code(
            exact, organisation, "position", position, n, modality=modality, **attributes
        )


def quote_pages(*quotes):
    """Return one page for each quotation, given as (words, organisation, ...)."""
    pages = []
    for i, (words, *organisations) in enumerate(quotes):
        page = Page(f"p{i}", f"Head\nIt said “{words}” on Monday.", is_based_on=f"outlet {i}")
        pages.append(page.quote(words, *organisations))
    return pages


def tabulate(*pages, decisions=None, book=BOOK):
    """Return the tables of `pages`; many cases of a table of cases have the same pages."""
    ordered = sorted(pages, key=lambda page: page.article.id)
    coded = tuple((page.article, tuple(page.rows)) for page in ordered)
    if decisions:
        return tabulate_articles(coded, book, decisions=decisions)
    tables = _tabulate_once(coded, book)
    frames = {name: frame.copy(deep=False) for name, frame in tables.frames.items()}
    return type(tables)(frames, tables.codebook)


def tabulate_unjoined(*pages, codings=(), book=BOOK):
    """Return the tables of what each page says, without what joining pages adds, which costs most."""
    described = describe_codebook(book)
    parts, width = list_article_parts(described), described["context_characters"]
    ordered = sorted(pages, key=lambda page: page.article.id)
    rows = [list_page_rows(page.article, page.rows, parts, width) for page in ordered]
    frames = gather_frames(pack_pages(rows), [])
    for name in ("annotations", "passages"):
        frames[name] = frames[name].to_frame()
    articles = {page.article.id: page.article for page in pages}
    frames["codings"] = make_frame("codings", make_coding_rows(codings, articles, width))
    return Tables(frames, described)


@lru_cache(maxsize=64)
def _tabulate_once(coded, book):
    return tabulate_articles(coded, book)
