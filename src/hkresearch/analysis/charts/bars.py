"""Quantities, or the parts of pages -> bars."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from hkresearch.analysis.charts.canvas import (
    BLUE,
    CHART_WIDTH,
    GREEN,
    INK,
    MOST_ROWS_DRAWN,
    ORANGE,
    PAPER,
    PURPLE,
    QUIET_INK,
    RULE,
    SKY,
    SMALL,
    VERMILION,
    add_axes,
    count_key_lines,
    draw_key,
    draw_nothing,
    make_figure,
    measure_text,
    say_rest,
    set_letters,
    wrap_text,
    write_beside_bar,
    write_chart_note,
    write_gid,
)
from hkresearch.analysis.views.quantities import CURRENCY, DAYS, write_quantity

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from pandas import DataFrame

BAR_ROW = 0.36  # inches
ARTICLE_KIND = "article"
ARTICLE_LABEL = "Article"
OTHER_LABEL = "Other furniture"
MOST_BANDS = 20  # bars of about so many pages each, where there are too many for a bar each
FURNITURE_COLOURS = [ORANGE, SKY, VERMILION, PURPLE, GREEN, "#8c959f"]

Shares = dict[tuple[str, str], float]  # (bar, kind of part) -> per cent of the text


@set_letters
def draw_quantities(quantities: DataFrame) -> Figure:
    """Return bars in panels of comparable units, each panel with its own scale from zero.

    Takes views.list_quantities.
    """
    if quantities.empty:
        return draw_nothing("No number found in these pages")
    quantities, rest = _choose_quantities(quantities)
    figure = make_figure(1)
    panels = list(quantities.groupby([name_scale(unit) for unit in quantities["unit"]], sort=True))
    labels = {
        name: [_label_bar(row) for row in group.itertuples(index=False)] for name, group in panels
    }
    left = measure_text(figure, [label for group in labels.values() for label in group]) + 0.15
    height = sum(0.46 + _measure_panel(labels[name]) for name, _ in panels)
    figure.set_size_inches(CHART_WIDTH, height)
    top = height
    for name, group in panels:
        panel = _measure_panel(labels[name])
        figure.text(
            0, (top - 0.16) / height, name, fontsize=SMALL, color=QUIET_INK, va="center_baseline"
        )
        axes = add_axes(figure, left, top - 0.3 - panel, CHART_WIDTH - left - 1.2, panel)
        _draw_bars(axes, group, labels[name])
        top -= 0.46 + panel
    write_chart_note(figure, rest)
    return figure


def _choose_quantities(quantities: DataFrame) -> tuple[DataFrame, str]:
    """Return the rows to draw, first the contested, then those in most pages, and a note."""
    order = quantities.assign(is_calm=quantities["status"] != "contested")
    order = order.sort_values(["is_calm", "n_articles"], ascending=[True, False], kind="stable")
    chosen = quantities.loc[sorted(order.index[:MOST_ROWS_DRAWN])]
    return chosen, say_rest(
        len(chosen), len(quantities), "numbers, first the contested, then those in the most pages"
    )


def name_scale(unit: str) -> str:
    """Return the heading of the panel in which numbers of `unit` can be compared."""
    if unit == "percent":
        return "Per cent"
    if unit in DAYS:
        return "Length of time"
    return f"Amount in {unit}" if CURRENCY.match(unit) else "Number"


def _label_bar(row: Any) -> str:
    period = f", {row.period}" if row.period else ""
    return wrap_text(f"{row.organisation}, {row.quantity}{period}", 40, 2)


def _measure_panel(labels: list[str]) -> float:
    return sum(BAR_ROW if "\n" not in label else BAR_ROW * 1.25 for label in labels)


def _draw_bars(axes: Axes, group: DataFrame, labels: list[str]) -> None:
    lengths = [float(row.value) * DAYS.get(row.unit, 1) for row in group.itertuples(index=False)]
    whole = 100.0 if set(group["unit"]) == {"percent"} else 0.0
    axes.set_xlim(min(0.0, *lengths), max(whole, *lengths) or 1.0)
    axes.set_ylim(len(lengths) - 0.5, -0.5)
    axes.set_xticks([])
    axes.set_yticks(range(len(lengths)), labels, fontsize=SMALL, color=INK, linespacing=1.05)
    axes.axvline(0, color=RULE, linewidth=1)
    for y, (length, row) in enumerate(zip(lengths, group.itertuples(index=False), strict=True)):
        is_contested = row.status == "contested"
        colour = VERMILION if is_contested else BLUE
        bar = axes.barh([y], [length], height=0.62, color=colour)[0]
        bar.set_gid(write_gid(row.evidence))
        text = write_quantity(row.value, row.unit) + (", contested" if is_contested else "")
        write_beside_bar(axes, length, y, text)


def describe_quantities(quantities: DataFrame) -> str:
    """Return the text alternative of draw_quantities: every bar in words."""
    if quantities.empty:
        return "Nothing to draw: no number found."
    quantities, rest = _choose_quantities(quantities)
    parts = []
    for row in quantities.itertuples(index=False):
        period = f", {row.period}" if row.period else ""
        number = write_quantity(row.value, row.unit)
        parts.append(f"{row.organisation}, {row.quantity}{period}: {number}")
    n_units = quantities["unit"].nunique()
    units = "unit" if n_units == 1 else "units"
    head = f"Bars of {len(parts)} numbers in {n_units} {units}."
    return f"{head} {'; '.join(parts)}. {rest}".rstrip()


@set_letters
def draw_parts(parts: DataFrame) -> Figure:
    """Return a bar per page: the article and what was set aside, in per cent of the text.

    Takes the rows of views.list_parts; the rarer kinds of furniture are drawn together, and so are
    more than MOST_ROWS_DRAWN pages.
    """
    if parts.empty:
        return draw_nothing("No page was read")
    grouped, kinds, pages, rest = _group_parts(parts)
    colours = dict(zip(kinds, [BLUE, *FURNITURE_COLOURS], strict=False))
    figure = make_figure(1)
    names = [wrap_text(page, 26, 2) for page in pages]
    left = measure_text(figure, names) + 0.15
    key = 0.2 + 0.26 * count_key_lines(figure, kinds, 0.02)
    height = key + 0.46 * len(pages) + 0.1
    figure.set_size_inches(CHART_WIDTH, height)
    axes = add_axes(figure, left, key, CHART_WIDTH - left - 0.1, 0.46 * len(pages))
    axes.set_xlim(0, 100)
    axes.set_ylim(len(pages) - 0.5, -0.5)
    axes.set_xticks([])
    axes.set_yticks(range(len(pages)), names, fontsize=SMALL, color=INK)
    for y, page in enumerate(pages):
        _stack_bar(axes, y, [(kind, grouped.get((page, kind), 0.0)) for kind in kinds], colours)
    marks: list[tuple[dict[str, Any], str]] = [
        ({"marker": "s", "markersize": 10, "color": colours[kind]}, kind) for kind in kinds
    ]
    draw_key(figure, marks, 0.02, key - 0.28)
    write_chart_note(figure, rest)
    return figure


def _group_parts(parts: DataFrame) -> tuple[Shares, list[str], list[str], str]:
    """Return the share of each (bar, kind), the kinds, the bars, and a note on joined pages."""
    furniture = parts[parts["kind"] != ARTICLE_KIND]
    sizes = furniture.groupby("part")["n_characters"].sum()
    sizes = sizes.sort_values(ascending=False, kind="stable")
    common = list(sizes.index[: len(FURNITURE_COLOURS) - 1])
    shares: Shares = {}
    for row in parts.itertuples(index=False):
        kind = _name_part(row, common)
        shares[row.page, kind] = shares.get((row.page, kind), 0.0) + float(row.percent)
    kinds = [ARTICLE_LABEL, *common]
    if len(sizes) > len(common):
        kinds.append(OTHER_LABEL)
    pages = sorted(parts["page"].unique())
    if len(pages) <= MOST_ROWS_DRAWN:
        return shares, kinds, pages, ""
    return _join_pages(shares, kinds, pages)


def _name_part(row: Any, common: list[str]) -> str:
    if row.kind == ARTICLE_KIND:
        return ARTICLE_LABEL
    return row.part if row.part in common else OTHER_LABEL


def _join_pages(
    shares: Shares, kinds: list[str], pages: list[str]
) -> tuple[Shares, list[str], list[str], str]:
    """Return the same with bars that stand for several pages each.

    They are in the order of the article's share.
    """
    order = sorted(pages, key=lambda page: (-shares.get((page, ARTICLE_LABEL), 0.0), page))
    n_bands = min(MOST_BANDS, len(order) // 2)
    edges = [len(order) * number // n_bands for number in range(n_bands + 1)]
    joined: Shares = {}
    bars = []
    for first, last in pairwise(edges):
        bar = f"Pages {first + 1:,}–{last:,}"
        bars.append(bar)
        for kind in kinds:
            total = sum(shares.get((page, kind), 0.0) for page in order[first:last])
            joined[bar, kind] = total / (last - first)
    rest = (
        f"{len(order):,} pages in the order of the article's share, a bar for the mean of "
        f"about {len(order) // n_bands:,}; for each see the data of this figure."
    )
    return joined, kinds, bars, rest


def _stack_bar(
    axes: Axes, y: int, shares: list[tuple[str, float]], colours: dict[str, str]
) -> None:
    start = 0.0
    for kind, share in shares:
        if share <= 0:
            continue
        axes.barh(
            [y],
            [share],
            left=[start],
            height=0.66,
            color=colours[kind],
            edgecolor=PAPER,
            linewidth=0.8,
        )
        if share >= 7:
            ink = PAPER if colours[kind] == BLUE else INK
            axes.text(
                start + share / 2,
                y,
                f"{share:.0f} %",
                ha="center",
                va="center_baseline",
                fontsize=SMALL - 0.5,
                color=ink,
            )
        start += share


def describe_parts(parts: DataFrame) -> str:
    """Return the text alternative of draw_parts: the shares of every page."""
    if parts.empty:
        return "Nothing to draw: no page was read."
    shares, kinds, bars, rest = _group_parts(parts)
    described = []
    for bar in bars:
        said = [
            f"{kind} {shares[bar, kind]:.0f} per cent"
            for kind in kinds
            if shares.get((bar, kind), 0) > 0
        ]
        described.append(f"{bar}: {', '.join(said)}")
    head = f"Stacked bars of {parts['page'].nunique():,} pages."
    return f"{head} {'. '.join(described)}. {rest}".rstrip()
