"""A published report and a folder of pages -> every fault of the evidence that the report carries."""

from __future__ import annotations

import json
import os
import re
import zlib
from collections.abc import Iterable, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from .article import Article, HkresearchError
from .exhibit import reveal_text
from .report.seal import find_seal_fault
from .source import hash_bytes, is_plain_name, read_bytes, read_page

LARGEST_BLOCK = 200_000_000  # bytes; more is no evidence but an attack
LARGEST_REPORT = 500_000_000


def verify_report(report: str | os.PathLike, raw: str | os.PathLike) -> list[str]:
    """Return every fault of `report` (HTML or PDF) against the pages in `raw`; an empty list means that it holds.

    It needs nothing but the report and the pages: the evidence travels inside the report.
    """
    path, raw = Path(report), Path(raw)
    if not path.is_file():
        raise HkresearchError(f"{path}: no such report.")
    if not raw.is_dir():
        raise HkresearchError(f"{raw}: no such folder of pages. Type: hkresearch verify {path} --raw DIR")
    if path.stat().st_size > LARGEST_REPORT:
        raise HkresearchError(f"{path}: has more than {LARGEST_REPORT:,} bytes; this is no report of hkresearch.")
    return verify_bytes(path.name, path.read_bytes(), raw)


def verify_bytes(name: str, data: bytes, raw: Path) -> list[str]:
    """Return every fault of the report in `data`, called `name`, against the pages in `raw`."""
    is_pdf = data.startswith(b"%PDF")
    faults = [f"{name}: {fault}"] if (fault := find_seal_fault(data, is_pdf)) else []
    try:
        items = read_evidence(data, is_pdf)
    except HkresearchError as error:
        return [*faults, f"{name}: {error}"]
    faults += [f"{name}: {fault}" for fault in check_items(items, raw)]
    if not is_pdf:
        faults += [f"{name}: {fault}" for fault in compare_notes(data, items)]
    return faults


# ------------------------------------------------------------------------------------------------ reading the block


def read_evidence(data: bytes, is_pdf: bool) -> list[dict[str, Any]]:
    """Return the annotations in a report; raises HkresearchError when there is no readable block of them."""
    block = _read_attachment(data) if is_pdf else _read_script(data)
    try:
        parsed = json.loads(block)
        items = [_read_item(item) for item in parsed["items"]]
        total = parsed["total"]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise HkresearchError("its evidence block cannot be read: it was edited") from None
    if total != len(items):
        raise HkresearchError(
            f"its evidence block says {total} annotations and holds {len(items)}: one was removed or added"
        )
    return items


def _read_item(item: Mapping[str, Any]) -> dict[str, Any]:
    source, (position, quote) = item["target"]["source"], item["target"]["selector"]
    read = {
        "id": item["id"], "file": source["name"], "sha256": source["sha256"], "text_sha256": source["text_sha256"],
        "exact": quote["exact"], "before": quote["prefix"], "after": quote["suffix"],
    }  # fmt: skip
    if not all(isinstance(value, str) for value in read.values()):
        raise TypeError
    offsets = {name: position[name] for name in ("start", "end")}
    if not all(type(value) is int for value in offsets.values()):
        raise TypeError
    return {**read, **offsets}


def _read_script(data: bytes) -> str:
    found = re.search(rb'<script type="application/ld\+json" id="evidence">(.*?)</script>', data, re.DOTALL)
    if found is None:
        raise HkresearchError("it carries no evidence block: it was edited, or it is not a report of hkresearch")
    try:
        return found.group(1).decode("utf-8")
    except UnicodeDecodeError:
        raise HkresearchError("its evidence block cannot be read: it was edited") from None


def _read_attachment(data: bytes) -> str:
    for found in re.finditer(rb"/Type\s*/EmbeddedFile\b", data):
        opened = data.find(b"stream", found.end())
        head = data[data.rfind(b"obj", 0, found.start()) : opened]
        start = opened + len(b"stream") + (2 if data[opened + 6 : opened + 8] == b"\r\n" else 1)
        end = data.find(b"endstream", start)
        if opened < 0 or end < 0:
            break
        try:
            body = data[start:end]
            if b"/FlateDecode" in head:
                body = zlib.decompressobj().decompress(body, LARGEST_BLOCK)
            return body.decode("utf-8")
        except (zlib.error, UnicodeDecodeError):
            raise HkresearchError("its evidence block cannot be read: it was edited") from None
    raise HkresearchError("it carries no evidence block: it was edited, or it is not a report of hkresearch")


# ---------------------------------------------------------------------------------------------- against the pages


def check_items(items: Iterable[Mapping[str, Any]], raw: Path) -> list[str]:
    """Return what does not hold of each annotation: the file, its text layer, the offsets, the words, the context."""
    faults, pages, seen = [], {}, set()
    for item in items:
        if item["id"] in seen:
            faults.append(f"{item['id']}: stands in the block twice")
        seen.add(item["id"])
        key = (item["file"], item["sha256"], item["text_sha256"])
        if key not in pages:
            pages[key], found = _open_page(raw, *key)
            faults += found
        if (page := pages[key]) is not None:
            faults += [f"{item['id']}, {item['file']}: {fault}" for fault in _find_faults(page.text, item)]
    return faults


def _open_page(raw: Path, file: str, sha256: str, text_sha256: str) -> tuple[Article | None, list[str]]:
    if not is_plain_name(file):
        return None, [f"{reveal_text(file)!r} is not the name of a page"]
    try:
        data = read_bytes(raw, file)
        if (found := hash_bytes(data)) != sha256:
            return None, [f"{raw / file} is not the page that the report cites (SHA-256 {found}, cited {sha256})"]
        page = read_page(data, file)
    except HkresearchError as error:
        return None, [f"{raw / file} {error}"]
    if page.text_sha256 != text_sha256:
        return None, [f"{raw / file}: its text layer is read otherwise than when the report was made ({text_sha256})"]
    return page, []


def _find_faults(text: str, item: Mapping[str, Any]) -> list[str]:
    start, end = item["start"], item["end"]
    if not 0 <= start <= end <= len(text):
        return [f"characters {start}-{end} are outside the page (0-{len(text)})"]
    faults = []
    if text[start:end] != item["exact"]:
        faults.append(f"characters {start}-{end} read {text[start:end][:60]!r}, the report says {item['exact'][:60]!r}")
    if not text[:start].endswith(item["before"]) or not text[end:].startswith(item["after"]):
        faults.append(f"the words around characters {start}-{end} are not those of the page")
    return faults


# ----------------------------------------------------------------------------------------- against what is visible


class _Notes(HTMLParser):
    """Collects what a reader sees of each passage, and the numbers that lead there; the parser needs a class."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.notes: dict[str, str] = {}
        self.cited: set[str] = set()
        self._note, self._in_quote, self._depth = "", False, 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("class") == "noted":
            self._note = given.get("id") or ""
            self.notes[self._note] = ""
        elif tag == "blockquote" and self._note:
            self._in_quote = True
        elif tag == "button" and given.get("class") == "pill":
            self.cited.add(given.get("popovertarget") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "blockquote" and self._in_quote:
            self._in_quote, self._note = False, ""

    def handle_data(self, data: str) -> None:
        if self._in_quote:
            self.notes[self._note] += data


def compare_notes(data: bytes, items: list[Mapping[str, Any]]) -> list[str]:
    """Return where the passages that a reader sees are not those of the evidence block, in number, order or words."""
    parser = _Notes()
    parser.feed(data.decode("utf-8", "replace"))
    faults = [f"{cited} is cited and is not there" for cited in sorted(parser.cited - set(parser.notes))]
    if len(parser.notes) != len(items):
        return [*faults, f"{len(parser.notes)} passages are shown and {len(items)} are in the evidence block"]
    for n, item in enumerate(items, 1):
        expected = reveal_text(item["before"] + item["exact"] + item["after"])
        if parser.notes.get(f"note-{n}", "").split() != expected.split():
            faults.append(f"passage {n} shows other words than its evidence ({item['id']})")
    return faults
