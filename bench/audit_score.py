"""Drawn statements and their judgements -> the tables of the audit.

    python bench/audit_score.py sample.jsonl judgements.jsonl
                                [--answers answer-judgements.jsonl] [--recall recall.jsonl]

A judgement is found by its statement's key, so statements judged before need no new one. While a
drawn statement has none, the script lists it and stops. README.md beside this file has the verdicts
and the fields of each file.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter, defaultdict
from math import sqrt
from pathlib import Path

SEED, RESAMPLES = 20261130, 10_000
NAME_OF_KIND = {
    "a": "position", "b": "in force", "c": "attribution", "d": "quantity", "e": "fact",
    "f": "contradiction", "g": "date", "h": "origin", "i": "condition", "j": "wording",
    "k": "line", "k2": "line, furniture only",
}  # fmt: skip
VERDICTS = ("right", "misleading", "wrong", "opposite", "undecidable")
NOT_POOLED = ("k2",)
HEADING = (
    "kind", "pool", "n", *VERDICTS, "right, Wilson 95 %", "not false (right or misleading)"
)  # fmt: skip
TESTS = {
    "right": lambda row: row["verdict"] == "right",
    "right or misleading": lambda row: row["verdict"] in ("right", "misleading"),
    "right, every borderline case given": lambda row: (
        row["verdict"] == "right" or row["borderline"]
    ),
    "right, every borderline case taken away": lambda row: (
        row["verdict"] == "right" and not row["borderline"]
    ),
}


def read_lines(path):
    """Return the JSON object of each line."""
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line.strip()]


def find_wilson_interval(n_right, n, z=1.96):
    """Return the bounds of Wilson's interval of a share; (0, 1) of nothing."""
    if not n:
        return 0.0, 1.0
    share, scale = n_right / n, 1 + z * z / n
    middle = share + z * z / (2 * n)
    half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)


def pool_kinds(hits, weights):
    """Return the mean of the kinds' shares by weight; `hits` has a list of 0 and 1 per kind."""
    weighted = sum(weights[kind] * sum(hits[kind]) / len(hits[kind]) for kind in sorted(hits))
    return weighted / sum(weights[kind] for kind in sorted(hits))


def bootstrap_pooled(hits, weights):
    """Return the 95 % bounds of the pooled share, by resampling inside each kind."""
    chance = random.Random(SEED)
    means = []
    for _ in range(RESAMPLES):
        drawn = {kind: chance.choices(row, k=len(row)) for kind, row in hits.items()}
        means.append(pool_kinds(drawn, weights))
    means.sort()
    return means[int(0.025 * RESAMPLES)], means[int(0.975 * RESAMPLES) - 1]


def write_share(share, low, high):
    """Return a share with its bounds as text."""
    return f"{share:.2f} ({low:.2f}-{high:.2f})"


def write_wilson(n_right, n):
    """Return the share of `n` and its Wilson interval as text."""
    return write_share(n_right / n if n else 0.0, *find_wilson_interval(n_right, n))


def print_kinds(rows_of_kind, pool_of_kind):
    """Print the verdicts of each kind as a table."""
    print("|", " | ".join(HEADING), "|")
    print("|" + "---|" * len(HEADING))
    for kind, rows in rows_of_kind.items():
        counts, n = Counter(row["verdict"] for row in rows), len(rows)
        n_not_false = counts["right"] + counts["misleading"]
        cells = [f"{kind} {NAME_OF_KIND[kind]}", pool_of_kind[kind], n]
        cells += [counts[verdict] for verdict in VERDICTS]
        cells += [write_wilson(counts["right"], n), write_wilson(n_not_false, n)]
        print("|", " | ".join(map(str, cells)), "|")


def print_pooled(rows_of_kind, pool_of_kind):
    """Print the pooled rates: every kind with the same weight, and by the sizes of the pools."""
    pooled = {kind: rows for kind, rows in rows_of_kind.items() if kind not in NOT_POOLED}
    same_weights = dict.fromkeys(pooled, 1)
    for name, test in TESTS.items():
        hits = {kind: [int(test(row)) for row in rows] for kind, rows in pooled.items()}
        alike, by_size = (
            write_share(pool_kinds(hits, weights), *bootstrap_pooled(hits, weights))
            for weights in (same_weights, pool_of_kind)
        )
        print(f"{name}: kinds alike {alike}; by size of pool {by_size}")


def print_causes(rows_of_kind):
    """Print the statements that are not right under their causes, the most frequent first."""
    causes = defaultdict(list)
    for rows in rows_of_kind.values():
        for row in rows:
            if row["verdict"] != "right":
                causes[row["cause"]].append(f"{row['id']} ({row['verdict'][0]})")
    for cause, ids in sorted(causes.items(), key=lambda item: -len(item[1])):
        print(f"- {cause}: {', '.join(ids)}")


def print_answers(rows):
    """Print how many clauses of the answers are right, and how many answers in every clause."""
    counts = Counter(row["verdict"] for row in rows)
    share = write_wilson(counts["right"], len(rows))
    print("answers:", len(rows), "clauses", dict(counts), share)
    verdicts = defaultdict(set)
    for row in rows:
        verdicts[row["id"]].add(row["verdict"])
    n_whole = sum(found == {"right"} for found in verdicts.values())
    print("answers right in every clause:", n_whole, "of", len(verdicts))


def print_recall(items):
    """Print how many of the items of the pages that were read whole are in the tables."""
    known = [item for item in items if item["in_codebook"]]
    for name, part in (("all", items), ("in the codebook", known)):
        counts = Counter(item["found"] for item in part)
        share = write_wilson(counts["right"], len(part))
        print(f"recall, {name}:", len(part), dict(counts), share)
    for field in ("kind", "page"):
        for value in dict.fromkeys(item[field] for item in items):
            counts = Counter(item["found"] for item in known if item[field] == value)
            print("  ", value, {found: counts[found] for found in ("right", "wrong", "missing")})


def main():
    """Print the tables of the judgements that are given."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sample", type=Path)
    parser.add_argument("judgements", type=Path)
    parser.add_argument("--answers", type=Path, help="the judgements of the answers' clauses")
    parser.add_argument("--recall", type=Path, help="the items of the pages read whole")
    options = parser.parse_args()
    drawn = read_lines(options.sample)
    judged = {row["key"]: row for row in read_lines(options.judgements)}
    if missing := [statement["id"] for statement in drawn if statement["key"] not in judged]:
        sys.exit(f"not judged yet: {', '.join(missing)}")
    rows_of_kind, pool_of_kind = defaultdict(list), {}
    for statement in drawn:
        kind = statement["kind"]
        # The number within the kind is the draw's: a judgement may be of an earlier draw.
        rows_of_kind[kind].append(judged[statement["key"]] | {"id": statement["id"]})
        pool_of_kind[kind] = statement["pool"]
    print_kinds(rows_of_kind, pool_of_kind)
    print_pooled(rows_of_kind, pool_of_kind)
    print_causes(rows_of_kind)
    if options.answers:
        print_answers(read_lines(options.answers))
    if options.recall:
        print_recall(read_lines(options.recall))


if __name__ == "__main__":
    main()
