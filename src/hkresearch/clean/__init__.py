"""An Article and a Codebook -> Annotations: labelled parts that tile the page, and what the page says of itself."""

from __future__ import annotations

from ..article import Annotation, Article, annotate
from ..codebook import Codebook
from .kinds import label_lines
from .lines import find_lines
from .metadata import find_metadata
from .score import score_lines

CODER = "clean/1"


def clean_article(article: Article, codebook: Codebook) -> list[Annotation]:
    """Return the parts of the page, sorted and without gaps, then its metadata and one `confidence`; nothing is edited."""
    lines = find_lines(article.text, article.layout)
    scores = score_lines(lines, article.layout)
    parts = label_lines(article.text, lines, scores, article.layout, codebook.news)
    marks = [
        annotate(article, start, end, article.id, "part", label, CODER) for start, end, label in tile_parts(article.text, parts)
    ]
    for start, end, variable, value in find_metadata(article, parts, codebook.news):
        marks.append(annotate(article, start, end, article.id, variable, value, CODER))
    confidence = f"{scores.confidence:.2f}"
    marks.append(annotate(article, 0, len(article.text), article.id, "confidence", confidence, CODER))
    return marks


def tile_parts(text: str, parts: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Return `parts` with the gaps between them filled: white space is `blank`, furniture of one kind runs together."""
    tiles, position = [], 0
    for start, end, label in parts:
        if start > position:
            if tiles and tiles[-1][2] == label and label not in ARTICLE:
                tiles[-1] = (tiles[-1][0], start, label)
            else:
                tiles.append((position, start, "blank"))
        if tiles and tiles[-1][2] == label and label not in ARTICLE and tiles[-1][1] == start:
            tiles[-1] = (tiles[-1][0], end, label)
        else:
            tiles.append((start, end, label))
        position = end
    if position < len(text):
        tiles.append((position, len(text), "blank"))
    return tiles


ARTICLE = frozenset(("headline", "byline", "date_line", "standfirst", "body", "subhead", "caption", "source_reference"))
