"""What several people coded, compared and joined."""

import pytest

import hkresearch as hk
from hkresearch.__main__ import main
from hkresearch.core.article import HkresearchError
from hkresearch.manual_coding.csv_ledger import enter_row, read_ledger
from hkresearch.reconcile.decisions import DECISION_COLUMNS, read_decisions
from hkresearch.tables.coding_files import CODING_COLUMNS
from support.coding_by_hand import DECISION_HEAD, DECISION_LINE, DECISION_ROW


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
        [DECISION_ROW | {"target": t, "decision": d} for t, d in both.items()],
        DECISION_COLUMNS,
    )
    other = [
        DECISION_ROW | {"target": "a" * 16, "coder": "bela"},
        DECISION_ROW | {"target": "b" * 16, "coder": "bela", "decision": "recode exit"},
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
        ([DECISION_HEAD], "name two files"),
        ([DECISION_HEAD, ",".join(CODING_COLUMNS) + "\n"], "merge each kind alone"),
        ([DECISION_HEAD, "a,b\n"], "neither a coder's file"),
        (
            [DECISION_HEAD + DECISION_LINE, DECISION_HEAD + DECISION_LINE],
            "all rows are by one coder (anna)",
        ),
        (
            [
                DECISION_HEAD + DECISION_LINE,
                DECISION_HEAD + DECISION_LINE.replace("anna", "status"),
            ],
            "a coder is called 'status'",
        ),
    ],
)
def test_files_that_cannot_be_compared(texts, message, tmp_path):
    paths = [tmp_path / f"{n}.csv" for n in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text)
    with pytest.raises(HkresearchError) as caught:
        hk.merge_codings(*paths)
    assert message in str(caught.value)
