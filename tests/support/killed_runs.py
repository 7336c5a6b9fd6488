"""Builds and publishing killed again and again: prints, as JSON, what each killed run left and what the next one made.

    python tests/killed_runs.py FOLDER SEED POINTS

FOLDER holds old/ and new/ (raw pages), and notebooks/. Every run is a child forked from this process, which has all
imported and starts no thread; it ends itself with SIGKILL at one of its own steps, drawn by the seed among all the
steps that touch the file system, or at a random moment.
"""

import gc
import hashlib
import json
import os
import random
import shutil
import signal
import sys
import time
from pathlib import Path

import matplotlib.figure  # noqa: F401
import pyarrow.parquet  # noqa: F401

import hkresearch.clean  # noqa: F401
import hkresearch.coding.local  # noqa: F401
import hkresearch.report.index  # noqa: F401
import hkresearch.report.render  # noqa: F401
import hkresearch.report.warm_kernels  # noqa: F401
import hkresearch.structure  # noqa: F401
import hkresearch.tables.tables  # noqa: F401
from hkresearch.codebook import book as codebook
from hkresearch.coding.page import code_article
from hkresearch.core import fingerprint as makers
from hkresearch.pages import register as source
from hkresearch.pipeline.workflow import build_folder, publish_folder
from hkresearch.report.web_fonts import write_font_rules

STEPS = (
    "open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.utime", "os.listdir", "os.scandir",
    "ctypes.dlsym",
)  # fmt: skip


def warm_up(folder):
    """Do once, in the parent, what every child would do alike: read the codebook, compile it, load the fonts."""
    book = codebook.read_codebook()
    codebook.read_codebook = lambda name=None: book
    for article in source.read_articles(folder / "new"):
        code_article(article, book)
    for stage in ("pages", "tables", "reports"):
        makers.hash_makers(stage)
    write_font_rules("abc", "abc")


def quiet(line):
    """Say nothing."""


def run(folder, which, is_report):
    raw, tables = folder / which, folder / "work/tables"
    if is_report:
        notebooks = sorted((folder / "notebooks").glob("*.ipynb"))
        outcome = publish_folder(
            raw, tables, folder / "work/reports", notebooks, {}, None, False, quiet
        )
        assert not outcome.failed, outcome.failed
    else:
        build_folder(raw, tables, None, quiet)


def fork_run(folder, which, is_report, at=None, after=None):
    """Return (how the child ended, how many steps it made); it kills itself at step `at`, or `after` some seconds."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        count = 0

        def watch(event, arguments):
            nonlocal count
            if event in STEPS and str(folder) in os.fspath(str(arguments)):
                count += 1
                if count == at:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(watch)
        if after:
            signal.signal(signal.SIGALRM, lambda *_: os.kill(os.getpid(), signal.SIGKILL))
            signal.setitimer(signal.ITIMER_REAL, after)
        status = 1
        try:
            run(folder, which, is_report)
            os.write(writing, str(count).encode())
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    steps = os.read(reading, 64)
    os.close(reading)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), int(steps or 0)


def hash_folder(folder):
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".cache" not in path.parts
    }


def restore(folder, state):
    shutil.rmtree(folder / "work", ignore_errors=True)
    shutil.copytree(folder / state, folder / "work")


def main():
    folder, chance, n_points = (
        Path(sys.argv[1]).resolve(),
        random.Random(int(sys.argv[2])),
        int(sys.argv[3]),
    )
    warm_up(folder)
    gc.freeze()
    told = {"states": {}, "killed": []}
    (folder / "work").mkdir()
    for which in ("old", "new"):  # what an undisturbed run makes: new pages after old ones
        for is_report in (False, True):
            assert fork_run(folder, which, is_report)[0] == 0
        told["states"][which] = hash_folder(folder / "work")
        shutil.copytree(folder / "work", folder / f"state-{which}")
    # With the reports of the new pages in the cache, a run that publishes them starts no kernel: that is timed apart.
    shutil.copytree(folder / "state-old", folder / "state-cached")
    shutil.copytree(
        folder / "state-new/.cache/reports",
        folder / "state-cached/.cache/reports",
        dirs_exist_ok=True,
    )
    plans = [("state-old", False)] * (n_points // 2) + [("state-cached", True)] * (n_points // 2)
    steps = {}
    for number, (state, is_report) in enumerate(plans):
        if (state, is_report) not in steps:
            restore(folder, state)
            began = time.monotonic()
            steps[state, is_report] = (
                fork_run(folder, "new", is_report)[1],
                time.monotonic() - began,
            )
        n_steps, seconds = steps[state, is_report]
        restore(folder, state)
        by_step = number % 4 != 3
        status, _ = fork_run(
            folder, "new", is_report, at=chance.randint(1, n_steps) if by_step else None,
            after=None if by_step else chance.uniform(0.02, 0.9) * seconds,
        )  # fmt: skip
        left = hash_folder(folder / "work")
        again, _ = fork_run(folder, "new", is_report)
        made = hash_folder(folder / "work")
        told["killed"].append(
            {"is_report": is_report, "status": status, "left": left, "again": again, "made": made}
        )
    print(json.dumps(told))


if __name__ == "__main__":
    main()
