"""Annotations -> CSV with the columns of the table annotations, and back without loss."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from hkresearch.core.article import Annotation, Article
from hkresearch.core.csv_checks import describe_missing
from hkresearch.exchange.anchor import anchor, index_articles, raise_faults
from hkresearch.tables.coding_files import write_line

COLUMNS = (
    "annotation_id",
    "article_id",
    "start",
    "end",
    "exact",
    "subject",
    "variable",
    "code",
    "coder",
)


def write_csv(annotations: Iterable[Annotation]) -> str:
    """Return `annotations` as CSV, words as they stand on the page: open it as text, not as
    formulas.
    """
    rows = (
        (a.id, a.article_id, a.start, a.end, a.exact, a.subject, a.variable, a.code, a.coder)
        for a in annotations
    )
    return "".join([write_line(COLUMNS), *map(write_line, rows)])


def read_csv(text: str, articles: Article | Iterable[Article]) -> list[Annotation]:
    """Return the annotations of a CSV with these columns (annotation_id may be missing), each
    checked on its page.
    """
    pages, found, faults = index_articles(articles), [], []
    try:
        reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
        missing = [name for name in COLUMNS[1:] if name not in (reader.fieldnames or ())]
        if missing:
            raise_faults(
                "CSV", [f"line 1: {describe_missing(missing, COLUMNS, reader.fieldnames or ())}"]
            )
        line = reader.line_num
        for row in reader:
            line, first = reader.line_num, line + 1
            try:
                if (article := pages.get(row["article_id"])) is None:
                    raise ValueError(f"no page {row['article_id']!r}")
                span = {
                    "start": int(row["start"]),
                    "end": int(row["end"]),
                    "id": row.get("annotation_id"),
                }
                found.append(anchor(article, {**row, **span}))
            except (ValueError, TypeError) as error:
                faults.append(f"line {first}: {error}")
    except csv.Error as error:
        faults.append(f"line {reader.line_num}: not valid CSV ({error})")
    raise_faults("CSV", faults)
    return found
