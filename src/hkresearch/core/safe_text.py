"""Text of strangers -> text that a terminal, a page and a spreadsheet show without acting on it."""

from __future__ import annotations

import html
import math
import sys
import unicodedata

from hkresearch.core.words import count_han

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
PLAIN_NUMBER = frozenset("0123456789.eE+-")
WHITE_SPACE = frozenset("\t\n\r")
DIRECTION_MARKS = (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C)
HIDDEN_CODES = (*DIRECTION_MARKS, *range(0x80, 0xA0), 0xFEFF, 0xFFFE, 0xFFFF)
VISIBLE_FORMS = {
    **{code: chr(0x2400 + code) for code in range(32) if chr(code) not in WHITE_SPACE},
    0x7F: "\u2421",
    **{code: f"[U+{code:04X}]" for code in HIDDEN_CODES},
    0x2028: " ",
    0x2029: " ",
}
SURROGATE, UNASSIGNED = "Cs", "Cn"  # Unicode's general categories
# JupyterLab sets what stands between two dollar signs as mathematics, except in these classes.
NO_FORMULAS = "mathjax_ignore tex2jax_ignore"


def write_any_letter() -> None:
    """Let standard output and errors spell out letters that their encoding lacks, not fail."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def is_number(text: str) -> bool:
    """Return whether `text` is a finite number as Python writes it."""
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def neutralise_cell(text: str) -> str:
    """Return `text`, with a leading apostrophe if a spreadsheet would run it as a formula.

    Negative numbers stay numbers.
    """
    if not text.startswith(FORMULA_STARTS):
        return text
    is_plain_number = set(text) <= PLAIN_NUMBER and is_number(text)
    return text if is_plain_number else "'" + text


def reveal_text(text: str) -> str:
    """Return `text` with characters that act unseen (controls, direction marks) made visible."""
    if text.isprintable():  # as nearly every text is, and then it has none of them
        return text
    return "".join(map(_reveal_character, text.translate(VISIBLE_FORMS)))


def _reveal_character(character: str) -> str:
    if unicodedata.category(character) in (SURROGATE, UNASSIGNED):
        return f"[U+{ord(character):04X}]"
    return character


def escape_text(text: object) -> str:
    """Return `text` as HTML in which nothing is markup and nothing acts unseen."""
    return html.escape(reveal_text(str(text)), quote=True)


def guess_language(text: str, fallback: str = "") -> str:
    """Return the BCP 47 tag to set `text` in: a Chinese tag for Han script, else "".

    `fallback` is returned where it is a Chinese tag itself, "zh-Hant" otherwise.
    """
    n_han = count_han(text)
    if not n_han or n_han < sum(map(str.isalpha, text)) / 3:
        return ""
    return fallback if fallback.lower().startswith("zh") else "zh-Hant"
