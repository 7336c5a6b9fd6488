"""A folder of pages and hand coding from outside the repository -> how much of it is found.

    python bench/heldout.py PAGES_FOLDER GOLD_PREFIX [--alike CODE ...] [--errors N]

Only totals are printed; --errors N lists the first N errors of each measure too. The coding is five
files of JSON Lines. Places are code points into a page's text layer, half-open; a page is named by
its file, with or without the ending; organisations and positions are ids of the codebook.

    GOLD_PREFIX.articles.jsonl    page, kind (any word: figures are split by it),
                                  date_published (its first ten characters count; "" or null if
                                  the page has none), in_language
    GOLD_PREFIX.positions.jsonl   article_id, organisation, position, accept (the positions that
                                  count as right), modality, evidence ([[start, end], ...]), neutral
                                  (true: what is found at its evidence counts neither way)
    GOLD_PREFIX.quotations.jsonl  page, start, end, organisation ("a;b", or "" for none)
    GOLD_PREFIX.sources.jsonl     page, credit (whom the page credits), role ("photo" is left out)
    GOLD_PREFIX.reprints.jsonl    pages (two that go back to one origin)
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import hkresearch as hk

FILES = ("articles", "positions", "quotations", "sources", "reprints")
ALL, MIXED = "all", "mixed"  # figures of every kind; a pair of pages of two kinds
SHORTEST_NAME = 4  # characters; a shorter name is not looked for inside a credit
SOURCE_VARIABLES = ("is_based_on", "credit", "publisher")


class Outcome(NamedTuple):
    """An item of the coding (`is_gold`) or one that was found; right if the other side has it."""

    measure: str
    kind: str
    is_gold: bool
    is_right: bool
    item: str


def read_gold(prefix):
    """Return the rows of each file of the coding by its name; stops if one is missing."""
    missing = [name for name in FILES if not Path(f"{prefix}.{name}.jsonl").is_file()]
    if missing:
        sys.exit(f"{prefix}: no coding here of {', '.join(missing)} (PREFIX.NAME.jsonl)")
    rows = {}
    for name in FILES:
        lines = Path(f"{prefix}.{name}.jsonl").read_text("utf-8").split("\n")
        rows[name] = [json.loads(line) for line in lines if line.strip()]
    return rows


def build_tables(pages, folder):
    """Return the tables of the pages, built in `folder` from a register with nothing filled in."""
    raw, tables = folder / "raw", folder / "tables"
    run_command("add", "--raw", raw, *pages)
    run_command("build", "--raw", raw, "--out", tables, "--workers", "1")
    return hk.read_tables(tables)


def run_command(*arguments):
    """Run a command of hkresearch; stops with its complaint if it fails."""
    command = [sys.executable, "-m", "hkresearch", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"hkresearch {arguments[0]} failed:\n{done.stderr}")


def name_page(file):
    """Return the id of a page, which is the name of its file without the ending."""
    return Path(file).stem


def is_same_place(one, other):
    """Return whether two spans share at least half of the characters of the shorter."""
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return shared > 0 and 2 * shared >= min(one[1] - one[0], other[1] - other[0])


def share_place(spans, others):
    """Return whether any of the spans is at the place of any of the others."""
    return any(is_same_place(one, other) for one in spans for other in others)


def compare_positions(tables, gold, kind_of, alike):
    """Yield the outcomes of positions: exact, exact with evidence at the right place, and coarse.

    Exact means one of the accepted positions and the right modality. Coarse leaves the modality out
    and counts the positions of `alike` as one.
    """
    expected, neutral = {}, defaultdict(list)
    for row in gold["positions"]:
        page, organisation = name_page(row["article_id"]), row["organisation"]
        if row["neutral"]:
            neutral[page, organisation] += row["evidence"]
        else:
            key = (page, organisation, row["position"], row["modality"])
            expected[key] = (set(row["accept"]), row["evidence"])
    found = defaultdict(list)
    for row in tables.positions.itertuples(index=False):
        key = (row.article_id, row.organisation, row.position, row.modality)
        found[key].append((row.start, row.end))
    known = (expected, found, neutral, kind_of)
    yield from match_positions("positions, exact", *known)
    yield from match_positions("positions, with evidence", *known, with_evidence=True)
    merged = merge_positions(expected, found, alike)
    yield from match_positions("positions, coarse", *merged, neutral, kind_of)


def merge_positions(expected, found, alike):
    """Return the coded and the found positions without modality, those of `alike` as one."""
    name_of = dict.fromkeys(alike, "/".join(alike))
    coarse_expected, coarse_found = {}, defaultdict(list)
    for (page, organisation, position, _), (accepted, spans) in expected.items():
        coarse_accepted = {name_of.get(one, one) for one in accepted}
        key = (page, organisation, name_of.get(position, position), "")
        coarse_expected[key] = (coarse_accepted, spans)
    for (page, organisation, position, _), spans in found.items():
        coarse_found[page, organisation, name_of.get(position, position), ""] += spans
    return coarse_expected, coarse_found


def match_positions(measure, expected, found, neutral, kind_of, with_evidence=False):
    """Yield an outcome per coded position and per found one that is not at a neutral place."""
    right_gold, right_found = set(), set()
    for gold_key, (accepted, gold_spans) in expected.items():
        page, organisation, _, modality = gold_key
        for position in accepted:
            key = (page, organisation, position, modality)
            if key in found and (not with_evidence or share_place(found[key], gold_spans)):
                right_gold.add(gold_key)
                right_found.add(key)
    for key in expected:
        yield Outcome(measure, kind_of[key[0]], True, key in right_gold, " ".join(key))
    for key, spans in found.items():
        left_open = neutral.get(key[:2], ())
        is_neutral = all(share_place([span], left_open) for span in spans)
        if key in right_found or not is_neutral:
            yield Outcome(measure, kind_of[key[0]], False, key in right_found, " ".join(key))


def compare_quotations(tables, gold, kind_of):
    """Yield the outcomes of quotations that are not indirect: the place, then who says it too."""
    direct = tables.quotations[tables.quotations["kind"] != "indirect"]
    found, expected = defaultdict(list), defaultdict(list)
    for row in direct.itertuples(index=False):
        found[row.article_id].append(((row.start, row.end), row.organisation))
    for row in gold["quotations"]:
        expected[name_page(row["page"])].append(((row["start"], row["end"]), row["organisation"]))
    for is_gold, side, other_side in ((True, expected, found), (False, found, expected)):
        for page, quotations in side.items():
            for span, organisation in quotations:
                others = other_side.get(page, ())
                names = [other for place, other in others if is_same_place(span, place)]
                is_right = split_names(organisation) in map(split_names, names)
                item = f"{page} {span[0]}-{span[1]} {organisation or '(nobody)'}"
                yield Outcome("quotations", kind_of[page], is_gold, bool(names), item)
                yield Outcome("quotations, by whom", kind_of[page], is_gold, is_right, item)


def split_names(names):
    """Return the set of the names of an "a;b"."""
    return set(filter(None, names.split(";")))


def compare_sources(tables, gold, kind_of):
    """Yield an outcome per credit: right if the page's origins or metadata name it."""
    names = defaultdict(set)
    for row in tables.origins.itertuples(index=False):
        names[row.article_id] |= {row.evidence, row.origin_id, tables.label_of(row.origin_id)}
    for row in tables.articles.itertuples(index=False):
        names[row.article_id] |= {row.is_based_on, row.publisher}
    marks = tables.annotations
    for row in marks[marks["variable"].isin(SOURCE_VARIABLES)].itertuples(index=False):
        names[row.article_id] |= {row.code, row.exact}
    for row in gold["sources"]:
        if row.get("role") == "photo":
            continue
        page, credit = name_page(row["page"]), fold_name(row["credit"])
        known = map(fold_name, names[page])
        is_right = any(
            credit in name or (len(name) >= SHORTEST_NAME and name in credit) for name in known
        )
        yield Outcome("credits", kind_of[page], True, is_right, f"{page} {row['credit']}")


def fold_name(name):
    """Return the letters and digits of a name in one case."""
    return "".join(letter for letter in str(name).casefold() if letter.isalnum())


def compare_reprints(tables, gold, kind_of):
    """Yield an outcome per coded pair of pages and per pair that shares an origin in the tables."""
    origins = tables.origins.groupby("article_id")["origin_id"].agg(set).to_dict()
    expected = {frozenset(map(name_page, row["pages"])) for row in gold["reprints"]}
    found = {
        frozenset(pair)
        for pair in combinations(sorted(origins), 2)
        if origins[pair[0]] & origins[pair[1]]
    }
    for is_gold, side, other_side in ((True, expected, found), (False, found, expected)):
        for pair in sorted(side, key=sorted):
            kinds = {kind_of[page] for page in pair}
            kind = kinds.pop() if len(kinds) == 1 else MIXED
            yield Outcome("reprints", kind, is_gold, pair in other_side, " ".join(sorted(pair)))


def compare_articles(tables, gold, kind_of):
    """Yield the outcomes of each page's date and language; a page that was refused has neither."""
    articles = {row.article_id: row for row in tables.articles.itertuples(index=False)}
    for coded in gold["articles"]:
        page = name_page(coded["page"])
        found = articles.get(page)
        day = (coded["date_published"] or "")[:10]
        language = coded["in_language"].split("-")[0]
        has_day = found is not None and found.date_published[:10] == day
        has_language = found is not None and found.in_language.split("-")[0] == language
        yield Outcome("dates", kind_of[page], True, has_day, f"{page} {day}")
        yield Outcome("languages", kind_of[page], True, has_language, f"{page} {language}")


def write_score(outcomes):
    """Return recall and, where found items are counted too, precision and F1, as text."""
    coded = [outcome.is_right for outcome in outcomes if outcome.is_gold]
    found = [outcome.is_right for outcome in outcomes if not outcome.is_gold]
    recall = sum(coded) / len(coded) if coded else 0.0
    text = f"R {recall:.3f} {f'({sum(coded)}/{len(coded)})':<10}"
    if not found:
        return text
    precision = sum(found) / len(found)
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return f"{text} P {precision:.3f} {f'({sum(found)}/{len(found)})':<10} F1 {f1:.3f}"


def print_scores(outcomes, n_errors):
    """Print a row per measure and kind of page, then the errors that were asked for."""
    of_measure = defaultdict(list)
    for outcome in outcomes:
        of_measure[outcome.measure].append(outcome)
    for measure, rows in of_measure.items():
        for kind in (ALL, *sorted({row.kind for row in rows})):
            chosen = [row for row in rows if kind in (ALL, row.kind)]
            print(f"{measure:<26} {kind:<22} {write_score(chosen)}".rstrip())
    for measure, rows in of_measure.items():
        for row in [row for row in rows if not row.is_right][:n_errors]:
            print(f"{measure}: {'missed' if row.is_gold else 'false'} ({row.kind}) {row.item}")


def main():
    """Build the pages in a temporary folder and print how they compare with the coding."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pages", type=Path, help="folder of pages")
    parser.add_argument("gold", help="path of the coding up to the first dot of its files")
    parser.add_argument("--alike", nargs="+", default=[], help="positions that are one if coarse")
    parser.add_argument("--errors", type=int, default=0, help="errors listed of each measure")
    options = parser.parse_args()
    pages = sorted(path for path in options.pages.iterdir() if path.is_file())
    gold = read_gold(options.gold)
    kind_of = defaultdict(lambda: "not coded")
    kind_of |= {name_page(row["page"]): row["kind"] for row in gold["articles"]}
    with tempfile.TemporaryDirectory() as folder:
        tables = build_tables(pages, Path(folder))
        outcomes = [
            *compare_positions(tables, gold, kind_of, options.alike),
            *compare_quotations(tables, gold, kind_of),
            *compare_sources(tables, gold, kind_of),
            *compare_reprints(tables, gold, kind_of),
            *compare_articles(tables, gold, kind_of),
        ]
        print(f"{len(pages)} pages, {len(tables.articles)} read, {len(gold['articles'])} coded")
    print_scores(outcomes, options.errors)


if __name__ == "__main__":
    main()
