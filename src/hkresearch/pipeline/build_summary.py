"""New tables and their codebook -> the lines that tell what was built."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from hkresearch.codebook.book import Codebook
from hkresearch.codebook.usage import find_unknown_speakers, find_unused_codes

MOST_NAMED = 6  # unused codes, or unknown speakers, that are named
PAGE_VARIABLES = ("part", "confidence")  # say nothing about the codebook


def summarise_build(
    frames: Mapping[str, Any], folder: Path, n_pages: int, n_coded: int, codebook: Codebook
) -> Iterator[str]:
    """Yield what was found, how many of `n_pages` were coded anew, and what no page used."""
    counts = (
        f"{len(frames['annotations']):,} annotations: {len(frames['quotations'])} quotations, "
        f"{len(frames['positions'])} positions, {len(frames['quantities'])} quantities"
    )
    new = f"; {n_coded} of {n_pages} pages were new" if n_coded < n_pages else ""
    yield f"structured  {counts}{new}"
    codings = frames["codings"]
    if len(codings):
        n_coders = codings["coder"].nunique()
        yield f"codings     {len(codings):,} by hand, of {n_coders} coder(s)"
    claims = frames["claims"]
    n_contested = int((claims["status"] == "contested").sum())
    yield f"reconciled  {len(claims)} claims, {n_contested} contested; tables in {folder}"
    yield from _summarise_usage(codebook, frames["annotations"])


def _summarise_usage(codebook: Codebook, annotations: Any) -> Iterator[str]:
    """Yield the codes that no page used, and the speakers that the codebook does not know."""
    unused = find_unused_codes(codebook, ())
    counts: Counter[str] = Counter()
    for pages in annotations.read_pages(["article_id", "subject", "variable", "code"]):
        is_content = ~pages["variable"].isin(PAGE_VARIABLES)
        rows = list(pages[is_content].itertuples(index=False))
        unused_here = set(find_unused_codes(codebook, rows))
        unused = [name for name in unused if name in unused_here]
        counts.update(dict(find_unknown_speakers(codebook, rows)))
    most_frequent = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    unknown = [f"{name!r} ({n})" for name, n in most_frequent]
    yield from _list_names("codes that no page used", unused)
    yield from _list_names("speakers that are not in the book", unknown)


def _list_names(what: str, names: Sequence[str]) -> Iterator[str]:
    if names:
        more = ", ..." if len(names) > MOST_NAMED else ""
        yield f"codebook    {len(names)} {what}: {', '.join(names[:MOST_NAMED])}{more}"
