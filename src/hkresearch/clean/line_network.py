"""Rows of numbers and words -> log-odds per line, by a convolutional network over a page's lines.

Trained by bench/train_nets.py; bench/README.md names the pages and their licences.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

LAYER_REACHES = (1, 2, 4, 8, 16, 1)  # how far to either side each layer looks
PAGE_LAYERS = (2, 4)  # the layers that also see the mean and the maximum over the page
N_BITS = 18  # a token is known by so many bits of its hash
N_EVIDENCE = 4


def run_net(
    weights: Mapping[str, np.ndarray], shape: np.ndarray, tokens: np.ndarray, evidence: np.ndarray
) -> np.ndarray:
    """Return the log-odds (running text, title, byline) of each line, one line per row."""
    x = _read_inputs(weights, shape, tokens, evidence) @ weights["net_w0"]
    x = np.maximum(x + weights["net_b0"], 0)
    n, width = x.shape
    for layer, reach in enumerate(LAYER_REACHES, 1):
        h = _normalise_rows(x)
        before, y, after = (h @ part for part in weights[f"net_w{layer}"].reshape(3, width, width))
        y += weights[f"net_b{layer}"]
        if layer - 1 in PAGE_LAYERS:
            y += np.concatenate((h.mean(0), h.max(0))) @ weights[f"net_p{layer}"]
        if reach < n:
            y[reach:] += before[:-reach]
            y[:-reach] += after[reach:]
        x += np.maximum(y, 0, out=y) @ weights[f"net_v{layer}"]
    log_odds: np.ndarray = _normalise_rows(x) @ weights["net_wo"] + weights["net_bo"]
    return log_odds


def _normalise_rows(x: np.ndarray) -> np.ndarray:
    """Return each row divided by its root mean square."""
    mean_squares = np.einsum("ij,ij->i", x, x)[:, None] / x.shape[1]
    normalised: np.ndarray = x / np.sqrt(mean_squares + 1e-6)
    return normalised


def _read_inputs(
    weights: Mapping[str, np.ndarray], shape: np.ndarray, tokens: np.ndarray, evidence: np.ndarray
) -> np.ndarray:
    """Return the first layer's inputs: scaled features, word vectors, the corpus's evidence."""
    scaled = np.clip((shape - weights["net_mean"]) / weights["net_spread"], -5, 5)
    numbers = find_tokens(weights["net_known"], tokens)
    half = numbers.shape[1] // 2
    found = weights["net_vectors"].take(numbers.T, 0)
    n_words = np.maximum(np.count_nonzero(numbers[:, :half], 1), 1)[:, None]
    means = [part.sum(0) / n_words for part in (found[:half], found[half:])]
    last = np.where(
        numbers[:, half - 1] > 0,
        half - 1,
        np.maximum(np.count_nonzero(numbers[:, : half - 3], 1) - 1, 0),
    )
    ends = [found[0], found[1], found[last, np.arange(len(numbers))]]
    return np.concatenate([scaled, *means, *ends, evidence], 1, dtype=np.float32)


def find_tokens(known: np.ndarray, tokens: np.ndarray) -> np.ndarray:
    """Return the number of each hash in the vocabulary: 0 for none, 1 for an unknown one."""
    numbers = known.take((tokens >> np.uint64(64 - N_BITS)).astype(np.intp)).astype(np.intp)
    return np.where(tokens == 0, 0, numbers)


def spread_vocabulary(vocabulary: np.ndarray) -> np.ndarray:
    """Return the token's number per value of a hash's leading bits: from 2 on, 1 if unknown."""
    known = np.ones(1 << N_BITS, np.uint16)
    known[vocabulary] = np.arange(2, len(vocabulary) + 2)
    return known
