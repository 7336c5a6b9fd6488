"""The tags and JSON-LD of a page's head -> what the page states of itself, and texts it repeats."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

# Names of meta tags by which pages state what they are.
META_NAMES = (
    "og:title", "twitter:title", "headline", "dc.title", "og:site_name",
    "article:published_time", "og:published_time", "datepublished", "date", "dc.date",
    "dc.date.issued", "dcterms.created", "parsely-pub-date", "sailthru.date", "pubdate",
    "publishdate", "publish-date", "publish_date", "article.published", "publication_date",
    "cxenseparse:recs:publishtime", "author", "article:author", "dc.creator", "parsely-author",
    "sailthru.author", "byl", "cxenseparse:author", "og:article:author", "citation_author",
    "og:locale", "og:url",
)  # fmt: skip
SUMMARY_NAMES = ("description", "og:description", "twitter:description")
ARTICLE_TYPES = re.compile(r"Article|BlogPosting|Report|Posting")
SHORTEST_REPEAT = 25  # characters that a line shares with a text of the head before that counts
MOST_TIMES = 4  # `time` elements that are read
LONGEST_VALUE = 500  # characters of a stated value
LONGEST_BODY, MOST_BODIES = 60_000, 3  # characters of an articleBody that are read; how many
MOST_STATED = 40  # values read from one script
MOST_ITEMS = 50  # of a list in a script
HEAD_REACH = 200_000  # characters in which a page's own address is looked for

_ATTRIBUTE = re.compile(
    r"""(?<![\w:.-])([a-zA-Z][\w:.-]*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))"""
)
_STATING_TAGS = frozenset(("meta", "title", "html", "time", "META", "TITLE", "HTML", "TIME"))
_ADDRESS_TAG = re.compile(r"<(?:link|meta)\b([^<>]{0,3000})>", re.I)
_ADDRESS = re.compile(r"https?://[^\s\x00-\x1f\x7f\"'<>\\]{3,2000}", re.I)
_INNER_TAG = re.compile(r"<[^<>]{0,500}>")

Stated = list[tuple[str, str]]  # (name, value) pairs


@dataclass(frozen=True, slots=True)
class HeadTexts:
    """What the head says of the article itself; these texts are not part of the text layer."""

    summaries: list[str] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)


def read_metadata(
    tags: Iterable[tuple[str, str, str]], scripts: Iterable[str]
) -> tuple[Stated, HeadTexts]:
    """Return what a page states of itself in its head, its `time` elements and its JSON-LD.

    Parameters
    ----------
    tags
        (name, inside of the tag, following text) in page order.
    scripts
        The JSON-LD scripts.

    Returns
    -------
    (name, value) pairs, each once, and the summaries and article texts that the head holds.
    """
    head_texts = HeadTexts()
    stated = list(_read_tags(tags, head_texts))
    for script in scripts:
        stated += read_json_ld(script, head_texts)
    shortened = [(name, " ".join(value.split())[:LONGEST_VALUE]) for name, value in stated]
    unique = dict.fromkeys(pair for pair in shortened if pair[1])
    return list(unique), head_texts


def _read_tags(
    tags: Iterable[tuple[str, str, str]], head_texts: HeadTexts
) -> Iterator[tuple[str, str]]:
    """Yield what the tags state; summaries are added to `head_texts`."""
    has_title, n_times = False, 0
    for name, attributes, text in tags:
        if name not in _STATING_TAGS:
            continue
        name = name.lower()
        if name == "meta":
            yield from _read_meta(attributes, head_texts)
        elif name == "title" and not has_title:
            has_title = True
            yield "title", html.unescape(text)
        elif name == "html":
            yield "lang", read_attributes(attributes).get("lang", "")
        elif name == "time" and n_times < MOST_TIMES:
            n_times += 1
            yield "time", read_attributes(attributes).get("datetime", "")


def _read_meta(attributes: str, head_texts: HeadTexts) -> Iterator[tuple[str, str]]:
    found = read_attributes(attributes)
    key = found.get("property") or found.get("name") or found.get("itemprop") or ""
    content = found.get("content", "")
    if key.lower() in META_NAMES:
        yield key.lower(), content
    elif key.lower() in SUMMARY_NAMES:
        head_texts.summaries.append(" ".join(content.split()))


def find_address(markup: str) -> str:
    """Return the page's own address: its canonical link, else og:url, else "".

    Only a whole web address counts.
    """
    found: dict[str, str] = {}
    for tag in _ADDRESS_TAG.finditer(markup, 0, HEAD_REACH):
        given = read_attributes(tag[1])
        name = (given.get("rel") or given.get("property") or given.get("name") or "").lower()
        address = (given.get("href") or given.get("content") or "").strip()
        if name in ("canonical", "og:url") and _ADDRESS.fullmatch(address):
            found.setdefault(name, address)
    return found.get("canonical") or found.get("og:url", "")


def read_json_ld(script: str, head_texts: HeadTexts) -> Stated:
    """Return what one JSON-LD script states of articles; nothing for a script that is not JSON.

    Descriptions and article texts are added to `head_texts`.
    """
    try:
        data = json.loads(script, strict=False)
    except (ValueError, RecursionError):
        return []
    stated: Stated = []
    queue = [data]
    while queue and len(stated) < MOST_STATED:
        item = queue.pop(0)
        if isinstance(item, list):
            queue += item[:MOST_ITEMS]
        elif isinstance(item, dict):
            inner = (item.get(key) for key in ("@graph", "mainEntity", "mainEntityOfPage"))
            queue += [value for value in inner if isinstance(value, (list, dict))]
            if _is_article(item.get("@type")):
                stated += _read_article(item, head_texts)
    return stated


def _is_article(types: Any) -> bool:
    names = types if isinstance(types, list) else [types]
    return any(isinstance(name, str) and ARTICLE_TYPES.search(name) for name in names)


def _read_article(item: dict[str, Any], head_texts: HeadTexts) -> Stated:
    stated: Stated = []
    for key in ("headline", "datePublished", "author", "publisher"):
        stated += [(f"ld:{key}", value) for value in _read_values(item.get(key))]
    for summary in _read_values(item.get("description"))[:1]:
        head_texts.summaries.append(" ".join(summary.split()))
    if len(head_texts.bodies) < MOST_BODIES:
        for body in _read_values(item.get("articleBody"))[:1]:
            plain = _INNER_TAG.sub(" ", body[:LONGEST_BODY])
            head_texts.bodies.append(" ".join(plain.split()))
    return stated


def _read_values(value: Any, depth: int = 4) -> list[str]:
    """Return the strings, and the names of objects, in `value`; deeper nesting is an attack."""
    if isinstance(value, str):
        return [html.unescape(value)]
    if isinstance(value, dict) and depth:
        return _read_values(value.get("name"), depth - 1)
    if isinstance(value, list) and depth:
        return [name for item in value[:20] for name in _read_values(item, depth - 1)]
    return []


def read_attributes(text: str) -> dict[str, str]:
    """Return the attributes in the inside of a tag: names in lower case, entities resolved."""
    return {
        name.lower(): html.unescape(double or single or bare)
        for name, double, single, bare in _ATTRIBUTE.findall(text)
    }


def find_said(lines: list[str], summaries: list[str], bodies: list[str]) -> list[int]:
    """Return, for each line, what the head repeats of it, as bits.

    1: an article text in the head holds the line's beginning or end; 2: a summary begins as the
    line does; 4: the line is that summary.
    """
    by_beginning = {
        summary[:SHORTEST_REPEAT]: summary
        for summary in summaries
        if len(summary) >= SHORTEST_REPEAT
    }
    said = []
    for line in lines:
        bits = 0
        if len(line) >= SHORTEST_REPEAT:
            beginning, ending = line[:SHORTEST_REPEAT], line[-SHORTEST_REPEAT:]
            if summary := by_beginning.get(beginning):
                bits = 6 if line == summary else 2
            if bodies and any(beginning in body or ending in body for body in bodies):
                bits |= 1
        said.append(bits)
    return said
