"""Coded pages, one after another -> articles in memory, annotations and passages on disk, packed as they come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from hkresearch.core.page_rows import PageRows
from hkresearch.tables.parquet_store import StoredTable, TableWriter
from hkresearch.tables.schema import conform_frame, make_frame

BATCH = (
    20_000  # annotations that wait as Python objects, some kilobytes each, before they are packed
)
STORED = ("annotations", "passages")
Batch = Mapping[str, pd.DataFrame | pa.Table]  # articles, annotations and passages of some pages


def pack_pages(pages: Iterable[PageRows]) -> Iterator[Batch]:
    """Yield what coded pages give to tables as frames, some pages at a time."""
    waiting: dict[str, list] = {"articles": [], "annotations": [], "passages": []}
    for page in pages:
        for rows, new in zip(waiting.values(), ([page[0]], *page[1:]), strict=True):
            rows += new
        if len(waiting["annotations"]) >= BATCH:
            yield {name: make_frame(name, rows) for name, rows in waiting.items()}
            waiting = {name: [] for name in waiting}
    yield {name: make_frame(name, rows) for name, rows in waiting.items()}


def gather_frames(
    batches: Iterable[Batch], refused: Iterable[tuple[str, str]], folder: Path | None = None
) -> dict[str, Any]:
    """Return the tables that coded pages give, in their order; `refused` is read when the pages are done.

    What holds the pages' words goes to files in `folder`; without one, to memory, packed.
    """
    where = {
        name: folder / f"{name}.parquet" if folder else pa.BufferOutputStream() for name in STORED
    }
    writers, articles = {name: TableWriter(name, where[name]) for name in STORED}, []
    for batch in batches:
        found = batch["articles"]
        articles.append(found if isinstance(found, pd.DataFrame) else found.to_pandas())
        for name, writer in writers.items():
            writer.add(batch[name])
    for writer in writers.values():
        writer.close()
    full = [frame for frame in articles if len(frame)] or articles[:1]
    return {
        "articles": conform_frame("articles", pd.concat(full, ignore_index=True)),
        **{
            name: StoredTable(name, where[name] if folder else where[name].getvalue())
            for name in STORED
        },
        "refused": make_frame("refused", sorted(set(refused))),
    }
