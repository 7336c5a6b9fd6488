"""news.toml -> the words that give a kind of part away."""

from __future__ import annotations

import re
from itertools import chain
from typing import Any

# Words that are asked for by their kind: they give no line its label.
_NO_LABELS = ("byline", "role", "updated", "notice", "appeal")
_MOST_KNOWN = 20_000  # lines whose kind is remembered


class Telltales:
    """Words per kind of part, compiled once for a codebook."""

    def __init__(self, news: Any):
        spelled = {
            kind: "|".join(f"(?:{words})" for words in chain.from_iterable(languages.values()))
            for kind, languages in news.get("telltales", {}).items()
        }
        self._patterns = {kind: re.compile(words, re.I) for kind, words in spelled.items()}
        self.kinds = {kind: news["telltales"][kind] for kind in spelled if kind not in _NO_LABELS}
        sections = news.get("outlets", {}).get("sections", {})
        self.sections = frozenset(
            word.casefold() for word in chain.from_iterable(sections.values())
        )
        self._order = {kind: number for number, kind in enumerate(["", *self.kinds])}
        self._by_letter = self._sort_by_letter()
        self._known: dict[str, str] = {}

    def match(self, kind: str, text: str) -> bool:
        """Return whether `text` starts with a telltale of `kind`."""
        return kind in self._patterns and bool(self._patterns[kind].match(text))

    def skip(self, kind: str, text: str) -> int:
        """Return how many characters of `text` its leading telltale of `kind` takes."""
        found = self._patterns[kind].match(text) if kind in self._patterns else None
        return found.end() if found else 0

    def is_label(self, text: str) -> bool:
        """Return whether `text` is nothing but the label of a field, such as "Author:"."""
        return self.match("label", text)

    def find(self, text: str) -> str:
        """Return the first kind in the order of news.toml whose telltale starts `text`, else ""."""
        kind = self._known.get(text)
        if kind is None:
            if len(self._known) > _MOST_KNOWN:
                self._known.clear()
            found = {self._find_from("", text), self._find_from(text[:1].casefold()[:1], text)}
            kind = min(found - {""}, key=self._order.__getitem__, default="")
            self._known[text] = kind
        return kind

    def _find_from(self, letter: str, text: str) -> str:
        """Return the first kind whose telltale starts `text`, of those that start with `letter`."""
        pattern = self._by_letter.get(letter)
        if isinstance(pattern, str):
            pattern = self._by_letter[letter] = re.compile(pattern, re.I)
        found = pattern.match(text) if pattern else None
        return (found.lastgroup or "") if found else ""

    def _sort_by_letter(self) -> dict[str, str | re.Pattern[str]]:
        """Return the telltales by their first letter, under "" those of which it is not plain."""
        sorted_kinds: dict[str, dict[str, list[str]]] = {}
        for kind, languages in self.kinds.items():
            for words in chain.from_iterable(languages.values()):
                for letter in find_starts(words):
                    sorted_kinds.setdefault(letter, {}).setdefault(kind, []).append(f"(?:{words})")
        return {
            letter: "|".join(f"(?P<{kind}>{'|'.join(words)})" for kind, words in kinds.items())
            for letter, kinds in sorted_kinds.items()
        }


def find_starts(pattern: str) -> set[str]:
    """Return the letters that a match of `pattern` starts with, {""} when that is not plain."""
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
