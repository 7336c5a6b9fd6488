"""An article and its parts -> sentences with exact offsets, in Latin and in Chinese script."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from hkresearch.codebook.book import Codebook
from hkresearch.core.article import Annotation, Article

_CLOSERS = "\"'”’»」』）)]》〉"
_OPENERS = "\"'“‘„«「『（([《〈"
# A run of end marks with what closes after it. Western marks end a sentence only before white
# space, Han ones anywhere.
_SENTENCE_END = re.compile(
    rf"[。！？｡]+[{re.escape(_CLOSERS)}]*|(?<![.!?…])[.!?…]++[{re.escape(_CLOSERS)}]*+(?=\s|\Z)"
)
_LAST_WORD = re.compile(r"[^\s\"'“”‘’«»「」『』()\[\]]+\Z")
_NEXT_WORD = re.compile(rf"[\s{re.escape(_OPENERS)}]*([^\W_]+)")
_DOTTED = re.compile(r"(?:\w\.)+\w")  # "u.s"
_LONGEST_WORD = 40
_UNREAD_PARTS = ("byline", "date_line")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an article part; offsets are half-open, in code points of the text layer."""

    start: int
    end: int
    part: str  # the label of the part it stands in, for example "headline" or "body"


@dataclass(frozen=True, slots=True)
class _EndWords:
    """Words that say whether a full stop ends a sentence."""

    never_final: frozenset[str]
    seldom_final: frozenset[str]
    starters: frozenset[str]


@lru_cache(maxsize=8)
def _read_end_words(codebook: Codebook) -> _EndWords:
    rules = codebook.news.get("sentences", {})

    def read(name: str) -> frozenset[str]:
        return frozenset(word.casefold() for word in rules.get(name, ()))

    return _EndWords(read("never_final"), read("seldom_final"), read("starters"))


def find_sentences(
    article: Article, parts: Iterable[Annotation], codebook: Codebook
) -> list[Sentence]:
    """Return the sentences of the page's article parts in order.

    None crosses a line or a part, none is blank. Without any part (a text that was not cleaned)
    every line is read as body.
    """
    kinds, end_words = codebook.news.get("parts", {}), _read_end_words(codebook)
    spans = [(part.start, part.end, part.code) for part in parts if part.variable == "part"]
    sentences = []
    for start, end, label in sorted(spans or [(0, len(article.text), "body")]):
        is_article = kinds.get(label, {}).get("kind", "article") == "article"
        if not is_article or label in _UNREAD_PARTS:
            continue
        for line_start, line_end in _find_lines(article.text, start, end):
            for cut in _find_cuts(article.text, line_start, line_end, end_words):
                sentences.append(Sentence(*cut, label))
    return sentences


def _find_lines(text: str, start: int, end: int) -> list[tuple[int, int]]:
    lines, position = [], start
    for line in text[start:end].splitlines(keepends=True):
        lines.append((position, position + len(line)))
        position += len(line)
    return lines


def _find_cuts(text: str, start: int, end: int, words: _EndWords) -> Iterator[tuple[int, int]]:
    """Yield the trimmed sentences of one line."""
    begin = start
    for mark in _SENTENCE_END.finditer(text, start, end):
        if mark.end() < end and not _is_final(text, begin, mark, end, words):
            continue
        if span := _trim(text, begin, mark.end()):
            yield span
        begin = mark.end()
    if span := _trim(text, begin, end):
        yield span


def _is_final(text: str, begin: int, mark: re.Match[str], end: int, words: _EndWords) -> bool:
    """Return whether an end mark of the sentence that begins at `begin` ends it."""
    if text[mark.start()] in "。！？｡":
        # 「……。」他說: cut too, although the verb behind belongs to it: the quotation ends here.
        return True
    following = _NEXT_WORD.match(text, mark.end(), min(end, mark.end() + _LONGEST_WORD))
    if following is None:
        return True
    word = following.group(1)
    if word[0].islower():
        return False
    if mark.group() != ".":
        return True
    before = _LAST_WORD.search(text, max(begin, mark.start() - _LONGEST_WORD), mark.start())
    last = before.group().casefold() if before else ""
    if last in words.never_final or (len(last) == 1 and last.isalpha() and last != "i"):
        return False
    if last in words.seldom_final or _DOTTED.fullmatch(last):
        is_marked = text[mark.end() : following.start(1)].strip() != ""
        return is_marked or word.casefold() in words.starters
    return True


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None
