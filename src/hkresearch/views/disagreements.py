"""Tables -> where pages contradict each other, both sides with their passages."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import pandas as pd

from .positions import find_standing
from .wording import (
    capitalise, count_things, gather_ids, join_words, list_page_names, name_code, name_entity, name_pages,
    name_variable, shorten, tidy_passage,
)  # fmt: skip

if TYPE_CHECKING:
    from ..tables import Tables

CONTRADICTION_COLUMNS = [
    "organisation", "about", "one_says", "one_passage", "one_passage_evidence", "other_says", "other_passage",
    "other_passage_evidence",
]  # fmt: skip
HEADLINE_COLUMNS = ["page", "headline", "organisation", "position", "missing_from_the_text", "evidence"]
DEGREE_COLUMNS = [
    "organisation", "position", "stated_in", "stated_in_evidence", "less_certain_in", "less_certain_in_evidence",
]  # fmt: skip


def list_contradictions(tables: Tables, organisation: str = "") -> pd.DataFrame:
    """Return one row per pair of claims that cannot both hold, side by side."""
    claims = tables.claims[tables.claims["status"] == "contested"]
    if organisation:
        claims = claims[claims["subject"] == organisation]
    rows = []
    for (subject, variable), group in claims.groupby(["subject", "variable"], sort=True):
        for one, other in combinations(group.sort_values("code").itertuples(index=False), 2):
            rows.append(_compare_claims(tables, subject, variable, one, other))
    return pd.DataFrame(rows, columns=CONTRADICTION_COLUMNS)


def _compare_claims(tables: Tables, subject: str, variable: str, one, other) -> dict:
    row = {"organisation": name_entity(tables, subject), "about": name_variable(tables, variable)}
    for side, claim in (("one", one), ("other", other)):
        found = tables.appearances[tables.appearances["claim_id"] == claim.claim_id].sort_values("annotation_id")
        pages = list_page_names(name_pages(tables), found["article_id"])
        row |= {
            f"{side}_says": name_code(tables, variable, claim.code),
            f"{side}_passage_evidence": gather_ids(found["annotation_id"]),
            f"{side}_passage": f"“{shorten(tidy_passage(claim.text), 160)}” ({pages})",
        }
    return row


def list_headlines(tables: Tables, organisation: str = "") -> pd.DataFrame:
    """Return the positions that a page's headline gives an organisation and that the text below it never does."""
    names, rows = name_pages(tables), []
    parts = tables.annotations[tables.annotations["variable"] == "part"]
    heads = parts[parts["code"].isin(["headline", "duplicate_headline", "metadata"])]
    standing = find_standing(tables, "", organisation)
    spans = {id: list(zip(group["start"], group["end"], strict=True)) for id, group in heads.groupby("article_id")}
    standing = standing.assign(
        in_head=[any(a <= row.start < b for a, b in spans.get(row.article_id, [])) for row in standing.itertuples(index=False)]
    )
    for (article_id, who), group in standing.groupby(["article_id", "organisation"], sort=True):
        if not group["in_head"].all():
            continue
        for row in group.drop_duplicates(["position", "modality"]).itertuples(index=False):
            rows.append(
                {
                    "page": names.get(article_id, article_id),
                    "headline": tidy_passage(row.exact),
                    "organisation": name_entity(tables, who),
                    "position": name_code(tables, "position", row.position),
                    "missing_from_the_text": _find_missing(tables, article_id, who),
                    "evidence": gather_ids(group["position_id"]),
                }
            )
    return pd.DataFrame(rows, columns=HEADLINE_COLUMNS)


def _find_missing(tables: Tables, article_id: str, who: str) -> str:
    """Whether the text under the headline lacks the organisation altogether, or only the position."""
    book = tables.codebook
    kinds = {id for id, part in book.get("parts", {}).items() if part.get("kind") == "article" and id != "headline"}
    parts = tables.annotations[(tables.annotations["variable"] == "part") & (tables.annotations["article_id"] == article_id)]
    text = " ".join(parts[parts["code"].isin(kinds)]["exact"])
    names = [name for language in book.get("entities", {}).get(who, {}).get("names", {}).values() for name in language]
    return "the position" if any(name in text for name in names) or not names else "the organisation"


def list_degrees(tables: Tables, organisation: str = "") -> pd.DataFrame:
    """Return the positions that some pages state and others only expect or call considered."""
    names, rows = name_pages(tables), []
    for (who, position), group in find_standing(tables, "", organisation).groupby(["organisation", "position"], sort=True):
        stated, weaker = group[group["modality"] == "stated"], group[group["modality"] != "stated"]
        if stated.empty or weaker.empty:
            continue
        found = {
            f"{modality} in {list_page_names(names, rest['article_id'])}": None
            for modality, rest in weaker.groupby("modality", sort=True)
        }
        rows.append(
            {
                "organisation": name_entity(tables, who),
                "position": name_code(tables, "position", position),
                "stated_in": list_page_names(names, stated["article_id"]),
                "stated_in_evidence": gather_ids(stated["position_id"]),
                "less_certain_in": "; ".join(found),
                "less_certain_in_evidence": gather_ids(weaker["position_id"]),
            }
        )
    return pd.DataFrame(rows, columns=DEGREE_COLUMNS)


def summarise_contradictions(tables: Tables, organisation: str = "") -> tuple[str, list[str]]:
    """Return in one sentence, with its evidence, how many contradictions there are and on what."""
    rows, headlines = list_contradictions(tables, organisation), list_headlines(tables, organisation)
    if rows.empty and headlines.empty:
        return "No page contradicts another on a question that the codebook says has one answer.", []
    phrases = [f"{row.organisation}, {row.about}: {row.one_says} or {row.other_says}" for row in rows.itertuples(index=False)]
    text = f"{count_things(len(rows), 'contradiction')}"
    text += f" ({join_words(phrases)})" if phrases and len(phrases) <= 6 else ""
    if len(headlines):
        text += f"; {count_things(headlines['page'].nunique(), 'headline')} saying more than the text"
    evidence = [id for name in ("one_passage_evidence", "other_passage_evidence") for ids in rows[name] for id in ids]
    return capitalise(text) + ".", gather_ids([*evidence, *(id for ids in headlines["evidence"] for id in ids)])
