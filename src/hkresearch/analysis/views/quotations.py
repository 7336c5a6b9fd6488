"""Tables -> who said what, who repeated it, and in what wording."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from functools import lru_cache
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
)  # fmt: skip
from hkresearch.reconcile import list_alterations
from hkresearch.reconcile.statement_clusters import count_weighted_words
from hkresearch.reconcile.word_forms import REMEMBERED, list_words
from hkresearch.reconcile.wording_kinds import ALTERATION_KINDS
from hkresearch.tables.select_rows import choose_where
from hkresearch.tables.text_columns import is_among, look_up, map_texts

if TYPE_CHECKING:
    from hkresearch.tables.tables import Tables

QUOTED = [
    "quotation_id",
    "article_id",
    "start",
    "exact",
    "kind",
    "speaker",
    "organisation",
    "claim_id",
]
STATEMENT_COLUMNS = [
    "organisation", "statement", "speakers", "kind", "n_articles", "n_origins", "first_published", "wordings",
    "evidence",
]  # fmt: skip
WORDING_COLUMNS = ["statement", "page", "wording", "text", "change", "evidence"]
WORD_COLUMNS = ["organisation", "words", "pages", "evidence"]
FEWEST = 3  # words of a statement
LONGEST = 60  # letters of a passage left out that are still quoted
ORDER = ["verbatim", "fragment", "altered", "paraphrase", "translated"]
# One Han character is a word here: Chinese is written without spaces.
TOKEN = re.compile(r"[\u3400-\u9fff\U00020000-\U0002ffff]|[^\W_]+(?:['’\-][^\W_]+)*|[^\w\s]")


def list_statements(tables: Tables, organisation: str = "") -> pd.DataFrame:
    """Return one row per distinct statement of an organisation, the most repeated first; a word or two is none."""
    rows = _join_claims(tables, organisation)
    rows = rows[~rows["is_word"]]
    told, found = rows[rows["organisation"] != ""], []
    names = (
        "organisation",
        "statement",
        "speaker",
        "kind",
        "first_published",
        "wording",
        "quotation_id",
        "article_id",
    )
    texts = {name: map_texts(told[name], str) for name in names}
    n_articles, n_origins = (told[name].to_numpy(dtype=int) for name in ("n_articles", "n_origins"))
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
    frame = pd.DataFrame(found, columns=STATEMENT_COLUMNS)
    frame = frame.sort_values(
        ["n_articles", "n_origins", "organisation", "statement"],
        ascending=[False, False, True, True],
        ignore_index=True,
    )
    return (
        frame.drop(columns="first_published")
        if rows["first_published"].eq("").all() and len(frame)
        else frame
    )


def _count_wordings(pages: Iterable[str], wordings: Iterable[str]) -> Counter[str]:
    """Return how many pages have which wording, each page by the one nearest to the model."""
    best: dict[str, str] = {}
    for page, wording in sorted(zip(pages, wordings, strict=True), key=_rank_wording):
        best.setdefault(page, wording)
    return Counter(best.values())


def _rank_wording(pair: tuple[str, str]) -> int:
    return ORDER.index(pair[1]) if pair[1] in ORDER else len(ORDER)


def _write_wordings(counts: Mapping[str, int], n_articles: int) -> str:
    """Return "2 verbatim, 1 altered"; of one page's own words nothing can be said, nor of one that stands for itself."""
    if n_articles < 2:
        return ""
    return ", ".join(
        f"{counts[name]} {name}"
        for name in ORDER
        if counts[name] > (1 if name == "verbatim" else 0)
    )


def list_quoted_words(tables: Tables, organisation: str = "") -> pd.DataFrame:
    """Return the words quoted for their own sake, or left over from reported speech: too short to be a statement."""
    rows = _join_claims(tables, organisation)
    rows, names = rows[rows["is_word"] & (rows["organisation"] != "")], name_pages(tables)
    texts = {
        name: map_texts(rows[name], str) for name in ("organisation", "article_id", "quotation_id")
    }
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
    return pd.DataFrame(found, columns=WORD_COLUMNS).sort_values(
        ["organisation", "words"], ignore_index=True
    )


def _join_claims(tables: Tables, organisation: str = "") -> pd.DataFrame:
    """Return the quotations in reading order, each with its claim's counts, its own wording and whose claim it is.

    Reported speech around a direct quotation of the same claim has no appearance of its own: it is the same act of speech.
    """
    columns = ["claim_id", "subject", "text", "n_articles", "n_origins", "first_published"]
    claims = choose_where(
        tables.claims, columns, "claim_id", tables.quotations["claim_id"].unique()
    )
    statements = [tidy_passage(text).rstrip(",，") for text in claims["text"]]
    is_word = [count_weighted_words(list_words(text)) < FEWEST for text in statements]
    claims = claims.assign(
        statement=statements, is_word=pd.Series(is_word, claims.index, dtype=bool)
    ).drop(columns="text")
    rows = tables.quotations[QUOTED].merge(claims, on="claim_id", how="inner")
    wordings = look_up(
        rows["quotation_id"], tables.appearances["annotation_id"], tables.appearances["wording"]
    )
    rows = rows.assign(
        wording=pd.Series(wordings, rows.index).astype("str"),
        organisation=rows["subject"].where(rows["subject"] != "", rows["organisation"]),
    )
    rows = choose_organisation(rows[rows["wording"] != ""], organisation)
    return rows.sort_values(["article_id", "start", "quotation_id"], ignore_index=True)


def _choose_repeated(rows: pd.DataFrame) -> pd.DataFrame:
    """The quotations of an organisation's statements that more than one page carries."""
    return rows[(rows["organisation"] != "") & (rows["n_articles"] > 1) & ~rows["is_word"]]


def list_wordings(tables: Tables, organisation: str = "") -> pd.DataFrame:
    """Return, for each statement that more than one page carries, its full wording and then every other page's.

    In an altered wording, [-words-] are those of the full wording that the page lacks, {+words+} those it has instead.
    """
    rows, names = _choose_repeated(_join_claims(tables, organisation)), name_pages(tables)
    if rows.empty:
        return pd.DataFrame(columns=WORDING_COLUMNS)
    base = _choose_bases(rows)
    rows = rows.assign(
        base=rows["claim_id"].map(base.set_index("claim_id")["exact"]),
        is_base=rows.index.isin(base.index),
        rank=map_texts(
            rows["wording"], lambda name: ORDER.index(name) if name in ORDER else len(ORDER)
        ).astype(int),
        who=map_texts(rows["organisation"], lambda id: name_entity(tables, id)),
        change=look_up(rows["quotation_id"], *_name_changes(tables)),
    ).sort_values(
        ["n_articles", "who", "claim_id", "is_base", "rank", "article_id", "start"],
        ascending=[False, True, True, False, True, True, True],
        ignore_index=True,
    )
    heads = zip(
        rows["who"], map_texts(rows["statement"], lambda text: shorten(text, 45)), strict=True
    )
    told = zip(
        *(map_texts(rows[name], str) for name in ("base", "exact", "wording")),
        rows["is_base"],
        strict=True,
    )
    return pd.DataFrame(
        {
            "statement": [f"{who}: “{text}”" for who, text in heads],
            "page": map_texts(rows["article_id"], lambda id: names.get(id, id)),
            "wording": rows["wording"].mask(rows["is_base"], "model"),
            "text": [
                _trim(text) if is_base else _write_wording(base, text, wording)
                for base, text, wording, is_base in told
            ],
            "change": rows["change"].astype("str").mask(rows["is_base"], ""),
            "evidence": [[id] for id in rows["quotation_id"].to_list()],
        }
    )


def _name_changes(tables: Tables) -> tuple[pd.Series, pd.Series]:
    """The ids of quotations, and what kind of change the wording of each is, in words."""
    found = list_alterations(tables).drop_duplicates("annotation_id", keep="last")
    changes = map_texts(
        found["kinds"],
        lambda kinds: join_words(ALTERATION_KINDS.get(kind, kind) for kind in kinds.split(";")),
    )
    return found["annotation_id"], pd.Series(changes, found.index)


def _choose_bases(rows: pd.DataFrame) -> pd.DataFrame:
    """Of each statement the wording that the claim goes by, else the longest one in the same language."""
    distance = (
        (rows["wording"] == "translated").astype(int).where(rows["exact"] != rows["statement"], -1)
    )
    order = rows.assign(distance=distance, length=rows["exact"].str.len())
    return order.sort_values(
        ["claim_id", "distance", "length"], ascending=[True, True, False]
    ).drop_duplicates("claim_id")


@lru_cache(REMEMBERED)
def _write_wording(base: str, text: str, wording: str) -> str:
    if wording == "altered":
        return mark_differences(_trim(base), _trim(text), LONGEST)
    return "the same words" if wording == "verbatim" and same_words(base, text) else _trim(text)


def _trim(text: str) -> str:
    """A comma at the end belongs to the page's sentence, not to what was said."""
    return " ".join(text.split()).rstrip(",，、 ")


def same_words(one: str, other: str) -> bool:
    """Return whether two wordings differ in nothing but spaces, capitals, quotation marks and end marks."""
    return _fold(one) == _fold(other)


def _fold(text: str) -> list[str]:
    return [word.casefold().replace("’", "'") for word in TOKEN.findall(text) if word[0].isalnum()]


def mark_differences(base: str, text: str, longest: int = 0) -> str:
    """Return `text` with its differences from `base`, word by word: [-left out-] and {+put in+}.

    What was left out is shortened to `longest` letters, if that is given. Capitals and the shape of apostrophes are no difference; brackets that stand in the text itself stay as they are.
    """
    old, new = list(TOKEN.finditer(base)), list(TOKEN.finditer(text))
    folded = [[match.group().casefold().replace("’", "'") for match in side] for side in (old, new)]
    pieces: list[str] = []
    for operation, i, j, k, m in SequenceMatcher(None, *folded, autojunk=False).get_opcodes():
        if operation == "equal":
            pieces.append(_cut(text, new, k, m))
            continue
        gone, put = _cut(base, old, i, j), _cut(text, new, k, m)
        gone = shorten(gone, longest) if longest else gone
        pieces.append((f"[-{gone}-]" if gone else "") + (f"{{+{put}+}}" if put else ""))
    return _close_gaps(pieces, text)


def _cut(text: str, tokens: list[re.Match], first: int, last: int) -> str:
    return text[tokens[first].start() : tokens[last - 1].end()] if first < last else ""


def _close_gaps(pieces: list[str], text: str) -> str:
    """Join pieces with a space where the language writes one: none between Han characters, none before a full stop."""
    glue = "" if re.search(r"[\u3400-\u9fff]", text) else " "
    joined = glue.join(piece for piece in pieces if piece)
    return re.sub(r"\s+([,.;:!?…])", r"\1", joined)


def list_carriers(tables: Tables, organisation: str = "", n: int = 14) -> pd.DataFrame:
    """Return one row per statement and page that carries it, for the `n` most repeated statements of several pages."""
    rows, names = _choose_repeated(_join_claims(tables, organisation)), name_pages(tables)
    order = (
        rows.drop_duplicates("claim_id")
        .sort_values(["n_articles", "statement"], ascending=[False, True])["claim_id"]
        .head(n)
    )
    rank = {claim: place for place, claim in enumerate(order)}
    rows = rows[is_among(rows["claim_id"], rank)]
    frame = (
        rows[["organisation", "statement", "article_id", "wording"]]
        .rename(columns={"article_id": "page"})
        .assign(
            organisation=map_texts(rows["organisation"], lambda id: name_entity(tables, id)),
            page=map_texts(rows["article_id"], lambda id: names.get(id, id)),
            evidence=pd.Series(
                [[id] for id in rows["quotation_id"].to_list()], rows.index, dtype=object
            ),
            rank=map_texts(rows["claim_id"], rank.__getitem__).astype(int),
        )
    )
    return frame.sort_values(["rank", "page"], kind="stable", ignore_index=True).drop(
        columns="rank"
    )


def list_unattributed(tables: Tables) -> pd.DataFrame:
    """Return the quotations whose speaker is nobody in the codebook, or whom the page does not name."""
    names, rows = name_pages(tables), _join_claims(tables)
    rows = rows[rows["organisation"] == ""]
    frame = (
        rows[["speaker", "exact", "kind"]]
        .rename(columns={"exact": "text"})
        .assign(
            page=map_texts(rows["article_id"], lambda id: names.get(id, id)),
            evidence=pd.Series(
                [[id] for id in rows["quotation_id"].to_list()], rows.index, dtype=object
            ),
        )
    )
    return frame.sort_values(["speaker", "page", "text"], ignore_index=True)


def _say_wordings(wordings: str) -> str:
    for word, said in (
        ("verbatim", "word for word"),
        ("fragment", "in part"),
        ("paraphrase", "retold"),
    ):
        wordings = wordings.replace(word, said)
    return wordings


def summarise_quotations(tables: Tables, organisation: str = "") -> tuple[str, list[str]]:
    """Return in one sentence, with its evidence, how many statements there are and which one is repeated most."""
    statements = list_statements(tables, check_organisation(tables, organisation))
    if statements.empty:
        return "No page quotes an organisation of the codebook with more than a word or two.", []
    repeated, most = statements[statements["n_articles"] > 1], statements.iloc[0]
    n_speakers = statements["organisation"].nunique()
    text = (
        f"{count_things(len(statements), 'statement')} by {count_things(n_speakers, 'organisation')}, "
        f"{len(repeated) or 'none'} of them in more than one page"
    )
    if len(repeated):
        how = f": {_say_wordings(most['wordings'])}" if most["wordings"] else ""
        text += (
            f"; most often {most['organisation']}: “{shorten(most['statement'].strip(' ,'), 110)}” "
            f"({count_things(most['n_articles'], 'page')}, {count_things(most['n_origins'], 'origin')}{how})"
        )
    return text + ".", most["evidence"]
