"""Folders of pages -> folders of tables and reports, doing only what is stale."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from .article import HkresearchError
from .codings import list_coding_files
from .source import REGISTER, hash_bytes, is_plain_name, read_folder, read_register
if TYPE_CHECKING:
    from pandas import DataFrame

    from .codebook import Codebook

STAMP = "built-from.json"
DECISIONS = "decisions.csv"
SHOWN = 6
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run did: whether nothing was stale, the pages refused (file, reason), and the reports that failed."""

    is_fresh: bool = False
    refused: list[tuple[str, str]] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def build_folder(raw: Path, tables_folder: Path, codebook: str | None, say: Say, key: str | None = None) -> Outcome:
    """Build the tables of the pages in `raw` into `tables_folder` unless they are there already, from the same input."""
    key = key or hash_inputs(raw, codebook)
    stamp = read_stamp(tables_folder, key)
    if stamp is not None:
        return Outcome(is_fresh=True, refused=[tuple(pair) for pair in stamp["refused"]])
    from .codebook import read_codebook
    from .codings import read_codings
    from .earlier import keep_earlier
    from .tables import build_tables, describe_codebook, write_tables

    book = read_codebook(codebook)
    articles, refused = read_folder(raw)
    if not articles and not refused:
        raise HkresearchError(f"{raw / REGISTER}: no page is registered. Type: hkresearch add --raw {raw} FILE...")
    say(f"read        {len(articles)} page(s), {len(refused)} refused, codebook {book.id}")
    codings = read_codings(raw, articles, describe_codebook(book), refused)
    tables = build_tables(articles, book, refused, **_read_curation(raw), codings=codings)
    with keep_earlier(tables_folder):
        write_tables(tables, tables_folder)
    say(
        f"structured  {len(tables.annotations):,} annotations: {len(tables.quotations)} quotations, "
        f"{len(tables.positions)} positions, {len(tables.quantities)} quantities"
    )
    if len(tables.codings):
        say(f"codings     {len(tables.codings):,} by hand, of {tables.codings['coder'].nunique()} coder(s)")
    contested = int((tables.claims["status"] == "contested").sum())
    say(f"reconciled  {len(tables.claims)} claims, {contested} contested; tables in {tables_folder}")
    _say_usage(book, tables.annotations, say)
    write_stamp(tables_folder, key, refused)
    return Outcome(refused=refused)


def _say_usage(book: Codebook, annotations: DataFrame, say: Say) -> None:
    """Report both ways what the codebook and the pages do not share; the first few of each."""
    from .codebook import find_unknown_speakers, find_unused_codes

    unused = find_unused_codes(book, annotations.itertuples(index=False))
    unknown = [f"{name!r} ({n})" for name, n in find_unknown_speakers(book, annotations.itertuples(index=False))]
    for what, names in (("codes that no page used", unused), ("speakers that are not in the book", unknown)):
        if names:
            say(f"codebook    {len(names)} {what}: {', '.join(names[:SHOWN])}{', ...' if len(names) > SHOWN else ''}")


def publish_folder(
    raw: Path,
    tables_folder: Path,
    reports: Path,
    notebooks: Sequence[Path],
    parameters: dict[str, str],
    codebook: str | None,
    force: bool,
    say: Say,
    is_partial: bool = False,
) -> Outcome:
    """Build what is stale, run `notebooks` with `parameters`, and publish them with an index under `reports`.

    With `is_partial` (a person named the notebooks) the other reports of the folder stay; the next full run renews all.
    """
    if not notebooks:
        raise HkresearchError("no notebooks here. Stand in the project's folder, or name them: hkresearch report NOTEBOOK...")
    if missing := [str(path) for path in notebooks if not path.is_file()]:
        raise HkresearchError(f"no such notebook: {', '.join(missing)}")
    tables_key = hash_inputs(raw, codebook)
    texts = sorted((path.name, hash_bytes(path.read_bytes())) for path in notebooks)
    key = hash_text(json.dumps([tables_key, texts, sorted(parameters.items())]))
    stamp = read_stamp(reports, key)
    if stamp is not None and not force and read_stamp(tables_folder, tables_key) is not None:
        return Outcome(is_fresh=True, refused=[tuple(pair) for pair in stamp["refused"]])
    built = build_folder(raw, tables_folder, codebook, say, tables_key)
    from .report import render_reports

    outcomes = render_reports(list(notebooks), tables_folder, reports, parameters, say, is_partial=is_partial)
    failed = [f"{outcome.name}: {outcome.error}" for outcome in outcomes if outcome.error]
    if not failed and not (is_partial and (reports / STAMP).exists()):
        write_stamp(reports, key, built.refused)
    return Outcome(refused=built.refused, failed=failed)


def check_folder(raw: Path, tables_folder: Path, codebook: str | None) -> list[str]:
    """Return every fault of the register, the pages, the codebook and the tables; an empty list means none."""
    from .codebook import read_codebook
    from .tables import check_tables, read_tables

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
        faults += check_tables(read_tables(tables_folder), articles)
    except HkresearchError as error:
        faults.append(str(error))
    return faults


def _read_curation(raw: Path) -> dict[str, object]:
    path = raw / DECISIONS
    return {"decisions": path} if path.is_file() else {}


def hash_inputs(raw: Path, codebook: str | None) -> str:
    """Return one hash of everything the tables depend on: register, pages, decisions, the codebook named and this package."""
    digest = hashlib.sha256((codebook or "").encode())
    for path in _list_inputs(raw, codebook):
        digest.update(path.name.encode() + b"\0")
        try:
            digest.update(hashlib.sha256(path.read_bytes()).digest())
        except OSError:
            digest.update(b"unreadable")
    return digest.hexdigest()


def _list_inputs(raw: Path, codebook: str | None) -> list[Path]:
    package = Path(__file__).parent
    code = sorted(path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    pages = sorted({row["file"] for row in read_register(raw) if is_plain_name(row["file"])})
    extra = [Path(codebook)] if codebook and Path(codebook).is_file() else []
    return [*code, raw / REGISTER, raw / DECISIONS, *list_coding_files(raw), *(raw / file for file in pages), *extra]


def hash_text(text: str) -> str:
    """Return the SHA-256 of `text` in UTF-8."""
    return hash_bytes(text.encode("utf-8"))


def read_stamp(folder: Path, key: str) -> dict | None:
    """Return the stamp of `folder` if it was made from `key` and all its files are as they were, else None."""
    try:
        stamp = json.loads((folder / STAMP).read_text(encoding="utf-8"))
        same = stamp["key"] == key and all(
            hash_bytes((folder / name).read_bytes()) == digest for name, digest in stamp["files"].items()
        )
        return stamp if same else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_stamp(folder: Path, key: str, refused: list[tuple[str, str]]) -> None:
    """Write into `folder` what it was made from and the hash of every file in it; last, so that a killed run has none."""
    files = {
        path.relative_to(folder).as_posix(): hash_bytes(path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != STAMP and "processed" not in path.relative_to(folder).parts
    }
    beside = folder / (STAMP + ".new")
    beside.write_text(json.dumps({"key": key, "files": files, "refused": refused}, indent=1, ensure_ascii=False), "utf-8")
    os.replace(beside, folder / STAMP)
