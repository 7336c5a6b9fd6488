"""Labelled parts and a codebook -> who publishes a page, and to whom it credits its text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hkresearch.clean.boilerplate_cues import Telltales, read_telltales
from hkresearch.clean.copyright_lines import read_copyright
from hkresearch.clean.credit_forms import (
    find_byline_credit,
    find_dateline_credit,
    find_ending_credit,
)
from hkresearch.clean.outlet_names import (
    NamedOutlet,
    Outlets,
    fold_outlet,
    is_outlet_name,
    read_outlets,
)
from hkresearch.clean.page_lines import PageLines, Part, StatedValue
from hkresearch.clean.part_labels import ARTICLE
from hkresearch.codebook.book import Codebook

_FIRST_LINES = 3  # of the running text: a dateline stands on one of them
_SHORT = 14  # words of a line that may hold a credit
_CAPTION_WORDS = 6  # of a line under which a name alone is the picture's
_LAST_LINES = 12  # after the running text, on which a credit of the whole text is looked for
_LONGEST_COPYRIGHT = 200  # characters of a line


def find_outlets(
    page: PageLines, parts: Sequence[Part], codebook: Codebook, stated: Sequence[StatedValue]
) -> list[StatedValue]:
    """Return `publisher` and `is_based_on` as the lines give them, beside what is `stated`."""
    publishers = [mark.value for mark in stated if mark.variable == "publisher"]
    named = publishers[0] if publishers else page.article.publisher
    owner = [] if named else _find_copyright_owner(page, parts, codebook)
    publisher = page.article.publisher or named or (owner[0].value if owner else "")
    return [*owner, *_find_credits(page, parts, codebook, publisher)]


def _find_credits(
    page: PageLines, parts: Sequence[Part], codebook: Codebook, publisher: str
) -> list[StatedValue]:
    """Return at most one `is_based_on`: the outlet, not `publisher`, that wrote the page's text.

    A dateline, a byline, a copyright line, or a note that says where the text was published
    before; never a picture's credit.
    """
    outlets = read_outlets(codebook)
    own = fold_outlet(publisher)
    for start, end, name in _list_candidates(page, parts, codebook, outlets):
        if not own.startswith(fold_outlet(name)):
            return [StatedValue(start, end, "is_based_on", page.article.text[start:end])]
    return []


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


def _list_candidates(
    page: PageLines, parts: Sequence[Part], codebook: Codebook, outlets: Outlets
) -> Iterator[NamedOutlet]:
    """Yield what may credit the text, with places in the page, the surest first."""
    text, telltales = page.article.text, read_telltales(codebook.news)
    lines = [part for part in parts if part.label not in ("blank", "metadata")]
    running = [i for i, part in enumerate(lines) if part.label in ("body", "standfirst")]
    first, last = (running[0], running[-1]) if running else (len(lines), len(lines))
    for number in running[:_FIRST_LINES]:
        start, end, _ = lines[number]
        yield from _place(find_dateline_credit(text[start:end], outlets), start)
    yield from _read_bylines(text, lines[:first], telltales, outlets)
    for start, end, label in lines[last : last + 1 + _LAST_LINES]:
        if label not in ("related", "duplicate_headline"):
            yield from _place(find_ending_credit(text[start:end], telltales, outlets), start)


def _read_bylines(
    text: str, lines: Sequence[Part], telltales: Telltales, outlets: Outlets
) -> Iterator[NamedOutlet]:
    """Yield what the short lines above the text name; a name right under a caption is none."""
    previous = ""
    for start, end, label in lines:
        line = text[start:end]
        is_short = label != "headline" and len(line.split()) <= _SHORT
        if is_short and not outlets.pictures.match(line):
            found = find_byline_credit(line, telltales, outlets)
            is_name_alone = found and found.end - found.start >= len(line.strip()) - 2
            if not (is_name_alone and len(previous.split()) >= _CAPTION_WORDS):
                yield from _place(found, start)
        previous = "" if label == "headline" else line


def _place(found: NamedOutlet | None, offset: int) -> Iterator[NamedOutlet]:
    if found:
        yield NamedOutlet(offset + found.start, offset + found.end, found.name)
