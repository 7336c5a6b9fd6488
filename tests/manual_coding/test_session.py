"""Coding by hand: every answer is saved, taken back, or refused in words."""

import pandas as pd
import pytest

from hkresearch.core.article import HkresearchError
from hkresearch.manual_coding import csv_ledger as ledger
from hkresearch.manual_coding.csv_ledger import read_ledger
from hkresearch.pipeline.build_tables import build_tables
from hkresearch.reconcile.decisions import read_decisions
from hkresearch.tables.coding_files import CODING_COLUMNS
from hkresearch.tables.human_codings import read_codings
from support.coding_by_hand import open_view
from support.small_corpus import make_article


def test_every_answer_is_a_decision_that_the_next_build_obeys(
    tables, small_articles, book, tmp_path
):
    view = open_view(tables, small_articles, tmp_path)
    accepted, rejected, recoded = view._judging.queue[:3]
    other = "refuse" if recoded.code != "refuse" else "pause"
    assert view.accept("plain").startswith("Saved: passage 1, accept.")
    assert view.reject("reported speech").startswith("Saved: passage 2, reject.")
    assert view.recode(other).startswith(f"Saved: passage 3, recode {other}.")
    rows = read_decisions(tmp_path / "decisions.csv")
    assert [(r["target"], r["decision"], r["reason"], r["coder"]) for r in rows] == [
        (accepted.annotation_id, "accept", "plain", "anna"),
        (rejected.annotation_id, "reject", "reported speech", "anna"),
        (recoded.annotation_id, f"recode {other}", "no reason given", "anna"),
    ]
    built = build_tables(small_articles, book, decisions=tmp_path / "decisions.csv")
    marks = built.annotations.set_index("annotation_id")
    assert rejected.annotation_id not in marks.index
    assert tuple(marks.loc[recoded.annotation_id, ["code", "coder"]]) == (other, "anna")
    assert tuple(marks.loc[accepted.annotation_id, ["code", "coder"]]) == (
        accepted.code,
        accepted.coder,
    )
    assert built.decisions["n_matched"].tolist() == [1, 1, 1]


def test_a_missed_passage_goes_into_the_coders_own_file(tables, small_articles, book, tmp_path):
    view = open_view(tables, small_articles, tmp_path)
    page = view._judging.articles[view._judging.passage.article_id]
    assert (
        view.add(0, 12, "apple", "position", "review", "a headline")
        == "Saved: added position = review."
    )
    assert view.mark_read() == "Saved: read in full for position."
    codings = [
        c.annotation
        for c in read_codings(
            tmp_path, small_articles, {"entities": book.entities, "variables": book.variables}
        )
    ]
    assert [
        (a.article_id, a.exact, a.subject, a.code, a.coder)
        for a in codings
        if a.variable == "position"
    ] == [(page.id, page.text[:12].strip(), "apple", "review", "anna")]
    assert [(a.start, a.end, a.code) for a in codings if a.variable == "read"] == [
        (0, len(page.text), "position")
    ]
    assert not (tmp_path / "decisions.csv").exists()


def test_undo_takes_back_one_answer_after_another_and_restores_what_was_replaced(
    tables, small_articles, tmp_path
):
    view = open_view(tables, small_articles, tmp_path)
    view.accept("first")
    view.skip(-1)
    view.reject("on second thoughts")
    view.add(0, 12, "apple", "position", "review")
    assert view.undo().startswith("Taken back: position = review")
    assert read_ledger(tmp_path / "codings/anna.csv", CODING_COLUMNS) == []
    assert view.undo().startswith("Taken back: reject") and view._judging.at == 0
    assert [row["reason"] for row in read_decisions(tmp_path / "decisions.csv")] == ["first"]
    assert view.undo().startswith("Taken back: accept")
    assert read_decisions(tmp_path / "decisions.csv") == []
    assert "Nothing to take back" in view.undo()


def test_a_view_opened_again_goes_on_and_can_still_take_back(tables, small_articles, tmp_path):
    first = open_view(tables, small_articles, tmp_path)
    first.accept()
    first.accept()
    again = open_view(tables, small_articles, tmp_path)
    assert again._judging.at == 2 and "2 judged" in repr(again)
    assert again.undo().startswith("Taken back: accept") and again._judging.at == 1
    assert len(read_decisions(tmp_path / "decisions.csv")) == 1


def test_what_another_person_decided_is_not_overruled_unseen(tables, small_articles, tmp_path):
    open_view(tables, small_articles, tmp_path, coder="bela").reject("no")
    said = open_view(tables, small_articles, tmp_path).accept()
    assert "bela decided this one already (reject" in said and said.startswith("Nothing was saved")
    assert [row["coder"] for row in read_decisions(tmp_path / "decisions.csv")] == ["bela"]
    assert open_view(tables, small_articles, tmp_path, own=True).accept().startswith("Saved")


@pytest.mark.parametrize(
    "act, message",
    [
        (lambda view: view.recode("nonsense"), "'nonsense' is no code of position"),
        (lambda view: view.recode(" "), "no code was given"),
        (lambda view: view.add(5, 5, "apple", "position", "pause"), "Nothing is selected"),
        (
            lambda view: view.add(0, 10**9, "nobody", "position", "pause"),
            "neither this page nor an entity",
        ),
        (
            lambda view: view.add(0, 9, "apple", "shoe_size", "44"),
            "'shoe_size' is not in the codebook",
        ),
        (lambda view: view.add(0, 9, "apple", "requests", "many"), "must be a number"),
        (lambda view: view._obey({"do": "format the disk"}), None),
        (lambda view: view._obey({"do": "add", "start": "<img>"}), None),
        (lambda view: view._obey({}), None),
    ],
)
def test_an_answer_that_is_none_writes_nothing(act, message, tables, small_articles, tmp_path):
    view = open_view(tables, small_articles, tmp_path)
    said = act(view)
    assert (said or view._status).startswith("Nothing was saved: ") and (
        message or "sent something else"
    ) in view._status
    assert view._is_error and not list(tmp_path.rglob("*.csv"))


@pytest.mark.parametrize(
    "options, message",
    [
        ({"coder": "../../etc/passwd"}, "write a name of letters"),
        ({"coder": ""}, "write a name of letters"),
        ({"coder": "positions/1"}, "write a name of letters"),
        ({"variables": "shoe_size"}, "nothing in these tables is coded for it. Coded are: "),
        (
            {"passages": pd.DataFrame({"article_id": []})},
            "column(s) start, end, exact, subject, variable missing",
        ),
        ({"articles": []}, "this page is not among the articles given"),
        ({"articles": "changed"}, "the tables come from another state of the page"),
    ],
)
def test_a_view_that_cannot_be_opened_says_why(options, message, tables, small_articles, tmp_path):
    articles = options.get("articles", small_articles)
    if articles == "changed":
        articles = [make_article(a.id, "Other words. " + a.text) for a in small_articles]
    with pytest.raises(HkresearchError) as caught:
        open_view(
            tables, articles, tmp_path, **{k: v for k, v in options.items() if k != "articles"}
        )
    assert message in str(caught.value)


def test_a_disk_that_is_full_is_said_and_nothing_moves_on(
    tables, small_articles, tmp_path, monkeypatch
):
    view = open_view(tables, small_articles, tmp_path)
    monkeypatch.setattr(
        ledger.os,
        "fsync",
        lambda number: (_ for _ in ()).throw(OSError(28, "No space left on device")),
    )
    assert view.accept().startswith("Nothing was saved: [Errno 28]") and view._judging.at == 0
