"""Coding by hand: what reaches the disk and when, samples drawn blind, and coders compared."""

import csv
import os
import subprocess
import sys
from html.parser import HTMLParser

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hkresearch as hk
from hkresearch.__main__ import main
from hkresearch.core.article import HkresearchError
from hkresearch.core.files import lock_folder
from hkresearch.manual_coding import csv_ledger as ledger
from hkresearch.manual_coding.csv_ledger import enter_row, read_ledger, withdraw_row
from hkresearch.manual_coding.passage_queue import _share_out
from hkresearch.manual_coding.screen import describe_coded_page, show_controls
from hkresearch.pipeline.build_tables import build_tables
from hkresearch.reconcile.decisions import DECISION_COLUMNS, read_decisions
from hkresearch.tables.coding_files import CODING_COLUMNS
from hkresearch.tables.human_codings import read_codings
from support.small_corpus import make_article

ROW = {"target": "t1", "decision": "reject", "reason": "why", "coder": "anna", "date": "2026-01-02"}
HEAD = "target,decision,reason,coder,date\n"
LINE = "t1,reject,why,anna,2026-01-02\n"


@pytest.mark.parametrize(
    "before, after, reason",
    [
        (None, HEAD + LINE, "a file that is not there is begun"),
        ("", HEAD + LINE, "an empty file too"),
        (HEAD, HEAD + LINE, "the first row"),
        (HEAD + "t0,reject,a,bela,2026-01-01\n", HEAD + "t0,reject,a,bela,2026-01-01\n" + LINE, "others stay"),
        (HEAD + "t0,reject,a,bela,2026-01-01", HEAD + "t0,reject,a,bela,2026-01-01\n" + LINE, "a last line left open"),
        ("\ufeff" + HEAD, "\ufeff" + HEAD + LINE, "a spreadsheet's mark stays, once"),
        (HEAD.replace("\n", "\r\n"), (HEAD + LINE).replace("\n", "\r\n"), "a file keeps its line ends"),
        ("coder,note,target,decision,reason,date\n", "coder,note,target,decision,reason,date\nanna,,t1,reject,why,2026-01-02\n",
         "columns in another order, and one more"),
        (HEAD + 't0,reject,"two\nlines, ""quoted""",bela,2026\n', HEAD + 't0,reject,"two\nlines, ""quoted""",bela,2026\n' + LINE,
         "a row of two lines is one row, byte for byte"),
        (HEAD + "\n\n", HEAD + "\n\n" + LINE, "blank lines stay where they are"),
        (HEAD + "t1,accept,old,anna,2025\n", HEAD + LINE, "a second answer takes the place of the first"),
        (HEAD + "t1,accept,old,bela,2025\n", HEAD + "t1,accept,old,bela,2025\n" + LINE, "somebody else's does not"),
    ],
)  # fmt: skip
def test_one_row_changes_and_no_other(before, after, reason, tmp_path):
    path = tmp_path / "raw" / "decisions.csv"
    if before is not None:
        path.parent.mkdir()
        path.write_bytes(before.encode())
    replaced = enter_row(path, DECISION_COLUMNS, ROW, ("target", "coder"))
    assert path.read_bytes().decode() == after, reason
    assert withdraw_row(path, DECISION_COLUMNS, ROW, replaced)
    assert sorted(map(str, read_ledger(path, DECISION_COLUMNS))) == sorted(
        str(r) for r in _read(before or HEAD)
    ), reason
    assert sorted(os.listdir(path.parent)) == ["decisions.csv"], "nothing is left beside it"


def _read(text):
    return (
        list(csv.DictReader(text.removeprefix("\ufeff").splitlines(keepends=True)))
        if text.count("\n\n") == 0
        else [{}, {}]
    )


@pytest.mark.parametrize(
    "data, message, reason",
    [
        (
            b"a,b\n1,2\n",
            "column(s) target, decision, reason, coder, date missing",
            "another file altogether",
        ),
        (b"\xff\xfe\x00", "cannot be read as CSV in UTF-8", "not UTF-8"),
        (HEAD.encode() + b'"never closed', "not valid CSV", "a quotation mark left open"),
    ],
)
def test_a_file_that_cannot_be_read_is_left_alone(data, message, reason, tmp_path):
    path = tmp_path / "decisions.csv"
    path.write_bytes(data)
    with pytest.raises(HkresearchError) as caught:
        enter_row(path, DECISION_COLUMNS, ROW, ("target",))
    assert message in str(caught.value) and str(path) in str(caught.value), reason
    assert path.read_bytes() == data


def test_a_write_that_breaks_off_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "decisions.csv"
    enter_row(path, DECISION_COLUMNS, ROW, ("target",))
    old = path.read_bytes()
    monkeypatch.setattr(
        ledger.os,
        "fsync",
        lambda number: (_ for _ in ()).throw(OSError(28, "No space left on device")),
    )
    with pytest.raises(OSError):
        enter_row(path, DECISION_COLUMNS, ROW | {"target": "t2"}, ("target",))
    assert path.read_bytes() == old


def test_a_link_stays_a_link_and_rights_stay(tmp_path):
    path, link = tmp_path / "real.csv", tmp_path / "link" / "decisions.csv"
    link.parent.mkdir()
    path.write_text(HEAD)
    path.chmod(0o640)
    link.symlink_to(path)
    enter_row(link, DECISION_COLUMNS, ROW, ("target",))
    assert (
        link.is_symlink()
        and path.read_text() == HEAD + LINE
        and path.stat().st_mode & 0o777 == 0o640
    )


def test_two_kernels_lose_no_row(tmp_path):
    path = tmp_path / "decisions.csv"
    code = (
        "import sys; from hkresearch.manual_coding.csv_ledger import enter_row, withdraw_row\n"
        f"path, columns, row = {str(path)!r}, {DECISION_COLUMNS!r}, {ROW!r}\n"
        "for n in range(30):\n"
        "    new = row | {'target': sys.argv[1] + str(n)}; enter_row(path, columns, new, ('target', 'coder'))\n"
        "    if n % 3 == 0: withdraw_row(path, columns, new)\n"
    )
    both = [subprocess.Popen([sys.executable, "-c", code, name]) for name in ("a", "b")]
    assert [kernel.wait(60) for kernel in both] == [0, 0]
    expected = {f"{name}{n}" for name in "ab" for n in range(30) if n % 3}
    assert {row["target"] for row in read_ledger(path, DECISION_COLUMNS)} == expected
    assert len(path.read_text().splitlines()) == 1 + len(expected)


def test_a_folder_held_by_another_program_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(ledger, "LONGEST_WAIT", 0.05)
    with lock_folder(tmp_path), pytest.raises(HkresearchError, match="another program has held"):
        enter_row(tmp_path / "decisions.csv", DECISION_COLUMNS, ROW, ("target",))
    assert not (tmp_path / "decisions.csv").exists()


cells = st.text(alphabet=st.sampled_from('a,"\n\r\t =é中𝄞\u202e'), max_size=6)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(cells, cells), max_size=4))
def test_whatever_stands_in_a_cell_comes_back(tmp_path_factory, pairs):
    path = tmp_path_factory.mktemp("ledger") / "decisions.csv"
    rows = [
        ROW | {"target": f"t{n}", "decision": one, "reason": other}
        for n, (one, other) in enumerate(pairs)
    ]
    for row in rows:
        enter_row(path, DECISION_COLUMNS, row, ("target",))
    assert [dict(row) for row in read_ledger(path, DECISION_COLUMNS)] == rows
    for row in reversed(rows):
        assert withdraw_row(path, DECISION_COLUMNS, row)
    assert read_ledger(path, DECISION_COLUMNS) == [] and not withdraw_row(
        path, DECISION_COLUMNS, ROW
    )


@pytest.fixture(scope="module")
def book():
    return hk.read_codebook()


@pytest.fixture(scope="module")
def tables(small_articles, book):
    return build_tables(small_articles, book)


def open_view(tables, articles, folder, **options):
    return hk.code_passages(
        tables, articles, coder=options.pop("coder", "anna"), folder=folder, **options
    )


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


def test_a_sample_is_the_same_for_everyone_and_hides_the_codes(tables, small_articles, tmp_path):
    sample = hk.draw_sample(tables, 5, seed=3)
    assert sample.equals(hk.draw_sample(tables, 5, seed=3)) and not sample.equals(
        hk.draw_sample(tables, 5, seed=4)
    )
    assert set(sample.columns) == {"article_id", "start", "end", "exact", "subject", "variable"}
    view = open_view(tables, small_articles, tmp_path, passages=sample)
    assert (
        "(hidden)" in repr(view)
        and view._describe()["code"] == ""
        and view._describe()["marks"] == []
    )
    assert "The code is hidden" in view.accept()
    view.recode(view._judging.list_codes(view._judging.passage.variable)[0])
    view.reject("neither")
    codes = [row["code"] for row in read_ledger(tmp_path / "codings/anna.csv", CODING_COLUMNS)]
    assert len(codes) == 2 and codes[1] == "none" and not (tmp_path / "decisions.csv").exists()


def test_another_page_moves_no_passage_out_of_its_order(tables, small_articles, book):
    fewer = build_tables([a for a in small_articles if a.id != "daily"], book)
    drawn = hk.draw_sample(tables, 10**6, seed=3)
    kept = drawn[drawn["article_id"] != "daily"].reset_index(drop=True)
    assert kept.equals(hk.draw_sample(fewer, 10**6, seed=3)) and len(kept) < len(drawn)


@pytest.mark.parametrize(
    "n, variables, message",
    [(0, "position", "at least one"), (3, "shoe_size", "nothing in these tables")],
)
def test_a_sample_that_cannot_be_drawn(n, variables, message, tables):
    with pytest.raises(HkresearchError, match=message):
        hk.draw_sample(tables, n, variables=variables)


@given(
    st.integers(1, 200), st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 90), min_size=1)
)
def test_strata_get_their_share(n, sizes):
    shares, total = _share_out(n, sizes), sum(sizes.values())
    assert sum(shares.values()) == min(n, total)
    for name, size in sizes.items():
        assert 0 <= shares[name] <= size
        assert abs(shares[name] - min(n, total) * size / total) <= 1 or shares[name] == 1
        assert shares[name] >= 1 or n < len(sizes) or shares[name] == min(n, total) * size // total


@given(st.text())
def test_signs_in_the_place_of_controls_move_no_offset(text):
    shown = show_controls(text)
    assert len(shown) == len(text) and not any(
        sign in shown for sign in "\x00\x1b\r\u202e\u2066\u200f"
    )
    shown.encode("utf-8")


class Tags(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags = set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        assert not [
            name for name, _ in attributes if name.startswith("on") or name in ("src", "href")
        ]


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\u202e\x1b[31m"


def test_the_static_form_shows_hostile_words_as_words(book, tmp_path):
    words = f"Facebook said on Monday that it would pause reviews of data requests from Hong Kong. {HOSTILE}"
    page = make_article(
        "page", f"Headline {HOSTILE}\n{HOSTILE} {words}\n{words}\n", headline=HOSTILE
    )
    tables = build_tables([page], book)
    view = open_view(tables, [page], tmp_path)
    html = view._repr_mimebundle_()["text/html"]
    assert Tags(html).tags <= {
        "style",
        "p",
        "code",
        "div",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "mark",
        "br",
        "small",
    }
    assert (
        "&lt;script&gt;" in html
        and "\u202e" not in html
        and "\u202e" not in describe_coded_page(page)["text"]
    )


def test_without_anywidget_there_is_still_a_view(tables, small_articles, tmp_path, monkeypatch):
    from hkresearch.manual_coding import view as module

    monkeypatch.setattr(module, "find_spec", lambda name: None)
    bundle = open_view(tables, small_articles, tmp_path)._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html"} and "view.accept()" in bundle["text/html"]


def test_the_widget_obeys_and_answers(tables, small_articles, tmp_path):
    pytest.importorskip("anywidget")
    view = open_view(tables, small_articles, tmp_path)
    bundle = view._repr_mimebundle_()
    assert {"application/vnd.jupyter.widget-view+json", "text/html", "text/plain"} <= set(bundle)
    widget = view._widget
    serial = widget.screen["serial"]
    widget._handle_custom_msg({"do": "reject", "at": 0, "reason": "by key"}, [])
    assert widget.screen["serial"] > serial and widget.screen["status"].startswith(
        "Saved: passage 1, reject."
    )
    assert (
        widget.page["id"] == widget.screen["article_id"]
        and read_decisions(tmp_path / "decisions.csv")[0]["reason"] == "by key"
    )
    assert "http" not in widget._esm + widget._css, "nothing comes from elsewhere"
    assert not any(
        word in widget._esm
        for word in ("innerHTML", "insertAdjacentHTML", "outerHTML", "document.write", "eval(")
    )


def code_row(coder, code, start=0, end=20, subject="apple", variable="position", **more):
    row = {
        "article_id": "page",
        "start": start,
        "end": end,
        "exact": "x" * (end - start),
        "subject": subject,
    }
    return (
        row
        | {"variable": variable, "code": code, "coder": coder, "date": "2026-01-02", "reason": ""}
        | more
    )


MERGED = [
    ([code_row("anna", "pause")], [code_row("bela", "pause")], [("agreed", "pause", "pause", "pause")], "the same"),
    ([code_row("anna", "pause")], [code_row("bela", "refuse")], [("disagreed", "pause", "refuse", "")], "another code"),
    ([code_row("anna", "pause")], [code_row("bela", "none")], [("disagreed", "pause", "none", "")], "nothing to code"),
    ([code_row("anna", "pause")], [code_row("bela", "pause", 2, 20)], [("other span", "pause", "pause", "pause")], "a shorter span"),
    ([code_row("anna", "pause")], [code_row("bela", "pause", 15, 40)], [("one coder", "pause", "", "pause"), ("one coder", "", "pause", "pause")],
     "a span that shares too little"),
    ([code_row("anna", "pause")], [code_row("bela", "pause", subject="zoom")], [("one coder", "pause", "", "pause"), ("one coder", "", "pause", "pause")],
     "another subject"),
    ([code_row("anna", "pause")], [code_row("bela", "position", 0, 90, "page", "read")], [("disagreed", "pause", "none", "")],
     "what was read in full and left uncoded is a none"),
    ([code_row("anna", "pause")], [code_row("bela", "requests", 0, 90, "page", "read")], [("one coder", "pause", "", "pause")],
     "read for another variable"),
    ([code_row("anna", "pause"), code_row("anna", "refuse", 1)], [code_row("bela", "refuse", 1)],
     [("one coder", "pause", "", "pause"), ("agreed", "refuse", "refuse", "refuse")], "two passages beside each other"),
]  # fmt: skip


def write_file(path, rows, columns=CODING_COLUMNS):
    path.parent.mkdir(exist_ok=True)
    for row in rows:
        enter_row(path, columns, {k: str(v) for k, v in row.items()}, columns)
    return path


@pytest.mark.parametrize("one, other, expected, reason", MERGED, ids=[row[-1] for row in MERGED])
def test_two_coders_are_compared(one, other, expected, reason, tmp_path):
    files = [
        write_file(tmp_path / f"{name}.csv", rows)
        for name, rows in (("anna", one), ("bela", other))
    ]
    merged = hk.merge_codings(*files)
    assert [tuple(row) for row in merged[["status", "anna", "bela", "code"]].values] == expected, (
        reason
    )
    assert merged.equals(hk.merge_codings(*reversed(files)))


def test_the_command_lists_disagreements_and_writes_the_rest(tmp_path, capsys):
    other = [
        code_row("bela", "pause", reason="so"),
        code_row("bela", "stop", 30, 50, reason="ends"),
    ]
    files = [
        write_file(
            tmp_path / "anna.csv", [code_row("anna", "pause"), code_row("anna", "exit", 30, 50)]
        ),
        write_file(tmp_path / "bela.csv", other),
    ]
    with pytest.raises(SystemExit) as ended:
        main(["merge-codings", *map(str, files), "--out", str(tmp_path / "both.csv")])
    said = capsys.readouterr().out
    assert (
        ended.value.code == 0
        and "page 30-50 apple position: anna: exit, bela: stop" in said
        and "(bela: ends)" in said
    )
    assert "1 agreed, 1 disagreed." in said and "1 row(s)" in said
    (row,) = read_ledger(tmp_path / "both.csv", CODING_COLUMNS)
    assert (row["code"], row["coder"], row["reason"]) == ("pause", "anna and bela", "bela: so")


def test_decisions_of_two_copies_merge_too(tmp_path):
    both = {"a" * 16: "reject", "b" * 16: "reject"}
    anna = write_file(
        tmp_path / "one.csv",
        [ROW | {"target": t, "decision": d} for t, d in both.items()],
        DECISION_COLUMNS,
    )
    other = [
        ROW | {"target": "a" * 16, "coder": "bela"},
        ROW | {"target": "b" * 16, "coder": "bela", "decision": "recode exit"},
    ]
    merged = hk.merge_codings(anna, write_file(tmp_path / "two.csv", other, DECISION_COLUMNS))
    assert merged["status"].tolist() == ["agreed", "disagreed"] and merged["decision"].tolist() == [
        "reject",
        "",
    ]
    from hkresearch.manual_coding.merge import write_merged

    assert (
        write_merged(merged, tmp_path / "both.csv") == 1
        and read_decisions(tmp_path / "both.csv")[0]["coder"] == "anna and bela"
    )
    for path in (tmp_path / "both.csv", anna):
        kept = path.read_bytes()
        with pytest.raises(HkresearchError, match="exists already"):
            write_merged(merged, path)
        with pytest.raises(HkresearchError, match="exists already"):
            write_merged(merged.drop(columns="decision"), path)
        assert path.read_bytes() == kept


@pytest.mark.parametrize(
    "texts, message",
    [
        ([HEAD], "name two files"),
        ([HEAD, ",".join(CODING_COLUMNS) + "\n"], "merge each kind alone"),
        ([HEAD, "a,b\n"], "neither a coder's file"),
        ([HEAD + LINE, HEAD + LINE], "all rows are by one coder (anna)"),
        ([HEAD + LINE, HEAD + LINE.replace("anna", "status")], "a coder is called 'status'"),
    ],
)
def test_files_that_cannot_be_compared(texts, message, tmp_path):
    paths = [tmp_path / f"{n}.csv" for n in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text)
    with pytest.raises(HkresearchError) as caught:
        hk.merge_codings(*paths)
    assert message in str(caught.value)
