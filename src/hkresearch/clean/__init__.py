"""An Article and a Codebook -> labelled parts that tile the page, and the page's metadata."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from hkresearch.clean.credits import find_outlets
from hkresearch.clean.html_features import find_title
from hkresearch.clean.line_features import tabulate_lines
from hkresearch.clean.line_scores import score_lines
from hkresearch.clean.metadata import find_metadata
from hkresearch.clean.outlet_names import check_outlet_labels, drop_outlet_authors
from hkresearch.clean.page_lines import PageLines, Part
from hkresearch.clean.part_labels import ARTICLE, label_page
from hkresearch.codebook.book import Codebook
from hkresearch.core.article import Annotation, Article, annotate

_CODER = "clean/1"


def clean_article(
    article: Article,
    codebook: Codebook,
    repeats: Mapping[int, int] | None = None,
    weights: Mapping[str, np.ndarray] | None = None,
) -> list[Annotation]:
    """Return the parts of the page, sorted and without gaps, then its metadata and a `confidence`.

    Parameters
    ----------
    repeats
        From `count_repeats` over a corpus: lines on several of its pages then count as boilerplate.
    weights
        The arrays of another model; by default those that ship with the package.
    """
    page = _read_lines(article, repeats, weights)
    parts = check_outlet_labels(article.text, label_page(page, codebook.news), codebook)
    marks = [
        annotate(article, start, end, article.id, "part", label, _CODER)
        for start, end, label in _tile_parts(article.text, parts)
    ]
    stated = drop_outlet_authors(find_metadata(page, parts, codebook.news), codebook)
    for start, end, variable, value in [*stated, *find_outlets(page, parts, codebook, stated)]:
        marks.append(annotate(article, start, end, article.id, variable, value, _CODER))
    confidence = f"{page.scores.confidence:.2f}"
    marks.append(
        annotate(article, 0, len(article.text), article.id, "confidence", confidence, _CODER)
    )
    return marks


def _read_lines(
    article: Article, repeats: Mapping[int, int] | None, weights: Mapping[str, np.ndarray] | None
) -> PageLines:
    """Return the lines of the visible page with their scores, without those of an HTML head."""
    layout = article.layout
    offset = layout.start if layout is not None else 0
    text = article.text[offset:]
    table = tabulate_lines(text)
    if layout is not None and len(layout.node) != len(table.start):
        layout, table = None, tabulate_lines(text)  # a layout of another text: do without
    start, end = table.start.tolist(), table.end.tolist()
    lines = [text[a:b] for a, b in zip(start, end, strict=True)]
    heading = find_title(layout, lines) if layout is not None else -1
    repeated = (
        find_repeated(table.fingerprint, table.n_words, repeats) if repeats is not None else None
    )
    scores = score_lines(table, layout, heading, weights, repeated)
    return PageLines(
        article,
        layout,
        [a + offset for a in start],
        [b + offset for b in end],
        lines,
        table.n_words.tolist(),
        heading,
        scores,
    )


def count_repeats(articles: Iterable[Article]) -> dict[int, int]:
    """Return on how many pages each line stands, by fingerprint, for `clean_article`."""
    pages: dict[int, int] = {}
    for article in articles:
        offset = article.layout.start if article.layout is not None else 0
        for fingerprint in np.unique(
            tabulate_lines(article.text[offset:], brief=True).fingerprint
        ).tolist():
            pages[fingerprint] = pages.get(fingerprint, 0) + 1
    return pages


def find_repeated(
    fingerprint: np.ndarray, n_words: np.ndarray, repeats: Mapping[int, int]
) -> np.ndarray | None:
    """Return on how many other pages each line stands; None for a page that is mostly a reprint."""
    others = np.array([repeats.get(value, 1) - 1 for value in fingerprint.tolist()], np.int64)
    long = n_words >= 20
    if ((others > 0) & long).sum() > 0.5 * max(long.sum(), 1):
        return None
    return others


def _tile_parts(text: str, parts: list[Part]) -> list[Part]:
    """Return `parts` with gaps filled as `blank`, and adjacent boilerplate of one kind joined."""
    tiles: list[Part] = []
    position = 0
    for start, end, label in parts:
        if tiles and tiles[-1].label == label and label not in ARTICLE:
            tiles[-1] = Part(tiles[-1].start, end, label)
        else:
            if start > position:
                tiles.append(Part(position, start, "blank"))
            tiles.append(Part(start, end, label))
        position = end
    if position < len(text):
        tiles.append(Part(position, len(text), "blank"))
    return tiles
