"""The notebooks and the sample pages -> CPU of publishing them, beside the plain commands.

    python bench/bench_reports.py [--notebooks positions timeline ...]

Every figure is CPU time (user and system, of the command and all that it starts), in one run on one
machine; seconds drift with its load, ratios less. The fonts, converted once a machine, are ready
before anything is timed.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FIVE = ["positions", "timeline", "quotations", "quantities", "sources"]
FLOOR = "import pandas, matplotlib, ipykernel"


def time_command(*command, cwd=ROOT):
    """Return the seconds of CPU that `command` takes; its output is shown when it fails."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(list(map(str, command)), cwd=cwd, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{command}\n{done.stdout}{done.stderr}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def time_plain(paths, folder, tables):
    """Return the CPU seconds of papermill's and of nbconvert's own command for all `paths`."""
    papermill = nbconvert = 0.0
    for path in paths:
        out = folder / path.name
        given = [path, out, "-p", "data", tables, "--cwd", path.parent]
        papermill += time_command(sys.executable, "-m", "papermill", *given)
        nbconvert += time_command(sys.executable, "-m", "nbconvert", "--to", "html", out)
    return papermill, nbconvert


def measure_reports(paths):
    """Return CPU seconds by name, of `paths` published by us and by the plain commands."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ours = [
            sys.executable,
            "-m",
            "hkresearch",
            "report",
            "--out",
            folder / "t",
            "--reports",
            folder / "r",
        ]
        time_command(*ours, *paths)  # builds the tables, converts the fonts
        found = {"floor": time_command(sys.executable, "-c", FLOOR)}
        found["bare"] = min(time_command(sys.executable, "-c", "pass") for _ in range(5))
        found["fresh"] = min(time_command(*ours, *paths) for _ in range(5))
        found["forced"] = time_command(*ours, "--force", *paths)
        found["papermill"], found["nbconvert"] = time_plain(paths, folder, folder / "t")
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--notebooks", nargs="+", default=FIVE)
    options = parser.parse_args()
    paths = [ROOT / f"notebooks/{name}.ipynb" for name in options.notebooks]
    found = measure_reports(paths)
    rows = {
        "importing pandas, matplotlib and ipykernel, once": "floor",
        f"papermill, {len(paths)} notebooks": "papermill",
        "nbconvert --to html of the same": "nbconvert",
        "hkresearch report --force: the same as HTML and PDF": "forced",
        "hkresearch report, nothing changed": "fresh",
        "the bare interpreter (python -c pass)": "bare",
    }
    for what, name in rows.items():
        print(f"{what:<56}{found[name]:>8.3f} s")
    plain = found["papermill"] + found["nbconvert"]
    beside_plain = found["forced"] / plain
    beside_floor = found["forced"] / found["floor"]
    beyond_bare = found["fresh"] - found["bare"]
    print(f"\nreports / (papermill + nbconvert)    {beside_plain:.3f}   (wanted: at most .200)")
    print(f"reports / import floor               {beside_floor:.2f}    (wanted: at most 2.50)")
    print(f"nothing changed, beyond the bare     {beyond_bare:.3f} s (wanted: at most .500 s)")
    print(f"load average {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
