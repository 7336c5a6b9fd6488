"""Quotations, positions, quantities and facts of single pages -> claims across pages, and their appearances."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, NamedTuple

import pandas as pd

from hkresearch.reconcile.contradictions import find_contested
from hkresearch.reconcile.credited_outlets import find_credited
from hkresearch.reconcile.decisions import Links
from hkresearch.reconcile.origins import find_origins
from hkresearch.reconcile.printed_statements import find_single_statements
from hkresearch.reconcile.quotation_spans import list_quotes
from hkresearch.reconcile.statement_clusters import join_statements
from hkresearch.reconcile.statements import Quote
from hkresearch.reconcile.translations import unite_translations
from hkresearch.reconcile.word_forms import compare_wording, list_words
from hkresearch.tables.schema import list_fields, make_frame
from hkresearch.tables.select_rows import choose_where, iterate_rows
from hkresearch.tables.text_columns import PackedRows, is_among, look_up

_STATEMENT = "statement"
_ONE_STATEMENT = "one-statement"  # several pages report what was said once
_Key = tuple[str, str, str]  # subject, variable, code


class _Appearance(NamedTuple):
    """One annotation and the claim that it carries."""

    annotation_id: str
    article_id: str
    wording: str


class _Claim(NamedTuple):
    """A claim and where it appears."""

    text: str
    appearances: list[_Appearance]


def _name_claim(subject: str, variable: str, code: str) -> str:
    """Return a claim's id: it depends on subject, variable and code alone."""
    return hashlib.sha256("\x1f".join((subject, variable, code)).encode("utf-8")).hexdigest()[:12]


def _name_statement(text: str) -> str:
    """Return twelve characters that stand for the words of a statement."""
    return hashlib.sha256(" ".join(list_words(text)).encode("utf-8")).hexdigest()[:12]


def reconcile_tables(
    frames: Mapping[str, pd.DataFrame], book: Mapping[str, Any], links: Links | None = None
) -> dict[str, pd.DataFrame]:
    """Return what joining adds to `frames`: claims, appearances, origins, and claim_id in what the pages say.

    `links` are a person's decisions about which claims are one.
    """
    frames = {**frames, **_join(frames, book, links or Links())}
    frames["origins"] = find_origins(frames, book, _list_body_parts(book))
    frames["claims"] = _count_claims(frames, book)
    said_once = find_single_statements(SimpleNamespace(**frames))
    frames["claims"]["status"] = frames["claims"]["status"].mask(
        frames["claims"]["claim_id"].isin(said_once), _ONE_STATEMENT
    )
    contested = find_contested(SimpleNamespace(**frames, codebook=book))
    frames["claims"]["status"] = frames["claims"]["status"].mask(
        frames["claims"]["claim_id"].isin(contested), "contested"
    )
    return {
        name: frames[name]
        for name in ("quotations", "positions", "quantities", "claims", "appearances", "origins")
    }


def _join(
    frames: Mapping[str, pd.DataFrame], book: Mapping[str, Any], links: Links
) -> dict[str, pd.DataFrame]:
    """Return claims, not counted yet, and appearances, and claim_id in the rest; all else of the joining is let go."""
    quotes, inner = list_quotes(frames, book)
    claims = _gather_statements(quotes, book, links)
    del quotes
    claims |= _gather_claims(frames, links)
    claims = _merge_claims(claims, links)
    appearances, rows = (
        PackedRows([(item["name"], item["type"]) for item in list_fields("appearances")]),
        [],
    )
    for id, key in sorted((_name_claim(*key), key) for key in claims):
        text, found = claims.pop(key)
        appearances.add([(id, *appearance) for appearance in sorted(found)])
        rows.append((id, *key, text, 1, 1, "", "single-source"))
    joined = {"appearances": appearances.build(), "claims": make_frame("claims", rows)}
    return {**joined, **_complete(frames, joined["appearances"], inner)}


def _columns(table: str) -> list[str]:
    return list(make_frame(table, []).columns)


def _list_body_parts(book: Mapping[str, Any]) -> list[str]:
    kinds = book.get("parts", {})
    return [
        name for name, part in kinds.items() if part.get("kind") == "article" and name != "headline"
    ] or ["body"]


def _complete(
    frames: Mapping[str, pd.DataFrame], appearances: pd.DataFrame, inner: Mapping[str, str]
) -> dict[str, pd.DataFrame]:
    """Reported speech around a direct quotation is its frame: it takes that one's claim and does not appear."""
    found = {}
    for table, key in (
        ("quotations", "quotation_id"),
        ("positions", "position_id"),
        ("quantities", "quantity_id"),
    ):
        ids = frames[table][key]
        if inner and table == "quotations":
            is_frame = is_among(ids, inner)
            ids = ids.copy()
            ids[is_frame] = [inner[id] for id in ids[is_frame]]
        claims = look_up(ids, appearances["annotation_id"], appearances["claim_id"])
        found[table] = frames[table].assign(claim_id=claims)
    return found


def _gather_statements(
    quotes: list[Quote], book: Mapping[str, Any], links: Links
) -> dict[_Key, _Claim]:
    rules = book.get("reconcile", {})
    joiners = frozenset(word for words in rules.get("joiners", {}).values() for word in words)
    statements = unite_translations(
        join_statements([q for q in quotes if q.id not in links.split], joiners), book
    )
    for quote in sorted(quotes, key=lambda q: q.id):
        if quote.id in links.split:
            statements += join_statements([quote], joiners)
    claims: dict[_Key, _Claim] = {}
    for statement in statements:
        subject = _choose_subject(statement.quotes)
        key = (subject, _STATEMENT, _name_statement(statement.text))
        if key in claims:  # the same few words, which stay apart for want of a common mouth
            key = (
                subject,
                _STATEMENT,
                hashlib.sha256(f"{key}{statement.quotes[0].id}".encode()).hexdigest()[:12],
            )
        wordings = {q.exact: "" for q in statement.quotes}
        wordings = {exact: compare_wording(exact, statement.text) for exact in wordings}
        appearances = [
            _Appearance(q.id, q.article_id, _name_wording(wordings[q.exact], q.is_direct))
            for q in statement.quotes
        ]
        claims[key] = _Claim(statement.text, appearances)
    return claims


def _name_wording(wording: str, is_direct: bool) -> str:
    """Reported speech in other words is retold, not altered: it claims nobody's exact words."""
    return "paraphrase" if wording == "altered" and not is_direct else wording


def _choose_subject(quotes: list[Quote]) -> str:
    """Return the organisation that most pages name as the speaker; "" where none does, or more pages name somebody else.

    Where as many pages each name another one alone, nobody can say whose words they are.
    """
    pages = {
        (organisation, quote.article_id) for quote in quotes for organisation in quote.organisations
    }
    counts = Counter(organisation for organisation, _ in pages)
    if not counts:
        return ""
    others = {quote.article_id for quote in quotes if quote.speaker and not quote.organisations}
    most = max(counts.values())
    best = sorted(organisation for organisation in counts if counts[organisation] == most)
    is_joint = any(set(best) <= quote.organisations for quote in quotes)
    is_open = len(best) > 1 and most > 1 and not is_joint
    return "" if is_open or len(others) > most else best[0]


def _gather_claims(frames: Mapping[str, pd.DataFrame], links: Links) -> dict[_Key, _Claim]:
    groups: dict[_Key, list[tuple[str, str, str]]] = defaultdict(list)

    def add(subject: str, variable: str, code: str, id: str, article_id: str, exact: str) -> None:
        code = f"{code} [{id[:6]}]" if id in links.split else code
        groups[subject, variable, code].append((id, article_id, exact))

    columns = ["position_id", "article_id", "organisation", "position", "modality", "exact"]
    for row in iterate_rows(frames["positions"], columns):
        add(
            row.organisation,
            "position",
            code_position(row),
            row.position_id,
            row.article_id,
            row.exact,
        )
    scopes = _list_scopes(frames["annotations"])
    columns = [
        "quantity_id",
        "article_id",
        "organisation",
        "variable",
        "value",
        "unit",
        "period",
        "exact",
    ]
    for row in iterate_rows(frames["quantities"], columns):
        code = " ".join(
            filter(None, (row.value, row.unit, row.period, scopes.get(row.quantity_id, "")))
        )
        add(row.organisation, row.variable, code, row.quantity_id, row.article_id, row.exact)
    facts = _list_facts(frames)
    for row in iterate_rows(facts, list(facts.columns)):
        add(row.subject, row.variable, row.code, row.annotation_id, row.article_id, row.exact)
    claims = {}
    for key in list(groups):  # one after the other, so that the rows are not in memory twice
        rows = groups.pop(key)
        exacts = {exact for _, _, exact in rows}
        text = max(exacts, key=lambda exact: (len(exact), exact))
        wordings = {exact: compare_wording(exact, text) for exact in exacts}
        claims[key] = _Claim(
            text, [_Appearance(id, page, wordings[exact]) for id, page, exact in rows]
        )
    return claims


def code_position(row: Any) -> str:
    """Return the code of a position's claim: the position, with its modality unless it is stated."""
    return row.position if row.modality == "stated" else f"{row.position} ({row.modality})"


def _list_scopes(annotations: Any) -> dict[str, str]:
    rows = choose_where(annotations, ["subject", "code"], "variable", ["scope"])
    return dict(zip(rows["subject"], rows["code"], strict=True))


def _list_facts(frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the annotations that are facts: about an entity, not a page."""
    return frames["facts"][~frames["facts"]["subject"].isin(frames["articles"]["article_id"])]


def _merge_claims(claims: dict[_Key, _Claim], links: Links) -> dict[_Key, _Claim]:
    """Join claims that a person declared the same: the second takes in the first and keeps its name."""
    for old, new in links.merge:
        key_of = {a.annotation_id: key for key, claim in claims.items() for a in claim.appearances}
        into = next((key_of[id] for id in sorted(new) if id in key_of), None)
        for key in sorted({key_of[id] for id in old if id in key_of} - {into}):
            if into is not None:
                gone, kept = claims.pop(key), claims[into]
                moved = [
                    a._replace(wording="translated" if a.wording == "translated" else "altered")
                    for a in gone.appearances
                ]
                claims[into] = _Claim(kept.text, kept.appearances + moved)
    return claims


def _count_claims(frames: Mapping[str, Any], book: Mapping[str, Any]) -> pd.DataFrame:
    rows = frames["appearances"][["claim_id", "article_id"]].astype("category")
    ids, pages = rows["claim_id"].cat.categories, rows["article_id"].cat.categories
    date_of = dict(
        zip(frames["articles"]["article_id"], frames["articles"]["date_published"], strict=True)
    )
    unknown = "~"  # sorts after every date
    dates = pd.Categorical([date_of[page] or unknown for page in pages])
    numbers = pd.DataFrame({  # as numbers, of which many fit
        "claim_id": rows["claim_id"].cat.codes,
        "n_articles": rows["article_id"].cat.codes,
        "n_origins": _number_origins(frames, book, rows["article_id"]),
        "first_published": dates.codes[rows["article_id"].cat.codes],
    })  # fmt: skip
    groups = numbers.groupby("claim_id", sort=True)
    counts = groups[["n_articles", "n_origins"]].nunique()
    counts["n_origins"] = counts[["n_articles", "n_origins"]].min(axis="columns")
    first = dates.categories[groups["first_published"].min()]
    counts["first_published"] = ["" if date == unknown else date for date in first]
    counts.index = ids[counts.index]
    claims = frames["claims"].drop(columns=list(counts.columns))
    claims = claims.merge(counts, left_on="claim_id", right_index=True, how="left")
    claims["status"] = (claims["n_origins"] > 1).map({True: "corroborated", False: "single-source"})
    return make_frame("claims", claims[_columns("claims")].itertuples(index=False, name=None))


def _number_origins(frames: Mapping[str, Any], book: Mapping[str, Any], pages: pd.Series) -> Any:
    """Return for each appearance a number that stands for the origin that it is credited to, or else its page's."""
    origin_of = dict(
        zip(frames["origins"]["article_id"], frames["origins"]["origin_id"], strict=True)
    )
    credited = find_credited(SimpleNamespace(**frames, codebook=book))
    number: dict[str, int] = {}
    return [
        number.setdefault(credited.get(id) or origin_of[page], len(number))
        for id, page in zip(frames["appearances"]["annotation_id"], pages, strict=True)
    ]
