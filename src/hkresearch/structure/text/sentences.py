"""An article and its parts -> sentences with exact offsets, in Latin and in Chinese script."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from hkresearch.codebook.book import Codebook
from hkresearch.core.article import Annotation, Article

CLOSERS = "\"'”’»」』）)]》〉"
OPENERS = "\"'“‘„«「『（([《〈"
# A run of end marks with what closes after it. Western marks end a sentence only before white space; Han ones anywhere.
SENTENCE_END = re.compile(
    rf"[。！？｡]+[{re.escape(CLOSERS)}]*|(?<![.!?…])[.!?…]++[{re.escape(CLOSERS)}]*+(?=\s|\Z)"
)
LAST_WORD = re.compile(r"[^\s\"'“”‘’«»「」『』()\[\]]+\Z")
NEXT_WORD = re.compile(rf"[\s{re.escape(OPENERS)}]*([^\W_]+)")
LONGEST_WORD = 40


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an article part; offsets are half-open, in code points of the text layer."""

    start: int
    end: int
    part: str  # the label of the part it stands in, for example "headline" or "body"


def find_sentences(
    article: Article, parts: Iterable[Annotation], codebook: Codebook
) -> list[Sentence]:
    """Return the sentences of the page's article parts in order; none crosses a line or a part, none is blank.

    Without any part (a text that was not cleaned) every line is read as body.
    """
    kinds = codebook.news.get("parts", {})
    rules = codebook.news.get("sentences", {})
    never = frozenset(word.casefold() for word in rules.get("never_final", ()))
    seldom = frozenset(word.casefold() for word in rules.get("seldom_final", ()))
    starters = frozenset(word.casefold() for word in rules.get("starters", ()))
    spans = [(p.start, p.end, p.code) for p in parts if p.variable == "part"] or [
        (0, len(article.text), "body")
    ]
    sentences = []
    for start, end, label in sorted(spans):
        if (
            label != "byline"
            and label != "date_line"
            and kinds.get(label, {}).get("kind", "article") == "article"
        ):
            for line_start, line_end in _find_lines(article.text, start, end):
                cuts = _find_cuts(article.text, line_start, line_end, never, seldom, starters)
                sentences += [Sentence(a, b, label) for a, b in cuts]
    return sentences


def _find_lines(text: str, start: int, end: int) -> list[tuple[int, int]]:
    lines, position = [], start
    for line in text[start:end].splitlines(keepends=True):
        lines.append((position, position + len(line)))
        position += len(line)
    return lines


def _find_cuts(
    text: str, start: int, end: int, never: frozenset, seldom: frozenset, starters: frozenset
):
    """Yield the trimmed sentences of one line."""
    begin = start
    for mark in SENTENCE_END.finditer(text, start, end):
        if mark.end() < end and not _is_final(text, begin, mark, end, never, seldom, starters):
            continue
        if span := _trim(text, begin, mark.end()):
            yield span
        begin = mark.end()
    if span := _trim(text, begin, end):
        yield span


def _is_final(
    text: str,
    begin: int,
    mark: re.Match,
    end: int,
    never: frozenset,
    seldom: frozenset,
    starters: frozenset,
):
    if text[mark.start()] in "。！？｡":
        # 「……。」他說: the verb that follows a closed quotation belongs to the same sentence only in running text;
        # the cut is kept, because the quotation ends here.
        return True
    following = NEXT_WORD.match(text, mark.end(), min(end, mark.end() + LONGEST_WORD))
    if following is None:
        return True
    word = following.group(1)
    if word[0].islower():
        return False
    if mark.group() != ".":
        return True
    before = LAST_WORD.search(text, max(begin, mark.start() - LONGEST_WORD), mark.start())
    last = before.group().casefold() if before else ""
    if last in never or (len(last) == 1 and last.isalpha() and last != "i"):
        return False
    if last in seldom or re.fullmatch(r"(?:\w\.)+\w", last):
        return word.casefold() in starters or text[mark.end() : following.start(1)].strip() != ""
    return True


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None
