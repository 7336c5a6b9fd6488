"""A registered file -> an Article: its text layer, or why it cannot be read."""

from __future__ import annotations

import stat
from pathlib import Path

from hkresearch.core.article import Article, HkresearchError
from hkresearch.core.files import hash_bytes
from hkresearch.pages.decode import decode_page
from hkresearch.pages.mojibake import repair_text

REGISTER = "articles.csv"
COLUMNS = (
    "article_id", "file", "sha256", "headline", "author", "publisher", "date_published", "date_accessed",
    "in_language", "url", "is_based_on", "license", "note",
)  # fmt: skip
LARGEST_PAGE = 20 * 1024 * 1024  # bytes; the largest page of three public news benchmarks has 4 MB
# What one page may hold, so that it ends in 10 s and 1 GiB whatever it is; the most in those benchmarks stands behind.
LONGEST_TEXT = 500_000  # characters of the text layer; 76,000
MOST_LINES = 20_000  # 1,600
MOST_TAGS = 500_000  # 10,100
NEED_AN_END = (
    "div",
    "article",
    "main",
    "section",
    "aside",
    "header",
    "footer",
    "figure",
    "table",
    "ul",
    "script",
    "style",
)


def read_bytes(raw: Path, file: str) -> bytes:
    """Return the bytes of `raw`/`file`, refusing links that leave `raw`, devices, and files over LARGEST_PAGE."""
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


def read_page(data: bytes, file: str, row: dict[str, str] | None = None) -> Article:
    """Return the Article in `data`, the bytes of a saved page named `file`, with the register's `row` if it has one.

    Raises HkresearchError with the reason when the page is empty, binary, undecodable, cut off, or larger than any page.
    """
    row = row or {}
    text, decoded = decode_page(data)
    text, n_repaired = repair_text(text)
    is_html = _looks_like_html(text, file)
    layout = None
    if is_html:
        _refuse_truncated(text)
        _refuse_more("tags", text.count("<"), MOST_TAGS)
        from hkresearch.pages.html_text import flatten_html

        text, layout = flatten_html(text)
    if not text.strip():
        raise HkresearchError("has no text")
    _refuse_more("characters of text", len(text), LONGEST_TEXT)
    _refuse_more("lines", len(text.splitlines()), MOST_LINES)
    return Article(
        id=row.get("article_id") or Path(file).stem,
        text=text,
        sha256=hash_bytes(data),
        text_sha256=hash_bytes(text.encode("utf-8")),
        media_type="text/html" if is_html else "text/plain",
        file=file,
        layout=layout,
        **{name: row.get(name, "") for name in COLUMNS[3:-1]},
        note=" ".join(filter(None, (row.get("note", ""), decoded, _describe_repairs(n_repaired)))),
    )


def _refuse_more(what: str, found: int, most: int) -> None:
    if found > most:
        raise HkresearchError(f"has {found:,} {what}; the most read of one page is {most:,}")


def _describe_repairs(n_repaired: int) -> str:
    """Return what was done to the decoding, so that no repair goes unsaid."""
    if not n_repaired:
        return ""
    lines = "1 line was" if n_repaired == 1 else f"{n_repaired:,} lines were"
    return f"Decoding repaired: {lines} UTF-8 that had been read as Windows-1252 and saved so."


def _looks_like_html(text: str, file: str) -> bool:
    head = text[:2048].lstrip("\ufeff \t\r\n").lower()
    return file.lower().endswith((".html", ".htm", ".xhtml")) or head.startswith(
        ("<!doctype html", "<html")
    )


def _refuse_truncated(markup: str) -> None:
    lowered = markup[-4096:].lower()
    if "<" in lowered and lowered.rfind("<") > lowered.rfind(">"):
        raise HkresearchError("is cut off inside a tag; save the page again")
    whole = markup.rstrip().lower()
    if "<body" not in whole or "</body" in whole or "</html" in whole:
        return
    if not whole.endswith(">") or any(
        whole.count(f"<{name}") > whole.count(f"</{name}") for name in NEED_AN_END
    ):
        raise HkresearchError("is cut off: its body has no end; save the page again")
