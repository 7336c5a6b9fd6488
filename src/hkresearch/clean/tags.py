"""What the tags said of each line -> one row of numbers per line, and the names on the elements around it."""

from __future__ import annotations

import numpy as np

from ..markup import BLOCKS, N_REACH, REACH, Layout, read_names

N_NEAR, N_FAR = 6, 10  # names looked up on a line's own element and the one around it; on those further out
_GROUPS = ("p", "li", "h1", "h2", "h3", "h4 h5 h6", "td th tr", "figcaption", "blockquote", "button", "dd dt", "div", "section article main", "a", "header footer aside nav")
_GROUP_OF = np.array([next((i for i, names in enumerate(_GROUPS) if name in names.split()), len(_GROUPS)) for name in BLOCKS])
N_TAGS = len(_GROUPS) + 1 + N_REACH + 31


def measure_tags(layout: Layout, size: np.ndarray, n_words: np.ndarray, title: int) -> np.ndarray:
    """Return the features of each visible line that its tags give: own tag, elements around it, links, its container.

    `title` is the number of the line that repeats the head's title, -1 when none does.
    """
    n = len(layout.node)
    if not n:
        return np.zeros((0, N_TAGS), np.float32)
    node, parent, last = (np.asarray(x) for x in (layout.node, layout.parent, layout.last))
    tag, within = np.asarray(layout.tag), np.asarray(layout.within)
    linked = np.minimum(np.asarray(layout.linked) / np.maximum(size, 1), 1)
    bold = np.minimum(np.asarray(layout.bold) / np.maximum(size, 1), 1)
    own = np.eye(len(_GROUPS) + 1, dtype=np.float32)[_GROUP_OF[tag[node]]]
    bits = (within[node][:, None] >> np.arange(N_REACH)) & 1
    around = parent[node].clip(0)
    further = parent[around].clip(0)
    prose = size * (1 - linked) * (n_words >= 10)
    total = prose.sum() + 1
    columns = [linked, bold, linked > 0.8, np.append(0, linked[:-1]), np.append(linked[1:], 0)]
    sums = np.concatenate(([0.0], np.cumsum(prose)))
    all_sizes = np.concatenate(([0.0], np.cumsum(size)))
    all_links = np.concatenate(([0.0], np.cumsum(size * linked)))
    # Elements are numbered in the order in which they open, so what lies inside one is a range of numbers; lines are not
    # sorted by element (text may follow a closed child), hence counts per element, summed over the range.
    per_node = np.concatenate(([0.0], np.cumsum(np.bincount(node, prose, minlength=len(tag)))))
    direct = np.bincount(around, prose * (tag[node] == 0), minlength=len(tag))
    for element in (around, further, parent[further].clip(0)):
        inside = per_node[last[element].clip(1)] - per_node[element]
        columns += [np.log1p(inside) / 8, inside / total]
    columns += [np.log1p(direct[around]) / 8, direct[around] / total, np.log1p(np.bincount(around, minlength=len(tag))[around]) / 4]
    best = int(np.argmax(direct))
    above = int(max(parent[best], 0))
    columns += [(node >= element) & (node < last[element]) for element in (best, above)]
    columns += [np.append(False, around[1:] == around[:-1]), np.append(around[1:] == around[:-1], False)]
    columns += [np.log1p(np.diff(node, prepend=node[0]).clip(0)) / 3, np.log1p(np.diff(node, append=node[-1]).clip(0)) / 3]
    window = np.arange(n)
    low, high = (window - 5).clip(0), (window + 6).clip(0, n)
    columns += [
        (all_links[high] - all_links[low]) / (all_sizes[high] - all_sizes[low] + 1),
        (sums[high] - sums[low]) / (all_sizes[high] - all_sizes[low] + 1),
    ]  # fmt: skip
    columns.append(np.full(n, np.log1p(total) / 10))
    # Pages that load the next article below the first: which of the large containers is it, which <article>, which h1?
    large = np.flatnonzero(direct >= 0.35 * direct.max()) if direct.max() > 0 else np.zeros(1, np.int64)
    first = int(large[0])
    over = int(max(parent[first], 0))
    columns += [(node >= element) & (node < last[element]) for element in (first, over)]
    columns += [np.log1p(np.searchsorted(np.flatnonzero(tag == BLOCKS.index(name)), node, side="right")) / 2 for name in ("article", "h1")]
    columns += [np.full(n, title >= 0)]
    distance = window - title if title >= 0 else np.zeros(n)
    columns += [np.sign(distance), np.sign(distance) * np.log1p(np.abs(distance)) / 3, (node > node[title]) & (node < last[over]) if title >= 0 else distance]
    rest = np.stack([np.asarray(column, np.float32) for column in columns], 1)
    return np.concatenate((own, bits.astype(np.float32), rest), 1)


def look_up_names(layout: Layout, vocabulary: dict[str, int]) -> np.ndarray:
    """Return the numbers of the names on the elements around each line, nearest first: N_NEAR, then N_FAR columns."""
    parent, naming, look_up = layout.parent, layout.naming, vocabulary.get
    known: dict[int, list[int]] = {}
    done: dict[int, list[int]] = {}
    rows = []
    for element in layout.node:
        row = done.get(element)
        if row is None:
            row, place = [], element
            for step in range(len(parent)):
                if place < 0 or len(row) >= N_NEAR + N_FAR:
                    break
                if step == 2:  # further out: after the columns of the two nearest elements
                    row = row[:N_NEAR] + [0] * (N_NEAR - len(row))
                found = known.get(place)
                if found is None:
                    text = naming[place]
                    found = known[place] = [number for name in read_names(text) if (number := look_up(name))][:8] if text else []
                row += found
                place = parent[place]
            row = (row + [0] * (N_NEAR + N_FAR))[: N_NEAR + N_FAR]
            done[element] = row
        rows.append(row)
    return np.array(rows, np.int32).reshape(len(rows), N_NEAR + N_FAR)


def find_title(layout: Layout, lines: list[str]) -> int:
    """Return the number of the visible line that the head names as the title, a main heading first; -1 when none does."""
    titles = [(name, value) for name, _, _, value in layout.metadata if name in TITLE_NAMES]
    stated = {reduce_title(value) for _, value in titles} - {""}
    if not stated:
        return -1
    headings = [i for i, element in enumerate(layout.node) if layout.within[element] & HEADING]
    for i in headings:
        if reduce_title(lines[i]) in stated:
            return i
    main = [i for i in headings if layout.within[layout.node[i]] & REACH["h1"]]
    for i in main or headings:
        reduced = reduce_title(lines[i])
        if len(reduced) > 15 and any(reduced in value or (len(value) > 15 and reduced.startswith(value)) for value in stated):
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
HEADING = REACH["h1"] | REACH["h2"] | REACH["h3"]
