"""Statements and the pages that carry them -> a matrix of marks, and the same in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hkresearch.analysis.charts.canvas import (
    BLUE,
    GREEN,
    INK,
    ORANGE,
    PAPER,
    PURPLE,
    SKY,
    draw_key,
    draw_nothing,
    set_letters,
    straighten_quotes,
    wrap_text,
    write_chart_note,
)
from hkresearch.analysis.charts.matrix import draw_dot, lay_out_matrix, read_figure
from hkresearch.analysis.views.wording import shorten

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame, Series

MOST_PAGE_COLUMNS = 24  # of more pages the wordings are counted
# Wording -> its colour and its letter, from the closest to the farthest.
WORDING_MARKS = {
    "verbatim": (BLUE, "V"),
    "fragment": (SKY, "F"),
    "altered": (ORANGE, "A"),
    "paraphrase": (GREEN, "R"),
    "translated": (PURPLE, "T"),
}
OTHER_WORDING = (GREEN, "?")

WordingCounts = dict[tuple[str, str, str], tuple[int, list[str]]]  # see `_count_wordings`


@set_letters
def draw_carriers(carriers: DataFrame) -> Figure:
    """Return a matrix of statement x page.

    The letter and colour of a mark say in which wording the page has it; of several wordings on one
    page the closest is drawn. Of more than MOST_PAGE_COLUMNS pages it is a matrix of statement x
    wording that counts them. Takes the rows of views.list_carriers.
    """
    if carriers.empty:
        return draw_nothing("No statement stands in more than one page")
    pages = sorted(carriers["page"].unique())
    if len(pages) > MOST_PAGE_COLUMNS:
        return _draw_wordings(carriers)
    pairs = zip(carriers["organisation"], carriers["statement"], strict=True)
    statements = list(dict.fromkeys(pairs))
    labels = [_label_statement(*statement, width=44) for statement in statements]
    headings = [straighten_quotes(shorten(page, 34)) for page in pages]
    axes = lay_out_matrix(labels, headings, key=0.45, rotation=45)
    groups = carriers.groupby(["organisation", "statement", "page"], sort=True)
    for (organisation, statement, page), group in groups:
        row, column = statements.index((organisation, statement)), pages.index(page)
        closest = min(group["wording"], key=_rank_wording)  # a page may have it twice
        colour, letter = WORDING_MARKS.get(closest, OTHER_WORDING)
        evidence = _gather_evidence(group["evidence"])
        draw_dot(
            axes, column, row, letter, _choose_ink(colour), evidence, markersize=17, color=colour
        )
    figure = read_figure(axes)
    draw_key(figure, _list_wording_key(set(carriers["wording"])), 0.02, 0.18)
    return figure


def _draw_wordings(carriers: DataFrame) -> Figure:
    counts, columns = _count_wordings(carriers)
    pairs = ((organisation, statement) for organisation, statement, _ in counts)
    statements = list(dict.fromkeys(pairs))
    labels = [_label_statement(*statement, width=56) for statement in statements]
    axes = lay_out_matrix(labels, columns, key=0.1)
    for (organisation, statement, wording), (n_pages, evidence) in counts.items():
        row, column = statements.index((organisation, statement)), columns.index(wording)
        colour, _ = WORDING_MARKS.get(wording, OTHER_WORDING)
        ink = _choose_ink(colour)
        draw_dot(axes, column, row, str(n_pages), ink, evidence, markersize=21, color=colour)
    figure = read_figure(axes)
    n_all = carriers["page"].nunique()
    write_chart_note(
        figure, f"Number: pages, {n_all:,} in all; the data of this figure names them."
    )
    return figure


def _label_statement(organisation: str, statement: str, width: int) -> str:
    return wrap_text(f"{organisation}: “{statement.strip(' ,')}”", width, 2)


def _rank_wording(wording: str) -> int:
    known = list(WORDING_MARKS)
    return known.index(wording) if wording in known else len(known)


def _choose_ink(colour: str) -> str:
    """Return the colour of letters on a mark."""
    return PAPER if colour == BLUE else INK


def _gather_evidence(lists: Series) -> list[str]:
    return list(dict.fromkeys(id for ids in lists for id in ids))


def _list_wording_key(found: set[str]) -> list[tuple[dict[str, Any], str]]:
    key = []
    for wording, (colour, letter) in WORDING_MARKS.items():
        if wording in found:
            mark = {"marker": "o", "markersize": 12, "color": colour}
            key.append((mark, f"{letter}: {wording}"))
    return key


def _count_wordings(carriers: DataFrame) -> tuple[WordingCounts, list[str]]:
    """Return how many pages have each wording of a statement, and the wordings."""
    groups = carriers.groupby(["organisation", "statement", "wording"], sort=False)
    counts: WordingCounts = {}
    for (organisation, statement, wording), group in groups:
        evidence = _gather_evidence(group["evidence"])
        counts[organisation, statement, wording] = (group["page"].nunique(), evidence)
    found = {wording for _, _, wording in counts}
    known = [name for name in WORDING_MARKS if name in found]
    return counts, known + sorted(found - set(WORDING_MARKS))


def describe_carriers(carriers: DataFrame) -> str:
    """Return the text alternative of draw_carriers: every statement with its pages and wordings."""
    if carriers.empty:
        return "Nothing to draw: no statement stands in more than one page."
    n_pages = carriers["page"].nunique()
    if n_pages > MOST_PAGE_COLUMNS:
        counts, _ = _count_wordings(carriers)
        parts = [
            f"{_describe_statement(organisation, statement)}: {wording} in {n_carriers}"
            for (organisation, statement, wording), (n_carriers, _) in counts.items()
        ]
        head = f"Matrix of statements by the wording in which {n_pages:,} pages carry them."
    else:
        parts = []
        groups = carriers.groupby(["organisation", "statement"], sort=False)
        for (organisation, statement), group in groups:
            pages = [f"{row.page} ({row.wording})" for row in group.itertuples(index=False)]
            parts.append(f"{_describe_statement(organisation, statement)}: {', '.join(pages)}")
        head = f"Matrix of {len(parts)} statements by the pages that carry them."
    return f"{head} {'. '.join(parts)}."


def _describe_statement(organisation: str, statement: str) -> str:
    return f"{organisation}, “{wrap_text(statement, 70, 1).strip(' ,')}”"
