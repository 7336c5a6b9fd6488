"""Articles and their annotations -> tokens with BIO tags (CoNLL), and spaCy's DocBin where spaCy is
installed.

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

SPACE = re.compile(r"\s+")


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
    articles = sorted(
        [articles] if isinstance(articles, Article) else articles, key=lambda article: article.id
    )
    chosen = [a for a in annotations if a.variable == variable and a.end > a.start]
    blocks = []
    for article in articles:
        tags = _tag(article, [a for a in chosen if a.article_id == article.id])
        blocks.append(f"# newdoc id = {article.id}\n{_write_tokens(article, tags)}")
    return "".join(blocks)


def _tag(article: Article, annotations: list[Annotation]) -> dict[int, tuple[int, str]]:
    """Return offset -> (first character, label) of the annotation that covers it."""
    covered: dict[int, tuple[int, str]] = {}
    for a in sorted(annotations, key=lambda a: (a.start - a.end, a.start, a.code, a.id)):
        if a.start not in covered and a.end - 1 not in covered:
            label = re.sub(r"\s+", "_", f"{a.variable}.{a.code}" if a.code else a.variable)
            covered.update(dict.fromkeys(range(a.start, a.end), (a.start, label)))
    return covered


def _write_tokens(article: Article, tags: dict[int, tuple[int, str]]) -> str:
    lines, last, position = [], None, 0
    for match in WORD_OR_SIGN.finditer(article.text):
        if "\n" in article.text[position : match.start()]:
            lines.append("")
        tag = tags.get(match.start())
        prefix = "O" if tag is None else ("I-" if tag == last else "B-") + tag[1]
        lines.append(f"{match.group()}\t{match.start()}\t{match.end()}\t{prefix}")
        last, position = tag, match.end()
    return "\n".join([*lines, "", ""])


def to_spacy(articles: Article | Iterable[Article], annotations: Iterable[Annotation]) -> Any:
    """Return a spaCy DocBin: a Doc a page, its text unchanged, a span group a variable, the code as
    the spans' label.

    Groups may overlap. A span that begins or ends inside a token is widened to it. Attributes of
    annotations stand in the groups of their variables; parts and readings are left out. Needs
    spaCy: pip install spacy

    >>> try:
    ...     n_docs = len(hk.to_spacy(article, marks))
    ... except hk.HkresearchError:  # spaCy is not installed
    ...     n_docs = 1
    >>> n_docs
    1
    """
    try:
        from spacy.tokens import Doc, DocBin
        from spacy.vocab import Vocab
    except ImportError:
        raise HkresearchError(
            "spaCy is not installed. Type: pip install spacy (or write CoNLL, which needs nothing)"
        ) from None
    articles = sorted(
        [articles] if isinstance(articles, Article) else articles, key=lambda article: article.id
    )
    marks = [a for a in annotations if a.variable not in HIDDEN_VARIABLES and a.end > a.start]
    vocab, store = Vocab(), DocBin(store_user_data=True)
    for article in articles:
        words, spaces = split_words(article.text)
        doc = Doc(vocab, words=words, spaces=spaces)
        doc.user_data["article_id"], doc.user_data["text_sha256"] = article.id, article.text_sha256
        groups: dict[str, list[Any]] = {}
        for a in marks:
            if a.article_id == article.id:
                span = doc.char_span(
                    a.start, a.end, label=a.code or a.variable, alignment_mode="expand"
                )
                groups.setdefault(a.variable, []).append(span)
        for variable in sorted(groups):
            doc.spans[variable] = groups[variable]
        store.add(doc)
    return store


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
