"""Agreement between coders -> points with their intervals, on a scale with the usual thresholds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hkresearch.analysis.agreement.alpha import RELIABLE, TENTATIVE
from hkresearch.analysis.charts.canvas import (
    BLUE,
    CHART_WIDTH,
    INK,
    PALE,
    PAPER,
    QUIET_INK,
    RULE,
    SMALL,
    add_axes,
    draw_nothing,
    make_figure,
    measure_text,
    set_letters,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from pandas import DataFrame

AGREEMENT_ROW = 0.44  # inches


@set_letters
def draw_agreement(summary: DataFrame) -> Figure:
    """Return Krippendorff's alpha of each variable with its interval.

    Takes the summary of hk.reliability.
    """
    known = summary[summary["alpha"].notna()]
    if known.empty:
        return draw_nothing("No alpha can be computed from these pages")
    height = AGREEMENT_ROW * len(known) + 0.8
    figure = make_figure(height)
    names = [name.replace("_", " ") for name in known["variable"]]
    left = measure_text(figure, names) + 0.2
    axes = add_axes(figure, left, 0.32, CHART_WIDTH - left - 0.75, height - 0.72)
    lowest = min(0.0, *known["alpha"], *known["low"].dropna())
    axes.set_xlim(lowest - 0.02, 1.02)
    axes.set_ylim(len(known) - 0.5, -0.5)
    axes.set_yticks(range(len(known)), names, fontsize=SMALL, color=INK)
    axes.axvspan(RELIABLE, 1.02, color=PALE, linewidth=0)
    _draw_threshold(axes, TENTATIVE, "right")
    _draw_threshold(axes, RELIABLE, "left")
    axes.set_xticks([tick for tick in (-1, -0.5, 0, 0.5, 1) if lowest - 0.02 <= tick])
    for y, row in enumerate(known.itertuples(index=False)):
        _draw_alpha(axes, y, row)
    return figure


def _draw_threshold(axes: Axes, threshold: float, side: str) -> None:
    axes.axvline(threshold, color=QUIET_INK, linewidth=1, linestyle=(0, (4, 3)))
    axes.annotate(
        f"{threshold:.3f}", (threshold, 1), (0, 4), xycoords=("data", "axes fraction"),
        fontsize=SMALL, textcoords="offset points", ha=side, color=QUIET_INK,
    )  # fmt: skip


def _draw_alpha(axes: Axes, y: int, row: Any) -> None:
    """Draw one variable: its interval as a line, alpha as a point and in figures."""
    axes.axhline(y, color=RULE, linewidth=0.6, zorder=0)
    if _has_interval(row):
        axes.plot([row.low, row.high], [y, y], color=BLUE, linewidth=2.4, solid_capstyle="butt")
    axes.plot(
        [row.alpha], [y], "o", color=BLUE, markersize=8, markeredgecolor=PAPER, markeredgewidth=1
    )
    axes.annotate(
        f"{row.alpha:.3f}", (1, y), (6, 0), xycoords=("axes fraction", "data"), fontsize=SMALL,
        textcoords="offset points", va="center_baseline", color=INK, annotation_clip=False,
    )  # fmt: skip


def describe_agreement(summary: DataFrame) -> str:
    """Return the text alternative: alpha, interval and verdict of each variable."""
    known = summary[summary["alpha"].notna()]
    if known.empty:
        return "Nothing to draw: no alpha can be computed."
    parts = []
    for row in known.itertuples(index=False):
        interval = f", interval {row.low:.3f} to {row.high:.3f}" if _has_interval(row) else ""
        parts.append(f"{row.variable.replace('_', ' ')} {row.alpha:.3f}{interval}, {row.verdict}")
    thresholds = f"thresholds {TENTATIVE:.3f} and {RELIABLE:.3f}"
    head = f"Krippendorff's alpha of {len(parts)} variable(s), {thresholds}."
    return f"{head} {'; '.join(parts)}."


def _has_interval(row: Any) -> bool:
    return row.low is not None and row.low == row.low  # NaN equals nothing
