"""Faults of the machine and of hands: full disks, killed processes, broken notebooks, missing parts. Nothing is lost, all is said."""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from support.command_line import hash_folder, run_here
from support.notebooks import write_notebook
from support.paths import RAW, ROOT

RUN = [sys.executable, "-m", "hkresearch"]


def run(*arguments, cwd=ROOT, status=0, prepare=None, drop=(), **environment):
    """Run hkresearch; return its output. A traceback fails the test, whatever the fault was."""
    env = {
        k: v for k, v in (os.environ | {"COLUMNS": "200"} | environment).items() if k not in drop
    }
    done = subprocess.run([*RUN, *map(os.fspath, arguments)], cwd=cwd, capture_output=True, env=env, timeout=500, preexec_fn=prepare)  # fmt: skip
    output = (done.stdout + done.stderr).decode("utf-8", "replace")
    assert "Traceback" not in output, output
    assert status is None or done.returncode == status, output
    return output


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Three registered pages, their tables and the cache of their coding: only to be read."""
    folder = tmp_path_factory.mktemp("faults")
    pages = [RAW / name for name in ("harbour-pause.txt", "wire-roundup.txt", "gazette-rules.html")]
    run_here("add", *pages, "--raw", folder / "raw")
    run_here("build", "--raw", folder / "raw", "--out", folder / "processed")
    return folder


@pytest.fixture
def sample(built, tmp_path):
    """A copy of `built`, and the arguments for its folder of pages and its folder of tables."""
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    return tmp_path, ("--raw", tmp_path / "raw", "--out", tmp_path / "processed")


def change_register(raw, publisher):
    from hkresearch.pages.register import read_register, write_register

    write_register(raw, [row | {"publisher": publisher} for row in read_register(raw)])


QUICK = 'hk.show_answer("Yes", tables=tables)'


# -------------------------------------------------------------------------------------------------------- the disk


def limit_files():
    """No file may grow past a few bytes: what a full disk does to a writer, without one."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))


def test_a_full_disk_leaves_the_old_tables_and_says_so(sample):
    folder, given = sample
    before = hash_folder(folder / "processed")
    change_register(folder / "raw", "Another Gazette")
    message = run("build", *given, status=1, prepare=limit_files)
    assert "File too large" in message and "left as it was" in message
    assert hash_folder(folder / "processed") == before
    assert "reconciled" in run_here("build", *given)


@pytest.mark.kernel
def test_a_full_disk_leaves_the_old_reports(sample):
    folder, given = sample
    notebook = write_notebook(folder / "quick.ipynb", QUICK)
    given = (*given, "--reports", folder / "reports")
    run("report", notebook, *given)
    before = hash_folder(folder / "reports")
    nbtext = notebook.read_text("utf-8")
    notebook.write_text(nbtext.replace("Which position?", "Which other position?"), "utf-8")
    run("report", notebook, *given, status=1, prepare=limit_files)
    assert hash_folder(folder / "reports")["quick.html"] == before["quick.html"]
    assert not list((folder / "reports").glob("*.new"))


def test_a_folder_that_cannot_be_written_is_named(sample):
    folder, given = sample
    (folder / "file").write_text("not a folder")
    message = run_here(
        "build", "--raw", folder / "raw", "--out", folder / "file/processed", status=1
    )
    assert "file" in message and "hkresearch:" in message
    message = run_here(
        "build", "--raw", folder / "raw", "--out", "/proc/nowhere/processed", status=1
    )
    assert "/proc" in message


# --------------------------------------------------------------------------------------------------- processes end


@pytest.mark.kernel
def test_a_killed_kernel_is_one_failed_report_and_the_others_are_published(sample):
    folder, given = sample
    notebooks = [
        write_notebook(folder / "alive.ipynb", QUICK),
        write_notebook(
            folder / "killed.ipynb", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"
        ),
        write_notebook(folder / "failing.ipynb", "1 + 1", "raise ValueError('no such thing')"),
    ]
    output = run("report", *notebooks, *given, "--reports", folder / "reports", status=1)
    assert "failed: killed" in output and "failed: failing" in output
    assert "cell 6 failed" in output and "no such thing" in output
    assert (folder / "reports/alive.html").is_file() and not (
        folder / "reports/failing.html"
    ).exists()
    assert (
        json.loads((folder / "reports/failed/failing.ipynb").read_text("utf-8"))["cells"][5][
            "outputs"
        ][0]["ename"]
        == "ValueError"
    )
    index = (folder / "reports/index.html").read_text("utf-8")
    assert "alive.html" in index and "no such thing" in index and "killed" in index


@pytest.mark.kill
def test_a_build_killed_at_any_stage_leaves_all_or_nothing_and_the_next_one_ends(sample):
    folder, given = sample
    whole = hash_folder(folder / "processed")
    for word in ("reading", "structured", "reconciled"):
        change_register(folder / "raw", f"Gazette of {word}")
        started = subprocess.Popen(
            [*RUN, *map(str, ("build", *given))],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        assert any(word.encode() in line for line in started.stdout), word
        started.kill()
        started.communicate()
        rest = run("check", *given, status=None)
        assert "not the file that" not in rest and "no tables here" not in rest, (
            "tables are all there, old or new"
        )
    shutil.rmtree(folder / "processed")
    run("build", *given)
    assert set(hash_folder(folder / "processed")) == set(whole)
    # A run that was quick enough to end keeps the tables that it replaced; nothing else stays behind.
    assert {path.name for path in folder.glob("processed.*")} <= {"processed.earlier"}


def test_two_builds_at_once_give_what_one_gives(sample):
    folder, given = sample
    both = hash_folder(folder / "processed")
    shutil.rmtree(folder / "processed")
    shutil.rmtree(folder / ".cache")
    started = [
        subprocess.Popen(
            [*RUN, *map(str, ("build", *given))],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        for _ in range(2)
    ]
    outputs = [process.communicate(timeout=400)[0].decode() for process in started]
    assert [process.returncode for process in started] == [0, 0], outputs
    assert hash_folder(folder / "processed") == both


@pytest.mark.kill
def test_a_worker_that_is_killed_costs_at_most_its_page(sample, tmp_path):
    from hkresearch.codebook.book import read_codebook
    from hkresearch.coding.worker_pool import Pool
    from hkresearch.pages.register import read_register

    folder, _ = sample
    row, book = read_register(folder / "raw")[0], read_codebook()
    with Pool(1, None, book.sha256) as pool:
        first = pool.code(folder / "raw", row)
        worker = pool._idle.get()
        worker._process.kill()
        pool._idle.put(worker)
        assert pool.code(folder / "raw", row) == first and pool.lost == []


def test_a_corrupted_cache_is_noticed_and_made_again(sample):
    folder, given = sample
    whole = hash_folder(folder / "processed")
    entries = [
        p for p in folder.rglob("*") if p.is_file() and "pages" in p.parts and len(p.name) == 64
    ]
    assert entries, "coded pages are kept"
    for number, path in enumerate(entries):
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(bytes(data) if number % 2 else b"")
    shutil.rmtree(folder / "processed")
    run_here("build", *given)
    assert hash_folder(folder / "processed") == whole


# ------------------------------------------------------------------------------------------------ the surroundings


def test_a_clock_set_back_changes_nothing(sample):
    folder, given = sample
    before = hash_folder(folder / "processed")
    for path in [*folder.rglob("*")]:
        if path.is_file():
            os.utime(path, (4_000_000_000, 4_000_000_000))  # as if it came from the year 2096
    run_here("build", *given)
    assert hash_folder(folder / "processed") == before
    page = folder / "raw/harbour-pause.txt"
    stamp = page.stat()
    page.write_bytes(page.read_bytes().replace(b"Monday", b"Sunday"))
    os.utime(
        page, ns=(stamp.st_atime_ns, stamp.st_mtime_ns)
    )  # same size, same time: only the bytes tell
    message = run("build", *given, status=None)
    assert "changed since they were registered" in message or "changed since" in run(
        "check", *given, status=1
    )


@pytest.mark.parametrize(
    ("environment", "drop", "why"),
    [
        (
            {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LANG": "C"},
            ("HOME", "XDG_CACHE_HOME", "USER", "LOGNAME"),
            "a locale without UTF-8, and no home",
        ),
        (
            {
                "HOME": "/proc/nowhere",
                "TZ": "nonsense",
                "LANG": "tr_TR.UTF-8",
                "PYTHONHASHSEED": "3",
            },
            ("XDG_CACHE_HOME",),
            "a home that cannot be written, a strange zone and language",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_surroundings_change_no_byte(sample, environment, drop, why):
    folder, _ = sample
    other = folder / "other/processed"  # with a cache of its own
    run("build", "--raw", folder / "raw", "--out", other, drop=drop, **environment)
    assert hash_folder(folder / "other/processed") == hash_folder(folder / "processed")
    name = "頁面-\u202e<b>.txt"
    (folder / name).write_bytes((ROOT / "data/raw/yangben-weekly.txt").read_bytes())
    added = run("add", folder / name, "--raw", folder / "raw", drop=drop, **environment)
    assert "1 page(s) added" in added


def test_a_name_that_is_no_utf_8_is_refused_and_the_others_are_added(tmp_path):
    page = (ROOT / "data/raw/harbour-pause.txt").read_bytes()
    for name in (b"good.txt", b"b\xff\xfed.txt"):
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_bytes(page + name)
    output = run(
        "add",
        tmp_path / "good.txt",
        os.fsdecode(os.fsencode(tmp_path) + b"/b\xff\xfed.txt"),
        "--raw",
        tmp_path / "raw",
        status=1,
    )
    assert "1 page(s) added" in output and "not written in UTF-8" in output


NO_NETWORK = """
import socket
def refuse(*arguments, **options):
    raise OSError("the network is not there")
real = socket.socket.connect
def connect(self, address):
    if self.family not in (socket.AF_UNIX,) and not str(address[0]).startswith("127."):
        refuse()
    return real(self, address)
socket.socket.connect = socket.socket.connect_ex = connect
socket.getaddrinfo = socket.gethostbyname = refuse
import pathlib, os
pathlib.Path(os.environ["WITNESS"], str(os.getpid())).touch()
"""


@pytest.mark.kernel
def test_the_main_job_needs_no_network(sample):
    """Every Python process of a run, kernels too, has sockets that reach this machine only."""
    folder, given = sample
    (folder / "site").mkdir()
    (folder / "witness").mkdir()
    (folder / "site/sitecustomize.py").write_text(NO_NETWORK)
    path = os.pathsep.join(filter(None, (str(folder / "site"), os.environ.get("PYTHONPATH"))))
    code = "import socket\ntry:\n    socket.create_connection(('192.0.2.1', 9), 1)\nexcept OSError as error:\n    print(error)"
    notebook = write_notebook(folder / "quick.ipynb", QUICK, code)
    run(
        "report",
        notebook,
        *given,
        "--reports",
        folder / "reports",
        PYTHONPATH=path,
        WITNESS=str(folder / "witness"),
    )
    assert "network is not there" in (folder / "reports/quick.html").read_text("utf-8"), (
        "a kernel is without it"
    )
    assert list((folder / "witness").iterdir()), (
        "the run itself, of which kernels are forks, is without it"
    )


BLOCK = """
import sys
class Block:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {names!r}:
            raise ModuleNotFoundError("No module named " + repr(name), name=name)
sys.meta_path.insert(0, Block())
"""


@pytest.mark.kernel
def test_without_the_optional_parts_the_main_job_is_whole(sample):
    folder, given = sample
    (folder / "site").mkdir()
    names = (
        "anywidget",
        "hypothesis",
        "frictionless",
        "playwright",
        "resiliparse",
        "pikepdf",
        "pdfua",
        "trafilatura",
        "krippendorff",
        "spacy",
        "tqdm.notebook",
    )
    (folder / "site/sitecustomize.py").write_text(BLOCK.format(names=names))
    path = os.pathsep.join(filter(None, (str(folder / "site"), os.environ.get("PYTHONPATH"))))
    notebook = write_notebook(folder / "quick.ipynb", QUICK)
    run("report", notebook, *given, "--reports", folder / "reports", PYTHONPATH=path)
    assert (folder / "reports/quick.pdf").read_bytes()[:5] == b"%PDF-"


# ------------------------------------------------------------------------------------- what people and registers give

PARAMETERS = [
    ("subject", "__import__('os').system('touch {witness}')", "a call"),
    ("subject", "'; open({witness!r}, 'w') #", "a broken string"),
    ("subject", '"""\nopen({witness!r}, "w")\n"""', "three marks and lines"),
    ("subject", "\\'; open({witness!r}, 'w') #", "an escaped mark"),
    ("subject", "{{7*7}} ${{HOME}} `touch {witness}` $(touch {witness})", "templates and shells"),
    ("subject", "%run {witness}", "a magic"),
    ("subject", "!touch {witness}", "a shell magic"),
    ("subject", "\u2028open({witness!r}, 'w')", "another line end"),
    ("subject", "a\x0copen({witness!r}, 'w')", "a form feed"),
    ("subject", "\ud800\udfff", "lone surrogates"),
    ("subject", "a\x00b", "a NUL"),
    ("limit", "__import__('os').system('touch {witness}')", "a call where a number is due"),
    ("limit", "[1 for _ in [open({witness!r}, 'w')]]", "a comprehension"),
    ("limit", "9" * 5000, "a number with thousands of digits"),
    ("limit", "(" * 3000 + ")" * 3000, "brackets without end"),
    ("limit", "-" * 3000 + "1", "signs without end"),
    ("limit", "1e400", "a number that is none"),
    ("limit", "0x10", "another way to write a number"),
]


@pytest.mark.kernel
def test_parameters_never_become_code(tmp_path, small_tables):
    """Those that are taken stand in one run together, each a parameter of its own; the others never reach a run."""
    from hkresearch.core.article import HkresearchError
    from hkresearch.report import render_report
    from hkresearch.tables.tables import write_tables

    write_tables(small_tables, tmp_path / "tables")
    witnesses = [tmp_path / f"witness{number}" for number in range(len(PARAMETERS))]
    values = [
        (name, value.format(witness=str(witness)) if "{" in value else value, why)
        for (name, value, why), witness in zip(PARAMETERS, witnesses, strict=True)
    ]
    given = {f"subject{n}": value for n, (name, value, _) in enumerate(values) if name == "subject"}
    notebook = write_notebook(
        tmp_path / "quick.ipynb",
        f"print({', '.join(f'ascii({name})' for name in given)}, limit)",
        QUICK,
        parameters="data = 'x'\nlimit = 3\n" + "".join(f"{name} = ''\n" for name in given),
    )

    def render(**more):
        page = render_report(
            notebook, data=tmp_path / "tables", reports=tmp_path / "out", **given, **more
        )
        return page.read_text("utf-8")

    refused = 0
    for name, value, why in values:
        if name == "limit" and value != "0x10":
            with pytest.raises(HkresearchError, match="limit"):
                render(limit=value)
            refused += 1
        assert not any(witness.exists() for witness in witnesses), why
    assert refused == 6 and " 16" in render(limit="0x10"), "another way to write a number"
    assert [
        why for (_, _, why), path in zip(PARAMETERS, witnesses, strict=True) if path.exists()
    ] == []


FILES = [
    ("../secret.txt", "a parent"), ("..", "the parent itself"), (".", "the folder"), ("/etc/passwd", "from the root"),
    ("C:\\secret.txt", "a drive"), ("C:secret.txt", "a drive without a slash"), ("\\\\host\\share", "a share"),
    ("a/b.txt", "a folder"), ("a\\b.txt", "a folder, elsewhere"), ("page.txt\x00.html", "a NUL"), ("page.txt:stream", "a stream"),
    ("page\n.txt", "a line end"), ("", "nothing"), ("./page.txt", "here"), ("..\\secret.txt", "a parent, elsewhere"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "why"), FILES, ids=[case[1] for case in FILES])
def test_a_register_names_files_of_its_folder_only(tmp_path, file, why):
    from hkresearch.core.article import HkresearchError
    from hkresearch.pages.reader import REGISTER_COLUMNS
    from hkresearch.pages.register import read_register, write_register

    write_register(
        tmp_path,
        [
            dict.fromkeys(REGISTER_COLUMNS, "")
            | {"article_id": "a", "file": file, "sha256": "0" * 64}
        ],
    )
    with pytest.raises(HkresearchError, match="plain file name|not valid CSV|NUL"):
        read_register(tmp_path)


@pytest.mark.parametrize(
    ("one", "two", "why"),
    [
        ("Page.txt", "page.TXT", "case"), ("caf\u00e9.txt", "cafe\u0301.txt", "composed and decomposed"),
        ("stra\u00dfe.txt", "STRASSE.txt", "folded case"), ("\u212b.txt", "\u00c5.txt", "two signs that are one"),
    ],
)  # fmt: skip
def test_names_that_some_file_system_takes_for_one_are_refused(tmp_path, one, two, why):
    from hkresearch.core.article import HkresearchError
    from hkresearch.pages.reader import REGISTER_COLUMNS
    from hkresearch.pages.register import read_register, write_register

    rows = [
        dict.fromkeys(REGISTER_COLUMNS, "")
        | {"article_id": f"a{n}", "file": f, "sha256": str(n) * 64}
        for n, f in enumerate((one, two))
    ]
    write_register(tmp_path, rows)
    with pytest.raises(HkresearchError, match="stands on line 2 already"):
        read_register(tmp_path)


REGISTERS = [
    (b"\xff\xfe\x00", "UTF-8"), (b"", "missing"), (b"\x00", "missing|NUL|CSV"), (b'article_id,file,sha256\n"a', "CSV"),
    (b"article_id,file,sha256\na,b\n", "values expected"), (b"article_id,file,sha256\na,b,c,d\n", "values expected"),
    (b"article_id,file,sha256\n" + b'"' + b"a" * 200_000 + b'",b.txt,0\n', "CSV|field"), (b"article_id,article_id,file\n", "missing"),
    (b"=cmd,file,sha256\n", "missing"), (b"article_id,file,sha256\n\xc3\x28,b.txt," + b"0" * 64, "UTF-8"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "message"), REGISTERS, ids=range(len(REGISTERS)))
def test_a_broken_register_is_told_where_and_why(tmp_path, data, message):
    from hkresearch.core.article import HkresearchError
    from hkresearch.pages.register import read_register

    (tmp_path / "articles.csv").write_bytes(data)
    with pytest.raises(HkresearchError, match=message) as caught:
        read_register(tmp_path)
    assert "articles.csv" in str(caught.value)
