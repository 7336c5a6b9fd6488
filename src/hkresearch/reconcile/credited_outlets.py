"""Names of outlets as pages and the register write them -> one key for each outlet."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import pandas as pd

from hkresearch.reconcile.word_forms import list_words
from hkresearch.tables.select_rows import choose_where
from hkresearch.tables.tables import Tables


class Credits:
    """Says which outlet some words name: one of the codebook, or a name that the register uses."""

    def __init__(self, articles: pd.DataFrame, book: Mapping[str, Any]) -> None:
        self.keys: dict[str, str] = {}
        self.outlets: list[str] = []  # ids in the codebook
        self.found: dict[str, str] = {}  # many pages credit an outlet in the same words
        for id, entity in sorted(book.get("entities", {}).items()):
            if entity.get("kind") == "outlet":
                self.outlets.append(id)
                for name in [id, entity.get("label", id), *_list_names(entity)]:
                    self.keys.setdefault(fold_outlet_name(name), id)
        for label, more in sorted(book.get("reconcile", {}).get("agencies", {}).items()):
            names = [fold_outlet_name(name) for name in (label, *more)]
            own = " ".join(label.casefold().split()).removeprefix("the ")
            key = next((self.keys[name] for name in names if name in self.keys), own)
            for name in names:
                self.keys.setdefault(name, key)
        for column in ("is_based_on", "publisher"):
            for name in sorted(set(articles[column])):
                if folded := fold_outlet_name(name):
                    self.keys.setdefault(
                        folded, self._find_longer(folded) or " ".join(name.casefold().split())
                    )
        self.endings = _read_endings(book)
        self.longest = max((len(name.split()) for name in self.keys), default=0)

    def _find_longer(self, folded: str) -> str:
        """Return the outlet of which an edition is: "example business" is "example"."""
        words = folded.split()
        for length in range(len(words) - 1, 0, -1):
            house = " ".join(words[:length])
            if house in self.keys:
                return self.keys[house]
        return ""

    def name(self, outlet: str) -> str:
        """Return the key of an outlet named by the register: its id, else its name folded."""
        folded = fold_outlet_name(outlet)
        return self.keys.get(folded, folded)

    def find(self, words: str) -> str:
        """Return the key of the outlet that a credit such as "a report in NAME" names, else ""."""
        if words not in self.found:
            self.found[words] = self._search(words)
        return self.found[words]

    def _search(self, words: str) -> str:
        if words in self.keys.values():
            return words
        return self._search_known(fold_outlet_name(words).split()) or self.read_unknown(words)

    def _search_known(self, folded: list[str]) -> str:
        for n in range(min(self.longest, len(folded)), 0, -1):
            for i in range(len(folded) - n + 1):
                if key := self.keys.get(" ".join(folded[i : i + n])):
                    return key
        return ""

    def read_unknown(self, words: str) -> str:
        """Return the key of a name that no list has, such as "The Harbour Gazette", by its end."""
        name = words.strip(" ,.")
        plain = name.removeprefix("the ").removeprefix("The ")
        is_name = all(word[:1].isupper() or not word.isascii() for word in plain.split())
        short = 0 < len(plain) <= 12 if not plain.isascii() else 1 < len(plain.split()) <= 5
        return fold_outlet_name(name) if short and is_name and self.endings.search(plain) else ""


def _read_endings(book: Mapping[str, Any]) -> re.Pattern[str]:
    """Return a pattern for the last word of an outlet's name, by the book's words."""
    words = book.get("reconcile", {}).get("outlet_endings", {})
    latin, han = ("|".join(map(re.escape, words.get(name, ()))) for name in ("en", "zh"))
    return re.compile(rf"(?:\b(?:{latin or '(?!)'})|(?:{han or '(?!)'}))\Z")


def _list_names(entity: Mapping[str, Any]) -> list[str]:
    names = entity.get("names", {})
    return (
        [name for language in sorted(names) for name in names[language]]
        if isinstance(names, Mapping)
        else list(names)
    )


def fold_outlet_name(name: str) -> str:
    """Return a name as names are compared: words in lower case, without the article."""
    words = list_words(name)
    return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words)


def find_credited_outlets(tables: Tables) -> dict[str, str]:
    """Return annotation_id -> key of the outlet that its page credits for it.

    A position has its quotation's credit.
    """
    credited = read_credits(tables, Credits(tables.articles, tables.codebook))
    spans: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    columns = ["quotation_id", "article_id", "start", "end"]
    for row in choose_where(tables.quotations, columns, "quotation_id", credited).itertuples(
        index=False
    ):
        spans[row.article_id].append((row.start, row.end, credited[row.quotation_id]))
    columns = ["position_id", "article_id", "start", "end"]
    for row in choose_where(tables.positions, columns, "article_id", spans).itertuples(index=False):
        within = [
            key
            for start, end, key in spans.get(row.article_id, ())
            if start < row.end and row.start < end
        ]
        if within and row.position_id not in credited:
            credited[row.position_id] = within[0]
    return credited


def find_tellers(tables: Tables) -> dict[str, tuple[str, str]]:
    """Return position_id -> annotation_id and words of the third person credited with it.

    That is somebody whom the page credits and who is no outlet.
    """
    credits = Credits(tables.articles, tables.codebook)
    via = choose_where(
        tables.annotations, ["annotation_id", "subject", "code", "exact"], "variable", ["via"]
    )
    via = choose_where(via, list(via.columns), "subject", tables.positions["position_id"])
    rows = [
        row
        for row in via.itertuples(index=False)
        if not (credits.find(row.code) or credits.find(row.exact))
    ]
    return {row.subject: (row.annotation_id, row.code) for row in rows}


def read_credits(tables: Tables, credits: Credits) -> dict[str, str]:
    """Return annotation_id -> key of the outlet credited with it, or that says it itself."""
    via = choose_where(tables.annotations, ["subject", "code", "exact"], "variable", ["via"])
    found = (
        (row.subject, credits.find(row.code) or credits.find(row.exact))
        for row in via.itertuples(index=False)
    )
    credited = {id: key for id, key in found if key}
    outlets = set(credits.outlets)
    said = tables.quotations[["quotation_id", "organisation", "speaker"]]
    for row in said.itertuples(index=False):
        if row.quotation_id in credited or row.organisation and row.organisation not in outlets:
            continue
        if key := row.organisation or _name_speaker(row.speaker, credits):
            credited[row.quotation_id] = key
    return credited


def _name_speaker(speaker: str, credits: Credits) -> str:
    """Return the key of the outlet that a speaker's whole name is, "" for anybody else."""
    return (
        (credits.keys.get(fold_outlet_name(speaker), "") or credits.read_unknown(speaker))
        if speaker
        else ""
    )
