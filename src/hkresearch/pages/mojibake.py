"""Text that was UTF-8, read as Windows-1252 and saved again -> the original characters."""

from __future__ import annotations

import re

# The character that Windows-1252 shows for each byte from 0x80 on; the five bytes that it leaves
# undefined, and text read as ISO-8859-1, give control characters.
_BYTES: dict[str, int] = {
    bytes([byte]).decode("windows-1252", "ignore") or chr(byte): byte for byte in range(0x80, 0x100)
}
_BYTES |= {chr(byte): byte for byte in range(0x80, 0xA0)}
_CONTINUATION = "[" + "".join(re.escape(sign) for sign, byte in _BYTES.items() if byte < 0xC0) + "]"
# UTF-8 sequences by their first byte, as Windows-1252 shows them. Greek, Cyrillic, Hebrew and
# Arabic ones may also be a capital and a sign that are meant.
_LATIN = rf"[\u00c2-\u00c5\u00cc\u00cd]{_CONTINUATION}"
_OTHER_SCRIPT = rf"[\u00ce-\u00d1\u00d7-\u00db]{_CONTINUATION}"
_LONG = rf"[\u00e0-\u00ef]{_CONTINUATION}{{2}}|[\u00f0-\u00f4]{_CONTINUATION}{{3}}"
_DAMAGED = re.compile(f"{_LATIN}|{_LONG}|{_OTHER_SCRIPT}")
_CERTAIN = re.compile(_LONG)
_DOUBTFUL = re.compile(_OTHER_SCRIPT)
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
FEWEST_DAMAGED = 2  # sequences from which a page counts as damaged; one of three bytes is enough
FEWEST_DOUBTFUL = 3  # doubtful sequences in a line that count as damage
MOST_ROUNDS = 2  # times that a page may have been read wrongly and saved


def repair_text(text: str) -> tuple[str, int]:
    """Return the text with its damaged lines repaired, and how many these were.

    A line is damaged when everything in it beyond ASCII is UTF-8 as Windows-1252 shows it, up to
    twice over. Other lines stay as they are.
    """
    if text.isascii():
        return text, 0
    if not _CERTAIN.search(text) and len(_DAMAGED.findall(text)) < FEWEST_DAMAGED:
        return text, 0
    lines = text.split("\n")
    n_repaired = 0
    for number, line in enumerate(lines):
        for _ in range(MOST_ROUNDS):
            repaired = repair_line(lines[number])
            if repaired is None:
                break
            lines[number] = repaired
        n_repaired += lines[number] is not line
    return "\n".join(lines), n_repaired


def repair_line(line: str) -> str | None:
    """Return the line as it was before the damage; None when it is not damaged throughout."""
    if not _DAMAGED.search(line) or _NOT_ASCII.search(_DAMAGED.sub("", line)):
        return None
    n_doubtful = len(_DOUBTFUL.findall(line))
    if 0 < n_doubtful < FEWEST_DOUBTFUL:
        return None
    try:
        return _DAMAGED.sub(_decode_sequence, line)
    except UnicodeDecodeError:
        return None


def _decode_sequence(found: re.Match[str]) -> str:
    return bytes(_BYTES[sign] for sign in found.group()).decode("utf-8")
