"""Registered pages -> coded pages in the same order, made by several processes.

Each worker is a new interpreter (nothing is forked, so it is the same on every system) that reads
one request a line and answers with a length and the coded page. A page whose worker dies is tried
once more in a new one, then left out with the reason; the other pages are not affected.
"""

from __future__ import annotations

import json
import os
import signal
import struct
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import IO, TypeVar

from hkresearch.coding.page import code_row, pack_refusal
from hkresearch.core.article import HkresearchError

_MOST_TRIES = 2  # times that a page is coded whose worker dies
_PAGES_AHEAD = 8  # per worker: done before the first of them is asked for
_LENGTH = struct.Struct(">Q")
_READY = b"hkresearch\n"

_CodedItem = TypeVar("_CodedItem")


class _WorkerDied(Exception):
    """The process ended before it answered; `status` is its exit status."""

    def __init__(self, status: int):
        super().__init__(status)
        self.status = status


class _Worker:
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
        assert self._process.stdin is not None and self._process.stdout is not None
        self._requests: IO[bytes] = self._process.stdin
        self._answers: IO[bytes] = self._process.stdout
        if self._answers.read(len(_READY)) != _READY:
            status = self._process.wait()
            raise HkresearchError(f"a worker could not start (status {status}). Try: --workers 1")

    def code(self, raw: Path, row: Mapping[str, str]) -> bytes:
        """Return the coded page of `row` in the folder `raw`; raises _WorkerDied."""
        request = json.dumps({"raw": os.fspath(raw), "row": dict(row)})
        try:
            self._requests.write(request.encode("ascii") + b"\n")
            self._requests.flush()
            answer = self._read_answer()
        except OSError:
            answer = None
        if answer is None:
            self._process.kill()
            raise _WorkerDied(self._process.wait())
        return answer

    def _read_answer(self) -> bytes | None:
        """Return the next answer, None where the process ended in the middle of it."""
        header = self._answers.read(_LENGTH.size)
        if len(header) < _LENGTH.size:
            return None
        length: int = _LENGTH.unpack(header)[0]
        answer = self._answers.read(length)
        return answer if len(answer) == length else None

    def close(self) -> None:
        """End the process; it also ends by itself when the one that asks is gone."""
        self._requests.close()
        self._answers.close()
        self._process.wait()


class Pool:
    """Workers that share the pages; `lost` names the files left out because workers died on them.

    Parameters
    ----------
    count
        How many workers there may be; each is started by the first page that needs it.
    codebook, sha256
        The name of the codebook that they read, and its hash.
    """

    def __init__(self, count: int, codebook: str | None, sha256: str):
        self._codebook, self._sha256, self._count = codebook or "", sha256, count
        self._idle: SimpleQueue[_Worker | None] = SimpleQueue()
        for _ in range(count):
            self._idle.put(None)
        self.lost: list[str] = []

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *details: object) -> None:
        for _ in range(self._count):
            if worker := self._idle.get():
                worker.close()

    def code(self, raw: Path, row: Mapping[str, str]) -> bytes:
        """Return the coded page of `row`, waiting for an idle worker; several threads may ask."""
        worker = self._idle.get()
        status = 0
        try:
            for _ in range(_MOST_TRIES):
                try:
                    worker = worker or _Worker(self._codebook, self._sha256)
                    return worker.code(raw, row)
                except _WorkerDied as death:
                    worker, status = None, death.status
        finally:
            self._idle.put(worker)
        self.lost.append(row["file"])
        ended = f"the process that coded it ended {_MOST_TRIES} times ({_name_status(status)})"
        return pack_refusal(f"{ended}; a new run tries it again")


def _name_status(status: int) -> str:
    return f"killed by {signal.Signals(-status).name}" if status < 0 else f"exit status {status}"


def code_in_order(
    pool: Pool,
    count: int,
    pages: Iterable[_CodedItem],
    code_one: Callable[[Pool, _CodedItem], bytes],
) -> Iterator[bytes]:
    """Yield `code_one(pool, page)` for each of `pages`, in order, `count` of them at a time.

    Never more than _PAGES_AHEAD pages per worker are done before the reader asks for the first.
    """
    with ThreadPoolExecutor(count) as threads:
        waiting: deque[Future[bytes]] = deque()
        for page in pages:
            waiting.append(threads.submit(code_one, pool, page))
            if len(waiting) > _PAGES_AHEAD * count:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _serve() -> None:
    """Code the pages that standard input asks for, until it closes."""
    from hkresearch.codebook.book import read_codebook

    # Whoever asks is interrupted too, and then closes the pipe.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    outbox = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a coder prints must never reach the protocol
    name, sha256 = sys.argv[1:3]
    codebook = read_codebook(name or None)
    if codebook.sha256 != sha256:
        sys.exit("the codebook changed while the pages were coded")
    outbox.write(_READY)
    outbox.flush()
    for line in sys.stdin.buffer:
        request = json.loads(line)
        coded = code_row(Path(request["raw"]), request["row"], codebook)
        outbox.write(_LENGTH.pack(len(coded)) + coded)
        outbox.flush()


if __name__ == "__main__":
    _serve()
