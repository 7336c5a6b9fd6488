"""A bundle and a folder of pages -> every fault of the bundle."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from hkresearch.bundle.archive import read_bundle, write_archive
from hkresearch.bundle.ro_crate import compare_crate
from hkresearch.core.article import HkresearchError
from hkresearch.core.files import hash_bytes
from hkresearch.evidence.published import INDEX
from hkresearch.evidence.verify import check_report, join_faults
from hkresearch.pages.reader import REGISTER, read_bytes
from hkresearch.pages.register import read_register
from hkresearch.tables.article_list import ARTICLES, read_article_rows

_BUNDLED_REGISTER = f"data/raw/{REGISTER}"


def verify_bundle(bundle: str | os.PathLike[str], raw: str | os.PathLike[str]) -> list[str]:
    """Return every fault of a bundle: files against the crate, register and reports against pages.

    Parameters
    ----------
    bundle : path
        The zip, or the folder that it was unpacked into.
    raw : path
        The folder of pages.

    Raises
    ------
    HkresearchError
        If there is no such bundle, or no such folder of pages.
    """
    path, raw = Path(bundle), Path(raw)
    if not path.exists():
        raise HkresearchError(f"{path}: no such bundle.")
    if not raw.is_dir():
        raise HkresearchError(
            f"{raw}: no such folder of pages. Type: hkresearch verify {path} --raw DIR"
        )
    try:
        files, faults = read_bundle(path)
    except HkresearchError as error:
        return [f"{path.name}: {error}"]
    faults += compare_crate(files)
    if not faults and path.is_file() and write_archive(files) != path.read_bytes():
        faults.append(
            "the zip itself was edited: an entry's date, permissions or order, "
            "or bytes between the files"
        )
    if not faults:  # no table is opened that is not the one the crate lists
        faults += _check_register(files, raw)
    faults += _check_reports(files, raw)
    return [f"{path.name}: {fault}" for fault in faults]


def _check_reports(files: Mapping[str, bytes], raw: Path) -> list[str]:
    reports = [name for name in sorted(files) if _is_report(name)]
    return join_faults((name, check_report(files[name], raw)) for name in reports)


def _is_report(name: str) -> bool:
    is_published = name.startswith("reports/") and name.endswith((".html", ".pdf"))
    return is_published and name != f"reports/{INDEX}"


def _check_register(files: Mapping[str, bytes], raw: Path) -> list[str]:
    """Return where register, table of articles and pages differ.

    Pages that were refused have no row in the table.
    """
    name = _BUNDLED_REGISTER
    if name not in files or ARTICLES not in files:
        return []  # named as missing already
    try:
        pages = {row["article_id"]: row["sha256"] for row in read_article_rows(files[ARTICLES])}
        rows = _read_bundled_register(files[name])
    except HkresearchError as error:
        reason = str(error).splitlines()[-1].strip()
        return [f"{name} cannot be compared with the pages: {reason}"]
    unregistered = sorted(pages.keys() - rows.keys())
    faults = [f"{name}: has no page {id!r}, the tables have" for id in unregistered]
    for id in sorted(pages.keys() & rows.keys()):
        row = rows[id]
        if row["sha256"] != pages[id]:
            faults.append(f"{name}: {id} has another SHA-256 than in the tables")
        faults += _check_page(raw, row["file"], row["sha256"])
    return faults


def _read_bundled_register(data: bytes) -> dict[str, dict[str, str]]:
    with tempfile.TemporaryDirectory() as folder:  # a name of ours, never one from the archive
        (Path(folder) / REGISTER).write_bytes(data)
        return {row["article_id"]: row for row in read_register(folder)}


def _check_page(raw: Path, file: str, sha256: str) -> list[str]:
    try:
        found = hash_bytes(read_bytes(raw, file))
    except HkresearchError as error:
        return [f"{raw / file} {error}"]
    if found != sha256:
        return [f"{raw / file} is not the page in the register (SHA-256 {found})"]
    return []
