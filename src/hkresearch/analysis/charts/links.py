"""Pages and the origins their reporting goes back to -> lines between two columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hkresearch.analysis.charts.canvas import (
    BLUE,
    CHART_WIDTH,
    INK,
    MOST_ROWS_DRAWN,
    ORANGE,
    QUIET_INK,
    RULE,
    SMALL,
    add_axes,
    draw_nothing,
    make_figure,
    measure_text,
    say_rest,
    set_letters,
    wrap_text,
    write_beside_bar,
    write_chart_note,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from pandas import DataFrame

LINK_ROW = 0.46  # inches
Shared = list[tuple[str, int]]  # origins, and how many pages go back to each


@set_letters
def draw_links(links: DataFrame) -> Figure:
    """Return pages on the left, origins on the right, and a line from each page to its origin.

    An origin that several pages share is drawn in another colour and shape. Of more than
    MOST_ROWS_DRAWN pages the origins that most of them share are drawn, as bars. Takes the rows of
    views.list_links.
    """
    if links.empty:
        return draw_nothing("No page was read")
    pairs = links[["page", "origin"]].drop_duplicates().sort_values(["origin", "page"])
    if pairs["page"].nunique() > MOST_ROWS_DRAWN:
        return _draw_shared(pairs)
    pages = list(dict.fromkeys(pairs["page"]))
    n_pages = {origin: len(group) for origin, group in pairs.groupby("origin", sort=False)}
    names = {page: wrap_text(page, 28, 2) for page in pages}
    labels = {origin: _label_origin(origin, n_pages[origin]) for origin in n_pages}
    figure, axes = _lay_out_columns(list(names.values()), list(labels.values()))
    places = {origin: _find_middle(pairs, pages, origin) for origin in n_pages}
    for row in pairs.itertuples(index=False):
        colour = ORANGE if n_pages[row.origin] > 1 else RULE
        ends = [pages.index(row.page), places[row.origin]]
        axes.plot([0, 1], ends, color=colour, linewidth=2.2, zorder=1)
    for y, page in enumerate(pages):
        axes.plot([0], [y], marker="o", markersize=8, color=BLUE, zorder=2, clip_on=False)
        _write_link_label(axes, 0, y, names[page], "right", -9)
    for origin, place in places.items():
        _draw_origin(axes, place, n_pages[origin] > 1)
        _write_link_label(axes, 1, place, labels[origin], "left", 9)
    _write_heading(axes, 0, "Page", "right", -9)
    _write_heading(axes, 1, "Independent origin", "left", 9)
    return figure


def _label_origin(origin: str, n_pages: int) -> str:
    count = f" ({n_pages} pages)" if n_pages > 1 else ""
    return wrap_text(origin, 24, 2) + count


def _lay_out_columns(names: list[str], labels: list[str]) -> tuple[Figure, Axes]:
    """Return a figure and axes between the names of pages and the labels of origins."""
    figure = make_figure(0.4 + LINK_ROW * len(names))
    left = measure_text(figure, names) + 0.2
    right = measure_text(figure, labels) + 0.2
    width = max(1.2, CHART_WIDTH - left - right)
    axes = add_axes(figure, left, 0.05, width, LINK_ROW * len(names))
    axes.set_axis_off()
    axes.set_xlim(0, 1)
    axes.set_ylim(len(names) - 0.5, -0.5)
    return figure, axes


def _draw_origin(axes: Axes, y: float, is_shared: bool) -> None:
    marker, size, colour = ("D", 9, ORANGE) if is_shared else ("o", 7, QUIET_INK)
    axes.plot([1], [y], marker=marker, markersize=size, color=colour, zorder=2, clip_on=False)


def _write_link_label(axes: Axes, x: float, y: float, text: str, side: str, offset: float) -> None:
    axes.annotate(
        text, (x, y), (offset, 0), textcoords="offset points", fontsize=SMALL, color=INK, ha=side,
        va="center", annotation_clip=False, linespacing=1.05,
    )  # fmt: skip


def _write_heading(axes: Axes, x: float, text: str, side: str, offset: float) -> None:
    axes.annotate(
        text, (x, 1), (offset, 8), xycoords=("data", "axes fraction"),
        textcoords="offset points", fontsize=SMALL, color=QUIET_INK, ha=side,
        annotation_clip=False,
    )  # fmt: skip


def _draw_shared(pairs: DataFrame) -> Figure:
    shared, rest = _count_shared(pairs)
    if not shared:
        return draw_nothing(rest)
    figure = make_figure(LINK_ROW * len(shared))
    names = [wrap_text(origin, 40, 2) for origin, _ in shared]
    counts = [n_pages for _, n_pages in shared]
    places = range(len(shared))
    left = measure_text(figure, names) + 0.15
    axes = add_axes(figure, left, 0, CHART_WIDTH - left - 1, LINK_ROW * len(shared))
    axes.set_ylim(len(shared) - 0.5, -0.5)
    axes.set_xticks([])
    axes.set_yticks(places, names, fontsize=SMALL, color=INK, linespacing=1.05)
    axes.barh(places, counts, height=0.62, color=ORANGE)
    for place, n_pages in enumerate(counts):
        write_beside_bar(axes, n_pages, place, f"{n_pages:,} pages")
    write_chart_note(figure, rest)
    return figure


def _count_shared(pairs: DataFrame) -> tuple[Shared, str]:
    """Return the origins that most pages share, and what to say of the others."""
    n_pages = pairs.groupby("origin", sort=True)["page"].nunique()
    n_pages = n_pages.sort_values(ascending=False, kind="stable")
    shared = n_pages[n_pages > 1]
    n_alone = len(n_pages) - len(shared)
    alone = ""
    if n_alone:
        alone = "1 origin has a page of its own."
    if n_alone > 1:
        alone = f"{n_alone:,} origins have a page each."
    n_drawn = min(MOST_ROWS_DRAWN, len(shared))
    rest = say_rest(n_drawn, len(shared), "shared origins, those of the most pages")
    return list(shared.head(MOST_ROWS_DRAWN).items()), " ".join(filter(None, (alone, rest)))


def _find_middle(pairs: DataFrame, pages: list[str], origin: str) -> float:
    """Return the place of an origin: in the middle of its pages."""
    places = [pages.index(page) for page in pairs.loc[pairs["origin"] == origin, "page"]]
    return sum(places) / len(places)


def describe_links(links: DataFrame) -> str:
    """Return the text alternative of draw_links: every origin with its pages."""
    if links.empty:
        return "Nothing to draw: no page was read."
    pairs = links[["page", "origin"]].drop_duplicates()
    n_pages = pairs["page"].nunique()
    if n_pages > MOST_ROWS_DRAWN:
        return _describe_shared(pairs, n_pages)
    parts = [
        f"{origin}: {', '.join(sorted(group['page']))}"
        for origin, group in pairs.groupby("origin", sort=True)
    ]
    head = f"Links from {n_pages} pages to {len(parts)} independent origins."
    return f"{head} {'. '.join(parts)}."


def _describe_shared(pairs: DataFrame, n_pages: int) -> str:
    shared, rest = _count_shared(pairs)
    if not shared:
        return f"Nothing to draw: no origin has more than one page. {rest}"
    head = f"Bars of the origins that some of {n_pages:,} pages share."
    counts = [f"{origin}: {n_sharing:,} pages." for origin, n_sharing in shared]
    return " ".join([head, *counts, rest]).rstrip()
