"""Two sets of tables -> what changed between them, and the pages that caused it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

import pandas as pd

from hkresearch.reconcile.current_positions import list_current_positions
from hkresearch.tables.select_rows import choose_where

_WATCHED = ("subject", "code", "text", "n_articles", "n_origins", "first_published", "status")
_DIFF_COLUMNS = [
    "change",
    "what",
    "claim_id",
    "subject",
    "variable",
    "code",
    "text",
    "before",
    "after",
    "articles",
]
_CARRIERS = ["claim_id", "annotation_id", "article_id"]


def diff_tables(
    old: Any, new: Any, parts: Collection[str] = ("pages", "claims", "positions")
) -> pd.DataFrame:
    """Return one row per thing that differs between two builds, in a fixed order.

    `parts` says what is compared: pages, claims and all that is known of them, the positions in
    force.

    `change` is added, gone or changed. `what` is page, claim, status, text (of a statement),
    n_articles, n_origins, first_published, joined (a claim is part of another now), or position
    (the one in force). `articles` lists the pages that caused it, joined with ';': those that are
    new, gone or have other annotations; where there is none, a person's decision or the codebook
    did.
    """
    parts = () if old is new else parts
    touched = _find_touched_pages(old, new) if parts else set()
    rows = _diff_pages(old, new) if "pages" in parts else []
    rows += _diff_claims(old, new, touched) if "claims" in parts else []
    rows += _diff_positions(old, new, touched) if "positions" in parts else []
    return pd.DataFrame(rows, columns=_DIFF_COLUMNS).sort_values(
        ["what", "change", "variable", "subject", "claim_id", "before", "after"], ignore_index=True
    )


def _find_touched_pages(old: Any, new: Any) -> set[str]:
    marks = _find_unlike(old.annotations, new.annotations, ["annotation_id", "article_id", "code"])
    return {*marks["article_id"], *_find_unlike(old.articles, new.articles)["article_id"]}


def _find_unlike(
    old: pd.DataFrame, new: pd.DataFrame, columns: Sequence[str] | None = None
) -> pd.DataFrame:
    """The rows, or what they have in `columns`, that only one of two frames holds; neither holds a row twice."""
    columns = list(columns or new.columns)
    return pd.concat([old[columns], new[columns]]).drop_duplicates(keep=False)


def _diff_pages(old: Any, new: Any) -> list[tuple]:
    unlike = set(_find_unlike(old.articles, new.articles)["article_id"])
    before, after = (_index_rows(tables.articles, "article_id", unlike) for tables in (old, new))
    rows = []
    for id in sorted(unlike):
        row = after.get(id) or before[id]
        if id not in before or id not in after:
            change = "added" if id in after else "gone"
            rows.append((change, "page", "", "", "", "", row.headline, "", "", id))
        else:
            names = [
                name
                for name in row._fields
                if getattr(before[id], name) != getattr(after[id], name)
            ]
            rows.append(("changed", "page", "", "", "", "", row.headline, "", ", ".join(names), id))
    return rows


def _index_rows(frame: pd.DataFrame, key: str, ids: Collection[str]) -> dict[str, Any]:
    rows = choose_where(frame, list(frame.columns), key, ids)
    return {getattr(row, key): row for row in rows.itertuples(index=False)}


def _list_carriers(tables: Any, claims: Collection[str]) -> dict[str, set[tuple[str, str]]]:
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    rows = choose_where(tables.appearances, _CARRIERS, "claim_id", claims)
    for claim, *carrier in zip(*(rows[name].to_list() for name in _CARRIERS), strict=True):
        found[claim].add(tuple(carrier))
    return found


def _diff_claims(old: Any, new: Any, touched: set[str]) -> list[tuple]:
    unlike = set(_find_unlike(old.claims, new.claims, ["claim_id", *_WATCHED])["claim_id"])
    home = _find_homes(old, new, unlike)
    wanted = unlike | set(home.values())
    before, after = (_index_rows(tables.claims, "claim_id", wanted) for tables in (old, new))
    carriers = _list_carriers(old, wanted), _list_carriers(new, wanted)
    renamed = _match_renamed(before, after, carriers[0], home)
    near = _list_neighbours(old, new, touched)
    rows = []
    for id in sorted(set(before) - set(after) - set(renamed)):
        heirs = {home.get(annotation) for annotation, _ in carriers[0][id]}
        if len(heirs) == 1 and None not in heirs:  # all of it is said by one claim now
            heir = after[heirs.pop()]
            causes = _list_causes(
                carriers[0].get(heir.claim_id, set()), carriers[1][heir.claim_id], touched
            )
            rows.append(_write_claim("changed", heir, before[id].text, heir.text, causes, "joined"))
            continue
        rows.append(
            _write_claim("gone", before[id], "", "", _list_causes(carriers[0][id], set(), touched))
        )
    for id in sorted(set(after) - set(before) - set(renamed.values())):
        rows.append(
            _write_claim("added", after[id], "", "", _list_causes(set(), carriers[1][id], touched))
        )
    for id in sorted(set(before) & set(after) | set(renamed)):
        one, two = before[id], after[renamed.get(id, id)]
        mine = carriers[0][one.claim_id], carriers[1][two.claim_id]
        causes = ";".join(sorted({page for _, page in mine[0] ^ mine[1]} & touched))
        causes = causes or near.get((two.subject, two.variable), "") or _list_causes(*mine, touched)
        rows += [
            _write_claim(
                "changed",
                two,
                str(getattr(one, name)),
                str(getattr(two, name)),
                causes,
                name,
            )
            for name in _WATCHED
            if getattr(one, name) != getattr(two, name)
            and name
            != (
                "code" if two.variable == "statement" else "text"
            )  # that one is its name, or an example
        ]
    return rows


def _find_homes(old: Any, new: Any, unlike: Collection[str]) -> dict[str, str]:
    """Annotation id -> the claim that it carries now, for those whose claim there is no more."""
    lost = set(unlike) - set(new.claims["claim_id"])
    marks = choose_where(old.appearances, _CARRIERS, "claim_id", lost)["annotation_id"]
    rows = choose_where(new.appearances, _CARRIERS, "annotation_id", marks)
    return dict(zip(rows["annotation_id"], rows["claim_id"], strict=True))


def _match_renamed(
    before: dict, after: dict, carriers: dict, home: dict[str, str]
) -> dict[str, str]:
    """A claim whose id changed, as a statement's does with a better wording, is known by the annotations it keeps."""
    renamed: dict[str, str] = {}
    for id in sorted(set(before) - set(after)):
        heirs = [
            home[annotation]
            for annotation, _ in sorted(carriers[id])
            if home.get(annotation, id) not in before
        ]
        heir = max(sorted(set(heirs)), key=heirs.count, default=None)
        if heir and heir not in renamed.values() and before[id].variable == after[heir].variable:
            renamed[id] = heir
    return renamed


def _list_neighbours(old: Any, new: Any, touched: set[str]) -> dict[tuple[str, str], str]:
    """A page that contradicts a claim does not carry it: it carries another one on the same subject and variable."""
    sides = [
        tables.appearances[_CARRIERS].merge(
            tables.claims[["claim_id", "subject", "variable"]], on="claim_id"
        )
        for tables in (old, new)
    ]
    moved = _find_unlike(*sides, ["annotation_id", "article_id", "subject", "variable"])
    moved = moved[moved["article_id"].isin(list(touched))]
    return {
        key: ";".join(sorted(set(pages)))
        for key, pages in moved.groupby(["subject", "variable"])["article_id"]
    }


def _list_causes(one: set, two: set, touched: set[str]) -> str:
    changed = {article_id for _, article_id in one ^ two}
    return ";".join(sorted(changed & touched or {id for _, id in one | two} & touched or changed))


def _write_claim(
    change: str, row: Any, before: str, after: str, articles: str, what: str = "claim"
) -> tuple:
    return (
        change,
        what,
        row.claim_id,
        row.subject,
        row.variable,
        row.code,
        row.text,
        before,
        after,
        articles,
    )


def _diff_positions(old: Any, new: Any, touched: set[str]) -> list[tuple]:
    """The position in force of each organisation: another one, or none before or after."""
    before, after = (
        {row.organisation: row for row in list_current_positions(tables).itertuples(index=False)}
        for tables in (old, new)
    )
    rows = []
    for id in sorted({*before, *after}):
        one, two = before.get(id), after.get(id)
        names = [
            f"{row.position} ({row.modality})"
            if row is not None and row.modality != "stated"
            else row.position
            if row is not None
            else ""
            for row in (one, two)
        ]
        if names[0] != names[1]:
            causes = _find_pages(old, one) | _find_pages(new, two)
            change = "added" if one is None else "gone" if two is None else "changed"
            rows.append(
                (
                    change,
                    "position",
                    "",
                    id,
                    "position",
                    names[1] or names[0],
                    "",
                    *names,
                    ";".join(sorted(causes & touched or causes)),
                )
            )
    return rows


def _find_pages(tables: Any, row: Any) -> set[str]:
    ids = () if row is None else row.evidence
    return set(choose_where(tables.positions, ["article_id"], "position_id", ids)["article_id"])
