"""Two sets of tables -> what is different now, in a reader's words, with the pages that caused it."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

import pandas as pd

from hkresearch.analysis.views.quantities import write_quantity
from hkresearch.analysis.views.wording import (
    count_things,
    gather_ids,
    join_most,
    join_words,
    list_page_names,
    name_code,
    name_entity,
    name_pages,
    name_variable,
    shorten,
    tidy_passage,
    write_period,
)  # fmt: skip
from hkresearch.core.article import HkresearchError
from hkresearch.reconcile import diff_tables
from hkresearch.reconcile import list_positions as list_standing
from hkresearch.tables.previous_build import place_earlier
from hkresearch.tables.select_rows import choose_where
from hkresearch.tables.text_columns import is_among

if TYPE_CHECKING:
    from hkresearch.tables.tables import Tables

PAGE_COLUMNS = ["change", "page", "headline", "what"]
POSITION_COLUMNS = [
    "organisation",
    "before",
    "before_evidence",
    "now",
    "now_evidence",
    "because_of",
]
CLAIM_COLUMNS = ["about", "question", "claim", "what_changed", "because_of", "evidence"]
PERIOD = re.compile(r"(\d{4}(?:-\d{2})*(?:/\d{4}(?:-\d{2})*)?)")
TOLD = (
    "status",
    "n_articles",
    "n_origins",
    "joined",
    "subject",
    "code",
    "text",
    "first_published",
)  # in this order
WIDTH = 110  # letters of a statement
NOTHING = (
    "There is nothing to compare with yet. Add pages and type: hkresearch report. The tables of now are then the "
    "earlier ones. Or name a folder of earlier tables: hkresearch report notebooks/changes.ipynb -p previous FOLDER."
)


def read_earlier(data: str, previous: str = "") -> Tables | None:
    """Return the tables in `previous`, or, when that is empty, those that the ones in `data` replaced; None if none."""
    from hkresearch.tables.folder import find_tables
    from hkresearch.tables.read_log import ALL_TABLES, record_read
    from hkresearch.tables.tables import read_tables

    if previous:
        return read_tables(previous)
    folder = place_earlier(find_tables(data))
    try:
        if folder.is_dir():
            return read_tables(os.path.abspath(folder))
    except HkresearchError:  # written by an older version of this package
        pass
    record_read(folder, ALL_TABLES)
    return None


def join_evidence(earlier: Tables | None, tables: Tables) -> Tables:
    """Return `tables` with the passages of `earlier` on pages that are still the same: what is gone can be opened."""
    from hkresearch.tables.tables import replace_frames

    if earlier is None:
        return tables
    same = earlier.articles[["article_id", "text_sha256"]].merge(
        tables.articles[["article_id", "text_sha256"]]
    )
    marks = earlier.annotations[is_among(earlier.annotations["article_id"], same["article_id"])]
    marks = marks[~is_among(marks["annotation_id"], tables.annotations["annotation_id"])]
    passages = earlier.passages[is_among(earlier.passages["annotation_id"], marks["annotation_id"])]
    return replace_frames(
        tables,
        annotations=pd.concat([tables.annotations, marks], ignore_index=True),
        passages=pd.concat([tables.passages, passages], ignore_index=True),
    )


def _diff(earlier: Tables | None, tables: Tables, *parts: str) -> pd.DataFrame:
    return diff_tables(tables if earlier is None else earlier, tables, parts)


def list_changed_pages(earlier: Tables | None, tables: Tables) -> pd.DataFrame:
    """Return one row per page that is new, gone, or known otherwise than before."""
    changes = _diff(earlier, tables, "pages")
    names = _name_all_pages(earlier, tables)
    rows = [
        {
            "change": row.change,
            "page": names.get(row.articles, row.articles),
            "headline": row.text,
            "what": _name_fields(row.after),
        }
        for row in changes.itertuples(index=False)
    ]
    frame = pd.DataFrame(rows, columns=PAGE_COLUMNS).sort_values(
        ["change", "page"], ignore_index=True
    )
    return frame if (frame["what"] != "").any() else frame.drop(columns="what")


def _name_all_pages(earlier: Tables | None, tables: Tables) -> dict[str, str]:
    """The name of every page, those that are gone included."""
    return {**({} if earlier is None else name_pages(earlier)), **name_pages(tables)}


def _name_fields(names: str) -> str:
    known = {
        "n_body_chars": "how much of it is article",
        "n_chars": "length",
        "text_sha256": "text",
        "sha256": "file",
    }
    return ", ".join(known.get(name, name.replace("_", " ")) for name in names.split(", ") if name)


def list_changed_positions(earlier: Tables | None, tables: Tables) -> pd.DataFrame:
    """Return one row per organisation whose position in force is another one than before, or was none, or is none."""
    return _write_positions(earlier, tables, _diff(earlier, tables, "positions"))


def _write_positions(earlier: Tables | None, tables: Tables, changes: pd.DataFrame) -> pd.DataFrame:
    known = join_evidence(earlier, tables)
    evidence = [
        {}
        if source is None
        else list_standing(source).set_index("organisation")["evidence"].to_dict()
        for source in (earlier, tables)
    ]
    names = _name_all_pages(earlier, tables)
    can_open = _choose_open(known, evidence[0].values())
    rows = [
        {
            "organisation": name_entity(tables, row.subject),
            "before": _name_position(tables, row.before) or "no position",
            "before_evidence": gather_ids(
                id for id in evidence[0].get(row.subject, ()) if id in can_open
            ),
            "now": _name_position(tables, row.after) or "no position",
            "now_evidence": gather_ids(evidence[1].get(row.subject, ())),
            "because_of": list_page_names(names, filter(None, row.articles.split(";"))),
        }
        for row in changes.itertuples(index=False)
    ]
    return pd.DataFrame(rows, columns=POSITION_COLUMNS).sort_values(
        "organisation", ignore_index=True
    )


def _choose_open(known: Tables, found: Iterable[Iterable[str]]) -> set[str]:
    """The ids in the lists `found` that are annotations of `known`, which has many more."""
    ids = {id for ids in found for id in ids}
    return set(
        choose_where(known.annotations, ["annotation_id"], "annotation_id", ids)["annotation_id"]
    )


def _name_position(tables: Tables, code: str) -> str:
    position, _, modality = code.partition(" ")
    return f"{name_code(tables, 'position', position)} {modality}".strip()


def list_changed_claims(earlier: Tables | None, tables: Tables) -> pd.DataFrame:
    """Return one row per claim that stood before and stands now, but is contested, corroborated or worded otherwise."""
    changes = _diff(earlier, tables, "claims")
    kept = changes[changes["change"] == "changed"]
    phrases, causes = defaultdict(list), defaultdict(list)
    for row in (
        kept.assign(rank=kept["what"].map(TOLD.index))
        .sort_values("rank", kind="stable")
        .itertuples(index=False)
    ):
        phrases[row.claim_id].append(_describe_change(row))
        causes[row.claim_id].append(row.articles)
    rows = kept.drop_duplicates("claim_id")
    rows = rows.assign(articles=[";".join(causes[id]) for id in rows["claim_id"]])
    return _write_claims(
        earlier, tables, rows, {id: "; ".join(said) for id, said in phrases.items()}
    )


def list_added_claims(earlier: Tables | None, tables: Tables) -> pd.DataFrame:
    """Return one row per claim that no page made before."""
    return _list_whole_claims(earlier, tables, "added")


def list_gone_claims(earlier: Tables | None, tables: Tables) -> pd.DataFrame:
    """Return one row per claim that no page makes any more; its passages open where the page is still the same."""
    return _list_whole_claims(earlier, tables, "gone")


def _list_whole_claims(earlier: Tables | None, tables: Tables, change: str) -> pd.DataFrame:
    changes = _diff(earlier, tables, "claims")
    rows = changes[(changes["change"] == change) & (changes["what"] == "claim")]
    return _write_claims(earlier, tables, rows, {}).drop(columns="what_changed")


def _write_claims(
    earlier: Tables | None, tables: Tables, changes: pd.DataFrame, phrases: dict[str, str]
) -> pd.DataFrame:
    names, now, before = (
        _name_all_pages(earlier, tables),
        _Finder(tables, changes),
        _Finder(earlier or tables, changes),
    )
    found = [
        (before if row.change == "gone" else now).find(row)
        for row in changes.itertuples(index=False)
    ]
    can_open = _choose_open(join_evidence(earlier, tables), found)
    rows = [
        {
            "about": name_entity(tables, row.subject) or "nobody named",
            "question": name_variable(tables, row.variable),
            "claim": name_claim(tables, row.variable, row.code, row.text),
            "what_changed": phrases.get(row.claim_id, ""),
            "because_of": list_page_names(names, _list_causes(row))
            or "a decision, or the codebook",
            "evidence": gather_ids(id for id in ids if id in can_open),
        }
        for row, ids in zip(changes.itertuples(index=False), found, strict=True)
    ]
    frame = pd.DataFrame(rows, columns=CLAIM_COLUMNS, dtype=object)
    calm = ~frame["what_changed"].astype(str).str.startswith("now contested")
    frame = frame.assign(calm=calm).sort_values(
        ["calm", "about", "question", "claim"], ignore_index=True
    )
    return frame.drop(columns="calm")


class _Finder:
    """Finds the passages of one set of tables that show a change."""

    def __init__(self, tables: Tables, changes: pd.DataFrame) -> None:
        asked, claims = (
            changes[changes["variable"] != "statement"],
            tables.claims[["claim_id", "subject", "variable"]],
        )
        near = claims.merge(asked[["subject", "variable"]].drop_duplicates())
        self.near = {
            key: list(ids) for key, ids in near.groupby(["subject", "variable"])["claim_id"]
        }
        columns, wanted = (
            ["claim_id", "annotation_id", "article_id"],
            {*changes["claim_id"], *near["claim_id"]},
        )
        rows = choose_where(tables.appearances, columns, "claim_id", wanted).sort_values(
            ["article_id", "annotation_id"]
        )
        self.of_claim: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for claim, id, page in zip(*(rows[name].to_list() for name in columns), strict=True):
            self.of_claim[claim].append((id, page))

    def find(self, row) -> list[str]:
        """The claim's passages on the pages that changed it, else theirs on the same question, else all of its own."""
        own, pages = self.of_claim.get(row.claim_id, []), set(_list_causes(row))
        here = [id for id, page in own if page in pages]
        if not here and row.variable != "statement":
            near = self.near.get((row.subject, row.variable), [])
            here = [
                id for claim in near for id, page in self.of_claim.get(claim, ()) if page in pages
            ]
        return here or [id for id, _ in own]


def _list_causes(change) -> list[str]:
    return sorted({id for id in change.articles.split(";") if id})


def _describe_change(row) -> str:
    if row.what == "status":
        return f"now {row.after}, was {row.before}"
    if row.what in ("n_articles", "n_origins"):
        thing = "page" if row.what == "n_articles" else "origin"
        return f"{count_things(int(row.after), thing)}, was {row.before}"
    if row.what == "joined":
        return f"takes in “{shorten(tidy_passage(row.before), WIDTH)}”, which stood alone"
    if row.what == "text":
        return "worded otherwise by most pages"
    if row.what == "first_published":
        return (
            f"first published {row.after or 'without a date'}, was {row.before or 'without a date'}"
        )
    return f"{row.what}: {row.before} → {row.after}"


def name_claim(tables: Tables, variable: str, code: str, text: str) -> str:
    """Return what a claim says: a statement in its words, a number with unit and period, a code by its label."""
    if variable == "statement":
        return f"“{shorten(tidy_passage(text), WIDTH)}”"
    if variable == "position":
        return _name_position(tables, code)
    number, _, rest = code.partition(" ")
    if rest and re.fullmatch(r"\d+(\.\d+)?", number):
        words = [word for word in rest.split(" ") if not PERIOD.fullmatch(word)]
        periods = [write_period(word) for word in rest.split(" ") if PERIOD.fullmatch(word)]
        return ", ".join(
            [write_quantity(float(number), words[0] if words else ""), *words[1:], *periods]
        )
    return name_code(tables, variable, code)


def summarise_changes(earlier: Tables | None, tables: Tables) -> tuple[str, list[str]]:
    """Return in one sentence, with its evidence, what is different from the earlier tables; else how to compare."""
    if earlier is None:
        return NOTHING, []
    changes = _diff(earlier, tables, "pages", "claims", "positions")
    if changes.empty:
        return (
            f"Nothing: the earlier tables, of {count_things(len(earlier.articles), 'page')}, say the same.",
            [],
        )
    counts = changes.groupby(["what", "change"]).size().to_dict()
    claims = changes[~changes["what"].isin(["page", "position"])]
    kinds = {"new": counts.get(("claim", "added"), 0), "gone": counts.get(("claim", "gone"), 0)}
    kinds["changed"] = claims[claims["change"] == "changed"]["claim_id"].nunique()
    doubts = claims[(claims["what"] == "status") & (claims["after"] == "contested")][
        "claim_id"
    ].nunique()
    said = [
        _list_counts(
            "page", {verb: counts.get(("page", verb), 0) for verb in ("added", "gone", "changed")}
        ),
        _list_counts("claim", kinds) + (f", {doubts} of them now contested" if doubts else ""),
    ]
    positions = _write_positions(earlier, tables, changes[changes["what"] == "position"])
    moves = join_most(
        positions, "now_evidence", lambda row: f"{row.organisation} ({row.before} → {row.now})"
    )
    said.append(f"another position in force: {moves}" if moves else "no other position in force")
    text = f"Compared with the earlier tables ({count_things(len(earlier.articles), 'page')}): {'; '.join(said)}."
    return text, gather_ids(id for ids in positions["now_evidence"] for id in ids)


def _list_counts(thing: str, counts: dict[str, int]) -> str:
    """ "2 pages added and 1 gone" in words, or that they are the same."""
    found = [(kind, n) for kind, n in counts.items() if n]
    if not found:
        return f"the same {thing}s"
    first, n = found[0]
    return join_words(
        [f"{count_things(n, thing)} {first}", *(f"{n} {kind}" for kind, n in found[1:])]
    )
