"""Rows of numbers and words of lines -> probabilities: a small convolutional network over the lines of a page, in numpy.

Trained by bench/train_clean.py, which names the pages and their licences. The network sees a line with its neighbours at
distances 1, 2, 4, 8, 16 and, half way, a summary of the whole page; its answers are looked over by rules (kinds.py).
"""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from typing import Mapping

import numpy as np

DILATIONS = (1, 2, 4, 8, 16, 1)
SUMMARIES = {2: "wp", 4: "wp2"}  # layers that also see the page's mean and maximum
N_NEAR = 6


@lru_cache(maxsize=2)
def load_network(name: str) -> Mapping[str, np.ndarray]:
    """Return the weights of the network `name` ("text" or "tags") as float32 arrays, with its dictionaries."""
    with (resources.files(__package__) / f"{name}.npz").open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
        weights = {key: stored[key].astype(np.float32) if stored[key].dtype == np.float16 else stored[key] for key in stored.files}
    return weights


@lru_cache(maxsize=2)
def read_names_table(name: str) -> dict[str, int]:
    """Return the number of each element name that the network `name` knows."""
    text = load_network(name)["names"].tobytes().decode("utf-8")
    return {word: number for number, word in enumerate(text.split(), 2)}


def look_up_words(weights: Mapping[str, np.ndarray], words: np.ndarray) -> np.ndarray:
    """Return the row of each word in the table of words: 0 for none, 1 for unknown."""
    keys = weights["keys"]
    place = np.searchsorted(keys, words)
    place[place == len(keys)] = 0
    return np.where(words == 0, 0, np.where(keys[place] == words, place + 2, 1))


def run_network(weights: Mapping[str, np.ndarray], shape: np.ndarray, words: np.ndarray, names: np.ndarray | None) -> np.ndarray:
    """Return a probability per line for each of: running text, title, byline, date line."""
    n = len(shape)
    if not n:
        return np.zeros((0, 4), np.float32)
    x = np.clip((shape - weights["mean"]) * weights["scale"], -5, 5)
    known = words > 0
    count = known.sum(1)
    table = weights["emb"][words]
    mean = table.sum(1) / np.maximum(count, 1)[:, None]
    last = table[np.arange(n), np.where(known[:, -1], words.shape[1] - 1, np.maximum(count - 1, 0))]
    parts = [x, mean * 2, table[:, 0], last]
    if names is not None:
        named = weights["cemb"][names]
        for columns in (slice(0, N_NEAR), slice(N_NEAR, None)):
            found = (names[:, columns] > 0).sum(1)
            parts.append(named[:, columns].sum(1) / np.sqrt(np.maximum(found, 1))[:, None])
    x = np.maximum(np.concatenate(parts, 1) @ weights["w0"] + weights["b0"], 0)
    width = x.shape[1]
    for layer, step in enumerate(DILATIONS):
        h = _normalise(x)
        wide = np.zeros((n, 3 * width), np.float32)
        wide[step:, :width] = h[:-step]
        wide[:, width : 2 * width] = h
        wide[:-step, 2 * width :] = h[step:]
        y = wide @ weights[f"w{layer + 1}"] + weights[f"b{layer + 1}"]
        if layer in SUMMARIES:
            y += np.concatenate((h.mean(0), h.max(0))) @ weights[SUMMARIES[layer]]
        x = x + np.maximum(y, 0) @ weights[f"v{layer + 1}"]
    logits = _normalise(x) @ weights["wo"] + weights["bo"]
    return 1 / (1 + np.exp(-np.clip(logits, -30, 30)))


def _normalise(x: np.ndarray) -> np.ndarray:
    return x / np.sqrt(np.einsum("ij,ij->i", x, x) / x.shape[1] + 1e-6)[:, None]
