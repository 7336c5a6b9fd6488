"""Coded pages, one after another -> articles in memory, annotations and passages on disk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from hkresearch.core.page_rows import PageRows
from hkresearch.tables.parquet_store import StoredTable, TableWriter
from hkresearch.tables.schema import conform_frame, make_frame

# Annotations that wait as Python objects, some kilobytes each, before they are packed.
_BATCH_ANNOTATIONS = 20_000
_STORED = ("annotations", "passages")
Batch = Mapping[str, pd.DataFrame | pa.Table]  # articles, annotations and passages of some pages


def pack_pages(pages: Iterable[PageRows]) -> Iterator[Batch]:
    """Yield what coded pages give to the tables, some pages at a time; at least one batch."""
    articles: list[dict[str, Any]] = []
    annotations: list[tuple[Any, ...]] = []
    passages: list[tuple[Any, ...]] = []
    for article, page_annotations, page_passages in pages:
        articles.append(article)
        annotations += page_annotations
        passages += page_passages
        if len(annotations) >= _BATCH_ANNOTATIONS:
            yield _make_batch(articles, annotations, passages)
            articles, annotations, passages = [], [], []
    yield _make_batch(articles, annotations, passages)


def _make_batch(
    articles: list[dict[str, Any]],
    annotations: list[tuple[Any, ...]],
    passages: list[tuple[Any, ...]],
) -> Batch:
    return {
        "articles": make_frame("articles", articles),
        "annotations": make_frame("annotations", annotations),
        "passages": make_frame("passages", passages),
    }


def gather_frames(
    batches: Iterable[Batch], refused: Iterable[tuple[str, str]], folder: Path | None = None
) -> dict[str, Any]:
    """Return the tables that coded pages give: articles, annotations, passages and refused.

    Parameters
    ----------
    batches : iterable of Batch
        The pages, in the order of their ids.
    refused : iterable of (file, reason)
        Read when the last batch has come.
    folder : Path, optional
        Where the Parquet files of annotations and passages go; without it they stay in memory,
        packed.
    """
    sinks: dict[str, Any] = {
        name: folder / f"{name}.parquet" if folder else pa.BufferOutputStream() for name in _STORED
    }
    writers = {name: TableWriter(name, sinks[name]) for name in _STORED}
    articles = []
    for batch in batches:
        rows = batch["articles"]
        articles.append(rows if isinstance(rows, pd.DataFrame) else rows.to_pandas())
        for name, writer in writers.items():
            writer.add(batch[name])
    for writer in writers.values():
        writer.close()
    with_rows = [frame for frame in articles if len(frame)] or articles[:1]
    frames: dict[str, Any] = {
        "articles": conform_frame("articles", pd.concat(with_rows, ignore_index=True))
    }
    for name, sink in sinks.items():
        frames[name] = StoredTable(name, sink if folder else sink.getvalue())
    frames["refused"] = make_frame("refused", sorted(set(refused)))
    return frames
