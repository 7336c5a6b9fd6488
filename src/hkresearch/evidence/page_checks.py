"""Cited passages and a folder of pages -> where a page does not say what the report says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from hkresearch.core.article import Article, HkresearchError
from hkresearch.core.files import hash_bytes, is_plain_name
from hkresearch.core.safe_text import reveal_text
from hkresearch.evidence.evidence_block import EvidenceItem
from hkresearch.pages.reader import read_bytes, read_page


def open_pages(items: Iterable[EvidenceItem], raw: Path) -> tuple[dict[str, Article], list[str]]:
    """Return the pages that `items` cite, by source, and why others cannot be opened.

    A page is missing, or has other bytes or another text layer than the report says.
    """
    pages, faults = {}, []
    # Many sources may name one page.
    opened: dict[tuple[str, str, str], tuple[Article | None, list[str]]] = {}
    for source, item in {item["source"]: item for item in items}.items():
        cited = (item["file"], item["sha256"], item["text_sha256"])
        if cited not in opened:
            opened[cited] = _open_page(raw, *cited)
            faults += opened[cited][1]
        page = opened[cited][0]
        if page is not None:
            pages[source] = page
    return pages, faults


def _open_page(
    raw: Path, file: str, sha256: str, text_sha256: str
) -> tuple[Article | None, list[str]]:
    if not is_plain_name(file):
        return None, [f"{reveal_text(file)!r} is not the name of a page"]
    path = raw / file
    try:
        data = read_bytes(raw, file)
        found = hash_bytes(data)
        if found != sha256:
            fault = f"is not the page that the report cites (SHA-256 {found}, cited {sha256})"
            return None, [f"{path} {fault}"]
        page = read_page(data, file)
    except HkresearchError as error:
        return None, [f"{path} {error}"]
    if page.text_sha256 != text_sha256:
        fault = f"its text layer is read otherwise than when the report was made ({text_sha256})"
        return None, [f"{path}: {fault}"]
    return page, []


def check_items(items: Iterable[EvidenceItem], pages: Mapping[str, Article]) -> list[str]:
    """Return what does not hold of each passage of a page at hand: offsets, words, context."""
    faults: list[str] = []
    seen: set[str] = set()
    for item in items:
        if item["id"] in seen:
            faults.append(f"{item['id']}: stands in the block twice")
        seen.add(item["id"])
        page = pages.get(item["source"])
        if page is not None:
            found = _find_faults(page.text, item)
            faults += [f"{item['id']}, {item['file']}: {fault}" for fault in found]
    return faults


def _find_faults(text: str, item: EvidenceItem) -> list[str]:
    start, end = item["start"], item["end"]
    if not 0 <= start <= end <= len(text):
        return [f"characters {start}-{end} are outside the page (0-{len(text)})"]
    faults = []
    words, cited = text[start:end], item["exact"]
    agrees = words == cited if item["is_whole"] else _has_ends(words, item)
    if not agrees:
        faults.append(
            f"characters {start}-{end} read {words[:60]!r}, the report says {cited[:60]!r}"
        )
    if not text.endswith(item["before"], 0, start) or not text.startswith(item["after"], end):
        faults.append(f"the words around characters {start}-{end} are not those of the page")
    return faults


def _has_ends(words: str, item: EvidenceItem) -> bool:
    """Return whether a shortened passage begins, ends and hashes as the report says."""
    first, last = item["exact"], item["tail"]
    if len(first) + len(last) > len(words):
        return False
    if not words.startswith(first) or not words.endswith(last):
        return False
    sha256: str = item["exact_sha256"]
    return hash_bytes(words.encode("utf-8", "surrogatepass")) == sha256
