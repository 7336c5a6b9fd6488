"""The names of HTML elements -> what each means for lines of text, and the Layout of a page."""

from __future__ import annotations

from typing import NamedTuple

# Elements whose content is not text of the page.
OPAQUE_ELEMENTS = tuple(
    "script style svg noscript template iframe select textarea math canvas object".split()
)
# Elements that begin a new line. The order matters: an element is stored as its index in this list.
BLOCKS = (
    "p div li ul ol h1 h2 h3 h4 h5 h6 td th tr table tbody thead tfoot article main aside nav "
    "header footer section figure figcaption form blockquote button dd dt dl address body center "
    "details dialog fieldset head html legend menu pre summary title video audio"
).split()
# Elements that characterise every line inside them: one bit for each group, in this order.
_ENCLOSING_GROUPS = (
    "article", "main", "aside dialog", "nav menu", "header", "footer", "section", "figure",
    "figcaption", "ul ol dl", "table", "form fieldset", "blockquote", "p", "h1", "h2",
    "h3 h4 h5 h6", "button", "head", "address", "details",
)  # fmt: skip
ENCLOSING_BITS = {
    name: 1 << bit for bit, names in enumerate(_ENCLOSING_GROUPS) for name in names.split()
}
N_ENCLOSING = len(_ENCLOSING_GROUPS)


class Layout(NamedTuple):
    """What the tags say about the text: values from the head, then one entry per line or element.

    Lines are those of the visible page, in the order of the text layer. Elements are numbered in
    the order in which they open; number 0 stands for the page itself.
    """

    metadata: list[tuple[str, int, int, str]]  # (name, start, end, value); offsets into the text
    start: int  # where the visible page begins in the text layer
    node: list[int]  # of each line: the innermost element around it
    linked: list[int]  # of each line: its characters that are link text
    bold: list[int]  # of each line: its characters that are bold
    parent: list[int]  # of each element: the element around it, -1 for none
    last: list[int]  # of each element: one past the last element inside it
    tag: list[int]  # of each element: its index in BLOCKS
    within: list[int]  # of each element: the ENCLOSING_BITS of it and of those around it
    naming: list[str]  # of each element: the inside of its tag
    said: list[int]  # of each line: what the head repeats of it, see html_metadata.find_said
    n_quoted: int  # characters of the article's text that the head holds
