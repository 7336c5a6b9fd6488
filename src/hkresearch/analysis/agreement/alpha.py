"""Counts of values per unit -> Krippendorff's alpha, agreement and a bootstrap interval.

Krippendorff, Content Analysis (4th ed., 2019), chapter 12. The interval resamples units, not pairs:
what is to be generalised is the sample of passages (Zapf et al., BMC Medical Research Methodology
16:93, 2016).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hkresearch.core.article import HkresearchError

RELIABLE, TENTATIVE = 0.800, 0.667  # Krippendorff's thresholds
ALPHA_LEVELS = ("nominal", "ordinal", "interval", "ratio")
NO_VARIATION = "all values are the same; without variation agreement cannot be told from chance"
NO_INTERVAL = "too few units, or too little variation, for an interval"

Counts = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class Agreement:
    """What a variable's units say about its coders.

    What cannot be computed is None, and `reason` says why.
    """

    n_units: int  # with at least two values, the only ones that count
    n_values: int  # in those units
    agreement: float | None  # share of pairs of values, within units, that are equal
    alpha: float | None
    low: float | None  # of the bootstrap interval
    high: float | None
    reason: str = ""


def measure_agreement(
    units: Sequence[Sequence[Any]],
    values: Sequence[Any],
    level: str,
    n_boot: int = 1000,
    confidence: float = 0.95,
    seed: int = 0,
) -> Agreement:
    """Return how well the coders agree; the same seed gives the same interval.

    Parameters
    ----------
    units : sequence of sequences
        The values given to each unit, a missing one left out.
    values : sequence
        All values in their order, which matters for the level ordinal only; of the levels interval
        and ratio they are numbers.
    level : str
        One of ALPHA_LEVELS; another raises HkresearchError.
    n_boot, confidence, seed
        Of the bootstrap interval: resamples, share of them inside, start of the generator.
    """
    if level not in ALPHA_LEVELS:
        raise HkresearchError(f"level {level!r} is not one of: {', '.join(ALPHA_LEVELS)}")
    counts = count_values(units, values)
    if not len(counts):
        return Agreement(0, 0, None, None, None, None, "no unit has values of two coders")
    n_each = counts.sum(1)
    n_units, n_values = len(counts), int(n_each.sum())
    n_pairs = float((n_each * (n_each - 1)).sum())
    equal = float((counts * (counts - 1)).sum()) / n_pairs
    alpha = compute_alpha(counts, values, level)
    if alpha is None:
        return Agreement(n_units, n_values, equal, None, None, None, NO_VARIATION)
    low, high = _bootstrap(counts, values, level, n_boot, confidence, seed)
    reason = NO_INTERVAL if low is None else ""
    return Agreement(n_units, n_values, equal, alpha, low, high, reason)


def count_values(units: Sequence[Sequence[Any]], values: Sequence[Any]) -> Counts:
    """Return a row a unit, a column a value: how many coders gave it.

    Units with fewer than two values are left out.
    """
    columns = {value: column for column, value in enumerate(values)}
    paired = [unit for unit in units if len(unit) > 1]
    counts = np.zeros((len(paired), len(values)))
    for row, unit in zip(counts, paired, strict=True):
        for value in unit:
            row[columns[value]] += 1
    return counts


def compute_alpha(counts: Counts, values: Sequence[Any], level: str) -> float | None:
    """Return alpha, or None where the values do not vary.

    Parameters
    ----------
    counts : array of shape (units, values)
        As `count_values` returns it.
    """
    n_each, margins = counts.sum(1), counts.sum(0)
    n_values = n_each.sum()
    scale = _place_values(values, level, margins)
    expected = _compute_expected(margins, level, scale)
    if expected <= 0:
        return None
    observed = (_sum_differences(counts, level, scale) / (n_each - 1)).sum() / n_values
    return float(1 - observed / expected)


def _compute_expected(margins: Counts, level: str, scale: Counts) -> float:
    """Return the mean squared difference of two values drawn from all that were given."""
    n_values = margins.sum()
    differences = _sum_differences(margins[None], level, scale)[0]
    return float(differences / (n_values * (n_values - 1)))


def _place_values(values: Sequence[Any], level: str, margins: Counts) -> Counts:
    """Return where each value lies.

    Ordinal values lie at their mid-ranks, as often as they were given.
    """
    if level == "ordinal":
        return np.asarray(np.cumsum(margins) - margins / 2)
    if level == "nominal":
        return np.zeros(len(values))
    return np.array([float(value) for value in values])


def _sum_differences(counts: Counts, level: str, scale: Counts) -> Counts:
    """Return, for each row, the squared differences of its values, summed over ordered pairs."""
    n_each = counts.sum(-1)
    if level == "nominal":
        return np.asarray(n_each**2 - (counts**2).sum(-1))
    if level == "ratio":
        total = np.add.outer(scale, scale)
        ratio = np.subtract.outer(scale, scale) / np.where(total == 0, 1, total)
        return np.asarray(((counts @ ratio**2) * counts).sum(-1))
    centred = scale - scale.mean()
    return np.asarray(2 * (n_each * (counts @ centred**2) - (counts @ centred) ** 2))


def _bootstrap(
    counts: Counts, values: Sequence[Any], level: str, n_boot: int, confidence: float, seed: int
) -> tuple[float | None, float | None]:
    """Return the percentile interval.

    Resamples in which nothing varies say nothing, and are left out.
    """
    n_units = len(counts)
    if n_units < 2:
        return None, None
    generator = np.random.default_rng(seed)
    n_each = counts.sum(1)
    scale = _place_values(values, level, counts.sum(0))
    differences = _sum_differences(counts, level, scale) / (n_each - 1)
    alphas = []
    for _ in range(n_boot):
        drawn = generator.multinomial(n_units, np.full(n_units, 1 / n_units))
        margins = drawn @ counts
        if level == "ordinal":  # the ranks are those of the resample
            scale = _place_values(values, level, margins)
            differences = _sum_differences(counts, level, scale) / (n_each - 1)
        expected = _compute_expected(margins, level, scale)
        if expected > 0:
            alphas.append(1 - float(drawn @ differences) / margins.sum() / expected)
    if not alphas or len(alphas) <= n_boot / 2:
        return None, None
    tail = (1 - confidence) / 2
    low, high = np.quantile(alphas, [tail, 1 - tail])
    return float(low), float(high)


def judge_alpha(alpha: float | None) -> str:
    """Return Krippendorff's verdict: from .800 reliable, from .667 tentative, else not."""
    if alpha is None:
        return "not computable"
    if alpha >= RELIABLE:
        return "reliable"
    return "tentative" if alpha >= TENTATIVE else "not reliable"
