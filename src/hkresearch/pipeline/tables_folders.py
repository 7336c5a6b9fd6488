"""A raw folder and the options of a command -> the folder of tables that belongs to it."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from hkresearch.core.article import HkresearchError
from hkresearch.pages.register import read_register

RAW = Path("data/raw")
PROCESSED = Path("data/processed")
REPORTS = Path("reports")


def place_tables(raw: str | Path, out: Path | None = None, reports: Path | None = None) -> Path:
    """Return the folder of the tables of the pages in `raw`.

    It is `out` where that is given. Only the project's own pages have theirs in data/processed;
    those of others lie with their `reports`, or beside data/processed.
    """
    if out:
        return out
    if os.path.realpath(raw) == os.path.realpath(RAW):
        return PROCESSED
    if reports and os.path.normpath(reports) != os.fspath(REPORTS):
        return reports / "processed"
    return PROCESSED.with_name(f"processed-{os.path.basename(os.path.realpath(raw))}")


def find_tables_of(raw: Path, tables_folder: Path) -> Path:
    """Return the folder of tables.

    Raises
    ------
    HkresearchError
        If it holds none; the message names the folders near here with tables of the pages in `raw`.
    """
    from hkresearch.tables.folder import find_tables

    try:
        return find_tables(tables_folder)
    except HkresearchError:
        places = _list_tables_of(raw)
        if not places:
            raise
    others = f" (or {', '.join(places[1:])})" if places[1:] else ""
    raise HkresearchError(
        f"{tables_folder}: no tables here. Those of {raw} are in {places[0]}: "
        f"add --out {places[0]}{others}, "
        f"or build them here: hkresearch build --raw {raw} --out {tables_folder}"
    )


def _list_tables_of(raw: Path) -> list[str]:
    """Return the folders of tables here and beside `raw` all of whose pages `raw` registers."""
    try:
        registered = {(row["article_id"], row["sha256"]) for row in read_register(raw)}
    except HkresearchError:
        return []
    patterns = [f"{between}processed*" for between in ("", "*/", "*/*/")]
    near = {path for base in (Path(), raw.parent) for each in patterns for path in base.glob(each)}
    return [os.fspath(folder) for folder in sorted(near) if _holds_only(folder, registered)]


def _holds_only(folder: Path, registered: set[tuple[str, str]]) -> bool:
    """Return whether `folder` holds tables, of pages that are all `registered` (id, SHA-256)."""
    from hkresearch.tables.article_list import read_article_rows
    from hkresearch.tables.previous_build import DATAPACKAGE

    if not (folder / DATAPACKAGE).exists():
        return False
    with suppress(HkresearchError, OSError):
        pages = read_article_rows((folder / "articles.parquet").read_bytes())
        found = {(page["article_id"], page["sha256"]) for page in pages}
        return bool(found) and found <= registered
    return False
