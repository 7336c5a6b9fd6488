"""The bytes of a page and its register row -> the rows that it gives to the tables, as bytes that can be kept."""

from __future__ import annotations

import json
import zlib
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from hkresearch.article import Annotation, Article, HkresearchError
from hkresearch.codebook import Codebook
from hkresearch.source import hash_bytes, read_bytes, read_page

CONTEXT = 80  # characters of context each side, where the codebook sets no limit
STATED = (
    "headline",
    "author",
    "publisher",
    "date_published",
    "in_language",
)  # what a page may say of itself
Coder = Callable[[Article, Sequence[Annotation], Codebook], Iterable[Annotation]]
# article row, annotation rows, passage rows: what one page gives to the tables of the same names
PageRows = tuple[dict[str, Any], list[tuple], list[tuple]]


def code_article(
    article: Article, codebook: Codebook, coders: Sequence[Coder] = ()
) -> list[Annotation]:
    """Return every annotation of one page, each once, in page order: cleaning, structure, then `coders`."""
    from hkresearch.clean import clean_article
    from hkresearch.structure import structure_article

    cleaned = list(clean_article(article, codebook))
    parts = [annotation for annotation in cleaned if annotation.variable == "part"]
    found = cleaned + list(structure_article(article, parts, codebook))
    for coder in coders:
        found += coder(article, parts, codebook)
    return sorted(
        {a.id: a for a in found}.values(),
        key=lambda a: (a.start, a.end, a.variable, a.subject, a.code, a.id),
    )


def list_article_parts(codebook: Mapping[str, Any]) -> frozenset[str]:
    """Return the labels of the parts that belong to an article, by news.toml or the book as a plain dictionary."""
    return frozenset(
        name for name, part in codebook.get("parts", {}).items() if part.get("kind") == "article"
    )


def list_page_rows(
    article: Article, marks: Iterable[Annotation], parts: frozenset[str], width: int
) -> PageRows:
    """Return the rows of one coded page; an annotation that was found twice gives one row."""
    marks = list({mark.id: mark for mark in marks}.values())
    rows = [
        (a.id, a.article_id, a.start, a.end, a.exact, a.subject, a.variable, a.code, a.coder)
        for a in marks
    ]
    return make_article_row(article, marks, parts), rows, make_passage_rows(article, marks, width)


def make_article_row(
    article: Article, annotations: Iterable[Annotation], article_parts: frozenset[str]
) -> dict[str, Any]:
    """Return the row of `article`: the register's value wins, else what the page states first, else empty."""
    annotations = list(annotations)
    row = {name: getattr(article, name) for name in (
        "file", "sha256", "text_sha256", "media_type", "headline", "author", "publisher", "date_published",
        "date_accessed", "in_language", "url", "is_based_on", "license", "note")}  # fmt: skip
    for annotation in sorted(annotations, key=lambda a: (a.start, a.end, a.id)):
        if (
            annotation.variable in STATED
            and annotation.subject == article.id
            and not row[annotation.variable]
        ):
            row[annotation.variable] = annotation.code
    body = sum(
        a.end - a.start for a in annotations if a.variable == "part" and a.code in article_parts
    )
    return {"article_id": article.id, **row, "n_chars": len(article.text), "n_body_chars": body}


def make_passage_rows(
    article: Article, annotations: Iterable[Annotation], width: int
) -> list[tuple[str, int, str, str]]:
    """Return (annotation_id, line, before, after) of every annotation but parts; context stays on its lines."""
    rows, ends = [], [i for i, character in enumerate(article.text) if character == "\n"]
    for a in annotations:
        if a.variable in ("part", "confidence"):
            continue
        first = bisect_left(ends, a.start)
        last = max(first, bisect_left(ends, a.end))
        begin = ends[first - 1] + 1 if first else 0
        finish = ends[last] if last < len(ends) else len(article.text)
        before = article.text[max(begin, a.start - width) : a.start]
        rows.append(
            (a.id, first + 1, before, article.text[a.end : max(a.end, min(finish, a.end + width))])
        )
    return rows


def name_page(row: Mapping[str, str], codebook: Codebook) -> str:
    """Return the key of a coded page: the hash of its bytes and all else that the register says, and the codebook."""
    key = json.dumps([sorted(row.items()), codebook.sha256], ensure_ascii=True)
    return hash_bytes(key.encode("ascii"))


def code_page(data: bytes, row: Mapping[str, str], codebook: Codebook) -> bytes:
    """Return the coded page in `data` as bytes for `unpack_page`; the reason, where it cannot be read or coded."""
    try:
        article = read_page(data, row["file"], dict(row))
        width = int(codebook.topic.get("context_characters", CONTEXT))
        rows = list_page_rows(
            article, code_article(article, codebook), list_article_parts(codebook.news), width
        )
    except HkresearchError as error:
        return pack_refusal(str(error))
    except Exception as error:  # whatever one page does to the coders, the others are built
        return pack_refusal(
            f"could not be coded ({type(error).__name__}: {error}); please report it with the page"
        )
    return _pack({"article": rows[0], "annotations": rows[1], "passages": rows[2]})


def code_row(raw: Path, row: Mapping[str, str], codebook: Codebook) -> bytes:
    """Return the coded page that `row` of the register names in the folder `raw`, or the reason why there is none."""
    try:
        data = read_bytes(raw, row["file"])
    except HkresearchError as error:
        return pack_refusal(str(error))
    if hash_bytes(data) != row["sha256"]:
        return pack_refusal("changed while the pages were read; build again")
    return code_page(data, row, codebook)


def pack_refusal(reason: str) -> bytes:
    """Return the bytes that stand for a page left out, and why."""
    return json.dumps({"refused": reason}).encode("ascii")


def is_refusal(coded: bytes) -> bool:
    """Return whether the bytes stand for a page left out."""
    return coded.startswith(b"{")  # a coded page is compressed


def _pack(coded: Mapping[str, Any]) -> bytes:
    text = json.dumps(coded, ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(text.encode("utf-8", "surrogatepass"), 1)


def unpack_page(coded: bytes) -> PageRows | str:
    """Return the rows of a coded page, or the reason why it was left out."""
    if is_refusal(coded):
        return json.loads(coded)["refused"]
    found = json.loads(zlib.decompress(coded).decode("utf-8", "surrogatepass"))
    return (
        found["article"],
        [tuple(row) for row in found["annotations"]],
        [tuple(row) for row in found["passages"]],
    )
