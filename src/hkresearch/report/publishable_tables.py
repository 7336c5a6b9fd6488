"""Tables and the passages that reports cite -> the tables as they are published, within the budget
of every page.
"""

from __future__ import annotations

from collections.abc import Collection
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


def limit_tables(
    tables: Tables, cited: Collection[str], pages: QuotablePages | None = None
) -> Tables:
    """Return `tables` as published: the words of passages that no report cites are left out, long
    ones shortened.

    Where every passage stands stays, and so do the codes: who has the pages has the words.
    """
    from hkresearch.tables.tables import list_frames, replace_frames

    marks = choose_where(
        tables.annotations, ["annotation_id", "variable", "exact"], "annotation_id", cited
    )
    marks = marks[~marks["variable"].isin(WHOLE_PAGE)]
    evidence = find_evidence(tables, marks["annotation_id"])
    notes = [{"id": id, **note} for id, note in evidence.items()]
    shown, limited = limit_frames(
        tables, notes, read_quotable_pages(tables) if pages is None else pages
    )
    words = {id: " ".join(filter(None, _write_words(parts))) for id, parts in shown.items()}
    changed = {text: short for text, short in limited.items() if short != text}
    frames = list_frames(tables)
    frames |= {
        name: _limit_texts(frame, changed) for name, frame in frames.items() if name != "articles"
    }
    for name, key in KEYS.items():
        frames[name] = frames[name].assign(exact=replace_texts(frames[name][key], words, ""))
    for name in ("passages", "codings"):
        for column in ("before", "after"):
            near = {id: parts[column] for id, parts in shown.items()}
            frames[name] = frames[name].assign(
                **{column: replace_texts(frames[name]["annotation_id"], near, "")}
            )
    kept = tables.claims["text"].isin(set(marks["exact"]))
    frames["claims"] = frames["claims"].assign(text=frames["claims"]["text"].where(kept, ""))
    return replace_frames(tables, **frames)


KEYS = {
    "annotations": "annotation_id", "quotations": "quotation_id", "positions": "position_id",
    "quantities": "quantity_id", "codings": "annotation_id",
}  # fmt: skip


def _write_words(parts: dict[str, Any]) -> tuple[str, str, str]:
    return parts["exact"], "" if parts["is_whole"] else GAP, parts["tail"]


def _limit_texts(frame: DataFrame, changed: dict[str, str]) -> DataFrame:
    """Return `frame` with the texts that are `changed`.

    A column that has none of them is not touched.
    """
    names = [
        name
        for name in frame
        if name not in ("exact", "before", "after") and frame[name].dtype.kind not in "iufb"
    ]
    touched = [name for name in names if is_among(frame[name], changed).any()]
    return frame.assign(
        **{name: replace_texts(frame[name], changed, frame[name]) for name in touched}
    )
