"""The hand-coded real pages -> tables, as if coders had found exactly what people did."""

import json
from itertools import combinations

from hkresearch.codebook.book import read_codebook
from hkresearch.core.article import annotate
from hkresearch.pages.register import read_articles
from hkresearch.pipeline.build_tables import tabulate_articles
from hkresearch.reconcile import list_alterations, list_contradiction_sides

KINDS = {"direct_quote": "direct", "indirect_quote": "indirect"}
# What the gold says in words of its own: page, passage, subject, variable, code, attributes.
CODED = [
    ("000", "Dubai-based", "telegram", "seat", "dubai", {}),
    ("002", "London-based", "telegram", "seat", "london", {}),
    ("004", "London-based", "telegram", "seat", "london", {}),
    ("001", "six months", "service_provider", "prison_term", "6", {"unit": "month"}),
    ("002", "a yr in jail", "service_provider", "prison_term", "1", {"unit": "year"}),
    ("001", "$12,903", "service_provider", "maximum_fine", "12903", {"unit": "USD"}),
    ("001", "$100,000", "service_provider", "maximum_fine", "100000", {"unit": "HKD"}),
    ("002", "241", "facebook", "requests", "241", {"unit": "request", "period": "2019-07/2019-12"}),
    ("002", "257", "facebook", "accounts", "257", {"unit": "account", "period": "2019-07/2019-12"}),
    (
        "002",
        "46%",
        "facebook",
        "share_complied",
        "46",
        {"unit": "percent", "period": "2019-07/2019-12"},
    ),
    ("000", "put into effect", "security_law", "in_force_on", "2020-06-30", {}),
    ("002", "July 1", "security_law", "enacted_on", "2020-07-01", {}),
]
NEW_REQUESTS = [("001", "google", 2044), ("002", "google", 1164), ("004", "google", 2452)]


def read_gold(shared):
    """Return (tables, quotation_id -> statement, the gold's records) of the five real pages."""
    articles = {article.file: article for article in read_articles(shared / "articles")}
    records = [
        json.loads(line)
        for line in (shared / "gold/articles-gold.jsonl").read_text("utf-8").splitlines()
    ]
    book = read_codebook()
    names = {
        name: id
        for id, entity in book.entities.items()
        for name in (entity["label"], *entity.get("names", {}).get("en", ()))
    }
    rows = {file: list_parts(article, shared) for file, article in articles.items()}
    statement_of = {}
    for record in records:
        if record["kind"] in KINDS:
            article, found = articles[record["file"]], rows[record["file"]]
            kind = "mixed" if record.get("style") == "mixed" else KINDS[record["kind"]]
            found.append(
                annotate(
                    article, record["start"], record["end"], article.id, "quotation", kind, "gold/1"
                )
            )
            id = found[-1].id
            if record.get("statement"):
                statement_of[id] = record["statement"]
            organisations = record["organisation"] or []
            for name in [organisations] if isinstance(organisations, str) else organisations:
                span = (record["speaker_start"], record["speaker_end"])
                found.append(
                    annotate(
                        article, *span, id, "organisation", names.get(name, name.lower()), "gold/1"
                    )
                )
    code_positions(articles, rows, shared)
    for page, exact, subject, variable, code, attributes in CODED:
        file = next(file for file in articles if file.startswith(page))
        start = articles[file].text.index(exact)
        add(
            articles[file],
            rows[file],
            start,
            start + len(exact),
            subject,
            variable,
            code,
            attributes,
        )
    coded = [
        (
            articles[file],
            sorted({r.id: r for r in rows[file]}.values(), key=lambda r: (r.start, r.end, r.id)),
        )
        for file in sorted(articles)
    ]
    return tabulate_articles(coded, book), statement_of, records


def add(article, rows, start, end, subject, variable, code, attributes):
    rows.append(annotate(article, start, end, subject, variable, code, "gold/1"))
    id = rows[-1].id
    rows += [
        annotate(article, start, end, id, name, value, "gold/1")
        for name, value in attributes.items()
    ]


def list_parts(article, shared):
    labels = json.loads((shared / "gold/lines.json").read_text("utf-8"))[article.file]["lines"]
    rows, position = [], 0
    for number, line in enumerate(article.text.splitlines(keepends=True), 1):
        label = {"title": "headline", "body": "body"}.get(labels.get(str(number)), "blank")
        rows.append(
            annotate(article, position, position + len(line), article.id, "part", label, "gold/1")
        )
        position += len(line)
    return rows


def code_positions(articles, rows, shared):
    for line in (shared / "gold/positions.jsonl").read_text("utf-8").splitlines():
        record = json.loads(line)
        file = f"{record['article_id']}.txt"
        for start, end in record["evidence"] if not record["neutral"] else ():
            is_new = any(
                file.startswith(page) and record["organisation"] == who and start == at
                for page, who, at in NEW_REQUESTS
            )
            attributes = {
                "modality": record["modality"],
                "object": "new data requests" if is_new else "requests",
            }
            add(
                articles[file],
                rows[file],
                start,
                end,
                record["organisation"],
                "position",
                record["position"],
                attributes,
            )


def list_links(tables, records, kinds=tuple(KINDS)):
    """Return (expected, found): pairs of the gold's quotations that are one statement, by people and by `tables`.

    A quotation of the gold is the one of the tables that covers at least half of what both cover, else nobody's.
    """
    claim_of, statement_of = {}, {}
    for record in records:
        if record["kind"] in kinds and record.get("statement"):
            statement_of[record["id"]] = record["statement"]
            rows = tables.quotations[tables.quotations["article_id"] == record["file"][:-4]]
            shared = rows["end"].clip(upper=record["end"]) - rows["start"].clip(
                lower=record["start"]
            )
            whole = rows["end"].clip(lower=record["end"]) - rows["start"].clip(
                upper=record["start"]
            )
            share = (shared / whole).astype(float)
            claim_of[record["id"]] = (
                rows.loc[share.idxmax(), "claim_id"] if share.max() >= 0.5 else record["id"]
            )
    pairs = list(combinations(sorted(claim_of), 2))
    expected = {pair for pair in pairs if statement_of[pair[0]] == statement_of[pair[1]]}
    return expected, {pair for pair in pairs if claim_of[pair[0]] == claim_of[pair[1]]}


def _place(tables, found):
    return found.merge(tables.annotations[["annotation_id", "start", "end"]], on="annotation_id")


def _hits(rows, evidence):
    overlap = (rows["start"] < evidence["end"]) & (rows["end"] > evidence["start"])
    return rows[(rows["article_id"] == evidence["file"][:-4]) & overlap]


def find_missed_alterations(tables, records):
    """Return (the gold's altered quotations, those of them that are not classified as people did)."""
    found = _place(tables, list_alterations(tables))
    altered = {r["id"]: r for r in records if r["kind"] == "altered_quote"}
    lost = []
    for id, record in altered.items():
        kinds = {
            k
            for e in record["evidence"]
            for kinds in _hits(found, e)["kinds"]
            for k in kinds.split(";")
        }
        lost += [(id, record["type"], sorted(kinds))] if record["type"] not in kinds else []
    return altered, lost


# kind of contradiction that we report and its subject, for each strong record of the gold
STRONG = {
    "contradiction-001": ("value", "telegram"), "contradiction-002": ("value", "service_provider"),
    "contradiction-003": ("order", "security_law"), "contradiction-004": ("subject", "whatsapp"),
    "contradiction-005": ("modality", "facebook"), "contradiction-006": ("tension", "facebook"),
    "contradiction-007": ("outlook", "apple"), "contradiction-008": ("headline", "zoom"),
    "contradiction-014": ("scope", "google"),
}  # fmt: skip


def find_missed_contradictions(tables, records):
    """Return (the gold's strong records, those without evidence on two sides, what is reported besides)."""
    found = _place(tables, list_contradiction_sides(tables))
    strong = {
        r["id"]: r for r in records if r["kind"] == "contradiction" and r["strength"] == "strong"
    }
    missed = []
    for id, record in strong.items():
        rows = found[(found["kind"] == STRONG[id][0]) & (found["subject"] == STRONG[id][1])]
        sides = {}  # what people say a side says -> what we say it says
        for evidence in record["evidence"]:
            if len(hits := _hits(rows, evidence)):
                sides.setdefault(evidence["value"], set()).update(hits["code"])
        if len(sides) < 2 or len(set().union(*sides.values())) < 2:
            missed.append((id, STRONG[id], sides))
    reported = {(row.kind, row.subject) for row in found.itertuples(index=False)}
    return strong, missed, sorted(reported - set(STRONG.values()))
