"""Two hundred and more attacks, put wherever a page or a person can write: nothing of them runs, anywhere it is shown."""

import csv
import html
import io
import json
import re
from pathlib import Path
from urllib.parse import unquote

import pandas as pd
import pytest

from hkresearch.codebook.book import read_codebook
from hkresearch.coding.page import code_article
from hkresearch.core.safe_text import neutralise_cell, reveal_text
from hkresearch.display.reprs import show_object
from hkresearch.pages.register import read_folder
from hkresearch.pipeline.build_tables import build_tables, describe_codebook
from hkresearch.report import render_reports
from hkresearch.report.private_copies import write_copies
from hkresearch.tables.check import check_tables
from hkresearch.tables.human_codings import read_codings
from hkresearch.tables.tables import replace_frames, write_tables
from support.attacks import ONE_LINE, TEXTS, VECTORS, relabel, write_answers, write_pages
from support.notebooks import ANSWER, FIGURE, write_notebook
from support.paths import NOTEBOOKS

NOTEBOOK_FILES = sorted(NOTEBOOKS.glob("*.ipynb"))


def test_there_are_enough_of_every_kind():
    kinds = [kind for kind, _ in VECTORS]
    assert len(set(TEXTS)) == len(TEXTS) > 250
    assert all(kinds.count(kind) >= 10 for kind in set(kinds)) and len(set(kinds)) == 16


# ------------------------------------------------------------------------------------------------- pages and tables


@pytest.fixture(scope="module")
def raw(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile") / "raw"
    write_pages(folder)
    return folder


@pytest.fixture(scope="module")
def tables(raw):
    articles, refused = read_folder(raw)
    assert refused == []
    found = [(text, text) for text in ONE_LINE]
    write_answers(raw, build_tables(articles, read_codebook(), found).annotations)
    codings = read_codings(raw, articles, describe_codebook(read_codebook()))
    built = build_tables(articles, read_codebook(), found, raw / "decisions.csv", codings=codings)
    assert check_tables(built, articles) == []
    return built


LIST = """view = pd.DataFrame({"what": texts, texts[0]: texts[::-1], "n": range(len(texts))})
hk.show_table(view, title=texts[{n}], tables=tables, note=texts[{n} + 1])"""
ALL = """marks = tables.annotations[tables.annotations["variable"].isin(["quotation", "position", "headline", "author", "publisher"])].head(150)
view = marks[["article_id", "exact", "code"]].assign(evidence=[[id] for id in marks["annotation_id"]])
hk.show_table(view, title="Passages", tables=tables)"""


@pytest.fixture(scope="module")
def reports(tmp_path_factory, tables):
    folder = tmp_path_factory.mktemp("reports")
    write_tables(
        replace_frames(tables, codebook=relabel(tables.codebook, ONE_LINE)),
        folder / "tables",
    )
    (folder / "texts.json").write_text(json.dumps(TEXTS), "utf-8")
    load = f"import json, pandas as pd\ntexts = [t.replace(chr(0), '') for t in json.load(open({str(folder / 'texts.json')!r}, encoding='utf-8'))]"
    parameters = "data = 'x'\nsubject = ''\nlimit = 9\n" + "".join(
        f"p{i} = {t!r}\n" for i, t in enumerate(TEXTS)
    )
    markdown = ["#!" + text.replace("\x00", "") for text in TEXTS]
    figure = FIGURE.replace("subject[:20]", "texts[3]").replace(
        'title="Drawn", alt="One bar."', "title=texts[4], alt=texts[5]"
    )
    shown = [
        write_notebook(
            folder / "fields.ipynb",
            load,
            ANSWER.replace("subject", "' '.join(texts)", 1),
            *(LIST.replace("{n}", str(n)) for n in (7, 60)),
            figure,
            ALL,
            "print(chr(10).join(texts))",
            "hk.views.list_positions(tables)",
            parameters=parameters,
        ),  # fmt: skip
        write_notebook(
            folder / "prose.ipynb",
            load,
            ANSWER,
            *markdown,
            parameters="data = 'x'\nsubject = 'x'\n",
        ),
        write_notebook(folder / "broken.ipynb", load, "raise ValueError(' '.join(texts))"),
        *NOTEBOOK_FILES,
    ]
    outcomes = render_reports(
        shown,
        folder / "tables",
        folder / "reports",
        {"subject": " ".join(ONE_LINE), "organisation": "twitter"},
        lambda line: None,
    )
    assert [(o.name, o.error[:500]) for o in outcomes if o.error and o.name != "broken"] == []
    return folder / "reports"


@pytest.mark.fuzz
def test_every_vector_reaches_the_tables_as_it_stands(tables):
    said = "\n".join(tables.annotations["exact"])
    missing = [
        text
        for text in ONE_LINE
        if " ".join(text.replace("\x00", "").split()) not in " ".join(said.split())
    ]
    assert len(missing) < len(ONE_LINE) / 50, missing[:5]
    assert (tables.quotations["exact"].str.contains("alert")).any() and len(tables.positions)


# ------------------------------------------------------------------------------------------------------- the browser


def watch(browser, path):
    """Open `path`, touch all that can be touched, and return (console, requests elsewhere, dialogs)."""
    context = browser.new_context(accept_downloads=False)
    page = context.new_page()
    page.set_default_timeout(120_000)
    said, asked, dialogs = [], [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.on("popup", lambda popup: asked.append("popup " + popup.url))
    page.goto(path.as_uri())
    address = page.url
    page.evaluate(
        """() => { for (const d of document.querySelectorAll('details')) d.open = true;
        for (const e of document.querySelectorAll('main *, body *')) for (const kind of ['mouseover', 'focus', 'pointerover', 'animationstart', 'toggle'])
            e.dispatchEvent(new Event(kind, {bubbles: true}));
        for (const e of document.querySelectorAll('button')) e.click();
        for (const a of document.querySelectorAll('a:not([download])')) if (!/^(#|[\\w./-]+\\.(html|pdf|csv|json))/.test(a.getAttribute('href') || '#')) a.click(); }"""
    )
    page.wait_for_timeout(300)
    assert page.url.split("#")[0] == address
    found = page.evaluate(
        """() => [...document.querySelectorAll('*')].flatMap(e => [...e.attributes].filter(a => /^on/i.test(a.name)
        || (['href', 'src', 'action', 'formaction', 'data', 'srcdoc', 'xlink:href'].includes(a.name) && !/^(#|data:(text\\/csv|image\\/svg\\+xml|font)|[\\w./-]+\\.(html|pdf|csv|json)(#|$)|https?:)/.test(a.value))).map(a => e.tagName + ' ' + a.name + '=' + a.value.slice(0, 60)))"""
    )
    scripts = page.evaluate(
        "() => document.querySelectorAll('script:not([type]), iframe, object, embed, base, form, link[rel=stylesheet]').length"
    )
    shown = page.evaluate("() => document.body.textContent")
    context.close()
    outside = [url for url in asked if not url.startswith(("file:", "data:"))]
    return (said, outside, dialogs), found, scripts, shown


@pytest.mark.parametrize(
    "name", ["fields", "prose", "index", *(path.stem for path in NOTEBOOK_FILES)]
)
def test_nothing_runs_is_fetched_or_said_in_a_report(browser, reports, name):
    events, attributes, scripts, shown = watch(browser, reports / f"{name}.html")
    assert events == ([], [], [])
    assert attributes == [] and scripts <= 1, "only the report's own script"
    assert "Content-Security-Policy" in (reports / f"{name}.html").read_text("utf-8")[:1500]
    if name == "fields":
        folded = " ".join(shown.split())
        missing = [
            text
            for text in TEXTS
            if " ".join(reveal_text(text.replace("\x00", "")).split()) not in folded
        ]
        assert missing == [], "shown as text, whole"


def test_nothing_runs_that_is_typed_into_the_search_of_the_index(browser, reports):
    context = browser.new_context()
    page = context.new_page()
    faults = []
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("dialog", lambda dialog: (faults.append(dialog.message), dialog.dismiss()))
    page.goto((reports / "index.html").as_uri())
    page.evaluate("""texts => { const box = document.querySelector('#search'); for (const text of texts) {
        box.value = text; box.dispatchEvent(new Event('input', {bubbles: true})); } }""", TEXTS)  # fmt: skip
    page.locator("#search").fill("alert script")
    assert faults == [] and 0 < page.locator(".card:visible").count() <= len(NOTEBOOK_FILES) + 2
    context.close()


def test_nothing_runs_in_the_private_copies_with_their_pages(browser, raw, reports):
    folder = write_copies(read_folder(raw)[0], reports)
    pages = sorted((folder / "pages").iterdir())
    assert len(pages) > 20 and any("<" in path.name for path in pages)
    for path in (
        folder / "pages/markup.html.html",
        next(path for path in pages if "<script" in path.name),
    ):
        events, attributes, scripts, _ = watch(browser, path)
        assert events == ([], [], []) and attributes == [] and scripts <= 1, path.name
    links = re.findall(r'href="(pages/[^"#]*)#c', (folder / "quotations.html").read_text("utf-8"))
    assert links and all((folder / unquote(link)).is_file() for link in links)
    assert any("%3C" in link for link in links)


def test_the_policy_forbids_all_but_the_reports_own_script(reports):
    for path in reports.glob("*.html"):
        policy = re.search(
            r'http-equiv="Content-Security-Policy" content="([^"]+)"', path.read_text("utf-8")
        ).group(1)
        assert html.unescape(policy).startswith("default-src 'none'; style-src 'sha256-")
        assert (
            "unsafe" not in policy
            and "http" not in policy
            and "form-action &#39;none&#39;" in policy.replace("'", "&#39;")
        )


def test_nothing_runs_in_a_notebook_shown_by_plain_nbconvert(browser, reports, tmp_path, tables):
    """Jupyter's own rendering of what the cells return: their text/html, which is all that JupyterLab puts on a page."""
    import hkresearch as hk

    view = pd.DataFrame({"what": TEXTS, "label": TEXTS[::-1]})
    marks = tables.annotations[tables.annotations["variable"].isin(["quotation", "position"])].head(
        60
    )
    cells = [
        hk.show_table(view, title=TEXTS[1], tables=tables, note=" ".join(TEXTS)),
        hk.show_answer(" ".join(TEXTS), tables=tables, evidence=list(marks["annotation_id"])),
    ]
    body = "\n".join(cell._repr_html_() for cell in cells) + show_object(tables)
    page = tmp_path / "lab.html"
    page.write_text(
        f"<!doctype html><meta charset=utf-8><body>{body}</body>", "utf-8"
    )  # no policy: nothing else protects it
    events, attributes, scripts, shown = watch(browser, page)
    assert events == ([], [], []) and attributes == [] and scripts == 0


def test_a_page_highlighted_in_a_notebook_runs_nothing(browser, raw, tmp_path):
    import hkresearch as hk

    articles, _ = read_folder(raw)
    book = read_codebook()
    parts = []
    for article in articles[:6]:
        shown = hk.show_article(article, code_article(article, book))
        parts += [
            shown._repr_html_(),
            show_object(article),
        ]
    page = tmp_path / "articles.html"
    page.write_text(f"<!doctype html><meta charset=utf-8><body>{''.join(parts)}</body>", "utf-8")
    events, attributes, scripts, _ = watch(browser, page)
    assert events == ([], [], []) and attributes == [] and scripts == 0


# ------------------------------------------------------------------------------------------------ spreadsheets, PDF


def find_formulas(data):
    """Cells that a spreadsheet would run: plain numbers are none."""
    rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
    return [
        c
        for row in rows
        for c in row
        if c[:1] in ("=", "+", "-", "@", "\t", "\r")
        and not re.fullmatch(r"[+-]?[\d.]+(e[+-]?\d+)?", c, re.I)
    ]


def test_no_cell_of_a_download_is_a_formula(browser, reports):
    for path in sorted((reports / "tables").glob("*.csv")):
        assert find_formulas(path.read_bytes()) == [], path.name
    context = browser.new_context(accept_downloads=True)
    page = context.new_page()
    page.goto((reports / "fields.html").as_uri())
    links = page.locator("a.csv")
    assert links.count() >= 3
    for number in range(links.count()):
        with page.expect_download() as download:
            links.nth(number).click()
        data = Path(download.value.path()).read_bytes()
        assert find_formulas(data) == []
        assert number or "'=1+1" in data.decode("utf-8-sig")
    context.close()


@pytest.mark.parametrize("text", [text for kind, text in VECTORS if kind == "formula"])
def test_formulas_get_an_apostrophe(text):
    cell = neutralise_cell(text)
    assert cell[:1] not in ("=", "+", "-", "@", "\t", "\r") and cell.endswith(text)


def test_the_pdf_shows_every_vector_as_text(reports):
    import pikepdf

    paths = sorted(reports.glob("*.pdf"))
    assert len(paths) == len(NOTEBOOK_FILES) + 2
    for path in paths:
        with pikepdf.open(path) as pdf:
            assert "/OpenAction" not in pdf.Root and "/AcroForm" not in pdf.Root
            assert len(pdf.attachments) == 1, "the evidence, and nothing else"
            for thing in pdf.objects:
                if isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
                    assert not {"/AA", "/JS", "/RichMedia", "/Launch"} & set(thing.keys()), (
                        path.name
                    )
                    action = thing.get("/A", {})
                    assert action.get("/S", "/GoTo") in ("/GoTo", "/URI"), path.name
                    assert not str(action.get("/URI", "")).startswith(
                        ("javascript:", "data:", "file:", "//")
                    ), path.name


def test_a_terminal_sees_no_control_character(reports):
    for path in [*reports.glob("*.html"), *(reports / "tables").glob("*.csv")]:
        text = path.read_bytes().decode("utf-8")
        if path.suffix == ".html":
            assert not re.search(
                r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text
            ), path.name


def test_the_failed_notebook_is_kept_and_the_index_says_so(reports):
    import nbformat

    kept = nbformat.read(reports / "failed/broken.ipynb", as_version=4)
    assert any(
        o.output_type == "error" for c in kept.cells if c.cell_type == "code" for o in c.outputs
    )
    assert "ValueError" in (reports / "index.html").read_text("utf-8")
