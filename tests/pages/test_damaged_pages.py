"""Damaged and hostile bytes: cut, turned, miscoded, no file at all. Each gives an article or a reason, and harms no other."""

import hashlib
import os
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hkresearch.codebook.book import read_codebook
from hkresearch.coding.page import code_article, unpack_page
from hkresearch.core.article import HkresearchError
from hkresearch.pages.reader import read_page
from hkresearch.pages.register import read_folder, read_register
from hkresearch.pipeline.build_tables import build_tables
from hkresearch.tables.check import check_tables
from support.paths import ROOT
from support.registers import register

PAGES = sorted(path for path in (ROOT / "data/raw").iterdir() if path.suffix in (".txt", ".html"))
BOOK = read_codebook()
CHINESE = "在香港，警方要求平台提供用戶資料。公司表示暫停處理有關要求，直至完成評估。" * 8
MAINLAND = "平台表示暂停处理政府对用户数据的请求。这家公司说将继续评估法律。" * 8
ENGLISH = (
    "The company said it would pause “requests” – and naïve readers of the café’s paper agreed. "
    * 8
)


def read_or_refuse(data, file):
    """The article, or the reason; anything but these two fails the test that asks."""
    try:
        return read_page(data, file), ""
    except HkresearchError as refusal:
        assert str(refusal)
        return None, str(refusal)


def assert_quoted(article, marks):
    assert article.text_sha256 == hashlib.sha256(article.text.encode("utf-8")).hexdigest()
    assert all(
        0 <= m.start <= m.end <= len(article.text) and article.text[m.start : m.end] == m.exact
        for m in marks
    )
    end = 0
    for part in sorted((m for m in marks if m.variable == "part"), key=lambda m: m.start):
        assert part.start == end
        end = part.end
    assert end == len(article.text)


# ---------------------------------------------------------------------------------------------- cut, and bits turned


@pytest.mark.fuzz
@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_prefix_of_a_page_is_read_as_far_as_it_goes_or_refused(path):
    data = path.read_bytes()
    whole = read_page(data, path.name).text
    ends = {
        *range(0, len(data), 7),
        *range(len(data) - 100, len(data)),
    }  # 7: anywhere in a tag or sign
    for n in sorted(ends):
        article, reason = read_or_refuse(data[:n], path.name)
        if article and path.suffix == ".txt":
            assert whole.startswith(article.text), "a cut page was read as other words"
        elif article and b"<body" in data[:n]:
            assert b"</body" in data[:n] or not list_open(data[:n]), (
                "an HTML page without its end was not noticed"
            )


def list_open(markup):
    """The elements whose end is missing: a page whose every element is closed may leave out the last two end tags."""
    names = (
        b"div",
        b"article",
        b"main",
        b"section",
        b"aside",
        b"footer",
        b"figure",
        b"table",
        b"ul",
    )
    return [name for name in names if markup.count(b"<" + name) > markup.count(b"</" + name)]


@pytest.mark.fuzz
@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_prefixes_are_cleaned_and_coded_and_quote_the_page(path):
    data = path.read_bytes()
    for n in range(97, len(data), len(data) // 6):
        if path.suffix == ".html":  # what a browser would make of it
            article, _ = read_or_refuse(
                data[:n].decode("utf-8", "ignore").rpartition("<")[0].encode() + b"</body></html>",
                path.name,
            )
        else:
            article, _ = read_or_refuse(data[:n].decode("utf-8", "ignore").encode(), path.name)
        if article:
            assert_quoted(article, code_article(article, BOOK))


@pytest.mark.fuzz
@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_turned_bits_never_raise_and_a_page_in_utf_8_is_never_read_as_anything_else(path):
    data, chance = path.read_bytes(), random.Random(path.name)
    for number in range(125):
        changed = bytearray(data)
        for _ in range(chance.choice((1, 1, 2, 8))):
            changed[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        article, reason = read_or_refuse(bytes(changed), path.name)
        if article is None:
            continue
        if path.suffix == ".html" or data.decode("utf-8").count("\u201c") > 4:
            assert "Ã" not in article.text and "â€" not in article.text and "ã€" not in article.text
        if number % 25 == 0:
            assert_quoted(article, code_article(article, BOOK))


# --------------------------------------------------------------------------------------------------------- encodings

ENCODED = [
    # (bytes, file, the text or a part of the reason, why)
    (CHINESE.encode("utf-8-sig"), "p.txt", CHINESE, "UTF-8 with its mark"),
    (CHINESE.encode("utf-16"), "p.txt", CHINESE, "UTF-16 with its mark"),
    (CHINESE.encode("utf-16")[:-1], "p.txt", "is not valid utf-16", "half a unit at the end"),
    (CHINESE.encode("utf-16-le"), "p.txt", "no known character encoding", "UTF-16 without a mark"),
    (CHINESE.encode("utf-32"), "p.txt", None, "UTF-32"),
    (CHINESE.encode("big5"), "p.txt", CHINESE, "Big5"),
    (MAINLAND.encode("gb18030"), "p.txt", MAINLAND, "GB18030"),
    (ENGLISH.encode("windows-1252"), "p.txt", ENGLISH, "Windows-1252"),
    (
        ENGLISH.encode("utf-8").decode("windows-1252", "replace").encode("utf-8"),
        "p.txt",
        None,
        "mojibake",
    ),
    (
        CHINESE.encode("utf-8") + MAINLAND.encode("gb18030"),
        "p.txt",
        None,
        "two encodings in one file",
    ),
    (
        CHINESE.encode("utf-8").replace("資".encode(), b"\xff", 1),
        "p.txt",
        CHINESE.replace("資", "\ufffd", 1),
        "one bad byte",
    ),
    (
        CHINESE.encode("utf-8").replace("資".encode(), b"\xff"),
        "p.txt",
        "damaged character",
        "a bad byte in every line",
    ),
    (
        b"words\xe2\x80",
        "p.txt",
        "is cut off inside a character at byte 5",
        "cut inside the only mark of a page",
    ),
    ("\ud800".encode("utf-8", "surrogatepass") * 9, "p.txt", None, "lone surrogates"),
    (b"\xff\xfe\x00\xd8\x41\x00", "p.txt", "is not valid utf-16", "a lone surrogate in UTF-16"),
    (b"words \x00 words", "p.txt", "NUL", "a NUL"),
    (
        b"one\r\ntwo\rthree\nfour",
        "p.txt",
        "one\r\ntwo\rthree\nfour",
        "mixed line ends, no last one",
    ),
    (b"\xef\xbb\xbf", "p.txt", "has no text", "a mark and nothing else"),
    (b"\xe2\x80\x8b" * 9, "p.txt", None, "invisible characters only"),
]


@pytest.mark.parametrize(
    ("data", "file", "expected", "why"), ENCODED, ids=[case[3] for case in ENCODED]
)
def test_encodings(data, file, expected, why):
    article, reason = read_or_refuse(data, file)
    if expected is not None:
        assert (article.text if article else "") == expected or expected in reason
    if article:
        assert_quoted(article, code_article(article, BOOK))


@pytest.mark.parametrize(
    "codec", ["unicode_escape", "raw_unicode_escape", "utf-7", "utf_8_sig", "idna", "punycode", "undefined", "rot13", "hex",
              "zlib", "mbcs", "oem", "charmap", "palmos", "cp65001", "utf-32", "../../etc/passwd", "a" * 5000]
)  # fmt: skip
def test_a_page_cannot_choose_a_codec_that_is_no_encoding(codec):
    page = f'<html><head><meta charset="{codec}"></head><body><p>A caf\xe9 \\ud800 +2AA- words</p></body></html>'
    article, _ = read_or_refuse(page.encode("windows-1252"), "p.html")
    if article:
        assert " \\ud800 +2AA- words" in article.text
        assert_quoted(article, code_article(article, BOOK))


@given(
    st.lists(
        st.one_of(
            st.binary(max_size=8),
            st.sampled_from(
                [b"<p>", b"</p>", b"\r", b"\xe2\x80\x9c", "香".encode(), "香".encode("big5")]
            ),
        ),
        max_size=40,
    )
)
def test_any_mixture_of_bytes_gives_an_article_or_a_reason(pieces):
    for file in ("p.txt", "p.html"):
        read_or_refuse(b"".join(pieces), file)


# ------------------------------------------------------------------------------------- what is no file, or no longer


def make_link(path):
    path.symlink_to("/etc/passwd")


def make_loop(path):
    path.symlink_to(path.name)


THINGS = [
    (lambda path: path.mkdir(), "not a regular file", "a folder"),
    (lambda path: os.mkfifo(path), "not a regular file", "a pipe, which would wait for ever"),
    (lambda path: path.symlink_to("/dev/zero"), "link to a place outside", "a device"),
    (lambda path: make_link(path), "link to a place outside", "a link out of the folder"),
    (lambda path: make_loop(path), "cannot be read", "a link to itself"),
    (lambda path: path.symlink_to("nowhere"), "missing", "a link to nothing"),
    (lambda path: None, "missing", "nothing"),
]


@pytest.mark.parametrize(("make", "reason", "what"), THINGS, ids=[case[2] for case in THINGS])
def test_what_is_no_file_is_named_and_the_others_are_read(tmp_path, make, reason, what):
    (tmp_path / "good.txt").write_text(ENGLISH, "utf-8")
    raw = register(tmp_path, ["good.txt", "bad.txt"], bad="0" * 64)
    make(raw / "bad.txt")
    articles, refused = read_folder(raw)
    assert [article.id for article in articles] == ["good"]
    assert [file for file, _ in refused] == ["bad.txt"] and reason in refused[0][1]


def test_a_page_that_may_not_be_read_is_named(tmp_path, monkeypatch):
    (tmp_path / "good.txt").write_text(ENGLISH, "utf-8")
    (tmp_path / "bad.txt").write_text(ENGLISH + "x", "utf-8")
    raw = register(tmp_path, ["good.txt", "bad.txt"])
    really_open = Path.open

    def refuse(path, *arguments, **options):  # root may read all, whatever the permissions
        if path.name == "bad.txt":
            raise PermissionError(13, "Permission denied", str(path))
        return really_open(path, *arguments, **options)

    monkeypatch.setattr(Path, "open", refuse)
    articles, refused = read_folder(raw)
    assert [article.id for article in articles] == ["good"]
    assert refused == [("bad.txt", "cannot be read: Permission denied")]


def test_a_page_that_changes_between_the_check_and_the_coding_is_refused(tmp_path):
    from hkresearch.coding.page import code_row

    (tmp_path / "page.txt").write_text(ENGLISH, "utf-8")
    row = read_register(register(tmp_path, ["page.txt"]))[0]
    (tmp_path / "page.txt").write_text(ENGLISH + "changed", "utf-8")
    assert (
        unpack_page(code_row(tmp_path, row, BOOK))
        == "changed while the pages were read; build again"
    )


def test_a_page_that_grows_while_it_is_read_is_refused(tmp_path, monkeypatch):
    (tmp_path / "page.txt").write_text(ENGLISH, "utf-8")
    raw = register(tmp_path, ["page.txt"])
    monkeypatch.setattr("hkresearch.pages.reader.LARGEST_PAGE", len(ENGLISH) // 2)
    monkeypatch.setattr("hkresearch.pages.reader.stat.S_ISREG", lambda mode: True)
    real = Path.stat
    monkeypatch.setattr(
        Path, "stat", lambda path, **o: os.stat_result((*real(path, **o)[:6], 1, 0, 0, 0))
    )
    assert "grew past" in read_folder(raw)[1][0][1]


def test_a_page_in_which_no_line_is_an_articles_is_listed_and_kept(tmp_path):
    (tmp_path / "good.txt").write_bytes((ROOT / "data/raw/harbour-pause.txt").read_bytes())
    (tmp_path / "numbers.txt").write_text("1\n2\n3\n", "utf-8")
    articles, _ = read_folder(register(tmp_path, ["good.txt", "numbers.txt"]))
    tables = build_tables(articles, BOOK, [("other.txt", "is empty")])
    assert check_tables(tables, articles) == []
    refused = dict(tables.refused.itertuples(index=False, name=None))
    assert (
        set(refused) == {"numbers.txt", "other.txt"} and "no line of it" in refused["numbers.txt"]
    )
    assert set(tables.articles["article_id"]) == {"good", "numbers"}
