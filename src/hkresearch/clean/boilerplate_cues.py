"""news.toml -> the words that give a kind of part away, and the dates that a line prints."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Any


class Telltales:
    """Words per kind of part, compiled once for a codebook."""

    def __init__(self, news: Any):
        spelled = {
            kind: "|".join(f"(?:{p})" for words in languages.values() for p in words)
            for kind, languages in news.get("telltales", {}).items()
        }
        self.patterns = {kind: re.compile(words, re.I) for kind, words in spelled.items()}
        self.kinds = {
            kind: news["telltales"][kind]
            for kind in spelled
            if kind not in ("byline", "role", "updated", "notice", "appeal")
        }
        self.order = {kind: number for number, kind in enumerate(["", *self.kinds])}
        self.by_letter = self.sort_by_letter()
        self.known: dict[str, str] = {}

    def match(self, kind: str, text: str) -> bool:
        """Return whether `text` starts with a telltale of `kind`."""
        return kind in self.patterns and bool(self.patterns[kind].match(text))

    def skip(self, kind: str, text: str) -> int:
        """Return how many characters of `text` its leading telltale of `kind` takes."""
        found = self.patterns[kind].match(text) if kind in self.patterns else None
        return found.end() if found else 0

    def is_label(self, text: str) -> bool:
        """Return whether `text` is nothing but the label of a field, such as "Author:"."""
        return self.match("label", text)

    def find(self, text: str) -> str:
        """Return the first kind, in the order of news.toml, whose telltale starts `text`, else an empty string."""
        kind = self.known.get(text)
        if kind is None:
            if len(self.known) > 20_000:
                self.known.clear()
            found = [
                name
                for name in (
                    self.find_from("", text),
                    self.find_from(text[:1].casefold()[:1], text),
                )
                if name
            ]
            kind = self.known[text] = min(found, key=self.order.__getitem__, default="")
        return kind

    def find_from(self, letter: str, text: str) -> str:
        """Return the first kind whose telltale starts `text`, of those telltales that start with `letter`."""
        pattern = self.by_letter.get(letter)
        if isinstance(pattern, str):
            pattern = self.by_letter[letter] = re.compile(pattern, re.I)
        found = pattern.match(text) if pattern else None
        return found.lastgroup if found else ""

    def sort_by_letter(self) -> dict[str, str | re.Pattern]:
        """Return the telltales by the letters that they start with, under "" those of which that is not plain to see."""
        sorted_kinds: dict[str, dict[str, list[str]]] = {}
        for kind, languages in self.kinds.items():
            for words in (p for patterns in languages.values() for p in patterns):
                for letter in find_starts(words):
                    sorted_kinds.setdefault(letter, {}).setdefault(kind, []).append(f"(?:{words})")
        return {
            letter: "|".join(f"(?P<{kind}>{'|'.join(words)})" for kind, words in kinds.items())
            for letter, kinds in sorted_kinds.items()
        }


def find_starts(pattern: str) -> set[str]:
    """Return the letters that a match of `pattern` starts with, {""} when that is not plain to see."""
    branches = split_branches(pattern)
    if len(branches) > 1:
        starts = set().union(*map(find_starts, branches))
        return {""} if "" in starts else starts
    if _PLAIN_START.match(pattern):
        return {pattern[0].casefold()[0]}
    end = find_group_end(pattern)
    if end and pattern[end : end + 1] not in ("?", "*", "{"):
        return find_starts(pattern[3 : end - 1])
    return {""}


def split_branches(pattern: str) -> list[str]:
    """Return the alternatives of `pattern` that stand in no group or set."""
    branches, depth = [""], 0
    for piece in _PIECES.findall(pattern):
        depth += (piece == "(") - (piece == ")")
        if piece == "|" and not depth:
            branches.append("")
        else:
            branches[-1] += piece
    return branches


def find_group_end(pattern: str) -> int:
    """Return where the group that opens `pattern` has ended, 0 when none opens it."""
    depth, place = 0, 0
    for piece in _PIECES.findall(pattern) if pattern.startswith("(?:") else ():
        place += len(piece)
        depth += (piece == "(") - (piece == ")")
        if not depth:
            return place
    return 0


_PLAIN_START = re.compile(r"[^\W\d_](?![?*{])")
_PIECES = re.compile(r"\\.|\[(?:\\.|[^\]])+\]|.", re.S)
_READ: dict[int, tuple[Any, Telltales]] = {}


def read_telltales(news: Any) -> Telltales:
    """Return the telltales of `news`, compiled once."""
    known = _READ.get(id(news))
    if known is None or known[0] is not news:
        known = _READ[id(news)] = (news, Telltales(news))
    return known[1]


MONTHS = {
    name: number
    for number, names in enumerate(
        "jan january januar janvier enero gennaio janeiro ene,feb february februar février febrero febbraio fevereiro,"
        "mar march märz mars marzo março,apr april avril abril aprile abr,may mai mayo maggio maio,"
        "jun june juni juin junio giugno junho,jul july juli juillet julio luglio julho,aug august août agosto ago,"
        "sep sept september septembre septiembre settembre setembro,oct october oktober octobre octubre ottobre outubro okt,"
        "nov november novembre noviembre novembro,dec december dezember décembre diciembre dicembre dezembro dez dic".split(
            ","
        ),
        1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_YEAR = r"(?P<y>(?:19|20)\d\d)"
_DATES = (
    re.compile(rf"(?<!\d){_YEAR}[-/.]\s?(?P<m>\d{{1,2}})[-/.]\s?(?P<d>\d{{1,2}})(?!\d)"),
    re.compile(rf"(?<!\d){_YEAR}\s?[年년]\s?(?P<m>\d{{1,2}})\s?[月월]\s?(?P<d>\d{{1,2}})\s?[日일]"),
    re.compile(
        rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th|\.|º|er)?[\s-]+(?:de |of )?(?P<b>{_MONTH})\b\.?,?[\s-]+(?:de |del )?{_YEAR}",
        re.I,
    ),
    re.compile(rf"(?P<b>{_MONTH})\b\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+{_YEAR}", re.I),
    re.compile(rf"(?<!\d)(?P<d>\d{{1,2}})\.(?P<m>\d{{1,2}})\.{_YEAR}(?!\d)"),
    re.compile(rf"(?<!\d)(?P<one>\d{{1,2}})/(?P<two>\d{{1,2}})/{_YEAR}(?!\d)"),
)
_FOUR_DIGITS = re.compile(r"(?:19|20)\d\d")


@lru_cache(maxsize=4096)
def find_date(text: str) -> tuple[int, int, str] | None:
    """Return (start, end, ISO date) of the first full date that `text` prints, else None; 03/04/2020 may be two days: None."""
    if not _FOUR_DIGITS.search(text):
        return None
    best = None
    for pattern in _DATES:
        found = pattern.search(text)
        if (
            found
            and (best is None or found.start() < best[0])
            and (day := read_groups(found.groupdict()))
        ):
            best = (found.start(), found.end(), day)
    return best


def read_groups(groups: dict[str, str]) -> str:
    """Return the ISO date of a match's named groups, an empty string when it is no day of the calendar."""
    year = int(groups["y"])
    if "one" in groups:
        one, two = int(groups["one"]), int(groups["two"])
        if one <= 12 and two <= 12 and one != two:
            return ""
        day, month = (one, two) if two <= 12 else (two, one)
    else:
        day, month = (
            int(groups["d"]),
            MONTHS[groups["b"].lower()] if "b" in groups else int(groups["m"]),
        )
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""
