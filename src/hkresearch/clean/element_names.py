"""The names of elements and the words of lines -> how much they speak for an article's text."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from hkresearch.pages.html_elements import Layout
from hkresearch.pages.html_text import read_values, split_names


class Names(NamedTuple):
    """What the names of elements weigh."""

    numbers: dict[str, int]  # from 1 on
    # Shape (2, numbers): on a line's own element or the one around it, and further out.
    weights: np.ndarray


def weigh_names(layout: Layout, names: Names) -> np.ndarray:
    """Return how much the names on the elements around each line speak for an article.

    Rows: its own element, it and the one around it, all the others, all; the least and the most
    that one of the others says.
    """
    known: dict[str, int] = {}
    kind = [known.setdefault(naming, len(known)) for naming in layout.naming]
    said = np.zeros((2, len(kind) + 1), np.float32)
    said[:, :-1] = weigh_namings(list(known), names)[:, kind]
    near, far = said
    climbing = np.array((far, np.minimum(far, 0), np.maximum(far, 0)))
    parent = np.array(layout.parent + [-1])
    node = np.array(layout.node)
    around = parent[node]
    out = parent[around]
    # -1 is the empty element at the end; each round looks twice as far up as the one before.
    up = parent
    while up.max() >= 0:
        above = climbing[:, up]
        climbing[0] += above[0]
        np.minimum(climbing[1], above[1], out=climbing[1])
        np.maximum(climbing[2], above[2], out=climbing[2])
        up = up[up]
    close, further = near[node] + near[around], climbing[:, out]
    return np.array(
        (near[node], close, further[0], close + further[0], further[1], further[2]), np.float32
    )


def weigh_namings(namings: list[str], names: Names) -> np.ndarray:
    """Return two rows: the sum of the weights of each element's names, near and far."""
    text = "\0".join(
        [" ".join(read_values(naming)).replace("\0", " ") if naming else "" for naming in namings]
    )
    number = names.numbers.get
    # The break between two elements counts as a name, of number -1.
    found = np.array([0, *[number(name, 0) for name in split_names(text)]])
    breaks = found < 0
    begins = np.concatenate(([0], np.flatnonzero(breaks)))
    found[breaks] = 0
    return np.add.reduceat(names.weights[:, found], begins, axis=1)


def weigh_words(
    words: np.ndarray, terms: np.ndarray, anywhere: np.ndarray, in_front: np.ndarray
) -> np.ndarray:
    """Return how much a line's words speak for an article: all, least, first, number."""
    place = np.searchsorted(terms, words).clip(0, len(terms) - 1)
    known = terms[place] == words
    said = np.where(known, anywhere[place], 0)
    first = np.where(known[:, 0], in_front[place[:, 0]], 0)
    return np.array((said.sum(1), said.min(1), first, known.sum(1)), np.float32)


@lru_cache(maxsize=8)
def number_names(packed: bytes, near: bytes, far: bytes) -> Names:
    """Return the weights of the names in a list separated by spaces."""
    weights = np.array((np.frombuffer(near, np.float32), np.frombuffer(far, np.float32)))
    numbers = {name: number for number, name in enumerate(packed.decode().split(), 1)}
    return Names(numbers | {"\0": -1}, np.concatenate((np.zeros((2, 1), np.float32), weights), 1))
