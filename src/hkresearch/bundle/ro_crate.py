"""Files by name -> an RO-Crate in one zip, the same bytes everywhere; and a zip -> its files and their faults."""

from __future__ import annotations

import io
import json
import os
import stat
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote, unquote

from hkresearch.core.article import HkresearchError
from hkresearch.core.files import hash_bytes, is_plain_name
from hkresearch.tables.article_list import ARTICLES, read_article_rows

CRATE = "ro-crate-metadata.json"
PACKAGE = "data/processed/datapackage.json"
VERSION = "https://w3id.org/ro/crate/1.1"
LARGEST_BUNDLE = (
    1_000_000_000  # bytes; nothing in a bundle is compressed, so this bounds all that is read
)
BROKEN = (
    zipfile.BadZipFile,
    struct.error,
    ValueError,
    RuntimeError,
    OSError,
    EOFError,
    OverflowError,
)
TYPES = {
    ".html": "text/html", ".pdf": "application/pdf", ".csv": "text/csv", ".json": "application/json",
    ".parquet": "application/vnd.apache.parquet", ".toml": "application/toml", ".lock": "text/plain",
    ".ipynb": "application/x-ipynb+json",
}  # fmt: skip
DESCRIPTION = (
    "Reports on saved news pages, with the tables they are drawn from. The pages are not in here: they are listed with "
    "their SHA-256 and keep their own rights. Headlines and coded values apart, words of the pages stand only where a "
    "report cites them. datePublished is that of the latest page."
)
RIGHTS = "The pages and the passages quoted from them belong to their publishers; the register names the rights of each."


def write_archive(files: Mapping[str, bytes]) -> bytes:
    """Return `files` as a zip: sorted, stored, one date and one permission, so that the same files give the same bytes.

    Stored, because compressors differ between machines, and because what is not compressed cannot be a bomb.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            archive.writestr(entry, files[name])
    return buffer.getvalue()


def read_archive(data: bytes) -> tuple[dict[str, bytes], list[str]]:
    """Return the files in a bundle and the faults of their entries; nothing is written to disk.

    Raises HkresearchError when it is no zip, or holds more than its own size: then nothing in it is read.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
    except BROKEN as error:
        raise HkresearchError(
            f"cannot be read as a zip ({error}): it was edited, or it is no bundle"
        ) from None
    if sum(entry.file_size for entry in entries) > len(data):
        raise HkresearchError(
            "says it holds more bytes than it has: it was edited, or is an attack; nothing was read"
        )
    files: dict[str, bytes] = {}
    faults = []
    for entry in entries:
        if fault := _find_entry_fault(entry, files):
            faults.append(f"{entry.filename!r} {fault}")
            continue
        try:
            files[entry.filename] = archive.read(entry)
        except BROKEN as error:
            faults.append(f"{entry.filename!r} cannot be read ({error}): it was changed")
            files[entry.filename] = b""
    return files, faults


def is_bundle(path: Path) -> bool:
    """Return whether `path` is a zip by its name, or the folder that one was unpacked into."""
    return path.suffix.lower() == ".zip" or (path / CRATE).is_file()


def read_bundle(path: Path) -> tuple[dict[str, bytes], list[str]]:
    """Return the files of a bundle, zipped or unpacked, and the faults of their entries; links are not followed.

    Raises HkresearchError when it is no bundle, or larger than any.
    """
    if not path.is_dir():
        if path.stat().st_size > LARGEST_BUNDLE:
            raise HkresearchError(
                f"has more than {LARGEST_BUNDLE:,} bytes; this is no bundle of hkresearch"
            )
        return read_archive(path.read_bytes())
    every = sorted(
        Path(folder) / name for folder, inner, names in os.walk(path) for name in [*inner, *names]
    )
    states = {file: state for file in every if not stat.S_ISDIR((state := file.lstat()).st_mode)}
    if sum(state.st_size for state in states.values()) > LARGEST_BUNDLE:
        raise HkresearchError(
            f"has more than {LARGEST_BUNDLE:,} bytes; this is no bundle of hkresearch"
        )
    plain = [file for file, state in states.items() if stat.S_ISREG(state.st_mode)]
    faults = [
        f"{file.relative_to(path).as_posix()!r} is no file; it was not read"
        for file in states
        if file not in plain
    ]
    return {file.relative_to(path).as_posix(): file.read_bytes() for file in plain}, faults


def _find_entry_fault(entry: zipfile.ZipInfo, files: Mapping[str, bytes]) -> str:
    if not all(is_plain_name(part) for part in entry.orig_filename.split("/")):
        return "is a name that leaves the bundle, or no file; it was not read"
    if entry.filename in files:
        return "stands in the bundle twice"
    if entry.compress_type != zipfile.ZIP_STORED:
        return "is compressed; a bundle's files never are; it was not read"
    return ""


# ------------------------------------------------------------------------------------------------------ the crate


def write_crate(files: Mapping[str, bytes]) -> bytes:
    """Return the RO-Crate metadata of `files`, from them alone: every file, and every page without its text."""
    package = json.loads(files[PACKAGE])
    pages = read_article_rows(files[ARTICLES])
    book = package.get("codebook") or {}
    entities = [_describe_file(name, files[name]) for name in sorted(files) if name != CRATE]
    shown = count_shown(files)
    works = [work for page in pages for work in _describe_page(page, shown.get(page["sha256"], 0))]
    dates = [page["date_published"] for page in pages if page["date_published"]]
    root = {
        "@id": "./", "@type": "Dataset", "name": book.get("label") or book.get("id") or "Reports",
        "description": DESCRIPTION, "license": {"@id": "#rights"},
        "hasPart": [{"@id": entity["@id"]} for entity in entities],
        "mentions": [{"@id": work["@id"]} for work in works if "sha256" in work],
    } | ({"datePublished": max(dates)} if dates else {})  # fmt: skip
    about = {
        "@id": CRATE,
        "@type": "CreativeWork",
        "conformsTo": {"@id": VERSION},
        "about": {"@id": "./"},
    }
    rights = {"@id": "#rights", "@type": "CreativeWork", "name": RIGHTS}
    context = [f"{VERSION}/context", {"sha256": "https://schema.org/sha256"}]
    unique = {entity["@id"]: entity for entity in [about, root, rights, *entities, *works]}
    text = json.dumps(
        {"@context": context, "@graph": list(unique.values())}, ensure_ascii=False, indent=1
    )
    return (text + "\n").encode("utf-8", "backslashreplace")


def _describe_file(name: str, data: bytes) -> dict[str, Any]:
    kind = TYPES.get(PurePosixPath(name).suffix, "application/octet-stream")
    if name.endswith("feed.json"):
        kind = "application/feed+json"
    described = {"@id": quote(name), "@type": "File", "name": name, "encodingFormat": kind}
    return described | {"contentSize": str(len(data)), "sha256": hash_bytes(data)}


def count_shown(files: Mapping[str, bytes]) -> dict[str, int]:
    """Return how many characters of each page, by its SHA-256, the passages of all reports in `files` show in sum."""
    from hkresearch.evidence.evidence_block import read_evidence
    from hkresearch.evidence.published import INDEX

    shown: dict[str, set[int]] = {}
    for name in files:
        if (
            name.startswith("reports/")
            and name.endswith(".html")
            and not name.endswith(f"/{INDEX}")
        ):
            for item in read_evidence(files[name], is_pdf=False):
                start, end, at = item["start"], item["end"], shown.setdefault(item["sha256"], set())
                at.update(range(start - len(item["before"]), start + len(item["exact"])))
                at.update(range(end - len(item["tail"]), end + len(item["after"])))
    return {digest: len(at) for digest, at in shown.items()}


def describe_sum(files: Mapping[str, bytes]) -> str:
    """Return in one sentence how much of a page all reports of a bundle show in sum: the budget is each report's own."""
    shown = count_shown(files)
    shares = [
        (shown.get(page["sha256"], 0) / int(page["n_body_chars"]), page["file"])
        for page in read_article_rows(files[ARTICLES])
        if int(page["n_body_chars"] or 0)
    ]
    most, file = max(shares, default=(0, ""))
    if not most:
        return "It shows no passage of any page."
    return (
        f"The limit of quoted words is each report's own: all together show up to {most:.0%} of a page ({file}). "
        f"{CRATE} says how much of each page."
    )


def _describe_page(page: Mapping[str, str], n_shown: int) -> list[dict[str, Any]]:
    id = quote(page["article_id"], safe="")
    work: dict[str, Any] = {"@id": f"#page-{id}", "@type": "CreativeWork", "sha256": page["sha256"]}
    named = {
        "headline": "headline",
        "datePublished": "date_published",
        "inLanguage": "in_language",
        "url": "url",
    }
    size = int(page["n_body_chars"] or 0)
    work["description"] = (
        f"Passages in all reports together show {n_shown} characters; its article has {size}."
    )
    work |= {"name": page["file"]} | {
        term: page[column] for term, column in named.items() if page[column]
    }
    others = []
    for term, kind, value in (
        ("publisher", "Organization", page["publisher"]), ("isBasedOn", "CreativeWork", page["is_based_on"]),
    ):  # fmt: skip
        if value:
            others.append({"@id": f"#{kind}-{quote(value, safe='')}", "@type": kind, "name": value})
            work[term] = {"@id": others[-1]["@id"]}
    return [work, *others]


def compare_crate(files: Mapping[str, bytes]) -> list[str]:
    """Return which files are not those that the crate lists: changed, missing or added, each by its name."""
    try:
        listed = {
            unquote(entity["@id"]): entity["sha256"]
            for entity in json.loads(files[CRATE])["@graph"]
            if entity["@type"] == "File"
        }
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return [f"{CRATE} is missing or cannot be read: it was edited, or this is no bundle"]
    faults = []
    for name in sorted(listed.keys() | files.keys() - {CRATE}):
        if name not in files:
            faults.append(f"{name} is missing")
        elif name not in listed:
            faults.append(f"{name} was added: {CRATE} does not list it")
        elif hash_bytes(files[name]) != listed[name]:
            faults.append(f"{name} was changed: its SHA-256 is not the one that {CRATE} gives")
    try:
        if not faults and write_crate(files) != files[CRATE]:
            faults.append(f"{CRATE} was edited: it is not what the files in the bundle give")
    except (HkresearchError, ValueError, KeyError, TypeError, AttributeError) as error:
        faults.append(f"{CRATE} cannot be compared with the files: {error}")
    return faults
