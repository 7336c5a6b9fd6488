"""Damaged characters: what is repaired, what is left alone, and that it is said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hkresearch.analysis.views import list_pages
from hkresearch.codebook.book import read_codebook
from hkresearch.pages.mojibake import repair_text
from hkresearch.pages.reader import read_page
from hkresearch.pipeline.build_tables import build_tables


def damage(text, times=1):
    """Return `text` as UTF-8 read as Windows-1252."""
    for _ in range(times):
        text = "".join(
            bytes([byte]).decode("windows-1252", "ignore") or chr(byte)
            for byte in text.encode("utf-8")
        )
    return text


DAMAGED = [
    ("“We will wait,” she said.", 1, "curly quotes"),
    ("Zoë’s café", 1, "accents and an apostrophe"),
    ("香港的平台暫停處理要求。", 1, "Chinese"),
    ("Полиция попросила данные", 1, "Cyrillic: many broken characters in a line"),
    ("The caf\u00e9 – closed", 2, "damaged twice"),
    ("stars ⭐⭐ and a face 🙂", 1, "four bytes"),
]
ALONE = [
    ("NESCAFÉ® and CAFÉ®", "a capital and a sign that are meant"),
    ("«Español», “quotes” – and a dash", "whole characters"),
    ("plain", "no sign beyond ASCII"),
    ("The word façade next to damage Ã©", "a line with whole accents is not damaged throughout"),
    ("Ã\u00a9", "one doubtful character on the page proves nothing"),
]


@pytest.mark.parametrize(("text", "times", "why"), DAMAGED, ids=[case[2] for case in DAMAGED])
def test_damage_is_repaired(text, times, why):
    assert repair_text(damage(text, times)) == (text, 1)


@pytest.mark.parametrize(("text", "why"), ALONE, ids=[case[1] for case in ALONE])
def test_what_may_be_meant_is_left_alone(text, why):
    assert repair_text(text) == (text, 0)


def test_only_damaged_lines_change_and_the_page_says_so():
    page = f"A café on the corner\n{damage('It’s closed, “for now”.')}\n\nTwo plain lines\n"
    article = read_page(page.encode("utf-8"), "page.txt", {"note": "Saved twice."})
    assert article.text == "A café on the corner\nIt’s closed, “for now”.\n\nTwo plain lines\n"
    assert (
        article.note
        == "Saved twice. Decoding repaired: 1 line was UTF-8 that had been read as Windows-1252 and saved so."
    )
    assert read_page("A café\n".encode(), "page.txt").note == ""


@given(st.text(alphabet=st.sampled_from("aé”—香Я🙂 \n"), max_size=60))
def test_a_repaired_page_has_as_many_lines_and_needs_no_other_repair(text):
    repaired, _ = repair_text(damage(text))
    assert repaired.count("\n") == text.count("\n")
    assert repair_text(repaired)[0] == repaired


def test_a_readers_list_of_pages_says_which_was_repaired():
    words = "Facebook said on Monday that it would pause reviews of data requests from Hong Kong, “for now”."
    damaged = read_page(f"Facebook pauses requests\n{damage(words)}\n".encode(), "damaged.txt")
    whole = read_page(f"Facebook pauses requests\n{words}\n".encode(), "whole.txt")
    book = read_codebook()
    notes = list_pages(build_tables([damaged, whole], book)).set_index("article_id")["note"]
    assert "1 line was UTF-8" in notes["damaged"] and notes["whole"] == ""
    assert "note" not in list_pages(build_tables([whole], book)), (
        "no column where there is nothing to say"
    )
