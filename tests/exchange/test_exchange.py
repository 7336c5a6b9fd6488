"""Exchange: what is exported comes back as it was, what others made fits its page or says why not, citations hold."""

import json
import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

import hkresearch as hk
from hkresearch.core.article import HkresearchError, annotate
from hkresearch.exchange import (
    EXPORT_FORMATS,
    export_tables,
    import_codings,
    read_annotations_csv,
    read_brat,
    read_web_annotations,
    write_annotations_csv,
    write_bibtex,
    write_brat,
    write_brat_configuration,
    write_conll,
    write_csl,
    write_web_annotations,
)  # fmt: skip
from hkresearch.exchange.citations import escape_tex, read_date, split_authors
from hkresearch.exchange.conll import split_words
from hkresearch.tables.coding_files import read_rows
from support.coded_pages import Page, tabulate
from support.command_line import run_here
from support.small_corpus import make_article

ALPHABET = st.characters(exclude_categories=("Cs",)) | st.sampled_from(
    "\n\r\t\u2028\x85\x0b 艾𠮷😀\u202e\"'#;|,="
)
WORDS = st.text(ALPHABET, max_size=8)


@st.composite
def marked_pages(draw):
    """A page, annotations anywhere on it, and attributes of some of them."""
    article = make_article("page", draw(st.text(ALPHABET, min_size=1, max_size=60)))
    marks = []
    for _ in range(draw(st.integers(0, 5))):
        start = draw(st.integers(0, len(article.text)))
        end = draw(st.integers(start, len(article.text)))
        parents = [article.id, "acme", *(mark.id for mark in marks)]
        variable = draw(st.sampled_from(["position", "via", "Größe 1", "a/b"]))
        marks.append(
            annotate(
                article,
                start,
                end,
                draw(st.sampled_from(parents)),
                variable,
                draw(WORDS),
                draw(WORDS),
            )
        )
    return article, list({mark.id: mark for mark in marks}.values())


@given(marked_pages())
def test_web_annotations_come_back_as_they_were(page):
    article, marks = page
    assert read_web_annotations(write_web_annotations(article, marks), article) == marks


@given(marked_pages())
def test_brat_comes_back_as_it_was(page):
    article, marks = page
    text, lines = write_brat(article, marks)
    assert text == article.text and read_brat(lines, article) == marks
    for line in lines.splitlines():  # no line of the page breaks one of the file
        assert re.match(r"[TAR#]\d+\t", line)


@pytest.mark.parametrize("format", ["csv", "web-annotation"])
def test_a_file_without_a_suffix_is_known_by_its_first_sign(format, tmp_path):
    page = make_article("page", "Acme pauses.")
    marks = [annotate(page, 0, 11, "acme", "position", "pause", "positions/1")]
    text = write_annotations_csv(marks) if format == "csv" else write_web_annotations(page, marks)
    (tmp_path / "export").write_text(text)
    assert import_codings(tmp_path, [tmp_path / "export"], [page], "anna")[1] == 1
    (tmp_path / "export.docx").write_text(text)
    with pytest.raises(HkresearchError, match="its format is not known"):
        import_codings(tmp_path, [tmp_path / "export.docx"], [page], "anna")


@given(marked_pages())
def test_csv_comes_back_as_it_was(page):
    article, marks = page
    assert read_annotations_csv(write_annotations_csv(marks), [article]) == marks


TEXT = "Acme said:\n“we pause” today. 艾克米\r\n暫停。 we pause"


@pytest.fixture(scope="module")
def article():
    return make_article("page", TEXT)


@pytest.fixture(scope="module")
def marks(article):
    whole = annotate(article, 0, 21, "acme", "position", "pause", "positions/1")
    return [whole, annotate(article, 12, 20, whole.id, "modality", "stated", "positions/1")]


def test_brat_reads_as_brat_reads(article, marks):
    lines = write_brat(article, marks)[1].splitlines()
    assert lines[:5] == [
        "T1\tposition 0 10;11 21\tAcme said: “we pause”", "A1\tCode T1 pause",
        "T2\tmodality 12 20\twe pause", "A2\tCode T2 stated", "R2\tDescribes Arg1:T2 Arg2:T1",
    ]  # fmt: skip
    configuration = write_brat_configuration(marks)
    assert re.findall(r"^\[(\w+)\]", configuration, re.M) == [
        "entities",
        "relations",
        "events",
        "attributes",
    ]
    assert "Code\tArg:<ENTITY>, Value:pause|stated\n" in configuration


BRAT_EDITS = [
    (("A1\tCode T1 pause", "A1\tCode T1 refuse"), ("position", "refuse", "Ada", 0, 21), "another code"),
    (("T1\tposition 0 10;11 21\tAcme said: “we pause”", "T1\tposition 12 20\twe pause"),
     ("position", "pause", "Ada", 12, 20), "another span"),
    (("T1\tposition", "T1\tclaim"), ("claim", "pause", "Ada", 0, 21), "another type"),
    (("nothing", "nothing"), ("position", "pause", "positions/1", 0, 21), "untouched"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("edit", "expected", "why"), BRAT_EDITS, ids=[case[-1] for case in BRAT_EDITS]
)
def test_what_a_person_changes_in_brat_is_that_persons(article, marks, edit, expected, why):
    found = read_brat(write_brat(article, marks)[1].replace(*edit), article, coder="Ada")
    changed = next(a for a in found if a.variable != "modality")
    assert (changed.variable, changed.code, changed.coder, changed.start, changed.end) == expected
    assert next(a for a in found if a.variable == "modality").subject == changed.id, (
        "the attribute follows"
    )


def test_what_a_person_draws_in_brat(article):
    drawn = "T7\tposition 29 32;34 37\t艾克米 暫停。\nA1\tCode T7 pause\nT8\tvia 29 32\t艾克米\nR1\tDescribes Arg1:T8 Arg2:T7\n"
    position, via = read_brat(drawn, article, coder="Ada")
    assert (position.exact, position.subject, position.code, position.coder) == (
        "艾克米\r\n暫停。",
        "page",
        "pause",
        "Ada",
    )
    assert via.subject == position.id


@pytest.mark.parametrize(
    "line",
    [
        "T1\tposition 0 99\tx",
        "T1\tposition 0 4\tBolt",
        "T1\tposition\tx",
        "#1\tAnnotatorNotes T1\t{",
    ],
)
def test_a_brat_line_that_does_not_fit_is_named(article, line):
    with pytest.raises(HkresearchError, match=r"page.ann: 1 fault.*\n  line 2: "):
        read_brat(f"\n{line}\n", article)


def foreign(**changed):
    item = {"type": "Annotation", "body": {"type": "TextualBody", "value": "a promise", "purpose": "commenting"},
            "creator": {"name": "Bo"}, "target": {"source": "page.txt", "selector": {
                "type": "TextQuoteSelector", "exact": "we pause", "prefix": "“", "suffix": "”"}}}  # fmt: skip
    return json.dumps(item | changed)


def test_another_tools_annotation_finds_its_words(article):
    (found,) = read_web_annotations(foreign(), article)
    assert (found.start, found.end, found.variable, found.code, found.coder) == (
        12,
        20,
        "commenting",
        "a promise",
        "Bo",
    )
    quote = {"type": "TextQuoteSelector", "exact": "today"}
    moved = {
        "source": "page",
        "selector": [{"type": "TextPositionSelector", "start": 1, "end": 6}, quote],
    }
    assert read_web_annotations(foreign(target=moved), article)[0].start == TEXT.index("today")


FOREIGN_FAULTS = [
    ({"target": "http://elsewhere.example"}, "none of the pages", "another page"),
    ({"target": "page"}, "neither offsets nor words", "a page as a whole"),
    (
        {
            "target": {
                "source": "page",
                "selector": {"type": "TextQuoteSelector", "exact": "we pause"},
            }
        },
        "several places",
        "twice",
    ),
    (
        {
            "target": {
                "source": "page",
                "selector": {"type": "TextQuoteSelector", "exact": "we stop"},
            }
        },
        "does not stand",
        "not there",
    ),
    (
        {
            "target": {
                "source": "page",
                "selector": {"type": "TextPositionSelector", "start": 9, "end": 3},
            }
        },
        "is no span",
        "backwards",
    ),
]


@pytest.mark.parametrize(
    ("changed", "message", "why"), FOREIGN_FAULTS, ids=[case[-1] for case in FOREIGN_FAULTS]
)
def test_another_tools_annotation_that_does_not_fit_says_why(article, changed, message, why):
    with pytest.raises(HkresearchError, match=rf"(?s)1 fault.*annotation 2: .*{message}"):
        read_web_annotations(f"[{foreign()}, {foreign(**changed)}]", article)
    with pytest.raises(HkresearchError, match="not valid JSON"):
        read_web_annotations("[" * 100_000, article)


def test_a_csv_that_does_not_fit_is_named_by_line(article, marks):
    text = write_annotations_csv(marks)
    with pytest.raises(HkresearchError, match=r"CSV: 1 fault.*\n  line 4: "):
        read_annotations_csv(text.replace("we pause,", "we stop,"), article)
    with pytest.raises(HkresearchError, match="column"):
        read_annotations_csv("a,b\n1,2\n", article)


# ---- tokens ----


def test_conll_tags_tokens(article, marks):
    lines = write_conll(article, marks, "position").splitlines()
    assert lines[0] == "# newdoc id = page" and lines[1] == "Acme\t0\t4\tB-position.pause"
    assert lines[3] == ":\t9\t10\tI-position.pause" and lines[4] == "", "a line of the page ends"
    assert "today\t22\t27\tO" in lines and "艾\t29\t30\tO" in lines


@given(st.text(ALPHABET, max_size=40))
def test_words_and_spaces_give_the_text_back(text):
    words, spaces = split_words(text)
    assert "".join(word + " " * space for word, space in zip(words, spaces, strict=True)) == text
    assert all(words)


# ---- citations ----

NAMES = [
    ("Ada Specimen", "", [("Ada Specimen", True)], "one person"),
    ("Ada Specimen and Bo Muster", "", [("Ada Specimen", True), ("Bo Muster", True)], "two"),
    (
        "Ada Specimen, Bo Muster",
        "",
        [("Ada Specimen", True), ("Bo Muster", True)],
        "two with a comma",
    ),
    ("Specimen, Ada", "", [("Specimen, Ada", True)], "one, family name first"),
    ("Sample Wire", "", [("Sample Wire", False)], "a body by its words"),
    ("Portside", "Portside", [("Portside", False)], "a body that is the publisher"),
    ("陳樣本、王例", "", [("陳樣本", True), ("王例", True)], "Chinese names"),
    ("", "Portside", [], "nobody named"),
]


@pytest.mark.parametrize(
    ("author", "publisher", "expected", "why"), NAMES, ids=[case[-1] for case in NAMES]
)
def test_names_of_people_and_of_bodies(author, publisher, expected, why):
    assert split_authors(author, publisher) == expected


@pytest.mark.parametrize(
    ("date", "parts"),
    [("2020-07-06", ["2020", "07", "06"]), ("2020-07", ["2020", "07"]), ("2020", ["2020"]), ("", []),
     ("2020-07-06T09:00:00Z", ["2020", "07", "06"])],
)  # fmt: skip
def test_dates_are_as_precise_as_known(date, parts):
    assert read_date(date) == parts


def test_bibtex_of_a_page():
    page = make_article("päge&1", "x", headline="50% of {A} & B_c\\d", author="Sample Wire", publisher="The #1 Post",
                        date_published="2020-07", url="https://x.example/a{b}c?d=1&e_f", date_accessed="2020-08-01")  # fmt: skip
    entry = write_bibtex([page])
    assert entry.startswith("@misc{pge1,\n  author = {{Sample Wire}},\n")
    assert r"  title = {{50\% of \{A\} \& B\_c\textbackslash{}d}}," in entry
    assert (
        "  date = {2020-07},\n  year = {2020},\n  url = {https://x.example/a%7Bb%7Dc?d=1&e_f},"
        in entry
    )
    assert write_bibtex([page, page]).count("@misc{pge1x,") == 1, "keys are unique"
    for id, key in (
        ("香港-記事", f"page-{page.sha256[:8]}"),
        ("-", f"page-{page.sha256[:8]}"),
        ("蘋果-apple", "apple"),
    ):
        assert f"@misc{{{key},\n" in write_bibtex([make_article(id, "x")]), (
            "a key has a letter or digit"
        )


@given(st.text(ALPHABET, max_size=30))
def test_no_text_breaks_out_of_a_bibtex_field(text):
    escaped = escape_tex(text)
    depth = 0
    for character in re.sub(r"\\[{}#$%&_]", "", escaped):
        depth += (character == "{") - (character == "}")
        assert depth >= 0
    assert depth == 0 and not re.search(r"(?<!\\)[#$%&_]|\n", escaped)


def test_csl_of_a_page():
    page = make_article(
        "page",
        "x",
        headline="A",
        author="Ada Specimen; Sample Wire",
        publisher="Post",
        date_published="2020-07",
    )
    (item,) = json.loads(write_csl([page]))
    assert item["author"] == [{"family": "Specimen", "given": "Ada"}, {"literal": "Sample Wire"}]
    assert (
        item["issued"] == {"date-parts": [[2020, 7]]}
        and "accessed" not in item
        and "URL" not in item
    )


# ---- folders ----


@pytest.fixture
def project(tmp_path):
    """A registered page, and its tables."""
    from hkresearch.pages.register import read_articles, register_files
    from hkresearch.tables.tables import write_tables

    (tmp_path / "a.txt").write_bytes("Acme pauses\nAcme said it would pause, 艾克米.\n".encode())
    register_files(tmp_path / "raw", [tmp_path / "a.txt"])
    (article,) = read_articles(tmp_path / "raw")
    page = Page("a", article.text, headline="Acme pauses").place(
        "it would pause", "acme", "pause", condition="now"
    )
    page.article = article
    page.rows = [
        annotate(article, r.start, r.end, r.subject, r.variable, r.code, "rules/1")
        for r in page.rows
        if len(r.subject) < 16
    ]
    page._mark(25, 39, page.rows[-1].id, "modality", "stated")
    tables = tabulate(page)
    write_tables(tables, tmp_path / "tables")
    return tmp_path, tables, [article]


@pytest.mark.parametrize("format", [name for name in EXPORT_FORMATS if name != "spacy"])
def test_every_format_is_written_by_its_verb(project, format):
    place, _, _ = project
    out = place / "exported"
    given = ("--raw", place / "raw", "--out", place / "tables")
    assert run_here("export", format, out, *given).startswith(f"{out}: ")
    text = (out / "a.ann" if out.is_dir() else out).read_text("utf-8")
    assert ("SHA-256" if format in ("bibtex", "csl") else "pause") in text


@pytest.mark.parametrize("format", ["web-annotation", "brat", "csv"])
def test_a_persons_work_in_another_tool_becomes_codings(project, format):
    from hkresearch.tables.human_codings import read_codings

    place, tables, articles = project
    out = (
        place
        / f"exported.{'d' if format == 'brat' else 'json' if format == 'web-annotation' else 'csv'}"
    )
    export_tables(format, out, tables, articles, ["position"])
    path, n = import_codings(place / "raw", [out], articles, "Ada", read=["position"])
    assert (path.name, n) == ("Ada.csv", 3)
    assert import_codings(place / "raw", [out], articles, "Ada", read=["position"])[1] == 0, (
        "nothing is added twice"
    )
    codings = [c.annotation for c in read_codings(place / "raw", articles, tables.codebook)]
    position = next(a for a in codings if a.variable == "position")
    assert {a.coder for a in codings} == {"Ada"} and [
        r["variable"] for _, r in read_rows(path)
    ].count("read") == 1
    assert next(a for a in codings if a.variable == "modality").subject == position.id


def test_an_import_leaves_the_rows_and_columns_that_are_there(project):
    place, tables, articles = project
    export_tables("csv", place / "exported.csv", tables, articles, ["position"])
    path, n = import_codings(place / "raw", [place / "exported.csv"], articles, "Ada")
    head, first, second = path.read_text("utf-8").splitlines()
    path.write_text(f"{head},note\n{first},  my own\n", "utf-8")
    assert import_codings(place / "raw", [place / "exported.csv"], articles, "Ada") == (path, n - 1)
    assert path.read_text("utf-8") == f"{head},note\n{first},  my own\n{second},\n"


def test_what_cannot_be_imported_says_why(project):
    place, tables, articles = project
    (place / "b.ann").write_text("")
    with pytest.raises(HkresearchError, match="'2020-02-30' is not a day"):
        import_codings(place / "raw", [], articles, "Ada", date="2020-02-30")
    for files, coder, message in (
        ([place / "b.ann"], "Ada", "no page 'b'"), ([place / "a.txt"], "Ada", "its format is not known"),
        ([place / "b.ann"], "a/1", "write a name of letters"),
    ):  # fmt: skip
        with pytest.raises(HkresearchError, match=message):
            import_codings(place / "raw", files, articles, coder)
    with pytest.raises(HkresearchError, match="no format 'pdf'; there are: web-annotation"):
        export_tables("pdf", place / "x", tables, articles)


def test_spacy_is_asked_for_only_when_it_is_used(article, marks, monkeypatch):
    monkeypatch.setitem(sys.modules, "spacy.tokens", None)
    with pytest.raises(HkresearchError, match="pip install spacy"):
        hk.to_spacy(article, marks)
