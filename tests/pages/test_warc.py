"""Pages in a WARC or WACZ file: taken out by `hkresearch add`, with their address and date, and read as any other."""

import csv
import gzip
import hashlib
import subprocess
import sys
import zipfile

import pytest

from hkresearch.core.article import HkresearchError
from hkresearch.pages.register import read_articles

pytest.importorskip("fastwarc", reason="the extra cluster is not installed")
PAGE = "<!doctype html><html><head><title>{0}</title></head><body><h1>{0}</h1><p>What {0} says — in full.</p></body></html>"
ONE, TWO, THREE = (PAGE.format(name).encode() for name in ("One", "Two", "Three"))
CHUNKED = b"%x\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n" % (10, THREE[:10], len(THREE) - 10, THREE[10:])


def write_record(
    url, body, kind="text/html; charset=utf-8", status="200 OK", headers="", warc_type="response"
):
    http = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{headers}\r\n".encode() + body
    head = (
        f"WARC/1.1\r\nWARC-Type: {warc_type}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2020-07-07T10:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:1>\r\nContent-Type: application/http; msgtype={warc_type}\r\n"
        f"Content-Length: {len(http)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + http + b"\r\n\r\n")


RECORDS = (
    write_record("https://news.example/2020/a-story?from=home", ONE)
    + write_record(
        "https://news.example/b", gzip.compress(TWO), headers="Content-Encoding: gzip\r\n"
    )
    + write_record("https://news.example/b/again", TWO)  # the same bytes
    + write_record("https://news.example/c", CHUNKED, headers="Transfer-Encoding: chunked\r\n")
    + write_record(
        "https://news.example/gone", PAGE.format("Gone").encode(), status="404 Not Found"
    )
    + write_record("https://news.example/picture", b"GIF89a", kind="image/gif")
    + write_record("https://news.example/asked", ONE, warc_type="request")
)


def write_warc(path):
    path.write_bytes(RECORDS)


def write_plain(path):
    path.write_bytes(gzip.decompress(RECORDS))


def write_wacz(path):
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("datapackage.json", "{}")
        packed.writestr("archive/data.warc.gz", RECORDS)


def add(folder, *files):
    command = [sys.executable, "-m", "hkresearch", "add", "--raw", "raw", *files]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("name", "write"),
    [("crawl.warc.gz", write_warc), ("crawl.warc", write_plain), ("crawl.wacz", write_wacz)],
)
def test_the_pages_of_an_archive_are_registered_with_address_and_date(tmp_path, name, write):
    write(tmp_path / name)
    done = add(tmp_path, name)
    assert done.returncode == 0, done.stderr
    assert f"{name}: 3 page(s), 3 other response(s) passed over" in done.stdout
    with (tmp_path / "raw/articles.csv").open(encoding="utf-8", newline="") as stream:
        rows = {row["url"]: row for row in csv.DictReader(stream)}
    expected = {
        "https://news.example/2020/a-story?from=home": ONE,
        "https://news.example/b": TWO,
        "https://news.example/c": THREE,
    }
    assert set(rows) == set(expected)
    for url, payload in expected.items():
        assert rows[url]["sha256"] == hashlib.sha256(payload).hexdigest()
        assert (tmp_path / "raw" / rows[url]["file"]).read_bytes() == payload
        assert rows[url]["date_accessed"] == "2020-07-07"
        assert name in rows[url]["note"]
    assert rows["https://news.example/2020/a-story?from=home"]["file"].startswith(
        "news.example-2020-a-story-"
    )
    assert {article.url for article in read_articles(tmp_path / "raw")} == set(expected)


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("cut.warc.gz", RECORDS[: len(RECORDS) // 2], "cannot be read as a web archive"),
        ("none.wacz", b"no zip", "cannot be read as a web archive"),
        ("gone.warc", None, "there is no such file"),
    ],
)
def test_an_archive_that_cannot_be_read_is_refused_with_its_reason(tmp_path, name, data, reason):
    if data is not None:
        (tmp_path / name).write_bytes(data)
    (tmp_path / "page.html").write_bytes(ONE)
    done = add(tmp_path, name, "page.html")
    assert done.returncode == 1
    assert reason in done.stderr and name in done.stderr
    assert "page.html: added" in done.stdout


def test_without_the_extra_it_says_what_to_type(tmp_path, monkeypatch):
    from hkresearch.pages.warc import extract_pages

    write_warc(tmp_path / "crawl.warc.gz")
    monkeypatch.setitem(sys.modules, "fastwarc.warc", None)
    with pytest.raises(HkresearchError, match=r"pip install 'hkresearch\[cluster\]'"):
        extract_pages(tmp_path / "crawl.warc.gz", tmp_path)
