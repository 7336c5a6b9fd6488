"""An exhibit's content -> HTML or plain text for any front end of a notebook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hkresearch.core.safe_text import NO_FORMULAS, escape_text, guess_language

Content = Mapping[str, Any]


def write_exhibit_text(content: Content) -> str:
    """Return an exhibit as plain text: the answer, or the title and the size of what is shown."""
    if content["kind"] == "answer":
        return str(content["text"])
    size = f"{len(content['rows'])} rows, {len(content['evidence'])} passages"
    return f"{content['kind'].capitalize()}: {content['title']} ({size})"


def write_exhibit_html(content: Content) -> str:
    """Return an exhibit as self-contained HTML for JupyterLab and plain nbconvert.

    Passages open in place.
    """
    body = _write_answer(content) if content["kind"] == "answer" else _write_numbered(content)
    return f'<div class="{NO_FORMULAS}">{body}</div>'


def _write_answer(content: Content) -> str:
    passages = _write_passages(content, content["ids"])
    return f"<p><strong>{escape_text(content['text'])}</strong></p>{passages}"


def _write_numbered(content: Content) -> str:
    """Return a table or a figure, with its title and its note."""
    title = f"<p><strong>{escape_text(content['title'])}</strong></p>"
    note = f"<p><small>{escape_text(content['note'])}</small></p>" if content["note"] else ""
    table = _write_rows_table(content)
    if content["kind"] == "figure":
        summary = f"<summary>Data of this figure ({len(content['rows'])} rows)</summary>"
        table = f"{_write_image(content)}<details>{summary}{table}</details>"
    return title + table + note


def _write_image(content: Content) -> str:
    from hkresearch.display.svg import write_data_address

    address = write_data_address(content["svg"])
    return f'<img src="{address}" alt="{escape_text(content["alt"])}">'


def _write_rows_table(content: Content) -> str:
    if not content["rows"]:
        return "<p>No rows.</p>"
    has_passages = any(row["evidence"] for row in content["rows"])
    labels = [column["label"] for column in content["columns"]]
    if has_passages:
        labels.append("Evidence")
    head = "".join(f'<th scope="col">{escape_text(label)}</th>' for label in labels)
    lines = [_write_table_row(content, row, has_passages) for row in content["rows"]]
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>"


def _write_table_row(content: Content, row: Mapping[str, Any], has_passages: bool) -> str:
    cells = []
    for cell in row["cells"]:
        cells.append(escape_text(cell["text"]) + _write_passages(content, cell["evidence"]))
    if has_passages:
        cells.append(_write_passages(content, row["evidence"]))
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _write_passages(content: Content, ids: Sequence[str]) -> str:
    if not ids:
        return ""
    count = "1 passage" if len(ids) == 1 else f"{len(ids)} passages"
    quotes = "".join(_write_passage(content["evidence"][id]) for id in ids)
    return f"<details><summary><small>{count}</small></summary>{quotes}</details>"


def _write_passage(passage: Mapping[str, Any]) -> str:
    before, exact, after = (escape_text(passage[name]) for name in ("before", "exact", "after"))
    language = guess_language(passage["exact"], passage["in_language"])
    lang = f' lang="{escape_text(language)}"' if language else ""
    source = f"<small>{escape_text(cite_source(passage))}</small>"
    return f"<blockquote{lang}>…{before}<mark>{exact}</mark>{after}…<br>{source}</blockquote>"


def cite_source(passage: Mapping[str, Any]) -> str:
    """Return in one line where a passage stands: outlet, headline, date, file, line."""
    publisher = passage["publisher"] or "outlet unknown"
    date = passage["date"] or "no date"
    named = [part for part in (publisher, passage["headline"], date) if part]
    place = f"line {passage['line']}, characters {passage['start']}–{passage['end']}"
    return f"{', '.join(named)}. {passage['file']}, {place}"
