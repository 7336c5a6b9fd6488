"""Text of strangers -> text that a terminal, a page and a spreadsheet show without acting on it."""

from __future__ import annotations

import html
import math
import re
import sys
import unicodedata
from html import escape
from typing import Any

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
PLAIN_NUMBER = frozenset("0123456789.eE+-")
INVISIBLE = {
    **{code: chr(0x2400 + code) for code in range(32) if chr(code) not in "\t\n\r\f"},
    0x7F: "\u2421",
    **{
        code: f"[U+{code:04X}]"
        for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C)
    },
    **{code: f"[U+{code:04X}]" for code in (*range(0x80, 0xA0), 0xFEFF, 0xFFFE, 0xFFFF)},
    0x2028: " ",
    0x2029: " ",
}

CONTROLS = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufffe\uffff]"
)
NO_FORMULAS = "mathjax_ignore tex2jax_ignore"  # JupyterLab sets what stands between two dollars as mathematics


def write_any_letter() -> None:
    """Let standard output and errors spell out what their encoding does not have, instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def neutralise_cell(text: str) -> str:
    """Return `text` with a leading apostrophe when a spreadsheet would run it; plain negative numbers stay numbers."""
    if text.startswith(FORMULA_STARTS) and not (set(text) <= PLAIN_NUMBER and _is_number(text)):
        return "'" + text
    return text


def reveal_text(text: str) -> str:
    """Return `text` with every character that would act unseen (controls, direction overrides) made visible."""
    if text.isprintable():  # as nearly every text is, and then it has none of them
        return text
    text = text.translate(INVISIBLE)
    return "".join(
        f"[U+{ord(c):04X}]" if unicodedata.category(c) in ("Cs", "Cn") else c for c in text
    )


def escape_text(text: str) -> str:
    """Return `text` as HTML in which nothing of it can be markup."""
    return html.escape(reveal_text(text), quote=True)


def guess_language(text: str, fallback: str = "") -> str:
    """Return the BCP 47 tag to set `text` in: a Chinese tag for Han script, else nothing."""
    if text.isascii():
        return ""
    n_han = sum("\u3400" <= c <= "\u9fff" or "\U00020000" <= c <= "\U0003ffff" for c in text)
    if not n_han or n_han < sum(c.isalpha() for c in text) / 3:
        return ""
    return fallback if fallback.lower().startswith("zh") else "zh-Hant"


def show_text(text: Any) -> str:
    """Return `text` as HTML in which nothing of it acts: escaped, controls and direction marks shown as code points."""
    return escape(show_plain(str(text)), quote=True)


def show_plain(text: str) -> str:
    """Return `text` with controls and direction marks as their code points, as a terminal may show it."""
    return CONTROLS.sub(lambda match: f"\u27e8U+{ord(match.group()):04X}\u27e9", text)
