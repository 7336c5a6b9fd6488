"""Tables and cited passages -> the tables as published, within the budget of every page."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from hkresearch.display.exhibit_evidence import find_evidence
from hkresearch.report.quotable_pages import QuotablePages, read_quotable_pages
from hkresearch.report.quote_budget import limit_frames
from hkresearch.report.quotes import GAP
from hkresearch.tables.select_rows import choose_where
from hkresearch.tables.text_columns import is_among, replace_texts

if TYPE_CHECKING:
    from pandas import DataFrame

    from hkresearch.tables.tables import Tables

# Labels that tile a page quote all of it: what is published of them is where they stand, not the
# page once more.
WHOLE_PAGE = ("part", "confidence")
# Tables with passages -> the column of the annotation that each row is.
PASSAGE_KEYS = {
    "annotations": "annotation_id", "quotations": "quotation_id", "positions": "position_id",
    "quantities": "quantity_id", "codings": "annotation_id",
}  # fmt: skip


def limit_tables(
    tables: Tables, cited: Collection[str], pages: QuotablePages | None = None
) -> Tables:
    """Return `tables` with the words of cited passages alone, long ones shortened.

    Where every passage stands stays, and so do the codes: who has the pages has the words.
    """
    from hkresearch.tables.tables import list_frames, replace_frames

    marks = choose_where(
        tables.annotations, ["annotation_id", "variable", "exact"], "annotation_id", cited
    )
    marks = marks[~marks["variable"].isin(WHOLE_PAGE)]
    evidence = find_evidence(tables, marks["annotation_id"])
    notes = [{"id": id, **note} for id, note in evidence.items()]
    pages = read_quotable_pages(tables) if pages is None else pages
    shown, limited = limit_frames(tables, notes, pages)
    changed = {text: short for text, short in limited.items() if short != text}
    frames = list_frames(tables)
    for name in frames:
        if name != "articles":
            frames[name] = _limit_texts(frames[name], changed)
    words = {id: _write_words(parts) for id, parts in shown.items()}
    for name, key in PASSAGE_KEYS.items():
        frames[name] = frames[name].assign(exact=replace_texts(frames[name][key], words, ""))
    for name in ("passages", "codings"):
        frames[name] = _limit_context(frames[name], shown)
    is_cited = tables.claims["text"].isin(set(marks["exact"]))
    frames["claims"] = frames["claims"].assign(text=frames["claims"]["text"].where(is_cited, ""))
    return replace_frames(tables, **frames)


def _limit_context(frame: DataFrame, shown: Mapping[str, Mapping[str, Any]]) -> DataFrame:
    """Return `frame` with as much of the words around each passage as is `shown`."""
    context = {}
    for column in ("before", "after"):
        words = {id: parts[column] for id, parts in shown.items()}
        context[column] = replace_texts(frame["annotation_id"], words, "")
    return frame.assign(**context)


def _write_words(parts: Mapping[str, Any]) -> str:
    """Return what is shown of a passage, with a gap where its middle is left out."""
    gap = "" if parts["is_whole"] else GAP
    return " ".join(filter(None, (parts["exact"], gap, parts["tail"])))


def _limit_texts(frame: DataFrame, changed: dict[str, str]) -> DataFrame:
    """Return `frame` with the texts that are `changed`.

    A column that has none of them is not touched.
    """
    limited = {}
    for name in frame:
        is_text = frame[name].dtype.kind not in "iufb"
        if name in ("exact", "before", "after") or not is_text:
            continue
        if is_among(frame[name], changed).any():
            limited[name] = replace_texts(frame[name], changed, frame[name])
    return frame.assign(**limited)
