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

NO_ARTICLE_LINES = "was read, but no line of it was taken for an article's; save the article itself"
QUOTING_LIMITS = ("quoted_share", "quoted_characters", "quoted_freely")
PATTERN_FIELDS = ("patterns", "examples", "counterexamples", "inverted", "described", "same")


def build_tables(
    articles: Iterable[Article],
    codebook: Codebook,
    refused: Iterable[tuple[str, str]] = (),
    decisions: str | os.PathLike[str] | None = None,
    coders: Sequence[Coder] = (),
    codings: Sequence[HumanCoding] = (),
) -> Tables:
    """Return the tables of `articles`, the same whatever their order.

    Parameters
    ----------
    refused
        (file, reason) of pages that could not be read.
    decisions
        The path of a decisions.csv.
    coders
        Functions (article, parts, codebook) -> annotations, run after the package's own.
    codings
        What people coded (`read_codings`): a table of its own, which changes no other.
    """
    articles = sorted(articles, key=lambda article: article.id)
    coded = ((article, code_article(article, codebook, coders)) for article in articles)
    return tabulate_articles(coded, codebook, refused, decisions, codings)


def tabulate_articles(
    coded: Iterable[tuple[Article, Sequence[Annotation]]],
    codebook: Codebook,
    refused: Iterable[tuple[str, str]] = (),
    decisions: str | os.PathLike[str] | None = None,
    codings: Sequence[HumanCoding] = (),
) -> Tables:
    """Return the tables of coded pages, given as (article, its annotations) by article id.

    The other parameters are those of `build_tables`.
    """
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
    decisions: str | os.PathLike[str] | None = None,
    codings: Sequence[HumanCoding] = (),
    texts: Mapping[str, Article] | None = None,
) -> Tables:
    """Return the tables of coded pages, given as their rows by article id.

    `texts` are the articles that `codings` describe. It and `refused` are read after the last page.
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
    decisions: str | os.PathLike[str] | None = None,
    codings: Sequence[HumanCoding] = (),
    texts: Mapping[str, Article] | None = None,
    folder: Path | None = None,
) -> NamedFrames:
    """Return the tables of coded pages by name, as `tabulate_pages` does.

    With a `folder`, annotations and passages are stored there and are never in memory whole.
    """
    book = describe_codebook(codebook)
    frames = gather_frames(batches, refused, folder)
    frames["refused"] = add_empty_pages(frames["refused"], frames["articles"])
    coded_by_hand = make_coding_rows(codings, texts or {}, book["context_characters"])
    frames["codings"] = make_frame("codings", coded_by_hand)
    described = {coding.annotation.subject for coding in codings}
    known = choose_where(frames["annotations"], ["annotation_id"], "annotation_id", described)
    if lost := find_lost_subjects(codings, known["annotation_id"]):
        listed = "\n".join(f"  {fault}" for fault in lost)
        raise HkresearchError(f"{len(lost)} fault(s) in the coders' files:\n{listed}")
    return assemble_tables(frames, book, read_decisions(decisions) if decisions else [])


def add_empty_pages(refused: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    """Return the pages left out, with those in which no line was taken for an article's."""
    files = sorted(articles["file"][articles["n_body_chars"] == 0])
    if not files:
        return refused
    rows = set(refused.itertuples(index=False, name=None))
    rows.update((file, NO_ARTICLE_LINES) for file in files)
    return make_frame("refused", sorted(rows))


def assemble_tables(
    frames: NamedFrames, book: Mapping[str, Any], decisions: list[dict[str, Any]]
) -> NamedFrames:
    """Return all tables that follow from pages and annotations, with people's `decisions`."""

    def derive_tables(given: NamedFrames, links: Any) -> NamedFrames:
        tabulated = given | tabulate_annotations(given["annotations"], book)
        return tabulated | reconcile_tables(tabulated, book, links)

    decided, links = apply_decisions(frames, book, decisions, derive_tables)
    tables = derive_tables(decided, links)
    del tables["facts"]
    return tables


def describe_codebook(codebook: Codebook) -> dict[str, Any]:
    """Return `codebook` as a dictionary for JSON: labels, names and rules, without patterns."""
    topic = codebook.topic
    return {
        "id": codebook.id,
        "label": codebook.label,
        "sha256": codebook.sha256,
        "question": topic.get("question", ""),
        "languages": list(topic.get("languages", [])),
        "context_characters": int(topic.get("context_characters", CONTEXT_CHARACTERS)),
        **{name: topic[name] for name in QUOTING_LIMITS if name in topic},
        "entities": _strip_patterns(codebook.entities),
        "variables": _strip_patterns(codebook.variables),
        "parts": _strip_patterns(codebook.news.get("parts", {})),
        "statements": _strip_patterns(topic.get("statements", {})),
        "rates": _strip_patterns(topic.get("rates", {})),
        "reconcile": _strip_patterns(codebook.news.get("reconcile", {})),
    }


def _strip_patterns(value: Any) -> Any:
    if isinstance(value, Mapping):
        shown = ((name, inner) for name, inner in value.items() if name not in PATTERN_FIELDS)
        return {str(name): _strip_patterns(inner) for name, inner in shown}
    if isinstance(value, (list, tuple)):
        return [_strip_patterns(item) for item in value]
    return value if isinstance(value, (str, int, float, bool)) else str(value)
