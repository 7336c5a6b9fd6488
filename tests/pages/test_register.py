"""Reading: bytes -> text layer, and the register's promises."""

import csv
import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import hkresearch as hk
from hkresearch.core.article import HkresearchError, annotate
from hkresearch.manual_coding.csv_ledger import read_ledger
from hkresearch.pages.decode import decode_page  # fmt: skip
from hkresearch.pages.new_pages import clean_name, read_known_sources
from hkresearch.pages.reader import LARGEST_PAGE, REGISTER_COLUMNS, read_page
from hkresearch.pages.register import (
    read_articles,
    read_folder,
    read_register,
    register_files,
    write_register,
)
from hkresearch.reconcile import decisions
from hkresearch.tables import coding_files as codings

SENTENCE = "A short page about nothing in particular, with “curly” marks and 中文字。 "


def make_raw(folder, **pages):
    """Register `pages` (stem -> bytes) as .txt files in `folder`."""
    incoming = folder / "incoming"
    incoming.mkdir()
    for stem, data in pages.items():
        (incoming / f"{stem}.txt").write_bytes(data)
    added, refused = register_files(folder / "raw", sorted(incoming.iterdir()))
    assert not refused
    return folder / "raw"


@pytest.mark.parametrize(
    ("data", "expected", "reason"),
    [
        (b"plain words here", "plain words here", "ASCII"),
        ("naïve 中文".encode(), "naïve 中文", "UTF-8"),
        (b"\xef\xbb\xbfwords", "words", "a byte-order mark is not text"),
        ("words 中文".encode("utf-16"), "words 中文", "UTF-16 with its mark"),
        (b"one\r\ntwo\rthree", "one\r\ntwo\rthree", "line ends are left as they are: offsets count them"),
        (("在香港，警方要求平台提供用戶資料。公司表示暫停處理有關要求。" * 8).encode("big5"),
         "在香港，警方要求平台提供用戶資料。公司表示暫停處理有關要求。" * 8, "Big5"),
        (("平台表示暂停处理政府对用户数据的请求。这家公司说将继续评估法律。" * 8).encode("gb18030"),
         "平台表示暂停处理政府对用户数据的请求。这家公司说将继续评估法律。" * 8, "GB18030"),
        (("The café said “no” – and that was that. " * 12).encode("windows-1252"),
         "The café said “no” – and that was that. " * 12, "Windows-1252"),
    ],
)  # fmt: skip
def test_decoding(data, expected, reason):
    assert decode_page(data)[0] == expected, reason


NAMES = [
    # (a browser's name for the page, the name under which it is registered, why)
    ("Apple & Google's  statement (final) v2.html", "Apple-Google-s-statement-final-v2.html", "spaces and marks that a shell obeys"),
    ("a?b=c|d*e<f>.txt", "a-b-c-d-e-f.txt", "marks that an address or another system obeys"),
    ("香港 記事（一）.txt", "香港-記事（一）.txt", "letters and brackets of another script"),
    ("cafe\u0301 हिन्दी.txt", "cafe\u0301-हिन्दी.txt", "accents and vowel signs"),
    ("v1.2_final-3.HTML", "v1.2_final-3.html", "dots, underscores and hyphens"),
    ("-weird-.txt", "weird.txt", "no hyphen at an end, which a command would take for an option"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "name", "why"), NAMES, ids=[row[-1] for row in NAMES])
def test_names_hold_nothing_that_a_shell_or_an_address_obeys(given, name, why):
    assert clean_name(Path(given)) == name, why


READERS = [
    (lambda path: read_register(path.parent), REGISTER_COLUMNS),
    (decisions.read_decisions, decisions.DECISION_COLUMNS),
    (codings.read_rows, codings.CODING_COLUMNS),
    (lambda path: read_ledger(path, codings.CODING_COLUMNS), codings.CODING_COLUMNS),
    (lambda path: hk.merge_codings(path, path), codings.CODING_COLUMNS),
]


@pytest.mark.parametrize("sign, named", [(";", "semicolons"), ("\t", "tabs")])
@pytest.mark.parametrize(
    "read, columns", READERS, ids=["register", "decisions", "codings", "ledger", "merging"]
)
def test_a_table_with_other_separators_is_told_how_to_save_it(sign, named, read, columns, tmp_path):
    path = tmp_path / "articles.csv"
    path.write_text(sign.join(columns) + "\n")
    with pytest.raises(
        HkresearchError, match=f"line 1: .* separated by {named}: save it with commas"
    ):
        read(path)


DOUBTS = [
    # (bytes, text, what the note says, why)
    ("It paused – café owners".encode().replace("é".encode(), b"\xe9"), "It paused – caf\ufffd owners", "1 character(s) cannot be read",
     "one bad byte beside one good sign: not a page of Windows-1252"),
    (b"It paused requests, caf\xe9 owners said.", "It paused requests, café owners said.", "Read as cp1252: a guess", "nothing speaks for UTF-8"),
    (b'<html><head><meta charset="utf-8"></head><body><p>A caf\xe9 said so.</p></body></html>', "A caf\ufffd said so.",
     "1 character(s) cannot be read", "the page says it is UTF-8"),
    (b'<html><head><meta charset="windows-1252"></head><body><p>A caf\xe9 said so.</p></body></html>', "A café said so.", "", "the page says what it is"),
    ("A sign that was lost earlier: \ufffd, in a café".encode(), "A sign that was lost earlier: \ufffd, in a café", "", "what was saved so is not counted"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "text", "note", "why"), DOUBTS, ids=[row[-1] for row in DOUBTS])
def test_a_doubtful_reading_is_said_in_the_note(data, text, note, why):
    article = read_page(
        data, "page.html" if data.startswith(b"<") else "page.txt", {"note": "Mine."}
    )
    assert text in article.text and article.text.encode("utf-8").decode("utf-8") == article.text, (
        why
    )
    assert (
        article.note.startswith("Mine.")
        and note in article.note
        and (article.note == "Mine.") == (not note)
    ), article.note


def make_head(*tags):
    return f"<html><head>{''.join(tags)}</head><body><h1>Title</h1><p>Words of the page, and more.</p></body></html>"


HERE, THERE = "https://example.org/a?b=1&amp;c=2", "https://example.net/x"
ADDRESSES = [
    # (page, its url in the register, why)
    (make_head(f'<link rel="canonical" href="{HERE}">'), "https://example.org/a?b=1&c=2", "a canonical link, its entities resolved"),
    (make_head(f'<meta property="og:url" content="{THERE}">'), THERE, "what it tells social networks"),
    (make_head(f'<meta property="og:url" content="{THERE}">', f"<LINK REL='canonical' HREF='{HERE}'/>"), "https://example.org/a?b=1&c=2", "the canonical link first"),
    (make_head('<link rel="canonical" href="/a">'), "", "no whole address"),
    (make_head('<link rel="canonical" href="javascript:alert(1)">'), "", "no address of the web"),
    (make_head('<link rel="canonical" href="https://example.org/a b">'), "", "a space in it"),
    (make_head('<link rel="stylesheet" href="https://example.org/s.css">'), "", "another link"),
    (make_head(), "", "nothing stated"),
]  # fmt: skip


@pytest.mark.parametrize(("page", "url", "why"), ADDRESSES, ids=[row[-1] for row in ADDRESSES])
def test_the_address_that_a_page_gives_is_registered(page, url, why, tmp_path):
    (tmp_path / "page.html").write_text(page)
    (line,), refused = register_files(tmp_path / "raw", [tmp_path / "page.html"])
    (row,) = read_register(tmp_path / "raw")
    assert (row["url"], refused) == (url, []) and (url in line), why
    (line,), _ = register_files(
        tmp_path / "other",
        [tmp_path / "page.html"],
        {tmp_path / "page.html": {"url": "https://mine.example"}},
    )
    assert (
        read_register(tmp_path / "other")[0]["url"] == "https://mine.example"
        and line == "page.html: added"
    ), "what is known already wins"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is empty"),
        (b" \n\t ", "is empty"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"PK\x03\x04....", "ZIP"),
        (b"\x89PNG\r\n", "PNG"),
        (b"words \x00\x01 words", "NUL"),
        (SENTENCE.encode() * 4 + "中".encode()[:2], "cut off inside a character"),
    ],
)
def test_refusal_says_why(data, message):
    with pytest.raises(HkresearchError, match=message):
        read_page(data, "page.txt")


@pytest.mark.parametrize(
    ("markup", "message"),
    [
        ("<html><body><p>Some words.</p><div cla", "inside a tag"),
        ("<html><body><p>Some words, and then noth", "body has no end"),
        ("<html><body><script>1</script></body></html>", "no text"),
    ],
)
def test_broken_html_is_refused_with_its_reason(markup, message):
    with pytest.raises(HkresearchError, match=message):
        read_page(markup.encode(), "page.html")


@given(st.binary(max_size=300))
def test_any_bytes_give_an_article_or_a_reason(data):
    try:
        article = read_page(data, "page.txt")
    except HkresearchError as error:
        assert str(error)
    else:
        assert article.sha256 == hashlib.sha256(data).hexdigest()
        assert article.text_sha256 == hashlib.sha256(article.text.encode()).hexdigest()


@given(st.text(min_size=1, max_size=200).filter(str.strip), st.data())
def test_annotations_quote_the_text_layer(text, data):
    try:
        article = read_page(text.encode("utf-8", "ignore"), "page.txt")
    except HkresearchError:
        return
    start = data.draw(st.integers(0, len(article.text)))
    end = data.draw(st.integers(start, len(article.text)))
    mark = annotate(article, start, end, "subject", "variable", "code", "test/1")
    assert mark.exact == article.text[start:end]
    assert mark == annotate(article, start, end, "subject", "variable", "code", "test/1")


def test_adding_registers_hashes_and_copies(tmp_path):
    raw = make_raw(tmp_path, one=SENTENCE.encode(), two=SENTENCE.encode() * 2)
    rows = read_register(raw)
    assert [row["article_id"] for row in rows] == ["one", "two"]
    assert rows[0]["sha256"] == hashlib.sha256((raw / "one.txt").read_bytes()).hexdigest()
    assert [article.id for article in read_articles(raw)] == ["one", "two"]


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("copy.txt", SENTENCE.encode(), "same bytes are registered already, as one.txt"),
        ("ONE.txt", b"other words", "another page is registered under this name"),
        ("paper.pdf", b"%PDF-1.4", "PDF"),
        ("empty.txt", b"", "is empty"),
    ],
)
def test_adding_refuses_and_keeps_the_rest(tmp_path, name, data, message):
    raw = make_raw(tmp_path, one=SENTENCE.encode())
    (tmp_path / "later").mkdir()
    (tmp_path / "later" / name).write_bytes(data)
    (tmp_path / "later" / "good.txt").write_bytes(b"good words")
    added, refused = register_files(raw, sorted((tmp_path / "later").iterdir()))
    assert added == ["good.txt: added"]
    assert len(refused) == 1 and message in refused[0][1]
    assert [row["file"] for row in read_register(raw)] == ["one.txt", "good.txt"]


def test_a_missing_file_to_add_is_named(tmp_path):
    added, refused = register_files(tmp_path / "raw", [tmp_path / "nowhere.txt"])
    assert added == [] and "no such file" in refused[0][1]


def test_names_that_browsers_give_are_cleaned(tmp_path):
    page = tmp_path / "Big news: a title \u2013 Outlet.HTML"
    page.write_bytes(b"<html><body><p>Some words.</p></body></html>")
    added, refused = register_files(tmp_path / "raw", [page])
    assert (added, refused) == (["Big-news-a-title-\u2013-Outlet.html: added"], [])
    assert read_articles(tmp_path / "raw")[0].text.strip() == "Some words."


def test_changed_bytes_are_refused_with_both_hashes_and_what_to_type(tmp_path):
    raw = make_raw(tmp_path, one=SENTENCE.encode(), two=SENTENCE.encode() * 2)
    old = read_register(raw)[0]["sha256"]
    (raw / "one.txt").write_bytes(b"altered")
    with pytest.raises(HkresearchError) as caught:
        read_folder(raw)
    message = str(caught.value)
    assert "one.txt" in message and "two.txt" not in message
    assert old in message and hashlib.sha256(b"altered").hexdigest() in message
    assert "hkresearch add" in message


def test_one_unreadable_page_never_stops_the_others(tmp_path):
    raw = make_raw(
        tmp_path, one=SENTENCE.encode(), two=SENTENCE.encode() * 2, three=SENTENCE.encode() * 3
    )
    (raw / "three.txt").unlink()
    (raw / "two.txt").write_bytes(b"")
    rows = read_register(raw)
    rows[-1 if rows[-1]["article_id"] == "two" else 2]["sha256"] = hashlib.sha256(b"").hexdigest()
    write_register(raw, rows)
    articles, refused = read_folder(raw)
    assert [article.id for article in articles] == ["one"]
    assert dict(refused) == {
        "two.txt": "is empty",
        "three.txt": "is registered but missing; put it back or remove its row",
    }


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        ("../secret.txt", "a parent folder"),
        ("/etc/passwd", "an absolute path"),
        ("C:\\secret.txt", "a drive letter"),
        ("folder/page.txt", "a folder"),
        ("..", "the parent folder itself"),
    ],
)
def test_register_paths_never_leave_the_raw_folder(tmp_path, file, reason):
    write_register(
        tmp_path,
        [
            dict.fromkeys(REGISTER_COLUMNS, "")
            | {"article_id": "a", "file": file, "sha256": "0" * 64}
        ],
    )
    with pytest.raises(HkresearchError, match="plain file name"):
        read_register(tmp_path)


def test_a_link_out_of_the_raw_folder_is_refused(tmp_path):
    raw = make_raw(tmp_path, one=SENTENCE.encode())
    (tmp_path / "outside.txt").write_bytes(SENTENCE.encode())
    (raw / "one.txt").unlink()
    os.symlink(tmp_path / "outside.txt", raw / "one.txt")
    articles, refused = read_folder(raw)
    assert articles == [] and "outside the raw folder" in refused[0][1]


def test_a_page_over_the_stated_size_is_refused(tmp_path):
    raw = make_raw(tmp_path, one=SENTENCE.encode())
    with (raw / "one.txt").open("wb") as stream:
        stream.truncate(LARGEST_PAGE + 1)
    assert "20,971,521 bytes" in read_folder(raw)[1][0][1]


def test_every_fault_of_a_register_is_named_with_its_line(tmp_path):
    rows = [
        dict.fromkeys(REGISTER_COLUMNS, "")
        | {"article_id": "a", "file": "a.txt", "sha256": "0" * 64},
        dict.fromkeys(REGISTER_COLUMNS, "")
        | {"article_id": "a", "file": "b.txt", "sha256": "xyz", "date_published": "July 2020"},
    ]
    write_register(tmp_path, rows)
    with pytest.raises(HkresearchError) as caught:
        read_register(tmp_path)
    message = str(caught.value)
    assert message.count("line 3") == 3
    assert (
        "stands on line 2 already" in message
        and "64 hexadecimal digits" in message
        and "ISO 8601" in message
    )


def test_a_folder_without_a_register_says_what_to_type(tmp_path):
    with pytest.raises(HkresearchError, match="hkresearch add --raw"):
        read_register(tmp_path)
    with pytest.raises(HkresearchError, match="there is no such folder"):
        read_register(tmp_path / "nowhere")


def test_known_pages_are_recognised_by_their_hash(tmp_path, monkeypatch):
    known = read_known_sources()
    assert len(known) == 5 and all(len(row["sha256"]) == 64 and row["headline"] for row in known)
    page = SENTENCE.encode()
    row = dict(known[0]) | {"sha256": hashlib.sha256(page).hexdigest()}
    monkeypatch.setattr("hkresearch.pages.register.read_known_sources", lambda: [row])
    raw = make_raw(tmp_path, mine=page)
    with (raw / "articles.csv").open(encoding="utf-8", newline="") as stream:
        filled = next(csv.DictReader(stream))
    assert filled["publisher"] == row["publisher"] and filled["is_based_on"] == row["is_based_on"]
    assert filled["article_id"] == "mine" and filled["file"] == "mine.txt"
