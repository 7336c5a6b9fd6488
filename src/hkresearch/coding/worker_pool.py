"""Registered pages -> coded pages in the same order, from several processes; one that dies costs no more than its page.

Each worker is a fresh interpreter (nothing is forked, so it is the same on every system) that reads one request a
line and answers with a length and the coded page. A page whose worker dies is tried once more in a new one, then
left out with the reason.
"""

from __future__ import annotations

import json
import os
import signal
import struct
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from hkresearch.coding.page import code_row, pack_refusal
from hkresearch.core.article import HkresearchError

TRIES = 2
AHEAD = 8  # pages per worker that may be done before the first of them is asked for
LENGTH = struct.Struct(">Q")
READY = b"hkresearch\n"


class WorkerDied(Exception):
    """The process ended before it answered; the argument is its exit status."""


class Worker:
    """One process that codes pages, seen from the one that asks."""

    def __init__(self, codebook: str, sha256: str):
        package = os.fspath(Path(__file__).parents[2])
        path = os.pathsep.join(filter(None, (package, os.environ.get("PYTHONPATH"))))
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "hkresearch.coding.worker_pool", codebook, sha256],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": path, "OMP_NUM_THREADS": "1"},
        )
        if self._process.stdout.read(len(READY)) != READY:
            raise HkresearchError(
                f"a worker could not start (status {self._process.wait()}). Try: --workers 1"
            )

    def code(self, raw: Path, row: Mapping[str, str]) -> bytes:
        """Return the coded page of `row` in the folder `raw`; raises WorkerDied."""
        request = json.dumps({"raw": os.fspath(raw), "row": dict(row)}) + "\n"
        try:
            self._process.stdin.write(request.encode("ascii"))
            self._process.stdin.flush()
            header = self._process.stdout.read(LENGTH.size)
            length = LENGTH.unpack(header)[0] if len(header) == LENGTH.size else -1
            answer = self._process.stdout.read(length) if length >= 0 else b""
        except OSError:
            length, answer = -1, b""
        if len(answer) != length:
            self._process.kill()
            raise WorkerDied(self._process.wait())
        return answer

    def close(self) -> None:
        """End the process; it ends by itself when its questioner is gone."""
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()


class Pool:
    """`count` workers that share the pages; `lost` holds the files of those that were left out because workers died."""

    def __init__(self, count: int, codebook: str | None, sha256: str):
        self._given, self._count = (codebook or "", sha256), count
        self._idle: SimpleQueue[Worker | None] = SimpleQueue()
        for _ in range(count):
            self._idle.put(None)  # started by the first page that needs it
        self.lost: list[str] = []

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: Any) -> None:
        for _ in range(self._count):
            if worker := self._idle.get():
                worker.close()

    def code(self, raw: Path, row: Mapping[str, str]) -> bytes:
        """Return the coded page of `row` from an idle worker, waiting for one; safe to ask from several threads."""
        worker = self._idle.get()
        try:
            for _ in range(TRIES):
                try:
                    worker = worker or Worker(*self._given)
                    return worker.code(raw, row)
                except WorkerDied as death:
                    worker, status = None, death.args[0]
        finally:
            self._idle.put(worker)
        self.lost.append(row["file"])
        ended = f"the process that coded it ended {TRIES} times ({_name_status(status)})"
        return pack_refusal(f"{ended}; a new run tries it again")


def _name_status(status: int) -> str:
    return f"killed by {signal.Signals(-status).name}" if status < 0 else f"exit status {status}"


def code_in_order(pool: Pool, count: int, pages: Iterable[Any], code_one: Any) -> Iterator[bytes]:
    """Yield `code_one(pool, page)` for each of `pages`, in order, `count` at a time, never far ahead of the reader."""
    with ThreadPoolExecutor(count) as threads:
        waiting: deque[Any] = deque()
        for page in pages:
            waiting.append(threads.submit(code_one, pool, page))
            if len(waiting) > AHEAD * count:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def serve() -> None:
    """Answer requests on standard input until it closes."""
    from hkresearch.codebook.book import read_codebook

    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # whoever asks is interrupted too, and then closes the pipe
    outbox = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a coder prints must never reach the protocol
    codebook = read_codebook(sys.argv[1] or None)
    if codebook.sha256 != sys.argv[2]:
        sys.exit("the codebook changed while the pages were coded")
    outbox.write(READY)
    outbox.flush()
    for line in sys.stdin.buffer:
        request = json.loads(line)
        coded = code_row(Path(request["raw"]), request["row"], codebook)
        outbox.write(LENGTH.pack(len(coded)) + coded)
        outbox.flush()


if __name__ == "__main__":
    serve()
