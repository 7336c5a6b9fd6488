"""The bytes of a page -> its text, and what was doubtful in reading them."""

from __future__ import annotations

import codecs
import re
import unicodedata

from hkresearch.core.article import HkresearchError

FEW_DAMAGED = (
    0.02  # of the characters beyond ASCII, and one in any page: more make other words of a page
)
MAGIC = {
    b"%PDF": "a PDF document", b"PK\x03\x04": "a ZIP archive (or an Office document)", b"\x1f\x8b": "a gzip archive",
    b"\x89PNG": "a PNG picture", b"\xff\xd8\xff": "a JPEG picture", b"GIF8": "a GIF picture", b"\x7fELF": "a program",
    b"Rar!": "a RAR archive", b"BZh": "a bzip2 archive", b"\xfd7zXZ": "an xz archive", b"bplist": "a web archive plist",
}  # fmt: skip
CHARSET = re.compile(rb"charset\s*=\s*[\"']?([A-Za-z0-9_-]+)", re.I)
# What pages are written in; Python's other codecs are none (escapes), take squared time, or make lone surrogates.
LEGACY = re.compile(
    r"utf-(8|16(-[lb]e)?)\Z|cp\d+\Z|iso8859-\d+\Z|koi8-|mac-|big5|gb|euc_|shift_jis|iso2022_jp|tis-620|johab|hz"
)
LEGACY_NAMES = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso-8859-1": "windows-1252",
    "ascii": "windows-1252",
}


def decode_page(data: bytes) -> tuple[str, str]:
    """Return (the characters of `data`, what a reader must know of how they were read; mostly nothing).

    A byte-order mark comes first, then UTF-8, then the encoding that the page declares, then chardet's best guess. The
    result never holds a lone surrogate. Raises HkresearchError with the reason when there is none.
    """
    if not data.strip():
        raise HkresearchError("is empty")
    for magic, kind in MAGIC.items():
        if data.startswith(magic):
            raise HkresearchError(f"is {kind}, not a page; save the page as HTML or as plain text")
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if data.startswith(mark):
            return _decode_strictly(data[3:] if encoding == "utf-8" else data, encoding), ""
    if b"\x00" in data:
        raise HkresearchError(
            "is binary (it holds NUL bytes); save the page as HTML or as plain text"
        )
    try:
        return data.decode("utf-8"), ""
    except UnicodeDecodeError as error:
        text, note = _decode_damaged(data, error) or _decode_legacy(data)
    if sum(unicodedata.category(c) == "Cc" and c not in "\t\n\r\f" for c in text) > len(text) / 100:
        raise HkresearchError("is binary; save the page as HTML or as plain text")
    return text, note


def _decode_damaged(data: bytes, error: UnicodeDecodeError) -> tuple[str, str] | None:
    """Return UTF-8 with a sign in place of each of a few damaged characters, and how many; None for another encoding.

    Raises HkresearchError for UTF-8 that was cut, or of which more is damaged: as another encoding all its letters
    would come out wrong.
    """
    if error.reason == "unexpected end of data":
        raise HkresearchError(
            f"is cut off inside a character at byte {error.start:,}; save the page again"
        ) from None
    text = data.decode("utf-8", "replace")
    n_wrong = text.count("\ufffd") - data.count("\ufffd".encode())
    n_whole = sum(not c.isascii() for c in text) - n_wrong
    declared = CHARSET.search(data[:4096])
    is_declared = declared is not None and declared[1].lower() in (b"utf-8", b"utf8")
    if not (is_declared or n_whole > n_wrong or n_whole == n_wrong == 1):
        return None
    if n_wrong > max(1, n_whole * FEW_DAMAGED):
        raise HkresearchError(
            f"is UTF-8 with {n_wrong:,} damaged character(s), the first at byte {error.start:,}; save the page again"
        ) from None
    return (
        text,
        f"Damaged UTF-8: {n_wrong:,} character(s) cannot be read and stand as \ufffd, the first at byte {error.start:,}.",
    )


def _decode_legacy(data: bytes) -> tuple[str, str]:
    """Return `data` in the encoding it declares, if that fits strictly, else in chardet's first guess that does, and say so."""
    import chardet

    declared = CHARSET.search(data[:4096])
    guesses = [(declared[1].decode("ascii"), "")] if declared else []
    guesses += [(guess["encoding"] or "", "Read as {}: a guess, for the page is not UTF-8 and names no encoding that fits.")
                for guess in chardet.detect_all(data[:200_000])]  # fmt: skip
    for guess, note in guesses:
        try:
            name = codecs.lookup(LEGACY_NAMES.get(guess.lower(), guess)).name
            if LEGACY.match(name):
                return data.decode(name), note.format(name)
        except (UnicodeError, LookupError):
            continue
    raise HkresearchError("is in no known character encoding; save the page as UTF-8")


def _decode_strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise HkresearchError(
            f"is not valid {encoding} ({error}); save the page as UTF-8"
        ) from None
