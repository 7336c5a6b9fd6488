"""Pages and the origins their reporting goes back to -> lines between two columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hkresearch.analysis.charts.canvas import (
    BLUE,
    INK,
    MOST_ROWS_DRAWN,
    ORANGE,
    QUIET_INK,
    RULE,
    SMALL,
    WIDTH,
    add_axes,
    draw_nothing,
    make_figure,
    measure_text,
    say_rest,
    set_letters,
    wrap_text,
    write_chart_note,
)  # fmt: skip

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

ROW = 0.46  # inches


@set_letters
def draw_links(links: DataFrame) -> Figure:
    """Return pages on the left, origins on the right, and a line for every page that goes back to
    an origin.

    Takes the rows of views.list_links; an origin that several pages share is drawn in another
    colour and shape. Of more than MOST_ROWS_DRAWN pages the origins that most of them share are drawn, as
    bars.
    """
    if links.empty:
        return draw_nothing("No page was read")
    pairs = links[["page", "origin"]].drop_duplicates().sort_values(["origin", "page"])
    if pairs["page"].nunique() > MOST_ROWS_DRAWN:
        return _draw_shared(pairs)
    origins, pages = list(dict.fromkeys(pairs["origin"])), list(dict.fromkeys(pairs["page"]))
    shared = {origin: int((pairs["origin"] == origin).sum()) for origin in origins}
    figure = make_figure(0.4 + ROW * len(pages))
    names = {page: wrap_text(page, 28, 2) for page in pages}
    labels = {
        origin: wrap_text(origin, 24, 2)
        + (f" ({shared[origin]} pages)" if shared[origin] > 1 else "")
        for origin in origins
    }
    left, right = (
        measure_text(figure, names.values()) + 0.2,
        measure_text(figure, labels.values()) + 0.2,
    )
    axes = add_axes(figure, left, 0.05, max(1.2, WIDTH - left - right), ROW * len(pages))
    axes.set_axis_off()
    axes.set_xlim(0, 1)
    axes.set_ylim(len(pages) - 0.5, -0.5)
    place = {origin: _find_middle(pairs, pages, origin) for origin in origins}
    for row in pairs.itertuples(index=False):
        colour = ORANGE if shared[row.origin] > 1 else RULE
        axes.plot(
            [0, 1],
            [pages.index(row.page), place[row.origin]],
            color=colour,
            linewidth=2.2,
            zorder=1,
        )
    for y, page in enumerate(pages):
        axes.plot([0], [y], marker="o", markersize=8, color=BLUE, zorder=2, clip_on=False)
        _write_label(axes, 0, y, names[page], "right", -9)
    for origin, y in place.items():
        several = shared[origin] > 1
        axes.plot([1], [y], marker="D" if several else "o", markersize=9 if several else 7,
                  color=ORANGE if several else QUIET_INK, zorder=2, clip_on=False)  # fmt: skip
        _write_label(axes, 1, y, labels[origin], "left", 9)
    for x, text, side in ((0, "Page", "right"), (1, "Independent origin", "left")):
        axes.annotate(text, (x, 1), (9 if x else -9, 8), xycoords=("data", "axes fraction"), textcoords="offset points",
                      fontsize=SMALL, color=QUIET_INK, ha=side, annotation_clip=False)  # fmt: skip
    return figure


def _draw_shared(pairs: DataFrame) -> Figure:
    shared, rest = _count_shared(pairs)
    if not shared:
        return draw_nothing(rest)
    figure = make_figure(ROW * len(shared))
    names = [wrap_text(origin, 40, 2) for origin, _ in shared]
    left = measure_text(figure, names) + 0.15
    axes = add_axes(figure, left, 0, WIDTH - left - 1, ROW * len(shared))
    axes.set_ylim(len(shared) - 0.5, -0.5)
    axes.set_xticks([])
    axes.set_yticks(range(len(shared)), names, fontsize=SMALL, color=INK, linespacing=1.05)
    axes.barh(range(len(shared)), [n for _, n in shared], height=0.62, color=ORANGE)
    for y, (_, n) in enumerate(shared):
        axes.annotate(f"{n:,} pages", (n, y), (4, 0), textcoords="offset points", va="center_baseline", fontsize=SMALL,
                      color=INK, annotation_clip=False)  # fmt: skip
    write_chart_note(figure, rest)
    return figure


def _count_shared(pairs: DataFrame) -> tuple[list[tuple[str, int]], str]:
    """Return the origins that most pages share, the largest first, and what to say of the others."""
    counts = (
        pairs.groupby("origin", sort=True)["page"]
        .nunique()
        .sort_values(ascending=False, kind="stable")
    )
    shared = counts[counts > 1]
    n = len(counts) - len(shared)
    alone = (
        f"{n:,} origins have a page each."
        if n > 1
        else "1 origin has a page of its own."
        if n
        else ""
    )
    rest = say_rest(
        min(MOST_ROWS_DRAWN, len(shared)), len(shared), "shared origins, those of the most pages"
    )
    return list(shared.head(MOST_ROWS_DRAWN).items()), " ".join(filter(None, (alone, rest)))


def _find_middle(pairs: DataFrame, pages: list[str], origin: str) -> float:
    places = [pages.index(page) for page in pairs.loc[pairs["origin"] == origin, "page"]]
    return sum(places) / len(places)


def _write_label(axes, x: float, y: float, text: str, side: str, offset: float) -> None:
    axes.annotate(text, (x, y), (offset, 0), textcoords="offset points", fontsize=SMALL, color=INK, ha=side, va="center",
                  annotation_clip=False, linespacing=1.05)  # fmt: skip


def describe_links(links: DataFrame) -> str:
    """Return the text alternative of draw_links: every origin with its pages."""
    if links.empty:
        return "Nothing to draw: no page was read."
    pairs = links[["page", "origin"]].drop_duplicates()
    if pairs["page"].nunique() > MOST_ROWS_DRAWN:
        shared, rest = _count_shared(pairs)
        if not shared:
            return f"Nothing to draw: no origin has more than one page. {rest}"
        counts = "".join(f"{origin}: {n:,} pages. " for origin, n in shared)
        return f"Bars of the origins that some of {pairs['page'].nunique():,} pages share. {counts}{rest}".rstrip()
    parts = [
        f"{origin}: {', '.join(sorted(group['page']))}"
        for origin, group in pairs.groupby("origin", sort=True)
    ]
    return (
        f"Links from {pairs['page'].nunique()} pages to {len(parts)} independent origins. "
        + ". ".join(parts)
        + "."
    )
