"""The hand-coded real pages -> tables, as if coders had found exactly what people did."""

import json

from hkresearch.article import annotate
from hkresearch.codebook import read_codebook
from hkresearch.source import read_articles
from hkresearch.tables import tabulate_articles

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
    ("002", "46%", "facebook", "share_complied", "46", {"unit": "percent", "period": "2019-07/2019-12"}),
    ("000", "put into effect", "security_law", "in_force_on", "2020-06-30", {}),
    ("002", "July 1", "security_law", "in_force_on", "2020-07-01", {}),
]
NEW_REQUESTS = [("001", "google", 2044), ("002", "google", 1164), ("004", "google", 2452)]


def read_gold(shared):
    """Return (tables, quotation_id -> statement, the gold's records) of the five real pages."""
    articles = {article.file: article for article in read_articles(shared / "articles")}
    records = [json.loads(line) for line in (shared / "gold/articles-gold.jsonl").read_text("utf-8").splitlines()]
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
            found.append(annotate(article, record["start"], record["end"], article.id, "quotation", kind, "gold/1"))
            id = found[-1].id
            if record.get("statement"):
                statement_of[id] = record["statement"]
            organisations = record["organisation"] or []
            for name in [organisations] if isinstance(organisations, str) else organisations:
                span = (record["speaker_start"], record["speaker_end"])
                found.append(annotate(article, *span, id, "organisation", names.get(name, name.lower()), "gold/1"))
    code_positions(articles, rows, shared)
    for page, exact, subject, variable, code, attributes in CODED:
        file = next(file for file in articles if file.startswith(page))
        start = articles[file].text.index(exact)
        add(articles[file], rows[file], start, start + len(exact), subject, variable, code, attributes)
    coded = [
        (articles[file], sorted({r.id: r for r in rows[file]}.values(), key=lambda r: (r.start, r.end, r.id)))
        for file in sorted(articles)
    ]
    return tabulate_articles(coded, book), statement_of, records


def add(article, rows, start, end, subject, variable, code, attributes):
    rows.append(annotate(article, start, end, subject, variable, code, "gold/1"))
    id = rows[-1].id
    rows += [annotate(article, start, end, id, name, value, "gold/1") for name, value in attributes.items()]


def list_parts(article, shared):
    labels = json.loads((shared / "gold/lines.json").read_text("utf-8"))[article.file]["lines"]
    rows, position = [], 0
    for number, line in enumerate(article.text.splitlines(keepends=True), 1):
        label = {"title": "headline", "body": "body"}.get(labels.get(str(number)), "blank")
        rows.append(annotate(article, position, position + len(line), article.id, "part", label, "gold/1"))
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
            attributes = {"modality": record["modality"], "object": "new data requests" if is_new else "requests"}
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
