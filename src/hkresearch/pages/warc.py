"""A WARC or WACZ file -> its HTML pages as files, each with the address and the date that the archive gives it."""

from __future__ import annotations

import gzip
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from hkresearch.core.article import HkresearchError
from hkresearch.core.extras import import_extra
from hkresearch.core.files import hash_bytes
from hkresearch.pages.reader import LARGEST_PAGE

SUFFIXES = (".warc", ".warc.gz", ".wacz")
PAGE_TYPES = ("text/html", "application/xhtml+xml")
LONGEST_NAME = 80  # characters of a page's file name that its address gives


def is_archive(file: Path) -> bool:
    """Return whether `file` is, by its name, an archive of pages."""
    return file.name.lower().endswith(SUFFIXES)


def extract_files(
    files: Sequence[Path], folder: Path, say: Callable[[str], None]
) -> tuple[dict[Path, dict[str, str]], list[tuple[str, str]]]:
    """Return (`files`, with pages in `folder` in the place of archives -> what is stated of each, refused).

    `say` is told how many records of an archive are no pages.
    """
    pages: dict[Path, dict[str, str]] = {}
    refused = []
    for i, file in enumerate(files):
        if not is_archive(file):
            pages[file] = {}
            continue
        try:
            room = folder / str(i)
            room.mkdir()
            found, n_other = extract_pages(file, room)
            pages |= found
            say(f"{file}: {len(found)} page(s), {n_other} other response(s) passed over")
        except HkresearchError as error:
            refused.append((str(file), str(error)))
    return pages, refused


def extract_pages(archive: Path, folder: Path) -> tuple[dict[Path, dict[str, str]], int]:
    """Write the HTML pages of `archive` to `folder`; return (page -> url, date_accessed and note, records passed over).

    A page is a response with status 200; its file holds the payload, decoded from what it was sent in. The same bytes
    make one page. Its name comes from its address and the hash of its bytes.
    """
    pages, n_other, seen = {}, 0, set()
    for record in _read_records(archive):
        kind = (record.http_content_type or "").lower()
        if (
            not record.http_headers
            or record.http_headers.status_code != 200
            or kind not in PAGE_TYPES
        ):
            n_other += 1
            continue
        data = record.reader.read(LARGEST_PAGE + 1)
        if len(data) > LARGEST_PAGE or (digest := hash_bytes(data)) in seen:
            n_other += 1
            continue
        seen.add(digest)
        url = record.headers.get("WARC-Target-URI", "").strip("<>")
        page = folder / f"{_name_page(url)}-{digest[:8]}.html"
        page.write_bytes(data)
        date = record.headers.get("WARC-Date", "")[:10]
        pages[page] = {"url": url, "date_accessed": date, "note": f"Taken from {archive.name}."}
    return pages, n_other


def _name_page(url: str) -> str:
    address = urlsplit(url)
    return (
        re.sub(r"[^\w.]+", "-", f"{address.netloc}{address.path}").strip("-.")[:LONGEST_NAME]
        or "page"
    )


def _read_records(archive: Path) -> Iterator[Any]:
    warc = import_extra("fastwarc.warc")
    try:
        for stream in _open_archive(archive):
            _refuse_cut(stream)
            yield from warc.ArchiveIterator(
                stream, record_types=warc.WarcRecordType.response, auto_decode="all"
            )
    except FileNotFoundError:
        raise HkresearchError("there is no such file") from None
    except (OSError, EOFError, ValueError, zipfile.BadZipFile) as error:
        raise HkresearchError(f"cannot be read as a web archive ({error})") from None


def _refuse_cut(stream: IO[bytes]) -> None:
    """Read `stream` to its end, and go back: a record that was cut would be taken for a whole one."""
    is_packed = stream.read(2) == b"\x1f\x8b"
    stream.seek(0)
    plain, end = gzip.GzipFile(fileobj=stream) if is_packed else stream, b""
    while piece := plain.read(1 << 20):
        end = (end + piece)[-4:]
    if end != b"\r\n\r\n":
        raise ValueError("it ends inside a record")
    stream.seek(0)


def _open_archive(archive: Path) -> Iterator[IO[bytes]]:
    """Yield the WARC files of a WACZ, which is a ZIP with a folder of them, or the one WARC file that `archive` is."""
    if archive.suffix.lower() != ".wacz":
        with archive.open("rb") as stream:
            yield stream
        return
    with zipfile.ZipFile(archive) as packed:
        for name in sorted(packed.namelist()):
            if name.startswith("archive/") and is_archive(Path(name)):
                with packed.open(name) as stream:
                    yield stream
