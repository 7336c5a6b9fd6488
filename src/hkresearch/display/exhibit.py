"""A view, a Figure or a sentence, with the tables it came from -> an Exhibit that any notebook front end can show.

An exhibit travels inside the notebook as `application/vnd.hkresearch.exhibit+json`; the report's HTML and PDF are both
set from that. `text/html` serves JupyterLab and plain nbconvert, `text/plain` everything else.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hkresearch.core.article import HkresearchError
from hkresearch.core.safe_text import (
    FORMULA_STARTS,
    escape_text,
    guess_language,
    is_number,
    neutralise_cell,
)
from hkresearch.display.values import _is_missing, write_value

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

    from hkresearch.tables.tables import Tables

MIME = "application/vnd.hkresearch.exhibit+json"
HIDDEN = "evidence"
MOST_ROWS = 300  # of a table that are set; what is left out is said, and stands in the CSV
MOST_CITED = (
    100,
    50,
    20,
    10,
    5,
    3,
    2,
    1,
)  # passages of one cell, row or answer that are cited, likewise: the most with
MOST_PASSAGES = 500  # of a table or figure in all, where there is a choice
MOST_DATA = 5_000  # rows of the CSV that a report carries
MOST_LISTED = (
    1_000,
    500,
    200,
    100,
    50,
    20,
    10,
    5,
    2,
    1,
)  # passages of a cell that it names, the most with
MOST_IDS = 20_000  # in all, where there is a choice
CSV_ROWS = 20_000  # of a table that are in memory once more while it is written
CHANGED = re.compile(
    r"(\[-|\{\+)(.+?)(-\]|\+\})", re.DOTALL
)  # as views.list_wordings marks what differs
COUNTED = re.compile(
    r"(\d) (pages?|origins?|passages?)\b"
)  # a count and what it counts stay on one line
# Of a page, what its passages are shown with.
PAGE_COLUMNS = [
    "article_id", "headline", "publisher", "file", "sha256", "text_sha256", "in_language", "date_published",
    "n_body_chars",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One answer, table or figure of a report, with every passage it rests on; `content` is plain JSON."""

    content: Mapping[str, Any] = field(repr=False)

    def __repr__(self) -> str:
        return write_plain(self.content)

    def _repr_html_(self) -> str:
        return write_html(self.content)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return {
            MIME: dict(self.content),
            "text/html": write_html(self.content),
            "text/plain": write_plain(self.content),
        }


def show_answer(text: str, *, tables: Tables, evidence: Iterable[str] = ()) -> Exhibit:
    """Return the one-line answer to the report's question, with its evidence; the index of reports prints it.

    >>> hk.show_answer("One page says so.", tables=tables, evidence=[marks[0].id])
    One page says so.
    """
    ids, text = _read_ids(evidence), " ".join(str(text).split())
    if len(ids) > MOST_CITED[0]:
        text += f" (Cited are {MOST_CITED[0]} of {len(ids):,} passages.)"
    ids = ids[: MOST_CITED[0]]
    return Exhibit(
        {
            "kind": "answer",
            "title": "Answer",
            "text": text,
            "ids": ids,
            "evidence": find_evidence(tables, ids),
        }
    )


def show_table(view: DataFrame, *, title: str, tables: Tables, note: str = "") -> Exhibit:
    """Return `view` as a numbered table; its column `evidence` belongs to the row, `<x>_evidence` to the cell x.

    Both hold annotation ids, are never shown as columns, and open their passages in place. An empty view is shown as
    such, so that a report never loses a table silently.

    >>> hk.show_table(hk.views.list_pages(tables), title="Pages", tables=tables)
    Table: Pages (... rows, ... passages)
    """
    content = {"kind": "table", "title": title, **_lay_out(view, note)}
    return Exhibit({**content, "evidence": find_evidence(tables, list_ids(content))})


def show_figure(
    figure: Figure, *, title: str, alt: str, data: DataFrame, tables: Tables, note: str = ""
) -> Exhibit:
    """Return `figure` as a numbered vector figure with its text alternative and the rows it was drawn from.

    An artist with `set_gid("evidence:<annotation id>")` becomes a mark that opens that passage.

    >>> view = hk.views.list_quantities(tables)
    >>> alt = hk.charts.describe_quantities(view)
    >>> hk.show_figure(hk.charts.draw_quantities(view), title="Numbers", alt=alt, data=view, tables=tables)
    Figure: Numbers (... rows, ... passages)
    """
    if not alt.strip():
        raise HkresearchError(
            f"The figure {title!r} has no text alternative: pass alt='what the chart shows, in words'."
        )
    from hkresearch.display.svg import list_drawn_texts, write_svg

    drawn = {
        "kind": "figure",
        "title": title,
        "alt": " ".join(alt.split()),
        "svg": write_svg(figure),
    }
    drawn["drawn"] = list_drawn_texts(figure)
    content = {**drawn, **_lay_out(data, note)}
    return Exhibit({**content, "evidence": find_evidence(tables, list_ids(content))})


# ------------------------------------------------------------------------------------------------ rows and cells


def _lay_out(view: DataFrame, note: str) -> dict[str, Any]:
    names = [str(name) for name in view.columns]
    shown = [
        n
        for n in names
        if n != HIDDEN and not (n.endswith("_" + HIDDEN) and n.removesuffix("_" + HIDDEN) in names)
    ]
    records = view.set_axis(names, axis=1).to_dict("records")
    rows = [
        {
            "cells": [
                {"text": write_value(r[n]), "evidence": _read_ids(r.get(f"{n}_{HIDDEN}"))}
                for n in shown
            ],
            "evidence": _read_ids(r.get(HIDDEN)),
        }
        for r in records[:MOST_ROWS]
    ]
    data = records[:MOST_DATA]
    sizes = [
        len(_read_ids(record[name])) for record in data for name in names if name.endswith(HIDDEN)
    ]
    listed = next(
        (most for most in MOST_LISTED if sum(min(size, most) for size in sizes) <= MOST_IDS),
        MOST_LISTED[-1],
    )
    notes = [note, *_shorten_rows(rows, len(records), listed, max(sizes, default=0))]
    columns = [
        {"name": n, "label": label_column(n), "numeric": _is_numeric(rows, i)}
        for i, n in enumerate(shown)
    ]
    return {
        "note": " ".join(filter(None, notes)),
        "columns": columns,
        "rows": rows,
        "csv": write_csv(names, data, listed),
    }


def _shorten_rows(
    rows: list[dict[str, Any]], n_rows: int, listed: int, longest_listed: int
) -> Iterator[str]:
    """Leave of the passages of a cell or row so many as are cited, and say what the table leaves out, if anything.

    Its CSV names `listed` of a cell, of which one has `longest_listed`.
    """
    if n_rows > len(rows):
        data = (
            "them all"
            if n_rows <= MOST_DATA
            else f"the first {MOST_DATA:,}, the view in the notebook all"
        )
        yield f"Shown are the first {len(rows)} of {n_rows:,} rows; the CSV file has {data}."
    cited = [place for row in rows for place in (row, *row["cells"])]
    most = _choose_most([place["evidence"] for place in cited])
    longest = max((len(place["evidence"]) for place in cited), default=0)
    if longest > most:
        many, first = (f"{most} passages", f"{most} are") if most > 1 else ("one passage", "is")
        them = (
            "them all"
            if longest_listed <= listed
            else f"the first {listed:,}, the table appearances all"
        )
        yield f"Where more than {many} say{'s' * (most == 1)} the same, the first {first} cited; the CSV file names {them}."
    elif longest_listed > listed:
        yield f"Of a row's passages the CSV file names the first {listed:,}, the table appearances all."
    for place in cited:
        place["evidence"] = place["evidence"][:most]


def _choose_most(evidence: Sequence[list[str]]) -> int:
    """Return how many passages of one place are cited, so that they are not more than MOST_PASSAGES in all."""
    for most in MOST_CITED:
        if len({id for ids in evidence for id in ids[:most]}) <= MOST_PASSAGES:
            return most
    return most


# What a reader calls what a column's name does not say to everybody.
LABELS = {
    "n_articles": "Pages", "pages": "Found in", "article_id": "Page", "in_language": "Language", "is_based_on": "Based on",
    "date_published": "Published",
}  # fmt: skip


def label_column(name: str) -> str:
    """Return the heading of the column `name`: words instead of underscores, the `n_` of counts left out."""
    if name in LABELS:
        return LABELS[name]
    words = name.removeprefix("n_").replace("_", " ").strip() or name
    return words[:1].upper() + words[1:]


def _is_numeric(rows: list[dict], column: int) -> bool:
    texts = [row["cells"][column]["text"] for row in rows if row["cells"][column]["text"]]
    return bool(texts) and all(
        is_number(text.replace(",", "").removesuffix("%").strip()) for text in texts
    )


def write_csv(names: list[str], records: list[dict[str, Any]], listed: int = MOST_LISTED[0]) -> str:
    """Return the rows as CSV, of lists of passages the first `listed`.

    A cell that a spreadsheet could take for a formula gets a leading apostrophe.
    """
    columns = [
        [_write_csv_value(record[name], name, listed) for record in records] for name in names
    ]
    return _write_rows([names]) + _write_rows(zip(*columns, strict=True))


def write_frame_csv(frame: DataFrame) -> Iterator[str]:
    """Yield the rows of `frame` as `write_csv` writes them, some at a time."""
    names = [str(name) for name in frame.columns]
    yield _write_rows([names])
    for start in range(0, len(frame), CSV_ROWS):
        piece = frame.iloc[start : start + CSV_ROWS]
        columns = [_list_csv_values(piece.iloc[:, n], name) for n, name in enumerate(names)]
        yield _write_rows(zip(*columns, strict=True))


def _write_rows(rows: Iterable[Iterable[str]]) -> str:
    stream = io.StringIO()
    starts = frozenset(FORMULA_STARTS)
    csv.writer(stream, lineterminator="\r\n").writerows(
        [neutralise_cell(text) if text[:1] in starts else text for text in row] for row in rows
    )
    return stream.getvalue()


def _list_csv_values(column: Any, name: str) -> list[str]:
    values = column.to_list()
    is_text = column.dtype == "str" and not name.endswith(HIDDEN) and not column.hasnans
    return values if is_text else [_write_csv_value(value, name) for value in values]


def _write_csv_value(value: Any, name: str, listed: int = MOST_LISTED[0]) -> str:
    if name.endswith(HIDDEN):
        return ";".join(_read_ids(value)[:listed])
    return (
        str(value)
        if isinstance(value, (int, float)) and not _is_missing(value)
        else write_value(value)
    )


# ------------------------------------------------------------------------------------------------------ evidence


def _read_ids(value: Any) -> list[str]:
    if _is_missing(value):
        return []
    parts = (
        value.replace(",", ";").split(";")
        if isinstance(value, str)
        else [str(part) for part in value]
    )
    return list(dict.fromkeys(part.strip() for part in parts if part.strip()))


def list_ids(content: Mapping[str, Any]) -> list[str]:
    """Return every annotation id that an exhibit cites, once each, in reading order."""
    ids = list(content.get("ids", ()))
    for row in content.get("rows", ()):
        for cell in row["cells"]:
            ids += cell["evidence"]
        ids += row["evidence"]
    return list(dict.fromkeys(ids))


def find_evidence(tables: Tables, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return each annotation's passage and source, by id; an id that is in no table raises HkresearchError."""
    ids = list(ids)
    if not ids:
        return {}
    records = _pick_rows(tables.annotations, "annotation_id", ids)
    if len(records) < len(ids):  # only who cites what a person coded reads that table
        records |= _pick_rows(tables.codings, "annotation_id", ids)
    passages = _pick_rows(tables.passages, "annotation_id", ids)
    cited = {record["article_id"] for record in records.values()}
    pages = _pick_rows(tables.articles[PAGE_COLUMNS], "article_id", cited)
    if unknown := [id for id in ids if id not in records]:
        raise HkresearchError(
            f"No annotation {', '.join(unknown[:5])} in the tables. The view and the tables come from different builds; "
            "type: hkresearch build"
        )
    whole = {
        id: pages.get(records[id]["article_id"], {}) | passages.get(id, {}) | records[id]
        for id in ids
    }
    return {id: _describe_source(record) for id, record in whole.items()}


def _pick_rows(frame: DataFrame, key: str, values: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return the rows whose `key` is among `values`, by it: joining frames costs more than so few rows."""
    from hkresearch.tables.select_rows import choose_where

    return {
        row[key]: row for row in choose_where(frame, frame.columns, key, values).to_dict("records")
    }


def _describe_source(record: Mapping[str, Any]) -> dict[str, Any]:
    texts = (
        "exact",
        "before",
        "after",
        "article_id",
        "headline",
        "publisher",
        "file",
        "sha256",
        "text_sha256",
        "in_language",
    )
    described = {name: "" if _is_missing(record.get(name)) else str(record[name]) for name in texts}
    described["date"] = (
        "" if _is_missing(record.get("date_published")) else str(record["date_published"])
    )
    for name in ("line", "start", "end"):
        described[name] = 0 if _is_missing(record.get(name)) else int(record[name])
    for name in ("coder", "subject", "variable", "code"):
        described[name] = "" if _is_missing(record.get(name)) else str(record[name])
    size = record.get("n_body_chars")
    described["n_body_chars"] = 0 if _is_missing(size) else int(size)
    described["is_own"] = described["variable"] == "quotation" and described["code"] in (
        "direct",
        "mixed",
    )
    return described


# ------------------------------------------------------------------------------------------- text that cannot act


# ---------------------------------------------------------------------------------- what a plain front end shows


def write_plain(content: Mapping[str, Any]) -> str:
    """Return an exhibit as plain text: the answer, or the title and the size of what is shown."""
    if content["kind"] == "answer":
        return content["text"]
    size = f"{len(content['rows'])} rows, {len(content['evidence'])} passages"
    return f"{content['kind'].capitalize()}: {content['title']} ({size})"


def write_html(content: Mapping[str, Any]) -> str:
    """Return an exhibit as self-contained HTML for JupyterLab and plain nbconvert; passages open in place."""
    from hkresearch.core.safe_text import NO_FORMULAS

    return f'<div class="{NO_FORMULAS}">{_write_body(content)}</div>'


def _write_body(content: Mapping[str, Any]) -> str:
    if content["kind"] == "answer":
        return f"<p><strong>{escape_text(content['text'])}</strong></p>{_write_notes(content, content['ids'])}"
    parts = []
    if content["kind"] == "figure":
        from hkresearch.display.svg import write_data_address

        parts.append(
            f'<img src="{write_data_address(content["svg"])}" alt="{escape_text(content["alt"])}">'
        )
    table = _write_table(content)
    if content["kind"] == "figure":
        table = f"<details><summary>Data of this figure ({len(content['rows'])} rows)</summary>{table}</details>"
    note = f"<p><small>{escape_text(content['note'])}</small></p>" if content["note"] else ""
    return "".join(
        (f"<p><strong>{escape_text(content['title'])}</strong></p>", *parts, table, note)
    )


def _write_table(content: Mapping[str, Any]) -> str:
    if not content["rows"]:
        return "<p>No rows.</p>"
    has_notes = any(row["evidence"] for row in content["rows"])
    heads = [column["label"] for column in content["columns"]] + ["Evidence"] * has_notes
    lines = []
    for row in content["rows"]:
        cells = [
            escape_text(cell["text"]) + _write_notes(content, cell["evidence"])
            for cell in row["cells"]
        ]
        cells += [_write_notes(content, row["evidence"])] * has_notes
        lines.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
    head = "".join(f'<th scope="col">{escape_text(label)}</th>' for label in heads)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>"


def _write_notes(content: Mapping[str, Any], ids: list[str]) -> str:
    if not ids:
        return ""
    notes = "".join(_write_note(content["evidence"][id]) for id in ids)
    return f"<details><summary><small>{len(ids)} passage{'s' * (len(ids) > 1)}</small></summary>{notes}</details>"


def _write_note(passage: Mapping[str, Any]) -> str:
    quoted = f"{escape_text(passage['before'])}<mark>{escape_text(passage['exact'])}</mark>{escape_text(passage['after'])}"
    language = guess_language(passage["exact"], passage["in_language"])
    lang = f' lang="{escape_text(language)}"' if language else ""
    return f"<blockquote{lang}>…{quoted}…<br><small>{escape_text(cite_source(passage))}</small></blockquote>"


def cite_source(passage: Mapping[str, Any]) -> str:
    """Return where a passage stands, in one line: outlet, date, file, line, characters."""
    who = [
        passage["publisher"] or "outlet unknown",
        passage["headline"],
        passage["date"] or "no date",
    ]
    who = [part for part in who if part]
    return f"{', '.join(who)}. {locate_passage(passage)}"


def locate_passage(passage: Mapping[str, Any]) -> str:
    """Return the file, line and characters of a passage."""
    return (
        f"{passage['file']}, line {passage['line']}, characters {passage['start']}–{passage['end']}"
    )
