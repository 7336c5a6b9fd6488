"""Paragraphs broken into lines of one width are read whole; other pages are left alone."""

import pytest

from hkresearch.core.article import annotate
from hkresearch.structure.text.wrapped_lines import join_wrapped_lines
from support.coded_texts import make_article

WRAPPED = """The messaging service said on Thursday that it would not
answer the requests of the police before a court had looked
at the law and at the rules.

Its spokesman said that the service had no offices in the
city and that none of its machines had ever stood there, so
that nobody could take them away.

Lawyers were of another mind and said that the rules ask for
help from anybody who has the means, wherever he may be, and
that the law itself says so.
"""


def read_parts(text):
    """Return the article and its lines as body parts, what lies between as blank ones."""
    article, parts, position = make_article(text), [], 0
    for line in text.split("\n"):
        end = position + len(line)
        if line:
            parts.append(annotate(article, position, end, article.id, "part", "body", "test/1"))
        if end < len(text):
            parts.append(annotate(article, end, end + 1, article.id, "part", "blank", "test/1"))
        position = end + 1
    return article, parts


def test_lines_of_a_paragraph_are_one_part_at_the_same_places():
    article, parts = read_parts(WRAPPED)
    joined, joined_parts = join_wrapped_lines(article, parts)
    body = [part for part in joined_parts if part.code == "body"]
    assert len(joined.text) == len(article.text) and len(body) == 3
    assert joined.text.split() == article.text.split()
    for part in body:
        assert part.exact == joined.text[part.start : part.end] and "\n" not in part.exact


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("One line.\nAnother line.\n" * 6, "each line ends its sentence"),
        ("A first line without an end\nand a second one.\n", "too few breaks to tell"),
        ("\n\n".join(WRAPPED.split("\n\n")[0].splitlines()), "every line is a paragraph"),
    ],
)
def test_other_pages_are_left_alone(text, reason):
    article, parts = read_parts(text)
    assert join_wrapped_lines(article, parts) == (article, parts)
