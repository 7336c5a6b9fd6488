"""The names of a sentence -> the insertions behind them, and whom these name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from hkresearch.codebook.plain_text import Plain
from hkresearch.structure.text.entity_names import Lexicon, Mention

_LONGEST = 150  # characters of an insertion
_RELATIVE = re.compile(r", (?:which|who|whose|where)\b")
_CLOSING = re.compile(r",\s+")
_AND = re.compile(r"(?:and|or|as well as) (?:also )?(?:the )?")
_WORD = re.compile(r"[\w'-]+")
_NOUN_BEHIND = re.compile(r"(?:'s?)? [a-z]")


class Insertion(NamedTuple):
    """An insertion at [start, end), behind a name that ends at `start`."""

    start: int
    end: int
    is_apposition: bool  # no clause of its own


def find_insertions(
    plain: Plain, mentions: Sequence[Mention], lexicon: Lexicon
) -> dict[int, Insertion]:
    """Return where a name ends -> the insertion behind it, for those that name somebody or join.

    Only one that is over is returned: a verb or the next member of the list follows its comma.
    """
    found: dict[int, Insertion] = {}
    reached = -1
    for index, mention in enumerate(mentions):
        if mention.start < reached or not plain.lower.startswith(", ", mention.end):
            continue
        if insertion := _read_insertion(plain.lower, mention.end, mentions[index + 1 :], lexicon):
            found[mention.end] = insertion
            reached = insertion.end
    return found


def _read_insertion(
    lower: str, start: int, later: Sequence[Mention], lexicon: Lexicon
) -> Insertion | None:
    is_relative = _RELATIVE.match(lower, start) is not None
    if not is_relative and not lexicon.lists.apposition.match(lower, start):
        return None
    limit = start + _LONGEST
    for mark in _CLOSING.finditer(lower, start + 2, limit):
        inside = [mention for mention in later if mention.end <= mark.start()]
        if not is_relative and not all(
            _is_apposed(lower, start, mention, lexicon) for mention in inside
        ):
            return None
        behind = [mention for mention in later if mention.start >= mark.end()]
        is_over = inside and _is_verb(lower, mark.end(), lexicon)
        if is_over or _goes_on(lower, mark.end(), behind):
            return Insertion(start, mark.start(), not is_relative)
        if re.search(r"[.;:!?]", lower[start : mark.start()]):
            return None
    return None


def _is_apposed(lower: str, start: int, mention: Mention, lexicon: Lexicon) -> bool:
    """Return whether a name only says what the one before it is: "a rival of X", "an X product"."""
    words = _WORD.findall(lower[start : mention.start])
    linking = (*lexicon.english.get("prepositions", ()), "that", "which", "who")
    if any(word in linking for word in words):
        return True
    return _NOUN_BEHIND.match(lower, mention.end) is not None


def _goes_on(lower: str, at: int, behind: Sequence[Mention]) -> bool:
    """Return whether the list goes on at `at` with another name, and not as a list inside."""
    joined = _AND.match(lower, at)
    if not joined or not behind or behind[0].start != joined.end():
        return False
    return lower.startswith(" ", behind[0].end)


def _is_verb(lower: str, at: int, lexicon: Lexicon) -> bool:
    sets = lexicon.clauses.sets
    for match in _WORD.finditer(lower, at, at + 60):
        word = match.group()
        if word in lexicon.clauses.reporting or word in sets.get("auxiliaries", ()):
            return True
        if word in sets.get("verbs", ()):
            return True
        if word not in sets.get("adverbs", ()) and not word.endswith("ly"):
            return word.endswith("ed")
    return False
