"""Annotations -> numbers for each page's own sentences: long ones, outside quotations."""

from __future__ import annotations

import re
import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import pandas as pd

from hkresearch.reconcile.origin_links import Signs, sign_words
from hkresearch.reconcile.word_forms import is_han, list_words
from hkresearch.tables.parquet_store import StoredTable
from hkresearch.tables.select_rows import iterate_pages, iterate_parts, join_pages

_LONG = 8  # words; shorter sentences are shared by chance
_LONG_HAN = 12  # characters
_RUN = 7  # words in a row; of Han characters twice as many
_SAMPLED = 4  # one run in so many is compared
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"'”’)]*\s+|(?<=[。！？])[」』”]*|\n+")
SENTENCE_BREAK = 0  # between the words of two sentences


class PageSigns(NamedTuple):
    """What stands for a page's sentences, for some of its runs of words, and for each word.

    In the page's order; the numbers of sentences and runs have eight bytes, those of words four.
    """

    sentences: Signs
    runs: Signs
    words: Signs  # with a SENTENCE_BREAK behind each sentence


def sign_pages(
    annotations: pd.DataFrame | StoredTable, direct: pd.DataFrame, parts: Iterable[str]
) -> dict[str, PageSigns]:
    """Return article_id -> the signs of its long sentences that have no direct quotation.

    That two pages quote alike says nothing. `parts` are the labels of an article's text. Page by
    page: the text of all pages is never in memory at once.
    """
    quotations = iterate_pages(direct, ["exact"])
    signs = {}
    for article_id, rows, quoted in join_pages(iterate_parts(annotations, parts), quotations):
        body = "\n".join(row.exact.strip() for row in rows)
        signs[article_id] = _sign_sentences(_list_sentences(body, [row.exact for row in quoted]))
    return signs


def _list_sentences(text: str, quoted: Sequence[str]) -> list[tuple[str, ...]]:
    sentences = []
    for sentence in _SENTENCE_END.split(text):
        words = list_words(sentence)
        is_long = len(words) >= (_LONG_HAN if is_han(sentence) else _LONG)
        if is_long and not any(exact in sentence for exact in quoted):
            sentences.append(words)
    return sentences


def _sign_sentences(sentences: Sequence[tuple[str, ...]]) -> PageSigns:
    whole = dict.fromkeys(sign_words(words) for words in sentences)
    runs = dict.fromkeys(sign for words in sentences for sign in _sample_runs(words))
    signs = array("I")
    for words in sentences:
        signs.extend(zlib.crc32(word.encode("utf-8")) or 1 for word in words)
        signs.append(SENTENCE_BREAK)
    return PageSigns(array("Q", whole), array("Q", runs), signs)


def _sample_runs(words: Sequence[str]) -> Iterator[int]:
    """Yield every fourth of the runs of words, by its sign: the same ones on every page."""
    length = _RUN if not is_han("".join(words)) else 2 * _RUN
    for i in range(len(words) - length + 1):
        if not (sign := sign_words(words[i : i + length])) % _SAMPLED:
            yield sign
