"""Runs of words (shingles) of many wordings -> which statements hold the runs of one of them."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

import numpy as np

Shingle = tuple[str, ...]
WIDTH = 3  # words of a shingle
COMMON_SHINGLE = 300  # statements that hold a shingle: more, and the shingle says nothing
_CANDIDATES = 8  # statements looked at closely


def list_shingles(words: Sequence[str], width: int = WIDTH) -> list[Shingle]:
    """Return the runs of `width` words, in order; none when there are fewer."""
    return [tuple(words[i : i + width]) for i in range(len(words) - width + 1)]


def list_repeated_shingles(wordings: Iterable[tuple[str, ...]]) -> set[Shingle]:
    """Return the shingles of more than one wording, and the wordings of two words.

    No other shingle is ever met. They are counted by their hashes first: one that shares its hash
    with another is kept for nothing, never lost.
    """
    wordings = list(wordings)
    hashes = array(
        "q", (hash(shingle) for words in wordings for shingle in set(list_shingles(words)))
    )
    found, counts = np.unique(np.frombuffer(hashes, dtype=np.int64), return_counts=True)
    often = set(found[counts > 1].tolist())
    repeated: set[Shingle] = {words for words in wordings if len(words) == 2}
    for words in wordings:
        repeated.update(shingle for shingle in list_shingles(words) if hash(shingle) in often)
    return repeated


class ShingleIndex:
    """Shingle -> the statements that hold it, for the shingles that somebody will ask for."""

    def __init__(self, asked: Iterable[Shingle]) -> None:
        self._holders: dict[Shingle, set[int]] = {shingle: set() for shingle in asked}

    def add(self, words: Sequence[str], key: int) -> None:
        """Note that the statement `key` has the shingles of `words`."""
        for width in (2, WIDTH):
            for shingle in list_shingles(words, width):
                if shingle in self._holders:
                    self._holders[shingle].add(key)

    def find(self, shingle: Shingle) -> Collection[int]:
        """Return the keys of the statements that hold a shingle."""
        return self._holders.get(shingle, ())

    def find_all(self, words: Sequence[str]) -> list[int]:
        """Return the keys that hold every shingle of `words`, in order."""
        shingles = list_shingles(words, min(WIDTH, len(words)))
        holders = [set(self.find(shingle)) for shingle in shingles]
        if not holders:
            return []
        return sorted(set.intersection(*sorted(holders, key=len)))

    def count_shared(self, words: Sequence[str]) -> list[tuple[int, int]]:
        """Return (shingles shared, key) of the few keys that share the most rare shingles."""
        holders = [self.find(shingle) for shingle in dict.fromkeys(list_shingles(words))]
        rare: Counter[int] = Counter()
        for keys in holders:
            if len(keys) <= COMMON_SHINGLE:
                rare.update(keys)
        close = sorted(rare, key=lambda key: (-rare[key], key))[:_CANDIDATES]
        counts = [(sum(key in keys for keys in holders), key) for key in close]
        return sorted(counts, key=lambda pair: (-pair[0], pair[1]))
