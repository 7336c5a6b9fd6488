"""Reports: run, set, checked, and the same bytes each time."""

import hashlib
import html
import json
import re

import pytest

from hkresearch import report
from hkresearch.core.article import HkresearchError
from hkresearch.display.fonts import convert_font, list_covered, make_web_fonts
from hkresearch.report import document, index, publish_html, publish_pdf, render
from hkresearch.report import run_notebook as run
from hkresearch.report.blocks import Hyperlink, Paragraph, Text
from hkresearch.report.dark_colours import darken_colour
from hkresearch.report.pdf_table_layout import find_runs, lay_out_table
from hkresearch.report.publishable_tables import limit_tables
from hkresearch.tables.tables import write_tables
from support.notebooks import ANSWER, FIGURE, HOSTILE, TABLE, write_notebook


@pytest.fixture(scope="module")
def place(tmp_path_factory, small_tables):
    folder = tmp_path_factory.mktemp("report")
    write_tables(small_tables, folder / "tables")
    write_notebook(folder / "positions.ipynb", ANSWER, TABLE, FIGURE, "print(subject)")
    write_notebook(folder / "broken.ipynb", "1 / 0")
    return folder


@pytest.fixture(scope="module")
def hostile(place):
    """The HTML and the PDF of a report whose every field is hostile."""
    out = place / "hostile"
    path = report.render_report(
        place / "positions.ipynb", data=place / "tables", reports=out, subject=HOSTILE
    )
    return path.read_text(encoding="utf-8"), (out / "positions.pdf").read_bytes()


# ----------------------------------------------------------------------------------------------------- parameters


def test_unknown_parameter_lists_the_right_ones(place):
    with pytest.raises(
        HkresearchError,
        match=r"no parameter 'subjekt'.*subject \(now 'facebook'\), limit \(now 3\)",
    ):
        report.render_report(
            place / "positions.ipynb", data=place / "tables", reports=place / "x", subjekt="zoom"
        )


@pytest.mark.parametrize(
    "given, default, value",
    [
        ("2020-07-06", "", "2020-07-06"),  # a string stays one, whatever it looks like
        ("7", "", "7"), ("7", 3, 7), ("7", 1.5, 7), ("True", False, True), ("[1, 2]", [], [1, 2]),
        ('"; import os #', "", '"; import os #'),
    ],
)  # fmt: skip
def test_parameters_take_the_type_of_their_default(place, given, default, value):
    assert run.check_parameters(place, {"p": default}, {"p": given}) == {"p": value}


@pytest.mark.parametrize("given", ["__import__('os')", "three", "[1]", "1.5"])
def test_a_parameter_of_the_wrong_type_is_refused_and_never_run(place, given):
    with pytest.raises(HkresearchError, match="must be like 3"):
        run.check_parameters(place, {"p": 3}, {"p": given})


@pytest.mark.kernel
def test_a_parameter_is_only_ever_a_literal(place, tmp_path):
    mark = tmp_path / "ran"
    attack = f'"\nopen({str(mark)!r}, "w")\n"\'\\'
    notebook = run.run_notebook(
        place / "positions.ipynb",
        {"subject": attack, "data": str(place / "tables")},
        tmp_path / "f.ipynb",
        cwd=place,
    )
    assert not mark.exists()
    assert attack.strip() in notebook["cells"][-1]["outputs"][0]["text"]


# ------------------------------------------------------------------------------------------------------------ runs


@pytest.mark.kernel
def test_failed_notebook_is_kept_and_its_cell_named(place, tmp_path):
    with pytest.raises(HkresearchError, match=r"cell \d+ failed: ZeroDivisionError.*broken.ipynb"):
        report.render_report(place / "broken.ipynb", data=place / "tables", reports=tmp_path)
    import nbformat

    kept = nbformat.read(tmp_path / "failed" / "broken.ipynb", as_version=4)
    assert any(
        out["output_type"] == "error" for cell in kept.cells for out in cell.get("outputs", ())
    )


@pytest.mark.kernel
def test_what_differs_between_runs_is_stripped(place, tmp_path):
    data = {"data": str(place / "tables")}
    first, second = (
        run.run_notebook(place / "positions.ipynb", data, tmp_path / "f", cwd=place)
        for _ in range(2)
    )
    assert json.dumps(first, sort_keys=True) == json.dumps(second, sort_keys=True)
    assert "papermill" not in json.dumps(first["metadata"])


@pytest.mark.kernel
def test_one_failing_notebook_does_not_stop_the_others(place, tmp_path):
    lines = []
    outcomes = report.render_reports(
        [place / "broken.ipynb", place / "positions.ipynb"],
        place / "tables",
        tmp_path,
        {"limit": "2"},
        lines.append,
    )
    assert [(o.name, bool(o.error)) for o in outcomes] == [("broken", True), ("positions", False)]
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "ZeroDivisionError" in page and "positions.html" in page and "positions.pdf" in page
    assert "is cut off inside a tag" in page  # the refused page and its reason
    assert len([line for line in lines if line.startswith("report")]) == 2
    assert (tmp_path / "tables" / "positions.csv").is_file()


def test_a_folder_that_is_not_ours_is_never_cleared(place, tmp_path):
    (tmp_path / "index.html").write_text("<h1>My site</h1>")
    (tmp_path / "essay.html").write_text("<h1>Mine</h1>")
    with pytest.raises(HkresearchError, match="another folder"):
        report.render_reports([place / "broken.ipynb"], place / "tables", tmp_path, {}, print)
    assert (tmp_path / "essay.html").exists()


def test_an_unknown_parameter_of_all_notebooks_is_refused_before_any_runs(place, tmp_path):
    with pytest.raises(HkresearchError, match="There are: positions.ipynb: subject, limit"):
        report.render_reports(
            [place / "positions.ipynb"], place / "tables", tmp_path / "out", {"nothing": "1"}, print
        )
    assert not (tmp_path / "out").exists()


def test_a_notebook_named_after_its_parameter_runs_once_per_value(tmp_path, small_tables):
    path = write_notebook(tmp_path / "organisation.ipynb", parameters='organisation: str = "x"')
    names = [job.name for job in render.list_jobs([path], small_tables, {})]
    assert "organisation-facebook" in names and "organisation-telegram" in names
    only = render.list_jobs([path], small_tables, {"organisation": "whatsapp"})
    assert [(job.name, dict(job.parameters)) for job in only] == [
        ("organisation", {"organisation": "whatsapp"})
    ]


# ------------------------------------------------------------------------------------------------------------ HTML


@pytest.mark.kernel
def test_same_input_same_bytes(place, tmp_path):
    data = {"data": place / "tables", "subject": "臉書"}
    for name in ("a", "b"):
        report.render_report(place / "positions.ipynb", reports=tmp_path / name, **data)
    for name in ("positions.html", "positions.pdf"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_html_loads_nothing_and_says_so(hostile):
    page, _ = hostile
    policy = html.unescape(re.search(r'Content-Security-Policy" content="([^"]*)"', page).group(1))
    assert policy.startswith("default-src 'none'") and "unsafe" not in policy
    tags = re.sub(r"<(style|script)\b.*?</\1>", "", page, flags=re.S)
    assert not re.search(
        r"<[^>]*\b(src|srcset|action|formaction|background|poster|style|on\w+)\s*=", tags
    )
    for address in re.findall(r'href="([^"]*)"', tags):
        assert address.startswith(("#", "data:text/csv", "index.html", "positions.pdf"))


def test_policy_admits_exactly_the_style_and_the_script_in_the_file(hostile):
    import base64
    import hashlib

    page, _ = hostile
    policy = html.unescape(re.search(r'Content-Security-Policy" content="([^"]*)"', page).group(1))
    for tag in ("style", "script"):
        text = re.findall(rf"<{tag}>(.*?)</{tag}>", page, flags=re.S)
        assert len(text) == 1
        assert base64.b64encode(hashlib.sha256(text[0].encode()).digest()).decode() in policy


def test_hostile_text_is_shown_as_text_in_html(hostile):
    page, _ = hostile
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "\u202e" not in page and "[U+202E]" in page and "\x1b" not in page
    assert 'href="javascript' not in page


@pytest.mark.parametrize(
    "text, expected",
    [
        (
            "we [-keep-]{+kept+} it",
            "we <del><i>[-</i>keep<i>-]</i></del><ins><i>{+</i>kept<i>+}</i></ins> it",
        ),
        (
            "[-a-] b [-c [\u2026] d-]",
            "<del><i>[-</i>a<i>-]</i></del> b <del><i>[-</i>c [\u2026] d<i>-]</i></del>",
        ),  # each for itself
        (
            "[-<b>-] &",
            "<del><i>[-</i>&lt;b&gt;<i>-]</i></del> &amp;",
        ),  # nothing of a page becomes markup
        ("[sic] - {x} + [-", "[sic] - {x} + [-"),
    ],
)
def test_what_a_wording_changes_is_marked_in_a_cell(text, expected):
    assert publish_html.mark_changes(text) == expected


def test_report_carries_its_evidence_as_web_annotations(hostile, small_articles):
    page, _ = hostile
    block = json.loads(
        re.search(
            r'<script type="application/ld\+json"[^>]*>(.*?)</script>', page, flags=re.S
        ).group(1)
    )
    texts = {f"urn:sha256:{article.sha256}": article.text for article in small_articles}
    assert block["total"] == len(block["items"]) == page.count('class="noted"') > 0
    for item in block["items"]:
        position, quote = item["target"]["selector"]
        text = texts[item["target"]["source"]]
        words = text[position["start"] : position["end"]]
        if (
            quote["type"] == "RangeSelector"
        ):  # its middle is left out: it goes from its first words to after its last
            first, last = quote["startSelector"]["exact"], quote["endSelector"]["prefix"]
            assert (
                words.startswith(first) and words.endswith(last) and len(first + last) < len(words)
            )
            assert item["target"]["exact_sha256"] == hashlib.sha256(words.encode()).hexdigest()
            continue
        assert words == quote["exact"] and text[: position["start"]].endswith(quote["prefix"])
        assert text[position["end"] :].startswith(quote["suffix"])


def test_every_note_number_leads_to_a_note_and_every_id_is_its_own(hostile):
    page, _ = hostile
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    targets = re.findall(r'popovertarget="([^"]+)"', page) + re.findall(r'href="#([^"]+)"', page)
    assert targets and set(targets) <= set(ids)


def test_every_exhibit_is_numbered_and_offers_its_rows(hostile):
    page, _ = hostile
    assert re.findall(
        r'<span class="label">((?:Table|Figure) \d)</span> ', page.split("<main")[1]
    ) == [
        "Table 1",
        "Figure 1",
    ]
    assert len(re.findall(r'download="positions-(?:table|figure)-1.csv"', page)) == 2


@pytest.mark.parametrize(
    "source, inside, outside",
    [
        ("[x](javascript:alert(1))", "x", "javascript"), ("[x](data:text/html,1)", "x", "data:text"),
        ("[x](https://example.org)", 'href="https://example.org"', "<script"),
        ("<b onclick=alert(1)>x</b>", "&lt;b onclick", "<b "), ("![x](http://e.org/p.png)", "x", "<img"),
        ("*em* **strong** `code`", "<em>em</em> <strong>strong</strong> <code>code</code>", "*"),
        ("- one\n- two", "<ul><li>", "- one"),
        ("> ### Inside", "<blockquote>\n<h3>Inside</h3></blockquote>", "> ###"),  # a heading that has no address of its own
    ],
)  # fmt: skip
def test_prose_is_set_and_markup_in_it_is_not(source, inside, outside):
    cells = [{"cell_type": "markdown", "source": f"# T\n\n## H\n\n{source}", "metadata": {}}]
    page = publish_html.write_html(document.read_document({"cells": cells, "metadata": {}}))
    main = page.split("<main")[1].split("<section")[0]
    assert inside in main and outside not in main


def test_references_to_exhibits_become_links_only_when_they_lead_somewhere():
    prose = [Paragraph((Text("See Table 1 and Table 2."),))]
    (linked,) = document._link_references(prose, {"Table 1": "one"})
    links = [part.address for part in linked.parts if isinstance(part, Hyperlink)]
    assert links == ["#one"]


@pytest.mark.parametrize(
    "title, slug",
    [
        ("Who said what?", "who-said-what"),
        ("臉書", None),
        ("1. First", None),
        ("", None),
        ("Café <b>", "cafe-b"),
    ],
)
def test_slugs_are_ids(title, slug):
    made = document.make_slug(title)
    assert re.fullmatch(r"[a-z][a-z0-9-]*", made) and (slug is None or made == slug)


@pytest.mark.parametrize(
    "colour, is_light_on_dark",
    [
        ("#000000", True), ("#222222", True),  # ink
        ("#ffffff", False), ("#f2f2f2", False), ("#cfe3f2", False),  # paper, grid, tint: words stand on them
        ("#0d5a66", True), ("#d55e00", True), ("#0072b2", True),  # hues
    ],
)  # fmt: skip
def test_dark_colours_stand_out_where_the_light_ones_did(colour, is_light_on_dark):
    dark = darken_colour(colour)
    assert re.fullmatch(r"#[0-9a-f]{6}", dark)
    weight = sum(int(dark[i : i + 2], 16) * w for i, w in ((1, 0.2126), (3, 0.7152), (5, 0.0722)))
    assert (weight > 115) == is_light_on_dark


# ------------------------------------------------------------------------------------------------------------- PDF


def test_pdf_passes_every_rule_of_the_validator(hostile, tmp_path):
    import pdfua

    path = tmp_path / "report.pdf"
    path.write_bytes(hostile[1])
    result = pdfua.validate(str(path))
    assert list(result.findings) == []


def test_pdf_has_title_language_bookmarks_and_evidence(hostile, tmp_path):
    import io

    import pikepdf

    with pikepdf.open(io.BytesIO(hostile[1])) as pdf:
        assert str(pdf.Root.Lang) == "en" and "/Outlines" in pdf.Root and pdf.Root.MarkInfo.Marked
        assert b"Which position?" in bytes(pdf.Root.Metadata.read_bytes())
        block = json.loads(pdf.attachments["evidence.jsonld"].get_file().read_bytes())
        assert block["total"] > 0
        for page in pdf.pages:
            for font in page.Resources.get("/Font", {}).values():
                for inner in font.DescendantFonts:
                    assert (
                        "/FontFile2" in inner.FontDescriptor or "/FontFile3" in inner.FontDescriptor
                    )  # embedded


@pytest.mark.kernel
def test_the_passages_behind_a_drawing_stand_on_pages_however_many_they_are(place):
    import io

    import pikepdf

    cell = """from matplotlib.figure import Figure
figure = Figure(figsize=(4, 6))
bars = figure.subplots().bar(["one"], [1])
marks = tables.annotations[["code"]].assign(evidence=[[id] for id in tables.annotations["annotation_id"]])
hk.show_figure(figure, title="Drawn", alt="One bar.", data=marks, tables=tables)"""
    report.render_report(
        write_notebook(place / "drawn.ipynb", cell), data=place / "tables", reports=place / "drawn"
    )
    with pikepdf.open(io.BytesIO((place / "drawn" / "drawn.pdf").read_bytes())) as pdf:
        heights = {page.objgen: float(page.MediaBox[3]) for page in pdf.pages}
        links = [link for page in pdf.pages for link in page.get("/Annots", ())]
        aims = [link.get("/Dest", link.get("/A", {}).get("/D")) for link in links]
        aims = [aim for aim in aims if aim is not None]
        outside = [float(aim[3]) for aim in aims if not 0 < float(aim[3]) < heights[aim[0].objgen]]
    assert (
        len(aims) == 2 and outside == []
    )  # the first and the last, which the run of their numbers leads to


@pytest.mark.parametrize(
    "numbers, runs",
    [([], []), ([3], [[3, 3]]), ([1, 2], [[1, 1], [2, 2]]), ([4, 1, 2, 3, 9, 9], [[1, 4], [9, 9]])],
)
def test_note_numbers_are_set_as_runs(numbers, runs):
    assert find_runs(numbers) == runs


@pytest.mark.parametrize("n_columns, is_wide", [(3, False), (6, False), (18, True)])
def test_wide_tables_get_a_page_on_its_side(n_columns, is_wide):
    columns = [
        {"name": f"c{i}", "label": f"column {i}", "numeric": False} for i in range(n_columns)
    ]
    row = {"cells": [{"text": "some words here", "evidence": []}] * n_columns, "evidence": []}
    table = lay_out_table({"columns": columns, "rows": [row]}, {})
    assert table["is_wide"] is is_wide and len(table["tracks"]) == n_columns


def test_letters_that_no_font_has_are_written_as_numbers():
    laid_out, simplified = publish_pdf.replace_unknown({"a": "臉書 脸书 😀 \x1b", "b": ["ok"]})
    assert laid_out["a"] == "臉書 脸书 [U+1F600] [U+241B]"
    assert set("脸书") <= set(simplified)
    assert publish_pdf.replace_unknown({"a": "臉書"})[1] == ""


# ----------------------------------------------------------------------------------------------------------- fonts


def test_fonts_are_converted_once_and_mended_when_damaged(tmp_path, monkeypatch):
    from hkresearch.display import fonts

    monkeypatch.setenv("HKRESEARCH_CACHE", str(tmp_path))
    monkeypatch.setattr(
        fonts,
        "write_truetype",
        lambda source, target: target.write_bytes(b"font of " + source.name.encode()),
    )
    fonts._convert_font.cache_clear()
    path = convert_font("Noto Sans TC")
    good = path.read_bytes()
    path.write_bytes(b"damaged")
    fonts._convert_font.cache_clear()
    assert convert_font("Noto Sans TC").read_bytes() == good
    fonts._convert_font.cache_clear()


def test_web_fonts_hold_the_letters_of_the_report():
    import io

    from fontTools.ttLib import TTFont

    latin, han = (TTFont(io.BytesIO(font)) for font in make_web_fonts("Noto Sans TC", "abc 臉書“”"))
    assert {ord("a"), ord("“")} <= set(latin.getBestCmap())
    assert set(han.getBestCmap()) == {ord(c) for c in "臉書“”"}
    quote = ord("“")  # narrow in Latin text, as wide as a Han character in Chinese
    assert (
        latin["hmtx"][latin.getBestCmap()[quote]][0]
        < han["hmtx"][han.getBestCmap()[quote]][0]
        == 1000
    )
    assert ord("臉") in list_covered("Noto Serif TC")


# ------------------------------------------------------------------------------------------------------ index, CSV


def test_published_tables_quote_no_whole_page(small_tables, small_articles, tmp_path):
    cited = set(small_tables.annotations["annotation_id"])
    files = index.write_tables_csv(limit_tables(small_tables, cited), tmp_path / "tables")
    assert {f["name"] for f in files} >= {"articles", "annotations", "claims", "refused"}
    text = (tmp_path / "tables" / "annotations.csv").read_text(encoding="utf-8-sig")
    for article in small_articles:
        assert article.text.strip() not in text
    assert "Subscribe now for two coins" not in text


def test_exporters_are_importable_where_the_entry_points_say():
    from importlib.metadata import entry_points

    names = {point.name: point for point in entry_points(group="nbconvert.exporters")}
    assert names["hkresearch-html"].load() is report.ReportHTMLExporter
    assert names["hkresearch-pdf"].load() is report.ReportPDFExporter
