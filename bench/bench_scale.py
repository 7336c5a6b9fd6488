"""10^3 to 10^5 generated pages -> what building their tables costs, extrapolated to 10^7.

    python bench/bench_scale.py [--pages 1000 10000 100000] [--workers N] [--reports 1000]

Measured are pages coded in a second of CPU (one page at a time, with what that writes), seconds of
CPU of joining them and writing the tables, and peak memory of the building process and of the
largest worker. Each size is built in a process of its own. For sizes up to --reports all reports
are published too: how many, seconds of CPU, peak memory, largest HTML.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from generate_pages import generate_pages

ROOT = Path(__file__).resolve().parents[1]
DAY = 24 * 3600
HEADING = (
    "pages      pages/s of CPU   joining s   ms a page   peak MB   a worker MB   wall s   refused"
)


def measure_build(raw, out, workers):
    """Build, and print as JSON: CPU of coding and of the rest, seconds, peak memory, refusals."""
    from hkresearch.coding import local as pages
    from hkresearch.pipeline import workflow

    marks = {}
    real = pages.code_pages

    def code_pages(*arguments):
        began = read_cpu()
        yield from real(*arguments)
        marks["coding"] = read_cpu() - began

    pages.code_pages = code_pages
    began, clock = read_cpu(), time.monotonic()
    outcome = workflow.build_folder(Path(raw), Path(out), None, lambda line: None, workers)
    whole = read_cpu() - began
    peaks = [
        resource.getrusage(who).ru_maxrss / 1024
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    ]
    marks |= {
        "rest": whole - marks["coding"],
        "wall": time.monotonic() - clock,
        "peak": peaks[0],
        "worker": peaks[1],
        "refused": len(outcome.refused),
    }
    print(json.dumps(marks))


def measure_reports(raw, out, reports):
    """Publish all reports, and print as JSON: how many, CPU, peak memory, largest HTML.

    Memory is what all processes together hold and the system cannot take back: mapped files do
    not count.
    """
    given = ["report", "--raw", raw, "--out", out, "--reports", reports]
    clock, peak = time.monotonic(), 0.0
    run = subprocess.Popen(
        [sys.executable, "-m", "hkresearch", *given], cwd=ROOT, stdout=subprocess.DEVNULL
    )
    while run.poll() is None:
        peak = max(peak, read_memory(run.pid))
        time.sleep(0.5)
    if run.returncode:
        raise SystemExit(f"hkresearch {' '.join(given)} ended with {run.returncode}")
    pages = [path.stat().st_size for path in Path(reports).glob("*.html")]
    marks = {
        "n": len(pages) - 1,
        "cpu": read_cpu(),
        "largest": max(pages) / 1e6,
        "peak": peak,
        "wall": time.monotonic() - clock,
    }
    print(json.dumps(marks))


def read_memory(pid):
    """Return the anonymous memory, in MB, of a process and its descendants, shared pages once."""
    total = 0.0
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        total += sum(int(line.split()[1]) for line in rollup if line.startswith("Pss_Anon:")) / 1024
        started = [
            path.read_text().split() for path in Path(f"/proc/{pid}/task").glob("*/children")
        ]
    except OSError:  # it ended just now
        return total
    return total + sum(read_memory(int(child)) for children in started for child in children)


def read_cpu():
    """Return the CPU seconds of this process and of those that it started and that have ended."""
    return sum(
        sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )


def extend_line(points, x):
    """Return the value at `x` of the line through the first and the last of `points`.

    With one point alone the line starts at the origin.
    """
    (x0, y0), (x1, y1) = points[0] if len(points) > 1 else (0, 0), points[-1]
    return y1 + (y1 - y0) / (x1 - x0) * (x - x1)


def run_apart(*given):
    """Return what this script prints as JSON when run with `given` in a process of its own."""
    done = subprocess.run([sys.executable, __file__, *given], stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)


def measure_size(n, workers, is_published):
    """Return (marks of building `n` generated pages, marks of publishing them or None)."""
    with tempfile.TemporaryDirectory() as folder:
        raw, tables, reports = f"{folder}/raw", f"{folder}/t", f"{folder}/r"
        generate_pages(raw, n, 7)
        built = run_apart("--workers", str(workers), "--build", raw, tables)
        published = run_apart("--publish", raw, tables, reports) if is_published else None
    return built, published


def print_size(n, rate, found):
    """Print the row of one size; `rate` is in pages coded a second of CPU."""
    joining = f"{found['rest']:<11.1f} {1000 * found['rest'] / n:<11.2f}"
    memory = f"{found['peak']:<9.0f} {found['worker']:<13.0f}"
    print(f"{n:<10,} {rate:<16.0f} {joining} {memory} {found['wall']:<8.0f} {found['refused']}",
          flush=True)  # fmt: skip


def print_published(n, found):
    """Print what publishing all reports of `n` pages took."""
    print(
        f"\n{n:,} pages, {found['n']} reports as HTML and PDF with index and CSV: "
        f"{found['cpu']:.0f} s of CPU, {found['wall']:.0f} s, peak {found['peak']:.0f} MB, "
        f"largest HTML {found['largest']:.1f} MB"
    )


def print_lines(rows, rate):
    """Print the lines to larger corpora; a row holds pages, seconds of joining, peak MB."""
    print(
        "\nstraight lines, for coding from the last row (spread over machines), "
        "else through the first and the last:"
    )
    for n in (1_000_000, 10_000_000):
        machines = max(1, -(-n / rate / DAY // 2))
        joining, memory = (extend_line([(row[0], row[i]) for row in rows], n) for i in (1, 2))
        print(
            f"{n:<12,} coding {n / rate / 3600:,.0f} h of CPU: "
            f"{machines:,.0f} machine(s) of 2 cores finish it in a day"
            f"; joining {joining / 3600:,.1f} h on one, with {memory / 1024:,.0f} GB"
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--reports", type=int, default=1_000)
    parser.add_argument("--build", nargs=2, metavar=("RAW", "OUT"), help=argparse.SUPPRESS)
    parser.add_argument(
        "--publish", nargs=3, metavar=("RAW", "OUT", "REPORTS"), help=argparse.SUPPRESS
    )
    options = parser.parse_args()
    if options.build:
        return measure_build(*options.build, options.workers)
    if options.publish:
        return measure_reports(*options.publish)
    print(HEADING, flush=True)
    rows, published = [], []
    for n in options.pages:
        found, report = measure_size(n, options.workers, n <= options.reports)
        rows.append((n, found["rest"], found["peak"]))
        rate = n / found["coding"]
        print_size(n, rate, found)
        if report:
            published.append((n, report))
    for n, report in published:
        print_published(n, report)
    print_lines(rows, rate)
    print(f"load average {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
