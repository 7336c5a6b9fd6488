"""Tables -> the statements that several pages carry, and in what wording each has them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import pandas as pd

from hkresearch.analysis.views.marked_differences import are_same_words, mark_differences
from hkresearch.analysis.views.quotations import join_claims, list_single_ids, rank_wording
from hkresearch.analysis.views.wording import join_words, name_entity, name_pages, shorten
from hkresearch.reconcile import list_alterations
from hkresearch.reconcile.word_forms import REMEMBERED
from hkresearch.reconcile.wording_kinds import ALTERATION_KINDS
from hkresearch.tables.text_columns import is_among, look_up, map_texts

if TYPE_CHECKING:
    from hkresearch.tables.tables import Tables

WORDING_COLUMNS = ["statement", "page", "wording", "text", "change", "evidence"]
_LONGEST_LEFT_OUT = 60  # characters of a passage left out that are still quoted
_LONGEST_TITLE = 45  # characters of a statement by which its wordings are headed


def list_wordings(tables: Tables, organisation: str = "") -> pd.DataFrame:
    """Return, for each statement that several pages carry, its full wording and every other page's.

    In an altered wording, [-words-] are those of the full wording that the page lacks, {+words+}
    those it has instead.
    """
    rows, names = _choose_repeated(join_claims(tables, organisation)), name_pages(tables)
    if rows.empty:
        return pd.DataFrame(columns=WORDING_COLUMNS)
    rows = _arrange_wordings(tables, rows)
    titles = map_texts(rows["statement"], lambda text: shorten(text, _LONGEST_TITLE))
    heads = zip(rows["who"], titles, strict=True)
    return pd.DataFrame(
        {
            "statement": [f"{who}: “{title}”" for who, title in heads],
            "page": map_texts(rows["article_id"], lambda id: names.get(id, id)),
            "wording": rows["wording"].mask(rows["is_base"], "model"),
            "text": _write_texts(rows),
            "change": rows["change"].astype("str").mask(rows["is_base"], ""),
            "evidence": list_single_ids(rows["quotation_id"]),
        }
    )


def _choose_repeated(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the quotations of an organisation's statements that more than one page carries."""
    return rows[(rows["organisation"] != "") & (rows["n_articles"] > 1) & ~rows["is_word"]]


def _arrange_wordings(tables: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """Return `rows` with each statement's full wording first, and with what writing them needs."""
    base = _choose_bases(rows)
    rows = rows.assign(
        base=rows["claim_id"].map(base.set_index("claim_id")["exact"]),
        is_base=rows.index.isin(base.index),
        rank=map_texts(rows["wording"], rank_wording).astype(int),
        who=map_texts(rows["organisation"], lambda id: name_entity(tables, id)),
        change=look_up(rows["quotation_id"], *_name_changes(tables)),
    )
    return rows.sort_values(
        ["n_articles", "who", "claim_id", "is_base", "rank", "article_id", "start"],
        ascending=[False, True, True, False, True, True, True],
        ignore_index=True,
    )


def _choose_bases(rows: pd.DataFrame) -> pd.DataFrame:
    """Return of each statement the wording that the claim goes by, else the longest one.

    A wording in the same language comes before a translation.
    """
    is_translated = (rows["wording"] == "translated").astype(int)
    distance = is_translated.where(rows["exact"] != rows["statement"], -1)
    order = rows.assign(distance=distance, length=rows["exact"].str.len())
    order = order.sort_values(["claim_id", "distance", "length"], ascending=[True, True, False])
    return order.drop_duplicates("claim_id")


def _name_changes(tables: Tables) -> tuple[pd.Series, pd.Series]:
    """Return the ids of quotations, and what kind of change the wording of each is, in words."""
    found = list_alterations(tables).drop_duplicates("annotation_id", keep="last")
    changes = map_texts(
        found["kinds"],
        lambda kinds: join_words(ALTERATION_KINDS.get(kind, kind) for kind in kinds.split(";")),
    )
    return found["annotation_id"], pd.Series(changes, found.index)


def _write_texts(rows: pd.DataFrame) -> list[str]:
    texts = [map_texts(rows[name], str) for name in ("base", "exact", "wording")]
    told = zip(*texts, rows["is_base"], strict=True)
    return [
        _trim(text) if is_base else _write_wording(base, text, wording)
        for base, text, wording, is_base in told
    ]


@lru_cache(REMEMBERED)
def _write_wording(base: str, text: str, wording: str) -> str:
    if wording == "altered":
        return mark_differences(_trim(base), _trim(text), _LONGEST_LEFT_OUT)
    is_same = wording == "verbatim" and are_same_words(base, text)
    return "the same words" if is_same else _trim(text)


def _trim(text: str) -> str:
    """Return `text` without the comma at its end, which belongs to the page's sentence."""
    return " ".join(text.split()).rstrip(",，、 ")


def list_carriers(tables: Tables, organisation: str = "", n: int = 14) -> pd.DataFrame:
    """Return one row per statement and page that carries it, for the `n` most repeated ones."""
    rows, names = _choose_repeated(join_claims(tables, organisation)), name_pages(tables)
    claims = rows.drop_duplicates("claim_id")
    claims = claims.sort_values(["n_articles", "statement"], ascending=[False, True])
    rank = {claim: place for place, claim in enumerate(claims["claim_id"].head(n))}
    rows = rows[is_among(rows["claim_id"], rank)]
    frame = rows[["organisation", "statement", "article_id", "wording"]]
    frame = frame.rename(columns={"article_id": "page"}).assign(
        organisation=map_texts(rows["organisation"], lambda id: name_entity(tables, id)),
        page=map_texts(rows["article_id"], lambda id: names.get(id, id)),
        evidence=list_single_ids(rows["quotation_id"]),
        rank=map_texts(rows["claim_id"], rank.__getitem__).astype(int),
    )
    frame = frame.sort_values(["rank", "page"], kind="stable", ignore_index=True)
    return frame.drop(columns="rank")
