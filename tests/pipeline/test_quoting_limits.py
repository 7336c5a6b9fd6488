"""What is published shows no more of a page than the codebook allows: reports, tables, index, feed and bundle."""

import re
import shutil

import pytest

from hkresearch import read_tables
from support.command_line import run_here
from support.paths import RAW, ROOT, SHARED
from support.shown_text import count_shown, list_runs, read_shown


@pytest.mark.kernel
def test_no_publication_of_the_sample_shows_more_of_a_page_than_its_budget(tmp_path):
    """The sample as if its authors had waived nothing: what is in the public domain has no limit."""
    raw = shutil.copytree(RAW, tmp_path / "raw")
    register = raw / "articles.csv"
    register.write_text(register.read_text("utf-8").replace("CC0-1.0", ""), "utf-8")
    notebooks = [ROOT / f"notebooks/{name}.ipynb" for name in ("positions", "quotations")]
    given = ("--raw", raw, "--out", tmp_path / "tables", "--reports", tmp_path / "reports")
    run_here("report", *notebooks, *given)
    check_budgets(tmp_path / "reports", tmp_path / "tables")


def check_budgets(reports, tables_folder):
    """Every report as HTML and as PDF, the tables, the index and the feed: no more of any page than the codebook allows."""
    from hkresearch.report.quotable_pages import read_quotable_pages

    pages = read_quotable_pages(read_tables(tables_folder))
    whole = dict(pages.read_texts(pages))
    assert pages and all(0 < page.budget < len(whole[id]) / 2 for id, page in pages.items())
    texts = {
        path.name: read_shown(path)
        for path in reports.iterdir()
        if path.suffix in (".html", ".pdf") or path.name == "feed.json"
    }
    texts["tables"] = "\n".join(
        path.read_text("utf-8") for path in (reports / "tables").glob("*.csv")
    )
    over = {
        (name, id): (shown, page.budget)
        for name, text in texts.items()
        for runs in [list_runs(text)]
        for id, page in pages.items()
        if (shown := count_shown(whole[id], runs)) > page.budget
    }
    assert over == {}
    runs = list_runs(texts["positions.html"])
    assert max(count_shown(text, runs) for text in whole.values()) > 100, "it does quote"


def test_a_bundle_of_the_real_pages_quotes_no_more_of_them_than_its_reports(
    published_real, tmp_path
):
    from hkresearch import read_articles
    from hkresearch.bundle.archive import read_archive
    from hkresearch.evidence.evidence_block import read_evidence

    reports = ("--reports", published_real.reports)
    run_here("bundle", tmp_path / "real.zip", *published_real.given, *reports)
    assert "0 fault(s)" in run_here("verify", tmp_path / "real.zip", "--raw", SHARED / "articles")
    files, _ = read_archive((tmp_path / "real.zip").read_bytes())
    pages = {article.file: article.text for article in read_articles(SHARED / "articles")}
    cited = {file: set() for file in pages}
    for name, data in files.items():
        if re.fullmatch(r"reports/(?!index)[^/]+\.html", name):
            for item in read_evidence(data, is_pdf=False):
                span = range(item["start"] - len(item["before"]), item["end"] + len(item["after"]))
                cited[item["file"]].update(span)
    texts = "\n|\n".join(list_cells(files))
    for file, text in pages.items():
        words = list(re.finditer(r"\S+", text))
        for first, last in zip(words, words[12:], strict=False):
            if not cited[file].issuperset(range(first.start(), last.end())):
                assert text[first.start() : last.end()] not in texts, (file, first.start())


def test_no_publication_of_the_real_pages_shows_more_of_one_than_its_budget(published_real):
    check_budgets(published_real.reports, published_real.tables)


def list_cells(files):
    """Every cell of the tables in a bundle, and the text of every file that is no report."""
    import io

    import pandas as pd

    for name, data in files.items():
        if name.endswith(".parquet"):
            for _, column in pd.read_parquet(io.BytesIO(data)).astype(str).items():
                yield from column.unique()
        elif not name.endswith((".pdf", ".html")):
            yield data.decode("utf-8-sig")
