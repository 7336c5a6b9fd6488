"""Patterns next to a known place -> regular expressions, whose gaps are bounded: linear time."""

from __future__ import annotations

import re

from hkresearch.codebook.pattern_syntax import GAPS, HAN_GAPS, OPTIONAL, list_elements
from hkresearch.codebook.wording import Wording

# Between two words of a phrase: anything but a letter or the end of a clause.
BETWEEN_WORDS = r"[^\w.;:!?]+"
OPTIONAL_SPACE = r"[^\w.;:!?]*"
HAN_SPACE = r"\s*"
MENTION = re.compile(r"<\w+>")  # stands for a mention in a link


def compile_continuation(text: str, wording: Wording) -> re.Pattern[str]:
    """Return the expression of a pattern that goes on from a given place, perhaps with a gap."""
    return re.compile(_write_expression(text, wording))


def compile_lead(text: str, wording: Wording) -> re.Pattern[str]:
    """Return the expression of a pattern that must end right before a given place."""
    return re.compile(_write_expression(text, wording) + OPTIONAL_SPACE + "$")


def compile_link(text: str, wording: Wording, ends: bool = False) -> re.Pattern[str]:
    """Return the expression of the words between two mentions, with `ends` of those before them."""
    space = _find_space(wording)
    end = "$" if ends else ""
    return re.compile(space + _write_expression(text, wording) + space + end)


def compile_link_example(text: str, wording: Wording) -> re.Pattern[str]:
    """Return an expression that finds a whole link in an example, its mentions being any words.

    Raises ValueError if the link does not name <subject> and <code> once each.
    """
    parts = MENTION.split(text)
    if len(parts) != 3 or not {"<subject>", "<code>"} <= set(MENTION.findall(text)):
        raise ValueError(f"the link {text!r} must name <subject> and <code> once each")
    links = [compile_link(part.strip(), wording).pattern for part in parts]
    return re.compile("[^.;]+?".join(links))


def _find_space(wording: Wording) -> str:
    return HAN_SPACE if wording.is_chinese else OPTIONAL_SPACE


def _write_expression(text: str, wording: Wording) -> str:
    space = _find_space(wording)
    written = ""
    for kind, phrases in list_elements(text, wording.words):
        if kind in GAPS:
            written += _write_gap(kind, wording.is_chinese)
            continue
        choices = [_write_phrase(phrase, wording.is_chinese) for phrase in phrases]
        choice = "(?:" + "|".join(choices) + ")"
        written += f"(?:{choice}{space})?" if kind == OPTIONAL else choice + space
    return written


def _write_gap(kind: str, is_chinese: bool) -> str:
    if is_chinese:
        return f"[^。；！？]{{0,{HAN_GAPS[kind]}}}?"
    return rf"(?:\w+{BETWEEN_WORDS}){{0,{GAPS[kind]}}}?"


def _write_phrase(phrase: str, is_chinese: bool) -> str:
    if is_chinese:
        return re.escape(phrase)
    words = []
    for word in re.findall(r"[^\W_]+\*?", phrase):
        is_stem = word.endswith("*")
        words.append(re.escape(word[:-1]) + r"\w*" if is_stem else re.escape(word) + r"\b")
    return BETWEEN_WORDS.join(words)
