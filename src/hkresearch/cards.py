"""The package's objects -> static HTML that shows them: no script, no network, every character of a page as text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from hkresearch.core.safe_text import NO_FORMULAS, show_text

if TYPE_CHECKING:
    from pandas import DataFrame

    from hkresearch.codebook.book import Codebook
    from hkresearch.core.article import Annotation
    from hkresearch.tables.tables import Tables

LONGEST_LIST = 500  # rows of one table that are shown; what is left out is counted
# Tints are translucent and letters inherit, so one sheet serves light and dark themes; JupyterLab's own rules for
# tables are overruled by the longer selectors.
STYLE = """
.hk{font:14px/1.55 system-ui,sans-serif;max-width:60rem;overflow-wrap:anywhere}
.hk *{box-sizing:border-box}.hk p{margin:.3em 0}
.hk .hk-title{font-size:1.15em;font-weight:600}.hk .hk-quiet{opacity:.78;font-size:.93em}
.hk summary{cursor:pointer;padding:.2em 0}
.hk summary:focus-visible,.hk input:focus-visible{outline:2px solid #3b82f6;outline-offset:2px}
.hk .hk-scroll{overflow-x:auto}
.hk table{border-collapse:collapse;margin:.3em 0;font-size:.95em;width:auto;table-layout:auto;overflow-wrap:break-word}
.hk table tr{background:none}.hk table tbody tr:nth-child(odd){background:rgba(127,127,127,.08)}
.hk.hk table th,.hk.hk table td{text-align:left;vertical-align:top;padding:.25em .7em .25em .3em;border:0;
 border-bottom:1px solid rgba(127,127,127,.3);white-space:normal;max-width:34rem}
.hk.hk table th{font-weight:600}.hk.hk table td.hk-n{text-align:right;font-variant-numeric:tabular-nums}
.hk mark{color:inherit;border-radius:3px;padding:0 1px;background:rgba(127,127,127,.22)}
""".replace("\n", "")


def write_card(title: str, *parts: str, style: str = "") -> str:
    """Return one card: `title` is text, `parts` are HTML."""
    head = f'<style>{STYLE}{style}</style><p class="hk-title">{show_text(title)}</p>'
    return f'<div class="hk {NO_FORMULAS}">{head}{"".join(parts)}</div>'


def write_table(
    columns: Iterable[str], rows: Iterable[Iterable[Any]], longest: int = LONGEST_LIST
) -> str:
    """Return rows as an HTML table; numbers to the right, what does not fit counted below."""
    body, n = [], 0
    for n, row in enumerate(rows, 1):
        if n <= longest:
            body.append("<tr>" + "".join(_write_cell(value) for value in row) + "</tr>")
    head = "".join(f'<th scope="col">{show_text(name)}</th>' for name in columns)
    more = f'<p class="hk-quiet">{n - longest:,} more rows.</p>' if n > longest else ""
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>"
    return f'<div class="hk-scroll" tabindex="0">{table}</div>{more}'


def _write_cell(value: Any) -> str:
    from hkresearch.exhibit import write_value

    if isinstance(value, float):
        value = "" if value != value else f"{value:.3f}"
        return f'<td class="hk-n">{value}</td>'
    numeric = isinstance(value, int) and not isinstance(value, bool)
    return (
        f'<td class="hk-n">{value:,}</td>'
        if numeric
        else f"<td>{show_text(write_value(value))}</td>"
    )


def write_details(summary: str, html: str, is_open: bool = False) -> str:
    """Return `html` under a line that opens it, by mouse or keyboard."""
    return f"<details{' open' if is_open else ''}><summary>{show_text(summary)}</summary>{html}</details>"


def show_frames(title: str, frames: Mapping[str, DataFrame]) -> str:
    """Return several DataFrames under one title, the first open, without their columns of evidence."""
    parts = []
    for name, frame in frames.items():
        shown = [column for column in frame.columns if not str(column).endswith("evidence")]
        table = (
            write_table(shown, frame[shown].itertuples(index=False))
            if len(frame)
            else "<p>No rows.</p>"
        )
        parts.append(
            write_details(f"{name} ({len(frame):,})", table, is_open=not parts and len(frame) > 0)
        )
    return write_card(title, *parts)


def show_annotation(annotation: Annotation) -> str:
    """Return the card of one coded statement: its words, what they were coded as, by whom, and where they stand."""
    a = annotation
    where = f"{a.article_id}, characters {a.start:,}\u2013{a.end:,}, coded by {a.coder}, id {a.id}"
    coded = f"{a.subject} | {a.variable} = {a.code}"
    return write_card(
        coded,
        f"<p><mark>{show_text(a.exact)}</mark></p>",
        f'<p class="hk-quiet">{show_text(where)}</p>',
    )


def show_codebook(book: Codebook) -> str:
    """Return the card of a codebook: its question, its variables with their codes, its entities by kind."""
    variables = [
        (id, v.get("question", ""), v.get("level", ""), "one answer" if v.get("single") else "",
         ", ".join(code.get("label", name) for name, code in v.get("codes", {}).items()))
        for id, v in book.variables.items()
    ]  # fmt: skip
    entities = [
        (id, e.get("kind", ""), e.get("label", ""), e.get("owner", ""),
         "; ".join(", ".join(names) for names in e.get("names", {}).values()))
        for id, e in sorted(book.entities.items(), key=lambda item: (item[1].get("kind", ""), item[0]))
    ]  # fmt: skip
    return write_card(
        f"Codebook {book.id}: {book.label}",
        f"<p>{show_text(book.topic.get('question', ''))}</p>",
        write_details(
            f"{len(variables)} variables",
            write_table(("variable", "question", "level", "", "codes"), variables),
            is_open=True,
        ),
        write_details(
            f"{len(entities)} entities",
            write_table(("entity", "kind", "label", "owner", "names"), entities),
        ),
        f'<p class="hk-quiet">sha256 {show_text(book.sha256[:16])}</p>',
    )


def show_tables(tables: Tables) -> str:
    """Return the card of the tables: what one row of each is, how many there are, and the first few."""
    from hkresearch.tables.schema import read_schema

    parts = []
    for resource in read_schema()["resources"]:
        frame = getattr(tables, resource["name"])
        first = (
            write_table(frame.columns, _cut_rows(frame.head(5)))
            if len(frame)
            else "<p>No rows.</p>"
        )
        more = f'<p class="hk-quiet">{show_text(resource["description"])} The first {min(5, len(frame))}:</p>'
        parts.append(write_details(f"{resource['name']}: {len(frame):,}", more + first))
    statuses = tables.claims["status"].value_counts()
    counted = ", ".join(f"{statuses[name]:,} {name}" for name in sorted(statuses.index))
    title = f"Tables of {len(tables.articles):,} page(s), codebook {tables.codebook.get('id', 'unknown')}"
    claims = f"<p>{len(tables.claims):,} claims{': ' if counted else ''}{show_text(counted)}</p>"
    return write_card(title, claims, *parts)


def _cut_rows(frame: DataFrame, width: int = 120) -> Iterable[list[Any]]:
    for row in frame.itertuples(index=False):
        yield [
            v if not isinstance(v, str) or len(v) <= width else v[:width] + "\u2026" for v in row
        ]
