"""Article parts of a page -> the language they are written in, by script and commonest words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from hkresearch.clean.page_lines import Part, StatedValue
from hkresearch.core.words import HAN, HANGUL, KANA, count_han

_MOST_LANGUAGE_TEXT = 2500  # characters that are read
_LEAST_WORDS_READ = 8  # words below which a text in Latin script could be anything
_LEAST_HITS = 3  # common words of a language that must occur
_LEAST_SHARE = 0.12  # of all words; running text of any listed language has at least twice as many
_HAN_WEIGHT = 3  # Latin letters that say as much as one Han character
_KANA_SHARE = 0.08  # of the characters of a Japanese text that are kana at least
_LATIN_WORD = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)?")
_KANA_LETTER, _HANGUL_LETTER = re.compile(f"[{KANA}]"), re.compile(f"[{HANGUL}]")
_OTHER_SCRIPT = re.compile(f"[\u0370-\u1cff{KANA}{HAN}{HANGUL}]")
_LATIN_LETTER = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_OTHER_LETTER = re.compile(
    "[\u0370-\u03ff\u0400-\u052f\u0530-\u058f\u0590-\u05ff\u0600-\u06ff\u0900-\u0dff\u0e00-\u0e7f"
    "\u10a0-\u10ff\u1000-\u109f\u1780-\u17ff]"
)


def detect_language(text: str, news: Mapping[str, Any]) -> str:
    """Return the BCP 47 code of the language of `text`, "" where script and words do not tell."""
    sample = text[:_MOST_LANGUAGE_TEXT]
    if not sample.isascii() and (found := _detect_script(sample, news.get("scripts", {}))):
        return found
    words = Counter(word.casefold().replace("’", "'") for word in _LATIN_WORD.findall(sample))
    total = words.total()
    if total < _LEAST_WORDS_READ:
        return ""
    hits: Counter[str] = Counter()
    common = _read_common_words(_freeze_lists(news))
    for word, n in words.items():
        for language in common.get(word, ()):
            hits[language] += n
    best = max(sorted(hits), key=hits.__getitem__, default="")
    is_plain = best and hits[best] >= _LEAST_HITS and hits[best] >= _LEAST_SHARE * total
    return best if is_plain else ""


def _freeze_lists(news: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple(news.get("languages", {}).items())


@lru_cache(maxsize=8)
def _read_common_words(lists: tuple[tuple[str, str], ...]) -> dict[str, tuple[str, ...]]:
    """Return word -> the languages in which it is common."""
    languages: dict[str, tuple[str, ...]] = {}
    for language, words in lists:
        for word in words.split():
            languages[word] = (*languages.get(word, ()), language)
    return languages


def _detect_script(sample: str, scripts: Mapping[str, str]) -> str:
    """Return the language of a text by the letters of its script; "" for Latin script."""
    if not _OTHER_SCRIPT.search(sample):
        return ""
    latin = len(_LATIN_LETTER.findall(sample))
    kana, hangul = len(_KANA_LETTER.findall(sample)), len(_HANGUL_LETTER.findall(sample))
    han = count_han(sample)
    if _HAN_WEIGHT * (kana + hangul + han) >= latin and kana + hangul + han:
        if kana > _KANA_SHARE * (kana + han):
            return "ja"
        return "ko" if hangul > han else "zh"
    if len(_OTHER_LETTER.findall(sample)) <= latin:
        return ""
    counted = {language: len(re.findall(letters, sample)) for language, letters in scripts.items()}
    best = max(counted, key=counted.__getitem__, default="")  # the first of the list wins a tie
    return best if best and counted[best] else "und"


def _read_article_language(text: str, parts: Sequence[Part], news: Any) -> str:
    """Return the language of the body, of the whole page where it has none; "" if not told."""
    body = [text[start:end] for start, end, label in parts if label == "body"]
    return detect_language("\n".join(body) if sum(map(len, body)) >= 40 else text, news)


def find_language(
    text: str,
    parts: Sequence[Part],
    stated: Iterable[tuple[str, int, int, str]],
    news: Any,
) -> list[StatedValue]:
    """Return the page's language: the head's unless the text contradicts it, else the text's.

    Templates give a language that the article is not written in, so the text decides between two
    languages; the head may be more precise (`zh-HK` for `zh`).
    """
    read = _read_article_language(text, parts, news)
    for name, start, end, value in stated:
        if name == "lang" and re.fullmatch(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*", value):
            tag = value.replace("_", "-")
            if not read or tag.split("-")[0].lower() == read:
                return [StatedValue(start, end, "in_language", tag)]
    if not read or read == "und":
        return []
    spans = [(start, end) for start, end, label in parts if label == "body"] or [(0, len(text))]
    start, end = max(spans, key=lambda span: (span[1] - span[0], -span[0]))
    return [StatedValue(start, end, "in_language", read)]
