"""The bytes of a page -> its text, and a note where reading them was doubtful."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator

from hkresearch.core.article import HkresearchError

# More damaged characters than this share of those beyond ASCII, and than one, change the words.
DAMAGED_SHARE = 0.02
CONTROL_SHARE = 0.01  # of all characters: more control characters make a file binary
DECLARATION_REACH = 4096  # bytes in which a page's declared encoding is looked for
GUESS_REACH = 200_000  # bytes from which an encoding is guessed
FILE_SIGNATURES = {
    b"%PDF": "a PDF document",
    b"PK\x03\x04": "a ZIP archive (or an Office document)",
    b"\x1f\x8b": "a gzip archive",
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"\x7fELF": "a program",
    b"Rar!": "a RAR archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
    b"bplist": "a web archive plist",
}
BYTE_ORDER_MARKS = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
DECLARED_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([A-Za-z0-9_-]+)", re.I)
# The codecs that pages are written in. Python's others are no encodings of text (escapes), take
# quadratic time, or produce lone surrogates.
PAGE_ENCODING = re.compile(
    r"utf-(8|16(-[lb]e)?)\Z|cp\d+\Z|iso8859-\d+\Z|koi8-|mac-|big5|gb|euc_"
    r"|shift_jis|iso2022_jp|tis-620|johab|hz"
)
# Declared names that in practice mean a superset.
WIDER_ENCODINGS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso-8859-1": "windows-1252",
    "ascii": "windows-1252",
}
GUESSED = "Read as {}: a guess, for the page is not UTF-8 and names no encoding that fits."


def decode_page(data: bytes) -> tuple[str, str]:
    """Return the characters of `data`, and a note on how they were read; mostly an empty one.

    A byte-order mark comes first, then UTF-8, then the encoding that the page declares, then
    chardet's best guess. The text never holds a lone surrogate.

    Raises
    ------
    HkresearchError
        With the reason, when the bytes are empty, binary, damaged or in no known encoding.
    """
    if not data.strip():
        raise HkresearchError("is empty")
    for signature, kind in FILE_SIGNATURES.items():
        if data.startswith(signature):
            raise HkresearchError(f"is {kind}, not a page; save the page as HTML or as plain text")
    for mark, encoding in BYTE_ORDER_MARKS.items():
        if data.startswith(mark):
            return _decode_strictly(data, encoding), ""
    if b"\x00" in data:
        raise HkresearchError(
            "is binary (it holds NUL bytes); save the page as HTML or as plain text"
        )
    try:
        return data.decode("utf-8"), ""
    except UnicodeDecodeError as error:
        text, note = _decode_damaged(data, error) or _decode_legacy(data)
    n_controls = sum(
        unicodedata.category(character) == "Cc" and character not in "\t\n\r\f"
        for character in text
    )
    if n_controls > len(text) * CONTROL_SHARE:
        raise HkresearchError("is binary; save the page as HTML or as plain text")
    return text, note


def _decode_damaged(data: bytes, error: UnicodeDecodeError) -> tuple[str, str] | None:
    """Return UTF-8 with a sign in place of each of a few damaged characters, and their number.

    None means that the page is in another encoding. UTF-8 that was cut, or of which more is
    damaged, raises HkresearchError: in another encoding all its letters would come out wrong.
    """
    if error.reason == "unexpected end of data":
        raise HkresearchError(
            f"is cut off inside a character at byte {error.start:,}; save the page again"
        ) from None
    text = data.decode("utf-8", "replace")
    n_damaged = text.count("\ufffd") - data.count("\ufffd".encode())
    n_sound = sum(not character.isascii() for character in text) - n_damaged
    is_utf8 = _find_declared(data).lower() in ("utf-8", "utf8")
    is_likely_utf8 = n_sound > n_damaged or n_sound == n_damaged == 1
    if not is_utf8 and not is_likely_utf8:
        return None
    first = f"the first at byte {error.start:,}"
    if n_damaged > max(1, n_sound * DAMAGED_SHARE):
        raise HkresearchError(
            f"is UTF-8 with {n_damaged:,} damaged character(s), {first}; save the page again"
        ) from None
    note = f"Damaged UTF-8: {n_damaged:,} character(s) cannot be read and stand as \ufffd, {first}."
    return text, note


def _decode_legacy(data: bytes) -> tuple[str, str]:
    """Return `data` in the encoding that it declares, else in the first guess that fits."""
    for name, note in _list_encodings(data):
        try:
            encoding = codecs.lookup(WIDER_ENCODINGS.get(name.lower(), name)).name
            if PAGE_ENCODING.match(encoding):
                return data.decode(encoding), note.format(encoding)
        except (UnicodeError, LookupError):
            continue
    raise HkresearchError("is in no known character encoding; save the page as UTF-8")


def _list_encodings(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield (encoding, note) in the order in which they are tried: declared, then guessed."""
    import chardet

    if declared := _find_declared(data):
        yield declared, ""
    for guess in chardet.detect_all(data[:GUESS_REACH]):
        yield guess["encoding"] or "", GUESSED


def _find_declared(data: bytes) -> str:
    """Return the name of the encoding that a page declares, or ""."""
    declared = DECLARED_CHARSET.search(data[:DECLARATION_REACH])
    return declared[1].decode("ascii") if declared else ""


def _decode_strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        name = encoding.removesuffix("-sig")
        raise HkresearchError(f"is not valid {name} ({error}); save the page as UTF-8") from None
