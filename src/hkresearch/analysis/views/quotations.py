"""Tables -> who said what, and how many pages repeat it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import pandas as pd

from hkresearch.analysis.views.wording import (
    check_organisation,
    choose_organisation,
    count_things,
    gather_ids,
    join_words,
    list_page_names,
    name_entity,
    name_pages,
    shorten,
    tidy_passage,
)
from hkresearch.reconcile.statement_clusters import count_weighted_words
from hkresearch.reconcile.word_forms import list_words
from hkresearch.tables.select_rows import choose_where
from hkresearch.tables.text_columns import look_up, map_texts

if TYPE_CHECKING:
    from hkresearch.tables.tables import Tables

STATEMENT_COLUMNS = [
    "organisation", "statement", "speakers", "kind", "n_articles", "n_origins", "first_published",
    "wordings", "evidence",
]  # fmt: skip
WORD_COLUMNS = ["organisation", "words", "pages", "evidence"]
_QUOTATION_COLUMNS = (
    "quotation_id article_id start exact kind speaker organisation claim_id".split()
)
_CLAIM_COLUMNS = "claim_id subject text n_articles n_origins first_published".split()
_TEXT_COLUMNS = (
    "organisation statement speaker kind first_published wording quotation_id article_id".split()
)
_FEWEST_WORDS = 3  # of a statement
_WORDINGS = ("verbatim", "fragment", "altered", "paraphrase", "translated")
_WORDING_PHRASES = {"verbatim": "word for word", "fragment": "in part", "paraphrase": "retold"}


def list_statements(tables: Tables, organisation: str = "") -> pd.DataFrame:
    """Return one row per distinct statement of an organisation, the most repeated first.

    A word or two are none.
    """
    rows = join_claims(tables, organisation)
    rows = rows[~rows["is_word"]]
    told = rows[rows["organisation"] != ""]
    texts = {name: map_texts(told[name], str) for name in _TEXT_COLUMNS}
    n_articles, n_origins = (told[name].to_numpy(dtype=int) for name in ("n_articles", "n_origins"))
    found = []
    for places in told.groupby("claim_id", sort=True).indices.values():
        first = places[0]
        counts = _count_wordings(texts["article_id"][places], texts["wording"][places])
        found.append(
            {
                "organisation": name_entity(tables, texts["organisation"][first]),
                "statement": texts["statement"][first],
                "speakers": "; ".join(sorted(set(texts["speaker"][places]) - {""})),
                "kind": join_words(sorted(set(texts["kind"][places]))),
                "n_articles": n_articles[first],
                "n_origins": n_origins[first],
                "first_published": texts["first_published"][first],
                "wordings": _write_wordings(counts, int(n_articles[first])),
                "evidence": gather_ids(texts["quotation_id"][places]),
            }
        )
    frame = _sort_statements(pd.DataFrame(found, columns=STATEMENT_COLUMNS))
    is_undated = rows["first_published"].eq("").all() and len(frame)
    return frame.drop(columns="first_published") if is_undated else frame


def _sort_statements(frame: pd.DataFrame) -> pd.DataFrame:
    by = ["n_articles", "n_origins", "organisation", "statement"]
    return frame.sort_values(by, ascending=[False, False, True, True], ignore_index=True)


def _count_wordings(pages: Iterable[str], wordings: Iterable[str]) -> Counter[str]:
    """Return how many pages have which wording, each page by the one nearest to the model."""
    best: dict[str, str] = {}
    pairs = zip(pages, wordings, strict=True)
    for page, wording in sorted(pairs, key=lambda pair: rank_wording(pair[1])):
        best.setdefault(page, wording)
    return Counter(best.values())


def rank_wording(wording: str) -> int:
    """Return how far a wording is from the model's, as a rank from 0."""
    return _WORDINGS.index(wording) if wording in _WORDINGS else len(_WORDINGS)


def _write_wordings(counts: Mapping[str, int], n_articles: int) -> str:
    """Return "2 verbatim, 1 altered".

    Of one page's own words nothing can be said, nor of one wording that stands for itself.
    """
    if n_articles < 2:
        return ""
    least = {"verbatim": 2}
    told = [name for name in _WORDINGS if counts[name] >= least.get(name, 1)]
    return ", ".join(f"{counts[name]} {name}" for name in told)


def list_quoted_words(tables: Tables, organisation: str = "") -> pd.DataFrame:
    """Return the words quoted for their own sake, or left over from reported speech.

    They are too short to be a statement.
    """
    rows = join_claims(tables, organisation)
    rows, names = rows[rows["is_word"] & (rows["organisation"] != "")], name_pages(tables)
    columns = ("organisation", "article_id", "quotation_id")
    texts = {name: map_texts(rows[name], str) for name in columns}
    words = map_texts(rows["exact"], tidy_passage)
    found = [
        {
            "organisation": name_entity(tables, texts["organisation"][places[0]]),
            "words": "; ".join(dict.fromkeys(words[places])),
            "pages": list_page_names(names, texts["article_id"][places]),
            "evidence": gather_ids(texts["quotation_id"][places]),
        }
        for places in rows.groupby("claim_id", sort=True).indices.values()
    ]
    frame = pd.DataFrame(found, columns=WORD_COLUMNS)
    return frame.sort_values(["organisation", "words"], ignore_index=True)


def join_claims(tables: Tables, organisation: str = "") -> pd.DataFrame:
    """Return the quotations in reading order, each with its claim's counts and its own wording.

    The claim's subject is the organisation where it has one. Reported speech around a direct
    quotation of the same claim has no row of its own: it is the same act of speech.
    """
    claim_ids = tables.quotations["claim_id"].unique()
    claims = choose_where(tables.claims, _CLAIM_COLUMNS, "claim_id", claim_ids)
    statements = [tidy_passage(text).rstrip(",，") for text in claims["text"]]
    is_word = [count_weighted_words(list_words(text)) < _FEWEST_WORDS for text in statements]
    claims = claims.assign(
        statement=statements, is_word=pd.Series(is_word, claims.index, dtype=bool)
    ).drop(columns="text")
    rows = tables.quotations[_QUOTATION_COLUMNS].merge(claims, on="claim_id", how="inner")
    appearances = tables.appearances
    wordings = look_up(rows["quotation_id"], appearances["annotation_id"], appearances["wording"])
    rows = rows.assign(
        wording=pd.Series(wordings, rows.index).astype("str"),
        organisation=rows["subject"].where(rows["subject"] != "", rows["organisation"]),
    )
    rows = choose_organisation(rows[rows["wording"] != ""], organisation)
    return rows.sort_values(["article_id", "start", "quotation_id"], ignore_index=True)


def list_unattributed(tables: Tables) -> pd.DataFrame:
    """Return the quotations whose speaker is nobody in the codebook, or whom the page omits."""
    names, rows = name_pages(tables), join_claims(tables)
    rows = rows[rows["organisation"] == ""]
    frame = rows[["speaker", "exact", "kind"]].rename(columns={"exact": "text"})
    frame = frame.assign(
        page=map_texts(rows["article_id"], lambda id: names.get(id, id)),
        evidence=list_single_ids(rows["quotation_id"]),
    )
    return frame.sort_values(["speaker", "page", "text"], ignore_index=True)


def list_single_ids(ids: pd.Series) -> pd.Series:
    """Return a column of lists, each with one of the ids."""
    return pd.Series([[id] for id in ids.to_list()], ids.index, dtype=object)


def summarise_quotations(tables: Tables, organisation: str = "") -> tuple[str, list[str]]:
    """Return in one sentence, with its evidence, how many statements there are.

    The one that is repeated most is quoted.
    """
    statements = list_statements(tables, check_organisation(tables, organisation))
    if statements.empty:
        return "No page quotes an organisation of the codebook with more than a word or two.", []
    repeated, most = statements[statements["n_articles"] > 1], statements.iloc[0]
    n_statements = count_things(len(statements), "statement")
    n_speakers = count_things(statements["organisation"].nunique(), "organisation")
    text = (
        f"{n_statements} by {n_speakers}, {len(repeated) or 'none'} of them in more than one page"
    )
    if len(repeated):
        words = shorten(most["statement"].strip(" ,"), 110)
        counts = [
            count_things(most["n_articles"], "page"),
            count_things(most["n_origins"], "origin"),
        ]
        how = f": {_say_wordings(most['wordings'])}" if most["wordings"] else ""
        text += f"; most often {most['organisation']}: “{words}” ({', '.join(counts)}{how})"
    return text + ".", most["evidence"]


def _say_wordings(wordings: str) -> str:
    for name, phrase in _WORDING_PHRASES.items():
        wordings = wordings.replace(name, phrase)
    return wordings
