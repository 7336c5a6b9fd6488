"""Labelled parts and a codebook -> who publishes a page, and to whom it credits its text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from hkresearch.clean.boilerplate_cues import Telltales, read_telltales
from hkresearch.clean.credit_forms import (
    find_byline_credit,
    find_dateline_credit,
    find_ending_credit,
    find_helpers,
    list_outlets,
)
from hkresearch.clean.credit_sentences import find_sentence_credits
from hkresearch.clean.credit_words import CreditWords, read_credit_words
from hkresearch.clean.outlet_names import (
    NamedOutlet,
    Outlets,
    fold_outlet,
    match_outlet,
    read_outlets,
)
from hkresearch.clean.page_lines import PageLines, Part, StatedValue
from hkresearch.clean.publisher import find_publisher
from hkresearch.codebook.book import Codebook

_FIRST_LINES = 3  # of the running text: a dateline stands on one of them
_SHORT = 14  # words of a line that may hold a credit
_CAPTION_WORDS = 6  # of a line under which a name alone is the picture's
_LAST_LINES = 12  # after the running text, on which a credit of the whole text is looked for
_NAME_ENDS = " .,:;’'）)]】》」"
_LONGEST_PARAGRAPH = 5000  # characters of lines that are read together


def find_outlets(
    page: PageLines, parts: Sequence[Part], codebook: Codebook, stated: Sequence[StatedValue]
) -> list[StatedValue]:
    """Return `publisher`, `is_based_on` and `credit` by the page's lines, beside what is `stated`.

    `is_based_on` is the outlet, not the publisher, that wrote the text: by a dateline, a byline, a
    copyright line, or a note that says where it stood before. `credit` is anybody else whom the
    page credits: who helped, who was told something, who reported it. A picture's credit is
    neither.
    """
    publishers = [mark.value for mark in stated if mark.variable == "publisher"]
    named = publishers[0] if publishers else page.article.publisher
    owner = [] if named else find_publisher(page, parts, codebook)
    publisher = page.article.publisher or named or (owner[0].value if owner else "")
    return [*owner, *_find_credits(page, parts, codebook, publisher)]


def _find_credits(
    page: PageLines, parts: Sequence[Part], codebook: Codebook, publisher: str
) -> list[StatedValue]:
    """Return at most one `is_based_on`, and each other outlet that the page credits, once."""
    outlets, words = read_outlets(codebook), read_credit_words(codebook)
    telltales = read_telltales(codebook.news)
    text = page.article.text
    known = {outlets.identify(publisher)} if publisher else set()
    marks: list[StatedValue] = []
    lines = [part for part in parts if part.label not in ("blank", "metadata")]
    for found in _list_origins(text, lines, telltales, words, outlets):
        if outlets.identify(found.name) in known or _is_own(found.name, publisher):
            continue
        known.add(outlets.identify(found.name))
        variable = "credit" if marks else "is_based_on"
        value = outlets.label(found.name) if marks else found.name
        marks.append(StatedValue(found.start, found.end, variable, value))
    for found in _list_others(text, lines, words, outlets):
        name = _resolve_short(text, found, outlets)
        if outlets.identify(name) in known or _is_own(name, publisher):
            continue
        known.add(outlets.identify(name))
        marks.append(StatedValue(found.start, found.end, "credit", outlets.label(name)))
    return marks


def _is_own(name: str, publisher: str) -> bool:
    return fold_outlet(publisher).startswith(fold_outlet(name))


def _resolve_short(text: str, found: NamedOutlet, outlets: Outlets) -> str:
    """Return the whole name of an outlet that is called by its last word: "the Journal"."""
    if " " in found.name or not found.name.isascii():
        return found.name
    whole = re.compile(rf"(?:[A-Z][\w.&'’-]*\s){{1,4}}{re.escape(found.name)}\b")
    before = whole.search(text, 0, found.start)
    known = match_outlet(before.group(), 0, outlets) if before else None
    return known.name if before and known and known.end == len(before.group()) else found.name


def _list_origins(
    text: str, lines: Sequence[Part], telltales: Telltales, words: CreditWords, outlets: Outlets
) -> Iterator[NamedOutlet]:
    """Yield to whom the whole text may be credited, the surest first."""
    running = [i for i, part in enumerate(lines) if part.label in ("body", "standfirst")]
    first, last = _find_text(lines)
    for number in running[:_FIRST_LINES]:
        start, end, _ = lines[number]
        line = text[start:end]
        yield from _place([find_dateline_credit(line, outlets)], start, line)
    yield from _read_bylines(text, lines[:first], telltales, words, outlets)
    for start, end, label in lines[last : last + 1 + _LAST_LINES]:
        line = text[start:end]
        if label not in ("related", "duplicate_headline") and not find_helpers(
            line, words, outlets
        ):
            yield from _place([find_ending_credit(line, words, outlets)], start, line)


def _find_text(lines: Sequence[Part]) -> tuple[int, int]:
    """Return the numbers of the first and the last line of the text, of all lines without any."""
    numbers = [number for number, part in enumerate(lines) if part.label == "body"]
    return (numbers[0], numbers[-1]) if numbers else (len(lines), len(lines))


def _read_bylines(
    text: str, lines: Sequence[Part], telltales: Telltales, words: CreditWords, outlets: Outlets
) -> Iterator[NamedOutlet]:
    """Yield what the short lines above the text name; a name right under a caption is none."""
    previous = ""
    for start, end, label in lines:
        line = text[start:end]
        is_short = label not in ("headline", "standfirst") and len(line.split()) <= _SHORT
        if is_short and not words.pictures.match(line):
            is_list = len(list_outlets(line, 0, words, outlets)) > 1
            found = None if is_list else find_byline_credit(line, telltales, words, outlets)
            is_name_alone = found and found.end - found.start >= len(line.strip()) - 2
            if not (is_name_alone and len(previous.split()) >= _CAPTION_WORDS):
                yield from _place([found], start, line)
        previous = "" if label == "headline" else line


def _list_others(
    text: str, lines: Sequence[Part], words: CreditWords, outlets: Outlets
) -> Iterator[NamedOutlet]:
    """Yield whom sentences of the text credit, and whom the lines around it name as helpers."""
    running = [i for i, part in enumerate(lines) if part.label in ("body", "standfirst")]
    for start, end in _join_wrapped(text, [lines[number] for number in running]):
        line = text[start:end]
        if not words.pictures.match(line):
            yield from _place(find_sentence_credits(line, words, outlets), start, line)
    first, last = _find_text(lines)
    for start, end, label in lines[:first]:
        line = text[start:end]
        if label not in ("headline", "standfirst") and len(line.split()) <= _SHORT:
            yield from _place(find_helpers(line, words, outlets), start, line)
    for start, end, label in lines[last : last + 1 + _LAST_LINES]:
        line = text[start:end]
        if label not in ("related", "duplicate_headline") and len(line.split()) <= _SHORT:
            yield from _place(find_helpers(line, words, outlets), start, line)


def _join_wrapped(text: str, lines: Sequence[Part]) -> Iterator[tuple[int, int]]:
    """Yield the spans of paragraphs: lines that follow each other without an empty one are one."""
    start = end = -1
    for part in lines:
        if end >= 0 and text[end : part.start] == "\n" and end - start < _LONGEST_PARAGRAPH:
            end = part.end
            continue
        if end >= 0:
            yield start, end
        start, end = part.start, part.end
    if end >= 0:
        yield start, end


def _place(found: Iterable[NamedOutlet | None], offset: int, line: str) -> Iterator[NamedOutlet]:
    """Yield the outlets with places in the page, each from its article in capitals to its end."""
    for outlet in found:
        if not outlet:
            continue
        start, end = outlet.start, outlet.end
        if outlet.name.startswith("the "):
            start += len("the ")
        elif line[start - 4 : start] == "The ":
            start -= len("The ")
        name = line[start:end].rstrip(_NAME_ENDS)
        yield NamedOutlet(offset + start, offset + start + len(name), name)
