"""A page and what is coded on it -> Article, Annotation; and the one public exception."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any


class HkresearchError(Exception):
    """A fault that the user can fix; it says what is wrong, where, and what to type next.

    >>> try:
    ...     hk.read_codebook("nothing")
    ... except hk.HkresearchError as error:
    ...     print(error)
    nothing: no such codebook. Give a path to a .toml file, or one of: ...
    """


@dataclass(frozen=True, slots=True)
class Article:
    """One saved page, never edited: its text layer and its register entry.

    The names are those of schema.org NewsArticle.
    """

    id: str  # the file's stem
    text: str  # the text layer; every offset in the package counts its code points
    sha256: str  # of the file's bytes
    text_sha256: str  # of the text layer in UTF-8
    media_type: str = "text/plain"
    file: str = ""  # the file's name inside the raw folder
    headline: str = ""
    author: str = ""
    publisher: str = ""
    date_published: str = ""  # ISO 8601, as precise as known
    date_accessed: str = ""
    in_language: str = ""  # BCP 47
    url: str = ""
    is_based_on: str = ""  # the publication it reprints, translates or reports
    license: str = ""
    note: str = ""
    # What the tags said of each line of an HTML page's text layer; None where there were no tags.
    # Derived from the same bytes, so it takes no part in comparison.
    layout: Any = field(default=None, compare=False, repr=False)

    def __repr__(self) -> str:
        title = self.headline or self.text.strip()[:60]
        return f"<Article {self.id}: {title!r}, {len(self.text):,} characters>"


@dataclass(frozen=True, slots=True)
class Annotation:
    """One coded statement: subject, variable and code, the characters it rests on, the coder."""

    id: str
    article_id: str
    start: int  # half-open, code points of Article.text
    end: int
    exact: str  # always Article.text[start:end]
    subject: str  # an article, an entity, or the annotation that this one is an attribute of
    variable: str
    code: str
    coder: str  # name and version of the rule, model or person, for example "clean/1"

    def __repr__(self) -> str:
        words = " ".join(self.exact.split())
        words = words if len(words) <= 60 else words[:59] + "\u2026"
        where = f"{self.article_id} {self.start}:{self.end}"
        coding = f"{self.subject} | {self.variable} = {self.code}"
        return f"<Annotation {coding} | {words!r} ({where}, {self.coder})>"


def annotate(
    article: Article, start: int, end: int, subject: str, variable: str, code: str, coder: str
) -> Annotation:
    """Return the annotation of `article.text[start:end]`; its id depends on its content alone.

    Raises ValueError if the span is outside the text layer.
    """
    length = len(article.text)
    if not 0 <= start <= end <= length:
        raise ValueError(
            f"{article.id}: the span {start}:{end} is outside the text layer (0:{length})"
        )
    key = "\x1f".join(
        (article.id, article.text_sha256, str(start), str(end), subject, variable, code, coder)
    )
    return Annotation(
        id=hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16],
        article_id=article.id,
        start=start,
        end=end,
        exact=article.text[start:end],
        subject=subject,
        variable=variable,
        code=code,
        coder=coder,
    )
