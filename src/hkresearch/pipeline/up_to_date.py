"""A command line and the files that it last read and wrote -> whether all is as it was, before anything heavy loads.

What is trusted: a file whose device, inode, size, mode and both times of change are those recorded has the bytes that
were hashed then, unless it changed within two seconds of the record (clocks tick coarsely). Any other file is hashed.
"""

from __future__ import annotations

import json
import os
import sys
import time

from hkresearch.core.files import hash_path, place_cache, sign_path
from hkresearch.core.safe_text import write_any_letter

RAW, PROCESSED, REPORTS = os.path.join("data", "raw"), os.path.join("data", "processed"), "reports"
VERBS = ("build", "report")
ALWAYS = frozenset(("--force", "--with-pages"))  # with these something is always done
SETTLED = 2_000_000_000  # nanoseconds after which a time of change tells one state of a file from the next
KEPT = 64  # records of other command lines that stay


def place_tables(raw: str, out: str | None, reports: str | None) -> str:
    """Return the folder of tables: another corpus never takes data/processed, it lies with its reports or beside."""
    if out:
        return out
    if os.path.realpath(raw) == os.path.realpath(RAW):
        return PROCESSED
    if reports and os.path.normpath(reports) != REPORTS:
        return os.path.join(reports, "processed")
    return os.path.join(
        os.path.dirname(PROCESSED), f"processed-{os.path.basename(os.path.realpath(raw))}"
    )


def place_record(arguments: list[str]) -> str | None:
    """Return where the record of this command line lies, None for one that is not a plain build or report."""
    if not arguments or arguments[0] not in VERBS or not ALWAYS.isdisjoint(arguments):
        return None
    given: dict[str, str] = {}
    for i, argument in enumerate(arguments):
        name, equals, value = argument.partition("=")
        if name in ("--raw", "--out", "--reports"):
            given[name] = value if equals else next(iter(arguments[i + 1 :]), "")
    reports = given.get("--reports", REPORTS) if arguments[0] == "report" else None
    tables = place_tables(given.get("--raw", RAW), given.get("--out"), reports)
    import hashlib

    who = [os.getcwd(), sys.executable, sys.version, os.environ.get("PYTHONPATH", ""), *arguments]
    name = hashlib.sha256("\0".join(who).encode("utf-8", "surrogateescape")).hexdigest()[:32]
    return os.path.join(place_cache(tables), "runs", f"{name}.json")


def write_record(place: str, began: int, files: dict[str, list], said: list, status: int) -> None:
    """Record a run: `files` as signed after the nanosecond `began`, what was said (stream, line), and its status."""
    body = json.dumps({"began": began, "files": files, "said": said, "status": status})
    os.makedirs(os.path.dirname(place), exist_ok=True)
    beside = f"{place}.{os.getpid()}.new"
    with open(beside, "w", encoding="utf-8") as stream:
        stream.write(body + "\n" + _digest(body))
    os.replace(beside, place)
    _drop_oldest(os.path.dirname(place))


def _digest(body: str) -> str:
    import hashlib

    return hashlib.sha256(body.encode("utf-8")).hexdigest()


def _drop_oldest(folder: str) -> None:
    places = [os.path.join(folder, name) for name in os.listdir(folder)]
    for place in sorted(places, key=lambda place: sign_path(place)[4:5])[:-KEPT]:
        try:
            os.unlink(place)
        except OSError:
            pass  # another run was quicker


def recall_run(place: str) -> dict | None:
    """Return the record at `place` if every file in it is as it was, else None; what was hashed anew is noted there."""
    try:
        with open(place, encoding="utf-8") as stream:
            body, _, digest = stream.read().rpartition("\n")
        if _digest(body) != digest:
            return None
        record = json.loads(body)
        began, again = time.time_ns(), {}
        for path, (signature, known) in record["files"].items():
            now = sign_path(path)
            if now == signature and (not now or max(now[4:]) < record["began"] - SETTLED):
                continue
            if hash_path(path) != known:
                return None
            again[path] = [now, known]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if again:
        _renew(place, record, began, again)
    return record


def _renew(place: str, record: dict, began: int, again: dict[str, list]) -> None:
    # What had settled when it was first recorded has settled now: one moment serves for all.
    try:
        write_record(place, began, record["files"] | again, record["said"], record["status"])
    except OSError:
        pass  # a folder that cannot be written to costs the hashing each time, no more


def leave_if_fresh(arguments: list[str]) -> None:
    """End the program here, saying what it said before, when nothing that this command line depends on has changed."""
    place = place_record(arguments)
    record = recall_run(place) if place else None
    if record is None:
        return
    write_any_letter()
    for stream, line in record["said"]:
        print(line, file=sys.stderr if stream == "err" else sys.stdout)
    sys.exit(record["status"])
