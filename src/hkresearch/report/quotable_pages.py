"""The pages of the tables -> how much of each a report may show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from hkresearch.report.page_word_index import PageIndex
from hkresearch.tables.select_rows import read_page_texts

if TYPE_CHECKING:
    from hkresearch.tables.tables import Tables

# Characters in a row, from the widest window to the narrowest.
WINDOWS = (
    10**9, 600, 440, 340, 270, 220, 180, 150, 125, 104, 86, 72, 60, 50, 42, 35, 29, 24, 20, 16,
    13, 10, 8, 6, 4, 2, 0,
)  # fmt: skip
# Where the codebook does not say it: the share of an article's characters, the most in all, and the
# licences, by their SPDX ids, of pages that anybody may republish.
USUAL_SHARE = 0.33
USUAL_MOST = 2000
FREE_LICENSES = ("CC0-1.0", "PDM-1.0")
NO_LIMIT = WINDOWS[0]
FREE_LEVEL = WINDOWS.index(150)  # a free page is still quoted to be read, not copied


@dataclass(frozen=True, slots=True)
class QuotablePage:
    """How much of a page one publication may show.

    Attributes
    ----------
    text : str
        Its text layer, where that is not in tables.
    budget : int
        Characters in all.
    level : int
        The place in WINDOWS of the widest window.
    headline : str
    """

    text: str
    budget: int
    level: int = 0
    headline: str = ""


class QuotablePages(dict[str, QuotablePage]):
    """The pages that a publication may quote, by id.

    Their words are looked up in one index, made when first asked for.

    Their text is read from `tables`, if there are any, when it is needed.
    """

    tables: Tables | None = None

    @cached_property
    def index(self) -> PageIndex:
        """Where the pages have which words, in the order of the pages."""
        return PageIndex(text for _, text in self.read_texts(self))

    def read_texts(self, ids: Collection[str]) -> Iterator[tuple[str, str]]:
        """Yield the id and the text layer of each of the pages `ids`, in the order of the pages.

        A page without a text layer, as all are in a bundle, has an empty one.
        """
        wanted = [id for id in self if id in ids]
        if self.tables is None:
            yield from ((id, self[id].text) for id in wanted)
            return
        found = read_page_texts(self.tables.annotations, ids)
        found_id, text = next(found, ("", ""))
        for id in wanted:
            if id == found_id:
                yield id, text
                found_id, text = next(found, ("", ""))
            else:
                yield id, ""


def read_quotable_pages(tables: Tables) -> QuotablePages:
    """Return the pages behind `tables`, by id, each with its budget as the codebook sets it.

    A free one has no limit.
    """
    free = tables.codebook.get("quoted_freely", FREE_LICENSES)
    pages = QuotablePages()
    pages.tables = tables
    columns = ["article_id", "n_body_chars", "license", "headline"]
    rows = tables.articles[columns].itertuples(index=False, name=None)
    for id, n_body_chars, license, headline in sorted(rows):
        if license in free:
            pages[id] = QuotablePage("", NO_LIMIT, FREE_LEVEL, headline)
        else:
            budget = set_budget(int(n_body_chars), tables.codebook)
            pages[id] = QuotablePage("", budget, 0, headline)
    return pages


def gather_pages(notes: Iterable[Mapping[str, Any]]) -> QuotablePages:
    """Return what passages alone tell of their pages, for a notebook set without tables."""
    texts: dict[str, list[str]] = defaultdict(list)
    sizes: dict[str, int] = {}
    for note in notes:
        text = texts[note["article_id"]]
        words = note["before"] + note["exact"] + note["after"]
        start = note["start"] - len(note["before"])
        end = start + len(words)
        text.extend("\0" * (end - len(text)))  # nothing is known of what lies between
        text[start:end] = words
        sizes[note["article_id"]] = note["n_body_chars"]
    pages = QuotablePages()
    for id, characters in texts.items():
        pages[id] = QuotablePage("".join(characters), set_budget(sizes[id], {}))
    return pages


def set_budget(n_body_chars: int, codebook: Mapping[str, Any]) -> int:
    """Return how many characters of an article of `n_body_chars` one publication may show."""
    share = float(codebook.get("quoted_share", USUAL_SHARE))
    most = int(codebook.get("quoted_characters", USUAL_MOST))
    return min(int(n_body_chars * share), most)
