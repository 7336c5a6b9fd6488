"""Labelled parts and a codebook's outlets -> the outlet that publishes a page, and the outlet that its text is credited to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from hkresearch.clean.boilerplate_cues import find_date, read_telltales
from hkresearch.clean.html_features import reduce_title
from hkresearch.clean.part_labels import ARTICLE, Page
from hkresearch.codebook.book import Codebook

Mark = tuple[int, int, str, str]
FIRST_LINES = 3  # of the running text: a dateline stands on one of them
SHORT = 14  # words of a line that may hold a credit
CAPTION_WORDS = 6  # of a line under which a name alone is the picture's
LAST_LINES = 12  # after the running text, on which a credit of the whole text is looked for
SHORT_NAME = 4  # letters: such a name is known in capitals only
DASH = r"\s*(?:[-–—]+|:)\s*"
DATELINE = re.compile(rf"(?P<place>[^()（）]{{0,60}}?)\(\s*(?P<name>[^()\d]{{2,40}}?)\s*\){DASH}")
BARE_DATELINE = re.compile(
    r"(?:[^\W\d_][\w .'’]{0,30},\s+)?(?P<name>[^\W\d_][\w .&'’]{1,40}?)\s*[-–—]{1,2}\s"
)
HAN_DATELINE = re.compile(r"[（(【\[〔](?P<name>[^）)】\]〕]{2,24})[）)】\]〕]")
HAN_CABLE = re.compile(r"[\u3400-\u9fff]{2}[^，。\s]{0,18}?[電电讯訊][，,：:\s]")
SIGNED = re.compile(
    r"[（(](?P<name>[^（）()\d]{2,24})[）)]\W*\Z|[。.!?！？”\"]\s*(?:[-–—]+)\s*(?P<other>[^\d\W][^\d.。]{1,40})\W*\Z"
)
SIGN_LINE = re.compile(r"[-–—(（【\[]*\s*(?P<name>[^\d\W][^()（）]{1,40}?)\s*[)）】\]]*\W*\Z")
COPYRIGHT = re.compile(r"(?:©|\(c\)|copyright\b|版權|版权)[\s©:：]*(?:\(c\)\s*)?(?:by\s+)?", re.I)
YEAR = re.compile(
    r"(?:\s*[,，]?\s*(?:19|20)\d\d(?:\s*[-–]\s*(?:(?:19|20)\d\d|\d\d))?\s*年?[,，]?\s*)"
)
COMPANY_FORM = re.compile(
    r"[,\s]+(?:L\.?P\.?|LLC|Inc\.?|Ltd\.?|Limited|Corp\.?|Co\.?|plc|GmbH|S\.A\.|News & Media)(?=\W|\Z).*\Z",
    re.I,
)
NAME_END = re.compile(
    r"\s*(?:[.。;；|•·,，]|\ball rights\b|\bno part\b|版權|版权|保留).*\Z", re.I | re.S
)
CAPITALISED = re.compile(r"(?:(?:[A-Z][\w.&'’-]*|of|the|and|for|de|&)\s?){1,5}\Z")


class Outlets(NamedTuple):
    """The names of outlets, folded -> as they are written; and the words that show a name to be one, or not."""

    names: Mapping[str, str]
    agencies: frozenset[str]
    endings: re.Pattern
    sections: frozenset[str]
    republished: re.Pattern
    sources: re.Pattern
    pictures: re.Pattern


def fold_outlet(name: str) -> str:
    """Return a name as outlets are compared: letters and digits in lower case, without the article."""
    words = name.split()
    return reduce_title(
        "".join(words[1:] if len(words) > 1 and words[0].casefold() == "the" else words)
    )


@lru_cache(maxsize=8)
def read_outlets(codebook: Codebook) -> Outlets:
    """Return the outlets of the topic's codebook and the agencies of news.toml, with the words of [outlets]."""
    agencies = codebook.news.get("reconcile", {}).get("agencies", {})
    names = {
        fold_outlet(name): name
        for entity in codebook.entities.values()
        if entity.get("kind") == "outlet"
        for name in (entity["label"], *_join_languages(entity.get("names", {})))
    }
    listed = {
        fold_outlet(name): name for label, more in agencies.items() for name in (label, *more)
    }
    words = codebook.news.get("outlets", {})
    return Outlets(
        {**listed, **names},
        frozenset(listed),
        _compile_endings(codebook.news.get("reconcile", {}).get("outlet_endings", {})),
        frozenset(word.casefold() for word in _join_languages(words.get("sections", {}))),
        _compile_any(words.get("republished", {})),
        _compile_any(words.get("sources", {})),
        _compile_any(words.get("pictures", {})),
    )


def _join_languages(table: Mapping[str, Sequence[str]]) -> list[str]:
    return [word for language in sorted(table) for word in table[language]]


def _compile_any(table: Mapping[str, Sequence[str]]) -> re.Pattern:
    return re.compile("|".join(f"(?:{word})" for word in _join_languages(table)) or r"(?!)", re.I)


def _compile_endings(table: Mapping[str, Sequence[str]]) -> re.Pattern:
    latin = "|".join(map(re.escape, table.get("en", ())))
    han = "|".join(map(re.escape, table.get("zh", ())))
    return re.compile(rf"(?:\b(?:{latin or '(?!)'})|(?:{han or '(?!)'}))\Z", re.I)


def is_outlet_name(line: str, outlets: Outlets) -> bool:
    """Return whether a line is the name of an outlet: a known one, or one that its form gives away; never a section's."""
    name = line.strip(" |·•–—-")
    words = name.split()
    if fold_outlet(name) in outlets.names:
        return True
    if (
        not 0 < len(words) <= 6
        or name[-1:] in ".!?…:：。"
        or find_date(name)
        or re.search(r"\d", name)
    ):
        return False
    plain = [word.casefold().strip(",&") for word in words]
    if all(word in outlets.sections for word in plain if word not in ("", "and", "the")):
        return False
    if outlets.endings.search(name):
        return True
    return len(words) > 1 and plain[0] == "the" and all(word[:1].isupper() for word in words)


def check_outlet_labels(
    page: Page, parts: list[tuple[int, int, str]], codebook: Codebook
) -> list[tuple[int, int, str]]:
    """Return `parts` with the label `outlet` only where the line is the name of one; else it is navigation."""
    outlets, text = read_outlets(codebook), page.article.text
    return [
        (start, end, "navigation")
        if label == "outlet" and not is_outlet_name(text[start:end], outlets)
        else (start, end, label)
        for start, end, label in parts
    ]


def find_outlets(
    page: Page, parts: Sequence[tuple[int, int, str]], codebook: Codebook, stated: Sequence[Mark]
) -> list[Mark]:
    """Return the marks `publisher` and `is_based_on` that the page's lines give beside what it has `stated` already."""
    named = next((mark[3] for mark in stated if mark[2] == "publisher"), page.article.publisher)
    owner = [] if named else find_copyright_owner(page, parts, codebook)
    publisher = page.article.publisher or named or (owner[0][3] if owner else "")
    return [*owner, *find_credits(page, parts, codebook, publisher)]


def find_credits(
    page: Page, parts: Sequence[tuple[int, int, str]], codebook: Codebook, publisher: str
) -> list[Mark]:
    """Return at most one mark `is_based_on`: the outlet, other than `publisher`, that wrote the page's text by its own words.

    A dateline, a byline, a copyright line, or a note that says where the text was published before; never a picture's credit.
    """
    outlets = read_outlets(codebook)
    own = fold_outlet(publisher)
    text = page.article.text
    for start, end, name in _list_candidates(page, parts, codebook, outlets):
        if fold_outlet(name) != own and fold_outlet(name) not in own[: len(fold_outlet(name))]:
            return [(start, end, "is_based_on", text[start:end])]
    return []


def find_copyright_owner(
    page: Page, parts: Sequence[tuple[int, int, str]], codebook: Codebook
) -> list[Mark]:
    """Return at most one mark `publisher`: whom the last copyright line names, unless that is an agency."""
    outlets, text = read_outlets(codebook), page.article.text
    for start, end, label in reversed(parts):
        if label in ARTICLE or end - start > 200:
            continue
        if (found := _read_copyright(text[start:end])) and fold_outlet(
            found[2]
        ) not in outlets.agencies:
            if is_outlet_name(found[2], outlets):
                return [(start + found[0], start + found[1], "publisher", found[2])]
    return []


def _list_candidates(
    page: Page, parts: Sequence[tuple[int, int, str]], codebook: Codebook, outlets: Outlets
) -> Iterable[tuple[int, int, str]]:
    """Yield (start, end, name) of what may credit the text, the surest first."""
    text, telltales = page.article.text, read_telltales(codebook.news)
    lines = [part for part in parts if part[2] not in ("blank", "metadata")]
    running = [i for i, part in enumerate(lines) if part[2] in ("body", "standfirst")]
    first, last = (running[0], running[-1]) if running else (len(lines), len(lines))
    for i in running[:FIRST_LINES]:
        yield from _shift(lines[i], _read_dateline(text[slice(*lines[i][:2])], outlets))
    previous_line = ""
    for start, end, label in lines[:first]:
        line = text[start:end]
        if label != "headline" and len(line.split()) <= SHORT and not outlets.pictures.match(line):
            is_caption_near = len(previous_line.split()) >= CAPTION_WORDS
            found = _read_byline(line, telltales, outlets)
            if found and not (is_caption_near and found[1] - found[0] >= len(line.strip()) - 2):
                yield from _shift((start, end), found)
        previous_line = "" if label == "headline" else line
    ends = lines[last : last + 1 + LAST_LINES]
    for start, end, label in ends:
        line = text[start:end]
        if label in ("related", "duplicate_headline"):
            continue
        yield from _shift((start, end), _read_ending(line, outlets, telltales))


def _shift(part: Sequence, found: tuple[int, int, str] | None) -> Iterable[tuple[int, int, str]]:
    if found:
        yield part[0] + found[0], part[0] + found[1], found[2]


def _match_known(name: str, start: int, outlets: Outlets) -> tuple[int, int, str] | None:
    """Return the span of the known outlet that `name`, which stands at `start`, begins with: its longest run of words."""
    if not name.isascii():
        for end in range(min(len(name), 12), 1, -1):
            if fold_outlet(name[:end]) in outlets.names:
                return start, start + end, name[:end]
        return None
    ends = [match.end() for match in re.finditer(r"[\w.&'’]+", name)][:6]
    for end in reversed(ends):
        known = outlets.names.get(fold_outlet(name[:end]))
        if known and (len(known) > SHORT_NAME or name[:end].isupper() or name[:end] == known):
            return start, start + end, name[:end]
    return None


def _read_dateline(line: str, outlets: Outlets) -> tuple[int, int, str] | None:
    """Return the agency with which the first line of a report opens: "(NAME) -", "PLACE, day (NAME) —", （NAME地點電）."""
    if (found := DATELINE.match(line)) and _is_place(found["place"]):
        known = _match_known(found["name"], found.start("name"), outlets)
        return known or _accept_name(found, outlets)
    if HAN_CABLE.match(line) and (known := _match_known(line[:12], 0, outlets)):
        return known
    for pattern in (HAN_DATELINE, BARE_DATELINE):
        if (found := pattern.match(line)) and (
            known := _match_known(found["name"], found.start("name"), outlets)
        ):
            if pattern is not BARE_DATELINE or known[1] == found.end("name"):
                return known
    return None


def _is_place(words: str) -> bool:
    """Whether what stands before the brackets is a place and perhaps a day: capitals or few words, no sentence."""
    words = words.strip(" ,")
    return (
        not words
        or words.isupper()
        or len(words.split()) <= 6
        and words[:1].isupper()
        and "." not in words[:-1]
    )


def _accept_name(found: re.Match, outlets: Outlets) -> tuple[int, int, str] | None:
    """A name in brackets that no list knows: it must look like a name, and follow a place or open the line alone."""
    name = found["name"]
    words = name.split()
    is_name = all(word[:1].isupper() for word in words) and len(words) <= 4
    if not is_name or all(word.casefold() in outlets.sections for word in words) or find_date(name):
        return None
    if (
        len(words) == 1
        and not name.isupper()
        and not outlets.endings.search(name)
        and not found["place"].isupper()
    ):
        return None
    return found.start("name"), found.end("name"), name


def _read_byline(line: str, telltales: Any, outlets: Outlets) -> tuple[int, int, str] | None:
    """Return the outlet behind the writer's name, or alone on its line: "By X, NAME", "Source: NAME", "NAME"."""
    if source := outlets.sources.match(line):
        return _match_known(line[source.end() :], source.end(), outlets)
    begin = telltales.skip("byline", line)
    if (known := _match_known(line[begin:].strip(), begin, outlets)) and (
        begin
        or known[1] >= len(line.rstrip(" ."))
        or line[known[1] :].strip().casefold() in ("staff", "reporters", "writers")
    ):
        return known
    for piece in re.finditer(
        r"(?:,|\||\band\b|\bfor\b|\bof\b|\bfrom\b|\bat\b|·|•|，|、|／)\s*", line
    ):
        known = _match_known(line[piece.end() :], piece.end(), outlets)
        rest = line[known[1] :].strip(" .|") if known else ""
        if (
            known
            and len(rest.split()) <= 2
            and (begin or "," in piece.group() or "|" in piece.group())
        ):
            return known
    if begin and "/" in line:
        place = line.rindex("/") + 1
        return _match_known(
            line[place:].lstrip(), place + len(line[place:]) - len(line[place:].lstrip()), outlets
        )
    return None


def _read_ending(line: str, outlets: Outlets, telltales: Any) -> tuple[int, int, str] | None:
    """Return the outlet that a line at the end names as the text's: its copyright, its signature, where it stood first."""
    if owner := _read_copyright(line):
        known = _match_known(owner[2], owner[0], outlets)
        return known if known and (owner[3] or not outlets.pictures.match(line)) else None
    if again := outlets.republished.search(line):
        return _match_known(line[again.end() :], again.end(), outlets) or _read_capitals(
            line, again.end()
        )
    if source := outlets.sources.match(line):
        return _match_known(line[source.end() :], source.end(), outlets)
    if (alone := SIGN_LINE.match(line)) and fold_outlet(alone["name"]) in outlets.names:
        return alone.start("name"), alone.end("name"), alone["name"]
    if signed := SIGNED.search(line):
        group = "name" if signed["name"] else "other"
        known = _match_known(signed[group], signed.start(group), outlets)
        return known if known and known[1] - known[0] >= 0.5 * len(signed[group]) else None
    return None


def _read_copyright(line: str) -> tuple[int, int, str, bool] | None:
    """Return (start, end, owner, whether a year stands there) of a copyright line."""
    found = COPYRIGHT.search(line, 0, 60)
    if not found:
        return None
    year = YEAR.match(line, found.end())
    start = year.end() if year else found.end()
    by = re.compile(r"(?:by\s+)?(?:©\s*)?", re.I).match(line, start)
    start = by.end()
    name = NAME_END.sub("", COMPANY_FORM.sub("", line[start:])) if line[start:] else ""
    trailing = YEAR.search(name)
    name = (name[: trailing.start()] if trailing else name).rstrip()
    if not 1 < len(name) <= 60:
        return None
    return start, start + len(name), name, bool(year or trailing)


def _read_capitals(line: str, start: int) -> tuple[int, int, str] | None:
    """Return the capitalised words at `start`: the name of an outlet that no list knows."""
    found = re.compile(r"(?:(?:[Tt]he\s)?(?:[A-Z][\w&'’-]*\s?){1,5})").match(line, start)
    name = found.group().strip() if found else ""
    return (start, start + len(name), name) if len(name) > 2 else None
