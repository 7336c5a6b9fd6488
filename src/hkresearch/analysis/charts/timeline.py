"""Dated positions -> a timeline on which announced, effective and reported dates never share a
mark.
"""

from __future__ import annotations

import calendar
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from hkresearch.analysis.charts.canvas import (
    BLUE,
    GREEN,
    INK,
    MOST_ROWS_DRAWN,
    PALE,
    QUIET_INK,
    RULE,
    SMALL,
    VERMILION,
    WIDTH,
    add_axes,
    count_key_lines,
    draw_key,
    draw_nothing,
    make_figure,
    measure_text,
    say_rest,
    set_letters,
    straighten_quotes,
    write_chart_note,
    write_gid,
)  # fmt: skip

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

# kind -> (marker, colour, place inside the row): shape and place say the same as colour.
MARKS = {
    "effective": ("s", GREEN, -0.26),
    "announced": ("^", VERMILION, 0.0),
    "reported": ("o", BLUE, 0.26),
}
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
ROW = 0.52  # inches
OVER_LINES = {
    "boxstyle": "square,pad=0.1",
    "facecolor": "white",
    "edgecolor": "none",
}  # behind a label on a line
MOST_EVENTS = 12  # upright lines: each needs a line for its label
MOST_DATES = 8  # of one kind and organisation that are told one by one in words
LONGEST = 62  # days drawn to scale; what lies outside stands at the edge with its date


@set_letters
def draw_dates(dates: DataFrame, facts: DataFrame | None = None) -> Figure:
    """Return a timeline with one row per organisation.

    `facts` adds upright lines for other dated events.

    Takes the rows of views.list_dates and views.list_dated_facts. A date known to the month or year
    is a bar.
    """
    if dates.empty:
        return draw_nothing("No position is dated in these pages")
    dates, rest = _choose_organisations(dates)
    rows = sorted(
        dates["organisation"].unique(),
        key=lambda who: (dates.loc[dates["organisation"] == who, "date"].min(), who),
    )
    marks = _join_marks(dates)
    first, last = _choose_window([span for _, _, span, _ in marks])
    events, more = _choose_events(facts, first, last)
    figure, axes = _lay_out_rows(rows, first, last, len(events))
    for who, kind, span, evidence in marks:
        _draw_date(axes, rows.index(who), kind, span, evidence, first, last)
    _draw_events(axes, events, len(rows))
    draw_key(
        figure,
        [({"marker": m, "markersize": 9, "color": c}, kind) for kind, (m, c, _) in MARKS.items()],
        0.02,
        0.18,
    )
    write_chart_note(figure, " ".join(filter(None, (rest, more))))
    return figure


def _choose_organisations(dates: DataFrame) -> tuple[DataFrame, str]:
    """Return the rows of the organisations with most dates in most pages, MOST_ROWS_DRAWN of them, and what is
    left out.
    """
    sizes = (
        dates.groupby("organisation", sort=True)["n_articles"]
        .sum()
        .sort_values(ascending=False, kind="stable")
    )
    chosen = dates[dates["organisation"].isin(sizes.index[:MOST_ROWS_DRAWN])]
    return chosen, say_rest(
        min(MOST_ROWS_DRAWN, len(sizes)), len(sizes), "organisations, those in the most pages"
    )


def _join_marks(dates: DataFrame) -> list[tuple[str, str, tuple[int, int], list[str]]]:
    found: dict[tuple[str, str, str], list[str]] = {}
    for row in dates.itertuples(index=False):
        found.setdefault((row.organisation, row.kind, row.date), []).extend(row.evidence)
    return [
        (who, kind, span, ids)
        for (who, kind, day), ids in found.items()
        if (span := read_span(day))
    ]


def read_span(text: str) -> tuple[int, int] | None:
    """Return the first and last day, as ordinals, of an ISO 8601 date or interval of any precision;
    None if neither.
    """
    ends = str(text).split("/")
    try:
        first, last = _read_days(ends[0]), _read_days(ends[-1])
    except ValueError:
        return None
    return first[0], max(first[0], last[1])


def _read_days(text: str) -> tuple[int, int]:
    parts = [int(part) for part in text[:10].split("-")]
    year, month = parts[0], parts[1] if len(parts) > 1 else None
    if len(parts) == 3:
        return (date(*parts).toordinal(),) * 2
    if month:
        return date(year, month, 1).toordinal(), date(
            year, month, calendar.monthrange(year, month)[1]
        ).toordinal()
    return date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()


def _choose_window(spans: list[tuple[int, int]]) -> tuple[int, int]:
    """The days drawn to scale: all, or the LONGEST days that hold most marks."""
    days = sorted(
        [*(span[0] for span in spans), *(span[1] for span in spans if span[1] - span[0] < LONGEST)]
    )
    first, last = days[0], days[-1]
    if last - first > LONGEST:
        first = max(
            days, key=lambda day: (bisect_right(days, day + LONGEST) - bisect_left(days, day), -day)
        )
        last = max(day for day in days if day <= first + LONGEST)
    pad = max(1, round((last - first) * 0.06))
    return first - pad, last + pad


def _choose_events(
    facts: DataFrame | None, first: int, last: int
) -> tuple[list[tuple[int, str, list[str]]], str]:
    """Return (day, label, evidence) of the events to draw, those in most pages, and what is left
    out.
    """
    if facts is None:
        return [], ""
    found: dict[tuple[int, str], list[str]] = {}
    for row in facts.sort_values("n_articles", ascending=False, kind="stable").itertuples(
        index=False
    ):
        span = read_span(row.date)
        if span and span[0] == span[1] and first <= span[0] <= last:
            text = straighten_quotes(f"{row.subject}: {row.event} {_label_day(span[0])}")
            found.setdefault((span[0], text), []).extend(row.evidence)
    chosen = list(found.items())[:MOST_EVENTS]
    rest = ""
    if len(found) > len(chosen):
        rest = f"Upright lines are {len(chosen)} of {len(found):,} other dates, those in the most pages; a table of this report holds them all."
    return sorted((day, text, ids) for (day, text), ids in chosen), rest


def _lay_out_rows(rows: list[str], first: int, last: int, n_events: int):
    figure = make_figure(1)
    left = measure_text(figure, rows) + 0.15
    key = 0.2 + 0.26 * count_key_lines(figure, list(MARKS), 0.02)
    head = 0.1 + 0.24 * n_events
    figure.set_size_inches(WIDTH, key + 0.3 + ROW * len(rows) + head)
    axes = add_axes(figure, left, key + 0.3, WIDTH - left - 0.25, ROW * len(rows))
    axes.set_xlim(first, last)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    ticks = _choose_ticks(first, last, axes.get_position().width * WIDTH)
    axes.set_xticks(
        ticks, [_label_day(day, i == 0) for i, day in enumerate(ticks)], color=INK, fontsize=SMALL
    )
    axes.set_yticks(range(len(rows)), rows, fontsize=SMALL, color=INK)
    for y in range(0, len(rows), 2):
        axes.axhspan(y - 0.5, y + 0.5, color=PALE, linewidth=0, zorder=0)
    for tick in ticks:
        axes.axvline(tick, color=RULE, linewidth=0.8, zorder=1)
    return figure, axes


def _choose_ticks(first: int, last: int, width: float) -> list[int]:
    step = next(
        step
        for step in (1, 2, 7, 14, 28, 56, 112, 365, 10000)
        if (last - first) / step <= width / 0.62
    )
    start = first + 1 if last - first <= 4 else first + (-first) % step
    return [day for day in range(start, last + 1, step)]


def _label_day(ordinal: int, with_year: bool = False) -> str:
    day = date.fromordinal(ordinal)
    return f"{day.day} {MONTHS[day.month - 1]}" + (f"\n{day.year}" if with_year else "")


def _draw_date(
    axes, row: int, kind: str, span: tuple[int, int], evidence: list[str], first: int, last: int
) -> None:
    marker, colour, lane = MARKS[kind]
    y, gid = row + lane, write_gid(evidence)
    outside = span[1] < first or span[0] > last
    inset = 0.025 * (last - first) if outside else 0
    x = min(max((span[0] + span[1]) / 2, first + inset), last - inset)
    if span[1] > span[0] and not outside:
        axes.plot([max(span[0], first), min(span[1], last)], [y, y], color=colour, linewidth=4, alpha=0.35, zorder=2,
                  solid_capstyle="butt")  # fmt: skip
    axes.plot(
        [x],
        [y],
        marker=marker,
        markersize=9,
        color=colour,
        linestyle="",
        clip_on=False,
        zorder=4,
        gid=gid,
    )
    if outside:
        label = f"{_label_day(span[0])} {date.fromordinal(span[0]).year}"
        text, side, offset = (
            (f"← {label}", "left", 9) if span[1] < first else (f"{label} →", "right", -9)
        )
        axes.annotate(text, (x, y), (offset, 0), textcoords="offset points", fontsize=SMALL - 1, color=QUIET_INK, ha=side,
                      va="center_baseline")  # fmt: skip


def _draw_events(axes, events: list[tuple[int, str, list[str]]], n_rows: int) -> None:
    """Upright lines, the earliest one highest, so that no line crosses the label of a later one."""
    figure, (first, last) = axes.figure, axes.get_xlim()
    inch = (last - first) / (axes.get_position().width * WIDTH)
    for place, (day, text, evidence) in enumerate(events):
        y = -0.5 - (0.24 * (len(events) - place - 0.5)) / ROW
        axes.plot([day, day], [n_rows - 0.5, y], color=INK, linewidth=1.1, linestyle=(0, (4, 2)), clip_on=False, zorder=1.5,
                  gid=write_gid(evidence))  # fmt: skip
        fits = day + measure_text(figure, [text]) * inch <= last + 0.25 * inch
        side, offset = ("left", 4) if fits else ("right", -4)
        axes.annotate(text, (day, y), (offset, 0), textcoords="offset points", fontsize=SMALL - 0.5, color=INK, ha=side,
                      va="center_baseline", annotation_clip=False, bbox=OVER_LINES)  # fmt: skip


def describe_dates(dates: DataFrame, facts: DataFrame | None = None) -> str:
    """Return the text alternative of draw_dates: every organisation with its dates, kind by kind."""
    if dates.empty:
        return "Nothing to draw: no position is dated."
    dates, rest = _choose_organisations(dates)
    parts = []
    for who, group in dates.groupby("organisation", sort=True):
        kinds = [
            f"{kind} {_list_days(group.loc[group['kind'] == kind, 'date'])}"
            for kind in MARKS
            if (group["kind"] == kind).any()
        ]
        parts.append(f"{who}: {'; '.join(kinds)}")
    text = f"Timeline of {len(parts)} organisations. " + ". ".join(parts) + f". {rest}".rstrip()
    if facts is not None and len(facts):
        events, more = _choose_events(
            facts, *_choose_window([span for _, _, span, _ in _join_marks(dates)])
        )
        told = [f"{row.subject}, {row.event}: {row.date}" for row in facts.itertuples(index=False)]
        if more:  # then those that are drawn are told
            told = [label for _, label, _ in events]
        text += f" Other dates: {'; '.join(told)}. {more}".rstrip()
    return text


def _list_days(dates: Iterable[str]) -> str:
    days = sorted(set(dates))
    return (
        ", ".join(days)
        if len(days) <= MOST_DATES
        else f"{len(days)} dates from {days[0]} to {days[-1]}"
    )
