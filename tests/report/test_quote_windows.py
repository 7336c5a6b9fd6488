"""No publication shows more of a page than the codebook allows, and what it does show are the page's words."""

import re
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hkresearch.report import page_word_index as matches
from hkresearch.report.blocks import Document, ExhibitBlock
from hkresearch.report.page_word_index import RUN, PageIndex, locate_words
from hkresearch.report.quotable_pages import (
    QuotablePage,
    QuotablePages,
    gather_pages,
    read_quotable_pages,
    set_budget,
)
from hkresearch.report.quote_budget import limit_document
from hkresearch.report.quote_windows import GAP, limit_quotes
from hkresearch.tables.tables import replace_frames

PAGE = (
    "The ferry company said on Tuesday that it would no longer carry letters for the harbour office, because nobody had "
    "paid for the last two crossings. “We will carry whatever is paid for, in any weather and at any hour of the night,” "
    "its captain told a meeting of shopkeepers. The office did not answer questions that were sent to it by carrier "
    "pigeon, and its door was found locked from the inside on the morning after the storm. 港務處星期二沒有回應記者的查詢，"
    "辦公室大門從裏面上了鎖。渡輪公司表示不會再運送任何信件，直至收到過去兩次航程的費用為止。"
)
LONG = "it would no longer carry letters for the harbour office, because nobody had paid for the last two crossings"
OWN = "We will carry whatever is paid for, in any weather and at any hour of the night,"


def note(exact, context=60, **more):
    start = PAGE.index(exact)
    end = start + len(exact)
    return {
        "id": f"{start}-{end}", "article_id": "p", "start": start, "end": end, "exact": exact,
        "before": PAGE[max(0, start - context) : start], "after": PAGE[end : end + context], "n_body_chars": len(PAGE),
        **more,
    }  # fmt: skip


def limit(notes, texts=(), budget=10_000, drawn=()):
    shown, limited = limit_quotes(
        notes, dict.fromkeys(texts), QuotablePages({"p": QuotablePage(PAGE, budget)}), drawn
    )
    return [shown[n["id"]] for n in notes], [limited.get(text, text) for text in texts]


def test_with_room_enough_all_is_shown_and_context_has_no_half_words():
    (shown,), _ = limit([note("nobody had paid", context=13)])
    assert (shown["before"], shown["exact"], shown["after"]) == (
        "because ",
        "nobody had paid",
        " for the last",
    )
    assert shown["is_whole"]


@pytest.mark.parametrize(
    "budget, is_whole, has_context",
    [
        (400, True, True),
        (110, True, False),
        (60, False, False),
    ],  # context goes first, then the middle
)
def test_what_is_left_out_first_is_the_context(budget, is_whole, has_context):
    (shown,), _ = limit([note(LONG)], budget=budget)
    assert (shown["is_whole"], bool(shown["before"] or shown["after"])) == (is_whole, has_context)
    assert LONG.startswith(shown["exact"]) and LONG.endswith(shown["tail"])
    assert is_whole or (
        shown["exact"] and shown["tail"] and not LONG[len(shown["exact"])].isalpha()
    )


def test_a_label_keeps_the_name_before_its_words_and_says_again_what_the_answer_quotes():
    page = "Harbour Post: " + OWN + " " + PAGE
    label, again = f"Harbour Post: “{LONG}”", f"Harbour Post: “{OWN}”"
    _, limited = limit_quotes([], [label, again], QuotablePages({"p": QuotablePage(page, 60)}))
    assert all(text.startswith("Harbour Post: “") and GAP in text for text in limited.values())
    _, limited = limit_quotes(
        [], [label, again, OWN], QuotablePages({"p": QuotablePage(page, 60)}), answers={OWN}
    )
    assert limited[again] == f"Harbour Post: “{limited[OWN]}”" and len(limited[OWN]) > 60 > len(
        limited[label]
    )


def test_words_in_quotation_marks_have_more_room_than_reported_ones():
    (own, reported), _ = limit([note(OWN, is_own=True), note(LONG)], budget=130)
    kept = [
        len(shown["exact"] + shown["tail"]) / length
        for shown, length in ((own, len(OWN)), (reported, len(LONG)))
    ]
    assert kept[0] > 2 * kept[1]


@pytest.mark.parametrize(
    "text, expected",
    [
        (
            "Paused since July, in three pages of one origin",
            None,
        ),  # nobody's words: nothing of the page
        ("no longer carry letters", None),  # fewer words than make a quotation
        (
            f"“{LONG}” (Daily)",
            r"“it .*\[…\].* crossings” \(Daily\)",
        ),  # the words shrink, not what stands around them
        (
            f"[-{OWN}-] {{+nothing+}}",
            r"\[-We .*\[…\].* night,-\] \{\+nothing\+\}",
        ),  # the marks stay in pairs
        (PAGE[-56:], r".*[\u4e00-\u9fff]+ \[…\] [\u4e00-\u9fff]+.*"),
    ],
)
def test_a_cell_that_quotes_a_page_is_shortened_like_a_passage(text, expected):
    _, (limited,) = limit([], [text], budget=40)
    assert limited == text if expected is None else re.fullmatch(expected, limited)


@pytest.mark.parametrize(
    "exact, budget, shown",
    [
        (
            "carry whatever it is, in any weather and at any hour of it",
            38,
            ("carry whatever it is", "any hour of it"),
        ),  # no comma by a gap
        (
            "Its captain’s boat lay under the harbour wall until the morning",
            16,
            ("Its captain’s", ""),
        ),  # a beginning, not two stumps
        (
            "Its captain’s boat lay under the harbour wall until the morning",
            13,
            ("Its", ""),
        ),  # no half of captain’s
    ],
)
def test_what_stands_beside_a_gap_is_whole_words(exact, budget, shown):
    page = (
        "The office was shut. "
        + exact
        + ", said the man who watched it from the other side of the street."
    )
    cited = {
        "id": "1",
        "article_id": "p",
        "start": 21,
        "end": 21 + len(exact),
        "exact": exact,
        "before": "",
        "after": "",
    }
    found = limit_quotes([cited], {}, QuotablePages({"p": QuotablePage(page, budget)}))[0]["1"]
    assert (found["exact"], found["tail"]) == shown


def test_only_a_page_that_anybody_may_republish_has_no_budget(small_tables):
    articles = small_tables.articles.assign(
        license=["CC0-1.0", "CC-BY-4.0", "", "all rights reserved"]
    )
    budgets = [
        page.budget
        for page in read_quotable_pages(replace_frames(small_tables, articles=articles)).values()
    ]
    assert budgets[0] > 10**6 > max(budgets[1:])
    book = {**small_tables.codebook, "quoted_freely": []}
    assert (
        max(
            page.budget
            for page in read_quotable_pages(
                replace_frames(small_tables, articles=articles, codebook=book)
            ).values()
        )
        < 10**6
    )


def test_what_is_drawn_counts_and_stays():
    texts = [LONG.replace("the harbour", "their harbour")]
    (free,), (with_chart,) = (limit([], texts, 120, drawn)[1] for drawn in ((), (OWN,)))
    assert len(with_chart) < len(free)


@pytest.mark.parametrize("headline, is_whole", [(OWN, True), ("", False)])
def test_a_headline_in_a_table_is_a_fact_and_stays_whole(headline, is_whole):
    cells = [{"text": OWN}, {"text": f"{LONG}, they said"}]
    content = {
        "kind": "table",
        "title": "",
        "note": "",
        "rows": [{"cells": cells}],
        "csv": f'"{OWN}"',
    }
    document = Document("", (ExhibitBlock(content),))
    limited = (
        limit_document(document, QuotablePages({"p": QuotablePage(PAGE, 60, headline=headline)}))
        .blocks[0]
        .content
    )
    shown = [cell["text"] for cell in limited["rows"][0]["cells"]]
    assert (shown[0] == OWN, OWN in limited["csv"]) == (is_whole, is_whole)
    assert GAP in shown[1], "other words of the page are still cut"


def test_a_cell_may_be_longer_than_the_csv_module_allows():
    import csv

    before, long = csv.field_size_limit(), "x" * 140_000
    content = {
        "kind": "table",
        "title": "",
        "note": "",
        "rows": [{"cells": []}],
        "csv": f"{long}\r\n",
    }
    document = Document("", (ExhibitBlock(content),))
    assert limit_document(document, QuotablePages()).blocks[0].content["csv"] == f"{long}\r\n"
    assert csv.field_size_limit() == before


def test_one_text_on_two_pages_counts_for_both():
    pages = QuotablePages(p=QuotablePage(PAGE, 10_000), q=QuotablePage(LONG, 40))
    shown, _ = limit_quotes([note(LONG)], {}, pages)
    assert not next(iter(shown.values()))["is_whole"]  # the second page has no more room


@pytest.mark.parametrize(
    "n, book, budget",
    [
        (3000, {}, 990),
        (30_000, {}, 2000),
        (100, {"quoted_share": 0.5}, 50),
        (9000, {"quoted_characters": 700}, 700),
        (0, {}, 0),
    ],
)
def test_the_codebook_sets_the_budget(n, book, budget):
    assert set_budget(n, book) == budget


spans = st.lists(
    st.tuples(st.integers(0, len(PAGE) - 1), st.integers(1, 160), st.booleans()),
    min_size=1,
    max_size=12,
    unique_by=lambda s: s[:2],
)


@given(spans=spans, budget=st.integers(0, 400))
@settings(max_examples=150, deadline=None)
def test_the_budget_holds_whatever_is_cited(spans, budget):
    notes = []
    for n, (start, length, is_own) in enumerate(spans):
        end = min(len(PAGE), start + length)
        around = {"before": PAGE[max(0, start - 30) : start], "after": PAGE[end : end + 30]}
        notes.append(
            {
                "id": str(n),
                "article_id": "p",
                "start": start,
                "end": end,
                "exact": PAGE[start:end],
                "is_own": is_own,
                **around,
            }
        )
    cells = [note["exact"] for note in notes]
    shown, limited = limit(notes, cells, budget)
    covered = bytearray(len(PAGE))
    for note, parts in zip(notes, shown, strict=True):
        start, end = note["start"], note["end"]
        assert note["exact"].startswith(parts["exact"]) and note["exact"].endswith(parts["tail"])
        assert PAGE[:start].endswith(parts["before"]) and PAGE[end:].startswith(parts["after"])
        for a, b in (
            (start - len(parts["before"]), start + len(parts["exact"])),
            (end - len(parts["tail"]), end + len(parts["after"])),
        ):
            covered[a:b] = b"\1" * (b - a)
    assert covered.count(1) <= budget
    for text in limited:
        for piece in text.split(GAP):
            assert piece.strip() in PAGE


COPIES = [
    "The boat was late and nobody said why.",
    "It will sail again when the harbour office has paid its bill.",
    "渡輪公司表示不會再運送任何信件。",
]
texts_of = st.lists(
    st.lists(st.sampled_from([*COPIES, "Alone.", "said the boat"]), max_size=6).map(" ".join),
    max_size=4,
)


def list_runs(text):
    words = [text[a:b].casefold() for a, b in locate_words(text)]
    return [tuple(words[n : n + RUN]) for n in range(len(words) - RUN + 1)]


def cover(runs, wanted, n):
    """Which of `n` words stand in a run that is wanted."""
    return [
        any(runs[k] in wanted for k in range(max(0, at - RUN + 1), min(at + 1, len(runs))))
        for at in range(n)
    ]


@given(
    pages=texts_of,
    said=st.lists(
        st.sampled_from([*COPIES, "a boat", "", " ".join(COPIES), "said " + COPIES[1][3:]]),
        max_size=4,
    ),
    chunk=st.sampled_from([7, matches.WORDS_AT_ONCE]),
)
def test_words_are_found_wherever_a_page_has_them(pages, said, chunk):
    with mock.patch.object(matches, "WORDS_AT_ONCE", chunk):
        check_words_found(PageIndex(pages), pages, said)


def check_words_found(index, pages, said):
    found = index.find(said)
    paged = [list_runs(page) for page in pages]
    for n, text in enumerate(said):
        runs, size = list_runs(text), len(locate_words(text))
        first = found.first_words[n]
        assert found.found[first : first + size].tolist() == cover(
            runs, {run for page in paged for run in page}, size
        )
        shown = found.mark_pages(found.mark_texts([n], [0], [size]))
        for page, of_page, begin in zip(pages, paged, index.first_words, strict=False):
            n_words = len(locate_words(page))
            assert shown[begin : begin + n_words].tolist() == cover(of_page, set(runs), n_words)
        highest = found.find_highest(np.arange(len(pages)))
        have = [
            max((p for p, of_page in enumerate(paged) if run in of_page), default=0) for run in runs
        ]
        assert highest[first : first + len(runs)].tolist() == have
        assert not found.mark_missed(shown)[first : first + size].any()
        missed = found.mark_missed(np.zeros_like(shown))
        assert (missed == found.found).all()  # where nothing is shown, all that is found is missed


@given(
    page=st.sampled_from([*COPIES, f"“ {COPIES[0]}”"]),
    spans=st.lists(st.tuples(st.integers(0, 70), st.integers(1, 30)), max_size=3),
    data=st.data(),
)
def test_characters_are_counted_once_whether_of_words_or_beside_them(page, spans, data):
    index = PageIndex(["Alone.", page])
    words = locate_words(page)
    is_marked = data.draw(st.lists(st.booleans(), min_size=len(words), max_size=len(words)))
    first = index.first_words[1]
    marked = np.zeros(len(index.starts), bool)
    marked[first : first + len(words)] = is_marked
    shown = set()
    for (start, _), (end, _), is_shown in zip(
        words, [*words[1:], (len(page), 0)], is_marked, strict=True
    ):
        shown |= set(range(start, end)) if is_shown else set()
    assert index.count_chars(marked).tolist() == [0, len(shown)]
    for start, length in spans:
        start, end = min(start, len(page)), min(start + length, len(page))
        assert index.count_beside(marked, 1, start, end) == len(set(range(start, end)) - shown)


def test_without_tables_the_passages_themselves_are_counted():
    pages = gather_pages([note(LONG, 5), note(OWN, 5)])
    assert (
        pages["p"].budget == int(len(PAGE) * 0.33)
        and LONG in pages["p"].text
        and OWN in pages["p"].text
    )
    assert "\0" in pages["p"].text  # what nothing cites is not known
