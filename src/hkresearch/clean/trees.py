"""Rows of numbers -> probabilities: boosted trees whose every level asks one question, evaluated on arrays.

Trained by bench/train_clean.py, which names the pages and their licences.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np


def run_trees(weights: Mapping[str, np.ndarray], stage: str, columns: np.ndarray) -> np.ndarray:
    """Return the log-odds of each line; `columns` holds one feature per row and one line per column.

    A tree of depth d asks d questions ("is feature f above t?"); the answers, read as a binary number, name its leaf.
    """
    feature, threshold, leaf = (weights[f"{stage}_{part}"] for part in ("feature", "threshold", "leaf"))
    depth, n_trees = feature.shape
    index = np.zeros((n_trees, columns.shape[1]), np.intp)
    for level in range(depth):
        index += (columns[feature[level]] > threshold[level][:, None]).astype(np.intp) << level
    index += (np.arange(n_trees) << depth)[:, None]
    return leaf.ravel()[index].sum(0) + weights[f"{stage}_bias"]


def add_context(columns: np.ndarray, core: np.ndarray, steps: np.ndarray, reaches: np.ndarray) -> np.ndarray:
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
