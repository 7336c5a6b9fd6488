"""Positions, or statements and the pages that carry them -> a matrix of marks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hkresearch.analysis.charts.canvas import (
    BLUE,
    GREEN,
    INK,
    MOST,
    ORANGE,
    PALE,
    PAPER,
    PURPLE,
    QUIET,
    RULE,
    SKY,
    SMALL,
    VERMILION,
    WIDTH,
    add_axes,
    draw_key,
    draw_nothing,
    make_figure,
    measure_text,
    say_rest,
    set_letters,
    straighten_quotes,
    wrap_text,
    write_gid,
    write_note,
)  # fmt: skip
from hkresearch.analysis.views.positions import list_kinds
from hkresearch.analysis.views.wording import shorten

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

SHADES = {
    1: "#cfe3f2",
    2: "#5fa4d0",
    3: "#00517f",
}  # one, two, three or more origins; lightness alone tells them apart
ROW = 0.42  # inches
COLUMNS = 24  # pages that a matrix has a column for
WORDINGS = {
    "verbatim": (BLUE, "V"), "fragment": (SKY, "F"), "altered": (ORANGE, "A"), "translated": (PURPLE, "T"),
}  # fmt: skip


@set_letters
def draw_positions(positions: DataFrame) -> Figure:
    """Return a matrix of organisation x position: the number counts pages, the shade independent origins.

    Takes the rows of views.list_positions; a frame marks where an organisation stands, an empty ring a position that is
    only expected or considered.
    """
    if positions.empty:
        return draw_nothing()
    positions, rest = _choose_organisations(positions)
    rows = sorted(positions["organisation"].unique())
    columns = list_kinds(positions)
    axes = _lay_out_matrix(rows, [wrap_text(name, 12, 3) for name in columns])
    inch = len(columns) / (axes.get_position().width * WIDTH)
    for (who, position), group in positions.groupby(
        ["organisation", "position"], sort=True, observed=True
    ):
        for place, entry in enumerate(group.itertuples(index=False)):
            shift = (
                0.34 * inch * (place - (len(group) - 1) / 2)
            )  # stated and expected stand side by side
            _draw_count(axes, columns.index(position) + shift, rows.index(who), entry)
    frame = {
        "marker": "s",
        "markersize": 14,
        "markerfacecolor": PAPER,
        "markeredgecolor": VERMILION,
        "markeredgewidth": 1.6,
    }
    entries = [({"marker": "o", "markersize": 13, "color": SHADES[n], "markeredgecolor": SHADES[3]}, label)
               for n, label in ((1, "one origin"), (2, "two"), (3, "three or more"))]  # fmt: skip
    if (positions["modality"] != "stated").any():
        ring = {
            "marker": "o",
            "markersize": 12,
            "markerfacecolor": PAPER,
            "markeredgecolor": INK,
            "markeredgewidth": 1.2,
        }
        entries.append((ring, "only expected or considered"))
    if positions.get("in_force", positions["n_articles"] < 0).any():
        entries.insert(0, (frame, "stands here"))
    figure = axes.figure
    figure.text(0, 0.52 / figure.get_size_inches()[1], "Number: pages. Shade: independent origins.", fontsize=SMALL,
                color=QUIET, va="center_baseline")  # fmt: skip
    draw_key(figure, entries, 0.02, 0.2)
    write_note(figure, rest)
    return figure


def _choose_organisations(positions: DataFrame) -> tuple[DataFrame, str]:
    """Return the rows of the organisations that most pages name, MOST of them, and what is left out."""
    sizes = (
        positions.groupby("organisation", sort=True)["n_articles"]
        .sum()
        .sort_values(ascending=False, kind="stable")
    )
    chosen = positions[positions["organisation"].isin(sizes.index[:MOST])]
    return chosen, say_rest(
        min(MOST, len(sizes)), len(sizes), "organisations, those in the most pages"
    )


def _draw_count(axes, x: float, y: float, entry) -> None:
    stated, n_origins = entry.modality == "stated", min(3, max(1, int(entry.n_origins)))
    face = SHADES[n_origins] if stated else PAPER
    mark = {
        "markerfacecolor": face,
        "markeredgecolor": SHADES[3] if stated else INK,
        "markeredgewidth": 1,
    }
    if getattr(entry, "in_force", False):
        axes.plot([x], [y], marker="s", markersize=27, markerfacecolor="none", markeredgecolor=VERMILION, markeredgewidth=1.6, zorder=2,
                  clip_on=False)  # fmt: skip
    axes.plot(
        [x],
        [y],
        marker="o",
        markersize=21 if stated else 17,
        zorder=3,
        gid=write_gid(entry.evidence),
        **mark,
    )
    colour = PAPER if stated and n_origins > 2 else INK
    axes.text(
        x,
        y,
        str(entry.n_articles),
        ha="center",
        va="center_baseline",
        fontsize=SMALL,
        color=colour,
        zorder=4,
    )


def _lay_out_matrix(rows: list[str], columns: list[str], key: float = 0.75, rotation: float = 0):
    """Return axes with a row per label, a column per heading, room above for headings and below for the key."""
    figure = make_figure(1)
    left = measure_text(figure, rows) + 0.15
    head = 0.12 + (
        max(1 + name.count("\n") for name in columns) * 0.2
        if not rotation
        else _measure_slant(figure, columns)
    )
    height = key + ROW * len(rows) + head
    figure.set_size_inches(WIDTH, height)
    right = 0.1 if not rotation else min(1.0, _measure_slant(figure, columns))
    axes = add_axes(
        figure, left, key, min(WIDTH - left - right, 1.15 * len(columns)), ROW * len(rows)
    )
    axes.set_xlim(-0.5, len(columns) - 0.5)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.xaxis.tick_top()
    slant = (
        {"rotation": rotation, "ha": "left", "rotation_mode": "anchor"}
        if rotation
        else {"va": "baseline"}
    )
    axes.set_xticks(range(len(columns)), columns, fontsize=SMALL, color=INK, **slant)
    axes.set_yticks(range(len(rows)), rows, fontsize=SMALL, color=INK)
    for y in range(0, len(rows), 2):
        axes.axhspan(y - 0.5, y + 0.5, color=PALE, linewidth=0, zorder=0)
    for x in range(len(columns)):
        axes.axvline(x, color=RULE, linewidth=0.8, zorder=1)
    return axes


def _measure_slant(figure: Figure, names: list[str]) -> float:
    return measure_text(figure, names) * 0.72


def describe_positions(positions: DataFrame) -> str:
    """Return the text alternative of draw_positions: every mark in words."""
    if positions.empty:
        return "Nothing to draw: no page reports a position."
    positions, rest = _choose_organisations(positions)
    parts = []
    for who, group in positions.groupby("organisation", sort=True):
        marks = [
            f"{'stands at ' if getattr(row, 'in_force', False) else ''}"
            f"{row.position}{'' if row.modality == 'stated' else f' ({row.modality})'} "
            f"in {row.n_articles} {'page' if row.n_articles == 1 else 'pages'} from "
            f"{row.n_origins} {'origin' if row.n_origins == 1 else 'origins'}"
            for row in group.itertuples(index=False)
        ]
        parts.append(f"{who}: {', '.join(marks)}")
    n_positions = positions["position"].nunique()
    return (
        f"Matrix of {len(parts)} organisations by {n_positions} positions. "
        + ". ".join(parts)
        + f". {rest}".rstrip()
    )


@set_letters
def draw_carriers(carriers: DataFrame) -> Figure:
    """Return a matrix of statement x page; the letter and colour of a mark say in which wording the page has it.

    Takes the rows of views.list_carriers; of several wordings on one page the closest is drawn. Of more than COLUMNS pages
    it is a matrix of statement x wording that counts them.
    """
    if carriers.empty:
        return draw_nothing("No statement stands in more than one page")
    statements = list(
        dict.fromkeys(zip(carriers["organisation"], carriers["statement"], strict=True))
    )
    pages = sorted(carriers["page"].unique())
    if len(pages) > COLUMNS:
        return _draw_wordings(carriers)
    labels = [wrap_text(f"{who}: “{text.strip(' ,')}”", 44, 2) for who, text in statements]
    axes = _lay_out_matrix(
        labels, [straighten_quotes(shorten(page, 34)) for page in pages], key=0.45, rotation=45
    )
    for (who, statement, page), group in carriers.groupby(
        ["organisation", "statement", "page"], sort=True
    ):
        x, y = pages.index(page), statements.index((who, statement))
        closest = min(
            group["wording"], key=lambda name: [*WORDINGS, name].index(name)
        )  # a page may have it twice
        colour, letter = WORDINGS.get(closest, (GREEN, "?"))
        gid = write_gid(dict.fromkeys(id for ids in group["evidence"] for id in ids))
        axes.plot([x], [y], marker="o", markersize=17, color=colour, zorder=3, gid=gid)
        ink = PAPER if colour == BLUE else INK
        axes.text(
            x, y, letter, ha="center", va="center_baseline", fontsize=SMALL, color=ink, zorder=4
        )
    found = [name for name in WORDINGS if name in set(carriers["wording"])]
    key = [
        (
            {"marker": "o", "markersize": 12, "color": WORDINGS[name][0]},
            f"{WORDINGS[name][1]}: {name}",
        )
        for name in found
    ]
    draw_key(axes.figure, key, 0.02, 0.18)
    return axes.figure


def _draw_wordings(carriers: DataFrame) -> Figure:
    counts, columns = _count_wordings(carriers)
    statements = list(dict.fromkeys((who, text) for who, text, _ in counts))
    axes = _lay_out_matrix(
        [wrap_text(f"{who}: “{text.strip(' ,')}”", 56, 2) for who, text in statements],
        columns,
        key=0.1,
    )
    for (who, statement, wording), (n, evidence) in counts.items():
        x, y = columns.index(wording), statements.index((who, statement))
        colour = WORDINGS.get(wording, (GREEN, ""))[0]
        axes.plot(
            [x], [y], marker="o", markersize=21, color=colour, zorder=3, gid=write_gid(evidence)
        )
        axes.text(
            x,
            y,
            str(n),
            ha="center",
            va="center_baseline",
            fontsize=SMALL,
            zorder=4,
            color=PAPER if colour == BLUE else INK,
        )
    write_note(
        axes.figure,
        f"Number: pages, {carriers['page'].nunique():,} in all; the data of this figure names them.",
    )
    return axes.figure


def _count_wordings(
    carriers: DataFrame,
) -> tuple[dict[tuple[str, str, str], tuple[int, list[str]]], list[str]]:
    """Return the number of pages and the passages of each (organisation, statement, wording), and the wordings."""
    groups = carriers.groupby(["organisation", "statement", "wording"], sort=False)
    counts = {
        key: (
            group["page"].nunique(),
            list(dict.fromkeys(id for ids in group["evidence"] for id in ids)),
        )
        for key, group in groups
    }
    found = {wording for _, _, wording in counts}
    return counts, [name for name in WORDINGS if name in found] + sorted(found - set(WORDINGS))


def describe_carriers(carriers: DataFrame) -> str:
    """Return the text alternative of draw_carriers: every statement with its pages and wordings."""
    if carriers.empty:
        return "Nothing to draw: no statement stands in more than one page."
    parts, n_pages = [], carriers["page"].nunique()
    if n_pages > COLUMNS:
        counts, _ = _count_wordings(carriers)
        said = [
            f"{who}, “{wrap_text(text, 70, 1).strip(' ,')}”: {wording} in {n}"
            for (who, text, wording), (n, _) in counts.items()
        ]
        return (
            f"Matrix of statements by the wording in which {n_pages:,} pages carry them. "
            + ". ".join(said)
            + "."
        )
    for (who, statement), group in carriers.groupby(["organisation", "statement"], sort=False):
        where = ", ".join(f"{row.page} ({row.wording})" for row in group.itertuples(index=False))
        parts.append(f"{who}, “{wrap_text(statement, 70, 1).strip(' ,')}”: {where}")
    return (
        f"Matrix of {len(parts)} statements by the pages that carry them. " + ". ".join(parts) + "."
    )
