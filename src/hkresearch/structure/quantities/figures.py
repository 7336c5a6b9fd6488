"""A span of text -> the numbers in it, with their units; clock times, identifiers and parts of words are none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from hkresearch.codebook.book import Codebook
from hkresearch.codebook.plain_text import Plain, PlainWord

_DIGITS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_WORDS = {
    w: n
    for n, w in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty".split()
    )
}
_WORDS |= {"a": 1, "an": 1, "thirty": 30, "forty": 40, "fifty": 50, "hundred": 100}
_BEFORE = re.compile(r"(?:(hk|us|au|s|nt)?\s?([$£€¥])|(hkd|usd|gbp|eur|rmb|港幣|港元|美元))\s*$")
_AFTER = re.compile(
    r"\s?(?P<scale>million|billion|thousand|mn|bn|k\b|m\b|萬|万|億|亿)?(?:\s?-?(?P<percent>%|％|percent\b|per cent\b|pct\b)"
    r"|[\s-]?(?P<month>months?\b'?|mos?\b|個月|个月)|[\s-]?(?P<year>years?\b'?|yrs?\b|年)|[\s-]?(?P<week>weeks?\b)|[\s-]?(?P<day>days?\b|天))?"
)
_HAN_NUMBER = re.compile(
    r"[零一二兩两三四五六七八九十百千萬万]+(?=[個个宗項项名萬万年次元港成類类]|\s*港)"
)
_SCALED = re.compile(r"\d\s*[多餘余幾几]?$")
_HAN_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"兩": 2, "两": 2}
_SCALES = {
    "million": 10**6,
    "mn": 10**6,
    "m": 10**6,
    "billion": 10**9,
    "bn": 10**9,
    "thousand": 1000,
    "k": 1000,
    "萬": 10**4,
    "万": 10**4,
    "億": 10**8,
    "亿": 10**8,
}
_SIGNS = {"£": "GBP", "€": "EUR", "¥": "CNY"}
_DOLLARS = {"hk": "HKD", "us": "USD", "au": "AUD", "s": "SGD", "nt": "TWD"}


@dataclass(frozen=True, slots=True)
class Figure:
    """One number as the text gives it; `kind` is count, percent, money, duration or ordinal."""

    start: int
    end: int
    number_end: int
    value: str
    kind: str
    unit: str


@dataclass(frozen=True, slots=True)
class Money:
    """The words for currencies, and what a bare dollar sign means."""

    behind: re.Pattern[str]
    codes: dict
    bare_dollar: str


@lru_cache(maxsize=8)
def read_money(codebook: Codebook) -> Money:
    """Return the words for currencies of news.toml."""
    codes = {
        word: code for code, words in codebook.news.get("currencies", {}).items() for word in words
    }
    behind = "|".join(re.escape(w) for w in sorted(codes, key=lambda w: (-len(w), w))) or r"(?!)"
    return Money(
        re.compile(rf"\s?(?:{behind})(?![a-z])"), codes, codebook.topic.get("bare_dollar", "USD")
    )


def find_figures(
    plain: Plain, start: int, end: int, words: Sequence[PlainWord], money: Money
) -> Iterator[Figure]:
    """Yield the numbers of the span with their units; clock times, identifiers and parts of words are none."""
    text, reached = plain.lower, start
    for a, b, word in words:
        if a < reached or not (word[0].isdecimal() or word in _WORDS):
            continue
        if figure := _read_figure(text, a, b, word, end, money):
            reached = figure.end
            yield figure
    if plain.has_han:
        for match in _HAN_NUMBER.finditer(text, start, end):
            # A scale alone ("some 10-odd ten-thousands") is no number of its own.
            if (
                match.start() < reached
                or text[match.start()] in "萬万"
                or _SCALED.search(text, max(0, match.start() - 4), match.start())
            ):
                continue
            unit = _AFTER.match(text, match.end(), end)
            if (
                (unit and unit.group().strip())
                or money.behind.match(text, match.end())
                or re.match(r"[宗項项名次個个類类成]", text[match.end() : match.end() + 1])
            ):
                yield _build(
                    text,
                    match.start(),
                    match.start(),
                    match.end(),
                    Decimal(_read_han(match.group())),
                    unit,
                    money,
                )


def _read_figure(text: str, a: int, b: int, word: str, end: int, money: Money) -> Figure | None:
    if word[0].isdecimal():
        match = _DIGITS.match(text, a, end)
        stop = match.end()
        following = text[stop : stop + 2]
        if (
            text[a - 1 : a] in (":", "@", "/", "#", "_")
            and a
            or (a > 1 and text[a - 1] in ".,-" and text[a - 2].isalnum())
        ):
            return None
        if re.match(r":\d|-\w*\d|/\d|@", following) or (
            following[:1] == "-" and text[stop + 1 : stop + 2].isdecimal()
        ):
            return None
        if ordinal := re.compile(r"(?:st|nd|rd|th)\b").match(text, stop, end):
            return Figure(a, ordinal.end(), ordinal.end(), match.group(), "ordinal", "")
        if (
            following[:1].isalpha()
            and not _AFTER.match(text, stop, end).group()
            and not "\u3400" <= following[0] <= "\u9fff"
        ):
            return None
        return _build(
            text,
            a,
            a,
            stop,
            Decimal(match.group().replace(",", "")),
            _AFTER.match(text, stop, end),
            money,
        )
    unit = _AFTER.match(text, b, end)
    if word in ("a", "an") and not any(unit[k] for k in ("month", "year", "week", "day")):
        return None
    return _build(text, a, a, b, Decimal(_WORDS[word]), unit, money)


def _build(
    text: str,
    a: int,
    start: int,
    stop: int,
    value: Decimal,
    unit: re.Match[str] | None,
    money: Money,
) -> Figure:
    got = unit.groupdict() if unit else {}
    if got.get("scale"):
        value *= _SCALES[got["scale"].strip()]
    end = unit.end() if unit and unit.group().strip() else stop
    kind, code = "count", ""
    if before := _BEFORE.search(text[max(0, a - 6) : a]):
        start = a - len(before.group().lstrip())
        country, sign, letters = before.groups()
        code = (
            money.codes.get(letters, "")
            if letters
            else _SIGNS.get(sign) or _DOLLARS.get(country or "", money.bare_dollar)
        )
        kind = "money"
    if behind := money.behind.match(text, end if got.get("scale") else stop):
        kind, code, end = "money", money.codes[behind.group().strip()], behind.end()
    elif got.get("percent"):
        kind, code = "percent", "percent"
    elif kind != "money" and (
        duration := next((k for k in ("month", "year", "week", "day") if got.get(k)), None)
    ):
        kind, code = "duration", duration
    number = format(value.normalize(), "f")
    return Figure(start, end, stop, number, kind, code)


def _read_han(digits: str) -> int:
    total = section = digit = 0
    for c in digits:
        if c in _HAN_DIGITS:
            digit = _HAN_DIGITS[c]
        elif c in "萬万":
            total, section, digit = total + (section + digit or 1) * 10**4, 0, 0
        else:
            section, digit = section + (digit or 1) * {"十": 10, "百": 100, "千": 1000}[c], 0
    return total + section + digit
