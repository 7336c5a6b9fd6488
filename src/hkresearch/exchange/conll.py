"""Articles and their annotations -> tokens with BIO tags (CoNLL), or spaCy's DocBin.

Both are for training and reading elsewhere, not for coming back: CoNLL has one layer, and offsets
become tokens.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from hkresearch.core.article import Annotation, Article, HkresearchError
from hkresearch.core.words import WORD_OR_SIGN
from hkresearch.display.article_view import HIDDEN_VARIABLES

WHITE_SPACE_RUN = re.compile(r"\s+")


def write_conll(
    articles: Article | Iterable[Article],
    annotations: Iterable[Annotation],
    variable: str = "position",
) -> str:
    """Return the pages as one token a line: token, start, end, BIO tag.

    An empty line after each line of the page.

    A tag is the variable and its code ("B-position.pause"). Of annotations that overlap, the
    longest is tagged, then the first; where two codes share a span, the one that sorts first.
    """
    chosen = [mark for mark in annotations if mark.variable == variable and mark.end > mark.start]
    blocks = []
    for article in _sort_articles(articles):
        tags = _tag([mark for mark in chosen if mark.article_id == article.id])
        blocks.append(f"# newdoc id = {article.id}\n{_write_tokens(article, tags)}")
    return "".join(blocks)


def _tag(annotations: Iterable[Annotation]) -> dict[int, tuple[int, str]]:
    """Return offset -> (first character, label) of the annotation that covers it."""
    covered: dict[int, tuple[int, str]] = {}
    longest_first = sorted(
        annotations, key=lambda mark: (mark.start - mark.end, mark.start, mark.code, mark.id)
    )
    for mark in longest_first:
        if mark.start not in covered and mark.end - 1 not in covered:
            name = f"{mark.variable}.{mark.code}" if mark.code else mark.variable
            label = WHITE_SPACE_RUN.sub("_", name)
            covered.update(dict.fromkeys(range(mark.start, mark.end), (mark.start, label)))
    return covered


def _write_tokens(article: Article, tags: dict[int, tuple[int, str]]) -> str:
    lines: list[str] = []
    last_tag, last_end = None, 0
    for token in WORD_OR_SIGN.finditer(article.text):
        if "\n" in article.text[last_end : token.start()]:
            lines.append("")
        tag = tags.get(token.start())
        written = "O"
        if tag is not None:
            written = ("I-" if tag == last_tag else "B-") + tag[1]
        lines.append(f"{token.group()}\t{token.start()}\t{token.end()}\t{written}")
        last_tag, last_end = tag, token.end()
    return "\n".join([*lines, "", ""])


def to_spacy(articles: Article | Iterable[Article], annotations: Iterable[Annotation]) -> Any:
    """Return a spaCy DocBin: a Doc a page, its text unchanged, and a span group a variable.

    The code is the spans' label. Groups may overlap. A span that begins or ends inside a token is
    widened to it. Attributes of annotations stand in the groups of their variables; parts and
    readings are left out. Needs spaCy: pip install spacy

    >>> try:
    ...     n_docs = len(hk.to_spacy(article, marks))
    ... except hk.HkresearchError:  # spaCy is not installed
    ...     n_docs = 1
    >>> n_docs
    1
    """
    try:
        from spacy.tokens import DocBin
        from spacy.vocab import Vocab
    except ImportError:
        raise HkresearchError(
            "spaCy is not installed. Type: pip install spacy (or write CoNLL, which needs nothing)"
        ) from None
    marks = [
        mark
        for mark in annotations
        if mark.variable not in HIDDEN_VARIABLES and mark.end > mark.start
    ]
    vocabulary, store = Vocab(), DocBin(store_user_data=True)
    for article in _sort_articles(articles):
        own = [mark for mark in marks if mark.article_id == article.id]
        store.add(_make_doc(vocabulary, article, own))
    return store


def _make_doc(vocabulary: Any, article: Article, marks: Iterable[Annotation]) -> Any:
    from spacy.tokens import Doc

    words, spaces = split_words(article.text)
    doc = Doc(vocabulary, words=words, spaces=spaces)
    doc.user_data["article_id"] = article.id
    doc.user_data["text_sha256"] = article.text_sha256
    groups: dict[str, list[Any]] = {}
    for mark in marks:
        label = mark.code or mark.variable
        span = doc.char_span(mark.start, mark.end, label=label, alignment_mode="expand")
        groups.setdefault(mark.variable, []).append(span)
    for variable in sorted(groups):
        doc.spans[variable] = groups[variable]
    return doc


def _sort_articles(articles: Article | Iterable[Article]) -> list[Article]:
    listed = [articles] if isinstance(articles, Article) else list(articles)
    return sorted(listed, key=lambda article: article.id)


def split_words(text: str) -> tuple[list[str], list[bool]]:
    """Return tokens of `text` and whether one space follows each.

    Other white space is a token, so nothing is lost.
    """
    words: list[str] = []
    spaces: list[bool] = []
    position = 0
    for match in [*WORD_OR_SIGN.finditer(text), None]:
        gap = text[position : match.start() if match else len(text)]
        if gap.startswith(" ") and words:
            spaces[-1], gap = True, gap[1:]
        if gap:
            words.append(gap)
            spaces.append(False)
        if match:
            words.append(match.group())
            spaces.append(False)
            position = match.end()
    return words, spaces
