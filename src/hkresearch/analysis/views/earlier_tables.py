"""A folder of tables -> the tables that they replaced, and how the two differ."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

import pandas as pd

from hkresearch.analysis.views.wording import name_pages
from hkresearch.core.article import HkresearchError
from hkresearch.reconcile import diff_tables
from hkresearch.tables.previous_build import place_earlier
from hkresearch.tables.select_rows import choose_where
from hkresearch.tables.text_columns import is_among

if TYPE_CHECKING:
    from hkresearch.tables.tables import Tables


def read_earlier(data: str, previous: str = "") -> Tables | None:
    """Return the tables to compare with, or None if there are none.

    Parameters
    ----------
    data : str
        The folder of the tables of now; those that they replaced are read.
    previous : str
        Another folder to compare with, which comes first.
    """
    from hkresearch.tables.folder import find_tables
    from hkresearch.tables.read_log import ALL_TABLES, record_read
    from hkresearch.tables.tables import read_tables

    if previous:
        return read_tables(previous)
    folder = place_earlier(find_tables(data))
    try:
        if folder.is_dir():
            return read_tables(os.path.abspath(folder))
    except HkresearchError:  # written by an older version of this package
        pass
    record_read(folder, ALL_TABLES)
    return None


def join_evidence(earlier: Tables | None, tables: Tables) -> Tables:
    """Return `tables` with the passages of `earlier` on pages that are still the same.

    So what is gone can be opened.
    """
    from hkresearch.tables.tables import replace_frames

    if earlier is None:
        return tables
    keys = ["article_id", "text_sha256"]
    same = earlier.articles[keys].merge(tables.articles[keys])
    marks = earlier.annotations[is_among(earlier.annotations["article_id"], same["article_id"])]
    marks = marks[~is_among(marks["annotation_id"], tables.annotations["annotation_id"])]
    passages = earlier.passages[is_among(earlier.passages["annotation_id"], marks["annotation_id"])]
    return replace_frames(
        tables,
        annotations=pd.concat([tables.annotations, marks], ignore_index=True),
        passages=pd.concat([tables.passages, passages], ignore_index=True),
    )


def diff_with_earlier(earlier: Tables | None, tables: Tables, *parts: str) -> pd.DataFrame:
    """Return what differs, as `diff_tables` does.

    Nothing does where there are no earlier tables.
    """
    return diff_tables(tables if earlier is None else earlier, tables, parts)


def name_all_pages(earlier: Tables | None, tables: Tables) -> dict[str, str]:
    """Return the name of every page, those that are gone included."""
    gone = {} if earlier is None else name_pages(earlier)
    return {**gone, **name_pages(tables)}


def list_openable(known: Tables, evidence: Iterable[Iterable[str]]) -> set[str]:
    """Return the ids in `evidence` that are annotations of `known`, which has many more."""
    ids = {id for listed in evidence for id in listed}
    rows = choose_where(known.annotations, ["annotation_id"], "annotation_id", ids)
    return set(rows["annotation_id"])
