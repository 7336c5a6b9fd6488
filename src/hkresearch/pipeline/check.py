"""A raw folder and its tables -> every fault of either."""

from __future__ import annotations

from pathlib import Path

from hkresearch.core.article import Article, HkresearchError
from hkresearch.pages.register import read_folder
from hkresearch.pipeline.tables_folders import find_tables_of


def check_folder(raw: Path, tables_folder: Path, codebook: str | None) -> list[str]:
    """Return every fault of the register, the pages, the codebook and the tables."""
    from hkresearch.codebook.book import read_codebook
    from hkresearch.tables.check import check_tables
    from hkresearch.tables.tables import read_tables

    faults: list[str] = []
    articles: list[Article] | None = None
    try:
        read_codebook(codebook)
    except HkresearchError as error:
        faults.append(str(error))
    try:
        articles, refused = read_folder(raw)
        faults += [f"{raw / file}: {reason}" for file, reason in refused]
    except HkresearchError as error:
        faults.append(str(error))
    try:
        faults += check_tables(read_tables(find_tables_of(raw, tables_folder)), articles)
    except HkresearchError as error:
        faults.append(str(error))
    return faults
