"""Rows of numbers -> probabilities: boosted trees whose every level asks one question, evaluated on arrays.

Trained by bench/train_clean.py, which names the pages and their licences.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

AT_ONCE = 2048  # lines: what is asked of them stays in the processor's cache


def run_trees(weights: Mapping[str, np.ndarray], stage: str, columns: np.ndarray) -> np.ndarray:
    """Return the log-odds of each line; `columns` holds one feature per row and one line per column.

    A tree of depth d asks d questions ("is feature f above t?"); the answers, read as a binary number, name its leaf.
    """
    feature, threshold, leaf = (
        weights[f"{stage}_{part}"] for part in ("feature", "threshold", "leaf")
    )
    depth, n_trees = feature.shape  # a leaf's number fits eight bits
    first_leaf = np.arange(0, n_trees << depth, 1 << depth, dtype=np.intp)[:, None]
    answers = []
    for begin in range(0, columns.shape[1], AT_ONCE):
        some = columns[:, begin : begin + AT_ONCE]
        bits = (
            (some.take(feature.ravel(), 0) > threshold.reshape(-1, 1))
            .view(np.uint8)
            .reshape(depth, n_trees, -1)
        )
        index = bits[0].copy()
        for level in range(1, depth):
            index |= bits[level] << np.uint8(level)
        answers.append(leaf.ravel().take(index + first_leaf).sum(0))
    return np.concatenate(answers) + weights[f"{stage}_bias"]


def add_context(
    columns: np.ndarray, core: np.ndarray, steps: np.ndarray, reaches: np.ndarray
) -> np.ndarray:
    """Return the rows `core` of `columns` as the lines `steps` away have them, then their means over `reaches` lines."""
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
    """Return one row per dictionary entry: 1 for the lines among whose `numbers` (one row per line) it is."""
    rows = np.zeros((size, len(numbers)), np.float32)
    rows[numbers, np.arange(len(numbers))[:, None]] = 1
    return rows
