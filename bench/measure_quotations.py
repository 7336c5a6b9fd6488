"""Plain text -> (start, end, speaker start, speaker end) of every quotation, for a scorer that knows nothing of us."""

from __future__ import annotations

from functools import lru_cache

from hkresearch.article import Annotation, Article
from hkresearch.codebook import read_codebook
from hkresearch.structure.quotations import code_quotations
from hkresearch.structure.sentences import find_sentences


@lru_cache(maxsize=1)
def load_codebook():
    """Return the shipped codebook, read once."""
    return read_codebook()


def read_text(text: str) -> list[Annotation]:
    """Return the quotation annotations of a text of which every line is a body paragraph."""
    article = Article(id="text", text=text, sha256="", text_sha256="")
    return code_quotations(article, find_sentences(article, [], load_codebook()), [], load_codebook())


def quote_system(text: str) -> list[tuple[int, int, int | None, int | None]]:
    """Return one tuple per quotation; its parts around an interrupting cue stay apart."""
    rows = read_text(text)
    speakers = {row.subject: (row.start, row.end) for row in rows if row.variable == "speaker"}
    return [(row.start, row.end, *speakers.get(row.id, (None, None))) for row in rows if row.variable == "quotation"]


def quote_events(text: str) -> list[tuple[int, int, int | None, int | None]]:
    """Return one tuple per act of reporting: the pieces of one cue are joined, as PolNeAR joins them."""
    rows = read_text(text)
    speakers = {row.subject: (row.start, row.end) for row in rows if row.variable == "speaker"}
    cues = {row.subject: row.start for row in rows if row.variable == "cue"}
    joined: dict = {}
    for row in rows:
        if row.variable == "quotation":
            key = cues.get(row.id, row.id)
            joined.setdefault(key, []).append(row)
    return [
        (min(r.start for r in group), max(r.end for r in group), *speakers.get(group[0].id, (None, None)))
        for group in joined.values()
    ]
