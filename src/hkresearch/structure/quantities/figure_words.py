"""news.toml [figures] and [currencies] -> the words of numbers, units and amounts of money."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from hkresearch.codebook.book import Codebook

DURATIONS = ("month", "year", "week", "day")


@dataclass(frozen=True, slots=True)
class FigureWords:
    """Words that are numbers, and expressions of what stands before and behind one."""

    numbers: Mapping[str, int]  # "twelve"
    scales: Mapping[str, int]  # "million", "萬"
    unit: re.Pattern[str]  # behind: groups scale, percent, month, year, week, day
    han_number: re.Pattern[str]  # a number in Han that something counted follows
    counter: re.Pattern[str]  # "宗", right behind a number in Han
    money_before: re.Pattern[str]  # groups: country, sign, letters
    money_behind: re.Pattern[str]
    currencies: Mapping[str, str]  # "yuan" -> ISO 4217 code
    dollars: Mapping[str, str]  # "hk" -> "HKD", "" for a bare sign
    signs: Mapping[str, str]  # "£" -> "GBP"

    def code_currency(self, country: str | None, sign: str | None, letters: str | None) -> str:
        """Return the currency that stands before a number."""
        if letters:
            return self.currencies.get(letters, "")
        return self.signs.get(sign or "") or self.dollars.get(country or "", self.dollars[""])


@lru_cache(maxsize=8)
def read_figure_words(codebook: Codebook) -> FigureWords:
    """Return the words of figures; a bare dollar sign means what the topic says."""
    table = codebook.news["figures"]
    currencies = {
        word: code for code, words in codebook.news["currencies"].items() for word in words
    }
    dollars = {**table["dollars"], "": codebook.topic.get("bare_dollar", "USD")}
    countries, letters = _join(table["dollars"]), _join(table["leading_currencies"])
    signs = re.escape("".join(("$", *table["signs"])))
    digits, followers = "".join(table["han_digits"]), "".join(table["counters"])
    return FigureWords(
        numbers=table["numbers"],
        scales=table["scales"],
        unit=_compile_unit(table),
        han_number=re.compile(rf"[{digits}]+(?=[{followers}{''.join(table['han_units'])}]|\s*港)"),
        counter=re.compile(f"[{followers}]"),
        money_before=re.compile(rf"(?:({countries})?\s?([{signs}])|({letters}))\s*$"),
        money_behind=re.compile(rf"\s?(?:{_join(currencies)})(?![a-z])"),
        currencies=currencies,
        dollars=dollars,
        signs=table["signs"],
    )


def _compile_unit(table: Mapping[str, Any]) -> re.Pattern[str]:
    """Return the expression of a scale and a unit behind a number."""
    durations = "|".join(
        rf"[\s-]?(?P<{name}>(?:{_join(table['durations'][name], ends_words=True)})'?)"
        for name in DURATIONS
    )
    percent = rf"\s?-?(?P<percent>{_join(table['percent'], ends_words=True)})"
    scale = rf"\s?(?P<scale>{_join(table['scales'], ends_words=True)})?"
    return re.compile(rf"{scale}(?:{percent}|{durations})?")


def _join(words: Iterable[str], ends_words: bool = False) -> str:
    """Return the alternatives, the longest first; with `ends_words` none ends inside a word."""
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    latin_end = r"\b" if ends_words else ""
    return "|".join(
        re.escape(word) + (latin_end if word.isascii() and word[-1].isalpha() else "")
        for word in longest_first
    )
