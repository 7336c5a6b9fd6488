"""Labels of rows and columns -> axes laid out as a matrix, and the marks on them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from hkresearch.analysis.charts.canvas import (
    CHART_WIDTH,
    INK,
    PALE,
    RULE,
    SMALL,
    add_axes,
    make_figure,
    measure_text,
    write_gid,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Inches.
MATRIX_ROW = 0.42
WIDEST_COLUMN = 1.15
HEADING_LINE = 0.2
SLANT_SHARE = 0.72  # of the length of a heading at 45 degrees, how high and wide it is


def lay_out_matrix(
    rows: Sequence[str], columns: Sequence[str], key: float = 0.75, rotation: float = 0
) -> Axes:
    """Return axes with a row per label, a column per heading, and room above and below.

    Parameters
    ----------
    rows, columns : sequence of str
        The labels, with line breaks.
    key : float
        Room below for the key, in inches.
    rotation : float
        Of the headings, in degrees; 0 or 45.
    """
    figure = make_figure(1)
    slant = measure_text(figure, columns) * SLANT_SHARE if rotation else 0.0
    n_lines = max(1 + name.count("\n") for name in columns)
    head = 0.12 + (slant if rotation else n_lines * HEADING_LINE)
    left = measure_text(figure, rows) + 0.15
    right = min(1.0, slant) if rotation else 0.1
    figure.set_size_inches(CHART_WIDTH, key + MATRIX_ROW * len(rows) + head)
    width = min(CHART_WIDTH - left - right, WIDEST_COLUMN * len(columns))
    axes = add_axes(figure, left, key, width, MATRIX_ROW * len(rows))
    _label_axes(axes, rows, columns, rotation)
    for row in range(0, len(rows), 2):
        axes.axhspan(row - 0.5, row + 0.5, color=PALE, linewidth=0, zorder=0)
    for column in range(len(columns)):
        axes.axvline(column, color=RULE, linewidth=0.8, zorder=1)
    return axes


def _label_axes(axes: Axes, rows: Sequence[str], columns: Sequence[str], rotation: float) -> None:
    axes.set_xlim(-0.5, len(columns) - 0.5)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.xaxis.tick_top()
    upright: dict[str, Any] = {"va": "baseline"}
    slanted: dict[str, Any] = {"rotation": rotation, "ha": "left", "rotation_mode": "anchor"}
    style = slanted if rotation else upright
    axes.set_xticks(range(len(columns)), columns, fontsize=SMALL, color=INK, **style)
    axes.set_yticks(range(len(rows)), rows, fontsize=SMALL, color=INK)


def read_figure(axes: Axes) -> Figure:
    """Return the figure that axes of `lay_out_matrix` are on."""
    figure: Figure = axes.figure  # type: ignore[assignment]
    return figure


def draw_dot(
    axes: Axes,
    x: float,
    y: float,
    text: str,
    ink: str,
    evidence: Iterable[str],
    **style: Any,
) -> None:
    """Draw a round mark with `text` on it, which opens its passages."""
    gid = write_gid(evidence)
    axes.plot([x], [y], marker="o", zorder=3, gid=gid, **style)
    axes.text(x, y, text, ha="center", va="center_baseline", fontsize=SMALL, color=ink, zorder=4)
