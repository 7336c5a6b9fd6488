"""A span of text -> the numbers in it, with their units."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from hkresearch.codebook.plain_text import Plain, PlainWord
from hkresearch.core.words import HAN_CHARACTER
from hkresearch.structure.quantities.figure_words import DURATIONS, FigureWords

_DIGITS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_ORDINAL_END = re.compile(r"(?:st|nd|rd|th)\b")
# Clock times, dates, addresses and compound names: "10:30", "24-hour", "3/4", "5@".
_NO_FIGURE_BEHIND = re.compile(r":\d|-\w*\d|/\d|@")
_SCALED = re.compile(r"\d\s*[多餘余幾几]?$")
_LONGEST_SIGN = 6  # characters of what stands before an amount of money
_TEN_THOUSANDS = "萬万"
_HAN_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {
    "兩": 2,
    "两": 2,
}
_HAN_TENS = {"十": 10, "百": 100, "千": 1000}


@dataclass(frozen=True, slots=True)
class Figure:
    """One number as the text gives it; `kind` is count, percent, money, duration or ordinal."""

    start: int
    end: int
    number_end: int
    value: str
    kind: str
    unit: str


def find_figures(
    plain: Plain, start: int, end: int, words: Sequence[PlainWord], known: FigureWords
) -> Iterator[Figure]:
    """Yield the numbers of the span; clock times, identifiers and parts of words are none."""
    text, reached = plain.lower, start
    for word_start, word_end, word in words:
        if word not in known.numbers and ("a" <= word[0] <= "z" or not word[0].isdecimal()):
            continue
        if word_start < reached:
            continue
        if word[0].isdecimal():
            figure = _read_digits(text, word_start, end, known)
        else:
            figure = _read_word(text, word_start, word_end, end, known)
        if figure:
            reached = figure.end
            yield figure
    if plain.has_han:
        yield from _find_han_figures(text, start, end, reached, known)


def _find_han_figures(
    text: str, start: int, end: int, reached: int, known: FigureWords
) -> Iterator[Figure]:
    """Yield the numbers written in Han from `reached` on."""
    for match in known.han_number.finditer(text, start, end):
        # A scale alone ("some 10-odd ten-thousands") is no number of its own.
        is_scale = match.group()[0] in _TEN_THOUSANDS
        is_scaled = _SCALED.search(text, max(0, match.start() - 4), match.start())
        if match.start() < reached or is_scale or is_scaled:
            continue
        unit = known.unit.match(text, match.end(), end)
        has_unit = unit is not None and unit.group().strip()
        is_money = known.money_behind.match(text, match.end())
        if has_unit or is_money or known.counter.match(text, match.end()):
            value = Decimal(_read_han(match.group()))
            yield _build(text, match.start(), match.end(), value, unit, known)


def _read_digits(text: str, start: int, end: int, known: FigureWords) -> Figure | None:
    match = _DIGITS.match(text, start, end)
    if match is None or _is_part_before(text, start):
        return None
    stop = match.end()
    following = text[stop : stop + 2]
    if _NO_FIGURE_BEHIND.match(following):
        return None
    if ordinal := _ORDINAL_END.match(text, stop, end):
        return Figure(start, ordinal.end(), ordinal.end(), match.group(), "ordinal", "")
    unit = known.unit.match(text, stop, end)
    if following[:1].isalpha() and not HAN_CHARACTER.match(following):
        if unit is None or not unit.group():
            return None
    value = Decimal(match.group().replace(",", ""))
    return _build(text, start, stop, value, unit, known)


def _is_part_before(text: str, start: int) -> bool:
    """Return whether the digits go on what stands before them: "10:30", "covid-19", "1.2.3"."""
    before = text[start - 1 : start] if start else ""
    if before in (":", "@", "/", "#", "_"):
        return True
    return start > 1 and before in (".", ",", "-") and text[start - 2].isalnum()


def _read_word(text: str, start: int, stop: int, end: int, known: FigureWords) -> Figure | None:
    word = text[start:stop]
    unit = known.unit.match(text, stop, end)
    if word in ("a", "an") and not (unit and any(unit[name] for name in DURATIONS)):
        return None
    return _build(text, start, stop, Decimal(known.numbers[word]), unit, known)


def _build(
    text: str,
    start: int,
    stop: int,
    value: Decimal,
    unit: re.Match[str] | None,
    known: FigureWords,
) -> Figure:
    """Return the figure of the number at [start, stop), with what stands around it."""
    got = unit.groupdict() if unit else {}
    if got.get("scale"):
        value *= known.scales[got["scale"]]
    end = unit.end() if unit and unit.group().strip() else stop
    kind, code = "count", ""
    before = known.money_before.search(text[max(0, start - _LONGEST_SIGN) : start])
    if before:
        start -= len(before.group().lstrip())
        kind, code = "money", known.code_currency(*before.groups())
    duration = next((name for name in DURATIONS if got.get(name)), "")
    if behind := known.money_behind.match(text, end if got.get("scale") else stop):
        kind, code, end = "money", known.currencies[behind.group().strip()], behind.end()
    elif got.get("percent"):
        kind, code = "percent", "percent"
    elif kind != "money" and duration:
        kind, code = "duration", duration
    return Figure(start, end, stop, format(value.normalize(), "f"), kind, code)


def _read_han(digits: str) -> int:
    total = section = digit = 0
    for character in digits:
        if character in _HAN_DIGITS:
            digit = _HAN_DIGITS[character]
        elif character in _TEN_THOUSANDS:
            total, section, digit = total + (section + digit or 1) * 10**4, 0, 0
        else:
            section, digit = section + (digit or 1) * _HAN_TENS[character], 0
    return total + section + digit
