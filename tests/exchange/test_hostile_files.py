"""What strangers' files hold: imports, codings, codebooks, names, reports to verify, and what then stands on a terminal."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from hkresearch import exchange
from hkresearch.__main__ import main
from hkresearch.codebook.book import read_codebook
from hkresearch.core.article import HkresearchError
from hkresearch.evidence.rendered_text import find_unsupported_quotations
from hkresearch.evidence.verify import check_report
from hkresearch.exchange.folders import import_codings
from hkresearch.pages.reader import read_page
from hkresearch.pages.register import read_folder, read_register, register_files
from hkresearch.pipeline.build_tables import build_tables
from hkresearch.report.feed import FEED
from hkresearch.report.jobs import list_jobs
from hkresearch.tables.coding_files import CODING_COLUMNS
from hkresearch.tables.human_codings import read_codings
from hkresearch.tables.tables import read_tables, replace_frames, write_tables
from support.attacks import ONE_LINE, TEXTS, write_answers, write_pages, write_table
from support.notebooks import write_notebook
from support.paths import ROOT
from support.small_corpus import make_article

ACTING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u061c\u2028-\u202e\u2066-\u2069\ufeff]"
)


# ------------------------------------------------------------------------------------------ one corpus, every command


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """Pages, codings, decisions, tables and a report that carry every vector: the folder they lie in."""
    folder = tmp_path_factory.mktemp("hands")
    write_pages(folder / "raw")
    articles, _ = read_folder(folder / "raw")
    write_answers(folder / "raw", build_tables(articles, read_codebook()).annotations)
    run("build", "--raw", folder / "raw", "--out", folder / "tables")
    return folder


def run(*arguments):
    """Run the command line in this process; return what it says."""
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        try:
            main([*map(str, arguments)])
        except SystemExit:
            pass
    return said.getvalue()


@pytest.fixture(scope="module")
def published(corpus):
    """What publishing one report, and failing with another, says; they lie in `corpus`/reports."""
    quick = write_notebook(corpus / "quick.ipynb", "hk.show_answer(subject, tables=tables)")
    failing = write_notebook(corpus / "failing.ipynb", "raise ValueError(subject)")
    return run("report", quick, failing, "--raw", corpus / "raw", "--out", corpus / "tables", "--reports", corpus / "reports",
               "-p", "subject=" + " ".join(ONE_LINE))  # fmt: skip


def list_commands(folder):
    raw, tables = ("--raw", folder / "raw"), read_tables(folder / "tables")
    said = tables.claims[tables.claims["text"].str.contains("[\x1b\x07\u202e]")]["claim_id"]
    assert len(said) >= 2, "claims whose words would act on a terminal"
    write_tables(
        replace_frames(tables, claims=tables.claims.assign(code="\x1b[2J\u202e")),
        folder / "others",
    )
    (folder / "bad").mkdir()
    register = (folder / "raw/articles.csv").read_text("utf-8")
    (folder / "bad/articles.csv").write_text(re.sub(r"[0-9a-f]{64}", "0" * 64, register), "utf-8")
    rows = read_cells(folder / "raw/codings/coder.csv")
    hers = [[*row[:6], row[6] + "x", "hers \x1b[2J\u202e", *row[8:]] for row in rows[1:]]
    write_table(folder / "other/hers.csv", rows[0], hers)
    return [
        *(("trace", id, *raw, "--out", folder / "tables") for id in said[:3]),
        ("diff", folder / "others", folder / "tables"),
        ("check", *raw, "--out", folder / "others"),
        ("check", "--raw", folder / "bad", "--out", folder / "tables"),
        ("verify", folder / "reports/quick.html", *raw),
        ("verify", folder / "reports/quick.html", "--raw", folder / "bad"),
        ("merge-codings", folder / "raw/codings/coder.csv", folder / "other/hers.csv"),
        ("add", *raw, *sorted((folder / "raw").glob("*.txt"))[:4]),
        ("build", *raw, "--out", folder / "again"),
    ]


def read_cells(path):
    return list(csv.reader(io.StringIO(path.read_text("utf-8"), newline="")))


def test_nothing_acts_on_a_terminal(corpus, published):
    said = {"report": published}
    for command in list_commands(corpus):
        said[command[0]] = said.get(command[0], "") + run(*command)
    for name, text in said.items():
        assert [line for line in text.split("\n") if ACTING.search(line)] == [], name
        assert text and "Traceback" not in text, name
    for name in ("trace", "diff", "merge-codings", "report"):
        assert "\u241b" in said[name] and "[U+202E]" in said[name], (
            f"{name} shows what it found as signs"
        )


def test_a_terminal_without_the_letters_gets_their_numbers(tmp_path):
    (tmp_path / "臉書.txt").write_bytes((ROOT / "data/raw/yangben-weekly.txt").read_bytes())
    done = subprocess.run([sys.executable, "-m", "hkresearch", "add", "--raw", tmp_path / "raw", tmp_path / "臉書.txt"],
                          capture_output=True, env=os.environ | {"PYTHONIOENCODING": "ascii"}, cwd=ROOT)  # fmt: skip
    assert done.returncode == 0 and b"\\u81c9\\u66f8.txt: added" in done.stdout, done.stderr


# -------------------------------------------------------------------------------------------------------- exports


@pytest.mark.fuzz
def test_bibtex_holds_every_vector_as_words(corpus):
    text = exchange.write_bibtex(read_tables(corpus / "tables").articles)
    depth, longest = 0, 0
    for sign in re.sub(r"\\text\w+\{\}|\\[{}]", "", text):
        depth += (sign == "{") - (sign == "}")
        longest = max(longest, depth)
        assert depth >= 0, "a brace of a page closes no field"
    assert depth == 0 and longest == 3
    n_pages = len(read_register(corpus / "raw"))
    assert (
        len(re.findall(r"^@", text, re.M))
        == len(re.findall(r"^@misc\{[A-Za-z0-9:_-]+,$", text, re.M))
        == n_pages
    )
    values = re.sub(r"^  url = .*$", "", text, flags=re.M)
    bare = re.findall(
        r"(?<!\\)\\(?!textbackslash\{\}|textasciicircum\{\}|textasciitilde\{\}|[{}#$%&_])\w+",
        values,
    )
    assert bare == [] and not re.search(
        r"(?<!\\)[#$%&_^~]", re.sub(r"^@misc.*$", "", values, flags=re.M)
    )
    assert not re.search("[\x00-\x09\x0b-\x1f]", text), "a control character, which TeX refuses"


@pytest.mark.fuzz
def test_csl_and_conll_hold_every_vector_as_words(corpus):
    tables, (articles, _) = read_tables(corpus / "tables"), read_folder(corpus / "raw")
    items = json.loads(exchange.write_csl(tables.articles))
    assert [item["title"] for item in items] == [
        h or id
        for id, h in sorted(zip(tables.articles.article_id, tables.articles.headline, strict=True))
    ]
    marks = exchange.folders.list_marks(tables)
    for variable in ("position", "speaker"):
        lines = exchange.write_conll(articles, marks, variable).split("\n")
        rows = [
            line.split("\t") for line in lines if line and not line.startswith("# newdoc id = ")
        ]
        assert {len(row) for row in rows} == {4} and all(
            re.match(r"O$|[BI]-\S+$", row[3]) for row in rows
        )


@pytest.mark.fuzz
def test_what_is_exported_comes_back_as_it_was(corpus):
    tables, (articles, _) = read_tables(corpus / "tables"), read_folder(corpus / "raw")
    marks = exchange.folders.list_marks(tables)
    assert any("\x1b" in a.code for a in marks) and any("\u202e" in a.exact for a in marks)
    assert (
        exchange.read_web_annotations(exchange.write_web_annotations(articles, marks), articles)
        == marks
    )
    assert exchange.read_annotations_csv(exchange.write_annotations_csv(marks), articles) == marks
    for article in articles[:5]:
        own = [a for a in marks if a.article_id == article.id]
        assert exchange.read_brat(exchange.write_brat(article, own)[1], article) == own


# -------------------------------------------------------------------------------------------------------- imports

PAGE = make_article("page", "Facebook said it would pause requests. " * 20, in_language="en")
NOTE = {
    "id": "a",
    "start": 0,
    "end": 8,
    "subject": "page",
    "variable": "position",
    "code": "pause",
    "coder": "x",
}
HEAD = "article_id,start,end,exact,subject,variable,code,coder\n"


def annotate_web(selector='{"type":"TextPositionSelector","start":0,"end":8}', body='"x"', rest=""):
    target = f'{{"source":"page","selector":[{selector}]}}'
    return f'{{"target":{target},"body":{body}{rest}}}'


def note_brat(**changed):
    return "T1\tposition 0 8\tFacebook\n#1\tAnnotatorNotes T1\t" + json.dumps(NOTE | changed)


IMPORTS = [
    # (suffix, content, part of the reason or "" when it may be read, why)
    (".json", annotate_web('{"type":"TextPositionSelector","start":1e999,"end":8}'), "infinity", "an offset without end"),
    (".json", annotate_web('{"type":"TextPositionSelector","start":NaN,"end":8}'), "NaN", "an offset that is no number"),
    (".json", annotate_web('{"type":"TextPositionSelector","start":-5,"end":-1}'), "no span", "offsets from the end"),
    (".json", annotate_web('{"type":"TextPositionSelector","start":%s,"end":8}' % ("9" * 5000)), "not valid JSON", "thousands of digits"),
    (".json", annotate_web(body='"\\ud800"'), "surrogates not allowed", "half a character"),
    (".json", annotate_web(body="[[1]]"), "annotation 1", "a body of another kind"),
    (".json", annotate_web('{"type":"TextQuoteSelector","exact":["a"]}'), "annotation 1", "words that are a list"),
    (".json", annotate_web('"x"'), "annotation 1", "a selector that is none"),
    (".json", annotate_web(rest=',"creator":[[]]'), "", "a creator without a name"),
    (".json", "[" * 100_000, "not valid JSON", "brackets without end"),
    (".json", '{"first":' * 900 + "{}" + "}" * 900, "annotation 1", "pages of pages"),
    (".ann", note_brat(start="a"), "", "a start in letters: a person's own note"),
    (".ann", note_brat(end=10**30), "", "an end that no machine holds"),
    (".ann", note_brat(variable=3), "", "a variable that is a number"),
    (".ann", note_brat(id=[]), "", "an id that is a list"),
    (".ann", note_brat(code="\ud800"), "surrogates not allowed", "half a character"),
    (".ann", "T1\tposition 0 " + "9" * 5000 + "\tx", "line 1", "thousands of digits"),
    (".ann", "#1\tAnnotatorNotes T1\t" + '{"a":' * 100_000, "line 1", "brackets without end"),
    (".ann", "T1\tp 0 8\tFacebook\nR1\tDescribes Arg1:T1 Arg2:T2\nT2\tp 0 8\tFacebook\nR2\tDescribes Arg1:T2 Arg2:T1", "", "two that describe each other"),
    (".csv", HEAD + "page," + "9" * 5000 + ",3,x,page,position,pause,x\n", "line 2", "thousands of digits"),
    (".csv", HEAD + "page\n", "line 2", "too few cells"),
    (".csv", HEAD + "page,0,8," + "x" * 200_000 + ",page,position,pause,x\n", "not valid CSV", "a cell without end"),
    (".csv", "\x00", "missing", "a NUL"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("suffix", "content", "reason", "why"), IMPORTS, ids=[case[3] for case in IMPORTS]
)
def test_an_import_gives_codings_or_a_reason(tmp_path, suffix, content, reason, why):
    path = tmp_path / f"page{suffix}"
    path.write_text(content, "utf-8")
    if reason:
        with pytest.raises(HkresearchError, match=reason):
            import_codings(tmp_path, [path], [PAGE], "anna")
        assert not (tmp_path / "codings").exists(), "nothing of it was written"
    else:
        said = []
        written, n = import_codings(tmp_path, [path], [PAGE], "anna", say=said.append)
        assert n >= 1 and written.is_file() or "without a code left out" in said[0]


def test_a_long_chain_of_brat_relations_is_read():
    """In squared time at most: cubed, this would not end today."""
    chain = "".join(
        f"T{i}\tp 0 8\tFacebook\nR{i}\tDescribes Arg1:T{i} Arg2:T{i + 1}\n" for i in range(3000)
    )
    assert len({a.id for a in exchange.read_brat(chain, PAGE)}) == 3000


@pytest.mark.parametrize("coder", ["../x", "a/b", "..", ".x", "", "a\\b", "C:x", "a\x00b"])
def test_a_coders_name_is_no_path(tmp_path, coder):
    (tmp_path / "page.json").write_text(annotate_web(), "utf-8")
    with pytest.raises(HkresearchError, match="coder"):
        import_codings(tmp_path, [tmp_path / "page.json"], [PAGE], coder)


def test_vectors_come_in_as_words(tmp_path):
    vectors = [text for text in TEXTS if "\x00" not in text]
    items = [
        json.loads(annotate_web(body=json.dumps(text), rest=f',"creator":{json.dumps(text)}'))
        for text in vectors
    ]
    (tmp_path / "a.json").write_text(json.dumps(items), "utf-8")
    path, n = import_codings(tmp_path, [tmp_path / "a.json"], [PAGE], "anna", ["all"], "2020-07-06")
    assert path.parent == tmp_path / "codings" and n == len(vectors) + 1 - (
        len(vectors) - len({" ".join(v.split()) for v in vectors})
    )
    with pytest.raises(
        HkresearchError
    ) as caught:  # no code of a codebook, all of them named at once
        read_codings(tmp_path, [PAGE], {"entities": {}, "variables": {}})
    assert str(caught.value).count(", line ") >= n - 9


CODINGS = [
    (f"page,{'9' * 5000},3,x,page,position,pause,me,,", "whole numbers", "thousands of digits"),
    ("page,\u00b2,3,x,page,position,pause,me,,", "whole numbers", "a number of another kind"),
    ("page,-3,3,x,page,position,pause,me,,", "whole numbers", "a sign"),
    ("page,0,8,Facebook,page,position,pause,rules/1,,", "slash", "the name of an automatic coder"),
    ("page,0,8,Facebook,../x,position,pause,me,,", "subject", "a subject that is a path"),
    ("page,0,8,=1+1,page,position,pause,me,,", "is 'Facebook', not", "other words"),
]  # fmt: skip


@pytest.mark.parametrize(("row", "reason", "why"), CODINGS, ids=[case[2] for case in CODINGS])
def test_a_row_of_codings_that_does_not_fit_is_named(tmp_path, row, reason, why):
    (tmp_path / "codings").mkdir()
    (tmp_path / "codings/me.csv").write_text(",".join(CODING_COLUMNS) + "\n" + row + "\n", "utf-8")
    with pytest.raises(HkresearchError, match=rf"me\.csv, line 2: .*({reason})"):
        read_codings(tmp_path, [PAGE], {"entities": {}, "variables": {}})


# ---------------------------------------------------------------------------------------------- codebooks and names

BOOKS = [
    ("a = " + "[" * 5000 + "]" * 5000, "not valid TOML", "brackets in brackets"),
    ("a = " + "9" * 6000, "not valid TOML", "thousands of digits"),
    ('quoted_share = "x"', "quoted_share", "a share in letters"), ("quoted_share = nan", "quoted_share", "a share that is no number"),
    ("context_characters = -5", "context_characters", "a width below zero"), ("quoted_characters = true", "quoted_characters", "a truth"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "reason", "why"), BOOKS, ids=[case[2] for case in BOOKS])
def test_a_codebook_that_does_not_fit_is_named(tmp_path, text, reason, why):
    (tmp_path / "book.toml").write_text(text, "utf-8")
    with pytest.raises(HkresearchError, match=rf"book\.toml: .*{reason}|{reason}"):
        read_codebook(tmp_path / "book.toml")


NAMES = [
    ("Article at 10.30:00", "Article-at-10.30-00", "a colon after a full stop"), ("x.ht\x1bml", "x.ht-ml", "a control character"),
    ("d.html\u2028", "d.html-", "another line end"), ("a.t xt", "a.t-xt", "a space after a full stop"), ("=cmd.txt", "cmd.txt", "a formula"),
    ("e.\u202etxt", "e.\u202etxt", "a direction"), ("CON.txt", "CON.txt", "a device, elsewhere"), (".hidden", "hidden", "a hidden file"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "expected", "why"), NAMES, ids=[case[2] for case in NAMES])
def test_whatever_a_pages_name_the_register_stays_readable(tmp_path, name, expected, why):
    (tmp_path / name).write_text("Some words of a page.", "utf-8")
    added, refused = register_files(tmp_path / "raw", [tmp_path / name])
    assert refused == [] and [row["file"] for row in read_register(tmp_path / "raw")] == [expected]


def test_names_that_some_file_system_takes_for_one_are_not_added(tmp_path):
    for n, name in enumerate(("caf\u00e9.txt", "cafe\u0301.txt", "CAF\u00c9.html")):
        (tmp_path / str(n)).mkdir()
        (tmp_path / str(n) / name).write_text(f"Some words of page {n}.", "utf-8")
    added, refused = register_files(
        tmp_path / "raw", [p for n in "012" for p in (tmp_path / n).iterdir()]
    )
    assert len(added) == 1 and len(refused) == 2 and "under this name" in refused[0][1]
    assert len(read_register(tmp_path / "raw")) == 1


@pytest.mark.parametrize(
    "name",
    [
        "javascript:alert(1)",
        "<img src=x onerror=alert(1)>",
        '" onclick="alert(1)',
        "index",
        "a%2e#b?",
        "-x",
        "\u202eb",
    ],
)
def test_a_notebooks_name_becomes_no_other_address(tmp_path, small_tables, name):
    path = write_notebook(tmp_path / f"{name}.ipynb", "1")
    with pytest.raises(HkresearchError, match="Rename it"):
        list_jobs([path], small_tables, {})


def test_a_pages_words_become_no_path_of_a_report(tmp_path, small_tables):
    """A notebook named after its parameter runs once for every value, and those may be words of pages."""
    path = write_notebook(tmp_path / "speaker.ipynb", "1", parameters="data = 'x'\nspeaker = ''\n")
    words = [text for text in TEXTS if ";" not in text] + [
        "../../x",
        "..",
        "/etc/passwd",
        "C:\\x",
        "a\x00b",
        "CON",
    ]
    tables = type("Tables", (), {"quotations": small_tables.quotations.iloc[:0], "claims": small_tables.claims.iloc[:0],
                                 "label_of": str, "positions": small_tables.positions.iloc[:1].assign(speaker=None)})  # fmt: skip
    import pandas as pd

    tables.positions = pd.DataFrame({"speaker": words})
    names = [job.name for job in list_jobs([path], tables, {})]
    assert len(set(names)) == len(names) == len(set(words))
    assert all(
        re.fullmatch(r"speaker-[\w.-]*", name) and ".." not in name and len(name) < 90
        for name in names
    )


def test_the_feed_holds_words_and_addresses_of_its_own_folder(corpus, published):
    feed = json.loads((corpus / "reports" / FEED).read_text("utf-8"))
    assert "<script>alert(1)</script>" in feed["items"][0]["content_text"], (
        "as text: no reader takes it for markup"
    )
    for item in feed["items"]:
        assert item.keys() <= {
            "id",
            "url",
            "title",
            "content_text",
            "attachments",
            "date_published",
            "_hkresearch",
        }
        assert all(
            re.fullmatch(r"quick\.(html|pdf)", url)
            for url in (item["url"], *(a["url"] for a in item["attachments"]))
        )


# ------------------------------------------------------------------------------------- where one stands is no trust


@pytest.mark.kernel
def test_no_module_of_the_folder_one_stands_in_is_run(tmp_path):
    """Pages may come with files beside them that are named like modules."""
    for name in (
        "hkresearch",
        "json",
        "select",
        "pandas",
        "pyarrow",
        "numpy",
        "typst",
        "zmq",
        "IPython",
        "nbformat",
        "chardet",
        "sitecustomize",
    ):
        (tmp_path / f"{name}.py").write_text(
            f"open({str(tmp_path / 'witness')!r}, 'a').write({name!r})\nraise SystemExit(1)\n"
        )
    (tmp_path / "beside.py").write_text("word = 'found beside'\n")
    notebook = write_notebook(
        tmp_path / "quick.ipynb",
        "import beside, json\njson.dumps(beside.word)",
        'hk.show_answer("Yes", tables=tables)',
    )
    page = ROOT / "data/raw/harbour-pause.txt"
    command = Path(sys.executable).with_name("hkresearch")
    for arguments in (("add", page), ("report", notebook, "--workers", "2")):
        done = subprocess.run([command, *arguments, "--raw", "raw", *(["--reports", "reports"] if arguments[0] == "report" else [])],
                              cwd=tmp_path, capture_output=True, text=True, timeout=300)  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
    assert not (tmp_path / "witness").exists()
    assert "found beside" in (tmp_path / "reports/quick.html").read_text("utf-8")


# ------------------------------------------------------------------------------------------- reports to be verified

OPEN = '<script type="application/ld+json" id="evidence">'
EMPTY = OPEN + '{"sources":[],"items":[],"total":0}</script>'
COSTLY = [
    OPEN * 100_000, EMPTY + "<b>" * 100_000 + "</i>" * 100_000, EMPTY + "<table><tr>" + "<b></b>xxxxxxxx" * 100_000,
    EMPTY + "<!" * 700_000, EMPTY + "<a b='" * 200_000, EMPTY + "<![CDATA[" * 170_000, EMPTY + "</" * 330_000,
]  # fmt: skip
VERIFY = """
import resource, sys
resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
from pathlib import Path
from hkresearch.evidence.verify import check_report
from hkresearch.evidence.rendered_text import find_unsupported_quotations
for path in sorted(Path(sys.argv[1]).iterdir()):
    print(len(check_report(path.read_bytes(), Path("."))))
print(len(find_unsupported_quotations("\u201c" + "[" * 10**6 + "[-" * 10**6 + "\u201d", ["x"])))
"""


@pytest.mark.fuzz
def test_reports_made_to_cost_much_are_told_in_bounded_time_and_memory(tmp_path):
    for number, page in enumerate(COSTLY):
        (tmp_path / f"{number}.html").write_text(page, "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", VERIFY, tmp_path], capture_output=True, text=True, timeout=600
    )
    counts = done.stdout.split()
    assert done.returncode == 0 and len(counts) == len(COSTLY) + 1, done.stderr[-800:]
    assert all(int(count) for count in counts[:-1]) and counts[-1] == "0"


def test_what_a_statement_leaves_out_and_adds_is_no_fault():
    page = ["so we will pause all work now"]
    assert (
        find_unsupported_quotations(
            "\u201cso we [-old-]will {+new+} pause all [of our] work now\u201d", page
        )
        == []
    )
    assert find_unsupported_quotations("\u201cthey never paused all requests\u201d", page)


def test_a_page_that_is_cited_under_many_names_is_read_once(tmp_path, monkeypatch):
    page = tmp_path / "page.txt"
    page.write_text("Some words of a page.", "utf-8")
    article, opened = read_page(page.read_bytes(), "page.txt"), []
    monkeypatch.setattr(
        "hkresearch.evidence.page_checks.read_page",
        lambda data, file: opened.append(file) or article,
    )
    sources = [
        {
            "id": f"s{n}",
            "name": "page.txt",
            "sha256": article.sha256,
            "text_sha256": article.text_sha256,
        }
        for n in range(500)
    ]
    selector = [
        {"start": 0, "end": 4},
        {"type": "TextQuoteSelector", "exact": "Some", "prefix": "", "suffix": " words"},
    ]
    items = [
        {
            "id": f"i{n}",
            "target": {"source": f"s{n}", "selector": selector},
            "body": {"value": "x"},
            "creator": "y",
        }
        for n in range(500)
    ]
    block = json.dumps({"sources": sources, "items": items, "total": 500})
    faults = check_report((OPEN + block + "</script>").encode(), tmp_path)
    assert opened == ["page.txt"] and not any("characters 0-4" in fault for fault in faults)


def test_a_table_that_expands_in_a_bundle_is_refused():
    """Dictionary and run lengths: a table of a few kilobytes that holds gigabytes."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from hkresearch.tables.article_list import read_article_rows

    names = [
        "article_id",
        "file",
        "sha256",
        "headline",
        "publisher",
        "date_published",
        "in_language",
        "url",
        "is_based_on",
    ]
    one = pa.DictionaryArray.from_arrays(
        pa.array([0] * 200_000, pa.int32()), pa.array(["x" * 100_000])
    )
    stream = io.BytesIO()
    sizes = {"n_body_chars": pa.array([1] * 200_000)}
    pq.write_table(pa.table(dict.fromkeys(names, one) | sizes), stream, compression="zstd")
    assert len(stream.getvalue()) < 300_000
    with pytest.raises(HkresearchError, match="too large"):
        read_article_rows(stream.getvalue())
