"""Rows of numbers -> log-odds, by boosted trees that ask one question per level.

Trained by bench/train_clean.py, which names the pages and their licences.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

LINES_AT_ONCE = 2048  # so that the answers fit the processor's cache


def run_trees(weights: Mapping[str, np.ndarray], stage: str, columns: np.ndarray) -> np.ndarray:
    """Return the log-odds of each line; `columns` has shape (features, lines).

    A tree of depth d asks d questions ("is feature f above t?"); the answers, read as a binary
    number, are the index of its leaf.
    """
    feature, threshold, leaf = (
        weights[f"{stage}_{part}"] for part in ("feature", "threshold", "leaf")
    )
    depth, n_trees = feature.shape  # a leaf's number fits eight bits
    first_leaf = np.arange(0, n_trees << depth, 1 << depth, dtype=np.intp)[:, None]
    answers = []
    for begin in range(0, columns.shape[1], LINES_AT_ONCE):
        some = columns[:, begin : begin + LINES_AT_ONCE]
        bits = (
            (some.take(feature.ravel(), 0) > threshold.reshape(-1, 1))
            .view(np.uint8)
            .reshape(depth, n_trees, -1)
        )
        index = bits[0].copy()
        for level in range(1, depth):
            index |= bits[level] << np.uint8(level)
        answers.append(leaf.ravel().take(index + first_leaf).sum(0))
    log_odds: np.ndarray = np.concatenate(answers) + weights[f"{stage}_bias"]
    return log_odds


def add_context(
    columns: np.ndarray, core: np.ndarray, steps: Sequence[int], reaches: Sequence[int]
) -> np.ndarray:
    """Return the rows `core` shifted by `steps` lines, then their means over `reaches` lines."""
    chosen = columns[core]
    n_rows, n = chosen.shape
    rows = []
    for step in steps:
        moved = np.zeros_like(chosen)
        if abs(step) < n:
            if step > 0:
                moved[:, :-step] = chosen[:, step:]
            else:
                moved[:, -step:] = chosen[:, :step]
        rows.append(moved)
    sums = np.concatenate((np.zeros((n_rows, 1)), np.cumsum(chosen, 1, dtype=np.float64)), 1)
    place = np.arange(n)
    for reach in reaches:
        low, high = np.maximum(place - reach, 0), np.minimum(place + reach + 1, n)
        rows.append(((sums[:, high] - sums[:, low]) / (high - low)).astype(np.float32))
    return np.concatenate(rows)


def mark_members(numbers: np.ndarray, size: int) -> np.ndarray:
    """Return a row for each of `size` entries: 1 for the lines among whose `numbers` it is."""
    rows = np.zeros((size, len(numbers)), np.float32)
    rows[numbers, np.arange(len(numbers))[:, None]] = 1
    return rows
