"""Properties that hold for any pages: the order of rows, one page more, decisions."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hkresearch.codebook.book import read_codebook
from hkresearch.coding.page import code_article
from hkresearch.core.article import HkresearchError
from hkresearch.core.page_rows import list_article_parts, list_page_rows
from hkresearch.pages.register import read_articles
from hkresearch.pipeline.build_tables import describe_codebook
from hkresearch.reconcile import (
    check_arithmetic,
    diff_tables,
    list_alterations,
    list_contradiction_sides,
    list_current_positions,
    reconcile_tables,
)  # fmt: skip
from hkresearch.tables.check import check_tables
from hkresearch.tables.from_annotations import tabulate_annotations
from hkresearch.tables.schema import conform_frame
from hkresearch.tables.tables import list_frames, replace_frames
from support.coded_pages import BOOK, ENTITIES, Page, tabulate
from support.contradictions import check_parts_of_contradictions
from support.decisions import write_decisions
from support.properties import UNSHRUNK, examples

WORDS = "we will keep the new law from every user in this city and pause requests until it is clear for all".split()
quotes = st.tuples(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=14).map(" ".join),
    st.lists(st.sampled_from(sorted(ENTITIES)[:4]), max_size=2, unique=True),
)
corpora = st.lists(
    st.tuples(
        st.lists(quotes, max_size=3),
        st.lists(st.tuples(st.sampled_from(["acme", "bolt"]), st.sampled_from(["pause", "refuse", "comply", "no_change", "never_complied"]),
                           st.sampled_from(["stated", "expected", "considered"])), max_size=2),
        st.lists(st.tuples(st.sampled_from(["acme", "bolt"]), st.sampled_from(["seat", "requests"]), st.sampled_from(["east", "west", "9"])),
                 max_size=2),
        st.sampled_from(["", "Gazette", "Post"]), st.sampled_from(["", "2020-07-06", "2020-07-08"]),
    ), min_size=1, max_size=6,
)  # fmt: skip


def make_corpus(corpus):
    pages = []
    for i, (said, positions, facts, based_on, date) in enumerate(corpus):
        lines = [f"It said “{words}” there." for words, _ in said] + [
            f"{who} did {what}." for who, what, _ in positions
        ]
        lines += [f"{who} has {variable} {code}." for who, variable, code in facts]
        page = Page(f"p{i}", "\n".join(["Head", *lines]), is_based_on=based_on, date_published=date)
        for words, organisations in said:
            page.quote(words, *organisations)
        for who, what, modality in positions:
            page.place(f"{who} did {what}", who, what, modality)
        for who, variable, code in facts:
            if (variable == "requests") == (code == "9"):
                page.code(
                    f"{who} has {variable} {code}",
                    who,
                    variable,
                    code,
                    **{"unit": "request"} if code == "9" else {},
                )
        pages.append(page)
    return pages


@pytest.mark.fuzz
@examples(5, phases=UNSHRUNK)
@given(corpora, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(corpus, random):
    """Whatever order rows come in: claims, origins, contradictions, alterations and positions in force are the same."""
    tables = tabulate(*make_corpus(corpus))
    names = ("articles", "annotations", "passages", "quotations", "positions", "quantities")
    shuffled = {name: shuffle(getattr(tables, name), random) for name in names}
    shuffled["facts"] = tabulate_annotations(shuffled["annotations"], tables.codebook)["facts"]
    again = reconcile_tables(shuffled, describe_codebook(BOOK))
    again = {name: conform_frame(name, frame) for name, frame in again.items()}
    for name in ("claims", "appearances", "origins"):
        pd.testing.assert_frame_equal(again[name], getattr(tables, name))
    for name, key in (
        ("quotations", "quotation_id"),
        ("positions", "position_id"),
        ("quantities", "quantity_id"),
    ):
        expected = getattr(tables, name).sort_values(key, ignore_index=True)
        pd.testing.assert_frame_equal(again[name].sort_values(key, ignore_index=True), expected)
    mixed = replace_frames(
        tables, **{name: shuffle(frame, random) for name, frame in list_frames(tables).items()}
    )
    for find in (
        list_contradiction_sides,
        list_alterations,
        list_current_positions,
        check_arithmetic,
    ):
        pd.testing.assert_frame_equal(sort_evidence(find(mixed)), sort_evidence(find(tables)))
    assert diff_tables(tables, mixed).empty


def shuffle(frame, random):
    return frame.sample(frac=1, random_state=random.randint(0, 999)).reset_index(drop=True)


def sort_evidence(frame):
    lists = [name for name in frame.columns if name.endswith("evidence")]
    return frame.assign(**{name: [sorted(ids) for ids in frame[name]] for name in lists})


@pytest.mark.fuzz
@examples(5, phases=UNSHRUNK)
@given(corpora)
def test_adding_a_page_changes_no_other_pages_annotations(corpus):
    pages = make_corpus(corpus)
    fewer, all_of_them = tabulate(*pages[:-1]), tabulate(*pages)
    assert set(all_of_them.annotations["article_id"]) - set(fewer.annotations["article_id"]) == {
        pages[-1].article.id
    }
    for name in ("annotations", "passages"):
        frame = getattr(all_of_them, name)
        kept = frame[
            frame["annotation_id"].isin(getattr(fewer, name)["annotation_id"])
        ].reset_index(drop=True)
        pd.testing.assert_frame_equal(kept, getattr(fewer, name))


def test_each_sample_page_is_read_as_if_it_were_alone(sample, sample_tables):
    """By the package's own coders: so adding any page to any others changes none of theirs."""
    book = read_codebook()
    described = describe_codebook(book)
    parts, width = list_article_parts(described), described["context_characters"]
    annotations, passages = (
        {row[0]: row for row in getattr(sample_tables, name).itertuples(index=False, name=None)}
        for name in ("annotations", "passages")
    )
    for article in reversed(read_articles(sample.raw)):
        marks = code_article(article, book)
        _, mine, around = list_page_rows(article, marks, parts, width)
        assert {row[0]: row for row in mine} == {
            id: row for id, row in annotations.items() if row[1] == article.id
        }
        assert len(mine) > 20 and all(passages[row[0]] == row for row in around)


@pytest.mark.fuzz
@examples(2, phases=UNSHRUNK)
@given(corpora, st.randoms(use_true_random=False))
def test_a_decision_changes_what_it_names_and_survives_a_page_more(
    tmp_path_factory, corpus, random
):
    pages = [
        *make_corpus(corpus),
        Page("z", "Head\nAcme pauses.").place("Acme pauses", "acme", "pause"),
    ]
    before, folder = tabulate(*pages), tmp_path_factory.mktemp("decisions")
    target = random.choice(sorted(before.positions["position_id"]))
    more = [
        *pages,
        Page("zz", "Head\nBolt pauses. “We keep every promise,” it said.").place(
            "Bolt pauses", "bolt", "pause"
        ),
    ]
    for decision, gone in (("reject", 1), ("recode refuse", 0), ("split", 0)):
        after = [
            tabulate(*some, decisions=write_decisions(folder, f"{target},{decision}"))
            for some in (pages, more)
        ]
        for tables, whole in zip(after, (before, tabulate(*more)), strict=True):
            assert tables.decisions["n_matched"].tolist() == [1]
            assert len(tables.positions) == len(whole.positions) - gone
            others = tables.annotations[~touches(tables, target)].reset_index(drop=True)
            pd.testing.assert_frame_equal(
                others, whole.annotations[~touches(whole, target)].reset_index(drop=True)
            )
    rows = [f"{target},split", "0123456789abcdef,reject", f"{target},recode refuse"]
    random.shuffle(rows)
    with pytest.raises(
        HkresearchError,
        match=f"line {rows.index('0123456789abcdef,reject') + 2}: .*matches no annotation",
    ):
        tabulate(*pages, decisions=write_decisions(folder, *rows))


def touches(tables, id):
    return (tables.annotations["annotation_id"] == id) | (tables.annotations["subject"] == id)


@pytest.mark.fuzz
@examples(5, phases=UNSHRUNK)
@given(corpora)
def test_what_always_holds(corpus):
    pages = make_corpus(corpus)
    tables = tabulate(*pages)
    assert check_tables(tables, [page.article for page in pages]) == []
    assert (tables.claims["n_origins"] <= tables.claims["n_articles"]).all()
    assert set(tables.origins["article_id"]) == set(tables.articles["article_id"])
    assert not tables.appearances["annotation_id"].duplicated().any()
    found = list_contradiction_sides(tables)
    check_parts_of_contradictions(tables)
    sides = found.groupby("contradiction_id")["code"].nunique()
    assert (sides >= 2).all(), "every contradiction has two sides"
    assert len(list_current_positions(tables)) == tables.positions["organisation"].nunique()
    assert {"claims", "appearances", "origins"} <= set(list_frames(tables))
