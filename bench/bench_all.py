"""Every benchmark in one run -> one table: each of our figures, the named peer's, and their ratio.

    python bench/bench_all.py [--shared ../shared] [--only cleaning quotations ...]

A part whose data or peer is missing says so, and the others go on. Peers' figures that are quoted
rather than measured are marked with *. CPU times and rates are of one run on one machine; only the
ratios carry over to another.
"""

from __future__ import annotations

import argparse
import datetime
import json
import logging
import os
import platform
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
SCALE = 200  # pages of the small corpus
# On the test part of PolNeAR, as published; ours is measured on the development part.
QUOTED = {"right speaker": 77.2, "80 % overlap": 42.4}


def bench_cleaning(shared, folder):
    """Yield F1 and speed of HTML cleaning, out of fold, beside each library that is installed."""
    from bench_clean import clean_html, join_body, read_folds
    from gold import measure_html, read_pages
    from hkresearch.codebook.book import read_codebook
    from peers import list_peers

    codebook, folds, peers = read_codebook(), read_folds("tags"), list_peers()
    for name in ("andy", "fundus"):
        pages = list(read_pages(shared / "bench", name))
        ours = measure_html(pages, lambda page: join_body(clean_html(page, codebook, folds)))
        for peer, extract in peers.items():
            theirs = measure_html(pages, lambda page, extract=extract: extract(page["html"]))
            for what, key in (("shingle F1", "F1"), ("pages/s of CPU", "rate")):
                yield f"HTML, {name}, {what}", ours[key], peer, theirs[key]


def bench_quotations(shared, folder):
    """Yield F1 of quotations on PolNeAR's development part."""
    with tarfile.open(shared / "bench/polnear-dev.tar.gz") as archive:
        archive.extractall(folder, filter="data")
    scorer = [
        shared / "bench/quotes_eval.py",
        "--path",
        HERE,
        "--gold",
        f"polnear:{folder / 'polnear-dev'}",
        "--system",
    ]
    for what, system, path in (
        ("right speaker", "quote_segments", ("D", "joint", "f1")),
        ("80 % overlap", "quote_system", ("A", "iou80", "f1")),
    ):
        value = json.loads(run_script(*scorer, f"measure_quotations:{system}"))
        for key in path:
            value = value[key]
        yield f"PolNeAR dev, {what}, F1", value, "best published*", QUOTED[what]


def bench_positions(shared, folder):
    """Yield F1 of the positions of the hand-coded pages, which the rules were developed on."""
    command = ["-m", "hkresearch", "build", "--raw", shared / "articles", "--out", folder / "t"]
    run_script(*command)
    said = run_script(
        shared / "bench/positions_eval.py",
        shared / "gold/positions.jsonl",
        folder / "t/positions.parquet",
    )
    for line in said.splitlines():
        if line.startswith(("strict", "evidenced")):
            yield (
                f"five pages, {line.split()[0]} F1",
                float(line.split(" F1 ")[1].split()[0]),
                "",
                None,
            )


def bench_claims(shared, folder):
    """Yield F1 of the statements that pages share, of the hand-coded pages as they were saved."""
    from hkresearch.codebook.book import read_codebook
    from hkresearch.pages.register import read_articles
    from hkresearch.pipeline.build_tables import build_tables
    from measure_claims import score_links
    from support.gold_pages import read_gold

    _, _, records = read_gold(shared)
    tables = build_tables(read_articles(shared / "articles"), read_codebook())
    yield "five pages, same statement, F1", score_links(tables, records)[0], "", None


def bench_reports(shared, folder):
    """Yield the CPU of publishing beside the plain commands, and of a run with nothing to do."""
    from bench_reports import FIVE, measure_reports

    found = measure_reports([ROOT / f"notebooks/{name}.ipynb" for name in FIVE])
    plain = found["papermill"] + found["nbconvert"]
    yield (
        "five notebooks to HTML and PDF, s of CPU",
        found["forced"],
        "papermill + nbconvert (HTML)",
        plain,
    )
    yield "the same", found["forced"], "importing pandas, matplotlib, ipykernel", found["floor"]
    yield "nothing changed, s of CPU", found["fresh"], "python -c pass", found["bare"]


def bench_scale(shared, folder):
    """Yield what a small generated corpus costs; no peer does the same."""
    from generate_pages import generate_pages

    generate_pages(folder / "raw", SCALE, 7)
    marks = json.loads(run_script(HERE / "bench_scale.py", "--build", folder / "raw", folder / "t"))
    yield f"{SCALE} pages, coded pages/s of CPU", SCALE / marks["coding"], "", None
    yield f"{SCALE} pages, joining, ms a page", 1000 * marks["rest"] / SCALE, "", None
    yield f"{SCALE} pages, peak MB", marks["peak"], "", None
    found = json.loads(
        run_script(HERE / "bench_scale.py", "--publish", folder / "raw", folder / "t", folder / "r")
    )
    yield f"{SCALE} pages, {found['n']} reports, s of CPU", found["cpu"], "", None
    yield f"{SCALE} pages, reports, peak MB of a process", found["peak"], "", None
    yield f"{SCALE} pages, largest HTML, MB", found["largest"], "", None


# Memory peaks are measured first: a child process counts what its parent held as its own.
PARTS = {part.__name__.removeprefix("bench_"): part for part in (
    bench_scale, bench_reports, bench_quotations, bench_positions, bench_claims, bench_cleaning,
)}  # fmt: skip


def run_script(*arguments):
    """Return what a script of Python prints; raises OSError with the last line of its complaint."""
    done = subprocess.run(
        [sys.executable, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True
    )
    if done.returncode:
        raise OSError((done.stderr.strip().splitlines() or [f"status {done.returncode}"])[-1])
    return done.stdout


def name_machine():
    """Return the date, and on what the figures were measured."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        model = next(line.split(": ", 1)[1] for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        model = platform.processor() or platform.machine()
    python = f"{platform.python_implementation()} {platform.python_version()}"
    cores, load = f"{os.cpu_count()} cores ({model})", f"load {os.getloadavg()[0]:.1f}"
    return f"{datetime.date.today():%d %B %Y}, {cores}, {python}, {load}"


def print_rows(name, part, shared):
    """Print the rows of one part as they come; what keeps it from being measured is a row too."""
    try:
        with tempfile.TemporaryDirectory() as folder:
            for what, ours, peer, theirs in part(shared, Path(folder)):
                beside = f"{peer}: {theirs:.4g} | {ours / theirs:.3g}" if peer else "|"
                print(f"| {name} | {what} | {ours:.4g} | {beside} |", flush=True)
    # A missing folder or library, or a command that failed, costs its own part only.
    except (Exception, SystemExit) as error:
        reason = str(error).strip().splitlines() or [type(error).__name__]
        print(f"| {name} | not measured: {reason[-1]} | | | |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--shared",
        type=Path,
        default=ROOT.parent / "shared",
        help="folder of bench/, gold/, articles/",
    )
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    options = parser.parse_args()
    sys.path[:0] = [str(HERE), str(ROOT / "tests")]  # the gold is read there
    logging.disable(logging.CRITICAL)  # peers complain of pages at length
    heading = "| part | measure | hkresearch | beside | ours / theirs |\n|---|---|---|---|---|"
    print(f"{name_machine()}\n\n{heading}", flush=True)
    for name in options.only:
        print_rows(name, PARTS[name], options.shared)


if __name__ == "__main__":
    main()
