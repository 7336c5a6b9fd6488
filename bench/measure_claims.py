"""The hand-coded real pages -> how well statements, alterations and contradictions are found.

    python bench/measure_claims.py [--shared ../shared]

Measured twice: from what people coded on these pages (joining alone), and from the pages as they
were saved (everything).
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))  # the gold is read there

from hkresearch.codebook.book import read_codebook
from hkresearch.pages.register import read_articles
from hkresearch.pipeline.build_tables import build_tables
from support.gold_pages import (
    find_missed_alterations,
    find_missed_contradictions,
    list_links,
    read_gold,
)

SHARED = Path(__file__).resolve().parents[2] / "shared"


def score_links(tables, records):
    """Return (F1, precision, recall) of the pairs of quotations that are one statement."""
    expected, found = list_links(tables, records)
    right = len(expected & found)
    return 2 * right / (len(expected) + len(found)), right / len(found), right / len(expected)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, default=SHARED)
    shared = parser.parse_args().shared
    coded, _, records = read_gold(shared)
    print(
        "                       links: F1  precision  recall   alterations   "
        "strong contradictions   others"
    )
    built = build_tables(read_articles(shared / "articles"), read_codebook())
    for name, tables in (("from people's coding", coded), ("from the pages", built)):
        f1, precision, recall = score_links(tables, records)
        altered, lost = find_missed_alterations(tables, records)
        strong, missed, more = find_missed_contradictions(tables, records)
        alterations = f"{len(altered) - len(lost):>4} of {len(altered)}"
        contradictions = f"{len(strong) - len(missed):>10} of {len(strong)} {len(more):>17}"
        print(f"{name:<22} {f1:>10.4f} {precision:>10.4f} {recall:>7.4f}"
              f"   {alterations}   {contradictions}")  # fmt: skip
        for what, items in (
            ("not classified", lost),
            ("not reported", missed),
            ("reported besides", more),
        ):
            for item in items:
                print(f"    {what}: {item}")


if __name__ == "__main__":
    main()
