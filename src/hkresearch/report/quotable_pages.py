"""The pages of the tables -> how much of each a report may show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from hkresearch.report.page_word_index import PageIndex
from hkresearch.tables.select_rows import read_texts

if TYPE_CHECKING:
    from hkresearch.tables.tables import Tables


WINDOWS = (
    10**9, 600, 440, 340, 270, 220, 180, 150, 125, 104, 86, 72, 60, 50, 42, 35, 29, 24, 20, 16, 13, 10, 8, 6, 4, 2, 0,
)  # fmt: skip
SHARE, MOST = 0.33, 2000  # of an article's characters, and in all, where the codebook says nothing
FREE = (
    "CC0-1.0",
    "PDM-1.0",
)  # licences, by their SPDX ids, of pages that anybody may republish, where it says nothing
ENDLESS = WINDOWS[0]
FREE_LEVEL = WINDOWS.index(
    150
)  # a page that may be republished is still quoted to be read, not copied


@dataclass(frozen=True, slots=True)
class Page:
    """How many of a page's characters one publication may show, and the widest window (its place).

    `text` is its text layer, where that is not in tables.
    """

    text: str
    budget: int
    level: int = 0
    headline: str = ""


class Pages(dict[str, Page]):
    """The pages that a publication may quote, by id; their words are looked up in one index, made when first asked for.

    Their text is read from `tables`, if there are any, when it is needed.
    """

    tables: Tables | None = None

    @cached_property
    def index(self) -> PageIndex:
        """Where the pages have which words, in the order of the pages."""
        return PageIndex(text for _, text in self.read_texts(self))

    def read_texts(self, ids: Collection[str]) -> Iterator[tuple[str, str]]:
        """Yield the id and the text layer of each of the pages `ids`, in the order of the pages."""
        if self.tables is None:
            yield from ((id, page.text) for id, page in self.items() if id in ids)
            return
        found = read_texts(self.tables.annotations, ids)
        id, text = next(found, ("", ""))
        for page in filter(ids.__contains__, self):
            if page == id:
                yield page, text
                id, text = next(found, ("", ""))
            else:
                yield page, ""  # as in a bundle, which has no text


def read_pages(tables: Tables) -> Pages:
    """Return the pages behind `tables`, by id, each with its budget as the codebook sets it; a free one has no end."""
    free = tables.codebook.get("quoted_freely", FREE)
    pages = Pages()
    pages.tables = tables
    columns = ["article_id", "n_body_chars", "license", "headline"]
    for id, n, license, headline in sorted(
        tables.articles[columns].itertuples(index=False, name=None)
    ):
        budget, level = (
            (ENDLESS, FREE_LEVEL) if license in free else (set_budget(int(n), tables.codebook), 0)
        )
        pages[id] = Page("", budget, level, headline)
    return pages


def gather_pages(notes: Iterable[Mapping[str, Any]]) -> Pages:
    """Return what is known of the pages from the passages alone, for a notebook that is set without its tables."""
    texts: dict[str, list[str]] = defaultdict(list)
    sizes: dict[str, int] = {}
    for note in notes:
        page, first = texts[note["article_id"]], note["start"] - len(note["before"])
        words = note["before"] + note["exact"] + note["after"]
        page.extend("\0" * (first + len(words) - len(page)))
        page[first : first + len(words)] = words
        sizes[note["article_id"]] = note["n_body_chars"]
    return Pages((id, Page("".join(page), set_budget(sizes[id], {}))) for id, page in texts.items())


def set_budget(n_body_chars: int, codebook: Mapping[str, Any]) -> int:
    """Return how many characters of an article of `n_body_chars` one publication may show."""
    share, most = codebook.get("quoted_share", SHARE), codebook.get("quoted_characters", MOST)
    return min(int(n_body_chars * float(share)), int(most))
