"""Tables -> who said what, who repeated it, and in what wording."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

import pandas as pd

from ..reconcile import list_alterations
from ..reconcile.alterations import KINDS
from ..reconcile.statements import weigh_words
from ..reconcile.wording import list_words
from .wording import (
    check_organisation, choose_organisation, count_things, gather_ids, join_words, list_page_names, name_entity,
    name_pages, shorten, tidy_passage,
)  # fmt: skip

if TYPE_CHECKING:
    from ..tables import Tables

STATEMENT_COLUMNS = [
    "organisation", "statement", "speakers", "kind", "n_articles", "n_origins", "first_published", "wordings",
    "evidence",
]  # fmt: skip
WORDING_COLUMNS = ["statement", "page", "wording", "text", "change", "evidence"]
WORD_COLUMNS = ["organisation", "words", "pages", "evidence"]
UNATTRIBUTED_COLUMNS = ["speaker", "text", "kind", "page", "evidence"]
FEWEST = 3  # words of a statement
LONGEST = 60  # letters of a passage left out that are still quoted
ORDER = ["verbatim", "fragment", "altered", "translated"]
# One Han character is a word here: Chinese is written without spaces.
TOKEN = re.compile(r"[\u3400-\u9fff\U00020000-\U0002ffff]|[^\W_]+(?:['’\-][^\W_]+)*|[^\w\s]")


def list_statements(tables: Tables, organisation: str = "") -> pd.DataFrame:
    """Return one row per distinct statement of an organisation, the most repeated first; a word or two is none."""
    rows = _join_claims(tables, organisation)
    rows = rows[~rows["is_word"]]
    found = []
    for _, group in rows[rows["organisation"] != ""].groupby("claim_id", sort=True):
        first, counts = group.iloc[0], group["wording"].value_counts()
        found.append(
            {
                "organisation": name_entity(tables, first["organisation"]),
                "statement": first["statement"],
                "speakers": "; ".join(sorted(set(group["speaker"]) - {""})),
                "kind": join_words(sorted(set(group["kind"]))),
                "n_articles": int(first["n_articles"]),
                "n_origins": int(first["n_origins"]),
                "first_published": first["first_published"],
                "wordings": ", ".join(f"{counts[name]} {name}" for name in ORDER if name in counts),
                "evidence": gather_ids(group["quotation_id"]),
            }
        )
    frame = pd.DataFrame(found, columns=STATEMENT_COLUMNS)
    frame = frame.sort_values(
        ["n_articles", "n_origins", "organisation", "statement"], ascending=[False, False, True, True], ignore_index=True
    )
    return frame.drop(columns="first_published") if rows["first_published"].eq("").all() and len(frame) else frame


def list_quoted_words(tables: Tables, organisation: str = "") -> pd.DataFrame:
    """Return the words quoted for their own sake, or left over from reported speech: too short to be a statement."""
    rows = _join_claims(tables, organisation)
    rows, names = rows[rows["is_word"] & (rows["organisation"] != "")], name_pages(tables)
    found = [
        {
            "organisation": name_entity(tables, group["organisation"].iloc[0]),
            "words": "; ".join(dict.fromkeys(tidy_passage(text) for text in group["exact"])),
            "pages": list_page_names(names, group["article_id"]),
            "evidence": gather_ids(group["quotation_id"]),
        }
        for _, group in rows.groupby("claim_id", sort=True)
    ]
    return pd.DataFrame(found, columns=WORD_COLUMNS).sort_values(["organisation", "words"], ignore_index=True)


def _join_claims(tables: Tables, organisation: str = "") -> pd.DataFrame:
    """Return the quotations in reading order, each with its claim's counts, its own wording and whose claim it is.

    Reported speech around a direct quotation of the same claim has no appearance of its own: it is the same act of speech.
    """
    claims = tables.claims.rename(columns={"text": "statement"})
    columns = ["claim_id", "subject", "statement", "n_articles", "n_origins", "first_published"]
    rows = tables.quotations.merge(claims[columns], on="claim_id", how="inner")
    wordings = dict(zip(tables.appearances["annotation_id"], tables.appearances["wording"], strict=True))
    rows = rows.assign(
        wording=[wordings.get(id, "") for id in rows["quotation_id"]],
        organisation=rows["subject"].where(rows["subject"] != "", rows["organisation"]),
    )
    rows = choose_organisation(rows[rows["wording"] != ""], organisation)
    rows = rows.assign(
        statement=[tidy_passage(text).rstrip(",，") for text in rows["statement"]],
        is_word=pd.Series([weigh_words(list_words(text)) < FEWEST for text in rows["statement"]], rows.index, dtype=bool),
    )
    return rows.sort_values(["article_id", "start", "quotation_id"], ignore_index=True)


def list_wordings(tables: Tables, organisation: str = "") -> pd.DataFrame:
    """Return, for each statement that more than one page carries, its full wording and then every other page's.

    In an altered wording, [-words-] are those of the full wording that the page lacks, {+words+} those it has instead.
    """
    rows, names, found = _join_claims(tables, organisation), name_pages(tables), []
    rows = rows[(rows["organisation"] != "") & (rows["n_articles"] > 1) & ~rows["is_word"]]
    changes = _name_changes(tables)
    for _, group in rows.groupby("claim_id", sort=True):
        base = _choose_base(group)
        group = group.assign(
            rank=[ORDER.index(w) if w in ORDER else len(ORDER) for w in group["wording"]], is_base=group.index == base.name
        ).sort_values(["is_base", "rank", "article_id", "start"], ascending=[False, True, True, True])
        for row in group.itertuples(index=False):
            found.append(
                {
                    "statement": f"{name_entity(tables, row.organisation)}: “{shorten(base['statement'], 45)}”",
                    "page": names.get(row.article_id, row.article_id),
                    "wording": row.wording,
                    "text": _trim(row.exact) if row.is_base else _write_wording(base["exact"], row.exact, row.wording),
                    "change": "" if row.is_base else changes.get(row.quotation_id, ""),
                    "evidence": [row.quotation_id],
                    "rank": (-int(row.n_articles), name_entity(tables, row.organisation), row.claim_id),
                }
            )
    found.sort(key=lambda row: row["rank"])
    return pd.DataFrame(found, columns=WORDING_COLUMNS)


def _name_changes(tables: Tables) -> dict[str, str]:
    """Quotation id -> what kind of change its wording is, in words."""
    found = list_alterations(tables)
    return {
        id: join_words(KINDS.get(kind, kind) for kind in kinds.split(";"))
        for id, kinds in zip(found["annotation_id"], found["kinds"], strict=True)
    }


def _choose_base(group: pd.DataFrame) -> pd.Series:
    """The wording that the claim goes by, else the longest one in the same language."""
    chosen = group[group["exact"] == group["statement"]]
    plain = group[group["wording"] != "translated"]
    candidates = chosen if len(chosen) else plain if len(plain) else group
    longest = candidates["exact"].str.len().max()
    return candidates[candidates["exact"].str.len() == longest].iloc[0]


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
    rows, names = _join_claims(tables, organisation), name_pages(tables)
    rows = rows[(rows["organisation"] != "") & (rows["n_articles"] > 1) & ~rows["is_word"]]
    order = rows.sort_values(["n_articles", "statement"], ascending=[False, True])
    order = order["claim_id"].drop_duplicates().head(n)
    rank = {claim: place for place, claim in enumerate(order)}
    found = [
        {
            "organisation": name_entity(tables, row.organisation),
            "statement": row.statement,
            "page": names.get(row.article_id, row.article_id),
            "wording": row.wording,
            "evidence": [row.quotation_id],
            "rank": rank[row.claim_id],
        }
        for row in rows[rows["claim_id"].isin(rank)].itertuples(index=False)
    ]
    frame = pd.DataFrame(found, columns=["organisation", "statement", "page", "wording", "evidence", "rank"])
    return frame.sort_values(["rank", "page"], kind="stable", ignore_index=True).drop(columns="rank")


def list_unattributed(tables: Tables) -> pd.DataFrame:
    """Return the quotations whose speaker is nobody in the codebook, or whom the page does not name."""
    names, rows = name_pages(tables), _join_claims(tables)
    found = [
        {
            "speaker": row.speaker,
            "text": row.exact,
            "kind": row.kind,
            "page": names.get(row.article_id, row.article_id),
            "evidence": [row.quotation_id],
        }
        for row in rows[rows["organisation"] == ""].itertuples(index=False)
    ]
    frame = pd.DataFrame(found, columns=UNATTRIBUTED_COLUMNS)
    return frame.sort_values(["speaker", "page", "text"], ignore_index=True)


def _say_wordings(wordings: str) -> str:
    return wordings.replace("verbatim", "word for word").replace("fragment", "in part")


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
        text += (
            f"; most often {most['organisation']}: “{shorten(most['statement'].strip(' ,'), 110)}” "
            f"({count_things(most['n_articles'], 'page')}, {count_things(most['n_origins'], 'origin')}: "
            f"{_say_wordings(most['wordings'])})"
        )
    return text + ".", most["evidence"]
