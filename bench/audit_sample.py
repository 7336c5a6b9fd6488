"""Built tables -> a fixed random sample of the published statements, with the passages to judge by.

    python bench/audit_sample.py --tables REPORTS/processed [--feed REPORTS/feed.json]
                                 [--out sample.jsonl] [--answers answers.jsonl]

The same pages give the same sample. It holds other people's text: keep it beside the pages, not in
what is published. README.md beside this file says how the sample is judged.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from pathlib import Path

import hkresearch as hk
from audit_statements import STATEMENTS_OF_KIND, AuditPages

SEED = 20261130
N_OF_KIND, MOST_OF_PAGE = 20, 3
N_ANSWERS, N_RECALL_PAGES = 10, 6


def draw_statements(statements):
    """Return up to N_OF_KIND statements of one kind, at most MOST_OF_PAGE filed under one page.

    The pool is sorted by key and shuffled by the seed, so that its order does not matter.
    """
    by_key = {statement["key"]: statement for statement in statements}
    pool = [by_key[key] for key in sorted(by_key)]
    n_pool = len(pool)
    random.Random(SEED).shuffle(pool)
    n_of_page, drawn = Counter(), []
    for statement in pool:
        page = statement["page"]
        if len(drawn) < N_OF_KIND and (not page or n_of_page[page] < MOST_OF_PAGE):
            n_of_page[page] += 1
            drawn.append(statement | {"pool": n_pool})
    return drawn


def draw_kinds(tables, pages):
    """Yield the statements drawn of every kind, numbered within it."""
    for kind, list_statements in STATEMENTS_OF_KIND.items():
        drawn = draw_statements(list_statements(tables, pages))
        for number, statement in enumerate(drawn, 1):
            yield {"id": f"{kind}{number:02}", **statement}


def draw_answers(feed):
    """Yield the answers of the reports drawn from a feed of the index."""
    items = json.loads(feed.read_text("utf-8"))["items"]
    report_of = {item["url"].rsplit("/")[-1]: item for item in items}
    names = random.Random(SEED).sample(sorted(report_of), min(N_ANSWERS, len(report_of)))
    for number, name in enumerate(names, 1):
        answer = report_of[name]["content_text"]
        yield {"id": f"answer{number:02}", "report": name, "answer": answer}


def write_lines(path, rows):
    """Write one JSON object a line."""
    lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
    path.write_text("".join(lines), "utf-8")


def main():
    """Draw the sample, name the pages for recall and, of a feed, draw the answers."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tables", required=True, help="the folder of built tables")
    parser.add_argument("--feed", type=Path, help="feed.json of the index: draws answers too")
    parser.add_argument("--out", type=Path, default=Path("sample.jsonl"))
    parser.add_argument("--answers", type=Path, default=Path("answers.jsonl"))
    options = parser.parse_args()
    tables = hk.read_tables(options.tables)
    pages = AuditPages(tables)
    write_lines(options.out, draw_kinds(tables, pages))
    n_recall = min(N_RECALL_PAGES, len(pages.text))
    print("recall pages:", *random.Random(SEED).sample(sorted(pages.text), n_recall))
    if options.feed:
        write_lines(options.answers, draw_answers(options.feed))


if __name__ == "__main__":
    main()
