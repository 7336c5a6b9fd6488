"""A Parquet file of articles that nobody vouches for -> its rows, within limits."""

from __future__ import annotations

from typing import Any

from hkresearch.core.article import HkresearchError

ARTICLES = "data/processed/articles.parquet"
LARGEST_TABLE = 500_000_000


def read_pages(data: bytes) -> list[dict[str, str]]:
    """Return the rows of the table articles, as text; raises HkresearchError when it is no such table."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    known = ["headline", "publisher", "date_published", "in_language", "url", "is_based_on"]
    columns = ["article_id", "file", "sha256", "n_body_chars", *known]
    try:
        # As dictionaries: a value that a file repeats without end is held once, and counted before it is unfolded.
        file = pq.ParquetFile(pa.BufferReader(data), read_dictionary=columns)
        groups = [
            file.metadata.row_group(n).total_byte_size for n in range(file.metadata.num_row_groups)
        ]
        if max(sum(groups), file.metadata.num_rows * len(columns)) > LARGEST_TABLE:
            raise ValueError("too large")
        table = file.read(
            columns=columns, use_threads=False
        )  # a thread left over can abort a process that ends at once
        if sum(map(_measure_column, table.columns)) > LARGEST_TABLE:
            raise ValueError("too large")
        rows = table.to_pylist()
    except (pa.ArrowException, ValueError, KeyError, OSError) as error:
        raise HkresearchError(
            f"{ARTICLES} cannot be read ({str(error).splitlines()[0]}): it was changed"
        ) from None
    return [{name: str(row[name] or "") for name in columns} for row in rows]


def _measure_column(column: Any) -> int:
    """Return how many bytes the values of a dictionary-encoded column have as texts, each as often as it stands there."""
    import pyarrow.compute as pc

    counts = [
        (len(str(pair["values"] or "")), pair["counts"])
        for pair in pc.value_counts(column).to_pylist()
    ]
    return sum(4 * length * count for length, count in counts)
