"""Tables or articles, and a pattern -> the passages where it stands, each with the words around it.

Patterns work as in quanteda: `*` any letters, `?` one letter (valuetype "glob"); words between
spaces are a phrase. A Chinese word of several characters is a phrase of them, and a wildcard one
of them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pandas as pd

from hkresearch.analysis.searched_texts import (
    Source,
    TokenisedPage,
    TokenSpan,
    fold_case,
    fold_signs,
    tokenise_pages,
)
from hkresearch.core.article import HkresearchError
from hkresearch.core.safe_text import escape_text
from hkresearch.core.words import UNSPACED, WORD_OR_SIGN
from hkresearch.display.html_cards import LONGEST_LIST, write_card

CONCORDANCE_COLUMNS = [
    "article_id", "start", "end", "line", "before", "keyword", "after", "pattern",
]  # fmt: skip
SHOWN_HEADINGS = ("page", "line", "before", "keyword", "after")
PATTERN_TOKEN = re.compile(rf"[{UNSPACED}]|[^\s{UNSPACED}]+")
VALUETYPES = ("glob", "regex", "fixed")
GLOB_SIGNS = {"*": ".*", "?": "."}
CONCORDANCE_STYLE = (
    ".hk .hk-kwic td{padding:.15em .5em}"
    ".hk .hk-kwic td:nth-child(3){text-align:right;opacity:.85}"
    ".hk .hk-kwic td:nth-child(4){white-space:nowrap;text-align:center}"
    ".hk .hk-kwic td:nth-child(5){opacity:.85}"
)

WordTest = Callable[[str], Any]  # whether a token is the one that is looked for
PassageCells = tuple[str, int, int, int, str, str, str, str]  # as CONCORDANCE_COLUMNS


class Passages(pd.DataFrame):  # type: ignore[misc]
    """A DataFrame that shows itself as a concordance.

    A front end asks the class for that, hence the inheritance.
    """

    @property
    def _constructor(self) -> type:
        return Passages

    def _repr_html_(self) -> str | None:
        if list(self.columns) != CONCORDANCE_COLUMNS:
            shown: str | None = super()._repr_html_()
            return shown
        title = f"{len(self):,} passage(s) in {self['article_id'].nunique():,} page(s)"
        found = _show_rows(self.head(LONGEST_LIST)) if len(self) else "<p>None.</p>"
        n_more = len(self) - LONGEST_LIST
        more = f'<p class="hk-quiet">{n_more:,} more.</p>' if n_more > 0 else ""
        return write_card(title, found, more, style=CONCORDANCE_STYLE)


def _show_rows(rows: pd.DataFrame) -> str:
    body = "".join(map(_show_row, rows.itertuples(index=False)))
    head = "".join(f'<th scope="col">{name}</th>' for name in SHOWN_HEADINGS)
    table = f'<table class="hk-kwic"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    return f'<div class="hk-scroll" tabindex="0">{table}</div>'


def _show_row(row: Any) -> str:
    before, keyword, after = map(_show_words, (row.before, row.keyword, row.after))
    return (
        f'<tr><td>{escape_text(row.article_id)}</td><td class="hk-n">{row.line}</td>'
        f"<td>{before}</td><td><mark>{keyword}</mark></td><td>{after}</td></tr>"
    )


def _show_words(text: str) -> str:
    return escape_text(" ".join(text.split()))


def find_passages(
    source: Source,
    pattern: str | Sequence[str],
    window: int = 5,
    valuetype: str = "glob",
    case_insensitive: bool = True,
    whole_page: bool = False,
) -> Passages:
    """Return where `pattern` stands, one row a passage, with its context: keyword in context.

    Of `source`, tables have the articles' own parts searched (or, with `whole_page`, all of each
    page), Articles always the whole page. `pattern` is a word or a phrase, or several, which may
    meet in one place: a row each. `window` counts tokens on each side; `valuetype` is glob, regex
    or fixed. Offsets count characters of the page, lines begin at 1.

    >>> found = hk.find_passages(tables, ["user data", "suspend*", "用戶資料"], window=3)
    >>> sorted(found.keyword.str.lower().unique())
    ['suspended', 'user data', '用戶資料']
    >>> article.text[379:388] == hk.find_passages(article, "user data").keyword[0]
    True
    """
    if window < 0:
        raise HkresearchError(f"window {window} must be 0 or more tokens")
    patterns = [pattern] if isinstance(pattern, str) else list(pattern)
    phrases = [(name, compile_phrase(name, valuetype, case_insensitive)) for name in patterns]
    rows = []
    for page in tokenise_pages(source, fold_case if case_insensitive else fold_signs, whole_page):
        vocabulary = set(page.words)
        for name, tests in phrases:
            wanted = [set(filter(test, vocabulary)) for test in tests]
            for first, last in _find_phrase(page, wanted):
                rows.append(_cut_passage(page, first, last, name, window))
    rows.sort(key=lambda row: (row[0], row[1], row[2], row[-1]))
    return Passages(pd.DataFrame(rows, columns=CONCORDANCE_COLUMNS))


# ---------------------------------------------------------------------------------------- patterns


def compile_phrase(pattern: str, valuetype: str, case_insensitive: bool) -> list[WordTest]:
    """Return a test for each token of the phrase.

    Raises HkresearchError when there is none, or it is no pattern.
    """
    if valuetype not in VALUETYPES:
        raise HkresearchError(f"valuetype {valuetype!r} is not one of: {', '.join(VALUETYPES)}")
    tokens = pattern.split() if valuetype == "regex" else _split_pattern(pattern, valuetype)
    if not tokens:
        raise HkresearchError(
            "the pattern is empty; give a word or a phrase, for example: 'user data' or 'request*'"
        )
    fold = fold_case if case_insensitive else fold_signs
    if valuetype == "regex":
        flags = re.IGNORECASE if case_insensitive else re.NOFLAG
        return [_compile_regex(token, flags, pattern) for token in tokens]
    if valuetype == "fixed" or not _has_wildcard(pattern):
        return [fold(token).__eq__ for token in tokens]
    return [re.compile(_read_glob(fold(token))).fullmatch for token in tokens]


def _compile_regex(token: str, flags: re.RegexFlag, pattern: str) -> WordTest:
    try:
        return re.compile(token, flags).search
    except re.error as error:
        raise HkresearchError(f"{pattern!r} is no regular expression: {error}") from None


def _split_pattern(pattern: str, valuetype: str) -> list[str]:
    """Return the tokens of a pattern, cut as a page's words are cut; wildcards count as letters."""
    tokens = []
    for piece in PATTERN_TOKEN.findall(pattern):
        if valuetype == "glob" and _has_wildcard(piece):
            letters = piece.replace("*", "x").replace("?", "x")
            spans = [found.span() for found in WORD_OR_SIGN.finditer(letters)]
            tokens += [piece[start:end] for start, end in spans]
        else:
            tokens += WORD_OR_SIGN.findall(piece)
    return tokens


def _has_wildcard(text: str) -> bool:
    return any(sign in text for sign in GLOB_SIGNS)


def _read_glob(token: str) -> str:
    """Return the regular expression of a token with wildcards.

    A wildcard stands for no line end.
    """
    return "".join(GLOB_SIGNS.get(character, re.escape(character)) for character in token)


# ---------------------------------------------------------------------------------------- passages


def _find_phrase(page: TokenisedPage, wanted: Sequence[set[str]]) -> Iterator[TokenSpan]:
    """Yield the half-open token spans where each token is in its set, inside one stretch."""
    if not all(wanted):
        return
    n_tokens = len(wanted)
    for first, last in page.stretches:
        for start in range(first, last - n_tokens + 1):
            if page.words[start] not in wanted[0]:
                continue
            words = page.words[start : start + n_tokens]
            if all(word in known for word, known in zip(words, wanted, strict=True)):
                yield start, start + n_tokens


def _cut_passage(
    page: TokenisedPage, first: int, last: int, pattern: str, window: int
) -> PassageCells:
    """Return the row of the passage whose tokens are first:last."""
    stretch = bisect_right(page.stretches, (first, len(page.starts) + 1)) - 1
    low, high = page.stretches[stretch]
    start, end = page.starts[first], page.ends[last - 1]
    context_start = page.starts[max(low, first - window)] if window else start
    context_end = page.ends[min(high, last + window) - 1] if window else end
    return (
        page.article_id,
        start,
        end,
        page.find_line(first),
        page.text[context_start:start],
        page.text[start:end],
        page.text[end:context_end],
        pattern,
    )
