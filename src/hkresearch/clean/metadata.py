"""Labelled parts -> what the page says of itself, each value with the characters that say it."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from hkresearch.clean.boilerplate_cues import find_date, read_telltales
from hkresearch.clean.html_features import reduce_title
from hkresearch.clean.language import find_language
from hkresearch.clean.part_labels import Page

Mark = tuple[int, int, str, str]
DATE_NAMES = (
    "ld:datePublished", "article:published_time", "og:published_time", "datepublished", "parsely-pub-date", "sailthru.date",
    "cxenseparse:recs:publishtime", "article.published", "publishdate", "publish-date", "publish_date", "pubdate",
    "publication_date", "date", "dc.date", "dc.date.issued", "dcterms.created", "time",
)  # fmt: skip
AUTHOR_NAMES = (
    "ld:author", "author", "parsely-author", "sailthru.author", "byl", "dc.creator", "article:author", "og:article:author",
    "cxenseparse:author", "citation_author",
)  # fmt: skip
_ISO = re.compile(r"\s*((?:19|20)\d\d)-?(\d\d)-?(\d\d)(?!\d)")
KICKER_FREE = ("og:title", "ld:headline")
SOFT_HYPHEN = "\u00ad"
_HOUR = re.compile(r"\s*[\d-]{8,10}[T ](\d\d):\d\d[\d:.]*\s*(?:Z|[+-]00:?00|([+-]\d\d:?\d\d))?")
_DAY_IN_ADDRESS = re.compile(r"/((?:19|20)\d\d)/(\d\d)/(\d\d)(?!\d)")
MAY_NAME = (
    "byline",
    "date_line",
    "navigation",
    "related",
    "standfirst",
)  # labels of lines that may hold the authors' names
NO_DATE = (
    "body",
    "standfirst",
    "subhead",
    "source_reference",
    "headline",
    "footer",
    "duplicate_headline",
)
# labels of what leads to other articles
OTHERS_BEGIN = (
    "navigation",
    "related",
    "newsletter",
    "advertisement",
    "comment_form",
    "breadcrumb",
)
_PIECE = re.compile(r"[^|•·\n]+")  # "Updated ... | Published ..."
LIKELY_NAME = -0.3  # log-odds from which a line may hold the authors' names
_ENDS = ("|", "•", "·", "/", ";")  # signs after which a byline goes on with something else
_HANDLE = re.compile(
    r"://|[\d@]|^[a-z._-]+\Z"
)  # an address or a user's name rather than a person's
_SPLIT = re.compile(r"\s*(?:,|;|\||•|·|/|\band\b|&|\bund\b|\bet\b|\by\b|、|，)\s*")
_NAME = re.compile(r"[^\W\d_][\w.'’\-]*(?:[\s\xa0]+[\w.'’\-]+){0,5}\Z")


def find_metadata(page: Page, parts: list[tuple[int, int, str]], news: Any) -> list[Mark]:
    """Return (start, end, variable, value); what the page does not say is absent."""
    marks: list[Mark] = []
    text = page.article.text
    stated = page.layout.metadata if page.layout is not None else []
    marks += find_headline(text, parts, stated)
    marks += find_published(page, parts, news)
    marks += find_authors(page, parts, stated, news)
    for name, start, end, value in stated:
        if name in ("og:site_name", "ld:publisher") and not any(
            mark[2] == "publisher" for mark in marks
        ):
            marks.append((start, end, "publisher", value))
    marks += find_language(text, parts, stated, news)
    for start, end, label in parts:
        if label == "outlet" and not any(mark[2] == "publisher" for mark in marks):
            marks.append((start, end, "publisher", text[start:end]))
        elif label == "source_reference":
            marks += find_source(text, start, end)
    return marks


def find_headline(
    text: str, parts: list[tuple[int, int, str]], stated: list[tuple[str, int, int, str]]
) -> list[Mark]:
    """Return the headline as the page shows it, without a kicker that the head leaves out; else as its head states it."""
    for start, end, label in parts:
        if label == "headline":
            line = text[start:end]
            without = [
                value for name, _, _, value in stated if name in KICKER_FREE and is_end(value, line)
            ]
            start = end - max(map(len, without), default=end - start)
            return [
                (start, end, "headline", " ".join(text[start:end].replace(SOFT_HYPHEN, "").split()))
            ]
    for wanted in ("ld:headline", "og:title", "headline", "twitter:title", "title", "dc.title"):
        for name, start, _, value in stated:
            if name == wanted:
                cut = len(value) if wanted == "ld:headline" else cut_site_name(value)
                return [(start, start + cut, "headline", value[:cut])]
    return []


def is_end(title: str, line: str) -> bool:
    """Return whether `line` is `title` with some other words before it."""
    return 20 <= len(title) < len(line) and 2 * len(title) > len(line) and line.endswith(title)


def cut_site_name(title: str) -> int:
    """Return where the headline ends in a head's title that goes on with the name of the site."""
    found = [m.start() for m in re.finditer(r"\s+[|–—\-·•:«»]\s+", title)]
    for place in reversed(found):
        if place >= 0.4 * len(title):
            return place
    return len(title)


def find_published(page: Page, parts: list[tuple[int, int, str]], news: Any) -> list[Mark]:
    """Return the day of publication: as printed near the headline, unless the head states a day further off than time zones go."""
    printed = find_printed_day(page, parts, read_telltales(news))
    stated = page.layout.metadata if page.layout is not None else ()
    for wanted in DATE_NAMES:
        for name, start, end, value in stated:
            if name == wanted and (day := read_day(value)):
                if printed and is_same_day(day, value, printed[3]):
                    return [printed]
                return [(start, end, "date_published", day)]
    if printed:
        return [printed]
    for name, start, _, value in stated:
        if (
            name == "og:url"
            and (found := _DAY_IN_ADDRESS.search(value))
            and (day := read_day("".join(found.groups())))
        ):
            return [(start + found.start(1), start + found.end(3), "date_published", day)]
    return []


def is_same_day(day: str, value: str, printed: str) -> bool:
    """Return whether the `printed` day may be the one stated: a day later anyhow, a day earlier only across time zones."""
    days = (date.fromisoformat(printed) - date.fromisoformat(day)).days
    if days != -1:
        return days in (0, 1)
    hour = _HOUR.match(value)
    return hour is None or not hour.group(2) and int(hour.group(1)) < 12


def find_printed_day(page: Page, parts: list[tuple[int, int, str]], telltales: Any) -> Mark | None:
    """Return the date printed nearest to the headline, after it rather than before; in no running text.

    Behind the body other articles' dates begin at the first furniture; before the headline a date counts only right
    above it, the masthead's says when the page was opened. When the page was updated counts where there is no other.
    """
    text = page.article.text
    lines = [part for part in parts if part[2] not in ("blank", "metadata")]
    title = next((i for i, part in enumerate(lines) if part[2] == "headline"), -1)
    first = next(
        (i for i, part in enumerate(lines) if part[2] in ("body", "standfirst")), len(lines)
    )
    stop = min(max(first, title) + 12, len(lines))
    if first < stop:
        others = (i for i in range(first, stop) if lines[i][2] in OTHERS_BEGIN)
        stop = next(others, stop)
    above = []
    for i in range(title - 1, max(title - 12, -1), -1):
        if lines[i][2] in OTHERS_BEGIN or lines[i][2] == "outlet":
            break
        above.append(i)
    updated = None
    for i in [*range(max(title, 0), stop), *above]:
        start, end, label = lines[i]
        if end - start > 160 or label in NO_DATE:
            continue
        for piece in _PIECE.finditer(text, start, end):
            if found := find_date(piece.group()):
                begin = piece.start()
                mark = (begin + found[0], begin + found[1], "date_published", found[2])
                if not telltales.match("updated", piece.group().lstrip()):
                    return mark
                updated = updated or mark
    return updated


def read_day(value: str) -> str:
    """Return the ISO date that a head's value begins with or prints, else an empty string."""
    if found := _ISO.match(value):
        try:
            return date(*map(int, found.groups())).isoformat()
        except ValueError:
            return ""
    found = find_date(value)
    return found[2] if found else ""


def find_authors(
    page: Page,
    parts: list[tuple[int, int, str]],
    stated: list[tuple[str, int, int, str]],
    news: Any,
) -> list[Mark]:
    """Return one mark per author: as the head states them, else as the byline prints them; organisations of the page are none."""
    telltales = read_telltales(news)
    sites = {
        reduce_title(value)
        for name, _, _, value in stated
        if name in ("og:site_name", "ld:publisher")
    }
    best: list[Mark] = []
    for wanted in AUTHOR_NAMES:
        marks = []
        for name, start, _, value in stated:
            if name == wanted and value[0] != "," and (" " in value or not _HANDLE.search(value)):
                marks += [
                    m
                    for m in split_names(value, start, telltales)
                    if reduce_title(m[3]) not in sites
                ]
        marks = drop_repeats(marks)
        if len(marks) > len(best) and (not best or marks[0][3] == best[0][3]):
            best = marks
    if best:
        return best
    return drop_repeats(read_bylines(page, parts, telltales))


def read_bylines(page: Page, parts: list[tuple[int, int, str]], telltales: Any) -> list[Mark]:
    """Return the names on the line that most looks like a byline, or on the one after it when it says only "By"."""
    text = page.article.text
    number = {start: i for i, start in enumerate(page.start)}
    found = []
    for start, end, label in parts:
        i = number.get(start, -1)
        if label in MAY_NAME and i >= 0 and end - start <= 160:
            likely = float(page.scores.byline[i])
            if label != "byline" and likely + 2 <= LIKELY_NAME:
                continue
            named = bool(telltales.skip("byline", text[start:end])) + 0.5 * (label == "byline")
            if label == "byline" or likely + 2 * named > LIKELY_NAME:
                found.append((-(likely + 2 * named), start, end))
    for _, start, end in sorted(found)[:3]:
        marks = split_names(text[start:end], start, telltales)
        if (
            not marks
            and (i := number[start]) + 1 < len(page.lines)
            and telltales.skip("byline", text[start:end]) >= end - start - 1
        ):
            marks = split_names(page.lines[i + 1], page.start[i + 1], telltales)
        if marks:
            return marks
    return []


def drop_repeats(marks: list[Mark]) -> list[Mark]:
    """Return the marks without those whose value was there already."""
    seen: set[str] = set()
    return [
        mark for mark in marks if (key := reduce_title(mark[3])) not in seen and not seen.add(key)
    ]


def split_names(line: str, offset: int, telltales: Any) -> list[Mark]:
    """Return a mark for each name in `line`, without the words around it ("By", the outlet, the role, the date)."""
    marks: list[Mark] = []
    position = telltales.skip("byline", line)
    for piece in [*_SPLIT.finditer(line, position), None]:
        stop, after = (piece.start(), piece.end()) if piece else (len(line), len(line))
        raw = line[position:stop]
        begin = position + len(raw) - len(raw.lstrip(" \t\xa0-–—:()"))
        begin += telltales.skip("byline", line[begin:stop])
        name = cut_name(line[begin:stop], telltales)
        if is_name(name):
            marks.append((offset + begin, offset + begin + len(name), "author", name))
        elif marks and line[begin:stop].strip():
            break
        if marks and (not piece or piece.group().strip() in _ENDS):
            break
        position = after
    return marks


def cut_name(text: str, telltales: Any) -> str:
    """Return the name that `text` begins with: what follows a role, a long run of words or a change to capitals is cut."""
    words = text.strip(" \t\xa0-–—:().").split()
    for number, word in enumerate(words):
        if (number != 1 and telltales.match("role", word)) or (
            number >= 2 and word.isupper() and len(word) > 2 and not words[0].isupper()
        ):
            words = words[:number]
            break
    if len(words) > 3 and not any(word.islower() or word.endswith(".") for word in words):
        words = words[:2]
    found = (
        re.match(r"\s+".join(map(re.escape, words)), text.strip(" \t\xa0-–—:()")) if words else None
    )
    return found.group() if found else ""


def is_name(text: str) -> bool:
    """Return whether `text` may be the name of a person or an outlet."""
    if not 1 < len(text) <= 60 or re.search(r"\d", text):
        return False
    return bool(_NAME.match(text)) and not text[0].islower()


def find_source(text: str, start: int, end: int) -> list[Mark]:
    """Return the headline and the date of the publication that a source reference names."""
    marks = []
    if quoted := re.search(r"[“\"«„「『‘']([^”\"»“」』]{8,300})[”\"»“」』’']", text[start:end]):
        marks.append(
            (start + quoted.start(1), start + quoted.end(1), "source_headline", quoted.group(1))
        )
    if found := find_date(text[start:end]):
        marks.append((start + found[0], start + found[1], "source_date", found[2]))
    return marks
