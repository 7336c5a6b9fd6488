"""Tables or articles, and a pattern -> the passages where it stands, each with the words around it; and name counts.

Patterns work as in quanteda: `*` any letters, `?` one letter (valuetype "glob"); words between spaces are a phrase.
Tokens are words with their inner hyphens and apostrophes (a possessive is a token of its own), numbers, single marks,
and single Han or kana characters, so that Chinese needs no dictionary: a word of several characters is a phrase of
them, and a wildcard one of them.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import Any

import pandas as pd

from hkresearch.core.article import Article, HkresearchError
from hkresearch.core.safe_text import escape_text
from hkresearch.core.words import UNSPACED, WORD_OR_SIGN
from hkresearch.display.html_cards import LONGEST_LIST, write_card

COLUMNS = ["article_id", "start", "end", "line", "before", "keyword", "after", "pattern"]
PATTERN_TOKEN = re.compile(rf"[{UNSPACED}]|[^\s{UNSPACED}]+")
APOSTROPHES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u2010": "-", "\u2011": "-"})
VALUETYPES = ("glob", "regex", "fixed")
STYLE = (
    ".hk .hk-kwic td{padding:.15em .5em}.hk .hk-kwic td:nth-child(3){text-align:right;opacity:.85}"
    ".hk .hk-kwic td:nth-child(4){white-space:nowrap;text-align:center}.hk .hk-kwic td:nth-child(5){opacity:.85}"
)


class Passages(pd.DataFrame):
    """A DataFrame that shows itself as a concordance; a front end asks the class for that, hence the inheritance."""

    @property
    def _constructor(self) -> type:
        return Passages

    def _repr_html_(self) -> str | None:
        if list(self.columns) != COLUMNS:
            return super()._repr_html_()
        rows = "".join(map(_show_row, self.head(LONGEST_LIST).itertuples(index=False)))
        more = (
            f'<p class="hk-quiet">{len(self) - LONGEST_LIST:,} more.</p>'
            if len(self) > LONGEST_LIST
            else ""
        )
        head = "".join(
            f'<th scope="col">{name}</th>'
            for name in ("page", "line", "before", "keyword", "after")
        )
        title = f"{len(self):,} passage(s) in {self['article_id'].nunique():,} page(s)"
        table = (
            f'<table class="hk-kwic"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
        )
        found = (
            f'<div class="hk-scroll" tabindex="0">{table}</div>' if len(self) else "<p>None.</p>"
        )
        return write_card(title, found, more, style=STYLE)


def _show_row(row: Any) -> str:
    before, after = (escape_text(" ".join(text.split())) for text in (row.before, row.after))
    keyword = escape_text(" ".join(row.keyword.split()))
    return (f'<tr><td>{escape_text(row.article_id)}</td><td class="hk-n">{row.line}</td><td>{before}</td>'
            f"<td><mark>{keyword}</mark></td><td>{after}</td></tr>")  # fmt: skip


@dataclass(slots=True)
class Text:
    """One page: its text layer, and the tokens of the stretches that are searched."""

    article_id: str
    text: str
    starts: list[int]
    ends: list[int]
    words: list[str]  # as they are compared
    stretches: list[tuple[int, int]]  # half-open, in tokens; context does not leave them
    breaks: list[int]  # where lines end


def find_passages(
    source: Any,
    pattern: str | Sequence[str],
    window: int = 5,
    valuetype: str = "glob",
    case_insensitive: bool = True,
    whole_page: bool = False,
) -> Passages:
    """Return where `pattern` stands, one row a passage, with `window` tokens each side: keyword in context.

    `source` is tables (their parts hold the pages' text; the article's own parts are searched, or the `whole_page`), an
    Article or several (always the whole page). Offsets count characters of the page, lines begin at 1. Several patterns
    may meet in one place: a row each.

    >>> found = hk.find_passages(tables, ["user data", "suspend*", "用戶資料"], window=3)
    >>> sorted(found.keyword.str.lower().unique())
    ['suspended', 'user data', '用戶資料']
    >>> article.text[379:388] == hk.find_passages(article, "user data").keyword[0]
    True
    """
    if valuetype not in VALUETYPES:
        raise HkresearchError(f"valuetype {valuetype!r} is not one of: {', '.join(VALUETYPES)}")
    if window < 0:
        raise HkresearchError(f"window {window} must be 0 or more tokens")
    patterns = [pattern] if isinstance(pattern, str) else list(pattern)
    tests = [(name, compile_phrase(name, valuetype, case_insensitive)) for name in patterns]
    fold = fold_word if case_insensitive else _plain_word
    rows = []
    for page in read_texts(source, fold, whole_page):
        vocabulary = set(page.words)
        for name, phrase in tests:
            wanted = [{word for word in vocabulary if test(word)} for test in phrase]
            rows += [_cut_passage(page, i, j, name, window) for i, j in _find_phrase(page, wanted)]
    rows.sort(key=lambda row: (row[0], row[1], row[2], row[-1]))
    return Passages(pd.DataFrame(rows, columns=COLUMNS))


def fold_word(word: str) -> str:
    """Return `word` as it is compared when case does not count: compatibility forms and apostrophes made one."""
    return _plain_word(word).casefold()


def _plain_word(word: str) -> str:
    return word if word.isascii() else unicodedata.normalize("NFKC", word).translate(APOSTROPHES)


def compile_phrase(
    pattern: str, valuetype: str, case_insensitive: bool
) -> list[Callable[[str], Any]]:
    """Return a test for each token of the phrase; raises HkresearchError when there is none, or it is no pattern."""
    pieces = pattern.split() if valuetype == "regex" else PATTERN_TOKEN.findall(pattern)
    if valuetype != "regex":
        pieces = [part for piece in pieces for part in _split_piece(piece, valuetype)]
    if not pieces:
        raise HkresearchError(
            "the pattern is empty; give a word or a phrase, for example: 'user data' or 'request*'"
        )
    fold = fold_word if case_insensitive else _plain_word
    flags = re.IGNORECASE if case_insensitive else 0
    try:
        if valuetype == "regex":
            return [re.compile(piece, flags).search for piece in pieces]
    except re.error as error:
        raise HkresearchError(f"{pattern!r} is no regular expression: {error}") from None
    if valuetype == "fixed" or not set("*?") & set(pattern):
        return [fold(piece).__eq__ for piece in pieces]
    return [re.compile(_read_glob(fold(piece)) + r"\Z").match for piece in pieces]


def _split_piece(piece: str, valuetype: str) -> Iterator[str]:
    """Cut a piece of a pattern as the page's words are cut; wildcards count as letters."""
    if valuetype == "glob" and set("*?") & set(piece):
        hidden = piece.replace("*", "\ue000").replace("?", "\ue001")
        letters = hidden.replace("\ue000", "x").replace("\ue001", "x")
        for match in WORD_OR_SIGN.finditer(letters):
            yield piece[match.start() : match.end()]
    else:
        yield from WORD_OR_SIGN.findall(piece)


def _read_glob(piece: str) -> str:
    return "".join({"*": ".*", "?": "."}.get(c, re.escape(c)) for c in piece)


def read_texts(source: Any, fold: Callable[[str], str], whole_page: bool = False) -> Iterator[Text]:
    """Yield each page of `source` cut into tokens, pages in the order of their ids."""
    if hasattr(source, "annotations"):
        yield from _read_tables(source, fold, whole_page)
        return
    articles = [source] if isinstance(source, Article) else list(source)
    if not all(isinstance(article, Article) for article in articles):
        raise HkresearchError("find_passages searches tables, an Article, or a list of Articles")
    for article in sorted(articles, key=lambda article: article.id):
        yield _cut_text(article.id, article.text, [(0, len(article.text))], fold)


def _read_tables(tables: Any, fold: Callable[[str], str], whole_page: bool) -> Iterator[Text]:
    parts = tables.annotations[tables.annotations["variable"] == "part"].sort_values(
        ["article_id", "start", "end"]
    )
    kinds = tables.codebook.get("parts", {})
    lengths = dict(zip(tables.articles["article_id"], tables.articles["n_chars"], strict=True))
    for article_id, group in parts.groupby("article_id", sort=True):
        text = "".join(group["exact"])
        if len(text) != lengths.get(article_id):
            raise HkresearchError(
                f"{article_id}: these tables do not hold the words of the page (those in a bundle do not). "
                "Build them from the pages: hkresearch build"
            )
        rows = zip(group["start"], group["end"], group["code"], strict=True)
        spans = [(0, len(text))] if whole_page else _join_parts(rows, kinds)
        yield _cut_text(str(article_id), text, spans, fold)


def _join_parts(
    rows: Iterable[tuple[int, int, str]], kinds: Mapping[str, Any]
) -> list[tuple[int, int]]:
    """Return the stretches of the article: parts of one kind that follow each other, over empty lines too."""
    spans: list[tuple[int, int, str]] = []
    for start, end, code in rows:
        last = spans[-1] if spans else (-1, -1, "")
        if last[1] == start and code in (last[2], "blank"):
            spans[-1] = (last[0], int(end), last[2])
        elif kinds.get(code, {}).get("kind") == "article":
            spans.append((int(start), int(end), code))
    return [span[:2] for span in spans]


def _cut_text(
    article_id: str, text: str, spans: Iterable[tuple[int, int]], fold: Callable[[str], str]
) -> Text:
    page = Text(
        article_id, text, [], [], [], [], [match.start() for match in re.finditer("\n", text)]
    )
    for start, end in spans:
        first = len(page.starts)
        for match in WORD_OR_SIGN.finditer(text, start, end):
            page.starts.append(match.start())
            page.ends.append(match.end())
            page.words.append(fold(match.group()))
        page.stretches.append((first, len(page.starts)))
    return page


def _find_phrase(page: Text, wanted: Sequence[set[str]]) -> Iterator[tuple[int, int]]:
    """Yield the half-open token spans where each token is in its set, inside one stretch."""
    n = len(wanted)
    if not all(wanted):
        return
    for first, last in page.stretches:
        for i in range(first, last - n + 1):
            if page.words[i] in wanted[0] and all(
                page.words[i + k] in wanted[k] for k in range(1, n)
            ):
                yield i, i + n


def _cut_passage(page: Text, i: int, j: int, pattern: str, window: int) -> tuple:
    low, high = page.stretches[bisect_right(page.stretches, (i, len(page.starts) + 1)) - 1]
    start, end = page.starts[i], page.ends[j - 1]
    begin = page.starts[max(low, i - window)] if window else start
    finish = page.ends[min(high, j + window) - 1] if window else end
    line = bisect_left(page.breaks, start) + 1
    text = page.text
    return (
        page.article_id,
        start,
        end,
        line,
        text[begin:start],
        text[start:end],
        text[end:finish],
        pattern,
    )


# ---- organisations ----


def count_organisations(tables: Any, kinds: Sequence[str] = ("company",)) -> pd.DataFrame:
    """Return how often each organisation is named: entity, label, n_names, n_articles; the most named first.

    Counted are the codebook's names as printed in the articles' own parts, case and all; "it" and the like are not.

    >>> hk.count_organisations(tables).columns.tolist()
    ['entity', 'label', 'n_names', 'n_articles']
    """
    named = [(page, entity) for page, _, entity in find_names(tables, kinds)]
    counts, pages = (
        Counter(entity for _, entity in named),
        Counter(entity for _, entity in set(named)),
    )
    rows = [(entity, tables.label_of(entity), n, pages[entity]) for entity, n in counts.items()]
    rows.sort(key=lambda row: (-row[2], row[0]))
    return pd.DataFrame(rows, columns=["entity", "label", "n_names", "n_articles"])


def count_together(
    tables: Any, kinds: Sequence[str] = ("company",), within: str = "line"
) -> pd.DataFrame:
    """Return in how many lines (or pages: within="page") two organisations are named together, a symmetric table.

    The diagonal is in how many each is named at all. Lines are those of the text layer: paragraphs, as a rule.

    >>> together = hk.count_together(tables)
    >>> bool((together.values == together.values.T).all())
    True
    """
    if within not in ("line", "page"):
        raise HkresearchError(f"within {within!r} is not 'line' or 'page'")
    places: dict[tuple, set[str]] = {}
    for page, line, entity in find_names(tables, kinds):
        places.setdefault((page, line if within == "line" else 0), set()).add(entity)
    counts = Counter(
        pair
        for named in places.values()
        for pair in combinations_with_replacement(sorted(named), 2)
    )
    entities = sorted({entity for pair in counts for entity in pair})
    table = [[counts[min(a, b), max(a, b)] for b in entities] for a in entities]
    return pd.DataFrame(
        table, index=pd.Index(entities, name="entity"), columns=entities, dtype="int64"
    )


def find_names(tables: Any, kinds: Sequence[str]) -> Iterator[tuple[str, int, str]]:
    """Yield (page, line, entity) of every name of the codebook, the longest name where several begin."""
    names = _read_names(tables.codebook.get("entities", {}), kinds)
    for page in read_texts(tables, _plain_word):
        for first, last in page.stretches:
            i = first
            while i < last:
                for words, entity in names.get(page.words[i], ()):
                    if i + len(words) <= last and page.words[i : i + len(words)] == words:
                        if entity:
                            yield (
                                page.article_id,
                                bisect_left(page.breaks, page.starts[i]) + 1,
                                entity,
                            )
                        i += len(words) - 1
                        break
                i += 1


def _read_names(
    entities: Mapping[str, Any], kinds: Sequence[str]
) -> dict[str, list[tuple[list[str], str]]]:
    """Return first word -> (words, entity), the longest first; names of other kinds are known, so as not to be cut."""
    names: dict[str, list[tuple[list[str], str]]] = {}
    for id, entity in entities.items():
        for name in (
            name for of_language in entity.get("names", {}).values() for name in of_language
        ):
            words = [_plain_word(word) for word in WORD_OR_SIGN.findall(name)]
            if words:
                names.setdefault(words[0], []).append(
                    (words, id if entity.get("kind") in kinds else "")
                )
    return {
        first: sorted(found, key=lambda item: (-len(item[0]), item[1]))
        for first, found in names.items()
    }
