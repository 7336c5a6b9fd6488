"""A build of the five real pages."""

import pytest

from support.command_line import run_here
from support.paths import SHARED


def test_the_real_pages_annotations_quote_their_text_and_parts_tile_it(real):
    import pandas as pd

    from hkresearch import read_articles

    articles = {article.id: article for article in read_articles(SHARED / "articles")}
    tables = {
        name: pd.read_parquet(real.tables / f"{name}.parquet")
        for name in ("articles", "annotations")
    }
    assert set(tables["articles"].article_id) == set(articles) and len(articles) == 5
    for row in tables["annotations"].to_dict("records"):
        assert articles[row["article_id"]].text[row["start"] : row["end"]] == row["exact"]
    parts = tables["annotations"].query("variable == 'part'").sort_values(["article_id", "start"])
    for id, group in parts.groupby("article_id"):
        assert [*group["start"], len(articles[id].text)] == [0, *group["end"]]


def test_what_the_real_pages_do_not_say_stays_empty(real):
    import pandas as pd

    articles = pd.read_parquet(real.tables / "articles.parquet").set_index("article_id")
    dated = articles.date_published[articles.date_published != ""]
    assert dated.to_dict() == {"001_1af259e334f4400f": "2020-07-08"}
    assert articles.publisher["002_c5fcbf731a1d4602"] == ""


def test_the_real_pages_are_recognised_when_they_are_added(tmp_path):
    if not (SHARED / "articles").is_dir():
        pytest.skip("the real pages (../shared/articles) are not here")
    pages = sorted((SHARED / "articles").glob("*.txt"))
    output = run_here("add", *pages, "--raw", tmp_path / "raw")
    assert "5 page(s) added" in output and output.count("recognised") == 5
    assert (tmp_path / "raw/articles.csv").read_text("utf-8") == (
        SHARED / "articles/articles.csv"
    ).read_text("utf-8")
