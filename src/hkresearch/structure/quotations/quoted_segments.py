"""Reported speech with marked words in it -> those words as direct quotations of their own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from hkresearch.core.article import Annotation, Article, annotate
from hkresearch.structure.text.quotation_marks import find_segments


def quote_segments(article: Article, quotations: Iterable[Annotation]) -> list[Annotation]:
    """Return a direct quotation for every marked segment inside a mixed one, with the mixed one's speaker, cue and rest.

    The mixed quotation stays: it is the sentence that the reporter put around the words. Only these words can be
    compared between pages, and two segments of one sentence may belong to two statements.
    """
    quotations = list(quotations)
    attributes: dict[str, list[Annotation]] = defaultdict(list)
    for annotation in quotations:
        attributes[annotation.subject].append(annotation)
    direct = {
        (a.start, a.end) for a in quotations if a.variable == "quotation" and a.code == "direct"
    }
    rows = []
    for whole in quotations:
        if whole.variable != "quotation" or whole.code != "mixed":
            continue
        line = article.text.rfind("\n", 0, whole.start) + 1
        for segment in find_segments(article.text, line, whole.end):
            if segment.start >= whole.start and (segment.start, segment.end) not in direct:
                row = annotate(
                    article,
                    segment.start,
                    segment.end,
                    article.id,
                    "quotation",
                    "direct",
                    whole.coder,
                )
                rows.append(row)
                rows += [
                    annotate(article, a.start, a.end, row.id, a.variable, a.code, a.coder)
                    for a in attributes[whole.id]
                ]
    return rows
