"""The command line: the main job on the sample pages and on the real ones, and what bad input is told."""

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
from support.paths import RAW, ROOT, SHARED

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


@pytest.mark.kernel
def test_an_unknown_parameter_is_an_error_that_lists_the_right_ones(sample, tmp_path):
    copy = sample.copy(tmp_path)
    given = ("notebooks/positions.ipynb", *copy.given, "--reports", copy.reports)
    output = run_here("report", *given, "-p", "as_off", "2020-07-06", status=1)
    assert "as_off" in output and "as_of" in output.replace("as_off", "")
    output = run_here("report", *given, "-p", "as_of=soon", status=1)
    assert output.count("as_of 'soon' is not a date") == 1 and ".." not in output


def test_the_main_job_publishes_every_question_as_html_and_pdf(published_sample):
    reports, output = published_sample.reports, published_sample.said
    for question in (
        "positions",
        "timeline",
        "quotations",
        "disagreements",
        "quantities",
        "sources",
    ):
        assert (reports / f"{question}.html").stat().st_size > 5_000
        assert (reports / f"{question}.pdf").read_bytes()[:5] == b"%PDF-"
    dossiers = sorted(path.stem for path in reports.glob("organisation-*.html"))
    assert {"organisation-facebook", "organisation-telegram", "organisation-signal"} <= set(
        dossiers
    )
    index = (reports / "index.html").read_text(encoding="utf-8")
    assert all(
        f"{name}.html" in index and f"{name}.pdf" in index for name in ["positions", *dossiers]
    )
    assert f"Reports: {reports / 'index.html'}" in output


def test_a_report_is_small_without_its_data(published_sample):
    """Its data: rows, their CSV, and the passages with the block that carries them; text, drawings, fonts and code stay."""
    data = r'<tbody>.*?</tbody>|href="data:text/csv[^"]*"|<div class="notes">.*?</section>|<script type="application/ld\+json".*?</script>'
    sizes = {
        page.name: len(re.sub(data, "", page.read_text(encoding="utf-8"), flags=re.DOTALL).encode())
        for page in published_sample.reports.glob("*.html")
    }
    assert len(sizes) > 15 and max(sizes.values()) < 300_000, sizes


def test_the_main_job_again_does_no_work(published_sample):
    reports = published_sample.reports
    before = {path: path.stat().st_mtime_ns for path in reports.rglob("*")}
    assert "nothing had changed" in run("report", *published_sample.given, "--reports", reports)
    assert {path: path.stat().st_mtime_ns for path in reports.rglob("*")} == before


FEW = ("positions", "timeline")


@pytest.fixture(scope="module")
def few(published_sample, tmp_path_factory):
    """Two of the sample's reports, out of the cache of all: a project of its own, and what is given to commands."""
    place = tmp_path_factory.mktemp("few")
    published_sample.copy(place / "data")
    shutil.rmtree(place / "data/reports")
    copy_notebooks(place)
    given = ("--raw", "data/raw", "--out", "data/processed", "--reports", "data/reports")
    said = run("report", *given, cwd=place)
    assert said.count("(unchanged)") == len(FEW), "out of the cache"
    return place, given


def copy_notebooks(place):
    (place / "notebooks").mkdir(parents=True)
    for name in FEW:
        shutil.copy(ROOT / f"notebooks/{name}.ipynb", place / "notebooks")
    shutil.copy(ROOT / "requirements.lock", place)


def test_the_published_reports_are_bundled_and_the_bundle_is_verified(few, tmp_path):
    place, given = few
    assert "hkresearch verify" in run_here("bundle", tmp_path / "one.zip", *given, cwd=place)
    assert "0 fault(s)" in run_here("verify", tmp_path / "one.zip", "--raw", RAW)
    (tmp_path / "one.zip").write_bytes(
        (tmp_path / "one.zip").read_bytes().replace(b"<mark>", b"<MARK>", 1)
    )
    assert "it was changed" in run_here("verify", tmp_path / "one.zip", "--raw", RAW, status=1)
    assert "hkresearch report" in run_here(
        "bundle", tmp_path / "x.zip", "--reports", tmp_path, *given[2:4], cwd=place, status=1
    )


def test_two_clean_builds_elsewhere_give_the_same_reports_and_the_same_bundle(
    published_sample, few, tmp_path
):
    """Another folder, time zone, locale and clock: the same HTML, PDF, tables, index, feed and bundle."""
    place = tmp_path / "another place"
    shutil.copytree(RAW, place / "data/raw")
    copy_notebooks(place)
    for path in place.rglob("*.*"):
        os.utime(path, (0, 0))
    (place / "clock").mkdir()
    (place / "clock/sitecustomize.py").write_text(
        "import time\nnow = time.time\ntime.time = lambda: now() + 9e8\n"
    )
    other = {
        "TZ": "Pacific/Chatham",
        "LC_ALL": "C",
        "LANG": "zh_TW.UTF-8",
        "PYTHONHASHSEED": "7",
        "PYTHONPATH": os.pathsep.join((str(place / "clock"), str(ROOT / "src"))),
    }
    run("report", "--force", "--reports", "out", cwd=place, **other)
    ours, theirs = hash_folder(few[0] / "data/reports"), hash_folder(place / "out")
    for folder in (ours, theirs):
        folder.pop("built-from.json")
    assert {Path(name).suffix for name in ours} == {".html", ".pdf", ".csv", ".json"}
    assert [
        name for name in ours if ours[name] != theirs.get(name)
    ] == [] and ours.keys() == theirs.keys()
    among_all = hash_folder(published_sample.reports)
    for name in FEW:
        for file in (f"{name}.html", f"{name}.pdf"):
            assert among_all[file] == theirs[file]
    run("bundle", tmp_path / "two.zip", "--reports", "out", cwd=place, **other)
    run_here("bundle", tmp_path / "one.zip", *few[1], cwd=few[0])
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


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
    from hkresearch import read_tables
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


def read_shown(path):
    """All that a publication says: its text, what stands in attributes and in data addresses, its evidence block."""
    import base64
    import html
    import io
    from urllib.parse import unquote

    if path.suffix == ".pdf":
        import pikepdf

        with pikepdf.open(io.BytesIO(path.read_bytes())) as pdf:
            block = (
                pdf.attachments["evidence.jsonld"].get_file().read_bytes().decode("unicode_escape")
            )
            return read_pdf_text(pdf) + block
    text = re.sub(r"@font-face\{.*?\}", "", path.read_text("utf-8"))
    text = re.sub(
        r"base64,([\w+/=]+)", lambda found: base64.b64decode(found.group(1)).decode("utf-8"), text
    )
    text = re.sub(r"charset=utf-8,([^\"]+)", lambda found: unquote(found.group(1)), text)
    return html.unescape(
        re.sub(r"<[^>]*>", lambda found: " " + found.group()[1:-1] + " ", text)
    ) + re.sub(r"<[^>]*>", " ", text)


def read_pdf_text(pdf):
    """The text of a PDF, by its fonts' own tables of characters."""
    import pikepdf

    pieces = []
    for page in pdf.pages:
        fonts = {
            name: read_characters(font) for name, font in page.Resources.get("/Font", {}).items()
        }
        letters = {}
        for operands, operator in pikepdf.parse_content_stream(page):
            if str(operator) == "Tf":
                letters = fonts[str(operands[0])]
            elif str(operator) == "Tm":
                pieces.append(" ")
            elif str(operator) in ("Tj", "TJ"):
                for part in operands[0] if str(operator) == "TJ" else operands:
                    if isinstance(part, pikepdf.String):
                        data = bytes(part)
                        pieces += [letters.get(data[n : n + 2], "") for n in range(0, len(data), 2)]
    return "".join(pieces)


def read_characters(font):
    table = font.ToUnicode.read_bytes().decode("latin-1")
    pairs = re.findall(r"^<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]+)>$", table, re.M)
    return {bytes.fromhex(code): bytes.fromhex(text).decode("utf-16-be") for code, text in pairs}


RUN = 6  # words, or Han characters
WORD = re.compile(r"[\u2e80-\U0003ffff]|[^\W_\u2e80-\U0003ffff]+")


def list_runs(text):
    """All runs of RUN words of `text`."""
    said = WORD.findall(text.casefold())
    return {tuple(said[n : n + RUN]) for n in range(len(said) - RUN + 1)}


def count_shown(page, runs):
    """How many characters of `page` stand in `runs`."""
    found = list(WORD.finditer(page.casefold()))
    covered = set()
    for n in range(len(found) - RUN + 1):
        if tuple(match.group() for match in found[n : n + RUN]) in runs:
            covered.update(range(found[n].start(), found[n + RUN - 1].end()))
    return len(covered)


def test_naming_one_notebook_leaves_the_other_reports(published_sample, tmp_path):
    copy = published_sample.copy(tmp_path)
    given = ("report", "notebooks/positions.ipynb", *copy.given, "--reports", copy.reports)
    before = hash_folder(copy.reports)
    run_here(*given, "-p", "as_of", "2020-07-06")
    after = hash_folder(copy.reports)
    assert set(after) == set(before)
    assert {name for name in before if before[name] != after[name]} == {
        "positions.html",
        "positions.pdf",
    }


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
