"""Quotations, positions, quantities and facts of single pages -> claims across pages, and their appearances."""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from types import SimpleNamespace
from typing import Any, NamedTuple

import pandas as pd

from ..schema import make_frame
from .contradictions import find_contested
from .decisions import Links
from .origins import find_credited, find_origins
from .rows import choose_rows
from .statements import Quote, join_statements
from .translations import unite_translations
from .wording import compare_wording, list_words

STATEMENT = "statement"
Key = tuple[str, str, str]  # subject, variable, code


class Appearance(NamedTuple):
    """One annotation and the claim that it carries."""

    annotation_id: str
    article_id: str
    wording: str


class Claim(NamedTuple):
    """A claim and where it appears."""

    text: str
    appearances: list[Appearance]


def name_claim(subject: str, variable: str, code: str) -> str:
    """Return a claim's id: it depends on subject, variable and code alone."""
    return hashlib.sha256("\x1f".join((subject, variable, code)).encode("utf-8")).hexdigest()[:12]


def name_statement(text: str) -> str:
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
    contested = find_contested(SimpleNamespace(**frames, codebook=book))
    frames["claims"]["status"] = frames["claims"]["status"].mask(
        frames["claims"]["claim_id"].isin(contested), "contested"
    )
    return {
        name: frames[name] for name in ("quotations", "positions", "quantities", "claims", "appearances", "origins")
    }


def _join(frames: Mapping[str, pd.DataFrame], book: Mapping[str, Any], links: Links) -> dict[str, pd.DataFrame]:
    """Return claims, not counted yet, and appearances, and claim_id in the rest; all else of the joining is let go."""
    quotes, inner = list_quotes(frames)
    claims = _gather_statements(quotes, book, links)
    del quotes
    claims |= _gather_claims(frames, links)
    claims = _merge_claims(claims, links)
    made = {key: (name_claim(*key), claim) for key, claim in claims.items()}
    appearances = make_frame("appearances", sorted((id, *a) for id, claim in made.values() for a in _order(claim)))
    rows = sorted((id, *key, claim.text, 1, 1, "", "single-source") for key, (id, claim) in made.items())
    return {
        **_complete(frames, appearances, inner),
        "appearances": appearances[_columns("appearances")],
        "claims": make_frame("claims", rows),
    }


def _columns(table: str) -> list[str]:
    return list(make_frame(table, []).columns)


def _order(claim: Claim) -> Iterable[tuple[str, str, str]]:
    return ((a.annotation_id, a.article_id, a.wording) for a in claim.appearances)


def _list_body_parts(book: Mapping[str, Any]) -> list[str]:
    kinds = book.get("parts", {})
    return [name for name, part in kinds.items() if part.get("kind") == "article" and name != "headline"] or ["body"]


def _complete(
    frames: Mapping[str, pd.DataFrame], appearances: pd.DataFrame, inner: Mapping[str, str]
) -> dict[str, pd.DataFrame]:
    """Reported speech around a direct quotation is its frame: it takes that one's claim and does not appear."""
    claim_of = dict(zip(appearances["annotation_id"], appearances["claim_id"], strict=True))
    claim_of |= {outer: claim_of[quote] for outer, quote in inner.items()}
    return {
        table: frames[table].assign(claim_id=frames[table][key].map(claim_of).astype("str"))
        for table, key in (("quotations", "quotation_id"), ("positions", "position_id"), ("quantities", "quantity_id"))
    }


def list_quotes(frames: Mapping[str, pd.DataFrame]) -> tuple[list[Quote], dict[str, str]]:
    """Return (quotations to join, frames): a mixed quotation around direct ones is the frame of the longest of them."""
    passages = frames["passages"][frames["passages"]["annotation_id"].isin(frames["quotations"]["quotation_id"])]
    after = dict(zip(passages["annotation_id"], passages["after"], strict=True))
    codes = _SpanIndex(
        (row.article_id, row.start, row.end, (row.organisation, "position", row.position))
        for row in frames["positions"].itertuples(index=False)
    )
    direct = frames["quotations"][frames["quotations"]["kind"] == "direct"]
    inside = _SpanIndex((row.article_id, row.start, row.end, row) for row in direct.itertuples(index=False))
    quotes, inner, known = [], {}, {}  # `known`: the same set of organisations or codes is in memory once
    for row in frames["quotations"].itertuples(index=False):
        if row.kind != "direct":
            held = [
                r for r in inside.find(row.article_id, row.start, row.end) if row.start <= r.start and r.end <= row.end
            ]
            if held:
                inner[row.quotation_id] = max(held, key=lambda r: (r.end - r.start, -r.start)).quotation_id
                continue
        quotes.append(
            Quote(
                row.quotation_id, row.article_id, int(row.start), int(row.end), row.exact, row.kind == "direct",
                _remember(known, frozenset(filter(None, row.organisation.split(";")))), list_words(row.exact),
                after.get(row.quotation_id, ""),
                _remember(known, frozenset(codes.find(row.article_id, row.start, row.end))), row.speaker,
            )
        )  # fmt: skip
    return quotes, inner


def _remember(known: dict[frozenset, frozenset], found: frozenset) -> frozenset:
    return known.setdefault(found, found)


class _SpanIndex:
    """Answers what overlaps a span of a page."""

    def __init__(self, spans: Iterable[tuple[str, int, int, Any]]) -> None:
        self.spans: dict[str, list] = defaultdict(list)
        for article_id, start, end, value in spans:
            self.spans[article_id].append((start, end, value))
        self.longest = {}
        for article_id, rows in self.spans.items():
            rows.sort(key=lambda row: row[:2])
            self.longest[article_id] = max(end - start for start, end, _ in rows)

    def find(self, article_id: str, start: int, end: int) -> list[Any]:
        rows = self.spans.get(article_id, [])
        first = bisect_left(rows, start - self.longest.get(article_id, 0), key=lambda row: row[0])
        last = bisect_right(rows, end, key=lambda row: row[0])
        return [value for s, e, value in rows[first:last] if s < end and e > start]


def _gather_statements(quotes: list[Quote], book: Mapping[str, Any], links: Links) -> dict[Key, Claim]:
    rules = book.get("reconcile", {})
    joiners = frozenset(word for words in rules.get("joiners", {}).values() for word in words)
    statements = unite_translations(join_statements([q for q in quotes if q.id not in links.split], joiners), book)
    for quote in sorted(quotes, key=lambda q: q.id):
        if quote.id in links.split:
            statements += join_statements([quote], joiners)
    claims: dict[Key, Claim] = {}
    for statement in statements:
        subject = _choose_subject(statement.quotes)
        key = (subject, STATEMENT, name_statement(statement.text))
        if key in claims:  # the same few words, which stay apart for want of a common mouth
            key = (subject, STATEMENT, hashlib.sha256(f"{key}{statement.quotes[0].id}".encode()).hexdigest()[:12])
        appearances = [
            Appearance(q.id, q.article_id, compare_wording(q.exact, statement.text)) for q in statement.quotes
        ]
        claims[key] = Claim(statement.text, appearances)
    return claims


def _choose_subject(quotes: list[Quote]) -> str:
    """Return the organisation that most pages name as the speaker, "" where none does."""
    pages = {(organisation, quote.article_id) for quote in quotes for organisation in quote.organisations}
    counts = Counter(organisation for organisation, _ in pages)
    return min(counts, key=lambda organisation: (-counts[organisation], organisation), default="")


def _gather_claims(frames: Mapping[str, pd.DataFrame], links: Links) -> dict[Key, Claim]:
    groups: dict[Key, list[tuple[str, str, str]]] = defaultdict(list)

    def add(subject: str, variable: str, code: str, id: str, article_id: str, exact: str) -> None:
        code = f"{code} [{id[:6]}]" if id in links.split else code
        groups[subject, variable, code].append((id, article_id, exact))

    for row in frames["positions"].itertuples(index=False):
        add(row.organisation, "position", code_position(row), row.position_id, row.article_id, row.exact)
    scopes = _list_scopes(frames["annotations"])
    for row in frames["quantities"].itertuples(index=False):
        code = " ".join(filter(None, (row.value, row.unit, row.period, scopes.get(row.quantity_id, ""))))
        add(row.organisation, row.variable, code, row.quantity_id, row.article_id, row.exact)
    for row in list_facts(frames).itertuples(index=False):
        add(row.subject, row.variable, row.code, row.annotation_id, row.article_id, row.exact)
    claims = {}
    for key, rows in groups.items():
        text = max((exact for _, _, exact in rows), key=lambda exact: (len(exact), exact))
        claims[key] = Claim(text, [Appearance(id, page, compare_wording(exact, text)) for id, page, exact in rows])
    return claims


def code_position(row: Any) -> str:
    """Return the code of a position's claim: the position, with its modality unless it is stated."""
    return row.position if row.modality == "stated" else f"{row.position} ({row.modality})"


def _list_scopes(annotations: pd.DataFrame) -> dict[str, str]:
    rows = choose_rows(annotations, annotations["variable"] == "scope")
    return dict(zip(rows["subject"], rows["code"], strict=True))


def list_facts(frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the annotations that are facts: about an entity, and neither quotation, position nor quantity."""
    annotations = frames["annotations"]
    facts = choose_rows(annotations, ~annotations["subject"].isin(frames["articles"]["article_id"]))
    facts = choose_rows(facts, ~facts["subject"].isin(annotations["annotation_id"]))
    for table, key in (("quotations", "quotation_id"), ("positions", "position_id"), ("quantities", "quantity_id")):
        facts = choose_rows(facts, ~facts["annotation_id"].isin(frames[table][key]))
    return facts


def _merge_claims(claims: dict[Key, Claim], links: Links) -> dict[Key, Claim]:
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
                claims[into] = Claim(kept.text, kept.appearances + moved)
    return claims


def _count_claims(frames: Mapping[str, pd.DataFrame], book: Mapping[str, Any]) -> pd.DataFrame:
    origin_of = dict(zip(frames["origins"]["article_id"], frames["origins"]["origin_id"], strict=True))
    credited = find_credited(SimpleNamespace(**frames, codebook=book))
    rows = frames["appearances"].merge(frames["articles"][["article_id", "date_published"]], on="article_id")
    rows["origin_id"] = [
        credited.get(a, origin_of[p]) for a, p in zip(rows["annotation_id"], rows["article_id"], strict=True)
    ]
    groups = rows.groupby("claim_id", sort=True)
    counts = pd.DataFrame({
        "n_articles": groups["article_id"].nunique(),
        "n_origins": groups["origin_id"].nunique(),
        "first_published": rows[rows["date_published"] != ""].groupby("claim_id")["date_published"].min(),
    })  # fmt: skip
    claims = (
        frames["claims"]
        .drop(columns=list(counts.columns))
        .merge(counts, left_on="claim_id", right_index=True, how="left")
    )
    claims["status"] = (claims["n_origins"] > 1).map({True: "corroborated", False: "single-source"})
    return make_frame("claims", claims[_columns("claims")].itertuples(index=False, name=None))
