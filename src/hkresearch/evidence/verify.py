"""A published report and a folder of pages -> every fault of the evidence that the report carries."""

from __future__ import annotations

import json
import os
import re
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from hkresearch.core.article import Article, HkresearchError
from hkresearch.core.files import hash_bytes, is_plain_name
from hkresearch.core.safe_text import reveal_text
from hkresearch.evidence.rendered_text import find_quotations, read_visible
from hkresearch.evidence.seal import find_seal_fault
from hkresearch.pages.reader import read_bytes, read_page

LARGEST_BLOCK = 200_000_000  # bytes; more is no evidence but an attack
LARGEST_REPORT = 500_000_000
INDEX = "index.html"
UNPROVEN = (
    "Not proven by this: words without a passage or quotation marks, if somebody rewrote them and sealed the report "
    "again, and what a coder made of a passage. To have every word made again and compared, add: --rebuild"
)
REBUILT = (
    "Not proven by this: that a coder read a passage rightly, and that a page says what is true."
)
CARD = re.compile(
    r'<h3><a href="([^"/:]+\.html)">[^<]*</a></h3>\s*<p class="line"[^>]*>([^<]*)</p>'
)


def verify_report(report: str | os.PathLike, raw: str | os.PathLike) -> list[str]:
    """Return every fault of `report` (HTML, PDF or a folder of them) against the pages in `raw`; none means it holds.

    It needs nothing but the report and the pages: the evidence travels inside the report.
    """
    path, raw = Path(report), Path(raw)
    if not raw.is_dir():
        raise HkresearchError(
            f"{raw}: no such folder of pages. Type: hkresearch verify {path} --raw DIR"
        )
    reports = list_published(path)
    faults = [] if reports == [path] else compare_index(reports[0].parent / INDEX)
    return faults + join_faults(
        (file.name, check_report(_read_report(file), raw)) for file in reports
    )


def list_published(path: Path) -> list[Path]:
    """Return the reports at `path`: itself, or every HTML and PDF report of a folder, an index and copies apart."""
    if path.is_file() and not _is_index(path):
        return [path]
    folder = path.parent if path.is_file() else path
    if not folder.is_dir():
        raise HkresearchError(f"{path}: no such report.")
    found = sorted(
        f
        for f in folder.iterdir()
        if f.suffix in (".html", ".pdf") and f.is_file() and not _is_index(f)
    )
    if not found:
        raise HkresearchError(
            f"{folder}: no reports here. To publish some, type: hkresearch report --reports {folder}"
        )
    return found


def _is_index(path: Path) -> bool:
    return path.name == INDEX


def compare_index(index: Path) -> list[str]:
    """Return which reports the index names that are not there, and which answers it gives that are not the report's."""
    if not index.is_file():
        return []
    text, faults = index.read_text(encoding="utf-8", errors="replace"), []
    for name in sorted(set(re.findall(r'href="([^"/:]+\.(?:html|pdf))"', text))):
        if not (index.parent / name).is_file():
            faults.append(f"{INDEX}: names {name}, which is not there")
    answers: dict[str, list[str]] = {}
    for name, answer in CARD.findall(text):
        if name not in answers and (index.parent / name).is_file():
            answers[name] = read_answer(index.parent / name)
        if answer not in answers.get(name, [answer]):
            faults.append(f"{INDEX}: gives another answer than {name}")
    return faults


def read_answer(report: Path) -> list[str]:
    """Return the answers that a report's description gives, as they are written in HTML: none or one."""
    return re.findall(
        r'<meta name="description" content="([^"]*)">', report.read_text("utf-8", errors="replace")
    )


def _read_report(path: Path) -> bytes:
    if path.stat().st_size > LARGEST_REPORT:
        raise HkresearchError(
            f"{path}: has more than {LARGEST_REPORT:,} bytes; this is no report of hkresearch."
        )
    return path.read_bytes()


def join_faults(named: Iterable[tuple[str, list[str]]]) -> list[str]:
    """Return the faults of reports, each behind their names: what one page does to many of them is said once."""
    where: dict[str, dict[str, None]] = {}
    for name, faults in named:
        for fault in faults:
            where.setdefault(fault, {})[name] = None
    return [f"{', '.join(names)}: {fault}" for fault, names in where.items()]


def check_report(data: bytes, raw: Path) -> list[str]:
    """Return every fault of the report in `data` against the pages in `raw`."""
    is_pdf = data.startswith(b"%PDF")
    faults = [fault] if (fault := find_seal_fault(data, is_pdf)) else []
    try:
        items = read_evidence(data, is_pdf)
    except HkresearchError as error:
        return [*faults, str(error)]
    pages, found = open_pages(items, raw)
    faults += [*found, *check_items(items, pages)]
    return faults if is_pdf else faults + compare_visible(data, items, pages)


def count_evidence(path: Path) -> tuple[int, int, int]:
    """Return how many reports at `path` verify, how many passages they cite, and of how many pages."""
    files = [file.read_bytes() for file in list_published(path)]
    items = [item for data in files for item in read_evidence(data, data.startswith(b"%PDF"))]
    return len(files), len({item["id"] for item in items}), len({item["sha256"] for item in items})


# ------------------------------------------------------------------------------------------------ reading the block


def read_evidence(data: bytes, is_pdf: bool) -> list[dict[str, Any]]:
    """Return the annotations in a report; raises HkresearchError when there is no readable block of them."""
    try:
        parsed = json.loads(read_block(data, is_pdf))
        sources = {source["id"]: source for source in parsed["sources"]}
        items = [_read_item(item, sources) for item in parsed["items"]]
        total = parsed["total"]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise HkresearchError("its evidence block cannot be read: it was edited") from None
    if total != len(items):
        raise HkresearchError(
            f"its evidence block says {total} annotations and holds {len(items)}: one was removed or added"
        )
    return items


def read_block(data: bytes, is_pdf: bool) -> str:
    """Return the JSON-LD block that a report carries; raises HkresearchError when there is none."""
    return _read_attachment(data) if is_pdf else _read_script(data)


def _read_item(item: Mapping[str, Any], sources: Mapping[str, Any]) -> dict[str, Any]:
    target, source = item["target"], sources[item["target"]["source"]]
    position, words = target["selector"]
    read = {
        "id": item["id"], "source": target["source"], "file": source["name"], "sha256": source["sha256"],
        "text_sha256": source["text_sha256"], "coding": item["body"]["value"], "coder": item["creator"],
        **_read_words(words), "exact_sha256": target.get("exact_sha256", ""),
    }  # fmt: skip
    if not all(isinstance(value, str) for value in read.values()):
        raise TypeError
    offsets = {name: position[name] for name in ("start", "end")}
    if not all(type(value) is int for value in offsets.values()):
        raise TypeError
    return {**read, **offsets, "is_whole": "exact_sha256" not in target}


def _read_words(words: Mapping[str, Any]) -> dict[str, str]:
    if words["type"] == "TextQuoteSelector":
        return {
            "before": words["prefix"],
            "exact": words["exact"],
            "tail": "",
            "after": words["suffix"],
        }
    first, last = words["startSelector"], words["endSelector"]
    return {
        "before": first["prefix"],
        "exact": first["exact"],
        "tail": last["prefix"],
        "after": last["exact"],
    }


def _read_script(data: bytes) -> str:
    opening = b'<script type="application/ld+json" id="evidence">'
    start = data.find(opening)
    end = data.find(b"</script>", start)
    if start < 0 or end < 0:
        raise HkresearchError(
            "it carries no evidence block: it was edited, or it is not a report of hkresearch"
        )
    try:
        return data[start + len(opening) : end].decode("utf-8")
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
    raise HkresearchError(
        "it carries no evidence block: it was edited, or it is not a report of hkresearch"
    )


# ---------------------------------------------------------------------------------------------- against the pages


def open_pages(
    items: Iterable[Mapping[str, Any]], raw: Path
) -> tuple[dict[str, Article], list[str]]:
    """Return the pages that `items` cite, by source, and why others cannot be: missing, or other bytes or text."""
    pages, faults = {}, []
    opened: dict[
        tuple[str, str, str], tuple[Article | None, list[str]]
    ] = {}  # many sources may name one page
    for source, item in {item["source"]: item for item in items}.items():
        named = (item["file"], item["sha256"], item["text_sha256"])
        if named not in opened:
            opened[named] = _open_page(raw, *named)
            faults += opened[named][1]
        page = opened[named][0]
        if page is not None:
            pages[source] = page
    return pages, faults


def _open_page(
    raw: Path, file: str, sha256: str, text_sha256: str
) -> tuple[Article | None, list[str]]:
    if not is_plain_name(file):
        return None, [f"{reveal_text(file)!r} is not the name of a page"]
    try:
        data = read_bytes(raw, file)
        if (found := hash_bytes(data)) != sha256:
            return None, [
                f"{raw / file} is not the page that the report cites (SHA-256 {found}, cited {sha256})"
            ]
        page = read_page(data, file)
    except HkresearchError as error:
        return None, [f"{raw / file} {error}"]
    if page.text_sha256 != text_sha256:
        return None, [
            f"{raw / file}: its text layer is read otherwise than when the report was made ({text_sha256})"
        ]
    return page, []


def check_items(items: Iterable[Mapping[str, Any]], pages: Mapping[str, Article]) -> list[str]:
    """Return what does not hold of each annotation of a page at hand: the offsets, the words, the context."""
    faults, seen = [], set()
    for item in items:
        if item["id"] in seen:
            faults.append(f"{item['id']}: stands in the block twice")
        seen.add(item["id"])
        if (page := pages.get(item["source"])) is not None:
            faults += [
                f"{item['id']}, {item['file']}: {fault}" for fault in _find_faults(page.text, item)
            ]
    return faults


def _find_faults(text: str, item: Mapping[str, Any]) -> list[str]:
    start, end = item["start"], item["end"]
    if not 0 <= start <= end <= len(text):
        return [f"characters {start}-{end} are outside the page (0-{len(text)})"]
    faults, words = [], text[start:end]
    if not (words == item["exact"] if item["is_whole"] else _has_ends(words, item)):
        faults.append(
            f"characters {start}-{end} read {words[:60]!r}, the report says {item['exact'][:60]!r}"
        )
    if not text.endswith(item["before"], 0, start) or not text.startswith(item["after"], end):
        faults.append(f"the words around characters {start}-{end} are not those of the page")
    return faults


def _has_ends(words: str, item: Mapping[str, Any]) -> bool:
    """Return whether a passage whose middle is left out begins, ends and hashes as the report says."""
    is_shorter = len(item["exact"]) + len(item["tail"]) <= len(words)
    ends = words.startswith(item["exact"]) and words.endswith(item["tail"])
    return (
        is_shorter
        and ends
        and hash_bytes(words.encode("utf-8", "surrogatepass")) == item["exact_sha256"]
    )


# ----------------------------------------------------------------------------------------- against what is visible


def compare_visible(
    data: bytes, items: list[Mapping[str, Any]], pages: Mapping[str, Article]
) -> list[str]:
    """Return where what a reader sees is not what the evidence block and the pages say.

    Every passage is shown as the block has it, every number leads to one, every passage is cited, and the words that a
    statement sets in quotation marks stand in the pages of its passages.
    """
    seen = read_visible(data.decode("utf-8", "replace"))
    cited = {n for statement in seen.statements for n in statement.cited}
    faults = [f"{id} is cited and is not there" for id in sorted(cited - seen.notes.keys())]
    faults += [f"{id} is there and nothing cites it" for id in sorted(seen.notes.keys() - cited)]
    if len(seen.notes) != len(items):
        return [
            *faults,
            f"{len(seen.notes)} passages are shown and {len(items)} are in the evidence block",
        ]
    for n, item in enumerate(items, 1):
        faults += [
            f"passage {n} {fault}"
            for fault in _compare_note(seen.notes.get(f"note-{n}"), item, pages)
        ]
    if {item["source"] for item in items} <= pages.keys():
        evidenced = " ".join(
            "".join(statement.text) for statement in seen.statements if statement.cited
        )
        missing = find_quotations(evidenced, (page.text for page in pages.values()))
        faults += [
            f"{words[:60]!r} is set in quotation marks, and no page cited says so"
            for words in missing
        ]
    return faults


def _compare_note(note: Any, item: Mapping[str, Any], pages: Mapping[str, Article]) -> list[str]:
    if note is None:
        return ["is in the evidence block and is not shown"]
    gap = "" if item["is_whole"] else " […] "
    expected = reveal_text(item["before"] + item["exact"] + gap + item["tail"] + item["after"])
    if "".join(note.quoted).split() != expected.split():
        return [f"shows other words than its evidence ({item['id']})"]
    page, place = pages.get(item["source"]), "".join("".join(note.place).split())
    line = page.text.count("\n", 0, item["start"]) + 1 if page else "?"
    given = f"{item['file']}, line {line}, characters {item['start']}–{item['end']} SHA-256 {item['sha256']}"
    if page and not place.startswith("".join(reveal_text(given).split())):
        return [f"gives another place or hash than its evidence ({item['id']})"]
    coded = "".join(reveal_text(f"Coded by {item['coder']}: {item['coding']}").split())
    return [] if coded in place else [f"gives another coding than its evidence ({item['id']})"]
