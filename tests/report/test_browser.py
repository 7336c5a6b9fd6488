"""Reports in a real browser: nothing runs, nothing is fetched, nothing overflows, and everyone can read them."""

import re
from pathlib import Path

import pytest

from hkresearch.report import render_reports
from hkresearch.report.private_copies import write_copies
from hkresearch.tables.tables import write_tables
from support.browsers import RULES
from support.notebooks import ANSWER, FIGURE, HOSTILE, TABLE, write_notebook

WIDTHS, SCHEMES = (375, 1280), ("light", "dark")


@pytest.fixture(scope="module")
def reports(tmp_path_factory, small_tables):
    folder = tmp_path_factory.mktemp("browser")
    write_tables(small_tables, folder / "tables")
    wide = TABLE.replace(
        "subject, evidence", 'subject, **{f"column {i}": subject for i in range(9)}, evidence'
    )
    plain = write_notebook(
        folder / "plain.ipynb", ANSWER, wide, FIGURE, "print(subject)", "#!## Drawn\n\nSee Table 1."
    )
    hostile = write_notebook(
        folder / "hostile.ipynb",
        ANSWER,
        wide,
        FIGURE,
        parameters=f"data = 'x'\nsubject = {HOSTILE!r}\nlimit = 9\n",
    )
    broken = write_notebook(
        folder / "broken.ipynb", "raise ValueError('<script>alert(1)</script>')"
    )
    outcomes = render_reports(
        [plain, hostile, broken], folder / "tables", folder / "reports", {}, lambda line: None
    )
    assert [(o.name, o.error) for o in outcomes if o.error and o.name != "broken"] == []
    return folder / "reports"


class Visit:
    """A page opened in `browser`, with everything it said, asked for and popped up."""

    def __init__(self, browser, path, width=1280, scheme="light", **options):
        self.context = browser.new_context(
            viewport={"width": width, "height": 800}, color_scheme=scheme, **options
        )
        self.page = self.context.new_page()
        self.said, self.asked, self.dialogs = [], [], []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on(
            "dialog", lambda dialog: (self.dialogs.append(dialog.message), dialog.dismiss())
        )
        self.page.goto(path.as_uri())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.context.close()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["plain", "hostile", "index"])
def test_a_report_is_quiet_whole_and_accessible(browser, reports, axe, name, width):
    for scheme in SCHEMES:
        with Visit(browser, reports / f"{name}.html", width, scheme) as visit:
            for summary in visit.page.locator("summary").all():
                summary.click()
            overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            assert visit.page.evaluate(overflow) <= 0
            outside = [url for url in visit.asked if not url.startswith(("file:", "data:"))]
            assert (visit.said, outside, visit.dialogs) == ([], [], [])
            devtools = visit.context.new_cdp_session(visit.page)
            devtools.send("Runtime.evaluate", {"expression": axe})  # past the page's own policy
            result = visit.page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
            assert [(v["id"], v["nodes"][0]["html"]) for v in result["violations"]] == []
            assert len(result["passes"]) > 15


def test_on_a_telephone_rows_stand_below_each_other_with_their_headings(browser, reports):
    with Visit(browser, reports / "plain.html", 375) as visit:
        table = visit.page.locator(".exhibit.table .scroll").first
        assert table.evaluate("box => box.scrollWidth - box.clientWidth") <= 0
        cell = table.locator("tbody td").first
        assert cell.evaluate("cell => getComputedStyle(cell, '::before').content") == '"Position"'
        assert table.locator(".sort").first.is_visible()
        visit.page.emulate_media(media="print")
        assert cell.evaluate("cell => getComputedStyle(cell).display") == "table-cell"


def test_a_passage_opens_in_place_by_keyboard_and_closes_with_escape(browser, reports):
    with Visit(browser, reports / "plain.html") as visit:
        pill = visit.page.locator(".answer .pill").first
        note = visit.page.locator("#note-1")
        assert not note.is_visible()
        pill.focus()
        visit.page.keyboard.press("Enter")
        assert note.is_visible() and "characters" in note.inner_text()
        visit.page.keyboard.press("Escape")
        assert not note.is_visible()
        assert pill.evaluate("element => element === document.activeElement")


def test_a_passage_opens_without_script_and_all_can_be_shown(browser, reports):
    with Visit(browser, reports / "plain.html", java_script_enabled=False) as visit:
        visit.page.locator(".answer .pill").first.click()
        assert visit.page.locator("#note-1").is_visible()
        visit.page.keyboard.press("Escape")
        visit.page.locator("#show-all").check()
        notes = visit.page.locator(".noted")
        assert notes.count() > 1 and all(note.is_visible() for note in notes.all())


def test_a_table_sorts_and_filters(browser, reports):
    with Visit(browser, reports / "hostile.html") as visit:
        table = visit.page.locator("table[data-filter]").first
        before = table.locator("tbody tr th span").all_inner_texts()
        table.locator(".sort").first.click()
        assert table.locator("tbody tr th span").all_inner_texts() == sorted(before)
        visit.page.locator(".filter input").first.fill("telegram")
        shown = [row for row in table.locator("tbody tr").all() if row.is_visible()]
        assert 0 < len(shown) < len(before) and all("telegram" in row.inner_text() for row in shown)


def test_rows_can_be_saved_from_inside_the_file(browser, reports):
    with Visit(browser, reports / "plain.html", accept_downloads=True) as visit:
        with visit.page.expect_download() as download:
            visit.page.locator("a.csv").first.click()
        text = Path(download.value.path()).read_text(encoding="utf-8-sig")
        assert (
            text.startswith("organisation,position,exact")
            and download.value.suggested_filename == "plain-table-1.csv"
        )


def test_the_index_searches_from_the_file_system(browser, reports):
    with Visit(browser, reports / "index.html") as visit:
        visit.page.locator("#search").fill("臉書 telegram")
        shown = [
            card.locator("a").first.get_attribute("href")
            for card in visit.page.locator(".card:visible").all()
        ]
        assert shown == ["hostile.html"]
        assert "ValueError" in visit.page.locator(".failed").inner_text()


def test_notes_are_printed_as_notes(browser, reports):
    with Visit(browser, reports / "plain.html") as visit:
        visit.page.emulate_media(media="print")
        assert visit.page.locator("#note-1").is_visible()
        assert not visit.page.locator(".contents").is_visible()


@pytest.fixture(scope="module")
def copies(reports, small_articles):
    return write_copies(small_articles, reports)


def test_with_the_pages_at_hand_a_passage_leads_into_its_page(browser, copies, small_articles):
    with Visit(browser, copies / "plain.html") as visit:
        visit.page.locator(".answer .pill").first.click()
        place = visit.page.locator("#note-1 .place a")
        line, start, end = (
            int(n)
            for n in re.search(r"line (\d+), characters (\d+)–(\d+)", place.inner_text()).groups()
        )
        file = visit.page.locator("#note-1 .place code").first.inner_text()
        place.click()
        visit.page.wait_for_url("**/pages/*")
        text = next(article.text for article in small_articles if article.file == file)
        assert "".join(visit.page.locator("mark.now").all_inner_texts()) == text[start:end].replace(
            "\n", ""
        )
        assert visit.page.locator(f"#line-{line} mark.now").first.is_visible()
        outside = [url for url in visit.asked if not url.startswith(("file:", "data:"))]
        assert (visit.said, outside) == ([], [])
        assert "private use" in visit.page.locator(".kicker").inner_text()


def test_copies_of_pages_are_sound_accessible_and_no_part_of_what_is_published(
    browser, copies, reports, axe, small_articles
):
    written = sorted(path.name for path in (copies / "pages").iterdir())
    assert written and set(written) <= {f"{article.file}.html" for article in small_articles}
    assert "pages/" not in (reports / "plain.html").read_text(encoding="utf-8")
    for width in WIDTHS:
        with Visit(browser, copies / "pages" / written[0], width) as visit:
            visit.context.new_cdp_session(visit.page).send("Runtime.evaluate", {"expression": axe})
            result = visit.page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
            assert [(v["id"], v["nodes"][0]["html"]) for v in result["violations"]] == []
