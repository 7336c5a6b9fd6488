"""A registered file -> an Article, or the reason why it cannot be read."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from pathlib import Path

from hkresearch.core.article import Article, HkresearchError
from hkresearch.core.files import hash_bytes
from hkresearch.pages.decode import decode_page
from hkresearch.pages.mojibake import repair_text

REGISTER = "articles.csv"
REGISTER_COLUMNS = (
    "article_id", "file", "sha256", "headline", "author", "publisher", "date_published",
    "date_accessed", "in_language", "url", "is_based_on", "license", "note",
)  # fmt: skip
STATED_COLUMNS = REGISTER_COLUMNS[3:-1]  # what a person may write into an article's row
# What one page may hold, so that coding any page ends within 10 s and 1 GiB. The comment gives the
# most that a page of three public news benchmarks holds.
LARGEST_PAGE = 20 * 1024 * 1024  # bytes; 4 MB
LONGEST_TEXT = 500_000  # characters of the text layer; 76,000
MOST_LINES = 20_000  # 1,600
MOST_TAGS = 500_000  # 10,100
TAIL_REACH = 4096  # characters at the end of a page in which an unfinished tag is looked for
# Elements whose end tag may not be left out.
CLOSED_ELEMENTS = tuple(
    "div article main section aside header footer figure table ul script style".split()
)


def read_bytes(raw: Path, file: str) -> bytes:
    """Return the bytes of `raw`/`file`.

    Raises
    ------
    HkresearchError
        With the reason, for a link that leaves `raw`, what is not a regular file, a file over
        LARGEST_PAGE, and one that cannot be read.
    """
    path = raw / file
    try:
        if path.resolve(strict=True).parent != raw.resolve():
            raise HkresearchError(
                "is a link to a place outside the raw folder; copy the page itself into it"
            )
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise HkresearchError("is not a regular file")
        if status.st_size > LARGEST_PAGE:
            raise HkresearchError(
                f"has {status.st_size:,} bytes; the largest page read is {LARGEST_PAGE:,} bytes"
            )
        with path.open("rb") as stream:
            data = stream.read(LARGEST_PAGE + 1)
    except FileNotFoundError:
        raise HkresearchError("is registered but missing; put it back or remove its row") from None
    except OSError as error:
        raise HkresearchError(f"cannot be read: {error.strerror}") from None
    except RuntimeError:  # so says Python before 3.13 of a link that leads to itself
        raise HkresearchError("cannot be read: Too many levels of symbolic links") from None
    if len(data) > LARGEST_PAGE:
        raise HkresearchError(f"grew past {LARGEST_PAGE:,} bytes while it was read")
    return data


def read_page(data: bytes, file: str, row: Mapping[str, str] | None = None) -> Article:
    """Return the Article in `data`, the bytes of a saved page.

    `file` is its name: .html, .htm and .xhtml are read as HTML, as is what begins like it. The
    values of `row`, its row in the register, become the article's.

    Raises
    ------
    HkresearchError
        With the reason, for a page that is empty, binary, undecodable, cut off, or over a limit.
    """
    row = row or {}
    decoded, decoding_note = decode_page(data)
    text, n_repaired = repair_text(decoded)
    is_html = _looks_like_html(text, file)
    layout = None
    if is_html:
        _refuse_truncated(text)
        _check_limit("tags", text.count("<"), MOST_TAGS)
        from hkresearch.pages.html_text import flatten_html

        text, layout = flatten_html(text)
    if not text.strip():
        raise HkresearchError("has no text")
    _check_limit("characters of text", len(text), LONGEST_TEXT)
    _check_limit("lines", len(text.splitlines()), MOST_LINES)
    notes = (row.get("note", ""), decoding_note, _describe_repairs(n_repaired))
    stated = {name: row.get(name, "") for name in STATED_COLUMNS}
    return Article(
        id=row.get("article_id") or Path(file).stem,
        text=text,
        sha256=hash_bytes(data),
        text_sha256=hash_bytes(text.encode("utf-8")),
        media_type="text/html" if is_html else "text/plain",
        file=file,
        layout=layout,
        note=" ".join(filter(None, notes)),
        **stated,
    )


def _check_limit(what: str, found: int, most: int) -> None:
    if found > most:
        raise HkresearchError(f"has {found:,} {what}; the most read of one page is {most:,}")


def _describe_repairs(n_repaired: int) -> str:
    """Return the note on repaired lines, so that every change to the text is stated."""
    if not n_repaired:
        return ""
    lines = "1 line was" if n_repaired == 1 else f"{n_repaired:,} lines were"
    return f"Decoding repaired: {lines} UTF-8 that had been read as Windows-1252 and saved so."


def _looks_like_html(text: str, file: str) -> bool:
    beginning = text[:2048].lstrip("\ufeff \t\r\n").lower()
    is_named_html = file.lower().endswith((".html", ".htm", ".xhtml"))
    return is_named_html or beginning.startswith(("<!doctype html", "<html"))


def _refuse_truncated(markup: str) -> None:
    """Raise HkresearchError for a page that ends inside a tag, or whose body has no end."""
    tail = markup[-TAIL_REACH:]
    if tail.rfind("<") > tail.rfind(">"):
        raise HkresearchError("is cut off inside a tag; save the page again")
    whole = markup.rstrip().lower()
    if "<body" not in whole or "</body" in whole or "</html" in whole:
        return
    is_unclosed = any(
        whole.count(f"<{name}") > whole.count(f"</{name}") for name in CLOSED_ELEMENTS
    )
    if not whole.endswith(">") or is_unclosed:
        raise HkresearchError("is cut off: its body has no end; save the page again")
