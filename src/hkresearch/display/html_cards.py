"""Titles, texts and rows -> static HTML cards without script or network, every text as text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from hkresearch.core.safe_text import NO_FORMULAS, escape_text
from hkresearch.display.values import write_value

if TYPE_CHECKING:
    from pandas import DataFrame


LONGEST_LIST = 500  # rows of one table that are shown; what is left out is counted
# Tints are translucent and letters inherit, so one sheet serves light and dark themes; JupyterLab's
# own rules for tables are overruled by the longer selectors.
CARD_STYLE = """
.hk{font:14px/1.55 system-ui,sans-serif;max-width:60rem;overflow-wrap:anywhere}
.hk *{box-sizing:border-box}.hk p{margin:.3em 0}
.hk .hk-title{font-size:1.15em;font-weight:600}.hk .hk-quiet{opacity:.78;font-size:.93em}
.hk summary{cursor:pointer;padding:.2em 0}
.hk summary:focus-visible,.hk input:focus-visible{outline:2px solid #3b82f6;outline-offset:2px}
.hk .hk-scroll{overflow-x:auto}
.hk table{border-collapse:collapse;margin:.3em 0;font-size:.95em;width:auto;table-layout:auto;
overflow-wrap:break-word}
.hk table tr{background:none}.hk table tbody tr:nth-child(odd){background:rgba(127,127,127,.08)}
.hk.hk table th,.hk.hk table td{text-align:left;vertical-align:top;
padding:.25em .7em .25em .3em;border:0;
 border-bottom:1px solid rgba(127,127,127,.3);white-space:normal;max-width:34rem}
.hk.hk table th{font-weight:600}
.hk.hk table td.hk-n{text-align:right;font-variant-numeric:tabular-nums}
.hk mark{color:inherit;border-radius:3px;padding:0 1px;background:rgba(127,127,127,.22)}
""".replace("\n", "")


def write_card(title: str, *parts: str, style: str = "") -> str:
    """Return one card: `title` is text, `parts` are HTML."""
    head = f'<style>{CARD_STYLE}{style}</style><p class="hk-title">{escape_text(title)}</p>'
    return f'<div class="hk {NO_FORMULAS}">{head}{"".join(parts)}</div>'


def write_html_table(
    columns: Iterable[str], rows: Iterable[Iterable[Any]], longest: int = LONGEST_LIST
) -> str:
    """Return rows as an HTML table; numbers to the right, what does not fit counted below."""
    body: list[str] = []
    n_more = 0
    for row in rows:
        if len(body) < longest:
            body.append("<tr>" + "".join(map(_write_cell, row)) + "</tr>")
        else:
            n_more += 1
    head = "".join(f'<th scope="col">{escape_text(name)}</th>' for name in columns)
    more = f'<p class="hk-quiet">{n_more:,} more rows.</p>' if n_more else ""
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>"
    return f'<div class="hk-scroll" tabindex="0">{table}</div>{more}'


def _write_cell(value: Any) -> str:
    if isinstance(value, float):
        number = "" if value != value else f"{value:.3f}"
        return f'<td class="hk-n">{number}</td>'
    if isinstance(value, int) and not isinstance(value, bool):
        return f'<td class="hk-n">{value:,}</td>'
    return f"<td>{escape_text(write_value(value))}</td>"


def write_details(summary: str, html: str, is_open: bool = False) -> str:
    """Return `html` under a line that opens it, by mouse or keyboard."""
    state = " open" if is_open else ""
    return f"<details{state}><summary>{escape_text(summary)}</summary>{html}</details>"


def show_frames(title: str, frames: Mapping[str, DataFrame]) -> str:
    """Return DataFrames under one title, the first open, without columns of evidence."""
    parts: list[str] = []
    for name, frame in frames.items():
        shown = [column for column in frame.columns if not str(column).endswith("evidence")]
        rows = frame[shown].itertuples(index=False)
        table = write_html_table(shown, rows) if len(frame) else "<p>No rows.</p>"
        is_open = not parts and len(frame) > 0
        parts.append(write_details(f"{name} ({len(frame):,})", table, is_open=is_open))
    return write_card(title, *parts)
