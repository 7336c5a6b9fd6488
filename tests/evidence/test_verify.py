"""Verification: an untouched report has no fault, and every single edit of page, report or evidence is found."""

import hashlib
import json
import random
import re
import shutil
import zlib

import pytest

from hkresearch import report
from hkresearch.core.article import HkresearchError
from hkresearch.evidence.seal import BLANK, HTML_SEAL, seal_html, seal_pdf
from hkresearch.evidence.verify import verify_report
from hkresearch.tables.tables import replace_frames, write_tables
from support.edits import edit_bytes
from support.notebooks import ANSWER, FIGURE, TABLE, write_notebook

N_EDITS = 240
SAID = """said = tables.quotations[tables.quotations["kind"] == "direct"]
hk.show_table(said.assign(words="“" + said["exact"] + "”", evidence=[[id] for id in said["quotation_id"]])[["words", "evidence"]],
    title="Said", tables=tables)"""


@pytest.fixture(scope="module")
def published(tmp_path_factory, small_tables, small_articles):
    folder = tmp_path_factory.mktemp("verify")
    write_tables(
        replace_frames(
            small_tables,
            codebook={**small_tables.codebook, "quoted_share": 0.5, "quoted_freely": []},
        ),
        folder / "tables",
    )
    raw = folder / "raw"
    raw.mkdir()
    for article in small_articles:
        (raw / article.file).write_bytes(article.text.encode())
    path = write_notebook(folder / "positions.ipynb", ANSWER, TABLE, SAID, FIGURE)
    report.render_report(path, data=folder / "tables", reports=folder / "reports", limit=99)
    return folder


@pytest.fixture
def copy(published, tmp_path):
    """A copy of the pages and the reports that a test may damage."""
    for name in ("raw", "reports"):
        shutil.copytree(published / name, tmp_path / name)
    return tmp_path


@pytest.mark.parametrize("name", ["positions.html", "positions.pdf"])
def test_an_untouched_report_has_no_fault(published, name):
    assert verify_report(published / "reports" / name, published / "raw") == []


def test_every_single_edit_is_found(copy):
    chance = random.Random(20200706)
    cited = sorted({source["name"] for source in read_block(copy)["sources"]})
    targets = [
        ("reports", "positions.html"),
        ("reports", "positions.pdf"),
        *(("raw", file) for file in cited),
    ]
    missed, n_found = [], 0
    for n in range(N_EDITS):
        folder, name = targets[n % len(targets)]
        path = copy / folder / name
        before = path.read_bytes()
        path.write_bytes(edit_bytes(before, chance))
        checked = "positions.pdf" if name.endswith("pdf") else "positions.html"
        n_found += bool(verify_report(copy / "reports" / checked, copy / "raw"))
        missed += [] if n_found == n + 1 else [(n, name)]
        path.write_bytes(before)
    assert (missed[:1], n_found) == ([], N_EDITS)
    for name in ("positions.html", "positions.pdf"):
        assert verify_report(copy / "reports" / name, copy / "raw") == []


def read_block(folder):
    page = (folder / "reports" / "positions.html").read_text(encoding="utf-8")
    return json.loads(re.search(r'id="evidence">(.*?)</script>', page).group(1))


def reseal(folder, change_block=None, change_page=None):
    """Edit the report as someone would who knows of the seal, and seal it again."""
    path = folder / "reports" / "positions.html"
    page = path.read_text(encoding="utf-8")
    if change_block:
        block = read_block(folder)
        change_block(block)
        text = json.dumps(block).replace("<", "\\u003c")
        page = re.sub(
            r'(id="evidence">).*?(</script>)', lambda m: m.group(1) + text + m.group(2), page
        )
    page = change_page(page) if change_page else page
    page = HTML_SEAL.sub(
        f'<meta name="hkresearch-seal" content="{BLANK}">'.encode(), page.encode()
    ).decode()
    path.write_bytes(seal_html(page).encode())
    return verify_report(path, folder / "raw")


def move_offset(block):
    for selector in block["items"][0]["target"]["selector"]:
        if "start" in selector:
            selector["start"] += 1


def find_whole(block):
    return next(item["target"] for item in block["items"] if "exact_sha256" not in item["target"])


def find_shortened(block):
    return next(item["target"] for item in block["items"] if "exact_sha256" in item["target"])


def change_words(block):
    find_whole(block)["selector"][1]["exact"] += "!"


def change_context(block):
    find_whole(block)["selector"][1]["prefix"] = "never "


def change_first_words(block):
    find_shortened(block)["selector"][1]["startSelector"]["exact"] = "Nobody ever"


def change_last_words(block):
    find_shortened(block)["selector"][1]["endSelector"]["prefix"] += " not"


def change_what_is_left_out(block):
    find_shortened(block)["exact_sha256"] = "0" * 64


def shorten_the_middle_away(block):
    target = find_whole(block)
    words = target["selector"][1]["exact"]
    first, last = {"exact": words, "prefix": ""}, {"exact": "", "prefix": words}
    target["selector"][1] = {"type": "RangeSelector", "startSelector": first, "endSelector": last}
    target["exact_sha256"] = hashlib.sha256(words.encode()).hexdigest()


def change_coding(block):
    block["items"][0]["body"]["value"] = "facebook position comply"


def remove_one(block):
    del block["items"][2]
    block["total"] -= 1


def remove_one_silently(block):
    del block["items"][2]


def repeat_one(block):
    block["items"][2] = block["items"][1]


def name_other_bytes(block):
    block["sources"][0]["sha256"] = "f" * 64


def leave_the_folder(block):
    block["sources"][0]["name"] = "../../etc/passwd"


@pytest.mark.parametrize(
    "change, named",
    [
        (move_offset, "the report says"), (change_words, "the report says"), (change_context, "words around"),
        (remove_one, "passages are shown"), (remove_one_silently, "removed or added"), (repeat_one, "twice"),
        (change_first_words, "the report says"), (change_last_words, "the report says"),
        (change_what_is_left_out, "the report says"), (shorten_the_middle_away, "the report says"),
        (change_coding, "another coding"), (name_other_bytes, "is not the page"), (leave_the_folder, "is not the name of a page"),
    ],
)  # fmt: skip
def test_an_edited_block_is_named_even_when_sealed_again(copy, change, named):
    faults = reseal(copy, change_block=change)
    assert faults and any(named in fault for fault in faults)
    assert not any("seal" in fault for fault in faults)


@pytest.mark.parametrize(
    "old, new, named",
    [
        ("<mark>", "<mark>never ", "shows other words"),
        ('popovertarget="note-1"', 'popovertarget="note-999"', "note-999 is cited and is not there"),
        ('id="evidence">', 'id="evidence">{', "cannot be read"),
        (' id="evidence">', ">", "no evidence block"),
        ("line 4, characters", "line 5, characters", "another place"),  # where a passage is said to stand
        ("Coded by positions/1: facebook", "Coded by positions/1: telegram", "another coding"),
        ('<button type="button" class="pill" popovertarget="note-2"', "<button", "note-2 is there and nothing cites it"),
        ("“We believe", "“We always said that", "no page cited says so"),  # words in quotation marks in a cell
    ],
)  # fmt: skip
def test_an_edited_page_of_a_report_is_named_even_when_sealed_again(copy, old, new, named):
    faults = reseal(copy, change_page=lambda page: page.replace(old, new))
    assert any(named in fault for fault in faults)


def test_nothing_is_found_when_only_sealed_again(copy):
    assert reseal(copy) == []


def test_a_missing_page_is_named(copy):
    (copy / "raw" / "gazette.txt").unlink()
    assert any(
        "gazette.txt" in fault and "missing" in fault
        for fault in verify_report(copy / "reports" / "positions.html", copy / "raw")
    )


def test_what_one_page_does_to_many_reports_is_said_once(copy):
    (copy / "raw" / "gazette.txt").write_text("another page")
    faults = [
        fault
        for fault in verify_report(copy / "reports", copy / "raw")
        if "is not the page that the report cites" in fault
    ]
    assert (
        len(faults) == 1
        and faults[0].startswith("positions.html, positions.pdf: ")
        and "gazette.txt" in faults[0]
    )


def test_the_attachment_of_a_pdf_is_checked_against_the_pages(copy):
    path = copy / "raw" / "gazette.txt"
    path.write_bytes(path.read_bytes().replace(b"Monday", b"Sunday"))
    faults = verify_report(copy / "reports" / "positions.pdf", copy / "raw")
    assert any("is not the page that the report cites" in fault for fault in faults)


def test_a_bomb_in_an_attachment_ends_early(copy):
    body = zlib.compress(b"0" * 1_000_000)
    data = (
        b"%PDF-1.7\n1 0 obj << /Type /EmbeddedFile /Filter /FlateDecode >>\nstream\n"
        + body
        + b"\nendstream endobj\n"
    )
    path = copy / "bomb.pdf"
    path.write_bytes(seal_pdf(data))
    assert verify_report(path, copy / "raw")


def test_what_is_no_report_and_no_folder_is_refused(copy):
    with pytest.raises(HkresearchError, match="no such report"):
        verify_report(copy / "nothing.html", copy / "raw")
    with pytest.raises(HkresearchError, match="--raw DIR"):
        verify_report(copy / "reports" / "positions.html", copy / "nowhere")
    (copy / "other.html").write_text("<p>Hello</p>")
    faults = verify_report(copy / "other.html", copy / "raw")
    assert any("no seal" in fault for fault in faults) and any(
        "no evidence block" in fault for fault in faults
    )
