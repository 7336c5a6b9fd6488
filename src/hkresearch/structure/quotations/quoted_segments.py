"""Reported speech with marked words in it -> those words as direct quotations of their own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from hkresearch.core.article import Annotation, Article, annotate
from hkresearch.structure.text.quotation_marks import find_segments


def quote_segments(article: Article, quotations: Iterable[Annotation]) -> list[Annotation]:
    """Return a direct quotation for every marked segment inside a mixed one, with its attributes.

    The mixed quotation stays: it is the sentence that the reporter put around the words. Only these
    words can be compared between pages; two segments of a sentence may belong to two statements.
    """
    quotations = list(quotations)
    attributes: dict[str, list[Annotation]] = defaultdict(list)
    for annotation in quotations:
        attributes[annotation.subject].append(annotation)
    contents = [row for row in quotations if row.variable == "quotation"]
    direct = {(row.start, row.end) for row in contents if row.code == "direct"}
    rows = []
    for whole in contents:
        if whole.code != "mixed":
            continue
        line_start = article.text.rfind("\n", 0, whole.start) + 1
        for segment in find_segments(article.text, line_start, whole.end):
            span = (segment.start, segment.end)
            if segment.start >= whole.start and span not in direct:
                rows += _annotate_segment(article, span, whole, attributes[whole.id])
    return rows


def _annotate_segment(
    article: Article, span: tuple[int, int], whole: Annotation, attributes: list[Annotation]
) -> list[Annotation]:
    row = annotate(article, *span, article.id, "quotation", "direct", whole.coder)
    copies = [
        annotate(article, a.start, a.end, row.id, a.variable, a.code, a.coder) for a in attributes
    ]
    return [row, *copies]
