"""Two sets of tables -> what changed between them, and the pages that caused it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

import pandas as pd

from .standing import list_positions

WATCHED = ("subject", "code", "text", "n_articles", "n_origins", "first_published", "status")
COLUMNS = ["change", "what", "claim_id", "subject", "variable", "code", "text", "before", "after", "articles"]


def diff_tables(old: Any, new: Any, parts: Collection[str] = ("pages", "claims", "positions")) -> pd.DataFrame:
    """Return one row per thing that differs between two builds, in a fixed order; no rows when nothing does.

    `parts` says what is compared: pages, claims and all that is known of them, the positions in force.

    `change` is added, gone or changed. `what` is page, claim, status, text (of a statement), n_articles, n_origins,
    first_published, joined (a claim is part of another now), or position (the one in force). `articles` lists the pages
    that caused it, joined with ';': those that are new, gone or have other annotations; where there is none, a person's
    decision or the codebook did.
    """
    touched = _find_touched_pages(old, new)
    rows = _diff_pages(old, new) if "pages" in parts else []
    rows += _diff_claims(old, new, touched) if "claims" in parts else []
    rows += _diff_positions(old, new, touched) if "positions" in parts else []
    return pd.DataFrame(rows, columns=COLUMNS).sort_values(
        ["what", "change", "variable", "subject", "claim_id", "before", "after"], ignore_index=True
    )


def _list_annotations(tables: Any) -> dict[str, frozenset]:
    rows = tables.annotations
    pairs = zip(rows["article_id"], zip(rows["annotation_id"], rows["code"], strict=True), strict=True)
    found: dict[str, set] = defaultdict(set)
    for article_id, annotation in pairs:
        found[article_id].add(annotation)
    return {id: frozenset(items) for id, items in found.items()}


def _find_touched_pages(old: Any, new: Any) -> set[str]:
    before, after = _list_annotations(old), _list_annotations(new)
    known = [{row[0]: row for row in tables.articles.itertuples(index=False, name=None)} for tables in (old, new)]
    ids = {*known[0], *known[1]}
    return {id for id in ids if before.get(id) != after.get(id) or known[0].get(id) != known[1].get(id)}


def _diff_pages(old: Any, new: Any) -> list[tuple]:
    before, after = ({row.article_id: row for row in tables.articles.itertuples(index=False)} for tables in (old, new))
    rows = []
    for id in sorted({*before, *after}):
        row = after.get(id) or before[id]
        if id not in before or id not in after:
            change = "added" if id in after else "gone"
            rows.append((change, "page", "", "", "", "", row.headline, "", "", id))
        elif before[id] != after[id]:
            names = [name for name in row._fields if getattr(before[id], name) != getattr(after[id], name)]
            rows.append(("changed", "page", "", "", "", "", row.headline, "", ", ".join(names), id))
    return rows


def _list_carriers(tables: Any) -> dict[str, set[tuple[str, str]]]:
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in tables.appearances.itertuples(index=False):
        found[row.claim_id].add((row.annotation_id, row.article_id))
    return found


def _diff_claims(old: Any, new: Any, touched: set[str]) -> list[tuple]:
    before, after = ({row.claim_id: row for row in tables.claims.itertuples(index=False)} for tables in (old, new))
    carriers = _list_carriers(old), _list_carriers(new)
    renamed = _match_renamed(before, after, carriers)
    near = _list_neighbours(before, after, carriers, touched)
    home = {annotation: id for id in after for annotation, _ in carriers[1][id]}
    rows = []
    for id in sorted(set(before) - set(after) - set(renamed)):
        heirs = {home.get(annotation) for annotation, _ in carriers[0][id]}
        if len(heirs) == 1 and None not in heirs:  # all of it is said by one claim now
            heir = after[heirs.pop()]
            causes = _list_causes(carriers[0].get(heir.claim_id, set()), carriers[1][heir.claim_id], touched)
            rows.append(_write_claim("changed", heir, before[id].text, heir.text, causes, "joined"))
            continue
        rows.append(_write_claim("gone", before[id], "", "", _list_causes(carriers[0][id], set(), touched)))
    for id in sorted(set(after) - set(before) - set(renamed.values())):
        rows.append(_write_claim("added", after[id], "", "", _list_causes(set(), carriers[1][id], touched)))
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
            for name in WATCHED
            if getattr(one, name) != getattr(two, name)
            and name != ("code" if two.variable == "statement" else "text")  # that one is its name, or an example
        ]
    return rows


def _match_renamed(before: dict, after: dict, carriers: tuple[dict, dict]) -> dict[str, str]:
    """A claim whose id changed, as a statement's does with a better wording, is known by the annotations it keeps."""
    home = {annotation: id for id in after for annotation, _ in carriers[1][id] if id not in before}
    renamed: dict[str, str] = {}
    for id in sorted(set(before) - set(after)):
        heirs = [home[annotation] for annotation, _ in sorted(carriers[0][id]) if annotation in home]
        heir = max(sorted(set(heirs)), key=heirs.count, default=None)
        if heir and heir not in renamed.values() and before[id].variable == after[heir].variable:
            renamed[id] = heir
    return renamed


def _list_neighbours(
    before: dict, after: dict, carriers: tuple[dict, dict], touched: set[str]
) -> dict[tuple[str, str], str]:
    """A page that contradicts a claim does not carry it: it carries another one on the same subject and variable."""
    sides: tuple[dict, dict] = defaultdict(set), defaultdict(set)
    for side, claims, found in zip(sides, (before, after), carriers, strict=True):
        for id, row in claims.items():
            side[row.subject, row.variable] |= found[id]
    changed = {key: {page for _, page in sides[0][key] ^ sides[1][key]} & touched for key in {*sides[0], *sides[1]}}
    return {key: ";".join(sorted(pages)) for key, pages in changed.items() if pages}


def _list_causes(one: set, two: set, touched: set[str]) -> str:
    changed = {article_id for _, article_id in one ^ two}
    return ";".join(sorted(changed & touched or {id for _, id in one | two} & touched or changed))


def _write_claim(change: str, row: Any, before: str, after: str, articles: str, what: str = "claim") -> tuple:
    return (change, what, row.claim_id, row.subject, row.variable, row.code, row.text, before, after, articles)


def _diff_positions(old: Any, new: Any, touched: set[str]) -> list[tuple]:
    """The position in force of each organisation: another one, or none before or after."""
    before, after = (
        {row.organisation: row for row in list_positions(tables).itertuples(index=False)} for tables in (old, new)
    )
    pages = {**_map_pages(old), **_map_pages(new)}
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
            causes = {pages[e] for row in (one, two) if row is not None for e in row.evidence}
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


def _map_pages(tables: Any) -> dict[str, str]:
    return dict(zip(tables.positions["position_id"], tables.positions["article_id"], strict=True))
