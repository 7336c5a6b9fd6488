"""The bytes of a page and its register row -> its rows in the tables, packed for the cache."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from hkresearch.codebook.book import Codebook
from hkresearch.core.article import Annotation, Article, HkresearchError
from hkresearch.core.files import hash_bytes
from hkresearch.core.page_rows import (
    CONTEXT_CHARACTERS,
    PageRows,
    list_article_parts,
    list_page_rows,
)
from hkresearch.pages.reader import read_bytes, read_page

Coder = Callable[[Article, Sequence[Annotation], Codebook], Iterable[Annotation]]


def code_article(
    article: Article, codebook: Codebook, coders: Sequence[Coder] = ()
) -> list[Annotation]:
    """Return every annotation of one page, each once, in page order.

    The package cleans and structures the page; then each of `coders`, a function (article, parts,
    codebook) -> annotations, adds its own.
    """
    from hkresearch.clean import clean_article
    from hkresearch.structure import structure_article

    cleaned = list(clean_article(article, codebook))
    parts = [annotation for annotation in cleaned if annotation.variable == "part"]
    found = cleaned + list(structure_article(article, cleaned, codebook))
    for coder in coders:
        found += coder(article, parts, codebook)
    unique = {annotation.id: annotation for annotation in found}
    return sorted(unique.values(), key=_order_on_page)


def _order_on_page(annotation: Annotation) -> tuple[int, int, str, str, str, str]:
    return (
        annotation.start,
        annotation.end,
        annotation.variable,
        annotation.subject,
        annotation.code,
        annotation.id,
    )


def name_page(row: Mapping[str, str], codebook: Codebook) -> str:
    """Return the key of a coded page: a hash of its row in the register and of the codebook.

    The row holds the hash of the page's bytes.
    """
    key = json.dumps([sorted(row.items()), codebook.sha256], ensure_ascii=True)
    return hash_bytes(key.encode("ascii"))


def code_page(data: bytes, row: Mapping[str, str], codebook: Codebook) -> bytes:
    """Return the coded page in `data`, or the reason why it is left out, for `unpack_page`."""
    try:
        article = read_page(data, row["file"], row)
        annotations = code_article(article, codebook)
        width = int(codebook.topic.get("context_characters", CONTEXT_CHARACTERS))
        rows = list_page_rows(article, annotations, list_article_parts(codebook.news), width)
    except HkresearchError as error:
        return pack_refusal(str(error))
    except Exception as error:  # whatever one page does to the coders, the others are built
        return pack_refusal(
            f"could not be coded ({type(error).__name__}: {error}); please report it with the page"
        )
    return _pack_rows(rows)


def code_row(raw: Path, row: Mapping[str, str], codebook: Codebook) -> bytes:
    """Return the coded page of a `row` of the register in the folder `raw`, as `code_page` does."""
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


def _pack_rows(rows: PageRows) -> bytes:
    article, annotations, passages = rows
    coded = {"article": article, "annotations": annotations, "passages": passages}
    text = json.dumps(coded, ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(text.encode("utf-8", "surrogatepass"), 1)


def unpack_page(coded: bytes) -> PageRows | str:
    """Return the rows of a coded page, or the reason why it was left out."""
    if is_refusal(coded):
        return str(json.loads(coded)["refused"])
    found = json.loads(zlib.decompress(coded).decode("utf-8", "surrogatepass"))
    annotations: list[Any] = [tuple(row) for row in found["annotations"]]
    passages: list[Any] = [tuple(row) for row in found["passages"]]
    return found["article"], annotations, passages
