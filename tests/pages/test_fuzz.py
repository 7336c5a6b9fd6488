"""Made-up input for every reader: a fixed number of examples here, FUZZ_MINUTES of them when run as a program (`make fuzz`).

Whatever comes in, each gives its result or an HkresearchError; spans quote the text, parts tile the page. What was found
so far stands in FOUND, and is tried first.
"""

import csv
import io
import os
import sys
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from hkresearch.codebook.book import read_codebook
from hkresearch.coding.page import code_article
from hkresearch.core.article import HkresearchError, annotate
from hkresearch.evidence.verify import check_report
from hkresearch.exchange import read_annotations_csv, read_brat, read_web_annotations
from hkresearch.pages.reader import REGISTER_COLUMNS, read_page
from hkresearch.pages.register import read_register
from hkresearch.structure import structure_article
from support.paths import RAW

BOOK = read_codebook()
WORDS = st.sampled_from(
    "Facebook said that it would pause requests from Hong Kong until “ ” \" ' ( ) , ; : . … ! ? - – 「 」 『 』 。 ， 臉書 表示 暫停 "
    "香港 according to told The Gazette a spokesperson for Telegram has never shared 241 46% HK$100,000 six months 6 July 2020 on "
    "Monday since 2019 which and its owner Mr Chan wrote by The company both ’s not if | / \\ < > & \u202e \x0b \u2028 \u00a0 \U0001f600 İ é".split(
        " "
    )
)
LINES = st.lists(st.lists(WORDS, max_size=25).map(" ".join), max_size=12).map("\n".join)
TAGS = st.sampled_from(
    "<p> </p> <div class='article-body'> </div> <h1> </h1> <a href='x'> </a> <br> <li> <ul> </ul> <!-- --> <script> </script> <title> </title> "
    "<meta|name='author'|content='Ann|Lee'> <script|type='application/ld+json'>{\"@type\":\"NewsArticle\",\"headline\":[1,{}]} </body> <body> <head> "
    "<time|datetime='2020-07-06'> < > \" ' = &amp; &#0; &#xd800; <p|class=\"a|b <svg> </svg> <![CDATA[ ]]>".replace(
        "|", "\u00a0"
    ).split(" ")
).map(lambda tag: tag.replace("\u00a0", " "))
MARKUP = st.lists(st.one_of(TAGS, WORDS), max_size=80).map(" ".join).map("<html>".__add__)
CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["a", "page.txt", "../x", "0" * 64, "2020-07-06", "2020", "=1", '"', "\n"]),
)
# What earlier runs found: (harness, input, what it did).
FOUND = [
    ("bytes", b"\xa1\xe3\xa8\xe7\x81\xba HK", "a digit in a circle was read as a number"),
    (
        "plain",
        "Twitter has paused all data requests from Hong Kong, according to ; touch hostile.\nZoom told | it 241",
        "a speaker of no words",
    ),
    (
        "bytes",
        b"<html><meta charset=unicode_escape><p>\\ud800\xff",
        "a page that chose a codec which makes lone surrogates",
    ),
    ("bytes", b"<html><meta charset=undefined><p>\xff", "a codec that raises another error"),
    ("codebook", ["entities = 3"], "a number where a table belongs"),
    ("codebook", ["[entities.a]", "names = 3"], "a number where names belong"),
    ("codebook", ["languages = 3", 'context_characters = "x"', "id = 3"], "values of other kinds"),
    (
        "markup",
        '<html><script type="application/ld+json">{"@type":"Article","author":'
        + "[" * 900
        + "]" * 900
        + "}</script><p>Words</p>",
        "names in lists in lists",
    ),
    ("codebook", ["a = " + "[" * 5000 + "]" * 5000], "brackets in brackets"),
    ("codebook", ["a = " + "9" * 5000], "a number of thousands of digits"),
    (
        "verify",
        b'<script type="application/ld+json" id="evidence">' * 60_000,
        "evidence that never ends, in squared time",
    ),
    (
        "import",
        [
            '{"target":{"source":"page","selector":[{"type":"TextPositionSelector","start":1e999,"end":8}]},"body":"x"}'
        ],
        "an offset without end",
    ),
    (
        "import",
        [
            'T1\tx 0 8\tFacebook\n#1\tAnnotatorNotes T1\t{"id":"a","start":"a","end":8,"subject":"p","variable":3,"code":"c","coder":"y"}'
        ],
        "a note of other kinds",
    ),
    ("bytes", b"plain words\xe2\x80", "a cut character, read as two others"),
]


def check_marks(article, marks):
    for mark in marks:
        assert (
            0 <= mark.start <= mark.end <= len(article.text)
            and article.text[mark.start : mark.end] == mark.exact
        )
    parts = [mark for mark in marks if mark.variable == "part"]
    assert [p.start for p in parts] == [0, *(p.end for p in parts[:-1])] and parts[-1].end == len(
        article.text
    )


def code(data, file):
    """Read, clean and structure, the second time as if all were body: the harness for most of the map side."""
    try:
        article = read_page(data, file)
    except HkresearchError as refusal:
        assert str(refusal)
        return
    marks = code_article(article, BOOK)
    check_marks(article, marks)
    body = [annotate(article, 0, len(article.text), article.id, "part", "body", "test/1")]
    for mark in structure_article(article, body, BOOK):
        assert article.text[mark.start : mark.end] == mark.exact


def fuzz_plain(text):
    code(text.encode("utf-8", "replace"), "page.txt")


def fuzz_markup(text):
    code(text.encode("utf-8", "replace"), "page.html")


def fuzz_bytes(data):
    code(data, "page.txt")


def fuzz_register(rows):
    stream = io.StringIO()
    csv.writer(stream).writerows([REGISTER_COLUMNS, *rows])
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "articles.csv").write_bytes(stream.getvalue().encode("utf-8", "replace"))
        try:
            for row in read_register(folder):
                assert (Path(folder) / row["file"]).resolve().parent == Path(folder).resolve()
        except HkresearchError as refusal:
            assert "articles.csv" in str(refusal)


def fuzz_codebook(lines):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.toml"
        path.write_text("\n".join(lines), "utf-8", "replace")
        try:
            read_codebook(path)
        except HkresearchError as refusal:
            assert "book.toml" in str(refusal)


def fuzz_import(pieces):
    article = read_page(b"Facebook said it would pause requests.", "page.txt")
    for read in (read_brat, read_web_annotations, read_annotations_csv):
        try:
            for mark in read("".join(pieces), article):
                assert article.text[mark.start : mark.end] == mark.exact
        except HkresearchError as refusal:
            assert "fault(s)" in str(refusal)


def fuzz_verify(data):
    assert all(isinstance(fault, str) for fault in check_report(data, RAW))


KEYS = st.sampled_from(
    ["[entities.a]", "[variables.position]", "[variables.position.codes.pause]", "[words.en]", "[gate]", "[events.x]", "[rates]", "[statements]",
     'kind = "company"', 'label = "A"', 'label = 3', 'names.en = ["A"]', "names = 3", 'question = "?"', 'level = "nominal"', "level = []", 'id = "x"',
     'patterns.en = ["a [b] .. c"]', 'patterns.en = ["((("]', "patterns.en = [1]", 'patterns = "x"', 'examples.en = ["a b c"]', 'links.en = ["<subject> x <code>"]',
     'links.en = ["<x>"]', 'after.en = ["~ a"]', 'date = "2020-07-01"', "date = 2020-07-01", 'fact = ["a"]', "fact = []", 'many = ["{many}"]', 'owner = "b"',
     "languages = 3", 'languages = ["en"]', 'context_characters = "x"', "entities = 3", "variables = []", 'single = "x"', 'contradicts = ["y"]', "instead = {}"]
)  # fmt: skip
FOREIGN = st.lists(st.one_of(st.text(max_size=6), st.sampled_from(
    ["T1\t", "position ", "0 8", "0 8;9 10", "\tFacebook", "\n", "A1\tCode T1 ", "R1\tDescribes Arg1:T1 Arg2:T1", "#1\tAnnotatorNotes T1\t", "T2\t",
     '{"id":"a","start":0,"end":8,"subject":"page","variable":"x","code":"c","coder":"y"}', '{"id":[],"start":"a","end":1e999,', '"subject":0,"variable":{},"code":[],"coder":null}',
     "article_id,start,end,exact,subject,variable,code,coder\n", "page,0,8,Facebook,page,x,c,y\n", "page,-1,9999999999999999999999,", '"', '{"target":', '{"source":"page","selector":[',
     '{"type":"TextPositionSelector","start":0,"end":8}', '{"type":"TextQuoteSelector","exact":', "1e999", "NaN", "null", ",", ":", "[", "]", "}", '"body":', '"x"', '"items":[', '{"first":']
)), max_size=20)  # fmt: skip
SCRIPT = b'<script type="application/ld+json" id="evidence">'
REPORT = st.lists(st.one_of(st.binary(max_size=12), st.sampled_from([
    b"%PDF-1.7", b"/Type/EmbeddedFile", b"/FlateDecode", b"stream\n", b"endstream", b"obj", SCRIPT, b"</script>", b'{"items":[', b'{"total":0,"items":[]}',
    b'{"total":1e999,"items":{}}', b"[" * 3000, b"]}", b'<div class="noted" id="note-1"><blockquote>', b"</blockquote>", b"<!--", b"&#xd800;"])), max_size=20).map(b"".join)  # fmt: skip
HARNESSES = {
    "plain": (fuzz_plain, LINES),
    "markup": (fuzz_markup, MARKUP),
    "bytes": (fuzz_bytes, st.one_of(st.binary(max_size=200), st.tuples(MARKUP, st.binary(max_size=4)).map(lambda t: t[0].encode("utf-8", "replace") + t[1]))),
    "register": (fuzz_register, st.lists(st.lists(CELLS, min_size=11, max_size=14), max_size=5)),
    "codebook": (fuzz_codebook, st.lists(KEYS, max_size=14)),
    "verify": (fuzz_verify, REPORT),
    "import": (fuzz_import, FOREIGN),
}  # fmt: skip
EXAMPLES = {
    "plain": 60,
    "markup": 60,
    "bytes": 100,
    "register": 100,
    "codebook": 40,
    "verify": 150,
    "import": 150,
}


@pytest.mark.fuzz
@pytest.mark.parametrize("name", HARNESSES)
def test_made_up_input_gives_a_result_or_a_reason(name):
    harness, inputs = HARNESSES[name]
    quiet = settings(
        max_examples=EXAMPLES[name],
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    quiet(given(inputs)(harness))()


@pytest.mark.parametrize(("name", "case", "why"), FOUND, ids=[case[2] for case in FOUND])
def test_what_was_found_stays_mended(name, case, why):
    HARNESSES[name][0](case)


def count_examples(name, harness, counts):
    def count(case):
        counts[name] += 1
        harness(case)

    return count


def fuzz_for(minutes):
    """Try the harnesses in turn until the time is over; print how many examples each had, and what failed."""
    counts, failed, end = dict.fromkeys(HARNESSES, 0), {}, time.monotonic() + 60 * minutes
    while time.monotonic() < end:
        for name, (harness, inputs) in HARNESSES.items():
            if name in failed or time.monotonic() > end:
                continue
            batch = settings(max_examples=200, deadline=None, database=None, suppress_health_check=list(HealthCheck),
                             phases=[Phase.generate, Phase.shrink])  # fmt: skip
            try:
                batch(given(inputs)(count_examples(name, harness, counts)))()
            except BaseException as error:  # hypothesis groups several: all of them are shown
                if isinstance(error, KeyboardInterrupt):
                    raise
                import traceback

                failed[name] = "".join(traceback.format_exception(error))[-4000:]
                print(f"{name}: FAILED after {counts[name]} examples\n{failed[name]}", flush=True)
    print(
        ", ".join(f"{name} {n:,}" for name, n in counts.items()),
        f"= {sum(counts.values()):,} examples, {len(failed)} failed",
    )
    return not failed


if __name__ == "__main__":
    sys.exit(not fuzz_for(float(os.environ.get("FUZZ_MINUTES", "60"))))
