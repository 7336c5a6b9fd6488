"""Pages coded by a real Dask cluster on this machine: the same bytes as without one, whatever becomes of a worker."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from importlib.util import find_spec

import pandas as pd
import pytest

from hkresearch.codebook.book import read_codebook
from hkresearch.coding import dask_cluster as cluster
from hkresearch.coding import partitions
from hkresearch.coding.local import CodingLog, code_pages
from hkresearch.core.article import HkresearchError
from hkresearch.core.files import hash_bytes
from hkresearch.pages.register import read_register, register_files
from hkresearch.pipeline.workflow import build_folder
from hkresearch.tables.page_batches import pack_pages
from support.paths import RAW

if not all(map(find_spec, ("distributed", "fsspec"))):
    pytest.skip("the extra cluster is not installed", allow_module_level=True)
pytestmark = pytest.mark.kill
SAMPLE = RAW
# Python runs this in every worker before anything else: the page named takes its process with it.
TRAP = """
import os, signal
import hkresearch.coding.partitions as cluster
real = cluster.read_address
def read_address(raw, file):
    if file == os.environ["TRAP_FILE"]:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(raw, file)
cluster.read_address = read_address
"""


def write_pages(folder, copies):
    """Fill `folder` with variants of the sample pages, one that is no page, and their register."""
    given = folder.with_name("given")
    given.mkdir(parents=True)
    for path in sorted(SAMPLE.glob("*.txt")):
        for i in range(copies):
            (given / f"{path.stem}-{i}.txt").write_bytes(
                path.read_bytes() + f"\nEdition {i}\n".encode()
            )
    register_files(folder, sorted(given.iterdir()))
    (folder / "none.txt").write_bytes(b"%PDF-1.4")
    with (folder / "articles.csv").open("a") as stream:
        stream.write(f"none,none.txt,{hash_bytes(b'%PDF-1.4')}{',' * 10}\n")


@pytest.fixture(scope="module")
def raw(tmp_path_factory):
    folder = tmp_path_factory.mktemp("corpus") / "raw"
    write_pages(folder, 5)
    return folder


@pytest.fixture(scope="module")
def local(raw, tmp_path_factory):
    """The tables as this machine builds them alone."""
    folder = tmp_path_factory.mktemp("local") / "tables"
    build_folder(raw, folder, None, lambda line: None, workers=1)
    return read_folder(folder)


def read_folder(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


class Cluster:
    """A scheduler and three workers, each a process of its own, that listen on this machine only."""

    def __init__(self, folder, **environment):
        self.folder, self.environment = folder, os.environ | environment
        file = folder / "scheduler.json"
        command = ["-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
                   "--scheduler-file", file]  # fmt: skip
        self.processes = [self.start("scheduler", *command)]
        wait_until(file.exists)
        wait_until(lambda: file.read_text().endswith("}"))
        self.address = json.loads(file.read_text())["address"]
        self.workers = [self.start(f"worker-{i}", *self.name_worker(i)) for i in range(3)]
        self.processes += self.workers
        import distributed

        with distributed.Client(self.address, timeout=20, set_as_default=False) as client:
            client.wait_for_workers(3, timeout=60)

    def name_worker(self, i):
        return ["-m", "distributed.cli.dask_worker", self.address, "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny",
                "--no-dashboard", "--local-directory", self.folder / f"space-{i}"]  # fmt: skip

    def start(self, name, *command):
        log = (self.folder / f"{name}.log").open("wb")
        return subprocess.Popen(
            [sys.executable, *command], env=self.environment, stdout=log, stderr=log
        )

    def close(self):
        for process in self.processes:
            process.kill()
            process.wait()


def wait_until(is_so, seconds=60):
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


@pytest.fixture
def start_cluster(tmp_path):
    started = []

    def start(**environment):
        started.append(Cluster(tmp_path, **environment))
        return started[-1]

    yield start
    for each in started:
        each.close()


def build(raw, out, address):
    lines = []
    folder, where = cluster.place_cluster(os.fspath(raw), out, address, None)
    outcome = build_folder(folder, out, None, lines.append, None, where)
    return outcome, "\n".join(lines)


def test_a_worker_that_is_killed_half_way_changes_no_byte(
    raw, local, tmp_path, monkeypatch, start_cluster
):
    monkeypatch.setattr(partitions, "MEAN_SIZE", 2)
    running = start_cluster()
    n_parts = len(partitions.cut_partitions(read_register(raw), read_codebook()))
    sealed = []

    def kill():
        parts = tmp_path / ".cache/parts"
        wait_until(lambda: len(list(parts.glob("*/*/part.json"))) >= n_parts // 3)
        running.workers[1].send_signal(signal.SIGKILL)
        running.workers[1].wait()
        sealed.append(len(list(parts.glob("*/*/part.json"))))

    killer = threading.Thread(target=kill)
    killer.start()
    outcome, said = build(raw, tmp_path / "tables", running.address)
    killer.join()
    assert n_parts > 10 and sealed[0] < n_parts, "the worker was to die while parts were left"
    assert read_folder(tmp_path / "tables") == local
    assert [file for file, _ in outcome.refused] == ["none.txt"]
    # again, from nothing but the parts: only the one with the page that was left out is coded
    shutil.rmtree(tmp_path / "tables")
    _, said = build(raw, tmp_path / "tables", running.address)
    assert read_folder(tmp_path / "tables") == local
    parts = [
        [row["file"] for row in part.rows]
        for part in partitions.cut_partitions(read_register(raw), read_codebook())
    ]
    [again] = [len(files) for files in parts if "none.txt" in files]
    assert f"{again} of {sum(map(len, parts))} pages were new" in said


def test_a_page_that_kills_its_workers_is_left_out_and_no_other(
    tmp_path, monkeypatch, start_cluster
):
    raw = tmp_path / "raw"
    write_pages(raw, 1)
    file = read_register(raw)[1]["file"]
    (tmp_path / "trap").mkdir()
    (tmp_path / "trap/sitecustomize.py").write_text(TRAP)
    running = start_cluster(
        PYTHONPATH=os.fspath(tmp_path / "trap"),
        TRAP_FILE=file,
        DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="0",
    )
    outcome, _ = build(raw, tmp_path / "tables", running.address)
    assert sorted(name for name, _ in outcome.refused) == sorted([file, "none.txt"])
    assert not outcome.is_final
    build_folder(raw, tmp_path / "alone/tables", None, lambda line: None, workers=1)
    coded, whole = (
        pd.read_parquet(tmp_path / at / "annotations.parquet") for at in ("tables", "alone/tables")
    )
    left = whole[whole["article_id"] != file.removesuffix(".txt")].reset_index(drop=True)
    pd.testing.assert_frame_equal(coded, left)


def test_pages_and_parts_may_be_at_any_address(raw, local, tmp_path):
    """The whole of it with a cluster inside this process, which sees the same memory."""
    import distributed
    import fsspec

    memory = fsspec.filesystem("memory")
    memory.put(os.fspath(raw), "/pages", recursive=True)
    here = {
        "dashboard_address": "127.0.0.1:0",
        "worker_dashboard_address": "127.0.0.1:0",
        "local_directory": tmp_path,
    }
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=2, processes=False, **here
    ) as inside:
        at = (tmp_path / "tables", inside.scheduler_address, "memory://parts")
        folder, where = cluster.place_cluster("memory://pages", *at)
        outcome = build_folder(folder, tmp_path / "tables", None, lambda line: None, None, where)
        assert read_folder(tmp_path / "tables") == local
        assert memory.glob("/parts/*/*/annotations.parquet")
        assert not outcome.is_final, "a change there is not seen from here: each run looks"
        memory.pipe_file("/pages/none.txt", b"another")
        memory.rm("/parts", recursive=True)
        (tmp_path / "tables/built-from.json").unlink()
        with pytest.raises(
            HkresearchError, match=r"(?s)1 page\(s\) changed.*memory://pages/none.txt"
        ):
            build_folder(folder, tmp_path / "tables", None, lambda line: None, None, where)


def test_a_part_gives_what_its_pages_give(raw, tmp_path):
    book, rows = read_codebook(), read_register(raw)[:5]
    part = partitions.Partition("0" * 64, tuple(rows))
    seal = partitions.code_partition(
        os.fspath(raw), part, book, cluster.hash_makers("pages"), os.fspath(tmp_path / "parts")
    )
    stored = partitions.read_partition(os.fspath(tmp_path / "parts"), part.name, seal)
    [expected] = pack_pages(code_pages(raw, rows, book, None, tmp_path / "cache", 1, CodingLog()))
    for table, frame in expected.items():
        assert stored[table].to_pylist() == frame.to_dict("records")
    (tmp_path / "parts" / part.name / "passages.parquet").write_bytes(b"")
    with pytest.raises(HkresearchError, match="changed since it was written"):
        partitions.read_partition(os.fspath(tmp_path / "parts"), part.name, seal)


def test_a_page_that_is_added_changes_one_part(raw, monkeypatch):
    monkeypatch.setattr(partitions, "MEAN_SIZE", 4)
    rows, book = read_register(raw), read_codebook()
    before = {part.name for part in partitions.cut_partitions(rows, book)}
    for i in range(0, len(rows), 7):
        after = {part.name for part in partitions.cut_partitions(rows[:i] + rows[i + 1 :], book)}
        assert len(after - before) <= 1
    assert sum(len(part.rows) for part in partitions.cut_partitions(rows, book)) == len(rows)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda raw, out: cluster.place_cluster("s3://bucket/pages", out, None, None),
            "--scheduler tcp://HOST:PORT",
        ),
        (lambda raw, out: build(raw, out, "tcp://127.0.0.1:9"), "no Dask scheduler answers there"),
        (lambda raw, out: build("memory://nothing", out, "tcp://127.0.0.1:9"), "no register"),
        (
            lambda raw, out: build("nothing://there", out, "tcp://127.0.0.1:9"),
            "not an address that can be read",
        ),
    ],
)
def test_what_cannot_be_is_said(raw, tmp_path, monkeypatch, make, message):
    monkeypatch.setattr(cluster, "SCHEDULER_TIMEOUT", 1)
    with pytest.raises(HkresearchError, match=message):
        make(raw, tmp_path / "tables")


def test_another_version_on_a_worker_is_refused(raw, tmp_path):
    part = partitions.Partition("0" * 64, tuple(read_register(raw)[:1]))
    with pytest.raises(HkresearchError, match="another version"):
        partitions.code_partition(
            os.fspath(raw), part, read_codebook(), "older", os.fspath(tmp_path)
        )


@pytest.mark.parametrize("name", ["distributed", "fsspec"])
def test_without_the_extra_it_says_what_to_type(raw, tmp_path, monkeypatch, name):
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(HkresearchError, match=r"pip install 'hkresearch\[cluster\]'"):
        build(
            raw if name == "distributed" else "memory://pages",
            tmp_path / "tables",
            "tcp://127.0.0.1:9",
        )
