"""The bytes of a page and its register row -> the rows that it gives to the tables, as bytes that can be kept."""

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
    """Return every annotation of one page, each once, in page order: cleaning, structure, then `coders`."""
    from hkresearch.clean import clean_article
    from hkresearch.structure import structure_article

    cleaned = list(clean_article(article, codebook))
    parts = [annotation for annotation in cleaned if annotation.variable == "part"]
    found = cleaned + list(structure_article(article, cleaned, codebook))
    for coder in coders:
        found += coder(article, parts, codebook)
    return sorted(
        {a.id: a for a in found}.values(),
        key=lambda a: (a.start, a.end, a.variable, a.subject, a.code, a.id),
    )


def name_page(row: Mapping[str, str], codebook: Codebook) -> str:
    """Return the key of a coded page: the hash of its bytes and all else that the register says, and the codebook."""
    key = json.dumps([sorted(row.items()), codebook.sha256], ensure_ascii=True)
    return hash_bytes(key.encode("ascii"))


def code_page(data: bytes, row: Mapping[str, str], codebook: Codebook) -> bytes:
    """Return the coded page in `data` as bytes for `unpack_page`; the reason, where it cannot be read or coded."""
    try:
        article = read_page(data, row["file"], dict(row))
        width = int(codebook.topic.get("context_characters", CONTEXT_CHARACTERS))
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
