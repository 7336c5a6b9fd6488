"""Annotations -> CSV with the columns of the table annotations, and back without loss."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from hkresearch.core.article import Annotation, Article
from hkresearch.core.csv_checks import describe_missing
from hkresearch.exchange.anchor import anchor, index_articles, raise_faults
from hkresearch.tables.coding_files import write_line

CSV_COLUMNS = (
    "annotation_id", "article_id", "start", "end", "exact", "subject", "variable", "code", "coder",
)  # fmt: skip


def write_annotations_csv(annotations: Iterable[Annotation]) -> str:
    """Return `annotations` as CSV, words as they stand on the page: open it as text."""
    rows = [
        (
            mark.id,
            mark.article_id,
            mark.start,
            mark.end,
            mark.exact,
            mark.subject,
            mark.variable,
            mark.code,
            mark.coder,
        )
        for mark in annotations
    ]
    return "".join(map(write_line, [CSV_COLUMNS, *rows]))


def read_annotations_csv(text: str, articles: Article | Iterable[Article]) -> list[Annotation]:
    """Return the annotations of a CSV with these columns, each checked on its page.

    The column annotation_id may be missing. Raises HkresearchError naming every line at fault.
    """
    pages = index_articles(articles)
    found: list[Annotation] = []
    faults: list[str] = []
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        _check_heading(reader.fieldnames or ())
        last_line = reader.line_num
        for row in reader:
            first_line, last_line = last_line + 1, reader.line_num
            try:
                found.append(_read_annotation(row, pages))
            except (ValueError, TypeError) as error:
                faults.append(f"line {first_line}: {error}")
    except csv.Error as error:
        faults.append(f"line {reader.line_num}: not valid CSV ({error})")
    raise_faults("CSV", faults)
    return found


def _check_heading(names: Sequence[str]) -> None:
    missing = [name for name in CSV_COLUMNS[1:] if name not in names]
    if missing:
        raise_faults("CSV", [f"line 1: {describe_missing(missing, CSV_COLUMNS, names)}"])


def _read_annotation(row: Mapping[str, str], pages: Mapping[str, Article]) -> Annotation:
    article = pages.get(row["article_id"])
    if article is None:
        raise ValueError(f"no page {row['article_id']!r}")
    start, end = int(row["start"]), int(row["end"])
    return anchor(article, {**row, "start": start, "end": end, "id": row.get("annotation_id")})
