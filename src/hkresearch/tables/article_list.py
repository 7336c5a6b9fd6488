"""A Parquet file of articles of unknown origin -> its rows, within limits of size."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hkresearch.core.article import HkresearchError

ARTICLES = "data/processed/articles.parquet"  # its name in a bundle
_LARGEST_TABLE = 500_000_000  # bytes
_ARTICLE_ROW_COLUMNS = [
    "article_id", "file", "sha256", "n_body_chars", "headline", "publisher", "date_published",
    "in_language", "url", "is_based_on",
]  # fmt: skip


def read_article_rows(data: bytes) -> list[dict[str, str]]:
    """Return _ARTICLE_ROW_COLUMNS of the table articles, as text.

    Raises HkresearchError when `data` is no such table, or too large once unpacked.
    """
    try:
        table = _read_table(data)
        rows = table.to_pylist()
    except (pa.ArrowException, ValueError, KeyError, OSError) as error:
        reason = str(error).splitlines()[0]
        raise HkresearchError(f"{ARTICLES} cannot be read ({reason}): it was changed") from None
    return [{name: str(row[name] or "") for name in _ARTICLE_ROW_COLUMNS} for row in rows]


def _read_table(data: bytes) -> pa.Table:
    """Return the table; raises ValueError where it would take more than _LARGEST_TABLE bytes.

    Columns are read as dictionaries: a value that a file repeats without end is in memory once,
    and counted before it is unpacked.
    """
    file = pq.ParquetFile(pa.BufferReader(data), read_dictionary=_ARTICLE_ROW_COLUMNS)
    groups = range(file.metadata.num_row_groups)
    n_bytes = sum(file.metadata.row_group(number).total_byte_size for number in groups)
    n_cells = file.metadata.num_rows * len(_ARTICLE_ROW_COLUMNS)
    if max(n_bytes, n_cells) > _LARGEST_TABLE:
        raise ValueError("too large")
    # Without threads: one that is left over can abort a process that ends at once.
    table = file.read(columns=_ARTICLE_ROW_COLUMNS, use_threads=False)
    if sum(map(_measure_column, table.columns)) > _LARGEST_TABLE:
        raise ValueError("too large")
    return table


def _measure_column(column: pa.ChunkedArray) -> int:
    """Return how many bytes the texts of a column take, each counted as often as it occurs."""
    counts: list[dict[str, Any]] = pc.value_counts(column).to_pylist()
    return sum(4 * len(str(pair["values"] or "")) * pair["counts"] for pair in counts)
