"""Coded pages -> Tables: assembled, reconciled, with a person's decisions applied."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from hkresearch.codebook.book import Codebook
from hkresearch.coding.page import Coder, code_article
from hkresearch.core.article import Annotation, Article, HkresearchError
from hkresearch.core.page_rows import (
    CONTEXT_CHARACTERS,
    PageRows,
    list_article_parts,
    list_page_rows,
)
from hkresearch.reconcile import apply_decisions, read_decisions, reconcile_tables
from hkresearch.tables.from_annotations import tabulate_annotations
from hkresearch.tables.human_codings import HumanCoding, find_lost_subjects, make_coding_rows
from hkresearch.tables.page_batches import Batch, gather_frames, pack_pages
from hkresearch.tables.parquet_store import StoredTable
from hkresearch.tables.schema import conform_frame, make_frame
from hkresearch.tables.select_rows import choose_where
from hkresearch.tables.tables import NamedFrames, Tables

WORDLESS = "was read, but no line of it was taken for an article's; save the article itself"


def build_tables(
    articles: Iterable[Article],
    codebook: Codebook,
    refused: Iterable[tuple[str, str]] = (),
    decisions: str | os.PathLike | None = None,
    coders: Sequence[Coder] = (),
    codings: Sequence[HumanCoding] = (),
) -> Tables:
    """Return the tables of `articles`, the same whatever their order.

    `refused` holds (file, reason) of pages that could not be read; `decisions` is the path of a decisions.csv;
    `coders` are further functions (article, parts, codebook) -> annotations, run after the package's own; `codings`
    are what people coded (`read_codings`): they stand in a table of their own and change no other.
    """
    articles = sorted(articles, key=lambda article: article.id)
    coded = ((article, code_article(article, codebook, coders)) for article in articles)
    return tabulate_articles(coded, codebook, refused, decisions, codings)


def tabulate_articles(
    coded: Iterable[tuple[Article, Sequence[Annotation]]],
    codebook: Codebook,
    refused: Iterable[tuple[str, str]] = (),
    decisions: str | os.PathLike | None = None,
    codings: Sequence[HumanCoding] = (),
) -> Tables:
    """Return the tables of pages that are coded already: (article, its annotations), in the order of their ids."""
    book = describe_codebook(codebook)
    parts, width = list_article_parts(book), book["context_characters"]
    read = {coding.annotation.article_id for coding in codings}
    texts: dict[str, Article] = {}

    def list_rows() -> Iterable[PageRows]:
        for article, marks in coded:
            if article.id in read:
                texts[article.id] = article
            yield list_page_rows(article, marks, parts, width)

    return tabulate_pages(list_rows(), codebook, refused, decisions, codings, texts)


def tabulate_pages(
    pages: Iterable[PageRows],
    codebook: Codebook,
    refused: Iterable[tuple[str, str]] = (),
    decisions: str | os.PathLike | None = None,
    codings: Sequence[HumanCoding] = (),
    texts: Mapping[str, Article] | None = None,
) -> Tables:
    """Return the tables of the rows of coded pages, in the order of their ids.

    `refused`, and `texts` (the articles that `codings` speak of), are read when the last page has come.
    """
    frames = tabulate_batches(pack_pages(pages), codebook, refused, decisions, codings, texts)
    for name, frame in frames.items():
        is_stored = isinstance(frame, StoredTable)
        frames[name] = frame.to_frame() if is_stored else conform_frame(name, frame)
    return Tables(frames, describe_codebook(codebook))


def tabulate_batches(
    batches: Iterable[Batch],
    codebook: Codebook,
    refused: Iterable[tuple[str, str]] = (),
    decisions: str | os.PathLike | None = None,
    codings: Sequence[HumanCoding] = (),
    texts: Mapping[str, Article] | None = None,
    folder: Path | None = None,
) -> NamedFrames:
    """Return the tables of coded pages by name; annotations and passages are stored in `folder`, never in memory whole.

    Else as `tabulate_pages`.
    """
    book = describe_codebook(codebook)
    frames = gather_frames(batches, refused, folder)
    frames["refused"] = add_wordless(frames["refused"], frames["articles"])
    coded_by_hand = make_coding_rows(codings, texts or {}, book["context_characters"])
    frames["codings"] = make_frame("codings", coded_by_hand)
    described = {coding.annotation.subject for coding in codings}
    known = choose_where(frames["annotations"], ["annotation_id"], "annotation_id", described)[
        "annotation_id"
    ]
    if lost := find_lost_subjects(codings, known):
        raise HkresearchError(
            f"{len(lost)} fault(s) in the coders' files:\n" + "\n".join(f"  {f}" for f in lost)
        )
    return assemble_tables(frames, book, read_decisions(decisions) if decisions else [])


def add_wordless(refused: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    """Return the pages refused and, with them, those in which no line is the article's: they give nothing to code."""
    files = sorted(articles["file"][articles["n_body_chars"] == 0])
    rows = {*refused.itertuples(index=False, name=None), *((file, WORDLESS) for file in files)}
    return make_frame("refused", sorted(rows)) if files else refused


def assemble_tables(
    frames: NamedFrames, book: Mapping[str, Any], decisions: list[dict[str, Any]]
) -> NamedFrames:
    """Return the tables that follow from articles, annotations and passages, with a person's `decisions` applied."""

    def join(found: NamedFrames, links: Any) -> NamedFrames:
        found = found | tabulate_annotations(found["annotations"], book)
        return found | reconcile_tables(found, book, links)

    frames, links = apply_decisions(frames, book, decisions, join)
    found = join(frames, links)
    del found["facts"]
    return found


def describe_codebook(codebook: Codebook) -> dict[str, Any]:
    """Return `codebook` as a plain dictionary that JSON can hold: labels, names and rules, no patterns."""
    topic = codebook.topic
    return {
        "id": codebook.id,
        "label": codebook.label,
        "sha256": codebook.sha256,
        "question": topic.get("question", ""),
        "languages": list(topic.get("languages", [])),
        "context_characters": int(topic.get("context_characters", CONTEXT_CHARACTERS)),
        **{
            name: topic[name]
            for name in ("quoted_share", "quoted_characters", "quoted_freely")
            if name in topic
        },
        "entities": _strip_patterns(codebook.entities),
        "variables": _strip_patterns(codebook.variables),
        "parts": _strip_patterns(codebook.news.get("parts", {})),
        "statements": _strip_patterns(topic.get("statements", {})),
        "rates": _strip_patterns(topic.get("rates", {})),
        "reconcile": _strip_patterns(codebook.news.get("reconcile", {})),
    }


def _strip_patterns(value: Any) -> Any:
    if isinstance(value, Mapping):
        hidden = ("patterns", "examples", "counterexamples", "inverted", "described", "same")
        return {str(k): _strip_patterns(v) for k, v in value.items() if k not in hidden}
    if isinstance(value, (list, tuple)):
        return [_strip_patterns(item) for item in value]
    return value if isinstance(value, (str, int, float, bool)) else str(value)
