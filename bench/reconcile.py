"""Generated pages, 10^3 to 10^5 -> seconds that joining them takes, per page.

    python bench/reconcile.py [--pages 1000 10000 100000] [--seed 7]

Pages are made from the statements, positions and quantities of the sample pages by a seeded
generator: three in ten copy an earlier page (whole, reworded or cut), the others quote statements
of a vocabulary that grows with the corpus, whole, as fragments, or with words changed.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import resource
import subprocess
import sys
import time
from pathlib import Path

from hkresearch.codebook.book import read_codebook
from hkresearch.core.article import Article, annotate
from hkresearch.pages.register import read_articles
from hkresearch.pipeline.build_tables import build_tables, describe_codebook, tabulate_articles

RAW = Path(__file__).resolve().parents[1] / "data/raw"


def gather_material(book):
    """Return (quotations, positions, sentences, vocabulary) of the sample pages."""
    tables = build_tables(read_articles(RAW), book)
    english = tables.quotations[
        tables.quotations["exact"].str.isascii() | tables.quotations["exact"].str.contains("’")
    ]
    direct = english[english["kind"] == "direct"]
    quotations = sorted(
        {
            (row.exact, row.organisation)
            for row in direct.itertuples(index=False)
            if len(row.exact) > 30
        }
    )
    positions = sorted(
        {
            (row.exact, row.organisation, row.position)
            for row in tables.positions.itertuples(index=False)
        }
    )
    bodies = tables.annotations[
        (tables.annotations["variable"] == "part") & (tables.annotations["code"] == "body")
    ]
    sentences = sorted(
        {
            s.strip()
            for text in bodies["exact"]
            for s in text.split(". ")
            if len(s) > 60 and "“" not in s
        }
    )
    vocabulary = sorted(
        {word.strip(".,“”") for text in sentences for word in text.split() if word.isascii()}
    )
    return quotations, positions, sentences, vocabulary


def generate_pages(n, book, material, seed):
    """Yield (article, annotations) of `n` pages; the same for the same seed."""
    chance = random.Random(seed)
    quotations, positions, sentences, vocabulary = material
    organisations = sorted({who for _, who in quotations if who and ";" not in who})
    statements = [(q, who) for q, who in quotations]
    kept = []
    for i in range(n):
        if kept and chance.random() < 0.3:
            said, placed, own = chance.choice(kept)
            said = (
                [(cut_words(words, chance), who) for words, who in said]
                if chance.random() < 0.5
                else said
            )
        else:
            if chance.random() < 0.8:  # something new is said about as fast as pages come in
                statements.append(
                    (
                        " ".join(chance.choices(vocabulary, k=chance.randint(8, 30))),
                        chance.choice(organisations),
                    )
                )
            said = [statements[-1]] + [
                chance.choice(statements) for _ in range(chance.randint(1, 4))
            ]
            said = [(change_words(words, chance, vocabulary), who) for words, who in said]
            placed = [chance.choice(positions) for _ in range(chance.randint(0, 3))]
            own = [" ".join(chance.choices(vocabulary, k=chance.randint(9, 25))) for _ in range(12)]
            own += [chance.choice(sentences)]
            kept = [*kept[-999:], (said, placed, own)]
        yield make_page(f"p{i:07d}", said, placed, own, chance)


def cut_words(words, chance):
    parts = words.split()
    start = chance.randint(0, max(0, len(parts) - 4))
    return " ".join(parts[start : start + chance.randint(3, len(parts))])


def change_words(words, chance, vocabulary):
    parts = words.split()
    if chance.random() < 0.3:
        return cut_words(words, chance)
    if chance.random() < 0.3:
        parts[chance.randrange(len(parts))] = chance.choice(vocabulary)
    return " ".join(parts)


def make_page(id, said, placed, own, chance):
    """Return (article, annotations) of a page that has the statements, positions and sentences."""
    text, spans = write_page([("q", said), ("p", placed), ("s", own)], chance)
    digest = hashlib.sha256(text.encode()).hexdigest()
    article = Article(
        id=id,
        text=text,
        sha256=digest,
        text_sha256=digest,
        file=f"{id}.txt",
        publisher=f"Outlet {chance.randrange(500)}",
        date_published=f"2020-07-{chance.randint(1, 28):02d}",
        in_language="en",
    )
    rows = [
        annotate(article, 0, 11, id, "part", "headline", "bench"),
        annotate(article, 11, len(text), id, "part", "body", "bench"),
    ]
    for kind, start, end, item in spans:
        if kind == "q":
            coded = annotate(article, start, end, id, "quotation", "direct", "bench")
            attribute = ("organisation", item[1] or "acme")
        else:
            coded = annotate(article, start, end, item[1], "position", item[2], "bench")
            attribute = ("modality", "stated")
        rows += [coded, annotate(article, start, end, coded.id, *attribute, "bench")]
    return article, rows


def write_page(items_of_kind, chance):
    """Return (text, spans) of a page with the items in random order; "s" are plain sentences."""
    items = [(kind, item) for kind, items in items_of_kind for item in items]
    pieces, spans = ["A headline\n"], []
    for kind, item in chance.sample(items, len(items)):
        if kind == "s":
            pieces.append(f"{item}.\n")
            continue
        pieces.append("It said: “")
        start = sum(map(len, pieces))
        pieces += [item[0], "”.\n"]
        spans.append((kind, start, start + len(item[0]), item))
    return "".join(pieces), spans


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--pages", type=int, nargs="+", default=[1_000, 3_162, 10_000, 31_623, 100_000]
    )
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--profile", action="store_true")
    parser.add_argument(
        "--alone", action="store_true", help="no heading: one size in a process of its own"
    )
    options = parser.parse_args()
    if not options.alone:
        print(
            "pages      quotations  claims     origins   reconcile s   ms a page   all s    "
            "tables MB   peak MB",
            flush=True,
        )
    if len(options.pages) > 1:  # a process each: the peak of one says nothing about the next
        for n in options.pages:
            given = [
                "--pages",
                str(n),
                "--seed",
                str(options.seed),
                "--alone",
                *["--profile"] * options.profile,
            ]
            subprocess.run([sys.executable, __file__, *given], check=True)
        return
    book = read_codebook()
    measure(options.pages[0], book, gather_material(book), options)


def read_memory():
    """Return the megabytes that this process holds now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 2**20


def measure(n, book, material, options):
    """Print the row of one size."""
    from hkresearch.reconcile import reconcile_tables

    began = time.process_time()
    frames = tabulate_unjoined(generate_pages(n, book, material, options.seed), book)
    held = read_memory()
    plain = describe_codebook(book)
    start = time.process_time()
    if options.profile:
        found = profile_call(reconcile_tables, frames, plain)
    else:
        found = reconcile_tables(frames, plain)
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    n_origins = found["origins"]["origin_id"].nunique()
    sizes = f"{len(frames['quotations']):<11,} {len(found['claims']):<10,} {n_origins:<9,}"
    times = f"{seconds:<13.1f} {1000 * seconds / n:<11.2f} {time.process_time() - began:<8.1f}"
    print(f"{n:<10,} {sizes} {times} {held:<11.0f} {peak:.0f}", flush=True)


def tabulate_unjoined(pages, book):
    """Return the tables of the pages as they are handed to be joined."""
    import hkresearch.pipeline.build_tables as build_module

    frames = {}

    def keep(found, book, links=None):
        frames.update(found)
        raise StopIteration

    original, build_module.reconcile_tables = build_module.reconcile_tables, keep
    try:
        tabulate_articles(pages, book)
    except StopIteration:
        pass
    finally:
        build_module.reconcile_tables = original
    return frames


def profile_call(function, *arguments):
    """Return what the function returns; where its time went is printed."""
    import cProfile
    import pstats

    profile = cProfile.Profile()
    found = profile.runcall(function, *arguments)
    pstats.Stats(profile, stream=sys.stdout).sort_stats("cumulative").print_stats(35)
    return found


if __name__ == "__main__":
    main()
