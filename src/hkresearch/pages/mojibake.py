"""Characters that were UTF-8, read as Windows-1252 and saved again -> the characters that they were."""

from __future__ import annotations

import re

# What each byte from 0x80 on looks like in Windows-1252; five bytes that it leaves undefined stay control characters.
_BYTES: dict[str, int] = {
    bytes([byte]).decode("windows-1252", "ignore") or chr(byte): byte for byte in range(0x80, 0x100)
}
_BYTES |= {chr(byte): byte for byte in range(0x80, 0xA0)}  # read as ISO-8859-1
_TAIL = "[" + "".join(re.escape(sign) for sign, byte in _BYTES.items() if byte < 0xC0) + "]"
_LATIN = rf"[\u00c2-\u00c5\u00cc\u00cd]{_TAIL}"
_OTHER = rf"[\u00ce-\u00d1\u00d7-\u00db]{_TAIL}"  # Greek, Cyrillic, Hebrew, Arabic: now and then a capital and a sign that are meant
_LONG = rf"[\u00e0-\u00ef]{_TAIL}{{2}}|[\u00f0-\u00f4]{_TAIL}{{3}}"
_BROKEN = re.compile(f"{_LATIN}|{_LONG}|{_OTHER}")
_CERTAIN = re.compile(_LONG)
_DOUBTFUL = re.compile(_OTHER)
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
ENOUGH = 2  # broken characters, from which a page counts as damaged; one of three bytes is enough by itself


def repair_text(text: str) -> tuple[str, int]:
    """Return the text with its damaged lines repaired, and how many were; a page without damage comes back as it is.

    A line is damaged when all that is not ASCII in it are the bytes of UTF-8 as Windows-1252 shows them, up to twice over.
    """
    if text.isascii() or len(_BROKEN.findall(text)) < ENOUGH and not _CERTAIN.search(text):
        return text, 0
    lines, n_repaired = text.split("\n"), 0
    for number, line in enumerate(lines):
        for _ in range(2):
            if (repaired := repair_line(lines[number])) is None:
                break
            lines[number] = repaired
        n_repaired += lines[number] is not line
    return "\n".join(lines), n_repaired


def repair_line(line: str) -> str | None:
    """Return the line as it was, None when it is not damaged throughout."""
    if (
        not _BROKEN.search(line)
        or _NOT_ASCII.search(_BROKEN.sub("", line))
        or 0 < len(_DOUBTFUL.findall(line)) < 3
    ):
        return None
    try:
        return _BROKEN.sub(
            lambda found: bytes(_BYTES[sign] for sign in found.group()).decode("utf-8"), line
        )
    except UnicodeDecodeError:
        return None
