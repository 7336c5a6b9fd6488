"""One position and its sentence -> its object, scope, condition, dates and credited outlet, each with its words."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from hkresearch.codebook.book import Codebook
from hkresearch.core.article import Article
from hkresearch.structure.positions.conditions import find_condition
from hkresearch.structure.positions.timing import read_timing
from hkresearch.structure.text.entity_names import Mention

NO_WORD = re.compile(r"\W*")
MORE = re.compile(
    r"(?:\s+(?:from|by|made by|for|of|relat(?:ed|ing) to|concerning|about|in|to hand over|on)\b(?:\s+(?!(?:after|when|while|as|until|pending|since|on|following|amid|and|but|for now)\b)[\w'-]+){1,6}){1,2}"
)
CREDIT_BEFORE = re.compile(
    r"\b(?:told|tells|to|reported by|according to|report in|reports?|by)\s+(?:the )?$"
)
CREDIT_AFTER = re.compile(r" (?:reported|said|reports|wrote)\b")


def read_attributes(
    article: Article, f, end: int, reader, mentions: Sequence[Mention], withhold: Sequence[str]
) -> list[tuple[str, str, int, int, tuple[str, ...]]]:
    """Return (variable, code, start, end, whom) of the object, scope, condition, dates and credited outlet of one position.

    Without `whom` a row is true of all its organisations; the first row of a variable counts.
    """
    text, lower, codebook, sentence = article.text, reader.plain.lower, reader.codebook, f.sentence
    out = []
    condition = find_condition(text, lower, f, end, codebook)
    until = condition.start if condition and not condition.is_fronted else sentence.end
    if condition:
        words = _tidy(text[condition.start : condition.end])
        out.append(("condition", words, condition.start, condition.end))
    if f.object[1] > f.object[0]:
        a, b = f.object[0], _extend_object(lower, f.object[1], min(until, end))
        a = max(a, NO_WORD.match(lower, a).end())
        if a < b:
            out.append(("object", _tidy(text[a:b]), a, b))
            if f.code in withhold:
                out.append(("scope", reader.read_scope(a, b), a, b))
    first = bisect_left(mentions, sentence.start, key=lambda m: m.start)
    own = mentions[first : bisect_left(mentions, sentence.end, first, key=lambda m: m.start)]
    companies = [m for m in own if codebook.entities.get(m.entity, {}).get("kind") == "company"]
    out += read_timing(article, f, reader, companies, until)
    out += [("via", m.entity, m.start, m.end) for m in own if _is_credited(m, lower, codebook)]
    return [(*row, ())[:5] for row in out]


def _tidy(words: str) -> str:
    return " ".join(words.split()).strip(" ,.“”\"'")


def _extend_object(lower: str, end: int, limit: int) -> int:
    """Return where "requests" goes on to ("... from the authorities for data")."""
    more = MORE.match(lower, end, max(limit, end))
    return more.end() if more else end


def _is_credited(mention: Mention, lower: str, codebook: Codebook) -> bool:
    if codebook.entities.get(mention.entity, {}).get("kind") != "outlet":
        return False
    return bool(
        CREDIT_BEFORE.search(lower[max(0, mention.start - 24) : mention.start])
        or CREDIT_AFTER.match(lower, mention.end)
    )
