"""What tags say of lines: the head's texts, names on elements, kin; compared with the same thing worked out slowly."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hkresearch.clean.element_names import Names, weigh_names, weigh_words
from hkresearch.clean.html_features import (
    N_SAID,
    N_TAGS,
    find_title,
    measure_tags,
    pool_answers,
)
from hkresearch.clean.line_features import tabulate_lines
from hkresearch.pages.html_metadata import find_said
from hkresearch.pages.html_text import flatten_html, read_names

SUMMARY = "The company said on Monday that it would no longer answer such requests."
SAID = [
    # (line, summaries, quoted, bits, why)
    (SUMMARY, [SUMMARY], [], 6, "the summary itself"),
    (
        SUMMARY + " More follows.",
        [SUMMARY],
        [],
        2,
        "the first paragraph begins as the summary does",
    ),
    (
        "Read more about it",
        ["Read more about it"],
        ["Read more about it"],
        0,
        "too short to prove anything",
    ),
    (
        SUMMARY,
        [],
        ["Hong Kong. " + SUMMARY + " It gave no reason."],
        1,
        "the head quotes the article's text",
    ),
    (SUMMARY + " Advertisement", [], [SUMMARY], 1, "either end is enough"),
    ("Advertisement " + SUMMARY + " Advertisement", [], [SUMMARY], 0, "neither end is there"),
]


@pytest.mark.parametrize(
    ("line", "summaries", "quoted", "bits", "why"), SAID, ids=[case[-1] for case in SAID]
)
def test_lines_that_the_head_repeats(line, summaries, quoted, bits, why):
    assert find_said([line], summaries, quoted) == [bits]


def test_the_head_gives_summaries_and_text_outside_the_text_layer():
    markup = (
        f'<head><meta name="description" content="{SUMMARY}"><script type="application/ld+json">'
        '{"@type": "NewsArticle", "articleBody": "<p>It gave no reason for this change of mind.</p>"}</script></head>'
        f"<body><p>{SUMMARY}</p><p>It gave no reason for this change of mind.</p><p>Nobody else repeats this long line of text.</p></body>"
    )
    text, layout = flatten_html(markup)
    assert layout.said == [6, 1, 0] and layout.n_quoted == 42
    assert text.count(SUMMARY) == 1, "the summary is no line of its own"


def read(markup):
    """Return (layout, table, the line of the title) of a page."""
    text, layout = flatten_html(markup)
    lines = text[layout.start :].split("\n")
    return (
        layout,
        tabulate_lines(text[layout.start :]),
        find_title(layout, lines) if layout.node else -1,
    )


PIECES = st.lists(
    st.sampled_from(["<p class='a b'>", "</p>", '<div class="main content">', "</div>", "Some words of text. ", "<article id=x>", "</article>", "<li>", "<h1>", "</h1>", "<nav>", "</nav>"]),
    min_size=1, max_size=40,
)  # fmt: skip


@settings(deadline=None)
@given(PIECES)
def test_any_page_gives_finite_numbers(pieces):
    layout, table, title = read("".join(pieces))
    if layout.node:
        rows, kin = measure_tags(layout, table.end - table.start, table.n_words, title)
        pooled = pool_answers(kin, np.full(len(layout.node), 0.25), table.n_words)
        assert rows.shape == (N_TAGS, len(layout.node)) and np.isfinite(rows).all()
        assert np.allclose(pooled[: len(pooled) // 2], 0.25), (
            "the mean of equal answers is that answer"
        )


@settings(deadline=None)
@given(PIECES)
def test_names_weigh_as_if_each_line_climbed_the_tree(pieces):
    layout, _, _ = read("".join(pieces))
    weights = {
        "a": (1.0, -0.5),
        "b": (0.25, 2.0),
        "main": (-1.0, 0.5),
        "content": (2.0, -3.0),
        "x": (0.5, 0.125),
    }
    if not layout.node:
        return
    numbers = {name: number for number, name in enumerate(weights, 1)} | {"\0": -1}
    rows = weigh_names(layout, Names(numbers, np.array([(0, 0), *weights.values()], np.float32).T))
    for line, element in enumerate(layout.node):
        near, far = [], []
        while element >= 0:
            said = [weights[name] for name in read_names(layout.naming[element]) if name in weights]
            near.append(sum(w for w, _ in said))
            far.append(sum(w for _, w in said))
            element = layout.parent[element]
        expected = [
            near[0],
            sum(near[:2]),
            sum(far[2:]),
            sum(near[:2]) + sum(far[2:]),
            min([0, *far[2:]]),
            max([0, *far[2:]]),
        ]
        assert rows[:, line].tolist() == expected


def test_words_weigh():
    terms = np.array([3, 5, 9], np.uint64)
    words = np.array([[5, 9, 0], [4, 3, 3]], np.uint64)
    rows = weigh_words(words, terms, np.array([1.0, 2.0, -4.0]), np.array([0.5, 0.25, 0.125]))
    assert rows.T.tolist() == [[-2.0, -4.0, 0.25, 2.0], [2.0, 0.0, 0.0, 2.0]]
    assert len(rows) + 6 == N_SAID


def test_kin_share_their_answers():
    layout, table, title = read(
        f"<div><p>{SUMMARY}</p><p>{SUMMARY}</p></div><aside><p>{SUMMARY}</p></aside>"
    )
    _, kin = measure_tags(layout, table.end - table.start, table.n_words, title)
    pooled = pool_answers(kin, np.array([1.0, 0.0, 0.5]), table.n_words)
    assert pooled[0].tolist() == [0.5, 0.5, 0.5], "means over the element around each line"
    assert pooled[3].tolist() == [0.5, 0.5, 0.5] and len(set(kin.alike.tolist())) == 2, (
        "an aside's paragraph is not marked up as the others"
    )
