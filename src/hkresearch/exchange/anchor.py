"""What another tool says of a passage -> the annotation on our page, or why there is none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from hkresearch.core.article import Annotation, Article, HkresearchError, annotate


def index_articles(articles: Article | Iterable[Article]) -> dict[str, Article]:
    """Return every name under which another tool may know a page: its id, file, url and hashes."""
    found: dict[str, Article] = {}
    for article in [articles] if isinstance(articles, Article) else articles:
        hashes = (article.sha256, f"urn:sha256:{article.sha256}")
        for name in (article.id, article.file, article.url, *hashes):
            if name:
                found.setdefault(name, article)
    return found


def anchor(article: Article, given: Mapping[str, Any]) -> Annotation:
    """Return the annotation that `given` describes.

    It has start, end, exact, subject, variable, code, coder, perhaps id.

    Where the words do not stand at their offsets but exactly once elsewhere (with the text around
    them, if given), they are found there. Raises ValueError, in words, when they stand nowhere, or
    in several places.
    """
    start, end, exact = given.get("start"), given.get("end"), given.get("exact")
    if start is None or end is None or (exact is not None and article.text[start:end] != exact):
        if not exact:
            raise ValueError(f"neither offsets nor words for a passage of {article.id}")
        start = _find_quote(article, exact, given.get("prefix", ""), given.get("suffix", ""))
        end = start + len(exact)
    if not 0 <= start <= end <= len(article.text):
        raise ValueError(
            f"{start}:{end} is no span of {article.id}, which has {len(article.text):,} characters"
        )
    values = [str(given[name]) for name in ("subject", "variable", "code", "coder")]
    "".join(values).encode(
        "utf-8"
    )  # half a character, which JSON can spell, is a ValueError here and not in our files
    made = annotate(article, start, end, *values)
    return replace(made, id=given["id"]) if given.get("id") else made


def _find_quote(article: Article, exact: str, prefix: str, suffix: str) -> int:
    for whole, before in ((prefix + exact + suffix, len(prefix)), (exact, 0)):
        first = article.text.find(whole)
        if first >= 0 and article.text.find(whole, first + 1) < 0:
            return first + before
        if first >= 0 and not (prefix or suffix):
            raise ValueError(
                f"{exact!r:.60} stands in several places of {article.id}; give its offsets"
            )
    raise ValueError(f"{exact!r:.60} does not stand in {article.id}, or in several places")


def raise_faults(what: str, faults: list[str]) -> None:
    """Raise one HkresearchError that names every fault, if there is any."""
    if faults:
        raise HkresearchError(
            f"{what}: {len(faults)} fault(s):\n" + "\n".join(f"  {fault}" for fault in faults)
        )
