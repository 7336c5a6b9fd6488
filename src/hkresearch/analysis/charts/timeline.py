"""Dated positions -> a timeline; announced, effective and reported dates never share a mark."""

from __future__ import annotations

import calendar
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from hkresearch.analysis.charts.canvas import (
    BLUE,
    CHART_WIDTH,
    GREEN,
    INK,
    MOST_ROWS_DRAWN,
    PALE,
    QUIET_INK,
    RULE,
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
    straighten_quotes,
    write_chart_note,
    write_gid,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from pandas import DataFrame

# kind -> (marker, colour, place inside the row): shape and place say the same as colour.
DATE_MARKS = {
    "effective": ("s", GREEN, -0.26),
    "announced": ("^", VERMILION, 0.0),
    "reported": ("o", BLUE, 0.26),
}
SHORT_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
TIMELINE_ROW = 0.52  # inches
# Behind a label on a line.
OVER_LINES = {"boxstyle": "square,pad=0.1", "facecolor": "white", "edgecolor": "none"}
TICK_STEPS = (1, 2, 7, 14, 28, 56, 112, 365, 10000)  # days
TICK_WIDTH = 0.62  # inches
MOST_EVENTS = 12  # upright lines: each needs a line for its label
MOST_DATES = 8  # of one kind and organisation that are told one by one in words
LONGEST_WINDOW = 62  # days drawn to scale; what lies outside stands at the edge with its date


Days = tuple[int, int]  # the first and the last, as proleptic Gregorian ordinals
Event = tuple[int, str, list[str]]  # day, label, evidence


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
    _draw_events(figure, axes, events, len(rows))
    key: list[tuple[dict[str, Any], str]] = [
        ({"marker": marker, "markersize": 9, "color": colour}, kind)
        for kind, (marker, colour, _) in DATE_MARKS.items()
    ]
    draw_key(figure, key, 0.02, 0.18)
    write_chart_note(figure, " ".join(filter(None, (rest, more))))
    return figure


def _choose_organisations(dates: DataFrame) -> tuple[DataFrame, str]:
    """Return the rows of the organisations with most dates in most pages, and what is left out."""
    sizes = dates.groupby("organisation", sort=True)["n_articles"].sum()
    sizes = sizes.sort_values(ascending=False, kind="stable")
    chosen = dates[dates["organisation"].isin(sizes.index[:MOST_ROWS_DRAWN])]
    n_drawn = min(MOST_ROWS_DRAWN, len(sizes))
    return chosen, say_rest(n_drawn, len(sizes), "organisations, those in the most pages")


def _join_marks(dates: DataFrame) -> list[tuple[str, str, Days, list[str]]]:
    """Return (organisation, kind, days, evidence) of each mark."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for row in dates.itertuples(index=False):
        found.setdefault((row.organisation, row.kind, row.date), []).extend(row.evidence)
    marks = []
    for (organisation, kind, day), ids in found.items():
        span = read_span(day)
        if span:
            marks.append((organisation, kind, span, ids))
    return marks


def read_span(text: str) -> Days | None:
    """Return the first and last day of an ISO 8601 date or interval of any precision, or None."""
    ends = str(text).split("/")
    try:
        first, last = _read_days(ends[0]), _read_days(ends[-1])
    except ValueError:
        return None
    return first[0], max(first[0], last[1])


def _read_days(text: str) -> Days:
    """Return the first and last day of a date; raises ValueError for what is none."""
    parts = [int(part) for part in text[:10].split("-")]
    first_month, last_month = (parts[1], parts[1]) if len(parts) > 1 else (1, 12)
    if len(parts) > 2:
        first_day, last_day = parts[2], parts[2]
    else:
        first_day, last_day = 1, calendar.monthrange(parts[0], last_month)[1]
    first = date(parts[0], first_month, first_day)
    last = date(parts[0], last_month, last_day)
    return first.toordinal(), last.toordinal()


def _choose_window(spans: list[Days]) -> Days:
    """Return the days drawn to scale: all, or the LONGEST_WINDOW days that hold most marks."""
    days = [first for first, _ in spans]
    days += [last for first, last in spans if last - first < LONGEST_WINDOW]
    days.sort()

    def count_marks(day: int) -> int:
        return bisect_right(days, day + LONGEST_WINDOW) - bisect_left(days, day)

    first, last = days[0], days[-1]
    if last - first > LONGEST_WINDOW:
        first = max(days, key=lambda day: (count_marks(day), -day))
        last = max(day for day in days if day <= first + LONGEST_WINDOW)
    pad = max(1, round((last - first) * 0.06))
    return first - pad, last + pad


def _choose_events(facts: DataFrame | None, first: int, last: int) -> tuple[list[Event], str]:
    """Return the events to draw, those in most pages, and what is left out."""
    if facts is None:
        return [], ""
    found: dict[tuple[int, str], list[str]] = {}
    ordered = facts.sort_values("n_articles", ascending=False, kind="stable")
    for row in ordered.itertuples(index=False):
        span = read_span(row.date)
        if span and span[0] == span[1] and first <= span[0] <= last:
            text = straighten_quotes(f"{row.subject}: {row.event} {_label_day(span[0])}")
            found.setdefault((span[0], text), []).extend(row.evidence)
    chosen = list(found.items())[:MOST_EVENTS]
    rest = ""
    if len(found) > len(chosen):
        rest = (
            f"Upright lines are {len(chosen)} of {len(found):,} other dates, those in the most "
            "pages; a table of this report holds them all."
        )
    return sorted((day, text, ids) for (day, text), ids in chosen), rest


def _lay_out_rows(rows: list[str], first: int, last: int, n_events: int) -> tuple[Figure, Axes]:
    figure = make_figure(1)
    left = measure_text(figure, rows) + 0.15
    key = 0.2 + 0.26 * count_key_lines(figure, list(DATE_MARKS), 0.02)
    head = 0.1 + 0.24 * n_events
    figure.set_size_inches(CHART_WIDTH, key + 0.3 + TIMELINE_ROW * len(rows) + head)
    axes = add_axes(figure, left, key + 0.3, CHART_WIDTH - left - 0.25, TIMELINE_ROW * len(rows))
    axes.set_xlim(first, last)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    ticks = _choose_ticks(first, last, axes.get_position().width * CHART_WIDTH)
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
    most = width / TICK_WIDTH
    step = next(step for step in TICK_STEPS if (last - first) / step <= most)
    start = first + 1 if last - first <= 4 else first + (-first) % step
    return [day for day in range(start, last + 1, step)]


def _label_day(ordinal: int, with_year: bool = False) -> str:
    day = date.fromordinal(ordinal)
    return f"{day.day} {SHORT_MONTHS[day.month - 1]}" + (f"\n{day.year}" if with_year else "")


def _draw_date(
    axes: Axes, row: int, kind: str, span: Days, evidence: list[str], first: int, last: int
) -> None:
    """Draw one date on the row of its organisation; one outside the window stands at its edge."""
    marker, colour, lane = DATE_MARKS[kind]
    y, gid = row + lane, write_gid(evidence)
    outside = span[1] < first or span[0] > last
    inset = 0.025 * (last - first) if outside else 0
    x = min(max((span[0] + span[1]) / 2, first + inset), last - inset)
    if span[1] > span[0] and not outside:
        ends = [max(span[0], first), min(span[1], last)]
        axes.plot(
            ends, [y, y], color=colour, linewidth=4, alpha=0.35, zorder=2, solid_capstyle="butt"
        )
    axes.plot(
        [x], [y], marker=marker, markersize=9, color=colour, linestyle="", clip_on=False, zorder=4,
        gid=gid,
    )  # fmt: skip
    if outside:
        _label_outside(axes, x, y, span, is_before=span[1] < first)


def _label_outside(axes: Axes, x: float, y: float, span: Days, is_before: bool) -> None:
    label = f"{_label_day(span[0])} {date.fromordinal(span[0]).year}"
    text, side, offset = (f"← {label}", "left", 9) if is_before else (f"{label} →", "right", -9)
    axes.annotate(
        text, (x, y), (offset, 0), textcoords="offset points", fontsize=SMALL - 1,
        color=QUIET_INK, ha=side, va="center_baseline",
    )  # fmt: skip


def _draw_events(figure: Figure, axes: Axes, events: list[Event], n_rows: int) -> None:
    """Draw upright lines, the earliest highest, so that none crosses the label of a later one."""
    first, last = axes.get_xlim()
    inch = (last - first) / (axes.get_position().width * CHART_WIDTH)
    for place, (day, text, evidence) in enumerate(events):
        y = -0.5 - (0.24 * (len(events) - place - 0.5)) / TIMELINE_ROW
        axes.plot(
            [day, day], [n_rows - 0.5, y], color=INK, linewidth=1.1, linestyle=(0, (4, 2)),
            clip_on=False, zorder=1.5, gid=write_gid(evidence),
        )  # fmt: skip
        fits = day + measure_text(figure, [text]) * inch <= last + 0.25 * inch
        side, offset = ("left", 4) if fits else ("right", -4)
        axes.annotate(
            text, (day, y), (offset, 0), textcoords="offset points", fontsize=SMALL - 0.5,
            color=INK, ha=side, va="center_baseline", annotation_clip=False, bbox=OVER_LINES,
        )  # fmt: skip


def describe_dates(dates: DataFrame, facts: DataFrame | None = None) -> str:
    """Return the text alternative: every organisation with its dates, kind by kind."""
    if dates.empty:
        return "Nothing to draw: no position is dated."
    dates, rest = _choose_organisations(dates)
    parts = []
    for who, group in dates.groupby("organisation", sort=True):
        kinds = [
            f"{kind} {_list_days(group.loc[group['kind'] == kind, 'date'])}"
            for kind in DATE_MARKS
            if (group["kind"] == kind).any()
        ]
        parts.append(f"{who}: {'; '.join(kinds)}")
    text = f"Timeline of {len(parts)} organisations. " + ". ".join(parts) + f". {rest}".rstrip()
    if facts is not None and len(facts):
        window = _choose_window([span for _, _, span, _ in _join_marks(dates)])
        events, more = _choose_events(facts, *window)
        told = [f"{row.subject}, {row.event}: {row.date}" for row in facts.itertuples(index=False)]
        if more:  # then those that are drawn are told
            told = [label for _, label, _ in events]
        text += f" Other dates: {'; '.join(told)}. {more}".rstrip()
    return text


def _list_days(dates: Iterable[str]) -> str:
    days = sorted(set(dates))
    if len(days) <= MOST_DATES:
        return ", ".join(days)
    return f"{len(days)} dates from {days[0]} to {days[-1]}"
