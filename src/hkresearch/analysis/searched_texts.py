"""Tables or articles -> their pages cut into tokens, of all the page or of the article's own parts.

Tokens are words with their inner hyphens and apostrophes (a possessive is a token of its own),
numbers, single signs, and single Han or kana characters, so that Chinese needs no dictionary.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hkresearch.core.article import Article, HkresearchError
from hkresearch.core.words import WORD_OR_SIGN

if TYPE_CHECKING:
    from hkresearch.tables.tables import Tables

PLAIN_SIGNS = str.maketrans({"\u2019": "'", "\u2018": "'", "\u2010": "-", "\u2011": "-"})

Source = Any  # Tables, an Article, or several Articles
Fold = Callable[[str], str]
TokenSpan = tuple[int, int]


@dataclass(slots=True)
class TokenisedPage:
    """One page: its text layer, and the tokens of the stretches that are searched.

    Attributes
    ----------
    starts, ends : list of int
        Where each token begins and ends in the text, in characters.
    words : list of str
        The tokens as they are compared.
    stretches : list of spans
        Half-open, in tokens; the context of a passage does not leave its stretch.
    line_ends : list of int
        Where lines end, in characters.
    """

    article_id: str
    text: str
    starts: list[int]
    ends: list[int]
    words: list[str]
    stretches: list[TokenSpan]
    line_ends: list[int]

    def find_line(self, token: int) -> int:
        """Return the line that a token stands in, from 1."""
        return bisect_left(self.line_ends, self.starts[token]) + 1


def fold_case(word: str) -> str:
    """Return `word` as it is compared when case does not count."""
    return fold_signs(word).casefold()


def fold_signs(word: str) -> str:
    """Return `word` with compatibility forms and apostrophes made one."""
    return word if word.isascii() else unicodedata.normalize("NFKC", word).translate(PLAIN_SIGNS)


def tokenise_pages(source: Source, fold: Fold, whole_page: bool = False) -> Iterator[TokenisedPage]:
    """Yield each page of `source` cut into tokens, pages in the order of their ids.

    Parameters
    ----------
    source : Tables, Article or iterable of Articles
        Articles are always cut as a whole.
    fold : callable
        Makes of a token what is compared.
    whole_page : bool
        Of tables, whether all of a page is cut, not only the article's own parts.
    """
    if hasattr(source, "annotations"):
        yield from _tokenise_tables(source, fold, whole_page)
        return
    articles = [source] if isinstance(source, Article) else list(source)
    if not all(isinstance(article, Article) for article in articles):
        raise HkresearchError("find_passages searches tables, an Article, or a list of Articles")
    for article in sorted(articles, key=lambda article: article.id):
        yield _tokenise(article.id, article.text, [(0, len(article.text))], fold)


def _tokenise_tables(tables: Tables, fold: Fold, whole_page: bool) -> Iterator[TokenisedPage]:
    parts = tables.annotations[tables.annotations["variable"] == "part"]
    parts = parts.sort_values(["article_id", "start", "end"])
    kinds = tables.codebook.get("parts", {})
    lengths = dict(zip(tables.articles["article_id"], tables.articles["n_chars"], strict=True))
    for article_id, group in parts.groupby("article_id", sort=True):
        text = "".join(group["exact"])
        if len(text) != lengths.get(article_id):
            raise HkresearchError(
                f"{article_id}: these tables do not hold the words of the page "
                "(those in a bundle do not). Build them from the pages: hkresearch build"
            )
        rows = zip(group["start"], group["end"], group["code"], strict=True)
        spans = [(0, len(text))] if whole_page else _join_parts(rows, kinds)
        yield _tokenise(str(article_id), text, spans, fold)


def _join_parts(rows: Iterable[tuple[int, int, str]], kinds: Mapping[str, Any]) -> list[TokenSpan]:
    """Return the article's stretches: parts of one kind in a row, over empty lines too."""
    spans: list[TokenSpan] = []
    last_end, last_code = -1, ""
    for start, end, code in rows:
        if last_end == start and code in (last_code, "blank"):
            spans[-1] = (spans[-1][0], int(end))
            last_end = end
        elif kinds.get(code, {}).get("kind") == "article":
            spans.append((int(start), int(end)))
            last_end, last_code = end, code
    return spans


def _tokenise(article_id: str, text: str, spans: Iterable[TokenSpan], fold: Fold) -> TokenisedPage:
    line_ends = [found.start() for found in re.finditer("\n", text)]
    page = TokenisedPage(article_id, text, [], [], [], [], line_ends)
    for start, end in spans:
        first = len(page.starts)
        for found in WORD_OR_SIGN.finditer(text, start, end):
            page.starts.append(found.start())
            page.ends.append(found.end())
            page.words.append(fold(found.group()))
        page.stretches.append((first, len(page.starts)))
    return page
