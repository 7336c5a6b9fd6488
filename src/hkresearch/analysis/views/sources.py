"""Tables -> what was read, what was set aside as furniture, and to which origin pages go back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from hkresearch.analysis.views.wording import capitalise, count_things, gather_ids, name_pages
from hkresearch.reconcile.outlet_reports import name_outlet
from hkresearch.tables.select_rows import ROWS_AT_A_TIME, choose_rows, choose_where

if TYPE_CHECKING:
    from hkresearch.tables.tables import Tables

PAGE_COLUMNS = [
    "article_id", "headline", "headline_evidence", "publisher", "publisher_evidence",
    "date_published", "date_published_evidence", "in_language", "is_based_on", "n_quotations",
    "n_positions", "n_quantities", "note",
]  # fmt: skip
_STATED = ("headline", "publisher", "date_published")  # what a page may say of itself
PART_COLUMNS = ["page", "part", "kind", "n_parts", "n_characters", "percent"]
REMOVED_COLUMNS = ["part", "reason", "n_articles", "n_parts", "n_characters", "percent"]
ORIGIN_COLUMNS = ["origin", "page", "reason", "rests_on", "evidence"]
REASONS = {
    "own": "no link to another page found",
    "register": "the register names it",
    "publisher": "it is the publisher",
    "credit": "the page credits it",
    "statement": "it holds nothing but that statement",
    "shared passage": "the same passage stands in both",
    "reworded": "it rewords it, sentence after sentence",
    "shared quotations": "the same quotations in the same order",
    "shared error": "the same slip stands in both",
}

_UNREAD = "its language is not read"


def list_pages(tables: Tables) -> pd.DataFrame:
    """Return one row per page read: what it is and how much was found in it.

    What is not known stays empty. The column note, which says where a page's decoding was repaired,
    is left out where no page has one.
    """
    counts = {
        f"n_{name}": getattr(tables, name)["article_id"].value_counts()
        for name in ("quotations", "positions", "quantities")
    }
    stated = _find_stated(tables)
    rows = []
    for article in tables.articles.sort_values("article_id").to_dict("records"):
        id = article["article_id"]
        row = {name: article[name] for name in PAGE_COLUMNS if name in article}
        row |= {f"{name}_evidence": stated.get((id, name), []) for name in _STATED}
        rows.append(row | {name: int(found.get(id, 0)) for name, found in counts.items()})
    frame = pd.DataFrame(rows, columns=PAGE_COLUMNS)
    return frame if (frame["note"] != "").any() else frame.drop(columns="note")


def _find_stated(tables: Tables) -> dict[tuple[str, str], list[str]]:
    """Return (article_id, column) -> the first annotation of the page that agrees with it."""
    columns = ["annotation_id", "article_id", "start", "subject", "variable", "code"]
    marks = choose_where(tables.annotations, columns, "variable", _STATED)
    marks = marks[marks["subject"] == marks["article_id"]]
    known = tables.articles.set_index("article_id")
    found: dict[tuple[str, str], list[str]] = {}
    for mark in marks.sort_values(["article_id", "start"]).itertuples(index=False):
        if mark.article_id in known.index and mark.code == known.at[mark.article_id, mark.variable]:
            found.setdefault((mark.article_id, mark.variable), [mark.annotation_id])
    return found


def list_refused(tables: Tables) -> pd.DataFrame:
    """Return the registered pages that could not be read, each with its reason."""
    return tables.refused[["file", "reason"]].sort_values(["file", "reason"], ignore_index=True)


def list_parts(tables: Tables) -> pd.DataFrame:
    """Return one row per page and kind of part: how many, how long, what percentage of the page."""
    names, book, parts = name_pages(tables), tables.codebook.get("parts", {}), _read_parts(tables)
    total = parts.groupby("article_id")["length"].sum().to_dict()
    lengths = parts.groupby(["article_id", "code"], sort=True)["length"].agg(["size", "sum"])
    rows = [
        {
            "page": names.get(article_id, article_id),
            "part": _label_part(tables, code),
            "kind": book.get(code, {}).get("kind", "furniture"),
            "n_parts": n,
            "n_characters": length,
            "percent": round(100 * length / total[article_id], 1),
        }
        for (article_id, code), n, length in zip(
            lengths.index, lengths["size"].tolist(), lengths["sum"].tolist(), strict=True
        )
    ]
    frame = pd.DataFrame(rows, columns=PART_COLUMNS)
    return frame.sort_values(
        ["page", "kind", "n_characters", "part"],
        ascending=[True, True, False, True],
        ignore_index=True,
    )


def _read_parts(tables: Tables) -> pd.DataFrame:
    """Return the parts with something in them; lines of white space belong to nobody."""
    marks = tables.annotations
    pieces = (
        marks[["variable", "exact"]].iloc[n : n + ROWS_AT_A_TIME]
        for n in range(0, max(1, len(marks)), ROWS_AT_A_TIME)
    )
    is_part = pd.concat(
        (piece["variable"] == "part") & (piece["exact"].str.strip() != "") for piece in pieces
    )
    parts = choose_rows(marks[["article_id", "code", "start", "end"]], is_part)
    return parts.assign(length=(parts["end"] - parts["start"]).astype(int))


def _label_part(tables: Tables, code: str) -> str:
    part = tables.codebook.get("parts", {}).get(code, {})
    return str(part.get("label", code.replace("_", " ")))


def list_removed(tables: Tables) -> pd.DataFrame:
    """Return one row per kind of furniture: why it was set aside, in how many pages, how much."""
    book, parts = tables.codebook.get("parts", {}), _read_parts(tables)
    total = max(1, int(parts["length"].sum()))
    rows = [
        {
            "part": _label_part(tables, code),
            "reason": book.get(code, {}).get("why", ""),
            "n_articles": group["article_id"].nunique(),
            "n_parts": len(group),
            "n_characters": int(group["length"].sum()),
            "percent": round(100 * int(group["length"].sum()) / total, 1),
        }
        for code, group in parts.groupby("code", sort=True)
        if book.get(code, {}).get("kind", "furniture") != "article"
    ]
    frame = pd.DataFrame(rows, columns=REMOVED_COLUMNS)
    frame = frame.sort_values(["n_characters", "part"], ascending=[False, True], ignore_index=True)
    return frame if (frame["reason"] != "").any() else frame.drop(columns="reason")


def list_links(tables: Tables) -> pd.DataFrame:
    """Return one row per page and reason why its reporting is counted under an origin."""
    names = name_pages(tables)
    origins, unread = name_origins(tables, names), find_unread(tables)
    rows = [
        {
            "origin": origins[link.origin_id],
            "page": names.get(link.article_id, link.article_id),
            "reason": _say_reason(link.reason, link.article_id in unread),
            "rests_on": names.get(link.evidence, link.evidence),
            "evidence": gather_ids([link.annotation_id]),
        }
        for link in tables.origins.itertuples(index=False)
    ]
    return pd.DataFrame(rows, columns=ORIGIN_COLUMNS).sort_values(
        ORIGIN_COLUMNS[:4], ignore_index=True
    )


def _say_reason(reason: str, is_unread: bool) -> str:
    if is_unread and reason in ("own", "publisher"):
        return _UNREAD
    return REASONS.get(reason, reason)


def find_unread(tables: Tables) -> set[str]:
    """Return the ids of the pages in a language for which the codebook has no words."""
    languages = tables.codebook.get("languages", ())
    articles = tables.articles
    tags = dict(zip(articles["article_id"], articles["in_language"].fillna(""), strict=True))
    if not languages:
        return set()
    return {id for id, tag in tags.items() if tag and tag.lower().split("-")[0] not in languages}


def name_origins(tables: Tables, names: Mapping[str, str]) -> dict[str, str]:
    """Return what a reader calls each origin: an outlet as the pages write it, else the page.

    `names` are those of pages, by their ids.
    """
    agencies = tables.codebook.get("reconcile", {}).get("agencies", {})
    written = {label.casefold().removeprefix("the "): label for label in sorted(agencies)}
    articles = tables.articles
    found = {*articles["publisher"], *articles["is_based_on"], *tables.origins["evidence"]}
    for name in sorted(map(str, found)):
        written.setdefault(name.casefold(), name)
    found_names = {}
    for id in tables.origins["origin_id"]:
        outlet = name_outlet(id)
        name = names.get(outlet) or written.get(outlet.casefold()) or tables.label_of(outlet)
        found_names[id] = name + id.removeprefix(outlet)
    return found_names


def list_makings(tables: Tables) -> pd.DataFrame:
    """Return what the tables were made of: codebook, pages, coders, a person's decisions."""
    book, marks = tables.codebook, tables.annotations
    rows = [
        ("codebook", f"{book.get('label') or book.get('id', '')}"),
        ("pages", f"{len(tables.articles):,} read, {len(tables.refused):,} refused"),
        ("decisions of a person", str(len(tables.decisions))),
    ]
    for coder, counts in marks[["coder", "variable"]].value_counts().groupby("coder", sort=True):
        variables = sorted(variable for _, variable in counts.index)
        n_annotations = count_things(counts.sum(), "annotation")
        rows.append((f"coder {coder}", f"{n_annotations}: {', '.join(variables)}"))
    return pd.DataFrame(rows, columns=["what", "value"])


def list_decisions(tables: Tables) -> pd.DataFrame:
    """Return the corrections by hand that the build applied, each with its reason."""
    return tables.decisions[
        ["line", "target", "decision", "reason", "coder", "date", "n_matched"]
    ].sort_values("line", ignore_index=True)


def summarise_sources(tables: Tables) -> tuple[str, list[str]]:
    """Return in a sentence or two how many pages and origins there are and what was set aside."""
    if tables.articles.empty:
        refused = count_things(len(tables.refused), "page")
        return f"No page was read; {refused} refused.", []
    n_chars = int(tables.articles["n_chars"].sum())
    n_removed = n_chars - int(tables.articles["n_body_chars"].sum())
    n_pages = count_things(len(tables.articles), "page")
    n_origins = count_things(tables.origins["origin_id"].nunique(), "independent origin")
    text = (
        f"{n_pages} read, {len(tables.refused) or 'none'} refused; {n_origins}; "
        f"{round(100 * n_removed / max(1, n_chars))} % of the text set aside "
        "as not part of an article."
    )
    if unread := find_unread(tables):
        verb = "is" if len(unread) == 1 else "are"
        text += f" {capitalise(count_things(len(unread), 'page'))} {verb} in a language not read."
    undated = tables.articles[tables.articles["date_published"] == ""]["article_id"]
    if len(undated):
        text += f" {capitalise(count_things(len(undated), 'page'))} without a date."
    return text, []
