"""Sentences: where they end, in English and in Chinese."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hkresearch.codebook.book import read_codebook
from hkresearch.core.article import Article, annotate
from hkresearch.structure.text.sentences import find_sentences

CODEBOOK = read_codebook()

CASES = [
    (
        "It paused. It resumed.",
        ["It paused.", "It resumed."],
        "a full stop before a capital ends a sentence",
    ),
    (
        "The U.S. Senate voted. It passed.",
        ["The U.S. Senate voted.", "It passed."],
        "an abbreviation of letters does not",
    ),
    (
        "It left the U.S. The firm stayed.",
        ["It left the U.S.", "The firm stayed."],
        "unless a word follows that begins sentences",
    ),
    (
        "Mr. Lee and Dr. Chan met Sen. Roe.",
        ["Mr. Lee and Dr. Chan met Sen. Roe."],
        "titles never end one",
    ),
    ("J. R. Smith won.", ["J. R. Smith won."], "initials never end one"),
    (
        "Acme Inc. said so. Beta Ltd. The end.",
        ["Acme Inc. said so.", "Beta Ltd.", "The end."],
        "a firm's ending seldom ends one",
    ),
    (
        "It fell 3.5 percent. Sales rose.",
        ["It fell 3.5 percent.", "Sales rose."],
        "a decimal point is no full stop",
    ),
    ("“We stop.” It did.", ["“We stop.”", "It did."], "the closing mark stays with its sentence"),
    ('"We stop." It did.', ['"We stop."', "It did."], "so does a straight one"),
    (
        "“Why?” he asked. Nobody knew.",
        ["“Why?” he asked.", "Nobody knew."],
        "a small letter goes on with the sentence",
    ),
    (
        "And then... nothing happened.",
        ["And then... nothing happened."],
        "dots before a small letter are a pause",
    ),
    ("Really?! Yes.", ["Really?!", "Yes."], "a run of marks is one end"),
    (
        "公司已暫停。政府批評！為甚麼？",
        ["公司已暫停。", "政府批評！", "為甚麼？"],
        "Han end marks need no space",
    ),
    (
        "他說：「不會。」她不同意。",
        ["他說：「不會。」", "她不同意。"],
        "the corner mark stays with its sentence",
    ),
    (
        "Facebook表示暫停。Google亦然。",
        ["Facebook表示暫停。", "Google亦然。"],
        "Latin names glued to Han",
    ),
    ("One line\nAnother line", ["One line", "Another line"], "no sentence crosses a line"),
    ("   \n\n  ", [], "white space holds no sentence"),
]


def read(text, parts=()):
    return find_sentences(Article("t", text, "", ""), parts, CODEBOOK)


@pytest.mark.parametrize(("text", "wanted", "reason"), CASES, ids=[case[2] for case in CASES])
def test_a_sentence_ends_where_a_reader_ends_it(text, wanted, reason):
    assert [text[s.start : s.end] for s in read(text)] == wanted


def test_only_article_parts_are_read_and_keep_their_label():
    text = "Menu\nBig news. Bigger news.\nBy Ann Lee\nIt rained."
    article = Article("t", text, "", "")
    bounds = [
        (0, 5, "navigation"),
        (5, 28, "headline"),
        (28, 39, "byline"),
        (39, len(text), "body"),
    ]
    parts = [
        annotate(article, start, end, "t", "part", code, "test") for start, end, code in bounds
    ]
    parts.append(annotate(article, 0, len(text), "t", "confidence", "1", "test"))
    found = [(text[s.start : s.end], s.part) for s in find_sentences(article, parts, CODEBOOK)]
    assert found == [
        ("Big news.", "headline"),
        ("Bigger news.", "headline"),
        ("It rained.", "body"),
    ]


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.sampled_from(list("aB1 .?!…\"'“”‘’「」。！，\n\t,U.S()")), max_size=80))
def test_sentences_are_in_order_apart_trimmed_and_lose_no_character(text):
    sentences, position = read(text), 0
    for sentence in sentences:
        assert position <= sentence.start < sentence.end
        assert not text[position : sentence.start].strip()
        exact = text[sentence.start : sentence.end]
        assert exact == exact.strip() and "\n" not in exact
        position = sentence.end
    assert not text[position:].strip()
