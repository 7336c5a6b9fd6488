"""The bundle: the same bytes, every single edit found, no more of a page than the reports cite; and the feed."""

import csv
import io
import json
import random
import re
import shutil
import zipfile

import pytest

from hkresearch import read_tables
from hkresearch.__main__ import main
from hkresearch.bundle.archive import CRATE, LARGEST_BUNDLE, read_archive, write_archive
from hkresearch.bundle.ro_crate import count_shown, describe_sum, write_crate
from hkresearch.bundle.verify import verify_bundle
from hkresearch.bundle.write import list_cited, write_bundle
from hkresearch.codebook.book import list_codebooks, read_codebook
from hkresearch.core.article import HkresearchError
from hkresearch.pages.register import register_files
from hkresearch.pipeline.reproduce import read_files
from hkresearch.report.feed import drop_superseded, read_items
from hkresearch.report.render import render_reports
from hkresearch.tables.tables import Tables, list_frames, write_tables
from support.edits import edit_bytes
from support.notebooks import ANSWER, FIGURE, TABLE, write_notebook

N_EDITS = 90


@pytest.fixture(scope="module")
def published(tmp_path_factory, small_tables, small_articles):
    """Pages with their register, tables, one report of each kind of exhibit, and their bundle."""
    folder = tmp_path_factory.mktemp("bundle")
    pages = folder / "pages"
    pages.mkdir()
    for article in small_articles:
        (pages / article.file).write_bytes(article.text.encode())
    register_files(folder / "raw", sorted(pages.iterdir()))
    (folder / "raw/decisions.csv").write_text("target,decision,reason,coder,date\n")
    book = {**small_tables.codebook, "id": list_codebooks()[0], "sha256": read_codebook().sha256}
    write_tables(Tables(list_frames(small_tables), book), folder / "tables")
    path = write_notebook(folder / "positions.ipynb", ANSWER, TABLE, FIGURE)
    render_reports([path], folder / "tables", folder / "reports", {}, lambda line: None)
    bundle(folder, folder / "out.zip")
    return folder


def bundle(folder, out):
    return write_bundle(
        out, folder / "raw", folder / "tables", folder / "reports", [folder / "positions.ipynb"]
    )


@pytest.fixture
def files(published):
    return read_archive((published / "out.zip").read_bytes())[0]


def test_a_bundle_holds_all_that_was_made_and_is_the_same_bytes_again(published, files, tmp_path):
    assert {
        CRATE, "reports/index.html", "reports/feed.json", "reports/positions.html", "reports/positions.pdf",
        "reports/tables/claims.csv", "data/processed/annotations.parquet", "data/processed/datapackage.json",
        "data/raw/articles.csv", "data/raw/decisions.csv", "codebooks/news.toml", "notebooks/positions.ipynb",
    } < set(files)  # fmt: skip
    shutil.copytree(published, tmp_path / "elsewhere")
    assert bundle(tmp_path / "elsewhere", tmp_path / "again.zip") == len(files)
    assert (tmp_path / "again.zip").read_bytes() == (published / "out.zip").read_bytes()
    assert not list(tmp_path.glob("*.new"))


def test_an_untouched_bundle_has_no_fault(published):
    assert verify_bundle(published / "out.zip", published / "raw") == []


def test_the_crate_describes_every_file_and_every_page_without_its_text(
    published, files, small_articles
):
    crate = {entity["@id"]: entity for entity in json.loads(files[CRATE])["@graph"]}
    assert crate[CRATE]["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    root = crate["./"]
    assert root["datePublished"] == "2020-07-08" and {
        part["@id"] for part in root["hasPart"]
    } == set(files) - {CRATE}
    for name in set(files) - {CRATE}:
        assert int(crate[name]["contentSize"]) == len(files[name]) and crate[name]["encodingFormat"]
    for article in small_articles:
        page = crate[f"#page-{article.id}"]
        assert (page["sha256"], page["headline"]) == (article.sha256, article.headline)
        assert (
            crate[page["publisher"]["@id"]]["name"] == article.publisher
            if article.publisher
            else "publisher" not in page
        )
    assert crate[crate["#page-mirror"]["isBasedOn"]["@id"]]["name"] == "Example Gazette"


def test_the_tables_in_a_bundle_can_be_read_and_hold_no_words_that_no_report_cites(
    published, files, tmp_path
):
    for name in (name for name in files if name.startswith("data/processed/")):
        (tmp_path / name.rsplit("/", 1)[1]).write_bytes(files[name])
    tables, cited = read_tables(tmp_path), list_cited(files)
    marks = tables.annotations
    assert cited and set(marks.annotation_id[marks.exact != ""]) <= cited
    assert (marks.exact[marks.variable.isin(["part", "confidence"])] == "").all()
    assert (
        set(tables.passages.annotation_id[tables.passages.before + tables.passages.after != ""])
        <= cited
    )
    assert "left out" in json.loads(files["data/processed/datapackage.json"])["description"]
    rows = csv.DictReader(io.StringIO(files["reports/tables/annotations.csv"].decode("utf-8-sig")))
    assert {row["annotation_id"] for row in rows if row["exact"]} <= cited


def test_no_page_is_in_a_bundle(files, small_articles):
    lines = [
        line
        for article in small_articles
        for line in article.text.splitlines()
        if line.startswith(("Subscribe", "All rights"))
    ]
    assert lines
    for name, data in files.items():
        assert not any(line.encode() in data for line in lines), name
        assert not any(article.text.encode() in data for article in small_articles), name


def check_edited(published, tmp_path, data):
    (tmp_path / "edited.zip").write_bytes(data)
    return verify_bundle(tmp_path / "edited.zip", published / "raw")


def test_every_single_edit_of_a_file_in_it_is_found_and_named(published, files, tmp_path):
    chance, names, missed = random.Random(20200706), sorted(files), []
    for n in range(N_EDITS):
        name, kind = names[n % len(names)], chance.choice(("edit", "edit", "edit", "remove", "add"))
        edited = dict(files)
        if kind == "edit":
            edited[name] = edit_bytes(files[name], chance)
        elif kind == "remove":
            del edited[name]
        else:
            edited[name := f"reports/new-{n}.html"] = b"<p>new</p>"
        faults = check_edited(published, tmp_path, write_archive(edited))
        if not any(name in fault for fault in faults):
            missed.append((kind, name, faults[:3]))
    assert missed == []


def test_every_single_edit_of_the_zip_is_found(published, tmp_path):
    data, chance = (published / "out.zip").read_bytes(), random.Random(20200701)
    tail = (
        data.rindex(b"PK\x01\x02") - 2000
    )  # half of the edits in the directory at the end, where no file's hash looks
    missed = []
    for n in range(N_EDITS):
        at = chance.randrange(tail, len(data)) if n % 2 else chance.randrange(len(data))
        edited = data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :]
        if not check_edited(published, tmp_path, edited):
            missed.append(at)
    assert missed == []
    assert check_edited(published, tmp_path, data + b"x") and check_edited(
        published, tmp_path, data[:-1]
    )


def test_who_edits_a_report_and_its_crate_is_told_by_the_report_itself(published, files, tmp_path):
    files["reports/positions.html"] = files["reports/positions.html"].replace(
        b"<mark>", b"<mark>never ", 1
    )
    files[CRATE] = write_crate(files)
    faults = check_edited(published, tmp_path, write_archive(files))
    assert any("positions.html" in fault and "seal" in fault for fault in faults)


def test_a_changed_page_and_a_changed_register_are_named(published, tmp_path):
    shutil.copytree(published / "raw", tmp_path / "raw")
    (tmp_path / "raw/daily.txt").write_text("something else")
    assert any(
        "daily.txt" in fault for fault in verify_bundle(published / "out.zip", tmp_path / "raw")
    )
    files = read_archive((published / "out.zip").read_bytes())[0]
    files["data/raw/articles.csv"] = re.sub(
        rb"\b[0-9a-f]{64}\b", b"0" * 64, files["data/raw/articles.csv"], count=1
    )
    files[CRATE] = write_crate(files)
    assert any(
        "another SHA-256" in fault
        for fault in check_edited(published, tmp_path, write_archive(files))
    )


UNPACKED = [
    # (what is done to the unpacked folder, what a fault says, why)
    (lambda folder: None, "", "as it was unpacked"),
    (lambda folder: (folder / "reports/positions.html").write_bytes(b"<p>new</p>"), "reports/positions.html was changed", "a report edited"),
    (lambda folder: (folder / "data/raw/articles.csv").unlink(), "data/raw/articles.csv is missing", "a file lost"),
    (lambda folder: (folder / "reports/new.html").write_text("new"), "reports/new.html was added", "a file added"),
    (lambda folder: (folder / "reports/link.html").symlink_to("/etc/hostname"), "'reports/link.html' is no file", "a link is not followed"),
    (lambda folder: (folder / "reports/more").symlink_to("/etc"), "'reports/more' is no file", "a link to a folder is not passed over"),
]  # fmt: skip


@pytest.mark.parametrize("edit, named, why", UNPACKED, ids=[row[-1] for row in UNPACKED])
def test_an_unpacked_bundle_is_verified_as_the_zip_is(
    published, tmp_path, capsys, edit, named, why
):
    with zipfile.ZipFile(published / "out.zip") as archive:
        archive.extractall(tmp_path / "out")
    edit(tmp_path / "out")
    with pytest.raises(SystemExit) as ended:
        main(["verify", str(tmp_path / "out"), "--raw", str(published / "raw")])
    said = capsys.readouterr()
    assert (ended.value.code, named in said.err) == (bool(named), True), said
    if not named:
        assert read_files(tmp_path / "out") == read_files(published / "out.zip"), (
            "what --rebuild makes again"
        )


def zip_with(name, data, kind=zipfile.ZIP_STORED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", kind) as archive:
        archive.writestr(name, data)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "data, named",
    [
        (zip_with("../../outside.html", b"x"), "leaves the bundle"),
        (zip_with("/etc/outside", b"x"), "leaves the bundle"),
        (zip_with("a/..\\b", b"x"), "leaves the bundle"),
        (zip_with("bomb", b"0" * 10_000_000, zipfile.ZIP_DEFLATED), "more bytes than it has"),
        (zip_with("small", b"abc" * 3, zipfile.ZIP_DEFLATED), "is compressed"),
        (b"no zip", "cannot be read as a zip"),
        (b"", "cannot be read as a zip"),
        (zip_with(CRATE, b"{}"), "cannot be read"),
        (zip_with(CRATE, b"[" * 100_000), "cannot be read"),
    ],
)
def test_an_attack_is_a_named_fault_and_nothing_is_written(published, tmp_path, data, named):
    assert any(named in fault for fault in check_edited(published, tmp_path, data))
    assert [path.name for path in tmp_path.iterdir()] == ["edited.zip"]
    assert LARGEST_BUNDLE < 2**31


def test_what_is_missing_is_told_with_what_to_type(published, tmp_path):
    raw, tables, reports = (published / name for name in ("raw", "tables", "reports"))
    for given, message in (
        ((raw, tables, tmp_path / "nowhere"), "hkresearch report --reports"),
        ((raw, tmp_path / "nowhere", reports), "hkresearch build"),
        ((tmp_path / "nowhere", tables, reports), "hkresearch add"),
    ):
        with pytest.raises(HkresearchError, match=message):
            write_bundle(tmp_path / "x.zip", *given)
    with pytest.raises(HkresearchError, match="OUT.zip"):
        write_bundle(tmp_path / "x.tar", raw, tables, reports)
    with pytest.raises(HkresearchError, match="--codebook"):
        write_bundle(tmp_path / "x.zip", raw, tables, reports, codebook="nonsense")
    with pytest.raises(HkresearchError, match="--raw DIR"):
        verify_bundle(published / "out.zip", tmp_path / "nowhere")
    assert list(tmp_path.iterdir()) == []


def test_a_bundle_says_how_much_of_each_page_its_reports_show_in_sum(files):
    shown = count_shown(files)
    texts = [
        entity["description"]
        for entity in json.loads(files[CRATE])["@graph"]
        if "its article has" in entity.get("description", "")
    ]
    assert len(texts) == 4 and max(shown.values()) > 20
    assert sorted(int(n) for text in texts for n in re.findall(r"show (\d+) char", text)) == sorted(
        [*shown.values(), *[0] * (4 - len(shown))]
    )
    assert re.search(r"all together show up to \d+% of a page \(\S+\)", describe_sum(files))


def test_reports_of_other_tables_are_not_bundled(published, small_tables, tmp_path):
    write_tables(
        Tables({"articles": small_tables.articles}, read_tables(published / "tables").codebook),
        tmp_path / "tables",
    )
    with pytest.raises(HkresearchError, match="other tables"):
        write_bundle(
            tmp_path / "x.zip", published / "raw", tmp_path / "tables", published / "reports"
        )


def test_outputs_of_a_notebook_stay_out(published, tmp_path):
    path = tmp_path / "positions.ipynb"
    notebook = json.loads((published / "positions.ipynb").read_text())
    code = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    code["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "the whole page"}]
    path.write_text(json.dumps(notebook))
    write_bundle(
        tmp_path / "x.zip", published / "raw", published / "tables", published / "reports", [path]
    )
    assert (
        b"the whole page"
        not in read_archive((tmp_path / "x.zip").read_bytes())[0]["notebooks/positions.ipynb"]
    )


# ------------------------------------------------------------------------------------------------------- the feed


def test_the_feed_is_a_json_feed_that_the_index_links(published):
    feed = json.loads((published / "reports/feed.json").read_text("utf-8"))
    assert feed["version"] == "https://jsonfeed.org/version/1.1" and feed["title"]
    assert re.search(r'<link rel="alternate" type="application/feed\+json"[^>]* href="feed.json">',
                     (published / "reports/index.html").read_text("utf-8"))  # fmt: skip
    (item,) = feed["items"]
    assert re.fullmatch(r"urn:hkresearch:report:positions:[0-9a-f]{64}", item["id"])
    assert item["content_text"] and item["date_published"] == "2020-07-08T00:00:00Z"
    assert (published / "reports" / item["url"]).is_file() and (
        published / "reports" / item["attachments"][0]["url"]
    ).is_file()


@pytest.mark.kernel
def test_a_changed_report_is_a_new_item_and_the_old_one_is_kept(published, tmp_path):
    shutil.copytree(published, tmp_path / "copy")
    folder, path = tmp_path / "copy", tmp_path / "copy/positions.ipynb"
    before = (folder / "reports/feed.json").read_bytes()

    def run(reports="reports"):
        render_reports([path], folder / "tables", folder / reports, {}, lambda line: None)
        return (folder / reports / "feed.json").read_bytes()

    assert run() == before, "nothing changed, nothing is new"
    write_notebook(path, ANSWER, TABLE)
    new, old = json.loads(after := run())["items"]
    assert new["id"] != old["id"] == json.loads(before)["items"][0]["id"]
    assert (new["_hkresearch"], old["_hkresearch"]) == ({"current": True}, {"current": False})
    assert drop_superseded(after) == run("clean"), "a bundle holds the feed of a clean folder"


def test_another_feed_is_never_overwritten(tmp_path):
    assert read_items(tmp_path) == []
    for text in ('{"items": [{"id": "1"}]}', "[]", "not JSON"):
        (tmp_path / "feed.json").write_text(text)
        with pytest.raises(HkresearchError, match="no feed of hkresearch"):
            read_items(tmp_path)
