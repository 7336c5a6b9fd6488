"""Tables and the passages that reports cite -> the tables as they are published, within the budget of every page."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..exhibit import find_evidence
from .budget import Pages, limit_frames, read_pages
from .windows import GAP

if TYPE_CHECKING:
    from pandas import DataFrame

    from ..tables import Tables

# Labels that tile a page quote all of it: what is published of them is where they stand, not the page once more.
WHOLE_PAGE = ("part", "confidence")


def limit_tables(tables: Tables, cited: Collection[str], pages: Pages | None = None) -> Tables:
    """Return `tables` as published: the words of passages that no report cites are left out, long ones shortened.

    Where every passage stands stays, and so do the codes: who has the pages has the words.
    """
    from ..tables import list_frames

    marks = tables.annotations
    quoted = marks["annotation_id"].isin(cited) & ~marks["variable"].isin(WHOLE_PAGE)
    evidence = find_evidence(tables, marks["annotation_id"][quoted])
    notes = [{"id": id, **note} for id, note in evidence.items()]
    shown, limited = limit_frames(tables, notes, read_pages(tables) if pages is None else pages)
    words = {id: " ".join(filter(None, _write_words(parts))) for id, parts in shown.items()}
    spoken = set(marks["exact"][quoted])
    frames = list_frames(tables)
    frames |= {name: _limit_texts(frame, limited) for name, frame in frames.items() if name != "articles"}
    for name, key in KEYS.items():
        frames[name] = frames[name].assign(exact=[words.get(id, "") for id in frames[name][key]])
    for name in ("passages", "codings"):
        for column in ("before", "after"):
            near = [shown[id][column] if id in shown else "" for id in frames[name]["annotation_id"]]
            frames[name] = frames[name].assign(**{column: near})
    kept = tables.claims["text"].isin(spoken)
    frames["claims"] = frames["claims"].assign(text=frames["claims"]["text"].where(kept, ""))
    return replace(tables, **frames)


KEYS = {
    "annotations": "annotation_id", "quotations": "quotation_id", "positions": "position_id",
    "quantities": "quantity_id", "codings": "annotation_id",
}  # fmt: skip


def _write_words(parts: dict[str, Any]) -> tuple[str, str, str]:
    return parts["exact"], "" if parts["is_whole"] else GAP, parts["tail"]


def _limit_texts(frame: DataFrame, limited: dict[str, str]) -> DataFrame:
    changed = {
        name: frame[name].map(lambda text: limited.get(text, text) if isinstance(text, str) else text)
        for name in frame.columns
        if name not in ("exact", "before", "after") and frame[name].dtype.kind not in "iufb"
    }
    return frame.assign(**changed)
