"""A WARC or WACZ file -> its HTML pages as files, each with its address and date."""

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

ARCHIVE_SUFFIXES = (".warc", ".warc.gz", ".wacz")
HTML_TYPES = ("text/html", "application/xhtml+xml")
LONGEST_NAME = 80  # characters of a page's file name that come from its address
RECORD_END = b"\r\n\r\n"
GZIP_SIGNATURE = b"\x1f\x8b"

StatedPages = dict[Path, dict[str, str]]  # page -> what is stated of it, by column of the register


def is_archive(file: Path) -> bool:
    """Return whether `file` is, by its name, an archive of pages."""
    return file.name.lower().endswith(ARCHIVE_SUFFIXES)


def extract_files(
    files: Sequence[Path], folder: Path, say: Callable[[str], None]
) -> tuple[StatedPages, list[tuple[str, str]]]:
    """Return `files` with the pages of each archive, written to `folder`, in its place.

    The second value is (archive, reason) of those that cannot be read. `say` is told how many
    records of an archive are not pages.
    """
    pages: StatedPages = {}
    refused: list[tuple[str, str]] = []
    for number, file in enumerate(files):
        if not is_archive(file):
            pages[file] = {}
            continue
        try:
            own_folder = folder / str(number)
            own_folder.mkdir()
            found, n_other = extract_pages(file, own_folder)
            pages |= found
            say(f"{file}: {len(found)} page(s), {n_other} other response(s) passed over")
        except HkresearchError as error:
            refused.append((str(file), str(error)))
    return pages, refused


def extract_pages(archive: Path, folder: Path) -> tuple[StatedPages, int]:
    """Write the HTML pages of `archive` to `folder`.

    A page is a response with status 200; its file holds the decoded payload, under a name made of
    its address and the hash of its bytes. The same bytes make one page.

    Returns
    -------
    Each page's url, date_accessed and note, and the number of records passed over.
    """
    pages: StatedPages = {}
    n_other = 0
    seen: set[str] = set()
    for record in _read_records(archive):
        data = record.reader.read(LARGEST_PAGE + 1) if _is_page(record) else None
        digest = hash_bytes(data) if data is not None else ""
        if data is None or len(data) > LARGEST_PAGE or digest in seen:
            n_other += 1
            continue
        seen.add(digest)
        url = record.headers.get("WARC-Target-URI", "").strip("<>")
        page = folder / f"{_name_page(url)}-{digest[:8]}.html"
        page.write_bytes(data)
        date = record.headers.get("WARC-Date", "")[:10]
        pages[page] = {"url": url, "date_accessed": date, "note": f"Taken from {archive.name}."}
    return pages, n_other


def _is_page(record: Any) -> bool:
    content_type = (record.http_content_type or "").lower()
    is_found = bool(record.http_headers) and record.http_headers.status_code == 200
    return is_found and content_type in HTML_TYPES


def _name_page(url: str) -> str:
    address = urlsplit(url)
    plain = re.sub(r"[^\w.]+", "-", f"{address.netloc}{address.path}").strip("-.")
    return plain[:LONGEST_NAME] or "page"


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
    """Read `stream` to its end and go back: a cut record would pass for a whole one."""
    is_packed = stream.read(2) == GZIP_SIGNATURE
    stream.seek(0)
    plain = gzip.GzipFile(fileobj=stream) if is_packed else stream
    end = b""
    while piece := plain.read(1 << 20):
        end = (end + piece)[-len(RECORD_END) :]
    if end != RECORD_END:
        raise ValueError("it ends inside a record")
    stream.seek(0)


def _open_archive(archive: Path) -> Iterator[IO[bytes]]:
    """Yield the WARC files in an archive: those in the folder of a WACZ, or the one that it is."""
    if archive.suffix.lower() != ".wacz":
        with archive.open("rb") as stream:
            yield stream
        return
    with zipfile.ZipFile(archive) as packed:
        for name in sorted(packed.namelist()):
            if name.startswith("archive/") and is_archive(Path(name)):
                with packed.open(name) as stream:
                    yield stream
