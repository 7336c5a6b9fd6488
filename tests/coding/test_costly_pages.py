"""Pages made to cost much: each ends, within 1 GiB, coded or refused with the reason; `make bench-costly` times them."""

import gzip
import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from hkresearch.core.article import HkresearchError
from hkresearch.pages.reader import LARGEST_PAGE, read_page
from hkresearch.pages.register import read_folder
from support.paths import TESTS

MEBIBYTES = 1024


def weigh(*arguments):
    """The lines of tests/support/costly_pages.py, run in a process of its own so that its memory is its own."""
    done = subprocess.run(
        [sys.executable, "-m", "support.costly_pages", *arguments], capture_output=True, text=True, timeout=900, cwd=TESTS,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.fuzz
def test_every_page_made_to_cost_much_is_bounded():
    from support.costly_pages import PAGES

    refused = {name: is_refused for name, _, _, is_refused in PAGES}
    found = weigh("pages", "6")
    assert [row["name"] for row in found] == list(refused)
    for row in found:
        assert row["what"].startswith("refused: has " if refused[row["name"]] else "coded"), row
        assert row["peak"] < MEBIBYTES, row


@pytest.mark.fuzz
def test_the_worst_cases_of_every_expression_are_bounded():
    counted, *found = weigh("pumps", "400")
    assert counted["patterns"] > 250 and counted["pumps"] > 900
    assert [row for row in found if row["what"] == "too slow"] == []


def test_a_huge_file_is_refused_without_being_read(tmp_path):
    from support.registers import register

    with (tmp_path / "huge.txt").open("wb") as stream:
        stream.truncate(500_000_000)  # no more than a size: a disk need not hold it
    (tmp_path / "line.txt").write_bytes(b"x" * (LARGEST_PAGE + 1))
    (tmp_path / "good.txt").write_text("Some words of a page.", "utf-8")
    raw = register(tmp_path, ["huge.txt", "line.txt", "good.txt"], huge="0" * 64)
    articles, refused = read_folder(raw)
    assert [article.id for article in articles] == ["good"]
    assert (
        dict(refused)["huge.txt"]
        == "has 500,000,000 bytes; the largest page read is 20,971,520 bytes"
    )
    assert "20,971,521 bytes" in dict(refused)["line.txt"]


def squeeze(n):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("page.html", b"<p>" * n)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "reason"),
    [(gzip.compress(b"<p>" * 1_000_000), "a gzip archive"), (squeeze(1_000_000), "a ZIP archive"), (b"BZh91AY", "a bzip2"),
     (b"\xfd7zXZ\x00", "an xz"), (b"(\xb5/\xfd\x04\x00", "is binary"),
     (b"7z\xbc\xaf\x27\x1c", "no known character encoding")],
)  # fmt: skip
def test_what_is_compressed_is_never_unpacked(data, reason):
    with pytest.raises(HkresearchError, match=reason):
        read_page(data, "page.html")


def test_a_bundle_that_expands_is_refused(tmp_path):
    from hkresearch.bundle.archive import read_archive

    with pytest.raises(HkresearchError, match="more bytes than it has"):
        read_archive(squeeze(3_000_000))


@pytest.mark.fuzz
def test_a_report_whose_attachment_expands_stays_bounded():
    import zlib

    from hkresearch.evidence.verify import check_report

    bomb = zlib.compress(b" " * 300_000_000, 9)
    pdf = (
        b"%PDF-1.7\n1 0 obj <</Type/EmbeddedFile/Filter/FlateDecode>> stream\n"
        + bomb
        + b"\nendstream endobj"
    )
    assert any("cannot be read" in fault for fault in check_report(pdf, Path(".")))


CODEBOOK = """
id = "slow"
label = "Slow"
question = "How long?"
languages = ["en"]
context_characters = 40
[words.en]
many = [{many}]
[entities.acme]
kind = "company"
label = "Acme"
names.en = ["Acme"]
[variables.position]
question = "What?"
level = "nominal"
[variables.position.codes.pause]
label = "pause"
{key}.en = ["{pattern}"]
examples.en = ["{example}"]
"""


@pytest.mark.fuzz
@pytest.mark.parametrize(
    ("key", "pattern", "example", "why"),
    [
        (
            "patterns",
            "paused " + "[very] " * 200 + "much",
            "paused " + "very " * 300,
            "optional words",
        ),
        ("patterns", "paused " + ".. a " * 40 + ".. b", "paused " + "a " * 400, "gaps"),
        (
            "patterns",
            "(" + "|".join(f"w{n}" for n in range(3000)) + ") paused",
            "w1 " * 3000,
            "choices",
        ),
        ("links", "<subject> .. <code>", "x " * 4000, "a link"),
        ("links", "<subject> [is] ~ a ~ a ~ a <code>", "a " * 4000, "a link of gaps"),
        ("after", "~ a ~ a ~ a ~ a ~ b", "a " * 3000, "a continuation"),
    ],
)
def test_a_codebook_made_to_cost_much_ends_with_its_faults(tmp_path, key, pattern, example, why):
    path = tmp_path / "slow.toml"
    path.write_text(
        CODEBOOK.format(key=key, pattern=pattern, example=example.strip(), many='"a"'), "utf-8"
    )
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_CPU, (60, 60))\n"
        "from hkresearch.codebook.book import read_codebook\nfrom hkresearch.core.article import HkresearchError\n"
        "try:\n    read_codebook(sys.argv[1]); print('read')\nexcept HkresearchError as error:\n    print('faults', str(error)[:300])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, path], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0 and done.stdout.split()[0] in ("faults", "read"), (
        why,
        done.stderr[-500:],
    )
