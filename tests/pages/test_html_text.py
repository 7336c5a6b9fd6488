"""HTML -> text layer: lines, metadata and what must not leak."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hkresearch.pages.html_elements import BLOCKS
from hkresearch.pages.html_text import flatten_html, read_names, split_opaque

LINES = [
    # (markup, visible lines, why)
    ("<p>One</p><p>Two</p>", ["One", "Two"], "a paragraph is a line"),
    ("<p>One<br>Two</p>", ["One", "Two"], "a line break ends a line"),
    (
        "<p>A <b>bold</b>, <a href=x>linked</a> word</p>",
        ["A bold, linked word"],
        "inline elements do not end a line",
    ),
    ("<p>One<p>Two", ["One", "Two"], "paragraphs and bodies need no end tag"),
    ("<ul><li>One<li>Two</ul>", ["One", "Two"], "list items need no end tag"),
    ("<P>One</P><DIV>Two</DIV>", ["One", "Two"], "tags in capitals"),
    (
        "<p>Fish &amp; chips&nbsp;now</p>",
        ["Fish & chips now"],
        "entities are resolved, white space folded",
    ),
    ("<p>&nbsp;</p><p>x</p>", ["x"], "a line of white space is no line"),
    ("<script>var p = '<p>no</p>';</script><p>yes</p>", ["yes"], "scripts are no text"),
    ("<SCRIPT>no</SCRIPT><p>yes</p>", ["yes"], "scripts in capitals"),
    (
        "<style>p {}</style><svg><text>no</text></svg><p>yes</p>",
        ["yes"],
        "styles and drawings are no text",
    ),
    ("<!-- <p>no</p> --><p>yes</p>", ["yes"], "comments are no text"),
    ('<div data-x="<b>no</b>">yes</div>', ["yes"], "tags inside an attribute are no tags"),
    (
        '<div data-x="a > b">yes</div>',
        ["yes"],
        "a greater-than sign inside an attribute does not end the tag",
    ),
    ('<p class="a"">yes</p>', ["yes"], "a stray quotation mark costs nothing"),
    (
        '<head><meta name="x" content="&lt;p"><p"><title>t</title><body><p>yes</p>',
        ["yes"],
        "a broken head ends where the body begins",
    ),
    ("<p>1 < 2</p>", ["1"], "a bare less-than sign hides what a browser would show: known, rare"),
    ("", [], "nothing in, nothing out"),
]


@pytest.mark.parametrize(("markup", "lines", "why"), LINES, ids=[case[2] for case in LINES])
def test_lines(markup, lines, why):
    text, layout = flatten_html(markup)
    found = text[layout.start :].split("\n") if layout.node else []
    assert found[: len(lines)] == lines
    if "known" not in why:
        assert found == lines


def test_head_comes_first_with_evidence():
    markup = (
        '<html lang="en-GB"><head><title>A headline | The Post</title><meta property="og:title" content="A headline">'
        '<meta property="article:published_time" content="2020-07-06T10:00:00Z"><script type="application/ld+json">'
        '{"@type": "NewsArticle", "headline": "A headline", "author": [{"name": "Ada Specimen"}], "publisher": {"name": "The Post"}}'
        "</script></head><body><h1>A headline</h1><p>Text.</p></body></html>"
    )
    text, layout = flatten_html(markup)
    stated = {(name, value) for name, _, _, value in layout.metadata}
    assert ("ld:author", "Ada Specimen") in stated and (
        "article:published_time",
        "2020-07-06T10:00:00Z",
    ) in stated
    assert all(text[start:end] == value for _, start, end, value in layout.metadata)
    assert text[layout.start :] == "A headline\nText."
    assert layout.metadata[-1][2] < layout.start


@pytest.mark.parametrize("piece", ['<p class="x', "<a ", "<!-- ", "<script>", "<meta " + "a" * 9])
def test_what_never_ends_is_read_in_one_pass(piece):
    text, layout = flatten_html(
        "<p>yes</p>" + piece * 20_000
    )  # looking for the end from every piece would take minutes
    assert text[layout.start :].split("\n")[0] == "yes" and len(layout.node) <= 2


@pytest.mark.parametrize(
    "script",
    [
        "{",
        "[[[[",
        "null",
        '{"@type": "NewsArticle", "author": 3}',
        '{"@graph": [1, {"@type": ["Article"]}]}',
    ],
)
def test_strange_json_says_nothing(script):
    text, layout = flatten_html(f'<script type="application/ld+json">{script}</script><p>x</p>')
    assert text[layout.start :] == "x" and not layout.metadata


def test_elements_know_what_is_inside_them():
    _, layout = flatten_html(
        "<body><article><p>a</p><div><p>b</p></div></article><aside><p>c</p></aside></body>"
    )
    article = layout.tag.index(BLOCKS.index("article"))
    inside = [article <= node < layout.last[article] for node in layout.node]
    assert inside == [True, True, False]


def test_names_are_split_into_words():
    assert read_names(' class="articleBody main-content" style="display:none"') == [
        "article",
        "body",
        "main",
        "content",
        "display",
        "none",
    ]
    assert read_names(" class='NAV' id=Footer href=x") == ["nav", "footer"]


PIECES = st.lists(st.sampled_from(["<p>", "</p>", "<div class='a'>", "</div>", "text", " ", "<", ">", '"', "<!--", "-->", "<a href=\"", "&nbsp;", "<li>", "</ul>", "<br/>", "<script>", "</head>", "<body>", "\n", "é", "<title>"]), max_size=40)  # fmt: skip


@settings(deadline=None)
@given(PIECES)
def test_any_markup_gives_one_element_per_line(pieces):
    text, layout = flatten_html("".join(pieces))
    visible = [line for line in text[layout.start :].split("\n") if line.strip()]
    assert (
        len(visible)
        == len(layout.node)
        == len(layout.linked)
        == len(layout.bold)
        == len(layout.said)
    )
    assert (
        len(layout.parent)
        == len(layout.last)
        == len(layout.tag)
        == len(layout.within)
        == len(layout.naming)
    )
    assert all(0 <= parent < number for number, parent in enumerate(layout.parent) if number)
    assert all(number < last <= len(layout.tag) for number, last in enumerate(layout.last))


@pytest.mark.parametrize(
    ("markup", "visible", "reason"),
    [
        (
            "a<script>x</SCRIPT>b<Style>y</stYLE >c<script>z</SCRIPT>d",
            "abcd",
            "the case of an end tag does not matter",
        ),
        ("a<script>x</SCRIPT>b<SCRIPT>y</script>c", "abc", "the nearest end tag counts"),
        (
            "\u0130\u0130<script>x</SCRIPT>b",
            "\u0130\u0130b",
            "letters that grow in lower case move no offset",
        ),
        ("a<script>x</script>b<!-- c --> d", "ab d", "comments go"),
    ],
)
def test_opaque_elements_go(markup, visible, reason):
    assert split_opaque(markup)[0] == visible, reason
