"""How often each value was given to each unit -> Krippendorff's alpha, percent agreement, and a bootstrap interval.

Krippendorff, Content Analysis (4th ed., 2019), chapter 12. The interval resamples units, not pairs: what is to be
generalised is the sample of passages (Zapf et al., BMC Medical Research Methodology 16:93, 2016).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hkresearch.core.article import HkresearchError

RELIABLE, TENTATIVE = 0.800, 0.667  # Krippendorff's thresholds
LEVELS = ("nominal", "ordinal", "interval", "ratio")


@dataclass(frozen=True, slots=True)
class Agreement:
    """What a variable's units say about its coders; what cannot be computed is None, and `reason` says why."""

    n_units: int  # with at least two values, the only ones that count
    n_values: int  # in those units
    agreement: float | None  # share of pairs of values, within units, that are equal
    alpha: float | None
    low: float | None  # of the bootstrap interval
    high: float | None
    reason: str = ""


def measure_agreement(
    units: Sequence[Sequence],
    values: Sequence,
    level: str,
    n_boot: int = 1000,
    confidence: float = 0.95,
    seed: int = 0,
) -> Agreement:
    """Return how well the coders agree; each of `units` holds the values given to it, a missing one left out.

    `values` are all values in their order (it matters for the level ordinal only); of the levels interval and ratio
    they are numbers. The same seed gives the same interval.
    """
    if level not in LEVELS:
        raise HkresearchError(f"level {level!r} is not one of: {', '.join(LEVELS)}")
    counts = count_values(units, values)
    n_each = counts.sum(1)
    if not len(counts):
        return Agreement(0, 0, None, None, None, None, "no unit has values of two coders")
    pairs = float((n_each * (n_each - 1)).sum())
    equal = float((counts * (counts - 1)).sum()) / pairs
    alpha = compute_alpha(counts, values, level)
    if alpha is None:
        reason = "all values are the same; without variation agreement cannot be told from chance"
        return Agreement(len(counts), int(n_each.sum()), equal, None, None, None, reason)
    low, high = _bootstrap(counts, values, level, n_boot, confidence, seed)
    reason = "" if low is not None else "too few units, or too little variation, for an interval"
    return Agreement(len(counts), int(n_each.sum()), equal, alpha, low, high, reason)


def count_values(units: Sequence[Sequence], values: Sequence) -> np.ndarray:
    """Return a row a unit, a column a value: how many coders gave it; units with fewer than two values are left out."""
    index = {value: i for i, value in enumerate(values)}
    kept = [unit for unit in units if len(unit) > 1]
    counts = np.zeros((len(kept), len(values)))
    for row, unit in zip(counts, kept, strict=True):
        for value in unit:
            row[index[value]] += 1
    return counts


def compute_alpha(counts: np.ndarray, values: Sequence, level: str) -> float | None:
    """Return alpha, or None where the values do not vary."""
    n_each, margins = counts.sum(1), counts.sum(0)
    n = n_each.sum()
    scale = _scale(values, level, margins)
    expected = float(_differ(margins[None], level, scale)[0]) / (n * (n - 1))
    if expected <= 0:
        return None
    return float(1 - (_differ(counts, level, scale) / (n_each - 1)).sum() / n / expected)


def _scale(values: Sequence, level: str, margins: np.ndarray) -> np.ndarray:
    """Return where each value lies; ordinal values lie at their mid-ranks, as often as they were given."""
    if level == "ordinal":
        return np.cumsum(margins) - margins / 2
    if level == "nominal":
        return np.zeros(len(values))
    return np.array([float(value) for value in values])


def _differ(counts: np.ndarray, level: str, scale: np.ndarray) -> np.ndarray:
    """Return, for each row of `counts`, the squared differences of its values summed over ordered pairs."""
    n = counts.sum(-1)
    if level == "nominal":
        return n**2 - (counts**2).sum(-1)
    if level == "ratio":
        total = np.add.outer(scale, scale)
        ratio = np.subtract.outer(scale, scale) / np.where(total == 0, 1, total)
        return ((counts @ ratio**2) * counts).sum(-1)
    centred = scale - scale.mean()
    return 2 * (n * (counts @ centred**2) - (counts @ centred) ** 2)


def _bootstrap(
    counts: np.ndarray, values: Sequence, level: str, n_boot: int, confidence: float, seed: int
) -> tuple[float | None, float | None]:
    """Return the percentile interval; resamples in which nothing varies say nothing, and are left out."""
    generator = np.random.default_rng(seed)
    n_each, found = counts.sum(1), []
    within = (
        None
        if level == "ordinal"
        else _differ(counts, level, _scale(values, level, counts.sum(0))) / (n_each - 1)
    )
    for _ in range(n_boot if len(counts) > 1 else 0):
        drawn = generator.multinomial(len(counts), np.full(len(counts), 1 / len(counts)))
        margins = drawn @ counts
        scale, n = _scale(values, level, margins), margins.sum()
        expected = float(_differ(margins[None], level, scale)[0]) / (n * (n - 1))
        if expected > 0:
            differences = _differ(counts, level, scale) / (n_each - 1) if within is None else within
            found.append(1 - float(drawn @ differences) / n / expected)
    if len(found) <= n_boot / 2 or not found:
        return None, None
    tail = (1 - confidence) / 2
    low, high = np.quantile(found, [tail, 1 - tail])
    return float(low), float(high)


def judge_alpha(alpha: float | None) -> str:
    """Return what Krippendorff says of `alpha`: from .800 reliable, from .667 tentative, else not reliable."""
    if alpha is None:
        return "not computable"
    return (
        "reliable" if alpha >= RELIABLE else "tentative" if alpha >= TENTATIVE else "not reliable"
    )
