"""Positions of organisations -> a matrix of organisation x position, and the same in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hkresearch.analysis.charts.canvas import (
    CHART_WIDTH,
    INK,
    MOST_ROWS_DRAWN,
    PAPER,
    QUIET_INK,
    SMALL,
    VERMILION,
    draw_key,
    draw_nothing,
    say_rest,
    set_letters,
    wrap_text,
    write_chart_note,
)
from hkresearch.analysis.charts.matrix import draw_dot, lay_out_matrix, read_figure
from hkresearch.analysis.views.positions import list_reported_positions

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from pandas import DataFrame

# One, two, three or more origins; lightness alone tells them apart.
ORIGIN_SHADES = {1: "#cfe3f2", 2: "#5fa4d0", 3: "#00517f"}
SHIFT = 0.34  # inches between marks of one position: stated and expected stand side by side
COUNT_NOTE = "Number: pages. Shade: independent origins."


@set_letters
def draw_positions(positions: DataFrame) -> Figure:
    """Return a matrix of organisation x position.

    The number counts pages, the shade independent origins. A frame marks where an organisation
    stands, an empty ring a position that is only expected or considered. Takes the rows of
    views.list_positions.
    """
    if positions.empty:
        return draw_nothing()
    positions, rest = _choose_organisations(positions)
    organisations = sorted(positions["organisation"].unique())
    kinds = list_reported_positions(positions)
    axes = lay_out_matrix(organisations, [wrap_text(name, 12, 3) for name in kinds])
    inch = len(kinds) / (axes.get_position().width * CHART_WIDTH)
    groups = positions.groupby(["organisation", "position"], sort=True, observed=True)
    for (organisation, position), group in groups:
        row, column = organisations.index(organisation), kinds.index(position)
        for number, entry in enumerate(group.itertuples(index=False)):
            shift = SHIFT * inch * (number - (len(group) - 1) / 2)
            _draw_count(axes, column + shift, row, entry)
    figure = read_figure(axes)
    height = figure.get_size_inches()[1]
    figure.text(0, 0.52 / height, COUNT_NOTE, fontsize=SMALL, color=QUIET_INK, va="center_baseline")
    draw_key(figure, _list_key(positions), 0.02, 0.2)
    write_chart_note(figure, rest)
    return figure


def _choose_organisations(positions: DataFrame) -> tuple[DataFrame, str]:
    """Return the rows of the organisations that most pages name, and what is left out."""
    sizes = positions.groupby("organisation", sort=True)["n_articles"].sum()
    sizes = sizes.sort_values(ascending=False, kind="stable")
    chosen = positions[positions["organisation"].isin(sizes.index[:MOST_ROWS_DRAWN])]
    n_drawn = min(MOST_ROWS_DRAWN, len(sizes))
    return chosen, say_rest(n_drawn, len(sizes), "organisations, those in the most pages")


def _draw_count(axes: Axes, x: float, y: float, entry: Any) -> None:
    """Draw one row of views.list_positions: its pages as a number on a mark."""
    is_stated = entry.modality == "stated"
    n_origins = min(3, max(1, int(entry.n_origins)))
    if getattr(entry, "in_force", False):
        axes.plot(
            [x], [y], marker="s", markersize=27, markerfacecolor="none",
            markeredgecolor=VERMILION, markeredgewidth=1.6, zorder=2, clip_on=False,
        )  # fmt: skip
    draw_dot(
        axes,
        x,
        y,
        str(entry.n_articles),
        PAPER if is_stated and n_origins > 2 else INK,
        entry.evidence,
        markersize=21 if is_stated else 17,
        markerfacecolor=ORIGIN_SHADES[n_origins] if is_stated else PAPER,
        markeredgecolor=ORIGIN_SHADES[3] if is_stated else INK,
        markeredgewidth=1,
    )


def _list_key(positions: DataFrame) -> list[tuple[dict[str, Any], str]]:
    """Return the marks that are drawn, each with its meaning."""
    entries = []
    if positions.get("in_force", positions["n_articles"] < 0).any():
        entries.append((_describe_ring("s", 14, VERMILION, 1.6), "stands here"))
    for n_origins, label in ((1, "one origin"), (2, "two"), (3, "three or more")):
        mark = {"marker": "o", "markersize": 13, "color": ORIGIN_SHADES[n_origins]}
        entries.append(({**mark, "markeredgecolor": ORIGIN_SHADES[3]}, label))
    if (positions["modality"] != "stated").any():
        entries.append((_describe_ring("o", 12, INK, 1.2), "only expected or considered"))
    return entries


def _describe_ring(marker: str, size: float, colour: str, line: float) -> dict[str, Any]:
    return {
        "marker": marker,
        "markersize": size,
        "markerfacecolor": PAPER,
        "markeredgecolor": colour,
        "markeredgewidth": line,
    }


def describe_positions(positions: DataFrame) -> str:
    """Return the text alternative of draw_positions: every mark in words."""
    if positions.empty:
        return "Nothing to draw: no page reports a position."
    positions, rest = _choose_organisations(positions)
    parts = []
    for organisation, group in positions.groupby("organisation", sort=True):
        marks = [_describe_mark(row) for row in group.itertuples(index=False)]
        parts.append(f"{organisation}: {', '.join(marks)}")
    n_positions = positions["position"].nunique()
    head = f"Matrix of {len(parts)} organisations by {n_positions} positions."
    return f"{head} {'. '.join(parts)}. {rest}".rstrip()


def _describe_mark(row: Any) -> str:
    stands = "stands at " if getattr(row, "in_force", False) else ""
    modality = "" if row.modality == "stated" else f" ({row.modality})"
    pages = "page" if row.n_articles == 1 else "pages"
    origins = "origin" if row.n_origins == 1 else "origins"
    counted = f"in {row.n_articles} {pages} from {row.n_origins} {origins}"
    return f"{stands}{row.position}{modality} {counted}"
