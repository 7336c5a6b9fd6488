"""Two sequences of words -> the edits that turn one into the other."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple


class WordEdit(NamedTuple):
    """One edit: `old[old_start:old_end]` becomes `new[new_start:new_end]`.

    `operation` is "equal", "replace", "delete" or "insert".
    """

    operation: str
    old_start: int
    old_end: int
    new_start: int
    new_end: int


def diff_words(old: Sequence[str], new: Sequence[str]) -> list[WordEdit]:
    """Return the edits from `old` to `new`, in order; they cover both completely."""
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return [WordEdit(*operation) for operation in matcher.get_opcodes()]


def are_similar(old: Sequence[str], new: Sequence[str], least: float) -> bool:
    """Return whether `old` and `new` share at least the part `least` (0 to 1) of their words."""
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return matcher.quick_ratio() >= least and matcher.ratio() >= least


def count_in_order(words: Sequence[Hashable], others: Sequence[Hashable]) -> int:
    """Return how many of `words` stand in `others` too, in the same order."""
    matcher = SequenceMatcher(None, words, others, autojunk=False)
    return sum(block.size for block in matcher.get_matching_blocks())
