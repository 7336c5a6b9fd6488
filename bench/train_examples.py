"""Public annotated pages -> examples of labelled lines, and which of them to learn from."""

from __future__ import annotations

import hashlib
import pickle
from pathlib import Path

import numpy as np

from gold import find_fold, find_site, flatten, label_lines, read_pages
from hkresearch.clean import line_scores
from hkresearch.clean.html_features import find_title
from hkresearch.clean.line_features import tabulate_lines
from hkresearch.pages.html_text import flatten_html, read_names

SETS = ("andy", "fundus", "wcxb-dev")
# Their annotators count summaries and few lists; those of the third count lists and tables.
NEWS_SETS = ("andy", "fundus")
VIEWS = {"tags": ("tags",), "text": ("resi", "light", "wet", "insc")}
# The share of the pages to learn from, per view.
SHARES = {"resi": 1.0, "light": 1.0, "wet": 0.35, "insc": 0.35, "tags": 1.0}
N_PARTS = 3
MOST_LINES = {"tags": 160, "text": 130}  # lines of a page to learn from; of a longer one, a sample


def read_examples(folder: Path, mode: str, cache: Path) -> list[dict]:
    """Return an example per page and view: table, labels (1 body, 0 not, -1 neither), gold."""
    examples = []
    for view in VIEWS[mode]:
        kept = cache / f"examples-{view}.pickle"
        if not kept.exists():
            cache.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(
                pickle.dumps(
                    [make_example(page, view) for name in SETS for page in read_pages(folder, name)]
                )
            )
        examples += pickle.loads(kept.read_bytes())
    return examples


def make_example(page: dict, view: str) -> dict:
    """Return the example of one page as `view` leaves it."""
    layout, title = None, -1
    if view == "tags":
        text, layout = flatten_html(page["html"])
        text = text[layout.start :]
        title = find_title(layout, text.split("\n"))
    else:
        text = flatten(page["html"], view)
    table = tabulate_lines(text)
    labels, titles, bylines = label_lines(text, table, page)
    example = {key: page[key] for key in ("id", "set", "url", "body", "title", "date", "authors")}
    example |= dict(
        view=view, site=find_site(page["url"]), fold=find_fold(page["url"]), text=text, table=table
    )
    example |= dict(
        layout=layout, heading=title, body_lines=labels, title_lines=titles, byline_lines=bylines
    )
    if layout is not None:
        labels[find_unannotated(layout, table, labels)] = -1
        example["names"] = {
            name for element in set(layout.node) for name in read_outer_names(layout, element)
        }
    return example


def find_unannotated(layout, table, labels: np.ndarray) -> list[int]:
    """Return the lines that a page's annotation misses because it stops early.

    They are long lines after its end, marked up as the annotated text is. If they hold less than a
    third of the annotated words, they may be a note on the author, and none is returned.
    """
    known = np.flatnonzero(labels == 1)
    if not len(known):
        return []
    marked = [(layout.parent[element], layout.tag[element]) for element in layout.node]
    annotated = {marked[i] for i in known}
    found = [
        i for i in range(known[-1] + 1, len(labels))
        if labels[i] == 0 and table.n_words[i] >= 15 and marked[i] in annotated
        and layout.linked[i] < 0.5 * (table.end[i] - table.start[i])
    ]  # fmt: skip
    enough = max(80, 0.3 * table.n_words[known].sum())
    return found if table.n_words[found].sum() > enough else []


def measure(example: dict):
    """Return the example's features without a dictionary, and its lines' kin."""
    base, kin = line_scores.measure_lines(example["table"], example["layout"], example["heading"])
    if kin is not None and example["set"] not in NEWS_SETS:
        base[-1] = 0  # IS_NEWS of html_features
    return base, kin


def read_outer_names(layout, element: int):
    """Yield the names on `element` and on the eight elements around it."""
    for _ in range(8):
        if element < 0:
            return
        yield from read_names(layout.naming[element])[:8]
        element = layout.parent[element]


def is_sampled(example: dict) -> bool:
    """Return whether to learn from the page in its view; of a view without a share all are used."""
    return int(hashlib.sha1(example["id"].encode()).hexdigest(), 16) % 100 < 100 * SHARES.get(
        example["view"], 1
    )


def weigh_lines(example: dict) -> np.ndarray:
    """Return the weight of each line: pages count alike, half by lines and half by words."""
    known = example["body_lines"] >= 0
    words = np.maximum(example["table"].n_words, 1) * known
    share = 50 if example["set"] in NEWS_SETS or example["layout"] is None else 25
    return share * (known / max(known.sum(), 1) + words / max(words.sum(), 1))


def sample_lines(example: dict, mode: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the lines to learn from and their weights; of a long page a weighted sample."""
    weight = weigh_lines(example)
    lines = np.flatnonzero(example["body_lines"] >= 0)
    most = MOST_LINES[mode]
    if len(lines) <= most:
        return lines, weight[lines]
    body = lines[example["body_lines"][lines] == 1]
    rest = lines[example["body_lines"][lines] == 0]
    take = max(most - len(body), most // 2)
    if len(rest) > take:
        step = len(rest) / take
        chosen = rest[(np.arange(take) * step).astype(int)]
        weight = weight.copy()
        weight[chosen] *= step
        rest = chosen
    lines = np.sort(np.concatenate((body, rest)))
    return lines, weight[lines]


def find_part(example: dict) -> int:
    """Return the part of the training pages that the example's site is in, whatever its fold."""
    return int(hashlib.sha1(("part " + example["site"]).encode()).hexdigest(), 16) % N_PARTS
