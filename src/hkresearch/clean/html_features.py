"""The layout of a page -> one column of numbers per line, from tags and names of elements."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from hkresearch.clean.boosted_trees import add_context
from hkresearch.clean.element_names import number_names, weigh_names, weigh_words
from hkresearch.clean.line_features import CORE, N_SHAPE
from hkresearch.pages.html_elements import BLOCKS, ENCLOSING_BITS, N_ENCLOSING, Layout

_GROUPS = (
    "p",
    "li",
    "h1",
    "h2",
    "h3",
    "h4 h5 h6",
    "td th tr",
    "figcaption",
    "blockquote",
    "button",
    "dd dt",
    "div",
    "section article main",
    "a",
    "header footer aside nav",
)
_GROUP_OF = np.array(
    [
        next((i for i, names in enumerate(_GROUPS) if name in names.split()), len(_GROUPS))
        for name in BLOCKS
    ]
)
_ARTICLE, _H1 = BLOCKS.index("article"), BLOCKS.index("h1")
_REACH_BITS = np.arange(N_ENCLOSING)[:, None]
_FIRST = (
    len(_GROUPS) + 1 + N_ENCLOSING
)  # the rows after those that say what a line's element is and what it is in
N_TAGS = _FIRST + 61
# What is also seen of neighbours: paragraph, list item, low heading, in the text's element, quoted.
_TAG_CORE = tuple(N_SHAPE + row for row in (0, 1, 5, _FIRST + 25, _FIRST + 45))
STEPS = (-3, -2, -1, 1, 2, 3)
REACHES = (6, 15)
N_SAID = 10  # rows of `weigh_names` and `weigh_words`
# 0 only in training, where annotators went by other rules: lists and tables count, summaries not.
IS_NEWS = N_TAGS - 1


class Kin(NamedTuple):
    """Which lines belong together, as numbers that kindred lines share."""

    around: (
        np.ndarray
    )  # one row per level: the element around the line's own, the one around that, and the next
    alike: (
        np.ndarray
    )  # equal for lines whose element and the one around it have the same names and classes
    container: np.ndarray  # how many large containers of prose begin before the line


class Marked(NamedTuple):
    """A page's elements and lines as arrays; `levels`: a line's element and the three around it."""

    tag: np.ndarray
    parent: np.ndarray
    last: np.ndarray
    levels: np.ndarray
    within: np.ndarray  # of each line: the elements around it, as bits
    linked: np.ndarray  # of each line: the share of its characters that are a link
    bold: np.ndarray
    amounts: np.ndarray  # of each line: characters of prose, characters, characters of links, 1
    direct: np.ndarray  # of each element: the characters of the paragraphs right inside it


def measure_tags(
    layout: Layout, size: np.ndarray, n_words: np.ndarray, title: int
) -> tuple[np.ndarray, Kin]:
    """Return the features that the tags give each visible line, one a row, and its kin.

    `title` is the number of the line that repeats the head's title, -1 when none does.
    """
    page = read_layout(layout, size, n_words)
    node = page.levels[0]
    rows = np.zeros((N_TAGS, len(node)), np.float32)
    rows[_GROUP_OF[page.tag[node]], np.arange(len(node))] = 1
    rows[len(_GROUPS) + 1 : _FIRST] = (page.within >> _REACH_BITS) & 1
    large = np.flatnonzero(page.direct >= 0.35 * page.direct.max())
    rest = rows[_FIRST:]
    measure_elements(page, rest)
    measure_place(page, large, title, rest)
    measure_said(layout, page, rest)
    alike = measure_alike(layout, page, n_words, rest)
    rest[57] = np.bitwise_count(page.within) / 4
    rest[58] = np.log1p(node) / 6
    rest[59] = np.log1p(page.last[0] - node) / 6
    rest[60] = 1  # what counts as the article is what annotators of news count
    return rows, Kin(page.levels[1:], alike, np.searchsorted(large, node, side="right"))


def read_layout(layout: Layout, size: np.ndarray, n_words: np.ndarray) -> Marked:
    """Return the layout as arrays."""
    node, parent, last, tag = (
        np.array(x) for x in (layout.node, layout.parent, layout.last, layout.tag)
    )
    linked, bold = np.minimum(
        np.array((layout.linked, layout.bold), np.float64) / np.maximum(size, 1), 1
    )
    prose = size * (1 - linked) * (n_words >= 10)
    levels = np.empty((4, len(node)), np.intp)
    levels[0] = node
    for level in (1, 2, 3):
        np.maximum(parent[levels[level - 1]], 0, out=levels[level])
    direct = np.bincount(levels[1], prose * (tag[node] == 0), minlength=len(tag))
    amounts = np.array((prose, size, size * linked, np.ones(len(node))))
    return Marked(
        tag, parent, last, levels, np.array(layout.within)[node], linked, bold, amounts, direct
    )


def measure_elements(page: Marked, rows: np.ndarray) -> None:
    """Fill in the links of each line and its neighbours, and the prose around it."""
    around, n_elements, total = page.levels[1], len(page.tag), page.amounts[0].sum() + 1
    inside = sum_inside(page)
    rows[0], rows[1], rows[2] = page.linked, page.bold, page.linked > 0.8
    rows[3, 1:], rows[4, :-1] = page.linked[:-1], page.linked[1:]
    rows[5:8] = np.log1p(inside[0, 1:]) / 8
    rows[8:11] = inside[0, 1:] / total
    rows[11:15] = inside[2] / (inside[1] + 1)
    rows[15:18] = inside[0, 1:] / (inside[1, 1:] + 1)
    rows[18:22] = np.log1p(inside[3]) / 4
    rows[22] = np.log1p(page.direct[around]) / 8
    rows[23] = page.direct[around] / total
    rows[24] = np.log1p(np.bincount(around, minlength=n_elements)[around]) / 4
    rows[35] = np.log1p(total) / 10


def measure_place(page: Marked, large: np.ndarray, title: int, rows: np.ndarray) -> None:
    """Fill in where each line stands: in which containers, how far from neighbours and title."""
    node, around = page.levels[:2]
    n = len(node)
    best, first = int(np.argmax(page.direct)), int(large[0])
    # The largest container and the one around it, and the first large one with its own: some pages
    # load the next article below.
    containers = np.array((best, max(page.parent[best], 0), first, max(page.parent[first], 0)))[
        :, None
    ]
    rows[25:29] = (node >= containers) & (node < page.last[containers])
    rows[29, 1:] = rows[30, :-1] = around[1:] == around[:-1]
    rows[31, 1:] = rows[32, :-1] = np.log1p(np.diff(node).clip(0)) / 3
    place = np.arange(n)
    sums = np.zeros((3, n + 1))
    np.cumsum(page.amounts[:3], 1, out=sums[:, 1:])
    near = sums[:, np.minimum(place + 6, n)] - sums[:, np.maximum(place - 5, 0)]
    rows[33] = near[2] / (near[1] + 1)
    rows[34] = near[0] / (near[1] + 1)
    for row, kind in ((36, _ARTICLE), (37, _H1)):
        rows[row] = (
            np.log1p(np.searchsorted(np.flatnonzero(page.tag == kind), node, side="right")) / 2
        )
    if title >= 0:
        heading, levels = int(node[title]), page.levels[1:]
        rows[38] = 1
        rows[39] = np.sign(place - title)
        rows[40] = rows[39] * np.log1p(np.abs(place - title)) / 3
        rows[41] = (node > heading) & (node < page.last[containers[3, 0]])
        rows[42:45] = (levels <= heading) & (heading < page.last[levels])


def measure_said(layout: Layout, page: Marked, rows: np.ndarray) -> None:
    """Fill in whether the head quotes the line as the article's, or as its summary."""
    said, prose = np.array(layout.said), page.amounts[0]
    quoted, summary, total = said & 1, said & 4 > 0, prose.sum() + 1
    rows[45], rows[46], rows[47] = quoted, said & 2 > 0, summary
    rows[48] = prose @ quoted / total
    rows[49] = min(layout.n_quoted / total, 2)
    rows[50] = summary.any()
    rows[51] = layout.n_quoted > 0


def measure_alike(
    layout: Layout, page: Marked, n_words: np.ndarray, rows: np.ndarray
) -> np.ndarray:
    """Fill in the text of lines with the same markup; return the numbers that such lines share."""
    styles = np.array(number_styles(layout))[page.levels[:2]]
    _, alike, count = np.unique(
        styles[0] * len(page.tag) + styles[1], return_inverse=True, return_counts=True
    )
    words = np.bincount(alike, n_words)
    rows[52] = np.log1p(count[alike]) / 4
    rows[53] = np.log1p(words / count)[alike] / 3
    rows[54] = words[alike] / (n_words.sum() + 1)
    rows[55] = (np.bincount(alike, page.linked) / count)[alike]
    rows[56] = np.bincount(alike, page.amounts[0])[alike] / (page.amounts[0].sum() + 1)
    return alike


def sum_inside(page: Marked) -> np.ndarray:
    """Return the sums of the amounts inside each element around a line: amount, level, line.

    Elements are numbered in the order in which they open, so what lies inside one is a range of
    numbers. Lines are not sorted by element (text may follow a closed child): sums per element come
    first.
    """
    node = page.levels[0]
    per_element = np.zeros((len(page.amounts), len(page.tag) + 1))
    for row, amount in zip(per_element, page.amounts, strict=True):
        np.cumsum(np.bincount(node, amount, minlength=len(page.tag)), out=row[1:])
    return per_element[:, page.last[page.levels]] - per_element[:, page.levels]


def number_styles(layout: Layout) -> list[int]:
    """Return a number per element, equal for elements of one name and one class."""
    known: dict[tuple[int, str], int] = {}
    styles = []
    for style in zip(layout.tag, layout.naming, strict=True):
        if (number := known.get(style)) is None:
            tag, naming = style
            number = known[style] = known.setdefault(
                (tag, naming.partition('class="')[2].partition('"')[0]), len(known)
            )
        styles.append(number)
    return styles


def pool_answers(kin: Kin, answers: np.ndarray, n_words: np.ndarray) -> np.ndarray:
    """Return the mean probability of the words that share an element or markup with each line.

    One row per kind of group, with the line itself, then without it.
    """
    rows = np.empty((2, len(kin.around) + 2, len(answers)), np.float32)
    weight = np.maximum(n_words, 1).astype(float)
    mass = answers * weight
    for row, group in enumerate((*kin.around, kin.alike, kin.container)):
        sums, sizes = np.bincount(group, mass)[group], np.bincount(group, weight)[group]
        rows[0, row] = sums / sizes
        rows[1, row] = (sums - mass + 0.5) / (sizes - weight + 1)
    return rows.reshape(-1, len(answers))


def build_tag_columns(
    weights: Mapping[str, np.ndarray], base: np.ndarray, words: np.ndarray, layout: Layout
) -> np.ndarray:
    """Return the first stage's features: the base, names, words, and neighbours."""
    names = number_names(*(weights[key].tobytes() for key in ("names", "name_near", "name_far")))
    said = (
        weigh_names(layout, names),
        weigh_words(words, weights["terms"], weights["term_anywhere"], weights["term_first"]),
    )
    rows = np.concatenate((base, *said))
    core = np.array((*CORE, *_TAG_CORE, *range(len(base), len(rows))))
    return np.concatenate((rows, add_context(rows, core, STEPS, REACHES)))


def find_title(layout: Layout, lines: list[str]) -> int:
    """Return the number of the line that is the head's title, headings first; -1 for none."""
    titles = [(name, value) for name, _, _, value in layout.metadata if name in TITLE_NAMES]
    stated = {reduce_title(value) for _, value in titles} - {""}
    if not stated:
        return -1
    headings = [i for i, element in enumerate(layout.node) if layout.within[element] & HEADING]
    for i in headings:
        if reduce_title(lines[i]) in stated:
            return i
    main = [i for i in headings if layout.within[layout.node[i]] & ENCLOSING_BITS["h1"]]
    for i in main or headings:
        reduced = reduce_title(lines[i])
        if len(reduced) > 15 and any(
            reduced in value or (len(value) > 15 and reduced.startswith(value)) for value in stated
        ):
            return i
    lengths = {len(value) for _, value in titles}
    for i, line in enumerate(lines):
        if len(line) in lengths and reduce_title(line) in stated:
            return i
    return main[0] if len(main) == 1 and len(lines[main[0]]) > 12 else -1


def reduce_title(text: str) -> str:
    """Return the letters and digits of `text` in one case."""
    return "".join(filter(str.isalnum, text.casefold()))


TITLE_NAMES = ("og:title", "ld:headline", "twitter:title", "title", "headline", "dc.title")
HEADING = ENCLOSING_BITS["h1"] | ENCLOSING_BITS["h2"] | ENCLOSING_BITS["h3"]
