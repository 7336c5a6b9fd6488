"""Labelled parts -> who publishes the page: by its masthead, else by its copyright line."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hkresearch.clean.boilerplate_cues import Telltales, read_telltales
from hkresearch.clean.copyright_lines import is_copyright, read_copyright
from hkresearch.clean.html_features import reduce_title
from hkresearch.clean.menus import is_menu
from hkresearch.clean.outlet_names import fold_outlet, is_outlet_name, read_outlets
from hkresearch.clean.page_lines import PageLines, Part, StatedValue
from hkresearch.clean.part_labels import ARTICLE
from hkresearch.codebook.book import Codebook
from hkresearch.core.words import has_han

_LONGEST_COPYRIGHT = 200  # characters of a line
_LONGEST_MASTHEAD = 40  # characters
_MASTHEAD_WORDS = 5
_FIRST_PIECE = re.compile(r"\s*[|｜]\s*|\s{3,}|\s[–—-]\s")
_ADDRESS = re.compile(
    r"(?:www\.)?[\w-]{3,}\.(?:com|org|net|news|info|biz|co|tv|press|media|online|[a-z]{2})"
    r"(?:\.[a-z]{2})?\Z",
    re.I,
)
_LEAST_LETTERS = 4  # of the word by which a copyright line is known to be the masthead's


def find_publisher(page: PageLines, parts: Sequence[Part], codebook: Codebook) -> list[StatedValue]:
    """Return at most one `publisher`: the masthead, else whom the last copyright line names.

    The owner may have another name than what it publishes, so the masthead comes first.
    """
    telltales = read_telltales(codebook.news)
    masthead = _find_masthead(page, parts, telltales)
    return masthead or _find_copyright_owner(page, parts, codebook)


def _find_masthead(
    page: PageLines, parts: Sequence[Part], telltales: Telltales
) -> list[StatedValue]:
    """Return the first line, or its first piece, if it is an address or a copyright names it."""
    text = page.article.text
    lines = [part for part in parts if part.label not in ("blank", "metadata")]
    if page.layout is not None or not lines or lines[0].label in ARTICLE:
        return []
    start = lines[0].start
    name = _FIRST_PIECE.split(text[start : lines[0].end])[0].strip()
    is_short = len(name) <= _LONGEST_MASTHEAD and 0 < len(name.split()) <= _MASTHEAD_WORDS
    if not is_short or telltales.find(name) or is_menu(name, telltales):
        return []
    notices = [text[part.start : part.end] for part in lines[1:]]
    if not _ADDRESS.match(name) and not any(_names(notice, name) for notice in notices):
        return []
    place = text.index(name, start)
    return [StatedValue(place, place + len(name), "publisher", name)]


def _names(notice: str, name: str) -> bool:
    """Return whether a line claims copyright and names the masthead, or its first word."""
    if len(notice) > _LONGEST_COPYRIGHT or not is_copyright(notice):
        return False
    first = name.split()[0].split(".")[0]
    word = name if has_han(name) or len(first) < _LEAST_LETTERS else first
    return reduce_title(word) in reduce_title(notice)


def _find_copyright_owner(
    page: PageLines, parts: Sequence[Part], codebook: Codebook
) -> list[StatedValue]:
    """Return at most one `publisher`: whom the last copyright line names, but no agency."""
    outlets, text = read_outlets(codebook), page.article.text
    for start, end, label in reversed(parts):
        if label in ARTICLE or end - start > _LONGEST_COPYRIGHT:
            continue
        owner = read_copyright(text[start:end])
        if owner is None or fold_outlet(owner.name) in outlets.agencies:
            continue
        if is_outlet_name(owner.name, outlets):
            return [StatedValue(start + owner.start, start + owner.end, "publisher", owner.name)]
    return []
