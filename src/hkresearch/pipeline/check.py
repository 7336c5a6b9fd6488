"""A raw folder and its tables -> every fault of either."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from hkresearch.core.article import HkresearchError
from hkresearch.pages.register import read_folder, read_register


def check_folder(raw: Path, tables_folder: Path, codebook: str | None) -> list[str]:
    """Return every fault of the register, the pages, the codebook and the tables; an empty list means none."""
    from hkresearch.codebook.book import read_codebook
    from hkresearch.tables.check import check_tables
    from hkresearch.tables.tables import read_tables

    faults, articles = [], None
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


def find_tables_of(raw: Path, tables_folder: Path) -> Path:
    """Return the folder of tables; where it has none, raise HkresearchError naming those near here of the pages in `raw`."""
    from hkresearch.tables.folder import find_tables

    try:
        return find_tables(tables_folder)
    except HkresearchError:
        if places := _list_tables_of(raw):
            others = f" (or {', '.join(places[1:])})" if places[1:] else ""
            raise HkresearchError(
                f"{tables_folder}: no tables here. Those of {raw} are in {places[0]}: add --out {places[0]}{others}, "
                f"or build them here: hkresearch build --raw {raw} --out {tables_folder}"
            ) from None
        raise


def _list_tables_of(raw: Path) -> list[str]:
    """Return the folders of tables here and beside `raw` all of whose pages are registered in `raw`."""
    from hkresearch.tables.article_list import read_article_rows
    from hkresearch.tables.previous_build import DATAPACKAGE

    places = []
    with suppress(HkresearchError):
        registered = {(row["article_id"], row["sha256"]) for row in read_register(raw)}
        near = [f"{between}processed*/{DATAPACKAGE}" for between in ("", "*/", "*/*/")]
        found = {
            path for base in (Path(), raw.parent) for pattern in near for path in base.glob(pattern)
        }
        for package in sorted(found):
            with suppress(HkresearchError, OSError):
                pages = read_article_rows((package.parent / "articles.parquet").read_bytes())
                if pages and {(page["article_id"], page["sha256"]) for page in pages} <= registered:
                    places.append(os.fspath(package.parent))
    return places
