"""Plain text -> (start, end, speaker start, speaker end) per quotation, for an outside scorer."""

from __future__ import annotations

from functools import lru_cache

from hkresearch.codebook.book import read_codebook
from hkresearch.core.article import Annotation, Article
from hkresearch.structure.quotations.annotate import code_quotations
from hkresearch.structure.text.mentions import find_mentions
from hkresearch.structure.text.sentences import find_sentences


@lru_cache(maxsize=1)
def load_codebook():
    """Return the shipped codebook, read once."""
    return read_codebook()


def read_text(text: str) -> list[Annotation]:
    """Return the quotation annotations of a text of which every line is a body paragraph."""
    article = Article(id="text", text=text, sha256="", text_sha256="")
    sentences = find_sentences(article, [], load_codebook())
    return code_quotations(
        article, sentences, find_mentions(article, sentences, load_codebook()), load_codebook()
    )


def list_contents(rows: list[Annotation]) -> list[Annotation]:
    """Return the reported contents; a direct segment inside a mixed one is part of that one."""
    mixed = [
        (row.start, row.end) for row in rows if row.variable == "quotation" and row.code == "mixed"
    ]
    return [
        row
        for row in rows
        if row.variable == "quotation"
        and not (
            row.code == "direct"
            and any(start <= row.start and row.end <= end for start, end in mixed)
        )
    ]


def quote_segments(text: str) -> list[tuple[int, int, int | None, int | None]]:
    """Return one tuple per quotation; its pieces around an interrupting cue stay apart."""
    rows = read_text(text)
    speakers = {row.subject: (row.start, row.end) for row in rows if row.variable == "speaker"}
    return [
        (row.start, row.end, *speakers.get(row.id, (None, None))) for row in list_contents(rows)
    ]


def quote_system(text: str) -> list[tuple[int, int, int | None, int | None]]:
    """Return one tuple per act of reporting; the pieces of one cue are joined, as in PolNeAR."""
    rows = read_text(text)
    speakers = {row.subject: (row.start, row.end) for row in rows if row.variable == "speaker"}
    cues = {row.subject: row.start for row in rows if row.variable == "cue"}
    joined: dict = {}
    for row in list_contents(rows):
        joined.setdefault(cues.get(row.id, row.id), []).append(row)
    return [
        (
            min(r.start for r in group),
            max(r.end for r in group),
            *speakers.get(group[0].id, (None, None)),
        )
        for group in joined.values()
    ]
