"""The files of a bundle -> the RO-Crate that lists them, and where files and crate differ."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote, unquote

from hkresearch.bundle.archive import CRATE
from hkresearch.core.article import HkresearchError
from hkresearch.core.files import hash_bytes
from hkresearch.evidence.evidence_block import read_evidence
from hkresearch.evidence.published import INDEX
from hkresearch.tables.article_list import ARTICLES, read_article_rows

_DATAPACKAGE_FILE = "data/processed/datapackage.json"
_RO_CRATE_PROFILE = "https://w3id.org/ro/crate/1.1"
FEED_TYPE, UNKNOWN_TYPE = "application/feed+json", "application/octet-stream"
_MEDIA_TYPES = {
    ".html": "text/html",
    ".pdf": "application/pdf",
    ".csv": "text/csv",
    ".json": "application/json",
    ".parquet": "application/vnd.apache.parquet",
    ".toml": "application/toml",
    ".lock": "text/plain",
    ".ipynb": "application/x-ipynb+json",
}
_BUNDLE_DESCRIPTION = (
    "Reports on saved news pages, with the tables they are drawn from. The pages are not in here: "
    "they are listed with their SHA-256 and keep their own rights. Headlines and coded values "
    "apart, words of the pages stand only where a report cites them. datePublished is that of the "
    "latest page."
)
_RIGHTS = (
    "The pages and the passages quoted from them belong to their publishers; "
    "the register names the rights of each."
)
# Terms of schema.org for columns of the table articles.
_PAGE_TERMS = {
    "headline": "headline",
    "datePublished": "date_published",
    "inLanguage": "in_language",
    "url": "url",
}

_Entity = dict[str, Any]


def write_crate(files: Mapping[str, bytes]) -> bytes:
    """Return the RO-Crate metadata of `files`: every file, and every page without its text.

    It depends on the files alone.
    """
    pages = read_article_rows(files[ARTICLES])
    entities = [_describe_file(name, files[name]) for name in sorted(files) if name != CRATE]
    shown = count_shown(files)
    works = [work for page in pages for work in _describe_page(page, shown.get(page["sha256"], 0))]
    about = {
        "@id": CRATE,
        "@type": "CreativeWork",
        "conformsTo": {"@id": _RO_CRATE_PROFILE},
        "about": {"@id": "./"},
    }
    rights = {"@id": "#rights", "@type": "CreativeWork", "name": _RIGHTS}
    root = _describe_dataset(files, pages, entities, works)
    graph = {entity["@id"]: entity for entity in [about, root, rights, *entities, *works]}
    context = [f"{_RO_CRATE_PROFILE}/context", {"sha256": "https://schema.org/sha256"}]
    crate = {"@context": context, "@graph": list(graph.values())}
    text = json.dumps(crate, ensure_ascii=False, indent=1) + "\n"
    return text.encode("utf-8", "backslashreplace")


def _describe_dataset(
    files: Mapping[str, bytes],
    pages: Iterable[Mapping[str, str]],
    entities: Iterable[_Entity],
    works: Iterable[_Entity],
) -> _Entity:
    book = json.loads(files[_DATAPACKAGE_FILE]).get("codebook") or {}
    dataset = {
        "@id": "./",
        "@type": "Dataset",
        "name": book.get("label") or book.get("id") or "Reports",
        "description": _BUNDLE_DESCRIPTION,
        "license": {"@id": "#rights"},
        "hasPart": [{"@id": entity["@id"]} for entity in entities],
        "mentions": [{"@id": work["@id"]} for work in works if "sha256" in work],
    }
    dates = [page["date_published"] for page in pages if page["date_published"]]
    if dates:
        dataset["datePublished"] = max(dates)
    return dataset


def _describe_file(name: str, data: bytes) -> _Entity:
    media_type = _MEDIA_TYPES.get(PurePosixPath(name).suffix, UNKNOWN_TYPE)
    return {
        "@id": quote(name),
        "@type": "File",
        "name": name,
        "encodingFormat": FEED_TYPE if name.endswith("feed.json") else media_type,
        "contentSize": str(len(data)),
        "sha256": hash_bytes(data),
    }


def _describe_page(page: Mapping[str, str], n_shown: int) -> list[_Entity]:
    """Return the page as a creative work, and its publisher and the work it is based on."""
    id = quote(page["article_id"], safe="")
    size = int(page["n_body_chars"] or 0)
    work: _Entity = {
        "@id": f"#page-{id}",
        "@type": "CreativeWork",
        "sha256": page["sha256"],
        "description": (
            f"Passages in all reports together show {n_shown} characters; its article has {size}."
        ),
        "name": page["file"],
    }
    for term, column in _PAGE_TERMS.items():
        if page[column]:
            work[term] = page[column]
    related = []
    for term, kind, name in (
        ("publisher", "Organization", page["publisher"]),
        ("isBasedOn", "CreativeWork", page["is_based_on"]),
    ):
        if name:
            entity = {"@id": f"#{kind}-{quote(name, safe='')}", "@type": kind, "name": name}
            work[term] = {"@id": entity["@id"]}
            related.append(entity)
    return [work, *related]


# -------------------------------------------------------------------------- how much is shown


def list_html_reports(files: Mapping[str, bytes]) -> list[str]:
    """Return the names of the HTML reports among `files`, their index apart."""
    return [
        name
        for name in files
        if name.startswith("reports/") and name.endswith(".html") and not name.endswith(f"/{INDEX}")
    ]


def count_shown(files: Mapping[str, bytes]) -> dict[str, int]:
    """Return SHA-256 of a page -> how many of its characters the reports in `files` show."""
    shown: dict[str, set[int]] = {}  # page -> offsets
    for name in list_html_reports(files):
        for item in read_evidence(files[name], is_pdf=False):
            offsets = shown.setdefault(item["sha256"], set())
            first = item["start"] - len(item["before"])
            offsets.update(range(first, item["start"] + len(item["exact"])))
            last = item["end"] + len(item["after"])
            offsets.update(range(item["end"] - len(item["tail"]), last))
    return {sha256: len(offsets) for sha256, offsets in shown.items()}


def describe_sum(files: Mapping[str, bytes]) -> str:
    """Return in one sentence how much of a page all reports of a bundle together show.

    The limit of quoted words is each report's own.
    """
    shown = count_shown(files)
    shares = []
    for page in read_article_rows(files[ARTICLES]):
        size = int(page["n_body_chars"] or 0)
        if size:
            shares.append((shown.get(page["sha256"], 0) / size, page["file"]))
    largest_share, file = max(shares, default=(0, ""))
    if not largest_share:
        return "It shows no passage of any page."
    return (
        "The limit of quoted words is each report's own: all together show up to "
        f"{largest_share:.0%} of a page ({file}). {CRATE} says how much of each page."
    )


# ------------------------------------------------------------------------------------- checking


def compare_crate(files: Mapping[str, bytes]) -> list[str]:
    """Return which files are not those that the crate lists: changed, missing or added."""
    try:
        listed = _list_hashes(files[CRATE])
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
    if faults:
        return faults
    try:
        if write_crate(files) != files[CRATE]:
            return [f"{CRATE} was edited: it is not what the files in the bundle give"]
    except (HkresearchError, ValueError, KeyError, TypeError, AttributeError) as error:
        return [f"{CRATE} cannot be compared with the files: {error}"]
    return []


def _list_hashes(crate: bytes) -> dict[str, str]:
    entities = json.loads(crate)["@graph"]
    return {
        unquote(entity["@id"]): entity["sha256"] for entity in entities if entity["@type"] == "File"
    }
