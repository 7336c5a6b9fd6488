"""Two sets of tables -> what changed between them, and the pages that caused it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from hkresearch.reconcile.current_positions import list_current_positions
from hkresearch.reconcile.position_codes import code_position
from hkresearch.tables.select_rows import choose_where
from hkresearch.tables.tables import Tables

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

DiffRow = tuple[str, str, str, str, str, str, str, str, str, str]


class Carrier(NamedTuple):
    """An annotation that carries a claim, and its page."""

    annotation_id: str
    article_id: str


Carriers = dict[str, set[Carrier]]  # claim -> what carries it


def diff_tables(
    old: Tables, new: Tables, parts: Collection[str] = ("pages", "claims", "positions")
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


def _find_touched_pages(old: Tables, new: Tables) -> set[str]:
    marks = _find_unlike(old.annotations, new.annotations, ["annotation_id", "article_id", "code"])
    return {*marks["article_id"], *_find_unlike(old.articles, new.articles)["article_id"]}


def _find_unlike(
    old: pd.DataFrame, new: pd.DataFrame, columns: Sequence[str] | None = None
) -> pd.DataFrame:
    """Return the rows, or what they have in `columns`, that only one of two frames holds.

    Neither holds a row twice.
    """
    columns = list(columns or new.columns)
    return pd.concat([old[columns], new[columns]]).drop_duplicates(keep=False)


def _diff_pages(old: Tables, new: Tables) -> list[DiffRow]:
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


def _list_carriers(tables: Tables, claims: Collection[str]) -> Carriers:
    found: Carriers = defaultdict(set)
    rows = choose_where(tables.appearances, _CARRIERS, "claim_id", claims)
    columns = (rows[name].to_list() for name in _CARRIERS)
    for claim, annotation, page in zip(*columns, strict=True):
        found[claim].add(Carrier(annotation, page))
    return found


class _ClaimChanges:
    """The claims that differ between two builds, with what carries them."""

    def __init__(self, old: Tables, new: Tables, touched: set[str]) -> None:
        unlike = set(_find_unlike(old.claims, new.claims, ["claim_id", *_WATCHED])["claim_id"])
        self.touched = touched
        self.home = _find_homes(old, new, unlike)
        wanted = unlike | set(self.home.values())
        self.before = _index_rows(old.claims, "claim_id", wanted)
        self.after = _index_rows(new.claims, "claim_id", wanted)
        self.old_carriers = _list_carriers(old, wanted)
        self.new_carriers = _list_carriers(new, wanted)
        self.renamed = _match_renamed(self.before, self.after, self.old_carriers, self.home)
        self.neighbours = _list_neighbours(old, new, touched)

    def list_gone(self) -> Iterator[DiffRow]:
        """Yield the claims that are no more, or that are a part of another one now."""
        for id in sorted(set(self.before) - set(self.after) - set(self.renamed)):
            row, mine = self.before[id], self.old_carriers[id]
            heirs = {self.home.get(carrier.annotation_id) for carrier in mine}
            heir_id = heirs.pop() if len(heirs) == 1 else None
            if heir_id is None:
                causes = _list_causes(mine, set(), self.touched)
                yield _write_claim("gone", row, "", "", causes)
            else:  # all of it is said by one claim now
                heir = self.after[heir_id]
                theirs = self.old_carriers.get(heir_id, set())
                causes = _list_causes(theirs, self.new_carriers[heir_id], self.touched)
                yield _write_claim("changed", heir, row.text, heir.text, causes, "joined")

    def list_added(self) -> Iterator[DiffRow]:
        """Yield the claims that are new."""
        for id in sorted(set(self.after) - set(self.before) - set(self.renamed.values())):
            causes = _list_causes(set(), self.new_carriers[id], self.touched)
            yield _write_claim("added", self.after[id], "", "", causes)

    def list_changed(self) -> Iterator[DiffRow]:
        """Yield what changed in the claims that both builds have."""
        for id in sorted(set(self.before) & set(self.after) | set(self.renamed)):
            old, new = self.before[id], self.after[self.renamed.get(id, id)]
            # a statement's code is its name; another claim's text is an example
            unwatched = "code" if new.variable == "statement" else "text"
            causes = self._find_causes(old, new)
            for name in _WATCHED:
                before, after = getattr(old, name), getattr(new, name)
                if before != after and name != unwatched:
                    yield _write_claim("changed", new, str(before), str(after), causes, name)

    def _find_causes(self, old: Any, new: Any) -> str:
        mine, theirs = self.old_carriers[old.claim_id], self.new_carriers[new.claim_id]
        pages = {carrier.article_id for carrier in mine ^ theirs} & self.touched
        if pages:
            return ";".join(sorted(pages))
        near = self.neighbours.get((new.subject, new.variable), "")
        return near or _list_causes(mine, theirs, self.touched)


def _diff_claims(old: Tables, new: Tables, touched: set[str]) -> list[DiffRow]:
    changes = _ClaimChanges(old, new, touched)
    return [*changes.list_gone(), *changes.list_added(), *changes.list_changed()]


def _find_homes(old: Tables, new: Tables, unlike: Collection[str]) -> dict[str, str]:
    """Return annotation id -> the claim that it carries now, for those whose claim is gone."""
    lost = set(unlike) - set(new.claims["claim_id"])
    marks = choose_where(old.appearances, _CARRIERS, "claim_id", lost)["annotation_id"]
    rows = choose_where(new.appearances, _CARRIERS, "annotation_id", marks)
    return dict(zip(rows["annotation_id"], rows["claim_id"], strict=True))


def _match_renamed(
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    carriers: Carriers,
    home: Mapping[str, str],
) -> dict[str, str]:
    """Return old id -> new id of claims whose id changed, as a statement's does with its wording.

    A claim is known by the annotations that it keeps.
    """
    renamed: dict[str, str] = {}
    for id in sorted(set(before) - set(after)):
        homes = [home.get(annotation, id) for annotation, _ in sorted(carriers[id])]
        heirs = [heir for heir in homes if heir not in before]
        heir = max(sorted(set(heirs)), key=heirs.count, default="")
        if heir and heir not in renamed.values() and before[id].variable == after[heir].variable:
            renamed[id] = heir
    return renamed


def _list_neighbours(old: Tables, new: Tables, touched: set[str]) -> dict[tuple[str, str], str]:
    """Return (subject, variable) -> the touched pages whose claims about it moved.

    A page that contradicts a claim does not carry it: it carries another one on the same subject
    and variable.
    """
    columns = ["annotation_id", "article_id", "subject", "variable"]
    sides = []
    for tables in (old, new):
        claims = tables.claims[["claim_id", "subject", "variable"]]
        sides.append(tables.appearances[_CARRIERS].merge(claims, on="claim_id"))
    moved = pd.concat([side[columns] for side in sides]).drop_duplicates(keep=False)
    moved = moved[moved["article_id"].isin(list(touched))]
    pages: dict[tuple[str, str], set[str]] = defaultdict(set)
    for _, page, subject, variable in moved.itertuples(index=False, name=None):
        pages[subject, variable].add(page)
    return {key: ";".join(sorted(found)) for key, found in pages.items()}


def _list_causes(before: set[Carrier], after: set[Carrier], touched: set[str]) -> str:
    changed = {carrier.article_id for carrier in before ^ after}
    carrying = {carrier.article_id for carrier in before | after}
    return ";".join(sorted(changed & touched or carrying & touched or changed))


def _write_claim(
    change: str, row: Any, before: str, after: str, articles: str, what: str = "claim"
) -> DiffRow:
    claim = (row.claim_id, row.subject, row.variable, row.code, row.text)
    return (change, what, *claim, before, after, articles)


def _diff_positions(old: Tables, new: Tables, touched: set[str]) -> list[DiffRow]:
    """Return the organisations whose position in force is another one, or appeared, or is gone."""
    before, after = (
        {row.organisation: row for row in list_current_positions(tables).itertuples(index=False)}
        for tables in (old, new)
    )
    rows: list[DiffRow] = []
    for id in sorted({*before, *after}):
        one, two = before.get(id), after.get(id)
        old_code, new_code = _name_position(one), _name_position(two)
        if old_code == new_code:
            continue
        causes = _find_pages(old, one) | _find_pages(new, two)
        articles = ";".join(sorted(causes & touched or causes))
        change = "changed"
        if one is None or two is None:
            change = "added" if one is None else "gone"
        code = new_code or old_code
        rows.append(
            (change, "position", "", id, "position", code, "", old_code, new_code, articles)
        )
    return rows


def _name_position(row: Any) -> str:
    return "" if row is None else code_position(row.position, row.modality)


def _find_pages(tables: Tables, row: Any) -> set[str]:
    ids = () if row is None else row.evidence
    return set(choose_where(tables.positions, ["article_id"], "position_id", ids)["article_id"])
