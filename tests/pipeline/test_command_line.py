"""The verbs of the command line on the sample pages, and what bad input is told."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from hkresearch import read_tables
from support.command_line import hash_folder, run, run_here
from support.paths import RAW, ROOT

VERBS = (
    "add",
    "build",
    "report",
    "check",
    "trace",
    "verify",
    "bundle",
    "diff",
    "export",
    "import",
    "merge-codings",
    "lab",
)


def test_every_verb_has_help_and_stands_in_the_readme():
    listed = run_here("--help")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for verb in VERBS:
        assert verb in listed and f"`hkresearch {verb}" in readme
        assert f" {verb} [OPTIONS]" in run_here(verb, "--help")


def test_the_version_is_the_packages():
    assert run("--version") == f"hkresearch {metadata.version('hkresearch')}\n"


def test_a_register_among_the_pages_to_add_is_left_out_and_said(sample, tmp_path):
    pages = sorted(sample.raw.glob("*.*"))
    said = run_here("add", "--raw", tmp_path / "raw", *pages)
    assert f"{sample.raw / 'articles.csv'}: left out, for it is a register and no page" in said
    assert "9 page(s) added" in said and "0 refused" in said


def test_a_build_says_what_it_did_and_leaves_the_pages_alone(sample):
    assert re.search(r"read +9 page\(s\), 0 refused", sample.said)
    assert "annotations" in sample.said and "claims" in sample.said
    assert hash_folder(sample.raw) == hash_folder(RAW)
    assert (sample.tables / "datapackage.json").is_file()


def test_a_second_build_does_no_work_and_a_changed_register_does(sample, tmp_path):
    before = hash_folder(sample.tables)
    assert "reconciled" not in run("build", *sample.given)
    copy = sample.copy(tmp_path)
    register = copy.raw / "articles.csv"
    register.write_text(register.read_text("utf-8").replace("CC0-1.0", "CC0"), "utf-8")
    assert "reconciled" in run_here("build", *copy.given)
    assert hash_folder(sample.tables) == before


def test_two_builds_in_different_places_and_settings_give_the_same_bytes(sample, tmp_path):
    shutil.copytree(sample.raw, tmp_path / "elsewhere")
    given = ("--raw", tmp_path / "elsewhere", "--out", tmp_path / "out")
    run("build", *given, TZ="Asia/Tokyo", PYTHONHASHSEED="7", LC_ALL="C")
    assert hash_folder(tmp_path / "out") == hash_folder(sample.tables)


def test_check_finds_nothing_wrong_and_then_what_was_broken(sample, tmp_path):
    assert "0 fault(s)" in run_here("check", *sample.given)
    shutil.copytree(sample.raw, tmp_path / "raw")
    (tmp_path / "raw/harbour-pause.txt").write_bytes(b"something else entirely")
    faults = run_here("check", "--raw", tmp_path / "raw", "--out", sample.tables, status=1)
    assert "harbour-pause.txt" in faults and "changed since" in faults


def test_a_claim_is_traced_to_file_line_and_characters(sample):
    import pandas as pd

    claim = (
        pd.read_parquet(sample.tables / "claims.parquet")
        .query("status == 'contested'")
        .claim_id.iloc[0]
    )
    traced = run_here("trace", claim, *sample.given)
    places = re.findall(r"/raw/(\S+), line (\d+), characters (\d+)-(\d+)", traced)
    assert len({file for file, *_ in places}) >= 1 and len(places) == len(traced.splitlines()) / 2
    assert "nonsense" in run_here("trace", "nonsense", "--out", sample.tables, status=1)


def test_tables_that_lie_elsewhere_are_named(sample, tmp_path):
    shutil.copytree(sample.raw, tmp_path / "pages")
    shutil.copytree(sample.tables, tmp_path / "my-reports/processed")
    for command in (("check",), ("trace", "abc"), ("export", "csv", "out.csv")):
        said = run_here(*command, "--raw", "pages", cwd=tmp_path, status=1)
        assert (
            "data/processed-pages: no tables here. Those of pages are in my-reports/processed: add --out"
            in said
        ), command
    assert "0 fault(s)" in run_here(
        "check", "--raw", "pages", "--out", "my-reports/processed", cwd=tmp_path
    )
    (tmp_path / "others").mkdir()
    (tmp_path / "others/articles.csv").write_text("article_id,file,sha256\n")
    said = run_here("check", "--raw", "others", cwd=tmp_path, status=1)
    assert "Name their folder with --out" in said and "my-reports" not in said, (
        "tables of other pages are not offered"
    )


def test_a_trace_names_no_page_that_is_another(sample, tmp_path):
    id = str(read_tables(sample.tables).claims["claim_id"].iloc[0])
    with_place = run_here("trace", id, *sample.given)
    assert f"{sample.raw}/" in with_place
    without = run_here("trace", id, "--out", sample.tables, cwd=tmp_path)
    assert without == with_place.replace(f"{sample.raw}/", ""), (
        "no page of data/raw is one of these"
    )


def test_unreadable_pages_are_named_the_rest_is_built_and_strict_fails(sample, tmp_path):
    copy = sample.copy(tmp_path)
    raw, register = copy.raw, copy.raw / "articles.csv"
    bad = {
        "empty.txt": b"",
        "binary.txt": b"PK\x03\x04\x00\x00",
        "torn.html": b"<html><body><p>Words and <di",
    }
    lines = register.read_text("utf-8")
    for name, data in bad.items():
        (raw / name).write_bytes(data)
        lines += f"{Path(name).stem},{name},{hashlib.sha256(data).hexdigest()},,,,,,,,,,\n"
    register.write_text(lines, "utf-8")
    output = run_here("build", "--raw", raw, "--out", tmp_path / "out")
    assert "warning: 3 page(s) refused" in output
    assert re.search(r"reading +12 page\(s\)", output) and re.search(
        r"read +9 page\(s\), 3 refused", output
    )
    for line in (
        "empty.txt: is empty",
        "binary.txt: is a ZIP archive",
        "torn.html: is cut off inside a tag",
    ):
        assert line in output
    output = run_here("build", "--raw", raw, "--out", tmp_path / "out", "--strict", status=1)
    assert "3 page(s) refused" in output, "a fresh build still says so, and --strict still fails"
    assert len(json.loads((tmp_path / "out/datapackage.json").read_text())["resources"]) >= 7


def test_a_difference_names_what_changed_and_the_page_that_caused_it(sample, tmp_path):
    copy = sample.copy(tmp_path)
    register = copy.raw / "articles.csv"
    lines = register.read_text("utf-8").splitlines(keepends=True)
    register.write_text(
        "".join(line for line in lines if not line.startswith("wire-roundup,")), "utf-8"
    )
    run_here("build", "--raw", copy.raw, "--out", tmp_path / "out")
    changes = run_here("diff", tmp_path / "out", sample.tables).splitlines()
    assert any(line.startswith("added    page") and "[wire-roundup]" in line for line in changes)
    assert any(line.startswith("added    claim") and "wire-roundup" in line for line in changes)
    said = [line for line in changes if "statement" in line]
    assert (
        said
        and not any(re.search(r"\b[0-9a-f]{12}\b", line) for line in said)
        and any("“" in line for line in said)
    )
    assert changes[-1] == f"{len(changes) - 1} change(s)."
    assert run_here("diff", sample.tables, sample.tables) == "0 change(s).\n"


def test_changed_bytes_stop_the_build_with_both_hashes(sample, tmp_path):
    raw = tmp_path / "raw"
    shutil.copytree(sample.raw, raw)
    old = hashlib.sha256((raw / "wire-roundup.txt").read_bytes()).hexdigest()
    (raw / "wire-roundup.txt").write_bytes(b"new words")
    message = run_here("build", "--raw", raw, "--out", tmp_path / "out", status=1)
    assert (
        old in message
        and hashlib.sha256(b"new words").hexdigest() in message
        and "hkresearch add" in message
    )
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("build", "--raw", "{empty}"), "hkresearch add --raw"),
        (("build", "--raw", "{empty}/nowhere"), "no such folder"),
        (("build", "--codebook", "nonsense"), "no such codebook"),
        (("report", "--raw", "{empty}"), "hkresearch add --raw"),
        (("report", "notebooks/nonsense.ipynb"), "no such notebook"),
        (("report", "-p", "as_of"), "NAME=VALUE"),
        (("trace", "x", "--out", "{empty}"), "hkresearch build"),
    ],
)
def test_bad_input_is_told_what_to_type(tmp_path, arguments, message):
    arguments = [argument.format(empty=tmp_path) for argument in arguments]
    assert message in run_here(*arguments, status=1)


def test_the_help_is_complete_and_the_shell_can_complete():
    import typer

    from hkresearch.commands.app import app
    from hkresearch.commands.sharing import ExportFormat
    from hkresearch.exchange import EXPORT_FORMATS

    group = typer.main.get_command(app)
    assert {"--install-completion", "--show-completion"} <= {
        name for param in group.params for name in param.opts
    }
    for verb, command in group.commands.items():
        assert command.help and command.help.endswith("."), (
            f"{verb}: one sentence that says what it does"
        )
        for param in command.params:
            assert getattr(param, "help", None), f"{verb}: {param.name} says nothing"
    assert [format.value for format in ExportFormat] == list(EXPORT_FORMATS)


def test_the_shell_completes_verbs_and_formats():
    for words, expected in (("hkresearch ex", "export"), ("hkresearch export w", "web-annotation")):
        environment = os.environ | {
            "_HKRESEARCH_COMPLETE": "complete_bash",
            "COMP_WORDS": words,
            "COMP_CWORD": str(words.count(" ")),
        }
        command = [
            sys.executable,
            "-c",
            "import sys; sys.argv = ['hkresearch']; from hkresearch.commands.app import app; app(prog_name='hkresearch')",
        ]
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        assert expected in done.stdout.split(), done.stderr
